"""What the texts of an office cost, as the administration shows it."""

from dataclasses import replace

import pytest
from hypothesis import given

from prepazka.core.booking.outcomes import Outcome
from prepazka.core.office.office import Office
from prepazka.sms.reply.answers import ANSWERS, TEXTS
from prepazka.sms.reply.cost import parts_at_most
from prepazka.sms.reply.render import render
from tests.sms.reply.outcomes import LANGUAGES, OFFICE, any_outcome

ACCENTED = replace(OFFICE, settings=replace(OFFICE.settings, accents="full"))

COSTS = [(office, parts_at_most(office, "cs")) for office in (OFFICE, ACCENTED)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("office", [pytest.param(OFFICE, id="plain"), pytest.param(ACCENTED, id="accented")])
def test_every_text_has_its_cost(office: Office, language: str) -> None:
    assert parts_at_most(office, language).keys() == TEXTS.keys()


def test_plain_texts_take_one_part_but_for_lists_and_two_bookings() -> None:
    costs = parts_at_most(OFFICE, "cs")
    assert {name for name, parts in costs.items() if parts > 1} == {
        name for name, text in TEXTS.items() if text.parts > 1
    }


def test_accents_cost_a_second_part_where_seventy_characters_are_not_enough() -> None:
    costs = parts_at_most(ACCENTED, "cs")
    assert (costs["booked"], costs["declined"], costs["services"]) == (2, 1, 3)
    assert max(costs.values()) == 3


def test_accents_cost_nothing_in_a_language_without_them() -> None:
    assert parts_at_most(ACCENTED, "en")["declined"] == 1


@given(any_outcome(ACCENTED))
def test_no_reply_takes_more_than_was_told(outcome: Outcome) -> None:
    for office, costs in COSTS:
        if rendered := render(outcome, office, "cs"):
            assert rendered.parts <= max(costs[name] for name in ANSWERS[type(outcome)].texts)
