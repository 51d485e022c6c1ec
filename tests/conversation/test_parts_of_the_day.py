"""A part of the day instead of a time: "odpoledne" is read back as the first free start in it."""

from collections.abc import Sequence
from datetime import time, timedelta

import pytest
from hypothesis import given, settings

from tests.conversation.messages import MONDAY
from tests.conversation.office import LANGUAGES, Pure, Said, bookable
from tests.conversation.offices import DEMO, OFFICES
from tests.conversation.wishes import Wish, day_month, wishes

MINUTE = timedelta(minutes=1)
BOOKINGS = wishes(DEMO, ["book"], odd=False)
MORNING, AFTERNOON, EVENING = (time(), time(11, 59)), (time(12), time.max), (time(16), time.max)
ALL_DAY = (time(), time.max)
SAID = {
    MORNING: {
        "cs": "dopoledne|ráno|brzy ráno|někdy dopoledne|v dopoledních hodinách|hned ráno",
        "sk": "doobeda|ráno|dopoludnia|niekedy ráno",
        "en": "in the morning|sometime in the morning",
        "de": "vormittags|am Vormittag|morgens",
        "pl": "rano|przedpołudniem",
        "uk": "вранці|зранку|у першій половині дня",
        "ru": "утром|с утра",
        "vi": "buổi sáng",
    },
    AFTERNOON: {
        "cs": "odpoledne|odpo|někdy odpoledne|během odpoledne|v odpoledních hodinách",
        "sk": "popoludní|niekedy popoludní",
        "en": "in the afternoon",
        "de": "nachmittags|am Nachmittag",
        "pl": "po południu|popołudniu",
        "uk": "пообіді|у другій половині дня",
        "ru": "во второй половине дня",
        "vi": "buổi chiều",
    },
    ALL_DAY: {"cs": "kdykoliv|kdykoli|někdy", "en": "anytime"},
    EVENING: {"cs": "večer|k večeru", "sk": "podvečer", "en": "in the evening", "de": "abends", "uk": "увечері"},
}
FORMS = (
    "{book} {service} {day} {part} {name}",
    "{book} {service} {name} {day} {part}",
    "{book} {service} {part} {day} {name}",
)


def _each() -> Sequence[tuple[tuple[time, time], str, str]]:
    return [(w, lang, one) for w, all_ in SAID.items() for lang, words in all_.items() for one in words.split("|")]


def _say(wish: Wish, language: str, part: str, form: str = FORMS[0]) -> tuple[Pure, Said]:
    conversation = Pure(DEMO, wish.now)
    book = LANGUAGES[language if language in LANGUAGES else "cs"].command("book")
    values = {"service": wish.service, "day": day_month(wish.day), "name": wish.name, "part": part}
    return conversation, conversation.say(form.format(book=book, **values))


def _starts(wish: Wish, window: tuple[time, time]) -> list[time]:
    return [at for at in bookable(DEMO, DEMO.service_of[wish.service], wish.day) if window[0] <= at <= window[1]]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("window", "language", "part"), _each())
@settings(max_examples=3)
@given(wish=BOOKINGS)
def test_the_first_free_start_of_it_is_read_back(
    form: str, window: tuple[time, time], language: str, part: str, wish: Wish
) -> None:
    conversation, said = _say(wish, language, part, form)
    starts = _starts(wish, window)
    if not starts:
        assert (said.outcome, said.made) == ("free_times", ()), said
        return
    assert (said.outcome, said.made) == ("proposed", ()), said
    made = conversation.say("ANO", MINUTE).made
    assert [(one.service, one.day, one.at, one.name) for one in made] == [
        (wish.service, wish.day, starts[0], wish.name)
    ]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("OBJ ZCD 19.8. odpoledne ve 3 Hrubý", time(15)),
        ("OBJ ZCD 19.8. v 9 dopoledne Hrubý", time(9)),
        ("OBJ ZCD 19.8. dopoledne v půl desáté Hrubý", time(9, 30)),
        ("OBJ ZCD 19. srpna odpoledne pro 2 osoby Hrubý", time(12, 30)),
    ],
)
def test_an_hour_beside_it_is_that_hour(text: str, at: time) -> None:
    conversation = Pure(DEMO, MONDAY)
    assert conversation.say(text).made == ()
    assert [one.at for one in conversation.say("ANO", MINUTE).made] == [at]


def test_where_all_of_it_is_taken_other_times_are_offered() -> None:
    office = OFFICES["rare"]
    conversation = Pure(office, MONDAY)
    starts = bookable(office, office.service_of["MAT"], MONDAY.date() + timedelta(days=8))
    for n, at in enumerate(starts * 2):
        conversation.say(f"OBJ MAT 11.8. {at:%H:%M} Dvořáková", sender=f"+4206020{n:05}")
    assert conversation.say("OBJ MAT 11.8. dopoledne Hrubý").outcome in {"slot_full", "no_free_slot"}


def test_where_the_office_is_closed_then_the_free_times_of_the_day_are_told() -> None:
    said = Pure(OFFICES["rare"], MONDAY).say("OBJ MAT 11.8. odpoledne Hrubý")
    assert (said.outcome, said.made) == ("free_times", ())
    assert "8:30" in (said.reply or "")
    assert "12:00" not in (said.reply or "")


@pytest.mark.parametrize(
    ("text", "outcome", "taught"),
    [
        ("OBJ ZCD odpoledne Hrubý", "missing_date", "TERMIN ZCD DATUM"),
        ("OBJ ZCD 19.8. odpoledne", "missing_time", "OBJ ZCD 19.8. CAS PRIJMENI"),
        ("PRESUN 482913 19.8. odpoledne", "missing_time", "PRESUN 482913 19.8. CAS"),
        ("PRESUN 482913 19.8. před 11", "missing_time", "PRESUN 482913 19.8. CAS"),
        ("PRESUN 482913 19.8. po obědě", "missing_time", "PRESUN 482913 19.8. CAS"),
    ],
)
def test_a_time_that_nobody_said_is_not_taught(text: str, outcome: str, taught: str) -> None:
    said = Pure(DEMO, MONDAY).say(text)
    assert (said.outcome, (said.reply or "").split("\n")[-1]) == (outcome, taught)


@pytest.mark.parametrize("text", ["TERMIN ZCD 19.8. odpoledne", "FREE ZCD 19.8. in the afternoon"])
def test_free_times_of_the_afternoon_begin_at_noon(text: str) -> None:
    reply = Pure(DEMO, MONDAY).say(text).reply or ""
    assert ("8:00" in reply, "12:30" in reply) == (False, True)


@pytest.mark.parametrize(
    "text",
    [
        "OBJ ZCD 19.8. dopoledne nebo odpoledne Hrubý",
        "OBJ ZCD 19.8. odpoledne ne Hrubý",
        "OBJ ZCD příští týden dopoledne Hrubý",
        "OBJ ZCD do odpoledne Hrubý",
        "OBJ ZCD 19.8. odpoledne, pokud to půjde, Hrubý",
    ],
)
def test_with_other_words_nothing_is_read_back(text: str) -> None:
    said = Pure(DEMO, MONDAY).say(text)
    assert (said.made, said.outcome == "proposed") == ((), False), said


@pytest.mark.parametrize(
    ("wanted", "at"),
    [
        ("PRESUN {code} 19.8. odpoledne", time(12, 30)),
        ("PRESUN {code} 19.8. před 11", time(10, 45)),
        ("PRESUN {code} 19.8. kolem poledne", time(12, 30)),
        ("přesuňte {code} na 19.8. ráno", time(8)),
        ("MOVE {code} 19.8. in the afternoon", time(12, 30)),
        ("přesuňte mi to na odpoledne", time(12, 30)),
    ],
)
def test_a_booking_moves_to_the_nearest_start_when_it_is_said_so(wanted: str, at: time) -> None:
    conversation = Pure(DEMO, MONDAY)
    (code,) = [one.code for one in conversation.say("OBJ ZCD 19.8. 9:45 Hrubý").made]
    said = conversation.say(wanted.format(code=code), MINUTE)
    assert (said.outcome, said.made) == ("proposed", ()), said
    assert [(one.at, one.code) for one in conversation.say("ANO", MINUTE).made] == [(at, code)]


@pytest.mark.parametrize(
    "text",
    [
        "Dobré odpoledne, prosím OBJ ZCD 19.8. 9.30 Hrubý",
        "OBJ ZCD 19.8. 9.30 Hrubý, hezké dopoledne",
        "Dobré ráno OBJ ZCD 19.8. 9:30 Hrubý, přeji krásné odpoledne",
        "BOOK ZCD 19.8. 9:30 Hrubý, have a nice afternoon",
    ],
)
def test_a_greeting_is_no_part_of_the_day_that_is_wanted(text: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    made = conversation.say(text).made or conversation.say("ANO", MINUTE).made
    assert [(one.at, one.name) for one in made] == [(time(9, 30), "Hrubý")]


@pytest.mark.parametrize("text", ["Dobré odpoledne, OBJ ZCD 19.8. Hrubý", "OBJ ZCD 19.8. Hrubý, přeji hezké dopoledne"])
def test_with_a_greeting_alone_the_time_is_asked_for(text: str) -> None:
    assert Pure(DEMO, MONDAY).say(text).outcome == "missing_time"


@pytest.mark.parametrize("text", ["OBJ ZCD 19.8. 9.10 odpoledne Hrubý", "OBJ ZCD 19.8. 9.30 odpoledne Hrubý"])
def test_a_time_with_a_stop_beside_it_is_not_left_out(text: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    said = conversation.say(text)
    assert "12:30" not in (said.reply or "")


def test_a_move_that_follows_a_greeting_keeps_its_time() -> None:
    conversation = Pure(DEMO, MONDAY)
    (code,) = [one.code for one in conversation.say("OBJ ZCD 18.8. 9:00 Hrubý").made]
    conversation.say(f"Dobré odpoledne, prosím o objednání PRESUN {code} 19.8. 9.30", MINUTE)
    conversation.say("ANO", MINUTE)
    assert [one.at for one in conversation.open()] == [time(9, 30)]


def test_a_word_that_asks_is_no_part_of_the_name_before_the_service() -> None:
    said = Pure(DEMO, MONDAY).say("June Smithson zapsat ZCD 20.8. 12:00")
    assert "apsat" not in (said.reply or "").lower()


@pytest.mark.parametrize("name", ["Nguyen Van Sang", "Sang Nguyen", "NGUYEN VAN SANG", "Jan Večer", "Eva Morgens"])
def test_a_name_is_not_halved_for_a_part_of_the_day(name: str) -> None:
    said = Pure(DEMO, MONDAY).say(f"OBJ ZCD 19.8. {name}")
    assert (said.outcome, said.made) == ("missing_time", ()), said
