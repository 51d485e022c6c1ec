"""The database's own reason is told in one line, without rows; to anybody, without addresses and users."""

import pytest
from django.db import DatabaseError, DataError, IntegrityError, InternalError, OperationalError, ProgrammingError

from prepazka.store.database_errors import public_reason, reason_of

NUMBER = "+420777123456"


@pytest.mark.parametrize(
    ("error", "reason", "public"),
    [
        (OperationalError("database or disk is full"), "database or disk is full", "database or disk is full"),
        (
            InternalError("cannot execute INSERT in a read-only transaction"),
            "cannot execute INSERT in a read-only transaction",
            "cannot execute INSERT in a read-only transaction",
        ),
        (DatabaseError("database disk image is malformed"),) + ("database disk image is malformed",) * 2,
        (DatabaseError("file is not a database"),) + ("file is not a database",) * 2,
        (OperationalError("database is locked"), "database is locked", "database is locked"),
        (ProgrammingError("no such column: zone\nLINE 1: x"), "no such column: zone", "no such column: zone"),
        (
            OperationalError(
                'connection failed: connection to server at "10.7.0.5", port 5432 failed: Connection refused'
            ),
            'connection failed: connection to server at "10.7.0.5", port 5432 failed: Connection refused',
            "connection failed: Connection refused",
        ),
        (
            OperationalError(
                'connection failed: connection to server at "10.7.0.5", port 5432 failed: '
                'FATAL:  password authentication failed for user "novak"'
            ),
            None,
            "connection failed: FATAL:  password authentication failed for user",
        ),
        (IntegrityError(f"Key (sender)=({NUMBER}) already exists"), "IntegrityError", "IntegrityError"),
        (DataError(f"value too long: {NUMBER}"), "DataError", "DataError"),
        (ValueError(NUMBER), "ValueError", "ValueError"),
        (OperationalError(), "OperationalError", "OperationalError"),
    ],
)
def test_the_reason(error: Exception, reason: str | None, public: str) -> None:
    assert reason is None or reason_of(error) == reason
    assert public_reason(error) == public
