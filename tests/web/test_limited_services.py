"""A service that is paused, hidden from the web or offered on some weekdays only, at every door."""

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from django.test import Client

from prepazka import officefile
from prepazka.core.booking.book import Book, BookSoonest, Move
from prepazka.core.booking.outcomes import Booked, Outcome
from prepazka.core.office.office import Office
from prepazka.flows.booking.query import free_days
from prepazka.flows.booking.request import BookingRequest, submit
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.sms.own_words import word_problems
from prepazka.store import models, offices
from tests.web.conftest import ME, NOW, NUMBER, HandIn
from tests.web.staff import SignedIn

TODAY = date(2026, 8, 3)  # a Monday
TUESDAY, WEDNESDAY = date(2026, 8, 11), date(2026, 8, 12)


def limit(office: Office, code: str, **limits: Any) -> Office:
    """Keep the office with a limit of one of its services."""
    services = tuple(replace(one, **limits) if one.code == code else one for one in office.services)
    return offices.load(offices.keep(replace(office, services=services), NOW))


def say(text: str) -> tuple[str, str]:
    (handled,) = receive([Inbound("test", f"m{models.Inbound.objects.count()}", ME, NUMBER, text)], NOW)
    assert handled.outcome
    assert handled.reply
    return handled.outcome.outcome, handled.reply.text


def book(office: Office, code: str, at: str = "9:15", on: date = TUESDAY) -> Outcome:
    hour, minute = map(int, at.split(":"))
    return submit(office.id, BookingRequest(Book(code, on, time(hour, minute), "Lhotová"), "desk", ME), NOW)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("OBJ RTP 11.8. 9:15 LHOTOVA", "Neobjednali jsme: na RTP od pon 3.8.2026 nove objednavky neprijimame"),
        ("OBJ RTP LHOTOVA", "Neobjednali jsme: na RTP od pon 3.8.2026"),
        ("TERMIN RTP 11.8.", "na RTP od pon 3.8.2026"),
        ("HLIDEJ RTP 11.8.", "na RTP od pon 3.8.2026"),
        ("BOOK RTP 11.8. 9:15 LHOTOVA", "Not booked: we take no new bookings of RTP since Mon 3 Aug 2026"),
        ("OBJEDNAJTE RTP 11.8. 9:15 LHOTOVA", "Neobjednali sme: na RTP od pon 3.8.2026"),
        ("ЗАПИС RTP 11.8. 9:15 LHOTOVA", "Не записано: на RTP з"),
    ],
)
def test_a_message_for_a_paused_service_is_told_since_when(office: Office, text: str, told: str) -> None:
    limit(office, "RTP", paused_from=TODAY)
    outcome, reply = say(text)
    assert (outcome, told in reply) == ("service_paused", True), reply
    assert not models.Booking.objects.exists()


def test_a_pause_that_begins_tomorrow_stops_nobody_today(office: Office) -> None:
    limit(office, "RTP", paused_from=date(2026, 8, 4))
    assert say("OBJ RTP 11.8. 9:15 LHOTOVA")[0] == "booked"


def test_bookings_of_a_paused_service_stand_and_may_move_and_be_cancelled(office: Office) -> None:
    booked = book(office, "RTP")
    assert isinstance(booked, Booked)
    limit(office, "RTP", paused_from=TODAY)
    assert say(f"PRESUN {booked.booking.code} 12.8. 10:30")[0] == "moved"
    assert say("MOJE")[0] == "mine"
    assert say(f"STORNO {booked.booking.code} 12.8.")[0] == "cancelled"


def test_a_yes_to_a_start_of_a_service_paused_meanwhile_books_nothing(office: Office) -> None:
    for place in range(2):
        submit(
            office.id, BookingRequest(BookSoonest("ZOP", f"Host {'ab'[place]}"), "desk", f"+42060400000{place}"), NOW
        )
    taken = models.Booking.objects.first()
    assert taken is not None
    assert say("OBJ ZOP 3.8. 9:00 LHOTOVA")[0] == "slot_full"
    limit(offices.load(office.id), "ZOP", paused_from=TODAY)
    assert say("ANO")[0] == "service_paused"


def test_a_service_of_tuesdays_is_offered_on_no_other_day(office: Office) -> None:
    limit(office, "RTP", weekdays=(1,))
    outcome, reply = say("OBJ RTP 12.8. 9:15 LHOTOVA")
    assert (outcome, "18.8." in reply) == ("closed_day", True), reply
    assert say("TERMIN RTP 12.8.")[0] == "closed_day"
    outcome, reply = say("OBJ RTP LHOTOVA")
    assert outcome == "booked"
    assert models.Booking.objects.get().day == date(2026, 8, 4)
    booked = models.Booking.objects.get()
    assert say(f"PRESUN {booked.code} 12.8. 9:15")[0] == "closed_day"
    assert say(f"PRESUN {booked.code} 11.8. 9:15")[0] == "moved"


def test_the_desk_and_the_web_say_that_a_service_is_paused(signed_in: SignedIn, office: Office, client: Client) -> None:
    limit(office, "RTP", paused_from=TODAY)
    words = "od 3. 8. 2026 nové objednávky nepřijímáme"
    desk = signed_in("clerk")
    page = "/demo/desk/bookings/new/?service=RTP&day=2026-08-11"
    assert words in readable(desk.get(page))
    answer = desk.post(page, {"at": "soonest", "name": "Lhotová", "phone": ""})
    assert (answer.status_code, words in readable(answer)) == (409, True)
    assert words in readable(client.get("/demo/book/RTP/"))
    assert "nové objednávky teď nepřijímáme" in readable(client.get("/demo/book/"))
    assert not models.Booking.objects.exists()


def test_a_hidden_service_is_on_no_page_and_in_no_open_data_but_has_its_sms_and_desk(
    signed_in: SignedIn, office: Office, client: Client, hand_in: HandIn
) -> None:
    limit(offices.load(office.id), "RTP", hidden=True)
    for page in ("/demo/", "/demo/book/", "/api/v1/offices/demo/services"):
        assert "RTP" not in readable(client.get(page)), page
    assert client.get("/demo/book/RTP/").status_code == 404
    assert client.get("/demo/book/RTP/2026-08-11/9-15/").status_code == 404
    assert client.get("/api/v1/offices/demo/slots?service=RTP&date=2026-08-11").status_code == 422
    answer = client.post(
        "/api/v1/offices/demo/bookings",
        {"service": "RTP", "name": "Lhotová", "phone": "+420604552118", "date": "2026-08-11", "time": "9:15"},
        content_type="application/json",
        headers={"Authorization": "Bearer token-of-the-first-gateway"},
    )
    assert answer.status_code == 422
    assert "RTP" in readable(signed_in("clerk").get("/demo/desk/bookings/new/"))
    assert say("OBJ RTP 11.8. 9:15 LHOTOVA")[0] == "booked"


def test_a_program_is_told_that_a_service_is_paused(office: Office, client: Client, hand_in: HandIn) -> None:
    limit(offices.load(office.id), "RTP", paused_from=TODAY)
    answer = client.post(
        "/api/v1/offices/demo/bookings",
        {"service": "RTP", "name": "Lhotová", "phone": "+420604552118"},
        content_type="application/json",
        headers={"Authorization": "Bearer token-of-the-first-gateway"},
    )
    assert (answer.status_code, answer.json()["outcome"]) == (409, "service_paused")
    slots = client.get("/api/v1/offices/demo/slots?service=RTP&date=2026-08-11").json()
    assert slots["outcome"] == "service_paused"


def test_an_administrator_sets_the_limits_and_the_file_keeps_them(signed_in: SignedIn, office: Office) -> None:
    client = signed_in("administrator")
    page = client.get("/demo/admin/services/RTP")
    form = page.context["form"]
    fields = {name: form.initial.get(name, "") for name in form.fields} | {"seen": form.initial["seen"]}
    fields |= {"weekdays": ["tue", "thu"], "paused_from": "2026-08-20", "hidden": "on"}
    answer = client.post("/demo/admin/services/RTP", fields)
    assert answer.status_code == 302, readable(answer)
    after = offices.load(office.id)
    service = after.service_of["RTP"]
    assert (service.weekdays, service.paused_from, service.hidden) == ((1, 3), date(2026, 8, 20), True)
    again = officefile.parse(officefile.dump(after)).service_of["RTP"]
    assert (again.weekdays, again.paused_from, again.hidden) == ((1, 3), date(2026, 8, 20), True)
    listing = readable(client.get("/demo/admin/services/"))
    assert "jen úterý a čtvrtek, bude pozastavená od 20. 8. 2026, není na webu" in listing
    assert "jen v některé dny" in readable(client.get("/demo/admin/audit"))


def test_a_move_keeps_to_the_weekdays_whoever_asks(office: Office) -> None:
    booked = book(office, "RTP")
    assert isinstance(booked, Booked)
    office = limit(office, "RTP", weekdays=(1,))
    request = Move(booked.booking.code, WEDNESDAY, time(9, 15))
    assert submit(office.id, BookingRequest(request, "desk", ME), NOW).outcome == "closed_day"


@pytest.mark.parametrize("code", ["OBJ", "STORNO", "ZITRA", "PONDELI", "TODAY", "UTOROK", "JMENO", "MOJE"])
def test_a_word_that_means_something_in_messages_is_no_code(office: Office, code: str) -> None:
    services = (replace(office.services[0], code=code), *office.services[1:])
    assert [one.place for one in word_problems(replace(office, services=services))] == ["services[0].code"]


def readable(answer: Any) -> str:
    return str(answer.content.decode()).replace("\N{NO-BREAK SPACE}", " ")


def test_where_nothing_is_free_a_day_is_taught_on_which_the_service_is_open(office: Office) -> None:
    """Friday is full: not Saturday, and for a service of Tuesdays not Monday."""
    friday = date(2026, 8, 7)
    limit(offices.load(office.id), "PTP", weekdays=(1, 4))
    fill(office, friday)
    outcome, reply = say("TERMIN PTP 7.8.")
    assert (outcome, "TERMIN PTP 11.8." in reply) == ("no_free_slot", True), reply


def fill(office: Office, on: date) -> None:
    """Book every place of the service on a day, for callers without a phone."""
    current = offices.load(office.id)
    for place, at in enumerate(free_days(current, current.service_of["PTP"], on, on, NOW)[on]):
        name = "Host " + "abcdefghijklmnopqrstuvwxyz"[place % 26] + "abc"[place // 26]
        submit(office.id, BookingRequest(Book("PTP", on, at, name), "desk"), NOW)
