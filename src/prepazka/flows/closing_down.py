"""Closing an office down: everything that belongs to it is written to an archive, and then erased."""

import os
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from prepazka import officefile, private_files
from prepazka.flows import office_archive
from prepazka.store import offices, removal
from prepazka.store.office_rows import UnreadableOffice

ENDING = ".zip"


# docs/spec/administration.md §8: "Nothing is erased before the archive is whole and on the disk"
def close_down(office_id: int, slug: str, archive: Path, now: datetime, who: str) -> int:
    """Write all that belongs to the office to a new file that only this user may read, then delete the office.

    Return how many rows were deleted. The office is locked meanwhile, so the archive has exactly what is deleted; when
    either fails, nothing is deleted and there is no archive; one that is there already stays.

    Raises: OfficeGone when the office was closed down meanwhile; OSError.
    """
    with private_files.NewFile(archive) as new, transaction.atomic():
        removal.lock(office_id)
        write(new.partial, office_id)
        removed = removal.remove(office_id, slug, now, who)
        new.place()
    return removed


def new_archive(slug: str, now: datetime) -> Path:
    """Return where the archive of an office is kept that is closed down in the administration."""
    private_files.make_directory(_directory())
    return _directory() / f"{slug}-{now:%Y%m%d-%H%M%S}{ENDING}"


def archives() -> list[Path]:
    """Return those archives, the newest first."""
    return sorted(_directory().glob(f"*{ENDING}"), key=lambda path: path.stat().st_mtime, reverse=True)


# docs/spec/administration.md §8: "kept as long as a backup"
def forget_archives(now: datetime) -> int:
    """Delete archives that are older than backups may be; return how many."""
    oldest = (now - timedelta(days=settings.BACKUP_DAYS)).timestamp()
    old = [path for path in archives() if path.stat().st_mtime < oldest]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _directory() -> Path:
    return Path(settings.STATE) / "closed-offices"


def write(file: Path, office_id: int) -> int:
    """Write all that belongs to an office to a new file which only this user may read; return how many rows.

    Call it in a transaction that holds the office (`removal.lock`). Raises: OSError.
    """
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, private_files.FILE)
    with os.fdopen(descriptor, "wb") as opened:
        rows = office_archive.write(opened, _configuration(office_id), office_id)
        opened.flush()
        os.fsync(opened.fileno())
    return rows


def _configuration(office_id: int) -> tuple[str, str]:
    """Return the name and the text of the office's file, or why it cannot be written."""
    try:
        return "office.toml", officefile.dump(offices.load(office_id, even_moved=True))
    except UnreadableOffice as error:
        return "unreadable.txt", f"{error}\n"
