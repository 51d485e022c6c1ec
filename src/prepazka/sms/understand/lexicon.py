"""What the second stage looks words up in: the phrases and small words of all languages, and one office's services."""

import gc
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache

from prepazka.core.office.office import Office
from prepazka.sms.languages import FIRST
from prepazka.sms.languages import load as load_languages
from prepazka.sms.per_office import per_office
from prepazka.sms.understand import confirmations, names, phrases, small_words
from prepazka.sms.understand.commands import COMMANDS
from prepazka.sms.understand.name_words import NameWords
from prepazka.sms.understand.names import Names
from prepazka.sms.understand.nearby import Nearby
from prepazka.sms.understand.parse import VOCABULARY
from prepazka.sms.understand.phrases import Phrases, listed, valued
from prepazka.sms.understand.small_words import SmallWords
from prepazka.sms.understand.spelling import keys
from prepazka.sms.understand.synonyms import synonyms as synonyms_of
from prepazka.sms.understand.written import PhraseTable, Written
from prepazka.sms.vocabulary import CommandName

_STRICT_DAYS = ("PONDELI", "UTERY", "STREDA", "CTVRTEK", "PATEK", "SOBOTA", "NEDELE")
_STRICT_AHEAD = {0: "DNES", 1: "ZITRA", 2: "POZITRI"}
_ANSWERED_IN = {language.code: language.words for language in load_languages()}

_SHORTEST_SURNAME = 4
"""Letters of a weekday that may be somebody's name ("Streda", not "stř")."""

TAKING_SERVICE = frozenset(name for name, command in COMMANDS.items() if command.takes_service)
TAKING_CODE = frozenset(name for name, command in COMMANDS.items() if "code" in command.slots)
"""The commands behind whose word a service or an access code stands."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command said with another word: `word` is the strict parser's, in the same language where it has one."""

    name: CommandName
    word: str


@dataclass(frozen=True)
class Common:
    """The words of all languages, the same for every office. Sets hold single folded words.

    lists: phrases by what the files of `sms/phrases` call them, each with its language; clock, parts, labels,
    holes: phrases, each with its key there. days: day words that the strict parser does not know, by the Czech word
    it knows for the same day; long_days: those of several words ("thứ tư"); near_days: every day word, by typing
    errors in it; weekdays: those that people are called by too, not the short forms. time: every word of time;
    numbers: numerals and ordinals; meaningful: every word that may change what a message says, so that none is ever
    left out; silent: words that say nothing of a wish.
    """

    lists: Mapping[str, PhraseTable[str]]
    clock: PhraseTable[str]
    parts: PhraseTable[str]
    labels: PhraseTable[str]
    holes: PhraseTable[str]
    commands: PhraseTable[Command]
    asked: PhraseTable[Command]
    times: PhraseTable[int]
    amounts: PhraseTable[int]
    person_words: frozenset[str]
    before_persons: frozenset[str]
    months: Mapping[str, int]
    days: Mapping[str, str]
    long_days: PhraseTable[str]
    ends_of_days: frozenset[str]
    numerals: PhraseTable[int]
    ordinals: PhraseTable[int]
    time: frozenset[str]
    numbers: frozenset[str]
    questions: frozenset[str]
    negations: frozenset[str]
    function_words: frozenset[str]
    silent: frozenset[str]
    meaningful: frozenset[str]
    names: NameWords
    near_days: Nearby
    weekdays: frozenset[str]
    _words: dict[tuple[str, ...], frozenset[str]] = field(default_factory=dict)

    def words(self, *lists: str) -> frozenset[str]:
        """The single words of some lists."""
        if lists not in self._words:
            self._words[lists] = frozenset().union(*(self.lists[each].words() for each in lists))
        return self._words[lists]

    def counts(self, key: str) -> bool:
        """Whether a word behind a number is what it counts, so that the number is no hour: "o 8 dní", "o 10 minut"."""
        return key in self.words("periods") or key.startswith("MIN")


@dataclass(frozen=True)
class Lexicon:
    """All that is looked up for one office.

    codes: its service codes. services: code by code and synonym. synonyms: the synonyms alone. told: code by
    what our own messages tell of a service, its title and what to bring. titles: each code with the words of a title.
    """

    common: Common
    codes: frozenset[str]
    services: PhraseTable[str]
    synonyms: PhraseTable[str]
    told: PhraseTable[str]
    titles: tuple[tuple[str, frozenset[str]], ...]
    names: NameWords


@per_office
def lexicon_of(office: Office) -> Lexicon:
    """The lexicon of an office with its own synonyms."""
    return lexicon(office, synonyms_of(office))


def lexicon(office: Office, synonyms: Mapping[str, str]) -> Lexicon:
    """The lexicon of an office. synonyms: the code of a service by each of the office's own words for it."""
    told = tuple(
        (service.code, (service.title, *service.titles.values(), *service.bring.values()))
        for service in office.services
    )
    titles = tuple((one.code, title) for one in office.services for title in (one.title, *one.titles.values()))
    return _lexicon(told, titles, tuple(synonyms.items()))


@lru_cache(maxsize=64)
def _lexicon(
    told: tuple[tuple[str, tuple[str, ...]], ...],
    titles: tuple[tuple[str, str], ...],
    synonyms: tuple[tuple[str, str], ...],
) -> Lexicon:
    known = common()
    codes = [code for code, _ in told]
    return Lexicon(
        known,
        frozenset(codes),
        PhraseTable([*((code, code) for code in codes), *synonyms]),
        PhraseTable(synonyms),
        PhraseTable((text, code) for code, texts in told for text in texts),
        tuple((code, frozenset(word.key for word in Written(title).words)) for code, title in titles),
        known.names.with_services([*codes, *(synonym for synonym, _ in synonyms)]),
    )


@cache
def common() -> Common:
    """The words of all languages: read once a process, which takes about half a second.

    They live as long as the process, so the garbage collector is told not to look through them: it took a fifth of
    the time of a batch of messages. It looks for none meanwhile either, which would take as long as reading them.
    """
    searched = gc.isenabled()
    gc.disable()
    try:
        known = _common()
        gc.freeze()
    finally:
        if searched:
            gc.enable()
    return known


def _common() -> Common:
    said, small = phrases.load(), small_words.load()
    lists = {key: PhraseTable(listed(said, key)) for key in _keys_of(said)}
    strict = ((" ".join(phrase), code) for code, words in _ANSWERED_IN.items() for phrase in words.courtesies)
    ours = load_languages()
    lists["confirmation"] = PhraseTable([*listed(said, "confirmation"), *confirmations.words(ours)])
    lists["confirmed"] = PhraseTable([*listed(said, "confirmed"), *confirmations.beginnings(ours)])
    lists["parts"] = PhraseTable(
        (word, one.code) for one in said for each in one.tables["parts"].values() for word in each
    )
    lists["pleasantries"] = PhraseTable([*listed(said, "pleasantries"), *strict])
    numerals, ordinals = _numbered(one.numerals for one in small), _numbered(one.ordinals for one in small)
    spoken = [one for one in small if one.code != "vi"]  # almost every Vietnamese syllable is a word elsewhere
    time = frozenset(word for one in small for word in _time_words(one)) | VOCABULARY.days.keys()
    numbers = frozenset(word for word in (*numerals, *ordinals) if " " not in word)
    questions = frozenset(word for one in spoken for word in one.question_words)
    listed_names = names.load()
    negations = frozenset(word for one in small for word in one.negations if word not in listed_names.vietnamese)
    people = frozenset(spelled for word in _of(said, "persons", "words") for spelled in keys(word))
    times = PhraseTable((word, number) for one in said for number, words in one.times.items() for word in words)
    wishes = frozenset().union(
        *(lists[key].words() for key in ("conditions", "companions", "cancel", "move", "refusals"))
    )
    holes = PhraseTable(_holes(said))
    commands = PhraseTable(_commands(said, "commands"))
    meaningful = frozenset().union(
        *(time, numbers, questions, negations, people, wishes),
        *(times.words(), holes.words(), commands.words(), VOCABULARY.commands),
    )
    function_words = frozenset(word for one in small for word in one.function_words)
    says_nothing = function_words.union(*(lists[key].words() for key in ("fillers", "after_command")))
    silent = says_nothing - meaningful - lists["vague"].words()
    days = _days(small)
    return Common(
        lists=lists,
        clock=PhraseTable(valued(said, "clock")),
        parts=PhraseTable(valued(said, "parts")),
        labels=PhraseTable(valued(said, "labels")),
        holes=holes,
        commands=commands,
        asked=PhraseTable(_commands(said, "asked")),
        times=times,
        amounts=PhraseTable((word, int(minutes)) for word, minutes in valued(said, "amounts")),
        person_words=people,
        before_persons=frozenset(spelled for word in _of(said, "persons", "before") for spelled in keys(word)),
        months=_months(small),
        days=days,
        long_days=PhraseTable(_long_days(small)),
        ends_of_days=frozenset(spelled for word, _ in _long_days(small) for spelled in keys(word.split()[-1])),
        near_days=Nearby((*VOCABULARY.days, *days)),
        weekdays=frozenset(word for one in small for word in one.weekdays if len(word) >= _SHORTEST_SURNAME),
        numerals=PhraseTable(numerals.items()),
        ordinals=PhraseTable(ordinals.items()),
        time=time,
        numbers=numbers,
        questions=questions,
        negations=negations,
        function_words=function_words,
        silent=silent,
        meaningful=meaningful,
        names=NameWords.of(
            small,
            listed_names,
            commands=[*_strict_commands(changing=False), *commands.words()],
            requests=_strict_commands(changing=True),
            days=VOCABULARY.days,
            courtesies=(" ".join(phrase) for words in _ANSWERED_IN.values() for phrase in words.courtesies),
            things=(*_things(said), *_courteous(said, listed_names), *_companions(said, listed_names), *_so_many(said)),
            holes=(word for word, _ in _holes(said)),
        ),
    )


def _things(said: Iterable[Phrases]) -> Iterable[str]:
    return (word for key in ("things", "fillers") for word, _ in listed(said, key))


def _companions(said: Iterable[Phrases], listed_names: Names) -> Iterator[str]:
    """The words for who comes along, which in a name would be a second person ("Svobodová, syn Svoboda")."""
    for word, _ in listed(said, "companions"):
        listed_too = any(key in listed_names.surnames or key in listed_names.given for key in keys(word))
        if not listed_too or not word.isascii():  # nobody is called Žena; Zena is read back
            yield word


def _so_many(said: Iterable[Phrases]) -> Iterable[str]:
    """How many come, in several words that might be a name's: "zu dritt"."""
    return (phrase for one in said for phrases_ in one.times.values() for phrase in phrases_ if " " in phrase)


def _courteous(said: Iterable[Phrases], listed_names: Names) -> Iterator[str]:
    """The longer words of courtesy, and telephones, that nobody is called by ("hezky", "iPhonu")."""
    for phrase, _ in (*listed(said, "pleasantries"), *listed(said, "devices")):
        for word in phrase.split():
            known = keys(word)
            if len(word) >= _SHORTEST_SURNAME and not any(
                key in listed_names.surnames or key in listed_names.given for key in known
            ):
                yield word


def command_word(command: CommandName, language: str = FIRST) -> str:
    """The word of a command that examples show."""
    return _ANSWERED_IN.get(language, _ANSWERED_IN[FIRST]).commands[command][0]


def _keys_of(said: Iterable[Phrases]) -> frozenset[str]:
    return frozenset(key for one in said for key in one.lists)


def _of(said: Iterable[Phrases], table: str, key: str) -> Iterable[str]:
    return (word for word, value in valued(said, table) if value == key)


def _holes(said: Iterable[Phrases]) -> Iterable[tuple[str, str]]:
    """The words that stand for a value: those that replies show, and what people make of them."""
    for words in _ANSWERED_IN.values():
        yield from ((word, slot) for slot, listed_words in words.holes.items() for word in listed_words)
    yield from valued(said, "holes")


def _strict_commands(*, changing: bool) -> list[str]:
    return [word for word, name in VOCABULARY.commands.items() if COMMANDS[name].changes is changing]


def _commands(said: Iterable[Phrases], table: str) -> Iterable[tuple[str, Command]]:
    for one in said:
        for name, words in one.tables[table].items():
            for phrase in words:
                yield phrase, Command(name, command_word(name, one.code))


def _numbered(tables: Iterable[Mapping[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for table in tables:
        for word, number in table.items():
            found.setdefault(word, number)
    return found


def _months(small: Iterable[SmallWords]) -> dict[str, int]:
    return _numbered(table for one in small for table in (one.months, one.months_short))


def _days(small: Iterable[SmallWords]) -> dict[str, str]:
    """The day words the strict parser does not know; left out is what means different days in two languages."""
    found: dict[str, set[str]] = {}
    for one in small:
        for word, weekday in one.weekdays.items():
            found.setdefault(word, set()).add(_STRICT_DAYS[weekday])
        for word, ahead in one.relative_days.items():
            found.setdefault(word, set()).add(_STRICT_AHEAD.get(ahead, ""))
    return {
        word: meant.copy().pop()
        for word, meant in found.items()
        if len(meant) == 1 and "" not in meant and word not in VOCABULARY.days and " " not in word
    }


def _long_days(small: Iterable[SmallWords]) -> Iterator[tuple[str, str]]:
    """The days that are said with several words."""
    for one in small:
        yield from ((word, _STRICT_DAYS[day]) for word, day in one.weekdays.items() if " " in word)
        ahead = ((word, _STRICT_AHEAD.get(days)) for word, days in one.relative_days.items() if " " in word)
        yield from ((word, day) for word, day in ahead if day)


def _time_words(one: SmallWords) -> Iterable[str]:
    return (*one.weekdays, *one.relative_days, *one.months, *one.day_parts, *one.time_words)
