"""The order of calling: a booking whose time has come, then priority, then order of arrival (spec/counters.md)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prepazka.core.office.office import Settings
from prepazka.core.queue.order import may_call, next_ticket
from prepazka.core.queue.tickets import Ticket
from tests.core.queue.tickets import at, booked, ticket
from tests.offices import DOKLADY, EVIDENCE, demo_office

FIRST, BOTH, LAST = demo_office().counters
SETTINGS = Settings()
NOW = at(9, 30)

EARLIER, LATER = ticket(at(9)), ticket(at(9, 1))
FAVOURED = ticket(at(9, 20), priority=True)
DUE = booked(at(9, 30), at(9, 20))
DUE_LONGER = booked(at(9, 15), at(9, 25))
EARLY = booked(at(9, 45), at(8, 50))
LATE = ticket(at(9, 10), kind="late", due_at=at(8), booking=2)
PARKED = ticket(at(8), parked_until=at(9, 31))
BACK = ticket(at(8), parked_until=at(9, 30))
ELSEWHERE = ticket(at(8), agenda=EVIDENCE)
CALLED = ticket(at(8), state="called", counter=LAST.id)


@pytest.mark.parametrize(
    ("waiting", "expected"),
    [
        pytest.param([], None, id="nobody"),
        pytest.param([LATER, EARLIER], EARLIER, id="order of arrival"),
        pytest.param([EARLIER, DUE], DUE, id="a booking whose time has come"),
        pytest.param([EARLIER, EARLY], EARLIER, id="an early booking overtakes nobody"),
        pytest.param([EARLY], EARLY, id="but is called when the counter would be idle"),
        pytest.param([DUE, DUE_LONGER], DUE_LONGER, id="of two bookings, who could be called the longer"),
        pytest.param([EARLIER, FAVOURED], FAVOURED, id="priority before the others"),
        pytest.param([FAVOURED, DUE], DUE, id="but after bookings"),
        pytest.param([EARLIER, LATE], EARLIER, id="who came too late waits as the others do"),
        pytest.param([LATE, LATER], LATER, id="in order of arrival"),
        pytest.param([PARKED, LATER], LATER, id="parked until later"),
        pytest.param([PARKED], None, id="parked, and nobody else"),
        pytest.param([LATER, BACK], BACK, id="back in the old place"),
        pytest.param([ELSEWHERE], None, id="another agenda"),
        pytest.param([CALLED], None, id="called already"),
    ],
)
def test_who_is_next(waiting: Sequence[Ticket], expected: Ticket | None) -> None:
    assert next_ticket(waiting, FIRST, {FIRST.id}, SETTINGS, NOW) is expected


def test_without_priority_tickets_nobody_is_favoured() -> None:
    plain = replace(SETTINGS, priority_tickets=False)
    assert next_ticket([EARLIER, FAVOURED], FIRST, {FIRST.id}, plain, NOW) is EARLIER


def test_a_counter_of_two_agendas_calls_in_common_order() -> None:
    assert next_ticket([EARLIER, ELSEWHERE], BOTH, {BOTH.id}, SETTINGS, NOW) is ELSEWHERE


@pytest.mark.parametrize(
    ("counter", "staffed", "may"),
    [
        pytest.param(LAST, {FIRST.id, LAST.id}, True, id="the counter meant, of another agenda"),
        pytest.param(FIRST, {FIRST.id, LAST.id}, False, id="another counter"),
        pytest.param(FIRST, {FIRST.id}, True, id="another, while nobody sits at the one meant"),
    ],
)
def test_a_ticket_transferred_to_a_counter(counter: object, staffed: set[int], may: bool) -> None:
    meant = ticket(reserved_for=LAST.id)
    assert may_call(meant, counter, staffed, NOW) == may  # type: ignore[arg-type]  # counters of the table above


minutes = st.integers(0, 60).map(lambda minute: at(9, minute))
tickets = st.one_of(
    st.builds(ticket, minutes, priority=st.booleans(), agenda=st.sampled_from([DOKLADY, EVIDENCE])),
    st.builds(booked, minutes, minutes),
    st.builds(ticket, minutes, parked_until=minutes),
)


@given(st.lists(tickets, max_size=8), minutes, st.sampled_from([FIRST, BOTH, LAST]))
def test_the_order_depends_on_nothing_but_the_tickets(waiting: list[Ticket], now: datetime, counter: object) -> None:
    def order(of: list[Ticket]) -> list[int]:
        left, called = list(of), []
        while found := next_ticket(left, counter, {1, 2, 3}, SETTINGS, now):  # type: ignore[arg-type]
            called.append(found.id)
            left.remove(found)
        assert not any(may_call(one, counter, {1, 2, 3}, now) for one in left)  # type: ignore[arg-type]
        return called

    assert order(waiting) == order(waiting[::-1])


@given(minutes, minutes, st.lists(tickets, max_size=5))
def test_nobody_is_overtaken_by_who_came_later(one: datetime, other: datetime, rest: list[Ticket]) -> None:
    first, second = sorted([one, other])
    if first == second:
        second += timedelta(seconds=1)
    before, after = ticket(first), ticket(second)
    found = next_ticket([after, *rest, before], FIRST, {FIRST.id}, SETTINGS, at(10, 30))
    assert found is not after


@given(st.lists(tickets, max_size=8), minutes)
def test_no_booking_waits_for_anybody_without_one_after_its_time(waiting: list[Ticket], now: datetime) -> None:
    found = next_ticket(waiting, FIRST, {FIRST.id}, SETTINGS, now)
    due = [one for one in waiting if one.kind == "booking" and one.due_at and one.due_at <= now]
    assert not due or found in due
