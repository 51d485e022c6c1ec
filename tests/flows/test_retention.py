"""Erasing after the office's number of days: personal data goes; counts and guards stay."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from prepazka.core.booking.book import BookSoonest
from prepazka.core.office.office import Office
from prepazka.flows.booking.request import BookingRequest, submit
from prepazka.flows.inbound.receive import receive
from prepazka.flows.outbound.deliver import deliver
from prepazka.flows.outbound.receipts import take_in_receipts
from prepazka.flows.retention import Erased, Forgotten, erase, forget
from prepazka.gateways.values import Inbound, Receipt
from prepazka.store import models, offices, persons, register, retention, traces
from tests.flows.conftest import Queue, deliver_all
from tests.flows.outbound.fake_gateway import Peer
from tests.made_once import kept_once
from tests.offices import demo_office

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
VISIT = datetime(2026, 8, 10, 12, tzinfo=UTC)
NUMBER, ME = "+420739547765", "+420777123456"


@pytest.fixture
def office_id(transactional_db: None) -> int:
    return kept_once(demo_office(), NOW).id


def say(text: str, now: datetime = NOW) -> str:
    (handled,) = receive([Inbound("test", f"m{models.Inbound.objects.count()}", ME, NUMBER, text)], now)
    assert handled.outcome is not None
    return handled.outcome.outcome


def people() -> list[str]:
    """Return everything in the database that names somebody."""
    found = [
        *models.Booking.objects.values_list("name", "sender", "text_key"),
        *models.Inbound.objects.values_list("sender", "text", "text_key"),
        *models.Outbound.objects.values_list("recipient", "text"),
    ]
    return [value for row in found for value in row if value]


def test_thirty_days_after_the_visit_nobody_is_named(office_id: int) -> None:
    assert say("OBJ ZOP 10.8. 14:00 NOVAK") == "booked"
    assert erase(office_id, VISIT + timedelta(days=30)) == Erased()
    assert people()
    assert erase(office_id, VISIT + timedelta(days=31)) == Erased(bookings=1, messages=1)
    assert people() == []
    assert erase(office_id, VISIT + timedelta(days=32)) == Erased()


def test_what_is_counted_stays(office_id: int) -> None:
    say("OBJ ZOP 10.8. 14:00 NOVAK")
    erase(office_id, VISIT + timedelta(days=31))
    booking = models.Booking.objects.get()
    assert (booking.state, booking.starts_at, booking.service.code) == ("booked", VISIT, "ZOP")
    assert models.Inbound.objects.get().outcome == "booked"


def test_an_erased_message_delivered_again_is_still_the_same_message(office_id: int) -> None:
    message = Inbound("test", "m0", ME, NUMBER, "OBJ ZOP 10.8. 14:00 NOVAK")
    receive([message], NOW)
    later = VISIT + timedelta(days=31)
    erase(office_id, later)
    (again,) = receive([message], later)
    assert again.outcome is not None
    assert again.outcome.outcome == "duplicate"


def test_a_number_kept_for_calling_is_erased_with_the_name(office_id: int) -> None:
    say("OBJ ZOP 10.8. 14:00 NOVAK")
    models.Booking.objects.update(sender="", calls="+420541234567")
    erase(office_id, VISIT + timedelta(days=31))
    assert not models.Booking.objects.exclude(calls="", name="").exists()


def test_a_message_without_a_booking_is_erased_by_its_own_age(office_id: int) -> None:
    say("HELP")
    assert erase(office_id, NOW + timedelta(days=29)) == Erased()
    assert erase(office_id, NOW + timedelta(days=31)) == Erased(messages=1)


def test_a_message_that_waits_to_be_handled_is_kept(office_id: int) -> None:
    say("HELP")
    models.Inbound.objects.update(state="waiting")
    assert erase(office_id, NOW + timedelta(days=365)) == Erased()


def test_of_an_unasked_notice_nothing_is_left(office_id: int) -> None:
    models.Outbound.objects.create(
        office_id=office_id,
        gateway="test",
        kind="notice",
        sender=NUMBER,
        recipient=ME,
        text="OBJ ZOP 10.8. 14:00",
        septets=20,
        parts=1,
        made_at=NOW,
        due_at=NOW,
        expires_at=NOW,
    )
    assert erase(office_id, NOW + timedelta(days=31)) == Erased(notices=1)
    assert people() == []


def test_a_watch_ends_with_its_day(office_id: int) -> None:
    service = models.Service.objects.get(code="PTP")
    models.WaitlistEntry.objects.create(
        office_id=office_id,
        service=service,
        day=VISIT.date(),
        sender=ME,
        recipient=NUMBER,
        gateway="test",
        language="cs",
        made_at=NOW,
    )
    assert erase(office_id, VISIT) == Erased()
    assert erase(office_id, VISIT + timedelta(days=1)) == Erased(waitlist=1)


def test_more_than_one_batch(office_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    receive([Inbound("test", f"m{n}", f"+42060200000{n}", NUMBER, "OBJ ZOP NOVAK") for n in range(5)], NOW)
    assert erase(office_id, VISIT + timedelta(days=31)) == Erased(bookings=5, messages=5)


def test_another_office_keeps_its_own(office_id: int) -> None:
    other = offices.keep(replace(demo_office(), slug="jinde", numbers=("+420739000000",)), NOW)
    say("OBJ ZOP 10.8. 14:00 NOVAK")
    assert erase(other, VISIT + timedelta(days=31)) == Erased()
    assert people()


def test_what_gateways_call_and_say_of_messages_is_known_for_a_month(office: Office, queue: Queue) -> None:
    peer = Peer()
    old = queue(until=VISIT + timedelta(days=90))
    deliver(peer, NOW)
    young = queue(now=NOW + timedelta(days=2), until=VISIT + timedelta(days=90))
    deliver(peer, NOW + timedelta(days=2))
    for message in peer.sent:
        take_in_receipts([Receipt("sim", "sent", NOW, message.id, peer.refs(message)[0])], NOW)
    assert forget(NOW + timedelta(days=30)) == Forgotten()
    assert forget(NOW + timedelta(days=30, seconds=1)) == Forgotten(names=1, receipts=1)
    assert {ref.outbound_id for ref in models.OutboundRef.objects.all()} == {young}
    assert {receipt.outbound_id for receipt in models.Receipt.objects.all()} == {young}
    assert models.Outbound.objects.get(id=old).state == "sent"

    # Said again after that it is a receipt of no message, and takes nothing back.
    take_in_receipts([Receipt("sim", "delivered", NOW, ref=peer.refs(peer.sent[0])[0])], NOW)
    assert models.Outbound.objects.get(id=old).state == "sent"


def test_a_message_given_late_is_known_for_a_month_from_then(office: Office, queue: Queue) -> None:
    row = queue(until=VISIT + timedelta(days=90))
    late = NOW + timedelta(days=40)
    deliver(Peer(), late)
    assert models.OutboundRef.objects.get().outbound_id == row
    assert forget(late + timedelta(days=30)) == Forgotten()
    assert forget(late + timedelta(days=31)) == Forgotten(names=1)


def test_a_receipt_that_waits_for_its_answer_is_not_forgotten_by_the_schedule(office: Office) -> None:
    take_in_receipts([Receipt("sim", "sent", NOW, ref="their own")], NOW)
    assert forget(NOW + timedelta(days=365)) == Forgotten()
    assert models.Receipt.objects.get().outbound_id is None


def test_the_content_of_a_message_is_known_for_a_month(office_id: int) -> None:
    def comes(id_: str, now: datetime) -> None:
        receive([Inbound("test", id_, ME, NUMBER, "OBJ ZOP 10.8. 14:00 NOVAK", NOW, "the content")], now)

    comes("1", NOW)
    assert forget(NOW + timedelta(days=30)) == Forgotten()
    comes("2", NOW + timedelta(days=30))
    assert models.Inbound.objects.count() == 1
    assert forget(NOW + timedelta(days=30, seconds=1)) == Forgotten(contents=1)

    # A copy that comes even later is too old to be booked.
    comes("3", NOW + timedelta(days=31))
    assert [one.outcome for one in models.Inbound.objects.order_by("id")] == ["booked", "too_old"]


def test_more_is_forgotten_than_a_batch(office: Office, queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for number in range(5):
        queue(parts=2, until=VISIT)
        receive([Inbound("test", str(number), ME, NUMBER, "HELP", NOW, f"content {number}")], NOW)
    deliver_all(Peer(), NOW)
    assert forget(NOW + timedelta(days=31)) == Forgotten(names=10, contents=5)


# --- wishes for no reminders ---------------------------------------------------------------------


def opted_out() -> list[str]:
    return list(models.OptOut.objects.values_list("sender", flat=True))


def pass_time(office_id: int, first: datetime, days: int) -> None:
    """Let the schedule erase every fortnight."""
    for day in range(0, days, 14):
        erase(office_id, first + timedelta(days=day))
    erase(office_id, first + timedelta(days=days))


def test_a_wish_for_no_reminders_ends_two_years_after_the_last_contact(office_id: int) -> None:
    say("STOP")
    wrote = NOW + timedelta(days=200)
    say("POMOC", wrote)
    pass_time(office_id, NOW, 730 + 199)
    assert people() == []  # the message that was the contact is erased long since
    assert opted_out() == [ME]
    assert models.OptOut.objects.get().contact_at == wrote
    assert erase(office_id, wrote + timedelta(days=731)) == Erased(opt_outs=1)
    assert opted_out() == []


def test_without_any_contact_it_ends_two_years_after_it_was_said(office_id: int) -> None:
    say("STOP")
    pass_time(office_id, NOW, 729)
    assert opted_out() == [ME]
    assert erase(office_id, NOW + timedelta(days=731)) == Erased(opt_outs=1)


def test_a_message_that_is_still_kept_is_a_contact(office_id: int) -> None:
    say("STOP")
    pass_time(office_id, NOW, 100)
    say("POMOC", NOW + timedelta(days=725))
    assert erase(office_id, NOW + timedelta(days=732)) == Erased()
    assert opted_out() == [ME]


def test_a_booking_on_the_web_is_a_contact_too(office_id: int) -> None:
    say("OBJ ZOP 10.8. 14:00 NOVAK")
    say("STOP")
    models.Booking.objects.update(starts_at=NOW + timedelta(days=740), ends_at=NOW + timedelta(days=741))
    models.Booking.objects.update(day=(NOW + timedelta(days=740)).date())
    models.Inbound.objects.update(booking=None)
    pass_time(office_id, NOW, 735)
    assert opted_out() == [ME]


def test_a_booking_that_is_erased_by_now_was_a_contact(office_id: int) -> None:
    say("STOP")
    booked_at = NOW + timedelta(days=300)
    submit(office_id, BookingRequest(BookSoonest("ZOP", "Jan Hrubý"), "web", ME, confirm=False), booked_at)
    pass_time(office_id, NOW, 299 + 730)
    assert people() == []
    assert opted_out() == [ME]
    assert models.OptOut.objects.get().contact_at == booked_at
    pass_time(office_id, NOW + timedelta(days=1031), 1)
    assert opted_out() == []


def test_contact_with_another_office_or_of_another_number_is_none(office_id: int) -> None:
    say("STOP")
    other = offices.keep(replace(demo_office(), slug="jinde", numbers=("+420739000000",)), NOW)
    for sender, to in [(ME, "+420739000000"), ("+420602000111", NUMBER)]:
        receive([Inbound("test", sender, sender, to, "POMOC")], NOW + timedelta(days=400))
    for office in (office_id, other):
        pass_time(office, NOW + timedelta(days=400), 100)
    assert erase(office_id, NOW + timedelta(days=731)).opt_outs == 1


# --- registers ----------------------------------------------------------------------------------


def test_the_register_is_kept_a_year_and_the_list_of_erasures_as_long_as_backups(
    office_id: int, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    settings.BACKUP_DAYS = 9
    for days in (0, 0, 0, 1):
        register.note(office_id, NOW + timedelta(days=days), "eva", "slip opened", ME)
    say("STOP")
    persons.erase(ME, office_id, NOW)
    assert forget(NOW + timedelta(days=9)).erasures == 0
    assert forget(NOW + timedelta(days=10)).erasures == models.Inbound.objects.count() * 2 + 1
    assert forget(NOW + timedelta(days=365)).accesses == 0
    assert forget(NOW + timedelta(days=366)).accesses == 3
    assert models.Access.objects.count() == 1


# --- traces -------------------------------------------------------------------------------------


@pytest.mark.postgresql
def test_dead_rows_are_removed_once_a_day(office_id: int) -> None:
    say("OBJ ZOP 10.8. 14:00 NOVAK")
    now = datetime.now(UTC)  # the server says when it did so by its own clock
    persons.erase(ME, office_id, now)
    next_day = now + timedelta(hours=21)
    filled = {"booking", "inbound", "outbound"}
    assert filled <= set(traces.vacuum(next_day)) <= set(traces.TABLES)
    assert traces.vacuum(now) == []
    assert filled <= set(traces.vacuum(next_day))


@pytest.mark.postgresql
def test_a_table_that_never_held_a_row_is_left_alone(office_id: int) -> None:
    """The server would take it for one that stays empty, and read all of it for each row that refers to it."""
    say("OBJ ZOP 10.8. 14:00 NOVAK")
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE watch")  # a new file
    vacuumed = traces.vacuum(datetime.now(UTC) + timedelta(hours=21))
    assert "watch" not in vacuumed
    assert "booking" in vacuumed
