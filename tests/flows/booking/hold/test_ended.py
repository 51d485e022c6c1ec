"""How a held place ends: given up, never asked about, refused by the gateway, or attacked."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections

from prepazka.core.booking.book import Book
from prepazka.core.booking.cancel import Cancel
from prepazka.core.booking.outcomes import (
    Booked,
    Confirmed,
    Held,
    Lapsed,
    LimitReached,
    MineListed,
    Moved,
    NothingOffered,
    SlotFull,
    UnknownBooking,
)
from prepazka.flows.booking import hold
from prepazka.flows.booking.request import BookingRequest, submit
from prepazka.flows.outbound import gateway_health
from prepazka.flows.outbound.deliver import deliver
from prepazka.flows.outbound.remind import remind
from prepazka.store import gateways, models, offices
from prepazka.store.gateways import GatewayReport
from tests.flows.booking.holding import (
    DAY,
    HOME,
    ME,
    NEIGHBOUR,
    NOW,
    NUMBER,
    OTHER,
    Citizen,
    after,
    founded,
    hand_over,
    messages,
    newest,
    states,
)
from tests.flows.outbound.fake_gateway import Peer

pytestmark = pytest.mark.django_db(transaction=True)


# --- ended -------------------------------------------------------------------------------------


def test_who_does_not_confirm_in_ten_minutes_from_the_hand_over_holds_nothing(iva: Citizen, office: int) -> None:
    iva.choose()
    hand_over(after(20))
    assert hold.settle(after(619)) == 0
    assert hold.settle(after(620)) == 1
    assert states() == ["cancelled"]
    assert isinstance(iva.say("ANO", after(700)), Lapsed)
    assert isinstance(iva.type_code(newest().code, after(701)), Lapsed)
    assert isinstance(Citizen(office, OTHER, NEIGHBOUR).choose(now=after(702)), Held)


def test_an_ended_place_is_offered_to_who_waits_for_one(iva: Citizen, office: int) -> None:
    waiting = Citizen(office, OTHER, NEIGHBOUR)
    for hour in range(8, 17):
        for quarter in (0, 15, 30, 45):
            at = f"{hour}:{quarter:02}"
            if at != "14:00":
                Citizen(office, f"+4206030{hour:02}{quarter:02}1").say(f"OBJ PTP 10.8. {at} NOVAK")
    iva.choose()
    hand_over()
    assert waiting.say("HLIDEJ PTP 10.8.").outcome == "watching"
    hold.settle(after(660))
    [notice] = messages("notice")
    assert (notice.recipient, "14:00" in notice.text) == (OTHER, True)


def test_a_place_that_is_held_is_nobody_elses(iva: Citizen, office: int) -> None:
    iva.choose()
    other = Citizen(office, OTHER, NEIGHBOUR)
    assert isinstance(other.choose(), SlotFull)
    assert isinstance(other.say("OBJ PTP 10.8. 14:00 NOVAK"), SlotFull)


def test_a_place_that_is_held_is_not_listed_moved_or_reminded_of(iva: Citizen) -> None:
    iva.choose()
    hand_over()
    listed = iva.say("MOJE")
    assert isinstance(listed, MineListed)
    assert not listed.bookings
    assert not isinstance(iva.say(f"PRESUN {newest().code} 11.8. 9:00"), Moved)
    models.Booking.objects.update(made_at=NOW - timedelta(days=3))
    assert remind(NOW + timedelta(days=6, hours=3)) == 0


def test_a_place_nobody_confirmed_was_never_the_phones(iva: Citizen) -> None:
    iva.choose("14:00")
    iva.choose("14:15")
    hand_over()
    iva.say("ANO", after(30))
    confirmed = models.Booking.objects.get(state="booked")
    hold.settle(after(700))
    iva.say(f"STORNO {confirmed.code} 10.8.", after(710))
    listed = iva.say("MOJE", after(720))
    assert isinstance(listed, MineListed)
    assert [one.booking.code for one in listed.past] == [confirmed.code]


# --- a message that does not leave -------------------------------------------------------------


def test_a_message_not_handed_over_in_a_minute_leaves_a_booking_that_asks_nothing(iva: Citizen) -> None:
    iva.choose()
    assert hold.settle(after(59)) == 0
    assert hold.settle(after(60)) == 1
    assert states() == ["booked"]
    assert models.Hold.objects.get().stood
    [message] = messages("confirmation")
    assert newest().code in message.text
    assert "Potvrdte" not in message.text
    hand_over(after(4_000))
    assert hold.settle(after(9_000)) == 0


def test_after_an_outage_a_late_message_takes_no_booking_away(iva: Citizen) -> None:
    iva.choose()
    hand_over(after(1_900))
    assert hold.settle(after(5_000)) == 1
    assert states() == ["booked"]


# --- the gateway -------------------------------------------------------------------------------


def bound(office: int, **report: Any) -> None:
    """Bind the office's number to a gateway of its own, that last reported this."""
    row = models.Gateway.objects.create(name="sim", kind="gammu", made_at=NOW)
    models.Number.objects.filter(office_id=office).update(gateway=row)
    if report:
        gateways.keep_report("sim", GatewayReport(**report))


@pytest.mark.parametrize(
    ("report", "is_held"),
    [
        pytest.param({"level": "ok", "what": "", "fix": "", "at": NOW}, True, id="well"),
        pytest.param({"level": "warning", "what": "weak", "fix": "", "at": NOW}, True, id="weak signal"),
        pytest.param({"level": "error", "what": "down", "fix": "", "at": NOW}, False, id="down"),
        pytest.param(
            {"level": "ok", "what": "", "fix": "", "at": NOW - timedelta(minutes=3)}, False, id="served by nobody now"
        ),
        pytest.param({}, False, id="served by nobody yet"),
    ],
)
def test_only_a_gateway_that_is_well_is_asked_to_confirm(
    iva: Citizen, office: int, report: dict[str, Any], is_held: bool
) -> None:
    bound(office, **report)
    assert type(iva.choose()) is (Held if is_held else Booked)


def test_a_paused_gateway_is_not_well(iva: Citizen, office: int) -> None:
    bound(office, level="ok", what="", fix="", at=NOW)
    models.Breaker.objects.create(gateway="sim", failures=5, paused_until=after(30))
    assert not gateway_health.is_well("sim", NOW)
    assert isinstance(iva.choose(), Booked)


def test_the_ten_minutes_run_from_the_moment_a_real_gateway_took_the_message(iva: Citizen, office: int) -> None:
    bound(office, level="ok", what="", fix="", at=NOW)
    iva.choose()
    peer = Peer(script=["refuse", "take"])
    deliver(peer, after(5))
    assert models.Hold.objects.get().handed_at is None
    deliver(peer, after(40))
    assert models.Hold.objects.get().handed_at == after(40)
    assert (hold.settle(after(639)), hold.settle(after(640))) == (0, 1)


# --- who is not asked --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "requested",
    [
        pytest.param({"channel": "desk", "sender": ME}, id="desk"),
        pytest.param({"channel": "api", "sender": ME}, id="a program with a token"),
        pytest.param({"channel": "web", "sender": "", "caller": HOME}, id="web without a phone"),
    ],
)
def test_nobody_else_waits(office: int, requested: dict[str, Any]) -> None:
    wanted = Citizen(office)
    assert isinstance(submit(office, BookingRequest(_wanted(), **requested), NOW), Booked)
    assert not isinstance(wanted.say("ANO"), Confirmed)


def _wanted() -> Book:
    return Book("PTP", DAY, time(14), "Iva Malá")


@pytest.mark.parametrize("choice", [None, False])
def test_an_office_that_does_not_want_it_books_at_once(choice: bool | None) -> None:
    assert isinstance(Citizen(founded(confirm_web=choice)).choose(), Booked)


def test_an_office_that_sends_only_replies_asks_nobody(iva: Citizen, office: int) -> None:
    offices.send_only_replies(office, stopped=True)
    assert isinstance(iva.choose(), Booked)


# --- attacks -----------------------------------------------------------------------------------


def test_a_thousand_numbers_from_one_address_hold_thirty_places(office: int) -> None:
    outcomes = Counter(
        type(Citizen(office, f"+42072{n:07}").choose(f"{8 + n % 3}:{n // 3 % 4 * 15:02}", service="ZOP"))
        for n in range(1_000)
    )
    assert outcomes[Held] <= 30
    assert len(messages()) == outcomes[Held], "each message the office paid for holds a place"
    assert outcomes[LimitReached] + outcomes[SlotFull] + outcomes[Held] == 1_000


def test_a_network_of_64_bits_holds_three_and_the_next_one_still_may(office: int) -> None:
    times = ["9:00", "9:15", "9:30", "9:45"]
    held = [Citizen(office, f"+42072400000{n}", NEIGHBOUR).choose(at) for n, at in enumerate(times)]
    assert [type(one) for one in held] == [Held, Held, Held, LimitReached]
    assert isinstance(Citizen(office, OTHER, "2001:db8:77:2::/64").choose("9:45"), Held)
    elsewhere = founded("jinde", "+420739000111")
    assert isinstance(Citizen(elsewhere, "+420724000009", NEIGHBOUR).choose("9:45"), Held), "each office by itself"


def test_confirmed_places_make_room_for_others_of_an_address(office: int) -> None:
    people = [Citizen(office, f"+42072400000{n}", NEIGHBOUR) for n in range(4)]
    for person, at in zip(people[:3], ["9:00", "9:15", "9:30"], strict=True):
        person.choose(at)
    hand_over()
    people[0].say("ANO", after(30))
    assert isinstance(people[3].choose("9:45", after(31)), Held)


def test_a_number_is_asked_twice_an_hour_at_most(office: int) -> None:
    callers = [f"198.51.100.{n}" for n in range(3)]
    times = ["9:00", "9:15", "9:30"]
    held = [Citizen(office, ME, caller).choose(at) for caller, at in zip(callers, times, strict=True)]
    assert [type(one) for one in held] == [Held, Held, LimitReached]
    assert len(messages()) == 2
    hand_over()
    hold.settle(after(700))
    assert isinstance(Citizen(office, ME, "198.51.100.9").choose("9:30", after(3_000)), LimitReached)
    assert isinstance(Citizen(office, ME, "198.51.100.9").choose("9:30", after(3_601)), Held)


def test_what_a_stranger_holds_for_a_number_counts_in_none_of_its_limits(office: int) -> None:
    for at in ("9:00", "9:15"):
        Citizen(office, ME, "198.51.100.66").choose(at)
    me = Citizen(office)
    for at in ("10:00", "10:15", "10:30", "10:45"):
        assert isinstance(me.say(f"OBJ PTP 10.8. {at} MALA"), Booked)


def test_a_confirmed_place_counts_in_the_limits_of_its_number(office: int) -> None:
    me = Citizen(office)
    me.choose("9:00")
    hand_over()
    for at in ("10:00", "10:15", "10:30", "10:45"):
        assert isinstance(me.say(f"OBJ PTP 10.8. {at} MALA", after(30)), Booked)
    assert isinstance(me.type_code(newest_held().code, after(60), newest_held().id), LimitReached)


def newest_held() -> models.Booking:
    return models.Booking.objects.get(state="held")


def test_another_places_code_confirms_nothing(office: int) -> None:
    mine, yours = Citizen(office), Citizen(office, OTHER, NEIGHBOUR)
    mine.choose("9:00")
    yours.choose("9:15")
    hand_over()
    assert isinstance(yours.type_code(newest(ME).code, after(30), newest(OTHER).id), UnknownBooking)
    assert (states(ME), states(OTHER)) == (["held"], ["held"])
    assert isinstance(yours.say("ANO", after(60)), Confirmed)
    assert states(ME) == ["held"], "another phone's yes confirms its own place only"


def test_a_phone_that_was_never_asked_confirms_nothing(iva: Citizen, office: int) -> None:
    iva.choose()
    assert isinstance(Citizen(office, OTHER).say("ANO"), NothingOffered)
    assert states() == ["held"]


def test_another_offices_place_is_not_confirmed(iva: Citizen) -> None:
    iva.choose()
    elsewhere = founded("jinde", "+420739000111")
    assert isinstance(hold.confirm(elsewhere, newest().id, newest().code, NOW), UnknownBooking)
    assert isinstance(Citizen(elsewhere, number="+420739000111").say("ANO"), NothingOffered)
    assert states() == ["held"]


def test_codes_cannot_be_guessed_and_the_phone_still_confirms(iva: Citizen) -> None:
    iva.choose()
    hand_over()
    code = newest().code
    wrong = [str(100_000 + n) for n in range(7) if str(100_000 + n) != code][:5]
    assert all(isinstance(iva.type_code(guess, after(20)), UnknownBooking) for guess in wrong)
    assert isinstance(iva.type_code(code, after(21)), UnknownBooking), "five wrong ones: the page confirms no more"
    assert isinstance(iva.say("ANO", after(30)), Confirmed)


def test_confirming_at_the_last_moment_and_ending_end_in_one_of_the_two(office: int) -> None:
    for turn in range(4):
        me = Citizen(office, f"+42072500000{turn}", f"198.51.100.{turn}")
        me.choose("14:00", service="ZOP")
        hand_over()
        booking, code = newest(me.phone).id, newest(me.phone).code
        gate = Barrier(2)

        def confirm(gate: Barrier = gate, booking: int = booking, code: str = code) -> str:
            gate.wait()
            try:
                return hold.confirm(office, booking, code, after(600)).outcome
            finally:
                connections.close_all()

        def end(gate: Barrier = gate) -> str:
            gate.wait()
            try:
                return "ended" if hold.settle(after(600)) else "nothing"
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as pool:
            first, second = pool.submit(confirm), pool.submit(end)
            told = first.result(), second.result()
        state = models.Booking.objects.get(id=booking).state
        assert (told[0], state) in {("confirmed", "booked"), ("lapsed", "cancelled")}
        submit(office, BookingRequest(Cancel(code, DAY), "desk"), after(700))


def test_a_form_pressed_twice_holds_one_place(office: int) -> None:
    wanted = BookingRequest(_wanted(), "web", ME, caller=HOME, form=uuid4())
    assert [type(submit(office, wanted, NOW)) for _ in range(2)] == [Held, Held]
    assert models.Booking.objects.count() == len(messages()) == 1


def test_what_is_known_of_holds_is_gone_after_a_day(iva: Citizen) -> None:
    iva.choose()
    hand_over()
    hold.settle(after(700))
    assert (hold.forget(after(80_000)), hold.forget(after(90_000))) == (0, 1)
    assert states() == ["cancelled"]


def test_the_office_number_is_the_one_that_asks(iva: Citizen) -> None:
    iva.choose()
    assert messages()[0].sender == NUMBER
