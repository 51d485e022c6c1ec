"""`backup`, `restore` and `restored`: the whole database as one file, and what follows a database that went back.

SQLite is copied by its own online backup while the office works; PostgreSQL by its own pg_dump and pg_restore.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
from argparse import Namespace
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from psycopg.conninfo import make_conninfo
from psycopg.pq import Conninfo
from tqdm import tqdm

from prepazka import clock
from prepazka.commands import CommandFailed, UsageError
from prepazka.commands.its_office import ensure_office
from prepazka.commands.migrating import migrate
from prepazka.commands.serving_mark import is_served
from prepazka.commands.who import operator_name
from prepazka.flows import erasure_list
from prepazka.flows.erasing import reapply
from prepazka.flows.recovery import stop_what_may_have_gone
from prepazka.private_files import make_directory, make_file
from prepazka.process import copies
from prepazka.store import erasures, marks, models, offices, register
from prepazka.store.erasures import ErasedRow

# Pages copied in one step; writers wait for a step.
PAGES = 256


def backup(arguments: Namespace) -> int:
    """Run `prepazka backup FILE`: write the whole file or none, and never overwrite one."""
    ensure_office()
    now = clock.now()
    chosen = Path(arguments.file)
    target = chosen / f"{copies.NIGHTLY}{copies.stamp(now)}" if chosen.is_dir() else chosen
    if target.exists():
        raise UsageError(f"{target}: is there already; choose another name")
    partial = target.with_name(f".{target.name}.part")
    partial.unlink(missing_ok=True)
    try:
        _make_private_file(partial)
        if connection.vendor == "sqlite":
            _copy_database(_database_path(), partial)
            _check_backup(partial)
        else:
            _run_tool("pg_dump", "--format=custom", f"--file={partial}", *_connection_options())
        _sync(partial)
        partial.rename(target)
        _sync(target.parent)
    finally:
        for ending in ("", "-wal", "-shm"):  # the check of an SQLite copy leaves a log
            partial.with_name(f"{partial.name}{ending}").unlink(missing_ok=True)
    register.note(None, now, operator_name(), "backup made")
    marks.put_backup(target.parent.absolute(), now)
    print(f"{target}: {target.stat().st_size:,} bytes".replace(",", " "))
    if chosen.is_dir():
        copies.drop_old(chosen, copies.NIGHTLY, now)
    return 0


def restore(arguments: Namespace) -> int:
    """Run `prepazka restore FILE`: SQLite keeps the old database beside the new one; PostgreSQL must be empty."""
    source = Path(arguments.file)
    if not source.is_file():
        raise UsageError(f"{source}: there is no such file")
    if _is_in_use():
        raise CommandFailed("the office is being served from this database; end `prepazka serve` first")
    erased = erasure_list.read(Path(arguments.erasures)) if arguments.erasures else []
    if connection.vendor == "sqlite":
        erased += _listed_here()
        _restore_sqlite(source)
    else:
        _restore_postgresql(source)
    migrate()
    _finish("restored from a backup", erased)
    return 0


# docs/spec/delivery.md §10: "`prepazka restored` after a recovery with PostgreSQL's own tools"
def restored(arguments: Namespace) -> int:
    """Run `prepazka restored`: the database was brought back by other means, to a point in time."""
    if _is_in_use():
        raise CommandFailed("the office is being served from this database; end `prepazka serve` first")
    migrate()
    _finish("recovered to a point in time", erasure_list.read(Path(arguments.erasures)) if arguments.erasures else [])
    return 0


def _finish(what: str, erased: list[ErasedRow]) -> None:
    """Do and print what every database needs that is an older one than it was."""
    # docs/spec/delivery.md §10: "what is due by now is decided now, and then not sent"
    stopped = stop_what_may_have_gone(clock.now(), operator_name(), what)
    print(f"restored; offices: {', '.join(offices.slugs()) or 'none'}")
    again = reapply(clock.now(), erased)
    print(f"erased again, as on the list of erasures: {again} rows")
    if not (erased or settings.ERASURES.exists()):
        print("no list of erasures was found; if there is one elsewhere: --erasures FILE", file=sys.stderr)
    if stopped.waiting:
        print(f"{stopped.waiting} messages that waited to be sent at that time are not sent again")
    if stopped.due:
        print(f"{stopped.due} messages that became due since, such as reminders, may have gone out and are not sent")


def _listed_here() -> list[ErasedRow]:
    """Return the list of erasures in the database that is to be replaced, if it has one."""
    known = _database_path().exists() and "erasure" in connection.introspection.table_names()
    return erasures.listed() if known else []


def _is_in_use() -> bool:
    """Return whether a process serves this database, or one of its gateways, now."""
    if is_served():
        return True
    if "gateway" not in connection.introspection.table_names():
        return False
    return models.Gateway.objects.filter(held_until__gt=clock.now()).exists()


# --- SQLite ------------------------------------------------------------------------------------


def _database_path() -> Path:
    return Path(str(connection.settings_dict["NAME"]))


def _copy_database(source: Path, target: Path) -> None:
    """Copy one SQLite database over another, in one transaction of the other, while both may be read.

    Raises: CommandFailed.
    """
    try:
        _copy_pages(source, target)
    except sqlite3.Error as error:
        raise CommandFailed(f"{source} could not be copied to {target}: {error}") from error


def _copy_pages(source: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(source)) as from_,
        closing(sqlite3.connect(target, timeout=30)) as to,
        # disable=None: on a terminal only.
        tqdm(unit="page", disable=None, file=sys.stderr) as progress,
    ):

        def show_progress(_status: int, remaining: int, total: int) -> None:
            progress.total = total
            progress.update(total - remaining - progress.n)

        from_.backup(to, pages=PAGES, progress=show_progress)


def _check_backup(file: Path) -> None:
    """Raise CommandFailed unless the file is a whole database of this program."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as copied:
            if copied.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise CommandFailed(f"{file}: is damaged")
            applied = {name for (name,) in copied.execute("SELECT name FROM django_migrations WHERE app = 'store'")}
    except sqlite3.DatabaseError as error:
        raise CommandFailed(f"{file}: is no backup of Přepážka: {error}") from error
    _check_migrations(str(file), applied)


def _check_migrations(file: str, applied: set[str]) -> None:
    known = {name for app, name in MigrationLoader(None).disk_migrations if app == "store"}
    if newer := sorted(applied - known):
        raise CommandFailed(f"{file}: was made by a newer version ({newer[-1]}); install that one")


def _restore_sqlite(source: Path) -> None:
    _check_backup(source)
    own = _database_path()
    make_directory(own.parent)
    connection.close()
    if own.exists():
        kept = own.with_name(f"{copies.replaced(own)}{copies.stamp(clock.now())}")
        _make_private_file(kept)
        _copy_database(own, kept)
        _sync(kept)
        print(f"what was there before is in {kept}")
    _copy_database(source, own)
    with closing(sqlite3.connect(own)) as restored:  # the backup file has no journal mode
        restored.execute("PRAGMA journal_mode=WAL")


def _make_private_file(path: Path) -> None:
    """Make an empty file that only its owner may read, for it will hold names and numbers.

    Raises: CommandFailed.
    """
    try:
        make_file(path)
    except OSError as error:
        raise CommandFailed(f"{path.parent}: {error.strerror}") from error


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# --- PostgreSQL --------------------------------------------------------------------------------


def _restore_postgresql(source: Path) -> None:
    if connection.introspection.table_names():
        raise CommandFailed("the database is not empty; make an empty one, and name it in DATABASE_URL")
    connection.close()
    address = _connection_options()
    _run_tool("pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", *address, str(source))


def _connection_options() -> list[str]:
    """Return the option of PostgreSQL's tools that names the database, with every option of `DATABASE_URL`.

    A program's arguments are seen by everybody on the machine, so passwords go in the environment; that of a client's
    certificate has no variable there, so the key it protects has to be readable without.
    """
    known = {option.keyword.decode() for option in Conninfo.get_defaults()} - {"password", "sslpassword"}
    given = connection.get_connection_params()
    return [f"--dbname={make_conninfo(**{name: value for name, value in given.items() if name in known})}"]


def _run_tool(name: str, *arguments: str) -> None:
    """Run one of PostgreSQL's tools. Raises: CommandFailed with the first line of its error."""
    program = shutil.which(name)
    if program is None:
        raise CommandFailed(f"{name} is not installed; it comes with PostgreSQL's client (Debian: postgresql-client)")
    password = str(connection.settings_dict["PASSWORD"] or "")
    environment = {**os.environ, **({"PGPASSWORD": password} if password else {})}
    done = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True, check=False)  # noqa: S603 -- PostgreSQL's own tool
    if done.returncode:
        raise CommandFailed(f"{name}: {done.stderr.strip().splitlines()[0] if done.stderr.strip() else 'failed'}")
