"""An installation with many offices: an idle one asks the database as much as that with a single office does."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from prepazka import clock
from prepazka.bench.scratch import store_towns
from prepazka.process import worker
from prepazka.store import models, traces
from prepazka.store.counting import counting
from prepazka.store.office_cache import office_cache
from tests.emptying import empty

pytestmark = pytest.mark.django_db(transaction=True)

# A Monday morning: reminders are made, lists were to be printed, counters are open.
NOW = datetime(2026, 8, 3, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
ME = "+420602000111"

Round = Callable[[datetime], int]
ROUNDS: dict[str, Callable[[], Round]] = {
    "stored messages": lambda: worker.handle_messages,
    "own work": lambda: worker.own_work().step,
    "at once": lambda: worker.at_once().step,
    "each minute": lambda: worker.each_minute().step,
    "each hour": lambda: worker.each_hour().step,
}


@pytest.fixture(autouse=True)
def _nothing_but_offices(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    settings.STATE, settings.DAY_LISTS, settings.ERASURES = tmp_path, tmp_path / "lists", tmp_path / "erasures.jsonl"
    settings.SIMULATOR = True
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(counting, "store", lambda _now: None)
    monkeypatch.setattr(traces, "vacuum", lambda _now: [])


def open_towns(number: int) -> None:
    """Store offices, each with a clerk at work, a held place, a booking reminded of, and a wish for another place."""
    store_towns(number)
    services = list(models.Service.objects.select_related("agenda"))
    counters = models.Counter.objects.bulk_create(
        models.Counter(office_id=one.office_id, key="1", title="1", position=0) for one in services
    )
    models.Counter.agendas.through.objects.bulk_create(
        models.Counter.agendas.through(counter=counter, agenda=service.agenda)
        for counter, service in zip(counters, services, strict=True)
    )
    models.Staffing.objects.bulk_create(
        models.Staffing(office_id=one.office_id, counter=one, clerk=f"u{one.office_id}", since=NOW) for one in counters
    )
    models.WaitlistEntry.objects.bulk_create(
        models.WaitlistEntry(
            office_id=one.office_id, service=one, day=NOW.date(), sender=ME, gateway="phone", recipient="",
            language="cs", made_at=NOW,
        )
        for one in services
    )  # fmt: skip
    booked, held = (
        models.Booking.objects.bulk_create(_booking(one, lane, state) for one in services)
        for lane, state in enumerate(("booked", "held"))
    )
    models.Hold.objects.bulk_create(
        models.Hold(booking=one, office_id=one.office_id, number=ME, caller="198.51.100.7", chosen_at=NOW)
        for one in held
    )
    assert len(booked) == number
    models.Office.objects.update(day_list_printer="10.255.255.1", reoffer_minutes=30)
    office_cache.clear()


def _booking(service: models.Service, lane: int, state: str) -> models.Booking:
    return models.Booking(
        office_id=service.office_id, agenda=service.agenda, service=service, lane=lane, starts_at=NOW + 5 * HOUR,
        ends_at=NOW + 6 * HOUR, day=NOW.date(), name="NOVAK", persons=1, sender=ME, code=f"11122{lane}", state=state,
        channel="web", text_key="", made_at=NOW - timedelta(days=3), changed_at=NOW,
    )  # fmt: skip


def statements(begin: Callable[[], Round]) -> list[str]:
    """Return the statements of a round in which every task is looked at, and none has anything to do."""
    work = begin()
    while work(NOW):
        pass
    with CaptureQueriesContext(connection) as captured:
        assert begin()(NOW) == 0
    return [query["sql"] for query in captured]


def test_an_idle_round_asks_as_much_for_many_offices_as_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prepazka.process.day_lists.deliver", lambda *_: None)
    monkeypatch.setattr("prepazka.process.worker.EXAMINED", 0)
    asked: list[dict[str, int]] = []
    for number in (1, 200):
        empty()
        open_towns(number)
        asked.append({name: len(statements(begin)) for name, begin in ROUNDS.items()})
    assert asked[0] == asked[1]
    assert all(0 < count < 60 for count in asked[0].values())
