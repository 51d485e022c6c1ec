"""Wishes: what somebody wants of an office, with values that are no sample's, and the perfect message that says it.

A wish always has all values, also those its message does not give: with them the holes of a taught message are
filled. So what a taught message does can be held against the wish wherever the sender gave a value.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Literal

from hypothesis import strategies as st

from tests.conversation.office import Office, Speech, bookable

Kind = Literal["book", "soonest", "free", "cancel", "move", "watch"]
Grade = Literal["done", "may", "read_back", "ask"]
"""What may come of a message: it is done at once; done, proposed or asked; not done, but proposed or asked; asked."""

COMMAND: Mapping[Kind, str] = {
    "book": "book",
    "soonest": "book",
    "free": "free",
    "cancel": "cancel",
    "move": "move",
    "watch": "watch",
}
_SLOTS: Mapping[Kind, Sequence[str]] = {
    "book": ("command", "service", "persons", "day", "at", "name"),
    "soonest": ("command", "service", "persons", "name"),
    "free": ("command", "service", "day"),
    "cancel": ("command", "code", "day"),
    "move": ("command", "code", "day", "at"),
    "watch": ("command", "service", "day"),
}
_WEIGHT: Sequence[Grade] = ("done", "may", "read_back", "ask")

PLAIN = (
    "Svoboda", "Dvořáková", "Kučera", "Veselý", "Horáková", "Marek", "Mach", "Malý", "Červený", "Benešová",
    "Jan Krejčí", "Pokorná", "Růžička", "Fialová", "Eva Doležalová", "Zeman", "Urban", "Blažek",
)  # fmt: skip
ODD = (
    "Sobota", "Pátek", "Středa", "Dubna", "Pop", "Pomoc", "Nguyen Thi Na", "van der Berg", "O'Neill",
    "Jean-Luc Moreau", "Шевченко", "Ing. Hana Kolářová", "June Smithson",
)  # fmt: skip

DAYS = ("Sobota", "Pátek", "Středa")
"""Those of them that are days: without a date in the message they may be meant so."""

_SAMPLE_TIME = time(14)
_SAMPLE_DAYS = {(10, 8)}


@dataclass(frozen=True)
class Wish:
    """What one sender wants. day and at: of the booking wanted, cancelled or asked about; `now`: when the message is
    sent. held: of a booking to move, where it is before.
    """

    kind: Kind
    service: str
    day: date
    at: time
    name: str
    persons: int
    now: datetime
    held: tuple[date, time] | None = None


@dataclass(frozen=True)
class Draft:
    """A message being written, with what may come of it.

    parts: (slot, text) in order. code: of the booking the wish is about, "" when there is none. given: the slots the
    sender gave a value for, readable or not. any_of: several readings are honest, one of what is taught must be right.
    """

    wish: Wish
    speech: Speech
    parts: tuple[tuple[str, str], ...]
    code: str = ""
    given: frozenset[str] = frozenset()
    before: str = ""
    after: str = ""
    joiner: str = " "
    grade: Grade = "done"
    any_of: bool = False
    flaws: tuple[str, ...] = field(default=())

    @property
    def text(self) -> str:
        """The message as it is sent."""
        return self.before + self.joiner.join(text for _, text in self.parts) + self.after

    def part(self, slot: str) -> str | None:
        """What the message says in a slot."""
        return next((text for name, text in self.parts if name == slot), None)

    def put(self, slot: str, text: str) -> "Draft":
        """The same with another text in a slot."""
        return replace(self, parts=tuple((name, text if name == slot else old) for name, old in self.parts))

    def without(self, slots: Iterable[str]) -> "Draft":
        """The same without some slots."""
        gone = set(slots)
        return replace(self, parts=tuple(part for part in self.parts if part[0] not in gone), given=self.given - gone)

    def graded(self, flaw: str, grade: Grade) -> "Draft":
        """The same, with a flaw more; the heavier grade stands."""
        heavier = max(self.grade, grade, key=_WEIGHT.index)
        return replace(self, grade=heavier, flaws=(*self.flaws, flaw))


def day_month(day: date) -> str:
    """A date as the town's page writes it."""
    return f"{day.day}.{day.month}."


def clock(at: time) -> str:
    """A time as the town's page writes it."""
    return f"{at.hour}:{at.minute:02}"


def perfect(wish: Wish, speech: Speech, code: str = "") -> Draft:
    """The message that says the wish as it is documented."""
    values = {
        "command": speech.command(COMMAND[wish.kind]),
        "service": wish.service,
        "persons": f"{wish.persons}x" if wish.persons > 1 else "",
        "day": day_month(wish.day),
        "at": clock(wish.at),
        "name": wish.name,
        "code": code,
    }
    parts = tuple((slot, values[slot]) for slot in _SLOTS[wish.kind] if values[slot])
    given = frozenset(slot for slot, _ in parts)
    return Draft(wish, speech, parts, code, given, grade="done" if wish.name in PLAIN else "may")


@cache
def _moments() -> Sequence[datetime]:
    """A working morning in each month of a year, without a zone."""
    firsts = [date(2026 + (month + 5) // 12, (month + 5) % 12 + 1, 3) for month in range(12)]
    return [datetime.combine(day + timedelta(days=(7 - day.weekday()) % 7), time(6, 3)) for day in firsts]


@cache
def _starts(office_slug: str, code: str, today: date) -> Sequence[tuple[date, time]]:
    """The starts a wish may be for: not today, not tomorrow, no sample, and with room for a second person after it."""
    office = _BY_SLUG[office_slug]
    service = office.service_of[code]
    step = timedelta(minutes=service.minutes)
    found = []
    for ahead in range(2, min(office.settings.horizon_days, 50)):
        day = today + timedelta(days=ahead)
        times = bookable(office, service, day)
        for at in times:
            second = (datetime.combine(day, at) + step).time()
            if second in times and at != _SAMPLE_TIME and (day.day, day.month) not in _SAMPLE_DAYS:
                found.append((day, at))
    return found


_BY_SLUG: dict[str, Office] = {}


@st.composite
def wishes(draw: st.DrawFn, office: Office, kinds: Sequence[Kind] = tuple(COMMAND), *, odd: bool = True) -> Wish:
    """Any wish to this office. odd: also under names that look like other words."""
    _BY_SLUG[office.slug] = office
    kind = draw(st.sampled_from(list(kinds)))
    now = draw(st.sampled_from(_moments())).replace(tzinfo=office.zone)
    codes = [service.code for service in office.services]
    service = draw(st.sampled_from(codes[1:] or codes))
    starts = _starts(office.slug, service, now.date())
    day, at = draw(st.sampled_from(starts))
    held = draw(st.sampled_from([start for start in starts if start[0] != day])) if kind == "move" else None
    name = draw(st.sampled_from(PLAIN + ODD if odd and draw(st.integers(0, 3)) == 0 else PLAIN))
    if kind == "soonest" and name in DAYS:
        name = PLAIN[0]  # "OBJ ZCD Pátek" gives a Friday as well as a name
    persons = 2 if kind in {"book", "soonest"} and draw(st.integers(0, 4)) == 0 else 1
    return Wish(kind, service, day, at, name, persons, now, held)
