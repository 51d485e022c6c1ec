"""The key of a form that gives something out: sent twice (a double press, a page loaded anew), it gives it once."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4


def read_key(form: Mapping[str, Any]) -> UUID:
    """The key a form carries, or a new one for a form without."""
    try:
        return UUID(str(form.get("key", "")))
    except ValueError:
        return uuid4()
