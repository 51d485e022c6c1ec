"""Access codes: the digits that, with their date, cancel a booking and check the client in."""

import re
from collections.abc import Callable, Container, Iterable

CODE_LENGTH = 6

_BETWEEN = re.compile(r"[\s.,–-]+")
_LIKE_FIGURES = str.maketrans("OoIl", "0011")
"""The letters people type for 0 and 1 (docs/spec/messages.md §3.2)."""

_LOWEST = 10 ** (CODE_LENGTH - 1)


class OutOfCodes(Exception):
    """Every drawn code is taken on the wanted day; nothing was changed: draw others and try again."""

    retryable = True


# docs/spec/messages.md §6.5: "A code has six digits and does not begin with a zero. It is drawn so that nobody can
# foresee it."
def draw(random: Callable[[int], int]) -> str:
    """A fresh code, without a leading zero. `random(n)` gives an even choice of 0 … n - 1 nobody can foresee."""
    return str(_LOWEST + random(9 * _LOWEST))


# docs/spec/messages.md §6.5: "A code is not given twice for one day of an office, whatever became of its booking."
def free_code(candidates: Iterable[str], taken: Container[str]) -> str:
    """The first candidate not taken; raises OutOfCodes when there is none."""
    for code in candidates:
        if code not in taken:
            return code
    raise OutOfCodes


# docs/spec/conversation.md §3: "A code in groups, as it is read out (`482 913`), is that code."
def typed_code(text: str) -> str | None:
    """The digits of a code typed into a field of its own, in groups or not; None for what is none."""
    code = _BETWEEN.sub("", text).translate(_LIKE_FIGURES)
    return code if code.isascii() and code.isdecimal() else None
