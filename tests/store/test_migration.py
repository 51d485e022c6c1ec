"""A database of an older version is brought up to this one, and its offices stay what they were."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from prepazka.core.credentials import PURPOSES, Scope
from prepazka.core.office.office import Settings
from prepazka.store import models, offices, tokens
from prepazka.store.tokens import Token

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)


@pytest.fixture
def before_the_conversation() -> Iterator[MigrationExecutor]:
    """The tables of version 14; those of today again afterwards."""
    yield from _at("0014_plain_names")


@pytest.fixture
def before_credentials_were_bound() -> Iterator[MigrationExecutor]:
    """The tables of version 17; those of today again afterwards."""
    yield from _at("0017_freed_offer")


def _at(migration: str) -> Iterator[MigrationExecutor]:
    executor = MigrationExecutor(connection)
    executor.migrate([("store", migration)])
    yield executor
    migrate_to_latest()


def migrate_to_latest() -> None:
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
    migrate_to_latest()

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


BEFORE_HELD_PLACES = (("store", "0019_rate_limits"),)


@pytest.fixture
def before_held_places() -> Iterator[MigrationExecutor]:
    """The tables of version 19; those of today again afterwards."""
    executor = MigrationExecutor(connection)
    executor.migrate(list(BEFORE_HELD_PLACES))
    yield executor
    latest = MigrationExecutor(connection)
    latest.migrate(latest.loader.graph.leaf_nodes("store"))


def test_an_office_of_before_held_places_has_not_chosen_and_keeps_its_bookings(
    before_held_places: MigrationExecutor,
) -> None:
    old = before_held_places.loader.project_state(list(BEFORE_HELD_PLACES)).apps
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


def test_a_token_of_before_keeps_what_it_could_do_for_the_numbers_of_its_gateway(
    before_credentials_were_bound: MigrationExecutor,
) -> None:
    old = before_credentials_were_bound.loader.project_state([("store", "0017_freed_offer")]).apps
    office = old.get_model("store", "Office").objects.create(slug="lhota", name="Obec Lhota")
    made = {"made_at": NOW}
    bound = old.get_model("store", "Gateway").objects.create(name="bound", token_sha256=digest("a"), **made)
    old.get_model("store", "Gateway").objects.create(name="unbound", token_sha256=digest("b"), **made)
    old.get_model("store", "Gateway").objects.create(name="modem", kind="gammu", **made)
    for number in ("+420739000666", "+420739000555"):
        old.get_model("store", "Number").objects.create(office=office, e164=number, gateway=bound)
    old.get_model("store", "Number").objects.create(office=office, e164="+420739000777")
    migrate_to_latest()

    assert tokens.find("a") == Token("bound", Scope(PURPOSES, ("+420739000555", "+420739000666")))
    assert tokens.find("b") == Token("unbound", Scope(PURPOSES, ()))
    assert models.Gateway.objects.get(name="modem").token_purposes == ["messages"]


def test_strays_of_before_count_as_whole(before_credentials_were_bound: MigrationExecutor) -> None:
    old = before_credentials_were_bound.loader.project_state([("store", "0017_freed_offer")]).apps
    old.get_model("store", "Stray").objects.create(
        gateway="modem", gateway_id="1", sender="+420777000111", recipient="", text="POMOC", received_at=NOW
    )
    migrate_to_latest()
    assert models.Stray.objects.get().whole


def test_an_account_of_one_office_is_that_offices(before_credentials_were_bound: MigrationExecutor) -> None:
    old = before_credentials_were_bound.loader.project_state([("store", "0017_freed_offer")]).apps
    lhota, other = (old.get_model("store", "Office").objects.create(slug=slug, name=slug) for slug in ("lhota", "b"))
    works_for = {"alone": [lhota], "both": [lhota, other], "nobody": [], "operator": [lhota]}
    for name, works in works_for.items():
        user = old.get_model("store", "User").objects.create(username=name, is_superuser=name == "operator")
        for office in works:
            old.get_model("store", "Official").objects.create(user=user, office=office, role="clerk")
    migrate_to_latest()
    homes = dict(models.User.objects.values_list("username", "home__slug"))
    assert homes == {"alone": "lhota", "both": None, "nobody": None, "operator": None}


def digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
