"""Times that are about a time: read back as the nearest free start there is, never booked at once and never asked for.

What is read back lies within what was said; where nothing is free there, the reason for the time itself is told.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conversation.messages import MONDAY
from tests.conversation.office import LANGUAGES, Pure, Said, bookable, fold
from tests.conversation.offices import DEMO, OFFICES
from tests.conversation.wishes import Wish, day_month, wishes

MINUTE = timedelta(minutes=1)
BOOKINGS = wishes(DEMO, ["book"], odd=False)

NOON = {
    "cs": "kolem poledne|okolo poledne|asi v poledne|někdy kolem poledne|okolo oběda|tak kolem poledne",
    "sk": "okolo poludnia|okolo obeda|asi na poludnie",
    "en": "around noon|about midday|around lunchtime|at about noon",
    "de": "gegen Mittag|so gegen Mittag",
    "pl": "około południa",
    "uk": "близько полудня|біля обіду",
    "ru": "около полудня",
}
BEFORE_NOON = {
    "cs": "před polednem|těsně před polednem|před obědem",
    "sk": "pred poludním|pred obedom",
    "en": "before noon|just before lunch",
    "de": "vor Mittag|kurz vor Mittag",
    "pl": "przed południem",
    "uk": "перед обідом",
}
AFTER_NOON = {"cs": "po poledni|po obědě", "sk": "po obede", "en": "after lunch|after noon", "uk": "після обіду"}
AROUND = {
    "cs": "kolem {h}|kolem {h}:00|asi v {h}|cca {h}h|zhruba v {h} hod|okolo {h} hodin|tak kolem {h}",
    "sk": "okolo {h}|asi o {h}:00|približne o {h}",
    "en": "around {h}|about {h}:00|approximately {h}|at around {h} am",
    "de": "gegen {h} Uhr|so um {h}|circa {h} Uhr",
    "uk": "близько {h}|приблизно о {h}:00",
}
BETWEEN = (
    "mezi {a} a {b}",
    "od {a} do {b}",
    "mezi {a}:00 a {b}:00",
    "{a}:00-{b}:00",
    "{a}-{b} hod",
    "between {a} and {b}",
    "zwischen {a} und {b}",
    "medzi {a} a {b}",
    "між {a} та {b}",
)
FORMS = (
    "{book} {service} {day} {about} {name}",
    "{book} {service} {name} {day} {about}",
    "{book} {service} {about} {day} {name}",
)


def _each(said: dict[str, str]) -> Sequence[tuple[str, str]]:
    return [(language, one) for language, all_ in said.items() for one in all_.split("|")]


def _answered_in(language: str) -> str:
    return LANGUAGES[language if language in LANGUAGES else "cs"].command("book")


def _say(wish: Wish, language: str, about: str, form: str = FORMS[0]) -> tuple[Pure, Said]:
    conversation = Pure(DEMO, wish.now)
    values = {"service": wish.service, "day": day_month(wish.day), "name": wish.name, "about": about}
    return conversation, conversation.say(form.format(book=_answered_in(language), **values))


def _nearest(wish: Wish, wanted: time, first: time, last: time) -> time | None:
    free = [at for at in bookable(DEMO, DEMO.service_of[wish.service], wish.day) if first <= at <= last]
    return min(free, key=lambda at: abs(at.hour * 60 + at.minute - wanted.hour * 60 - wanted.minute), default=None)


def _taken(conversation: Pure, wish: Wish) -> list[tuple[str, date, time, str]]:
    made = conversation.say("ANO", MINUTE).made
    assert all(one.service == wish.service and one.day == wish.day and one.name == wish.name for one in made)
    return [(one.service, one.day, one.at, one.name) for one in made]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("language", "about"), _each(NOON))
@settings(max_examples=4)
@given(wish=BOOKINGS)
def test_around_noon_is_the_start_nearest_to_noon(form: str, language: str, about: str, wish: Wish) -> None:
    conversation, said = _say(wish, language, about, form)
    assert (said.outcome, said.made) == ("proposed", ()), said
    nearest = _nearest(wish, time(12), time(11), time(13))
    assert _taken(conversation, wish) == [(wish.service, wish.day, nearest, wish.name)]


@pytest.mark.parametrize(("language", "about"), _each(BEFORE_NOON))
@settings(max_examples=4)
@given(wish=BOOKINGS)
def test_before_noon_is_the_last_start_before_it(language: str, about: str, wish: Wish) -> None:
    conversation, said = _say(wish, language, about)
    assert said.outcome == "proposed", said
    nearest = _nearest(wish, time(12), time(10), time(11, 59))
    assert _taken(conversation, wish) == [(wish.service, wish.day, nearest, wish.name)]


@pytest.mark.parametrize(("language", "about"), _each(AFTER_NOON))
@settings(max_examples=4)
@given(wish=BOOKINGS)
def test_after_noon_is_the_first_start_from_noon_on(language: str, about: str, wish: Wish) -> None:
    conversation, said = _say(wish, language, about)
    assert said.outcome == "proposed", said
    nearest = _nearest(wish, time(12), time(12), time.max)
    assert _taken(conversation, wish) == [(wish.service, wish.day, nearest, wish.name)]


@pytest.mark.parametrize(("language", "about"), _each(AROUND))
@settings(max_examples=4)
@given(wish=BOOKINGS, hour=st.integers(8, 11))
def test_around_an_hour_is_the_start_nearest_to_it(language: str, about: str, wish: Wish, hour: int) -> None:
    conversation, said = _say(wish, language, about.format(h=hour))
    assert said.outcome == "proposed", said
    nearest = _nearest(wish, time(hour), time(hour - 1), time(hour + 1))
    assert _taken(conversation, wish) == [(wish.service, wish.day, nearest, wish.name)]


@pytest.mark.parametrize("about", BETWEEN)
@settings(max_examples=5)
@given(wish=BOOKINGS, hour=st.integers(8, 12), length=st.integers(1, 3))
def test_between_two_times_is_the_first_start_between_them(about: str, wish: Wish, hour: int, length: int) -> None:
    conversation, said = _say(wish, "cs", about.format(a=hour, b=hour + length))
    first, last = time(hour), time(hour + length)
    nearest = _nearest(wish, first, first, last)
    if nearest is None:
        assert (said.made, said.outcome) == ((), "outside_hours")
    else:
        assert said.outcome == "proposed", said
        assert _taken(conversation, wish) == [(wish.service, wish.day, nearest, wish.name)]


@pytest.mark.parametrize("words", ["po obědě ve 2", "2 po obědě", "odpoledne ve 2", "kolem 2 odpoledne"])
def test_a_part_of_the_day_beside_an_hour_says_which_half_it_is(words: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say(f"OBJ ZCD 19.8. {words} Hrubý")
    assert [one.at for one in conversation.say("ANO", MINUTE).made] == [time(14)]


@settings(max_examples=15)
@given(wish=BOOKINGS, words=st.sampled_from(["kolem desáté", "okolo půl desáté", "kolem čtvrt na deset", "around ten"]))
def test_an_hour_in_words_may_be_about_too(wish: Wish, words: str) -> None:
    conversation, said = _say(wish, "cs", words)
    assert said.outcome == "proposed", said
    ((_, _, at, _),) = _taken(conversation, wish)
    assert time(9) <= at <= time(10)


def test_the_nearest_start_that_is_still_free_is_read_back() -> None:
    conversation = Pure(DEMO, MONDAY)
    for at in ("10:00", "9:45"):
        conversation.say(f"OBJ PTP 18.8. {at} Dvořáková", sender=f"+42060200{at.replace(':', '')}")
    assert "10:15" in (conversation.say("OBJ PTP 18.8. kolem 10 Hrubý").reply or "")


@pytest.mark.parametrize("about", ["kolem 20:00", "kolem 10", "kolem poledne", "mezi 9 a 11"])
def test_where_nothing_is_free_the_reason_is_told(about: str) -> None:
    """On a Saturday, on a day that is over, beyond the hours."""
    for day in ("15.8.", "18.8.", "2.8.2027"):
        conversation = Pure(DEMO, MONDAY)
        said = conversation.say(f"OBJ PTP {day} {about} Hrubý")
        assert said.made == ()
        open_day = day == "18.8." and about != "kolem 20:00"
        expected = {"18.8.": "proposed" if open_day else "outside_hours", "15.8.": "closed_day", "2.8.2027": "too_far"}
        assert said.outcome == expected[day], said


def test_before_a_time_is_never_that_time() -> None:
    conversation = Pure(DEMO, MONDAY)
    assert conversation.say("OBJ PTP 18.8. před 8 Hrubý").outcome == "outside_hours"
    for at in ("8:00", "8:15", "8:30", "8:45"):
        conversation.say(f"OBJ PTP 18.8. {at} Dvořáková", sender=f"+42060200{at.replace(':', '')}0")
    said = conversation.say("OBJ PTP 18.8. před 9 Hrubý")
    assert (said.outcome, said.made) == ("slot_full", ())
    assert "8:00" in (said.reply or "").split("Do 15 min")[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_full_start_in_the_office_with_one_lane_moves_on(language: str) -> None:
    office = OFFICES["one"]
    conversation = Pure(office, datetime(2026, 9, 7, 6, 3, tzinfo=office.zone))
    book = LANGUAGES[language].command("book")
    for phone in range(2):
        conversation.say("OBJ RPV 15.9. 12:00 Dvořáková", sender=f"+42060200100{phone}")
    about = {"cs": "kolem poledne", "sk": "okolo poludnia", "en": "around noon", "uk": "близько полудня"}[language]
    assert conversation.say(f"{book} RPV 15.9. {about} Hrubý").outcome == "proposed"
    assert [one.at for one in conversation.say("ANO", MINUTE).made] == [time(11, 30)]


@pytest.mark.parametrize(
    ("text", "taught"),
    [
        ("OBJ ZCD kolem poledne Hrubý", "OBJ ZCD DATUM 12:00 HRUBY"),
        ("OBJ ZCD příští týden kolem 10 Hrubý", "OBJ ZCD DATUM 10:00 HRUBY"),
        ("OBJ ZCD 19.8. kolem 10", "OBJ ZCD 19.8. 10:00 PRIJMENI"),
        ("PRESUN 482913 19.8. kolem 10", "PRESUN 482913 19.8. 10:00"),
    ],
)
def test_what_is_missing_beside_it_is_asked_for(text: str, taught: str) -> None:
    assert (Pure(DEMO, MONDAY).say(text).reply or "").endswith("\n" + taught)


@pytest.mark.parametrize("text", ["TERMIN ZCD 20.8. kolem poledne", "FREE ZCD 20.8. around noon"])
def test_free_times_are_told_from_an_hour_before(text: str) -> None:
    said = Pure(DEMO, MONDAY).say(text)
    assert said.outcome == "free_times"
    assert "11:00-" in (said.reply or "")
    assert " 8:00" not in (said.reply or "")


@pytest.mark.parametrize(
    "text",
    [
        "OBJ ZCD kolem 19.8. Hrubý",
        "OBJ ZCD kolem desátého Hrubý",
        "OBJ ZCD od 19.8. do 21.8. Hrubý",
        "OBJ ZCD mezi 19.8. a 21.8. 10:00 Hrubý",
        "OBJ ZCD 19.8. kolem 10 nebo kolem 14 Hrubý",
        "OBJ ZCD 19.8. kolem 10 v 11:00 Hrubý",
        "OBJ ZCD 19.8. kolem poledne, jestli to jde, Hrubý",
        "OBJ ZCD 19.8. kolem poledne ne Hrubý",
        "OBJ ZCD před 2 lety Hrubý",
        "OBJ ZCD 19.8. před 10 nebo odpoledne Hrubý",
    ],
)
def test_other_words_about_days_and_times_propose_nothing(text: str) -> None:
    said = Pure(DEMO, MONDAY).say(text)
    assert (said.made, said.outcome == "proposed") == ((), False), said
    assert fold("Hruby") in fold(said.reply or "") or said.outcome in {"missing_date", "not_understood"}
