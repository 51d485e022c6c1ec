"""Phrases: how dates, times and lists are worded inside replies, in one language."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, time
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from prepazka.core.queue.tickets import Wait
from prepazka.sms.alphabets import Alphabet

PREFIX = "phrase_"
"""What the names of phrases begin with in the `[replies]` of a language file."""

SHORTEST_RUN = 4
"""Starts in a row that are told as a run: fewer are shorter one by one."""


@dataclass(frozen=True)
class Phrases:
    """The phrases of one language, folded.

    weekdays: seven short names from Monday, separated by spaces; months: twelve from January. day_form: a day made of
    both; year_form: with its year behind it. run: starts that follow one another regularly. wait: a range; short_wait:
    one that may be none at all. rest: the message that asks for what did not fit. line: a service in a list; held: a
    booking in a list; to_cancel: the message that cancels it, in a list. next_open, none_open: where to go from a
    closed day; none_free: where each open day is full. title: of a service, behind its code. later: the message that
    takes an offer when it stands no more. all_codes: how to get them, behind a message. together: two names in one
    place. arrival, purpose: what the code is for, without and with cancelling; before: where a booking that moved was;
    today, past: what is over today, each booking; served, missed, cancelled: what became of it; bring: what to bring,
    behind a sentence. open_today, closed_today: today's hours, in a sentence about today. ask_times: how to get the
    free times of a day, behind its hours.
    """

    weekdays: str
    months: str
    day_form: str
    year_form: str
    either: str
    persons: str
    moment: str
    same_day: str
    minutes: str
    hours: str
    wait: str
    short_wait: str
    run: str
    rest: str
    offer: str
    line: str
    held: str
    to_cancel: str
    more: str
    next_open: str
    none_open: str
    none_free: str
    arrival: str
    purpose: str
    before: str
    today: str
    past: str
    served: str
    missed: str
    cancelled: str
    bring: str
    open_today: str
    closed_today: str
    ask_times: str
    title: str
    later: str
    all_codes: str
    together: str

    @classmethod
    def of(cls, replies: Mapping[str, str], alphabet: Alphabet) -> "Phrases":
        """The phrases of the `[replies]` section of a language file; KeyError for one that is missing."""
        return cls(*(alphabet.fold(replies[PREFIX + field.name]) for field in fields(cls)))

    @cached_property
    def _named(self) -> tuple[list[str], list[str]]:
        """The names of the weekdays and of the months."""
        return self.weekdays.split(), self.months.split()

    # docs/spec/messages.md §5.2: "Dates are written as people read them, with the weekday"
    def day(self, day: date) -> str:
        """A day as people read it: "pon 10.8.", "Mon 10 Aug"."""
        weekdays, months = self._named
        return self.day_form.format(weekday=weekdays[day.weekday()], day=day.day, month=months[day.month - 1])

    def day_of_year(self, day: date) -> str:
        """A day that may not be the next of its date: "pon 10.8.2026"."""
        return self.year_form.format(date=self.day(day), year=day.year)

    def duration(self, minutes: int) -> str:
        """Whole hours as hours, anything else in minutes."""
        if minutes and minutes % 60 == 0:
            return self.hours.format(count=minutes // 60)
        return self.minutes.format(count=minutes)

    def waiting(self, wait: Wait) -> str:
        """An estimated wait: "16-20 min"."""
        return (self.wait if wait.low else self.short_wait).format(low=wait.low, high=max(wait.high, 1))

    def starts(self, runs: Sequence["Run"]) -> str:
        """Starts as told, runs compressed: "8:00-11:30 po 15 min, 13:15"."""
        return ", ".join(
            self.run.format(first=clock(first), last=clock(last), step=step) if step else clock(first)
            for first, last, step in runs
        )


def short_day(day: date) -> str:
    """A day as messages name it: "10.8."."""
    return f"{day.day}.{day.month}."


def clock(at: time) -> str:
    """A time of day as people read it: "8:00"."""
    return f"{at.hour}:{at.minute:02}"


class Run(NamedTuple):
    """Starts every `step` minutes from first to last, both included; step 0 is a single start."""

    first: time
    last: time
    step: int


# docs/spec/messages.md §5.2: "Free starts that follow one another regularly are told as a run, from four on"
def runs(starts: Sequence[time]) -> Iterator[Run]:
    """Rising starts of one day, regular stretches of at least `SHORTEST_RUN` as one run each."""
    minutes = [at.hour * 60 + at.minute for at in starts]
    steps = [later - earlier for earlier, later in pairwise(minutes)]
    i = 0
    while i < len(starts):
        end = i
        while end < len(steps) and steps[end] == steps[i]:
            end += 1
        if end - i + 1 >= SHORTEST_RUN:
            yield Run(starts[i], starts[end], steps[i])
            i = end + 1
        else:
            yield Run(starts[i], starts[i], 0)
            i += 1
