"""Switching over: the bookings of another system come in by a file, all of them or none, with their codes."""

import secrets
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings

from prepazka.core.actor import Actor
from prepazka.core.booking.booking import Booking
from prepazka.core.booking.codes import draw, free_code
from prepazka.core.booking.import_file import ImportFile, Line, LineProblem
from prepazka.core.booking.ledger import Ledger
from prepazka.core.booking.outcomes import Booked
from prepazka.core.booking.snapshot import ReadSet, Span
from prepazka.core.minutes import Minute, midnight, minute
from prepazka.core.office import calendar
from prepazka.core.office.office import Office, Service
from prepazka.core.office.plan import Place
from prepazka.flows.outbound import notify
from prepazka.flows.phone_numbers import NotUsable, read_number
from prepazka.flows.transaction import retry_transaction
from prepazka.sms.languages import FIRST
from prepazka.sms.reply.render import render
from prepazka.store import offices, reads, writes
from prepazka.store.log import note
from prepazka.store.writes import BookingKey

CHANNEL = "import"
_Wish = tuple[str, date, time, str]
"""Service, day, time and name."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file. new: bookings made, or with a trial those that would be; known: lines that were imported
    before; notified: confirmations queued. With problems, nothing was made."""

    new: int = 0
    known: int = 0
    notified: int = 0
    problems: tuple[LineProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Numbers:
    """Numbers of whoever booked: one that gets messages, or one that is only called."""

    sender: str = ""
    calls: str = ""


# docs/spec/administration.md §9: "All of the file is imported or nothing"
@retry_transaction
def import_bookings(
    office_id: int, file: ImportFile, actor: Actor, *, trial: bool = False, tell: bool = False
) -> Imported:
    """Import the bookings of a file. trial: only say what would happen. tell: confirm each new one by SMS.

    A constant number of queries whatever the file's length.
    """
    locked = offices.lock(office_id)
    office, now = locked.office, actor.at
    if file.problems or not file.lines:
        return Imported(problems=file.problems)
    desk = _Desk(office, file.lines, now)
    problems = [problem for line in file.lines if (problem := desk.take(line))]
    if problems:
        return Imported(problems=tuple(problems))
    if trial:
        return Imported(len(desk.new), desk.known)
    ids = writes.add_bookings(office, desk.new, CHANNEL, now)
    told = notify.enqueue(office, _confirmations(office, desk.new, ids), now) if tell else 0
    if desk.new:
        note(office_id, now, actor.who, "bookings imported", count=len(desk.new))
    return Imported(len(desk.new), desk.known, told)


def _confirmations(
    office: Office, bookings: Sequence[Booking], ids: dict[BookingKey, int]
) -> Iterator[notify.Notification]:
    for booking in bookings:
        reply = render(Booked(booking), office, FIRST)
        if booking.sender and reply:
            booking_id = ids[BookingKey(booking.day.isoformat(), booking.code)]
            yield notify.of_booking("confirmation", booking, booking_id, reply)


class _Desk:
    """Takes the lines of a file one after the other, as somebody at a desk would: each place and code once."""

    def __init__(self, office: Office, lines: Sequence[Line], now: datetime) -> None:
        self.new: list[Booking] = []
        self.known = 0
        self._office, self._now = office, minute(now)
        drawn = [draw(secrets.randbelow) for line in lines if not line.code for _ in range(2)]
        self._ledger = Ledger(office, reads.snapshot(office, _read_set(office, lines, drawn), self._now))
        self._drawn = iter(drawn)
        days = [line.day for line in lines]
        self._there: dict[_Wish, list[Booking]] = {}
        for booking in reads.booked_between(office, min(days), max(days), self._now):
            self._there.setdefault(_wish(booking), []).append(booking)

    def take(self, line: Line) -> LineProblem | None:
        """Enter the booking of a line, unless it is there already; return what speaks against it."""
        service, numbers = self._office.service_of.get(line.service), _read_phone(line.phone)
        if service is None:
            return LineProblem(line.line, "service", "service", line.service[:20])
        if numbers is None:
            return LineProblem(line.line, "phone", "phone")
        place = calendar.starts(self._office, self._office.agenda_of[service.agenda], line.day).places.get(line.at)
        if self._is_known(line, numbers):
            self.known += 1
            return None
        if place is None or place.start.minute + service.minutes > place.stretch.closes:
            return LineProblem(line.line, "time", "hours")
        if place.start.minute < self._now:
            return LineProblem(line.line, "date", "past")
        return self._enter(line, service, numbers, place)

    # docs/spec/administration.md §9: "A line that was imported before changes nothing"
    def _is_known(self, line: Line, numbers: _Numbers) -> bool:
        """Whether there is the booking of a line: the same in all that it says; cancelled since, it stays cancelled."""
        same = [booking for booking in self._there.get(_wish(line), ()) if line.code in {"", booking.code}]
        if line.code:
            same += [
                booking for booking in self._ledger.with_code(line.code, line.day) if _wish(booking) == _wish(line)
            ]
        return any(numbers == _Numbers(booking.sender, booking.calls) for booking in same)

    def _enter(self, line: Line, service: Service, numbers: _Numbers, place: Place) -> LineProblem | None:
        if line.code and line.code in self._ledger.codes(line.day):
            twice = any(booking.code == line.code for booking in self.new)
            return LineProblem(line.line, "code", "code_twice" if twice else "code_taken", line.code)
        start, end = place.start.minute, Minute(place.start.minute + service.minutes)
        lane = self._ledger.lanes(service.agenda, line.day).free_lane(start, end, place.stretch.lanes)
        if lane is None:
            return LineProblem(line.line, "time", "taken")
        code = line.code or free_code((next(self._drawn), next(self._drawn)), self._ledger.codes(line.day))
        booking = Booking(
            id=None,
            service=service.code,
            agenda=service.agenda,
            lane=lane,
            start=start,
            end=end,
            day=line.day,
            at=line.at,
            name=line.name,
            persons=1,
            sender=numbers.sender,
            code=code,
            state="booked",
            text_key="",
            made_at=self._now,
            calls=numbers.calls,
        )
        self._ledger.add(booking)
        self._there.setdefault(_wish(booking), []).append(booking)
        self.new.append(booking)
        return None


def _wish(one: Line | Booking) -> _Wish:
    return one.service, one.day, one.at, one.name


def _read_set(office: Office, lines: Sequence[Line], drawn: Collection[str]) -> ReadSet:
    first = midnight(min(line.day for line in lines), office.zone)
    last = midnight(max(line.day for line in lines) + timedelta(days=1), office.zone)
    spans = tuple(Span(agenda.id, first, last) for agenda in office.agendas)
    return ReadSet(spans=spans, codes=frozenset([*(line.code for line in lines if line.code), *drawn]))


def _read_phone(typed: str) -> _Numbers | None:
    """Return the numbers of what was typed, as the desk does; None for what is no number."""
    if not typed:
        return _Numbers()
    number = read_number(typed, settings.COUNTRIES)
    if not isinstance(number, NotUsable):
        return _Numbers(sender=number)
    return _Numbers(calls=number.number) if number.problem in {"landline", "country"} else None
