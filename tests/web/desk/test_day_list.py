"""The day without the system: the list on its ways out, paper numbers, and who came, entered afterwards."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core import mail

from prepazka.core.actor import Actor
from prepazka.core.office.office import Office
from prepazka.flows.counters.day_list import enter_arrivals
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.process.day_lists import DayLists
from prepazka.process.environment import MailServer
from prepazka.store import models, offices, statistics
from prepazka.store.statistics import Period
from prepazka.web import clock
from prepazka.web.printers import AllowedPrinters
from tests.waiting import until
from tests.web.conftest import NOW, NUMBER
from tests.web.staff import FOREIGN, SignedIn

TODAY, MORNING = date(2026, 8, 3), datetime(2026, 8, 3, 4, 30, tzinfo=UTC)
EVENING = datetime(2026, 8, 3, 18, tzinfo=UTC)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DAY_LISTS = tmp_path / "lists"
    return tmp_path / "lists"


@pytest.fixture
def booked(office: Office) -> Office:
    """Two people today, one cancelled, one tomorrow, one the day after."""
    visits = ["3.8. 10:00 CERMAK", "3.8. 10:15 DLASK", "3.8. 10:30 EMLER", "4.8. 9:00 FIALA", "5.8. 9:00 GALA"]
    for place, visit in enumerate(visits):
        receive([Inbound("m", f"m{place}", f"+42060233344{place}", NUMBER, f"OBJ ZOP {visit}")], NOW)
    code = models.Booking.objects.get(name="EMLER").code
    receive([Inbound("m", "mx", "+420602333442", NUMBER, f"STORNO {code} 3.8.")], NOW)
    return office


def choose(office: Office, **settings: Any) -> Office:
    return offices.load(offices.keep(replace(office, settings=replace(office.settings, **settings)), NOW, "test"))


# --- the page -----------------------------------------------------------------------------------


def test_the_page_has_today_and_tomorrow_and_no_whole_number(signed_in: SignedIn, booked: Office) -> None:
    page = signed_in("clerk").get("/demo/desk/bookings/list").content.decode()
    assert [name for name in ("CERMAK", "DLASK", "EMLER", "FIALA", "GALA") if name in page] == [
        "CERMAK",
        "DLASK",
        "FIALA",
    ]
    assert (">440</td>" in page, "602333440" in page) == (True, False)
    assert models.Booking.objects.get(name="FIALA").code in page


@pytest.mark.parametrize("who", [FOREIGN, ""])
def test_nobody_else_reads_it(signed_in: SignedIn, booked: Office, who: str) -> None:
    for page in ("list", "arrivals", "paper-numbers"):
        answer = signed_in(who).get(f"/demo/desk/bookings/{page}")
        assert (answer.status_code in {302, 404}, "CERMAK" in answer.content.decode()) == (True, False)


@pytest.mark.parametrize(
    ("count", "numbers"), [("3", 3), ("", 60), ("0", 60), ("-1", 60), ("x", 60), ("999999999", 500)]
)
def test_paper_numbers_are_as_many_as_asked_for(signed_in: SignedIn, office: Office, count: str, numbers: int) -> None:
    page = signed_in("clerk").get("/demo/desk/bookings/paper-numbers", {"count": count}).content.decode()
    assert (f"<strong>D{numbers}</strong>" in page, f"<strong>E{numbers + 1}</strong>" in page) == (True, False)


# --- each morning -------------------------------------------------------------------------------


def test_it_is_in_the_folder_from_half_past_six_and_gone_the_next_night(booked: Office, folder: Path) -> None:
    choose(booked, day_list_folder=True)
    work = DayLists()
    assert work.step(MORNING - timedelta(seconds=1)) == 0
    assert work.step(MORNING) == 1
    [file] = folder.glob("*")
    assert (file.name, file.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (
        "demo-2026-08-03.html",
        0o600,
        0o700,
    )
    assert "CERMAK" in file.read_text("utf-8")
    assert (work.step(MORNING + timedelta(minutes=1)), DayLists().step(MORNING + timedelta(minutes=1))) == (0, 0)
    (folder / "cizi.html").write_text("")
    assert work.step(datetime(2026, 8, 3, 21, 59, tzinfo=UTC)) == 0
    assert file.exists()
    work.step(datetime(2026, 8, 3, 22, 1, tzinfo=UTC))
    assert [one.name for one in folder.glob("*")] == ["cizi.html"]


def test_a_folder_that_is_shared_is_read_by_its_group(booked: Office, folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o2750)
    choose(booked, day_list_folder=True)
    DayLists().step(MORNING)
    assert (folder / "demo-2026-08-03.html").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    "now",
    [datetime(2026, 8, 2, 5, tzinfo=UTC), datetime(2026, 8, 3, 8, 30, tzinfo=UTC)],
    ids=["a Sunday", "hours too late"],
)
def test_nothing_is_made_on_a_closed_day_or_hours_late(booked: Office, folder: Path, now: datetime) -> None:
    choose(booked, day_list_folder=True)
    assert (DayLists().step(now), folder.exists()) == (0, False)


def test_a_rehearsal_neither_replaces_nor_deletes_the_lists_of_the_real_office(
    booked: Office, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(booked, day_list_folder=True)
    assert DayLists().step(MORNING) == 1
    there = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    receive([Inbound("m", "mz", "+420602333777", NUMBER, "OBJ ZOP 3.8. 11:00 HAVEL")], NOW)
    models.Mark.objects.all().delete()  # the copy knows nothing of today's list
    monkeypatch.setattr("prepazka.clock.is_rehearsal", lambda: True)
    for rehearsed in (MORNING, MORNING + timedelta(days=9)):
        assert DayLists().step(rehearsed) == 0
    assert {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()} == there


def test_the_office_sets_the_time(booked: Office) -> None:
    choose(booked, day_list_folder=True, day_list_from=datetime(2026, 1, 1, 7, 15).time())  # noqa: DTZ001 -- wall clock
    assert (DayLists().step(MORNING), DayLists().step(MORNING + timedelta(minutes=45))) == (0, 1)


def test_it_goes_by_e_mail_where_there_is_a_mail_server(booked: Office, settings: Any) -> None:
    settings.MAIL, settings.DEFAULT_FROM_EMAIL = MailServer("localhost"), "prepazka@urad.example"
    choose(booked, day_list_email="vratnice@urad.example")
    assert DayLists().step(MORNING) == 1
    [message] = mail.outbox
    assert (message.to, message.from_email) == (["vratnice@urad.example"], "prepazka@urad.example")
    assert ("CERMAK" in message.body, "602333440" in message.body) == (True, False)
    assert "CERMAK" in str(message.attachments[0])


def test_what_fails_is_tried_again_after_ten_minutes(booked: Office, settings: Any) -> None:
    choose(booked, day_list_email="vratnice@urad.example")
    work = DayLists()
    assert work.step(MORNING) == 0  # there is no mail server
    settings.MAIL, settings.DEFAULT_FROM_EMAIL = MailServer("localhost"), "prepazka@urad.example"
    assert work.step(MORNING + timedelta(minutes=9)) == 0
    assert (work.step(MORNING + timedelta(minutes=10)), len(mail.outbox)) == (1, 1)


@pytest.fixture
def printer(settings: Any) -> Iterator[tuple[str, list[bytes]]]:
    """A printer on this machine: its address, and what it was sent."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port, got = server.getsockname()[1], list[bytes]()

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                got.append(b"".join(iter(lambda: connection.recv(4096), b"")))

        thread = Thread(target=serve, daemon=True)
        thread.start()
        settings.PRINTERS = [AllowedPrinters.parse(f"127.0.0.1:{port}")]
        yield f"127.0.0.1:{port}", got
        thread.join(10)


def test_it_is_printed(booked: Office, printer: tuple[str, list[bytes]]) -> None:
    address, got = printer
    choose(booked, day_list_printer=address)
    assert DayLists().step(MORNING) == 1
    until(lambda: bool(got))
    assert b"CERMAK" in got[0]


def test_a_printer_the_operator_does_not_allow_gets_nothing(booked: Office, settings: Any) -> None:
    settings.PRINTERS = []
    choose(booked, day_list_printer="127.0.0.1:9100")
    assert DayLists().step(MORNING) == 0


def test_a_manager_has_it_brought_at_once_and_a_clerk_does_not(
    signed_in: SignedIn, booked: Office, folder: Path
) -> None:
    choose(booked, day_list_folder=True)
    send = "/demo/desk/bookings/list/deliver"
    assert signed_in("clerk").post(send).status_code == 403
    assert not folder.exists()
    assert signed_in("manager").post(send).headers["Location"].endswith("?sent=done")
    assert (folder / "demo-2026-08-03.html").exists()
    choose(booked, day_list_email="vratnice@urad.example")
    assert signed_in("manager").post(send).headers["Location"].endswith("?sent=email")


# --- who came -----------------------------------------------------------------------------------


def visits() -> tuple[int, int]:
    """Bookings of the day and how many of them came, as the statistics count."""
    office = offices.load(models.Office.objects.get(slug="demo").id)
    counts = statistics.bookings(office, Period(TODAY, TODAY))
    return sum(one.count for one in counts), sum(one.checked_in for one in counts)


def test_who_came_is_entered_once_and_the_others_are_no_shows(
    signed_in: SignedIn, booked: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: EVENING)
    client = signed_in("clerk")
    came = models.Booking.objects.get(name="CERMAK").id
    for _ in range(2):
        client.post("/demo/desk/bookings/arrivals", {"day": "2026-08-03", "came": [str(came)]})
    ticket = models.Ticket.objects.get()
    assert (ticket.booking_id, ticket.state, ticket.called_at, ticket.day) == (came, "done", None, TODAY)
    assert visits() == (2, 1)
    assert statistics.waits(booked, Period(TODAY, TODAY)) == []
    assert models.Audit.objects.filter(what="arrivals entered").get().details == {"day": "2026-08-03", "count": 1}


def test_what_cannot_have_been_is_not_entered(booked: Office) -> None:
    """Starts to come, other days, cancelled bookings, and those of another office."""
    other = offices.keep(replace(booked, slug="vlkov", numbers=("+420739000085",)), NOW, "test")
    ids = set(models.Booking.objects.values_list("id", flat=True))
    actor = Actor("clerk", datetime(2026, 8, 3, 8, 10, tzinfo=UTC))  # after 10:00 at the office, before 10:15
    assert enter_arrivals(other, TODAY, ids, actor) == 0
    assert enter_arrivals(booked.id, date(2026, 8, 4), ids, actor) == 0
    assert enter_arrivals(booked.id, TODAY, ids, actor) == 1
    assert [ticket.booking.name for ticket in models.Ticket.objects.select_related("booking") if ticket.booking] == [
        "CERMAK"
    ]
