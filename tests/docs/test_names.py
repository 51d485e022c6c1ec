"""What the documents name exists: modules, files, functions and tests. A renaming cannot leave them behind."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.docs.pages import ROOT

SOURCE = ROOT / "src/prepazka"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "docs/design").glob("*.md")])
ROOMS = sorted(path.name.removesuffix(".py") for path in SOURCE.iterdir() if path.suffix == ".py" or path.is_dir())
# A path below src/prepazka or the repository's root; a dotted name of a module and what it defines; a test.
_PATH = re.compile(rf"`((?:src/prepazka|tests|docs|scripts|{'|'.join(ROOMS)})/[\w./]*)`")
_DOTTED = re.compile(rf"`((?:{'|'.join(ROOMS)})(?:\.\w+)+)`")
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
_FILES = {"py", "md", "toml", "css", "js", "html"}


def named(pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    """Each name of a pattern with the document it stands in."""
    return [
        (document.name, found if isinstance(found, str) else "::".join(found))
        for document in DOCUMENTS
        for found in pattern.findall(document.read_text("utf-8"))
        if "NAME" not in found  # a placeholder
    ]


@cache
def defines(path: Path) -> frozenset[str]:
    """The names a module defines at any depth."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                names.add(name)
            case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
                names.add(name)
    return frozenset(names)


def exists(dotted: str) -> bool:
    """Whether a dotted name is a module, or something a module defines."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        path = SOURCE.joinpath(*parts[:length])
        module = path.with_suffix(".py") if path.with_suffix(".py").is_file() else path / "__init__.py"
        if module.is_file():
            return all(name in defines(module) for name in parts[length:])
    return False


def test_there_are_names_to_look_for() -> None:
    assert len(named(_PATH)) > 100
    assert len(named(_DOTTED)) > 10
    assert len(named(_TEST)) > 20


def test_every_path_leads_somewhere() -> None:
    paths = sorted(set(named(_PATH)))
    assert [one for one in paths if not (ROOT / one[1]).exists() and not (SOURCE / one[1]).exists()] == []


@pytest.mark.parametrize(
    ("document", "dotted"), sorted(one for one in set(named(_DOTTED)) if one[1].rpartition(".")[2] not in _FILES)
)
def test_every_dotted_name_is_one_of_the_code(document: str, dotted: str) -> None:
    assert exists(dotted)


@pytest.mark.parametrize(("document", "test"), sorted(set(named(_TEST))))
def test_every_test_named_is_one_of_the_suite(document: str, test: str) -> None:
    path, _, name = test.partition("::")
    assert (ROOT / path).is_file()
    assert name in defines(ROOT / path)
