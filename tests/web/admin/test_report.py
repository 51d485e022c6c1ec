"""The monthly report: the same figures on the page, in the workbook and as CSV, for managers of the office alone."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from prepazka.core.office.office import Office
from prepazka.core.queue.outcomes import Acted, TicketGiven
from prepazka.core.queue.tickets import Ticket
from prepazka.flows.counters import arrive, call, seat
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import models, offices
from prepazka.web.admin.report import CHARTS
from prepazka.web.admin.workbook import xlsx_response
from prepazka.web.tables import Percent, Table, show, write
from tests.web.conftest import NOW, NUMBER
from tests.web.staff import FOREIGN, SignedIn

PAGE = "/demo/admin/report/"
AUGUST = "?month=2026-08"
SECRETS = ("JANA", "777000001", "Novákovi", "+420")
"""What the tests below store of people, and nothing of which may leave with a report."""


def ticket(outcome: object) -> Ticket:
    assert isinstance(outcome, TicketGiven | Acted), outcome
    return outcome.ticket


@pytest.fixture
def lived_in(office: Office) -> Office:
    """A booking whose client came, waited 7 minutes from the booked time on and took 12; one that nobody came for;
    somebody without a booking who left.
    """
    for place, hour in enumerate(("8:00", "9:00")):
        receive([Inbound("test", f"{place}", f"+42077700000{place}", NUMBER, f"OBJ ZOP 10.8. {hour} JANA", NOW)], NOW)
    booking = models.Booking.objects.order_by("starts_at")[0]
    begin = datetime(2026, 8, 10, 6, tzinfo=UTC)
    seat.sit_down(office.id, office.counters[0].id, "novak", begin)
    arrive.check_in(office.id, booking.code, begin - timedelta(minutes=5))
    arrive.walk_in(office.id, "ZOP", begin)
    one = ticket(call.call_next(office.id, "novak", begin + timedelta(minutes=7)))
    one = ticket(call.serve(office.id, "novak", one.ref, begin + timedelta(minutes=8)))
    call.done(office.id, "novak", one.ref, begin + timedelta(minutes=20))
    models.Ticket.objects.filter(booking=None).update(state="closed")
    left = models.Ticket.objects.get(booking=None)
    models.TicketEvent.objects.create(
        ticket=left, at=begin + timedelta(hours=16), act="close", before="waiting", after="closed", version=2, who=""
    )
    return office


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def test_the_page_tells_the_figures_and_when_they_are_not_final(lived_in: Office, signed_in: SignedIn) -> None:
    page = signed_in("manager").get(f"{PAGE}{AUGUST}").content.decode()
    assert "Měsíční přehled: srpen 2026" in page
    assert re.search(r'Polovina lidí čekala nejvýš \(min\)</th><td class="figure">7</td>', page)
    assert re.search(r'Průměrná doba vyřízení \(min\)</th><td class="figure">12,0</td>', page)
    assert "Měsíc ještě neskončil" in page
    assert "Doby vyřízení podle úředníků" not in page
    assert not any(secret in page for secret in SECRETS[:3])


def test_the_last_whole_month_is_shown_until_another_is_chosen(office: Office, signed_in: SignedIn) -> None:
    assert "Měsíční přehled: červenec 2026" in signed_in("manager").get(PAGE).content.decode()
    wrong = signed_in("manager").get(f"{PAGE}?month=pruser").content.decode()
    assert "Napište měsíc jako 2026-08." in wrong
    assert "červenec 2026" in wrong
    assert "Napište měsíc" in signed_in("manager").get(f"{PAGE}?month=1900-01").content.decode()


def test_the_report_is_english_where_the_page_is(lived_in: Office, signed_in: SignedIn) -> None:
    client = signed_in("manager")
    client.cookies["language"] = "en"
    page = client.get(f"{PAGE}{AUGUST}").content.decode()
    assert "Monthly report: August 2026" in page
    assert "12.0" in page
    assert rows_of(client.get(f"{PAGE}report.csv{AUGUST}").content)[1][:2] == ["Figure", "This month"]


def test_csv_has_all_tables_with_the_same_figures(lived_in: Office, signed_in: SignedIn) -> None:
    answer = signed_in("manager").get(f"{PAGE}report.csv{AUGUST}")
    rows = rows_of(answer.content)
    assert ["Polovina lidí čekala nejvýš (min)", "7", "", ""] in rows
    assert ["Přepážka 1", "1", "12,0", "12", "12", "0"] in rows
    assert ["8:00", "0", "1", "0", "0", "1"] in rows, "who came at 8 and was never called"
    assert answer["Content-Disposition"] == 'attachment; filename="demo-2026-08.csv"'


def test_raw_rows_have_dates_by_iso_and_no_people(lived_in: Office, signed_in: SignedIn) -> None:
    client = signed_in("manager")
    visits = rows_of(client.get(f"{PAGE}visits.csv{AUGUST}").content)
    assert visits[1:] == [
        ["2026-08-10", "2026-08-10 07:55", "2026-08-10 08:00", "na objednávku včas", "Doklady", "ZOP", "Přepážka 1",
         "7", "7", "12", "vyřízeno"],
        ["2026-08-10", "2026-08-10 08:00", "", "bez objednání", "Doklady", "ZOP", "", "", "960", "",
         "nezavolán do konce dne"],
    ]  # fmt: skip
    bookings = rows_of(client.get(f"{PAGE}bookings.csv{AUGUST}").content)
    made = NOW.astimezone(lived_in.zone).strftime("%Y-%m-%d %H:%M")
    assert bookings[1:] == [
        ["2026-08-10 08:00", "15", "Doklady", "ZOP", "1", "SMS", made, "ano"],
        ["2026-08-10 09:00", "15", "Doklady", "ZOP", "1", "SMS", made, "ne"],
    ]
    codes = models.Booking.objects.values_list("code", flat=True)
    written = f"{visits}{bookings}"
    assert not any(secret in written for secret in (*SECRETS, *codes, "novak", "D1"))
    assert client.get(f"{PAGE}people.csv{AUGUST}").status_code == 404


def sheets(content: bytes) -> dict[str, str]:
    """The sheets of a workbook by their names."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        space = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
        names = [
            one.get("name", "")
            for one in ElementTree.fromstring(book.read("xl/workbook.xml")).iterfind(".//x:sheet", space)
        ]
        return {name: book.read(f"xl/worksheets/sheet{place}.xml").decode() for place, name in enumerate(names, 1)}


def test_a_workbook_has_a_sheet_a_table_and_dates_that_are_dates(lived_in: Office, signed_in: SignedIn) -> None:
    found = sheets(signed_in("manager").get(f"{PAGE}report.xlsx{AUGUST}").content)
    assert {"Souhrn", "Kapacita", "Lístky", "Objednávky"} <= set(found)
    serial = (date(2026, 8, 10) - date(1899, 12, 30)).days
    assert re.search(rf'<c r="A2" s="\d+"><v>{serial}</v></c>', found["Lístky"]), "a number with a date's format"
    at_eight = f"{serial + 8 / 24:.10f}"[:15]
    assert re.search(rf'<c r="A2" s="\d+"><v>{at_eight}', found["Objednávky"])


def test_no_title_becomes_a_formula(lived_in: Office, signed_in: SignedIn) -> None:
    bad = '=HYPERLINK("http://bad.example";"x")'
    models.Agenda.objects.filter(key="doklady").update(title=bad)
    models.Office.objects.update(version=99)
    client = signed_in("manager")
    content = client.get(f"{PAGE}report.xlsx{AUGUST}").content
    assert "<f>" not in "".join(sheets(content).values())
    for row in rows_of(client.get(f"{PAGE}report.csv{AUGUST}").content):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row[:1])
    assert [write(text) for text in ("=1+1", "+420", "-1", "@x", "\tx", "bez")] == [
        "'=1+1", "'+420", "'-1", "'@x", "'\tx", "bez",
    ]  # fmt: skip
    assert write(Percent(-0.25)) == "-25,0 %"


def test_figures_are_rounded_and_not_cut() -> None:
    assert (show(2 / 3), show(Percent(2 / 3)), show(-0.96)) == ("0,7", "67 %", "-1,0")
    assert (write(2 / 3), write(Percent(2 / 3))) == ("0,7", "66,7 %")


def test_sheets_of_one_title_have_names_of_their_own() -> None:
    tables = [Table(f"{place}", f"{'A' * 40}[{place}]", ["x"], [["y"]]) for place in range(3)]
    assert len(sheets(xlsx_response("x", "x", tables).content)) == 3


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_an_image_without_scripts(lived_in: Office, signed_in: SignedIn, name: str) -> None:
    answer = signed_in("manager").get(f"{PAGE}{name}.svg{AUGUST}")
    assert answer["Content-Type"] == "image/svg+xml"
    assert "<script" not in answer.content.decode()
    assert signed_in("manager").get(f"{PAGE}other.svg{AUGUST}").status_code == 404


@pytest.mark.parametrize("address", ["", "report.xlsx", "report.csv", "visits.csv", "bookings.csv", "capacity.svg"])
def test_a_clerk_is_refused_and_another_office_sees_none(lived_in: Office, signed_in: SignedIn, address: str) -> None:
    assert signed_in("clerk").get(f"{PAGE}{address}{AUGUST}").status_code == 403
    assert signed_in(FOREIGN).get(f"{PAGE}{address}{AUGUST}").status_code == 404
    assert signed_in("").get(f"{PAGE}{address}{AUGUST}").status_code == 302


def test_another_offices_report_is_its_own(lived_in: Office, signed_in: SignedIn) -> None:
    answer = signed_in(FOREIGN).get(f"/other/admin/report/report.csv{AUGUST}")
    assert ["Lístků", "0", "0", ""] in rows_of(answer.content)


def test_clerks_are_told_apart_only_where_the_office_wants_it(lived_in: Office, signed_in: SignedIn) -> None:
    offices.keep(replace(lived_in, settings=replace(lived_in.settings, clerk_figures=True)), NOW)
    rows = rows_of(signed_in("manager").get(f"{PAGE}report.csv{AUGUST}").content)
    assert ["novak", "1", "12,0", "12", "12", "0"] in rows


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def more_visits(office: Office) -> Iterator[Ticket]:
    for minutes in range(30):
        yield ticket(arrive.walk_in(office.id, "ZOP", datetime(2026, 8, 11, 7, minutes, tzinfo=UTC)))


def test_a_fuller_month_asks_no_more_queries(lived_in: Office, signed_in: SignedIn) -> None:
    client = signed_in("manager")
    client.get(f"{PAGE}{AUGUST}")
    before = queries(client, f"{PAGE}{AUGUST}")
    assert len(list(more_visits(lived_in))) == 30
    assert queries(client, f"{PAGE}{AUGUST}") == before
    assert before < 40


def test_messages_are_counted_by_the_gateway_that_sent_them(
    lived_in: Office, signed_in: SignedIn, settings: pytest.FixtureRequest
) -> None:
    models.Outbound.objects.update(state="sent", tried_at=NOW, gateway="modem", parts=2)
    models.Outbound.objects.filter(id=models.Outbound.objects.latest("id").id).update(state="failed")
    sent = models.Outbound.objects.filter(state="sent").count()
    rows = rows_of(signed_in("manager").get(f"{PAGE}report.csv{AUGUST}").content)
    price = settings.SMS_PRICE * 2 * sent  # type: ignore[attr-defined]  # Django's own
    assert ["modem", f"{sent}", f"{2 * sent}", f"{price:.1f}".replace(".", ",")] in rows
