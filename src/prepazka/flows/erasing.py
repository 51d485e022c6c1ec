"""Erasing a person on request: the command and the administration come through here.

`erasure_list` keeps the person erased when a backup made before is restored.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import transaction

from prepazka.core.booking.cancel import Cancel
from prepazka.flows import erasure_list
from prepazka.flows.booking.request import BookingRequest, submit
from prepazka.flows.peers_memory import forget_person
from prepazka.store import persons, register, traces


@dataclass(frozen=True, slots=True)
class Erased:
    """The person is erased from so many rows. kept_by: the gateways whose peers may still keep messages."""

    rows: int
    kept_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotErased:
    """Nothing is erased: so many bookings are to come. late: their office's deadline for cancelling has passed."""

    why: Literal["to_come", "late"]
    bookings: int


# docs/spec/safety.md §5.3: "Bookings to come are cancelled first"
def erase_person(
    number: str, office_id: int | None, now: datetime, who: str, *, cancel: bool = False
) -> Erased | NotErased:
    """Erase everything that is held of a number in an office, or (None) in all; register who did it.

    cancel: whether bookings to come are cancelled first; a place held for nobody serves nobody.
    """
    open_ = list(persons.to_come(number, office_id, now).values_list("office_id", "code", "day"))
    if open_ and not cancel:
        return NotErased("to_come", len(open_))
    for office, code, day in open_:
        submit(office, BookingRequest(Cancel(code, day), "desk", confirm=False, by=who), now)
    if left := persons.to_come(number, office_id, now).count():
        return NotErased("late", left)
    with transaction.atomic():
        count = persons.erase(number, office_id, now)
        register.note(office_id, now, who, "person erased", number, rows=count)
    traces.remove()
    erasure_list.keep()
    return Erased(count, forget_person(number, office_id, now))
