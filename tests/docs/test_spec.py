"""The specification and the code say the same: citations lead somewhere, and tables have what the code has."""

import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import time
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import get_args

import pytest

import prepazka.core.queue
from prepazka.commands.cli import parser
from prepazka.core.delivery import KINDS, DeliveryState
from prepazka.core.office.office import Settings
from prepazka.core.queue.tickets import ACTS
from prepazka.core.rate_limits import DAY, HOUR, LIMITS, MINUTE
from prepazka.sms.folding import fold
from prepazka.sms.languages import load
from prepazka.sms.reply.answers import ANSWERS
from prepazka.web.api.operations import api
from tests.commands.test_cli import commands
from tests.docs.pages import ROOT, SPEC, plain, sections, table

PAGES = sorted(page.name for page in SPEC.glob("*.md"))

# --- citations ---------------------------------------------------------------------------------

_CITING = [
    *sorted((ROOT / "src").rglob("*.py")),
    *sorted((ROOT / "src").rglob("*.toml")),
    *sorted((ROOT / "tests").rglob("*.py")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted(ROOT.glob("*.md")),
]
_PAGE = re.compile(r"\b([a-z]+\.md)\b")
_SECTION = re.compile(r"(?:\b([a-z]+\.md) )?§(\d+(?:\.\d+)?)")
_REACH = 300
"""How many characters before a section its page may be named, as in "messages.md §4 (…) and §6"."""


def _cited(path: Path) -> Iterator[tuple[str, str]]:
    """Each section a file cites, with its page: the one named last before it; in the specification, the page itself."""
    text = path.read_text("utf-8")
    named = [(found.start(), found[1]) for found in _PAGE.finditer(text) if found[1] in PAGES]
    for found in _SECTION.finditer(text):
        before = [page for start, page in named if 0 <= found.start() - start <= _REACH]
        otherwise = path.name if path.parent == SPEC else (before or [""])[-1]
        yield found[1] or otherwise, found[2]


CITED = [(path, *cited) for path in _CITING for cited in _cited(path)]


def test_the_code_cites_the_specification() -> None:
    assert len(CITED) > 30


def test_every_section_cited_exists() -> None:
    lost = [
        f"{path.relative_to(ROOT)}: {page or 'no page'} §{number}"
        for path, page, number in CITED
        if page not in PAGES or number not in sections(page)
    ]
    assert lost == []


def test_every_page_cited_exists() -> None:
    named = {(path, page) for path in _CITING for page in re.findall(r"\bspec/([a-z_]+\.md)", path.read_text("utf-8"))}
    assert {(path, page) for path, page in named if page not in PAGES} == set()


_QUOTING = re.compile(r"^ *# docs/spec/([a-z]+\.md) §(\d+(?:\.\d+)?): (.*\n(?: *# (?!docs/spec/).*\n)*)", re.MULTILINE)


def _quotations() -> Iterator[tuple[str, str, str, str]]:
    """Each sentence quoted above a rule: the file, the page, the section, the sentence ("" for one left out)."""
    for path in sorted((ROOT / "src").rglob("*.py")):
        for page, number, comment in _QUOTING.findall(path.read_text("utf-8")):
            said = plain(re.sub(r"\n *#", " ", comment))
            for quote in re.findall(r'"([^"]+)"', said) or [""]:
                yield str(path.relative_to(ROOT)), page, number, quote


def test_rules_carry_their_sentences() -> None:
    assert len(list(_quotations())) > 100


def test_every_sentence_above_a_rule_stands_in_its_section() -> None:
    lost = [
        f"{path}: {page} §{number}: {quote}"
        for path, page, number, quote in _quotations()
        if not quote or quote not in plain(sections(page).get(number, ""))
    ]
    assert lost == []


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", (SPEC / page).read_text("utf-8")):
        assert (SPEC / target).exists(), target


@pytest.mark.parametrize("page", PAGES)
def test_links_to_sections_lead_to_headings(page: str) -> None:
    for target, anchor in re.findall(r"\]\(([a-z]+\.md)#([^)]+)\)", (SPEC / page).read_text("utf-8")):
        headings = re.findall(r"^#+ (.+)$", (SPEC / target).read_text("utf-8"), re.MULTILINE)
        anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
        assert anchor in anchors, f"{target}#{anchor}"


# --- tables ------------------------------------------------------------------------------------


def _outcomes_of_the_queue() -> set[str]:
    """The outcome names at the counters."""
    modules = [
        one.name
        for one in walk_packages(prepazka.core.queue.__path__, "prepazka.core.queue.")
        if one.name.endswith(".outcomes")
    ]
    assert modules
    classes = [one for module in modules for one in vars(import_module(module)).values() if isinstance(one, type)]
    return {name for one in classes if isinstance(name := vars(one).get("outcome"), str)}


def _first(page: str, section: str, head: str) -> list[str]:
    return [row[head] for row in table(sections(page)[section], head)]


def test_every_outcome_of_a_message_has_its_line() -> None:
    assert sorted(_first("messages.md", "4", "outcome")) == sorted(kind.outcome for kind in ANSWERS)


def test_every_outcome_at_the_counters_has_its_line() -> None:
    said = [name for section in "235" for name in _first("counters.md", section, "outcome")]
    assert sorted(said) == sorted(_outcomes_of_the_queue())


def test_every_act_of_a_ticket_has_its_line() -> None:
    said = {
        (row["act"], before, row["to"])
        for row in table(sections("counters.md")["1"], "act")
        for before in row["from"].split(", ")
    }
    assert said == {(act, before, after) for (act, before), after in ACTS.items()}


def test_every_rate_limit_has_its_line_with_its_figure() -> None:
    said = [tuple(row.values()) for row in table(sections("safety.md")["2.3"], "limit")]
    periods = {MINUTE: "minute", 10 * MINUTE: "10 minutes", HOUR: "hour", DAY: "day"}
    assert said == [(name, str(one.figure), periods[one.period], one.then) for name, one in LIMITS.items()]


def test_every_setting_has_its_line_with_its_default() -> None:
    said = {row["setting"]: row["default"] for row in table(sections("messages.md")["6.1"], "setting")}
    # An office that names no language answers in all there are.
    assert said == {one.name: _written(one.default) for one in fields(Settings)} | {"languages": "all"}


def _written(default: object) -> str:
    match default:
        case None | "" | ():
            return "none"
        case bool():
            return "yes" if default else "no"
        case time():
            return f"{default.hour}:{default.minute:02}"
        case _:
            return str(default)


@pytest.mark.parametrize(
    ("head", "language"), [("Czech", "cs"), ("English", "en"), ("Slovak", "sk"), ("Ukrainian", "uk")]
)
def test_every_command_word_has_its_place(head: str, language: str) -> None:
    cells = [row[head] for row in table(sections("messages.md")["3.7"], "command")]
    (words,) = [one.words for one in load() if one.code == language]
    shipped = {word for spelled in words.commands.values() for word in spelled}
    assert shipped <= {fold(word) for cell in cells for word in re.findall(r"\w+", cell)}


def test_every_kind_of_message_has_its_priority() -> None:
    said = {row["kind"]: int(row["priority"]) for row in table(sections("delivery.md")["4.1"], "kind")}
    assert said == {name: kind.priority for name, kind in KINDS.items()}


def test_every_delivery_state_has_its_line() -> None:
    assert set(_first("delivery.md", "4.2", "state")) == set(get_args(DeliveryState))


def test_every_command_has_its_line() -> None:
    all_ = set(commands(parser()))
    groups = {command[:1] for command in all_ if len(command) > 1}
    assert set(_first("contract.md", "1", "command")) == {f"prepazka {' '.join(one)}" for one in all_ - groups}


def test_every_call_of_the_api_has_its_line() -> None:
    described = {
        f"{method.upper()} {path}"
        for path, operations in api.get_openapi_schema()["paths"].items()
        for method in operations
    }
    assert set(_first("contract.md", "2", "call")) == described
