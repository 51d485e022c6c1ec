"""Drafts: what the sender gave, and holes for what is missing. Nothing is put in a hole."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import cache

from anyascii import anyascii
from rapidfuzz.distance import OSA

from prepazka.sms.understand import small_words
from prepazka.sms.understand.candidates import LONGEST_NAME, Bad, Candidate, Candidates, Slot
from prepazka.sms.understand.commands import COMMANDS
from prepazka.sms.understand.lexicon import TAKING_SERVICE, Lexicon, common
from prepazka.sms.understand.loud import names_no_day
from prepazka.sms.understand.name_shape import VIETNAMESE_MIDDLE, name_shape
from prepazka.sms.understand.parse import VOCABULARY
from prepazka.sms.understand.repair_other_words import (
    Run,
    droppable,
    is_bare_month,
    is_bound,
    is_listed,
    is_weekday,
    runs_of,
)
from prepazka.sms.understand.spelling import key
from prepazka.sms.understand.tokens import Token, tokens
from prepazka.sms.understand.understanding import Draft, Hole
from prepazka.sms.understand.written import Written
from prepazka.sms.vocabulary import CommandName

_COMPACT = re.compile(r"\d{4}", re.ASCII)
_PHONE = re.compile(r"\d{9,}\.?", re.ASCII)
_CLOCK = re.compile(r"\d{1,2}:\d{2}\.?", re.ASCII)
_OFFICE_DAY = (time(6), time(19))
"""Four figures are a time only within it: 1956 is rather a year."""
_SHORT_DAY = 2
_MOST_BEFORE_REFUSAL = 3
"""Words from a day in words to the one that refuses it; a date is refused only by the next word."""
_NEW = frozenset(("NOVY", "NOVA", "NOVOU", "NOVEHO"))
"""Surnames too, but not before the thing that is wanted: "nový průkaz"."""
_LIKE_FIGURES = frozenset("LIO")
_SHORTEST_COMMAND = 3
_SLOTS: frozenset[Slot] = frozenset(("persons", "day", "at"))
_CODED: frozenset[Slot] = frozenset(("code", "day", "at"))
_CODE = re.compile(r"\d{5,10}", re.ASCII)


@dataclass
class Values:
    """The values found in a text. None: not written; a hole: written, but not to be read, or twice differently.

    bad_day, bad_at: a date or time as written that does not exist. unread: a number that is none of the values.
    day_word: the one word the day was read from, as written.
    """

    day: date | Hole | None = None
    at: time | Hole | None = None
    code: str | Hole | None = None
    persons: int = 1
    bad_day: str = ""
    bad_at: str = ""
    unread: bool = False
    day_word: str = ""

    def put(self, slot: str, value: object, *, weak: bool) -> None:
        """Keep a value; a second one that differs leaves a hole, but a weak one (which may be something else)."""
        kept = getattr(self, slot)
        if kept is None or slot == "persons":
            setattr(self, slot, value)
        elif kept != value:
            self.unread = True
            if not weak or slot == "code":
                setattr(self, slot, Hole(slot))


def values(text: str, today: date, *, coded: bool = False, timed: bool = True) -> Values:
    """The values in a text, wherever they stand; one behind a word such as "pristi" or "do" is a hole.

    coded: an access code may be among them, and persons may not. timed: a time may be.
    """
    message = tokens(text)
    slots = _CODED if coded else _SLOTS
    candidates = Candidates(message, slots if timed else slots - {"at"}, VOCABULARY, today)
    found = Values()
    later: list[tuple[Token, list[Candidate]]] = []
    worded = False
    clocked = any(_CLOCK.fullmatch(token.folded) for token in message)
    refuses = any(token.folded in common().negations for token in message)
    i = 0
    while i < len(message):
        token = message[i]
        options = [each for each in candidates.at(i) if each.fills] if token.kind in {"number", "word"} else []
        good = [each for each in options if not _bad(each) and _likely(each, token, clocked=clocked)]
        if len(good) > 1:
            good = _without_night(good)
        if good and token.kind == "word" and len(token.folded) <= _SHORT_DAY and not _beside_figure(message, i):
            i += 1
        elif good and i and (_uncertain(message[i - 1].folded, good) or (refuses and _is_refused(message, i, good))):
            for slot in good[-1].fills:
                found.put(slot, Hole(slot), weak=False)
            i = _end(good)
        elif not good:
            _put_bad(found, token, options)
            i += 1
        elif len({frozenset(each.fills) for each in good if each.end == _end(good)}) > 1:
            later.append((token, good))
            i += 1
        else:
            chosen = max(good, key=lambda each: each.end)
            if _is_bare_hour(message, i, chosen):
                chosen = min(good, key=lambda each: each.end)
            if "day" in chosen.fills and found.day is None:
                worded = token.kind == "word" and chosen.end == i + 1
                found.day_word = token.text if worded else ""
            _put(found, chosen, token)
            i = chosen.end
    for token, options in later:
        free = [each for each in options if all(getattr(found, slot) is None for slot in each.fills)]
        if len(free) == 1:
            _put(found, free[0], token)
        else:
            found.unread = True
    if found.unread and isinstance(found.at, time) and worded:
        # The number not read beside a time is the date as it was meant, and the word rather a name ("11-8 9:15 Patek").
        found.day = Hole.DAY
    return found


def _is_bare_hour(message: Sequence[Token], i: int, chosen: Candidate) -> bool:
    """Whether the time of a value is a bare hour with a number or minutes behind it ("9 45", "10 minut")."""
    last = message[chosen.end - 1]
    behind = chosen.end < len(message) and (
        message[chosen.end].kind == "number" or message[chosen.end].folded.startswith("MINUT")
    )
    return {"day", "at"} <= chosen.fills.keys() and chosen.end - i > 1 and last.folded.isdecimal() and behind


def _beside_figure(message: Sequence[Token], i: int) -> bool:
    """Whether a number stands behind a token, or before it at the end: "so" is Saturday only there, else a word.

    A telephone number is none ("tel. 777888999 ne díky").
    """
    j = i + 1 if i + 1 < len(message) else i - 1
    return 0 <= j < len(message) and message[j].kind == "number" and not _PHONE.fullmatch(message[j].folded)


def _is_refused(message: Sequence[Token], i: int, options: Sequence[Candidate]) -> bool:
    """Whether the day or time at token `i` is said not to suit: "ne ve středu", "středa se mi nehodí"."""
    known, end = common(), _end(options)
    if any({"persons", "code"} & each.fills.keys() for each in options):
        return False
    before = i - 1 if message[i - 1].folded in known.words("before_day") else i
    if before and message[before - 1].folded in known.negations and message[before].kind != "number":
        return True
    behind = message[end : end + (_MOST_BEFORE_REFUSAL if message[i].kind == "word" else 1)]
    return any(token.folded in known.negations and token.folded not in VOCABULARY.days for token in behind)


def _uncertain(before: str, options: Sequence[Candidate]) -> bool:
    """Whether the word before a value makes it another: "pristi patek", "do 12.8.", "za 2 hodiny"."""
    known = common()
    slots = {slot for each in options for slot in each.fills}
    allowed = VOCABULARY.before.get(before, frozenset())
    if before in known.words("before_day") or (slots == {"at"} and before in _periods()):
        return False
    vague = before in known.words("vague") or (before in known.time and before not in VOCABULARY.days)
    return vague and not slots & allowed and not slots & {"persons", "code"} and before not in VOCABULARY.after_at


@cache
def _periods() -> frozenset[str]:
    """Words that name no day and leave the time behind them as it is: "pristi tyden 9:15", "v srpnu 9:15"."""
    known = common()
    relative = {word for one in small_words.load() for word in one.relative_days}
    return known.words("periods") | known.months.keys() | known.weekdays | relative


def _end(options: Sequence[Candidate]) -> int:
    return max(each.end for each in options)


def _bad(candidate: Candidate) -> bool:
    return any(isinstance(value, Bad) for value in candidate.fills.values())


def _likely(candidate: Candidate, token: Token, *, clocked: bool) -> bool:
    """Whether a number without a separator, or with a comma, is probably this value: a code has more than four figures,
    a time is one of the day. clocked: a time is written with a colon, so that what has a comma is none.
    """
    at, code = candidate.fills.get("at"), candidate.fills.get("code")
    if code is not None and not _CODE.fullmatch(str(code)):
        return False
    if clocked and "," in token.folded and candidate.fills.keys() == {"at"}:
        return False
    compact = _COMPACT.fullmatch(token.folded) is not None or "," in token.folded
    return not (compact and isinstance(at, time) and "day" not in candidate.fills) or (
        isinstance(at, time) and not _is_night(at)
    )


def _without_night(options: Sequence[Candidate]) -> list[Candidate]:
    """What a number may be; one that may be a day is no time of the night: "2.12" is not twelve past two."""
    dated = any(each.fills.keys() == {"day"} for each in options)
    return [each for each in options if not (dated and each.fills.keys() == {"at"} and _is_night(each.fills["at"]))]


def _is_night(at: object) -> bool:
    return isinstance(at, time) and not _OFFICE_DAY[0] <= at < _OFFICE_DAY[1]


def _put(found: Values, candidate: Candidate, token: Token) -> None:
    for slot, value in candidate.fills.items():
        found.put(slot, value, weak=not token.folded.endswith("."))


def _put_bad(found: Values, token: Token, options: Sequence[Candidate]) -> None:
    if token.kind in {"word", "decoration"}:
        return
    found.unread = True
    for each in options:
        for slot, value in each.fills.items():
            if isinstance(value, Bad) and not _COMPACT.fullmatch(token.folded):
                if slot == "day":
                    found.bad_day = found.bad_day or value.token
                elif slot == "at":
                    found.bad_at = found.bad_at or value.token


def name_in(text: str, lexicon: Lexicon, *, listed_only: bool = False) -> str | None:
    """The name in a text with all repairs made: the one run of words with the shape of a name, if there is one.

    Where the text does not begin with a command, and in the place of the service, only a listed name counts.
    """
    written = Written(text)
    words = written.words
    commanded = bool(words) and words[0].key in VOCABULARY.commands
    head = 1 if commanded else 0
    listed, others = [], []
    skipped = [*droppable(written, head, lexicon), *_service_words(written, lexicon)]
    for found in runs_of(written, head, skipped, lexicon):
        run = _without_service(written, found, lexicon)
        spelled = _once(written, run)
        if all(len(word.key) == 1 or _LIKE_FIGURES.issuperset(word.key) for word in words[run.first : run.end]):
            continue  # "l.3." and "ll.ll.", with the letter for the figure
        if is_long(spelled) or name_shape(spelled, lexicon.names) != "plain":
            continue
        if run.end in skipped and _NEW.issuperset(word.key for word in words[run.first : run.end]):
            continue
        if _is_half(written, run, lexicon) or (not commanded and _ends_in_command(written, run)):
            return None
        if run.listed and (commanded or words[run.end - 1].key in lexicon.names.names.surnames):
            listed.append(spelled)
            if len(listed) > 1:
                return None  # whatever follows, it is not one name
        elif commanded and run.first > 1 and not listed_only:
            others.append(spelled)
    best = listed or others
    return best[0] if len(best) == 1 else None


def has_several_names(text: str, lexicon: Lexicon) -> bool:
    """Whether names of the lists stand in several places of a text. text: with all repairs made."""
    written = Written(text)
    return sum(run.listed for run in runs_of(written, 1, [*droppable(written, 1, lexicon)], lexicon)) > 1


# docs/spec/messages.md §3.5: "A name has at most 60 characters, as written and in plain letters; a longer one is not
# cut, its sender is told."
def has_long_name(text: str, lexicon: Lexicon) -> bool:
    """Whether there is one name in a text, with the shape of one but too long. text: with all repairs made."""
    written = Written(text)
    words = written.words
    runs = runs_of(written, 1, [*droppable(written, 1, lexicon), *_service_words(written, lexicon)], lexicon)
    spelled = [written.text[words[run.first].start : words[run.end - 1].end] for run in runs]
    return len(spelled) == 1 and is_long(spelled[0]) and name_shape(spelled[0], lexicon.names) != "no_name"


def is_long(name: str) -> bool:
    """Whether a name is too long to be kept and shown whole."""
    return len(name) > LONGEST_NAME or (not name.isascii() and len(anyascii(name)) > LONGEST_NAME)


def _without_service(written: Written, run: Run, lexicon: Lexicon) -> Run:
    """A run without the word in the place of the service, where that names none: "OBJ QCD Mach"."""
    words = written.words
    commanded = run.first > 0 and VOCABULARY.commands.get(words[run.first - 1].key) == "book"
    in_its_place = commanded and run.end > run.first + 1 and not lexicon.services.all(written)
    if not in_its_place or is_listed(words[run.first].key, lexicon):
        return run
    return run._replace(first=run.first + 1)


def _once(written: Written, run: Run) -> str:
    """The words of a run, those of a name that is written twice only once ("Svoboda Svoboda")."""
    words = written.words[run.first : run.end]
    half = len(words) // 2
    repeated = len(words) == 2 * half and [w.key for w in words[:half]] == [w.key for w in words[half:]]
    return written.text[words[0].start : words[half - 1 if repeated else -1].end]


def _service_words(written: Written, lexicon: Lexicon) -> range:
    """The words that name the service, the first where several do: a later one may be somebody's name ("Jan Pas")."""
    found = lexicon.services.all(written)
    return range(found[0].first, found[0].end) if found else range(0)


def _is_half(written: Written, run: Run, lexicon: Lexicon) -> bool:
    """Whether a run may be half a name: it is a part of a hyphened word, beside a day or a month by which people are
    called ("Smithson June", "Jan Sobota"), or a Vietnamese name without its last word ("Nguyen Thi Na").
    """
    words, named = written.words, lexicon.names.names
    if written.is_part(run.first, run.end):
        return True
    if words[run.first].key in named.vietnamese_surnames and words[run.end - 1].key in VIETNAMESE_MIDDLE:
        return True
    only_given = all(word.key in lexicon.names.names.given for word in words[run.first : run.end])
    beside = [i for i in (run.first - 1, run.end) if 0 < i < len(words) and not is_bound(words, i, lexicon)]
    return any(
        (is_bare_month(words, i, lexicon) and (only_given or is_listed(words[i].key, lexicon)))
        or (only_given and is_weekday(words[i].key, lexicon))
        for i in beside
    )


def _ends_in_command(written: Written, run: Run) -> bool:
    """Whether the last of several words is one letter away from a command: "Malý BOK OVR"."""
    last = written.words[run.end - 1].key
    return run.end - run.first > 1 and any(
        OSA.distance(last, word, score_cutoff=1) <= 1 for word in VOCABULARY.commands if len(word) >= _SHORTEST_COMMAND
    )


def service_in(text: str, lexicon: Lexicon) -> str | None:
    """The one service a text names; the one behind the command where it names several ("Pop OBJ PTP")."""
    written = Written(text)
    found = lexicon.services.all(written)
    words = written.words
    behind = [one for one in found if one.first and VOCABULARY.commands.get(words[one.first - 1].key) in TAKING_SERVICE]
    if len(behind) == 1 and all(written.is_capitalised(one.first) for one in found if one not in behind):
        return behind[0].value
    if found and (found[0].first <= 1 or len({one.value for one in found}) == 1):
        return found[0].value
    return None


def command_in(text: str) -> CommandName | None:
    """The command a text with all repairs made begins with; the word for booking may stand before another."""
    commands = [VOCABULARY.commands.get(word.key) for word in Written(text).words[:2]]
    if commands[:1] == ["book"] and commands[1:] and commands[1] not in {None, "accept", "services"}:
        return commands[1]
    return commands[0] if commands else None


def _may_be_surname(day_word: str, text: str, lexicon: Lexicon) -> bool:
    """Whether a word read as the day stands where the name would, and is written as one: "OBJ RTP 14:30 Pátek"."""
    at_end = bool(day_word) and text.rstrip(" .!").endswith(day_word)
    return at_end and day_word[0].isupper() and not day_word.isupper() and is_listed(key(day_word), lexicon)


def draft(  # noqa: PLR0913 - two of them say how the text is to be taken
    text: str, command: CommandName, found: Values, lexicon: Lexicon, *, dated: bool = False, noisy: bool = False
) -> Draft:
    """The draft of a command. text: with all repairs made.

    dated: the sender meant a day, even where none is read. noisy: the text says more than that, so that a word is a
    name only if it is a listed one.
    """
    service = service_in(text, lexicon) or Hole.SERVICE
    match command:
        case "book":
            name = name_in(text, lexicon, listed_only=noisy) or Hole.NAME
            dated = (
                dated or found.unread or found.day is not None or found.at is not None or names_no_day(text, lexicon)
            )
            dated = dated or (service, name) == (Hole.SERVICE, Hole.NAME)  # nothing is known: the form with all holes
            day = Hole.DAY if name is Hole.NAME and _may_be_surname(found.day_word, text, lexicon) else found.day
            return Draft(
                command,
                service,
                found.persons,
                day=(day or Hole.DAY) if dated else None,
                at=(found.at or Hole.AT) if dated else None,
                name=name,
            )
        case "free":
            return Draft(command, service, day=found.day or (Hole.DAY if found.unread or dated else None), at=found.at)
        case _:
            takes = COMMANDS[command]
            return Draft(
                command,
                service if takes.takes_service else None,
                code=(found.code or Hole.CODE) if "code" in takes.slots else None,
                day=(found.day or Hole.DAY) if "day" in takes.slots else None,
                at=(found.at or Hole.AT) if "at" in takes.slots else None,
            )
