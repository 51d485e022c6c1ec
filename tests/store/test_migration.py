"""A database of an older version is brought up to this one, and its offices stay what they were."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from django.db import IntegrityError, transaction
from django.db.migrations.executor import MigrationExecutor

from prepazka.core.credentials import PURPOSES, Scope
from prepazka.core.office.office import Settings
from prepazka.store import gateway_hours, gateways, kiosks, models, offices, queue, register, tokens
from prepazka.store.tokens import Token
from tests.older_tables import go_back, return_to_latest

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
    yield go_back([("store", migration)])
    return_to_latest()


def test_an_office_of_before_the_conversation_has_its_defaults(before_the_conversation: MigrationExecutor) -> None:
    old = before_the_conversation.loader.project_state([("store", "0014_plain_names")]).apps
    office = old.get_model("store", "Office").objects.create(
        slug="lhota", name="Obec Lhota", horizon_days=21, contact="starosta@lhota.example"
    )
    agenda = old.get_model("store", "Agenda").objects.create(office=office, key="psi", title="Psi")
    old.get_model("store", "Service").objects.create(
        office=office, agenda=agenda, code="STAV", title="poplatek", minutes=5
    )
    return_to_latest()

    found = offices.load(office.id)
    assert (found.name, found.contact, found.address, found.directions) == (
        "Obec Lhota",
        "starosta@lhota.example",
        "",
        "",
    )
    assert found.settings == Settings(horizon_days=21)
    [service] = found.services
    assert (service.code, service.synonyms, service.bring, service.titles) == ("STAV", (), {}, {})
    assert models.Office.objects.get().version == office.version


BEFORE_HELD_PLACES = (("store", "0019_rate_limits"),)


@pytest.fixture
def before_held_places() -> Iterator[MigrationExecutor]:
    """The tables of version 19; those of today again afterwards."""
    yield go_back(BEFORE_HELD_PLACES)
    return_to_latest()


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
    return_to_latest()

    assert offices.load(office.id).settings.confirm_web is None
    assert not offices.replies_only(office.id)
    kept = models.Booking.objects.get()
    assert (kept.id, kept.state, kept.calls, kept.sender) == (booking.id, "booked", "", "+420541234567")
    assert (kept.note, kept.cancel_at, kept.cancel_told) == ("", None, False)
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
    return_to_latest()

    assert tokens.find("a") == Token("bound", Scope(PURPOSES, ("+420739000555", "+420739000666")))
    assert tokens.find("b") == Token("unbound", Scope(PURPOSES, ()))
    assert models.Gateway.objects.get(name="modem").token_purposes == ["messages"]


def test_strays_of_before_count_as_whole(before_credentials_were_bound: MigrationExecutor) -> None:
    old = before_credentials_were_bound.loader.project_state([("store", "0017_freed_offer")]).apps
    old.get_model("store", "Stray").objects.create(
        gateway="modem", gateway_id="1", sender="+420777000111", recipient="", text="POMOC", received_at=NOW
    )
    return_to_latest()
    assert models.Stray.objects.get().whole


def test_an_account_of_one_office_is_that_offices(before_credentials_were_bound: MigrationExecutor) -> None:
    old = before_credentials_were_bound.loader.project_state([("store", "0017_freed_offer")]).apps
    lhota, other = (old.get_model("store", "Office").objects.create(slug=slug, name=slug) for slug in ("lhota", "b"))
    works_for = {"alone": [lhota], "both": [lhota, other], "nobody": [], "operator": [lhota]}
    for name, works in works_for.items():
        user = old.get_model("store", "User").objects.create(username=name, is_superuser=name == "operator")
        for office in works:
            old.get_model("store", "Official").objects.create(user=user, office=office, role="clerk")
    return_to_latest()
    homes = dict(models.User.objects.values_list("username", "home__slug"))
    assert homes == {"alone": "lhota", "both": None, "nobody": None, "operator": None}


def digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


@pytest.fixture
def before_the_register() -> Iterator[MigrationExecutor]:
    """The tables before the register of access; those of today again afterwards."""
    yield go_back([("store", "0017_freed_offer")])
    return_to_latest()


def test_what_older_versions_noted_of_people_moves_to_the_register(before_the_register: MigrationExecutor) -> None:
    """And the whole numbers of searches, and the secrets of gateways, are in no column any more."""
    old = before_the_register.loader.project_state([("store", "0017_freed_offer")]).apps
    office = old.get_model("store", "Office").objects.create(slug="lhota", name="Obec Lhota", erase_after_days=0)
    patient = old.get_model("store", "Office").objects.create(slug="usti", name="Obec Ústí", erase_after_days=4000)
    audit = old.get_model("store", "Audit").objects
    at = datetime(2025, 11, 3, 9, 30, tzinfo=UTC)
    for office_id, who, what, details in [
        (office.id, "novak", "messages looked up", {"number": "+420605123987"}),
        (office.id, "novak", "inbox opened", {"message": 7, "number": "…987"}),
        (None, "root (command line)", "person shown", {"number": "…987", "bookings": 1}),
        (None, "novak", "signed in", {}),
        (office.id, "novak", "office changed", {"version": 2, "changes": []}),
    ]:
        audit.create(office_id=office_id, at=at, who=who, what=what, details=details)
    gateway = old.get_model("store", "Gateway").objects
    secret = {"database": "postgresql://smsd:V%C5%AFle@db/smsd", "phone": "sim"}
    gateway.create(name="sim", kind="gammu", settings=secret, made_at=at)
    gateway.create(name="api", kind="http", made_at=at)
    return_to_latest()

    assert [row.what for row in models.Audit.objects.all()] == ["office changed"]
    rows = list(models.Access.objects.order_by("id"))
    assert [(row.office_id, row.who, row.what, row.number, row.at) for row in rows] == [
        (office.id, "novak", "messages of number", "…987", at),
        (office.id, "novak", "thread opened", "…987", at),
        (None, "root (command line)", "person shown", "…987", at),
        (None, "novak", "signed in", "", at),
    ]
    assert register.of_number(office.id, "+420605123987") == [rows[0]]
    assert rows[1].details == {"message": 7}
    stored = str(list(models.Access.objects.values())) + str(list(models.Gateway.objects.values()))
    assert not any(secret in stored for secret in ("605123987", "V%C5%AFle", "Vůle", "smsd"))
    found = {one.name: one.settings for one in gateways.configured()}
    assert found == {
        "api": {}, "sim": {"database": "postgresql://smsd@db/smsd", "phone": "sim", "password": "Vůle"},
    }  # fmt: skip
    assert [offices.load(one.id).settings.erase_after_days for one in (office, patient)] == [1, 365]


@pytest.fixture
def before_the_hall() -> Iterator[MigrationExecutor]:
    """The tables of version 25; those of today again afterwards."""
    yield from _at("0025_desk")


def test_devices_counters_and_seats_of_before_the_hall_stay(before_the_hall: MigrationExecutor) -> None:
    old = before_the_hall.loader.project_state([("store", "0025_desk")]).apps
    office = old.get_model("store", "Office").objects.create(slug="lhota", name="Obec Lhota")
    counter = old.get_model("store", "Counter").objects.create(office=office, key="okno", title="Okno")
    old.get_model("store", "Staffing").objects.create(office=office, counter=counter, clerk="malek", since=NOW)
    token = "a kiosk's secret"
    old.get_model("store", "Kiosk").objects.create(
        office=office, name="hala", token_sha256=sha256(token.encode()).hexdigest(), printer="10.1.1.9", made_at=NOW
    )
    return_to_latest()

    found = offices.load(office.id)
    [okno] = found.counters
    assert (okno.title, okno.arrow, okno.way) == ("Okno", "", "")
    assert (found.settings.voice, found.settings.screen_notice, found.settings.close_counters_minutes) == (
        "none",
        "",
        30,
    )
    kiosk = kiosks.of_token(office.id, token, "kiosk")
    assert kiosk
    assert (kiosk.printer, kiosk.seen_at) == ("10.1.1.9", None)
    assert kiosks.of_token(office.id, token, "screen") is None
    [seat] = queue.seats(office.id)
    assert (seat.clerk, seat.acted_at, seat.away_since) == ("malek", None, None)


@pytest.fixture
def before_one_count() -> Iterator[MigrationExecutor]:
    """The tables of version 31; those of today again afterwards."""
    yield from _at("0031_screens")


def test_receipts_of_no_message_counted_by_the_day_are_counted_by_the_hour_once(
    before_one_count: MigrationExecutor,
) -> None:
    old = before_one_count.loader.project_state([("store", "0031_screens")]).apps
    counted, hours = old.get_model("store", "UnmatchedReceipts"), old.get_model("store", "GatewayHour")
    for gateway, day, count in (("brana", 1, 5), ("brana", 2, 3), ("modem", 2, 4)):
        counted.objects.create(gateway=gateway, day=NOW.date().replace(day=day), count=count)
    # The hours know two of the five of the first day, all three of the second, and nothing of the modem.
    for day, hour, unmatched in ((1, 0, 0), (1, 9, 2), (2, 8, 1), (2, 22, 2)):
        hours.objects.create(
            gateway="brana", hour=NOW.replace(day=day, hour=hour), heard=1, sent=1, unmatched=unmatched
        )
    return_to_latest()

    assert gateway_hours.unmatched(NOW.replace(day=1, hour=0)) == {"brana": 8, "modem": 4}
    assert gateway_hours.unmatched(NOW.replace(day=2, hour=0)) == {"brana": 3, "modem": 4}
    # The version before still counts by the day, and makes gateways, while this one is installed node by node.
    counted.objects.create(gateway="modem", day=NOW.date(), count=1)
    old.get_model("store", "Gateway").objects.create(name="brana", kind="hosted", made_at=NOW)
    assert gateways.position("brana") == ""
