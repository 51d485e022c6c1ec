"""How lengths of time are spread: how many, the usual one, the one that nine of ten stay within, the longest."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    """Lengths in whole minutes. median and ninety: within which half, and nine tenths, of them stayed."""

    count: int
    total: int
    median: int
    ninety: int
    longest: int

    @property
    def mean(self) -> float:
        """The mean in minutes."""
        return self.total / self.count


def spread(lengths: Iterable[int]) -> Spread | None:
    """Return how the lengths are spread; None where there are none."""
    return spread_counted(Counter(lengths))


def spread_counted(counts: Mapping[int, int]) -> Spread | None:
    """Return how lengths are spread that are counted already: how many there are of each."""
    if not counts:
        return None
    total = sum(minutes * count for minutes, count in counts.items())
    return Spread(sum(counts.values()), total, within(counts, 0.5), within(counts, 0.9), max(counts))


# docs/spec/reports.md §1: "the fewest minutes within which at least that share of them stayed"
def within(counts: Mapping[int, int], share: float) -> int:
    """Return the fewest minutes within which at least this share stayed; 0 where there is nothing.

    counts: how many took so many minutes.
    """
    threshold, reached = share * sum(counts.values()), 0
    for minutes, count in sorted(counts.items()):
        reached += count
        if reached >= threshold:
            return minutes
    return 0
