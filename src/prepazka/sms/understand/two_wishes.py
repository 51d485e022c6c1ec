"""Two wishes in one message: two services, each to be booked, the second at the start adjacent to the first."""

from datetime import date, time
from typing import NamedTuple

from prepazka.core.booking.book import Book, BookSoonest
from prepazka.sms.understand.attempts import Parser
from prepazka.sms.understand.lexicon import Lexicon, command_word
from prepazka.sms.understand.name_shape import name_shape
from prepazka.sms.understand.parse import VOCABULARY
from prepazka.sms.understand.understanding import Proposed
from prepazka.sms.understand.written import Span, Written

_Booked = Book | BookSoonest
_LINKS = frozenset(("A", "I", "AND", "UND", "TAKE", "TEZ", "ORAZ", "ТА", "І", "ET", "PLUS", "JESTE"))
_AROUND = " ,;.+&"


class _Parts(NamedTuple):
    """A message cut at its second service: what stands before and behind it, without the words that link."""

    first: str
    second: str
    before: str
    behind: str


def two_wishes(text: str, parser: Parser, lexicon: Lexicon) -> Proposed | None:
    """The proposal of both; None where the text names no two services, or what it says of either is not complete.

    text: with all repairs made.
    """
    parts = _parts(Written(text), lexicon)
    if not parts:
        return None
    head = command_word("book") if not text.split()[:1] else text.split(maxsplit=1)[0]
    shared = f"{parts.before} {parts.behind}"
    one = _booked(f"{head} {parts.first} {parts.before}", parser, lexicon)
    two = _booked(f"{head} {parts.second} {parts.behind}", parser, lexicon)
    if one and two:
        return Proposed((one[0], _like(two[0], one[0])), "both", one[1])
    both = _booked(f"{head} {parts.first} {shared}", parser, lexicon)
    if both:
        return Proposed((both[0], _of(both[0], parts.second)), "both", both[1])
    if two:
        first = _booked(f"{head} {parts.first} {parts.before} {two[0].name}", parser, lexicon)
        return Proposed((first[0], two[0]), "both", two[1]) if first else None
    if one:
        second = _second(parts, one[0], head, parser, lexicon)
        return Proposed((one[0], second), "both", one[1]) if second else None
    return None


def _second(parts: _Parts, one: _Booked, head: str, parser: Parser, lexicon: Lexicon) -> _Booked | None:
    """The second wish, with what it does not say taken from the first."""
    given = f"{head} {parts.second} {parts.behind} {one.name}"
    dated = f"{head} {parts.second} {_day(one)} {parts.behind} {one.name}"
    found = _booked(given, parser, lexicon) or (_booked(dated, parser, lexicon) if isinstance(one, Book) else None)
    return _like(found[0], one) if found else None


def _day(one: _Booked) -> str:
    return f"{one.day.day}.{one.day.month}.{one.day.year}" if isinstance(one, Book) else ""


def _parts(written: Written, lexicon: Lexicon) -> _Parts | None:
    words = written.words
    if len(words) < 3 or VOCABULARY.commands.get(words[0].key) != "book":
        return None
    found = [one for one in lexicon.services.all(written) if one.first > 0]
    if len(found) != 2 or found[0].first != 1 or found[0].value == found[1].value:
        return None
    first, second = found
    before = _without_links(written, words[first.end - 1].end, second)
    return _Parts(first.value, second.value, before, written.text[words[second.end - 1].end :].strip(_AROUND[:4]))


def _without_links(written: Written, start: int, second: Span[str]) -> str:
    """What stands between the services, without "a", "a OBJ" and commas at its end."""
    end = written.words[second.first].start
    for word in reversed(written.words[: second.first]):
        linking = word.key in _LINKS or VOCABULARY.commands.get(word.key) == "book"
        if word.start < start or not linking or written.key[word.end : end].strip(_AROUND):
            break
        end = word.start
    return written.text[start:end].strip(" ,;+&")


def _booked(text: str, parser: Parser, lexicon: Lexicon) -> tuple[_Booked, str] | None:
    read = parser.request(text)
    if not read or not isinstance(read[0], Book | BookSoonest):
        return None
    shape = name_shape(read[0].name, lexicon.names, soonest=isinstance(read[0], BookSoonest))
    return (read[0], read[1]) if shape == "plain" else None


def _of(one: _Booked, service: str) -> _Booked:
    if isinstance(one, Book):
        return Book(service, one.day, one.at, one.name, one.persons)
    return BookSoonest(service, one.name, one.persons)


def _like(two: _Booked, one: _Booked) -> _Booked:
    """The second wish on the day and at the time of the first, where it says none."""
    if isinstance(one, Book) and isinstance(two, BookSoonest):
        day: date = one.day
        at: time = one.at
        return Book(two.service, day, at, two.name, two.persons)
    return two
