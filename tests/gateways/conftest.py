"""Fixtures for processes that serve a gateway and can be killed, shared with the journeys."""

from tests.journeys.conftest import office_id, run, start

__all__ = ["office_id", "run", "start"]
