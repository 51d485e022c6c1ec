"""The usual synonyms fit any office: each word in one entry, none that means something else."""

from dataclasses import replace

import pytest

from prepazka.core.office.office import Service
from prepazka.sms.folding import fold
from prepazka.sms.own_words import word_problems
from prepazka.sms.usual_synonyms import load, usual_synonyms
from tests.offices import demo_office

BARE = replace(demo_office(), services=())


def test_no_word_is_of_two_services_and_none_means_something_else() -> None:
    services = tuple(Service(n, f"Q{n}", "", 10, 1, usual.synonyms) for n, usual in enumerate(load(), 10))
    assert word_problems(replace(BARE, services=services)) == []


def test_beginnings_of_titles_are_folded() -> None:
    for usual in load():
        for beginning in (*(one for group in usual.titles for one in group), *usual.without):
            assert fold(beginning) == beginning


@pytest.mark.parametrize(
    ("title", "word"),
    [
        pytest.param("Občanské průkazy – podání žádosti", "občanka", id="identity card"),
        pytest.param("vyzvednutí občanského průkazu", "hotová občanka", id="picking it up"),
        pytest.param("Cestovní pasy", "pas", id="passport"),
        pytest.param("Řidičské průkazy", "řidičák", id="driving licence"),
        pytest.param("Evidence vozidel", "přepis auta", id="vehicles"),
        pytest.param("MATRIKA", "rodný list", id="registry"),
        pytest.param("zrušení trvalého pobytu", "odhlášení pobytu", id="cancelling comes before registering"),
        pytest.param("ověřování podpisů a listin", "ověření podpisu", id="signatures"),
        pytest.param("živnostenský rejstřík", "živnost", id="trade"),
    ],
)
def test_a_title_has_its_usual_words(title: str, word: str) -> None:
    assert word in usual_synonyms(title, "", BARE)


@pytest.mark.parametrize("title", ["", "zasedací místnost", "cestovní ruch", "spasení"])
def test_other_titles_have_none(title: str) -> None:
    assert usual_synonyms(title, "", BARE) == ()


def test_the_demo_office_uses_them() -> None:
    demo = demo_office()
    for service in demo.services:
        assert usual_synonyms(service.title, service.code, demo) == service.synonyms


def test_words_another_service_has_are_not_offered() -> None:
    taken = Service(1, "PAS", "něco", 10, 1, ("cestovní pas",))
    offered = usual_synonyms("cestovní doklady", "", replace(BARE, services=(taken,)))
    assert "pasy" in offered
    assert not {"pas", "cestovní pas"} & set(offered)
