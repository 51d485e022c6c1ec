"""The kiosk's printer: tickets on paper, and what is told without any."""

import re
import socket
import threading
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from prepazka.core.office.office import Office
from prepazka.store import kiosks
from prepazka.web import paper, printers
from prepazka.web.printers import AllowedPrinters
from tests.ports import free_port
from tests.web.browsing import assert_accessible, assert_nothing_is_cut
from tests.web.conftest import NOW
from tests.web.kiosk.acts import plain, touch


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
