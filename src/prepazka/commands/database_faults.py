"""A database that cannot be used: why, and what to do, in one line for whoever has to mend it."""

from pathlib import Path
from typing import NamedTuple

from django.db import DatabaseError, OperationalError, ProgrammingError, connection

from prepazka.commands import without_settings
from prepazka.store import schema

# SQLite's only words for everything `_of_file` tells apart.
_NOT_OPENED = "unable to open database file"
# What SQLite and PostgreSQL say of a table or column that is not there, or that an older program does not fill.
_OTHER_TABLES = ("no such table", "no such column", "has no column", "does not exist")
_WHICH = "DATABASE_URL says which it is"


class Reason(NamedTuple):
    """What is wrong with the database, and the fix."""

    what: str
    fix: str


def reason_of(error: Exception) -> Reason:
    """Return why the database of the settings did not open."""
    said = _first_line(error)
    if "readonly" in said:
        return Reason(said, "let this user write the file and its directory")
    if _NOT_OPENED in said and connection.vendor == "sqlite":
        return _of_file(Path(str(connection.settings_dict["NAME"])).absolute())
    return Reason(said, "start it, or correct DATABASE_URL")


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0]


def _of_file(file: Path) -> Reason:
    try:
        if file.is_dir():
            return Reason(f"{file} is a directory", "name a file in DATABASE_URL")
        if file.exists():
            return Reason(f"{file} cannot be opened", "let this user read and write the file and its directory")
        if without_settings():
            return Reason(f"there is none at {file}", "run: prepazka init, or prepazka serve")
        if not file.parent.is_dir():
            return Reason(f"there is no directory {file.parent}", "make it, or correct DATABASE_URL")
    except PermissionError:
        return Reason(f"{file} cannot be reached", "let this user enter the directories above it")
    return Reason(f"there is none at {file}", "run: prepazka init, or correct DATABASE_URL")


def explain(error: Exception) -> str | None:
    """Return a line for an error of the database; None for an error in this program."""
    reason = _first_line(error)
    if not isinstance(error, DatabaseError):
        return None
    if isinstance(error, OperationalError | ProgrammingError) and (line := _explain_tables(reason)):
        return line
    if "not a database" in reason or "malformed" in reason:
        return f"the database is damaged or none of ours ({reason}); {_WHICH}"
    if not isinstance(error, OperationalError):
        return None
    if "readonly" in reason:
        return f"the database cannot be written ({reason}); let this user write the file and its directory"
    if _NOT_OPENED in reason:
        what, fix = reason_of(error)
        return f"the database: {what}; {fix}"
    return f"the database does not answer: {reason}; {_WHICH}"


def _explain_tables(reason: str) -> str | None:
    """Return a line for tables that are not there, or cannot be made."""
    owner = (
        f"ALTER DATABASE {connection.settings_dict['NAME']} OWNER TO {connection.settings_dict['USER'] or 'prepazka'}"
    )
    if "btree_gist" in reason:
        if "permission denied" in reason:
            return f"the database: {reason}; in it, as PostgreSQL's administrator: CREATE EXTENSION btree_gist"
        return f"the database: {reason}; install PostgreSQL's contrib package on its machine"
    if "permission denied for schema" in reason:
        own = connection.settings_dict
        owner = f"ALTER DATABASE {own['NAME']} OWNER TO {own['USER'] or 'prepazka'}"
        return f"the database: {reason}; as PostgreSQL's administrator: {owner}"
    if "already exists" in reason:
        return f"the database has tables of another program ({reason}); make an empty one for this, {_WHICH}"
    # A database that does not exist is no table that does not.
    if any(one in reason for one in _OTHER_TABLES) and not reason.startswith("connection failed"):
        # No table at all is no newer version, and asking would make the file that was left as it was.
        if "no such table" not in reason and (newer := _newer()):
            return newer
        return f"the database has no tables of this version ({reason}); run: prepazka init, or prepazka migrate"
    return None


def _newer() -> str:
    """Return the sentence for tables of a newer version; "" for others, or where that cannot be seen."""
    try:
        names = schema.newer()
    except DatabaseError:
        return ""
    return f"{schema.explain_newer(names)}; {schema.FIX_NEWER}" if names else ""
