"""The list of erasures as a file beside the database, so that it outlives the database that held it.

It is applied again by the start of a serving process, before anybody is served, and after a restore.
"""

import json
import os
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import structlog
from django.conf import settings
from django.db import transaction

from prepazka import private_files
from prepazka.store import erasures, traces
from prepazka.store.erasures import ErasedRow

log = structlog.get_logger()


def read(path: Path | None = None) -> list[ErasedRow]:
    """Return the rows of the file, by default that of the settings; a line that is none, as after a full disk, is left.

    Raises: OSError, except when the file of the settings is not there.
    """
    try:
        lines = (path or settings.ERASURES).read_text("utf-8").splitlines()
    except FileNotFoundError:
        if path:
            raise
        return []
    found = [row for line in lines if (row := _row(line))]
    if len(found) < len(lines):
        log.warning("lines of the list of erasures cannot be read", lines=len(lines) - len(found))
    return found


def write(rows: Sequence[ErasedRow]) -> None:
    """Replace the file of the settings by one with these rows, whole or not at all. Raises: OSError."""
    path: Path = settings.ERASURES
    private_files.make_directory(path.parent)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    private_files.make_file(partial)
    with partial.open("w", encoding="utf-8") as file:
        file.writelines(f"{_line(row)}\n" for row in rows)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def keep() -> None:
    """Write the list of erasures to its file; while the disk refuses, the worker tries again every hour."""
    with suppress(OSError):
        write(erasures.listed())


# docs/spec/safety.md §5.3: "applied again before anybody is served"
def reapply(now: datetime, others: Collection[ErasedRow] = ()) -> int:
    """Erase again who was erased since the backup that is the database now; return from how many rows.

    others: rows of lists elsewhere, such as of the database that the backup replaced.
    """
    with transaction.atomic():
        erasures.add([*others, *read()])
        count = erasures.apply(erasures.listed(), now)
    if count:
        traces.remove()
    keep()
    return count


def _line(row: ErasedRow) -> str:
    return json.dumps([row.kind, row.row, row.made_at.isoformat(), row.erased_at.isoformat()])


def _row(line: str) -> ErasedRow | None:
    try:
        kind, row, made_at, erased_at = json.loads(line)
        moments = [datetime.fromisoformat(made_at), datetime.fromisoformat(erased_at)]
        return ErasedRow(str(kind), int(row), *moments) if all(moment.tzinfo for moment in moments) else None
    except (ValueError, TypeError):
        return None
