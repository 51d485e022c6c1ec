"""What messages cost: today's by kind, the ceilings, the emergency stop, and what the first page says of them."""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from prepazka.core.office.office import Office
from prepazka.flows.inbound.receive import receive
from prepazka.flows.outbound import notify
from prepazka.flows.outbound.deliver import show
from prepazka.gateways.values import Inbound
from prepazka.sms.reply.render import Reply
from prepazka.store import models, offices
from tests.web.conftest import NOW, NUMBER
from tests.web.staff import SignedIn

COSTS, STOP, HOME = "/demo/admin/costs/", "/demo/admin/costs/stop", "/demo/admin/"


@pytest.fixture
def client(signed_in: SignedIn) -> Client:
    return signed_in("administrator")


def read(client: Client, path: str = COSTS) -> str:
    return str(client.get(path).content.decode().replace("\xa0", " "))


def test_todays_messages_are_counted_by_kind_with_their_cost(client: Client, office: Office, settings: Any) -> None:
    settings.SMS_PRICE = Decimal("1.35")
    receive([Inbound("phone", f"d{n}", f"+42060598765{n}", NUMBER, "MOJE") for n in range(3)], NOW)
    receive([Inbound("phone", "old", "+420605987659", NUMBER, "MOJE")], NOW - timedelta(days=2))
    long = notify.Notification("called_off", "+420605987651", Reply("x" * 300, 300, 2), NOW + timedelta(days=3))
    notify.enqueue(office, [long], NOW)
    unsent = notify.Notification("notice", "+420605987651", Reply("x", 1, 1), NOW + timedelta(days=3))
    show(NOW)
    notify.enqueue(office, [unsent], NOW)
    page = re.sub(r' data-head="[^"]*"', "", read(client))
    assert '<td>3</td><td>3</td><td class="nowrap">4,05 Kč</td>' in page, "replies"
    assert '<td>1</td><td>2</td><td class="nowrap">2,70 Kč</td>' in page, "a message of two SMS"
    assert "<strong>6,75 Kč</strong>" in page, "without what waits and without what was sent the day before yesterday"


def test_the_ceilings_say_how_far_they_are_used(client: Client) -> None:
    for n in range(50):
        receive([Inbound("phone", f"f{n}", f"+3361234{n:04}", NUMBER, "MOJE")], NOW)
    page = read(client)
    assert '>50</td><td data-head="Nejvýše">50</td>' in page
    assert "dosaženo:" in page
    assert "Na zprávy z telefonů jiných zemí dnes už neodpovídáme" in read(client, HOME)


def test_the_stop_is_pressed_noted_shown_and_taken_back(client: Client, office: Office) -> None:
    assert "Posílat jen odpovědi" in read(client)
    answer = client.post(STOP, {"stopped": "yes"}, follow=True).content.decode()
    assert "Odesílání je zastavené" in answer
    assert offices.replies_only(office.id)
    assert "posílá jen odpovědi" in read(client, HOME)
    client.post(STOP, {"stopped": "yes"})
    client.post(STOP, {"stopped": "no"})
    assert not offices.replies_only(office.id)
    noted = list(models.Audit.objects.filter(what__contains="sent").order_by("id").values_list("what", "who"))
    assert noted == [("only replies sent", "administrator"), ("all messages sent", "administrator")]


@pytest.mark.parametrize("name", ["clerk", "manager", "foreign", ""])
def test_nobody_else_stops_an_office(signed_in: SignedIn, office: Office, name: str) -> None:
    assert signed_in(name).post(STOP, {"stopped": "yes"}).status_code in {302, 403, 404}
    assert not offices.replies_only(office.id)


def test_the_first_page_asks_an_office_of_before_to_choose(client: Client, office: Office) -> None:
    assert "Rozhodněte prosím, zda je má potvrdit telefon." in read(client, HOME)
    for choice in (True, False):
        offices.keep(replace(office, settings=replace(office.settings, confirm_web=choice)), NOW)
        assert "Rozhodněte prosím" not in read(client, HOME)
