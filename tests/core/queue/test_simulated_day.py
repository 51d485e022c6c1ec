"""The estimated and the real waits of simulated days; a seed makes every run the same day."""

from datetime import datetime
from statistics import fmean

import pytest

from prepazka.bench.day import Demand, bias, mean_error, simulate_day
from tests.offices import PRAGUE, demo_office

OPENS = datetime(2026, 8, 3, 8, tzinfo=PRAGUE)

# The demand of both agendas; the office is configured for ten minutes a client, whatever the real mean.
QUIET = (Demand(interval=7, service_minutes=6), Demand(interval=15, service_minutes=9))
BUSY = (Demand(interval=10, service_minutes=8), Demand(interval=20, service_minutes=12))
CROWDED = (Demand(interval=6, service_minutes=8), Demand(interval=12, service_minutes=12))


@pytest.mark.parametrize(
    ("demands", "minutes", "share"),
    [
        pytest.param(QUIET, 2, 0.55, id="quiet"),
        pytest.param(BUSY, 5, 0.55, id="busy"),
        pytest.param(CROWDED, 13, 0.3, id="crowded"),
    ],
)
def test_the_estimate_is_near_the_real_wait(demands: tuple[Demand, Demand], minutes: float, share: float) -> None:
    """Within minutes, within a share of the wait itself, and neither always too long nor always too short."""
    waits = [wait for seed in range(4) for wait in simulate_day(demo_office(), demands, OPENS, 9, seed)]
    actual = [wait.actual for wait in waits]
    assert len(waits) > 4 * 60
    assert mean_error(waits) <= minutes
    assert mean_error(waits) <= share * fmean(actual)
    assert abs(bias(waits)) <= 1.5
    error_of_the_mean = fmean(abs(minutes - fmean(actual)) for minutes in actual)
    assert mean_error(waits) < 0.5 * error_of_the_mean, "twice as good as the mean of the day for everybody"


def test_most_people_wait_about_as_long_as_estimated() -> None:
    days = [
        simulate_day(demo_office(), demand, OPENS, 9, seed) for demand in (QUIET, BUSY, CROWDED) for seed in range(4)
    ]
    nearly = [wait.estimated.low - 5 <= wait.actual <= wait.estimated.high + 5 for day in days for wait in day]
    assert fmean(nearly) >= 0.75
    longer = [wait.actual > wait.estimated.high for day in days for wait in day]
    shorter = [wait.actual < wait.estimated.low for day in days for wait in day]
    assert abs(fmean(longer) - fmean(shorter)) <= 0.05


def test_a_day_is_the_same_every_time() -> None:
    assert simulate_day(demo_office(), BUSY, OPENS, 2, 7) == simulate_day(demo_office(), BUSY, OPENS, 2, 7)
    assert simulate_day(demo_office(), BUSY, OPENS, 2, 7) != simulate_day(demo_office(), BUSY, OPENS, 2, 8)
