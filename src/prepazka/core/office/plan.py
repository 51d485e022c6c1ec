"""The offer of an agenda on one day, before any booking."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import cached_property
from typing import Literal, NamedTuple

from prepazka.core.minutes import Minute

WallTimes = tuple[time, time]


class Start(NamedTuple):
    """An offered start, as a minute and as the office's wall clock shows it."""

    minute: Minute
    at: time


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time of service without a break; a booking lies within one stretch.

    opens and closes are the minutes of `wall` on the office's clock. lanes: bookable places at once; with none there
    are no starts.
    """

    opens: Minute
    closes: Minute
    wall: WallTimes
    lanes: int
    starts: tuple[Start, ...]


class Place(NamedTuple):
    """An offered start and the stretch it belongs to."""

    start: Start
    stretch: Stretch


@dataclass(frozen=True, slots=True)
class Closed:
    """Why no start is offered on a day; `text` is the holiday's name or the closure's reason, `texts` by language."""

    kind: Literal["weekend", "holiday", "closure", "no_hours"]
    text: str = ""
    texts: Mapping[str, str] = field(default_factory=dict, hash=False)

    def text_in(self, language: str) -> str:
        """Return the text in this language, else the office's own."""
        return self.texts.get(language) or self.text


@dataclass(frozen=True)
class DayPlan:
    """The offer of an agenda on one day, before any booking: stretches in order, or why there is none."""

    day: date
    stretches: tuple[Stretch, ...] = ()
    closed: Closed | None = None

    @cached_property
    def places(self) -> Mapping[time, Place]:
        """The offered starts by wall time, in order; a long service may not fit from all of them."""
        return {start.at: Place(start, stretch) for stretch in self.stretches for start in stretch.starts}

    @property
    def hours(self) -> tuple[WallTimes, ...]:
        """The opening hours without breaks and closures."""
        return tuple(stretch.wall for stretch in self.stretches)
