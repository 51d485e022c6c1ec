"""An office moves to another installation: it is written and closed here, and taken in there, whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import DataError, IntegrityError, transaction

from prepazka import private_files
from prepazka.flows.closing_down import write
from prepazka.flows.office_archive import Archive, ArchiveError, Manifest
from prepazka.store import moves, offices, removal, transfer


class StillWaiting(Exception):
    """Messages of the office wait to be handled: it can move when they are answered. The argument is how many."""


# docs/spec/administration.md §12: "The archive is whole and on the disk before the office is closed"
def export_office(office_id: int, archive: Path, now: datetime, who: str, *, close: bool) -> int:
    """Write an office to a new archive and (`close`) close it here; return how many rows were written.

    Raises: StillWaiting, OfficeGone, OSError; then there is no new archive, and the office is as it was.
    """
    with private_files.NewFile(archive) as new, transaction.atomic():
        removal.lock(office_id)
        if close and (count := moves.waiting(office_id)):
            raise StillWaiting(count)
        rows = write(new.partial, office_id)
        moves.note(office_id, now, who, "office moved away" if close else "office exported", rows=rows)
        if close:
            moves.close(office_id, now)
        new.place()
    return rows


def reopen_office(office_id: int, now: datetime, who: str) -> bool:
    """Open an office again that was closed to move; return whether it was."""
    with transaction.atomic():
        opened = moves.reopen(office_id)
        if opened:
            moves.note(office_id, now, who, "office opened again")
    return opened


@dataclass(frozen=True, slots=True)
class Imported:
    """An office was taken in. rows: how many; doubted: of how many messages nobody knows whether they were sent."""

    manifest: Manifest
    rows: int
    doubted: int


# docs/spec/administration.md §12: "in one transaction: whatever ends it half way, nothing of it is there"
def import_office(archive: Path, now: datetime, who: str) -> Imported:
    """Take in an office whole, with all its rows.

    Raises: ArchiveError when the archive is not whole, of a newer version, or its office is here already; OSError.
    """
    with Archive(archive) as opened, transaction.atomic():
        manifest = opened.manifest
        with _reading("office"):
            _check_room(opened)
            renewal = transfer.Renewal(manifest.slug, opened.numbers())
        rows = 0
        for table in transfer.travelling():
            with _reading(table.name):
                rows += renewal.insert(table, opened.rows(table.name))
        doubted = moves.doubt_unsent(renewal.office_id)
        moves.note(renewal.office_id, now, who, "office moved in", rows=rows)
        return Imported(manifest, rows, doubted)


@contextmanager
def _reading(table: str) -> Iterator[None]:
    """Raises: ArchiveError for what is no row of this table, though its file is the one that the manifest names."""
    try:
        yield
    except transfer.UnknownRow as error:
        raise ArchiveError(str(error)) from error
    # docs/spec/administration.md §12: "rows that are none of its tables"
    except (IntegrityError, DataError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise ArchiveError(f"{table} has a row that does not belong there; export the office again") from error


# docs/spec/administration.md §12: "an office whose address is here already; a number that another office has"
def _check_room(archive: Archive) -> None:
    """Check that there is room for the office: by its rows, since they are what is taken in."""
    slugs = [row["slug"] for row in archive.rows("office")]
    if slugs != [archive.manifest.slug]:
        raise ArchiveError("its manifest is that of another office; export the office again")
    if offices.find(slugs[0]) is not None:
        raise ArchiveError(f"there is an office {slugs[0]} here already; nothing was changed")
    if taken := moves.owner_of([row["e164"] for row in archive.rows("number")]):
        number, slug = taken
        raise ArchiveError(f"the number {number} belongs to the office {slug} here; take it from there first")
