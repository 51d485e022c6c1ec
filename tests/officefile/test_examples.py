"""The example office in each language: whole, loadable, and without a word of another language."""

import re
import tomllib

import pytest

from prepazka import officefile
from prepazka.core.office.diff import find_changes
from prepazka.officefile import examples
from prepazka.sms.own_words import new_word_problems
from prepazka.sms.reply.fit import text_problems

DEMO = officefile.load_demo()


@pytest.mark.parametrize("language", examples.LANGUAGES)
def test_it_can_be_loaded_beside_the_demo(language: str) -> None:
    office = officefile.parse(officefile.example(language))
    assert (office.slug, office.numbers) == ("muj-urad", ("+420601000000",))
    assert (text_problems(office), new_word_problems(office, None)) == ([], [])
    assert [service.code for service in office.services] == [service.code for service in DEMO.services]
    assert office.settings == DEMO.settings


def test_every_comment_is_czech_in_the_czech_one() -> None:
    """Whoever adds a comment to demo.toml adds its Czech to officefile/example_words.toml."""
    assert examples.comments() - set(examples.words("cs")) == set()


@pytest.mark.parametrize("language", examples.LANGUAGES)
def test_no_word_is_kept_that_the_demo_has_no_more(language: str) -> None:
    texts = examples.comments() | set(re.findall(r'"([^"]*)"', examples.demo()))
    assert set(examples.words(language)) - texts == set()


def test_the_english_one_shows_people_no_czech() -> None:
    """Synonyms stay Czech: they are what people write in messages; what to bring is in both languages."""
    document = tomllib.loads(officefile.example("en"))
    shown = [document["office"][name] for name in ("name", "contact", "address", "directions", "privacy_officer")]
    shown += [part["title"] for section in ("agendas", "services", "counters") for part in document[section]]
    assert [text for text in shown if not text.isascii()] == []


def test_the_czech_one_differs_from_the_demo_by_its_address_and_number_only() -> None:
    changes = find_changes(DEMO, officefile.parse(officefile.example("cs")))
    assert {change.place for change in changes} <= {"slug", "numbers", "office.slug", "office.numbers"}
