"""Times that do not depend on the machine: work beside a known amount of other work in the same process."""

import re
import time
from collections.abc import Callable

_TEXT = "OBJ ZCD 12.8. 9:15 SVOBODA prosím dekuji " * 240
_WORD = re.compile(r"(?P<word>[^\W\d_]+)|(?P<number>\d+)|\S")

YARD = 0.001
"""Seconds the yardstick takes on the machine whose figures docs/performance.md has."""


def _yardstick() -> int:
    """Look for words, count them, build small objects: what reading a message does, too."""
    seen: dict[str, int] = {}
    for found in _WORD.finditer(_TEXT):
        word = found.group().casefold()
        seen[word] = seen.get(word, 0) + 1
    return len(sorted((count, word) for word, count in seen.items()))


def seconds(work: Callable[[], object], tries: int = 5) -> float:
    """CPU seconds `work` takes on the machine of docs/performance.md: its best try beside the yardstick's.

    A busy or slow machine slows both down alike, so that a limit on this figure does not depend on the machine.
    """
    works, yards = [], []
    for _ in range(tries):
        yards.append(_cpu(_yardstick))
        works.append(_cpu(work))
        yards.append(_cpu(_yardstick))
    return min(works) / min(yards) * YARD


def _cpu(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before
