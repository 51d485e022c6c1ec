"""The end of the day: no ticket stays open overnight, and closing again changes nothing."""

from datetime import timedelta

import pytest

from prepazka.core.office.office import Office
from prepazka.flows.counters import board, call, seat
from prepazka.flows.counters.close_day import close_day, close_days
from prepazka.store import models, offices
from tests.flows.counters.test_arrive import office_like
from tests.flows.counters.working_day import at, called, kept_office, sit, walk_in

pytestmark = pytest.mark.django_db(transaction=True)

MIDNIGHT = at(24)


@pytest.fixture
def office(transactional_db: None) -> Office:
    """At the end of the day: D1 is served, D2 called, D3 and D4 wait, D4 parked until tomorrow."""
    office = kept_office()
    for _ in range(4):
        walk_in(office, at(16))
    sit(office, 0, "novak")
    sit(office, 1, "svoboda")
    call.serve(office.id, "novak", called(office, "novak", at(16, 30)).ref, at(16, 31))
    called(office, "svoboda", at(16, 40))
    last = board.queue(office, at(16, 41))[3]
    call.park(office.id, "svoboda", last.ref, at(16, 41), at(24 + 9))
    return office


def states() -> dict[str, str]:
    return {f"{one.prefix}{one.number}": one.state for one in models.Ticket.objects.order_by("id")}


def test_a_running_day_is_left_alone(office: Office) -> None:
    assert close_days(at(23, 59, 59)) == close_day(office.id, at(23, 59, 59)) == 0
    assert states() == {"D1": "serving", "D2": "called", "D3": "waiting", "D4": "waiting"}
    assert models.Staffing.objects.count() == 2


def test_after_midnight_everything_has_its_end(office: Office) -> None:
    assert close_days(MIDNIGHT) == 4 + 2
    assert states() == {"D1": "done", "D2": "absent", "D3": "closed", "D4": "closed"}
    ended = dict(models.Ticket.objects.values_list("number", "ended_at"))
    assert ended == {1: None, 2: MIDNIGHT, 3: MIDNIGHT, 4: MIDNIGHT}, "nobody knows when the first was done"
    events = models.TicketEvent.objects.filter(act="close").order_by("ticket_id")
    assert [(event.who, event.before, event.at) for event in events] == [
        ("", "serving", MIDNIGHT),
        ("", "called", MIDNIGHT),
        ("", "waiting", MIDNIGHT),
        ("", "waiting", MIDNIGHT),
    ]
    assert not models.Staffing.objects.exists()


def test_closing_again_changes_nothing(office: Office) -> None:
    close_days(MIDNIGHT)
    version, events = board.versions([office.id]), models.TicketEvent.objects.count()
    assert close_days(MIDNIGHT + timedelta(minutes=1)) == close_day(office.id, MIDNIGHT + timedelta(days=3)) == 0
    assert (board.versions([office.id]), models.TicketEvent.objects.count()) == (version, events)


def test_another_office_is_not_touched(office: Office) -> None:
    other = offices.load(offices.keep(office_like(office, "jinde"), at(6)))
    walk_in(other, at(16))
    assert close_day(other.id, MIDNIGHT) == 1
    assert models.Ticket.objects.filter(state="closed").count() == 1


def test_the_new_days_clerks_and_tickets_stay(office: Office) -> None:
    morning = MIDNIGHT + timedelta(hours=8)
    seat.sit_down(office.id, office.counters[2].id, "dvorak", morning)
    new = walk_in(office, morning)
    assert close_days(morning) == 4 + 2
    assert models.Ticket.objects.get(id=new.id).state == "waiting"
    assert models.Staffing.objects.get().clerk == "dvorak"


def test_a_ticket_closed_meanwhile_is_seen_as_changed(office: Office) -> None:
    old = board.queue(office, at(16, 50))[0]
    close_days(MIDNIGHT)
    seat.sit_down(office.id, office.counters[0].id, "novak", MIDNIGHT)
    came = call.done(office.id, "novak", old.ref, MIDNIGHT)
    assert came.outcome == "changed_meanwhile"
