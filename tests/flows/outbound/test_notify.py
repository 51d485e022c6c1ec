"""Notifications: one of a kind about a booking, on the route its sender used, only to reachable numbers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from prepazka.core.office.office import Office
from prepazka.flows.inbound.receive import receive
from prepazka.flows.outbound import notify
from prepazka.gateways.values import Inbound
from prepazka.sms.reply.render import Reply
from prepazka.store import models, offices
from tests.made_once import kept_once
from tests.offices import demo_office

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
VISIT = datetime(2026, 8, 10, 12, tzinfo=UTC)
ME, NUMBER, OTHER_NUMBER = "+420777123456", "+420739547765", "+420739000001"
TEXT = Reply("Zruseno", 7, 1)


@pytest.fixture
def office(transactional_db: None, monkeypatch: pytest.MonkeyPatch, settings: object) -> Office:
    """An office with a number at a modem and an unbound one; the gateway "program" has only a token."""
    monkeypatch.setattr("prepazka.flows.outbound.notify.KINDS", dict.fromkeys(["modem"]))
    settings.SIMULATOR = False  # type: ignore[attr-defined]  # the fixture of pytest-django has no types
    office_id = kept_once(replace(demo_office(), numbers=(NUMBER, OTHER_NUMBER)), NOW).id
    models.Gateway.objects.create(name="program", kind="http", made_at=NOW)
    modem = models.Gateway.objects.create(name="sim", kind="modem", made_at=NOW)
    models.Number.objects.filter(e164=NUMBER).update(gateway=modem)
    return offices.load(office_id)


def book(text: str = "OBJ ZOP 10.8. 14:00 NOVAK", gateway: str = "sim", number: str = NUMBER) -> int:
    (handled,) = receive([Inbound(gateway, "m1", ME, number, text)], NOW)
    assert handled.booking is not None
    return models.Booking.objects.get().id


def tell(office: Office, *tidings: notify.Notification, now: datetime = NOW) -> int:
    with transaction.atomic():
        return notify.enqueue(office, tidings, now)


def told() -> list[tuple[str, str, str, int]]:
    letters = models.Outbound.objects.filter(in_reply_to=None).order_by("id")
    return list(letters.values_list("gateway", "sender", "recipient", "priority"))


def test_it_leaves_by_the_offices_first_number(office: Office) -> None:
    assert tell(office, notify.Notification("called_off", ME, TEXT, VISIT)) == 1
    assert told() == [("sim", NUMBER, ME, 1)]
    message_row = models.Outbound.objects.get()
    assert (message_row.state, message_row.due_at, message_row.expires_at) == ("queued", NOW, VISIT)


def test_of_one_kind_a_booking_is_told_once(office: Office) -> None:
    booking = book()
    tiding = notify.Notification("reminder", ME, TEXT, VISIT, booking)
    assert tell(office, tiding, tiding) == 1
    assert tell(office, tiding) == 0
    assert tell(office, replace(tiding, kind="called_off")) == 1
    assert len(told()) == 2


def test_what_is_about_no_booking_may_be_told_again(office: Office) -> None:
    tiding = notify.Notification("notice", ME, TEXT, VISIT)
    assert tell(office, tiding, tiding) == 2


@pytest.mark.parametrize("recipient", ["", "INFO", "12345"])
def test_who_cannot_be_reached_is_not_told(office: Office, recipient: str) -> None:
    assert tell(office, notify.Notification("called_off", recipient, TEXT, VISIT)) == 0


def test_what_is_of_no_use_any_more_is_not_told(office: Office) -> None:
    assert tell(office, notify.Notification("called_off", ME, TEXT, VISIT), now=VISIT) == 0


def test_an_office_without_a_way_tells_nobody(office: Office) -> None:
    models.Number.objects.update(gateway=None)
    assert tell(office, notify.Notification("called_off", ME, TEXT, VISIT)) == 0


def test_where_phones_are_simulated_one_shows_it(office: Office, settings: object) -> None:
    settings.SIMULATOR = True  # type: ignore[attr-defined]  # the fixture of pytest-django has no types
    models.Number.objects.update(gateway=None)
    assert tell(office, notify.Notification("called_off", ME, TEXT, VISIT)) == 1
    assert told() == [("phone", NUMBER, ME, 1)]


@pytest.mark.parametrize(
    ("text", "gateway", "number", "expected"),
    [
        pytest.param("OBJ ZOP NOVAK", "sim", NUMBER, (notify.Route("sim", NUMBER), "cs"), id="by the same way"),
        pytest.param("BOOK ZOP NOVAK", "sim", NUMBER, (notify.Route("sim", NUMBER), "en"), id="in the same language"),
        pytest.param(
            "OBJ ZOP NOVAK", "phone", OTHER_NUMBER, (notify.Route("phone", OTHER_NUMBER), "cs"), id="on the same screen"
        ),
        pytest.param(
            "OBJ ZOP NOVAK", "program", OTHER_NUMBER, (notify.Route("sim", NUMBER), "cs"), id="not by what cannot send"
        ),
    ],
)
def test_who_wrote_is_spoken_to_as_they_wrote(
    office: Office, text: str, gateway: str, number: str, expected: tuple[notify.Route, str]
) -> None:
    booking = book(text, gateway, number)
    manners = notify.reply_preferences(office, [booking], NOW.date(), notify.routes_of(office))
    assert manners == {booking: notify.ReplyPreference(*expected)}


def test_who_did_not_write_is_spoken_to_in_czech_on_the_first_way(office: Office) -> None:
    booking = book()
    models.Inbound.objects.update(booking=None)
    manners = notify.reply_preferences(office, [booking], NOW.date(), notify.routes_of(office))
    assert manners == {booking: notify.ReplyPreference(notify.Route("sim", NUMBER), "cs")}


def test_a_message_of_the_booking_later_on_does_not_change_the_way(office: Office) -> None:
    booking = book()
    receive([Inbound("phone", "m2", ME, OTHER_NUMBER, "BOOK ZOP 10.8. 14:00 NOVAK")], NOW + timedelta(hours=1))
    manners = notify.reply_preferences(office, [booking], NOW.date(), notify.routes_of(office))
    assert manners == {booking: notify.ReplyPreference(notify.Route("sim", NUMBER), "cs")}
