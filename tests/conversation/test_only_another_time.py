"""People who say only another time, or what does not suit: the free times are listed."""

from datetime import time

import pytest

from tests.conversation.erring import ASKED, BOOKED, MINUTE, said_of, taught_by
from tests.conversation.messages import MONDAY
from tests.conversation.office import Pure
from tests.conversation.offices import DEMO


def _moved(text: str, *before: str) -> list[tuple[str, int, time]]:
    """What a yes moves after this message of a phone that holds one booking (and those `before`)."""
    conversation = Pure(DEMO, MONDAY)
    for each in (BOOKED, *before):
        (code,) = [one.code for one in conversation.say(each, MINUTE).made]
    said = conversation.say(text.format(code=code), MINUTE)
    assert said.made == said.gone == (), said
    said = conversation.say("ANO", MINUTE)
    return [(one.service, one.day.day, one.at) for one in said.made if said.gone]


@pytest.mark.parametrize(
    ("text", "day", "at"),
    [
        ("posunout na 11", 18, 11), ("přesunout na 11", 18, 11), ("Prosím přesunout na 13 hodin", 18, 13),
        ("přesuňte to na 11 hod.", 18, 11), ("posunout na jedenáctou", 18, 11), ("přesunout na 13. hodinu", 18, 13),
        ("prosím posuňte mi to na desátou", 18, 10), ("přesunout na 20. 8. na 11", 20, 11),
        ("přeložit na osm ráno", 18, 8),
        ("přesunout {code} na 11", 18, 11), ("move to 11", 18, 11), ("please move it to 11am", 18, 11),
        ("presunúť na 11", 18, 11), ("перенести на 11", 18, 11), ("verschieben auf 11 Uhr", 18, 11),
        ("přesunout z 18.8. na 20.8. 11:00", 20, 11), ("přesunout z 9:45 na 11:00", 18, 11),
        ("PRESUN {code} z 18.8. na 20.8. 11:00", 20, 11), ("přesunout z úterý na čtvrtek v 11", 6, 11),
        ("přesunout z 9:45 na 11", 18, 11), ("přesunout z 18.8. 9:45 na 20.8. 11:00", 20, 11),
    ],
)  # fmt: skip
def test_what_a_booking_is_to_be_moved_to_is_read_back(text: str, day: int, at: int) -> None:
    assert _moved(text) == [("ZCD", day, time(at))]


def test_the_day_a_booking_is_moved_from_says_which_it_is() -> None:
    other = "OBJ ZOP 19.8. 9:45 Hrubešová"
    assert _moved("přesunout z 19.8. na 20.8. 11:00", other) == [("ZOP", 20, time(11))]
    assert _moved("přesunout z 18.8. na 20.8. 11:00", other) == [("ZCD", 20, time(11))]
    assert _moved("přesunout z 17.8. na 20.8. 11:00") == []


@pytest.mark.parametrize("text", ["přesunout na 11 nebo 12", "přesunout na 35", "přesunout na 11.", "přesunout 11"])
def test_an_hour_that_is_not_sure_is_a_hole(text: str) -> None:
    said = said_of(BOOKED, text)
    assert (said.reply or "").endswith(" DATUM CAS"), said


@pytest.mark.parametrize(
    ("text", "taught"),
    [
        ("OBJ ZOP 12.8. na 14.8. 9:00 Hrubešová", "OBJ ZOP DATUM 9:00 HRUBESOVA"),
        ("OBJ ZOP 12.8. 9:00 10:00 Hrubešová", "OBJ ZOP 12.8. CAS HRUBESOVA"),
        ("OBJ ZOP 12.8. 9:00 v 10:00 Hrubešová", "OBJ ZOP 12.8. CAS HRUBESOVA"),
    ],
)
def test_of_two_days_or_times_none_is_taught(text: str, taught: str) -> None:
    assert taught_by(text) == taught


@pytest.mark.parametrize(
    ("text", "taught"),
    [
        ("dřív to nejde?", "OBJ ZCD 19.8. 8:00 Hrubesova"),
        ("Nešlo by to dříve, prosím?", "OBJ ZCD 19.8. 8:00 Hrubesova"),
        ("později", "OBJ ZCD 19.8. 10:15 Hrubesova"), ("jindy", "OBJ ZCD 19.8. 8:00 Hrubesova"),
        ("ne, jindy prosím", "OBJ ZCD 19.8. 8:00 Hrubesova"), ("jiný termín", "OBJ ZCD 19.8. 8:00 Hrubesova"),
        ("jiný den by nebyl?", "OBJ ZCD 20.8. 8:00 Hrubesova"), ("příští týden", "OBJ ZCD 10.8. 8:00 Hrubesova"),
        ("až příští týden", "OBJ ZCD 10.8. 8:00 Hrubesova"), ("kdy máte volno?", "OBJ ZCD 19.8. 8:00 Hrubesova"),
        ("anything later?", "BOOK ZCD 19.8. 10:15 Hrubesova"), ("another day", "BOOK ZCD 20.8. 8:00 Hrubesova"),
        ("nedá sa skôr?", "OBJEDNAJ ZCD 19.8. 8:00 Hrubesova"), ("geht es früher?", "OBJ ZCD 19.8. 8:00 Hrubesova"),
        ("tuần sau được không", "OBJ ZCD 10.8. 8:00 Hrubesova"),
        ("wcześniej się nie da?", "OBJ ZCD 19.8. 8:00 Hrubesova"),
        ("можно попозже?", "OBJ ZCD 19.8. 10:15 Hrubesova"), ("наступного тижня", "ЗАПИС ZCD 10.8. 8:00 Hrubešová"),
    ],
)  # fmt: skip
def test_who_says_only_another_time_is_told_the_free_ones(text: str, taught: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say(ASKED, MINUTE)
    said = conversation.say(text, MINUTE)
    assert (said.outcome, said.made, (said.reply or "").splitlines()[-1]) == ("free_times", (), taught)
    with conversation.aside():
        (made,) = conversation.say(taught, MINUTE).made
        assert (made.service, made.name.startswith("Hrube")) == ("ZCD", True)
    assert [(one.day.day, one.at) for one in conversation.say("ANO", MINUTE).made] == [(19, time(10))]


@pytest.mark.parametrize("text", ["dřív to nejde?", "šlo by to dřív?", "radši dříve", "jindy", "jiný den"])
def test_of_a_booking_it_is_what_it_may_be_moved_to(text: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    (code,) = [one.code for one in conversation.say(BOOKED, MINUTE).made]
    said = conversation.say(text, MINUTE)
    taught = (said.reply or "").splitlines()[-1]
    assert (said.outcome, said.gone, taught.split()[:2]) == ("free_times", (), ["PRESUN", code])
    assert [one.code for one in conversation.say(taught, MINUTE).gone] == [code]


def test_earlier_is_looked_for_on_the_days_before_where_the_day_has_none() -> None:
    said = said_of("OBJ ZCD 20.8. v osm Hrubešová", "dřív to nejde?")
    assert (said.reply or "").endswith("OBJ ZCD 19.8. 8:00 Hrubesova"), said
    said = said_of("OBJ ZCD 2x 20.8. v osm Hrubešová", "později")
    assert (said.reply or "").endswith("OBJ ZCD 2X 20.8. 8:15 Hrubesova"), said


@pytest.mark.parametrize(
    "text",
    [
        "dřív nebo později", "dřív 3 osoby", "dřív to nejde, zavolejte", "později a dřív", "dřív pas",
        "jindy Novák", "příští týden nebo jiný den",
    ],
)  # fmt: skip
def test_with_any_other_word_it_is_not_only_that(text: str) -> None:
    assert said_of(ASKED, text).outcome != "free_times"


@pytest.mark.parametrize("text", ["dřív to nejde?", "jindy", "příští týden"])
def test_where_nothing_is_spoken_of_nothing_is_known(text: str) -> None:
    assert said_of(text).outcome == "not_understood"


@pytest.mark.parametrize("text", ["šlo by to", "nešlo 12.8. 9:45", "hele v pátek"])
def test_a_common_word_is_no_typing_error_of_a_command(text: str) -> None:
    assert "STORNO" not in (said_of(BOOKED, text).reply or "")
    assert said_of(text).outcome not in {"help", "missing_code"}
