"""Every name the glossary gives for a notion is one of the code."""

import ast
import re
from pathlib import Path

import pytest

from tests.docs.pages import ROOT

GLOSSARY = (ROOT / "docs/glossary.md").read_text("utf-8")
TERMS = re.findall(r"^\| ([^|]+) \| ([^|]+) \| `(\w+)` \| ([^|]+) \|$", GLOSSARY, re.MULTILINE)


def _defined(path: Path) -> set[str]:
    """The names a module defines, and its own."""
    names = {path.stem, path.parent.name}
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                names.add(name)
            case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
                names.add(name)
    return names


NAMES = frozenset().union(*map(_defined, (ROOT / "src").rglob("*.py")))


def test_there_are_terms() -> None:
    lines = [line for line in GLOSSARY.splitlines() if line.startswith("| ") and not line.startswith("| Czech")]
    assert len(TERMS) == len(lines) >= 40


@pytest.mark.parametrize("name", [name for _, _, name, _ in TERMS])
def test_every_name_is_one_of_the_code(name: str) -> None:
    assert name in NAMES


def test_no_notion_has_two_lines() -> None:
    english = [term for _, term, _, _ in TERMS]
    assert len(set(english)) == len(english)
