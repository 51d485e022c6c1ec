"""Every row of the table of repairs: what it says of itself holds."""

from datetime import date

import pytest

from prepazka.core.booking.requests import Request
from prepazka.sms.understand.lexicon import lexicon
from prepazka.sms.understand.parse import parse
from prepazka.sms.understand.repair import ALL, Repair
from prepazka.sms.understand.repairs import REPAIRS
from prepazka.sms.understand.written import Written
from tests.offices import demo_office

OFFICE = demo_office()
TODAY = date(2026, 8, 3)
SYNONYMS = {"občanka": "ZOP", "občanku": "ZOP", "op": "ZOP", "pas": "ZCD", "trvalý pobyt": "PTP"}
WORDS = lexicon(OFFICE, SYNONYMS)
EXAMPLES = [
    pytest.param(repair, before, after, id=f"{repair.name}: {before}")
    for repair in REPAIRS
    for before, after in repair.examples
]
STRICT = [
    "OBJ ZCD 12.8. 9:15 SVOBODA",
    "obj zcd 12. 8. 2026 9.15 Jan Svoboda",
    "OBJ ZCD 2x 12/8 1415 van der Berg",
    "BOOK ZCD friday at 9:00 June Smithson",
    "OBJ ZCD 2026-08-12 14h O'Neill",
    "OBJ ZCD pátek 10.8. 9:15 Шевченко".replace("pátek", "pondělí"),
    "OBJ ZCD Nguyễn Thị Hồng",
    "OBJ ZCD Svobodová-Malá",
    "STORNO 482913 12.8.",
    "PRESUN 482913 13.8. 9:15",
    "TERMIN ZCD 12.8.",
    "HLIDEJ ZCD zitra",
    "ANO 2",
    "POMOC ZKR",
    "STAV ZCD",
]


@pytest.mark.parametrize(("repair", "before", "after"), EXAMPLES)
def test_a_repair_does_what_its_examples_say(repair: Repair, before: str, after: str) -> None:
    assert repair.apply(Written(before), WORDS)[:1] == ([after] if after != before else [])


@pytest.mark.parametrize(("repair", "before", "after"), EXAMPLES)
def test_what_is_repaired_is_not_repaired_again(repair: Repair, before: str, after: str) -> None:
    assert repair.apply(Written(after), WORDS) == []


@pytest.mark.parametrize("text", STRICT)
def test_a_repair_leaves_a_perfect_command_alone(text: str) -> None:
    assert isinstance(parse(text, OFFICE, TODAY).request, Request)
    repaired = {repair.name: repair.apply(Written(text), WORDS) for repair in REPAIRS}
    assert {name: texts for name, texts in repaired.items() if texts} == {}


def test_the_command_is_repaired_before_the_service_behind_it() -> None:
    """ "chci pas": the office's own word is looked for behind the command, which first has to be one."""
    names = [repair.name for repair in REPAIRS]
    commands = [names.index(name) for name in names if name.startswith("command_")]
    assert max(commands) < min(names.index("service_synonym"), names.index("service_mistyped"))


def test_names_are_unique_and_languages_known() -> None:
    assert len({repair.name for repair in REPAIRS}) == len(REPAIRS)
    assert all(set(repair.languages) <= set(ALL) and repair.examples for repair in REPAIRS)
