"""CONTRIBUTING says which files a new command, outcome or language touches: here they are added to a copy and tried.

A trial command PLACE with its outcome is three files and one for each language; a trial language is one. Whatever is
forgotten of them is named by the tests of the rows.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LANGUAGES = "sms/languages"

REQUEST_AND_OUTCOME = '''"""PLACE: where the office is."""

from dataclasses import dataclass

from prepazka.core.booking.context import Context
from prepazka.core.booking.outcomes import Outcome
from prepazka.core.booking.requests import Request


@dataclass(frozen=True, slots=True)
class PlaceTold(Outcome):
    """Where to turn to."""

    outcome = "place"
    contact: str


@dataclass(frozen=True, slots=True)
class Place(Request):
    """Where the office is."""

    def decide(self, context: Context) -> PlaceTold:
        """What the office says of itself."""
        return PlaceTold(context.office.contact)
'''
COMMAND = '    "place": _plain(Place(), "place", PageForm("place", "place", "place")),\n'
ANSWER = """    PlaceTold: Row(
        {"place": Text.of("contact")},
        lambda outcome, office, templates: one("place", contact=templates.line(outcome.contact)),
        lambda longest: [PlaceTold("C" * 60)],
    ),
"""
IMPORT = "from prepazka.core.booking.place import {name}\n"

Edit = Callable[[Path], None]


def insert(path: Path, text: str, after: str) -> None:
    """Insert a text behind the first line that begins so."""
    lines = path.read_text("utf-8").splitlines(keepends=True)
    place = next(number for number, line in enumerate(lines) if line.startswith(after))
    path.write_text("".join([*lines[: place + 1], text, *lines[place + 1 :]]), "utf-8")


def core(package: Path) -> None:
    (package / "core/booking/place.py").write_text(REQUEST_AND_OUTCOME, "utf-8")


def command(package: Path) -> None:
    path = package / "sms/understand/commands.py"
    insert(path, COMMAND, "COMMANDS: ")
    insert(path, IMPORT.format(name="Place"), "from prepazka.core.booking.cancel ")


def answer(package: Path) -> None:
    path = package / "sms/reply/answers.py"
    insert(path, ANSWER, "DONE: ")
    insert(path, IMPORT.format(name="PlaceTold"), "from prepazka.core.booking.booking ")


def language(code: str, word: str, text: str) -> Edit:
    def edit(package: Path) -> None:
        path = package / LANGUAGES / f"{code}.toml"
        insert(path, f'place = ["{word}"]\n', "[words.commands]")
        insert(path, f'place = "{text}"\n', "[replies]")
        insert(path, f'place = "{word}"\n', "[forms]")
        insert(path, 'place = "contact"\n', "[titles.replies]")
        insert(path, 'place = "contact"\n', "[titles.outcomes]")
        path.write_text(path.read_text("utf-8") + '\n[page.place]\ntitle = "contact"\ngives = "contact"\n', "utf-8")

    return edit


FILES: dict[str, Edit] = {
    "core/booking/place.py": core,
    "sms/understand/commands.py": command,
    "sms/reply/answers.py": answer,
    f"{LANGUAGES}/cs.toml": language("cs", "KDEJSTE", "Najdete nás: {contact}"),
    f"{LANGUAGES}/en.toml": language("en", "PLACE", "You find us: {contact}"),
    f"{LANGUAGES}/sk.toml": language("sk", "KDESTE", "Nájdete nás: {contact}"),
    f"{LANGUAGES}/uk.toml": language("uk", "DEVY", "Де ми: {contact}"),
}

ASK = """
import sys
from dataclasses import replace
from datetime import date, datetime, UTC
from prepazka.core.booking.decide import decide
from prepazka.core.booking.ledger import Ledger, Submission
from prepazka.core.booking.snapshot import Snapshot
from prepazka.sms.reply.render import render
from prepazka.sms.understand.parse import parse
from tests.offices import demo_office
office = replace(demo_office(), contact="Palackeho 5")
reading = parse(sys.argv[1], office, date(2026, 8, 3))
submission = Submission(reading.request, datetime(2026, 8, 3, 9, tzinfo=UTC), "+420777123456", codes=("482913",))
outcome = decide(submission, office, Ledger(office, Snapshot()))
print(outcome.outcome, reading.language, render(outcome, office, reading.language).text)
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the package, to be extended."""
    ignored = shutil.ignore_patterns("__pycache__", "web", "gateways", "bench")
    shutil.copytree(ROOT / "src" / "prepazka", tmp_path / "prepazka", ignore=ignored)
    return tmp_path / "prepazka"


def run(package: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(package.parent), str(ROOT)])
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(
        [sys.executable, *arguments], cwd=package, env=environment, capture_output=True, text=True, check=False
    )


def rows(package: Path) -> subprocess.CompletedProcess[str]:
    """The tests of the rows, on the copy."""
    plugins = ["-p", "no:django", "-p", "no:cacheprovider", "-p", "no:xdist"]
    config = ["--noconftest", "-c", os.devnull, f"--rootdir={ROOT}"]
    return run(package, "-m", "pytest", "-q", *plugins, *config, str(ROOT / "tests/sms/test_rows.py"))


def test_a_command_with_its_outcome_is_three_files_and_one_a_language(package: Path) -> None:
    for edit in FILES.values():
        edit(package)
    assert run(package, "-c", ASK, "kdejste").stdout == "place cs Najdete nas: Palackeho 5\n"
    assert run(package, "-c", ASK, "Place").stdout == "place en You find us: Palackeho 5\n"
    done = rows(package)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("forgotten", ["sms/understand/commands.py", "sms/reply/answers.py", f"{LANGUAGES}/en.toml"])
def test_what_is_forgotten_of_a_command_is_named(package: Path, forgotten: str) -> None:
    for name, edit in FILES.items():
        if name != forgotten:
            edit(package)
    if forgotten == "sms/reply/answers.py":  # an outcome is known once its module is loaded
        insert(
            package / "sms/understand/commands.py", IMPORT.format(name="PlaceTold"), "from prepazka.core.booking.book "
        )
    done = rows(package)
    assert done.returncode == 1
    assert "place" in done.stdout.lower()


def test_a_language_is_one_file(package: Path) -> None:
    """Words of its own for one command are enough to be answered in it."""
    czech = (package / LANGUAGES / "cs.toml").read_text("utf-8")
    words = re.sub(r'^help = \["POMOC", "HELP"\]', 'help = ["NAPOVEDA"]', czech, flags=re.MULTILINE)
    forms = words.replace('help = "POMOC"', 'help = "NAPOVEDA"').replace('help = "Pošlete', 'help = "Napíšte')
    assert forms.count("NAPOVEDA") == 2
    (package / LANGUAGES / "xx.toml").write_text(forms, "utf-8")
    told = run(package, "-c", ASK, "napoveda").stdout
    assert told.startswith("help xx Napiste"), told
    done = rows(package)
    assert done.returncode == 0, done.stdout
