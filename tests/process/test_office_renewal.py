"""Offices are in memory before anybody asks for them, and again once they change; hearing of it saves the asking."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test.utils import CaptureQueriesContext

from prepazka.bench.scratch import store_towns
from prepazka.process import office_renewal
from prepazka.process.database import read_listen_url
from prepazka.process.listening import Listening
from prepazka.process.office_renewal import OfficeRenewal
from prepazka.store import models, offices
from prepazka.store.office_cache import office_cache
from prepazka.store.office_rows import UnreadableOffice
from tests.offices import demo_office
from tests.waiting import DEADLINE, until

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def asked(renewal: OfficeRenewal, now: datetime) -> int:
    with CaptureQueriesContext(connection) as captured:
        renewal.step(now)
    return len(captured)


def test_all_offices_are_read_a_few_at_a_time_and_then_nothing_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office_renewal, "_AT_ONCE", 4)
    ids = store_towns(10)
    renewal = OfficeRenewal(Listening())
    assert [renewal.step(NOW + place * SECOND) for place in range(4)] == [4, 4, 2, 0]
    assert asked(renewal, NOW + 6 * SECOND) == 0, "the third round saw all of them"
    assert asked(renewal, NOW + 7 * SECOND) == 1
    with CaptureQueriesContext(connection) as captured:
        assert set(offices.load_many(ids)) == set(ids)
    assert len(captured) == 1, "only their versions are read"


def test_a_changed_office_is_read_again_and_a_removed_one_forgotten() -> None:
    store_towns(2)
    models.Office.objects.create(slug="lhota", name="Obec Lhota")
    office_id = offices.keep(demo_office(), NOW)
    renewal = OfficeRenewal(Listening())
    assert renewal.step(NOW) == 4
    offices.keep(replace(demo_office(), name="Obec Jinde"), NOW)
    assert renewal.step(NOW + 4 * SECOND) == 0
    assert offices.load(office_id).name == "Obec Jinde", "whoever needs it sees the new version at once"
    offices.keep(replace(demo_office(), name="Obec Onde"), NOW)
    assert renewal.step(NOW + 5 * SECOND) == 1
    models.Office.objects.filter(slug="lhota").delete()
    assert renewal.step(NOW + 10 * SECOND) == 0
    assert len(office_cache._kept) == 3


def test_an_office_that_cannot_be_read_stops_none_and_is_not_read_again_and_again() -> None:
    broken, *others = store_towns(3)
    models.Office.objects.filter(id=broken).update(timezone="Europe/Nowhere")
    renewal = OfficeRenewal(Listening())
    assert renewal.step(NOW) == 3
    assert renewal.step(NOW + 5 * SECOND) == 0
    assert set(offices.load_many([broken, *others])) == set(others)
    with pytest.raises(UnreadableOffice, match="mesto-1"):
        offices.load(broken)


@pytest.fixture
def heard(transactional_db: None) -> Iterator[Listening]:
    """A process that listens to the tests' database."""
    to = connection.settings_dict
    listening, stop = Listening(), Event()
    thread = listening.start(f"postgresql://{to['USER']}@{to['HOST']}:{to['PORT']}/{to['NAME']}", stop)
    until(lambda: listening.hears, "it listens")
    yield listening
    stop.set()
    thread.join(DEADLINE)


@pytest.mark.postgresql
def test_who_hears_of_changes_does_not_ask(heard: Listening) -> None:
    offices.keep(demo_office(), NOW)
    renewal = OfficeRenewal(heard)
    until(lambda: renewal.step(NOW) == 1, "the office is read")
    until(lambda: asked(renewal, NOW) == 0, "what was told is read")
    assert asked(renewal, NOW + 59 * SECOND) == 0
    offices.keep(replace(demo_office(), name="Obec Jinde"), NOW)
    until(lambda: renewal.step(NOW + 59 * SECOND) == 1, "the change is heard")
    assert asked(renewal, NOW + timedelta(minutes=3)) == 1, "what was missed is found within a minute"


@pytest.mark.parametrize(
    ("url", "database"),
    [("mysql://db/x", "postgresql://db/x"), ("postgresql://db/x", "sqlite:///x.db")],
)
def test_an_address_nobody_can_listen_at_is_refused(url: str, database: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="PREPAZKA_LISTEN_URL"):
        read_listen_url(url, database)
