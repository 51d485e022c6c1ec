"""Processes that serve a gateway and can be killed: those of the journeys' drills."""

from tests.journeys.conftest import office_id, run, start

__all__ = ["office_id", "run", "start"]
