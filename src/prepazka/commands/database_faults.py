"""A database that cannot be used: why, and what to do, in one line for whoever has to mend it."""

from pathlib import Path
from typing import NamedTuple

from django.db import DatabaseError, IntegrityError, OperationalError, ProgrammingError, connection

from prepazka.commands import without_settings
from prepazka.store import database_state, schema

# SQLite's only words for everything `_of_file` tells apart.
_NOT_OPENED = "unable to open database file"
# What SQLite and PostgreSQL say of a table or column that is not there, or that an older program does not fill.
_OTHER_TABLES = ("no such table", "no such column", "has no column", "does not exist")
# What no program can help, and the database counts among a program's errors.
_OF_THE_SET_UP = (
    "not a database", "malformed", "permission denied", "already exists", "read-only transaction", "invalid connection",
)  # fmt: skip
_AS_ADMINISTRATOR = "as PostgreSQL's administrator: "
_EMPTY_ONE = "make an empty one for this program, and name it in DATABASE_URL"


class Reason(NamedTuple):
    """What is wrong with the database, and the fix."""

    what: str
    fix: str


def reason_of(error: Exception) -> Reason:
    """Return why the database of the settings did not open, or refused a statement."""
    said = _first_line(error)
    if _NOT_OPENED in said and connection.vendor == "sqlite":
        return _of_file(Path(str(connection.settings_dict["NAME"])).absolute())
    return Reason(said, _fix(said))


def _fix(said: str) -> str:
    """Return the fix for the database's own words: what it says, who it says it to, and how to mend that."""
    name = connection.settings_dict["NAME"]
    user = connection.settings_dict["USER"] or "prepazka"
    own = f"{_AS_ADMINISTRATOR}ALTER DATABASE {name} OWNER TO {user}"
    fixes = {
        "readonly": "let this user write the file and its directory",
        "read-only transaction": f"connect to the primary, or {_AS_ADMINISTRATOR}ALTER DATABASE {name} RESET "
        "default_transaction_read_only",
        "disk is full": "make room on the disk of the database",
        "No space left": "make room on the disk of the database",
        "disk I/O error": "make room on the disk of the database; if there is some, look into: journalctl -k",
        "not a database": _EMPTY_ONE,
        "malformed": "end the service, and run: prepazka restore FILE, with the last backup",
        "btree_gist": f"in it, {_AS_ADMINISTRATOR}CREATE EXTENSION btree_gist"
        if "permission denied" in said
        else "install PostgreSQL's contrib package on its machine",
        "permission denied for schema": own,
        "permission denied for database": f"{_AS_ADMINISTRATOR}GRANT CONNECT ON DATABASE {name} TO {user}",
        "permission denied for": f"connect as the owner of the tables, or {_AS_ADMINISTRATOR}"
        f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {user}; GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {user}",
        "already exists": _EMPTY_ONE,
        "invalid ": "correct DATABASE_URL",
        "password": "correct the password in DATABASE_URL",
        "role ": f"{_AS_ADMINISTRATOR}CREATE ROLE {user} LOGIN PASSWORD '…', or correct DATABASE_URL",
        "does not exist": f"{_AS_ADMINISTRATOR}CREATE DATABASE {name} OWNER {user} ENCODING 'UTF8' TEMPLATE template0, "
        "or correct DATABASE_URL",
        "pg_hba.conf": "let this machine in, in pg_hba.conf of the server",
        "failed to resolve": "correct the host in DATABASE_URL",
    }
    usual = "correct DATABASE_URL" if connection.vendor == "sqlite" else "start it, or correct DATABASE_URL"
    return next((fix for part, fix in fixes.items() if part in said), usual)


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0]


def _of_file(file: Path) -> Reason:
    try:
        if file.is_dir():
            return Reason(f"{file} is a directory", "name a file in DATABASE_URL")
        if file.exists():
            return Reason(f"{file} cannot be opened", "let this user read and write the file and its directory")
        if wrong := next((one for one in file.parents if one.exists() and not one.is_dir()), None):
            return Reason(f"{wrong} is no directory", f"correct {_named_by()}")
        if without_settings():
            return Reason(f"there is none at {file}", "run: prepazka init, or prepazka serve")
        if not file.parent.is_dir():
            return Reason(f"there is no directory {file.parent}", "make it, or correct DATABASE_URL")
    except PermissionError:
        return Reason(f"{file} cannot be reached", "let this user enter the directories above it")
    return Reason(f"there is none at {file}", "run: prepazka init, or correct DATABASE_URL")


def _named_by() -> str:
    return "PREPAZKA_STATE" if without_settings() else "DATABASE_URL"


# docs/spec/contract.md §1.2: "look before they make the first table"
def hindrance() -> Reason | None:
    """Return what would stop the first tables of this program half-way: somebody else's tables, or a missing right.

    None where it has tables already. Nothing is written.
    """
    if schema.applied():
        return None
    if foreign := schema.foreign():
        return Reason(f"it has tables of another program ({', '.join(foreign[:3])})", _EMPTY_ONE)
    if missing := database_state.missing_for_tables():
        return Reason(missing, _fix(missing))
    return None


def explain(error: Exception) -> str | None:
    """Return a line for an error of the database; None for an error in this program."""
    from django.db.migrations.exceptions import (  # noqa: PLC0415 -- it loads much, and only errors need it
        InconsistentMigrationHistory,
        MigrationSchemaMissing,
    )

    said = _first_line(error)
    if isinstance(error, InconsistentMigrationHistory):
        return f"the database has tables of another program ({said}); {_EMPTY_ONE}"
    if not isinstance(error, DatabaseError) or isinstance(error, IntegrityError):
        return None
    # A database that does not exist is no table that does not.
    if any(one in said for one in _OTHER_TABLES) and not said.startswith("connection failed"):
        return _explain_tables(error, said)
    if isinstance(error, OperationalError | MigrationSchemaMissing) or any(one in said for one in _OF_THE_SET_UP):
        what, fix = reason_of(error)
        return f"the database: {what}; {fix}"
    return None


def _explain_tables(error: Exception, said: str) -> str | None:
    """Return a line for tables that are not there."""
    if not isinstance(error, OperationalError | ProgrammingError):
        return None
    # No table at all is no newer version, and asking would make the file that was left as it was.
    if "no such table" not in said and (newer := _newer()):
        return newer
    return f"the database has no tables of this version ({said}); run: prepazka init, or prepazka migrate"


def _newer() -> str:
    """Return the sentence for tables of a newer version; "" for others, or where that cannot be seen."""
    try:
        names = schema.newer()
    except DatabaseError:
        return ""
    return f"{schema.explain_newer(names)}; {schema.FIX_NEWER}" if names else ""
