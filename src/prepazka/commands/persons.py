"""`person` and `erase`: prints or erases the personal data of one number, and erases data whose time is over."""

import json
from argparse import Namespace
from dataclasses import asdict

from prepazka import clock
from prepazka.commands import CommandFailed, UsageError, write_utf8
from prepazka.commands.its_office import ensure_office, find_office
from prepazka.commands.who import operator_name
from prepazka.core.delivery import REMEMBERED
from prepazka.flows.erasing import Erased, NotErased, erase_person
from prepazka.flows.folding import fold
from prepazka.flows.phone_numbers import e164
from prepazka.flows.retention import erase as erase_of_office
from prepazka.flows.retention import forget
from prepazka.store import offices, persons, register, traces


def person(arguments: Namespace) -> int:
    """Run `prepazka person NUMBER`: print the stored data as JSON; with --erase, erase it."""
    number = e164(arguments.number)
    if not number.startswith("+"):  # a fixed line may be kept for calling
        raise UsageError(f"{arguments.number!r} is no telephone number; write it like +420777123456")
    if arguments.cancel and not arguments.erase:
        raise UsageError("--cancel does nothing alone: give --erase, too, to cancel the bookings to come and erase all")
    if arguments.erase:
        ensure_office(needed=False)
    now, who, office_id = clock.now(), operator_name(), _scope(arguments)
    if arguments.erase:
        return _erase(number, office_id, cancel=arguments.cancel)
    register.note(office_id, now, who, "person exported", number)
    held = persons.held(number, office_id)
    write_utf8()
    print(json.dumps({"number": number} | held, ensure_ascii=False, indent=2, default=_to_json))
    return 0


def erase(arguments: Namespace) -> int:
    """Run `prepazka erase`: erase and fold what the schedule would by now, and print a report."""
    ensure_office(needed=False)
    now = clock.now()
    for slug in offices.slugs():
        office_id = offices.find(slug)
        if office_id is None:
            continue
        erased = asdict(erase_of_office(office_id, now))
        days = offices.load(office_id, even_moved=True).settings.erase_after_days
        print(f"{slug} ({days} days): " + ", ".join(f"{what} {count}" for what, count in erased.items()))
    forgotten = asdict(forget(now))
    folded = fold(now)
    traces.remove()
    print(f"old rows folded into figures: {folded}")
    print(f"gateways ({REMEMBERED.days} days): " + ", ".join(f"{what} {count}" for what, count in forgotten.items()))
    return 0


# docs/spec/safety.md §5.3: "One office's data never leave it"
def _scope(arguments: Namespace) -> int | None:
    """Return the office to stay within; None for the whole installation, which `--all` says where there are several.

    Raises: UsageError when there are several offices and neither is said.
    """
    slugs = offices.slugs()
    if arguments.all or (arguments.office is None and len(slugs) <= 1):
        return None
    if arguments.office is None:
        known = ", ".join(slugs)
        raise UsageError(f"say which office with --office, or --all for the whole installation; they are: {known}")
    return find_office(arguments.office)


def _erase(number: str, office_id: int | None, *, cancel: bool) -> int:
    match erase_person(number, office_id, clock.now(), operator_name(), cancel=cancel):
        case NotErased("to_come", count):
            raise CommandFailed(f"{count} bookings are still to come; --cancel cancels them first")
        case NotErased("late", count):
            raise CommandFailed(f"{count} bookings can no longer be cancelled: their office's deadline has passed")
        case Erased(rows, kept_by):
            print(f"erased from {rows} rows")
            if kept_by:
                where = ", ".join(kept_by)
                raise CommandFailed(f"what {where} keeps could not be erased: run this again once it can be reached")
    return 0


def _to_json(value: object) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
