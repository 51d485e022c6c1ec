"""How lengths of time are spread: how many, the usual one, the one that nine of ten stay within, the longest."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

Thing = TypeVar("Thing")
Key = TypeVar("Key", bound=str | int | tuple[int, str])


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
    counts = Counter(lengths)
    if not counts:
        return None
    total = sum(minutes * count for minutes, count in counts.items())
    return Spread(counts.total(), total, within(counts, 0.5), within(counts, 0.9), max(counts))


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


def spread_by(
    things: Iterable[Thing], key: Callable[[Thing], Key], length: Callable[[Thing], int | None]
) -> dict[Key, Spread]:
    """Return the spread of each group, in the order of their keys. length: None for what has none and is left out."""
    groups: dict[Key, list[int]] = defaultdict(list)
    for thing in things:
        minutes = length(thing)
        if minutes is not None:
            groups[key(thing)].append(minutes)
    return {name: found for name in sorted(groups) if (found := spread(groups[name]))}
