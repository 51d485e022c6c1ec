"""A listener behind a pooler hears nothing: the process goes on asking, and `prepazka check` says what to set."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import pytest
from django.db import connection

from prepazka.commands.checks import run_checks
from prepazka.commands.start_checks import Finding
from prepazka.process import listening as listening_module
from prepazka.process.listening import Listening, hears_us
from prepazka.process.office_renewal import OfficeRenewal
from prepazka.store import offices
from tests.offices import demo_office
from tests.poolers import pooler
from tests.ports import free_port
from tests.waiting import DEADLINE, until

__all__ = ["pooler"]

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)


def direct(database: str = "") -> str:
    to = connection.settings_dict
    return f"postgresql://{to['USER']}@{to['HOST']}:{to['PORT']}/{database or to['NAME']}"


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not heard at once is not heard at all."""
    monkeypatch.setattr(listening_module, "_HEARD_WITHIN", 0.5)


def told(url: str, settings: Any) -> Finding:
    settings.LISTEN_URL = url
    [found] = [one for one in run_checks(include_gateways=False) if one.what.startswith("listening:")]
    return found


def test_a_direct_listener_hears_and_check_says_so(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening_module, "_HEARD_WITHIN", DEADLINE)
    assert hears_us(direct())
    assert told(direct(), settings).level == "ok"


@pytest.mark.usefixtures("_impatient")
def test_check_tells_a_pooled_listener_and_what_to_set(pooler: str, settings: Any) -> None:
    assert not hears_us(pooler)
    found = told(pooler, settings)
    assert (found.level, "a pooler stands there" in found.what) == ("warning", True)
    assert "past any pooler" in found.fix


@pytest.mark.usefixtures("_impatient")
def test_what_is_told_is_not_heard_through_a_pooler_whatever_it_says_of_itself(
    pooler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening_module, "is_pooler_between", lambda _connection: False)
    assert not hears_us(pooler)


@pytest.mark.usefixtures("_impatient")
def test_check_tells_a_listener_of_another_database_and_one_nobody_reaches(settings: Any) -> None:
    assert told(direct("postgres"), settings).level == "warning"
    lost = told(f"postgresql://prepazka:tajne@127.0.0.1:{free_port()}/prepazka", settings)
    assert lost.level == "warning"
    assert "tajne" not in lost.what


def test_a_process_whose_listener_is_pooled_asks_as_if_it_did_not_listen(pooler: str) -> None:
    listening, stop = Listening(), Event()
    thread = listening.start(pooler, stop)
    renewal = OfficeRenewal(listening)
    offices.keep(demo_office(), NOW)
    until(lambda: listening._why == "PoolerBetween", "the pooler is seen")
    assert not listening.hears
    renewal.step(NOW)
    offices.keep(replace(demo_office(), name="Obec Jinde"), NOW)
    assert renewal.step(NOW + timedelta(seconds=5)) == 1
    stop.set()
    thread.join(DEADLINE)
