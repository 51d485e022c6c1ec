"""Places held on the web: nobody else's phone, address or limit pays for them, and each ends exactly once."""

from datetime import time

import pytest

from prepazka.core.booking.outcomes import (
    AlreadyBooked,
    Booked,
    Cancelled,
    Confirmed,
    Declined,
    Held,
    Lapsed,
    MineListed,
    NothingOffered,
    SlotFull,
)
from prepazka.store import models
from tests.flows.booking.holding import (
    NEIGHBOUR,
    OTHER,
    Citizen,
    after,
    hand_over,
    messages,
    newest,
    states,
)

pytestmark = pytest.mark.django_db(transaction=True)


# --- taken, and confirmed ----------------------------------------------------------------------


def test_a_second_yes_confirms_the_place_that_was_chosen_before_the_first_one(iva: Citizen) -> None:
    """Of two places chosen one after the other, the older one still waits, whatever was said of the newer one."""
    iva.choose("9:00", after(0))
    iva.choose("9:30", after(150))
    first, second = iva.say("ANO", after(160)), iva.say("ANO", after(170))
    assert isinstance(first, Confirmed)
    assert isinstance(second, Confirmed)
    assert [first.booking.at, second.booking.at] == [time(9, 30), time(9, 0)]
    assert iva.say("ANO", after(180)).outcome == "already_booked"


def test_two_yeses_of_one_batch_confirm_both_places(iva: Citizen) -> None:
    iva.choose("9:00", after(0))
    iva.choose("9:30", after(150))
    said = iva.say_together("ANO", "ANO", "ANO", now=after(160))
    assert [one.outcome for one in said if one] == ["confirmed", "confirmed", "already_booked"]
    assert [one.booking.at for one in said if isinstance(one, Confirmed)] == [time(9, 30), time(9, 0)]
    assert states() == ["booked", "booked"]


@pytest.mark.parametrize("together", [True, False])
def test_a_no_to_one_place_leaves_the_other_one_to_a_yes(iva: Citizen, together: bool) -> None:
    iva.choose("9:00", after(0))
    iva.choose("9:30", after(150))
    texts = ("NE", "ANO", "MOJE")
    said = iva.say_together(*texts, now=after(160)) if together else [iva.say(one, after(160)) for one in texts]
    no, yes, mine = said
    assert isinstance(no, Declined)
    assert isinstance(yes, Confirmed)
    assert yes.booking.at == time(9)
    assert isinstance(mine, MineListed)
    assert (len(mine.bookings), len(mine.past)) == (1, 0), "a place nobody confirmed was never this phone's"


def test_an_answer_that_came_after_a_place_was_chosen_in_the_same_minute_is_the_newer_question(iva: Citizen) -> None:
    Citizen(iva.office, OTHER, NEIGHBOUR).say("OBJ PTP 10.8. 14:00 JINA", after(1))
    iva.choose("9:00", after(2))
    full = iva.say("OBJ PTP 10.8. 14:00 MALA", after(4))
    assert isinstance(full, SlotFull)
    booked = iva.say("ANO", after(6))
    assert isinstance(booked, Booked)
    assert booked.booking.at == full.offers[0].at


def test_a_yes_said_again_to_something_else_confirms_no_place_of_the_web(iva: Citizen) -> None:
    """Anybody may choose a place for this number; whoever repeats an impatient ANO did not mean it."""
    iva.choose("9:00", after(0))
    iva.say("prosim OBJ PTP 10.8. v devet tricet Mala", after(150))
    assert [iva.say("ANO", after(seconds)).outcome for seconds in (160, 170)] == ["booked", "already_booked"]
    assert states().count("held") == 1


def test_a_place_of_the_web_waits_for_its_phone_which_gets_one_message_with_all_it_needs(iva: Citizen) -> None:
    assert isinstance(iva.choose(), Held)
    booking = newest()
    assert (booking.state, booking.channel) == ("held", "web")
    [message] = messages()
    for part in ("PTP", "10.8. 14:00", booking.code, "Potvrdte: poslete ANO nebo zadejte kod na strance"):
        assert part in message.text
    assert message.parts == 1


@pytest.mark.parametrize("yes", ["ANO", "ano", "Ano prosím", "ANO 1", "ANO 14:00", "ok"])
def test_the_phones_yes_confirms_and_no_second_message_is_spent(iva: Citizen, yes: str) -> None:
    iva.choose()
    hand_over(after(3))
    assert isinstance(iva.say(yes, after(60)), Confirmed)
    assert states() == ["booked"]
    assert models.Outbound.objects.count() == 1, "the message that asked"


@pytest.mark.parametrize("yes", ["ANO {code}", "{code}"])
def test_a_yes_with_its_code_confirms(iva: Citizen, yes: str) -> None:
    iva.choose()
    hand_over(after(3))
    assert isinstance(iva.say(yes.format(code=newest().code), after(60)), Confirmed)
    assert states() == ["booked"]


@pytest.mark.parametrize("text", ["ANO?", "ok?", "ANO 999999", "999999", "v pátek nemůžu", "ano ne"])
def test_what_only_asks_or_has_another_code_confirms_nothing(iva: Citizen, text: str) -> None:
    iva.choose()
    hand_over(after(3))
    assert not isinstance(iva.say(text, after(60)), Confirmed)
    assert states() == ["held"]
    assert isinstance(iva.say("ANO", after(90)), Confirmed)


def test_a_second_yes_tells_the_booking(iva: Citizen) -> None:
    iva.choose()
    hand_over()
    iva.say("ANO", after(60))
    assert isinstance(iva.say("ANO", after(90)), AlreadyBooked)
    assert states() == ["booked"]


def test_the_code_typed_on_the_page_confirms_however_often_it_is_sent(iva: Citizen) -> None:
    iva.choose()
    hand_over()
    code = newest().code
    assert [type(iva.type_code(code, after(at))) for at in (30, 31)] == [Confirmed, Confirmed]
    assert states() == ["booked"]
    assert isinstance(iva.say("ANO", after(60)), AlreadyBooked)


def test_a_no_frees_the_place_at_once(iva: Citizen, office: int) -> None:
    iva.choose()
    hand_over()
    assert isinstance(iva.say("NE", after(60)), Declined)
    assert states() == ["cancelled"]
    assert isinstance(Citizen(office, OTHER, NEIGHBOUR).choose(), Held)


def test_the_holder_cancels_by_code_and_date_too(iva: Citizen) -> None:
    iva.choose()
    assert isinstance(iva.say(f"STORNO {newest().code} 10.8."), Cancelled)
    assert states() == ["cancelled"]


def test_the_yes_belongs_to_the_newest_question(iva: Citizen) -> None:
    iva.choose("14:00")
    hand_over()
    iva.say("OBJ PTP 10.8. 9:00 MALY", after(20))
    taken = Citizen(iva.office, OTHER, NEIGHBOUR)
    offered = taken.say("OBJ PTP 10.8. 9:00 NOVAK", after(25))
    assert isinstance(offered, SlotFull)
    taken.choose("15:00", after(90))
    hand_over(after(91))
    assert isinstance(taken.say("ANO", after(120)), Confirmed)
    assert newest(OTHER).starts_at.hour == 13, "15:00 in Prague, no offer of before"


def test_of_two_places_of_a_phone_each_yes_confirms_one(iva: Citizen) -> None:
    iva.choose("14:00")
    iva.choose("14:15")
    hand_over()
    assert [type(iva.say("ANO", after(at))) for at in (30, 200)] == [Confirmed, Confirmed]
    assert states() == ["booked", "booked"]


@pytest.mark.parametrize(
    ("said", "outcomes", "state"),
    [
        pytest.param(["ANO", "ANO"], [Confirmed, AlreadyBooked], "booked", id="yes twice"),
        pytest.param(["NE", "ANO"], [Declined, NothingOffered], "cancelled", id="no, then yes"),
        pytest.param(["STORNO", "ANO"], [Cancelled, Lapsed], "cancelled", id="cancelled, then yes"),
        pytest.param(["ANO", "STORNO"], [Confirmed, Cancelled], "cancelled", id="yes, then cancelled"),
        pytest.param(["ANO", "MOJE"], [Confirmed, MineListed], "booked", id="yes, then listed"),
    ],
)
def test_messages_of_one_batch_see_each_other(iva: Citizen, said: list[str], outcomes: list[type], state: str) -> None:
    iva.choose()
    hand_over()
    texts = [f"STORNO {newest().code} 10.8." if text == "STORNO" else text for text in said]
    assert [type(one) for one in iva.say_together(*texts, now=after(30))] == outcomes
    assert states() == [state]
