"""One office that cannot be read, or whose rules fail, holds up no other office of the installation."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models import F

from prepazka.core.office.office import Office
from prepazka.flows.booking import hold
from prepazka.flows.counters import arrive
from prepazka.flows.counters.close_day import close_days
from prepazka.flows.inbound import receive as journey
from prepazka.flows.inbound.receive import ATTEMPTS, receive, work
from prepazka.flows.outbound.deliver import deliver
from prepazka.flows.outbound.remind import remind
from prepazka.gateways.values import Inbound
from prepazka.process.hourly import erase_offices
from prepazka.store import models, offices
from tests.flows.booking import holding
from tests.flows.outbound.fake_gateway import Peer
from tests.made_once import kept_once
from tests.offices import demo_office

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
BROKEN, WELL = "+420739547765", "+420739547766"
ME, OTHER = "+420777123456", "+420602000001"

Break = Callable[[], None]


def spoil(**columns: object) -> None:
    models.Office.objects.filter(slug="demo").update(version=F("version") + 1, **columns)


@pytest.fixture(autouse=True)
def well(transactional_db: None, settings: Any) -> Office:
    """Keep two offices; the older one will break. Return the other."""
    settings.SIMULATOR = True  # a way out for reminders
    journey.forget_failures()
    kept_once(demo_office(), NOW)
    return kept_once(replace(demo_office(), slug="hlinsko", numbers=(WELL,)), NOW)


# What a new version of a library, or a hand in the database, may leave behind.
broken = pytest.mark.parametrize(
    "columns",
    [
        pytest.param({"timezone": "Europe/Nowhere"}, id="a zone nobody knows"),
        pytest.param({"answers": [{"titul": "?"}]}, id="an answer of another version"),
        pytest.param({"holidays": "XX"}, id="a country without holidays"),
    ],
)


def message(number: str, id_: str, text: str = "OBJ ZOP 10.8. 14:00 NOVAK", sender: str = ME) -> Inbound:
    return Inbound("test", id_, sender, number, text)


@broken
def test_messages_of_other_offices_are_answered(columns: dict[str, object]) -> None:
    spoil(**columns)
    answers = receive([message(BROKEN, "a"), message(WELL, "b"), message(BROKEN, "c")], NOW)
    assert [one.outcome and one.outcome.outcome for one in answers] == [None, "booked", None]
    assert models.Inbound.objects.filter(state="waiting").count() == 2


@broken
def test_messages_that_wait_are_handled_behind_those_of_a_broken_office(columns: dict[str, object]) -> None:
    receive([message(BROKEN, "a")], NOW)
    receive([message(WELL, "b")], NOW)
    models.Outbound.objects.all().delete()
    models.Booking.objects.all().delete()
    models.Inbound.objects.update(state="waiting", outcome="", booking=None)
    spoil(**columns)
    for _ in range(ATTEMPTS):
        work(NOW)
    assert models.Inbound.objects.get(gateway_id="b").state == "answered"


def test_a_message_of_an_office_that_cannot_be_read_waits_until_it_can() -> None:
    spoil(timezone="Europe/Nowhere")
    receive([message(BROKEN, "a")], NOW)
    for minutes in range(2 * ATTEMPTS):
        work(NOW + timedelta(minutes=2 * minutes))
    assert models.Outbound.objects.count() == 0, "no apology: the message can still be answered"
    spoil(timezone="Europe/Prague")
    assert work(NOW + timedelta(hours=1)) == 1
    assert models.Booking.objects.get().name == "NOVAK"


@broken
def test_other_offices_remind_close_their_day_and_erase(columns: dict[str, object], well: Office) -> None:
    for number, sender in ((BROKEN, ME), (WELL, OTHER)):
        receive([message(number, number, sender=sender)], NOW)
    for slug in ("demo", "hlinsko"):
        arrive.walk_in(offices.find(slug) or 0, "ZOP", NOW)
    spoil(**columns)
    models.Outbound.objects.all().delete()
    assert remind(datetime(2026, 8, 9, 8, tzinfo=UTC)) >= 1
    assert models.Outbound.objects.filter(office=well.id, kind="reminder").count() == 1
    assert close_days(NOW + timedelta(days=1)) >= 1
    assert models.Ticket.objects.get(office=well.id).state == "closed"
    erase_offices(NOW + timedelta(days=365))
    assert models.Booking.objects.get(office=well.id).sender == ""


@broken
def test_places_nobody_confirmed_are_freed_in_other_offices(columns: dict[str, object]) -> None:
    for slug, number, phone in (("demo", BROKEN, ME), ("hlinsko", WELL, OTHER)):
        holding.Citizen(holding.founded(slug, number), phone).choose()
    assert holding.states(OTHER) == ["held"]
    spoil(**columns)
    holding.hand_over()
    assert hold.settle(holding.after(3600)) >= 1
    assert "held" not in holding.states(OTHER)


def test_a_gateway_sends_the_messages_of_other_offices() -> None:
    for number, sender in ((BROKEN, ME), (WELL, OTHER)):
        receive([message(number, number, sender=sender)], NOW)
    spoil(timezone="Europe/Nowhere")
    models.Outbound.objects.all().delete()
    remind(datetime(2026, 8, 9, 8, tzinfo=UTC))
    row = models.Outbound.objects.get()
    row.pk, row.office, row.recipient = None, models.Office.objects.get(slug="demo"), ME
    row.booking, row.kind = models.Booking.objects.get(office__slug="demo"), "reminder"
    row.save()
    models.Outbound.objects.update(gateway="test")
    peer = Peer("test")
    deliver(peer, datetime(2026, 8, 9, 8, tzinfo=UTC))
    assert [one.recipient for one in peer.sent] == [OTHER]
