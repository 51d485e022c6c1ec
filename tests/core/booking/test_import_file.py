"""A file of bookings as people export it: what is read, and what is told by line, column and kind."""

from datetime import date, time

import pytest

from prepazka.core.booking.import_file import Line, read

HEADER = "kód;činnost;datum;čas;jméno;telefon\n"
ROW = "482913;ZOP;11.8.2026;8:15;Žofie Kučerová;602 111 333\n"
KUCEROVA = Line(2, "482913", "ZOP", date(2026, 8, 11), time(8, 15), "Žofie Kučerová", "602 111 333")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param((HEADER + ROW).encode(), id="UTF-8"),
        pytest.param((HEADER + ROW).encode("utf-8-sig"), id="UTF-8 with its mark"),
        pytest.param((HEADER + ROW).encode("cp1250"), id="Windows-1250"),
        pytest.param((HEADER + ROW).encode("utf-16"), id="UTF-16"),
        pytest.param((HEADER + ROW).replace("\n", "\r\n").encode(), id="lines of Windows"),
        pytest.param((HEADER + ROW).replace(";", ",").encode(), id="commas"),
        pytest.param((HEADER + ROW).replace(";", "\t").encode(), id="tabulators"),
        pytest.param(b"code,service,date,time,name,phone\n" + ROW.replace(";", ",").encode(), id="English"),
        pytest.param(
            b"TELEFON; Jm\xe9no ;\xc8as;Den;Sluzba;Kod\n"
            + '="602 111 333";"Žofie Kučerová";08.15;2026-08-11;zop;\'482913\n'.encode("cp1250"),
            id="other words, another order, texts of spreadsheets",
        ),
        pytest.param(
            (HEADER + ROW.replace("11.8.2026;8:15", "11. 08. 2026 0:00:00;8:15:00")).encode(),
            id="a spreadsheet's times",
        ),
    ],
)
def test_a_file_is_read(data: bytes) -> None:
    found = read(data)
    assert (found.lines, found.problems) == ((KUCEROVA,), ())


def test_empty_lines_count_as_lines_and_a_name_may_go_on_in_the_next_one() -> None:
    data = f'{HEADER}\n;ZOP;11.8.2026;8:15;"Žofie\nKučerová";\n\n{ROW}'.encode()
    assert [(line.line, line.name) for line in read(data).lines] == [(3, "Žofie Kučerová"), (6, "Žofie Kučerová")]


@pytest.mark.parametrize(
    ("row", "column", "kind"),
    [
        ("4829;ZOP;11.8.2026;8:15;Kučerová;", "code", "code"),
        ("082913;ZOP;11.8.2026;8:15;Kučerová;", "code", "code"),
        ("4.8E+05;ZOP;11.8.2026;8:15;Kučerová;", "code", "code"),
        ("=1+1;ZOP;11.8.2026;8:15;Kučerová;", "code", "formula"),
        (";=cmd|'/c calc'!A1;11.8.2026;8:15;Kučerová;", "service", "formula"),
        (";;11.8.2026;8:15;Kučerová;", "service", "missing"),
        (";ZOP;31.6.2026;8:15;Kučerová;", "date", "date"),
        (";ZOP;8/11/2026;8:15;Kučerová;", "date", "date"),
        (";ZOP;11.8.26;8:15;Kučerová;", "date", "date"),
        (";ZOP;11.8.2026;25:15;Kučerová;", "time", "time"),
        (";ZOP;11.8.2026;8;Kučerová;", "time", "time"),
        (";ZOP;11.8.2026;8:15;Kučerová 2;", "name", "name"),
        (";ZOP;11.8.2026;8:15;@SUM(A1);", "name", "formula"),
        (";ZOP;11.8.2026;8:15;;", "name", "missing"),
        (";ZOP;11.8.2026;8:15;Kučerová;;x", "", "cells"),
    ],
)
def test_a_cell_that_means_nothing_is_told(row: str, column: str, kind: str) -> None:
    found = read(f"{HEADER}{ROW}{row}\n".encode())
    assert [(one.line, one.column, one.kind) for one in found.problems] == [(3, column, kind)]


@pytest.mark.parametrize(
    ("data", "column", "kind"),
    [
        (b"", "", "empty"),
        (b"\n \n", "", "empty"),
        (b"PK\x03\x04\x00\x00", "", "encoding"),
        ("kód;činnost;datum;jméno\n".encode(), "time", "columns"),
        ("kód;činnost;datum;čas;jméno;telefon;osob\n".encode(), "", "unknown_column"),
        ("kód;code;činnost;datum;čas;jméno\n".encode(), "", "unknown_column"),
        ((HEADER + ROW * 10_001).encode(), "", "too_many"),
    ],
    ids=["nothing", "blanks", "a workbook", "no time", "persons", "two codes", "too long"],
)
def test_a_file_that_is_none_is_told(data: bytes, column: str, kind: str) -> None:
    found = read(data)
    assert ([(one.column, one.kind) for one in found.problems], found.lines) == ([(column, kind)], ())


def test_no_name_and_no_number_stands_in_a_problem() -> None:
    row = "4829;ZOP;kdysi;8:15;Kučerová 7;nevim"
    assert not {"Kučerová 7", "nevim"} & {one.value for one in read(f"{HEADER}{row}\n".encode()).problems}
