"""A database of an older version is brought up to this one, and its offices stay what they were."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from prepazka.core.office.office import Settings
from prepazka.store import models, offices

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def before_the_conversation() -> Iterator[MigrationExecutor]:
    """The tables of version 14; those of today again afterwards."""
    executor = MigrationExecutor(connection)
    executor.migrate([("store", "0014_plain_names")])
    yield executor
    latest = MigrationExecutor(connection)
    latest.migrate(latest.loader.graph.leaf_nodes("store"))


def test_an_office_of_before_the_conversation_has_its_defaults(before_the_conversation: MigrationExecutor) -> None:
    old = before_the_conversation.loader.project_state([("store", "0014_plain_names")]).apps
    office = old.get_model("store", "Office").objects.create(
        slug="lhota", name="Obec Lhota", horizon_days=21, contact="starosta@lhota.example"
    )
    agenda = old.get_model("store", "Agenda").objects.create(office=office, key="psi", title="Psi")
    old.get_model("store", "Service").objects.create(
        office=office, agenda=agenda, code="STAV", title="poplatek", minutes=5
    )
    latest = MigrationExecutor(connection)
    latest.migrate(latest.loader.graph.leaf_nodes("store"))

    found = offices.load(office.id)
    assert (found.name, found.contact, found.address, found.directions) == (
        "Obec Lhota",
        "starosta@lhota.example",
        "",
        "",
    )
    assert found.settings == Settings(horizon_days=21)
    [service] = found.services
    assert (service.code, service.synonyms, service.bring) == ("STAV", (), {})
    assert models.Office.objects.get().version == office.version


@pytest.fixture
def before_held_places() -> Iterator[MigrationExecutor]:
    """The tables of version 19; those of today again afterwards."""
    executor = MigrationExecutor(connection)
    executor.migrate([("store", "0019_rate_limits")])
    yield executor
    latest = MigrationExecutor(connection)
    latest.migrate(latest.loader.graph.leaf_nodes("store"))


def test_an_office_of_before_held_places_has_not_chosen_and_keeps_its_bookings(
    before_held_places: MigrationExecutor,
) -> None:
    old = before_held_places.loader.project_state([("store", "0019_rate_limits")]).apps
    office = old.get_model("store", "Office").objects.create(slug="lhota", name="Obec Lhota")
    agenda = old.get_model("store", "Agenda").objects.create(office=office, key="psi", title="Psi")
    service = old.get_model("store", "Service").objects.create(
        office=office, agenda=agenda, code="STAV", title="poplatek", minutes=5
    )
    at = datetime(2026, 8, 10, 8, tzinfo=UTC)
    booking = old.get_model("store", "Booking").objects.create(
        office=office,
        agenda=agenda,
        service=service,
        lane=0,
        starts_at=at,
        ends_at=at + timedelta(minutes=5),
        day=at.date(),
        name="HORAK",
        sender="+420541234567",  # a fixed line, as the version of then still took
        code="482913",
        state="booked",
        channel="web",
        text_key="",
        made_at=at,
        changed_at=at,
    )
    latest = MigrationExecutor(connection)
    latest.migrate(latest.loader.graph.leaf_nodes("store"))

    assert offices.load(office.id).settings.confirm_web is None
    assert not offices.replies_only(office.id)
    kept = models.Booking.objects.get()
    assert (kept.id, kept.state, kept.calls, kept.sender) == (booking.id, "booked", "", "+420541234567")
    kept.id = None  # another one, which overlaps
    kept.code, kept.state, kept.starts_at = "111111", "held", at + timedelta(minutes=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        kept.save()
