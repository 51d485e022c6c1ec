"""An administrator's or operator's work without the command line: kiosks, the order of lists, removals."""

import re
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from prepazka.core.office.office import Office
from prepazka.flows.counters import arrive, seat
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import kiosks, models, offices
from prepazka.store.models import User
from prepazka.web.paper import print_test
from prepazka.web.printers import AllowedPrinters
from tests.ports import free_port
from tests.web.conftest import ME, NOW, NUMBER
from tests.web.staff import SignedIn

KIOSKS = "/demo/admin/kiosks/"


@pytest.fixture
def client(signed_in: SignedIn) -> Client:
    return signed_in("administrator")


def demo() -> Office:
    return offices.load(offices.find("demo") or 0)


def audit_entries(what: str) -> list[Any]:
    """Return the entries of the audit trail, the oldest first: who, and the details."""
    return list(models.Audit.objects.filter(what=what).order_by("id").values_list("who", "details"))


# --- kiosks -----------------------------------------------------------------------------------------


def link(page: str) -> str:
    found = re.search(r'id="link">http://testserver([^<]+)<', page)
    assert found
    return found[1]


def test_a_device_is_paired_by_a_link_that_works_once(client: Client) -> None:
    made = link(client.post(f"{KIOSKS}new", {"name": "hala", "printer": "10.0.0.9"}).content.decode())
    device, other = Client(), Client()
    assert device.get(made)["Location"] == "/demo/kiosk/"
    assert device.get("/demo/kiosk/").status_code == 200
    assert other.get(made).status_code == 403, "somebody else finds the link used"
    assert device.get(made)["Location"] == "/demo/kiosk/", "the device itself may begin with it every day"
    assert audit_entries("kiosk paired") == [("administrator", {"kiosk": "hala", "printer": "10.0.0.9"})]
    assert models.Kiosk.objects.get().name in client.get(KIOSKS).content.decode()


def test_another_device_takes_its_place_and_a_withdrawn_one_is_shut_out(client: Client) -> None:
    first, second = Client(), Client()
    first.get(link(client.post(f"{KIOSKS}new", {"name": "hala"}).content.decode()))
    kiosk = models.Kiosk.objects.get()
    second.get(link(client.post(f"{KIOSKS}{kiosk.id}/pair").content.decode()))
    assert [one.get("/demo/kiosk/").status_code for one in (first, second)] == [403, 200]
    assert client.post(f"{KIOSKS}{kiosk.id}", {"remove": "1"})["Location"].endswith("?done=removed")
    assert audit_entries("kiosk withdrawn") == [("administrator", {"kiosk": "hala"})]
    assert not kiosks.any_of(demo().id)


def test_a_printer_is_changed_without_pairing_anew(client: Client) -> None:
    device = Client()
    device.get(link(client.post(f"{KIOSKS}new", {"name": "hala"}).content.decode()))
    kiosk = models.Kiosk.objects.get()
    client.post(f"{KIOSKS}{kiosk.id}", {"printer": "tiskarna:9101"})
    assert models.Kiosk.objects.get().printer == "tiskarna:9101"
    assert audit_entries("kiosk changed") == [("administrator", {"kiosk": "hala", "from": "", "to": "tiskarna:9101"})]
    assert device.get("/demo/kiosk/").status_code == 200


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "!?"}, "Použijte nejvýše 40 malých písmen"),
        ({"name": ""}, "Toto pole je"),
        ({"name": "hala", "printer": "ti skarna"}, "Napište adresu tiskárny jako 192.168.1.50"),
        ({"name": "hala", "printer": "tiskarna:x"}, "Napište adresu tiskárny jako 192.168.1.50"),
        ({"name": "there"}, "Kiosek s\u00a0tímto názvem už tu je."),
    ],
)
def test_a_mistake_of_a_kiosk_is_reported_at_its_field(client: Client, fields: dict[str, str], words: str) -> None:
    kiosks.keep(demo().id, kiosks.Device("there", "x"), NOW, "test")
    page = client.post(f"{KIOSKS}new", fields).content.decode()
    assert words in page
    assert 'aria-invalid="true"' in page
    assert models.Kiosk.objects.count() == 1


def test_another_offices_kiosk_is_not_there(client: Client) -> None:
    kiosks.keep(offices.find("other") or 0, kiosks.Device("theirs", "x"), NOW, "test")
    theirs = models.Kiosk.objects.get()
    for path in ("", "/pair", "/test"):
        assert client.post(f"{KIOSKS}{theirs.id}{path}", {"remove": "1"}).status_code == 404
    assert "theirs" not in client.get(KIOSKS).content.decode()


@pytest.fixture
def printer(settings: Any) -> Iterator[tuple[str, list[bytes], threading.Event]]:
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


def test_a_test_ticket_is_printed(client: Client, printer: tuple[str, list[bytes], threading.Event]) -> None:
    address, got, sent = printer
    kiosks.keep(demo().id, kiosks.Device("hala", "x", address), NOW, "test")
    answer = client.post(f"{KIOSKS}{models.Kiosk.objects.get().id}/test", follow=True)
    assert "Zkušební lístek jsme tiskárně poslali." in answer.content.decode()
    sent.wait(20)
    assert b"Zkusebni listek" in b"".join(got)


def test_a_printer_that_is_off_is_reported(client: Client, settings: Any) -> None:
    port = free_port()
    settings.PRINTERS = [AllowedPrinters.parse(f"127.0.0.1:{port}")]
    kiosks.keep(demo().id, kiosks.Device("hala", "x", f"127.0.0.1:{port}"), NOW, "test")
    page = client.post(f"{KIOSKS}{models.Kiosk.objects.get().id}/test", follow=True).content.decode()
    assert "Zařízení na této adrese netiskne." in page
    assert "tiskárně poslali" not in page


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (TimeoutError(), "silent"),
        (OSError("no route"), "silent"),
        (socket.gaierror(), "unknown"),
        (ConnectionRefusedError(), "refused"),
    ],
)
def test_each_silence_of_a_printer_is_reported_apart(
    office: Office, monkeypatch: pytest.MonkeyPatch, error: OSError, expected: str
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(socket, "create_connection", fail)
    assert print_test("10.0.0.9", office, NOW) == expected
    assert print_test("", office, NOW) == "unknown"


# --- the invariant: an administrator makes the server speak to nothing but printers the operator allows ---------

OUT_OF_BOUNDS = [
    pytest.param("127.0.0.1", id="this machine"),
    pytest.param("0.0.0.0:9100", id="this machine by another name"),
    pytest.param("169.254.169.254", id="a cloud's secrets"),
    pytest.param("93.184.215.14", id="the internet"),
    pytest.param("10.0.0.9:6379", id="a database of the network"),
    pytest.param("tiskarna:22", id="another service by name"),
    pytest.param("10.0.0.9:99999", id="a port there is not"),
]


@pytest.mark.parametrize("printer", OUT_OF_BOUNDS)
def test_a_printer_out_of_bounds_is_refused_at_its_field(client: Client, printer: str) -> None:
    page = client.post(f"{KIOSKS}new", {"name": "hala", "printer": printer})
    assert "Na této adrese program tisknout nesmí." in page.content.decode()
    assert models.Kiosk.objects.count() == 0
    kiosks.keep(demo().id, kiosks.Device("hala", "x", "10.0.0.9"), NOW, "test")
    page = client.post(f"{KIOSKS}{models.Kiosk.objects.get().id}", {"printer": printer})
    assert "Na této adrese program tisknout nesmí." in page.content.decode()
    assert models.Kiosk.objects.get().printer == "10.0.0.9"


@pytest.mark.parametrize("meant", ["127.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "fd00:ec2::254"])
def test_a_name_that_means_something_else_is_not_connected_to(
    client: Client, monkeypatch: pytest.MonkeyPatch, meant: str
) -> None:
    def connect(*_: object) -> None:
        pytest.fail("connected")

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (meant, 9100))])
    monkeypatch.setattr(socket, "create_connection", connect)
    kiosks.keep(demo().id, kiosks.Device("hala", "x", "tiskarna"), NOW, "test")
    page = client.post(f"{KIOSKS}{models.Kiosk.objects.get().id}/test", follow=True).content.decode()
    assert "Na této adrese program tisknout nesmí." in page


def test_what_was_looked_at_is_what_is_connected_to(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    connected: list[object] = []

    def connect(to: object, _: float) -> None:
        connected.append(to)
        raise TimeoutError

    found = [(0, 0, 0, "", (host, 9100)) for host in ("127.0.0.1", "192.168.1.50")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(socket, "create_connection", connect)
    assert print_test("tiskarna", office, NOW) == "silent"
    assert connected == [("192.168.1.50", 9100)]


def test_the_operator_may_allow_any_printer(client: Client, settings: Any) -> None:
    settings.PRINTERS = [AllowedPrinters.parse(one) for one in ("2001:db8::/32", "198.51.100.7:4000")]
    client.post(f"{KIOSKS}new", {"name": "hala", "printer": "198.51.100.7:4000"})
    assert models.Kiosk.objects.get().printer == "198.51.100.7:4000"
    assert client.post(f"{KIOSKS}new", {"name": "vchod", "printer": "198.51.100.7"}).status_code == 200
    assert models.Kiosk.objects.count() == 1


# --- orders -----------------------------------------------------------------------------------------


def seen(client: Client, path: str) -> str:
    found = re.search(r'name="seen" value="(\w+)"', client.get(path).content.decode())
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("page", "name", "button", "after"),
    [
        ("services", "POP", "up", ["POP", "ZOP", "ZCD", "PCD", "PTP", "RTP"]),
        ("services", "RTP", "down", ["ZOP", "POP", "ZCD", "PCD", "PTP", "RTP"]),
        ("counters", "prepazka-1", "down", ["prepazka-2", "prepazka-1", "prepazka-3"]),
        ("agendas", "evidence", "up", ["evidence", "doklady"]),
    ],
)
def test_an_item_is_moved(client: Client, page: str, name: str, button: str, after: list[str]) -> None:
    path = f"/demo/admin/{page}/"
    answer = client.post(f"{path}{name}/move", {"seen": seen(client, path), button: "1"})
    assert answer["Location"] == f"{path}?done=saved#{page}-{name}"
    assert [getattr(one, "code", None) or one.key for one in getattr(demo(), page)] == after


def test_a_moved_item_is_in_the_trail_and_bookings_keep_theirs(client: Client) -> None:
    before = demo().service_of["POP"].id
    client.post("/demo/admin/services/POP/move", {"seen": seen(client, "/demo/admin/services/"), "up": "1"})
    assert demo().service_of["POP"].id == before
    assert "Činnost: pořadí" in client.get("/demo/admin/audit").content.decode()


def test_who_moves_in_an_old_page_is_reported(client: Client) -> None:
    old = seen(client, "/demo/admin/counters/")
    client.post("/demo/admin/counters/prepazka-1/move", {"seen": old, "down": "1"})
    page = client.post("/demo/admin/counters/prepazka-1/move", {"seen": old, "down": "1"}, follow=True).content.decode()
    assert "Pořadí se mezitím změnilo" in page
    assert [one.key for one in demo().counters] == ["prepazka-2", "prepazka-1", "prepazka-3"]
    assert client.post("/demo/admin/counters/nowhere/move", {"seen": old}).status_code == 404


# --- what may not leave -----------------------------------------------------------------------------


def remove(client: Client, path: str) -> str:
    answer = client.post(path, {"seen": seen(client, path), "remove": "1"})
    return answer.headers.get("Location", "") or answer.content.decode().replace("\u00a0", " ")


def test_a_counter_somebody_sits_at_is_not_removed(client: Client) -> None:
    office, path = demo(), "/demo/admin/counters/prepazka-1"
    seat.sit_down(office.id, office.counters[0].id, "clerk", NOW)
    assert "Nelze teď smazat „Přepážka 1“: obsluhuje tam clerk." in remove(client, path)
    seat.stand_up(office.id, "clerk", NOW)
    assert remove(client, path).endswith("?done=removed")


def test_an_agenda_people_wait_for_is_not_removed(client: Client) -> None:
    office = demo()
    for counter in ("prepazka-2", "prepazka-3"):
        path = f"/demo/admin/counters/{counter}"
        client.post(path, {"seen": seen(client, path), "title": counter, "agendas": "doklady"})
    for service in ("PTP", "RTP"):
        remove(client, f"/demo/admin/services/{service}")
    arrive.walk_in(office.id, "evidence", NOW)
    assert "Agendu Evidence obyvatel teď nelze smazat" in remove(client, "/demo/admin/agendas/evidence")
    assert len(demo().agendas) == 2
    models.Ticket.objects.update(state="done")
    assert remove(client, "/demo/admin/agendas/evidence").endswith("?done=removed")


# --- accounts ---------------------------------------------------------------------------------------


def test_the_operator_sees_what_happened_to_accounts(signed_in: SignedIn, officials: dict[str, User]) -> None:
    page = signed_in("operator").get("/account/events").content.decode()
    assert "Založen účet manager" in page
    assert "/account/events" in signed_in("operator").get("/account/").content.decode()
    assert signed_in("administrator").get("/account/events").status_code == 403
    assert "/account/events" not in signed_in("administrator").get("/account/").content.decode()


# --- hours that leave people without a place --------------------------------------------------------

HOURS = "/demo/admin/agendas/doklady/hours/0"
LATER = {
    "days": ["mon", "wed"],
    "opens": "10:00",
    "closes": "17:00",
    "breaks": "11:30-12:30",
    "step": "15",
    "lanes": "2",
}


@pytest.fixture
def booked(client: Client) -> None:
    receive([Inbound("phone", "1", ME, NUMBER, "OBJ ZOP 10.8. 9:00 NOVAK")], NOW)


def hit(page: str) -> str:
    found = re.search(r'name="hit" value="([\d,]+)"', page)
    assert found, page
    return found[1]


@pytest.mark.usefixtures("booked")
def test_who_is_left_outside_new_hours_is_shown_before_anything_happens(client: Client) -> None:
    before = demo()
    form = LATER | {"seen": seen(client, HOURS)}
    page = client.post(HOURS, form).content.decode()
    assert "NOVAK" in page
    assert "Podle nových hodin a\u00a0počtu míst nezbývá místo na" in page
    assert "Mezitím" not in page
    assert demo() == before
    kept = client.post(HOURS, form | {"hit": hit(page), "confirm": "keep"})
    assert kept["Location"].endswith("?done=saved")
    assert demo().agendas[0].rules[0].hours.opens.hour == 10
    assert models.Booking.objects.get().state == "booked"
    assert audit_entries("bookings kept") == [("administrator", {"bookings": [models.Booking.objects.get().id]})]


@pytest.mark.usefixtures("booked")
def test_or_is_called_off_and_told_why(client: Client) -> None:
    form = LATER | {"seen": seen(client, HOURS)}
    form["hit"] = hit(client.post(HOURS, form).content.decode())
    page = client.post(HOURS, form | {"confirm": "call_off", "why": "", "tell": "1"}).content.decode()
    assert "Toto pole je" in page
    assert models.Booking.objects.get().state == "booked"
    done = client.post(HOURS, form | {"confirm": "call_off", "why": "Méně úředníků", "tell": "1"})
    assert done["Location"].endswith("?done=saved")
    assert models.Booking.objects.get().state == "cancelled"
    assert "uredniku. Jiny termin" in models.Outbound.objects.get(kind="called_off").text


@pytest.mark.usefixtures("booked")
def test_hours_are_removed_only_after_the_same_question(client: Client) -> None:
    form = {"remove": "1", "seen": seen(client, HOURS)}
    page = client.post(HOURS, form).content.decode()
    assert '<input type="hidden" name="remove" value="1">' in page
    receive([Inbound("phone", "2", "+420602111222", NUMBER, "OBJ ZOP 10.8. 9:15 POZDNI")], NOW)
    again = client.post(HOURS, form | {"hit": hit(page), "confirm": "keep"}).content.decode()
    assert "Mezitím se objednávky změnily" in again
    assert "POZDNI" in again
    assert client.post(HOURS, form | {"hit": hit(again), "confirm": "keep"})["Location"].endswith("?done=removed")


@pytest.mark.usefixtures("booked")
def test_a_closure_keeps_nobody(client: Client) -> None:
    path = "/demo/admin/closures/new"
    form = {"first": "2026-08-10", "reason": "Porucha", "seen": seen(client, path)}
    form["hit"] = hit(client.post(path, form).content.decode())
    assert "NOVAK" in client.post(path, form | {"confirm": "keep"}).content.decode()
    assert not demo().closures
