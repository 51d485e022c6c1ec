"""The values in a text that was not understood whole, wherever they stand.

What the strict parser read differently, or what other words make uncertain, is a hole.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from itertools import zip_longest

from prepazka.sms.understand import small_words
from prepazka.sms.understand.candidates import Bad, Candidate, Candidates, Slot
from prepazka.sms.understand.lexicon import common
from prepazka.sms.understand.parse import VOCABULARY
from prepazka.sms.understand.times import bare_hour
from prepazka.sms.understand.tokens import Token, tokens
from prepazka.sms.understand.understanding import Hole

_COMPACT = re.compile(r"\d{4}", re.ASCII)
_PHONE = re.compile(r"\d{9,}\.?", re.ASCII)
_CLOCK = re.compile(r"\d{1,2}:\d{2}\.?", re.ASCII)
_OFFICE_DAY = (time(6), time(19))
"""Four figures are a time only within it: 1956 is rather a year."""
_SHORT_DAY = 2
_MOST_BEFORE_REFUSAL = 3
"""Words from a day in words to the one that refuses it; a date is refused only by the next word."""
_DAY_OF_MONTH = re.compile(r"\d{1,2}(?:\.|\.?(?:TEHO|TYHO|EHO|HO|TH|ST|ND|RD|GO))", re.ASCII)
"""A day of a month that is not said: "22.", "22teho"."""
_DAY_ALONE = re.compile(r"\d{1,2}\.", re.ASCII)
_OF_A_DAY = ("HO", "GO", "ГО")
_COUNTING = frozenset(("ZA", "O", "IN", "ЗА", "ЧЕРЕЗ"))
_DAY_IT_IS = ("TERMIN", "DATUM")
"""Words of time before a day that name just that: "změna termínu 22.10."."""
_RELATIVE = frozenset(("today", "tomorrow", "day_after_tomorrow"))
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


def values(text: str, today: date, *, coded: bool = False, timed: bool = True, refusable: bool = True) -> Values:
    """The values in a text, wherever they stand; one behind a word such as "pristi" or "do" is a hole.

    coded: an access code may be among them, and persons may not. timed: a time may be. refusable: a day that is said
    not to suit is none.
    """
    message = tokens(text)
    slots = _CODED if coded else _SLOTS
    candidates = Candidates(message, slots if timed else slots - {"at"}, VOCABULARY, today)
    found = Values()
    later: list[tuple[Token, list[Candidate]]] = []
    worded = other_day = False
    clocked = any(_CLOCK.fullmatch(token.folded) for token in message)
    refuses = refusable and any(token.folded in common().negations for token in message)
    i = 0
    while i < len(message):
        token = message[i]
        options = [each for each in candidates.at(i) if each.fills] if token.kind in {"number", "word"} else []
        good = [each for each in options if not _bad(each) and _likely(each, token, clocked=clocked)]
        if len(good) > 1:
            good = _without_night(good)
        if good and i and message[i - 1].folded in _day_parts():
            good = [each for each in good if each.fills.keys() == {"day"}] or good
        if good and token.kind == "word" and len(token.folded) <= _SHORT_DAY and not _beside_figure(message, i):
            i += 1
        elif good and i and (_uncertain(message[i - 1].folded, good) or (refuses and _is_refused(message, i, good))):
            _put_uncertain(found, good[-1], only_day=message[i - 1].folded in common().time)
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
                other_day = _is_of_another_day(message, i, chosen.end)
            _put(found, chosen, message[chosen.end - 1])
            i = chosen.end
    for token, options in later:
        free = [each for each in options if all(getattr(found, slot) is None for slot in each.fills)]
        if len(free) == 1:
            _put(found, free[0], token)
        else:
            found.unread = True
    if timed and found.at is None and not isinstance(found.day, date):
        found.at = _lone_hour(message)
    if other_day and isinstance(found.day, date):
        found.day = Hole.DAY
    if found.unread and isinstance(found.at, time) and worded:
        # The number not read beside a time is the date as it was meant, and the word rather a name ("11-8 9:15 Patek").
        found.day = Hole.DAY
    return found


def _is_of_another_day(message: Sequence[Token], i: int, end: int) -> bool:
    """Whether the weekday in the tokens from `i` to before `end` may be another than the first one after today.

    "pristi tyden v utery", "ve ctvrtek 22.", "ve ctvrtek ctrnacteho"; or one
    of several: "12.-14.8."
    """
    before = next((token.folded for token in reversed(message[:i]) if token.kind != "decoration"), "")
    if _DAY_ALONE.fullmatch(before):
        return True
    named = [VOCABULARY.days[token.folded] for token in message[i:end] if token.folded in VOCABULARY.days]
    if not named or any(token.kind == "number" and not token.folded.isdecimal() for token in message[i:end]):
        return False
    beside = [message[j].folded for j in (i - 1, end) if 0 <= j < len(message)]
    if any(_DAY_OF_MONTH.fullmatch(each) or _is_day_in_words(each) for each in beside):
        return True
    periods = common().words("periods")
    if named[0] in _RELATIVE:
        return _is_counted_from(message, end)
    return any(token.folded in periods for token in message)


def _is_day_in_words(key: str) -> bool:
    """Whether a word is the day of a month: "ctrnacteho"."""
    return key.endswith(_OF_A_DAY) and key in common().ordinals.words()


def _is_counted_from(message: Sequence[Token], end: int) -> bool:
    """Whether days are counted from the one that ends before token `end`: "dnes za tyden", "zitra za 14 dni"."""
    behind = [token.folded for token in message[end : end + 3]]
    return bool(behind) and behind[0] in _COUNTING and not common().words("periods").isdisjoint(behind[1:])


def _lone_hour(message: Sequence[Token]) -> time | None:
    """The hour behind "v" or "at" in a text without a day and another time: "pristi tyden v 10"."""
    found = []
    for word, number, *behind in zip_longest(message, message[1:], message[2:]):
        follows = behind[0]
        if number is None or word.folded not in VOCABULARY.before or "at" not in VOCABULARY.before[word.folded]:
            continue
        counts = follows is not None and (follows.kind == "number" or common().counts(follows.folded))
        hour = bare_hour(number.folded)
        if hour and not counts and not _is_night(hour):
            found.append(hour)
    return found[0] if len(found) == 1 else None


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
    if before in known.holes.words() or (slots == {"day"} and before in _day_parts()):
        return False
    if before.startswith(_DAY_IT_IS):
        return False
    vague = before in known.words("vague") or (before in known.time and before not in VOCABULARY.days)
    return vague and not slots & allowed and not slots & {"persons", "code"} and before not in VOCABULARY.after_at


@cache
def _periods() -> frozenset[str]:
    """Words that name no day and leave the time behind them as it is: "pristi tyden 9:15", "v srpnu 9:15"."""
    known = common()
    relative = {word for one in small_words.load() for word in one.relative_days}
    return known.words("periods") | known.months.keys() | known.weekdays | relative


@cache
def _day_parts() -> frozenset[str]:
    """Words that leave the day behind them as it is: "odpoledne 22.10."."""
    return frozenset(word for one in small_words.load() for word in one.day_parts) | common().words("any_time")


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
        found.put(slot, value, weak=not (token.folded.endswith(".") or _CLOCK.fullmatch(token.folded)))


def _put_uncertain(found: Values, candidate: Candidate, *, only_day: bool) -> None:
    """Leave holes for what the word before makes another value; only_day: "pristi utery v 9" keeps its time."""
    for slot, value in candidate.fills.items():
        is_kept = only_day and slot == "at" and "day" in candidate.fills
        found.put(slot, value if is_kept else Hole(slot), weak=False)


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
