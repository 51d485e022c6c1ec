"""Receiving messages: one effect and one reply each, whatever is repeated, fails or waits."""

import secrets
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from prepazka.core.booking.outcomes import SlotFull
from prepazka.core.office.office import Hours, Office, WeeklyRule
from prepazka.flows.booking.waitlist import notify_after_delay
from prepazka.flows.inbound import receive as journey
from prepazka.flows.inbound.handle import Handled
from prepazka.flows.inbound.receive import UnknownNumber, receive, work
from prepazka.gateways.values import Inbound
from prepazka.store import inbox, models, offices
from tests.flows.inbound import many_messages
from tests.flows.inbound.texted import ME, NOW, NUMBER, OTHER, outcome, say
from tests.offices import demo_office

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("office")]


def reply(handled: Handled) -> str:
    assert handled.reply is not None
    return handled.reply.text


def test_a_booking_is_kept_with_its_reply() -> None:
    handled = say("OBJ ZOP 10.8. 14:00 Nováková")
    booking = models.Booking.objects.get()
    message_row = models.Outbound.objects.get()
    assert outcome(handled) == "booked"
    assert (booking.starts_at, booking.ends_at) == (
        datetime(2026, 8, 10, 12, tzinfo=UTC),
        datetime(2026, 8, 10, 12, 15, tzinfo=UTC),
    )
    assert (booking.name, booking.sender, booking.state, booking.channel) == ("Nováková", ME, "booked", "sms")
    assert (message_row.recipient, message_row.sender, message_row.state) == (ME, NUMBER, "handed")
    assert message_row.text == reply(handled)
    assert booking.code in message_row.text
    assert models.Inbound.objects.get().booking == booking


def test_the_same_message_twice_is_one_message() -> None:
    say("OBJ ZOP 10.8. 14:00 NOVAK", id_="m1")
    again = say("OBJ ZOP 10.8. 14:00 NOVAK", id_="m1")
    assert outcome(again) == "duplicate"
    assert again.reply is None
    assert models.Booking.objects.count() == models.Inbound.objects.count() == models.Outbound.objects.count() == 1


def test_the_same_message_twice_in_one_call_is_one_message() -> None:
    one = Inbound("test", "m1", ME, NUMBER, "OBJ ZOP 10.8. 14:00 NOVAK")
    assert [outcome(handled) for handled in receive([one, one], NOW)] == ["booked", "duplicate"]


def test_ids_are_those_of_a_gateway() -> None:
    one, other = (Inbound(gateway, "m1", sender, NUMBER, "HELP") for gateway, sender in (("a", ME), ("b", OTHER)))
    assert [outcome(handled) for handled in receive([one, other], NOW)] == ["help", "help"]


def test_the_same_wish_in_another_message_gets_the_same_code() -> None:
    first = say("OBJ ZOP 10.8. 14:00 NOVAK")
    again = say("obj zop 10.8. 14.00 Novák")
    assert outcome(again) == "already_booked"
    assert models.Booking.objects.get().code in reply(first)
    assert models.Booking.objects.get().code in reply(again)


def test_a_cancelled_place_is_free_at_once_in_the_same_batch() -> None:
    code = say("OBJ PTP 10.8. 14:00 NOVAK").booking
    assert code is not None
    handled = receive(
        [
            Inbound("test", "b1", OTHER, NUMBER, "OBJ PTP 10.8. 14:00 DVORAK"),
            Inbound("test", "b2", ME, NUMBER, f"STORNO {code.code} 10.8."),
            Inbound("test", "b3", OTHER, NUMBER, "OBJ PTP 10.8. 14:00 DVORAKOVA"),
        ],
        NOW,
    )
    assert [outcome(one) for one in handled] == ["slot_full", "cancelled", "booked"]
    assert Counter(models.Booking.objects.values_list("state", flat=True)) == {"cancelled": 1, "booked": 1}


def test_booked_cancelled_and_moved_within_one_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "randbelow", many_messages.Draws().randbelow)
    drawn = many_messages.codes(3)
    texts = ["OBJ ZOP 10.8. 14:00 NOVAK", f"PRESUN {drawn[0]} 10.8. 15:00", f"STORNO {drawn[0]} 10.8."]
    handled = receive([Inbound("test", text, ME, NUMBER, text) for text in texts], NOW)
    assert [outcome(one) for one in handled] == ["booked", "moved", "cancelled"]
    assert Counter(models.Booking.objects.values_list("state", flat=True)) == {"moved": 1, "cancelled": 1}


def test_a_moved_booking_leaves_its_place_to_others() -> None:
    booking = say("OBJ PTP 10.8. 14:00 NOVAK").booking
    assert booking is not None
    moved = say(f"PRESUN {booking.code} 11.8. 9:00")
    assert outcome(moved) == "moved"
    assert outcome(say("OBJ PTP 10.8. 14:00 DVORAK", OTHER)) == "booked"
    assert outcome(say(f"STORNO {booking.code} 11.8.")) == "cancelled"


def test_a_yes_takes_the_offer_made_in_an_earlier_message() -> None:
    say("OBJ PTP 10.8. 14:00 DVORAK", OTHER)
    full = say("OBJ PTP 10.8. 14:00 NOVAK")
    assert outcome(full) == "slot_full"
    accepted = say("ANO 2", now=NOW + timedelta(minutes=5))
    assert outcome(accepted) == "booked"
    assert accepted.booking is not None
    assert isinstance(full.outcome, SlotFull)
    offered = full.outcome.offers[1]
    assert (accepted.booking.day, accepted.booking.at, accepted.booking.name) == (offered.day, offered.at, "NOVAK")


def test_a_yes_to_the_offer_of_a_full_move_moves_the_booking() -> None:
    say("OBJ PTP 11.8. 9:00 DVORAK", OTHER)
    booking = say("OBJ PTP 10.8. 14:00 NOVAK").booking
    assert booking is not None
    assert outcome(say(f"PRESUN {booking.code} 11.8. 9:00")) == "slot_full"
    assert outcome(say("ANO")) == "moved"
    held = models.Booking.objects.filter(sender=ME)
    assert Counter(held.values_list("state", flat=True)) == {"moved": 1, "booked": 1}


def test_a_freed_place_is_told_to_who_has_waited_longest() -> None:
    day = full_day()
    assert outcome(say("HLIDEJ PTP 10.8.")) == "watching"
    assert outcome(say("HLIDEJ PTP 10.8.", OTHER)) == "watching"
    freed = day[3].booking
    assert freed is not None
    say(f"STORNO {freed.code} 10.8.", freed.sender)
    notice = models.Outbound.objects.get(kind="notice")
    assert (notice.recipient, notice.state) == (ME, "queued")
    assert f"OBJ PTP 10.8. {freed.at.hour}:{freed.at.minute:02d}" in notice.text
    assert models.WaitlistEntry.objects.get(told_at=None).sender == OTHER


def every_start() -> list[str]:
    minutes = [*range(8 * 60, 11 * 60 + 30, 15), *range(12 * 60 + 30, 17 * 60, 15)]
    return [f"{at // 60}:{at % 60:02d}" for at in minutes]


def full_day(**settings: Any) -> list[Handled]:
    """Take every place of the one lane for PTP on 10.8., each by another number."""
    offices.keep(replace(demo_office(), settings=replace(demo_office().settings, **settings)), NOW)
    day = [say(f"OBJ PTP 10.8. {at} NOVAK", f"+42060300{n:04d}") for n, at in enumerate(every_start())]
    assert {outcome(handled) for handled in day} == {"booked"}
    return day


def cancel(handled: Handled) -> None:
    assert handled.booking is not None
    assert outcome(say(f"STORNO {handled.booking.code} 10.8.", handled.booking.sender)) == "cancelled"


def test_a_freed_place_too_short_for_a_service_is_not_told() -> None:
    longer = replace(demo_office().service_of["RTP"], minutes=30)
    others = tuple(service for service in demo_office().services if service.code != "RTP")
    offices.keep(replace(demo_office(), services=(*others, longer)), NOW)
    for n, at in enumerate(every_start()):
        say(f"OBJ PTP 10.8. {at} NOVAK", f"+42060300{n:04d}")
    assert outcome(say("HLIDEJ RTP 10.8.")) == "watching"
    first, second = models.Booking.objects.order_by("starts_at")[:2]
    say(f"STORNO {first.code} 10.8.", first.sender)
    assert not models.Outbound.objects.filter(kind="notice").exists()
    say(f"STORNO {second.code} 10.8.", second.sender)
    assert "OBJ RTP 10.8. 8:00" in models.Outbound.objects.get(kind="notice").text


def test_with_a_delay_a_freed_place_is_told_when_it_is_offered_again() -> None:
    day = full_day(reoffer_minutes=60)
    assert outcome(say("HLIDEJ PTP 10.8.")) == "watching"
    cancel(day[3])
    assert notify_after_delay(NOW + timedelta(minutes=59)) == 0
    assert notify_after_delay(NOW + timedelta(minutes=61)) == 1
    assert notify_after_delay(NOW + timedelta(minutes=62)) == 0
    assert "OBJ PTP 10.8. 8:45" in models.Outbound.objects.get(kind="notice").text


def test_who_joins_the_waitlist_in_the_batch_that_frees_a_place_is_told() -> None:
    taken = [
        say(f"OBJ PTP 7.8. {hour}:{quarter:02} NOVAK", f"+4206030{hour:02}{quarter:02}1").booking
        for hour in range(8, 15)
        for quarter in (0, 15, 30, 45)
    ]
    freed = taken[6]
    assert freed is not None
    watching, cancelled = receive(
        [
            Inbound("test", "b1", ME, NUMBER, "HLIDEJ PTP 7.8."),
            Inbound("test", "b2", OTHER, NUMBER, f"STORNO {freed.code} 7.8."),
        ],
        NOW,
    )
    assert (outcome(watching), outcome(cancelled)) == ("watching", "cancelled")
    notice = models.Outbound.objects.get(kind="notice")
    assert (notice.recipient, f"{freed.at:%H:%M}".lstrip("0") in notice.text) == (ME, True)


def test_the_day_told_instead_is_the_one_that_was_free_when_the_message_was_decided(office: Office) -> None:
    hour = (WeeklyRule(0, Hours(time(9), time(9, 15), 15, 1)),)
    narrow = replace(office, agendas=tuple(replace(agenda, rules=hour) for agenda in office.agendas))
    offices.keep(narrow, NOW)
    say("OBJ PTP 10.8. 9:00 NOVAK", OTHER)
    told, taken, again = receive(
        [
            Inbound("test", "b1", ME, NUMBER, "TERMIN PTP 10.8."),
            Inbound("test", "b2", OTHER, NUMBER, "OBJ PTP 17.8. 9:00 NOVAK"),
            Inbound("test", "b3", ME, NUMBER, "TERMIN PTP 10.8."),
        ],
        NOW,
    )
    assert outcome(taken) == "booked"
    assert ("17.8." in reply(told), "17.8." in reply(again), "24.8." in reply(again)) == (True, False, True)


def test_a_question_stands_from_when_it_was_put_however_long_its_message_had_waited() -> None:
    for text, sender in (("OBJ PTP 10.8. 9:00 NOVAK", OTHER), ("OBJ PTP 10.8. 9:00 MALY", ME)):
        inbox.take_in(offices_id(), [journey.arrival(Inbound("test", text, sender, NUMBER, text), NOW)])
    later = NOW + timedelta(hours=3)
    assert work(later) == 2
    assert outcome(say("ANO", now=later + timedelta(minutes=1))) == "booked"


def offices_id() -> int:
    return models.Office.objects.get().id


def test_stop_and_start_of_reminders() -> None:
    assert outcome(say("STOP")) == "stopped"
    assert models.OptOut.objects.get().sender == ME
    assert outcome(say("START")) == "resumed"
    assert not models.OptOut.objects.exists()


@pytest.mark.parametrize("sender", ["INFO", "90210", NUMBER, "", "\u202e\n'; DROP TABLE inbound; --"])
def test_who_cannot_be_answered_is_stored_and_ignored(sender: str) -> None:
    handled = say("OBJ ZOP 10.8. 14:00 NOVAK", sender)
    assert outcome(handled) == "ignored"
    assert handled.reply is None
    assert models.Inbound.objects.get().state == "silent"
    assert not models.Booking.objects.exists()
    assert not models.Outbound.objects.exists()


@pytest.mark.parametrize(
    "text", ["", "\0", "\ud800", "x" * 100_000, "OBJ ZOP 10.8. 14:00 NOV\0K", "'; DROP TABLE booking; --"]
)
def test_hostile_texts_get_one_reply_and_no_booking(text: str) -> None:
    handled = say(text)
    assert outcome(handled) == "not_understood"
    assert models.Outbound.objects.count() == 1
    assert not models.Booking.objects.exists()


def test_a_message_to_a_stranger_is_refused_before_anything_is_stored() -> None:
    messages = [Inbound("test", "m1", ME, NUMBER, "HELP"), Inbound("test", "m2", ME, "+420601000000", "HELP")]
    with pytest.raises(UnknownNumber, match="601000000"):
        receive(messages, NOW)
    assert not models.Inbound.objects.exists()


def test_what_waited_before_is_decided_first(office: Office) -> None:
    stored = journey.arrival(Inbound("test", "before", OTHER, NUMBER, "OBJ PTP 10.8. 14:00 DVORAK"), NOW)
    assert len(inbox.take_in(office.id, [stored])) == 1
    assert outcome(say("OBJ PTP 10.8. 14:00 NOVAK")) == "slot_full"
    waited = models.Outbound.objects.get(in_reply_to__gateway_id="before")
    assert waited.state == "queued", "nobody waits for this answer: it has to be delivered"


def test_words_of_a_day_mean_the_day_the_message_was_sent_on() -> None:
    sent = datetime(2026, 8, 9, 21, 59, tzinfo=UTC)
    handled = receive(
        [Inbound("test", "m1", ME, NUMBER, "OBJ ZOP ZITRA 14:00 NOVAK", sent)], sent + timedelta(minutes=5)
    )
    assert handled[0].booking is not None
    assert handled[0].booking.day.isoformat() == "2026-08-10"


def test_a_message_from_the_future_is_read_by_our_clock() -> None:
    sent = NOW + timedelta(days=20)
    (handled,) = receive([Inbound("test", "m1", ME, NUMBER, "OBJ ZOP ZITRA 9:00 NOVAK", sent)], NOW)
    assert handled.booking is not None
    assert handled.booking.day.isoformat() == "2026-08-04"


@pytest.mark.parametrize("year", [1, 1999, 2100, 9999])
def test_a_time_no_network_can_mean_stalls_nobody(year: int) -> None:
    sent = datetime(year, 12 if year > 1 else 1, 31 if year > 1 else 1, tzinfo=UTC)
    (handled,) = receive([Inbound("test", "first", ME, NUMBER, "OBJ ZOP ZITRA 9:00 NOVAK", sent)], NOW)
    assert outcome(handled) == "booked"
    assert outcome(say("HELP", OTHER)) == "help"


@pytest.mark.parametrize("id_", ["a\0b", "\ud800", "'; DROP TABLE inbound; --"])
def test_a_hostile_id_names_its_message(id_: str) -> None:
    assert outcome(say("HELP", id_=id_)) == "help"
    assert outcome(say("HELP", id_=id_)) == "duplicate"


@pytest.mark.parametrize("damage", ["\0", "\ud83d"])
def test_a_damaged_text_is_not_understood(damage: str) -> None:
    assert outcome(say(f"OBJ ZOP 10.8. 14:00 NOVA{damage}")) == "not_understood"


def test_a_message_that_was_long_on_its_way_is_answered_and_not_acted_on() -> None:
    sent = NOW - timedelta(days=1)
    (handled,) = receive([Inbound("test", "m1", ME, NUMBER, "OBJ ZOP 10.8. 14:00 NOVAK", sent)], NOW)
    assert outcome(handled) == "too_old"
    assert not models.Booking.objects.exists()
