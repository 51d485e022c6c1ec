"""The simulated life of the demo: repeatable from the same day, by the office's own rules, and only in the demo."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from prepazka import officefile
from prepazka.demolife import running
from prepazka.demolife.life import DemoLife
from prepazka.flows.counters.board import board
from prepazka.store import models, offices

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 8, 3, 4, tzinfo=UTC)
NOON = datetime(2026, 8, 4, 9, tzinfo=UTC)


@pytest.fixture
def office_id() -> int:
    return offices.keep(officefile.load_demo(), MONDAY)


def books() -> list[tuple[object, ...]]:
    """All that happened, but for codes, which nobody can foresee."""
    bookings = models.Booking.objects.values_list("sender", "service__code", "starts_at", "name", "state")
    tickets = models.Ticket.objects.values_list("prefix", "number", "day", "kind", "state", "arrived_at", "called_at")
    return [*sorted(bookings), *sorted(tickets, key=str)]


def lived(since: datetime, until: datetime) -> list[tuple[object, ...]]:
    models.TicketEvent.objects.all().delete()
    for model in (models.Ticket, models.TicketSeries, models.Staffing, models.Outbound, models.Inbound, models.Booking):
        model.objects.all().delete()
    DemoLife(models.Office.objects.get().id, since).catch_up(until)
    return books()


@pytest.mark.usefixtures("office_id")
def test_the_same_days_are_lived_the_same_way() -> None:
    first = lived(MONDAY, NOON)
    assert len(first) > 100
    assert lived(MONDAY, NOON) == first


def test_every_page_has_something_to_show(office_id: int) -> None:
    DemoLife(office_id, MONDAY).catch_up(NOON)
    now = board(offices.load(office_id), NOON)
    assert now.last
    assert any(agenda.counters for agenda in now.agendas)
    states = Counter(models.Ticket.objects.values_list("state", flat=True))
    assert states["done"] > 20
    assert models.Booking.objects.filter(starts_at__gt=NOON, state="booked").exists()
    assert {"booked", "not_understood"} <= set(models.Inbound.objects.values_list("outcome", flat=True))
    kinds = set(models.Ticket.objects.values_list("kind", flat=True))
    assert {"booking", "walk_in"} <= kinds


def test_nobody_is_served_twice_at_once_and_nothing_is_left_of_yesterday(office_id: int) -> None:
    DemoLife(office_id, MONDAY).catch_up(NOON)
    assert not models.Ticket.objects.filter(day=MONDAY.date(), state__in=["waiting", "called"]).exists()
    for counter in models.Counter.objects.all():
        assert models.Ticket.objects.filter(counter=counter, state__in=["called", "serving"]).count() <= 1


def test_what_was_lived_is_not_lived_again(office_id: int) -> None:
    running.resume(office_id, MONDAY - timedelta(days=2))
    before = models.Inbound.objects.count()
    running.resume(office_id, MONDAY - timedelta(days=2))
    assert models.Inbound.objects.count() == before


@pytest.mark.parametrize(
    "now",
    [
        pytest.param(datetime(2026, 8, 4, 20, tzinfo=UTC), id="evening"),
        pytest.param(datetime(2026, 8, 4, 1, tzinfo=UTC), id="night"),
        pytest.param(datetime(2026, 8, 9, 10, tzinfo=UTC), id="Sunday"),
    ],
)
def test_whoever_tries_the_demo_at_odd_hours_finds_it_open(office_id: int, now: datetime) -> None:
    running.ensure_open(office_id, now)
    opened = offices.load(office_id)
    assert all(running._is_open(opened, agenda, now.astimezone(opened.zone)) for agenda in opened.agendas)
    usual = {agenda.key: agenda.rules for agenda in officefile.load_demo().agendas}
    assert {agenda.key: agenda.rules for agenda in opened.agendas} == usual
    dumped = officefile.dump(opened)
    assert officefile.dump(officefile.parse(dumped)) == dumped


def test_in_office_hours_nothing_is_changed(office_id: int) -> None:
    before = offices.load(office_id)
    running.ensure_open(office_id, NOON)
    assert offices.load(office_id) == before
