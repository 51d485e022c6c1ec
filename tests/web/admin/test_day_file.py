"""The bookings of a day as a workbook: for managers of the office alone, whoever saved it is registered."""

import io
import zipfile
from datetime import date
from xml.etree import ElementTree

import pytest
from django.test import Client

from prepazka.core.office.office import Office
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import models
from tests.web.conftest import NOW, NUMBER
from tests.web.staff import FOREIGN, OPERATOR, SignedIn

FILE = "/demo/admin/day.xlsx"
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
def office(office: Office) -> Office:
    """Two bookings of a Monday, one of them cancelled and one with a note, and one of the day after."""
    for place, (text, name) in enumerate((("10.8. 8:00", "ADAM"), ("10.8. 9:15", "BERTA"), ("11.8. 8:00", "CYRIL"))):
        receive([Inbound("t", str(place), f"+42077700000{place}", NUMBER, f"OBJ ZOP {text} {name}", NOW)], NOW)
    models.Booking.objects.filter(name="ADAM").update(state="cancelled")
    models.Booking.objects.filter(name="BERTA").update(note="=HYPERLINK(1)")
    return office


def rows(client: Client, query: str) -> list[list[str]]:
    """Return the texts and numbers of the sheet, row by row."""
    answer = client.get(FILE + query)
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        shared = ["".join(node.itertext()) for node in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))]
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
        assert not sheet.findall(f".//{_SHEET}f"), "no formulas"
    return [
        [
            shared[int(cell.findtext(f"{_SHEET}v") or 0)] if cell.get("t") == "s" else cell.findtext(f"{_SHEET}v") or ""
            for cell in row
        ]
        for row in sheet.iter(f"{_SHEET}row")
    ]


def test_a_manager_gets_the_day_with_names_and_numbers_and_no_code(office: Office, signed_in: SignedIn) -> None:
    found = rows(signed_in("manager"), "?day=2026-08-10")
    assert found[0] == ["Čas", "Jméno", "Osob", "Činnost", "Telefon", "Stav", "Poznámka"]
    texts = [[cell.replace("\xa0", " ") for cell in row[1:]] for row in found[1:]]
    title = office.service_of["ZOP"].title
    assert texts == [
        ["ADAM", "1", title, "+420 777 000 000", "zrušená"],
        ["BERTA", "1", title, "+420 777 000 001", "platná", "=HYPERLINK(1)"],
    ]
    codes = set(models.Booking.objects.values_list("code", flat=True))
    assert not codes & {cell for row in found for cell in row}


def test_the_name_of_the_file_is_its_day_and_a_wrong_day_is_today(office: Office, signed_in: SignedIn) -> None:
    manager = signed_in("manager")
    assert 'filename="demo-2026-08-10.xlsx"' in manager.get(f"{FILE}?day=2026-08-10")["Content-Disposition"]
    for wrong in ("", "?day=vcera", "?day=9999-99-99", "?day=0001-01-01"):
        assert 'filename="demo-2026-08-03.xlsx"' in manager.get(FILE + wrong)["Content-Disposition"]


def test_in_english_its_heads_are_english(office: Office, signed_in: SignedIn) -> None:
    manager = signed_in("manager")
    manager.cookies["language"] = "en"
    assert rows(manager, "?day=2026-08-10")[0][:2] == ["Time", "Name"]


def test_each_saving_is_a_row_of_the_register_with_the_day(office: Office, signed_in: SignedIn) -> None:
    manager = signed_in("manager")
    for day in (10, 11):
        manager.get(f"{FILE}?day=2026-08-{day}")
    saved = models.Access.objects.filter(what="bookings saved").order_by("id")
    assert [(one.who, one.office_id, one.number, one.details["page"]) for one in saved] == [
        ("manager", office.id, "", "2026-08-10"),
        ("manager", office.id, "", "2026-08-11"),
    ]
    page = signed_in("officer").get("/demo/admin/register").content.decode()
    assert "Uložen seznam objednávek dne do tabulky: 10. 8. 2026" in page.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(("who", "status"), [("clerk", 403), ("officer", 403), (FOREIGN, 404)])
def test_nobody_else_gets_it_and_nothing_is_registered_as_saved(
    office: Office, signed_in: SignedIn, who: str, status: int
) -> None:
    assert signed_in(who).get(FILE).status_code == status
    assert not models.Access.objects.filter(what="bookings saved").exists()


def test_another_offices_bookings_are_in_no_file(office: Office, signed_in: SignedIn) -> None:
    assert signed_in(FOREIGN).get("/other/admin/day.xlsx?day=2026-08-10").status_code in {200, 403}
    client = signed_in(OPERATOR)
    assert [row[1] for row in rows(client, f"?day={date(2026, 8, 11)}")[1:]] == ["CYRIL"]
    other = client.get("/other/admin/day.xlsx?day=2026-08-10")
    assert b"BERTA" not in zipfile.ZipFile(io.BytesIO(other.content)).read("xl/sharedStrings.xml")


def test_the_page_of_the_day_offers_it_to_a_manager_alone(office: Office, signed_in: SignedIn) -> None:
    link = f'href="{FILE}?day=2026-08-10"'
    assert link in signed_in("manager").get("/demo/desk/bookings/?day=2026-08-10").content.decode()
    assert link not in signed_in("clerk").get("/demo/desk/bookings/?day=2026-08-10").content.decode()
    empty = signed_in("manager").get("/demo/desk/bookings/?day=2026-08-12").content.decode()
    assert "day.xlsx" not in empty
