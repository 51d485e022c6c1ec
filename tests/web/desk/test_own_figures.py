"""Service times of clerks: measured only where the office wants it, told to every clerk, and each sees their own."""

from dataclasses import replace
from datetime import timedelta

import pytest

from prepazka.core.office.office import Office
from prepazka.core.queue.outcomes import Acted
from prepazka.core.queue.tickets import Ticket
from prepazka.flows.counters import arrive, call, seat
from prepazka.store import offices
from tests.web.conftest import NOW
from tests.web.shown import shown
from tests.web.staff import FOREIGN, SignedIn

PAGE = "/demo/desk/figures"
NOTICE = "Úřad měří doby vyřízení podle úředníků."


def ticket(outcome: object) -> Ticket:
    assert isinstance(outcome, Acted), outcome
    return outcome.ticket


def serve(office: Office, who: str, place: int, service: str, minutes: int, days_ago: int = 0) -> None:
    begin = NOW - timedelta(days=days_ago, hours=1)
    seat.sit_down(office.id, office.counters[place].id, who, begin)
    arrive.add_walk_in(office.id, service, begin, who)
    one = ticket(call.call_next(office.id, who, begin))
    one = ticket(call.serve(office.id, who, one.ref, begin))
    call.done(office.id, who, one.ref, begin + timedelta(minutes=minutes))


@pytest.fixture
def measured(officials: object, office: Office) -> Office:
    """An office that measures; the clerk has served a client for 9 minutes, the manager one for 44."""
    offices.keep(replace(office, settings=replace(office.settings, clerk_figures=True)), NOW)
    serve(office, "clerk", 0, "ZOP", 9)
    serve(office, "manager", 2, "PTP", 44)
    return office


def test_clerks_see_their_own_times_and_nobody_elses(measured: Office, signed_in: SignedIn) -> None:
    page = signed_in("clerk").get(PAGE).content.decode()
    assert "vydání občanského průkazu" in page
    assert '<td class="figure">9,0</td>' in page
    assert "44" not in shown(page.partition("<h1>")[2])
    assert '<td class="figure">44,0</td>' in signed_in("manager").get(PAGE).content.decode()


def test_times_of_more_than_thirty_days_ago_are_not_shown(measured: Office, signed_in: SignedIn) -> None:
    serve(measured, "administrator", 1, "ZOP", 9, days_ago=30)
    assert "nikoho nevyřídili" in signed_in("administrator").get(PAGE).content.decode()


@pytest.mark.parametrize("address", ["/demo/desk/", "/demo/desk/bookings/", PAGE])
def test_every_clerk_is_told(measured: Office, signed_in: SignedIn, address: str) -> None:
    assert NOTICE in signed_in("clerk").get(address).content.decode()


def test_an_office_that_does_not_measure_has_no_such_page_and_no_notice(office: Office, signed_in: SignedIn) -> None:
    assert signed_in("clerk").get(PAGE).status_code == 404
    assert NOTICE not in signed_in("clerk").get("/demo/desk/").content.decode()


def test_nobody_of_another_office_sees_them(measured: Office, signed_in: SignedIn) -> None:
    assert signed_in(FOREIGN).get(PAGE).status_code == 404
    assert signed_in("officer").get(PAGE).status_code == 403
