"""The board without scripts: called numbers, people waiting, estimated waits; numbers only."""

import pytest
from django.test import Client

from prepazka.core.booking.book import Book
from prepazka.core.booking.outcomes import Booked
from prepazka.core.office.office import Office
from prepazka.flows.booking.request import BookingRequest, submit
from prepazka.flows.counters import arrive, call, seat
from prepazka.flows.counters.board import board
from tests.web.conftest import ME, NOW


@pytest.mark.parametrize("path", ["/demo/board/", "/demo/screen/"])
def test_the_board_says_who_is_called_who_waits_and_how_long(client: Client, office: Office, path: str) -> None:
    for service in ("ZOP", "ZOP", "PTP"):
        arrive.walk_in(office.id, service, NOW)
    seat.sit_down(office.id, office.counters[0].id, "novak", NOW)
    call.call_next(office.id, "novak", NOW)
    page = client.get(path).content.decode()
    assert 'data-of="number">D1</' in page
    assert "řepážka\N{NO-BREAK SPACE}1" in page.replace("řepážka 1", "řepážka\N{NO-BREAK SPACE}1")
    wait = board(office, NOW).agendas[0].wait
    assert wait
    assert f"asi {wait.low}–{wait.high}\u00a0min" in page
    assert "zatím nikdo neobsluhuje" in page


@pytest.mark.parametrize("path", ["/demo/board/", "/demo/screen/", "/api/v1/offices/demo/board"])
def test_nothing_of_a_person_is_shown(client: Client, office: Office, path: str) -> None:
    local = NOW.astimezone(office.zone)
    book = Book("ZOP", local.date(), local.time(), "XAVER")
    outcome = submit(office.id, BookingRequest(book, "web", ME), NOW.replace(day=1))
    assert isinstance(outcome, Booked)
    arrive.check_in(office.id, outcome.booking.code, NOW)
    seat.sit_down(office.id, office.counters[0].id, "clerk-novak", NOW)
    call.call_next(office.id, "clerk-novak", NOW)
    page = client.get(path).content.decode()
    assert "D1" in page
    for secret in ("XAVER", ME, ME[4:], outcome.booking.code, "clerk-novak"):
        assert secret not in page


def test_nobody_waits_where_nobody_waits(client: Client, office: Office) -> None:
    seat.sit_down(office.id, office.counters[0].id, "novak", NOW)
    page = client.get("/demo/board/").content.decode()
    assert "bez čekání" in page
    assert "asi bez čekání" not in page


def test_an_unknown_office_has_no_board(client: Client, office: Office) -> None:
    assert client.get("/nowhere/board/").status_code == 404
    assert client.get("/nowhere/screen/").status_code == 404
