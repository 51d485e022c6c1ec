"""One row a command, one row an outcome, and every language file says all that the rows ask for."""

from dataclasses import fields, is_dataclass

import pytest

from prepazka.core.booking.concerned import booking_of, offers_of
from prepazka.core.booking.outcomes import Outcome
from prepazka.sms.languages import Language, load
from prepazka.sms.reply.answers import ANSWERS, TEXTS
from prepazka.sms.reply.fit import longest_answers
from prepazka.sms.reply.longest import Longest
from prepazka.sms.reply.phrases import PREFIX, Phrases
from prepazka.sms.reply.render import templates_of
from prepazka.sms.understand.commands import COMMANDS
from tests.offices import demo_office
from tests.sms.reply.outcomes import every_outcome

LANGUAGES = [pytest.param(language, id=language.code) for language in load()]


def _name(kind: type[Outcome]) -> str:
    return kind.outcome


KINDS: list[type[Outcome]] = sorted(every_outcome(), key=_name)


def test_every_outcome_has_a_row() -> None:
    assert ANSWERS.keys() == every_outcome()


def test_outcomes_have_names_of_their_own() -> None:
    names = [one.outcome for one in every_outcome()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("kind", KINDS, ids=_name)
def test_a_row_is_answered_by_each_of_its_texts(kind: type[Outcome]) -> None:
    office = demo_office()
    for language in load():
        answered = {answer.text for answer in longest_answers(office, templates_of(office, language.code))}
        assert ANSWERS[kind].texts.keys() <= answered


@pytest.mark.parametrize("kind", KINDS, ids=_name)
def test_the_booking_and_the_offers_of_an_outcome_are_found(kind: type[Outcome]) -> None:
    """Which outcomes have one is said once, in `booking_of` and `offers_of`."""
    assert is_dataclass(kind)
    names = {field.name for field in fields(kind)}
    office = demo_office()
    for sample in ANSWERS[kind].longest(Longest.of(office, templates_of(office, "cs"))):
        assert (booking_of(sample) is not None) == ("booking" in names)
        assert offers_of(sample) == getattr(sample, "offers", ())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_file_says_all_the_rows_ask_for_and_nothing_else(language: Language) -> None:
    phrases = {PREFIX + field.name for field in fields(Phrases)}
    assert language.words.commands.keys() == COMMANDS.keys()
    assert language.forms.keys() == {form for command in COMMANDS.values() for form in command.taught}
    assert language.replies.keys() == TEXTS.keys() | phrases
    assert language.titles["replies"].keys() == TEXTS.keys()
    assert language.titles["outcomes"].keys() == {one.outcome for one in every_outcome()}
    pages = {form.name for command in COMMANDS.values() for form in command.page}
    assert language.page.keys() == pages | {"values"}
    assert all(page.keys() == {"title", "gives"} for name, page in language.page.items() if name != "values")


def test_what_the_page_explains_is_taught() -> None:
    for command in COMMANDS.values():
        assert {form.form for form in command.page} <= set(command.taught)
