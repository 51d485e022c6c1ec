"""Cancelling or moving a booking after check-in withdraws its waiting ticket."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction

from prepazka.core.actor import Actor
from prepazka.core.booking.book import Move
from prepazka.core.booking.cancel import Cancel
from prepazka.core.booking.outcomes import Cancelled, Moved
from prepazka.core.office.office import Closure, Office
from prepazka.core.queue.outcomes import Acted, CancelledCode, NobodyWaits
from prepazka.core.queue.tickets import Ticket
from prepazka.flows.booking import displaced
from prepazka.flows.booking.request import BookingRequest, submit
from prepazka.flows.counters import arrive, call
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import models, offices, queue
from tests.flows.counters.working_day import DAY, at, book, called, kept_office, sit, ticket, walk_in

pytestmark = pytest.mark.django_db(transaction=True)

CODE = "482913"


@pytest.fixture
def office(transactional_db: None) -> Office:
    return kept_office()


@pytest.fixture
def came(office: Office) -> Ticket:
    """A ticket of a booking at 14:00, checked in at 13:50."""
    book(office, at(14), CODE)
    return ticket(arrive.check_in(office.id, CODE, at(13, 50)))


def cancel(office: Office) -> None:
    assert isinstance(submit(office.id, BookingRequest(Cancel(CODE, DAY.date()), "web"), at(13, 55)), Cancelled)


def of(office: Office, one: Ticket) -> Ticket:
    found = queue.find(office.id, one.id)
    assert found
    return found


def test_who_cancelled_is_not_called(office: Office, came: Ticket) -> None:
    sit(office, 0, "novak", at(13))
    before = models.QueueState.objects.get().version
    cancel(office)
    now = of(office, came)
    assert (now.state, now.ended_at, now.version) == ("withdrawn", at(13, 55), came.version + 1)
    assert isinstance(call.call_next(office.id, "novak", at(14)), NobodyWaits)
    event = models.TicketEvent.objects.get(act="withdraw")
    assert (event.who, event.before, event.after) == ("web", "waiting", "withdrawn")
    assert models.QueueState.objects.get().version > before, "boards and desks are told"
    assert arrive.check_in(office.id, CODE, at(14)) == CancelledCode()


def test_so_it_is_by_sms_and_only_of_that_booking(office: Office, came: Ticket) -> None:
    other = walk_in(office, at(13, 51))
    book(office, at(14), "999999", lane=1, sender="+420777000000")
    companion = ticket(arrive.check_in(office.id, "999999", at(13, 50)))
    receive([Inbound("phone", "1", "+420777123456", "+420739547765", f"STORNO {CODE} 3.8.")], at(13, 55))
    states = [of(office, one).state for one in (came, other, companion)]
    assert states == ["withdrawn", "waiting", "waiting"]


def test_who_moved_to_another_day_does_not_wait_today(office: Office, came: Ticket) -> None:
    tomorrow = (DAY + timedelta(days=1)).date()
    asked = Move(CODE, tomorrow, at(9).time())
    assert isinstance(submit(office.id, BookingRequest(asked, "web", "+420777123456"), at(13, 55)), Moved)
    assert of(office, came).state == "withdrawn"


# docs/spec/administration.md: "Whoever has come already is not called off"
def test_who_is_in_the_hall_already_is_not_called_off(office: Office, came: Ticket) -> None:
    after = replace(office, closures=(Closure(DAY.date(), DAY.date(), "Porucha"),))
    assert displaced.displaced_by(office, after, at(13, 55)) == []
    with transaction.atomic():
        locked = offices.lock(office.id)
        displaced.displace(
            locked, after, [], Actor("vedouci", at(13, 55)), displaced.Cancellation("Porucha", notify=False)
        )
    assert of(office, came).state == "waiting"
    assert not models.TicketEvent.objects.filter(act="withdraw").exists()


def test_who_is_called_or_served_already_is_the_clerks(office: Office, came: Ticket) -> None:
    """They stand at the counter or will not come: the clerk decides."""
    sit(office, 0, "novak", at(13))
    one = called(office, "novak", at(13, 54))
    assert one.id == came.id
    cancel(office)
    assert of(office, one).state == "called"
    assert call.call_next(office.id, "novak", at(14)) == Acted(one)


def test_an_old_press_at_a_withdrawn_ticket_changes_nothing(office: Office, came: Ticket) -> None:
    sit(office, 0, "novak", at(13))
    cancel(office)
    call.call_one(office.id, "novak", came.ref, at(14))
    assert of(office, came).state == "withdrawn"
