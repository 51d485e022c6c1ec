"""The operator's page has each alarm of the code with its level, and pages have words for each."""

import re

from prepazka.commands.start_checks import Finding
from prepazka.flows.health.alarms import ALARMS
from prepazka.web.alarm_words import WORDS
from tests.docs.pages import ROOT


def test_the_operators_page_has_each_alarm() -> None:
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    section = page.partition("## Alarms")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (.+) \| (.+) \|$", section, re.MULTILINE)
    assert {name: level for name, level, _, _ in rows} == {name: text.level for name, text in ALARMS.items()}
    assert [name for name, _, _, _ in rows] == list(ALARMS), "in the order of the code"


def test_whoever_sees_a_line_of_check_finds_its_row() -> None:
    """By the name at its end, in both languages."""
    for name, text in ALARMS.items():
        assert Finding(text.level, text.what, text.fix, alarm=name).line().endswith(f" → {text.fix} [{name}]")
    guide = (ROOT / "docs" / "provoz.md").read_text("utf-8")
    assert re.findall(r"^\| `\[(\w+)\]` \|", guide, re.MULTILINE) == list(ALARMS), "in the order of the code"


def test_pages_say_each_with_values_it_has() -> None:
    assert WORDS.keys() == ALARMS.keys()
    for name, words in WORDS.items():
        used = {value for text in words for value in re.findall(r"%\((\w+)\)s", str(text))}
        assert used <= set(re.findall(r"{(\w+)}", ALARMS[name].what + ALARMS[name].fix)), name
