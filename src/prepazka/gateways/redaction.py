"""What a peer says of itself, made fit for logs: short, and without anybody's number."""

import re
from typing import Final

_LONGEST: Final = 80
_NUMBER = re.compile(r"\d(?:[ \-/().]?\d){5,}")


def redacted(said: str) -> str:
    """At most some eighty printable characters of it; what may be a telephone number becomes a dot."""
    printable = "".join(character if character.isprintable() else " " for character in said)
    return _NUMBER.sub("•", printable).strip()[:_LONGEST]
