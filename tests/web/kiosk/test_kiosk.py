"""The kiosk: every touch, a message for each outcome, and one ticket however often a form is sent."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from prepazka.core.booking.cancel import Cancel
from prepazka.core.office.office import Office
from prepazka.flows.booking.request import BookingRequest, submit
from prepazka.flows.counters import seat
from prepazka.store import kiosks, models
from prepazka.web import clock
from tests.web.browsing import NARROW, WIDE, assert_accessible, assert_focus_is_always_seen, assert_nothing_is_cut
from tests.web.conftest import NOW
from tests.web.kiosk.acts import booked, touch, type_code


def test_a_service_gives_a_ticket_with_number_agenda_and_wait(client: Client, office: Office) -> None:
    page = touch(client).content.decode()
    ticket = models.Ticket.objects.get()
    assert ticket.kind == "walk_in"
    assert "<strong>D1</strong>" in page
    assert "Doklady" in page


@pytest.mark.parametrize(
    ("state", "words", "offered"),
    [
        ("waiting", "Lístek už máte", False),
        ("called", "Jste na řadě", False),
        ("done", "Objednávka je vyřízená", False),
        ("absent", "Už jsme vás volali", True),
    ],
)
def test_a_code_used_before_is_answered_by_where_its_ticket_is(
    client: Client, office: Office, state: str, words: str, offered: bool
) -> None:
    code = booked(office, 9)
    type_code(client, code)
    counter = office.counters[1].id if state == "called" else None
    models.Ticket.objects.update(state=state, counter=counter, recalls=1)
    page = type_code(client, code).content.decode()
    assert words in page
    assert ("/kiosk/late" in page) is offered
    if offered:
        late = client.post("/demo/kiosk/late", {"code": code, "key": str(uuid4())}, follow=True).content.decode()
        assert "<strong>D1</strong>" in late
        assert models.Ticket.objects.get().state == "waiting"


def test_a_form_sent_twice_gives_one_ticket(client: Client, office: Office) -> None:
    key = str(uuid4())
    assert "D1" in touch(client, key=key).content.decode()
    assert "D1" in touch(client, key=key).content.decode()
    assert models.Ticket.objects.count() == 1


def test_a_code_sent_twice_gives_its_ticket_twice(client: Client, office: Office) -> None:
    code, key = booked(office, 9), str(uuid4())
    for _ in range(2):
        assert "<strong>D1</strong>" in type_code(client, code, key).content.decode()
    assert models.Ticket.objects.count() == 1


def test_a_code_in_time_gives_a_ticket_with_priority(client: Client, office: Office) -> None:
    page = type_code(client, booked(office, 9)).content.decode()
    assert models.Ticket.objects.get().kind == "booking"
    assert "Máte objednávku, jdete přednostně." in page
    assert "kolem 9:00" in page


@pytest.mark.parametrize(
    ("hour", "minute", "days", "words"),
    [
        pytest.param(10, 0, 0, "Kód přijmeme od 9:45", id="too early"),
        pytest.param(8, 30, 0, "kód platil do 8:45", id="late"),
        pytest.param(10, 0, 1, "na jiný den", id="wrong day"),
    ],
)
def test_a_code_at_another_time_is_reported_when(
    client: Client, office: Office, hour: int, minute: int, days: int, words: str
) -> None:
    assert words in type_code(client, booked(office, hour, minute, days)).content.decode()
    assert models.Ticket.objects.count() == 0


def test_who_is_late_takes_an_ordinary_ticket(client: Client, office: Office) -> None:
    code = booked(office, 8, 30)
    assert "Vzít si běžný lístek" in type_code(client, code).content.decode()
    page = client.post("/demo/kiosk/late", {"code": code, "key": str(uuid4())}, follow=True).content.decode()
    assert models.Ticket.objects.get().kind == "late"
    assert "Čekání asi" not in page, "no counter is staffed"
    assert "Půjdete hned na řadu" not in page


def test_who_is_late_does_not_wait_for_themselves(client: Client, office: Office) -> None:
    seat.sit_down(office.id, office.counters[0].id, "novak", NOW)
    code = booked(office, 8, 30)
    page = client.post("/demo/kiosk/late", {"code": code, "key": str(uuid4())}, follow=True).content.decode()
    assert "Půjdete hned na řadu." in page
    assert "D1" in page


def test_a_cancelled_a_used_and_an_unknown_code_are_reported_apart(client: Client, office: Office) -> None:
    cancelled = booked(office, 9)
    submit(office.id, BookingRequest(Cancel(cancelled, NOW.date()), "web"), NOW - timedelta(days=1))
    assert "Objednávka s\u00a0tímto kódem je zrušená" in type_code(client, cancelled).content.decode()
    used = booked(office, 9, 15)
    type_code(client, used)
    assert "už jsme vydali lístek D1" in type_code(client, used).content.decode()
    assert "neznáme" in type_code(client, "000000").content.decode()
    assert "Zadejte prosím kód" in type_code(client, "").content.decode()


def test_outside_the_hours_no_ticket_is_given(client: Client, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def at(moment: datetime) -> str:
        monkeypatch.setattr(clock, "now", lambda: moment)
        return str(touch(client).content.decode())

    assert "Dnes máme otevřeno 8:00–11:30, 12:30–17:00" in at(NOW.replace(hour=16))
    assert "Lístky jsme dnes vydávali do 16:45" in at(NOW.replace(hour=14, minute=50))
    assert "Nejbližší den, kdy máme otevřeno, je pondělí 10. 8. 2026" in at(NOW + timedelta(days=5)).replace(
        "\u00a0", " "
    )
    models.Agenda.objects.update(walk_ins_per_day=0)
    models.Office.objects.update(version=99)
    assert "lístky bez objednání jsou vydané" in at(NOW)


def test_digits_are_typed_without_scripts(client: Client, office: Office) -> None:
    page = client.post("/demo/kiosk/code/", {"code": "12", "digit": "3", "key": str(uuid4())}).content.decode()
    assert 'name="code" value="123"' in page
    page = client.post("/demo/kiosk/code/", {"code": "123", "back": "1", "key": str(uuid4())}).content.decode()
    assert 'name="code" value="12"' in page


def test_a_ticket_of_another_address_is_not_shown(client: Client, office: Office) -> None:
    assert client.get("/demo/kiosk/ticket/eyJ0aWNrZXQiOjF9:1tXXX:AAAA").status_code == 404


# --- which device ------------------------------------------------------------------------------


@pytest.mark.usefixtures("office")
def test_outside_a_demo_only_a_paired_device_is_a_kiosk(client: Client, simulator: Any, office: Office) -> None:
    simulator.SIMULATOR = False
    for path in ("/demo/kiosk/", "/demo/kiosk/code/", "/demo/kiosk/ticket/x"):
        assert client.get(path).status_code == 403
    assert touch(client).status_code == 403
    assert models.Ticket.objects.count() == 0
    kiosks.keep(office.id, kiosks.Device("hala", "secret"), NOW, "test")
    assert client.get("/demo/kiosk/pair/wrong").status_code == 403
    assert client.get("/demo/kiosk/pair/secret", follow=True).status_code == 200
    assert "D1" in touch(client).content.decode()
    assert models.TicketEvent.objects.get().who == "kiosk hala"
    kiosks.keep(office.id, kiosks.Device("hala", "another"), NOW, "test")
    assert touch(client).status_code == 403


def test_a_demo_with_a_paired_kiosk_is_no_longer_open(client: Client, office: Office) -> None:
    kiosks.keep(office.id, kiosks.Device("hala", "secret"), NOW, "test")
    assert client.get("/demo/kiosk/").status_code == 403


# --- in a browser ------------------------------------------------------------------------------


def test_a_client_takes_a_ticket_by_touch_and_types_a_code(page: Page, office: Office) -> None:
    code = booked(office, 9)
    page.goto("/demo/kiosk/")
    page.get_by_role("button", name="Převzetí občanského průkazu").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("D1"))
    page.get_by_role("link", name="Hotovo").click()
    page.get_by_role("link", name="Mám objednávku").click()
    for digit in f"{code[0]}{code}":
        page.get_by_role("button", name=digit, exact=True).click()
    for _ in code:
        page.get_by_role("button", name="Smazat číslici").click()
    for digit in code[1:]:
        page.get_by_role("button", name=digit, exact=True).click()
    expect(page.get_by_label("Kód ze zprávy SMS")).to_have_value(code)
    page.get_by_role("button", name="Potvrdit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("D2"))


def test_the_kiosk_goes_back_to_the_beginning_when_left_alone(page: Page, office: Office) -> None:
    page.clock.install(time=NOW)
    page.clock.pause_at(NOW + timedelta(seconds=1))  # else it goes on while the machine is busy
    page.goto("/demo/kiosk/code/")
    page.clock.run_for(59_000)
    page.get_by_role("button", name="1", exact=True).click()
    page.clock.run_for(59_000)
    assert page.url.endswith("/demo/kiosk/code/")
    page.clock.run_for(3_000)
    page.wait_for_url("**/demo/kiosk/")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_page_of_the_kiosk_suits_everybody(page: Page, office: Office, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    pages: list[tuple[str, Callable[[], object]]] = [
        ("Vyberte, co potřebujete", lambda: page.goto("/demo/kiosk/")),
        ("Vyberte, co potřebujete", lambda: page.goto("/demo/kiosk/?priority")),
        ("Zadejte kód objednávky", lambda: page.goto("/demo/kiosk/code/")),
        ("Zadejte kód objednávky", lambda: page.get_by_role("button", name="Potvrdit").click()),
        ("Váš čas už uplynul", lambda: type_by_keyboard(page, booked(office, 8, 30))),
        ("Váš lístek", lambda: page.get_by_role("button", name="Vzít si běžný lístek").click()),
    ]
    for title, open_page in pages:
        with page.expect_navigation():
            open_page()
        expect(page.get_by_role("heading", level=1)).to_contain_text(title)
        page.wait_for_load_state()
        assert_nothing_is_cut(page)
        assert_accessible(page)
        assert_focus_is_always_seen(page)


def type_by_keyboard(page: Page, code: str) -> None:
    page.get_by_label("Kód ze zprávy SMS").fill(code)
    page.keyboard.press("Enter")
