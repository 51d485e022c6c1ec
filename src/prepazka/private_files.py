"""Files that only their owner may open, whatever the umask: they hold names, numbers and keys."""

import os
import stat
from pathlib import Path

FILE, DIRECTORY, SHARED = 0o600, 0o700, 0o2770
"""The modes of a file, of a directory, and of a directory that is shared with the group of another daemon."""

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def make_directory(path: Path) -> None:
    """Make a directory and those above it that are missing; those that exist stay as they are."""
    for missing in reversed([one for one in (path, *path.parents) if not one.exists()]):
        missing.mkdir(DIRECTORY, exist_ok=True)
        missing.chmod(DIRECTORY)


def make_file(path: Path) -> None:
    """Make an empty file, or take from others the access to the one that is there. Raises: OSError."""
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, FILE))
    path.chmod(FILE)


def exposed(path: Path) -> bool:
    """Whether somebody else than the owner may open the file or enter the directory; a shared one only its group."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return bool(mode & _closed_to(mode))


def close(path: Path) -> None:
    """Take from others the access to a file or directory, if it is there and ours."""
    if exposed(path) and path.stat().st_uid == os.geteuid():
        mode = stat.S_IMODE(path.stat().st_mode)
        path.chmod(mode & ~_closed_to(mode))


def _closed_to(mode: int) -> int:
    """Return whom a path is closed to: a directory that hands its group on is shared with that group on purpose."""
    return stat.S_IRWXO if mode & stat.S_ISGID else _OTHERS
