"""`backup` and `restore`: the whole database as one file.

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
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from tqdm import tqdm

from prepazka import clock
from prepazka.commands import CommandFailed, UsageError
from prepazka.commands.offices import ensure_office, operator_name
from prepazka.commands.serving_mark import is_served
from prepazka.store import models, offices

# Pages copied before others may write again.
PAGES = 256


def backup(arguments: Namespace) -> int:
    """`prepazka backup FILE`: the file is whole or not there; one that is there is not overwritten."""
    ensure_office()
    target = Path(arguments.file)
    if target.exists():
        raise UsageError(f"{target}: is there already; choose another name")
    partial = target.with_name(f".{target.name}.part")
    partial.unlink(missing_ok=True)
    try:
        _private(partial)
        if connection.vendor == "sqlite":
            _copy(_own(), partial)
            _whole(partial)
        else:
            _run("pg_dump", "--format=custom", f"--file={partial}", *_address())
        _to_disk(partial)
        partial.rename(target)
        _to_disk(target.parent)
    finally:
        partial.unlink(missing_ok=True)
    print(f"{target}: {target.stat().st_size:,} bytes".replace(",", " "))
    return 0


def restore(arguments: Namespace) -> int:
    """`prepazka restore FILE`: what the database held before is kept beside it (SQLite) or refused (PostgreSQL)."""
    source = Path(arguments.file)
    if not source.is_file():
        raise UsageError(f"{source}: there is no such file")
    if _serving():
        raise CommandFailed("the office is being served from this database; end `prepazka serve` first")
    if connection.vendor == "sqlite":
        _restore_sqlite(source)
    else:
        _restore_postgresql(source)
    call_command("migrate", verbosity=0, interactive=False)
    # What waited to be sent may have been sent after the backup was made: a late copy would only mislead.
    stopped = models.Outbound.objects.filter(state__in=["queued", "sending"]).update(state="expired")
    models.Audit.objects.create(
        at=clock.now(), who=operator_name(), what="restored from a backup", details={"unsent": stopped}
    )
    print(f"restored; offices: {', '.join(offices.slugs()) or 'none'}")
    if stopped:
        print(f"{stopped} messages that waited to be sent at the time of the backup are not sent again")
    return 0


def _serving() -> bool:
    """Whether a process serves this database, or one of its gateways, now."""
    if is_served():
        return True
    if "gateway" not in connection.introspection.table_names():
        return False
    return models.Gateway.objects.filter(held_until__gt=clock.now()).exists()


# --- SQLite ------------------------------------------------------------------------------------


def _own() -> Path:
    return Path(str(connection.settings_dict["NAME"]))


def _copy(source: Path, target: Path) -> None:
    """Copy one database over another, as one transaction of the other, while both may be read.

    Raises: Failed.
    """
    try:
        _copied(source, target)
    except sqlite3.Error as error:
        raise CommandFailed(f"{source} could not be copied to {target}: {error}") from error


def _copied(source: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(source)) as from_,
        closing(sqlite3.connect(target, timeout=30)) as to,
        # disable=None: on a terminal only.
        tqdm(unit="page", disable=None, file=sys.stderr) as progress,
    ):

        def tell(_status: int, remaining: int, total: int) -> None:
            progress.total = total
            progress.update(total - remaining - progress.n)

        from_.backup(to, pages=PAGES, progress=tell)


def _whole(file: Path) -> None:
    """Raises: Failed when the file is no whole database of ours."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as copied:
            if copied.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise CommandFailed(f"{file}: is damaged")
            applied = {name for (name,) in copied.execute("SELECT name FROM django_migrations WHERE app = 'store'")}
    except sqlite3.DatabaseError as error:
        raise CommandFailed(f"{file}: is no backup of Přepážka: {error}") from error
    _known(str(file), applied)


def _known(file: str, applied: set[str]) -> None:
    known = {name for app, name in MigrationLoader(None).disk_migrations if app == "store"}
    if newer := sorted(applied - known):
        raise CommandFailed(f"{file}: was made by a newer version ({newer[-1]}); install that one")


def _restore_sqlite(source: Path) -> None:
    _whole(source)
    own = _own()
    own.parent.mkdir(parents=True, exist_ok=True)
    connection.close()
    if own.exists():
        kept = own.with_name(f"{own.name}.before-{clock.now():%Y%m%dT%H%M%S}")
        _private(kept)
        _copy(own, kept)
        _to_disk(kept)
        print(f"what was there before is in {kept}")
    _copy(source, own)
    with closing(sqlite3.connect(own)) as restored:  # a backup file is in no journal mode of its own
        restored.execute("PRAGMA journal_mode=WAL")


def _private(path: Path) -> None:
    """Make an empty file that only its owner may read: names and numbers come into it.

    Raises: Failed.
    """
    try:
        path.touch(0o600)
        path.chmod(0o600)
    except OSError as error:
        raise CommandFailed(f"{path.parent}: {error.strerror}") from error


def _to_disk(path: Path) -> None:
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
    address = _address()
    _run("pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", *address, str(source))


def _address() -> list[str]:
    """Where the database is, for its own tools; the password goes by the environment."""
    settings: dict[str, Any] = connection.settings_dict
    given = {"host": settings["HOST"], "port": settings["PORT"], "username": settings["USER"]}
    return [f"--{name}={value}" for name, value in given.items() if value] + [f"--dbname={settings['NAME']}"]


def _run(name: str, *arguments: str) -> None:
    """Raises: Failed with what the tool said."""
    program = shutil.which(name)
    if program is None:
        raise CommandFailed(f"{name} is not installed; it comes with PostgreSQL's client (Debian: postgresql-client)")
    password = str(connection.settings_dict["PASSWORD"] or "")
    environment = {**os.environ, **({"PGPASSWORD": password} if password else {})}
    done = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True, check=False)  # noqa: S603 -- PostgreSQL's own tool
    if done.returncode:
        raise CommandFailed(f"{name}: {done.stderr.strip().splitlines()[0] if done.stderr.strip() else 'failed'}")
