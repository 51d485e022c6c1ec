"""A naive model of the queue: lists of people in a hall, without states, versions or ranks."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass
class Person:
    """A person in the hall."""

    name: int
    wants: int
    came: datetime
    booked: datetime | None = None
    favoured: bool = False
    away_until: datetime | None = None
    meant_for: int | None = None
    silent: int = 0


@dataclass
class Hall:
    """The people waiting, in order of arrival, those at counters, and those who have left and how."""

    serves: dict[int, tuple[int, ...]]
    waiting: list[Person] = field(default_factory=list)
    called: dict[int, Person] = field(default_factory=dict)
    served: dict[int, Person] = field(default_factory=dict)
    left: dict[int, str] = field(default_factory=dict)

    def next(self, counter: int, now: datetime) -> Person | None:
        """Return the order: due bookings by since when they could be called, priority, others, bookings not due."""
        here = [one for one in self.waiting if self._may(one, counter, now)]
        due = [one for one in here if one.booked and one.booked <= now]
        if due:
            return min(due, key=lambda one: (max(one.booked or one.came, one.came), one.came, one.name))
        for crowd in ([one for one in here if one.favoured and not one.booked], [o for o in here if not o.booked]):
            if crowd:
                return min(crowd, key=lambda one: (one.came, one.name))
        return min(here, key=lambda one: (max(one.booked or one.came, one.came), one.came, one.name), default=None)

    def _may(self, one: Person, counter: int, now: datetime) -> bool:
        if one.away_until and one.away_until > now:
            return False
        if one.meant_for in self.serves:
            return one.meant_for == counter
        return one.wants in self.serves[counter]

    def call(self, counter: int, one: Person) -> None:
        self.waiting.remove(one)
        one.away_until = one.meant_for = None
        self.called[counter] = one

    def back(self, one: Person, until: datetime | None = None, meant_for: int | None = None) -> None:
        one.away_until, one.meant_for = until, meant_for
        self.waiting.append(one)

    def not_here(self, counter: int, now: datetime) -> None:
        one = self.called.pop(counter)
        if one.silent >= 3:
            self.left[one.name] = "absent"
        else:
            one.silent += 1
            self.back(one, now + timedelta(minutes=5))
