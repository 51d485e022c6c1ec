"""What the second stage looks words up in: the phrases and small words of all languages, and one office's services."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from prepazka.core.office.office import Office
from prepazka.sms.languages import FIRST
from prepazka.sms.languages import load as load_languages
from prepazka.sms.understand import names, phrases, small_words
from prepazka.sms.understand.commands import COMMANDS
from prepazka.sms.understand.name_words import NameWords
from prepazka.sms.understand.parse import VOCABULARY
from prepazka.sms.understand.phrases import Phrases, listed, valued
from prepazka.sms.understand.small_words import SmallWords
from prepazka.sms.understand.spelling import keys
from prepazka.sms.understand.written import PhraseTable
from prepazka.sms.vocabulary import CommandName

__all__ = ["VOCABULARY", "Command", "Common", "Lexicon", "command_word", "common", "lexicon"]

_CHANGING: frozenset[CommandName] = frozenset(name for name, command in COMMANDS.items() if command.changes)
_STRICT_DAYS = ("PONDELI", "UTERY", "STREDA", "CTVRTEK", "PATEK", "SOBOTA", "NEDELE")
_STRICT_AHEAD = {0: "DNES", 1: "ZITRA", 2: "POZITRI"}
_ANSWERED_IN = {language.code: language.words for language in load_languages()}


@dataclass(frozen=True, slots=True)
class Command:
    """A command said with another word: `word` is the strict parser's, in the same language where it has one."""

    name: CommandName
    word: str


@dataclass(frozen=True)
class Common:
    """The words of all languages, the same for every office. Sets hold single folded words.

    lists: phrases by what the files of `sms/phrases` call them, each with its language; clock, labels, holes: phrases,
    each with its key there. days: day words that the strict
    parser does not know, by the Czech word it knows for the same day. time: every word of time; numbers: numerals and
    ordinals; meaningful: every word that may change what a message says, so that none is ever left out.
    """

    lists: Mapping[str, PhraseTable[str]]
    clock: PhraseTable[str]
    labels: PhraseTable[str]
    holes: PhraseTable[str]
    commands: PhraseTable[Command]
    asked: PhraseTable[Command]
    times: PhraseTable[int]
    person_words: frozenset[str]
    before_persons: frozenset[str]
    months: Mapping[str, int]
    days: Mapping[str, str]
    numerals: PhraseTable[int]
    ordinals: PhraseTable[int]
    time: frozenset[str]
    numbers: frozenset[str]
    questions: frozenset[str]
    negations: frozenset[str]
    function_words: frozenset[str]
    meaningful: frozenset[str]
    names: NameWords

    def words(self, *lists: str) -> frozenset[str]:
        """The single words of some lists."""
        return frozenset().union(*(self.lists[each].words() for each in lists))


@dataclass(frozen=True)
class Lexicon:
    """All that is looked up for one office.

    codes: its service codes. services: code by code and synonym. synonyms: the synonyms alone.
    """

    common: Common
    codes: frozenset[str]
    services: PhraseTable[str]
    synonyms: PhraseTable[str]
    names: NameWords


def lexicon(office: Office, synonyms: Mapping[str, str]) -> Lexicon:
    """The lexicon of an office. synonyms: the code of a service by each of the office's own words for it."""
    return _lexicon(tuple(service.code for service in office.services), tuple(synonyms.items()))


@lru_cache(maxsize=64)
def _lexicon(codes: tuple[str, ...], synonyms: tuple[tuple[str, str], ...]) -> Lexicon:
    known = common()
    return Lexicon(
        known,
        frozenset(codes),
        PhraseTable([*((code, code) for code in codes), *synonyms]),
        PhraseTable(synonyms),
        known.names.with_services([*codes, *(synonym for synonym, _ in synonyms)]),
    )


@cache
def common() -> Common:
    """The words of all languages: read once a process, which takes about half a second."""
    said, small = phrases.load(), small_words.load()
    lists = {key: PhraseTable(listed(said, key)) for key in _keys_of(said)}
    strict = ((" ".join(phrase), code) for code, words in _ANSWERED_IN.items() for phrase in words.courtesies)
    lists["pleasantries"] = PhraseTable([*listed(said, "pleasantries"), *strict])
    numerals, ordinals = _numbered(one.numerals for one in small), _numbered(one.ordinals for one in small)
    spoken = [one for one in small if one.code != "vi"]  # almost every Vietnamese syllable is a word elsewhere
    time = frozenset(word for one in small for word in _time_words(one)) | VOCABULARY.days.keys()
    numbers = frozenset(word for word in (*numerals, *ordinals) if " " not in word)
    questions = frozenset(word for one in spoken for word in one.question_words)
    negations = frozenset(word for one in spoken for word in one.negations)
    people = frozenset(spelled for word in _of(said, "persons", "words") for spelled in keys(word))
    wishes = frozenset().union(
        *(lists[key].words() for key in ("conditions", "companions", "cancel", "move", "refusals"))
    )
    holes = PhraseTable(valued(said, "holes"))
    return Common(
        lists=lists,
        clock=PhraseTable(valued(said, "clock")),
        labels=PhraseTable(valued(said, "labels")),
        holes=holes,
        commands=PhraseTable(_commands(said, "commands")),
        asked=PhraseTable(_commands(said, "asked")),
        times=PhraseTable((word, number) for one in said for number, words in one.times.items() for word in words),
        person_words=people,
        before_persons=frozenset(spelled for word in _of(said, "persons", "before") for spelled in keys(word)),
        months=_months(small),
        days=_days(small),
        numerals=PhraseTable(numerals.items()),
        ordinals=PhraseTable(ordinals.items()),
        time=time,
        numbers=numbers,
        questions=questions,
        negations=negations,
        function_words=frozenset(word for one in small for word in one.function_words),
        meaningful=time
        | numbers
        | questions
        | negations
        | people
        | wishes
        | holes.words()
        | VOCABULARY.commands.keys(),
        names=NameWords.of(
            small,
            names.load(),
            commands=_strict_commands(changing=False),
            requests=_strict_commands(changing=True),
            days=VOCABULARY.days,
            courtesies=(" ".join(phrase) for words in _ANSWERED_IN.values() for phrase in words.courtesies),
            holes=(word for word, _ in valued(said, "holes")),
        ),
    )


def command_word(command: CommandName, language: str = FIRST) -> str:
    """The word of a command that examples show."""
    return _ANSWERED_IN.get(language, _ANSWERED_IN[FIRST]).commands[command][0]


def _keys_of(said: Iterable[Phrases]) -> frozenset[str]:
    return frozenset(key for one in said for key in one.lists)


def _of(said: Iterable[Phrases], table: str, key: str) -> Iterable[str]:
    return (word for word, value in valued(said, table) if value == key)


def _strict_commands(*, changing: bool) -> list[str]:
    return [word for word, name in VOCABULARY.commands.items() if (name in _CHANGING) is changing]


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


def _time_words(one: SmallWords) -> Iterable[str]:
    return (*one.weekdays, *one.relative_days, *one.months, *one.day_parts, *one.time_words)
