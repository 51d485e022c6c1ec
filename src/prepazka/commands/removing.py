"""`offices`, `example-office`, `remove-office`: the offices of an installation, the first file, and the end of one."""

import sys
from argparse import Namespace
from pathlib import Path

from prepazka import clock, officefile
from prepazka.commands import UsageError
from prepazka.commands.offices import find_office, operator_name
from prepazka.flows.closing_down import close_down
from prepazka.store import offices


def list_(_: Namespace) -> int:
    """Run `prepazka offices`: print the slug and the name of each office, one line each."""
    for slug, name in offices.names().items():
        print(f"{slug}: {name}")
    return 0


def example(arguments: Namespace) -> int:
    """Run `prepazka example-office`: print a commented office file to begin with."""
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # a TOML file is UTF-8 whatever the terminal
    sys.stdout.write(officefile.example(arguments.language))
    return 0


def remove(arguments: Namespace) -> int:
    """Run `prepazka remove-office SLUG FILE`: write all that belongs to an office to a file, then delete it."""
    office_id, archive = find_office(arguments.slug), Path(arguments.file)
    if archive.exists():
        raise UsageError(f"{archive}: is there already; choose another name")
    removed = close_down(office_id, arguments.slug, archive, clock.now(), operator_name())
    print(f"removed the office {arguments.slug}: {removed} rows; all of them are in {archive}")
    return 0
