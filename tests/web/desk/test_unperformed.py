"""A visit that ends without what the client came for: at the desk, in every list and figure, and taken back."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from prepazka.core.office.office import Office
from prepazka.core.queue.tickets import UNPERFORMED, TicketRef
from prepazka.flows.counters import arrive, call, seat
from prepazka.flows.counters.hall import hall
from prepazka.store import folding, models
from prepazka.web import clock
from tests.web.admin.test_words import text_of
from tests.web.conftest import ME, NOW
from tests.web.desk.test_desk import act, booked_today, sit
from tests.web.desk.test_undo import offered, undo
from tests.web.staff import SignedIn

REASONS = {
    "no_papers": "chybí doklady",
    "not_ours": "patří jinam",
    "gave_up": "klient ustoupil",
    "outage": "porucha",
    "unsolved": "jiný důvod",
}


@pytest.fixture
def clerk(signed_in: SignedIn) -> Client:
    return signed_in("clerk")


def served(clerk: Client, office: Office, service: str = "ZOP") -> models.Ticket:
    """Somebody comes and is being served."""
    arrive.walk_in(office.id, service, NOW)
    act(clerk, "next")
    ticket = models.Ticket.objects.get(state="called")
    act(clerk, "serve", ticket)
    ticket.refresh_from_db()
    return ticket


def ended(ticket: models.Ticket) -> tuple[str, str]:
    ticket.refresh_from_db()
    return ticket.state, models.TicketEvent.objects.get(ticket=ticket, version=ticket.version).act


@pytest.mark.parametrize("why", UNPERFORMED)
def test_each_reason_is_told_in_words_and_kept(clerk: Client, office: Office, why: str) -> None:
    sit(clerk, office)
    ticket = served(clerk, office)
    assert f'<option value="{why}">{REASONS[why]}</option>' in clerk.get("/demo/desk/").content.decode()
    page = act(clerk, "unperformed", ticket, why=why)
    assert "D1 nevyřízen" in page
    assert ended(ticket) == ("done", why)


@pytest.mark.parametrize("why", ["", "done", "call", "<b>", "undo"])
def test_a_reason_nobody_offered_is_another_reason(clerk: Client, office: Office, why: str) -> None:
    sit(clerk, office)
    ticket = served(clerk, office)
    act(clerk, "unperformed", ticket, why=why)
    assert ended(ticket) == ("done", "unsolved")


def test_only_a_client_who_is_being_served_can_end_so(clerk: Client, office: Office) -> None:
    sit(clerk, office)
    arrive.walk_in(office.id, "ZOP", NOW)
    waiting = models.Ticket.objects.get()
    act(clerk, "unperformed", waiting, why="outage")
    assert ended(waiting) == ("waiting", "arrive")
    page = act(clerk, "next")
    assert 'value="unperformed"' not in page
    called = models.Ticket.objects.get()
    act(clerk, "unperformed", called, why="outage")
    assert ended(called) == ("called", "call")


def test_another_counters_client_is_not_mine_to_end(clerk: Client, office: Office) -> None:
    seat.sit_down(office.id, office.counters[1].id, "druha", NOW)
    arrive.walk_in(office.id, "ZOP", NOW)
    call.call_next(office.id, "druha", NOW)
    call.serve(office.id, "druha", _ref(), NOW)
    sit(clerk, office)
    assert "Nic jsme nezměnili" in act(clerk, "unperformed", models.Ticket.objects.get(), why="outage")
    assert models.Ticket.objects.get().state == "serving"


def _ref() -> TicketRef:
    ticket = models.Ticket.objects.get()
    return TicketRef(ticket.id, ticket.version)


def test_pressed_twice_it_counts_once_and_is_taken_back_whole(clerk: Client, office: Office) -> None:
    sit(clerk, office)
    ticket = served(clerk, office)
    act(clerk, "unperformed", ticket, why="no_papers")
    page = act(clerk, "unperformed", ticket, why="no_papers")
    assert models.TicketEvent.objects.filter(ticket=ticket, act="no_papers").count() == 1
    assert "D1" in undo(clerk, offered(page))
    assert ended(ticket) == ("serving", "undo")
    act(clerk, "done", ticket)
    assert ended(ticket) == ("done", "done")


def test_with_another_reason_an_old_page_changes_nothing(clerk: Client, office: Office) -> None:
    sit(clerk, office)
    ticket = served(clerk, office)
    seen = models.Ticket.objects.get()
    act(clerk, "unperformed", ticket, why="no_papers")
    assert "Nic jsme nezměnili" in act(clerk, "unperformed", seen, why="outage")
    assert ended(ticket) == ("done", "no_papers")


# --- counted apart -------------------------------------------------------------------------------


@pytest.fixture
def counted(clerk: Client, office: Office, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """A day with two served, two whose papers were missing, one outage, one taken back; somebody waits."""
    sit(clerk, office)
    for place, why in enumerate(["", "no_papers", "no_papers", "", "outage"]):
        monkeypatch.setattr(clock, "now", lambda place=place: NOW + timedelta(minutes=5 * place))
        ticket = served(clerk, office)
        act(clerk, "unperformed" if why else "done", ticket, why=why)
    ticket = served(clerk, office)
    undo(clerk, offered(act(clerk, "unperformed", ticket, why="not_ours")))
    arrive.walk_in(office.id, "ZOP", NOW)
    return {"no_papers": 2, "outage": 1}


def test_the_managers_board_counts_it_neither_as_served_nor_as_left(
    counted: dict[str, int], office: Office, signed_in: SignedIn
) -> None:
    day = hall(office, clock.now()).day
    assert (day.issued, day.served, day.left, day.unperformed) == (7, 2, 0, 3)
    page = text_of(signed_in("manager").get("/demo/admin/hall/").content)
    assert "a 3 u přepážky nevyřízeno" in page
    assert "a 3 u přepážky" not in page.partition("Odešlo")[2]


def test_the_report_agrees_with_the_events_and_also_when_they_are_folded(
    counted: dict[str, int], office: Office, signed_in: SignedIn
) -> None:
    """Counted again by a query of its own: the last event of each ticket that nobody took back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.act, COUNT(*) FROM ticket_event e JOIN (SELECT ticket_id, MAX(version) AS last FROM ticket_event "
            "GROUP BY ticket_id) AS newest ON newest.ticket_id = e.ticket_id AND newest.last = e.version "
            "WHERE e.after = 'done' AND e.act <> 'done' AND e.act <> 'close' GROUP BY e.act"
        )
        assert dict(cursor.fetchall()) == counted
    manager = signed_in("manager")

    def told() -> tuple[dict[str, str], list[list[str]]]:
        text = manager.get("/demo/admin/report/report.csv?month=2026-08").content.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text), delimiter=";"))
        summary = {row[0]: row[1] for row in rows if len(row) == 4}
        begin = rows.index(["U přepážky se nepodařilo vyřídit"])
        return summary, rows[begin + 1 : begin + 4]

    summary, table = told()
    assert (summary["Lidí vyřízeno"], summary["Lidí u přepážky nevyřízeno"]) == ("2", "3")
    assert summary["Lidí odešlo bez vyřízení"] == "0"
    assert table == [
        ["Důvod", "Lidí", "Podíl z lidí u přepážek"],
        ["chybí doklady", "2", "40,0 %"],
        ["porucha", "1", "20,0 %"],
    ]
    models.Ticket.objects.filter(state__in=["waiting", "serving"]).delete()
    before = told()
    folding.fold_day(office, NOW.date())
    assert not models.Ticket.objects.exists()
    assert told() == before


def test_raw_rows_say_why(counted: dict[str, int], signed_in: SignedIn) -> None:
    text = signed_in("manager").get("/demo/admin/report/visits.csv?month=2026-08").content.decode("utf-8-sig")
    last = [row[-1] for row in csv.reader(io.StringIO(text), delimiter=";")]
    assert last.count("nevyřízeno: chyběly doklady") == 2
    assert last.count("nevyřízeno: porucha") == 1


def test_in_english_it_is_english(counted: dict[str, int], signed_in: SignedIn) -> None:
    manager = signed_in("manager")
    manager.cookies["language"] = "en"
    page = manager.get("/demo/admin/report/?month=2026-08").content.decode()
    assert "Could not be performed at the counter" in page
    assert "papers missing" in page


def test_the_list_of_the_day_says_it_of_a_booking(clerk: Client, office: Office) -> None:
    booked_today(office, 9, "Jana Nováková", ME)
    booking = models.Booking.objects.get()
    sit(clerk, office)
    clerk.post(f"/demo/desk/bookings/{booking.id}/check-in")
    act(clerk, "next")
    act(clerk, "serve", models.Ticket.objects.get())
    act(clerk, "unperformed", models.Ticket.objects.get(), why="no_papers")
    page = clerk.get(f"/demo/desk/bookings/?day={booking.day}").content.decode()
    assert re.search(r"lístek D1, nevyřízená\s*<", page)
