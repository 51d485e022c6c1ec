"""A time said by another one: "o hodinu později" is reckoned from what was wanted, read back or booked."""

from datetime import datetime, timedelta

import pytest

from tests.conversation.messages import MONDAY
from tests.conversation.office import Kept, Pure, keep
from tests.conversation.offices import DEMO

MINUTE = timedelta(minutes=1)
LATER = timedelta(minutes=11)
HOUR, HALF, WEEK = timedelta(hours=1), timedelta(minutes=30), timedelta(days=7)
BY = {
    "o hodinu později": HOUR, "o hodinu pozdeji by to neslo?": HOUR, "hodinu později prosím": HOUR,
    "o půl hodiny dřív": -HALF, "o pul hodiny driv": -HALF, "radši o půlhodinu dříve": -HALF,
    "o dvě hodiny dřív": -2 * HOUR,
    "o 2 hodiny později": 2 * HOUR, "později o 45 minut": timedelta(minutes=45), "o čtvrt hodiny dřív": -HALF / 2,
    "o hodinu a půl později": HOUR * 1.5, "o týden později": WEEK, "šlo by to o 2 dny dřív?": timedelta(days=-2),
    "o hodinu neskôr": HOUR, "o pol hodiny skôr": -HALF, "an hour later": HOUR, "half an hour earlier please": -HALF,
    "two hours later": 2 * HOUR, "a week later": WEEK, "eine Stunde später": HOUR, "eine halbe Stunde früher": -HALF,
    "godzinę później": HOUR, "pół godziny wcześniej": -HALF, "на годину пізніше": HOUR, "на півгодини раніше": -HALF,
    "на час позже": HOUR,
}  # fmt: skip
START = datetime(2026, 8, 20, 10, 15)  # noqa: DTZ001 - as the office's clock shows it


def _at(moment: datetime) -> tuple[int, str]:
    return moment.day, f"{moment:%H:%M}"


@pytest.mark.parametrize("text", BY)
def test_what_was_read_back_is_read_back_at_the_other_time(text: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say("OBJ PTP viz 20.8. 10:15 Hrubý")
    said = conversation.say(text, MINUTE)
    assert (said.outcome, said.made) == ("proposed", ()), said
    (made,) = conversation.say("ANO", MINUTE).made
    assert (made.service, made.name) == ("PTP", "Hrubý")
    assert _at(datetime.combine(made.day, made.at)) == _at(START + BY[text])


@pytest.mark.parametrize(
    "text",
    [
        *BY,
        "přesuňte to o hodinu později",
        "PRESUN o hodinu později",
        "posuňte mi to o půl hodiny dřív",
        "posunout o hodinu",
        "dalo by se to o hodinu posunout?",
    ],
)
def test_a_booking_is_moved_by_as_much_once_it_is_confirmed(text: str) -> None:
    by = BY.get(text, -HALF if "dřív" in text else HOUR)
    conversation = Pure(DEMO, MONDAY)
    conversation.say("OBJ PTP 20.8. 10:15 Hrubý")
    said = conversation.say(text, LATER)
    assert (said.outcome, said.made) == ("proposed", ()), said
    (made,) = conversation.say("ANO", MINUTE).made
    assert _at(datetime.combine(made.day, made.at)) == _at(START + by)


@pytest.mark.django_db
@pytest.mark.parametrize("way", [Pure, Kept])
def test_of_a_taken_start_it_is_reckoned_from_what_was_wanted(way: type[Pure] | type[Kept]) -> None:
    conversation = way(DEMO, MONDAY) if way is Pure else Kept(keep(DEMO, MONDAY - timedelta(days=30)), MONDAY)
    conversation.say("OBJ PTP 20.8. 10:15 Dvorská", sender="+420602000001")
    assert conversation.say("OBJ PTP 20.8. 10:15 Hrubý", MINUTE).outcome == "slot_full"
    assert conversation.say("o hodinu později", MINUTE).outcome == "proposed"
    assert [_at(datetime.combine(one.day, one.at)) for one in conversation.say("ANO", MINUTE).made] == [
        _at(START + HOUR)
    ]


def test_on_another_day_it_is_the_time_that_was_wanted() -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say("OBJ PTP 20.8. 10:15 Dvorská", sender="+420602000001")
    assert conversation.say("OBJ PTP 20.8. 10:15 Hrubý", MINUTE).outcome == "slot_full"
    assert conversation.say("raději 21.8.", MINUTE).outcome == "proposed"
    assert [(one.day.day, f"{one.at:%H:%M}") for one in conversation.say("ANO", MINUTE).made] == [(21, "10:15")]


@pytest.mark.parametrize(
    "text",
    [
        "o hodinu dřív nebo později", "zpozdím se o hodinu", "o hodinu", "později o hodinu a dřív", "za hodinu",
        "o hodinu později nepřijdu", "o 90 dní později", "hodinu", "o hodinu později Malá",
    ],
)  # fmt: skip
def test_what_says_anything_else_moves_nothing(text: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say("OBJ PTP 20.8. 10:15 Hrubý")
    said = conversation.say(text, LATER)
    assert (said.made, said.outcome == "proposed") == ((), False), said


def test_with_nothing_spoken_of_there_is_nothing_to_reckon_from() -> None:
    conversation = Pure(DEMO, MONDAY)
    assert conversation.say("o hodinu později").outcome == "not_understood"
    for start in ("20.8. 10:15", "21.8. 10:15"):
        conversation.say(f"OBJ PTP {start} Hrubý", LATER)
    assert conversation.say("o hodinu později", LATER).outcome == "not_understood"
