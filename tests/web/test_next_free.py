"""Where nothing is free, another day is told on which the service is open and has a place: at every door."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from prepazka.core.booking.book import Book
from prepazka.core.office.office import Office
from prepazka.flows.booking.query import free_days
from prepazka.flows.booking.request import BookingRequest, submit
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import models, offices
from tests.web.conftest import NOW
from tests.web.staff import SignedIn

TODAY = date(2026, 8, 3)
THURSDAY, FRIDAY, SATURDAY = date(2026, 8, 6), date(2026, 8, 7), date(2026, 8, 8)
PHONE, SECOND = "+420604552371", "+420604552482"
SHORT = 11
"""Days ahead that may be booked: up to Friday 14 August."""


@pytest.fixture
def office(office: Office) -> Office:
    """Booked by one place at a time on the agenda of one lane, eleven days ahead at most."""
    settings = replace(office.settings, horizon_days=SHORT)
    return offices.load(offices.keep(replace(office, settings=settings), NOW))


def fill(office: Office, *days: date, leave: int = 0) -> None:
    """Book the places of these days for callers without a phone, but for the last few."""
    service = office.service_of["PTP"]
    free = free_days(office, service, min(days), max(days), NOW)
    starts = [datetime.combine(on, at, office.zone) for on in days for at in free[on][: len(free[on]) - leave]]
    models.Booking.objects.bulk_create(
        models.Booking(
            office_id=office.id, agenda_id=service.agenda, service_id=service.id, lane=0, starts_at=start,
            ends_at=start + timedelta(minutes=15), day=start.date(), name="Klient", code=f"{600_000 + place}",
            state="booked", channel="desk", text_key="", made_at=NOW, changed_at=NOW,
        )
        for place, start in enumerate(starts, start=models.Booking.objects.count())
    )  # fmt: skip


def week(first: date, count: int = 7) -> list[date]:
    return [first + timedelta(days=ahead) for ahead in range(count)]


def say(*texts: str, sender: str = PHONE, to: Office | None = None) -> list[tuple[str, str]]:
    number = to.numbers[0] if to else "+420739547765"
    before = models.Inbound.objects.count()
    messages = [Inbound("test", f"m{before + place}", sender, number, text) for place, text in enumerate(texts)]
    handled = receive(messages, NOW)
    return [(one.outcome.outcome if one.outcome else "", one.reply.text if one.reply else "") for one in handled]


def readable(answer: Any) -> str:
    return str(answer.content.decode()).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("text", "outcome", "taught"),
    [
        ("TERMIN PTP 6.8.", "no_free_slot", "TERMIN PTP 11.8."),
        ("HLIDEJ PTP 6.8.", "watching", ""),
        ("FREE PTP 6.8.", "no_free_slot", "FREE PTP 11.8."),
        ("TERMIN ZOP 6.8.", "free_times", ""),
    ],
)
def test_a_full_day_is_passed_over(office: Office, text: str, outcome: str, taught: str) -> None:
    """Friday and Monday are open and full, Saturday and Sunday closed."""
    fill(office, THURSDAY, FRIDAY, FRIDAY + timedelta(days=3))
    [(came, reply)] = say(text)
    assert (came, taught in reply) == (outcome, True), reply


def test_the_soonest_and_a_wanted_start_pass_over_full_days_too(office: Office) -> None:
    fill(office, *week(TODAY, 10))  # up to Wednesday of the next week
    [(came, reply)] = say("OBJ PTP HORAKOVA")
    assert (came, "TERMIN PTP 13.8." in reply) == ("no_free_slot", True), reply
    fill(office, date(2026, 8, 13))
    [(came, reply)] = say("OBJ PTP 5.8. 9:00 HORAKOVA", sender=SECOND)
    assert (came, "TERMIN PTP 14.8." in reply) == ("slot_full", True), reply


def test_for_two_a_day_with_single_places_is_full(office: Office) -> None:
    fill(office, *week(TODAY, 10))
    fill(office, date(2026, 8, 13), leave=1)
    [(came, reply)] = say("OBJ 2X PTP 6.8. 9:00 HORAKOVA")
    assert (came, "TERMIN PTP 14.8." in reply) == ("slot_full", True), reply


def test_where_only_an_earlier_day_has_a_place_that_one_is_taught(office: Office) -> None:
    fill(office, *week(date(2026, 8, 13), 2))
    [(came, reply)] = say("TERMIN PTP 14.8.")
    assert (came, "TERMIN PTP 4.8." in reply or "TERMIN PTP 3.8." in reply) == ("no_free_slot", True), reply


@pytest.mark.parametrize(
    ("text", "taught"),
    [
        ("TERMIN PTP 8.8.", "TERMIN PTP 12.8."),
        ("OBJ PTP 8.8. 9:00 HORAKOVA", "TERMIN PTP 12.8."),
        ("HLIDEJ PTP 9.8.", "TERMIN PTP 12.8."),
        ("BOOK PTP 8.8. 9:00 HORAKOVA", "FREE PTP 12.8."),
        ("OBJ 2X PTP 8.8. 9:00 HORAKOVA", "TERMIN PTP 13.8."),
        ("OBJ ZOP 8.8. 9:00 HORAKOVA", "TERMIN ZOP 10.8."),
    ],
)
def test_a_closed_day_leads_past_the_full_days_behind_it(office: Office, text: str, taught: str) -> None:
    """Monday and Tuesday are open and full, Wednesday has one place."""
    fill(office, date(2026, 8, 10), date(2026, 8, 11))
    fill(office, date(2026, 8, 12), leave=1)
    [(came, reply)] = say(text)
    assert (came, taught in reply) == ("closed_day", True), reply
    [(led, _reply)] = say(taught, sender=SECOND)
    assert led == "free_times"


def test_a_closed_day_before_full_days_alone_leads_back_or_to_waiting(office: Office) -> None:
    later = [date(2026, 8, 10) + timedelta(days=ahead) for ahead in range(5)]
    fill(office, *later)
    [(came, reply)] = say("TERMIN PTP 8.8.")
    assert (came, "TERMIN PTP 3.8." in reply or "TERMIN PTP 4.8." in reply) == ("closed_day", True), reply
    fill(office, *week(TODAY))
    for text, words in (
        ("TERMIN PTP 8.8.", "HLIDEJ PTP 10.8."),
        ("FREE PTP 8.8.", "To be told of one, send"),
        ("VOLNE PTP 8.8.", "HLIDEJ PTP 10.8."),
    ):
        [(came, reply)] = say(text, sender=SECOND)
        assert (came, words in reply) == ("closed_day", True), reply
        assert not any(f"{form} PTP" in reply for form in ("TERMIN", "FREE"))
    [(watched, _reply)] = say("HLIDEJ PTP 10.8.", sender="+420604552593")
    assert watched == "watching"


def test_the_same_is_told_of_a_closed_day_by_the_api_the_desk_and_moving(
    office: Office, client: Client, signed_in: SignedIn
) -> None:
    fill(office, date(2026, 8, 10))
    told = client.get("/api/v1/offices/demo/slots", {"service": "PTP", "date": "2026-08-08"}).json()
    assert (told["outcome"], "TERMIN PTP 11.8." in told["reply"]) == ("closed_day", True)
    clerk = signed_in("clerk")
    asked = clerk.get("/demo/desk/bookings/new/?service=PTP&day=2026-08-08")
    assert "máme zavřeno: je víkend." in readable(asked)
    assert 'href="?service=PTP&amp;day=2026-08-11">11. 8. 2026</a>' in readable(asked)
    refused = clerk.post(
        "/demo/desk/bookings/new/?service=PTP&day=2026-08-08", {"at": "09:00", "name": "Horáková", "phone": ""}
    )
    assert refused.status_code == 409
    assert "Nejbližší den, kdy je volno: úterý 11. 8. 2026." in readable(refused)
    assert submit(office.id, BookingRequest(Book("PTP", THURSDAY, time(9), "Horáková"), "desk"), NOW)
    booking = models.Booking.objects.get(name="Horáková")
    page = readable(clerk.get(f"/demo/desk/bookings/{booking.id}/move?day=2026-08-08"))
    assert "máme zavřeno: je víkend." in page
    assert 'href="?day=2026-08-11">11. 8. 2026</a>' in page
    moved = readable(clerk.post(f"/demo/desk/bookings/{booking.id}/move?day=2026-08-08", {"at": "09:00"}))
    assert "Nejbližší den, kdy je volno: úterý 11. 8. 2026." in moved


def test_the_web_form_for_a_closed_day_names_the_next_with_a_place(office: Office, client: Client) -> None:
    """The day was open when the page was shown: a closure came meanwhile."""
    fill(office, date(2026, 8, 10))
    address = reverse("book-person", kwargs={"slug": "demo", "code": "PTP", "day": SATURDAY, "at": time(9)})
    answer = client.post(address, {"name": "Horáková", "phone": PHONE, "key": ""})
    assert answer.status_code == 409
    assert "Nejbližší den, kdy je volno: úterý 11. 8. 2026." in readable(answer)


def test_a_batch_of_closed_days_looks_once(office: Office) -> None:
    def asked(*texts: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            say(*texts)
        return sum("ends_at" in one["sql"] and "GROUP BY agenda_id" in one["sql"] for one in queries)

    assert asked("TERMIN PTP 8.8.") == asked("TERMIN PTP 9.8.", "TERMIN ZOP 8.8.", "OBJ PTP 8.8. 9:00 JANA") == 2


def test_the_kiosk_of_a_closed_day_tells_the_open_day_and_the_one_to_book(
    office: Office, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("prepazka.web.clock.now", lambda: NOW + timedelta(days=5))
    fill(office, date(2026, 8, 10))
    page = readable(client.post("/demo/kiosk/walk-in", {"service": "PTP"}, follow=True))
    assert "Nejbližší den, kdy máme otevřeno, je pondělí 10. 8. 2026." in page
    assert "Nejbližší den, kdy je volno: úterý 11. 8. 2026." in page
    other = readable(client.post("/demo/kiosk/walk-in", {"service": "ZOP"}, follow=True))
    assert "kdy je volno" not in other


@pytest.mark.parametrize(
    ("text", "outcome", "words"),
    [
        ("TERMIN PTP 6.8.", "no_free_slot", "HLIDEJ PTP 6.8."),
        ("OBJ PTP HORAKOVA", "no_free_slot", "HLIDEJ PTP 4.8."),
        ("OBJ PTP 6.8. 9:00 HORAKOVA", "slot_full", "HLIDEJ PTP 6.8."),
        ("OBJEDNAJTE PTP 6.8. 9:00 HORAKOVA", "slot_full", "iny volny den zatial nemame"),
        ("BOOK PTP HORAKOVA", "no_free_slot", "Nothing is free"),
        ("ЗАПИС PTP 6.8. 9:00 HORAKOVA", "slot_full", "інших вільних днів поки немає"),
    ],
)
def test_where_no_day_has_any_no_day_is_taught(office: Office, text: str, outcome: str, words: str) -> None:
    fill(office, *week(TODAY, SHORT + 1))
    [(came, reply)] = say(text)
    assert (came, words in reply) == (outcome, True), reply
    assert not any(form in reply for form in ("TERMIN", "FREE"))
    [(watched, _reply)] = say("HLIDEJ PTP 6.8.", sender=SECOND)
    assert watched == "watching"


def test_a_batch_looks_once_however_many_are_told(office: Office) -> None:
    fill(office, THURSDAY, FRIDAY)

    def asked(*texts: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            say(*texts)
        return sum("ends_at" in one["sql"] and "GROUP BY agenda_id" in one["sql"] for one in queries)

    assert asked("TERMIN PTP 5.8.") == 1
    assert asked("TERMIN PTP 6.8.") == 2
    assert asked("TERMIN PTP 6.8.", "TERMIN PTP 7.8.", "OBJ PTP 6.8. 9:00 JANA", "TERMIN ZOP 6.8.") == 2


def test_another_offices_bookings_fill_no_day_here(office: Office) -> None:
    fill(office, *week(TODAY, SHORT + 1))
    numbers = ("+420739547999",)
    other = offices.load(offices.keep(replace(office, id=0, slug="jinde", numbers=numbers), NOW))
    models.Booking.objects.filter(agenda__office_id=other.id).delete()
    [(came, _reply)] = say("OBJ PTP 6.8. 9:00 HORAKOVA", to=other)
    assert came == "booked"


def test_the_desk_leads_to_the_next_day_with_a_place(office: Office, signed_in: SignedIn) -> None:
    fill(office, THURSDAY, FRIDAY)
    clerk = signed_in("clerk")
    page = readable(clerk.get("/demo/desk/bookings/new/?service=PTP&day=2026-08-06"))
    assert 'href="?service=PTP&amp;day=2026-08-10">10. 8. 2026</a>' in page
    booked = Book("PTP", date(2026, 8, 5), time(9), "Horáková")
    assert submit(office.id, BookingRequest(booked, "desk"), NOW).outcome == "booked"
    booking = models.Booking.objects.get(name="Horáková")
    page = readable(clerk.get(f"/demo/desk/bookings/{booking.id}/move?day=2026-08-06"))
    assert 'href="?day=2026-08-10">10. 8. 2026</a>' in page
    answer = clerk.post(
        "/demo/desk/bookings/new/?service=PTP&day=2026-08-06", {"at": "09:00", "name": "Horáková", "phone": ""}
    )
    assert answer.status_code == 409


def test_the_program_and_the_web_are_told_the_same(office: Office, client: Client) -> None:
    fill(office, *week(TODAY, SHORT + 1))
    told = client.get("/api/v1/offices/demo/slots", {"service": "PTP", "date": "2026-08-06"}).json()
    assert (told["outcome"], "az do" in told["reply"]) == ("no_free_slot", True)
    assert "V nejbližší době není nic volného" in readable(client.get("/demo/book/PTP/"))


def test_the_kiosk_tells_who_gets_no_ticket_which_day_to_book(office: Office, client: Client) -> None:
    fill(office, date(2026, 8, 4))
    agendas = tuple(
        replace(one, queue=replace(one.queue, walk_ins_per_day=0)) if one.key == "evidence" else one
        for one in office.agendas
    )
    offices.keep(replace(office, agendas=agendas), NOW)
    page = readable(client.post("/demo/kiosk/walk-in", {"service": "PTP"}, follow=True))
    assert "Dnes už bez objednání nepřijímáme" in page
    assert "Nejbližší den, kdy je volno: středa 5. 8. 2026." in page


@pytest.mark.parametrize(("full", "taught"), [("TERMIN PTP 10.8.", "12.8."), ("OBJ PTP 10.8. 9:00 HORAKOVA", "12.8.")])
def test_a_day_on_which_the_phone_may_hold_no_more_is_not_taught(office: Office, full: str, taught: str) -> None:
    offices.keep(replace(office, settings=replace(office.settings, open_per_sender_and_day=1, soonest_days=0)), NOW)
    fill(office, date(2026, 8, 10))
    assert [came for came, _ in say("OBJ ZOP 11.8. 9:00 HORAKOVA", "OBJ PTP 11.8. 9:00 HORAKOVA")] == [
        "booked",
        "limit_reached",
    ]
    [(_came, reply)] = say(full)
    assert f"TERMIN PTP {taught}" in reply, reply
    [(_came, reply)] = say("TERMIN PTP 10.8.", sender=SECOND)
    assert "TERMIN PTP 11.8." in reply, reply
    assert [came for came, _ in say(f"OBJ PTP {taught} 9:00 HORAKOVA")] == ["booked"]
