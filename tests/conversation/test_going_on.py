"""Going on with what was listed or asked for: "9:15 Svoboda" behind free times, "Svoboda" behind a missing name."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings

from tests.conversation.messages import MONDAY
from tests.conversation.office import LANGUAGES, Kept, Pure, keep
from tests.conversation.offices import DEMO, OFFICES
from tests.conversation.taught import taught
from tests.conversation.wishes import Wish, clock, day_month, wishes

MINUTE = timedelta(minutes=1)
WAYS = (
    "{at} {name}", "v {at} {name}", "{name} {at}", "beru {at} {name}", "ano, {at}, {name}", "tak v {at}, {name}",
    "{at}, {name}, prosím", "{at} pre {name}", "о {at} {name}", "at {at} {name}", "um {at} {name}", "o {at} {name}",
    "ok {at} {name}", "yes {at} {name}", "áno {at} {name}", "так {at} {name}",
)  # fmt: skip


def _listed(wish: Wish, language: str = "cs") -> Pure:
    conversation = Pure(DEMO, wish.now)
    said = conversation.say(f"{LANGUAGES[language].command('free')} {wish.service} {day_month(wish.day)}")
    assert said.outcome == "free_times"
    return conversation


def _booked(conversation: Pure) -> list[tuple[str, date, time, str, int]]:
    made = conversation.say("ANO", MINUTE).made
    return [(one.service, one.day, one.at, one.name, one.persons) for one in made]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=4)
@given(wish=wishes(DEMO, ["book"], odd=False))
def test_a_time_of_the_list_with_a_name_is_read_back(way: str, language: str, wish: Wish) -> None:
    conversation = _listed(wish, language)
    said = conversation.say(way.format(at=clock(wish.at), name=wish.name), MINUTE)
    assert (said.outcome, said.made) == ("proposed", ()), said
    assert _booked(conversation) == [(wish.service, wish.day, wish.at, wish.name, 1)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("way", ["{at}", "v {at}", "ANO {at}", "o {at}", "at {at}", "о {at}"])
@settings(max_examples=4)
@given(wish=wishes(DEMO, ["book"], odd=False))
def test_of_a_time_alone_the_name_is_asked_which_then_is_enough(way: str, language: str, wish: Wish) -> None:
    conversation = _listed(wish, language)
    said = conversation.say(way.format(at=clock(wish.at)), MINUTE)
    assert said.outcome == "missing_name", said
    with conversation.aside():
        (lesson,) = taught(said.reply or "")
        back = conversation.say(lesson.text.replace("PRIJMENI", wish.name), MINUTE)
        assert back.outcome in {"booked", "missing_name"}, back  # the hole of another language is filled elsewhere
        assert all((one.service, one.day, one.at) == (wish.service, wish.day, wish.at) for one in back.made)
    assert conversation.say(wish.name, MINUTE).outcome == "proposed"
    assert _booked(conversation) == [(wish.service, wish.day, wish.at, wish.name, 1)]


@pytest.mark.parametrize("answer", ["ANO", "ta druhá", "2", "tu první", "druhý termín", "ano 3", "ten druhý"])
def test_a_yes_or_a_number_is_asked_for_the_time(answer: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say("TERMIN PTP 19.8.")
    said = conversation.say(answer, MINUTE)
    assert (said.outcome, said.made) == ("missing_time", ())
    assert (said.reply or "").splitlines()[-1] == "OBJ PTP 19.8. CAS PRIJMENI"


@pytest.mark.parametrize(
    ("answer", "day", "first"),
    [
        ("jindy", 20, 8), ("později", 20, 8), ("dřív to nejde?", 18, 8), ("jiný den", 20, 8), ("příští týden", 10, 8),
        ("radši v pátek", 21, 8), ("a ve čtvrtek?", 20, 8), ("o týden později", 26, 8), ("odpoledne", 19, 12),
        ("25.8.", 25, 8),
        ("another day", 20, 8),
        ("inokedy", 20, 8), ("інший день", 20, 8), ("inny dzień", 20, 8), ("ein anderer Tag", 20, 8),
    ],
)  # fmt: skip
def test_another_day_of_the_same_service_is_listed(answer: str, day: int, first: int) -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say("TERMIN RTP 19.8.")
    said = conversation.say(answer, MINUTE)
    assert (said.outcome, said.result.service.code, said.result.day.day) == ("free_times", "RTP", day), said
    assert said.result.starts[0].hour == first
    conversation.say(f"{clock(said.result.starts[1])} Hrubý", MINUTE)
    assert _booked(conversation) == [("RTP", said.result.day, said.result.starts[1], "Hrubý", 1)]


LACKING: Sequence[tuple[str, str, str, tuple[str, int, int, str, int]]] = (
    ("OBJ PCD 19.8. 13:15", "missing_name", "Hrubý", ("PCD", 19, 13, "Hrubý", 1)),
    ("OBJ PCD 2x 19.8. 13:15", "missing_name", "Jana Hrubá", ("PCD", 19, 13, "Jana Hrubá", 2)),
    ("OBJ PCD 13:15 Hrubý", "missing_date", "19.8.", ("PCD", 19, 13, "HRUBY", 1)),
    ("OBJ PCD 19.8. Hrubý", "missing_time", "13:15", ("PCD", 19, 13, "HRUBY", 1)),
    ("OBJ PCD 31.9. 13:15 Hrubý", "bad_date", "19.8.", ("PCD", 19, 13, "HRUBY", 1)),
    ("OBJ PCD 19.8. 25:15 Hrubý", "bad_time", "13:15", ("PCD", 19, 13, "HRUBY", 1)),
    ("OBJ PCD 19.8. 19:15 Hrubý", "outside_hours", "ve 13:15", ("PCD", 19, 13, "Hrubý", 1)),
    ("OBJ PCD 19.8. 13:20 Hrubý", "off_grid", "13:15", ("PCD", 19, 13, "Hrubý", 1)),
    ("OBJ PCD 22.8. 13:15 Hrubý", "closed_day", "ve středu 19.8.", ("PCD", 19, 13, "Hrubý", 1)),
    ("OBJ PCD 22.8. 13:15 Hrubý", "closed_day", "v pondělí", ("PCD", 24, 13, "Hrubý", 1)),
    ("OBJ PCD 22.8. 7:15 Hrubý", "closed_day", "13:15", ("PCD", 24, 13, "Hrubý", 1)),
    ("OBJ PCD 19.12. 13:15 Hrubý", "too_far", "19.8.", ("PCD", 19, 13, "Hrubý", 1)),
    ("BOOK PCD 19.8. 13:15", "missing_name", "Hrubý", ("PCD", 19, 13, "Hrubý", 1)),
)


@pytest.mark.parametrize(("text", "outcome", "value", "made"), LACKING)
def test_the_value_that_was_asked_for_is_enough(
    text: str, outcome: str, value: str, made: tuple[str, int, int, str, int]
) -> None:
    conversation = Pure(DEMO, MONDAY)
    assert conversation.say(text).outcome == outcome
    said = conversation.say(value, MINUTE)
    assert (said.outcome, said.made) == ("proposed", ()), said
    assert [(s, day.day, at.hour, name, count) for s, day, at, name, count in _booked(conversation)] == [made]


def test_the_soonest_place_is_booked_for_the_name_that_was_missing() -> None:
    conversation = Pure(DEMO, MONDAY)
    assert conversation.say("OBJ PCD").outcome == "missing_name"
    assert conversation.say("Hrubý", MINUTE).outcome == "proposed"
    assert [(one[0], one[3]) for one in _booked(conversation)] == [("PCD", "Hrubý")]


def test_what_was_refused_is_not_gone_on_with() -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say("TERMIN ZCD 19.8.")
    assert conversation.say("ne díky", MINUTE).outcome == "declined"
    assert conversation.say("9:30 Hrubý", MINUTE).outcome == "not_understood"


@pytest.mark.parametrize("text", ["9:30 Hrubý", "9:30", "jindy", "Hrubý", "ANO", "v pátek"])
def test_only_as_long_as_an_offer_stands(text: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say("TERMIN ZCD 19.8.")
    late = timedelta(minutes=DEMO.settings.offer_minutes + 1)
    assert conversation.say(text, late).outcome in {"not_understood", "nothing_offered"}


def test_only_the_last_list_is_gone_on_with_and_a_message_of_its_own_goes_before() -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say("TERMIN ZCD 19.8.")
    conversation.say("TERMIN RTP 20.8.", MINUTE)
    conversation.say("9:30 Hrubý", MINUTE)
    assert [(one[0], one[1].day) for one in _booked(conversation)] == [("RTP", 20)]
    conversation.say("TERMIN ZCD 19.8.", MINUTE)
    assert conversation.say("OBJ POP 21.8. 9:45 Malá", MINUTE).outcome == "booked"
    assert conversation.say("9:30 Hrubý", MINUTE).outcome == "not_understood"
    assert conversation.say("jindy", MINUTE).outcome == "not_understood"  # of two bookings


def test_an_open_question_keeps_its_yes_but_not_the_time_of_a_newer_list() -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say("OBJ PTP 19.8. 14:15 Dvorská", sender="+420602000001")
    assert conversation.say("OBJ PTP 19.8. 14:15 Hrubý", MINUTE).outcome == "slot_full"
    conversation.say("TERMIN ZCD 20.8.", MINUTE)
    with conversation.aside():
        assert [(one.service, one.day.day) for one in conversation.say("ANO", MINUTE).made] == [("PTP", 19)]
    said = conversation.say("14:30", MINUTE)  # on both
    assert (said.outcome, said.made) == ("missing_name", ())
    assert "OBJ ZCD 20.8. 14:30" in (said.reply or "")


def test_a_booking_is_not_moved_under_another_name() -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say("OBJ ZCD 19.8. 9:30 Malá")
    assert conversation.say("jindy", MINUTE).outcome == "free_times"
    assert conversation.say("10:30 Hrubý", MINUTE).outcome == "not_understood"
    assert conversation.say("10:30 malá", MINUTE).outcome == "proposed"
    assert [one.at for one in conversation.say("ANO", MINUTE).made] == [time(10, 30)]


@pytest.mark.parametrize(
    "text",
    [
        "9:30 Hrubý?", "9:30 nebo 10:30 Hrubý", "9:30 Hrubý nechci", "9:30 jestli bude Hrubý",
        "Hrubý se ozve", "pro koho", "kdo", "hrozně", "9:30 10:30 Hrubý", "482913", "9:30 Hrubý a Malá",
    ],
)  # fmt: skip
def test_what_says_anything_else_books_nothing(text: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say("TERMIN ZCD 19.8.")
    said = conversation.say(text, MINUTE)
    assert (said.made, said.outcome == "proposed") == ((), False), said


@pytest.mark.parametrize(
    ("text", "outcome", "first"),
    [
        ("v 9", "missing_name", "9:00"), ("po 9", "free_times", "9:00"), ("až po 14 hod", "free_times", "14:00"),
        ("nic z toho", "free_times", "8:00"), ("žádný mi nevyhovuje", "free_times", "8:00"),
    ],
)  # fmt: skip
def test_an_hour_or_a_no_to_all_of_the_list(text: str, outcome: str, first: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say("TERMIN ZCD 19.8.")
    said = conversation.say(text, MINUTE)
    assert said.outcome == outcome
    day = 20 if first == "8:00" else 19
    assert f"OBJ ZCD {day}.8. {first} PRIJMENI" in (said.reply or "")


def test_a_weekday_is_that_of_the_days_spoken_of() -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say("TERMIN ZCD 5.8.")
    assert conversation.say("příští týden", MINUTE).result.day.day == 10
    assert conversation.say("ve středu", MINUTE).result.day.day == 12
    assert conversation.say("v pondělí", MINUTE).result.day.day == 17


def test_another_word_is_no_mistyped_command() -> None:
    assert "HLIDEJ" not in (Pure(DEMO, MONDAY).say("přidejte ještě manžela").reply or "")


def test_a_telephone_number_alone_is_no_access_code() -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say("TERMIN ZCD 19.8.")
    assert "STORNO" not in (conversation.say("602345678", MINUTE).reply or "")


STEPS: Sequence[tuple[tuple[str, ...], tuple[str, int, str, str, int]]] = (
    (("TERMIN PCD 19.8.", "13:15 pro 2 osoby", "Hrubý"), ("PCD", 19, "13:15", "Hrubý", 2)),
    (("TERMIN PCD 19.8.", "v devět", "jmenuju se Hrubý"), ("PCD", 19, "9:00", "Hrubý", 1)),
    (("TERMIN PCD 19.8.", "pro dva", "vezmu 13:15", "jsem Hrubý"), ("PCD", 19, "13:15", "Hrubý", 2)),
    (("TERMIN PCD 19.8.", "a občanka?", "13:15 Hrubý"), ("ZOP", 19, "13:15", "Hrubý", 1)),
    (("TERMIN PCD 19.8.", "PCD 13:15 Hrubý"), ("PCD", 19, "13:15", "Hrubý", 1)),
    (("TERMIN PCD 19.8.", "13:15 Sobota"), ("PCD", 19, "13:15", "Sobota", 1)),
    (("TERMIN PCD 19.8.", "13:15 Pop"), ("PCD", 19, "13:15", "Pop", 1)),
    (("TERMIN PCD 19.8.", "13:15 Ing. Hrubý, Ph.D."), ("PCD", 19, "13:15", "Ing Hrubý PhD", 1)),
    (("OBJ 19.8. 13:15 Hrubý", "PCD"), ("PCD", 19, "13:15", "HRUBY", 1)),
    (("OBJ 19.8. 13:15 Hrubý", "na ZOP prosím"), ("ZOP", 19, "13:15", "HRUBY", 1)),
    (("kdy můžu přijít na ZOP?", "19.8.", "13:15", "Hrubý"), ("ZOP", 19, "13:15", "Hrubý", 1)),
)


@pytest.mark.parametrize(("texts", "made"), STEPS)
def test_step_by_step_one_value_is_added_to_the_others(
    texts: tuple[str, ...], made: tuple[str, int, str, str, int]
) -> None:
    conversation = Pure(DEMO, MONDAY)
    told = [conversation.say(text, MINUTE) for text in texts]
    assert (told[-1].outcome, [one.made for one in told]) == ("proposed", [()] * len(texts)), told[-1]
    assert [(s, day.day, clock(at), name, count) for s, day, at, name, count in _booked(conversation)] == [made]


def test_what_was_understood_only_in_part_stands_in_no_open_questions_way() -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say("OBJ PTP 19.8. v 9:30 k vám Hrubý")
    assert conversation.say("a na občanku v pátek nebo v sobotu?", MINUTE).outcome != "proposed"
    said = conversation.say("10:30", MINUTE)
    assert said.outcome == "proposed"
    assert [(one[0], one[1].day, clock(one[2])) for one in _booked(conversation)] == [("PTP", 19, "10:30")]


def test_the_hour_behind_its_preposition_is_no_number_of_an_offer() -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say("OBJ PTP 19.8. 8:15 Dvorská", sender="+420602000001")
    assert conversation.say("OBJ PTP 19.8. 8:15 Hrubý", MINUTE).outcome == "slot_full"
    assert conversation.say("v devět", MINUTE).outcome == "proposed"
    assert [clock(one[2]) for one in _booked(conversation)] == ["9:00"]


@pytest.mark.parametrize(
    "text",
    ["ve čtvrtek nemůžu", "nemůžu ve čtvrtek", "20.8. se mi nehodí", "v 10:15 nemůžu", "Thursday doesn't suit me"],
)
def test_who_cannot_come_then_is_told_when_the_booking_may_be_moved_to(text: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    (held,) = conversation.say("OBJ PTP 20.8. 10:15 Hrubý").made
    said = conversation.say(text, timedelta(minutes=11))
    assert (said.outcome, said.gone, said.result.day.day) == ("free_times", (), 21), said
    assert f"{held.code} 21.8. 8:00" in (said.reply or "")
    assert conversation.say("v 10:30", MINUTE).outcome == "proposed"
    assert [(one.day.day, clock(one.at)) for one in conversation.say("ANO", MINUTE).made] == [(21, "10:30")]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("v 11 by to nešlo?", (20, "11:00")),
        ("čtvrtek nejde, co pátek?", (21, "10:15")),
        ("omlouvám se, nejde to, můžu v 11?", (20, "11:00")),
    ],
)
def test_what_does_not_suit_and_what_does_is_a_wish_to_move(text: str, at: tuple[int, str]) -> None:
    conversation = Pure(DEMO, datetime(2026, 8, 17, 9, tzinfo=DEMO.zone))
    conversation.say("OBJ PTP 20.8. 10:15 Hrubý")
    assert conversation.say(text, timedelta(minutes=11)).outcome == "proposed"
    assert [(one.day.day, clock(one.at)) for one in conversation.say("ANO", MINUTE).made] == [at]


@pytest.mark.parametrize("text", ["prosím přesunout na jindy", "chci jiný termín", "potřebuju přeobjednat na jiný den"])
def test_who_wants_to_move_at_another_time_is_told_the_free_ones(text: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    (held,) = conversation.say("OBJ PTP 20.8. 10:15 Hrubý").made
    said = conversation.say(text, timedelta(minutes=11))
    assert said.outcome == "free_times", said
    assert f"PRESUN {held.code}" in (said.reply or "")


@pytest.mark.parametrize(
    ("text", "begins"),
    [("9:30 please, Smith", "Not booked"), ("tak v 9:30 Hrubý", "Zatim"), ("yes 9:30 Smith", "Not booked")],
)
def test_the_reply_is_in_the_language_of_its_words(text: str, begins: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say("TERMIN ZCD 19.8.")
    assert (conversation.say(text, MINUTE).reply or "").startswith(begins)


# --- the real way --------------------------------------------------------------------------------

TALKS = (
    (
        ("TERMIN ZCD 19.8.", "free_times"),
        ("ta druhá", "missing_time"),
        ("v půl desáté", "missing_name"),
        ("Hrubý", "proposed"),
        ("ANO", "booked"),
    ),
    (
        ("OBJ ZCD 22.8. 9:45 Hrubý", "closed_day"),
        ("ANO", "free_times"),
        ("10:30", "proposed"),
        ("ANO", "booked"),
        ("jindy", "free_times"),
        ("11:15", "proposed"),
        ("ANO", "moved"),
        ("v pátek", "not_understood"),
    ),
    (("OBJ ZCD 2x", "missing_name"), ("Hrubý", "proposed"), ("ANO", "booked")),
)


@pytest.mark.django_db
@pytest.mark.parametrize("talk", TALKS)
def test_what_is_unfinished_is_kept(talk: tuple[tuple[str, str], ...]) -> None:
    conversation = Kept(keep(DEMO, MONDAY - timedelta(days=30)), MONDAY)
    assert [(text, conversation.say(text, MINUTE).outcome) for text, _ in talk] == list(talk)


@pytest.mark.django_db
def test_the_lists_of_two_offices_are_never_mixed() -> None:
    before = datetime(2026, 7, 1, tzinfo=DEMO.zone)
    town = Kept(keep(DEMO, before), MONDAY)
    other = Kept(keep(replace(OFFICES["one"], numbers=("+420739547766",)), before), MONDAY)
    town.say("TERMIN ZCD 19.8.")
    other.say("TERMIN RPV 20.8.", MINUTE)
    town.say("9:30 Hrubý", MINUTE)
    assert [(one.service, one.day.day) for one in town.say("ANO", MINUTE).made] == [("ZCD", 19)]
