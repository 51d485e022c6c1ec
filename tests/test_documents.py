"""README.md names every setting and every command, and links between the documents lead somewhere."""

import re
from pathlib import Path

import pytest

from prepazka.commands.cli import parser
from tests.commands.test_cli import commands

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
SETTINGS = re.findall(r'(?:env\.\w+|_boolean)\(\s*"([A-Z_]+)"', (ROOT / "src/prepazka/settings.py").read_text("utf-8"))


# Read before the settings: where they stand, and how the log is written.
READ_BEFORE = {"PREPAZKA_ENV_FILE", "PREPAZKA_LOG"}


def test_there_are_settings_to_look_for() -> None:
    assert "DATABASE_URL" in SETTINGS


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_setting_has_its_line(setting: str) -> None:
    assert f"| `{setting}` |" in README


def test_every_documented_setting_is_read() -> None:
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE)) == {*SETTINGS, *READ_BEFORE}


@pytest.mark.parametrize(
    "command", [command for command in commands(parser()) if command not in {("gateway",), ("user",)}], ids=" ".join
)
def test_every_command_has_its_line(command: tuple[str, ...]) -> None:
    assert f"`prepazka {' '.join(command)}" in README


def test_links_between_the_documents_lead_somewhere() -> None:
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text("utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"
