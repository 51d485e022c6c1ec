"""ARCHITECTURE.md says what import-linter enforces, has every room there is, and its drawings are those of the code."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.docs.pages import ROOT, table

SOURCE = ROOT / "src/prepazka"
PAGE = (ROOT / "docs/ARCHITECTURE.md").read_text("utf-8")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
TABLES = {"prepazka": "## Rooms", "prepazka.core": "### core", "prepazka.sms": "### sms", "prepazka.flows": "### flows"}


def contracts(kind: str) -> list[dict[str, Any]]:
    return [one for one in CONTRACTS if one["type"] == kind]


def layers(package: str) -> list[set[str]]:
    """The floors of a package from the lowest, as import-linter enforces them."""
    (contract,) = [one for one in contracts("layers") if one["containers"] == [package]]
    assert contract["exhaustive"]
    return [{room.strip() for room in layer.split("|")} for layer in reversed(contract["layers"])]


def documented(package: str) -> list[dict[str, str]]:
    """The rows of the table of a package."""
    _, _, text = PAGE.partition(f"\n{TABLES[package]}\n")
    return table(re.split(r"\n##", text)[0], "floor")


def room(name: str) -> str:
    """The room's name as Python imports it."""
    return name.strip("`").removesuffix(".py").removesuffix("/")


def may_import(package: str, name: str) -> set[str]:
    """What the contracts let a room import within its package."""
    floors = layers(package)
    (own,) = [floor for floor, rooms in enumerate(floors) if name in rooms]
    forbidden = {
        module.removeprefix(f"{package}.")
        for one in contracts("forbidden")
        if f"{package}.{name}" in one["source_modules"]
        for module in one["forbidden_modules"]
    }
    return set[str]().union(*floors[:own]) - forbidden


def said(package: str, cell: str) -> set[str]:
    """The rooms a cell means: "nothing", "floor 1", "floors 1–3", one room."""
    if cell == "nothing":
        return set()
    if cell.endswith(".py"):
        return {room(cell)}
    numbers = re.fullmatch(r"floors? (\d)(?:–(\d))?", cell)
    assert numbers, cell
    return set[str]().union(*layers(package)[int(numbers[1]) - 1 : int(numbers[2] or numbers[1])])


def packages(package: str) -> set[str]:
    """The rooms there are."""
    directory = SOURCE.joinpath(*package.split(".")[1:])
    modules = {path.stem for path in directory.glob("*.py") if path.name != "__init__.py"}
    return modules | {path.parent.name for path in directory.glob("*/__init__.py")}


@pytest.mark.parametrize("package", TABLES)
def test_every_room_has_its_line_and_its_floor(package: str) -> None:
    found = {(room(row["room"]), int(row["floor"])) for row in documented(package)}
    assert found == {(name, place) for place, names in enumerate(layers(package), start=1) for name in names}
    assert {name for name, _ in found} == packages(package)
    assert len(found) == len(documented(package))


@pytest.mark.parametrize("package", TABLES)
def test_a_room_may_import_what_its_line_says(package: str) -> None:
    for row in documented(package):
        assert said(package, row["may import"]) == may_import(package, room(row["room"])), row["room"]
        assert row["holds"]


def test_the_faces_named_are_all_packages_of_the_web() -> None:
    (contract,) = contracts("independence")
    faces = {module.removeprefix("prepazka.web.") for module in contract["modules"]}
    # Django's own name for the tags of templates: a part of every face, none itself.
    assert faces == {path.parent.name for path in (SOURCE / "web").glob("*/__init__.py")} - {"templatetags"}
    sentence = re.search(r"the faces of `web/` \(([^)]+)\)", PAGE)
    assert sentence
    assert set(re.findall(r"\w+", sentence[1])) == faces


def test_circles_are_forbidden() -> None:
    (contract,) = contracts("acyclic_siblings")
    assert contract["ancestors"] == ["prepazka"]


def test_the_drawings_are_those_of_the_tables_and_imports() -> None:
    checked = subprocess.run(
        [sys.executable, ROOT / "scripts/drawings", "--check"], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize(
    "name", ["rooms", "rooms of core", "rooms of sms", "rooms of flows", "ticket", "outgoing message"]
)
def test_every_drawing_is_on_the_page(name: str) -> None:
    assert PAGE.count(f"<!-- drawing: {name}, by scripts/drawings -->\n```mermaid\n") == 1


def test_a_drawing_that_is_not_up_to_date_is_found(tmp_path: Path) -> None:
    """The script is run on a copy whose table of tickets is drawn wrongly."""
    for part in ("docs", "scripts"):
        (tmp_path / part).mkdir()
    (tmp_path / "scripts/drawings").write_bytes((ROOT / "scripts/drawings").read_bytes())
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    (tmp_path / "docs/ARCHITECTURE.md").write_text(PAGE.replace("waiting --> called", "waiting --> done"), "utf-8")
    run = [sys.executable, str(tmp_path / "scripts/drawings")]
    checked = subprocess.run([*run, "--check"], capture_output=True, text=True, check=False)
    assert checked.returncode == 1
    assert "docs/ARCHITECTURE.md: a drawing is not up to date" in checked.stdout
    subprocess.run(run, check=True)
    assert (tmp_path / "docs/ARCHITECTURE.md").read_text("utf-8") == PAGE
