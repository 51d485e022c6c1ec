"""Waits near the limit, tickets without a service, and a client who came for more than one thing."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from prepazka.core.office.office import Office
from prepazka.core.queue.tickets import Destination, TicketRef
from prepazka.flows.counters import arrive, call
from prepazka.store import models
from prepazka.web import access, clock
from tests.web.conftest import NOW
from tests.web.desk.test_desk import sit
from tests.web.staff import PASSWORD, SignedIn

CHOSEN = '<option value="{}" selected>'


@pytest.fixture
def clerk(signed_in: SignedIn, office: Office) -> Client:
    client = signed_in("clerk")
    sit(client, office)
    return client


def shown(client: Client, path: str = "/demo/desk/") -> str:
    return client.get(path).content.decode().replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("minutes", "mark"), [(23, ""), (24, "▲"), (30, "▲"), (31, "■")]
)  # the office's limit is 30 minutes
def test_a_long_wait_has_its_mark_and_its_words(clerk: Client, office: Office, minutes: int, mark: str) -> None:
    arrive.walk_in(office.id, "PCD", NOW - timedelta(minutes=minutes))
    page = shown(clerk)
    assert ("▲" in page, "■" in page) == (mark == "▲", mark == "■")
    assert ("přes limit" in page, "blíží se limitu" in page) == (mark == "■", mark == "▲")


def test_whoever_is_put_aside_has_no_mark(clerk: Client, office: Office) -> None:
    arrive.walk_in(office.id, "PCD", NOW - timedelta(minutes=50))
    ticket = models.Ticket.objects.get()
    call.park(office.id, "clerk", TicketRef(ticket.id, ticket.version), NOW, NOW + timedelta(minutes=10))
    assert "■" not in shown(clerk)


def test_a_ticket_handed_to_another_agenda_says_whose_it_is(clerk: Client, office: Office) -> None:
    arrive.walk_in(office.id, "PTP", NOW)
    ticket = models.Ticket.objects.get()
    call.transfer(
        office.id, "clerk", TicketRef(ticket.id, ticket.version), NOW, Destination(agenda=office.agendas[0].id)
    )
    assert '<span class="who">Doklady' in shown(clerk)


def test_a_second_errand_chosen_too_early_stays_chosen_for_this_client(clerk: Client, office: Office) -> None:
    def act(name: str, **fields: Any) -> None:
        clerk.post("/demo/desk/act", {"act": name, **fields})

    act("walk_in_now", service="ZCD")
    first = models.Ticket.objects.get()
    act("walk_in_now", service="RTP")
    assert "Nejdřív dokončete" in (page := shown(clerk))
    assert CHOSEN.format("RTP") in page
    act("done", ticket=first.id, version=first.version)
    assert CHOSEN.format("RTP") in shown(clerk)
    act("walk_in_now", service="RTP")
    assert models.Ticket.objects.get(state="serving").agenda_id != first.agenda_id
    assert "selected>RTP" not in shown(clerk)


def test_the_choice_is_not_the_next_clients(clerk: Client, office: Office) -> None:
    clerk.post("/demo/desk/act", {"act": "walk_in_now", "service": "ZCD"})
    clerk.post("/demo/desk/act", {"act": "walk_in_now", "service": "RTP"})
    first = models.Ticket.objects.get()
    clerk.post("/demo/desk/act", {"act": "next", "ticket": first.id, "version": first.version})
    assert CHOSEN.format("RTP") not in shown(clerk)


def test_whoever_was_signed_out_by_the_hour_is_told_why_until_the_next_sign_in(
    clerk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "vydrží hodinu" not in shown(Client(), "/account/sign-in")
    monkeypatch.setattr(clock, "now", lambda: NOW + access.IDLE + timedelta(minutes=3))
    for path in ("/demo/desk/?live", "/demo/desk/"):  # the page renews itself, and is loaded anew
        assert clerk.get(path).status_code == 302
    assert "vydrží hodinu bez práce" in shown(clerk, "/account/sign-in?next=/demo/desk/")
    clerk.post("/account/sign-in", {"login": "clerk", "password": PASSWORD})
    clerk.post("/account/sign-out", {"counter": "close"})
    assert "vydrží hodinu" not in shown(clerk, "/account/sign-in")
