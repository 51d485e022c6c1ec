"""`export-office` and `import-office`: an office moves to another installation with all that it has."""

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from prepazka import clock
from prepazka.commands import CommandFailed, UsageError
from prepazka.commands.its_office import find_office
from prepazka.commands.who import operator_name
from prepazka.flows import moving
from prepazka.flows.office_archive import ArchiveError, Manifest
from prepazka.store import moves
from prepazka.store.removal import OfficeGone


def export(arguments: Namespace) -> int:
    """Run `prepazka export-office SLUG FILE`."""
    office_id = find_office(arguments.slug)
    if arguments.reopen:
        return _reopen(office_id, arguments.slug)
    if not arguments.file:
        raise UsageError("say which file to write: prepazka export-office SLUG FILE")
    archive, close = Path(arguments.file), not arguments.copy
    if archive.exists():
        raise UsageError(f"{archive}: is there already; choose another name")
    bound = [one for one in moves.bound_numbers(office_id) if one.gateway]
    try:
        rows = moving.export_office(office_id, archive, clock.now(), operator_name(), close=close)
    except moving.StillWaiting as error:
        raise CommandFailed(
            f"{error} messages of the office {arguments.slug} are not answered yet; it can move when they are"
        ) from error
    except OfficeGone as error:
        raise CommandFailed(f"the office {arguments.slug} was removed meanwhile by somebody else") from error
    print(f"{archive}: the office {arguments.slug}, {rows} rows")
    if close:
        for one in bound:
            print(f"the gateway {one.gateway} takes in nothing for {one.number} any more")
        print("the office is closed here; what its gateways were given before is still sent")
        print(f"there: prepazka import-office {archive.name}")
        print(f"once it works there: prepazka remove-office {arguments.slug} FILE")
        print(f"if it stays here after all: prepazka export-office {arguments.slug} --reopen")
    return 0


def _reopen(office_id: int, slug: str) -> int:
    if moving.reopen_office(office_id, clock.now(), operator_name()):
        print(f"the office {slug} is open here again; bind its numbers to their gateways")
    else:
        print(f"the office {slug} was not closed")
    return 0


def take_in(arguments: Namespace) -> int:
    """Run `prepazka import-office FILE`."""
    try:
        done = moving.import_office(Path(arguments.file), clock.now(), operator_name())
    except ArchiveError as error:
        raise UsageError(f"{arguments.file}: {error}") from error
    print(f"imported the office {done.manifest.slug}: {done.rows} rows")
    if done.doubted:
        print(f"{done.doubted} messages that were not sent yet there are not sent here: there they may have been")
    print("to do here:")
    for line in _to_do(done.manifest):
        print(f"  {line}")
    return 0


# docs/spec/administration.md §12: "are told as to do"
def _to_do(manifest: Manifest) -> Iterator[str]:
    for one in manifest.gateways:
        was = f" (there: {one.gateway}, {one.kind})" if one.gateway else ""
        yield f"bind the number {one.number} to a gateway{was}: prepazka gateway set, then prepazka load-office"
    if any(one.kind == "http" for one in manifest.gateways):
        yield "make new tokens for the programs that call the HTTP API: prepazka gateway token"
    for person in manifest.accounts:
        yield f"prepazka user add {person.name} --office {manifest.slug} --role {person.role}"
    for device in manifest.devices:
        yield f"pair the {device.kind} {device.name} again: prepazka kiosk {device.name} --office {manifest.slug}"
    yield f"prepazka check --office {manifest.slug}"
