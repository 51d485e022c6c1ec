"""Wishes to cancel, and to move: recognised in whatever words, and never turned into a booking.

With code and date readable a cancellation is made, if nothing else is in the message but words of cancelling, courtesy
and the words of our own confirmation; otherwise the right STORNO is shown.
"""

import re
from collections.abc import Sequence
from datetime import date, time
from typing import NamedTuple

from prepazka.core.booking.cancel import Cancel
from prepazka.core.booking.query import Mine
from prepazka.sms.languages import FIRST
from prepazka.sms.understand.attempts import repaired
from prepazka.sms.understand.drafts import command_in, draft
from prepazka.sms.understand.lexicon import Common, Lexicon, common
from prepazka.sms.understand.parse import VOCABULARY
from prepazka.sms.understand.repair_around import is_part
from prepazka.sms.understand.repair_services import titled
from prepazka.sms.understand.spelling_errors import meant
from prepazka.sms.understand.times import written_time
from prepazka.sms.understand.understanding import Certain, Draft, Hole, Misread, Reason
from prepazka.sms.understand.values_found import Values, values
from prepazka.sms.understand.written import Span, Written

_CODE = re.compile(r"(?<!\d)\d{4,10}(?![^\W_])(?![\d.:]*\d)", re.ASCII)
"""A code as it was typed; with a letter at its end ("48291E") it is none, and is not cut to one."""
_STRICT = frozenset(word for word, name in VOCABULARY.commands.items() if name == "cancel" and len(word) > 3)
_MOST_NAME_WORDS = 4
_MOST_BETWEEN = 5
"""Words within a wish to cancel that is said apart: "nemůžu v úterý 12.8. přijít"."""
_CLOCK = re.compile(r"(?<![\d.:])\d{1,2}:\d{2}(?!\d)", re.ASCII)
_NEGATED = re.compile(r"(?<!\w)(?:NE|NOT|DON|NICHT|NIE|НЕ)")
_ROW = re.compile(r"\s*\((?:[1-9]\s?X\s)?(?P<service>[^\W_]+)\s(?P<at>\d{1,2}:\d{2})\)\s*$", re.ASCII)
_AT = "NA|V|VE|O|AT|TO|FOR|UM|AUF|НА|О|В"
_TO = frozenset(_AT.split("|"))
_HOUR = re.compile(
    rf"(?:(?<!\w)(?:{_AT})\s(\d{{1,2}})(?:\s?(?:H|HOD|HODIN|HODINU|HODINY|UHR|ГОДИНУ)\b\.?)?|\s(?P<hour>\d{{1,2}})\s?(?:H|HOD|HODIN|UHR)\b\.?)"
    r"(?=\s*[,!]|\s*$|\s+[^\W\d_])",
)
_ORIGIN = re.compile(
    r"(?<!\w)(?:Z|ZE|ZO|FROM|VON|VOM|З|ІЗ|С)\s(?P<what>\d{1,2}\.\s?\d{1,2}\.(?:\s?20\d\d)?(?:\s(?:VE?\s)?\d{1,2}[:.]\d\d)?"
    r"|\d{1,2}[:.]\d\d|[^\W\d_]{3,})(?!\S)"
)
_HOURS = 24
_HALVES = frozenset(("AM", "PM"))
_DATED = re.compile(r"\d{1,2}\.\s?\d{1,2}\.(?:\s?20\d\d)?", re.ASCII)
_FIGURES = 2
_NUMBER = re.compile(r"\d+", re.ASCII)


class _Wish(NamedTuple):
    """Where a wish to cancel stands, in which language; typo: the word had an error."""

    first: int
    end: int
    language: str
    typo: bool = False


def cancelling(text: str, rest: str, today: date, lexicon: Lexicon) -> Certain | Misread | None:
    """What a text is that wishes to cancel; None for any other. rest: with the other repairs made."""
    written = Written(text)
    known = lexicon.common
    kept = known.lists["cancel_not"].all(written) if _NEGATED.search(written.key) else []
    if kept and not known.lists["move"].all(written):
        of_booking = command_in(text) == "book" and lexicon.services.all(written)  # "OBJ ZCD 12.8. 9:15 nechci zrušit"
        return None if of_booking else Certain(Mine(), kept[0].value, ("cancel_not",))
    told = _told(written, lexicon) if ")" in written.key else None
    if told:
        text, rest = written.text[: told.start], Written(rest).substitute(_ROW, lambda found: " ")
        written = Written(text)
    wish = _wish(written, lexicon)
    if not wish or (known.lists["move"].all(written) and written.words[wish.first].key not in VOCABULARY.commands):
        return None
    confirmed = _confirmed(written, known)
    if not confirmed and (both := _and_booking(written, wish, today, lexicon)):
        return both
    found = _read(text, _last_command(text) if confirmed else rest, today)
    made = draft(rest, "cancel", found, lexicon)
    complete = isinstance(made.code, str) and isinstance(made.day, date)
    if (
        complete
        and not (wish.typo or is_part(written))
        and _nothing_else(written, wish, made, values(rest, today, coded=True, timed=False), lexicon)
    ):
        cancel = Cancel(str(made.code), made.day, told and told.what)  # type: ignore[arg-type]
        return Certain(cancel, wish.language, ("cancel_wish",))
    several = isinstance(found.day, Hole) and made.code is not Hole.CODE  # none of them is missing
    return Misread("several_days" if several else _missing(made, "cancel"), wish.language, draft=made)


# docs/spec/conversation.md §3: "Who cancels and books in one message is shown both messages"
def _and_booking(written: Written, wish: _Wish, today: date, lexicon: Lexicon) -> Misread | None:
    """Both wishes of a text that also books; None for any other."""
    place = _booking_at(written, lexicon)
    if place is None or (place < wish.first and not _CODE.search(written.key, written.words[wish.first].start)):
        return None  # "OBJ ZCD 12.8. 9:15 SVOBODA zrusit"
    cancels, books = (repaired(part, lexicon).text for part in _parts(written, wish, place))
    wanted = values(books, today)
    if wanted.day is None and wanted.at is None and not lexicon.services.all(Written(books)):
        return None
    made = draft(cancels, "cancel", _read(cancels, cancels, today), lexicon)
    also = draft(books, "book", wanted, lexicon, dated=True)
    return Misread("cancel", wish.language, draft=made, also=also)


def _booking_at(written: Written, lexicon: Lexicon) -> int | None:
    """Where the word for booking stands in a text; None where there is none, or where it says what is cancelled."""
    beside = {i for one in lexicon.common.lists["cancel"].all(written) for i in range(one.first, one.end)}
    nouns = lexicon.common.words("cancel_words")
    for i, word in enumerate(written.words):
        said = lexicon.common.commands.at(written, i) or lexicon.common.asked.at(written, i)
        is_said = said is not None and said.value.name == "book" and word.key not in nouns
        if i not in beside and (is_said or VOCABULARY.commands.get(word.key) == "book"):
            command = VOCABULARY.commands.get(written.words[i + 1].key) if i + 1 < len(written.words) else None
            if command != "cancel":
                return i
    return None


def _parts(written: Written, wish: _Wish, place: int) -> tuple[str, str]:
    """A text cut into what it cancels and what it books."""
    text, words = written.text, written.words
    if place < wish.first:
        return text[words[wish.first].start :], text[words[place].start : words[wish.first].start]
    return text[: words[place].start], text[words[place].start :]


class _Told(NamedTuple):
    """What our own line tells of the booking that it cancels, and where: "STORNO 482913 12.8. (ZCD 9:15)"."""

    start: int
    what: tuple[str, time]


def _told(written: Written, lexicon: Lexicon) -> _Told | None:
    found = _ROW.search(written.key)
    at = written_time(found["at"], frozenset()) if found else None
    return _Told(found.start(), (found["service"], at)) if found and at and found["service"] in lexicon.codes else None


def moving(text: str, rest: str, today: date, lexicon: Lexicon) -> Misread | None:
    """The draft of a wish to move that no repair made complete."""
    said = lexicon.common.lists["move"].all(Written(text))
    if not said and command_in(rest) != "move":
        return None
    aimed = _without_origin(Written(rest), today)
    timed = _with_hour(Written(aimed.text)) or _with_hour(Written(text)) or aimed.text
    found, written = _read(text, timed, today, with_time=True), Written(text)
    if any(_said_apart(written, i, lexicon.common) for i in range(len(written.words))):
        found.day = found.at = None  # "nemohu 31.8. přijít, prosím jiný termín": that is not the new one
    made = draft(timed, "move", found, lexicon)
    return Misread(
        _missing(made, "move"),
        said[0].value if said else VOCABULARY.foreign.get(Written(rest).first, FIRST),
        draft=made,
        on_its_day=isinstance(made.at, time) and _says_only_hour(_without_origin(Written(text), today).text),
        of_day=aimed.day,
    )


class _Aimed(NamedTuple):
    """A wish to move without what it says of where the booking is now; day: the day of it, if that was a date."""

    text: str
    day: date | None = None


def _without_origin(written: Written, today: date) -> _Aimed:
    """ "z 18.8. na 20.8.": what is wanted is the second."""
    found = _ORIGIN.search(written.key)
    if not found:
        return _Aimed(written.text)
    said = values(written.text[slice(*found.span("what"))], today, refusable=False)
    aimed = written.replaced({found.span(): " "})
    wanted = values(aimed, today, coded=True, refusable=False)
    other_day = said.day and wanted.day
    other_time = said.at and (wanted.at or _HOUR.search(Written(aimed).key))
    if said.unread or not (other_day or other_time):
        return _Aimed(written.text)
    day = said.day if isinstance(said.day, date) and _NUMBER.search(found["what"]) else None
    return _Aimed(aimed, day)


def _with_hour(written: Written) -> str:
    """The text with the full hour that a move is to be at ("na 11", "na 11 hodin"); "" where none is said so."""
    places = [] if _CLOCK.search(written.key) else list(_HOUR.finditer(written.key))
    others = [one for one in _NUMBER.findall(_DATED.sub(" ", written.key)) if len(one) <= _FIGURES]
    hour = int(places[0][1] or places[0]["hour"]) if len(places) == len(others) == 1 else _HOURS
    return written.replaced({places[0].span(): f" {hour}:00"}) if hour < _HOURS else ""


def says_time_alone(text: str) -> bool:
    """Whether a wish to move says nothing but the time, and perhaps the code: then its day stays as it is."""
    written, known = Written(_CLOCK.sub(" ", text)), common()
    tables = [known.lists[each] for each in ("move", "cancel_words", "after_command", "pleasantries")]
    words, i = written.words, 0
    while i < len(words):
        said = next((one for table in tables if (one := table.at(written, i))), None)
        key = words[i].key
        if not (said or key in _TO or _CODE.fullmatch(key) or VOCABULARY.commands.get(key) == "move"):
            return False
        i = said.end if said else i + 1
    return len(_CLOCK.findall(text)) == 1


def _says_only_hour(text: str) -> bool:
    """Whether every word of a wish to move belongs to the hour, also one in words: "přesuňte to na jedenáctou"."""
    written, known = Written(_CLOCK.sub(" ", text)), common()
    tables = [known.lists[each] for each in ("move", "cancel_words", "after_command", "pleasantries")]
    spoken = (*tables, known.clock, known.numerals, known.ordinals)
    words, i = written.words, 0
    while i < len(words):
        ends = [one.end for table in spoken if (one := table.at(written, i))]  # type: ignore[attr-defined]
        key = words[i].key
        if not (ends or key in _TO or key.isdecimal() or VOCABULARY.commands.get(key) == "move" or key in _HALVES):
            return False
        i = max(ends, default=i + 1)
    numbers = [key for word in words if len(key := word.key) <= _FIGURES and key.isdecimal()]
    return len(numbers) <= 1 and not _DATED.search(written.key)


def _missing(made: Draft, otherwise: Reason) -> Reason:
    """The reason for the first value that is missing; otherwise there are other words."""
    reasons: dict[Hole, Reason] = {Hole.CODE: "missing_code", Hole.DAY: "missing_date", Hole.AT: "missing_time"}
    return reasons[made.holes[0]] if made.holes else otherwise


def _wish(written: Written, lexicon: Lexicon) -> _Wish | None:
    known, words = lexicon.common, written.words
    for i, word in enumerate(words):
        if said := known.lists["cancel"].at(written, i):
            return None if _says_more(written, said, lexicon) else _Wish(i, said.end, said.value)
        if VOCABULARY.commands.get(word.key) == "cancel":
            return _Wish(i, i + 1, VOCABULARY.foreign.get(word.key, FIRST))
        if apart := _said_apart(written, i, known):
            return apart
        if VOCABULARY.commands.get(word.key) == "stop" and _CODE.search(written.key):
            return _Wish(i, i + 1, FIRST)
    if words and words[0].key not in VOCABULARY.commands and _CODE.search(written.key):
        near = meant(words[0].key, _STRICT) or meant(words[0].key, known.words("cancel"))
        if near and words[0].key not in known.meaningful:
            return _Wish(0, 1, VOCABULARY.foreign.get(near[0], FIRST), typo=True)
    return None


def _says_more(written: Written, said: Span[str], lexicon: Lexicon) -> bool:
    """Whether a word of cancelling begins something else: "zrušte připomínky", or the service "zrušení pobytu"."""
    service_named = titled(written, lexicon)
    if service_named and service_named.first <= said.first < service_named.end:
        return True
    for i in range(said.first, said.end):
        service, command = lexicon.services.at(written, i), lexicon.common.commands.at(written, i)
        if service and service.end > said.end:
            return True
        if command and command.value.name == "stop" and command.end > said.end:
            return True
    return False


def _said_apart(written: Written, i: int, known: Common) -> _Wish | None:
    """ "nemůžu zítra přijít": a wish to cancel with other words in it."""
    begun = known.lists["cancel_begins"].at(written, i)
    if not begun:
        return None
    ends = known.lists["cancel_ends"]
    within = range(begun.end, min(begun.end + _MOST_BETWEEN + 1, len(written.words)))
    return _Wish(i, begun.end, begun.value) if any(ends.at(written, j) for j in within) else None


def _read(text: str, rest: str, today: date, *, with_time: bool = False) -> Values:
    """The code and the day; the same one twice counts as one. A time that stands beside is left out."""
    stripped = rest if with_time else _CLOCK.sub(" ", rest)
    # Who cancels says which day does not suit ("nemohu zítra přijít"); who moves says so of a day that is not wanted.
    found = values(stripped, today, coded=True, timed=with_time, refusable=with_time)
    codes = {code for code in _CODE.findall(Written(text).key) if len(code) > 4}
    if found.code is None or isinstance(found.code, Hole):
        found.code = codes.pop() if len(codes) == 1 else None
    if isinstance(found.day, date) and not _plausible(found.day, today):
        found.day = None
    return found


def _plausible(day: date, today: date) -> bool:
    """Whether a day can be one of a booking: a year ago somebody was born, not booked."""
    return abs((day - today).days) < 366


def _confirmed(written: Written, known: Common) -> bool:
    """Whether a text is our own confirmation sent back, behind nothing but courtesy and words of cancelling."""
    before = [known.lists[each] for each in ("cancel", "cancel_words", "pleasantries")]
    i = 0
    while i < len(written.words):
        if known.lists["confirmed"].at(written, i):
            return True
        said = next((one for table in before if (one := table.at(written, i))), None)
        if not said:
            return False
        i = said.end
    return False


def _last_command(text: str) -> str:
    """A text from its last command to cancel on, which our confirmations end with; the whole where there is none."""
    written = Written(text)
    starts = [word.start for word in written.words if VOCABULARY.commands.get(word.key) == "cancel"]
    coded = [start for start in starts if _CODE.search(written.key, start)]
    return written.text[coded[-1] :] if coded else text


def _nothing_else(written: Written, wish: _Wish, made: Draft, found: Values, lexicon: Lexicon) -> bool:
    """Whether every word besides the code and the date belongs to cancelling, courtesy or our own confirmation."""
    if "?" in written.text:
        return False
    confirmed = _confirmed(written, lexicon.common)
    numbers = _CODE.findall(written.key)
    if any(number != made.code and len(number) > 4 for number in numbers):
        return False
    others = _others(written, lexicon, ours=confirmed or wish.first > 0, confirmed=confirmed)
    if not confirmed:
        return not others and (found.code, found.day, found.unread) == (made.code, made.day, False)
    names = [i for i in others if written.words[i].key not in lexicon.codes]
    return len(names) <= _MOST_NAME_WORDS and _in_a_row(names)


def _others(written: Written, lexicon: Lexicon, *, ours: bool, confirmed: bool) -> list[int]:
    """The words that say something else. ours: the words of our own confirmations do not; confirmed: it is one whole,
    with what it tells of the service and the months of its dates.
    """
    lists, words = lexicon.common.lists, written.words
    tables = [lists["cancel"], lists["cancel_words"], lists["pleasantries"]]
    tables += [lists["confirmation"]] if ours else []
    tables += [lexicon.told] if confirmed else []
    months = lexicon.common.months if confirmed else {}
    others: list[int] = []
    i = 0
    while i < len(words):
        said = next((one for table in tables if (one := table.at(written, i))), None)
        key = words[i].key
        if not said and not (
            _NUMBER.fullmatch(key)
            or key in VOCABULARY.days
            or key in months
            or VOCABULARY.commands.get(key) in {"cancel", "stop"}
        ):
            others.append(i)
        i = said.end if said else i + 1
    return others


def _in_a_row(places: Sequence[int]) -> bool:
    return not places or places[-1] - places[0] < len(places)
