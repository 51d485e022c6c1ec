"""Times that are about a time: "kolem poledne", "asi v 10", "před polednem", "mezi 9 a 11", "odpoledne".

The text is read with one time for them, and what is read back is the free start nearest to it
(docs/spec/conversation.md §2).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import time
from typing import NamedTuple

from prepazka.core.booking.book import Book
from prepazka.core.booking.propose import BookWithin, Window
from prepazka.sms.understand.lexicon import Common, Lexicon
from prepazka.sms.understand.repair_dates import has_date
from prepazka.sms.understand.written import Span, Written

_NOON = "12:00"
_NOON_HOUR = 12
_LAST = time(23, 59)
_HOURS = 24
_SPAN = 60
"""Minutes before and behind a time that are still about it."""

_EARLIEST = 7
"""The first hour that is meant in the morning: "mezi 1 a 3" is in the afternoon."""

_FIGURES = re.compile(r"(\d{1,2})(?:[:.]\d{2}(?![\d.]))?(?!\d|[.:/-]\s?\d|\.\s?[^\W\d])", re.ASCII)
_CLOCK = r"(\d{1,2})(?:[:.]([0-5]\d))?\s?(?:H|HOD|HODIN|HODINOU|UHR)?"
_RANGES = (
    re.compile(
        rf"(?<!\w)(?:MEZI|MEDZI|OD|BETWEEN|FROM|ZWISCHEN|VON|МІЖ|ВІД|З|МЕЖДУ|С)\s{_CLOCK}"
        rf"(?:\s(?:A|AZ|DO|AND|TO|UND|BIS|ТА|І|И|ДО)\s|\s?[-–]\s?){_CLOCK}\.?(?![\w:/]|[.,]\s?\d)",
        re.ASCII,
    ),
    re.compile(r"(?<![\w.,:/-])(\d{1,2})[:.]([0-5]\d)\s?[-–]\s?(\d{1,2})[:.]([0-5]\d)(?![\w:/]|[.,]\s?\d)", re.ASCII),
    re.compile(r"(?<![\w.,:/-])(\d{1,2})()\s?[-–]\s?(\d{1,2})()\s?(?:H|HOD|HODIN|UHR)\b\.?", re.ASCII),
)
"""From when until when; "9-11" alone may be a date."""

_BESIDE_A_DATE = re.compile(r"(?<![\w.,:/-])([7-9]|1\d)()\s?[-–]\s?([89]|1\d)()(?![\w:/.-]|,\d|\s?[-–]\s?\d)", re.ASCII)
"""The same beside a date, where no other time is written: "12.8. 10-11"."""

_DASH = re.compile(r"\d\s?[-–]", re.ASCII)
_CLOCK_WRITTEN = re.compile(r"\d:\d", re.ASCII)

_PARTS: Mapping[str, Window] = {
    "morning": Window(time(), time(), time(11, 59), part=True),
    "afternoon": Window(time(12), time(12), _LAST, part=True),
    "evening": Window(time(16), time(16), _LAST, part=True),
    "day": Window(time(), time(), _LAST, part=True),
}
"""The parts of the day, and the whole of it: the first free start in each."""

_NO_HOUR = re.compile(
    r"(?P<day>(?<![\d.:,/])\d{1,2}\.\s?(?:1[0-2]|0?[1-9])(?:\.(?:\s?20\d\d)?|(?=\s|$)))|(?<![\d.])\d{1,2}/\d{1,2}(?:/\d{2,4})?(?!\d)"
    r"|20\d\d-\d{1,2}-\d{1,2}|(?<!\d)\d\s?X(?!\w)|(?<!\d)\d{5,10}(?!\d)"
)
"""Days, persons and access codes in figures."""

_DATE_ORDINAL = ("HO", "GO", "ГО")
"""Endings of an ordinal that is a day and no hour: "kolem desátého"."""


class About(NamedTuple):
    """A text with one time instead of those it is about: how many minutes around it, or until when.

    before: only before the time; until: from the time until then. part: a part of the day, of which no time was said.
    """

    text: str
    before: bool = False
    until: time | None = None
    part: str = ""

    @property
    def says_time(self) -> bool:
        """Whether the one time is a time that was said, and not only an end of it ("před 11", "po obědě")."""
        return not (self.before or self.part) and self.until != _LAST

    def window(self, at: time) -> Window:
        """The times it is about. at: the one time, as it was read."""
        if self.part:
            return _PARTS[self.part]
        last = self.until or _clock(at.hour * 60 + at.minute + (-1 if self.before else _SPAN))
        return Window(self.since(at), at, last)

    def reading(self, book: Book) -> BookWithin:
        """The booking of the text, at any of the times it is about."""
        return BookWithin(book.service, book.day, self.window(book.at), book.name, book.persons)

    def since(self, at: time) -> time:
        """From when on free times are asked for."""
        return at if self.until else self._first(at)

    def _first(self, at: time) -> time:
        return _clock(at.hour * 60 + at.minute - (2 * _SPAN if self.before else _SPAN))


def about(text: str, lexicon: Lexicon) -> About | None:
    """What a text with such words is about; None for any other, and where there are several."""
    written = Written(text)
    found = [*_between(written, lexicon), *_near(written, lexicon.common)]
    found = found or list(_in_part(written, lexicon))
    return found[0] if len(found) == 1 else None


def _between(written: Written, lexicon: Lexicon) -> Iterator[About]:
    found = [one for pattern in _RANGES for one in pattern.finditer(written.key)]
    for one in found or _beside_a_date(written, lexicon):
        hour, minute, last_hour, last_minute = one.groups()
        first, last = _time(hour, minute), _time(last_hour, last_minute)
        if first and last and first < last:
            yield About(written.replaced({one.span(): f" {first.hour}:{first.minute:02} "}), until=last)


def _beside_a_date(written: Written, lexicon: Lexicon) -> list[re.Match[str]]:
    found = list(_BESIDE_A_DATE.finditer(written.key)) if _DASH.search(written.key) else []
    if len(found) != 1 or _CLOCK_WRITTEN.search(written.key):
        return []
    behind = next((word for word in written.words if word.start >= found[0].end()), None)
    counted = behind is not None and lexicon.common.counts(behind.key)
    rest = f"{written.key[: found[0].start()]} {written.key[found[0].end() :]}"
    is_clock = found[0][3] == "15" and int(found[0][1]) < _NOON_HOUR  # "9-15" is rather a quarter past nine
    return found if has_date(rest, lexicon) and not counted and not is_clock else []


def _time(hour: str, minute: str | None) -> time | None:
    hours = int(hour) + (12 if int(hour) < _EARLIEST else 0)
    return time(hours, int(minute or 0)) if hours < 24 else None


def _clock(minutes: int) -> time:
    """Minutes of a day as a time of it, the nearest there is."""
    return time(*divmod(min(max(minutes, 0), 24 * 60 - 1), 60))


def _near(written: Written, known: Common) -> Iterator[About]:
    for key in ("around", "before_time", "after"):
        for one in known.lists[key].all(written):
            if one.end >= len(written.words) or written.is_part(one.first, one.end):
                continue
            start, end = written.words[one.first].start, written.words[one.end - 1].end
            noon = known.lists["noon_words"].at(written, one.end)
            before, until = key == "before_time", _LAST if key == "after" else None
            if noon:
                yield About(written.replaced({(start, written.words[noon.end - 1].end): _NOON}), before, until)
            elif key != "after" and (clock := _exact(written, one.end, known)) is not None:
                yield About(written.replaced({(start, end): "", **clock}), before)


def _in_part(written: Written, lexicon: Lexicon) -> Iterator[About]:
    """ "odpoledne", "kdykoliv", where no hour and no other number stands: the hour at which it begins."""
    known = lexicon.common
    parts = known.parts.all(written)
    taken = {i for one in parts for i in range(one.first, one.end)}
    polite = {i for one in known.lists["pleasantries"].all(written) for i in range(one.first, one.end)}
    parts = [one for one in parts if one.first not in polite]
    whole = [one._replace(value="day") for one in known.lists["any_time"].all(written) if one.first not in taken]
    found = [*parts, *whole]
    if len(parts) > 1 or len(whole) > 1 or any(written.is_part(one.first, one.end) for one in found):
        return
    if any(_is_of_name(written, one, lexicon) for one in found):
        return
    if found and not _says_number(written, found, known):
        hour = _PARTS[found[0].value].wanted.hour or _EARLIEST
        places = [(written.words[one.first].start, written.words[one.end - 1].end) for one in found]
        changes = dict.fromkeys(places, "") | {places[0]: f"{hour}:00"}  # "někdy ve středu ráno": the second says more
        yield About(written.replaced(changes), part=found[0].value)


# docs/spec/conversation.md §1.3: "A name is never halved"
def _is_of_name(written: Written, one: Span[str], lexicon: Lexicon) -> bool:
    """Whether a word may be a part of the name beside it: written like it ("Jan Večer"), or listed ("Van Sang")."""
    words, named = written.words, lexicon.names.names
    if one.end - one.first > 1:
        return False

    def listed(i: int) -> bool:
        return words[i].key in named.given or words[i].key in named.surnames or words[i].key in named.vietnamese

    days = {i for day in lexicon.common.long_days.all(written) for i in range(day.first, day.end)}
    near = {one.first - 1, one.end} - days
    beside = [i for i in near if 0 < i < len(words) and words[i].key.isalpha()]
    capitalised = written.is_capitalised(one.first) and any(written.is_capitalised(i) for i in beside)
    return capitalised or (listed(one.first) and any(listed(i) for i in beside))


def _says_number(written: Written, parts: Sequence[Span[str]], known: Common) -> bool:
    """Whether a text says a number besides its day and how many persons come."""
    if sum(found["day"] is not None for found in _NO_HOUR.finditer(written.key)) > 1:
        return True  # one of them may be a time: "14.6. 9.10"
    hidden = _NO_HOUR.sub(lambda found: "_" * len(found[0]), written.key)
    keys = [word.key for word in written.words]
    for i, word in enumerate(written.words):
        follows = keys[i + 1] if i + 1 < len(keys) else ""
        counts = follows in known.months or follows in known.person_words
        if counts or any(one.first <= i < one.end for one in parts):
            continue
        if hidden[word.start].isdecimal() or known.numerals.at(written, i):
            return True
    return False


def _exact(written: Written, i: int, known: Common) -> dict[tuple[int, int], str] | None:
    """What the time that begins at word `i` is to be replaced with, to stand alone; None where there is none."""
    word = written.words[i]
    if not word.key.isdecimal():
        return {(word.start, word.start): "o "} if _hour_in_words(written, i, known) else None
    figures = _FIGURES.match(written.key, word.start)
    if not figures:
        return None
    behind = known.clock.at(written, i + 1) if i + 1 < len(written.words) else None
    alone = figures[0] == figures[1] and (behind is None or written.words[behind.first].start > figures.end() + 1)
    return {word[1:]: f"{int(figures[1])}:00"} if alone and int(figures[1]) < _HOURS else {}


def _hour_in_words(written: Written, i: int, known: Common) -> bool:
    """Whether an hour in words begins at word `i`: "desáté", "půl desáté"."""
    ordinal = known.ordinals.at(written, i)
    if ordinal and written.words[i].key.endswith(_DATE_ORDINAL):
        return False
    numeral = known.numerals.at(written, i)
    clock = known.clock.at(written, i)
    return bool(ordinal or numeral or (clock and clock.value.startswith(("half", "quarter", "three"))))
