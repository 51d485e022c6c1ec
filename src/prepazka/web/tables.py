"""Tables of figures: the same on a page, as CSV and in a workbook, each with its own way to write a value."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpResponse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _


class Percent(float):
    """A share, from 0 to 1 where it is one of a whole, written as a percentage."""


Cell = str | int | float | Percent | date | datetime | None
"""A value; a datetime is a naive one of the office's clock, and None stands where nothing was counted."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of figures: its name in addresses, its title, the heads of its columns, and rows that begin with a label.

    note: what its figures mean, in a sentence.
    """

    name: str
    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""

    @property
    def shown(self) -> list[list[str]]:
        """The rows as a page shows them."""
        return [[show(cell) for cell in row] for row in self.rows]

    @property
    def labels(self) -> list[str]:
        """The labels of the rows, short enough for a chart."""
        return [f"{row[0].day}. {row[0].month}." if isinstance(row[0], date) else show(row[0]) for row in self.rows]

    @property
    def series(self) -> Mapping[str, Sequence[float | None]]:
        """The columns of numbers by their heads."""
        return {
            head: [row[place] if isinstance(row[place], int | float) else None for row in self.rows]  # type: ignore[misc]  # just tested
            for place, head in enumerate(self.heads)
            if place
        }


def show(cell: Cell) -> str:
    """Return a value as a page in the language of the request shows it."""
    match cell:
        case None:
            return "–"
        case str():
            return cell
        case Percent():
            return _("%(percent)s %%") % {"percent": number_format(round(100 * cell))}
        case datetime():
            return date_format(cell, "SHORT_DATETIME_FORMAT")
        case date():
            return date_format(cell, "j.\u00a0n.\u00a0Y")
        case float():
            return number_format(round(cell, 1), 1)  # Django cuts, and rounds nothing
        case _:
            return number_format(cell, use_l10n=True, force_grouping=True)


# What a spreadsheet takes for the beginning of a formula, in whatever language it speaks.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


# docs/spec/reports.md §2: "a text that a spreadsheet would take for a formula begins with an apostrophe"
def write(cell: Cell) -> str:
    """Return a value as CSV: dates by ISO 8601, decimals as the language of the request writes them."""
    match cell:
        case None:
            return ""
        case str():
            return f"'{cell}" if cell.startswith(_FORMULA) else cell
        case datetime():
            return cell.isoformat(" ", "minutes")
        case date():
            return cell.isoformat()
        case Percent():
            return f"{number_format(round(100 * cell, 1), 1, use_l10n=True, force_grouping=False)} %"
        case float():
            return number_format(round(cell, 1), 1, use_l10n=True, force_grouping=False)
        case _:
            return str(cell)


def csv_response(filename: str, tables: Sequence[Table]) -> HttpResponse:
    """Return tables for a spreadsheet: UTF-8 with a byte order mark and semicolons, as Czech offices expect.

    Several tables stand below each other, each under its title.
    """
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response, delimiter=";")
    for place, table in enumerate(tables):
        if len(tables) > 1:
            writer.writerows([[]] * (place > 0) + [[write(table.title)]])
        writer.writerow([write(head) for head in table.heads])
        writer.writerows([write(cell) for cell in row] for row in table.rows)
    return response
