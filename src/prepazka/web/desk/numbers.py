"""Numbers in hidden fields of the desk's forms."""

from typing import Any


def parse_number(text: Any) -> int:
    """Return the number in a form's hidden field; 0, which is nobody's id, for anything else."""
    return int(text) if isinstance(text, str) and text.isdecimal() and len(text) < 16 else 0
