""" "PO 14 hod": Monday at 14:00, or after 14:00.

Alone with a full hour it has both readings and is asked; beside another day it is "after"; with minutes written it is
Monday (docs/spec/conversation.md §2).
"""

import re
from functools import cache

from prepazka.core.booking.book import Book
from prepazka.core.booking.propose import BookAfter
from prepazka.sms.understand.attempts import Parser
from prepazka.sms.understand.lexicon import Lexicon, common
from prepazka.sms.understand.parse import VOCABULARY
from prepazka.sms.understand.repair_dates import has_date
from prepazka.sms.understand.understanding import Proposed
from prepazka.sms.understand.written import Span, Written

_HOUR = re.compile(
    r"\s(\d{1,2})(?:[:.]?(\d{2})(?!\d))?(?:\s?(HODIN|HODINY|HOD|H|UHR)\b\.?)?(?![\w:/]|[.,]\d)", re.ASCII
)
_MONDAY = frozenset(word for word, day in VOCABULARY.days.items() if day == "monday")


def after(text: str, parser: Parser, lexicon: Lexicon) -> Proposed | None:
    """The proposal for a booking with such words; None for any other text."""
    written = Written(text)
    for one in lexicon.common.lists["after"].all(written):
        word = written.words[one.first]
        hour = _HOUR.match(written.key, word.end)
        if hour:
            return _proposed(written, one, hour, parser, lexicon)
    return None


def _proposed(
    written: Written, one: Span[str], hour: re.Match[str], parser: Parser, lexicon: Lexicon
) -> Proposed | None:
    word = written.words[one.first]
    before, behind = written.text[: word.start], written.text[hour.end() :]
    clock = f"{int(hour[1])}:{hour[2] or '00'}"
    dated = has_date(f"{written.key[: word.start]} {written.key[hour.end() :]}", lexicon)
    monday = word.key in _MONDAY
    if monday and not dated and hour[2]:
        return None
    read = parser.request(f"{before}{clock}{behind}" if dated else f"{before}PONDELI {clock}{behind}")
    if not read or not isinstance(read[0], Book):
        return None
    book, language = read[0], read[1]
    later = BookAfter(book.service, book.at, book.name, book.day if dated else None, book.persons)
    if monday and not dated:
        return Proposed((book, later), "which", language, ("after",))
    return Proposed((later,), "is_it", language, ("after",))


def says_after(text: str) -> bool:
    """Whether a text may have such words: a quick look, for every booking is looked at."""
    return _pattern().search(text) is not None


@cache
def _pattern() -> re.Pattern[str]:
    words = "|".join(sorted(common().words("after")))
    return re.compile(rf"(?<!\w)(?:{words})\s+\d{{1,2}}(?!\s?[.]\s?\d|\d|/)", re.IGNORECASE)
