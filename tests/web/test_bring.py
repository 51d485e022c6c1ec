"""What to bring and where the office is, on every page that a citizen or a caller gets."""

from dataclasses import replace

import pytest
from django.test import Client
from django.utils import translation

from prepazka.core.office.office import Office, Service
from prepazka.core.queue.outcomes import TicketGiven
from prepazka.flows.counters import arrive
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import models, offices
from prepazka.web import paper
from tests.web.conftest import ME, NOW
from tests.web.staff import SignedIn

BRING = {"cs": "rybářský průkaz\na loňský lístek", "en": "your fishing card"}


@pytest.fixture
def fishing(office: Office) -> Office:
    """The demo office with one more service, somewhere else."""
    more = Service(0, "RYB", "rybářský lístek", 15, office.agendas[0].id, ("kapr",), BRING)
    there = replace(office, address="Rybniční 4, Třebo", directions="vchod od hráze")
    return offices.load(offices.keep(replace(there, services=(*office.services, more)), NOW))


def text_of(page: bytes) -> str:
    """The page with every kind of space as a space."""
    return page.decode().replace("\xa0", " ")


def read(client: Client, path: str, language: str = "cs") -> str:
    client.cookies["language"] = language
    return text_of(client.get(path).content)


def test_the_offices_page_says_what_to_bring_and_where_it_is(client: Client, fishing: Office) -> None:
    page = read(client, "/demo/")
    assert "S sebou: rybářský průkaz<br>a loňský lístek" in page
    assert '<summary>Můžete napsat i jinak</summary><p lang="cs">kapr</p>' in page
    assert "Rybniční 4, Třebo<br>vchod od hráze" in page
    assert "Please bring: your fishing card" in read(client, "/demo/", "en")


def test_a_page_without_a_translation_says_it_in_the_language_there_is(client: Client, office: Office) -> None:
    services = tuple(replace(one, bring={"cs": "kapra"} if one.code == "ZOP" else {}) for one in office.services)
    offices.keep(replace(office, services=services), NOW)
    assert read(client, "/demo/", "en").count("Please bring:") == 1
    assert "Please bring: kapra" in read(client, "/demo/", "en")


def test_an_office_that_says_nothing_has_no_empty_headings(client: Client, office: Office) -> None:
    services = tuple(replace(one, bring={}) for one in office.services)
    offices.keep(replace(office, services=services, address="", directions=""), NOW)
    page = read(client, "/demo/")
    assert "S sebou" not in page
    assert "Kde nás najdete" not in page


@pytest.mark.parametrize(("language", "heading"), [("cs", "s sebou"), ("en", "bring")])
def test_every_door_says_it_in_the_language_of_its_reader(
    client: Client, signed_in: SignedIn, fishing: Office, language: str, heading: str
) -> None:
    """The page, the web after booking, the desk's slip and the kiosk's ticket."""
    first_line = BRING[language].split("\n")[0]
    clerk = signed_in("clerk")
    client.cookies["language"] = clerk.cookies["language"] = language
    booked = client.post("/demo/book/RYB/2026-08-10/15-00/", {"name": "Iva Malá", "phone": "777 123 456"}, follow=True)
    caller = {"at": "16:00", "name": "Jan Novák", "phone": ""}
    doors = {
        "page": client.get("/demo/"),
        "web": booked,
        "slip": clerk.post("/demo/desk/bookings/new/?service=RYB&day=2026-08-10", caller, follow=True),
        "ticket": client.post("/demo/kiosk/walk-in", {"service": "RYB", "key": "1" * 32}, follow=True),
    }
    for door, answer in doors.items():
        page = text_of(answer.content)
        assert first_line in page, door
        assert heading in page.lower(), door


@pytest.mark.parametrize(
    ("text", "language", "told"),
    [
        ("CO RYB", "cs", "K vyrizeni RYB si prosim vezmete: rybarsky prukaz a lonsky listek"),
        ("CO kapr", "cs", "K vyrizeni RYB si prosim vezmete: rybarsky prukaz a lonsky listek"),
        ("BRING RYB", "en", "For RYB please bring: your fishing card"),
    ],
)
def test_an_sms_says_it_in_the_language_of_its_sender(fishing: Office, text: str, language: str, told: str) -> None:
    (handled,) = receive([Inbound("test", "m1", ME, fishing.numbers[0], text, NOW)], NOW)
    assert handled.reply
    assert (handled.reply.text, handled.language) == (told, language)


def test_who_has_booked_on_the_web_is_told(client: Client, fishing: Office) -> None:
    answer = client.post("/demo/book/RYB/2026-08-10/14-00/", {"name": "Iva Malá", "phone": "777 123 456"})
    page = read(client, answer.headers["Location"])
    assert "rybářský průkaz<br>a loňský lístek" in page
    assert "Rybniční 4, Třebo" in page


def test_the_slip_of_a_caller_says_it(signed_in: SignedIn, fishing: Office) -> None:
    form = {"at": "14:00", "name": "Jan Novák", "phone": ""}
    page = signed_in("clerk").post("/demo/desk/bookings/new/?service=RYB&day=2026-08-10", form, follow=True)
    assert "a loňský lístek" in text_of(page.content)
    assert "vchod od hráze" in text_of(page.content)


def test_the_ticket_of_the_kiosk_says_it(client: Client, fishing: Office) -> None:
    answer = client.post("/demo/kiosk/walk-in", {"service": "RYB", "key": "0" * 32}, follow=True)
    assert "S sebou: rybářský průkaz<br>a loňský lístek" in text_of(answer.content)
    assert models.Ticket.objects.count() == 1


@pytest.mark.parametrize(
    ("language", "bring", "printed"),
    [
        pytest.param("cs", BRING["cs"], b" S sebou: rybarsky prukaz a lonsky listek ", id="Czech, in two lines"),
        pytest.param("en", BRING["en"], b" Please bring: your fishing card ", id="English"),
        pytest.param("cs", "průkaz, " * 30, b"", id="too long for paper"),
        pytest.param("cs", "", b"", id="nothing"),
    ],
)
def test_the_paper_ticket_says_it_where_it_fits(fishing: Office, language: str, bring: str, printed: bytes) -> None:
    services = tuple(replace(one, bring={language: bring} if bring else {}) for one in fishing.services)
    given = arrive.walk_in(fishing.id, "RYB", NOW, "kiosk")
    assert isinstance(given, TicketGiven)
    with translation.override(language):
        lines = paper._make_ticket(replace(fishing, services=services), given, "", NOW).split(b"\n")
    text = b" ".join(line.strip() for line in lines)
    assert printed in text
    assert bool(printed) == any(word in text for word in (b"S sebou", b"Please bring"))
