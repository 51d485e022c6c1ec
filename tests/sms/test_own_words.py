"""An office's own words: codes and synonyms that already mean something in messages are refused, and which."""

from dataclasses import replace

import pytest

from prepazka.core.office.office import Office, Service
from prepazka.sms.languages import load
from prepazka.sms.own_words import new_word_problems, word_problems
from prepazka.sms.understand.synonyms import synonyms
from tests.offices import demo_office


def office(*services: tuple[str, tuple[str, ...]], languages: tuple[str, ...] = ()) -> Office:
    """An office of these codes with their synonyms."""
    made = tuple(Service(n, code, f"činnost {n}", 20, 1, words) for n, (code, words) in enumerate(services, 1))
    demo = demo_office()
    return replace(demo, services=made, settings=replace(demo.settings, languages=languages))


@pytest.mark.parametrize(
    ("wrong", "kind", "told"),
    [
        pytest.param(
            office(("QQ", ()), ("STAV", ())), "code_command", 'services[1].code: "STAV" is a command word', id="command"
        ),
        pytest.param(
            office(("WATCH", ())), "code_command", 'services[0].code: "WATCH" is a command word', id="any language"
        ),
        pytest.param(office(("PON", ())), "code_day", 'services[0].code: "PON" is a word for a day', id="day"),
        pytest.param(
            office(("JUTRO", ())), "code_day", 'services[0].code: "JUTRO" is a word for a day', id="Polish day"
        ),
        pytest.param(
            office(("HOD", ())), "code_time", 'services[0].code: "HOD" is a word beside a day or a time', id="hour"
        ),
        pytest.param(
            office(("KOD", ())),
            "code_hole",
            'services[0].code: "KOD" is a word that stands for a value in examples',
            id="hole",
        ),
        pytest.param(
            office(("QQ", ("rybka", "Moje"))),
            "synonym_command",
            'services[0].synonyms[1]: "Moje" is a command word',
            id="synonym like a command",
        ),
        pytest.param(
            office(("QQ", ("termín svatby",))),
            "synonym_command",
            'services[0].synonyms[0]: "termín" is a command word',
            id="synonym that begins with a command",
        ),
        pytest.param(
            office(("QQ", ("středa",))),
            "synonym_day",
            'services[0].synonyms[0]: "středa" is a word for a day',
            id="synonym like a day",
        ),
        pytest.param(
            office(("QQ", ("ŘÍJNA",))),
            "synonym_time",
            'services[0].synonyms[0]: "ŘÍJNA" is a word beside a day or a time',
            id="synonym like a month",
        ),
        pytest.param(
            office(("QQ", ("odpoledne",))),
            "synonym_time",
            'services[0].synonyms[0]: "odpoledne" is a word beside a day or a time',
            id="synonym like a time",
        ),
        pytest.param(
            office(("QQ", ("příjmení",))),
            "synonym_hole",
            'services[0].synonyms[0]: "příjmení" is a word that stands for a value in examples',
            id="synonym like a hole",
        ),
        pytest.param(
            office(("QQ", ("vážka",)), ("RR", ("brouk", "VAZKA"))),
            "synonym_repeated",
            'services[1].synonyms[1]: "VAZKA" is already services[0].synonyms[0]',
            id="the same of two services, folded",
        ),
        pytest.param(
            office(("QQ", ("rr",)), ("RR", ())),
            "synonym_is_code",
            'services[0].synonyms[0]: "rr" is the code of a service',
            id="synonym like a code",
        ),
        pytest.param(
            office(("QQ", ()), languages=("cs", "xx")),
            "no_such_language",
            "settings.languages[1]: there is no language 'xx'",
            id="no such language",
        ),
    ],
)
def test_a_word_with_another_meaning_is_refused(wrong: Office, kind: str, told: str) -> None:
    [problem] = word_problems(wrong)
    assert (problem.kind, str(problem)[: len(told)]) == (kind, told)


def test_what_to_bring_is_in_languages_there_are() -> None:
    [problem] = word_problems(replace(demo_office(), services=(Service(1, "QQ", "", 5, 1, (), {"qq": "kolo"}),)))
    assert (problem.place, problem.kind) == ("services[0].bring.qq", "no_such_language")


@pytest.mark.parametrize("word", ["OBČANKA", "trvalý pobyt", "op", "ověření po rozvodu", "паспорт"])
def test_other_words_are_accepted(word: str) -> None:
    assert word_problems(office(("QQ", ()), ("ZZZ", (word,)))) == []


def test_a_code_may_be_a_short_month_that_stands_only_beside_a_number() -> None:
    assert word_problems(office(("SRP", ()), ("MAR", ()))) == []


def test_the_demo_office_has_no_such_word() -> None:
    assert word_problems(demo_office()) == []


def test_no_word_of_a_language_file_is_free() -> None:
    """Whatever a language understands as a command, a day or a hole can be no code of an office."""
    for language in load():
        groups = (*language.words.commands.values(), *language.words.days.values(), *language.words.holes.values())
        for word in (word for group in groups for word in group):
            assert word_problems(office((word, ()))), word


def test_only_new_problems_keep_an_office_from_changing() -> None:
    before = office(("STAV", ("brouk",)))
    assert new_word_problems(replace(before, name="Nový název"), before) == []
    worse = office(("STAV", ("brouk", "zítra")))
    assert [problem.word for problem in new_word_problems(worse, before)] == ["zítra"]
    assert [problem.word for problem in new_word_problems(worse, None)] == ["STAV", "zítra"]


def test_the_same_synonym_in_two_offices_is_each_ones_own() -> None:
    here, there = office(("QQ", ("Rybářský  lístek",))), office(("AA", ()), ("RR", ("RYBARSKY listek",)))
    assert synonyms(here) == {"RYBARSKY LISTEK": "QQ"}
    assert synonyms(there) == {"RYBARSKY LISTEK": "RR"}
    assert word_problems(here) == word_problems(there) == []
