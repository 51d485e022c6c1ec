"""Signed values in addresses, cookies and forms, each with the moment of its signing.

Django counts the age of what it signs by the machine's clock, and the pages have their own: a rehearsal moves it.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.core import signing

# The clocks of two nodes may differ: what one has signed a moment ago may be of the future for the other.
_CLOCKS_DIFFER = timedelta(minutes=1)


class Signed(NamedTuple):
    """What was signed, as JSON returns it, and how long ago."""

    value: Any
    age: timedelta


def sign(value: Any, salt: str, now: datetime) -> str:
    """Return a value that JSON can hold, signed for one purpose; salt: its name."""
    return signing.dumps([now.timestamp(), value], salt=salt, compress=True)


def read(text: str, salt: str, now: datetime, good_for: timedelta) -> Signed | None:
    """Return what was signed for this purpose; None if it was not signed by us, or is older, or of a later time."""
    try:
        signed_at, value = signing.loads(text, salt=salt)
        age = now - datetime.fromtimestamp(signed_at, UTC)
    except (signing.BadSignature, TypeError, ValueError, OverflowError, OSError):  # also a value of an earlier version
        return None
    return Signed(value, max(age, timedelta())) if -_CLOCKS_DIFFER <= age <= good_for else None
