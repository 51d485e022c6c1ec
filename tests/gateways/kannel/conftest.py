"""Kannel's daemon may be as slow as a busy machine is."""

import pytest

from prepazka.gateways.kannel import box
from tests.waiting import DEADLINE


@pytest.fixture(autouse=True)
def _time_to_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the health check wait, which has less than a second for the people who look at its page."""
    monkeypatch.setattr(box, "HEALTH_TIMEOUT", DEADLINE)
