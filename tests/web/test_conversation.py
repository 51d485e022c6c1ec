"""What pages say of the conversation by SMS: only what is so for this office."""

from dataclasses import replace

import pytest
from django.test import Client
from django.utils import translation

from prepazka.core.office.office import Office
from prepazka.store import kiosks, models, offices
from prepazka.web.conversation import describe_conversation
from tests.offices import demo_office
from tests.web.conftest import NOW
from tests.web.staff import SignedIn


def keep(office: Office, **changes: object) -> None:
    offices.keep(replace(office, **changes), NOW)  # type: ignore[arg-type]  # fields of Office


def read(client: Client, path: str) -> str:
    return client.get(path).content.decode().replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("inbox", "hours", "expected"),
    [
        (False, "", "touto cestou nikdo nečte"),
        (True, "", "to si přečte úředník a odpoví vám."),
        (True, "po–pá 8–15", "to si přečte úředník a odpoví vám (po–pá 8–15)."),
    ],
)
def test_a_clerk_is_promised_only_where_one_reads(inbox: bool, hours: str, expected: str) -> None:
    office = demo_office()
    chosen = replace(office, settings=replace(office.settings, inbox=inbox, inbox_hours=hours))
    sentences = [sentence.replace("\u00a0", " ") for sentence in describe_conversation(chosen)]
    assert expected in sentences[-1]
    assert "Odpovězte do 2 hodin ANO, nebo NE." in sentences[0]
    assert "Do 15 minut stačí odpovědět ANO" in sentences[1]
    assert "Pošlete jen STORNO z telefonu" in sentences[2]
    with translation.override("en"):
        assert "Within 15 minutes just reply YES" in describe_conversation(chosen)[1].replace("\u00a0", " ")


def test_an_office_without_a_number_promises_no_sms(client: Client, office: Office) -> None:
    assert "Pište na číslo" in read(client, "/demo/")
    keep(office, numbers=(), gateways={})
    page = read(client, "/demo/")
    assert "Zprávy SMS zatím nepřijímáme." in page
    assert "Pište na číslo" not in page
    assert "Objednat se můžete i zprávou SMS" not in read(client, "/demo/book/")
    # Nothing on the page is about messages, and the web, which needs them for the code, is no way either.
    for words in (
        "na webu",
        "Zkratkou ve zprávě",
        "Můžete napsat i",
        "Jak zprávu napsat",
        "OBJ ZOP",
        "bez háčků",
        "tarifu",
    ):
        assert words not in page, words
    assert "zprávou SMS z kteréhokoli telefonu" not in read(client, "/demo/accessibility/")


def test_an_office_with_nothing_yet_has_no_heading_over_nothing(client: Client, office: Office) -> None:
    keep(office, numbers=(), gateways={}, agendas=(), services=(), counters=(), closures=(), holidays=None)
    assert "Kdy máme otevřeno" not in read(client, "/demo/")
    page = read(client, "/demo/book/")
    assert "Zatím se není na co objednat." in page
    assert "S čím přijdete?" not in page
    assert "Volné časy si můžete prohlédnout" not in page


def test_the_slip_has_all_a_caller_without_a_phone_needs(signed_in: SignedIn, office: Office) -> None:
    clerk = signed_in("clerk")
    form = {"at": "14:00", "name": "Jan Novák", "phone": ""}
    answer = clerk.post("/demo/desk/bookings/new/?service=ZOP&day=2026-08-10", form)
    slip, code = answer.headers["Location"], models.Booking.objects.get().code
    page = read(clerk, slip)
    assert f"<strong>STORNO {code} 10.8.</strong> na číslo +420 739 547 765" in page
    assert "http://testserver/demo/cancel/" in page
    assert "ukažte toto potvrzení úředníkovi" in page
    kiosks.keep(office.id, kiosks.Device("hala", "secret"), NOW, "test")
    assert "nejdřív 15 minut před objednaným časem, nejpozději 15 minut po něm" in read(clerk, slip)


def test_the_clerks_manual_is_at_the_desk(signed_in: SignedIn, office: Office) -> None:
    clerk = signed_in("clerk")
    assert 'href="/demo/desk/manual"' in read(clerk, "/demo/desk/")
    assert "<h1>Příručka úředníka</h1>" in read(clerk, "/demo/desk/manual")
