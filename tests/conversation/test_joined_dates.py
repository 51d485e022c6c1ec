"""A date joined to what stands beside it by the sign that joins everything: "OBJ-PCD-2027/03/24-15:15-Sobota"."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conversation.messages import MONDAY
from tests.conversation.office import LANGUAGES, Pure
from tests.conversation.offices import DEMO
from tests.conversation.wishes import DAYS, Wish, wishes

MINUTE = timedelta(minutes=1)
CALLED = ("Hrubý", "Sobota", "Pátek")
DATES = (
    lambda day: f"{day:%Y/%m/%d}",
    lambda day: f"{day:%Y-%m-%d}",
    lambda day: f"{day:%Y.%m.%d}",
    lambda day: f"{day.year}. {day.month}. {day.day}.",
    lambda day: f"{day.year}/{day.month}/{day.day}",
    lambda day: f"{day.day}.{day.month}.{day.year}",
    lambda day: f"{day.day}/{day.month}/{day.year}",
    lambda day: f"{day.day}-{day.month}-{day.year}",
    lambda day: f"{day.day}/{day.month}",
    lambda day: f"{day.day}-{day.month}",
)
FORMS = ("{book}{x}{service}{x}{day}{x}{at}{x}{name}", "{book}{x}{service}{x}{name}{x}{day}{x}{at}")


def _books(text: str, wish: Wish, name: str) -> None:
    conversation = Pure(DEMO, wish.now)
    said = conversation.say(text)
    made = said.made or conversation.say("ANO", MINUTE).made
    assert [(one.service, one.day, one.at, one.name) for one in made] == [(wish.service, wish.day, wish.at, name)], said


@pytest.mark.parametrize("sign", "-–/,_;")
@settings(max_examples=25)
@given(
    wish=wishes(DEMO, ["book"], odd=False),
    written=st.sampled_from(DATES),
    language=st.sampled_from(sorted(LANGUAGES)),
    form=st.sampled_from(FORMS),
    at=st.sampled_from(("{0:%H:%M}", "{0.hour}:{0:%M}")),
    name=st.sampled_from(CALLED),
)
def test_a_date_joined_to_a_time_is_that_date(
    sign: str, wish: Wish, written: object, language: str, form: str, at: str, name: str
) -> None:
    if name in DAYS and (form != FORMS[0] or written is DATES[-1]):
        return  # right before a date it may be the day of it, and beside "10-6" the only one that is written as one
    values = {"service": wish.service, "day": written(wish.day), "at": at.format(wish.at)}  # type: ignore[operator]
    text = form.format(book=LANGUAGES[language].command("book"), x=sign, name=name, **values)
    _books(text, wish, name)


@pytest.mark.parametrize("written", ["{0:%Y%m%d}", "{0:%Y %m %d}", "{0.year} {0.month} {0.day}"])
@settings(max_examples=10)
@given(wish=wishes(DEMO, ["book"], odd=False), language=st.sampled_from(sorted(LANGUAGES)))
def test_a_year_first_without_any_sign_is_read_back(written: str, wish: Wish, language: str) -> None:
    book = LANGUAGES[language].command("book")
    text = f"{book} {wish.service} {written.format(wish.day)} {wish.at:%H:%M} {wish.name}"
    assert Pure(DEMO, wish.now).say(text).outcome == "proposed"
    _books(text, wish, wish.name)


@pytest.mark.parametrize(
    "text",
    [
        "OBJ ZCD 9.10-10:30 Hrubý",
        "OBJ ZCD 19.8. 9.10-10:30 11:00 Hrubý",
        "OBJ-ZCD-2026/13/19-10:15-Hrubý",
        "OBJ ZCD 24-3-1975 10:15 Hrubý",
        "OBJ ZCD 20261319 10:15 Hrubý",
    ],
)
def test_what_may_be_another_time_or_is_no_date_books_nothing(text: str) -> None:
    said = Pure(DEMO, MONDAY).say(text)
    assert (said.made, said.outcome == "proposed") == ((), False), said


@pytest.mark.parametrize("text", ["STORNO 20260819", "PRESUN 20260819 19.8. 10:15"])
def test_eight_figures_where_a_code_is_due_are_the_code(text: str) -> None:
    reply = Pure(DEMO, MONDAY).say(text).reply or ""
    assert "20260819" in reply
    assert "2026-08-19" not in reply


def test_the_name_is_not_taught_as_the_day() -> None:
    """The surname Sobota, where the date itself cannot be read."""
    said = Pure(DEMO, MONDAY).say("OBJ-PCD-2027/15/24-15:15-Sobota")
    saturday = date(2026, 8, 8)
    assert f"{saturday.day}.{saturday.month}." not in (said.reply or "")
