"""The idempotency key of a form: a form that is sent twice acts once."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4


def read_key(form: Mapping[str, Any]) -> UUID:
    """Return the key of a form, or a new one for a form without."""
    try:
        return UUID(str(form.get("key", "")))
    except ValueError:
        return uuid4()
