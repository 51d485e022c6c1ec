"""What people write around a wish: how many come, marks of parts, titles of services, given names that are months."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings

from prepazka.core.office.office import Service
from tests.conversation.messages import MONDAY
from tests.conversation.office import Pure
from tests.conversation.offices import DEMO, OFFICES
from tests.conversation.taught import taught
from tests.conversation.wishes import Wish, clock, day_month, wishes

MINUTE = timedelta(minutes=1)
SEVERAL = {
    "{name} pro dva": 2, "{name} pro 2": 2, "{name} pro tři": 3, "pro nás dva {name}": 2, "jsme tři, {name}": 3,
    "{name} s manželkou": 2, "{name} a manželka": 2, "{name} + dítě": 2, "{name} se synem a dcerou": 3,
    "pro mě a manžela {name}": 2, "{name} s kolegou": 2, "{name} s mou maminkou": 2, "{name} ve dvou": 2,
    "{name} pre dvoch": 2, "{name} s dcérou": 2, "{name} for two": 2, "{name} with my wife": 2,
    "{name} and my daughter": 2, "{name} für zwei": 2, "{name} mit meinem Sohn": 2, "{name} zu dritt": 3,
    "{name} 2 dospělí a 1 dítě": 3, "{name} +1": 2,
    "{name} dla dwóch": 2, "{name} z żoną": 2, "{name} для двох": 2, "{name} з дружиною": 2,
}  # fmt: skip


@pytest.mark.parametrize("said", SEVERAL)
@settings(max_examples=3)
@given(wish=wishes(DEMO, ["book"], odd=False))
def test_the_persons_beside_a_name_are_read_back(said: str, wish: Wish) -> None:
    # Room for a third is certain only early on a long morning.
    day, at, now = (wish.day, wish.at, wish.now) if SEVERAL[said] == 2 else (date(2026, 8, 18), time(9, 45), MONDAY)
    conversation = Pure(DEMO, now)
    text = f"OBJ {wish.service} {day_month(day)} {clock(at)} {said.format(name=wish.name)}"
    assert conversation.say(text).outcome == "proposed", text
    made = conversation.say("ANO", MINUTE).made
    assert [(one.service, one.day, one.at, one.name, one.persons) for one in made] == [
        (wish.service, day, at, wish.name, SEVERAL[said])
    ]


@pytest.mark.parametrize("said", ["s dětmi", "s rodinou", "with my kids", "mit Kindern", "s deťmi"])
def test_those_who_are_not_counted_are_named_and_not_left_out_silently(said: str) -> None:
    reply = Pure(DEMO, MONDAY).say(f"OBJ PCD 18.8. 9:45 Hrubý {said}").reply or ""
    assert 'nerozumime: "' in reply or 'not understand: "' in reply or 'nerozumieme: "' in reply, reply


@pytest.mark.parametrize("said", ["v 9 pro 2 hodiny", "pro 2. 9.", "syn Hrubý"])
def test_other_numbers_and_persons_are_none_who_come(said: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    assert conversation.say(f"OBJ PCD 18.8. 9:45 Hrubá {said}").outcome != "proposed"


@pytest.mark.parametrize("mark", ["(1/2) {text}", "1/3: {text}", "[2/2]{text}", "{text} (1/2)", "(1 z 2) {text}"])
def test_a_part_of_a_message_is_read_back(mark: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    assert conversation.say(mark.format(text="OBJ RTP 21.8. 10:45 Hrubý")).outcome == "proposed"
    (made,) = conversation.say("ANO", MINUTE).made
    assert (made.service, made.day.day, made.at) == ("RTP", 21, time(10, 45))
    lacking = conversation.say(mark.format(text="OBJ RTP 21.8. Hrubý"), MINUTE)
    assert "OBJ RTP 21.8. CAS" in (lacking.reply or "")
    back = conversation.say(mark.format(text=f"STORNO {made.code} 21.8."), MINUTE)
    assert (back.outcome, back.gone) == ("not_understood", ())
    lesson = taught(back.reply or "")[-1]
    assert conversation.say(lesson.text, MINUTE).gone == (made,)


def test_the_mark_of_a_whole_message_is_none() -> None:
    assert Pure(DEMO, MONDAY).say("(1/1) OBJ RTP 21.8. 10:45 Hrubý").outcome == "booked"


TITLES = replace(
    OFFICES["one"],
    services=(
        Service(1, "RPV", "registrace vozidla", 30, 1, titles={"en": "car registration"}),
        Service(2, "RRP", "vydání řidičského průkazu", 30, 1),
        Service(3, "VRP", "výměna řidičského průkazu", 30, 1),
        Service(4, "ZAS", "žádost o cestovní pas", 30, 1),
    ),
)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("registraci vozidla", "RPV"), ("vozidlo", "RPV"), ("na registraci", "RPV"), ("car registration", "RPV"),
        ("vydání řidičského průkazu", "RRP"), ("výměnu řidičského průkazu", "VRP"), ("pas", "ZAS"), ("pasu", "ZAS"),
        ("žádost o cestovní pas", "ZAS"), ("na cestovní pas", "ZAS"),
    ],
)  # fmt: skip
def test_words_of_a_title_name_the_service_that_alone_has_them(words: str, code: str) -> None:
    conversation = Pure(TITLES, MONDAY)
    said = conversation.say(f"OBJ {words} 20.8. 10:30 Hrubý")
    assert (said.outcome, said.made) == ("proposed", ()), said
    assert [(one.service, one.name) for one in conversation.say("ANO", MINUTE).made] == [(code, "Hrubý")]
    listed = conversation.say(f"TERMIN {words} 20.8.", MINUTE)
    assert (listed.outcome, listed.result.service.code) == ("free_times", code)


@pytest.mark.parametrize("words", ["řidičský průkaz", "průkaz", "řidičák", "pasáž"])
def test_words_of_two_titles_or_of_none_name_nothing(words: str) -> None:
    said = Pure(TITLES, MONDAY).say(f"OBJ {words} 20.8. 10:30 Hrubý")
    assert said.outcome in {"not_understood", "unknown_service"}, said


@pytest.mark.parametrize(
    "name", ["Ing. Hrubý, Ph.D.", "Hrubý Ph. D.", "Mgr. Jan Hrubý Ph.D", "JUDr. Hrubý, LL.M.", "Hrubý Th.D."]
)
@pytest.mark.parametrize("form", ["OBJ POP 18.8. 9:45 {name}", "OBJ POP {name} 18.8. 9:45"])
def test_a_title_with_a_stop_inside_belongs_to_the_name(name: str, form: str) -> None:
    (made,) = Pure(DEMO, MONDAY).say(form.format(name=name)).made
    assert "Hrubý" in made.name
    assert made.name.endswith(("PhD", "Ph D", "LLM", "ThD"))


@pytest.mark.parametrize("day", ["2 9", "3 9"])
def test_a_given_name_behind_a_date_of_two_numbers_is_no_month(day: str) -> None:
    reply = Pure(DEMO, MONDAY).say(f"OBJ POP {day} Jan Hrubý").reply or ""
    assert f"OBJ POP {day.replace(' ', '.')}. CAS JAN HRUBY" in reply


def test_who_does_not_want_to_cancel_in_a_booking_keeps_its_values() -> None:
    reply = Pure(DEMO, MONDAY).say("OBJ PCD 2x 18.8. 9:45 Hrubý nechci zrušit").reply or ""
    assert "OBJ PCD 2X 18.8. 9:45 HRUBY" in reply


@pytest.mark.parametrize("said", ["pro manželku Hrubá", "pro syna Jan Hrubý", "pre dcéru Hrubá", "for my wife Hruba"])
def test_for_whom_it_is_comes_alone(said: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    assert conversation.say(f"OBJ PCD 18.8. 9:45 {said}").outcome == "proposed"
    assert [one.persons for one in conversation.say("ANO", MINUTE).made] == [1]


def test_a_day_of_long_ago_is_never_taught() -> None:
    assert "2010" not in (Pure(DEMO, MONDAY).say("OBJ PCD 18.8.10 :45 Hrubá").reply or "")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("OBJ PCD 18.8. Hrubý v 9", "Hrubý"), ("BOOK PCD 18.8. Smith at 9", "Smith"),
        ("nová obcanka Hrubá 18.8. 9:00", "Hrubá"), ("OBJ PCD 18.8. na 9. hodinu Hrubý", "Hrubý"),
    ],
)  # fmt: skip
def test_a_full_hour_and_a_name_are_read_back(text: str, name: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    assert conversation.say(text).outcome == "proposed"
    assert [(one.at, one.name) for one in conversation.say("ANO", MINUTE).made] == [(time(9), name)]


def test_words_that_belong_to_a_preposition_are_no_part_of_a_name() -> None:
    reply = Pure(DEMO, MONDAY).say("OBJ PCD 18.8. ráno před prací Hrubý").reply or ""
    assert reply.endswith("OBJ PCD 18.8. CAS HRUBY")


@pytest.mark.parametrize("text", ["OBJ PCD po 18.8. Hrubý", "OBJ PCD po 20.8. Hrubý"])
def test_after_a_day_is_no_date_that_does_not_exist(text: str) -> None:
    said = Pure(DEMO, MONDAY).say(text)
    assert (said.outcome, said.made) == ("missing_date", ())


@pytest.mark.parametrize("said", ["pro dva, dvě osoby", "dvakrát 2 osoby", "pro 2 osoby dvakrát"])
def test_what_is_counted_twice_is_not_added_up(said: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    reply = conversation.say(f"OBJ PCD 18.8. 9:45 Hrubý {said}").reply or ""
    assert "4" not in reply.replace("9:45", "")
