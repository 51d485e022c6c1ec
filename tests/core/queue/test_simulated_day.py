"""The estimate and the truth on simulated days: seeded, so that every run is the same day."""

from datetime import datetime
from statistics import fmean

import pytest

from prepazka.bench.day import Demand, bias, mean_error, simulate_day
from tests.offices import PRAGUE, demo_office

OPENS = datetime(2026, 8, 3, 8, tzinfo=PRAGUE)

# Of the two agendas; the office thinks of ten minutes a client, whatever it really takes.
QUIET = (Demand(every=7, takes=6), Demand(every=15, takes=9))
BUSY = (Demand(every=10, takes=8), Demand(every=20, takes=12))
CROWDED = (Demand(every=6, takes=8), Demand(every=12, takes=12))


@pytest.mark.parametrize(
    ("flows", "minutes", "part"),
    [
        pytest.param(QUIET, 2, 0.55, id="quiet"),
        pytest.param(BUSY, 5, 0.55, id="busy"),
        pytest.param(CROWDED, 13, 0.3, id="crowded"),
    ],
)
def test_the_estimate_is_near_the_truth(flows: tuple[Demand, Demand], minutes: float, part: float) -> None:
    """Within minutes, within a part of the wait itself, and neither always too long nor always too short."""
    told = [one for seed in range(4) for one in simulate_day(demo_office(), flows, OPENS, 9, seed)]
    waits = [one.truth for one in told]
    assert len(told) > 4 * 60
    assert mean_error(told) <= minutes
    assert mean_error(told) <= part * fmean(waits)
    assert abs(bias(told)) <= 1.5
    knowing_nothing = fmean(abs(wait - fmean(waits)) for wait in waits)
    assert mean_error(told) < 0.5 * knowing_nothing, "twice as good as telling everybody the day's own mean"


def test_most_people_wait_as_told_or_nearly() -> None:
    days = [simulate_day(demo_office(), flows, OPENS, 9, seed) for flows in (QUIET, BUSY, CROWDED) for seed in range(4)]
    nearly = [one.wait.low - 5 <= one.truth <= one.wait.high + 5 for told in days for one in told]
    assert fmean(nearly) >= 0.75
    longer = [one.truth > one.wait.high for told in days for one in told]
    shorter = [one.truth < one.wait.low for told in days for one in told]
    assert abs(fmean(longer) - fmean(shorter)) <= 0.05


def test_a_day_is_the_same_every_time() -> None:
    assert simulate_day(demo_office(), BUSY, OPENS, 2, 7) == simulate_day(demo_office(), BUSY, OPENS, 2, 7)
    assert simulate_day(demo_office(), BUSY, OPENS, 2, 7) != simulate_day(demo_office(), BUSY, OPENS, 2, 8)
