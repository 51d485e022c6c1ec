import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prepazka.core.booking.outcomes import (
    Booked,
    Cancelled,
    Duplicate,
    FreeTimesListed,
    HelpGiven,
    Ignored,
    NotUnderstood,
    Outcome,
    ServicesListed,
    TooOld,
    Watching,
)
from prepazka.core.office import lengths
from prepazka.core.office.office import Office, Service
from prepazka.sms import gsm
from prepazka.sms.reply.render import apology, called_off, notice, reminder, render, templates_of
from tests.sms.reply.outcomes import (
    EXAMPLE,
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

THREE_PARTS = (ServicesListed, FreeTimesListed)


@given(st.sampled_from([OFFICE, LARGEST_OFFICE]).flatmap(lambda o: st.tuples(any_outcome(o), st.just(o))), st.data())
def test_every_reply_is_gsm_only_within_its_parts_and_filled_in(
    case: tuple[Outcome, Office], data: st.DataObject
) -> None:
    outcome, office = case
    rendered = render(outcome, office, data.draw(st.sampled_from(LANGUAGES)))
    if rendered is None:
        assert isinstance(outcome, Ignored | Duplicate)
        return
    assert gsm.is_gsm(rendered.text)
    assert rendered.septets == gsm.septets(rendered.text)
    assert rendered.parts == len(gsm.split(rendered.text))
    assert rendered.parts <= (3 if isinstance(outcome, THREE_PARTS) else 1)
    assert not re.search("[{}]", rendered.text)


@given(NAMES, st.sampled_from(LANGUAGES))
def test_whatever_the_name_the_code_and_how_to_cancel_stay_whole(name: str, language: str) -> None:
    text = reply(Booked(booking(name)), language=language).text
    cancel = templates_of(OFFICE, language).forms.cancelling("482913", MONDAY)
    assert text.endswith(cancel)
    assert "482913" in text.removesuffix(cancel)


def test_braces_in_a_value_are_no_placeholders() -> None:
    assert "{code} {} {0}" in reply(Cancelled(booking("{code} {} {0}"))).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_of_full_length_is_not_cut_in_the_demo_office(language: str) -> None:
    name = "N" * lengths.PERSON_NAME
    assert f"{name}." in reply(Booked(booking(name)), language=language).text


def test_a_name_too_long_is_cut_visibly_and_no_more_than_needed() -> None:
    rendered = reply(Booked(booking("Щ" * lengths.PERSON_NAME)))
    assert rendered.septets == gsm.ONE_PART
    assert re.search(r"14:00, (Shch)+\w*\.\.\.\. Pristupovy", rendered.text)


def test_a_value_stays_on_one_line_without_control_characters() -> None:
    text = reply(NotUnderstood("a\x00b\n\tc\u202e", EXAMPLE)).text
    assert text.startswith('Nerozumime: "ab c".')


@given(NAMES, REASONS, st.sampled_from(LANGUAGES))
def test_what_the_office_tells_fits_one_part(name: str, reason: str, language: str) -> None:
    held = booking(name, lengths.PERSONS, date(2026, 12, 23), service=LARGEST_OFFICE.services[0].code)
    for sent in (
        reminder(held, LARGEST_OFFICE, language),
        called_off(held, reason, held.day, LARGEST_OFFICE, language),
        notice(LARGEST_OFFICE.services[0], held.day, held.at, LARGEST_OFFICE, language),
        apology(LARGEST_OFFICE, language),
    ):
        assert sent.parts == 1
        assert gsm.is_gsm(sent.text)


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
