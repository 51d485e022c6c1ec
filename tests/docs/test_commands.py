"""What the documents for operators tell people to type exists: each command of `prepazka` and each of its options."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from prepazka.commands.cli import parser
from prepazka.commands.setup_files import units
from prepazka.gateways.gammu.config import ModemConfig, config_files
from tests.docs.pages import ROOT

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_CODE = re.compile(r"^ {4,}(.*)$|`([^`\n]+)`", re.MULTILINE)
# `prepazka` as a command: not the user, the group, the package or the unit of that name.
_COMMAND = re.compile(r"(?<![-\w.:@])(?:/opt/prepazka/bin/)?prepazka ((?:[a-z]|--)[^|;<>()`#…,]*)")
_OF_OTHERS = re.compile(
    r"(?:-[gu] |adduser |usermod .*|install |purge |remove |deluser |systemctl .*|journalctl .*|/dev/null |echo )"
    r"prepazka(?: prepazka/)?"
)


def typed(document: Path) -> Iterator[str]:
    """Yield what stands after `prepazka` in code, up to the end of the command."""
    for block, inline in _CODE.findall(document.read_text("utf-8")):
        line = _OF_OTHERS.sub(" ", re.sub(r"runuser -u prepazka -- ", "", block or inline))
        for found in _COMMAND.findall(line):
            yield found.strip()


def options(words: list[str]) -> set[str]:
    """Return the options a command takes. Raises: AssertionError when there is no such command."""
    at: argparse.ArgumentParser = parser()
    found = set(at._option_string_actions)
    for word in words:
        subcommands = next((one for one in at._actions if isinstance(one, argparse._SubParsersAction)), None)
        if subcommands is None:
            break
        assert word in subcommands.choices, f"no such command: {word}"
        at = subcommands.choices[word]
        found |= set(at._option_string_actions)
    return found


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_and_option_exists(document: Path) -> None:
    for line in typed(document):
        words = line.split()
        known = options([word for word in words if not word.startswith("-")])
        unknown = {word.partition("=")[0] for word in words if word.startswith("--")} - known - {"--"}
        assert unknown == set(), line


def test_there_are_commands_to_look_for() -> None:
    assert sum(len(list(typed(document))) for document in DOCUMENTS) > 100
    assert len(list(typed(ROOT / "docs/provoz.md"))) > 15


@pytest.mark.parametrize("line", ["bakup /x", "user", "gateway set modem gammu --databaze=x"])
def test_a_command_that_does_not_exist_would_be_found(line: str, tmp_path: Path) -> None:
    document = tmp_path / "README.md"
    document.write_text(f"    runuser -u prepazka -- prepazka {line} | less\n")
    if line == "user":
        test_every_command_and_option_exists(document)
        return
    with pytest.raises(AssertionError):
        test_every_command_and_option_exists(document)


def test_every_unit_of_ours_exists() -> None:
    ours = {unit.partition(".")[0] for unit in units()} | {f"prepazka-{job}" for job in ("backup", "check", "erase")}
    modems = config_files(ModemConfig("/dev/modem", "/var/lib/prepazka/gammu.sqlite3", "modem", "prepazka"))
    ours |= {Path(place).name.partition(".")[0] for place, _ in modems.values()}
    named = {
        unit
        for document in DOCUMENTS
        for unit in re.findall(r"systemctl [^`\n]*?\b(prepazka-[\w-]+)", document.read_text("utf-8"))
    }
    assert named
    assert named - ours == set()


@pytest.mark.parametrize("page", ["operations.md", "provoz.md"])
def test_the_documents_of_operators_name_every_subject(page: str) -> None:
    """What a town asks in its first year, in each language."""
    text = (ROOT / "docs" / page).read_text("utf-8")
    for named in ("by-id", "PIN", "certbot", "rsync", "prepazka restore", "readyz", "prepazka setup", "apt purge"):
        assert named in text, named
