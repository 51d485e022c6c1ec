"""Names in doubt: whether what stands where a booking has its name may rather say when, or is only half a name."""

import re
from collections.abc import Sequence

from prepazka.core.booking.book import Book, BookSoonest
from prepazka.core.booking.requests import Request
from prepazka.sms.folding import fold
from prepazka.sms.understand.drafts import is_long
from prepazka.sms.understand.lexicon import Lexicon
from prepazka.sms.understand.name_shape import TITLES, NameShape, name_shape
from prepazka.sms.understand.written import Written

_INITIAL = re.compile(r"(?<!\S)[A-ZÁ-Ž](?!\S)")
_DATE_BEHIND = re.compile(r",?\s*\d{1,4}\s?[./-]\s?\d", re.ASCII)
"""A date behind a weekday, which then names the day ("patek 14.8.")."""


def shape(request: Request, words: Lexicon, text: str = "") -> NameShape:
    """The shape of the name of a booking; other requests have none to doubt. text: where it stands, with the full stops
    of initials ("K. Vomáčka").
    """
    if not isinstance(request, Book | BookSoonest):
        return "plain"
    if is_long(request.name):
        return "no_name"
    found = name_shape(request.name, words.names, soonest=isinstance(request, BookSoonest))
    if found != "plain" and text and (stopped := _with_stops(request.name, text)) != request.name:
        found = name_shape(stopped, words.names, soonest=isinstance(request, BookSoonest))
    return "doubtful" if found == "plain" and is_repeated(request.name) else found


def _with_stops(name: str, text: str) -> str:
    return _INITIAL.sub(lambda found: f"{found[0]}." if re.search(rf"(?<!\w){found[0]}\.", text) else found[0], name)


def is_repeated(name: str) -> bool:
    """Whether a name has the same word twice, as where a letter is signed ("SVOBODA, Svoboda")."""
    if " " not in name:
        return False
    words = [word.key for word in Written(name).words if len(word.key) > 2]
    return len(set(words)) < len(words)


# docs/spec/conversation.md §1.3: "A weekday behind a given name, where no other day is given, may be the surname: it is
# read back."
def has_surname_for_day(request: Request, text: str, words: Lexicon) -> bool:
    """Whether the day of a booking under a given name may be the surname: "9:15 Jan Patek"."""
    if not isinstance(request, Book) or fold(request.name) not in words.names.names.given:
        return False
    written, name = Written(text), fold(request.name)
    spoken = written.words
    for i, word in enumerate(spoken):
        if word.key in words.common.weekdays and written.text[word.start].isupper():
            beside = name in {each.key for each in spoken[max(i - 1, 0) : i + 2]}
            if beside and not _DATE_BEHIND.match(written.key, word.end):
                return True
    return False


def begins_in_day(request: Request, text: str, words: Lexicon) -> bool:
    """Whether the name begins with the rest of a day of several words, of which the first was read as another day."""
    if not isinstance(request, Book) or fold(request.name.split(" ", 1)[0]) not in words.common.ends_of_days:
        return False
    written = Written(text)
    said = words.common.long_days.all(written)
    return any(one.first and not written.is_capitalised(one.end - 1) for one in said)


def is_rather_name(request: Request, words: Lexicon) -> bool:
    """Whether the doubtful name of a booking with a day is made of listed names, weekdays and months."""
    if not isinstance(request, Book) or shape(request, words) != "doubtful" or means_time(request, words):
        return False
    if is_repeated(request.name):
        return False
    named = words.names
    names = (named.names.surnames, named.names.given, named.months, words.common.weekdays)
    keys = (word.key for word in Written(request.name).words)
    return all(len(key) == 1 or any(key in listed for listed in names) for key in keys)


def means_persons(request: Book | BookSoonest, words: Lexicon) -> bool:
    """Whether the words in the place of the name say how many come ("dvakrát", "manželé")."""
    name = Written(request.name)
    said = words.common.times.at(name, 0) if name.words else None
    return said is not None and said.end == len(name.words)


def means_time(request: Book | BookSoonest, words: Lexicon) -> bool:
    """Whether a doubtful name has a word of time beside others ("SVOBODA vecer").

    Where a day is given a listed surname may be such a word ("Jan Patek"); for the soonest place none may, nor a
    mistyped one. Beside a given name a month is rather a surname, and where a day is given a weekday too.
    """
    name, named = [word.key for word in Written(request.name).words], words.names.names
    if len(name) < 2:
        return isinstance(request, BookSoonest) and all(_is_time_alone(key, words) for key in name)
    times = [key for key in name if key in words.common.time]
    last = [key for key in times if key not in named.given] or times[-1:]
    if len(last) == 1 and _is_surname(last[0], name, words, dated=isinstance(request, Book)):
        return False
    if isinstance(request, Book):
        return any(key not in named.surnames for key in times)
    return bool(times) or any(key not in named.surnames and _is_mistyped(key, words) for key in name)


def _is_surname(key: str, name: Sequence[str], words: Lexicon, *, dated: bool) -> bool:
    """Whether a word of time is rather a surname: a month, or of a message with a day a weekday, beside nothing but
    given names, titles and initials.
    """
    others = (other for other in name if other != key and len(other) > 1 and other not in TITLES)
    may_be = key in words.names.months or (dated and key in words.common.weekdays)
    return may_be and all(other in words.names.names.given for other in others)


def _is_time_alone(key: str, words: Lexicon) -> bool:
    """Whether a word that is no listed name is one of time ("utorok", "wieczorem"); months people are called by."""
    known, named = words.common, words.names.names
    return key in known.time and key not in known.months and key not in named.surnames and key not in named.given


def _is_mistyped(key: str, words: Lexicon) -> bool:
    return key not in words.names.senses and name_shape(key, words.names, soonest=True) == "doubtful"
