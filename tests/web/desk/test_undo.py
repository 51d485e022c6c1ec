"""Undoing the last press at the desk; one press to go on; handing over to where nobody sits."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from prepazka.core.office.office import Office
from prepazka.core.queue.tickets import TicketRef
from prepazka.flows.booking.cancel_later import carry_out
from prepazka.flows.booking.query import free_days
from prepazka.flows.counters import arrive, call, seat
from prepazka.flows.counters.board import board
from prepazka.store import models, offices
from prepazka.web import clock
from tests.web.conftest import NOW
from tests.web.desk.test_desk import act, book, sit
from tests.web.staff import FOREIGN, SignedIn


@pytest.fixture
def clerk(signed_in: SignedIn) -> Client:
    return signed_in("clerk")


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Set the clock of the pages to so many seconds after the beginning."""

    def at(seconds: int) -> datetime:
        moment = NOW + timedelta(seconds=seconds)
        monkeypatch.setattr(clock, "now", lambda: moment)
        return moment

    return at


def ticket(number: int = 1) -> models.Ticket:
    return models.Ticket.objects.get(number=number)


def values(row: models.Ticket) -> dict[str, Any]:
    return {name: value for name, value in vars(row).items() if name not in {"_state", "version"}}


def offered(page: str) -> dict[str, str]:
    bar = re.search(r'<form id="undo".*?</form>', page, re.DOTALL)
    return dict(re.findall(r'name="(refs|booking)" value="([^"]*)"', bar[0])) if bar else {}


def undo(client: Client, fields: dict[str, str]) -> str:
    return str(client.post("/demo/desk/undo", fields, follow=True).content.decode())


def waiting(office: Office, count: int = 2) -> None:
    for _ in range(count):
        arrive.walk_in(office.id, "ZOP", NOW)


@pytest.mark.parametrize("name", ["not_here", "park", "transfer"])
@pytest.mark.parametrize("served", [False, True])
def test_what_sent_a_client_back_is_undone(clerk: Client, office: Office, name: str, *, served: bool) -> None:
    waiting(office, 1)
    sit(clerk, office)
    act(clerk, "next")
    if served and name != "not_here":
        act(clerk, "serve", ticket())
    before = values(ticket())
    page = act(clerk, name, ticket(), minutes="30", to=f"agenda-{office.agendas[1].id}")
    assert values(ticket()) != before
    assert "Vráceno" in undo(clerk, offered(page))
    assert values(ticket()) == before
    assert ticket().events.latest("id").act == "undo"


def test_an_undone_call_leaves_the_board_and_takes_its_place_again(clerk: Client, office: Office) -> None:
    waiting(office)
    sit(clerk, office)
    page = act(clerk, "next")
    assert [one.number for one in board(offices.load(office.id), NOW).calling] == ["D1"]
    undo(clerk, offered(page))
    shown = board(offices.load(office.id), NOW)
    assert (shown.calling, shown.last, ticket().state) == ((), (), "waiting")
    act(clerk, "next")
    assert ticket().state == "called"


def test_a_press_that_ended_one_and_called_the_next_is_undone_as_a_whole(clerk: Client, office: Office) -> None:
    waiting(office)
    sit(clerk, office)
    act(clerk, "next")
    act(clerk, "serve", ticket(1))
    before = values(ticket(1)), values(ticket(2))
    page = act(clerk, "next", ticket(1))
    assert "D1 vyřízen, D2 zavolán" in page
    fields = offered(page)
    undo(clerk, fields)
    undo(clerk, fields)  # a double press
    assert (values(ticket(1)), values(ticket(2))) == before
    assert models.TicketEvent.objects.filter(act="undo").count() == 2


def test_a_client_given_up_or_done_comes_back(clerk: Client, office: Office) -> None:
    waiting(office, 1)
    sit(clerk, office)
    act(clerk, "next")
    models.Ticket.objects.update(recalls=3)
    undo(clerk, offered(act(clerk, "not_here", ticket())))
    assert (ticket().state, ticket().ended_at) == ("called", None)
    act(clerk, "serve", ticket())
    undo(clerk, offered(act(clerk, "done", ticket())))
    assert (ticket().state, ticket().ended_at) == ("serving", None)


def test_ten_seconds_are_enough_and_eleven_too_late(clerk: Client, office: Office, at: Any) -> None:
    waiting(office, 1)
    sit(clerk, office)
    fields = offered(act(clerk, "next"))
    at(11)
    assert offered(clerk.get("/demo/desk/").content.decode()) == {}
    assert "Na vrácení už je pozdě: lístek D1 už volá" in undo(clerk, fields)
    assert ticket().state == "called"
    at(10)
    assert "Vráceno" in undo(clerk, fields)


def test_a_ticket_that_moved_on_is_left_as_it_is(clerk: Client, office: Office) -> None:
    waiting(office, 1)
    sit(clerk, office)
    act(clerk, "next")
    fields = offered(act(clerk, "park", ticket(), minutes="5"))
    seat.sit_down(office.id, office.counters[1].id, "druha", NOW)
    call.call_one(office.id, "druha", TicketRef(ticket().id, ticket().version), NOW)
    assert "Na vrácení už je pozdě: lístek D1 už volá přepážka 2" in undo(clerk, fields)
    assert ticket().counter_id == office.counters[1].id


def test_nobody_undoes_what_another_did(signed_in: SignedIn, clerk: Client, office: Office) -> None:
    waiting(office, 1)
    sit(clerk, office)
    fields = offered(act(clerk, "next"))
    assert "Na vrácení už je pozdě" in undo(signed_in("manager"), fields)
    assert signed_in(FOREIGN).post("/other/desk/undo", fields).status_code == 302
    assert ticket().state == "called"


def test_a_counter_with_another_client_is_not_given_two(clerk: Client, office: Office) -> None:
    waiting(office)
    sit(clerk, office)
    act(clerk, "next")
    fields = offered(act(clerk, "park", ticket(), minutes="5"))
    act(clerk, "next")
    assert "Nejdřív dokončete" in undo(clerk, fields)
    assert (ticket(1).state, ticket(2).state) == ("waiting", "called")


@pytest.mark.parametrize(
    "fields", [{}, {"refs": "x"}, {"refs": "1:2,3:4,5:6"}, {"refs": ":"}, {"refs": "9" * 40 + ":1"}]
)
def test_a_form_nobody_made_undoes_nothing(clerk: Client, office: Office, fields: dict[str, str]) -> None:
    sit(clerk, office)
    assert "není" in undo(clerk, fields)
    assert not models.TicketEvent.objects.exists()


# --- cancelling ---------------------------------------------------------------------------------


def test_a_cancelled_place_is_not_free_and_nobody_is_told_until_it_is_carried_out(
    clerk: Client, office: Office, at: Any
) -> None:
    book(clerk, phone="731 555 808")
    booking = models.Booking.objects.get()
    service = office.service_of["ZOP"]

    def places() -> int:
        return len(free_days(office, service, booking.day, booking.day, NOW)[booking.day])

    free = places()
    models.Booking.objects.filter(id=booking.id).update(lane=1)  # the other lane at 14:00 is taken below
    book(clerk, name="Eva Dvořáková")
    full = places()
    assert full == free - 1
    page = clerk.post(f"/demo/desk/bookings/{booking.id}/cancel", follow=True).content.decode()
    assert ("je zrušená" in page, "ruší se" in page) == (True, True)
    assert carry_out(at(9)) == 0
    assert (places(), models.Outbound.objects.filter(kind="cancelled").count()) == (full, 0)
    assert carry_out(at(10)) == 1
    assert carry_out(at(10)) == 0
    booking.refresh_from_db()
    assert (booking.state, places()) == ("cancelled", free)
    assert [one.recipient for one in models.Outbound.objects.filter(kind="cancelled")] == ["+420731555808"]


def test_an_undone_cancelling_leaves_the_booking_and_says_nothing_to_anybody(
    clerk: Client, office: Office, at: Any
) -> None:
    book(clerk, phone="731 555 808")
    booking = models.Booking.objects.get()
    fields = offered(clerk.post(f"/demo/desk/bookings/{booking.id}/cancel", follow=True).content.decode())
    assert fields == {"booking": str(booking.id)}
    at(9)
    assert "Objednávka dál platí." in undo(clerk, fields)
    assert carry_out(at(60)) == 0
    booking.refresh_from_db()
    assert (booking.state, models.Outbound.objects.filter(kind="cancelled").count()) == ("booked", 0)
    at(60)
    assert "Na vrácení už je pozdě" in undo(clerk, fields)


def test_the_offices_deadline_is_judged_as_of_the_press(clerk: Client, office: Office, at: Any) -> None:
    offices.keep(replace(office, settings=replace(office.settings, cancel_until_minutes=290)), NOW)
    clerk.post("/demo/desk/bookings/new/?service=ZOP&day=2026-08-03", {"at": "14:00", "name": "Jan Novák", "phone": ""})
    booking = models.Booking.objects.get()
    deadline = (booking.starts_at - timedelta(minutes=290) - NOW).total_seconds()
    at(int(deadline) + 60)
    page = clerk.post(f"/demo/desk/bookings/{booking.id}/cancel", follow=True).content.decode()
    assert "už zrušit nelze" in page
    at(int(deadline))
    clerk.post(f"/demo/desk/bookings/{booking.id}/cancel")
    assert carry_out(at(int(deadline) + 70)) == 1
    booking.refresh_from_db()
    assert booking.state == "cancelled"


def test_another_office_undoes_nothing(signed_in: SignedIn, clerk: Client, office: Office) -> None:
    book(clerk)
    booking = models.Booking.objects.get()
    clerk.post(f"/demo/desk/bookings/{booking.id}/cancel")
    assert signed_in(FOREIGN).post("/other/desk/undo", {"booking": booking.id}).status_code == 404
    booking.refresh_from_db()
    assert booking.cancel_at is not None


# --- one press; nobody sits -----------------------------------------------------------------------


@pytest.mark.parametrize(("one_press", "states"), [(True, ["done", "called"]), (False, ["called", "waiting"])])
def test_next_ends_a_called_client_only_in_one_press_mode(
    clerk: Client, office: Office, *, one_press: bool, states: list[str]
) -> None:
    offices.keep(replace(office, settings=replace(office.settings, one_press=one_press)), NOW)
    waiting(office)
    sit(clerk, office)
    act(clerk, "next")
    act(clerk, "next", ticket(1))
    assert [one.state for one in models.Ticket.objects.order_by("id")] == states


def test_handing_over_to_where_nobody_sits_is_asked_first(clerk: Client, office: Office) -> None:
    waiting(office, 1)
    sit(clerk, office)
    act(clerk, "next")
    there = f"counter-{office.counters[1].id}"
    assert "nikdo nesedí" in act(clerk, "transfer", ticket(), to=there)
    assert ticket().state == "called"
    act(clerk, "transfer", ticket(), to=there, sure="1")
    assert (ticket().state, ticket().reserved_for_id) == ("waiting", office.counters[1].id)
