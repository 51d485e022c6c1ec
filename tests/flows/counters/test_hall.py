"""The manager's board: its figures, and what a manager may do to a counter and to an agenda's tickets."""

from dataclasses import replace
from datetime import timedelta

import pytest

from prepazka.core.actor import Actor
from prepazka.core.office.office import Office
from prepazka.core.queue.hall import light
from prepazka.flows.counters import call, hall, seat
from prepazka.flows.counters.hall import SeenCounter
from prepazka.store import models, offices
from tests.flows.counters.test_arrive import office_like
from tests.flows.counters.working_day import at, book, called, kept_office, served, sit, ticket, walk_in

pytestmark = pytest.mark.django_db(transaction=True)

MANAGER = Actor("vedouci", at(9, 42))


@pytest.fixture
def office(transactional_db: None) -> Office:
    return kept_office(wait_limit_minutes=30)


def test_the_longest_wait_the_lights_and_the_days_figures(office: Office) -> None:
    sit(office, 0, "svoboda", at(8))
    for minute in (0, 5, 8):
        walk_in(office, at(9, minute))
    walk_in(office, at(9, 30), "PTP")
    served(office, "svoboda", at(9, 1), at(9, 4))
    one = called(office, "svoboda", at(9, 6))
    call.serve(office.id, "svoboda", one.ref, at(9, 7))
    now = hall.hall(office, at(9, 42))
    assert (now.waiting, now.longest) == (2, now.agendas[0].longest)
    assert now.longest
    assert (now.longest.label, now.longest.waited) == ("D3", timedelta(minutes=34))
    assert [(one.figures.key, one.light) for one in now.agendas] == [("doklady", "over"), ("evidence", "normal")]
    assert (now.agendas[0].staffed, now.agendas[0].counters) == (1, 2)
    assert (now.day.issued, now.day.served, now.day.left) == (4, 1, 0)
    assert [one.client.label if one.client else "" for one in now.counters] == ["D2", "", ""]


def test_whoever_never_came_has_left(office: Office) -> None:
    sit(office, 0, "svoboda", at(8))
    walk_in(office, at(9))
    one = called(office, "svoboda", at(9, 1))
    for _ in range(3):
        one = ticket(call.recall(office.id, "svoboda", one.ref, at(9, 2)))
    call.not_here(office.id, "svoboda", one.ref, at(9, 3))
    assert hall.hall(office, at(9, 4)).day.left == 1


def test_parked_and_early_booked_people_do_not_count_as_waiting_long(office: Office) -> None:
    from prepazka.flows.counters import arrive  # noqa: PLC0415 -- used here alone

    book(office, at(10), "482913")
    ticket(arrive.check_in(office.id, "482913", at(9, 50)))
    sit(office, 0, "svoboda", at(8))
    first = walk_in(office, at(9))
    call.park(office.id, "svoboda", first.ref, at(9, 5), at(10, 30))
    now = hall.hall(office, at(9, 55))
    assert now.longest
    assert now.longest.waited == timedelta()
    later = hall.hall(office, at(10, 7))
    assert later.longest
    assert later.longest.waited == timedelta(minutes=7)


@pytest.mark.parametrize(("minutes", "word"), [(0, "normal"), (23, "normal"), (24, "near"), (30, "near"), (31, "over")])
def test_the_lights(minutes: int, word: str) -> None:
    assert light(timedelta(minutes=minutes), 30) == word


def test_a_manager_gives_a_counter_a_break(office: Office) -> None:
    counter = sit(office, 0, "svoboda", at(8))
    assert hall.pause_counter(office.id, SeenCounter(counter, "svoboda"), MANAGER).outcome == "on_break"
    assert call.call_next(office.id, "svoboda", at(9, 43)).outcome == "paused"
    assert hall.pause_counter(office.id, SeenCounter(counter, "svoboda"), MANAGER).outcome == "on_break"
    [row] = models.Audit.objects.filter(what="counter paused")
    assert (row.who, row.details) == ("vedouci", {"counter": "Přepážka 1", "clerk": "svoboda"})


@pytest.mark.parametrize(("serving", "state"), [(True, "done"), (False, "waiting")])
def test_closing_a_counter_sees_to_its_client(office: Office, serving: bool, state: str) -> None:
    counter = sit(office, 0, "svoboda", at(8))
    walk_in(office, at(9))
    one = called(office, "svoboda", at(9, 5))
    if serving:
        call.serve(office.id, "svoboda", one.ref, at(9, 6))
    assert hall.close_counter(office.id, SeenCounter(counter, "svoboda"), MANAGER).outcome == "counter_closed"
    assert models.Ticket.objects.get().state == state
    assert seat.seat(office.id, "svoboda").outcome == "not_seated"
    if not serving:
        sit(office, 1, "dvorak", at(9, 43))
        assert called(office, "dvorak", at(9, 43)).label == one.label


def test_an_old_page_closes_nobody_elses_counter(office: Office) -> None:
    counter = sit(office, 0, "svoboda", at(8))
    seat.sit_down(office.id, counter, "dvorak", at(9), take_over=True)
    for act in (hall.close_counter, hall.pause_counter):
        assert act(office.id, SeenCounter(counter, "svoboda"), MANAGER).outcome == "other_seated"
        assert act(office.id, SeenCounter(counter + 900, "dvorak"), MANAGER).outcome == "not_found"
    assert models.Staffing.objects.get().clerk == "dvorak"


def test_a_second_offices_counter_is_not_there(office: Office) -> None:
    other = offices.load(offices.keep(office_like(office, "jinde"), at(6)))
    counter = sit(other, 0, "svoboda", at(8))
    assert hall.close_counter(office.id, SeenCounter(counter, "svoboda"), MANAGER).outcome == "not_found"
    assert not hall.stop_tickets(office.id, other.agendas[0].id, MANAGER, stopped=True)
    assert models.Staffing.objects.count() == 1


def test_the_board_is_read_by_the_same_number_of_queries(office: Office, django_assert_num_queries: object) -> None:
    counted = []
    for people in (1, 12):
        for _ in range(people):
            walk_in(office, at(9))
        fresh = replace(office)
        with django_assert_num_queries(QUERIES) as queries:  # type: ignore[operator]  # pytest-django's own
            hall.hall(fresh, at(9, 5))
        counted.append(len(queries))
    assert counted[0] == counted[1]


QUERIES = 8
