"""The reason of an error in one line that quotes no row: nobody can mend what is not named."""

import re

from django.db import InterfaceError, InternalError, OperationalError, ProgrammingError

DATABASE_AWAY = (OperationalError, InterfaceError, InternalError)
"""What is raised when the database cannot be used: it is away, full, locked, or a primary that became read-only."""

# What PostgreSQL calls a lock that was not had in time, a statement that took too long, and a deadlock.
_HELD_UP = {"55P03", "57014", "40P01", "40001"}

# Where a server that is away was looked for, which says nothing of the reason.
_ADDRESS = re.compile(r"^connection failed: connection to server (at|on) .*? failed: ", re.IGNORECASE)
# Who was refused, and which database was asked for: as PostgreSQL has it, and as pgbouncer.
_QUOTED = re.compile(r'(user|role|database)(?: "[^"]*"|: \S+)')


# docs/spec/safety.md §4.4: "A limit that one office meets is no fault of the database"
def is_held_up(error: BaseException) -> bool:
    """Whether a statement met a lock or a limit, so that other rows can still be used. SQLite has one lock for all."""
    return getattr(error.__cause__, "sqlstate", None) in _HELD_UP


def reason_of(error: BaseException | None) -> str:
    """Return why it failed: the database's own words where they cannot quote a row, otherwise the kind of error."""
    kind = type(error).__name__
    return database_reason(error) or kind


def database_reason(error: BaseException | None) -> str:
    """Return the first line of what the database says (full, locked, read-only, no such column); "" for all else.

    Other errors of a database, such as a broken constraint, quote whole rows.
    """
    if not isinstance(error, OperationalError | ProgrammingError | InternalError) and not is_damaged(error):
        return ""
    lines = str(error).strip().splitlines()
    return lines[0].strip() if lines else ""


# What SQLite says of a file that is damaged, or none of its own; it counts neither among what can pass by itself.
_DAMAGED = ("database disk image is malformed", "file is not a database", "malformed database schema")


def is_damaged(error: BaseException | None) -> bool:
    """Whether the file of the database is damaged, so that only a backup helps."""
    return str(error).startswith(_DAMAGED)


def public_reason(error: BaseException) -> str:
    """Return the reason for whoever may ask: without the address of the server, and who connects to it."""
    return _QUOTED.sub(r"\1", _ADDRESS.sub("connection failed: ", database_reason(error))) or type(error).__name__
