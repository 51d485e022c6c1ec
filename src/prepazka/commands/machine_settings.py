"""The settings of this machine, read by every command; root becomes the user they belong to. Needs no Django.

`prepazka setup` writes them to a file of root and the program's group. Whoever may read it works on the installation
with no more than the name of a command, and what root does leaves no file behind that the program cannot open.
"""

import errno
import grp
import os
import pwd
import re
import shlex
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from pathlib import Path

from prepazka.commands import CommandFailed

SETTINGS = Path("/etc/prepazka.env")
NAMED_BY = "PREPAZKA_ENV_FILE"
USER = "prepazka"
"""The program's, where `setup` has made it."""


# docs/spec/contract.md §1: "Every command reads the settings of its machine by itself"
def apply() -> None:
    """Take what the file sets and the environment does not, and become its user when root runs this.

    Raises: CommandFailed when the file cannot be read, or a line of it is no setting.
    """
    path = Path(os.environ.get(NAMED_BY) or SETTINGS)
    try:
        given = path.read_text("utf-8")
    except FileNotFoundError:
        if path != SETTINGS:
            raise CommandFailed(f"{NAMED_BY}: {path}: there is no such file") from None
        return
    except PermissionError:
        if not {"DATABASE_URL", "DATABASE_URL_FILE"} & os.environ.keys():  # or all is said without the file
            raise CommandFailed(_describe_unreadable(path)) from None
        return
    except IsADirectoryError:
        raise CommandFailed(f"{path}: this is a directory; {NAMED_BY} must name the file in it") from None
    except UnicodeDecodeError:
        raise CommandFailed(f"{path}: the file is no text in UTF-8; save it as UTF-8") from None
    lines = list(parse(given, path))
    found = dict(lines)
    names = [name for name, _ in lines]
    for name in sorted({name for name in names if names.count(name) > 1}):
        print(f"prepazka: {path}: {name} is set twice, and the last line counts; leave one out", file=sys.stderr)
    check_paths(found, path)
    if os.geteuid() == 0 and path == SETTINGS:
        refuse_roots_own(path)
    fill(os.environ, found)
    if os.geteuid() == 0 and (user := owner(path)):
        become(user)


def refuse_roots_own(path: Path) -> None:
    """Raises: CommandFailed for settings that were put back, as from another machine, without the program's group.

    The service could not read them, and what root makes by them would be root's alone.
    """
    if path.stat().st_gid == 0 and is_user(USER):
        fix = f"run: chown root:{USER} {path} && chmod 640 {path}"
        raise CommandFailed(f"{path}: it belongs to root alone, and the program runs as the user {USER}; {fix}")


def is_user(name: str) -> bool:
    """Whether the machine has a user of this name."""
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def parse(text: str, path: Path) -> Iterator[tuple[str, str]]:
    """Yield names and values as systemd reads an environment file: NAME=value, quotes around it, # for a remark.

    Raises: CommandFailed naming the line.
    """
    if text.startswith("\ufeff"):  # of an editor on Windows; systemd takes it for a part of the first name
        raise CommandFailed(f"{path}, line 1: a mark that is not seen stands first; save the file without a BOM")
    for number, line in enumerate(text.splitlines(), 1):
        written = line.strip()
        if not written or written.startswith(("#", ";")):
            continue
        name, equals, value = written.partition("=")
        if not equals or not name.strip().isidentifier() or "\0" in value:
            without = ", without export" if written.startswith("export ") else ""
            raise CommandFailed(f"{path}, line {number}: write NAME=value{without}")
        try:
            yield name.strip(), _unquote(value.strip())
        except ValueError:
            raise CommandFailed(f"{path}, line {number}: a quotation mark is not closed") from None


_PATHS = ("PREPAZKA_STATE", "PREPAZKA_ERASURES", "PREPAZKA_DAY_LISTS", "PREPAZKA_CLOCK")
_EXAMPLE = "sqlite:////var/lib/prepazka/urad.sqlite3"
_RELATIVE_DATABASE = re.compile(r"sqlite:///(?!/)")


def check_paths(given: Mapping[str, str], path: Path) -> None:
    """Raises: CommandFailed for a name that would mean another file in each directory a command is typed in."""
    for name, value in given.items():
        if (name in _PATHS or name.endswith("_FILE")) and value and not value.startswith("/"):
            raise CommandFailed(f"{path}: {name}: write the whole path from /, not {value}")
        if name == "DATABASE_URL" and _RELATIVE_DATABASE.match(value):
            raise CommandFailed(f"{path}: {name}: write the whole path of the file, such as {_EXAMPLE}")


def _unquote(value: str) -> str:
    return "".join(shlex.split(value)) if value.startswith(('"', "'")) else value


def fill(environment: MutableMapping[str, str], given: dict[str, str]) -> None:
    """Set what the environment does not set; its NAME wins over the file's NAME_FILE too, its NAME_FILE over NAME."""
    before = {name for name, value in environment.items() if value}
    for name, value in given.items():
        other = name.removesuffix("_FILE") if name.endswith("_FILE") else f"{name}_FILE"
        if not {name, other} & before:
            environment[name] = value


def owner(path: Path) -> pwd.struct_passwd | None:
    """Return the user the settings belong to: the one with the name of the file's group; None for root's own file."""
    group = path.stat().st_gid
    if group == 0:
        return None
    try:
        return pwd.getpwnam(grp.getgrgid(group).gr_name)
    except KeyError:
        return None


def become(user: pwd.struct_passwd) -> None:
    """Give up root's rights for good, for those of this user in all its groups."""
    os.initgroups(user.pw_name, user.pw_gid)
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
    os.umask(0o077)
    # What is found beside a home, such as PostgreSQL's password file, is the user's; who it was stays for the audit.
    os.environ["HOME"] = user.pw_dir
    if person := os.environ.get("SUDO_USER"):
        os.environ["LOGNAME"] = person
    _BECOME.append(user.pw_name)


_BECOME: list[str] = []


def hint(path: object) -> str:
    """Return what to do about a file that root could open, but not the user root became; "" for any other case."""
    if not _BECOME or not path:
        return ""
    return f"; commands of root run as the user {_BECOME[0]}: let it open that, or choose another place"


def file_fix(error: OSError, path: object = None) -> str:
    """Return what to do about a file that could not be opened or written, after a semicolon; "" for other errors."""
    if isinstance(error, PermissionError) and (fix := hint(path or error.filename)):
        return fix
    return f"; {_FILE_FIXES[error.errno]}" if error.errno in _FILE_FIXES else ""


_FILE_FIXES = {
    errno.ENOENT: "correct the name, or make it",
    errno.ENOTDIR: "correct the name: above it there is a file",
    errno.EISDIR: "name a file",
    errno.EACCES: "let this user open it, or choose another place",
    errno.ENOSPC: "make room on that disk: df -h shows which is full",
    errno.EEXIST: "choose another name",
    errno.EAGAIN: "wait for its end, or choose another name",
    errno.EROFS: "choose another place, or mount that one for writing",
}


def _describe_unreadable(path: Path) -> str:
    try:
        user = grp.getgrgid(path.stat().st_gid).gr_name
    except (KeyError, OSError):
        user = "prepazka"
    return (
        f"{path}: only root and {user} may read the settings of this machine; run: sudo prepazka …, "
        f"or sudo -u {user} prepazka … (to try the demo here: {NAMED_BY}=/dev/null)"
    )
