"""A request alone is decided by the places that are usually enough: in a busy office more take longer to read."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from prepazka.core.booking.book import Book
from prepazka.core.booking.outcomes import Booked, SlotFull
from prepazka.core.booking.snapshot import ReadSet
from prepazka.core.office.calendar import starts
from prepazka.core.office.office import Office
from prepazka.flows.booking.request import BookingRequest, submit
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import reads
from tests.flows.counters.working_day import book
from tests.made_once import kept_once
from tests.offices import demo_office

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 8, 3, 5, 30, tzinfo=UTC)
TUESDAY = date(2026, 8, 11)
DAY = 24 * 60


@pytest.fixture
def office() -> Office:
    return kept_once(demo_office(), NOW)


@pytest.fixture
def minutes_read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many minutes of agendas were read, each time that something was."""
    found: list[int] = []
    taken = reads._taken

    def note(office: Office, needed: ReadSet) -> object:
        found.append(sum(span.last - span.first for span in needed.spans))
        return taken(office, needed)

    monkeypatch.setattr(reads, "_taken", note)
    return found


def fill(office: Office, day: date, *, but: time | None = None) -> None:
    """Take all places of a day, but for one start."""
    agenda = office.agenda_of[office.service_of["ZOP"].agenda]
    for at, place in starts(office, agenda, day).places.items():
        for lane in range(place.stretch.lanes):
            if at != but:
                begin = datetime.combine(day, at, tzinfo=office.zone)
                book(office, begin, f"{lane}{at:%H%M}{day.day % 10}", lane=lane, sender=f"+42060200{at:%H%M}{lane}")


def say(office: Office, text: str, id_: str) -> str:
    [handled] = receive([Inbound("console", id_, "+420777998877", office.numbers[0], text)], NOW)
    assert handled.reply is not None
    return handled.reply.text


def test_a_wish_reads_its_own_place(office: Office, minutes_read: list[int]) -> None:
    fill(office, TUESDAY, but=time(9, 45))
    wish = Book("ZOP", TUESDAY, time(9, 45), "DVORSKY")
    assert isinstance(submit(office.id, BookingRequest(wish, "web"), NOW), Booked)
    assert minutes_read == [15]


def test_a_wish_on_a_day_that_is_full_reads_the_days_after_it(office: Office, minutes_read: list[int]) -> None:
    for ahead in range(3):
        fill(office, TUESDAY + timedelta(days=ahead))
    full = submit(office.id, BookingRequest(Book("ZOP", TUESDAY, time(9, 45), "DVORSKY"), "web"), NOW)
    assert isinstance(full, SlotFull)
    assert {offer.day for offer in full.offers} == {TUESDAY + timedelta(days=3)}, "the next that has places"
    assert minutes_read == [15, DAY, 8 * DAY], "its place, its day, and then all it may look at"


def test_a_yes_reads_the_place_of_what_was_offered(office: Office, minutes_read: list[int]) -> None:
    fill(office, TUESDAY, but=time(13, 15))
    said = say(office, f"OBJ ZOP {TUESDAY:%d.%m.} 13:30 DVORSKY", "wish")
    assert "ANO" in said
    minutes_read.clear()
    assert "13:15" in say(office, "ANO", "yes")
    assert minutes_read == [0, 15], "what was offered is read first"


def test_a_yes_to_nothing_reads_no_day(office: Office, minutes_read: list[int]) -> None:
    say(office, "ANO", "yes")
    assert minutes_read == [0]
