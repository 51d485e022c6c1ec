"""Wishes: what somebody wants of an office, with values that are no sample's, and the perfect message that says it.

A wish always has all values, also those its message does not give: with them the holes of a taught message are
filled. So what a taught message does can be held against the wish wherever the sender gave a value.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Literal

from hypothesis import strategies as st

from prepazka.sms.reply.phrases import clock
from prepazka.sms.reply.phrases import short_day as day_month
from prepazka.sms.send_back.wishes import COMMAND, Kind, Told, Wish, slots_of
from tests.conversation.office import Office, Speech, bookable

__all__ = ["COMMAND", "ODD", "PLAIN", "Draft", "Grade", "Kind", "Wish", "clock", "day_month", "perfect", "wishes"]

Grade = Literal["done", "may", "read_back", "ask"]
"""What may come of a message: it is done at once; done, proposed or asked; not done, but proposed or asked; asked."""

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


@dataclass(frozen=True, kw_only=True)
class Draft(Told):
    """A message being written, with what may come of it. parts: (slot, text) in order."""

    speech: Speech
    parts: tuple[tuple[str, str], ...]
    before: str = ""
    after: str = ""
    joiner: str = " "
    grade: Grade = "done"
    flaws: tuple[str, ...] = ()

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


def perfect(wish: Wish, speech: Speech, code: str = "") -> Draft:
    """The message that says the wish as it is documented."""
    parts = tuple(slots_of(wish, speech.command(COMMAND[wish.kind]), code))
    return Draft(
        wish=wish,
        speech=speech,
        parts=parts,
        code=code,
        given=frozenset(slot for slot, _ in parts),
        grade="done" if wish.name in PLAIN else "may",
        accept=speech.command("accept"),
        odd=wish.name in ODD,
    )


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
