"""Answers and messages with more words than were expected: acted on only if every word belongs to what is open.

A yes with the name that was read back is a yes; with any other name it is none. A weekday beside words that say it is
not the next one stays open. A code that is read out in groups is that code, and one with a letter in it is none.
"""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conversation.messages import MONDAY
from tests.conversation.office import LANGUAGES, Pure, Said, fold
from tests.conversation.offices import DEMO
from tests.conversation.taught import Taught, taught
from tests.conversation.wishes import PLAIN, Wish, clock, day_month, wishes

MINUTE = timedelta(minutes=1)
BOOKINGS = wishes(DEMO, ["book"], odd=False)


def _lesson(said: Said, name: str = "") -> Taught:
    (lesson,) = taught(said.reply or "", [name])
    return lesson


def _read_back(wish: Wish) -> Pure:
    """A conversation in which the wish was read back: "v 9 hod 15 min" is never booked at once."""
    conversation = Pure(DEMO, wish.now)
    said = conversation.say(
        f"OBJ {wish.service} viz {day_month(wish.day)} {clock(wish.at)} {wish.name} {wish.persons} osoby"
    )
    assert said.outcome == "proposed", said
    return conversation


def _booked(wish: Wish) -> tuple[Pure, str]:
    conversation = Pure(DEMO, wish.now)
    said = conversation.say(f"OBJ {wish.service} {day_month(wish.day)} {clock(wish.at)} {wish.name}")
    return conversation, said.made[0].code


# --- a yes and more ------------------------------------------------------------------------------

_AND_MORE = (
    "Ano, {name}", "ANO {service} {day} {at} {name}", "ano prosim, dekuji. {name}", "Yes please, {name}",
    "ano, jmenuji se {name}", "Ano to je správně, přijdu", "potvrzuji {name}", "ANO {NAME} {day}",
)  # fmt: skip


@pytest.mark.parametrize("answer", _AND_MORE)
@settings(max_examples=12)
@given(wish=BOOKINGS)
def test_a_yes_with_the_values_that_were_read_back_is_a_yes(answer: str, wish: Wish) -> None:
    values = {"name": wish.name, "NAME": fold(wish.name), "service": wish.service}
    said = _read_back(wish).say(answer.format(**values, day=day_month(wish.day), at=clock(wish.at)), MINUTE)
    assert [(one.service, one.day, one.at, one.name) for one in said.made] == [
        (wish.service, wish.day, wish.at, wish.name)
    ], said


_BUT_OTHER = (
    "ano, {other}", "ANO {service} {day} {at} {other}", "ano, ale {name}", "ano {name} a {other}", "ano {name} zrušit",
    "ano {name} nevím", "ano {name} jindy", "ano, oboji", "ANO {other} {at}", "ano pro {name} a dite",
)  # fmt: skip


@pytest.mark.parametrize("answer", _BUT_OTHER)
@settings(max_examples=12)
@given(wish=BOOKINGS, other=st.sampled_from(PLAIN))
def test_a_yes_to_something_else_books_nothing(answer: str, wish: Wish, other: str) -> None:
    if set(other.split()) & set(wish.name.split()):
        return
    conversation = _read_back(wish)
    values = {"name": wish.name, "other": other, "service": wish.service, "at": clock(wish.at)}
    said = conversation.say(answer.format(**values, day=day_month(wish.day)), MINUTE)
    assert said.made == (), said
    assert conversation.say("ANO", MINUTE).made, "the question is still open"


@pytest.mark.parametrize("name", ["Kubelková", "Nguyễn Thị Hồng", "D’Angelo", "Kubelková-Štěpánková", "Мельниченко"])
def test_a_name_is_known_again_however_it_is_written(name: str) -> None:
    for written in (name, name.upper(), fold(name), name.replace("’", "'")):
        conversation = Pure(DEMO, MONDAY)
        assert conversation.say(f"OBJ ZCD 19.8. v deset {name}").outcome == "proposed"
        assert [one.name for one in conversation.say(f"Ano, {written}", MINUTE).made] == [name]


@pytest.mark.parametrize("text", ["chci pas", "beru Hrubý", "Tak Hrubý", "ok Hrubý", "chci PCD 19.8. 10:15 Hrubý"])
def test_what_only_may_be_a_yes_is_none_beside_a_name(text: str) -> None:
    assert Pure(DEMO, MONDAY).say(text).outcome != "nothing_offered"


@pytest.mark.parametrize(
    ("question", "after", "stood"),
    [
        pytest.param("OBJ ZCD 19.8. v deset Kubelková", 121, "2 hod", id="a proposal"),
        pytest.param("OBJ ZCD 19.8. v deset Kubelková", 26 * 60, "2 hod", id="a proposal of yesterday"),
        pytest.param("OBJ PTP 19.8. 10:15 Kubelková", 16, "15 min", id="an offer"),
        pytest.param("MOJE", 5, "15 min", id="nothing was asked"),
    ],
)
def test_a_yes_that_comes_too_late_is_told_how_long_that_question_stood(question: str, after: int, stood: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say("OBJ PTP 19.8. 10:15 Dvořáková", sender="+420602000001")
    conversation.say(question)
    said = conversation.say("ANO", timedelta(minutes=after))
    assert (said.outcome, said.made) == ("nothing_offered", ())
    assert f"nabidka plati {stood} a" in (said.reply or "")


@pytest.mark.parametrize(
    "answer", ["ANO", "Ano, přijdu", "ano prosím, {name}", "potvrzuji", "Yes, thank you", "ANO {at}"]
)
@settings(max_examples=6)
@given(wish=BOOKINGS)
def test_a_yes_to_a_reminder_is_told_the_booking(answer: str, wish: Wish) -> None:
    conversation, code = _booked(wish)
    said = conversation.say(answer.format(name=wish.name, at=clock(wish.at)), timedelta(days=1))
    assert (said.outcome, said.made, said.gone) == ("mine", (), ())
    assert code in (said.reply or "")


@pytest.mark.parametrize("answer", ["ano, ale v 11:45", "ANO 2", "NE", "ANO ZRUSIT"])
def test_what_only_begins_with_yes_is_not_taken_for_one(answer: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say("OBJ ZCD 19.8. 10:15 Hrubý")
    said = conversation.say(answer, timedelta(days=1))
    assert (said.made, said.gone, said.outcome == "mine") == ((), (), False)


def test_a_yes_to_a_proposal_that_ran_out_is_still_told_so() -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say("OBJ ZCD 19.8. 10:15 Hrubý")
    conversation.say("OBJ ZOP 19.8. v jedenáct Hrubý", MINUTE)
    assert conversation.say("ANO", timedelta(hours=3)).outcome == "nothing_offered"


# --- who comes along -----------------------------------------------------------------------------

ALONG = (
    "syn", "bratr", "sestra", "žena", "ženou", "muž", "mužem", "přítel", "přítelkyně", "matkou", "babička", "dědečkem",
    "partnerkou", "dítětem", "tatínka", "ehemann", "mother", "father", "child", "син",
)  # fmt: skip


@pytest.mark.parametrize("who", ALONG)
@pytest.mark.parametrize("form", ["{name}, {who} {other}", "{name} {who}", "{name} {who} {other}"])
@settings(max_examples=4)
@given(wish=BOOKINGS, other=st.sampled_from(PLAIN))
def test_who_comes_along_is_no_part_of_a_name(form: str, who: str, wish: Wish, other: str) -> None:
    said_so = form.format(name=wish.name, who=who, other=other)
    said = Pure(DEMO, wish.now).say(f"OBJ {wish.service} {day_month(wish.day)} {clock(wish.at)} {said_so}")
    assert said.made == (), said


@pytest.mark.parametrize("name", ["Frau Schuster", "Nguyen Van Son", "Žena", "Matka", "Bratr", "Partner"])
def test_but_people_are_called_so_too(name: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    made = conversation.say(f"OBJ ZCD 19.8. 10:15 {name}").made or conversation.say("ANO", MINUTE).made
    assert [one.name for one in made] == [name]


@pytest.mark.parametrize("text", ["OBJ ZCD 19.8. v deset cosi Hrubý", "OBJ ZCD 19.8. v deset dopo Hrubý"])
def test_nothing_that_was_given_is_said_to_be_missing(text: str) -> None:
    said = Pure(DEMO, MONDAY).say(text)
    assert said.outcome in {"proposed", "not_understood"}
    assert "chybi" not in (said.reply or "")


# --- two wishes, and two readings ----------------------------------------------------------------

TWO = "OBJ ZOP a PCD 19.8. 10:15 Kubelková"
BOTH = {"cs": "ANO (obojí)", "en": "YES (both)", "sk": "SUHLAS (oboje)", "uk": "ТАК (обидва)"}


@pytest.mark.parametrize("answer", [*BOTH.values(), "ano, oboji prosim", "obě", "both please", "ANO"])
def test_both_is_what_the_reply_calls_it(answer: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    assert conversation.say(TWO).outcome == "proposed"
    assert [one.service for one in conversation.say(answer, MINUTE).made] == ["ZOP", "PCD"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_that_asks_for_both_has_its_word_here(language: str) -> None:
    book = LANGUAGES[language].command("book")
    reply = Pure(DEMO, MONDAY).say(TWO.replace("OBJ", book)).reply or ""
    assert fold(BOTH[language]) in fold(reply)


@pytest.mark.parametrize(
    "question",
    [pytest.param(TWO, id="two wishes"), pytest.param("OBJ ZCD PO 13 Kubelková", id="two readings")],
)
@pytest.mark.parametrize("answer", ["ANO 3", "ANO 7:45", "ano, Hrubý", "ano ale jindy"])
def test_what_may_be_answered_is_told_as_it_works(question: str, answer: str) -> None:
    """Of two, ANO alone is not the first: no reply says so."""
    conversation = Pure(DEMO, MONDAY)
    asked = conversation.say(question)
    again = conversation.say(answer, MINUTE)
    assert (again.made, again.reply) == ((), asked.reply)


@pytest.mark.parametrize(("answer", "service"), [("ano PCD", "PCD"), ("ANO ZOP Kubelková", "ZOP")])
def test_one_of_two_wishes_may_be_named(answer: str, service: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say(TWO)
    assert [one.service for one in conversation.say(answer, MINUTE).made] == [service]


# --- a weekday that is not the next one ----------------------------------------------------------

OTHER_WEEKDAYS = {
    "cs": (
        "příští týden v úterý",
        "v úterý příští týden",
        "úterý za týden",
        "za 14 dní v úterý",
        "ve čtvrtek 27.",
        "27. ve čtvrtek",
        "ve čtvrtek 27teho",
    ),
    "sk": ("budúci týždeň v utorok", "v utorok o týždeň", "vo štvrtok 27."),
    "en": ("tuesday next week", "next week on tuesday", "thursday 27th", "in 10 days on tuesday"),
    "uk": ("наступного тижня у вівторок", "у вівторок за тиждень"),
}
SAYINGS = (
    "{book} {service} {saying} {at} {name}",
    "{book} {service} {name} {saying} {at}",
    "{free} {service} {saying}",
    "{watch} {service} {saying}",
    "{cancel} 482913 {saying}",
    "{move} 482913 {saying} {at}",
)


@pytest.mark.parametrize("form", SAYINGS)
@pytest.mark.parametrize(
    ("language", "saying"), [(code, each) for code, all_ in OTHER_WEEKDAYS.items() for each in all_]
)
@settings(max_examples=4)
@given(wish=BOOKINGS)
def test_a_weekday_of_another_week_is_never_taught_as_the_next_one(
    form: str, language: str, saying: str, wish: Wish
) -> None:
    speech = LANGUAGES[language]
    commands = {name: speech.command(name) for name in ("book", "free", "watch", "cancel", "move")}
    said = Pure(DEMO, wish.now).say(
        form.format(**commands, service=wish.service, saying=saying, at=clock(wish.at), name=wish.name)
    )
    assert said.made == ()
    for lesson in taught(said.reply or "", [wish.name]):
        assert "day" in lesson.holes or lesson.command in {"services", "help", "mine"}, said


NEXT = {
    "příští středu": "příští následující další přespříští tuto",
    "budúcu stredu": "budúcu ďalšiu nasledujúcu túto najbližšiu",
    "next wednesday": "next this coming following",
    "nächsten Mittwoch": "nächsten kommenden diesen übernächsten folgenden",
    "w przyszłą środę": "przyszłą następną kolejną najbliższą",
    "наступну середу": "наступну цю найближчу",
    "следующую среду": "следующую эту ближайшую",
}


@pytest.mark.parametrize(("language", "word"), [(one, word) for one, words in NEXT.items() for word in words.split()])
def test_a_word_before_a_weekday_that_may_mean_another_week_is_never_left_out(language: str, word: str) -> None:
    weekday = language.rsplit(maxsplit=1)[-1]
    said = Pure(DEMO, MONDAY).say(f"OBJ ZOP {word} {weekday} 9:15 Kubelková")
    assert (said.outcome, said.made) != ("proposed", ()), said
    assert said.made == ()


# --- a time that was given is kept ---------------------------------------------------------------

VAGUE_DAYS = {
    "cs": ("za 8 dní", "za týden", "příští středu", "koncem měsíce", "od zítřka za týden"),
    "en": ("in 8 days", "next wednesday", "next week"),
    "sk": ("o 8 dní", "budúcu stredu"),
}
TIMES = ("{h}:00", "v {h}", "v {h} hod", "at {h}")


@pytest.mark.parametrize("time", TIMES)
@pytest.mark.parametrize(("language", "vague"), [(code, each) for code, all_ in VAGUE_DAYS.items() for each in all_])
@settings(max_examples=4)
@given(hour=st.integers(8, 14), name=st.sampled_from([name for name in PLAIN if " " not in name]))
def test_a_time_beside_a_vague_day_is_kept(time: str, language: str, vague: str, hour: int, name: str) -> None:
    book = LANGUAGES[language].command("book")
    said = Pure(DEMO, MONDAY).say(f"{book} PTP {vague} {time.format(h=hour)} {name}")
    assert f"{hour}:00 {fold(name)}" in (said.reply or ""), said
    assert list(_lesson(said, fold(name)).holes) == ["day"], said


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=10)
@given(wish=BOOKINGS, hole=st.sampled_from(["day", "at", "name"]))
def test_a_hole_sent_back_keeps_every_other_value(language: str, wish: Wish, hole: str) -> None:
    speech = LANGUAGES[language]
    values = {"day": day_month(wish.day), "at": clock(wish.at), "name": fold(wish.name)}
    values[hole] = speech.holes[hole]
    text = f"{speech.command('book')} {wish.service} {values['day']} {values['at']} {values['name']}"
    assert (Pure(DEMO, wish.now).say(text).reply or "").endswith("\n" + text)


@pytest.mark.parametrize(
    "part", ["odpoledne", "ráno", "kdykoliv", "někdy", "dopoledne", "anytime", "poobede", "nachmittags"]
)
@settings(max_examples=6)
@given(wish=BOOKINGS)
def test_a_date_behind_a_part_of_the_day_is_kept(part: str, wish: Wish) -> None:
    conversation = Pure(DEMO, wish.now)
    said = conversation.say(f"OBJ {wish.service} {part} {day_month(wish.day)} {wish.name}")
    assert said.made == ()
    assert said.outcome in {"proposed", "free_times"}, said
    made = conversation.say("ANO", MINUTE).made
    assert {(one.day, one.name) for one in made} <= {(wish.day, wish.name)}


# --- codes ---------------------------------------------------------------------------------------


CODES = ("{a} {b}", "{a}-{b}", "{a}.{b}", "{p} {q} {r}", "{p}-{q}-{r}")
CANCELLING = ("STORNO {code} {day}", "zrušte prosím {code} {day}", "CANCEL {code} {day}", "Storno kod {code}, {day}")


@pytest.mark.parametrize("form", CODES)
@pytest.mark.parametrize("text", CANCELLING)
@settings(max_examples=5)
@given(wish=BOOKINGS)
def test_a_code_read_out_in_groups_cancels(form: str, text: str, wish: Wish) -> None:
    conversation, code = _booked(wish)
    grouped = form.format(a=code[:3], b=code[3:], p=code[:2], q=code[2:4], r=code[4:])
    said = conversation.say(text.format(code=grouped, day=day_month(wish.day)), MINUTE)
    assert [one.code for one in said.gone] == [code], said


@settings(max_examples=20)
@given(wish=BOOKINGS, letter=st.sampled_from("ABEKZXčž"))
def test_a_code_with_a_letter_is_not_cut_to_another(wish: Wish, letter: str) -> None:
    conversation, code = _booked(wish)
    said = conversation.say(f"STORNO {code[:5]}{letter} {day_month(wish.day)}", MINUTE, "+420602000001")
    assert (said.gone, said.outcome) == ((), "missing_code")
    assert code[:5] not in (said.reply or "")


@pytest.mark.parametrize(
    "text", ["OBJ ZCD 482 913 Hrubý", "STORNO 777 123 456", "STORNO 22 10 10 30", "OBJ ZCD 48 29 13"]
)
def test_other_numbers_are_no_code(text: str) -> None:
    said = Pure(DEMO, MONDAY).say(text)
    assert not any(character.isdigit() for lesson in taught(said.reply or "") for character in lesson.text), said


@pytest.mark.parametrize("text", ["nemohu {day} dorazit", "bohužel {day} nemůžu přijít", "I can't come {day}"])
@settings(max_examples=8)
@given(wish=BOOKINGS)
def test_the_day_that_does_not_suit_is_the_one_to_cancel(text: str, wish: Wish) -> None:
    said = Pure(DEMO, wish.now).say(text.format(day=day_month(wish.day)))
    (lesson,) = (one for one in taught(said.reply or "", []) if one.command == "cancel")
    assert (lesson.text.endswith(day_month(wish.day)), list(lesson.holes)) == (True, ["code"]), said


@pytest.mark.parametrize("name", ["Pátek", "Středa", "Sobota", "Dubna", "Hrubý"])
@pytest.mark.parametrize("between", [" ", ", ", " - "])
def test_a_name_that_is_said_twice_is_that_name(name: str, between: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say(f"OBJ ZCD 24.8. 9:15 {name}{between}{name}")
    assert [one.name for one in conversation.say("ANO", MINUTE).made] == [name]


@pytest.mark.parametrize("text", ["can I please BOOK QXW 24.8. 9:15 Hrubý", "BOOK QXW 24.8. 9:15 Hrubý"])
def test_small_words_before_a_command_change_nothing_of_its_answer(text: str) -> None:
    said = Pure(DEMO, MONDAY).say(text)
    assert said.outcome == "unknown_service"
    assert '"QXW"' in (said.reply or "")
    assert "CODES" in (said.reply or "")


@pytest.mark.parametrize("day", ["", " 15.12.", " 24.8. 9:15"])
def test_a_word_between_two_commands_teaches_neither(day: str) -> None:
    """In Slovak, "OBJEDNAJ" books and "ODOBJEDNAJ" cancels."""
    said = Pure(DEMO, MONDAY).say(f"OOBJEDNAJ{day}")
    assert said.outcome == "help"
