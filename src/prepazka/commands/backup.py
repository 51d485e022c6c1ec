"""`backup` and `restore`: the whole database as one file.

SQLite is copied by its own online backup while the office works; PostgreSQL by its own pg_dump and pg_restore.
"""

import hashlib
import os
import sqlite3
import stat
import sys
from argparse import Namespace
from contextlib import closing
from datetime import datetime
from pathlib import Path

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from tqdm import tqdm

from prepazka import clock
from prepazka.commands import CommandFailed, UsageError, machine_settings
from prepazka.commands.its_office import ensure_office
from prepazka.commands.migrating import migrate
from prepazka.commands.postgresql_tools import Server, past_poolers, run_tool
from prepazka.commands.restored import check_unused, finish
from prepazka.commands.serving_mark import is_half_restored, restore_mark
from prepazka.commands.who import operator_name
from prepazka.flows import erasure_list
from prepazka.private_files import NewFile, make_directory, make_file
from prepazka.process import copies
from prepazka.store import erasures, gateways, marks, register
from prepazka.store import restore_mark as mark_in_database
from prepazka.store.database_errors import is_damaged
from prepazka.store.database_fixes import RESTORE
from prepazka.store.erasures import ErasedRow

# Pages copied in one step; writers wait for a step.
PAGES = 256


def backup(arguments: Namespace) -> int:
    """Run `prepazka backup FILE`: write the whole file or none, and never overwrite one."""
    ensure_office(needed=False)
    now = clock.now()
    chosen = Path(arguments.file)
    if arguments.made:
        _check_directory(chosen)
        _note(chosen, now)
        print(f"noted: a backup was made in {chosen}")
        return 0
    target = chosen / f"{copies.NIGHTLY}{copies.stamp(now)}" if chosen.is_dir() else chosen
    if target.exists():
        raise UsageError(f"{target}: is there already; choose another name")
    server = past_poolers() if connection.vendor == "postgresql" else {}
    with NewFile(target) as new:
        try:
            if connection.vendor == "sqlite":
                _copy_database(_database_path(), new.partial)
                _check_copied(new.partial)
            else:
                without = f"--exclude-table={mark_in_database.TABLE}"
                run_tool("pg_dump", server, "--format=custom", without, f"--file={new.partial}")
        finally:
            for ending in ("-wal", "-shm"):  # the check of an SQLite copy leaves a log
                new.partial.with_name(f"{new.partial.name}{ending}").unlink(missing_ok=True)
        new.place()
    _note(target.parent, now)
    print(f"{target}: {target.stat().st_size:,} bytes".replace(",", " "))
    if chosen.is_dir():
        copies.drop_old(chosen, copies.NIGHTLY, now)
    return 0


def _check_directory(directory: Path) -> None:
    """Raise UsageError unless copies may lie there: on this machine, in another user's directory, or elsewhere."""
    try:
        found = directory.stat()
    except PermissionError:
        return
    except OSError:
        told = "there is no such directory on this machine; if it is not on another one, name the right one"
        print(f"prepazka: {directory}: {told}", file=sys.stderr)
        return
    if not stat.S_ISDIR(found.st_mode):
        raise UsageError(f"{directory}: is no directory; name the one where the copy is")


def _note(directory: Path, now: datetime) -> None:
    register.note(None, now, operator_name(), "backup made")
    marks.put_backup(directory.absolute(), now)


def restore(arguments: Namespace) -> int:
    """Run `prepazka restore FILE`: SQLite keeps the old database beside the new one; PostgreSQL must be empty."""
    source = Path(arguments.file)
    if not source.is_file():
        raise UsageError(f"{source}: there is no such file")
    _check_kind(source)
    replaces = connection.vendor == "sqlite" and _database_path().exists() and not is_half_restored()
    if arguments.rehearsal and replaces:
        raise UsageError(f"{_database_path()}: is there already; a rehearsal has a database of its own: DATABASE_URL")
    erased = erasure_list.read(Path(arguments.erasures)) if arguments.erasures else []
    if connection.vendor == "sqlite":
        listed = _look_at_what_is_there()
        _restore_sqlite(source, damaged=listed is None)
        erased += listed or []
    else:
        check_unused()
        _restore_postgresql(source)
    migrate()
    # Before the restore counts as finished: ended half-way, it is run again.
    disarmed = gateways.disarm(clock.now(), operator_name()) if arguments.rehearsal else ()
    finish("restored from a backup", erased)
    if disarmed:
        print(f"for a rehearsal, these gateways reach nobody any more: {', '.join(disarmed)}")
    return 0


# How backups begin, by the name of their database and what it is called in a sentence.
_BEGINNINGS = {"sqlite": (b"SQLite format 3\0", "SQLite"), "postgresql": (b"PGDMP", "PostgreSQL")}


def _check_kind(source: Path) -> None:
    """Raises: CommandFailed for a backup of the other database: each is brought back into one of its own kind."""
    with source.open("rb") as file:
        begins = file.read(16)
    for vendor, (beginning, name) in _BEGINNINGS.items():
        if begins.startswith(beginning) and vendor != connection.vendor:
            fix = "name an empty one of that kind in DATABASE_URL; between the two an office moves by export-office"
            raise CommandFailed(f"{source}: is a backup of {name}; {fix}")


# docs/spec/delivery.md §10: "also where it is damaged"
def _look_at_what_is_there() -> list[ErasedRow] | None:
    """Return the list of erasures in the database that is to be replaced; None for a database that cannot be read.

    Raises: CommandFailed when it is in use.
    """
    if not _database_path().exists():
        return []  # to ask would make an empty one, and that would be kept beside the new one
    try:
        check_unused()  # asks first whether it is served, for which nothing in it is read
        return _listed_here()
    except DatabaseError as error:
        if not is_damaged(error):
            raise
        return None


def _listed_here() -> list[ErasedRow]:
    """Return the list of erasures in the database that is to be replaced, if it has one."""
    return erasures.listed() if "erasure" in connection.introspection.table_names() else []


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
        full = any(said in str(error) for said in ("disk is full", "disk I/O error"))
        fix = f"; make room on the disk of {target.parent}: df -h" if full else ""
        raise CommandFailed(f"{source} could not be copied to {target}: {error}{fix}") from error


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


def _check_copied(copy: Path) -> None:
    """Raise CommandFailed when what was copied is damaged: then the database itself is."""
    try:
        _check_backup(copy)
    except CommandFailed as error:
        raise CommandFailed(f"the database: it is damaged, so no backup was made; {RESTORE}") from error


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


def _restore_sqlite(source: Path, *, damaged: bool) -> None:
    _check_backup(source)
    own = _database_path()
    make_directory(own.parent)
    connection.close()
    if own.exists():
        kept = own.with_name(f"{copies.replaced(own)}{copies.stamp(clock.now())}")
        if damaged or not _keep_copy(own, kept):
            _put_aside(own, kept)
        print(f"what was there before is in {kept}")
    if not own.exists():
        _make_private_file(own)
    _make_private_file(restore_mark())  # until `finish`
    _copy_database(source, own)
    with closing(sqlite3.connect(own)) as restored:  # the backup file has no journal mode
        restored.execute("PRAGMA journal_mode=WAL")


def _keep_copy(own: Path, kept: Path) -> bool:
    """Copy what is replaced; return False when it turns out to be damaged. Raises: CommandFailed."""
    _make_private_file(kept)
    try:
        _copy_database(own, kept)
    except CommandFailed as error:
        kept.unlink()
        if error.__cause__ is None or not is_damaged(error.__cause__):
            raise
        return False
    _sync(kept)
    return True


def _put_aside(own: Path, kept: Path) -> None:
    """Give a damaged database the name of what is replaced, with its log, which may hold what is not in it yet."""
    log = own.with_name(f"{own.name}-wal")
    if log.exists():
        log.rename(f"{kept}-wal")
    own.with_name(f"{own.name}-shm").unlink(missing_ok=True)
    own.rename(kept)


def _make_private_file(path: Path) -> None:
    """Make an empty file that only its owner may read, for it will hold names and numbers.

    Raises: CommandFailed.
    """
    try:
        make_file(path)
    except OSError as error:
        raise CommandFailed(
            f"{path.parent}: {error.strerror}{machine_settings.file_fix(error, path.parent)}"
        ) from error


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# --- PostgreSQL --------------------------------------------------------------------------------


def _restore_postgresql(source: Path) -> None:
    """Bring the backup's tables into an empty database, all in one transaction, unless an ended restore did so."""
    server = past_poolers()
    with source.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    begun = mark_in_database.backup()
    are_there = bool(set(connection.introspection.table_names()) - {mark_in_database.TABLE})
    if are_there and not begun:
        raise CommandFailed("the database is not empty; make an empty one, and name it in DATABASE_URL")
    if mark_in_database.other_users():
        raise CommandFailed("others of this program are connected to the database; end `prepazka serve` on every node")
    if are_there:
        if begun != digest:
            raise CommandFailed(
                "the restore of another backup was not finished in this database; run that one again, or make an empty "
                "database, and name it in DATABASE_URL"
            )
        print("the tables of this backup are there already; going on")
    else:
        _load(source, digest, server)
    with connection.cursor() as cursor:
        # A backup has no statistics: until the server counts for itself, minutes later, it would read whole tables.
        cursor.execute("ANALYZE")


def _load(source: Path, digest: str, server: Server) -> None:
    """Run pg_restore on a database that is marked until `finish`. Raises: CommandFailed; then it is as it was."""
    mark_in_database.put(digest)
    connection.close()
    try:
        run_tool("pg_restore", server, "--no-owner", "--exit-on-error", "--single-transaction", str(source))
    except CommandFailed:
        if set(connection.introspection.table_names()) <= {mark_in_database.TABLE}:
            mark_in_database.remove()
        raise
