"""The pages of docs/spec as tests read them: sections by number, and the tables in a section."""

import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SPEC = ROOT / "docs/spec"

_HEADING = re.compile(r"^#{2,} (\d+(?:\.\d+)?)\.? ", re.MULTILINE)


@cache
def sections(page: str) -> dict[str, str]:
    """The text of each numbered section of a page; a section holds those below it too."""
    text = (SPEC / page).read_text("utf-8")
    headings = list(_HEADING.finditer(text))
    found: dict[str, str] = {}
    for place, heading in enumerate(headings):
        number = heading[1]
        following = (one for one in headings[place + 1 :] if not one[1].startswith(f"{number}."))
        end = next((one.start() for one in following), len(text))
        assert number not in found, f"{page} has §{number} twice"
        found[number] = text[heading.start() : end]
    return found


def table(text: str, first: str) -> list[dict[str, str]]:
    """The rows of all tables whose first head is this one, by their heads and without code marks around a cell."""
    found: list[dict[str, str]] = []
    heads: list[str] = []
    for line in text.splitlines():
        if not line.startswith("|"):
            heads = []
            continue
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if not heads:
            heads = cells
        elif heads[0] == first and not cells[0].startswith("---"):
            found.append({head: cell.strip("`") for head, cell in zip(heads, cells, strict=True)})
    return found


def plain(text: str) -> str:
    """A text with its white space normalised."""
    return " ".join(text.split())
