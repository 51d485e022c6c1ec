"""docs/security.md has every chapter of OWASP ASVS 5.0, and each line says whether it holds and where to see that."""

import re

from tests.docs.pages import ROOT, table

PAGE = (ROOT / "docs/security.md").read_text("utf-8")
ROWS = table(PAGE, "chapter")
CHAPTERS = 17
VERDICTS = {"yes", "partly", "no", "does not apply"}


def test_every_chapter_stands_once_and_in_order() -> None:
    named = [row["chapter"] for row in ROWS if row["chapter"]]
    assert [int(re.findall(r"^V(\d+) ", f"{name} ")[0]) for name in named] == list(range(1, CHAPTERS + 1))


def test_every_line_has_a_verdict() -> None:
    assert {row["holds"] for row in ROWS} == VERDICTS


def test_every_line_that_holds_can_be_checked() -> None:
    assert [row for row in ROWS if row["holds"] in {"yes", "partly"} and not (row["how it is"] and row["check"])] == []


def test_every_line_that_does_not_hold_says_why() -> None:
    assert [row for row in ROWS if row["holds"] in {"no", "partly"} and len(row["how it is"]) < 40] == []
