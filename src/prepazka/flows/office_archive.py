"""The archive of an office: a zip with its file, each of its tables as JSON lines, and a manifest with their hashes."""

import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, NoReturn

from prepazka.store import moves, removal, schema, transfer

FORMAT = 1
"""Grows when an older version could not read the archive."""

MANIFEST, NUMBERS = "manifest.json", "numbers.json"
_ENDING = ".jsonl"
_CHUNK = 1 << 20


class ArchiveError(Exception):
    """An archive that cannot be imported; the argument says which part of it, and what to do."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says of itself. hashes: of its files, SHA-256; rows: of each table, how many.

    gateways, accounts, devices: what stays behind when the office moves, each as its list names it.
    """

    slug: str
    rows: Mapping[str, int]
    hashes: Mapping[str, str]
    gateways: tuple[moves.Bound, ...]
    accounts: tuple[moves.Role, ...]
    devices: tuple[moves.Device, ...]


def write(file: IO[bytes], configuration: tuple[str, str], office_id: int) -> int:
    """Write all that belongs to an office; return how many rows. configuration: the name and text of its file."""
    rows: dict[str, int] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        hashes = dict(
            _add(archive, name, text)
            for name, text in (configuration, (NUMBERS, json.dumps(transfer.numbers_by_hash(office_id))))
        )
        for table in removal.tables():
            name = f"{table.name}{_ENDING}"
            rows[table.name], hashes[name] = _write_table(archive, name, table, office_id)
        archive.writestr(MANIFEST, json.dumps(_manifest(office_id, rows, hashes), ensure_ascii=False, indent=1))
    return sum(rows.values())


def _add(archive: zipfile.ZipFile, name: str, text: str) -> tuple[str, str]:
    archive.writestr(name, text)
    return name, sha256(text.encode()).hexdigest()


def _write_table(archive: zipfile.ZipFile, name: str, table: removal.Table, office_id: int) -> tuple[int, str]:
    count, digest = 0, sha256()
    with archive.open(name, "w", force_zip64=True) as lines:
        for row in removal.rows(table, office_id):
            line = json.dumps(row, ensure_ascii=False, default=transfer.plain).encode() + b"\n"
            lines.write(line)
            digest.update(line)
            count += 1
    return count, digest.hexdigest()


def _manifest(office_id: int, rows: Mapping[str, int], hashes: Mapping[str, str]) -> Mapping[str, Any]:
    return {
        "format": FORMAT,
        "schema": schema.latest(),
        "slug": moves.slug(office_id),
        "rows": rows,
        "sha256": hashes,
        "gateways": moves.bound_numbers(office_id),
        "accounts": moves.roles(office_id),
        "devices": moves.devices(office_id),
    }


class Archive:
    """An archive that is whole: every file in it is the one its manifest names."""

    def __init__(self, path: Path) -> None:
        """Open and check it. Raises: ArchiveError, OSError."""
        try:
            self._zip = zipfile.ZipFile(path)
        except zipfile.BadZipFile:
            _refuse("is cut off, or no archive of an office")
        try:
            self.manifest = self._read_manifest()
            self._check()
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def rows(self, table: str) -> Iterator[Mapping[str, Any]]:
        """Yield the rows of a table; none of one that its version did not have."""
        if table in self.manifest.rows:
            with self._zip.open(f"{table}{_ENDING}") as lines:
                yield from map(json.loads, lines)

    def numbers(self) -> Mapping[str, str]:
        """Return the numbers behind the hashes of the register of access."""
        found: Mapping[str, str] = json.loads(self._zip.read(NUMBERS))
        return found

    def _read_manifest(self) -> Manifest:
        try:
            kept = json.loads(self._zip.read(MANIFEST))
        except KeyError:
            _refuse(
                "has no manifest: it is not the file that export-office wrote, or of a version that could not move "
                "offices yet"
            )
        except RuntimeError:
            _refuse("is encrypted, or packed in another way; import the very file that export-office wrote")
        except (ValueError, zipfile.BadZipFile, zlib.error):
            _refuse(f"{MANIFEST} is damaged")
        try:
            return self._understood(kept)
        except (AttributeError, KeyError, TypeError):
            _refuse(f"{MANIFEST} is damaged")

    def _understood(self, kept: Mapping[str, Any]) -> Manifest:
        """Raises: ArchiveError; AttributeError, KeyError or TypeError for what is no manifest."""
        # docs/spec/administration.md §12: "of a newer format, or of newer tables"
        if kept["format"] > FORMAT:
            _refuse(f"has format {kept['format']}, this version reads up to {FORMAT}; install a newer one here")
        if not schema.knows(kept["schema"]):
            _refuse(f"was written by a newer version ({kept['schema']}); install that version here, or a later one")
        return Manifest(
            slug=kept["slug"],
            rows=dict(kept["rows"].items()),
            hashes=dict(kept["sha256"].items()),
            gateways=tuple(moves.Bound(*one) for one in kept["gateways"]),
            accounts=tuple(moves.Role(*one) for one in kept["accounts"]),
            devices=tuple(moves.Device(*one) for one in kept["devices"]),
        )

    def _check(self) -> None:
        missing = {f"{table}{_ENDING}" for table in self.manifest.rows} | {NUMBERS}
        if unnamed := sorted(missing - self.manifest.hashes.keys()):
            _refuse(f"{MANIFEST} does not name {unnamed[0]}")
        for name, expected in self.manifest.hashes.items():
            if self._digest(name) != expected:
                _refuse(f"{name} is not what was written: the archive was altered or damaged; export the office again")

    def _digest(self, name: str) -> str:
        digest = sha256()
        try:
            with self._zip.open(name) as file:
                while chunk := file.read(_CHUNK):
                    digest.update(chunk)
        except KeyError:
            _refuse(f"{name} is missing; export the office again")
        except (zipfile.BadZipFile, zlib.error, EOFError):
            return ""
        return digest.hexdigest()


def _refuse(why: str) -> NoReturn:
    raise ArchiveError(why)
