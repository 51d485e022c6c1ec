"""What the sender gave is kept whole or left open, never cut, guessed or turned into something else.

Each test plays one kind of message that once lost a value or made another of it (spec/conversation.md §1).
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

import pytest
from anyascii import anyascii
from hypothesis import given, settings
from hypothesis import strategies as st

from prepazka.core.booking.requests import Request
from prepazka.sms.understand import names, small_words
from prepazka.sms.understand.read import read
from tests.conversation.flaw_words import ROMAN
from tests.conversation.messages import MONDAY
from tests.conversation.office import LANGUAGES, Pure, Said, bookable, fold
from tests.conversation.offices import DEMO, OFFICES
from tests.conversation.taught import Taught, filled, taught
from tests.conversation.wishes import PLAIN, Wish, clock, day_month, wishes

SURNAMES = sorted(name for name in names.read("cs", "surnames") if name.isalpha())
GIVEN = sorted(name for name in names.read("cs", "given") if name.isalpha() and len(name) > 2)
ONLY_GIVEN = sorted(set(GIVEN) - {name.title() for name in names.load().surnames})


def _lessons(said: Said, name: str, command: str = "book") -> list[Taught]:
    return [lesson for lesson in taught(said.reply or "", [name]) if lesson.command == command]


def _parts(text: str) -> set[str]:
    return set(fold(text).replace("-", " ").split())


# --- a day that is none --------------------------------------------------------------------------

VAGUE = {
    "cs": (
        "příští týden",
        "v srpnu",
        "příští úterý",
        "koncem měsíce",
        "o víkendu",
        "někdy příští měsíc",
        "tento pátek",
    ),
    "en": ("next week", "in August", "next Tuesday", "next month"),
}
ORDERS = (
    "{book} {service} {vague} {at} {name}", "{book} {service} {name} {vague} {at}",
    "{book} {service} {at} {name} {vague}", "{book} {service} {vague} {name} {at}",
)  # fmt: skip


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize(("language", "vague"), [(code, vague) for code, all_ in VAGUE.items() for vague in all_])
@settings(max_examples=8)
@given(wish=wishes(DEMO, ["book"], odd=False))
def test_a_vague_day_leaves_only_the_day_open(order: str, language: str, vague: str, wish: Wish) -> None:
    book, at = LANGUAGES[language].command("book"), clock(wish.at)
    conversation = Pure(DEMO, wish.now)
    said = conversation.say(order.format(book=book, service=wish.service, vague=vague, at=at, name=wish.name))
    assert said.made == ()
    (lesson,) = _lessons(said, wish.name)
    assert set(lesson.holes) == {"day"}, said
    back = conversation.say(filled(lesson, wish, ""), timedelta(minutes=1))
    assert [(one.day, one.at, fold(one.name)) for one in back.made] == [(wish.day, wish.at, fold(wish.name))]


@pytest.mark.parametrize("vague", VAGUE["cs"])
def test_who_gives_no_time_either_is_shown_how_to_ask_for_the_free_ones(vague: str) -> None:
    said = Pure(DEMO, MONDAY).say(f"OBJ PTP {vague} Hanzlík")
    assert said.outcome == "missing_date"
    assert (said.reply or "").endswith("\nTERMIN PTP DATUM")


def test_a_wish_without_any_command_keeps_what_it_gives() -> None:
    said = Pure(DEMO, MONDAY).say("příští úterý 10:45 Hanzlíková chci občanka")
    assert (said.reply or "").endswith("\nOBJ ZOP DATUM 10:45 HANZLIKOVA")


# --- half a name ---------------------------------------------------------------------------------

_SMALL = sorted(
    word
    for one in small_words.load()
    for word in (*one.function_words, *one.day_parts, *one.negations)
    if word.isalpha() and word.isascii() and 2 <= len(word) <= 6
)
FLAWED = (
    "OBJ ZOP 17.8. 25:00 {name}", "OBJ ZOP 31.2. 9:00 {name}", "OBJ ZOP {name} 31.2. 9:00",
    "OBJ ZOP viz 17.8. 9:00 {name}", "OBJ ZOP 17.8. {name}", "prosim vas {name} 17.8. 9:00 ZOP",
)  # fmt: skip


@pytest.mark.parametrize("flawed", FLAWED)
@settings(max_examples=40)
@given(first=st.sampled_from(SURNAMES), small=st.sampled_from(_SMALL), turned=st.booleans())
def test_a_hyphened_name_is_never_halved(flawed: str, first: str, small: str, turned: bool) -> None:
    name = f"{small.title()}-{first}" if turned else f"{first}-{small.title()}"
    _never_halved(flawed.format(name=name), name)


@pytest.mark.parametrize("flawed", FLAWED)
@pytest.mark.parametrize("name", ["Kubelka-Zdraví", "Zdraví-Kubelka", "Kubelka-Pozdrav"])
def test_nor_one_with_a_word_that_greets(flawed: str, name: str) -> None:
    _never_halved(flawed.format(name=name), name)


def _never_halved(text: str, name: str) -> None:
    """Nothing is booked under a part of the name, and none is taught."""
    conversation = Pure(DEMO, MONDAY)
    said = conversation.say(text)
    whole = _parts(name)
    assert all(_parts(one.name) >= whole for one in said.made), said
    for lesson in _lessons(said, name):
        assert not _parts(lesson.text) & whole or _parts(lesson.text) >= whole, said


CALLED = (
    "Pátek",
    "Sobota",
    "Středa",
    "Neděle",
    "Květen",
    "Duben",
    "Březen",
    "Leden",
    "March",
    "May",
    "June",
    "Freitag",
)
"""Weekdays and months by which people are called."""
WITH_A_DAY = (
    "OBJ ZCD 12.8. 9:15 {}", "OBJ ZCD {} 12.8. 9:15", "OBJ ZCD 12.8. 25:00 {}", "OBJ ZCD 12.8. {}",
    "OBJ ZCD 12.8. 9:15 viz {}", "OBJ ZCD 31.2. 9:15 {}", "12.8. 9:15 ZCD {}",
)  # fmt: skip
WITHOUT = ("OBJ ZCD {}", "OBJ ZCD 9:15 {}", "OBJ ZCD {} 9:15")


@pytest.mark.parametrize("form", [*WITH_A_DAY, *WITHOUT])
@pytest.mark.parametrize("called", CALLED)
@settings(max_examples=6)
@given(given_name=st.sampled_from(ONLY_GIVEN), turned=st.booleans())
def test_a_surname_that_is_a_day_or_a_month_is_never_cut_off(
    form: str, called: str, given_name: str, turned: bool
) -> None:
    name = f"{called} {given_name}" if turned else f"{given_name} {called}"
    _never_halved(form.format(name), name)


@pytest.mark.parametrize("called", CALLED)
@settings(max_examples=6)
@given(wish=wishes(DEMO, ["book"], odd=False), given_name=st.sampled_from(ONLY_GIVEN), turned=st.booleans())
def test_people_so_called_get_their_booking(called: str, wish: Wish, given_name: str, turned: bool) -> None:
    name = f"{called} {given_name}" if turned else f"{given_name} {called}"
    conversation = Pure(DEMO, wish.now)
    said = conversation.say(f"OBJ {wish.service} {day_month(wish.day)} {clock(wish.at)} {name}")
    if said.outcome == "proposed":
        said = conversation.say("ANO", timedelta(minutes=1))
    assert [(one.day, one.at, fold(one.name)) for one in said.made] == [(wish.day, wish.at, fold(name))]


@pytest.mark.parametrize("called", CALLED)
def test_also_where_the_given_name_is_a_small_word_elsewhere(called: str) -> None:
    """Maja is "they have" in Polish, and May."""
    for name in (f"Maja {called}", f"{called} Maja"):
        conversation = Pure(DEMO, MONDAY)
        assert conversation.say(f"OBJ ZCD 12.8. 9:15 {name}").outcome == "proposed"
        assert [one.name for one in conversation.say("ANO", timedelta(minutes=1)).made] == [name]
    assert Pure(DEMO, MONDAY).say("OBJ ZCD 12.8. 9:15 Maja večer").made == ()


@pytest.mark.parametrize("called", ["Pátek", "Středa"])
def test_a_weekday_behind_a_given_name_is_read_back_where_no_day_is_given(called: str) -> None:
    """It may be the surname: then no day was given at all."""
    assert Pure(DEMO, MONDAY).say(f"OBJ ZCD 9:15 Zdeňka {called}").made == ()
    assert Pure(DEMO, MONDAY).say(f"OBJ ZCD 9:15 Novotná {called}").made != ()
    assert Pure(DEMO, MONDAY).say(f"OBJ ZCD 9:15 Zdeňka {called.lower()}").made != ()


@pytest.mark.parametrize("word", ["pí", "Ned", "Sob", "Mon", "Wed", "Fri", "Thu", "Nd", "Pt", "Śr"])
@pytest.mark.parametrize("day", ["12.8.", "ve středu 12.8.", "zítra"])
def test_no_word_of_a_name_becomes_a_day_beside_another(word: str, day: str) -> None:
    """ "Pí" is short for paní, and for the Slovak Friday."""
    for name in (f"{word} Kubelková", f"Kubelková {word}"):
        conversation = Pure(DEMO, MONDAY)
        said = conversation.say(f"OBJ ZCD {day} 9:15 {name}")
        made = said.made or conversation.say("ANO", timedelta(minutes=1)).made
        assert {fold(one.name) for one in made} <= {fold(name)}, said
        words = _parts(f"OBJ TERMIN ZCD CAS PRIJMENI DATUM {name} {day}")
        assert all({one for one in _parts(each.text) if one.isalpha()} <= words for each in _lessons(said, fold(name)))


# --- initials, and long names --------------------------------------------------------------------


@pytest.mark.parametrize("letter", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
@settings(max_examples=12)
@given(name=st.sampled_from(PLAIN), form=st.sampled_from(["{name} {letter}", "{letter} {name}", "{letter}. {name}"]))
def test_a_name_with_an_initial_is_booked_at_once(letter: str, name: str, form: str) -> None:
    # Behind a time "H" may be that of the hour.
    text = "OBJ ZCD {} 12.8. 9:15" if letter == "H" else "OBJ ZCD 12.8. 9:15 {}"
    said = Pure(DEMO, MONDAY).say(text.format(form.format(name=name, letter=letter)))
    assert [fold(one.name) for one in said.made] == [fold(form.format(name=name, letter=letter)).replace(".", "")]


@pytest.mark.parametrize(
    "text", ["OBJ ZCD 12.8. 9:15 NOVAK A HORAK", "OBJ ZCD 12.8. 9:15 novak a", "OBJ ZCD NOVAK V 10"]
)
def test_and_is_no_initial(text: str) -> None:
    assert Pure(DEMO, MONDAY).say(text).made == ()


# Hypothesis also tries words it finds in the code, and "Cancelling" is no name of anybody.
_LONG = st.text("ěščřžýáíéabcdefghijklmnopqrstuvwxyzщїжю", min_size=9, max_size=17).filter(
    lambda word: "cancel" not in word
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("office", OFFICES)
@settings(max_examples=25)
@given(parts=st.lists(_LONG, min_size=3, max_size=4, unique=True))
def test_a_confirmation_shows_the_name_whole_or_its_sender_is_told(
    office: str, language: str, parts: list[str]
) -> None:
    name = " ".join(part.title() for part in parts)
    wish = _some_start(office)
    said = Pure(OFFICES[office], wish.now).say(
        f"{LANGUAGES[language].command('book')} {wish.service} {day_month(wish.day)} {clock(wish.at)} {name}"
    )
    if said.made:
        assert said.made[0].name in (said.reply or "") or anyascii(name) in (said.reply or ""), said
    else:
        assert said.outcome in {"missing_name", "proposed", "not_understood"}, said
    if max(len(name), len(anyascii(name))) > 60:
        assert said.made == ()


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("Wolfeschlegelstein Bergerdorffová-Krasnohorská Hohenwaldstein", id="in Latin letters"),
        pytest.param("Щербаченкощук Коваленкощенко Шевченкощукач Щукощукенко", id="only in the letters of the reply"),
    ],
)
@pytest.mark.parametrize("start", ["12.8. 9:15 ", ""])
def test_who_has_too_long_a_name_is_told(name: str, start: str) -> None:
    said = Pure(DEMO, MONDAY).say(f"OBJ ZCD {start}{name}")
    assert (said.outcome, said.made) == ("missing_name", ())
    assert "prilis dlouhe" in (said.reply or "")
    assert (said.reply or "").endswith(f"\nOBJ ZCD {start}PRIJMENI")


def _some_start(slug: str) -> Wish:
    """A wish that can be booked."""
    office = OFFICES[slug]
    now = datetime(2026, 12, 7, 6, 3, tzinfo=office.zone)
    service = max(office.services, key=lambda one: len(one.code))
    days = (now.date() + timedelta(days=ahead) for ahead in range(8, 24))
    day, times = next((day, times) for day in days if (times := bookable(office, service, day)))
    return Wish("book", service.code, day, times[-1], "", 1, now)


# --- the language of the reply -------------------------------------------------------------------


def _foreign() -> Iterable[str]:
    for code, speech in LANGUAGES.items():
        if code != "cs":
            yield from (
                word for words in speech.commands.values() for word in words if len(word) > 5 and word.isascii()
            )


@pytest.mark.parametrize("word", sorted(set(_foreign())))
@pytest.mark.parametrize("rest", ["", " něco", " ZOP 17.8. 9:00 Hanzlík"])
def test_a_word_nobody_wrote_does_not_choose_the_language(word: str, rest: str) -> None:
    """Two letters beside a foreign command are no typing error of it."""
    assert read(f"{word[:-2]}xq{rest}", DEMO, MONDAY.date()).language == "cs"


@pytest.mark.parametrize("text", ["rezervujte něco", "rezervujte", "zarezervujte mi termin", "Rezervujte ZOP něco"])
def test_czech_is_answered_in_czech(text: str) -> None:
    assert read(text, DEMO, MONDAY.date()).language == "cs"


# --- Roman months --------------------------------------------------------------------------------


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize("form", ["{day}.{roman}.", "{day}. {roman}.", "{day}.{roman}.{year}", "{day}.{roman}"])
@settings(max_examples=15)
@given(day=st.integers(1, 28), ahead=st.integers(0, 300), lower=st.booleans())
def test_a_roman_month_is_that_month_or_asked_for(month: int, form: str, day: int, ahead: int, lower: bool) -> None:
    today = date(2026, 2, 3) + timedelta(days=ahead)
    roman = ROMAN[month - 1].lower() if lower else ROMAN[month - 1]
    meant = next(one for year in (2026, 2027) if (one := date(year, month, day)) >= today)
    written = form.format(day=day, roman=roman, year=meant.year)
    for text in (f"OBJ ZCD {written} 9:15 Hanzlík", f"TERMIN ZCD {written}", f"STORNO 482913 {written}"):
        request = read(text, DEMO, today).request
        days = [getattr(one, "day", None) for one in (request, *getattr(request, "readings", ()))]
        assert {one for one in days if one} <= {meant}, (text, request)
        if isinstance(request, Request) and form.endswith("."):
            assert meant in days, (text, request)


def test_figures_typed_as_letters_stay_figures() -> None:
    assert [one.day for one in Pure(DEMO, MONDAY).say("OBJ ZCD l2.8. 9:15 Hanzlík").made] == [date(2026, 8, 12)]
    assert [one.day for one in Pure(DEMO, MONDAY).say("OBJ ZCD lO.9. 9:l5 Hanzlík").made] == [date(2026, 9, 10)]


# --- a day nothing can be booked on --------------------------------------------------------------


@pytest.mark.parametrize("name", ["Dubna", "Středa", "Jan Pátek"])
def test_of_a_doubtful_name_alone_the_true_reason_is_told(name: str) -> None:
    assert Pure(DEMO, MONDAY).say(f"OBJ POP 5.9. 9:30 {name}").outcome == "closed_day"


@pytest.mark.parametrize("name", ["Dubna", "Středa"])
def test_a_doubtful_name_beside_another_doubt_is_read_back(name: str) -> None:
    conversation = Pure(DEMO, MONDAY)
    assert conversation.say(f"OBJ POP 12.8. 930 {name}").outcome == "proposed"
    assert [one.name for one in conversation.say("ANO", timedelta(minutes=1)).made] == [name]


@pytest.mark.parametrize("office", OFFICES)
@pytest.mark.parametrize("name", ["Čížková", "Öztürk", "Шевченко"])
def test_an_example_with_an_accented_name_is_sent_whole(office: str, name: str) -> None:
    """A date read by repair that cannot be booked is asked for, and the message to send is not cut."""
    service = OFFICES[office].services[0].code
    said = Pure(OFFICES[office], datetime(2026, 8, 3, 6, 3, tzinfo=OFFICES[office].zone)).say(
        f"OBJ {service} 26.II 9:00 {name}"
    )
    (lesson,) = _lessons(said, anyascii(name))
    assert lesson.text.startswith(f"OBJ {service} DATUM 9:00")


# --- the letters of a name, and what is said to be not understood --------------------------------


@pytest.mark.parametrize(
    ("text", "taught_"),
    [
        pytest.param("OBJ ZCD 12.8. Шевченко", "OBJ ZCD 12.8. CAS PRIJMENI", id="in an alphabet that cannot be sent"),
        pytest.param("ЗАПИС ZCD 12.8. Шевченко", "ЗАПИС ZCD 12.8. ЧАС Шевченко", id="in that of the reply"),
        pytest.param("OBJ ZCD 12.8. Růžička", "OBJ ZCD 12.8. CAS RUZICKA", id="accents alone fall away"),
    ],
)
def test_a_name_is_taught_in_its_own_letters(text: str, taught_: str) -> None:
    assert (Pure(DEMO, MONDAY).say(text).reply or "").endswith("\n" + taught_)


def test_a_taken_start_is_offered_later_without_changing_the_letters_of_the_name() -> None:
    conversation = Pure(DEMO, MONDAY)
    conversation.say("OBJ PTP 12.8. 14:00 Dvořáková", sender="+420602000001")
    said = conversation.say("OBJ PTP 12.8. 14:00 Шевченко")
    assert said.outcome == "slot_full"
    assert "SHEVCHENKO" not in (said.reply or "").upper()


@pytest.mark.parametrize(
    "text", ["to je hrozný systém, zavolejte mi", "je už můj pas k vyzvednutí?", "mám to teda nebo ne"]
)
def test_no_small_word_of_a_sentence_is_said_to_be_not_understood(text: str) -> None:
    said = Pure(DEMO, MONDAY).say(text)
    assert said.outcome == "not_understood"
    assert '"' not in (said.reply or "")


def test_the_word_that_is_not_understood_is_still_named() -> None:
    assert 'nerozumime: "x7k"' in (Pure(DEMO, MONDAY).say("OBJ ZCD 12.8. 9:15 x7k Hanzlíková").reply or "")


def test_what_stands_behind_a_condition_is_not_the_wish() -> None:
    said = Pure(DEMO, MONDAY).say("OBJ ZCD 12.8. 9:15 Hanzlíková, jestli není volno tak pozítří 10:00")
    assert (said.reply or "").endswith("\nOBJ ZCD 12.8. 9:15 HANZLIKOVA")


def test_another_command_behind_the_word_for_booking_is_taught_as_that() -> None:
    assert (Pure(DEMO, MONDAY).say("OBJ STOP ALL").reply or "").endswith("\nSTOP")


def test_of_several_services_that_may_be_meant_none_is_chosen() -> None:
    said = Pure(DEMO, MONDAY).say("OBJ PQP")
    assert said.outcome == "unknown_service"
    assert "POP nebo PTP" in (said.reply or "")
    assert "\nOBJ ZKR DATUM CAS PRIJMENI\n" in (said.reply or "")
