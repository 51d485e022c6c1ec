"""Which counters close by themselves, which are asked about, and which get a break: a pure rule with a clock."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from prepazka.core.office.office import Closure, Counter, Office
from prepazka.core.queue.board import Seat
from prepazka.core.queue.forgotten import closes_at, fate
from tests.core.queue.tickets import ticket as make_ticket
from tests.flows.counters.working_day import at
from tests.offices import DOKLADY, EVIDENCE, demo_office

# Monday: Doklady and Evidence close at 17:00; the rule waits half an hour, so 17:30.
OFFICE = demo_office()
SEAT = Seat(1, "novak", paused=False, since=at(7, 52))
HALF_PAST_FIVE = at(17, 30)


@pytest.mark.parametrize(
    ("now", "what"),
    [
        pytest.param(at(7, 53), "open", id="before the first opening a clerk gets ready"),
        pytest.param(at(12), "open", id="in the midday break"),
        pytest.param(at(17, 24, 59), "open", id="not yet asked"),
        pytest.param(at(17, 25), "asked", id="five minutes before"),
        pytest.param(at(17, 29, 59), "asked", id="until the last second"),
        pytest.param(at(17, 30), "closes", id="half an hour after closing"),
        pytest.param(at(23, 59), "closes", id="whenever it is looked at"),
    ],
)
def test_a_counter_nobody_uses_closes_half_an_hour_after_its_agenda(now: datetime, what: str) -> None:
    assert fate(OFFICE, SEAT, [], now) == what


@pytest.mark.parametrize("busy", [replace(SEAT, acted_at=at(17, 22)), replace(SEAT, paused_since=at(17, 22))])
def test_whatever_the_clerk_did_last_counts_a_quarter_of_an_hour(busy: Seat) -> None:
    assert closes_at(OFFICE, busy, [], at(17, 30)) == at(17, 37)
    assert [fate(OFFICE, busy, [], at(17, minute)) for minute in (31, 32, 36, 37)] == [
        "open",
        "asked",
        "asked",
        "closes",
    ]


@pytest.mark.parametrize("state", ["waiting", "called", "serving"])
def test_somebody_of_its_agendas_keeps_it_open(state: str) -> None:
    mine = make_ticket(agenda=DOKLADY, state=state, counter=None if state == "waiting" else 2)
    assert fate(OFFICE, SEAT, [mine], at(18)) == "open"
    foreign = make_ticket(agenda=EVIDENCE, state=state, counter=None if state == "waiting" else 3)
    assert fate(OFFICE, SEAT, [foreign], at(18)) == "closes"


def test_somebody_handed_to_the_counter_keeps_it_open() -> None:
    handed = make_ticket(agenda=EVIDENCE, state="waiting", reserved_for=1)
    assert fate(OFFICE, SEAT, [handed], at(18)) == "open"


def test_the_last_of_its_agendas_to_close_counts() -> None:
    shut = replace(
        OFFICE, closures=(Closure(at(0).date(), at(0).date(), "porucha", DOKLADY, at(10).time(), at(23).time()),)
    )
    both = replace(shut, counters=(Counter(1, "a", "A", (DOKLADY, EVIDENCE)),))
    assert closes_at(shut, SEAT, [], at(10, 30)) == at(10, 30)
    assert closes_at(both, SEAT, [], at(10, 30)) is None
    assert closes_at(both, SEAT, [], at(18)) == at(17, 30)


def test_on_a_day_without_hours_only_idleness_counts() -> None:
    saturday = timedelta(days=5)
    came = replace(SEAT, since=at(9) + saturday)
    assert closes_at(OFFICE, came, [], at(9, 1) + saturday) == at(9, 15) + saturday


def test_an_office_may_switch_both_off_or_wait_longer() -> None:
    never = replace(OFFICE, settings=replace(OFFICE.settings, close_counters_minutes=0, signed_out_minutes=0))
    gone = replace(SEAT, away_since=at(9))
    assert fate(never, gone, [], at(23)) == "open"
    longer = replace(OFFICE, settings=replace(OFFICE.settings, close_counters_minutes=60, counter_idle_minutes=40))
    assert closes_at(longer, replace(SEAT, acted_at=at(17, 31)), [], at(18)) == at(18, 11)


def test_one_signed_out_for_a_quarter_of_an_hour_gets_a_break_once() -> None:
    gone = replace(SEAT, away_since=at(10, 3))
    assert fate(OFFICE, gone, [], at(10, 17, 59)) == "open"
    assert fate(OFFICE, gone, [], at(10, 18)) == "pauses"
    assert fate(OFFICE, replace(gone, paused=True), [], at(10, 40)) == "open"


def test_a_counter_without_agendas_or_unknown_is_left_alone() -> None:
    bare: Office = replace(OFFICE, counters=(Counter(1, "a", "A", ()),))
    assert fate(bare, SEAT, [], at(23)) == "open"
    assert fate(OFFICE, replace(SEAT, counter=77), [], at(23)) == "open"
