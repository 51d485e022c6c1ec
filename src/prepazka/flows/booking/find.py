"""Finding a client's booking at the desk, by whatever the client can tell."""

import re
from collections.abc import Sequence
from datetime import date
from itertools import islice

from prepazka.core.office.office import Office
from prepazka.sms.folding import fold
from prepazka.store import desk
from prepazka.store.desk import DayBooking

FOUND_AT_MOST = 50
_FIGURES = re.compile(r"\d{3,15}", re.ASCII)
_BETWEEN_FIGURES = re.compile(r"[\s./()-]+")


# docs/spec/counters.md §5.1: "by a part of the name, the last digits of the phone, the access code or the ticket"
def find_bookings(office: Office, wanted: str, today: date) -> list[DayBooking]:
    """Return the active bookings of today and the days to come that match, in order, `FOUND_AT_MOST` of them.

    wanted: a part of the name in any spelling, the last digits of the phone (3 or more), the access code, or the number
    of today's ticket.
    """
    words = fold(wanted).split()
    digits = _BETWEEN_FIGURES.sub("", wanted).removeprefix("+").removeprefix("00")
    if not words:
        return []
    if _FIGURES.fullmatch(digits):
        matching = (one for one in desk.bookings_to_come(office, today) if _has_figures(one, digits))
    else:
        matching = (one for one in desk.bookings_to_come(office, today) if _has_words(one, words))
    return list(islice(matching, FOUND_AT_MOST))


def _has_figures(one: DayBooking, digits: str) -> bool:
    return one.code == digits or (one.sender or one.calls).endswith(digits)


def _has_words(one: DayBooking, words: Sequence[str]) -> bool:
    """Whether the words are of the name, in any order, or are the ticket."""
    name = fold(one.name)
    is_ticket = bool(one.ticket) and fold(one.ticket) == "".join(words).replace("-", "")
    return is_ticket or all(word.strip(",") in name for word in words)
