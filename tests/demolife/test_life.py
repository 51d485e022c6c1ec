"""The simulated life of the demo: repeatable from the same day, by the office's own rules, and only in the demo."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from prepazka import officefile
from prepazka.demolife import life, running
from prepazka.demolife.life import DemoLife
from prepazka.demolife.texts import UNKNOWN_SERVICES
from prepazka.flows.counters.board import board
from prepazka.flows.inbound.handle import Handled
from prepazka.flows.inbound.receive import receive
from prepazka.flows.outbound import deliver
from prepazka.gateways.values import Inbound
from prepazka.store import clerk_inbox, misunderstandings, models, notifications, offices

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 8, 3, 4, tzinfo=UTC)
NOON = datetime(2026, 8, 4, 9, tzinfo=UTC)


def no_rest(_: float) -> None:
    """Nobody else uses the demo of a test."""


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
    DemoLife(models.Office.objects.get().id, since).catch_up(until, no_rest)
    return books()


@pytest.mark.usefixtures("office_id")
def test_the_same_days_are_lived_the_same_way() -> None:
    first = lived(MONDAY, NOON)
    assert len(first) > 100
    assert lived(MONDAY, NOON) == first


def test_every_page_has_something_to_show(office_id: int) -> None:
    DemoLife(office_id, MONDAY).catch_up(NOON, no_rest)
    now = board(offices.load(office_id), NOON)
    assert now.last
    assert any(agenda.counters for agenda in now.agendas)
    states = Counter(models.Ticket.objects.values_list("state", flat=True))
    assert states["done"] > 20
    assert models.Booking.objects.filter(starts_at__gt=NOON, state="booked").exists()
    assert {"booked", "not_understood"} <= set(models.Inbound.objects.values_list("outcome", flat=True))
    kinds = set(models.Ticket.objects.values_list("kind", flat=True))
    assert {"booking", "walk_in"} <= kinds


def test_the_demo_shows_no_trouble_it_has_not_got(office_id: int) -> None:
    """Its messages are of last week: for the worker's clock they would all be too late, and the pages would tell so."""
    running.record_progress(office_id, MONDAY)
    running.resume(office_id, NOON, no_rest)
    deliver.tidy(NOON)
    kinds = Counter(models.Outbound.objects.values_list("kind", "state"))
    assert kinds["reminder", "delivered"] > 10
    assert {state for _, state in kinds} <= {"delivered", "handed"}
    assert notifications.count_missed(offices.load(office_id), NOON.date(), 2) == 0


def test_the_doors_are_open_before_the_month_is_lived(office_id: int) -> None:
    sunday, seen = datetime(2026, 8, 9, 20, tzinfo=UTC), list[bool]()

    def look(_: float) -> None:
        office = offices.load(office_id)
        seen.append(all(running._is_open(office, one, sunday.astimezone(office.zone)) for one in office.agendas))

    running.record_progress(office_id, sunday - timedelta(hours=2))
    running.resume(office_id, sunday, look)
    assert seen
    assert all(seen)


def test_nobody_is_served_twice_at_once_and_nothing_is_left_of_yesterday(office_id: int) -> None:
    DemoLife(office_id, MONDAY).catch_up(NOON, no_rest)
    assert not models.Ticket.objects.filter(day=MONDAY.date(), state__in=["waiting", "called"]).exists()
    for counter in models.Counter.objects.all():
        assert models.Ticket.objects.filter(counter=counter, state__in=["called", "serving"]).count() <= 1


def test_what_was_lived_is_not_lived_again(office_id: int, whole: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not whole:  # a month takes long
        monkeypatch.setattr(running, "PAST_LENGTH", timedelta(days=4))
    running.resume(office_id, MONDAY - timedelta(days=2), no_rest)
    before = models.Inbound.objects.count()
    assert before > 0
    running.resume(office_id, MONDAY - timedelta(days=2), no_rest)
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


# --- what is no perfect message -----------------------------------------------------------------


def test_people_write_with_flaws_and_answer_what_they_are_asked(office_id: int) -> None:
    DemoLife(office_id, MONDAY).catch_up(MONDAY + timedelta(days=9), no_rest)
    outcomes = Counter(models.Inbound.objects.values_list("outcome", flat=True))
    assert {"proposed", "declined", "not_understood", "unknown_service", "missing_name", "missing_code"} <= set(
        outcomes
    )
    assert outcomes["booked"] > sum(outcomes[each] for each in ("not_understood", "unknown_service", "missing_name"))
    assert models.Inbound.objects.filter(text="ANO", outcome="booked").exists()
    cancelled = models.Inbound.objects.filter(outcome="cancelled").values_list("sender", flat=True)
    assert models.Inbound.objects.filter(outcome="missing_code", sender__in=cancelled).exists()
    texts = misunderstandings.texts(office_id, MONDAY - timedelta(days=1), MONDAY + timedelta(days=20))
    tried = {(word.strip(","), one.sender) for one in texts for word in one.text.split()}
    assert max(Counter(word for word, _ in tried if word in UNKNOWN_SERVICES).values()) > 1, "no word for its page"


@pytest.fixture
def _a_short_past(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "PAST_LENGTH", timedelta(days=1))


@pytest.mark.usefixtures("_a_short_past")
def test_the_inbox_has_something_to_read_within_the_first_minutes(office_id: int) -> None:
    resumed = running.resume(office_id, NOON, no_rest)
    before = clerk_inbox.waiting(office_id)
    resumed.play(NOON + timedelta(seconds=30))
    assert clerk_inbox.waiting(office_id) == before + 2
    resumed.play(NOON + timedelta(minutes=5))
    assert clerk_inbox.waiting(office_id) >= before + len(running.QUESTIONS_AFTER)
    office = offices.load(office_id)
    assert (office.settings.inbox, bool(office.settings.inbox_hours), len(office.answers)) == (True, True, 3)


def test_simulated_clerks_answer_their_own_people_and_leave_the_rest(office_id: int) -> None:
    running.open_inbox(office_id, MONDAY)
    visitor = Inbound("test", "v1", "+420602123987", officefile.load_demo().numbers[0], "kde mate zvonek", MONDAY)
    receive([visitor], MONDAY)
    DemoLife(office_id, MONDAY).catch_up(MONDAY + timedelta(days=4), no_rest)
    assert {one.done_by for one in clerk_inbox.done(office_id, 100)} == {"marie", "tomas"}
    assert models.Outbound.objects.filter(kind="answer").exists()
    assert "kde mate zvonek" in [one.text for one in clerk_inbox.unread(office_id, 2**62, 200)]


@pytest.mark.usefixtures("_a_short_past")
def test_who_switches_the_inbox_off_finds_it_off_after_a_restart(office_id: int) -> None:
    running.resume(office_id, MONDAY, no_rest)
    office = offices.load(office_id)
    offices.keep(replace(office, settings=replace(office.settings, inbox=False)), MONDAY)
    running.resume(office_id, MONDAY + timedelta(minutes=5), no_rest)
    assert not offices.load(office_id).settings.inbox


@pytest.mark.django_db(transaction=True)
def test_whoever_uses_the_demo_waits_for_one_action_at_most(office_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite has one writer: what a transaction of the past holds, the first visitors wait for."""
    messages, rests = list[int](), list[float]()

    def receive_alone(inbounds: Sequence[Inbound], now: datetime) -> list[Handled]:
        assert not connection.in_atomic_block, "the action before has given the database back"
        messages.append(len(inbounds))
        return receive(inbounds, now)

    monkeypatch.setattr(life, "receive", receive_alone)

    def rest(seconds: float) -> None:
        assert not connection.in_atomic_block
        rests.append(seconds)

    DemoLife(office_id, MONDAY).catch_up(MONDAY + timedelta(hours=5), rest)
    assert len(messages) > 10
    assert set(messages) == {1}
    assert len(rests) >= len(messages)
    assert all(seconds > 0 for seconds in rests), "a rest is as long as the action was"


def test_the_demo_goes_on_when_a_visitor_has_taken_all_hours_from_an_agenda(office_id: int) -> None:
    office = offices.load(office_id)
    bare = replace(office.agendas[0], rules=())
    offices.keep(replace(office, agendas=(bare, *office.agendas[1:])), NOON, "navstevnik")
    night = datetime(2026, 8, 4, 1, tzinfo=UTC)
    assert running.ensure_open(office_id, night)
    opened = offices.load(office_id)
    assert [running._is_open(opened, one, night.astimezone(opened.zone)) for one in opened.agendas] == [False, True]
