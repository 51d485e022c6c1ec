import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prepazka.core.booking.bring import BringTold
from prepazka.core.booking.misunderstandings import NotUnderstood
from prepazka.core.booking.next_free import Instead
from prepazka.core.booking.outcomes import (
    Booked,
    Cancelled,
    Confirmed,
    Declined,
    Duplicate,
    FreeTimesListed,
    HelpGiven,
    Ignored,
    Outcome,
    ServicesListed,
    Thanks,
    TooOld,
    Watching,
)
from prepazka.core.office import lengths
from prepazka.core.office.office import Office, Service
from prepazka.gateways.parts import split
from prepazka.sms import gsm
from prepazka.sms.alphabets import ALPHABETS, GSM, UCS2
from prepazka.sms.languages import load
from prepazka.sms.reply.render import apology, called_off, notice, reminder, render, templates_of
from tests.sms.reply.outcomes import (
    FULL,
    LANGUAGES,
    LARGEST_OFFICE,
    MONDAY,
    NAMES,
    OFFICE,
    REASONS,
    any_outcome,
    booking,
    reply,
)

SPOKEN = {language.code: language for language in load()}
PARTS = {ServicesListed: 3, FreeTimesListed: 3, HelpGiven: 3, BringTold: 3, Booked: 2}
"""How many parts a reply in plain characters may take, where it is not one."""

ACCENTED = replace(OFFICE, settings=replace(OFFICE.settings, accents="full"))
OFFICES = st.sampled_from([OFFICE, LARGEST_OFFICE, ACCENTED])


@given(OFFICES.flatmap(lambda o: st.tuples(any_outcome(o), st.just(o))), st.sampled_from(LANGUAGES))
def test_every_reply_is_in_its_alphabet_within_its_parts_and_filled_in(
    case: tuple[Outcome, Office], language: str
) -> None:
    outcome, office = case
    rendered = render(outcome, office, language)
    if rendered is None:
        assert isinstance(outcome, Confirmed | Ignored | Duplicate | Thanks)
        return
    plain = SPOKEN[language].alphabet is GSM
    alphabet = ALPHABETS[rendered.encoding]
    assert gsm.is_gsm(rendered.text) == (alphabet is GSM)
    assert rendered.septets == alphabet.units(rendered.text)
    assert rendered.parts == len(alphabet.split(rendered.text)) == len(split(rendered.text, 0).parts)
    assert not re.search("[{}]", rendered.text)
    if plain and office is not ACCENTED:
        assert alphabet is GSM
        assert GSM.fold(rendered.text) == rendered.text
    if plain and alphabet is UCS2:
        assert rendered.parts <= 2
    else:
        assert rendered.parts <= max(SPOKEN[language].parts, PARTS.get(type(outcome), 1))


@given(NAMES, st.sampled_from(LANGUAGES))
def test_whatever_the_name_the_code_and_how_to_cancel_stay_whole(name: str, language: str) -> None:
    text = reply(Booked(booking(name)), language=language).text
    cancel = templates_of(OFFICE, language).forms.cancelling("482913", MONDAY)
    assert text.endswith(f"\n{cancel}")
    assert "482913" in text.removesuffix(cancel)


def test_braces_in_a_value_are_no_placeholders() -> None:
    assert "{code} {} {0}" in reply(Cancelled(booking("{code} {} {0}"))).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_name_is_not_cut_in_the_demo_office(language: str) -> None:
    name = "N" * 50
    assert f"{name}." in reply(Booked(booking(name)), language=language).text


def test_a_name_too_long_is_cut_visibly_and_no_more_than_needed() -> None:
    rendered = reply(Booked(booking("Щ" * lengths.PERSON_NAME)))
    assert rendered.septets == GSM.one_part
    assert re.search(r"14:00, (Shch)+\w*\.\.\.\. Kod: ", rendered.text)


def test_a_value_stays_on_one_line_without_control_characters() -> None:
    text = reply(NotUnderstood("a\x00b\n\tc\u202e", FULL)).text
    assert 'nerozumime: "ab c".' in text


@given(NAMES, REASONS, st.sampled_from(LANGUAGES))
def test_what_the_office_tells_fits_as_few_parts_as_its_language_takes(name: str, reason: str, language: str) -> None:
    held = booking(name, lengths.PERSONS, date(2026, 12, 23), service=LARGEST_OFFICE.services[0].code)
    for sent in (
        reminder(held, LARGEST_OFFICE, language),
        called_off(held, reason, Instead(held.day), LARGEST_OFFICE, language),
        called_off(held, reason, Instead(watched=held.day), LARGEST_OFFICE, language),
        called_off(held, reason, Instead(), LARGEST_OFFICE, language),
        notice(LARGEST_OFFICE.services[0], held.day, held.at, LARGEST_OFFICE, language),
        apology(LARGEST_OFFICE, language),
    ):
        assert sent.parts <= SPOKEN[language].parts
        assert gsm.is_gsm(sent.text) == (SPOKEN[language].alphabet is GSM)


# --- the office's own words ------------------------------------------------------------


def speaking(**texts: str) -> Office:
    return replace(OFFICE, texts={"cs": texts})


def test_the_offices_own_text_is_used_folded() -> None:
    text = reply(TooOld(), speaking(too_old="Přišlo pozdě. {office}")).text
    assert text == "Prislo pozde. Mestsky urad"


def test_an_own_text_changes_no_other_reply() -> None:
    assert reply(HelpGiven(), speaking(too_old="Přišlo pozdě.")) == reply(HelpGiven())


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Přišlo {kdy}", id="unknown-placeholder"),
        pytest.param("Přišlo {office.id}", id="attribute"),
        pytest.param("Přišlo {", id="open-brace"),
        pytest.param("Přišlo ｛", id="open-brace-once-folded"),
        pytest.param("x" * 161, id="too-long"),
    ],
)
def test_an_own_text_that_cannot_be_used_gives_way_to_the_language_files(text: str) -> None:
    assert reply(TooOld(), speaking(too_old=text)) == reply(TooOld())


def test_beyond_what_an_office_may_configure_the_reply_still_is_one_part() -> None:
    service = Service(1, "X" * 300, "", 15, 1)
    rendered = reply(Watching(service, MONDAY))
    assert rendered.parts == 1
    assert rendered.text.endswith("...")


# --- all accents, where the office chose them ------------------------------------------


def test_with_all_accents_a_reply_goes_in_ucs2_and_takes_two_parts_at_most() -> None:
    rendered = reply(Booked(booking("Dvořáková")), ACCENTED)
    assert rendered.text == (
        "Objednáno: ZOP pon 10.8. 14:00, Dvořáková. Kód pro příchod i zrušení: 482913. Zrušíte zprávou\n"
        "STORNO 482913 10.8."
    )
    assert (rendered.encoding, rendered.septets, rendered.parts) == ("ucs2", len(rendered.text), 2)


def test_what_does_not_fit_whole_with_accents_goes_without() -> None:
    assert reply(Booked(booking("Ž" * 60)), ACCENTED) == reply(Booked(booking("Ž" * 60)))
    assert reply(ServicesListed(OFFICE.services), ACCENTED) == reply(ServicesListed(OFFICE.services))


def test_a_short_reply_with_accents_is_one_part_of_seventy() -> None:
    rendered = reply(Declined(), ACCENTED)
    assert (rendered.text, rendered.encoding, rendered.parts) == ("Dobře, nic jsme neobjednali.", "ucs2", 1)


def test_a_text_without_accents_costs_no_more_with_them_allowed() -> None:
    rendered = reply(Declined(), ACCENTED, "en")
    assert (rendered.encoding, rendered.parts) == ("gsm", 1)


def test_the_offices_own_text_keeps_its_accents_too() -> None:
    office = replace(ACCENTED, texts={"cs": {"too_old": "Přišlo pozdě."}})
    assert reply(TooOld(), office).text == "Přišlo pozdě."


# --- a language with an alphabet of its own --------------------------------------------


def test_ukrainian_keeps_its_letters_and_the_names() -> None:
    rendered = reply(Cancelled(booking("Шевченко")), language="uk")
    assert rendered.text == "Скасовано, не приходьте: ZOP пн 10.8. 14:00, Шевченко."
    assert (rendered.encoding, rendered.septets, rendered.parts) == ("ucs2", 54, 1)


def test_an_own_text_in_latin_letters_is_counted_as_it_is_sent() -> None:
    office = replace(OFFICE, texts={"uk": {"too_old": "x" * 100}})
    rendered = reply(TooOld(), office, "uk")
    assert (rendered.encoding, rendered.septets, rendered.parts) == ("gsm", 100, 1)
