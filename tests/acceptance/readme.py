"""The commands of a section of README.md, as a reader copies them into a shell of root."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SECTION = "A town with a modem"


@dataclass(frozen=True, slots=True)
class Step:
    """One numbered step. title: its sentence; commands: its block, as it stands there."""

    title: str
    commands: str


def steps(section: str = SECTION) -> Iterator[Step]:
    """Yield the steps of a section: each paragraph `1. …` with the indented block below it."""
    text = (ROOT / "README.md").read_text("utf-8")
    body = text.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    assert body, f"README.md has no section {section}"
    for found in re.finditer(r"^\d+\. (.+(?:\n   \S.*)*)\n\n((?: {7}.*\n|\n)+)", body, re.MULTILINE):
        commands = re.sub(r"^ {7}", "", found[2], flags=re.MULTILINE)
        yield Step(" ".join(found[1].split()), f"{commands.strip()}\n")
