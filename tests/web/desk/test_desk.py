"""The desk without scripts: a clerk's acts, the answer to a stale page, and the roles."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from prepazka.core.booking.book import Book
from prepazka.core.booking.outcomes import Booked
from prepazka.core.office.office import Office
from prepazka.core.office.roles import ROLES, enough
from prepazka.flows.booking.cancel_later import carry_out
from prepazka.flows.booking.request import BookingRequest, submit
from prepazka.flows.counters import arrive, call, seat
from prepazka.store import models, queue
from tests.web.conftest import ME, NOW
from tests.web.staff import FOREIGN, OPERATOR, SignedIn


def act(client: Client, act: str, ticket: models.Ticket | None = None, **fields: Any) -> str:
    seen = {"ticket": ticket.id, "version": ticket.version} if ticket else {}
    return client.post("/demo/desk/act", {"act": act} | seen | fields, follow=True).content.decode()


def sit(client: Client, office: Office, place: int = 0) -> str:
    counter = office.counters[place].id
    return client.post("/demo/desk/sit", {"counter": counter}, follow=True).content.decode()


def the_ticket() -> models.Ticket:
    return models.Ticket.objects.order_by("id")[0]


@pytest.fixture
def clerk(signed_in: SignedIn) -> Client:
    return signed_in("clerk")


def test_a_client_is_called_served_and_done(clerk: Client, office: Office) -> None:
    arrive.walk_in(office.id, "ZOP", NOW)
    assert "Přepážka 1" in sit(clerk, office)
    assert "D1" in act(clerk, "next")
    for name, state in (("recall", "called"), ("serve", "serving"), ("done", "done")):
        act(clerk, name, the_ticket())
        assert the_ticket().state == state
    assert "Nikdo nečeká." in act(clerk, "next")


def test_done_and_next_is_one_press(clerk: Client, office: Office) -> None:
    for _ in range(2):
        arrive.walk_in(office.id, "ZOP", NOW)
    sit(clerk, office)
    act(clerk, "next")
    act(clerk, "serve", the_ticket())
    act(clerk, "next", the_ticket())
    assert [ticket.state for ticket in models.Ticket.objects.order_by("id")] == ["done", "called"]


@pytest.mark.parametrize("name", ["park", "not_here", "transfer"])
def test_a_client_goes_back_to_the_queue(clerk: Client, office: Office, name: str) -> None:
    arrive.walk_in(office.id, "ZOP", NOW)
    sit(clerk, office)
    act(clerk, "next")
    act(clerk, name, the_ticket(), minutes="15", to=f"agenda-{office.agendas[1].id}")
    ticket = the_ticket()
    assert ticket.state == "waiting"
    assert ticket.agenda_id == office.agendas[1 if name == "transfer" else 0].id


def test_a_break_a_ticket_by_hand_and_closing(clerk: Client, office: Office) -> None:
    sit(clerk, office)
    assert "Přestávka" in act(clerk, "pause")
    assert "Nejdřív ji ukončete" in act(clerk, "next")
    act(clerk, "resume")
    assert "Vydán lístek D1" in act(clerk, "walk_in", service="ZOP", priority="1")
    assert the_ticket().priority
    assert "Vyberte přepážku" in act(clerk, "leave")
    assert queue.seats(office.id) == []


def test_a_ticket_by_hand_pressed_twice_is_given_once(clerk: Client, office: Office) -> None:
    key = clerk.get("/demo/desk/").context["key"]
    for _ in range(2):
        assert "Vydán lístek D1" in act(clerk, "walk_in", service="ZOP", key=key)
    assert models.Ticket.objects.count() == 1
    assert "Vydán lístek D2" in act(clerk, "walk_in", service="ZOP", key=clerk.get("/demo/desk/").context["key"])


def test_an_old_page_changes_nothing_and_says_what_has_changed(clerk: Client, office: Office) -> None:
    arrive.walk_in(office.id, "ZOP", NOW)
    old = the_ticket()
    seat.sit_down(office.id, office.counters[1].id, "druha", NOW)
    call.call_next(office.id, "druha", NOW)
    sit(clerk, office)
    page = act(clerk, "call", old)
    assert "lístek D1 už volá přepážka 2" in page
    assert the_ticket().counter_id == office.counters[1].id


def test_an_occupied_counter_is_taken_over_only_on_purpose(clerk: Client, office: Office) -> None:
    counter = office.counters[0].id
    seat.sit_down(office.id, counter, "druha", NOW)
    assert "obsluhuje druha" in sit(clerk, office)
    assert [one.clerk for one in queue.seats(office.id)] == ["druha"]
    clerk.post("/demo/desk/sit", {"counter": counter, "take_over": "1"})
    assert [one.clerk for one in queue.seats(office.id)] == ["clerk"]


@pytest.mark.parametrize("fields", [{}, {"act": "nothing"}, {"act": "done", "ticket": "x", "version": "9" * 30}])
def test_a_form_nobody_made_changes_nothing(clerk: Client, office: Office, fields: dict[str, str]) -> None:
    sit(clerk, office)
    assert clerk.post("/demo/desk/act", fields, follow=True).status_code == 200


# --- the day's bookings ------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "31.2.", ""])
@pytest.mark.parametrize("path", ["", "new/"])
def test_an_address_with_an_impossible_day_shows_today(clerk: Client, office: Office, path: str, day: str) -> None:
    page = clerk.get(f"/demo/desk/bookings/{path}?service=ZOP&day={day}")
    assert page.status_code == 200
    assert page.context["on"] == date(2026, 8, 3)


def book(client: Client, **fields: str) -> Any:
    form = {"at": "14:00", "name": "Jan Novák", "phone": ""} | fields
    return client.post("/demo/desk/bookings/new/?service=ZOP&day=2026-08-10", form, follow=True)


def test_a_caller_is_booked_and_gets_a_slip_with_code_and_date(clerk: Client, office: Office) -> None:
    page = book(clerk, phone="777 123 456").content.decode()
    booking = models.Booking.objects.get()
    assert (booking.channel, booking.sender, booking.name) == ("desk", ME, "Jan Novák")
    assert booking.code in page
    assert "pondělí\u00a010.\u00a08.\u00a02026 ve\u00a014:00" in page
    assert booking.code in models.Outbound.objects.get().text


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        pytest.param("541 234 567", "+420541234567", id="a fixed line"),
        pytest.param("+33 6 12 34 56 78", "+33612345678", id="a mobile of another country"),
    ],
)
def test_a_number_without_sms_is_kept_for_calling_and_sent_nothing(
    clerk: Client, office: Office, typed: str, number: str
) -> None:
    page = book(clerk, phone=typed).content.decode().replace("\xa0", " ")
    booking = models.Booking.objects.get()
    assert (booking.sender, booking.calls, booking.state) == ("", number, "booked")
    assert models.Outbound.objects.count() == 0
    assert "Telefon jen k volání" in page
    assert booking.code in page
    listed = clerk.get("/demo/desk/bookings/?day=2026-08-10").content.decode()
    assert number in listed.replace("\xa0", "")


@pytest.mark.parametrize("typed", ["900 123 456", "+979 123 456 789", "731 246 8025", "+8816 1234 5678"])
def test_a_number_nobody_can_be_reached_by_books_nothing(clerk: Client, office: Office, typed: str) -> None:
    assert book(clerk, phone=typed).status_code == 422
    assert models.Booking.objects.count() == 0


def test_a_slovak_number_without_its_prefix_is_asked_back(clerk: Client, office: Office) -> None:
    page = book(clerk, phone="0905 246 802")
    assert page.status_code == 422
    assert "+421\u00a0905\u00a0246\u00a0802" in page.content.decode()


def test_a_caller_without_a_phone_gets_only_the_slip(clerk: Client, office: Office) -> None:
    book(clerk, at="soonest")
    assert models.Booking.objects.get().sender == ""
    assert models.Outbound.objects.count() == 0


def test_a_double_press_books_a_caller_without_a_phone_once(clerk: Client, office: Office) -> None:
    path = "/demo/desk/bookings/new/?service=PTP&day=2026-08-10"  # one place at a time: the second press finds it taken
    (key,) = re.findall('name="key" value="([^"]+)"', clerk.get(path).content.decode())
    form = {"at": "14:00", "name": "Jan Novák", "phone": "", "key": key}
    first, second = (clerk.post(path, form) for _ in range(2))
    slip = f"/demo/desk/bookings/{models.Booking.objects.get().id}/slip"
    assert [(answer.status_code, answer.headers["Location"]) for answer in (first, second)] == [(302, slip)] * 2


def test_a_start_taken_meanwhile_is_refused_with_what_is_near(clerk: Client, office: Office) -> None:
    path = "/demo/desk/bookings/new/?service=PTP&day=2026-08-10"
    for name in ("Jan Novák", "Eva Dvořáková"):
        answer = clerk.post(path, {"at": "14:00", "name": name, "phone": ""})
    assert answer.status_code == 409
    assert "13:45" in answer.content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "Napište jméno."),
        ({"at": "3:00"}, "Vyberte čas."),
        ({"phone": "123"}, "Toto není číslo mobilního telefonu"),
    ],
)
def test_what_is_wrong_is_reported_and_nothing_is_booked(
    clerk: Client, office: Office, fields: dict[str, str], words: str
) -> None:
    page = book(clerk, **fields)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert models.Booking.objects.count() == 0


def test_a_booking_is_listed_and_cancelled(clerk: Client, office: Office) -> None:
    book(clerk)
    booking = models.Booking.objects.get()
    assert "Jan Novák" in clerk.get("/demo/desk/bookings/?day=2026-08-10").content.decode()
    assert "Jan Novák" not in clerk.get("/demo/desk/bookings/").content.decode()
    asked = clerk.get(f"/demo/desk/bookings/{booking.id}/cancel").content.decode()
    assert "Jan Novák" in asked
    booking.refresh_from_db()
    assert booking.state == "booked", "asking cancels nothing"
    page = clerk.post(f"/demo/desk/bookings/{booking.id}/cancel", follow=True).content.decode()
    assert "je zrušená" in page
    carry_out(NOW + timedelta(seconds=10))
    booking.refresh_from_db()
    assert booking.state == "cancelled"


@pytest.mark.parametrize(("fields", "told"), [({}, 1), ({"known": "on"}, 0)])
def test_a_cancelled_client_is_told_unless_they_know(
    clerk: Client, office: Office, fields: dict[str, str], told: int
) -> None:
    book(clerk, phone="731 555 808")
    booking = models.Booking.objects.get()
    page = clerk.post(f"/demo/desk/bookings/{booking.id}/cancel", fields, follow=True).content.decode()
    assert ("pošleme SMS" in page) is bool(told)
    carry_out(NOW + timedelta(seconds=10))
    sent = models.Outbound.objects.filter(kind="cancelled")
    assert [one.recipient for one in sent] == ["+420731555808"] * told


def test_a_client_without_code_is_found_and_checked_in(clerk: Client, office: Office) -> None:
    code = booked_today(office, 9, "Jana Dvořáčková", "+420731555808")
    for wanted in ("dvorack", "DVOŘÁČKOVÁ", "808", "5808", code):
        page = clerk.post("/demo/desk/bookings/find", {"find": wanted}).content.decode()
        assert "Jana Dvořáčková" in page, wanted
    for wanted in ("Novotný", "80", "999", "   "):
        assert "Jana Dvořáčková" not in clerk.post("/demo/desk/bookings/find", {"find": wanted}).content.decode() or (
            not wanted.strip()
        )
    booking = models.Booking.objects.get()
    page = clerk.post(f"/demo/desk/bookings/{booking.id}/check-in", follow=True).content.decode()
    assert "Vydán lístek D1" in page
    again = clerk.post(f"/demo/desk/bookings/{booking.id}/check-in", follow=True).content.decode()
    assert "Nic jsme nezměnili" in again
    assert "D1" in clerk.post("/demo/desk/bookings/find", {"find": "d1"}).content.decode()
    assert models.Ticket.objects.count() == 1


@pytest.mark.parametrize(
    "wanted",
    [
        "Kubelková Růžena", "kubelková, růž", "+420 731 555 808", "00420731555808", "731-555-808", "731 555 808",
        "{code}", "{groups}", "D 1", "d-1",
    ],
)  # fmt: skip
def test_a_client_is_found_by_what_is_told_as_it_is_told(clerk: Client, office: Office, wanted: str) -> None:
    """The surname first, the whole number, a code in groups."""
    code = booked_today(office, 9, "Růžena Kubelková", "+420731555808")
    clerk.post(f"/demo/desk/bookings/{models.Booking.objects.get().id}/check-in")
    wanted = wanted.format(code=code, groups=f"{code[:3]}-{code[3:]}")
    assert "Růžena Kubelková" in clerk.post("/demo/desk/bookings/find", {"find": wanted}).content.decode()


def test_somebody_else_of_that_name_is_not_found(clerk: Client, office: Office) -> None:
    booked_today(office, 9, "Růžena Kubelková", "+420731555808")
    for wanted in ("Kubelková Jana", "D 2", "+420 731 555 809", "Růžena 731555808"):
        assert "Růžena Kubelková" not in clerk.post("/demo/desk/bookings/find", {"find": wanted}).content.decode()


def booked_today(office: Office, hour: int, name: str, phone: str) -> str:
    """Book for today, made days before; return the code."""
    local = NOW.astimezone(office.zone)
    book = Book("ZOP", local.date(), local.time().replace(hour=hour, minute=0, second=0, microsecond=0), name)
    outcome = submit(office.id, BookingRequest(book, "web", phone), NOW - timedelta(days=3))
    assert isinstance(outcome, Booked), outcome
    return outcome.booking.code


# --- who may -----------------------------------------------------------------------------------

PAGES = ["/demo/desk/", "/demo/desk/bookings/", "/demo/desk/bookings/new/", "/demo/desk/bookings/{}/slip"]
ACTS = [
    "/demo/desk/sit",
    "/demo/desk/act",
    "/demo/desk/bookings/{}/cancel",
    "/demo/desk/bookings/{}/check-in",
    "/demo/desk/bookings/new/?service=ZOP",
]


@pytest.mark.parametrize("who", [*(role for role in ROLES if enough(role, "clerk")), OPERATOR])
def test_every_official_of_the_office_may(signed_in: SignedIn, office: Office, who: str) -> None:
    client = signed_in(who)
    book(client)
    for path in PAGES:
        assert client.get(path.format(models.Booking.objects.get().id)).status_code == 200


@pytest.mark.parametrize(("who", "status"), [(FOREIGN, 404), ("", 302), ("officer", 403)])
def test_nobody_else_may(signed_in: SignedIn, office: Office, who: str, status: int) -> None:
    book(signed_in("clerk"))
    booking = models.Booking.objects.get()
    client = signed_in(who)
    assert [client.get(path.format(booking.id)).status_code for path in PAGES] == [status] * len(PAGES)
    assert [client.post(path.format(booking.id)).status_code for path in ACTS] == [status] * len(ACTS)
    booking.refresh_from_db()
    assert booking.state == "booked"


def test_a_clerk_acts_only_on_the_own_offices_bookings_and_tickets(signed_in: SignedIn, office: Office) -> None:
    book(signed_in("clerk"))
    booking = models.Booking.objects.get()
    stranger = signed_in(FOREIGN)
    assert stranger.get(f"/other/desk/bookings/{booking.id}/slip").status_code == 404
    assert stranger.post(f"/other/desk/bookings/{booking.id}/cancel").status_code == 404
    assert stranger.post(f"/other/desk/bookings/{booking.id}/check-in").status_code == 404
    assert "Jan Novák" not in stranger.post("/other/desk/bookings/find", {"find": "novak"}).content.decode()
    arrive.walk_in(office.id, "ZOP", NOW)
    ticket = the_ticket()
    other = models.Counter.objects.filter(office__slug="other")[0]
    stranger.post("/other/desk/sit", {"counter": other.id})
    for name in ("call", "next", "done", "park", "transfer"):
        stranger.post("/other/desk/act", {"act": name, "ticket": ticket.id, "version": ticket.version})
    assert the_ticket().state == "waiting"
