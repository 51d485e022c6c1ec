"""Fixtures for processes that serve a gateway and can be killed, shared with the journeys; the size of the day."""

import pytest

from tests.gateways.day import PHONES, SHORT
from tests.journeys.conftest import office_id, run, start

__all__ = ["office_id", "run", "start"]


@pytest.fixture(scope="session")
def phones(whole: bool) -> int:
    """How many phones play the day: 500 messages are those of 100."""
    return len(PHONES) if whole else SHORT
