"""Days of several words, as Vietnamese has them: "thứ tư" is Wednesday, and no Thursday of somebody called Tư."""

from datetime import timedelta

import pytest

from tests.conversation.messages import MONDAY
from tests.conversation.office import Pure
from tests.conversation.offices import DEMO

MINUTE = timedelta(minutes=1)
DAYS = {"thứ hai": 10, "thứ ba": 4, "thứ tư": 5, "thứ năm": 6, "thứ sáu": 7, "thu tu": 5, "ngày mai": 4}
FORMS = (
    "OBJ ZCD {day} 10:00 Tran Van Minh",
    "OBJ ZCD 10:00 {day} Tran Van Minh",
    "OBJ ZCD Tran Van Minh {day} 10:00",
    "OBJ ZCD Tran Van Minh 10:00 {day}",
)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("day", DAYS)
def test_the_day_that_was_said_is_read_back(form: str, day: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    assert conversation.say(form.format(day=day)).outcome == "proposed"
    assert [(one.day.day, one.name) for one in conversation.say("ANO", MINUTE).made] == [(DAYS[day], "Tran Van Minh")]


@pytest.mark.parametrize(
    ("text", "day", "hour"),
    [
        ("OBJ ZCD sáng thứ tư Tran Van Minh", 5, 8),
        ("OBJ ZCD thứ tư buổi chiều Tran Van Minh", 5, 12),
    ],
)
def test_so_is_a_part_of_it(text: str, day: int, hour: int) -> None:
    conversation = Pure(DEMO, MONDAY)
    assert conversation.say(text).outcome == "proposed"
    assert [(one.day.day, one.at.hour) for one in conversation.say("ANO", MINUTE).made] == [(day, hour)]


@pytest.mark.parametrize("day", ["thứ bảy", "chủ nhật", "thu bay"])
def test_the_weekend_is_never_another_day(day: str) -> None:
    for form in FORMS:
        said = Pure(DEMO, MONDAY).say(form.format(day=day))
        assert (said.made, said.outcome == "proposed") == ((), False), said


def test_a_name_that_is_written_as_one_is_no_day() -> None:
    said = Pure(DEMO, MONDAY).say("OBJ ZCD Thu 10:00 Hai Nguyen")
    assert [(one.day.day, one.name) for one in said.made] == [(6, "Hai Nguyen")]
