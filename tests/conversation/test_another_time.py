"""A change of mind in answer to what was read back or offered: read back in its turn, if nothing else is said."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings

from tests.conversation.messages import MONDAY
from tests.conversation.office import Pure, bookable
from tests.conversation.offices import DEMO
from tests.conversation.wishes import Wish, clock, day_month, wishes

MINUTE = timedelta(minutes=1)
TIMES = (
    "radši v {at}", "ne, radeji v {at}", "ano, ale v {at}", "spíš v {at} prosím", "nešlo by to v {at}?",
    "počkejte, radši {at}", "radšej o {at}", "rather at {at}", "краще о {at}", "lieber um {at}",
)  # fmt: skip
DAYS = ("radši {day}", "ne počkejte raději {day}", "ano, ale až {day}", "radšej {day}", "how about {day}?")
BOTH = ("radši {day} v {at}", "ne, raději {day} {at}", "rather {day} at {at}")


def _read_back(wish: Wish) -> Pure:
    conversation = Pure(DEMO, wish.now)
    text = f"OBJ {wish.service} viz {day_month(wish.day)} {clock(wish.at)} {wish.name} {wish.persons} osoby"
    assert conversation.say(text).outcome == "proposed"
    return conversation


def _starts(wish: Wish, day: date) -> list[time]:
    """The starts of the service with room for a second person."""
    times = bookable(DEMO, DEMO.service_of[wish.service], day)
    return [at for at in times if (datetime.combine(day, at) + timedelta(minutes=15)).time() in times]


def _other(wish: Wish) -> tuple[date, time]:
    """Another start of the service, on another day and at another time."""
    days = (wish.day + timedelta(days=ahead) for ahead in range(1, 9))
    day = next(day for day in days if _starts(wish, day))
    return day, next(at for at in _starts(wish, day) if at != wish.at and at in _starts(wish, wish.day))


@pytest.mark.parametrize("answer", [*TIMES, *DAYS, *BOTH])
@settings(max_examples=6)
@given(wish=wishes(DEMO, ["book"], odd=False))
def test_what_would_suit_better_is_read_back(answer: str, wish: Wish) -> None:
    day, at = _other(wish)
    conversation = _read_back(wish)
    said = conversation.say(answer.format(day=day_month(day), at=clock(at)), MINUTE)
    wanted = (day if "{day}" in answer else wish.day, at if "{at}" in answer else wish.at)
    if wanted[1] not in _starts(wish, wanted[0]):
        assert said.made == ()
        return
    assert (said.outcome, said.made) == ("proposed", ()), said
    made = conversation.say("ANO", MINUTE).made
    assert [(one.service, one.day, one.at, one.name, one.persons) for one in made] == [
        (wish.service, *wanted, wish.name, wish.persons)
    ]


@pytest.mark.parametrize(
    "answer",
    [
        "radši v 9 nebo v 10", "radši příští čtvrtek", "radši 27. v 11", "v 9, v 11", "ne v 11 ne ve 12", "do 11",
        "ano ne", "ne ne, ano", "v pátek nemůžu", "v 11 ne", "radši nikdy", "v 11 nepřijdu",
        "ve čtvrtek se ozvu", "zítra volejte", "odpoledne nebo ráno", "raději pas v 11",
        "radši v 11 pro 2 osoby", "radši v 11 zavolejte", "radši v 25:00",
        "radši 31.2.", "radši kolem nikoho v 11", "ano, ale v 11 a ve 12",
    ],
)  # fmt: skip
def test_what_says_anything_else_changes_nothing(answer: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say("OBJ ZCD 19.8. v deset Hrubý")
    said = conversation.say(answer, MINUTE)
    assert (said.made, said.outcome == "proposed") == ((), False), said
    assert [one.at for one in conversation.say("ANO", MINUTE).made] == [time(10)]


@pytest.mark.parametrize(
    "answer", ["co třeba v pátek?", "a co v pátek", "jen v pátek", "čo tak v piatok", "what about Friday?"]
)
def test_a_day_that_is_asked_for_is_read_back(answer: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say("OBJ ZCD 19.8. v deset Hrubý")
    assert conversation.say(answer, MINUTE).outcome == "proposed"
    assert [one.day.day for one in conversation.say("ANO", MINUTE).made] == [7]


def test_who_holds_a_booking_is_asked_which_one_is_to_be_cancelled() -> None:
    conversation = Pure(DEMO, MONDAY)
    (code,) = [one.code for one in conversation.say("OBJ ZCD 18.8. 9:00 Hrubý").made]
    conversation.say("OBJ ZCD 19.8. v deset Hrubý")
    assert f"STORNO {code} 18.8." in (conversation.say("zrušit", MINUTE).reply or "")


PARTS = {
    "odpoledne": 12,
    "radši odpoledne": 12,
    "dopoledne by šlo": 8,
    "in the afternoon": 12,
    "po obědě": 12,
    "večer": 16,
}


@pytest.mark.parametrize("answer", PARTS)
def test_a_part_of_the_day_alone_is_another_time(answer: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say("OBJ ZCD 19.8. v deset Hrubý")
    said = conversation.say(answer, MINUTE)
    assert (said.outcome, said.made) == ("proposed", ()), said
    assert [(one.day.day, one.at.hour) for one in conversation.say("ANO", MINUTE).made] == [(19, PARTS[answer])]


@pytest.mark.parametrize(
    ("answer", "day", "at"),
    [
        ("ne v 11", 19, 11), ("ne, v 11", 19, 11), ("ne ve 10, až v 11", 19, 11), ("v 10 ne, v 11", 19, 11),
        ("v 10 nemůžu, v 11 ano", 19, 11), ("ne v 10 ale odpoledne", 19, 12), ("ne ve čtvrtek", 6, 10),
        ("ne ve středu, ve čtvrtek", 6, 10), ("ve středu se mi nehodí, v pátek v 9", 7, 9), ("ve čtvrtek", 6, 10),
        ("ve středu v 11", 19, 11), ("v 11 ano, v 10 ne", 19, 11), ("zítra odpoledne", 4, 12), ("13.8. v 9", 13, 9),
        ("nie o 10, o 11", 19, 11), ("not at 10, at 11", 19, 11), ("nicht um 10, um 11", 19, 11),
        ("не о 10:00, о 11:00", 19, 11), ("nie o 10:00, o 11:00", 19, 11), ("kolem 11", 19, 11),
        ("dopoledne ne, odpoledne", 19, 12), ("Wednesday does not suit, Thursday", 6, 10),
    ],
)  # fmt: skip
def test_of_what_is_refused_and_wanted_the_second_is_read_back(answer: str, day: int, at: int) -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say("OBJ ZCD 19.8. v deset Hrubý")
    said = conversation.say(answer, MINUTE)
    assert (said.outcome, said.made) == ("proposed", ()), said
    assert [(one.day.day, one.at.hour) for one in conversation.say("ANO", MINUTE).made] == [(day, at)]


@pytest.mark.parametrize(
    "answer",
    [
        "ne v 10", "ne, v 10 ne", "v 10 ne", "ne, v 11 ne", "ve středu ne", "ne ve středu", "dopoledne ne",
        "ve středu nemůžu", "19.8. se mi nehodí", "v 10 nestihnu", "nie o 10:00", "not at 10", "nicht am Mittwoch",
        "не о 10:00", "Wednesday doesn't suit me",
    ],
)  # fmt: skip
def test_what_was_read_back_and_is_refused_is_a_no(answer: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say("OBJ ZCD 19.8. v deset Hrubý")
    assert conversation.say(answer, MINUTE).outcome == "declined"
    assert conversation.say("ANO", MINUTE).made == ()


@pytest.mark.parametrize("answer", ["radši v 11", "ano, ale v 11:00", "raději ve čtvrtek"])
def test_without_a_question_nothing_is_known_of_the_wish(answer: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    assert conversation.say(answer).outcome in {"not_understood", "nothing_offered"}
    conversation.say("OBJ ZOP a PCD 19.8. 10:15 Hrubý")
    assert conversation.say(answer, MINUTE).outcome != "booked"


def test_where_it_cannot_be_had_the_reason_is_told_and_the_question_stands() -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say("OBJ ZCD 19.8. v deset Hrubý")
    assert conversation.say("radši v sobotu", MINUTE).outcome == "closed_day"
    assert conversation.say("radši ve 20:00", MINUTE).outcome == "outside_hours"
    assert [one.at for one in conversation.say("ANO", MINUTE).made] == [time(10)]


def test_after_a_taken_start_another_one_may_be_said() -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say("OBJ PTP 19.8. 10:15 Dvořáková", sender="+420602000001")
    assert conversation.say("OBJ PTP 19.8. 10:15 Hrubý").outcome == "slot_full"
    assert conversation.say("radši v 14:30", MINUTE).outcome == "proposed"
    assert [(one.day, one.at) for one in conversation.say("ANO", MINUTE).made] == [(date(2026, 8, 19), time(14, 30))]


@pytest.mark.parametrize(("answer", "day", "at"), [("11:00", 19, 11), ("20.8.", 20, 10), ("20.8. 9:00", 20, 9)])
def test_a_time_alone_that_is_not_on_offer_is_wanted_instead(answer: str, day: int, at: int) -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say("OBJ ZCD 19.8. v deset Hrubý")
    assert conversation.say(answer, MINUTE).outcome == "proposed"
    assert [(one.day.day, one.at.hour) for one in conversation.say("ANO", MINUTE).made] == [(day, at)]


@pytest.mark.parametrize("answer", ["ANO 11:00", "ANO 20.8."])
def test_a_yes_with_a_time_that_is_not_on_offer_is_told_what_is(answer: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say("OBJ ZCD 19.8. v deset Hrubý")
    assert conversation.say(answer, MINUTE).outcome == "nothing_offered"


@pytest.mark.parametrize(
    "answer",
    [
        "STORNO",
        "zrušit",
        "zrušte to prosím",
        "CANCEL",
        "to se mi nehodí",
        "nemůžu",
        "doesn't work",
        "nehodí sa mi to",
        "не підходить",
    ],
)
def test_that_it_does_not_suit_is_a_no(answer: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say("OBJ ZCD 19.8. v deset Hrubý")
    assert conversation.say(answer, MINUTE).outcome == "declined"


@pytest.mark.parametrize(("answer", "day", "at"), [("v deset", 20, 10), ("radši odpoledne", 20, 12), ("21.8.", 21, 9)])
def test_a_move_that_was_read_back_may_have_another_time(answer: str, day: int, at: int) -> None:
    conversation = Pure(DEMO, MONDAY)
    (code,) = [one.code for one in conversation.say("OBJ ZCD 19.8. 9:45 Hrubý").made]
    assert conversation.say("přesuňte to na 20.8. v devět", MINUTE).outcome == "proposed"
    assert conversation.say(answer, MINUTE).outcome == "proposed"
    said = conversation.say("ANO", MINUTE)
    assert ([(one.day.day, one.at.hour) for one in said.made], [one.code for one in said.gone]) == ([(day, at)], [code])


@pytest.mark.parametrize("answer", ["482913", "ANO 482913", "kód 482913", "jo 482913", "482913 ano"])
def test_a_code_of_something_else_is_no_yes(answer: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say("OBJ ZCD 19.8. v deset Hrubý")
    assert conversation.say(answer, MINUTE).made == ()
    assert len(conversation.say("ANO", MINUTE).made) == 1


@pytest.mark.parametrize("answer", ["{code}", "ANO {code}"])
def test_the_code_of_the_booking_that_moves_is_a_yes(answer: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    (code,) = [one.code for one in conversation.say("OBJ ZCD 19.8. 9:45 Hrubý").made]
    conversation.say("přesuňte to na 20.8. v devět", MINUTE)
    assert [one.day.day for one in conversation.say(answer.format(code=code), MINUTE).made] == [20]


@pytest.mark.parametrize("answer", ["NE", "ne, děkuji", "nechci", "no"])
def test_a_no_to_what_is_booked_already_does_not_say_that_nothing_is(answer: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say("OBJ ZCD 19.8. v deset Hrubý")
    (code,) = [one.code for one in conversation.say("ANO", MINUTE).made]
    said = conversation.say(answer, MINUTE)
    assert said.gone == ()
    assert f"{code} 19.8." in (said.reply or "")


@pytest.mark.parametrize("answer", ["NE", "ne díky"])
def test_a_no_where_nothing_was_asked_shows_what_may_be_cancelled(answer: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    (code,) = [one.code for one in conversation.say("OBJ ZCD 19.8. 10:15 Hrubý").made]
    said = conversation.say(answer, timedelta(days=1))
    assert (said.outcome, said.gone) == ("missing_code", ())
    assert f"STORNO {code} 19.8." in (said.reply or "")
    assert Pure(DEMO, MONDAY).say(answer).outcome == "nothing_offered"


@pytest.mark.parametrize(
    ("answer", "day", "at"),
    [
        ("radši v 11", 19, 11), ("ne, radši odpoledne", 19, 12), ("nešlo by to v pátek?", 7, 10),
        ("raději 20.8. v 9", 20, 9), ("rather at 11:00", 19, 11), ("radšej o 11:00", 19, 11),
    ],
)  # fmt: skip
def test_who_would_rather_come_at_another_time_is_read_back_the_move(answer: str, day: int, at: int) -> None:
    conversation = Pure(DEMO, MONDAY)
    (code,) = [one.code for one in conversation.say("OBJ ZCD 19.8. 10:15 Hrubý").made]
    said = conversation.say(answer, MINUTE)
    assert (said.outcome, said.made, said.gone) == ("proposed", (), ()), said
    said = conversation.say("ANO", MINUTE)
    assert [(one.day.day, one.at.hour) for one in said.made] == [(day, at)]
    assert [one.code for one in said.gone] == [code]


@pytest.mark.parametrize("answer", ["v 11", "ve čtvrtek", "odpoledne", "v 11 ne", "ne v 11"])
def test_a_time_alone_moves_no_booking(answer: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say("OBJ ZCD 19.8. 10:15 Hrubý")
    assert conversation.say(answer, MINUTE).outcome != "proposed"
    conversation.say("OBJ ZCD 20.8. 10:15 Hrubý")
    assert conversation.say("radši v 11", MINUTE).outcome != "proposed"
