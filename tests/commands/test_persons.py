"""`person` and `erase`: all data of a number is printed, and all of it is erased."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.db import models as fields

from prepazka import clock, officefile
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import models, offices
from tests.commands.conftest import Prepazka

ME, OTHER = "+420777123456", "+420602111222"
NAME = "NEZAMENITELNA"


# The soonest is on Monday, and may still be cancelled.
SATURDAY = datetime(2026, 8, 1, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _booked(demo: int, monkeypatch: pytest.MonkeyPatch) -> None:
    now = SATURDAY
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=1))
    for id_, sender, text in [("1", ME, f"OBJ ZOP {NAME}"), ("2", OTHER, "OBJ ZOP HORAK"), ("3", ME, "STOP")]:
        receive([Inbound("test", id_, sender, "+420739547765", text, now)], now)
    service = models.Service.objects.get(code="ZOP")
    models.WaitlistEntry.objects.create(
        office=service.office, service=service, day=date(2027, 1, 4), sender=ME, recipient="+420739547765",
        gateway="test", language="cs", made_at=now,
    )  # fmt: skip
    booking = models.Booking.objects.get(sender=ME)
    models.Ticket.objects.create(
        office=service.office, agenda=booking.agenda, service=service, day=date(2026, 7, 31), prefix="D", number=31,
        kind="booking", booking=booking, state="done", arrived_at=now,
    )  # fmt: skip
    models.Stray.objects.create(gateway="test", gateway_id="9", sender=ME, recipient="", text=NAME, received_at=now)
    models.InboundPart.objects.create(
        gateway="test", gateway_id="8", sender=ME, recipient="", reference=1, total=2, number=1, text=NAME,
        received_at=now,
    )  # fmt: skip


def everywhere(text: str) -> list[str]:
    """Return the tables and columns that contain the text."""
    return [
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("store").get_models()
        for field in model._meta.fields
        if isinstance(field, fields.CharField | fields.TextField | fields.JSONField)
        if any(text in str(value) for value in model._default_manager.values_list(field.name, flat=True))
    ]


def test_everything_held_of_a_number_is_shown(prepazka: Prepazka) -> None:
    held = json.loads(prepazka("person", "777 123 456").out)
    assert held["number"] == ME
    assert [booking["name"] for booking in held["bookings"]] == [NAME]
    assert {what: len(rows) for what, rows in held.items() if what != "number"} == {
        "bookings": 1, "held places": 0, "tickets": 1, "messages from": 2, "messages to": 2, "watches": 1,
        "no reminders": 1, "messages to no office": 1, "parts of messages": 1, "who looked": 1,
    }  # fmt: skip
    assert [ticket["number"] for ticket in held["tickets"]] == [31]
    assert held["who looked"][0]["what"] == "person exported"
    assert "HORAK" not in json.dumps(held)


def test_bookings_to_come_are_not_erased_unasked(prepazka: Prepazka) -> None:
    done = prepazka("person", ME, "--erase")
    assert (done.code, done.err) == (1, "prepazka: 1 bookings are still to come; --cancel cancels them first\n")
    assert models.Booking.objects.get(sender=ME).name == NAME


def test_a_number_is_erased_everywhere_and_others_stay(prepazka: Prepazka) -> None:
    assert prepazka("person", ME, "--erase", "--cancel").code == 0
    assert everywhere(ME) == []
    assert everywhere(NAME) == []
    assert everywhere(ME[-9:]) == []
    assert models.Booking.objects.filter(state="booked").get().sender == OTHER
    assert models.Booking.objects.filter(state="cancelled").count() == 1


def test_what_is_erased_is_overwritten_in_the_file() -> None:
    """Free pages of the file would keep a name for anybody who copies the disk."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete")
        assert cursor.fetchone() == (1,)


def test_a_number_kept_for_calling_is_shown_and_erased(prepazka: Prepazka) -> None:
    models.Booking.objects.filter(sender=OTHER).update(sender="", calls="+420541234567", state="cancelled")
    [booking] = json.loads(prepazka("person", "541 234 567").out)["bookings"]
    assert booking["name"] == "HORAK"
    prepazka("person", "541 234 567", "--erase")
    assert not models.Booking.objects.filter(calls__gt="").exists()
    assert not models.Booking.objects.filter(name="HORAK").exists()


def test_the_register_names_who_did_it_but_no_number(prepazka: Prepazka) -> None:
    prepazka("person", ME)
    prepazka("person", ME, "--erase", "--cancel")
    rows = models.Access.objects.order_by("id")
    assert [(row.what, row.number) for row in rows] == [
        ("person exported", "…456"), ("cancelled for caller", "…456"), ("person erased", "…456"),
    ]  # fmt: skip
    assert all(row.who.endswith("command line)") for row in rows)
    assert everywhere(ME[-9:]) == []


OTHERS_NUMBER, OTHERS_NAME = "+420739000111", "TAMNIKDY"


@pytest.fixture
def two_offices(demo: int) -> int:
    """Another office, where the same person booked too and wants no reminders."""
    second = offices.keep(
        replace(officefile.load_demo(), slug="druhy", name="Druhý úřad", numbers=(OTHERS_NUMBER,)), SATURDAY
    )
    for id_, text in [("51", f"OBJ OP {OTHERS_NAME}"), ("52", f"OBJ ZOP {OTHERS_NAME}"), ("53", "STOP")]:
        receive([Inbound("other", id_, ME, OTHERS_NUMBER, text, SATURDAY)], SATURDAY)
    assert models.Booking.objects.filter(office=second).count() == 1
    return second


def test_where_there_are_several_offices_one_is_said(prepazka: Prepazka, two_offices: int) -> None:
    for more in ([], ["--erase", "--cancel"]):
        done = prepazka("person", ME, *more)
        assert (done.code, done.out) == (2, "")
        assert "--office" in done.err
        assert "--all" in done.err
    assert models.Booking.objects.filter(sender=ME, state="booked").count() == 2


def test_an_office_shows_and_erases_only_what_it_holds(prepazka: Prepazka, two_offices: int) -> None:
    printed = prepazka("person", ME, "--office", "demo").out
    assert NAME in printed
    assert OTHERS_NAME not in printed
    assert json.loads(printed)["messages to no office"] == []
    assert prepazka("person", ME, "--office", "demo", "--erase", "--cancel").code == 0
    assert models.Booking.objects.get(office=two_offices).name == OTHERS_NAME
    assert models.OptOut.objects.get().office_id == two_offices
    assert not models.Booking.objects.exclude(office=two_offices).filter(sender=ME).exists()
    assert models.Stray.objects.exists()  # they are no office's: only --all reaches them
    held = json.loads(prepazka("person", ME, "--office", "druhy").out)
    assert {row["office"] for row in held["who looked"]} == {"druhy"}


def test_the_whole_installation_is_shown_and_erased_only_when_said(prepazka: Prepazka, two_offices: int) -> None:
    assert {booking["office"] for booking in json.loads(prepazka("person", ME, "--all").out)["bookings"]} == {
        "demo", "druhy",
    }  # fmt: skip
    assert prepazka("person", ME, "--all", "--erase", "--cancel").code == 0
    assert everywhere(ME) == []
    assert everywhere(OTHERS_NAME) == []
    assert not models.Stray.objects.exists()


def test_one_office_and_all_are_not_said_together(prepazka: Prepazka) -> None:
    assert prepazka("person", ME, "--all", "--office", "demo").code == 2


@pytest.mark.parametrize("number", ["", "NOVAK", "12"])
def test_what_is_no_number_is_bad_use(prepazka: Prepazka, number: str) -> None:
    assert prepazka("person", number).code == 2


def test_erasing_on_schedule_is_reported(prepazka: Prepazka) -> None:
    assert prepazka("erase").out.startswith("demo (30 days): bookings 0, messages 0")


def test_cancelling_without_erasing_is_bad_use_and_cancels_nothing(prepazka: Prepazka) -> None:
    done = prepazka("person", "+420602000111", "--office", "demo", "--cancel")
    assert (done.code, done.out) == (2, "")
    assert "give --erase, too" in done.err
