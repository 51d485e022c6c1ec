"""`person` and `erase`: prints or erases the personal data of one number, and erases data whose time is over."""

import json
from argparse import Namespace
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from prepazka import clock
from prepazka.commands import CommandFailed, UsageError
from prepazka.commands.offices import ensure_office, operator_name
from prepazka.core.booking.cancel import Cancel
from prepazka.core.delivery import REMEMBERED
from prepazka.flows.booking.request import BookingRequest, submit
from prepazka.flows.phone_numbers import e164
from prepazka.flows.retention import erase as erase_of_office
from prepazka.flows.retention import forget
from prepazka.store import models, offices, persons


def person(arguments: Namespace) -> int:
    """Run `prepazka person NUMBER`: print the stored data as JSON; with --erase, erase it."""
    number = e164(arguments.number)
    if not number.startswith("+"):  # a fixed line may be kept for calling
        raise UsageError(f"{arguments.number!r} is no telephone number; write it like +420777123456")
    ensure_office()
    now = clock.now()
    if not arguments.erase:
        held = persons.held(number)
        _note("person shown", number, {name: len(rows) for name, rows in held.items() if rows}, now)
        print(json.dumps({"number": number} | held, ensure_ascii=False, indent=2, default=_to_json))
        return 0
    _cancel_bookings(number, now, cancel=arguments.cancel)
    with transaction.atomic():
        erased = persons.erase(number)
    _note("person erased", number, {"rows": erased}, now)
    print(f"erased from {erased} rows")
    return 0


def erase(arguments: Namespace) -> int:
    """Run `prepazka erase`: erase what the schedule would erase by now, and print a report."""
    ensure_office()
    now = clock.now()
    for slug in offices.slugs():
        office_id = offices.find(slug)
        if office_id is None:
            continue
        erased = asdict(erase_of_office(office_id, now))
        days = offices.load(office_id).settings.erase_after_days
        print(f"{slug} ({days} days): " + ", ".join(f"{what} {count}" for what, count in erased.items()))
    forgotten = asdict(forget(now))
    print(f"gateways ({REMEMBERED.days} days): " + ", ".join(f"{what} {count}" for what, count in forgotten.items()))
    return 0


def _cancel_bookings(number: str, now: datetime, *, cancel: bool) -> None:
    """Cancel the number's future bookings: without a name nobody could be called.

    Raises: CommandFailed when cancelling is not allowed by --cancel or by an office's deadline.
    """
    open_ = list(persons.to_come(number, now).values_list("office_id", "code", "day"))
    if open_ and not cancel:
        raise CommandFailed(f"{len(open_)} bookings are still to come; --cancel cancels them first")
    for office_id, code, day in open_:
        submit(office_id, BookingRequest(Cancel(code, day), "desk", confirm=False), now)
    left = persons.to_come(number, now).count()
    if left:
        raise CommandFailed(f"{left} bookings can no longer be cancelled: their office's deadline has passed")


def _note(what: str, number: str, details: dict[str, Any], now: datetime) -> None:
    """Write to the audit trail, with only the last digits of the number."""
    models.Audit.objects.create(
        at=now, who=operator_name(), what=what, details={"number": f"…{number[-3:]}", **details}
    )


def _to_json(value: object) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
