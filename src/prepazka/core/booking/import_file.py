"""A file of bookings of another system, read as people export it: a table with ; or , in it, and Czech dates.

Every mistake is told with its line and its column; what a line means is never guessed.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Literal

from prepazka.core.booking.codes import CODE_LENGTH
from prepazka.core.booking.names import name_of

MOST_LINES = 10_000

Column = Literal["code", "service", "date", "time", "name", "phone"]
COLUMNS: tuple[Column, ...] = ("code", "service", "date", "time", "name", "phone")
# What people call them; compared without accents and case.
_CALLED: dict[str, Column] = {
    **{name: name for name in COLUMNS},
    "kod": "code",
    "pristupovy kod": "code",
    "cinnost": "service",
    "sluzba": "service",
    "zkratka": "service",
    "datum": "date",
    "den": "date",
    "cas": "time",
    "hodina": "time",
    "jmeno": "name",
    "prijmeni": "name",
    "jmeno a prijmeni": "name",
    "telefon": "phone",
    "mobil": "phone",
}
_NEEDED = frozenset(COLUMNS) - {"code", "phone"}
_PLAIN = str.maketrans("áčďéěíňóřšťúůýž", "acdeeinorstuuyz")
# A spreadsheet writes ="0123" for a text of digits, and so do people with an apostrophe.
_FORMULA_TEXT = re.compile(r'="([^"]*)"|\'(.*)')

Kind = Literal[
    "encoding", "empty", "columns", "unknown_column", "too_many", "cells", "missing", "code", "service", "date", "time",
    "name", "phone", "formula", "past", "hours", "taken", "code_taken", "code_twice",
]  # fmt: skip
"""What can be wrong with a line; the last six concern the office, and are found when it is imported."""


@dataclass(frozen=True, slots=True)
class LineProblem:
    """What is wrong in a line, counted from 1 as an editor does; column: "" for the whole line. value: what a text of
    the problem may show, never a name or a number of a person."""

    line: int
    column: Column | Literal[""]
    kind: Kind
    value: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that can be read. code: "" where a new one is wanted; phone: as it was typed."""

    line: int
    code: str
    service: str
    day: date
    at: time
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class ImportFile:
    """What a file holds: lines, or problems; with problems nothing of it is imported."""

    lines: tuple[Line, ...] = ()
    problems: tuple[LineProblem, ...] = ()


# docs/spec/administration.md §9: "in UTF-8, UTF-16 with its mark, or else Windows-1250"
def read(data: bytes) -> ImportFile:
    """Return the lines of a file, or all that is wrong with them."""
    text = _decode(data)
    if text is None:
        return ImportFile(problems=(LineProblem(1, "", "encoding"),))
    rows = list(_rows(text))
    if not rows:
        return ImportFile(problems=(LineProblem(1, "", "empty"),))
    (first, header), *others = rows
    columns = [_CALLED.get(_plain(cell)) for cell in header]
    if problem := _check_header(first, header, columns):
        return ImportFile(problems=(problem,))
    if len(others) > MOST_LINES:
        return ImportFile(problems=(LineProblem(others[MOST_LINES][0], "", "too_many", str(MOST_LINES)),))
    found = [_read_line(number, cells, columns) for number, cells in others]
    return ImportFile(
        tuple(one for one in found if isinstance(one, Line)),
        tuple(problem for one in found if not isinstance(one, Line) for problem in one),
    )


def _decode(data: bytes) -> str | None:
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1250"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines that hold something, with their numbers; the separator is that of the first line."""
    first = text.lstrip().partition("\n")[0]
    separator = max(";,\t", key=first.count)
    reader, number = csv.reader(io.StringIO(text, newline=""), delimiter=separator), 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield number, [cell.strip() for cell in cells]
        number = reader.line_num + 1


def _check_header(line: int, header: Sequence[str], columns: Sequence[Column | None]) -> LineProblem | None:
    for cell, column in zip(header, columns, strict=True):
        if column is None or columns.count(column) > 1:
            return LineProblem(line, "", "unknown_column", cell[:40])
    missing = [one for one in COLUMNS if one in _NEEDED and one not in columns]
    return LineProblem(line, missing[0], "columns") if missing else None


def _read_line(number: int, cells: Sequence[str], columns: Sequence[Column | None]) -> Line | list[LineProblem]:
    if len(cells) != len(columns):
        return [LineProblem(number, "", "cells", str(len(columns)))]
    values = {column: _unwrap(cell) for column, cell in zip(columns, cells, strict=True) if column}
    problems = [problem for column in COLUMNS if (problem := _check(number, column, values.get(column, "")))]
    day, at, name = parse_date(values["date"]), parse_time(values["time"]), name_of(values["name"])
    if problems or day is None or at is None or name is None:
        return problems
    code, phone = values.get("code", ""), values.get("phone", "")
    return Line(number, code, values["service"].upper(), day, at, name, phone)


def _check(number: int, column: Column, value: str) -> LineProblem | None:
    if value.startswith(("=", "@", "\t", "\r")):
        return LineProblem(number, column, "formula")
    if not value:
        return LineProblem(number, column, "missing") if column in _NEEDED else None
    right: bool = {
        "code": bool(re.fullmatch(rf"[1-9][0-9]{{{CODE_LENGTH - 1}}}", value)),
        "date": parse_date(value) is not None,
        "time": parse_time(value) is not None,
        "name": name_of(value) is not None,
    }.get(column, True)
    return None if right else LineProblem(number, column, _of_column(column), "" if column == "name" else value[:20])


def _of_column(column: Column) -> Kind:
    return column


def _unwrap(cell: str) -> str:
    match = _FORMULA_TEXT.fullmatch(cell)
    return (match[1] if match[1] is not None else match[2]).strip() if match else cell


def parse_date(text: str) -> date | None:
    """Return a date as 10.8.2026, 10. 8. 2026 or 2026-08-10; a spreadsheet's midnight after it counts for nothing."""
    bare = re.sub(r"\s+0?0:00(:00)?$", "", text)
    match = re.fullmatch(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})", bare)
    written = f"{match[3]}-{match[2]:0>2}-{match[1]:0>2}" if match else bare
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", written, re.ASCII):
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def parse_time(text: str) -> time | None:
    """Return a time as 8:00, 08.00 or 8:00:00."""
    match = re.fullmatch(r"(\d{1,2})[:.](\d\d)(?:[:.]00)?", text, re.ASCII)
    try:
        return time(int(match[1]), int(match[2])) if match else None
    except ValueError:
        return None


def _plain(text: str) -> str:
    return " ".join(text.strip().lower().translate(_PLAIN).split())
