"""Makes a peer's messages fit for logs: short and without telephone numbers."""

import re
from typing import Final

_LONGEST: Final = 80
_NUMBER = re.compile(r"\d(?:[ \-/().]?\d){5,}")


def redacted(text: str) -> str:
    """Return at most eighty printable characters; a possible telephone number becomes a dot."""
    printable = "".join(character if character.isprintable() else " " for character in text)
    return _NUMBER.sub("•", printable).strip()[:_LONGEST]
