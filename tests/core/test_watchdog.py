"""The watchdog's message is sent once in the morning; one that does not come back is an alarm until one does."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from prepazka.core.watchdog import Rounds, is_due, is_missing

PRAGUE = ZoneInfo("Europe/Prague")
AT = time(6, 30)
SENT = datetime(2026, 8, 4, 4, 30, tzinfo=UTC)  # 6:30 in Prague
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.mark.parametrize(
    ("sent", "now", "due"),
    [
        pytest.param(None, SENT - MINUTE, False, id="too early"),
        pytest.param(None, SENT, True, id="the first one"),
        pytest.param(SENT - DAY, SENT, True, id="the next day"),
        pytest.param(SENT, SENT + MINUTE, False, id="sent today"),
        pytest.param(SENT - DAY, SENT + timedelta(hours=4), True, id="after a night without power"),
        pytest.param(SENT - DAY, SENT + timedelta(hours=5), False, id="not at noon"),
        pytest.param(SENT + DAY, SENT, False, id="a clock that was wrong"),
    ],
)
def test_once_a_day_in_the_morning(sent: datetime | None, now: datetime, due: bool) -> None:
    assert is_due(sent, AT, now, PRAGUE) == due


@pytest.mark.parametrize(
    ("rounds", "after", "missing"),
    [
        pytest.param(Rounds(), 90 * MINUTE, False, id="none was sent"),
        pytest.param(Rounds(SENT), 30 * MINUTE, False, id="on its way"),
        pytest.param(Rounds(SENT), 31 * MINUTE, True, id="not back"),
        pytest.param(Rounds(SENT, SENT + MINUTE), DAY, False, id="back"),
        pytest.param(Rounds(SENT, SENT - DAY), 5 * MINUTE, False, id="yesterday's came back"),
        pytest.param(Rounds(SENT, SENT - 2 * DAY, SENT), 5 * MINUTE, True, id="yesterday's did not"),
        pytest.param(Rounds(SENT, None, SENT), 5 * MINUTE, True, id="none ever did"),
        pytest.param(Rounds(SENT, SENT + MINUTE, SENT), DAY, False, id="today's did"),
    ],
)
def test_an_alarm_stays_until_one_has_come_back(rounds: Rounds, after: timedelta, missing: bool) -> None:
    assert is_missing(rounds, SENT + after) == missing
