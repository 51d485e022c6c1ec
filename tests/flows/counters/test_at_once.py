"""Ticket, call and service by one press, for somebody who stands at the counter."""

from uuid import uuid4

import pytest

from prepazka.core.actor import Actor
from prepazka.core.office.office import Office
from prepazka.core.queue.outcomes import Acted, Busy, NotFound, NotSeated, Paused
from prepazka.flows.counters import board, seat
from prepazka.flows.counters.at_once import serve_at_once
from prepazka.store import models, offices
from tests.flows.counters.test_arrive import office_like
from tests.flows.counters.working_day import at, called, kept_office, sit, walk_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(transactional_db: None) -> Office:
    office = kept_office()
    sit(office, 0, "svoboda", at(8))
    return office


def test_it_is_served_and_nobody_is_called_for_it(office: Office) -> None:
    waits = walk_in(office, at(8, 30))
    outcome = serve_at_once(office.id, "ZCD", uuid4(), Actor("svoboda", at(9)), priority=True)
    assert isinstance(outcome, Acted)
    one = outcome.ticket
    assert (one.state, one.service, one.priority, one.called_at, one.served_at) == (
        "serving", "ZCD", True, at(9), at(9),
    )  # fmt: skip
    assert board.board(office, at(9)).calling == ()
    acts = models.TicketEvent.objects.filter(ticket_id=one.id).order_by("version").values_list("act", flat=True)
    assert list(acts) == ["arrive", "call", "serve"]
    assert models.Ticket.objects.get(id=waits.id).state == "waiting", "who waits keeps waiting"


def test_pressed_twice_it_is_one_ticket(office: Office) -> None:
    key = uuid4()
    outcomes = [serve_at_once(office.id, "ZCD", key, Actor("svoboda", at(9))) for _ in range(2)]
    assert [one.ticket.label for one in outcomes if isinstance(one, Acted)] == ["D1", "D1"]
    assert models.Ticket.objects.count() == 1


def test_a_counter_that_is_not_free_gives_out_nothing(office: Office) -> None:
    assert isinstance(serve_at_once(office.id, "ZCD", uuid4(), Actor("nobody", at(9))), NotSeated)
    assert isinstance(serve_at_once(office.id, "???", uuid4(), Actor("svoboda", at(9))), NotFound)
    seat.pause(office.id, "svoboda", at(9), paused=True)
    assert isinstance(serve_at_once(office.id, "ZCD", uuid4(), Actor("svoboda", at(9))), Paused)
    seat.pause(office.id, "svoboda", at(9), paused=False)
    walk_in(office, at(9))
    called(office, "svoboda", at(9))
    assert isinstance(serve_at_once(office.id, "ZCD", uuid4(), Actor("svoboda", at(9))), Busy)
    assert models.Ticket.objects.count() == 1


def test_the_clerk_of_one_office_serves_nobody_in_another(office: Office) -> None:
    other = offices.load(offices.keep(office_like(office, "jinde"), at(6)))
    assert isinstance(serve_at_once(other.id, "ZCD", uuid4(), Actor("svoboda", at(9))), NotSeated)
    assert not models.Ticket.objects.exists()
