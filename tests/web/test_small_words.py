"""Small words of pages: a state that is not told too soon, a date as people write it, an empty list that says so."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from django.test import Client

from prepazka.core.booking.book import Book
from prepazka.core.office.office import Office
from prepazka.flows.booking.request import BookingRequest, submit
from prepazka.store import offices
from prepazka.web import access, clock
from prepazka.web.admin.charts import draw_grouped_bars
from tests.web.conftest import NOW
from tests.web.shown import shown
from tests.web.staff import SignedIn


@pytest.mark.parametrize(
    ("seconds", "state"),
    [(-60, "platná"), (0, "platná"), (6 * 60, "platná"), (20 * 60 + 59, "platná"), (21 * 60, "bez účasti")],
)
def test_nobody_is_absent_while_their_code_is_still_taken(
    signed_in: SignedIn, office: Office, monkeypatch: pytest.MonkeyPatch, seconds: int, state: str
) -> None:
    settings = replace(office.settings, check_in_after_minutes=20)
    offices.keep(replace(office, settings=settings), NOW)
    at = NOW + timedelta(hours=1)
    local = at.astimezone(office.zone)
    assert (
        submit(office.id, BookingRequest(Book("PTP", local.date(), local.time(), "Zoe Malá"), "desk"), NOW).outcome
        == "booked"
    )
    clerk, now = signed_in("clerk"), at + timedelta(seconds=seconds)
    monkeypatch.setattr(clock, "now", lambda: now)
    session = clerk.session
    session[access._SEEN] = now.timestamp()
    session.save()
    row = shown(clerk.get("/demo/desk/bookings/").content.decode().split("Zoe Malá")[1])
    assert row.split()[1 : 1 + len(state.split())] == state.split()


def test_the_register_tells_a_day_as_people_write_it(signed_in: SignedIn, office: Office) -> None:
    administrator = signed_in("administrator")
    administrator.get("/demo/admin/day.xlsx?day=2026-08-17")
    page = shown(administrator.get("/demo/admin/register").content.decode())
    assert "17. 8. 2026" in page
    assert "2026-08-17" not in page


def test_a_chart_shortens_names_that_would_reach_into_each_other() -> None:
    names = [
        "Občanské průkazy, cestovní doklady a ověřování podpisů",
        "Evidence obyvatel a výpisy z rejstříku trestů",
        "Matrika",
    ]
    drawn = draw_grouped_bars(names, {"Nabídnuto (h)": [3.0, 2.0, 1.0]}).decode()
    assert "Občanské průkazy, cestovní doklady…" in drawn
    assert ">Matrika<" in drawn
    assert draw_grouped_bars(["Doklady", "Evidence obyvatel"], {"h": [1.0, 2.0]}).decode().count("…") == 0


def test_an_office_without_services_asks_for_none(signed_in: SignedIn, office: Office) -> None:
    offices.keep(replace(office, agendas=(), services=(), counters=()), NOW)
    page = signed_in("clerk").get("/demo/desk/bookings/new/").content.decode()
    assert "Úřad zatím nemá žádnou činnost." in page.replace("\u00a0", " ")
    assert "<select" not in page
    answer = signed_in("administrator").get("/demo/admin/services/new")
    assert answer.headers["Location"] == "/demo/admin/services/"


@pytest.mark.parametrize(
    "path",
    ["statistics/?first=2026-02-30&last=2026-08-01", "audit?since=letos", "report/?month=leden", "what-if/?month=0"],
)
def test_what_only_asks_does_not_say_that_nothing_was_saved(signed_in: SignedIn, office: Office, path: str) -> None:
    page = shown(signed_in("manager").get(f"/demo/admin/{path}").content.decode())
    assert "Opravte prosím, co je u polí vyznačeno." in page
    assert "neuložili" not in page


@pytest.mark.parametrize("path", ["cancel/", "move/", "book/PCD/2026-08-12/10-30/"])
def test_a_citizens_form_with_a_mistake_says_that_nothing_happened(client: Client, office: Office, path: str) -> None:
    page = shown(client.post(f"/demo/{path}", {"name": "", "phone": "", "code": "", "day": ""}).content.decode())
    assert "Zatím se nic nestalo. Opravte prosím, co je u polí vyznačeno." in page
    assert "neuložili" not in page


def test_a_place_taken_meanwhile_is_told_in_a_whole_sentence(client: Client, office: Office) -> None:
    for name in ("Ida Nová", "Oto Starý"):
        book = Book("PTP", date(2026, 8, 12), time(14), name)
        submit(office.id, BookingRequest(book, "desk"), NOW)
    fields = {"name": "Eva Malá", "phone": "602 404 505"}
    page = shown(client.post("/demo/book/PTP/2026-08-12/14-00/", fields).content.decode())
    assert "Termín ve středu 12. 8. 2026 ve 14:00 je už obsazený." in page


def test_a_number_to_be_called_is_grouped_as_people_read_it(signed_in: SignedIn, office: Office) -> None:
    book = Book("PTP", date(2026, 8, 13), time(9), "Iva Dlouhá")
    submit(office.id, BookingRequest(book, "desk", calls="+420495817111"), NOW)
    page = signed_in("clerk").get("/demo/desk/bookings/?day=2026-08-13").content.decode()
    assert "jen k volání: +420 495 817 111" in shown(page)
    assert "+420495817111" not in page
