"""`offices`, `example-office`, `remove-office`: the offices of an installation, the first file, and the end of one."""

import json
import os
import sys
import zipfile
from argparse import Namespace
from pathlib import Path

from prepazka import clock, officefile
from prepazka.commands import UsageError
from prepazka.commands.offices import find_office, operator_name
from prepazka.store import offices, removal


def list_(_: Namespace) -> int:
    """Run `prepazka offices`: print the slug and the name of each office, one line each."""
    for slug, name in offices.names().items():
        print(f"{slug}: {name}")
    return 0


def example(_: Namespace) -> int:
    """Run `prepazka example-office`: print a commented office file to begin with."""
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # a TOML file is UTF-8 whatever the terminal
    sys.stdout.write(officefile.example())
    return 0


def remove(arguments: Namespace) -> int:
    """Run `prepazka remove-office SLUG FILE`: write all that belongs to an office to a file, then delete it."""
    office_id, archive = find_office(arguments.slug), Path(arguments.file)
    if archive.exists():
        raise UsageError(f"{archive}: is there already; choose another name")
    partial = archive.with_name(f".{archive.name}.part")
    try:
        _write_archive(partial, office_id)
        partial.rename(archive)
    finally:
        partial.unlink(missing_ok=True)
    removed = removal.remove(office_id, arguments.slug, clock.now(), operator_name())
    print(f"removed the office {arguments.slug}: {removed} rows; all of them are in {archive}")
    return 0


def _write_archive(file: Path, office_id: int) -> None:
    """Write the office's file, and each table as JSON lines, where only this user may read them."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        with zipfile.ZipFile(opened, "w", zipfile.ZIP_DEFLATED) as archive:
            try:
                archive.writestr("office.toml", officefile.dump(offices.load(office_id)))
            except offices.UnreadableOffice as error:
                archive.writestr("unreadable.txt", f"{error}\n")
            for table in removal.tables():
                with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as lines:
                    for row in removal.rows(table, office_id):
                        lines.write(json.dumps(row, ensure_ascii=False, default=str).encode() + b"\n")
        opened.flush()
        os.fsync(opened.fileno())
