"""Moving a booking on the web, at the desk and by a program; and what else a clerk does about one booking."""

from datetime import date, time
from typing import Any

import pytest
from django.test import Client

from prepazka.core.booking.book import Book
from prepazka.core.booking.outcomes import Booked
from prepazka.core.office.office import Office
from prepazka.flows.booking.request import BookingRequest, submit
from prepazka.flows.counters import arrive
from prepazka.flows.retention import erase
from prepazka.store import models, persons
from tests.web.conftest import NOW, TOKEN, HandIn
from tests.web.staff import FOREIGN, SignedIn

TODAY, TUESDAY, WEDNESDAY = date(2026, 8, 3), date(2026, 8, 11), date(2026, 8, 12)
PHONE = "+420604552118"


def book(office: Office, service: str = "ZOP", at: time = time(9, 15), day: date = TUESDAY) -> models.Booking:
    outcome = submit(
        office.id, BookingRequest(Book(service, day, at, "Zdena Lhotová"), "desk", PHONE, confirm=False), NOW
    )
    assert isinstance(outcome, Booked)
    return models.Booking.objects.get(code=outcome.booking.code)


def active() -> models.Booking:
    return models.Booking.objects.select_related("service").get(state="booked")


def start(booking: models.Booking) -> str:
    return f"{booking.starts_at:%Y-%m-%d %H:%M}"


def told() -> list[tuple[str, str]]:
    return list(models.Outbound.objects.order_by("id").values_list("kind", "text"))


def readable(answer: Any) -> str:
    return str(answer.content.decode()).replace("\N{NO-BREAK SPACE}", " ")


# --- on the web ---------------------------------------------------------------------------------


def test_a_citizen_moves_by_code_and_day_and_is_told_by_sms(office: Office, client: Client) -> None:
    booking = book(office)
    known = {"code": booking.code, "day": "2026-08-11"}
    page = readable(client.post("/demo/move/", known))
    assert ("2026-08-03 09:15" in page, "Lhotová" in page) == (True, False)
    assert 'value="2026-08-12 10:30"' in readable(client.post("/demo/move/", known | {"week": "2026-08-10"}))
    page = readable(client.post("/demo/move/", known | {"start": "2026-08-12 10:30"}))
    assert "Nový čas: středa 12. 8. 2026 v 10:30" in page
    assert start(active()) == "2026-08-12 08:30"
    ((kind, text),) = told()
    assert (kind, booking.code in text, "12.8. 10:30" in text) == ("moved", True, True)
    again = client.post("/demo/move/", known | {"start": "2026-08-12 10:30"})
    assert (again.status_code, len(told())) == (200, 1)


@pytest.mark.parametrize(
    "wrong", [{"code": "111111"}, {"day": "2026-08-12"}, {"code": "111111", "start": "2026-08-12 9:00"}]
)
def test_a_wrong_code_or_day_moves_nothing_and_counts(office: Office, client: Client, wrong: dict[str, str]) -> None:
    booking = book(office)
    for _ in range(21):
        answer = client.post("/demo/move/", {"code": booking.code, "day": "2026-08-11"} | wrong)
    assert answer.status_code == 429
    assert start(active()) == "2026-08-11 07:15"


def test_while_the_new_place_is_taken_the_old_one_stays(office: Office, client: Client) -> None:
    booking = book(office, "PTP")
    models.Booking.objects.filter(id=booking.id).update(sender="+420604000000")
    book(office, "PTP", time(10))
    known = {"code": booking.code, "day": "2026-08-11"}
    answer = client.post("/demo/move/", known | {"start": "2026-08-11 10:00"})
    assert (answer.status_code, "je už obsazený" in readable(answer)) == (409, True)
    booking.refresh_from_db()
    assert booking.state == "booked"


# --- by a program ---------------------------------------------------------------------------------


def test_a_program_moves_a_booking_by_its_code_and_date(office: Office, client: Client, hand_in: HandIn) -> None:
    booking = book(office)

    def patch(code: str, on: str, **to: Any) -> Any:
        return client.patch(
            f"/api/v1/offices/demo/bookings/{code}?date={on}",
            to,
            content_type="application/json",
            headers={"Authorization": f"Bearer {TOKEN}"},
        )

    assert patch("111111", "2026-08-11", date="2026-08-12", time="10:30").status_code == 404
    assert patch(booking.code, "2026-08-12", date="2026-08-12", time="10:30").status_code == 404
    closed = patch(booking.code, "2026-08-11", date="2026-08-15", time="10:30")
    assert (closed.status_code, closed.json()["outcome"]) == (409, "closed_day")
    moved = patch(booking.code, "2026-08-11", date="2026-08-12", time="10:30", confirm=False)
    assert (moved.status_code, moved.json()["outcome"], told()) == (200, "moved", [])
    assert patch(booking.code, "2026-08-11", date="2026-08-12", time="10:30").json()["outcome"] == "already_booked"
    assert models.Access.objects.filter(what="moved for caller", who="gateway first").count() == 1


# --- at the desk ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("known", "kinds"), [({}, ["moved"]), ({"known": "on"}, [])])
def test_a_clerk_moves_a_booking_and_the_phone_is_told_unless_the_client_knows(
    signed_in: SignedIn, office: Office, known: dict[str, str], kinds: list[str]
) -> None:
    booking, clerk = book(office), signed_in("clerk")
    clerk.post(f"/demo/desk/bookings/{booking.id}/note", {"note": "  vozík,  přijde s dcerou "})
    page = readable(clerk.get(f"/demo/desk/bookings/{booking.id}/move?day=2026-08-12"))
    assert 'value="10:30"' in page
    answer = clerk.post(f"/demo/desk/bookings/{booking.id}/move?day=2026-08-12", {"at": "10:30"} | known, follow=True)
    moved = active()
    assert "Přesunuto. Nový čas: středa 12. 8. 2026 v 10:30" in readable(answer)
    assert (start(moved), moved.note, moved.code) == ("2026-08-12 08:30", "vozík, přijde s dcerou", booking.code)
    assert [kind for kind, _ in told()] == kinds
    assert models.Access.objects.filter(what="moved for caller", who="clerk", number="…118").count() == 1


def test_a_number_to_call_moves_along(signed_in: SignedIn, office: Office) -> None:
    booking = book(office)
    models.Booking.objects.filter(id=booking.id).update(sender="", calls="+420555123456")
    signed_in("clerk").post(f"/demo/desk/bookings/{booking.id}/move?day=2026-08-12", {"at": "10:30"})
    assert (active().sender, active().calls, start(active())) == ("", "+420555123456", "2026-08-12 08:30")
    assert told() == []


def test_a_clerk_corrects_a_service_in_its_place_with_its_ticket(signed_in: SignedIn, office: Office) -> None:
    booking, clerk = book(office, day=TODAY), signed_in("clerk")
    arrive.check_in_booking(office.id, booking.id, NOW, "clerk")
    page = readable(clerk.post(f"/demo/desk/bookings/{booking.id}/service", {"service": "ZCD"}, follow=True))
    ticket = models.Ticket.objects.select_related("service").get()
    assert ("Činnost je opravená" in page, active().service.code) == (True, "ZCD")
    assert (ticket.service.code if ticket.service else "", ticket.state) == ("ZCD", "waiting")
    page = readable(clerk.post(f"/demo/desk/bookings/{booking.id}/service", {"service": "PTP"}, follow=True))
    assert ("Klient už má lístek" in page, active().service.code) == (True, "ZCD")


def test_a_service_of_another_agenda_takes_a_place_there(signed_in: SignedIn, office: Office) -> None:
    booking, clerk = book(office), signed_in("clerk")
    clerk.post(f"/demo/desk/bookings/{booking.id}/service", {"service": "PTP"})
    moved = active()
    assert (moved.service.code, start(moved)) == ("PTP", "2026-08-11 07:15")
    assert moved.agenda_id != booking.agenda_id


@pytest.mark.parametrize(("pressed", "act"), [("left", "leave"), ("mistake", "mistake")])
def test_a_waiting_ticket_is_taken_out_and_its_booking_may_come_again(
    signed_in: SignedIn, office: Office, pressed: str, act: str
) -> None:
    booking, clerk = book(office, day=TODAY), signed_in("clerk")
    arrive.check_in_booking(office.id, booking.id, NOW, "clerk")
    ticket = models.Ticket.objects.get()
    here = f"/demo/desk/bookings/{booking.id}"
    stale = readable(clerk.post(f"{here}/take-out", {pressed: "1", "version": "7"}, follow=True))
    assert "Nic jsme nezměnili" in stale
    page = readable(clerk.post(f"{here}/take-out", {pressed: "1", "version": ticket.version}, follow=True))
    ticket.refresh_from_db()
    assert (ticket.state, ticket.events.latest("id").act, "vyřazený z fronty" in page) == ("withdrawn", act, True)
    clerk.post(f"{here}/check-in")
    again = models.Ticket.objects.get(state="waiting")
    assert (again.booking_id, again.id == ticket.id) == (booking.id, act == "leave"), (
        "a mistake leaves no ticket behind"
    )


def test_pressed_twice_a_mistake_is_one(signed_in: SignedIn, office: Office) -> None:
    booking, clerk = book(office, day=TODAY), signed_in("clerk")
    arrive.check_in_booking(office.id, booking.id, NOW, "clerk")
    ticket = models.Ticket.objects.get()
    fields = {"mistake": "1", "ticket": ticket.id, "version": ticket.version}
    for _ in range(2):
        page = readable(clerk.post(f"/demo/desk/bookings/{booking.id}/take-out", fields, follow=True))
        assert "Lístek D1 je vyřazený z fronty" in page
    assert "Lístek</dt>" not in page, "the booking has no ticket"
    assert models.TicketEvent.objects.filter(act="mistake").count() == 1


def test_a_note_is_cut_shown_to_its_owner_on_request_and_erased_with_the_booking(
    signed_in: SignedIn, office: Office
) -> None:
    booking, clerk = book(office), signed_in("clerk")
    clerk.post(f"/demo/desk/bookings/{booking.id}/note", {"note": "x" * 161})
    booking.refresh_from_db()
    assert booking.note == "x" * 160
    assert persons.held(PHONE, office.id)["bookings"][0]["note"] == "x" * 160
    models.Booking.objects.filter(id=booking.id).update(day=date(2026, 5, 11))
    erase(office.id, NOW)
    booking.refresh_from_db()
    assert (booking.name, booking.note) == ("", "")


def test_another_office_finds_no_booking_here(signed_in: SignedIn, office: Office) -> None:
    booking, foreign = book(office), signed_in(FOREIGN)
    for page in ("", "/move"):
        assert foreign.get(f"/other/desk/bookings/{booking.id}{page}").status_code == 404
    for act in ("move", "note", "service", "take-out"):
        assert foreign.post(f"/other/desk/bookings/{booking.id}/{act}", {"note": "x", "at": "10:30"}).status_code == 404
    booking.refresh_from_db()
    assert (booking.state, booking.note) == ("booked", "")
