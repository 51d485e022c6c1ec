"""An office answers in the languages it offers, and in its first one otherwise."""

from dataclasses import replace
from datetime import date

import pytest

from prepazka.core.booking.outcomes import TooOld
from prepazka.core.office.office import Office
from prepazka.sms.languages import answering, offered
from prepazka.sms.reply.render import reminder, render
from prepazka.sms.understand.parse import parse
from tests.offices import demo_office
from tests.sms.reply.outcomes import booking

TODAY = date(2027, 3, 1)


def office(*languages: str) -> Office:
    demo = demo_office()
    return replace(demo, settings=replace(demo.settings, languages=languages))


@pytest.mark.parametrize(
    ("languages", "asked", "answered"),
    [
        pytest.param((), "en", "en", id="all are offered where none is chosen"),
        pytest.param(("cs", "en"), "en", "en", id="offered"),
        pytest.param(("cs",), "en", "cs", id="not offered"),
        pytest.param(("en", "cs"), "sk", "cs", id="the first language, in whatever order"),
        pytest.param(("en",), "cs", "en", id="an office without the first language"),
        pytest.param(("xx",), "en", "en", id="a language that is there no more"),
    ],
)
def test_the_language_of_an_answer(languages: tuple[str, ...], asked: str, answered: str) -> None:
    assert answering(office(*languages), asked) == answered


def test_a_message_is_understood_in_a_language_that_is_not_offered() -> None:
    both, one = parse("FREE ZCD", office(), TODAY), parse("FREE ZCD", office("cs"), TODAY)
    assert (both.language, one.language) == ("en", "cs")
    assert both.request == one.request


def test_what_is_not_understood_is_answered_in_an_offered_language() -> None:
    for text in ("", "x" * 2000, "?!"):
        assert parse(text, office("en"), TODAY).language == "en"


def test_whatever_is_sent_is_in_an_offered_language() -> None:
    english = render(TooOld(), office("en"), "en")
    assert render(TooOld(), office("en"), "cs") == english
    assert render(TooOld(), office("cs"), "cs") != english
    assert reminder(booking(), office("cs"), "en") == reminder(booking(), office(), "cs")


def test_the_languages_an_office_offers_are_in_its_own_order() -> None:
    assert [one.code for one in offered(office("en", "cs"))] == ["en", "cs"]
    assert offered(office("xx")) == offered(office())
