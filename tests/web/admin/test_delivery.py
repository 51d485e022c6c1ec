"""Delivery in the administration: what did not arrive, why, and sending it once more where nobody gets it twice."""

import re
from datetime import timedelta
from typing import get_args

import pytest
from django.test import Client

from prepazka.core.delivery import WAIT, OwnCause
from prepazka.core.office.office import Office
from prepazka.flows.inbound import intake, receive
from prepazka.flows.outbound.deliver import deliver
from prepazka.flows.outbound.receipts import drop_unmatched, take_in_receipts
from prepazka.flows.outbound.resend import NotResent
from prepazka.gateways.values import Cause, Inbound, Receipt
from prepazka.store import models
from prepazka.web import wording
from prepazka.web.delivery_words import CAUSES, OBSTACLES
from tests.flows.outbound.fake_gateway import Peer
from tests.web.conftest import NOW, NUMBER
from tests.web.shown import tells_number
from tests.web.staff import SignedIn

ASKER = "+420608314159"
PAGE = "/demo/admin/delivery/"


@pytest.fixture
def sim(officials: object) -> Peer:
    """The gateway of the demo office's number."""
    row = models.Gateway.objects.create(name="sim", kind="gammu", made_at=NOW)
    models.Number.objects.filter(e164=NUMBER).update(gateway=row)
    return Peer()


def ask(sim: Peer, *script: str, text: str = "POMOC") -> models.Outbound:
    """Return the reply to a message, after the gateway has done with it what the script says."""
    intake.store([Inbound("sim", f"{text}-{len(sim.given)}", ASKER, NUMBER, text)], NOW)
    receive.work(NOW)
    sim.script = list(script)
    deliver(sim, NOW)
    return models.Outbound.objects.latest("id")


def test_every_cause_and_every_obstacle_has_its_words() -> None:
    assert CAUSES.keys() == set(get_args(Cause)) | set(get_args(OwnCause))
    known = {one for part in get_args(NotResent) for one in (get_args(part) or (part,))}
    assert OBSTACLES.keys() == known


def test_a_refused_message_is_shown_with_its_cause_and_sent_once_more_with_one_press(
    sim: Peer, signed_in: SignedIn
) -> None:
    message = ask(sim, "refuse for good")
    client = signed_in("manager")
    page = client.get(PAGE).content.decode()
    assert "Brána zprávu odmítla." in page
    assert wording.format_phone(ASKER) in page
    again = f"/demo/admin/messages/{message.id}/again"
    assert again in page
    for _ in range(3):
        answer = client.post(again, {"delivery": "1"})
    assert answer["Location"] == f"{PAGE}?not=sent_again"
    sim.script = []
    deliver(sim, NOW)
    assert [one.text for one in sim.sent] == [message.text]
    assert "Znovu už jsme ji poslali." in client.get(PAGE, {"not": "sent_again"}).content.decode()
    assert again not in client.get(PAGE).content.decode()


@pytest.mark.parametrize("script", [["lose"], ["miss"], ["take and break"]])
def test_a_message_its_reader_may_have_is_not_sent_again_and_the_page_says_why(
    sim: Peer, signed_in: SignedIn, script: list[str]
) -> None:
    message = ask(sim, *script)
    client = signed_in("manager")
    page = client.get(PAGE).content.decode()
    assert "není jisté, zda odešlo" in page
    assert "příjemce ji možná už má" in page
    assert "/again" not in page
    assert "příjemce ji možná už má" in client.get("/demo/admin/messages/").content.decode()
    client.post(f"/demo/admin/messages/{message.id}/again")
    assert not models.Outbound.objects.filter(kind="resent").exists()


def test_a_reply_whose_second_copy_failed_is_not_sent_a_third_time(sim: Peer, signed_in: SignedIn) -> None:
    message = ask(sim, "lose")
    deliver(sim, NOW + WAIT + timedelta(seconds=1))  # after the wait for a receipt, once more
    sim.script = ["refuse for good"]
    models.Outbound.objects.filter(id=message.id).update(state="failed", due_at=None)
    signed_in("manager").post(f"/demo/admin/messages/{message.id}/again")
    assert not models.Outbound.objects.filter(kind="resent").exists()


def test_troubles_are_counted_by_gateway_and_cause(sim: Peer, signed_in: SignedIn) -> None:
    for number in range(3):
        ask(sim, "refuse for good", text=f"POMOC {number}")
    ask(sim, "lose", text="POMOC znovu")
    models.Outbound.objects.filter(state="unknown").update(gateway="druha")
    page = " ".join(signed_in("manager").get(PAGE).content.decode().split())
    page = re.sub(' data-head="[^"]*"', "", page)
    assert "<td>sim</td><td>nepodařilo se</td><td>Brána zprávu odmítla.</td><td>3</td>" in page
    assert (
        "<td>druha</td><td>není jisté, zda odešlo</td><td>Brána neodpověděla, zda zprávu přijala.</td><td>1</td>"
        in page
    )


def test_what_the_network_could_not_deliver_says_so(sim: Peer, signed_in: SignedIn) -> None:
    ask(sim, "take")
    refs = models.OutboundRef.objects.values_list("ref", flat=True)
    take_in_receipts([Receipt("sim", "undelivered", NOW, ref=ref, reason="err 11") for ref in refs], NOW)
    page = signed_in("manager").get(PAGE).content.decode()
    assert "Síť ji telefonu nedoručila." in page
    assert "/again" in page


def test_another_office_sees_and_presses_nothing_of_it(sim: Peer, signed_in: SignedIn) -> None:
    message = ask(sim, "refuse for good")
    foreign = signed_in("foreign")
    page = foreign.get("/other/admin/delivery/").content.decode()
    assert "Všechny zprávy došly" in page
    assert not tells_number(page, ASKER)
    assert "sim" not in page.split('<div class="pane">')[1]
    assert foreign.get(PAGE).status_code == 404
    assert foreign.post(f"/demo/admin/messages/{message.id}/again").status_code == 404
    foreign.post(f"/other/admin/messages/{message.id}/again")
    assert not models.Outbound.objects.filter(kind="resent").exists()


@pytest.mark.parametrize("name", ["clerk", ""])
def test_whoever_may_not_read_messages_does_not_see_it(sim: Peer, signed_in: SignedIn, name: str) -> None:
    ask(sim, "refuse for good")
    answer = signed_in(name).get(PAGE)
    assert answer.status_code in {302, 403, 404}
    assert ASKER[4:] not in answer.content.decode()


def test_receipts_of_no_message_are_counted_for_the_operator_alone(sim: Peer, signed_in: SignedIn) -> None:
    take_in_receipts([Receipt("sim", "delivered", NOW, ref=f"nobody-{number}") for number in range(4)], NOW)
    assert drop_unmatched(NOW + WAIT) == 4
    assert "sim: 4" in signed_in("operator").get(PAGE).content.decode()
    assert "sim: 4" not in signed_in("administrator").get(PAGE).content.decode()


def test_on_a_telephone_each_cell_says_what_it_is(sim: Peer, signed_in: SignedIn) -> None:
    """Rows become blocks there, so that the cause and the button are not beside the screen."""
    ask(sim, "refuse for good")
    pane = signed_in("manager").get(PAGE).content.decode().partition("<h1>")[2]
    assert pane.count("<table") == pane.count('<table class="stacks"') == 2
    cells = re.findall(r"<td[^>]*>", pane)
    assert [cell for cell in cells if "data-head=" not in cell and "said" not in cell] == []


def test_older_troubles_are_on_the_next_page(client: Client, sim: Peer, signed_in: SignedIn, office: Office) -> None:
    message = ask(sim, "refuse for good")
    row = {"office_id": office.id, "gateway": "sim", "kind": "notice", "sender": NUMBER, "recipient": ASKER}
    models.Outbound.objects.bulk_create(
        models.Outbound(**row, text=f"nr {number}", septets=5, parts=1, state="failed", made_at=NOW)
        for number in range(60)
    )
    manager = signed_in("manager")
    first = manager.get(PAGE).content.decode()
    assert "nr 59<" in first
    assert f"/{message.id}/again" not in first
    before = first.split("?before=")[1].split('"')[0]
    assert f"/{message.id}/again" in manager.get(PAGE, {"before": before}).content.decode()
    assert manager.get(PAGE, {"before": "²"}).status_code == 200
