"""Questions about opening hours: answered with the hours of the day they are about, and never with a lesson to book."""

from datetime import date, datetime, timedelta

import pytest

from prepazka.core.office import calendar
from tests.conversation.messages import MONDAY
from tests.conversation.office import Pure
from tests.conversation.offices import DEMO, OFFICES
from tests.conversation.taught import taught

ASKED = {
    "cs": (
        "máte {day} otevřeno?", "mate otevreno {day}", "kdy máte otevřeno {day}?", "dobrý den, máte {day} zavřeno?",
        "do kolika máte {day}", "jste tam {day} odpoledne? díky", "otevírací doba {day}", "úřadujete {day}?",
    ),
    "sk": ("máte {day} otvorené?", "otváracie hodiny {day}", "kedy zatvárate {day}"),
    "en": ("are you open {day}?", "what are your opening hours {day}", "when do you close {day}?"),
    "de": ("haben Sie {day} geöffnet?",),
    "pl": ("czy jest otwarte {day}?",),
    "uk": ("ви працюєте {day}?",),
    "ru": ("вы работаете {day}?",),
}  # fmt: skip
DAYS = {
    "cs": {"v pátek": 4, "ve středu": 2, "zítra": 1, "18.8.": 15},
    "sk": {"v piatok": 4, "zajtra": 1},
    "en": {"on Friday": 4, "tomorrow": 1},
    "de": {"am Freitag": 4},
    "pl": {"w piątek": 4},
    "uk": {"у п'ятницю": 4},
    "ru": {"в пятницу": 4},
}
CLOSED = ("v sobotu", "v neděli", "28.9.")


def _each() -> list[tuple[str, int]]:
    return [
        (form.format(day=day), ahead)
        for language, forms in ASKED.items()
        for form in forms
        for day, ahead in DAYS[language].items()
    ]


@pytest.mark.parametrize(("text", "ahead"), _each())
def test_the_hours_of_that_day_are_told(text: str, ahead: int) -> None:
    said = Pure(DEMO, MONDAY).say(text)
    day = MONDAY.date() + timedelta(days=ahead)
    hours = {hour for agenda in DEMO.agendas for hour in calendar.starts(DEMO, agenda, day).hours}
    assert (said.outcome, said.made) == ("opening_hours", ()), said
    assert all(f"{opens:%-H:%M}-{closes:%-H:%M}" in (said.reply or "") for opens, closes in hours), said
    assert str(day.day) in (said.reply or "")


@pytest.mark.parametrize("day", CLOSED)
def test_of_a_closed_day_the_next_open_one_is_told(day: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    said = conversation.say(f"máte {day} otevřeno?")
    assert said.outcome == "opening_hours"
    assert (said.reply or "").startswith("Mame zavreno")
    (lesson,) = taught(said.reply or "", [])
    assert conversation.say(lesson.text.replace("ZKR", "ZCD"), timedelta(minutes=1)).outcome == "free_times"


@pytest.mark.parametrize("day", ["17.11.", "18.11."])
def test_of_a_day_that_cannot_be_booked_yet_no_free_times_are_taught(day: str) -> None:
    said = Pure(DEMO, MONDAY).say(f"máte {day} otevřeno?")
    assert said.outcome == "opening_hours"
    assert taught(said.reply or "", []) == []


@pytest.mark.parametrize("text", ["máte otevřeno?", "otevíračka", "máte o víkendu otevřeno?", "máte po a st otevřeno?"])
def test_without_one_day_it_is_info(text: str) -> None:
    assert Pure(DEMO, MONDAY).say(text).reply == Pure(DEMO, MONDAY).say("INFO").reply


def test_of_a_service_its_free_times_are_told() -> None:
    assert Pure(DEMO, MONDAY).say("máte v pátek otevřeno na ZCD?").outcome == "free_times"
    assert Pure(DEMO, MONDAY).say("máte v sobotu otevřeno na ZCD?").outcome == "closed_day"


def test_an_office_that_is_rarely_open_tells_its_day() -> None:
    office = OFFICES["rare"]
    now = datetime(2026, 9, 9, 9, tzinfo=office.zone)
    reply = Pure(office, now).say("máte zítra otevřeno?").reply or ""
    assert f"{date(2026, 9, 15).day}.9." in reply
    assert "8:30-11:30" in (Pure(office, now).say("máte v úterý otevřeno?").reply or "")


@pytest.mark.parametrize(
    "text",
    [
        "OBJ ZCD v pátek jestli máte otevřeno", "máte otevřeno i pro vozíčkáře v pátek?", "OBJ ZCD otevřeno Hrubý",
        "v pátek máte otevřeno, Nováková, 12:00", "STORNO 482913 když máte zavřeno",
    ],
)  # fmt: skip
def test_with_other_words_it_is_no_question_about_hours(text: str) -> None:
    said = Pure(DEMO, MONDAY).say(text)
    assert (said.made, said.outcome in {"help", "opening_hours"}) == ((), False), said


@pytest.mark.parametrize(
    ("text", "since"),
    [
        ("je ve středu volno na ZCD?", "8:00"),
        ("máte ve středu něco volného na ZCD", "8:00"),
        ("máte ve středu odpoledne volno na pas?", "12:30"),
        ("is Wednesday free for ZCD?", "8:00"),
        ("máte v stredu voľno na ZCD?", "8:00"),
        ("haben Sie am Mittwoch freie Termine ZCD?", "8:00"),
    ],
)
def test_whether_there_are_free_times_is_told(text: str, since: str) -> None:
    said = Pure(DEMO, MONDAY).say(text)
    assert (said.outcome, said.made) == ("free_times", ())
    assert f": {since}-" in (said.reply or "")


@pytest.mark.parametrize(
    ("text", "taught_"),
    [("máte v pátek volno?", "TERMIN ZKR 7.8."), ("kdy máte volno na ZCD příští týden?", "TERMIN ZCD DATUM")],
)
def test_what_is_missing_in_such_a_question_is_asked_for(text: str, taught_: str) -> None:
    assert (Pure(DEMO, MONDAY).say(text).reply or "").endswith("\n" + taught_)
