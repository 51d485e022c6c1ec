"""Files that only their owner may open, whatever the umask: they hold names, numbers and keys."""

import errno
import fcntl
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Self

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


# docs/spec/safety.md §5.1: "one makes the secret key, and all others read that one, whole"
def make_once(path: Path, text: Callable[[], str]) -> bool:
    """Make a file that nobody ever sees in part, in a directory that is there; return whether this call made it.

    Of any number of processes one makes it, and the others find it whole. An empty file is none: whoever was to write
    it was killed. text: what it shall hold, made only by who makes it. Raises: OSError.
    """
    directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(directory, fcntl.LOCK_EX)  # until it is closed
        if path.exists() and path.stat().st_size:
            return False
        new = path.with_name(f"{path.name}.new")
        with open(new, "w", encoding="ascii", opener=_open_private) as file:
            file.write(text())
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
        os.fsync(directory)
    finally:
        os.close(directory)
    return True


# docs/spec/safety.md §5.1: "get their name when they are whole and on the disk"
class NewFile:
    """A new file that nobody sees before it is whole: it is written at `partial`, and `place` gives it its name.

    Of several processes that write the same file at once one does, and the others are refused: whoever came second
    would take away what the first is writing. Left without `place`, or with an error, it leaves nothing behind.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.partial = path.with_name(f".{path.name}.part")
        self._descriptor = -1
        self._placed = False

    def __enter__(self) -> Self:
        """Begin. Raises: FileExistsError when the file is there, BlockingIOError when it is being written; OSError."""
        while self._descriptor < 0:
            try:
                descriptor = os.open(self.partial, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, FILE)
            except OSError as error:  # of its directory: nobody knows the name that we gave it
                raise type(error)(error.errno, error.strerror, str(self._path.parent)) from None
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
                raise BlockingIOError(errno.EAGAIN, "is being written by another command", str(self._path)) from None
            if _is_at(descriptor, self.partial):
                self._descriptor = descriptor
            else:  # whoever wrote it has just given it its name
                os.close(descriptor)
        if os.path.lexists(self._path):
            self._end()
            raise FileExistsError(errno.EEXIST, "is there already", str(self._path))
        os.ftruncate(self._descriptor, 0)  # what a killed process left
        self.partial.chmod(FILE)
        return self

    def place(self) -> None:
        """Give the file its name, and see that both are on the disk. Raises: OSError."""
        os.fsync(self._descriptor)
        self.partial.rename(self._path)
        self._placed = True
        directory = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        # After an interruption nobody knows whether what the file was written for was done before: it stays.
        if kind is not None and issubclass(kind, Exception) and self._placed:
            self._path.unlink(missing_ok=True)
        self._end()

    def _end(self) -> None:
        if not self._placed:
            self.partial.unlink(missing_ok=True)
        os.close(self._descriptor)


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, FILE)


def exposed(path: Path) -> bool:
    """Whether somebody else than the owner may open the file or enter the directory; a shared one only its group.

    A device, such as /dev/null in the place of a file, is everybody's: a machine where it is closed works no more.
    """
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return (stat.S_ISREG(mode) or stat.S_ISDIR(mode)) and bool(mode & _closed_to(mode))


# docs/spec/safety.md §5.1: "A directory everybody on the machine needs"
def is_of_the_system(path: Path) -> bool:
    """Whether everybody needs this directory, such as / or /var/lib: a machine where it is closed works no more."""
    match path.absolute().parts[1:]:
        case ():
            return True
        case (first,):
            return first in _AT_THE_TOP
        case ("usr" | "var", second):
            return second in _BELOW
    return False


# The directories of the File Hierarchy Standard: in /, and in /usr and /var.
_AT_THE_TOP = set("bin boot dev etc home lib lib32 lib64 media mnt opt proc root run sbin srv sys tmp usr var".split())  # noqa: SIM905 -- words are easier to read
_BELOW = set("backups bin cache games include lib lib64 local lock log mail opt run sbin share spool src tmp".split())  # noqa: SIM905 -- the same


def close(path: Path) -> None:
    """Take from others the access to a file or directory, if it is there and ours; never to one of the system."""
    if is_of_the_system(path):
        return
    if exposed(path) and path.stat().st_uid == os.geteuid():
        mode = stat.S_IMODE(path.stat().st_mode)
        path.chmod(mode & ~_closed_to(mode))


def _closed_to(mode: int) -> int:
    """Return whom a path is closed to: a directory that hands its group on is shared with that group on purpose."""
    return stat.S_IRWXO if mode & stat.S_ISGID else _OTHERS
