"""The kiosk: every touch, a message for each outcome, and one ticket however often a form is sent."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from prepazka.core.booking.book import Book
from prepazka.core.booking.cancel import Cancel
from prepazka.core.booking.outcomes import Booked
from prepazka.core.office.office import Office
from prepazka.flows.booking.request import BookingRequest, submit
from prepazka.flows.counters import arrive, seat
from prepazka.flows.counters.board import board
from prepazka.store import kiosks, models, offices
from prepazka.web import clock, paper, printers
from prepazka.web.kiosk import views as kiosk_views
from prepazka.web.printers import AllowedPrinters
from tests.ports import free_port
from tests.web.browsing import NARROW, WIDE, assert_accessible, assert_focus_is_always_seen, assert_nothing_is_cut
from tests.web.conftest import ME, NOW


def booked(office: Office, hour: int, minute: int = 0, days: int = 0) -> str:
    """The code of a booking at this time of the office's wall clock, made the day before."""
    local = (NOW + timedelta(days=days)).astimezone(office.zone)
    book = Book("ZOP", local.date(), local.time().replace(hour=hour, minute=minute), "NOVAK")
    outcome = submit(office.id, BookingRequest(book, "web", ME), NOW - timedelta(days=3))
    assert isinstance(outcome, Booked), outcome
    return outcome.booking.code


def type_code(client: Client, code: str, key: str = "") -> Any:
    fields = {"code": code, "go": "1", "key": key or str(uuid4())}
    return client.post("/demo/kiosk/code/", fields, follow=True)


def touch(client: Client, service: str = "ZOP", key: str = "", **fields: str) -> Any:
    return client.post("/demo/kiosk/walk-in", {"service": service, "key": key or str(uuid4()), **fields}, follow=True)


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


# --- on paper ----------------------------------------------------------------------------------


@pytest.fixture
def printer(settings: Any) -> Iterator[tuple[str, list[bytes], threading.Event]]:
    """A printer on the loopback: its address, what it was sent, and when that is all."""
    got: list[bytes] = []
    sent = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def take() -> None:
            line, _ = listening.accept()
            with line:
                while piece := line.recv(4096):
                    got.append(piece)
            sent.set()

        thread = threading.Thread(target=take)
        thread.start()
        settings.PRINTERS = [AllowedPrinters.parse(f"127.0.0.1:{listening.getsockname()[1]}")]
        yield f"127.0.0.1:{listening.getsockname()[1]}", got, sent
        thread.join(20)


def test_a_ticket_is_printed(client: Client, office: Office, printer: tuple[str, list[bytes], threading.Event]) -> None:
    address, got, sent = printer
    kiosks.keep(office.id, kiosks.Device("hala", "secret", address), NOW, "test")
    client.get("/demo/kiosk/pair/secret")
    page = touch(client).content.decode()
    assert "Vezměte si vytištěný lístek" in page
    sent.wait(20)
    printed = b"".join(got)
    assert b"D1" in printed
    assert b"Mestsky urad" in printed


@pytest.mark.parametrize(
    ("says", "prints"),
    [
        pytest.param(b"\x12\x12", True, id="well"),
        pytest.param(b"\x12\x1e", True, id="little paper is left"),
        pytest.param(b"\x32\x72", False, id="no paper"),
        pytest.param(b"\x12\x72", False, id="no paper, and nothing was printed yet"),
        pytest.param(b"\x16\x12", False, id="its cover is open"),
        pytest.param(b"\x52", False, id="a fault, and it says no more"),
        pytest.param(b"OK", True, id="no answer of such a printer"),
    ],
)
def test_a_printer_without_paper_is_sent_nothing_and_the_number_counts(
    client: Client, office: Office, settings: Any, monkeypatch: pytest.MonkeyPatch, says: bytes, prints: bool
) -> None:
    got: list[bytes] = []
    monkeypatch.setattr(paper, "ANSWERS_WITHIN", 0.05 if len(says) == 1 else 20)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

        def take() -> None:
            line, _ = listening.accept()
            with line:
                got.append(line.recv(4096))
                line.sendall(says)
                while piece := line.recv(4096):
                    got.append(piece)

        thread = threading.Thread(target=take)
        thread.start()
        settings.PRINTERS = [AllowedPrinters.parse(f"127.0.0.1:{port}")]
        kiosks.keep(office.id, kiosks.Device("vestibul", "tajne", f"127.0.0.1:{port}"), NOW, "test")
        client.get("/demo/kiosk/pair/tajne")
        page = plain(touch(client, "PTP"))
        thread.join(20)
    assert (b"Mestsky urad" in b"".join(got[1:])) is prints
    assert ("Vezměte si vytištěný lístek" in page) is prints
    assert ("Tiskárna teď netiskne" in page) is not prints
    assert "Zapamatujte si číslo nebo ho vyfoťte" in page or "zapamatujte si jeho číslo nebo ho vyfoťte" in page
    assert re.search(r"<strong>[A-Z]1</strong>", page)


def test_who_printed_by_the_browser_is_told_what_to_do_without_paper(office: Office, page: Page) -> None:
    page.add_init_script("window.print = () => {}")
    page.goto("/demo/kiosk/")
    page.get_by_role("button", name="Převzetí cestovního dokladu").click()
    told = page.get_by_text("platí i bez papíru")
    expect(told).to_be_hidden()
    page.get_by_role("button", name="Vytisknout lístek").click()
    expect(told).to_be_visible()
    assert_accessible(page)
    assert_nothing_is_cut(page)


def test_a_printer_that_is_off_loses_no_ticket(client: Client, office: Office, settings: Any) -> None:
    port = free_port()
    settings.PRINTERS = [AllowedPrinters.parse(f"127.0.0.1:{port}")]
    kiosks.keep(office.id, kiosks.Device("hala", "secret", f"127.0.0.1:{port}"), NOW, "test")
    client.get("/demo/kiosk/pair/secret")
    page = touch(client).content.decode()
    assert "Tiskárna teď netiskne" in page
    assert "<strong>D1</strong>" in page
    assert "Vytisknout lístek" not in page, "the browser of this kiosk has no printer either"


@pytest.mark.parametrize("text", ["", ":9100", "tiskarna:abc", "ti skarna"])
def test_what_is_no_printers_address(text: str) -> None:
    with pytest.raises(ValueError, match="no printer's address"):
        printers.PrinterAddress.parse(text)


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


# --- guessing codes ----------------------------------------------------------------------------


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let the clock of the pages show so many seconds after NOW."""
    return lambda seconds: monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(seconds=seconds))


def test_after_the_fifth_wrong_code_in_a_minute_the_kiosk_takes_one_every_three_seconds(
    client: Client, office: Office, wait: Callable[[float], None]
) -> None:
    code = booked(office, 9, 15)
    wrong = next(f"{number}" for number in range(500_000, 600_000) if f"{number}" != code)
    for second in range(5):
        wait(second)
        assert "Takový kód neznáme" in type_code(client, wrong).content.decode().replace("\xa0", " ")
    wait(5)
    assert "za 2 s" in type_code(client, code).content.decode().replace("\xa0", " ").lower()
    assert not models.Ticket.objects.exists()
    wait(7)
    assert type_code(client, wrong).status_code == 200
    wait(8)
    assert "počkejte" in type_code(client, code).content.decode()
    wait(10)
    assert "<strong>D1</strong>" in type_code(client, code).content.decode()
    wait(60 * 3)
    for _ in range(5):
        assert "Takový kód neznáme" in type_code(client, wrong).content.decode().replace("\xa0", " ")


def test_codes_of_another_day_count_as_wrong_ones_and_right_ones_never(client: Client, office: Office) -> None:
    code = booked(office, 9, 15)
    for _ in range(9):
        assert "počkejte" not in type_code(client, code).content.decode()
    tomorrow = booked(office, 10, 0, days=2)
    for _ in range(5):
        type_code(client, tomorrow)
    assert "Chvilku" in type_code(client, tomorrow).content.decode()


def test_a_late_ticket_is_no_other_door_for_guesses(client: Client, office: Office) -> None:
    for _ in range(5):
        client.post("/demo/kiosk/late", {"code": "234567", "key": str(uuid4())})
    assert "Chvilku" in client.post("/demo/kiosk/late", {"code": "234567", "key": str(uuid4())}).content.decode()


def test_each_kiosk_counts_for_itself_and_the_hall_goes_on(client: Client, office: Office) -> None:
    kiosks.keep(office.id, kiosks.Device("vchod", "secret-of-the-first"), NOW, "test")
    kiosks.keep(office.id, kiosks.Device("patro", "secret-of-the-second"), NOW, "test")
    client.cookies["kiosk"] = "secret-of-the-first"
    for _ in range(5):
        type_code(client, "234567")
    assert "Chvilku" in type_code(client, "234567").content.decode()
    assert "<strong>D1</strong>" in touch(client).content.decode()
    client.cookies["kiosk"] = "secret-of-the-second"
    assert "Chvilku" not in type_code(client, "234567").content.decode()


def test_people_ahead_and_the_wait_are_told_before_a_ticket_is_taken(client: Client, office: Office) -> None:
    assert '<b>Doklady:</b> <span class="nowrap">nikdo nečeká</span>' in plain(client.get("/demo/kiosk/"))
    seat.sit_down(office.id, office.counters[0].id, "novak", NOW)
    for _ in range(7):
        arrive.walk_in(office.id, "ZOP", NOW)
    wait = board(office, NOW).agendas[0].wait
    assert wait
    told = f'<b>Doklady:</b> <span class="nowrap">čeká 7, asi {wait.low}–{wait.high} min</span>'
    assert told in plain(client.get("/demo/kiosk/"))


def test_a_closed_agenda_says_so(client: Client, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=9))
    assert "<b>Doklady:</b> teď máme zavřeno" in plain(client.get("/demo/kiosk/"))


def test_with_many_services_the_agendas_come_first(client: Client, office: Office) -> None:
    more = replace(office.services[0], code="NOV", title="další činnost", synonyms=())
    offices.keep(replace(office, services=(*office.services, more)), NOW)
    first = plain(client.get("/demo/kiosk/"))
    assert 'href="?agenda=evidence"' in first
    assert 'value="ZOP"' not in first
    chosen = plain(client.get("/demo/kiosk/?agenda=doklady&priority"))
    assert 'value="NOV"' in chosen
    assert 'value="PTP"' not in chosen
    assert 'name="priority" value="1"' in chosen
    assert 'href="?agenda=evidence"' in plain(client.get("/demo/kiosk/?agenda=nowhere"))


@pytest.mark.parametrize("path", ["", "code/"])
def test_on_a_standing_screen_everything_to_touch_is_in_reach(page: Page, office: Office, path: str) -> None:
    page.set_viewport_size({"width": 1080, "height": 1920})
    page.goto(f"/demo/kiosk/{path}")
    for button in page.locator(".touch a, .touch button, .touch input:not([type=hidden])").all():
        box = button.bounding_box()
        assert box
        assert box["y"] >= 690, button.inner_text()
        assert box["y"] + box["height"] <= 1510, button.inner_text()
    assert_accessible(page)


def test_who_comes_after_their_time_is_not_promised_a_time_that_is_over(
    client: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = booked(office, 9, 15)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=24))  # 9:24
    page = plain(type_code(client, code))
    assert "kolem" not in page
    assert "Zavoláme vás, jakmile se uvolní přepážka." in page


def test_a_form_sent_again_prints_no_second_paper(
    client: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers: list[str] = []

    def take(printer: str, office: Office, given: Any, wait: str, now: Any) -> bool:
        papers.append(given.ticket.label)
        return len(papers) > 1

    monkeypatch.setattr(kiosk_views, "print_ticket", take)
    kiosks.keep(office.id, kiosks.Device("hala", "secret", "10.0.0.9"), NOW, "test")
    client.get("/demo/kiosk/pair/secret")
    form = {"service": "ZOP", "key": str(uuid4())}
    for _ in range(3):
        page = plain(client.post("/demo/kiosk/walk-in", form, follow=True))
        assert "Tiskárna teď netiskne" in page, "as it was told the first time"
    assert papers == ["D1"]
    client.post("/demo/kiosk/walk-in", form | {"key": str(uuid4())})
    assert papers == ["D1", "D2"]


def test_the_cookie_of_a_kiosk_lasts_400_days_and_is_renewed_on_use(client: Client, office: Office) -> None:
    kiosks.keep(office.id, kiosks.Device("hala", "secret"), NOW, "test")
    assert client.get("/demo/kiosk/pair/secret").cookies["kiosk"]["max-age"] == 400 * 24 * 3600
    assert client.get("/demo/kiosk/code/").cookies["kiosk"]["max-age"] == 400 * 24 * 3600


def plain(response: Any) -> str:
    return str(response.content.decode()).replace("\N{NO-BREAK SPACE}", " ")
