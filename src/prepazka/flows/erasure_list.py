"""The list of erasures as a file beside the database, so that it outlives the database that held it."""

import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import structlog
from django.conf import settings

from prepazka import private_files
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


def _line(row: ErasedRow) -> str:
    return json.dumps([row.kind, row.row, row.made_at.isoformat(), row.erased_at.isoformat()])


def _row(line: str) -> ErasedRow | None:
    try:
        kind, row, made_at, erased_at = json.loads(line)
        moments = [datetime.fromisoformat(made_at), datetime.fromisoformat(erased_at)]
        return ErasedRow(str(kind), int(row), *moments) if all(moment.tzinfo for moment in moments) else None
    except (ValueError, TypeError):
        return None
