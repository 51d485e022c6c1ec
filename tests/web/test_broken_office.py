"""An office that cannot be read takes down neither the pages nor the messages of the others."""

from dataclasses import replace

import pytest
from django.db.models import F
from django.test import Client

from prepazka.core.office.office import Office
from prepazka.flows.health.offices import examination
from prepazka.store import models, offices
from tests.offices import demo_office
from tests.web.conftest import NOW, HandIn, message
from tests.web.staff import OPERATOR, SignedIn

OTHER = "+420739000017"


@pytest.fixture(autouse=True)
def broken(office: Office, hand_in: HandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the office of these tests, which breaks, another one works; one gateway serves both."""
    monkeypatch.setattr(examination, "_found", {})  # what is found here is nobody's after the test
    monkeypatch.setattr(examination, "_seen", None)
    other = replace(demo_office(), slug="hlinsko", name="Město Hlinsko", numbers=(OTHER,), gateways={OTHER: "first"})
    offices.keep(other, NOW)
    models.Office.objects.filter(id=office.id).update(version=F("version") + 1, timezone="Europe/Nowhere")


@pytest.fixture
def client(client: Client) -> Client:
    client.raise_request_exception = False
    return client


def test_the_list_of_offices_and_the_pages_of_the_others_are_shown(client: Client) -> None:
    listed = client.get("/")
    assert (listed.status_code, "Město Hlinsko" in listed.content.decode()) == (200, True)
    assert client.get("/hlinsko/").status_code == 200
    own = client.get("/demo/")
    assert own.status_code == 503
    assert "nelze zobrazit" in own.content.decode()


def test_its_messages_are_kept_and_those_of_the_others_answered(hand_in: HandIn) -> None:
    answer = hand_in([message("a"), message("b", to=OTHER)])
    assert answer.status_code == 202
    assert [one["outcome"] for one in answer.json()] == [None, "booked"]


def test_the_operator_is_told_on_the_first_page(signed_in: SignedIn) -> None:
    examination.go_on(10)
    page = signed_in(OPERATOR).get("/account/").content.decode()
    assert "No time zone found with key Europe/Nowhere" in page
    assert "Nedokončené úřady" in page


def test_an_official_is_told_nothing_of_other_offices(signed_in: SignedIn) -> None:
    examination.go_on(10)
    assert "Nowhere" not in signed_in("administrator").get("/account/").content.decode()
