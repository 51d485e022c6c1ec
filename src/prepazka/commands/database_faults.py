"""A database that cannot be used: why, and what to do, in one line for whoever has to mend it."""

from pathlib import Path
from typing import NamedTuple

from django.db import DatabaseError, IntegrityError, OperationalError, ProgrammingError, connection

from prepazka.commands import database_certificate, without_settings
from prepazka.commands.serving_mark import is_half_restored
from prepazka.store import database_state, schema
from prepazka.store.database_fixes import EMPTY_ONE, FINISH_RESTORE, RESTORE, fix_of

# SQLite's only words for everything `_of_file` tells apart.
_NOT_OPENED = "unable to open database file"
# What SQLite and PostgreSQL say of a table or column that is not there, or that an older program does not fill.
_OTHER_TABLES = ("no such table", "no such column", "has no column", "does not exist")
# What no program can help, and the database counts among a program's errors.
_OF_THE_SET_UP = (
    "not a database", "malformed", "permission denied", "already exists", "read-only transaction", "invalid connection",
)  # fmt: skip
# The driver's only words for a certificate that is over, of another authority, or of none.
_NOT_VERIFIED = "certificate verify failed"


class Reason(NamedTuple):
    """What is wrong with the database, and the fix."""

    what: str
    fix: str


HALF_RESTORED = Reason("a restore was not finished", FINISH_RESTORE)


def reason_of(error: Exception) -> Reason:
    """Return why the database of the settings did not open, or refused a statement."""
    said = _first_line(error)
    if _NOT_OPENED in said and connection.vendor == "sqlite":
        return _of_file(Path(str(connection.settings_dict["NAME"])).absolute())
    if _NOT_VERIFIED in said and (why := _of_certificate()):
        said = f"{said} ({why})"
    return Reason(said, _fix(said))


def _of_certificate() -> str:
    """Return why the server's certificate is not accepted; "" where that cannot be found out."""
    given = connection.settings_dict
    return database_certificate.fault(str(given["HOST"]), int(given["PORT"] or 5432), given["OPTIONS"])


def _fix(said: str) -> str:
    """Return the fix for the database's own words, with the names of the settings."""
    given = connection.settings_dict
    return fix_of(said, connection.vendor, str(given["NAME"]), str(given["USER"] or "prepazka"))


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

    Or that they are to come from a backup. None where it has tables already. Nothing is written.
    """
    if schema.applied():
        return None
    if is_half_restored():
        return HALF_RESTORED
    if foreign := _of_another_program():
        return foreign
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
        return f"the database has tables of another program ({said}); {EMPTY_ONE}"
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
    if _is_there() and (foreign := _foreign()):
        return f"the database: {foreign.what}; {foreign.fix}"
    if _is_taken():
        return f"the database: {said}, though every migration was applied; {RESTORE}"
    return f"the database has no tables of this version ({said}); run: prepazka init, or prepazka migrate"


def _is_taken() -> bool:
    """Whether tables of ours are gone that were there: no migration brings them back."""
    try:
        return _is_there() and bool(schema.applied()) and not schema.is_older() and bool(schema.missing())
    except DatabaseError:
        return False


def _is_there() -> bool:
    return connection.vendor != "sqlite" or Path(str(connection.settings_dict["NAME"])).exists()


def _foreign() -> Reason | None:
    """Return that the tables are another program's; None for others, or where that cannot be seen."""
    try:
        return _of_another_program() if not schema.applied() else None
    except DatabaseError:
        return None


def _of_another_program() -> Reason | None:
    foreign = schema.foreign()
    return Reason(f"it has tables of another program ({', '.join(foreign[:3])})", EMPTY_ONE) if foreign else None


def _newer() -> str:
    """Return the sentence for tables of a newer version; "" for others, or where that cannot be seen."""
    try:
        names = schema.newer()
    except DatabaseError:
        return ""
    return f"{schema.explain_newer(names)}; {schema.FIX_NEWER}" if names else ""
