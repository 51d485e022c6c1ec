"""Callers of one office share a call; those of another office wait for none of them, whatever holds that one up."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from threading import Event
from typing import Any

import psycopg
import pytest
from django.db import connection, connections

from prepazka.core.booking.outcomes import HelpGiven
from prepazka.flows.inbound import gatherings as module
from prepazka.flows.inbound.gatherings import WAITING_AT_MOST, Gatherings, OfficeHeldUp
from prepazka.flows.inbound.handle import Handled
from prepazka.flows.inbound.receive import receive_bound, work
from prepazka.gateways.values import Inbound
from prepazka.store import models, offices
from tests.offices import demo_office
from tests.waiting import DEADLINE, until

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
HELD, OTHER = "+420739000081", "+420739000082"


def message(id_: str, to: str) -> Inbound:
    return Inbound("modem", id_, "+420602123123", to, "POMOC")


class Offices:
    """Stands for `receive`: messages to HELD wait until they are let go."""

    def __init__(self) -> None:
        self.entered, self.let_go = Event(), Event()
        self.calls: list[list[str]] = []

    def receive(self, inbounds: Sequence[Inbound], now: datetime) -> list[Handled]:
        self.calls.append([one.id for one in inbounds])
        if any(one.recipient == HELD for one in inbounds):
            self.entered.set()
            assert self.let_go.wait(DEADLINE)
        return [Handled(one.id, HelpGiven()) for one in inbounds]


@pytest.fixture
def stand_in(threads: ThreadPoolExecutor) -> Iterator[Offices]:
    """It lets go before the threads are waited for."""
    stand_in = Offices()
    yield stand_in
    stand_in.let_go.set()


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(WAITING_AT_MOST + 4) as pool:
        yield pool


def test_another_office_does_not_wait(stand_in: Offices, threads: ThreadPoolExecutor) -> None:
    gather = Gatherings(stand_in.receive)
    held = threads.submit(gather.hand_in, [message("a", HELD)], NOW)
    assert stand_in.entered.wait(DEADLINE)
    assert [one.id for one in gather.hand_in([message("b", OTHER)], NOW)] == ["b"]
    assert not held.done()


def test_a_list_for_several_offices_keeps_no_gathering_waiting(stand_in: Offices, threads: ThreadPoolExecutor) -> None:
    gather = Gatherings(stand_in.receive)
    mixed = threads.submit(gather.hand_in, [message("a", OTHER), message("b", HELD)], NOW)
    assert stand_in.entered.wait(DEADLINE)
    assert [one.id for one in gather.hand_in([message("c", OTHER)], NOW)] == ["c"]
    stand_in.let_go.set()
    assert [one.id for one in mixed.result(DEADLINE)] == ["a", "b"]


def test_so_many_callers_wait_for_an_office_that_is_held_up_and_no_more(
    stand_in: Offices, threads: ThreadPoolExecutor
) -> None:
    seconds = [100.0]
    gather = Gatherings(stand_in.receive, lambda: seconds[0])
    first = threads.submit(gather.hand_in, [message("first", HELD)], NOW)
    assert stand_in.entered.wait(DEADLINE)
    waiting: list[Future[list[Handled]]] = [
        threads.submit(gather.hand_in, [message(f"m{place}", HELD)], NOW) for place in range(WAITING_AT_MOST)
    ]
    until(lambda: gather._of[HELD].waiting == WAITING_AT_MOST + 1, "all wait: it is busy, not held up")
    seconds[0] += 1.5
    with pytest.raises(OfficeHeldUp):
        gather.hand_in([message("late", HELD)], NOW)
    assert gather.hand_in([message("b", OTHER)], NOW)
    stand_in.let_go.set()
    assert {one.result(DEADLINE)[0].id for one in [first, *waiting]} == {
        "first", *(f"m{place}" for place in range(WAITING_AT_MOST))
    }  # fmt: skip
    assert gather.hand_in([message("again", HELD)], NOW), "and it is taken once the office goes on"


def test_numbers_nobody_texts_any_more_are_forgotten(stand_in: Offices, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_REMEMBERED", 3)
    gather = Gatherings(stand_in.receive)
    for place in range(9):
        gather.hand_in([message(str(place), f"+42060200000{place}")], NOW)
    assert list(gather._of) == ["+420602000006", "+420602000007", "+420602000008"]


# --- with a lock of the database -------------------------------------------------------------------


@pytest.fixture
def locked(transactional_db: None) -> Iterator[psycopg.Connection[Any]]:
    """Two offices; another connection holds the lock of the first."""
    models.Gateway.objects.create(name="modem", kind="http", made_at=NOW)
    for slug, number in (("held", HELD), ("other", OTHER)):
        office = replace(demo_office(), slug=slug, numbers=(number,), gateways={number: "modem"})
        offices.keep(office, NOW)
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
        other.execute("SELECT id FROM office WHERE slug = 'held' FOR NO KEY UPDATE")
        yield other
        other.rollback()


def received(inbounds: Sequence[Inbound], now: datetime) -> list[Handled]:
    """As pages do, in a thread with a connection of its own."""
    try:
        return receive_bound(inbounds, now)
    finally:
        connections.close_all()


@pytest.mark.postgresql
def test_a_locked_office_stops_no_other(locked: psycopg.Connection[Any], threads: ThreadPoolExecutor) -> None:
    gather = Gatherings(received)
    held = threads.submit(gather.hand_in, [message("a", HELD)], NOW)
    until(_waits_for_a_lock, "the first waits for the lock")
    [answered] = threads.submit(gather.hand_in, [message("b", OTHER)], NOW).result(DEADLINE)
    assert getattr(answered.outcome, "outcome", "") == "help"
    assert not held.done()
    locked.rollback()
    assert held.result(DEADLINE)[0].outcome


def _waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")
        return bool(cursor.fetchall())


@pytest.mark.postgresql
def test_stored_messages_of_a_locked_office_wait_and_those_of_others_are_handled(
    locked: psycopg.Connection[Any],
) -> None:
    for id_, to, state in (("a", HELD, "waiting"), ("b", OTHER, "waiting")):
        office = models.Number.objects.get(e164=to).office
        models.Inbound.objects.create(
            office=office, gateway="modem", gateway_id=id_, sender="+420602123123", recipient=to, text="POMOC",
            text_key="POMOC", received_at=NOW, state=state, attempts=0, whole=True,
        )  # fmt: skip
    while work(NOW):
        pass
    assert dict(models.Inbound.objects.values_list("gateway_id", "state")) == {"a": "waiting", "b": "answered"}
    locked.rollback()
    assert work(NOW) == 1
