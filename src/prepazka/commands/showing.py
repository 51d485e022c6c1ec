"""`offices`, `dump-office`, `example-office`: commands that only show what there is."""

import sys
from argparse import Namespace

from prepazka.commands import write_utf8
from prepazka.commands.its_office import find_office
from prepazka.store import offices


def list_(_: Namespace) -> int:
    """Run `prepazka offices`: print the slug and the name of each office, one line each."""
    for slug, name in offices.names().items():
        print(f"{slug}: {name}")
    return 0


def dump(arguments: Namespace) -> int:
    """Run `prepazka dump-office`."""
    write_utf8()
    from prepazka import officefile  # noqa: PLC0415 -- reading office files loads much, and `offices` reads none

    sys.stdout.write(officefile.dump(offices.load(find_office(arguments.office))))
    return 0


def example(arguments: Namespace) -> int:
    """Run `prepazka example-office`: print a commented office file to begin with."""
    write_utf8()
    from prepazka import officefile  # noqa: PLC0415 -- as above

    sys.stdout.write(officefile.example(arguments.language))
    return 0
