"""People who get it wrong: what is read of their messages, and that what they are taught is still their own wish."""

from datetime import time

import pytest

from tests.conversation.erring import ASKED, BOOKED, MINUTE, said_of, taught_by
from tests.conversation.messages import MONDAY
from tests.conversation.office import Kept, Pure, keep
from tests.conversation.offices import DEMO

# --- a question about reminders ---------------------------------------------------------------------


@pytest.mark.parametrize("text", ["START?", "start ?", "Připomínej?", "PRIPOMINAJ?", "СТАРТ?"])
def test_who_asks_about_reminders_is_shown_what_switches_them_on(text: str) -> None:
    said = said_of("STOP", text)
    assert said.outcome == "not_understood", said
    assert said_of((said.reply or "").splitlines()[-1]).outcome == "resumed"


def test_opting_out_is_never_refused() -> None:
    assert said_of("STOP?").outcome == "stopped"


# --- a weekday and a date that contradict each other ------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("OBJ ZCD v pátek 20. srpna v 9:45 Hrubešová", '"patek 20.8."'),
        ("OBJ ZCD 9:45 Hrubešová v pátek 20.8.", '"patek 20.8."'),
        ("OBJ ZCD v pondělí 18. srpna 9:45 Hrubešová", '"pondeli 18.8."'),
    ],
)
def test_the_date_that_does_not_exist_is_told(text: str, shown: str) -> None:
    said = said_of(text)
    assert said.outcome == "bad_date", said
    assert shown in (said.reply or "")


@pytest.mark.parametrize(
    "text",
    [
        "OBJ ZCD 20.8. pátek 9:45 Hrubešová",
        "OBJ ZCD 20.8. v pátek 9:45 Hrubešová",
        "OBJ ZCD 20. 8. (pátek) 9:45 Hrubešová",
        "OBJ ZCD 20.8.2026, úterý, 9:45 Hrubešová",
        "OBJ ZCD 20.8.(pá) 9:45 Hrubešová",
    ],
)
def test_a_weekday_behind_a_date_may_contradict_it_too(text: str) -> None:
    assert said_of(text).outcome == "bad_date"
    assert taught_by(text) == "OBJ ZCD DATUM 9:45 HRUBESOVA"


@pytest.mark.parametrize(
    "text",
    [
        "OBJ ZCD 20.8. čtvrtek 9:45 Hrubešová",
        "OBJ ZCD 20.8. ve čtvrtek 9:45 Hrubešová",
        "OBJ ZCD 20. 8. (čtvrtek) v 9:45 Hrubešová",
        "OBJ ZCD 20.8.(čt) 9:45 Hrubešová",
        "OBJ ZCD Hrubešová 20.8. [Thu] 9:45",
        "ЗАПИС ZCD 20.8. (чт) 9:45 Hrubešová",
        "OBJEDNAJ ZCD 20.8. vo štvrtok 9:45 Hrubešová",
    ],
)
def test_a_weekday_behind_its_date_is_read(text: str) -> None:
    said = said_of(text, "ANO")
    assert [(one.day.day, one.at, one.name) for one in said.made] == [(20, time(9, 45), "Hrubešová")], said


@pytest.mark.parametrize(
    "text",
    [
        "OBJ ZCD ve čtvrtek čtrnáctého 9:45 Hrubešová",
        "OBJ ZCD dnes za týden 9:45 Hrubešová",
        "OBJ ZCD zítra za týden 9:45 Hrubešová",
        "OBJ ZCD ode dneška za týden 9:45 Hrubešová",
        "OBJ ZCD zítra za 14 dní 9:45 Hrubešová",
        "OBJ ZCD 12.13. 9:45 Hrubešová",
        "OBJ ZCD 14.13. 9.45 Hrubešová",
        "OBJ ZCD 18.-20.8. 9:45 Hrubešová",
        "OBJ ZCD 18. - 20. 8. 9:45 Hrubešová",
    ],
)
def test_a_day_that_was_not_read_is_a_hole(text: str) -> None:
    assert taught_by(text) == "OBJ ZCD DATUM 9:45 HRUBESOVA"


# --- half a name --------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", ["?", "\ufffd", "¿", "#", "_", "*", "|", "@", "\x8d", "€", "$", "%"])
@pytest.mark.parametrize("name", ["Ku{}era", "Ne{}as", "Bene{}ová", "Jan Ku{}era"])
def test_a_name_with_a_sign_for_a_letter_is_never_halved(sign: str, name: str) -> None:
    said = said_of(f"OBJ ZCD 20.8. 9:45 {name.format(sign)}")
    taught = (said.reply or "").splitlines()[-1]
    assert (taught, said.made) == ("OBJ ZCD 20.8. 9:45 PRIJMENI", ()), said


@pytest.mark.parametrize("sign", ["?", "\ufffd", "¿", "@", "\x8d", "€", "$", "%"])
def test_nor_is_one_that_ends_in_such_a_sign(sign: str) -> None:
    assert taught_by(f"OBJ ZCD 20.8. 9:45 Dvořákov{sign}") == "OBJ ZCD 20.8. 9:45 PRIJMENI"


@pytest.mark.parametrize(
    "text",
    [
        "OBJ + ZCD + 20.8. + 9:45 + Kučera",
        "OBJ ZCD 20.8 2026 9:45 Kučera",
        "OBJ#ZCD#20.8.#9:45#Kučera",
        "OBJ_ZCD 20.8. 9:45 Kučera",
        "OBJ ZCD 20.8. 9:45 Jan_Kučera",
    ],
)
def test_a_sign_between_whole_words_still_parts_them(text: str) -> None:
    assert said_of(text).made[0].name.endswith("Kučera")


# --- times --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spelled", "at"),
    [
        ("9:45:00", time(9, 45)), ("v 14:30:00", time(14, 30)), ("na devátou", time(9)),
        ("na desátou hodinu", time(10)),
        ("10-11", time(10)), ("13 - 14", time(13)), ("9'45", time(9, 45)), ("9´45", time(9, 45)), ("9°°", time(9)),
        ("13–15", time(13)), ("v devět hodin a patnáct minut", time(9, 15)), ("v deset a čtvrt", time(10, 15)),
        ("v 9 a půl", time(9, 30)), ("v devět hodin třicet minut", time(9, 30)), ("v 10 hod a půl", time(10, 30)),
        ("о пів на десяту", time(9, 30)), ("на дев'яту", time(9)), ("na deviatu", time(9)),
        ("na desiatu hodinu", time(10)),
    ],
)  # fmt: skip
def test_a_time_written_otherwise_is_read_back(spelled: str, at: time) -> None:
    text = f"OBJ ZCD 20.8. {spelled} Hrubešová"
    assert said_of(text).outcome == "proposed"
    said = said_of(text, "ANO")
    assert [(one.day.day, one.at, one.name) for one in said.made] == [(20, at, "Hrubešová")], said


@pytest.mark.parametrize("spelled", ["9:45:30", "1-2", "9-15", "10-9", "9-10-11", "8-25"])
def test_what_is_no_time_is_a_hole(spelled: str) -> None:
    assert taught_by(f"OBJ ZCD 20.8. {spelled} Hrubešová").startswith("OBJ ZCD ")
    assert said_of(f"OBJ ZCD 20.8. {spelled} Hrubešová", "ANO").made == ()


# --- the service behind the day -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "OBJ 20.8. ZCD 9:45 Hrubešová", "OBJ 9:45 20.8. ZCD Hrubešová", "OBJ ve čtvrtek 20.8. na pas v 9:45 Hrubešová",
        "chci 20.8. na pas 9:45 Hrubešová",
    ],
)  # fmt: skip
def test_a_service_behind_the_day_is_read_back(text: str) -> None:
    assert said_of(text).outcome == "proposed"
    said = said_of(text, "ANO")
    assert [(one.service, one.day.day, one.at, one.name) for one in said.made] == [
        ("ZCD", 20, time(9, 45), "Hrubešová")
    ]


@pytest.mark.parametrize("text", ["OBJ zítra 9:45 Hrubešová", "chci zítra v 9:45", "OBJ pátek"])
def test_a_day_in_the_place_of_the_service_is_no_code(text: str) -> None:
    said = said_of(text)
    assert "Zkratku" not in (said.reply or "")
    assert "OBJ ZKR " in (said.reply or ""), said


@pytest.mark.parametrize("name", ["K. Vomáčka", "Vomáčka K.", "A. Hrubeš", "O. Z. Vomáčková", "V. Hrubešová"])
def test_an_initial_with_its_full_stop_is_one(name: str) -> None:
    assert len(said_of(f"OBJ ZCD 20.8. 9:45 {name}").made) == 1


@pytest.mark.parametrize("name", ["k Vomáčka", "a. Vomáčka", "V Vomáčka pojede"])
def test_a_small_word_is_none(name: str) -> None:
    assert said_of(f"OBJ ZCD 20.8. 9:45 {name}").made == ()


# --- cancelling ---------------------------------------------------------------------------------------


def test_each_line_that_cancels_is_accepted_as_it_was_sent() -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say(BOOKED, MINUTE)
    conversation.say("OBJ ZOP 2x 19.8. 9:45 Hrubešová", MINUTE)
    lines = (conversation.say("zrušit", MINUTE).reply or "").splitlines()[1:]
    assert len(lines) == 2
    assert [len(conversation.say(line, MINUTE).gone) for line in lines] == [1, 1]


@pytest.mark.parametrize("told", ["(ZCD 10:00)", "(ZOP 9:45)", "(ZCD 9:45) prosím ne", "(9:45)", "(ZCD 9:45"])
def test_a_line_that_tells_of_another_booking_does_not_cancel(told: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    (code,) = [one.code for one in conversation.say(BOOKED, MINUTE).made]
    said = conversation.say(f"STORNO {code} 18.8. {told}", MINUTE)
    assert said.gone == (), said


@pytest.mark.parametrize(
    "text",
    [
        "nerušte mi to", "prosím neruším, přijdu", "nechci to rušit {code} 18.8.", "STORNO {code} 18.8. nerušit",
        "DO NOT CANCEL {code} 18.8.", "nicht stornieren {code} 18.8.", "не скасовуйте {code} 18.8.", "nerušte {code}",
    ],
)  # fmt: skip
def test_who_keeps_a_booking_is_not_taught_to_cancel_it(text: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    (code,) = [one.code for one in conversation.say(BOOKED, MINUTE).made]
    said = conversation.say(text.format(code=code), MINUTE)
    assert (said.outcome, said.gone) == ("mine", ())
    assert code in (said.reply or "")


# --- questions about a booking ------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["v kolik tam mám být?", "kdy tam mam byt", "Dobrý den, v kolik mám dorazit?"])
def test_when_to_come_is_answered_with_the_booking(text: str) -> None:
    assert said_of(BOOKED, text).outcome == "mine"


@pytest.mark.parametrize("text", ["kam mám jít?", "prosím kam mam dorazit"])
def test_where_to_come_is_answered_with_the_address(text: str) -> None:
    said = said_of(BOOKED, text)
    assert (said.outcome, (said.reply or "").startswith("Namesti")) == ("help", True)


def test_a_vietnamese_weekday_may_stand_before_its_date() -> None:
    text = "đặt lịch ZCD {} 20/8 9h45 Nguyễn Văn An"
    said = said_of(text.format("thứ năm"), "ANO")
    assert [(one.day.day, one.at) for one in said.made] == [(20, time(9, 45))], said
    assert said_of(text.format("thứ tư")).outcome == "bad_date"


def test_a_sign_that_was_dictated_is_no_name() -> None:
    said = said_of("OBJ ZCD 20.8. 9:45 Hrubešová tečka", "ANO")
    assert [one.name for one in said.made] == ["Hrubešová"], said


@pytest.mark.django_db
def test_the_real_way_tells_other_times_too() -> None:
    conversation = Kept(keep(DEMO, MONDAY), MONDAY)
    conversation.say(ASKED, MINUTE)
    told = [conversation.say(each, MINUTE) for each in ("dřív to nejde?", "příští týden", "jindy", "jiný den")]
    assert [one.outcome for one in told] == ["free_times"] * 4
    assert [(one.reply or "").split()[-3] for one in told] == ["19.8.", "10.8.", "19.8.", "20.8."]
    (made,) = conversation.say("ANO", MINUTE).made
    assert (conversation.say("posunout na 11", MINUTE).outcome, made.at) == ("proposed", time(10))
    (moved,) = conversation.say("ANO", MINUTE).made
    assert (moved.at, conversation.say("zrušit", MINUTE).outcome) == (time(11), "missing_code")
    assert conversation.say(f"STORNO {moved.code} 19.8. (ZCD 11:00)", MINUTE).outcome == "cancelled"
