"""The log of SQLite that cannot be emptied is told when it stays so, and not at the first try."""

import pytest

from prepazka.store.traces import Patience

HOUR = 3600.0


@pytest.mark.parametrize(
    ("tries", "told"),
    [
        pytest.param([(0, True)], [False], id="at the start"),
        pytest.param([(0, True), (60, True), (HOUR - 5, True)], [False, False, True], id="for an hour"),
        pytest.param([(0, True), (1800, False), (HOUR, True)], [False] * 3, id="emptied meanwhile"),
        pytest.param(
            [(0, True), (HOUR, True), (2 * HOUR, True), (3 * HOUR, False)], [False, True, True, False], id="on"
        ),
    ],
)
def test_only_a_log_that_stays_is_told(tries: list[tuple[float, bool]], told: list[bool]) -> None:
    patience = Patience()
    assert [patience.is_over(busy=busy, seconds=seconds) for seconds, busy in tries] == told
