"""`setup`: makes an installed program a service of this machine: user, key, settings, units, proxy. Needs no Django.

Run again, it changes nothing that is right already, and never replaces the key, the settings or the proxy's file.
"""

import os
import pwd
import secrets
import shutil
import stat
import subprocess
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from prepazka.commands import CommandFailed, UsageError
from prepazka.commands.machine_settings import USER, check_paths, is_user, parse
from prepazka.commands.setup_files import (
    DATABASE,
    ENVIRONMENT,
    KEY,
    STATE,
    Installation,
    PlannedFile,
    environment_text,
    is_unseen,
    planned_files,
    units,
    written_places,
)


def setup(arguments: Namespace) -> int:
    """Run `prepazka setup`: do it, or with --dry-run print what would be done; --remove takes the service away."""
    if not arguments.dry_run and not arguments.root and os.geteuid() != 0:
        raise CommandFailed("setup makes a user and files in /etc: run it as root, or see what it does with --dry-run")
    machine = Machine(Path(arguments.root or "/"), dry_run=arguments.dry_run)
    if arguments.remove:
        _remove(machine)
        return 0
    installation = _describe(arguments, machine)
    machine.make_user()
    # A program in root's home, or with a Python there, starts for root alone.
    machine.run("runuser", "-u", USER, "--", str(installation.program), "--version")
    machine.make_state()
    machine.write(PlannedFile(KEY, f"{secrets.token_urlsafe(48)}\n", 0o640, group=True, keep=True), secret=True)
    kept = machine.settings()
    for file in planned_files(installation):
        machine.write(file)
    machine.run("systemctl", "daemon-reload")
    machine.run("systemctl", "enable", *units())
    corrections = _corrections(installation, kept, database=arguments.database is not None)
    print("\n".join([*_next_steps(installation), *corrections]))
    return 0


def _describe(arguments: Namespace, machine: "Machine") -> Installation:
    program = Path(sys.executable).parent / "prepazka"
    if not arguments.host:
        raise UsageError("say under which name people reach the pages: --host objednani.example")
    if not program.exists():
        raise CommandFailed(f"{program}: the program is not installed there; install it as docs/operations.md says")
    python = str(Path(sys.executable).resolve())
    if not arguments.root and (hidden := next(filter(is_unseen, (str(program), python)), None)):
        raise CommandFailed(f"the service cannot see {hidden}; install the program in /opt, as docs/operations.md says")
    wrong: list[str] = []
    new = Installation(
        _noting(wrong, _read_host, arguments.host),
        _noting(wrong, _read_database, DATABASE if arguments.database is None else arguments.database),
        program,
        arguments.proxy,
    )
    if wrong:
        raise UsageError(*wrong)
    settings = machine.settings() or dict(parse(environment_text(new), Path(ENVIRONMENT)))
    check_paths(settings, Path(ENVIRONMENT))
    return replace(new, writes=tuple(written_places(settings, machine.target(f"{STATE}/backups"))))


def _noting(wrong: list[str], read: Callable[[str], str], given: str) -> str:
    """Return what is read; "" where it is wrong, noted with what else is: all of it is told at once."""
    try:
        return read(given)
    except UsageError as error:
        wrong += error.args
        return ""


# What is written to the settings is not replaced by the next run: a mistake would stay.
def _read_host(given: str) -> str:
    """Return the host name as browsers send it. Raises: UsageError for anything else, such as an address."""
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 -- not needed for --remove

    from prepazka.process.environment import read_hosts  # noqa: PLC0415 -- the same

    try:
        host = read_hosts([given])[0]
    except (ImproperlyConfigured, IndexError) as error:
        raise UsageError(str(error).replace("PREPAZKA_HOSTS:", "--host:")) from None
    if host.startswith((".", "*")):
        raise UsageError(f"--host: {given!r} is no single name, such as objednani.example")
    return host


def _read_database(url: str) -> str:
    """Return the address of the database. Raises: UsageError, without telling a password."""
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 -- as above

    from prepazka.process import database, environment  # noqa: PLC0415 -- as above
    from prepazka.store.time_limits import TimeLimits  # noqa: PLC0415 -- as above

    try:
        database.configure(environment.Environment(), url, TimeLimits())
    except ImproperlyConfigured as error:
        raise UsageError(str(error).replace("DATABASE_URL", "--database", 1)) from None
    if not url.isprintable():
        raise UsageError("--database: write it in one line")
    return url


def _next_steps(installation: Installation) -> Iterator[str]:
    """Yield what only a person can do."""
    command = installation.program
    yield f"next, as root (each command reads {ENVIRONMENT} and runs as the user {USER}):"
    match installation.proxy:
        case "nginx":
            yield "  ln -s ../sites-available/prepazka /etc/nginx/sites-enabled/ && systemctl reload nginx"
            yield f"  certbot --nginx -d {installation.host}"
        case "caddy":
            yield "  echo 'import /etc/caddy/prepazka.caddy' >> /etc/caddy/Caddyfile && systemctl reload caddy"
        case "none":
            yield "  # no proxy: the pages answer on this machine only, until one is in front of port 8000"
    yield f"  systemctl start {' '.join(units())}"
    yield f"  {command} user first-link     # open it in a browser: the operator's account, then the first office"
    yield f"  {command} check"


def _corrections(installation: Installation, kept: Mapping[str, str], *, database: bool) -> Iterator[str]:
    """Yield what the settings that were there say otherwise than this run: they are not replaced.

    database: whether this run has named one. Without a proxy of ours, there may be another one in front.
    """
    wanted = dict(parse(environment_text(installation), Path(ENVIRONMENT)))
    asked = {"DATABASE_URL": database, "PREPAZKA_HTTPS": installation.proxy != "none"}
    names = [
        name
        for name in _ASKED_FOR
        if name in wanted and asked.get(name, True) and not _says(kept.get(name, ""), wanted[name])
    ]
    if kept and names:
        yield f"kept, and to be changed by you in {ENVIRONMENT}, each in its one line; then systemctl restart {USER}:"
        yield from (f"  {name}={_with(kept.get(name, ''), wanted[name], name)}" for name in names)


# What the options of a run set.
_ASKED_FOR = ("DATABASE_URL", "PREPAZKA_HOSTS", "PREPAZKA_HTTPS", "PREPAZKA_PROXIES")
_SEVERAL = frozenset({"PREPAZKA_HOSTS", "PREPAZKA_PROXIES"})


def _says(kept: str, wanted: str) -> bool:
    return wanted in [one.strip().lower() for one in kept.split(",")] or wanted == kept


def _with(kept: str, wanted: str, name: str) -> str:
    """Return the value that has what is wanted, beside what is there where there may be several."""
    return f"{kept},{wanted}" if kept and name in _SEVERAL else wanted


def _remove(machine: "Machine") -> None:
    machine.run("systemctl", "disable", "--now", *units())
    for file in planned_files(Installation("", "", Path(), "none")):
        if file.path != ENVIRONMENT:
            machine.delete(file.path)
    machine.run("systemctl", "daemon-reload")
    print(f"kept, because they are yours: {STATE}, {ENVIRONMENT}, {KEY}, the proxy's file, the user {USER}")


class Machine:
    """The machine that is set up, or with a root the directory of an image; each step is printed before it is done."""

    def __init__(self, root: Path, *, dry_run: bool) -> None:
        self._root = root
        self._dry_run = dry_run
        self._image = root != Path("/")

    def make_user(self) -> None:
        """Make the user the program runs as, unless there is one."""
        if self._image or not is_user(USER):
            self.run("adduser", "--system", "--group", "--home", STATE, "--no-create-home", USER)

    def make_state(self) -> None:
        """Make the directory of the database, for its user only."""
        path = self._place(STATE)
        if self._say("directory", STATE, done=path.is_dir()):
            path.mkdir(parents=True, mode=0o700)
            self._own(path, USER)

    def write(self, file: PlannedFile, *, secret: bool = False) -> None:
        """Write a file, unless it is right, or there and to be kept."""
        path = self._place(file.path)
        there = path.exists()
        if there and file.group:
            self._see_to_mode(path, file)
        right = there and (file.keep or path.read_bytes() == file.text.encode())
        if not self._say("file", f"{file.path} {file.mode:04o}", done=right):
            if self._dry_run and not right and not secret:
                print(_indent(file.text))
            return
        _make_directories(path.parent)
        partial = path.with_name(f".{path.name}.part")
        partial.touch(mode=0o600)
        partial.write_text(file.text, "utf-8")
        partial.chmod(file.mode)
        if file.group:
            self._own(partial, "root")
        partial.rename(path)

    def _see_to_mode(self, path: Path, file: PlannedFile) -> None:
        """Give the program's group what was there before and it may not read, as a key that was brought back."""
        found = path.stat()
        ours = self._image or (is_user(USER) and (found.st_uid, found.st_gid) == (0, pwd.getpwnam(USER).pw_gid))
        if ours and stat.S_IMODE(found.st_mode) == file.mode:
            return
        if self._say("mode", f"{file.path} {file.mode:04o} root:{USER}", done=False):
            self._own(path, "root")
            path.chmod(file.mode)

    def read(self, name: str) -> str | None:
        """Return the text of a file; None when there is none, or none that this user may read in a dry run.

        Raises: CommandFailed when it is no text.
        """
        try:
            return self._place(name).read_text("utf-8")
        except (FileNotFoundError, PermissionError):
            return None
        except UnicodeDecodeError:
            raise CommandFailed(f"{name}: the file is no text in UTF-8; save it as UTF-8") from None

    def settings(self) -> dict[str, str]:
        """Return the settings that are there; empty where there are none."""
        return dict(parse(self.read(ENVIRONMENT) or "", Path(ENVIRONMENT)))

    def target(self, name: str) -> str:
        """Return where a link leads, or the name itself."""
        try:
            return os.path.normpath(Path(name).parent / self._place(name).readlink())
        except OSError:
            return name

    def delete(self, name: str) -> None:
        """Delete a file."""
        path = self._place(name)
        if self._say("delete", name, done=not path.exists()):
            path.unlink()

    def run(self, *command: str) -> None:
        """Run a command of the machine; in an image, where nothing runs, it is only printed."""
        if not self._say("run", " ".join(command), done=False) or self._image:
            return
        try:
            subprocess.run(command, check=True)  # noqa: S603 -- one of the commands above
        except (OSError, subprocess.CalledProcessError) as error:
            reason = error.strerror if isinstance(error, OSError) else f"ended with {error.returncode}"
            raise CommandFailed(f"{' '.join(command)}: {reason}; mend that, and run setup again") from error

    def _place(self, name: str) -> Path:
        return self._root / name.lstrip("/")

    def _own(self, path: Path, user: str) -> None:
        if not self._image:
            shutil.chown(path, user, USER)

    def _say(self, kind: str, what: str, *, done: bool) -> bool:
        """Print a step; return whether it is to be done now."""
        print(f"{'right' if done else 'would' if self._dry_run else 'now':<6}{kind:<10}{what}")
        return not done and not self._dry_run


def _make_directories(directory: Path) -> None:
    """Make a directory of the system as packages do, whatever the umask: they find it there and leave it as it is."""
    for missing in reversed([one for one in (directory, *directory.parents) if not one.exists()]):
        missing.mkdir()
        missing.chmod(0o755)


def _indent(text: str) -> str:
    return "\n".join(f"      | {line}" for line in text.splitlines())
