"""`remove-office`: the end of an office."""

from argparse import Namespace
from pathlib import Path

from prepazka import clock
from prepazka.commands import CommandFailed, UsageError
from prepazka.commands.its_office import find_office
from prepazka.commands.who import operator_name
from prepazka.flows.closing_down import close_down
from prepazka.store.removal import OfficeGone


def remove(arguments: Namespace) -> int:
    """Run `prepazka remove-office SLUG FILE`: write all that belongs to an office to a file, then delete it."""
    office_id, archive = find_office(arguments.slug), Path(arguments.file)
    if archive.exists():
        raise UsageError(f"{archive}: is there already; choose another name")
    try:
        removed = close_down(office_id, arguments.slug, archive, clock.now(), operator_name())
    except OfficeGone as error:
        raise CommandFailed(f"the office {arguments.slug} was removed meanwhile by somebody else") from error
    print(f"removed the office {arguments.slug}: {removed} rows; all of them are in {archive}")
    return 0
