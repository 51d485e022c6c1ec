"""People who get it wrong: what is read of their messages, and that what they are taught is still their own wish."""

from datetime import time, timedelta

import pytest

from tests.conversation.messages import MONDAY
from tests.conversation.office import Kept, Pure, Said, keep
from tests.conversation.offices import DEMO

MINUTE = timedelta(minutes=1)


def _said(*texts: str) -> Said:
    """What comes of the last of these messages of one phone."""
    conversation = Pure(DEMO, MONDAY)
    for text in texts[:-1]:
        conversation.say(text, MINUTE)
    return conversation.say(texts[-1], MINUTE)


def _taught(text: str) -> str:
    """The last line of the reply, where nothing was done."""
    said = _said(text)
    assert said.made == said.gone == (), said
    return (said.reply or "").splitlines()[-1]


# --- a question about reminders ---------------------------------------------------------------------


@pytest.mark.parametrize("text", ["START?", "start ?", "Připomínej?", "PRIPOMINAJ?", "СТАРТ?"])
def test_who_asks_about_reminders_is_shown_what_switches_them_on(text: str) -> None:
    said = _said("STOP", text)
    assert said.outcome == "not_understood", said
    assert _said((said.reply or "").splitlines()[-1]).outcome == "resumed"


def test_opting_out_is_never_refused() -> None:
    assert _said("STOP?").outcome == "stopped"


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
    said = _said(text)
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
    assert _said(text).outcome == "bad_date"
    assert _taught(text) == "OBJ ZCD DATUM 9:45 HRUBESOVA"


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
    said = _said(text, "ANO")
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
    assert _taught(text) == "OBJ ZCD DATUM 9:45 HRUBESOVA"


# --- half a name --------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", ["?", "\ufffd", "¿", "#", "_", "*", "|", "@", "\x8d", "€", "$", "%"])
@pytest.mark.parametrize("name", ["Ku{}era", "Ne{}as", "Bene{}ová", "Jan Ku{}era"])
def test_a_name_with_a_sign_for_a_letter_is_never_halved(sign: str, name: str) -> None:
    said = _said(f"OBJ ZCD 20.8. 9:45 {name.format(sign)}")
    taught = (said.reply or "").splitlines()[-1]
    assert (taught, said.made) == ("OBJ ZCD 20.8. 9:45 PRIJMENI", ()), said


@pytest.mark.parametrize("sign", ["?", "\ufffd", "¿", "@", "\x8d", "€", "$", "%"])
def test_nor_is_one_that_ends_in_such_a_sign(sign: str) -> None:
    assert _taught(f"OBJ ZCD 20.8. 9:45 Dvořákov{sign}") == "OBJ ZCD 20.8. 9:45 PRIJMENI"


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
    assert _said(text).made[0].name.endswith("Kučera")


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
    assert _said(text).outcome == "proposed"
    said = _said(text, "ANO")
    assert [(one.day.day, one.at, one.name) for one in said.made] == [(20, at, "Hrubešová")], said


@pytest.mark.parametrize("spelled", ["9:45:30", "1-2", "9-15", "10-9", "9-10-11", "8-25"])
def test_what_is_no_time_is_a_hole(spelled: str) -> None:
    assert _taught(f"OBJ ZCD 20.8. {spelled} Hrubešová").startswith("OBJ ZCD ")
    assert _said(f"OBJ ZCD 20.8. {spelled} Hrubešová", "ANO").made == ()


# --- moving -------------------------------------------------------------------------------------------

_BOOKED = "OBJ ZCD 18.8. 9:45 Hrubešová"


def _moved(text: str, *before: str) -> list[tuple[str, int, time]]:
    """What a yes moves after this message of a phone that holds one booking (and those `before`)."""
    conversation = Pure(DEMO, MONDAY)
    for each in (_BOOKED, *before):
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
    said = _said(_BOOKED, text)
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
    assert _taught(text) == taught


# --- only another time --------------------------------------------------------------------------------

_ASKED = "OBJ ZCD 19.8. v deset Hrubešová"


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
    conversation.say(_ASKED, MINUTE)
    said = conversation.say(text, MINUTE)
    assert (said.outcome, said.made, (said.reply or "").splitlines()[-1]) == ("free_times", (), taught)
    with conversation.aside():
        (made,) = conversation.say(taught, MINUTE).made
        assert (made.service, made.name.startswith("Hrube")) == ("ZCD", True)
    assert [(one.day.day, one.at) for one in conversation.say("ANO", MINUTE).made] == [(19, time(10))]


@pytest.mark.parametrize("text", ["dřív to nejde?", "šlo by to dřív?", "radši dříve", "jindy", "jiný den"])
def test_of_a_booking_it_is_what_it_may_be_moved_to(text: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    (code,) = [one.code for one in conversation.say(_BOOKED, MINUTE).made]
    said = conversation.say(text, MINUTE)
    taught = (said.reply or "").splitlines()[-1]
    assert (said.outcome, said.gone, taught.split()[:2]) == ("free_times", (), ["PRESUN", code])
    assert [one.code for one in conversation.say(taught, MINUTE).gone] == [code]


def test_earlier_is_looked_for_on_the_days_before_where_the_day_has_none() -> None:
    said = _said("OBJ ZCD 20.8. v osm Hrubešová", "dřív to nejde?")
    assert (said.reply or "").endswith("OBJ ZCD 19.8. 8:00 Hrubesova"), said
    said = _said("OBJ ZCD 2x 20.8. v osm Hrubešová", "později")
    assert (said.reply or "").endswith("OBJ ZCD 2X 20.8. 8:15 Hrubesova"), said


@pytest.mark.parametrize(
    "text",
    [
        "dřív nebo později", "dřív 3 osoby", "dřív to nejde, zavolejte", "později a dřív", "dřív pas",
        "jindy Novák", "příští týden nebo jiný den",
    ],
)  # fmt: skip
def test_with_any_other_word_it_is_not_only_that(text: str) -> None:
    assert _said(_ASKED, text).outcome != "free_times"


@pytest.mark.parametrize("text", ["dřív to nejde?", "jindy", "příští týden"])
def test_where_nothing_is_spoken_of_nothing_is_known(text: str) -> None:
    assert _said(text).outcome == "not_understood"


@pytest.mark.parametrize("text", ["šlo by to", "nešlo 12.8. 9:45", "hele v pátek"])
def test_a_common_word_is_no_typing_error_of_a_command(text: str) -> None:
    assert "STORNO" not in (_said(_BOOKED, text).reply or "")
    assert _said(text).outcome not in {"help", "missing_code"}


# --- the service behind the day -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "OBJ 20.8. ZCD 9:45 Hrubešová", "OBJ 9:45 20.8. ZCD Hrubešová", "OBJ ve čtvrtek 20.8. na pas v 9:45 Hrubešová",
        "chci 20.8. na pas 9:45 Hrubešová",
    ],
)  # fmt: skip
def test_a_service_behind_the_day_is_read_back(text: str) -> None:
    assert _said(text).outcome == "proposed"
    said = _said(text, "ANO")
    assert [(one.service, one.day.day, one.at, one.name) for one in said.made] == [
        ("ZCD", 20, time(9, 45), "Hrubešová")
    ]


@pytest.mark.parametrize("text", ["OBJ zítra 9:45 Hrubešová", "chci zítra v 9:45", "OBJ pátek"])
def test_a_day_in_the_place_of_the_service_is_no_code(text: str) -> None:
    said = _said(text)
    assert "Zkratku" not in (said.reply or "")
    assert "OBJ ZKR " in (said.reply or ""), said


@pytest.mark.parametrize("name", ["K. Vomáčka", "Vomáčka K.", "A. Hrubeš", "O. Z. Vomáčková", "V. Hrubešová"])
def test_an_initial_with_its_full_stop_is_one(name: str) -> None:
    assert len(_said(f"OBJ ZCD 20.8. 9:45 {name}").made) == 1


@pytest.mark.parametrize("name", ["k Vomáčka", "a. Vomáčka", "V Vomáčka pojede"])
def test_a_small_word_is_none(name: str) -> None:
    assert _said(f"OBJ ZCD 20.8. 9:45 {name}").made == ()


# --- cancelling ---------------------------------------------------------------------------------------


def test_each_line_that_cancels_is_accepted_as_it_was_sent() -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say(_BOOKED, MINUTE)
    conversation.say("OBJ ZOP 2x 19.8. 9:45 Hrubešová", MINUTE)
    lines = (conversation.say("zrušit", MINUTE).reply or "").splitlines()[1:]
    assert len(lines) == 2
    assert [len(conversation.say(line, MINUTE).gone) for line in lines] == [1, 1]


@pytest.mark.parametrize("told", ["(ZCD 10:00)", "(ZOP 9:45)", "(ZCD 9:45) prosím ne", "(9:45)", "(ZCD 9:45"])
def test_a_line_that_tells_of_another_booking_does_not_cancel(told: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    (code,) = [one.code for one in conversation.say(_BOOKED, MINUTE).made]
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
    (code,) = [one.code for one in conversation.say(_BOOKED, MINUTE).made]
    said = conversation.say(text.format(code=code), MINUTE)
    assert (said.outcome, said.gone) == ("mine", ())
    assert code in (said.reply or "")


# --- questions about a booking ------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["v kolik tam mám být?", "kdy tam mam byt", "Dobrý den, v kolik mám dorazit?"])
def test_when_to_come_is_answered_with_the_booking(text: str) -> None:
    assert _said(_BOOKED, text).outcome == "mine"


@pytest.mark.parametrize("text", ["kam mám jít?", "prosím kam mam dorazit"])
def test_where_to_come_is_answered_with_the_address(text: str) -> None:
    said = _said(_BOOKED, text)
    assert (said.outcome, (said.reply or "").startswith("Namesti")) == ("help", True)


def test_a_vietnamese_weekday_may_stand_before_its_date() -> None:
    text = "đặt lịch ZCD {} 20/8 9h45 Nguyễn Văn An"
    said = _said(text.format("thứ năm"), "ANO")
    assert [(one.day.day, one.at) for one in said.made] == [(20, time(9, 45))], said
    assert _said(text.format("thứ tư")).outcome == "bad_date"


def test_a_sign_that_was_dictated_is_no_name() -> None:
    said = _said("OBJ ZCD 20.8. 9:45 Hrubešová tečka", "ANO")
    assert [one.name for one in said.made] == ["Hrubešová"], said


@pytest.mark.django_db
def test_the_real_way_tells_other_times_too() -> None:
    conversation = Kept(keep(DEMO, MONDAY), MONDAY)
    conversation.say(_ASKED, MINUTE)
    told = [conversation.say(each, MINUTE) for each in ("dřív to nejde?", "příští týden", "jindy", "jiný den")]
    assert [one.outcome for one in told] == ["free_times"] * 4
    assert [(one.reply or "").split()[-3] for one in told] == ["19.8.", "10.8.", "19.8.", "20.8."]
    (made,) = conversation.say("ANO", MINUTE).made
    assert (conversation.say("posunout na 11", MINUTE).outcome, made.at) == ("proposed", time(10))
    (moved,) = conversation.say("ANO", MINUTE).made
    assert (moved.at, conversation.say("zrušit", MINUTE).outcome) == (time(11), "missing_code")
    assert conversation.say(f"STORNO {moved.code} 19.8. (ZCD 11:00)", MINUTE).outcome == "cancelled"
