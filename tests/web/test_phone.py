"""The phone simulator without JavaScript: the real path of a message, from a form."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from prepazka.core.office.office import Office
from prepazka.store import models, offices
from tests.web.conftest import ME, NOW

pytestmark = pytest.mark.usefixtures("office")


def write(client: Client, text: str, number: str = ME, id_: str = "") -> Any:
    return client.post("/phone/demo/", {"number": number, "text": text, "id": id_ or str(uuid4())}, follow=True)


def test_the_phone_leads_to_the_office(client: Client) -> None:
    assert client.get("/phone/").headers["Location"] == "/phone/demo/"


def test_a_message_is_answered_on_the_page(client: Client) -> None:
    page = write(client, "OBJ ZOP 10.8. 14:00 NOVAK").content.decode()
    booking = models.Booking.objects.get()
    assert (booking.sender, booking.channel) == (ME, "sms")
    assert "OBJ ZOP 10.8. 14:00 NOVAK" in page
    assert booking.code in page
    assert models.Inbound.objects.get().gateway == "phone"


def test_a_form_sent_twice_is_one_message(client: Client) -> None:
    id_ = str(uuid4())
    write(client, "OBJ ZOP 10.8. 14:00 NOVAK", id_=id_)
    write(client, "OBJ ZOP 10.8. 14:00 NOVAK", id_=id_)
    assert models.Inbound.objects.count() == 1


def test_the_number_is_remembered(client: Client) -> None:
    client.post("/phone/demo/number", {"number": "602 111 222"})
    page = client.get("/phone/demo/").content.decode()
    assert 'name="number" value="+420602111222"' in page


def test_conversations_are_each_numbers_own(client: Client) -> None:
    write(client, "MOJE")
    client.post("/phone/demo/number", {"number": "+420602111222"})
    assert "<p>MOJE</p>" not in client.get("/phone/demo/").content.decode()


def test_a_suggestion_is_put_into_the_message(client: Client) -> None:
    page = client.get("/phone/demo/", {"text": "OBJ ZOP NOVAK"}).content.decode()
    assert 'value="OBJ ZOP NOVAK"' in page


@pytest.mark.parametrize(
    ("path", "fields", "words"),
    [
        pytest.param("/phone/demo/", {"number": ME, "text": " "}, "Napište zprávu.", id="no text"),
        pytest.param("/phone/demo/", {"number": "", "text": "POMOC"}, "Napište číslo", id="no number"),
        pytest.param("/phone/demo/", {"number": ME, "text": "x" * 1601}, "1600", id="a long text"),
        pytest.param("/phone/demo/number", {"number": ""}, "Napište číslo", id="no other number"),
    ],
)
def test_what_is_wrong_with_a_form_is_reported(client: Client, path: str, fields: dict[str, str], words: str) -> None:
    page = client.post(path, fields | {"id": str(uuid4())})
    assert page.status_code == 200
    assert words in page.content.decode()
    assert models.Inbound.objects.count() == 0


def test_what_people_write_stays_text(client: Client) -> None:
    assert "<b>x</b>" not in write(client, "<b>x</b>").content.decode()


@pytest.mark.parametrize("path", ["/phone/", "/phone/demo/", "/phone/demo/number"])
def test_there_is_no_phone_where_it_is_not_wanted(client: Client, simulator: Any, path: str) -> None:
    simulator.SIMULATOR = False
    assert client.get(path).status_code in {404, 405}
    assert client.post(path).status_code in {404, 405}


def test_an_unknown_office_has_no_phone(client: Client, office: Office) -> None:
    assert client.get("/phone/nowhere/").status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("address", ["/phone/lhota/", "/phone/lhota/number"])
def test_an_office_without_a_number_has_no_phone(client: Client, office: Office, method: str, address: str) -> None:
    offices.keep(replace(office, slug="lhota", name="Obecní úřad Lhota", numbers=()), NOW)
    if (method, address) != ("get", "/phone/lhota/number"):
        answer = getattr(client, method)(address, {"number": ME, "text": "MOJE", "id": str(uuid4())})
        assert answer.status_code == 404
    assert "/phone/lhota/" not in client.get("/lhota/").content.decode()


def test_the_phone_leads_past_an_office_without_a_number(client: Client, office: Office) -> None:
    offices.keep(replace(office, slug="lhota", numbers=("+420739000001",)), NOW)
    offices.keep(replace(office, numbers=(), gateways={}), NOW)
    assert client.get("/phone/").headers["Location"] == "/phone/lhota/"


@pytest.mark.parametrize(("language", "word"), [("cs", "POMOC"), ("en", "BOOK HELP")])
def test_the_first_message_is_taught_in_the_language_of_the_page(client: Client, language: str, word: str) -> None:
    client.cookies["language"] = language
    assert word in client.get("/phone/demo/").content.decode().split('class="empty">')[1].split("</li>")[0]
