"""A database of an older version is brought up to this one, and its offices stay what they were."""

from collections.abc import Iterator

import pytest
from django.db import connection
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
