from dataclasses import replace

import pytest

from prepazka.core.office.office import Office
from prepazka.sms.languages import Language, load
from prepazka.sms.reply.answers import TEXTS
from prepazka.sms.reply.fit import TextProblem, longest_answers, text_problems
from prepazka.sms.reply.phrases import PREFIX
from prepazka.sms.reply.render import templates_of
from tests.sms.reply.outcomes import LANGUAGES, LARGEST_OFFICE, OFFICE


def found(name: str, text: str, office: Office = OFFICE) -> list[TextProblem]:
    return text_problems(replace(office, texts={"cs": {name: text}}))


@pytest.mark.parametrize(
    "office", [pytest.param(OFFICE, id="demo"), pytest.param(LARGEST_OFFICE, id="the-longest-values-there-may-be")]
)
def test_the_language_files_fit_any_legal_office(office: Office) -> None:
    assert text_problems(office) == []


@pytest.mark.parametrize("language", [pytest.param(language, id=language.code) for language in load()])
def test_a_language_file_has_every_text_and_no_other(language: Language) -> None:
    assert {name for name in language.replies if not name.startswith(PREFIX)} == TEXTS.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_has_specimens_with_every_value_it_may_use(language: str) -> None:
    values: dict[str, set[str]] = {name: set() for name in TEXTS}
    for answer in longest_answers(OFFICE, templates_of(OFFICE, language)):
        for way in answer.ways:
            values[answer.text] |= way.keys() | {"office"}
    assert {name for name, text in TEXTS.items() if not text.allowed <= values[name]} == set()


def test_a_text_that_just_fits_is_accepted() -> None:
    assert found("too_old", "x" * 160) == []


def test_a_text_one_septet_too_long_is_refused_with_the_count() -> None:
    why = "with the longest values it takes 161 septets and may take 160; shorten it by 1"
    assert found("too_old", "x" * 161) == [TextProblem("cs", "too_old", 161, 160, why, "too_long")]


def test_characters_of_the_extension_table_count_two() -> None:
    [misfit] = found("too_old", "€" * 81)
    assert misfit.septets == 162


def test_the_longest_configured_values_count() -> None:
    text = "{service} {date} " + "x" * 144
    assert found("watching", text) == []
    [misfit] = found("watching", text, LARGEST_OFFICE)
    assert (misfit.name, misfit.septets, misfit.limit) == ("watching", 10 + 1 + 10 + 1 + 144, 160)


def test_a_list_may_take_three_parts() -> None:
    codes = len("ZOP, POP, ZCD, PCD, PTP, RTP")
    assert found("services", "{list}" + "x" * (459 - codes)) == []
    [misfit] = found("services", "{list}" + "x" * (460 - codes))
    assert (misfit.septets, misfit.limit) == (460, 459)


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        pytest.param("booked", "Kód {code} {service} {date} {time} {name}", "{cancel} is missing", id="missing"),
        pytest.param("too_old", "Pozdě, {jmeno}", "{jmeno} is not known here; use {office}", id="unknown"),
        pytest.param("too_old", "Pozdě, {office.id}", "{office.id} is not known here", id="attribute"),
        pytest.param("too_old", "Pozdě, {}", "{} is not known here", id="without-a-name"),
        pytest.param("too_old", "Pozdě, {office!r}", "{office} has a format", id="conversion"),
        pytest.param("too_old", "Pozdě, {office:>9}", "{office} has a format", id="format"),
        pytest.param("too_old", "Pozdě {", "a brace { or } stands alone", id="open-brace"),
        pytest.param("too_old", "Pozdě ｛", "a brace { or } stands alone", id="a-wide-brace-folds-to-a-brace"),
        pytest.param("too_old", "  ", "the text is empty", id="empty"),
        pytest.param("too_old", "Pozdě 😀", "'😀' cannot be sent", id="emoji"),
        pytest.param("nonsense", "Ahoj", "there is no reply text of this name", id="no-such-text"),
        pytest.param("phrase_run", "{first}", "there is no reply text of this name", id="phrases-are-the-languages"),
    ],
)
def test_a_text_that_cannot_be_filled_in_is_refused(name: str, text: str, why: str) -> None:
    [misfit] = found(name, text)
    assert (misfit.language, misfit.name) == ("cs", name)
    assert misfit.why.startswith(why)


@pytest.mark.parametrize(
    "text", [pytest.param("První\r\nDruhý", id="lines-of-a-form"), pytest.param("Pozdě {{ }}", id="doubled-braces")]
)
def test_a_text_as_people_save_it_is_accepted(text: str) -> None:
    assert found("too_old", text) == []


def test_a_language_without_a_file_is_refused() -> None:
    [misfit] = text_problems(replace(OFFICE, texts={"xx": {"too_old": "Ahoj"}}))
    assert misfit.why == "there is no language 'xx'; use one of cs, en, sk, uk"
