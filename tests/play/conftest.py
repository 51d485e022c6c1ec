"""The served program with the demo office, on the Friday before the play."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import Browser

from prepazka.core.office.office import Office
from prepazka.store import offices
from tests.play.people import People
from tests.play.running import Running
from tests.web.browsing import browser

__all__ = ["browser"]


@pytest.fixture
def running(database_url: str, tmp_path: Path) -> Iterator[Running]:
    """One process on SQLite, two on PostgreSQL; the demo office, on the Friday before."""
    running = Running(database_url, tmp_path, workers=1 if connection.vendor == "sqlite" else 2)
    running.at("2026-07-31T10:00")
    running.prepazka("load-office", str(files("prepazka") / "demo.toml"))
    running.start()
    yield running
    running.kill()
    assert "Traceback" not in running.log.read_text("utf-8", "replace")


@pytest.fixture
def office(running: Running) -> Office:
    office_id = offices.find("demo")
    assert office_id is not None
    return offices.load(office_id)


@pytest.fixture
def people(running: Running, browser: Browser) -> Iterator[People]:
    people = People(running, browser)
    yield people
    people.leave()
