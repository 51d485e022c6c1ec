"""The estimated wait: from the time clients took, the counters and the bookings; always a range."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prepazka.core.office.office import Settings
from prepazka.core.queue.estimate import FINISHED, Situation, expected, service_time, wait
from prepazka.core.queue.tickets import Ticket, Wait
from tests.core.queue.tickets import at, booked, ticket
from tests.offices import DOKLADY, EVIDENCE, demo_office

FIRST, BOTH, LAST = demo_office().counters
NOW = at(9, 30)
TEN = timedelta(minutes=10)


def situation(
    tickets: Sequence[Ticket] = (), counters: Sequence[object] = (FIRST,), to_come: Sequence[Ticket] = ()
) -> Situation:
    return Situation(
        now=NOW,
        settings=Settings(),
        counters=list(counters),  # type: ignore[arg-type]
        staffed={1, 2, 3},
        tickets=tickets,
        to_come=to_come,
        times={DOKLADY: TEN, EVIDENCE: timedelta(minutes=5)},
    )


def minutes(*numbers: float) -> list[timedelta]:
    return [timedelta(minutes=number) for number in numbers]


@pytest.mark.parametrize(
    ("last", "told"),
    [
        pytest.param([], 10, id="nobody yet: the office's figure"),
        pytest.param([5], 9, id="one: it moves the figure a little"),
        pytest.param([4, 5, 6, 5, 5], 5, id="enough: the office's figure counts no more"),
        pytest.param([5, 5, 5, 5, 240], 5, id="a button forgotten over lunch"),
        pytest.param([8] * 16 + [0.1] * 4, 8, id="buttons pressed through"),
    ],
)
def test_how_long_a_client_takes(last: list[float], told: float) -> None:
    assert service_time(minutes(*last), TEN) == pytest.approx(timedelta(minutes=told), abs=timedelta(minutes=1.01))


@given(st.lists(st.floats(0, 600), min_size=5, max_size=FINISHED))
def test_it_lies_among_what_the_clients_took(last: list[float]) -> None:
    slack = timedelta(milliseconds=1)
    assert timedelta(minutes=min(last)) - slack <= service_time(minutes(*last), TEN)
    assert service_time(minutes(*last), TEN) <= timedelta(minutes=max(last)) + slack


def test_a_clock_set_back_is_no_negative_time() -> None:
    assert service_time(minutes(*[-5] * 10), TEN) == timedelta(0)


THREE = [ticket() for _ in range(3)]
SERVED = ticket(at(9), state="serving", counter=FIRST.id, called_at=at(9, 24))
LONG_SERVED = ticket(at(9), state="serving", counter=FIRST.id, called_at=at(8, 24))


@pytest.mark.parametrize(
    ("now", "told"),
    [
        pytest.param(situation(), Wait(0, 0), id="nobody: called at once"),
        pytest.param(situation(counters=()), None, id="no counter"),
        pytest.param(situation(counters=[LAST]), None, id="no counter of this agenda"),
        pytest.param(situation(THREE), Wait(24, 36), id="three before"),
        pytest.param(situation(THREE, [FIRST, BOTH]), Wait(8, 12), id="three before, two counters"),
        pytest.param(situation([SERVED]), Wait(3, 5), id="one being served for six minutes"),
        pytest.param(situation([LONG_SERVED]), Wait(2, 3), id="one being served for an hour: they may yet end"),
        pytest.param(situation([ticket(agenda=EVIDENCE)]), Wait(0, 0), id="others wait for another counter"),
        pytest.param(situation([ticket(agenda=EVIDENCE)], [BOTH]), Wait(4, 6), id="or for a shared one"),
        pytest.param(situation([booked(at(9, 30), at(9, 20))]), Wait(8, 12), id="a booking whose time has come"),
        pytest.param(situation([booked(at(9, 45), at(9, 20))]), Wait(0, 0), id="an early one is not in the way"),
        pytest.param(situation([ticket(parked_until=at(9, 50))]), Wait(0, 0), id="a parked one is not yet"),
        pytest.param(situation([ticket(), ticket(parked_until=at(9, 35))]), Wait(16, 24), id="a parked one back soon"),
        pytest.param(
            situation([ticket()], to_come=[expected(DOKLADY, at(9, 40))]), Wait(16, 24), id="a booking at its time"
        ),
        pytest.param(situation([], to_come=[expected(DOKLADY, at(9, 40))]), Wait(0, 0), id="a booking later"),
    ],
)
def test_how_long_one_waits(now: Situation, told: Wait | None) -> None:
    assert wait(DOKLADY, now) == told


moments = st.integers(0, 60).map(lambda minute: at(9, minute))
waiting = st.one_of(
    st.builds(ticket, moments, priority=st.booleans(), agenda=st.sampled_from([DOKLADY, EVIDENCE])),
    st.builds(booked, moments, moments),
    st.builds(ticket, moments, parked_until=moments),
)


@given(st.lists(waiting, max_size=8), st.lists(moments, max_size=4), st.permutations([FIRST, BOTH, LAST]))
def test_every_estimate_is_a_range_and_one_more_before_makes_none_shorter(
    tickets: list[Ticket], to_come: list[datetime], counters: list[object]
) -> None:
    booked_ones = [expected(DOKLADY, start) for start in to_come]
    for staffed in (counters[:1], counters):
        told = wait(DOKLADY, situation(tickets, staffed, booked_ones))
        if told is None:
            assert staffed == [LAST]
            continue
        assert 0 <= told.low <= told.high
        more = wait(DOKLADY, situation([ticket(at(8)), *tickets], [FIRST], booked_ones))
        only = wait(DOKLADY, situation(tickets, [FIRST], booked_ones))
        assert more is not None
        assert only is not None
        assert more.high >= only.high
