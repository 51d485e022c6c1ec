"""A database that lived through every version: its tables are those of today, and its offices stay what they were.

It is made once, from nothing: at each version of `LIVED` some rows are kept as that version kept them, and then the
migrations go on. Each test looks at what came of some of those rows.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Self

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from prepazka.core.credentials import PURPOSES, Scope
from prepazka.core.office.office import Settings
from prepazka.store import accounts, factors, gateway_hours, gateways, kiosks, models, offices, queue, register, tokens
from prepazka.store.models import User
from prepazka.store.tokens import Token
from tests.older_tables import empty_database, migrate_to, return_to_latest, tables

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
AUTUMN = datetime(2025, 11, 3, 9, 30, tzinfo=UTC)
KIOSK = "a kiosk's secret"
# What models do not say, and a migration has to.
SOME = ("booking_no_overlap", "one_ticket_a_booking", "unmatched_receipts")


def digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


class Version:
    """The models of an earlier version."""

    def __init__(self, apps: Any) -> None:
        self._apps = apps

    def __getattr__(self, name: str) -> Any:
        return self._apps.get_model("store", name).objects


def before_the_conversation(old: Version) -> None:
    office = old.Office.create(slug="psov", name="Obec Pšov", horizon_days=21, contact="starosta@psov.example")
    agenda = old.Agenda.create(office=office, key="psi", title="Psi")
    old.Service.create(office=office, agenda=agenda, code="STAV", title="poplatek", minutes=5)


def before_credentials_were_bound(old: Version) -> None:
    office = old.Office.create(slug="lhota", name="Obec Lhota")
    bound = old.Gateway.create(name="bound", token_sha256=digest("a"), made_at=NOW)
    old.Gateway.create(name="unbound", token_sha256=digest("b"), made_at=NOW)
    old.Gateway.create(name="modem", kind="gammu", made_at=NOW)
    for number in ("+420739000666", "+420739000555"):
        old.Number.create(office=office, e164=number, gateway=bound)
    old.Number.create(office=office, e164="+420739000777")
    old.Stray.create(
        gateway="modem", gateway_id="1", sender="+420777000111", recipient="", text="POMOC", received_at=NOW
    )
    other = old.Office.create(slug="kamyk", name="Kamýk")
    works_for = {"alone": [office], "both": [office, other], "nobody": [], "operator": [office]}
    for name, works in works_for.items():
        user = old.User.create(username=name, is_superuser=name == "operator")
        for one in works:
            old.Official.create(user=user, office=one, role="clerk")


def before_the_register(old: Version) -> None:
    office = old.Office.create(slug="vir", name="Obec Vír", erase_after_days=0)
    old.Office.create(slug="usti", name="Obec Ústí", erase_after_days=4000)
    for office_id, who, what, details in [
        (office.id, "novak", "messages looked up", {"number": "+420605123987"}),
        (office.id, "novak", "inbox opened", {"message": 7, "number": "…987"}),
        (None, "root (command line)", "person shown", {"number": "…987", "bookings": 1}),
        (None, "novak", "signed in", {}),
        (office.id, "novak", "office changed", {"version": 2, "changes": []}),
    ]:
        old.Audit.create(office_id=office_id, at=AUTUMN, who=who, what=what, details=details)
    secret = {"database": "postgresql://smsd:V%C5%AFle@db/smsd", "phone": "sim"}
    old.Gateway.create(name="sim", kind="gammu", settings=secret, made_at=AUTUMN)
    old.Gateway.create(name="api", kind="http", made_at=AUTUMN)


def before_held_places(old: Version) -> None:
    office = old.Office.create(slug="ricky", name="Obec Říčky")
    agenda = old.Agenda.create(office=office, key="psi", title="Psi")
    service = old.Service.create(office=office, agenda=agenda, code="STAV", title="poplatek", minutes=5)
    at = datetime(2026, 8, 10, 8, tzinfo=UTC)
    old.Booking.create(
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


AXES = ["axes_accessattempt", "axes_accesslog", "axes_accessfailurelog", "axes_accessattemptexpiration"]


def before_allauth(old: Version) -> None:
    """Sign-ins were locked by django-axes, and a password that was given had no end."""
    with connection.cursor() as cursor:
        for table in AXES:
            cursor.execute(f"CREATE TABLE {table} (id integer PRIMARY KEY, username varchar(255))")
        cursor.execute("INSERT INTO axes_accessattempt VALUES (1, 'novakova')")
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('axes', '0001_initial', CURRENT_TIMESTAMP)"
        )
    ContentType.objects.create(app_label="axes", model="accessattempt")
    old.User.create(username="novakova", password=make_password("modra labut pije"))
    old.User.create(username="dvorak", password=make_password("zluty kun spi"), password_given=True)


def before_the_hall(old: Version) -> None:
    office = old.Office.create(slug="hala", name="Obec Hala")
    counter = old.Counter.create(office=office, key="okno", title="Okno")
    old.Staffing.create(office=office, counter=counter, clerk="malek", since=NOW)
    old.Kiosk.create(office=office, name="hala", token_sha256=digest(KIOSK), printer="10.1.1.9", made_at=NOW)


def before_one_count(old: Version) -> None:
    for gateway, day, count in (("brana", 1, 5), ("brana", 2, 3), ("modem", 2, 4)):
        old.UnmatchedReceipts.create(gateway=gateway, day=NOW.date().replace(day=day), count=count)
    # The hours know two of the five of the first day, all three of the second, and nothing of the modem.
    for day, hour, unmatched in ((1, 0, 0), (1, 9, 2), (2, 8, 1), (2, 22, 2)):
        old.GatewayHour.create(
            gateway="brana", hour=NOW.replace(day=day, hour=hour), heard=1, sent=1, unmatched=unmatched
        )


# What Django brings along, which all these versions had.
DJANGOS = (("auth", "0012_alter_user_first_name_max_length"), ("sessions", "0001_initial"))
LIVED: tuple[tuple[str, tuple[Callable[[Version], None], ...]], ...] = (
    ("0014_plain_names", (before_the_conversation,)),
    ("0017_freed_offer", (before_credentials_were_bound, before_the_register)),
    ("0019_rate_limits", (before_held_places, before_allauth)),
    ("0025_desk", (before_the_hall,)),
    ("0031_screens", (before_one_count,)),
)


@dataclass
class Lived:
    """What was seen on the way: the models of each version of `LIVED`, and the tables it all came to."""

    versions: dict[str, Version] = field(default_factory=dict)
    tables: set[str] = field(default_factory=set)
    made_at_once: set[str] = field(default_factory=set)

    def go(self) -> Self:
        for migration, kept in LIVED:
            old = self.versions[migration] = Version(migrate_to([*DJANGOS, ("store", migration)]))
            for keep in kept:
                keep(old)
        return_to_latest()
        self.tables = tables()
        return self


@pytest.fixture(scope="module", autouse=True)
def lived(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lived]:
    """Make the database, and lead the connection there for the tests of this module."""
    directory = tmp_path_factory.mktemp("lived")
    with django_db_blocker.unblock():
        with empty_database(directory):
            at_once = MigrationExecutor(connection)
            at_once.migrate(at_once.loader.graph.leaf_nodes())
            made = tables()
        with empty_database(directory):
            yield Lived(made_at_once=made).go()


def test_the_tables_an_empty_database_gets_at_once_are_those_of_all_migrations(lived: Lived) -> None:
    assert all(any(name in found for found in lived.made_at_once) for name in SOME)
    assert sorted(lived.tables - lived.made_at_once) == []
    assert sorted(lived.made_at_once - lived.tables) == []


def office_of(slug: str) -> int:
    return models.Office.objects.get(slug=slug).id


def test_an_office_of_before_the_conversation_has_its_defaults(lived: Lived) -> None:
    found = offices.load(office_of("psov"))
    assert (found.name, found.contact, found.address, found.directions) == (
        "Obec Pšov",
        "starosta@psov.example",
        "",
        "",
    )
    assert found.settings == Settings(horizon_days=21)
    [service] = found.services
    assert (service.code, service.synonyms, service.bring, service.titles) == ("STAV", (), {}, {})
    before = lived.versions["0014_plain_names"].Office.model._meta.get_field("version").default
    assert models.Office.objects.get(slug="psov").version == before


def test_an_office_of_before_held_places_has_not_chosen_and_keeps_its_bookings() -> None:
    office = office_of("ricky")
    assert offices.load(office).settings.confirm_web is None
    assert not offices.replies_only(office)
    kept = models.Booking.objects.get()
    assert (kept.office_id, kept.state, kept.calls, kept.sender) == (office, "booked", "", "+420541234567")
    assert (kept.note, kept.cancel_at, kept.cancel_told) == ("", None, False)
    kept.id = None  # another one, which overlaps
    kept.code, kept.state, kept.starts_at = "111111", "held", kept.starts_at + timedelta(minutes=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        kept.save()


def test_a_token_of_before_keeps_what_it_could_do_for_the_numbers_of_its_gateway() -> None:
    assert tokens.find("a") == Token("bound", Scope(PURPOSES, ("+420739000555", "+420739000666")))
    assert tokens.find("b") == Token("unbound", Scope(PURPOSES, ()))
    assert models.Gateway.objects.get(name="modem").token_purposes == ["messages"]


def test_strays_of_before_count_as_whole() -> None:
    assert models.Stray.objects.get().whole


def test_an_account_of_one_office_is_that_offices() -> None:
    homes = dict(User.objects.exclude(username__in=["novakova", "dvorak"]).values_list("username", "home__slug"))
    assert homes == {"alone": "lhota", "both": None, "nobody": None, "operator": None}


def test_what_older_versions_noted_of_people_moves_to_the_register() -> None:
    """And the whole numbers of searches, and the secrets of gateways, are in no column any more."""
    office = office_of("vir")
    assert [row.what for row in models.Audit.objects.all()] == ["office changed"]
    rows = list(models.Access.objects.order_by("id"))
    assert [(row.office_id, row.who, row.what, row.number, row.at) for row in rows] == [
        (office, "novak", "messages of number", "…987", AUTUMN),
        (office, "novak", "thread opened", "…987", AUTUMN),
        (None, "root (command line)", "person shown", "…987", AUTUMN),
        (None, "novak", "signed in", "", AUTUMN),
    ]
    assert register.of_number(office, "+420605123987") == [rows[0]]
    assert rows[1].details == {"message": 7}
    stored = str(list(models.Access.objects.values())) + str(list(models.Gateway.objects.values()))
    assert not any(secret in stored for secret in ("605123987", "V%C5%AFle", "Vůle", "smsd"))
    found = {one.name: one.settings for one in gateways.configured() if one.name in {"api", "sim"}}
    assert found == {
        "api": {}, "sim": {"database": "postgresql://smsd@db/smsd", "phone": "sim", "password": "Vůle"},
    }  # fmt: skip
    assert [offices.load(office_of(slug)).settings.erase_after_days for slug in ("vir", "usti")] == [1, 365]


def test_users_and_locked_sign_ins_come_over() -> None:
    assert set(AXES).isdisjoint(connection.introspection.table_names())
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations WHERE app = 'axes'")
        assert cursor.fetchone() == (0,)
    assert not ContentType.objects.filter(app_label="axes").exists()
    own, given = (User.objects.get(username=name) for name in ("novakova", "dvorak"))
    assert own.check_password("modra labut pije")
    assert (own.given_until, factors.kinds(own)) == (None, set())
    assert given.check_password("zluty kun spi")
    assert given.given_until is not None
    assert timedelta() < given.given_until - timezone.now() <= accounts.GIVEN_LASTS


def test_devices_counters_and_seats_of_before_the_hall_stay() -> None:
    office = office_of("hala")
    found = offices.load(office)
    [okno] = found.counters
    assert (okno.title, okno.arrow, okno.way) == ("Okno", "", "")
    assert (found.settings.voice, found.settings.screen_notice, found.settings.close_counters_minutes) == (
        "none",
        "",
        30,
    )
    kiosk = kiosks.of_token(office, KIOSK, "kiosk")
    assert kiosk
    assert (kiosk.printer, kiosk.seen_at) == ("10.1.1.9", None)
    assert kiosks.of_token(office, KIOSK, "screen") is None
    [seat] = queue.seats(office)
    assert (seat.clerk, seat.acted_at, seat.away_since) == ("malek", None, None)


def test_receipts_of_no_message_counted_by_the_day_are_counted_by_the_hour_once(lived: Lived) -> None:
    assert gateway_hours.unmatched(NOW.replace(day=1, hour=0)) == {"brana": 8, "modem": 4}
    assert gateway_hours.unmatched(NOW.replace(day=2, hour=0)) == {"brana": 3, "modem": 4}
    # The version before still counts by the day, and makes gateways, while this one is installed node by node.
    old = lived.versions["0031_screens"]
    old.UnmatchedReceipts.create(gateway="modem", day=NOW.date(), count=1)
    old.Gateway.create(name="brana", kind="hosted", made_at=NOW)
    assert gateways.position("brana") == ""
