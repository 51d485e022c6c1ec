"""Reads the files of smstools3's smsd, whose content is untrusted."""

import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from prepazka.gateways.parts import Header, read_header, ucs2_decode

# Coarser than the times of any file system, and longer than a network's file system keeps them to itself.
SETTLED = 4.0
READ_EVERY = 10.0
# An SMS has 160 characters, a long one at most 255 times that.
_SIZE = 128 * 1024


@dataclass(frozen=True, slots=True)
class File:
    """A parsed file of smsd. headers: by lower-case name, the first of each name; body: None without the empty line
    before it."""

    path: Path
    headers: Mapping[str, str]
    body: bytes | None
    modified_at: datetime

    @property
    def text(self) -> str:
        """The decoded text."""
        body = self.body or b""
        if self.headers.get("alphabet", "").upper().startswith("UCS"):
            return ucs2_decode(body)
        return body.decode("utf-8", "replace")

    @property
    def complete(self) -> bool:
        """Whether the text has the length the headers give."""
        length = self.headers.get("length", "")
        return self.body is not None and (not length.isdecimal() or len(self.text) >= int(length[:6]))

    @property
    def sender(self) -> str:
        """The sender's number; smsd omits the + and gives the type of the number."""
        number = self.headers.get("from", "")
        international = self.headers.get("from_toa", "").startswith("91")
        return f"+{number}" if international and number.isdecimal() else number

    @property
    def part(self) -> Header | None:
        """The position of a part in a longer message; None for a message of one part."""
        try:
            header, _ = read_header(bytes.fromhex(self.headers.get("udh-data", "")))
        except ValueError:
            return None
        return header if header and header.total > 1 else None


class Quiet:
    """Whether anything came into, or left, some directories since they were read; their times tell it without reading.

    A name that comes in the same moment as the one before it leaves the time as it is: the directories count as quiet
    only when they were read and nothing was found, `SETTLED` seconds after their times were first seen. Times of
    directories say nothing of files that are written on, so all is read every `READ_EVERY` seconds.
    """

    def __init__(self, directories: Sequence[Path]) -> None:
        self._directories = directories
        self._times: list[int] = []
        self._seen = self._read = 0.0
        self._settled = False

    def look(self, now: float) -> bool:
        """Return whether they need not be read. now: seconds of a clock that is never set. Raises: OSError."""
        times = [directory.stat().st_mtime_ns for directory in self._directories]
        if times != self._times:
            self._times, self._seen, self._settled = times, now, False
        return self._settled and now - self._read < READ_EVERY

    def was_read(self, began: float, *, empty: bool) -> None:
        """Note that they were read after a look at `began`, and whether nothing was found."""
        self._read = began
        self._settled = empty and began - self._seen >= SETTLED


def spool_files(directory: Path) -> list[Path]:
    """Return the files in a directory except smsd's temporary ones. Raises: OSError."""
    with os.scandir(directory) as entries:
        return [
            Path(entry.path)
            for entry in entries
            if not entry.name.startswith(".")
            and not entry.name.endswith((".LOCK", "-concatenated"))
            and entry.is_file(follow_symlinks=False)
        ]


def modified_at(path: Path) -> datetime | None:
    """Return when a file was written; None when it is gone."""
    try:
        return datetime.fromtimestamp(path.lstat().st_mtime, UTC)
    except OSError:
        return None


def read(path: Path) -> File | None:
    """Parse a file; return None when it is gone or not a regular file."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode):
            return None
        content = file.read(_SIZE)
    head, empty_line, body = content.partition(b"\n\n")
    headers: dict[str, str] = {}
    for line in head.decode("utf-8", "replace").split("\n"):
        name, colon, value = line.partition(":")
        if colon:
            headers.setdefault(name.strip().lower(), value.strip())
    return File(path, headers, body if empty_line else None, datetime.fromtimestamp(state.st_mtime, UTC))


def sync(directory: Path) -> None:
    """Make renamed and deleted names in a directory survive a power cut."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
