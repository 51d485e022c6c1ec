"""A person's data in the administration: all that the office holds, nothing of another one, erased on request."""

import json

import pytest
from django.test import Client

from prepazka.core.office.office import Office
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import models, persons
from tests.web.conftest import NOW, NUMBER
from tests.web.staff import FOREIGN, SignedIn

CITIZEN, NAME, ELSEWHERE = "+420724660318", "VESELOVSKÁ", "JINUDEHO"
PAGE, OTHERS = "/demo/admin/person", "/other/admin/person"


@pytest.fixture(autouse=True)
def _wrote(office: Office, officials: object) -> None:
    """The same person booked at two offices."""
    for id_, to, text in [
        ("p1", NUMBER, f"OBJ RTP 12.8. 9:15 {NAME}"), ("p2", NUMBER, "STOP"),
        ("p3", "+420739000000", f"OBJ ZOP {ELSEWHERE}"),
    ]:  # fmt: skip
        receive([Inbound("test", id_, CITIZEN, to, text)], NOW)
    assert models.Booking.objects.filter(state="booked").count() == 2


@pytest.fixture
def administrator(signed_in: SignedIn) -> Client:
    return signed_in("administrator")


def ask(client: Client, page: str = PAGE, **more: str) -> str:
    answer = client.post(page, {"number": "724 660 318"} | more)
    assert answer.status_code == 200
    return answer.content.decode()


def test_everything_the_office_holds_is_shown_in_words(administrator: Client) -> None:
    shown = ask(administrator)
    for words in (NAME, "RTP", "objednáno", f"OBJ RTP 12.8. 9:15 {NAME}", "STOP", "Nechce připomínky", "Kdo se díval"):
        assert words in shown
    assert ELSEWHERE not in shown
    assert administrator.get(PAGE).status_code == 200
    assert [row.what for row in models.Access.objects.filter(number="…318")] == ["person shown"]


def test_a_number_kept_for_calling_only_is_asked_for_too(administrator: Client) -> None:
    models.Booking.objects.filter(name=NAME).update(sender="", calls="+420549876123", state="cancelled")
    answer = administrator.post(PAGE, {"number": "549 876 123"})
    assert NAME in answer.content.decode()
    assert administrator.post(PAGE, {"number": "549 876 123", "erase": ""}).status_code == 302
    assert not models.Booking.objects.filter(name=NAME).exists()
    assert not models.Booking.objects.filter(calls__gt="").exists()


def test_the_second_offices_administrator_learns_nothing_of_the_first(signed_in: SignedIn) -> None:
    stranger = signed_in(FOREIGN)
    assert stranger.post(PAGE, {"number": CITIZEN}).status_code == 404
    assert stranger.post(PAGE, {"number": CITIZEN, "erase": "", "cancel": "on"}).status_code == 404
    shown = ask(stranger, OTHERS)
    assert ELSEWHERE in shown
    assert NAME not in shown
    assert stranger.post(OTHERS, {"number": CITIZEN, "erase": "", "cancel": "on"}).status_code == 302
    assert models.Booking.objects.get(state="booked").name == NAME
    assert models.OptOut.objects.filter(sender=CITIZEN).exists()
    assert not models.Booking.objects.filter(name=ELSEWHERE).exists()


def test_what_is_saved_to_a_file_is_the_whole(administrator: Client, office: Office) -> None:
    answer = administrator.post(PAGE, {"number": CITIZEN, "save": ""})
    assert answer["Content-Disposition"].startswith("attachment; ")
    saved = json.loads(answer.content)
    assert saved["number"] == CITIZEN
    assert saved["bookings"][0]["name"] == NAME
    assert saved.keys() - {"number"} == persons.held(CITIZEN, office.id).keys()
    assert saved["who looked"][-1]["who"] == "administrator"
    assert ELSEWHERE not in answer.content.decode()


def test_a_booking_to_come_is_cancelled_only_when_said(administrator: Client, office: Office) -> None:
    told = ask(administrator, erase="")
    assert "Nic jsme nesmazali" in told
    assert models.Booking.objects.filter(name=NAME).exists()
    assert administrator.post(PAGE, {"number": CITIZEN, "erase": "", "cancel": "on"})["Location"].endswith(
        "?done=erased"
    )
    held = persons.held(CITIZEN, office.id)
    assert {name for name, rows in held.items() if rows} == {"who looked"}
    assert models.Booking.objects.get(office=office.id).state == "cancelled"
    assert "O tomto čísle úřad neuchovává nic" not in administrator.get(PAGE).content.decode()


def test_erasing_is_refused_after_the_deadline_for_cancelling(administrator: Client, office: Office) -> None:
    models.Office.objects.filter(id=office.id).update(cancel_until_minutes=60 * 24 * 30, version=9)
    told = ask(administrator, erase="", cancel="on")
    assert "lhůta pro zrušení uplynula" in told
    assert models.Booking.objects.filter(name=NAME, state="booked").exists()


@pytest.mark.parametrize("number", ["", "VESELOVSKÁ", "12"])
def test_what_is_no_number_is_asked_for_again(administrator: Client, number: str) -> None:
    answer = administrator.post(PAGE, {"number": number})
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not models.Access.objects.exclude(what="signed in").exists()


def test_the_number_is_in_no_address(administrator: Client) -> None:
    ask(administrator)
    answer = administrator.get(f"{PAGE}?number={CITIZEN}")
    assert NAME not in answer.content.decode()


@pytest.mark.parametrize("who", ["clerk", "manager", "officer"])
def test_only_an_administrator_may(signed_in: SignedIn, who: str) -> None:
    assert signed_in(who).post(PAGE, {"number": CITIZEN}).status_code == 403
