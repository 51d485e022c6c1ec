"""Tables as a workbook for spreadsheets (XLSX): a sheet a table, dates that are dates, and never a formula."""

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse

from prepazka.web.tables import Cell, Percent, Table

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A sheet's name is at most so long, and without these.
_LONGEST_NAME = 31
_NOT_IN_NAMES = str.maketrans("", "", "[]:*?/\\'")
_FORMATS = {
    "head": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"},
    "day": {"num_format": "yyyy-mm-dd"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm"},
    "percent": {"num_format": "0.0%"},
    "decimal": {"num_format": "0.0"},
    "whole": {"num_format": "#,##0"},
    "text": {},
}
_WIDTHS = (26, 16)  # of the labels, and of the figures


def xlsx_response(filename: str, title: str, tables: Sequence[Table]) -> HttpResponse:
    """Return the tables as one workbook of this title."""
    from xlsxwriter import Workbook  # noqa: PLC0415 -- the start does without it; few pages are taken as a workbook

    written = BytesIO()
    book = Workbook(written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": title})
    formats = {name: book.add_format(properties) for name, properties in _FORMATS.items()}
    names: set[str] = set()
    for table in tables:
        sheet = book.add_worksheet(_sheet_name(table.title, names))
        _fill(sheet, table, formats)
    book.close()
    response = HttpResponse(written.getvalue(), content_type=_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{filename}.xlsx"'
    return response


def _sheet_name(title: str, taken: set[str]) -> str:
    """Return a name that no other sheet has, whatever the letter case."""
    whole = title.translate(_NOT_IN_NAMES)
    name, number = whole[:_LONGEST_NAME], 2
    while name.lower() in taken:
        name, number = f"{whole[: _LONGEST_NAME - 3]} {number}", number + 1
    taken.add(name.lower())
    return name


def _fill(sheet: "Worksheet", table: Table, formats: dict[str, Any]) -> None:
    sheet.set_column(0, 0, _WIDTHS[0])
    sheet.set_column(1, max(len(table.heads) - 1, 1), _WIDTHS[1])
    sheet.freeze_panes(1, 0)
    sheet.set_paper(9)  # A4
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    for column, head in enumerate(table.heads):
        sheet.write_string(0, column, head, formats["head"])
    for row, cells in enumerate(table.rows, start=1):
        for column, cell in enumerate(cells):
            _write(sheet, row, column, cell, formats)


def _write(sheet: "Worksheet", row: int, column: int, cell: Cell, formats: dict[str, Any]) -> None:
    match cell:
        case None:
            return
        case str():
            sheet.write_string(row, column, cell, formats["text"])
        case datetime():
            sheet.write_datetime(row, column, cell, formats["moment"])
        case date():
            sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), formats["day"])  # noqa: DTZ001 -- a day of a sheet has no zone
        case Percent():
            sheet.write_number(row, column, cell, formats["percent"])
        case float():
            sheet.write_number(row, column, cell, formats["decimal"])
        case _:
            sheet.write_number(row, column, cell, formats["whole"])
