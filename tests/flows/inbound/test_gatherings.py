"""Callers of one office share a call; those of another office wait for none of them, whatever holds that one up."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.db import connection, connections

from prepazka.core.booking.outcomes import Duplicate, HelpGiven
from prepazka.flows.inbound import gatherings as module
from prepazka.flows.inbound.gatherings import WAITING_AT_MOST, Gatherings, OfficeHeldUp
from prepazka.flows.inbound.handle import Handled
from prepazka.flows.inbound.receive import receive_bound, work
from prepazka.gateways.values import Inbound
from prepazka.store import models, offices
from tests.offices import demo_office

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
HELD, OTHER = "+420739000081", "+420739000082"


def message(id_: str, to: str) -> Inbound:
    return Inbound("modem", id_, "+420602123123", to, "POMOC")


class Offices:
    """Stands for `receive`: messages to HELD wait until they are let go."""

    def __init__(self) -> None:
        self.entered, self.let_go = asyncio.Event(), asyncio.Event()
        self.calls: list[list[str]] = []

    async def receive(self, inbounds: Sequence[Inbound], now: datetime) -> list[Handled]:
        self.calls.append([one.id for one in inbounds])
        if any(one.recipient == HELD for one in inbounds):
            self.entered.set()
            await self.let_go.wait()
        return [Handled(one.id, HelpGiven()) for one in inbounds]


@pytest.fixture
def stand_in() -> Offices:
    return Offices()


def test_another_office_does_not_wait(stand_in: Offices) -> None:
    async def main() -> None:
        gather = Gatherings(stand_in.receive)
        held = asyncio.create_task(gather.hand_in([message("a", HELD)], NOW))
        await stand_in.entered.wait()
        assert [one.id for one in await gather.hand_in([message("b", OTHER)], NOW)] == ["b"]
        assert not held.done()
        stand_in.let_go.set()
        await held

    asyncio.run(main())


def test_a_list_for_several_offices_keeps_no_gathering_waiting(stand_in: Offices) -> None:
    async def main() -> None:
        gather = Gatherings(stand_in.receive)
        mixed = asyncio.create_task(gather.hand_in([message("a", OTHER), message("b", HELD)], NOW))
        await stand_in.entered.wait()
        assert [one.id for one in await gather.hand_in([message("c", OTHER)], NOW)] == ["c"]
        stand_in.let_go.set()
        assert [one.id for one in await mixed] == ["a", "b"]

    asyncio.run(main())


def test_so_many_callers_wait_for_an_office_that_is_held_up_and_no_more(stand_in: Offices) -> None:
    seconds = [100.0]

    async def main() -> None:
        gather = Gatherings(stand_in.receive, lambda: seconds[0])
        ids = ["first", *(f"m{place}" for place in range(WAITING_AT_MOST))]
        callers = [asyncio.create_task(gather.hand_in([message(id_, HELD)], NOW)) for id_ in ids]
        await stand_in.entered.wait()
        assert gather._of[HELD].waiting == WAITING_AT_MOST + 1, "all wait: it is busy, not held up"
        seconds[0] += 1.5
        with pytest.raises(OfficeHeldUp):
            await gather.hand_in([message("late", HELD)], NOW)
        assert await gather.hand_in([message("b", OTHER)], NOW)
        stand_in.let_go.set()
        assert [one.id for [one] in await asyncio.gather(*callers)] == ids
        assert await gather.hand_in([message("again", HELD)], NOW), "and it is taken once the office goes on"

    asyncio.run(main())


def test_numbers_nobody_texts_any_more_are_forgotten(stand_in: Offices, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_REMEMBERED", 3)

    async def main() -> None:
        gather = Gatherings(stand_in.receive)
        for place in range(9):
            await gather.hand_in([message(str(place), f"+42060200000{place}")], NOW)
        assert list(gather._of) == ["+420602000006", "+420602000007", "+420602000008"]

    asyncio.run(main())


# --- with a lock of the database -------------------------------------------------------------------


@pytest.fixture
def locked(transactional_db: None) -> Iterator[psycopg.Connection[Any]]:
    """Two offices; another connection holds the lock of the first."""
    for slug, number in (("held", HELD), ("other", OTHER)):
        in_office(slug, number)
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
        other.execute("SELECT id FROM office WHERE slug = 'held' FOR NO KEY UPDATE")
        yield other
        other.rollback()


async def received(inbounds: Sequence[Inbound], now: datetime) -> list[Handled]:
    """As the API does, in a thread with a connection of its own."""

    def receive() -> list[Handled]:
        try:
            return receive_bound(inbounds, now)
        finally:
            connections.close_all()

    return await asyncio.to_thread(receive)


def in_office(slug: str, number: str) -> None:
    """Make an office with a number of the gateway `modem`."""
    models.Gateway.objects.get_or_create(name="modem", defaults={"kind": "http", "made_at": NOW})
    offices.keep(replace(demo_office(), slug=slug, numbers=(number,), gateways={number: "modem"}), NOW)


@pytest.mark.django_db(transaction=True)
def test_callers_who_bring_the_same_message_bring_one() -> None:
    in_office("other", OTHER)
    callers = range(8)

    async def main() -> list[list[Handled]]:
        first, second = Gatherings(received), Gatherings(received)  # as in two processes
        return await asyncio.gather(
            *(
                (first, second)[caller % 2].hand_in([message("same", OTHER), message(f"own {caller}", OTHER)], NOW)
                for caller in callers
            )
        )

    results = asyncio.run(main())
    assert len([same for same, _ in results if not isinstance(same.outcome, Duplicate)]) == 1
    assert [own.id for _, own in results] == [f"own {caller}" for caller in callers]
    assert models.Inbound.objects.count() == len(callers) + 1


@pytest.mark.postgresql
def test_a_locked_office_stops_no_other(locked: psycopg.Connection[Any]) -> None:
    async def main() -> None:
        gather = Gatherings(received)
        held = asyncio.create_task(gather.hand_in([message("a", HELD)], NOW))
        while not await asyncio.to_thread(_waits_for_a_lock):
            assert not held.done()
        [answered] = await gather.hand_in([message("b", OTHER)], NOW)
        assert getattr(answered.outcome, "outcome", "") == "help"
        assert not held.done()
        locked.rollback()
        assert (await held)[0].outcome

    asyncio.run(main())


def _waits_for_a_lock() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
            return bool(cursor.fetchall())
    finally:
        connections.close_all()


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
