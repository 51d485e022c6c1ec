"""A day on which everybody forgot everything, and the next one: counters see to themselves, and mornings are clean."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore

from prepazka.core.office.office import Office
from prepazka.core.queue.outcomes import Acted, NotSeated, Paused, Seated
from prepazka.flows.counters import arrive, board, call, seat
from prepazka.flows.counters.close_day import close_days
from prepazka.flows.counters.forgotten import see_to_counters
from prepazka.store import accounts, models, offices, queue, user_sessions
from tests.flows.counters.test_arrive import office_like
from tests.flows.counters.working_day import at, called, kept_office, sit, ticket, walk_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(transactional_db: None) -> Office:
    return kept_office()


def sign_in(who: str, now: datetime) -> None:
    """Sign in as the pages do."""
    user = accounts.find(who) or accounts.open_account(who, "x", now, "test", given=False)
    session = SessionStore()
    session.update({user_sessions.SINCE: now.timestamp(), user_sessions.SEEN: now.timestamp()})
    session.create()
    UserSession.objects.create(user=user, session_key=session.session_key, ip="127.0.0.1", user_agent="test")


def seated() -> list[str]:
    return list(models.Staffing.objects.order_by("clerk").values_list("clerk", flat=True))


def on_break() -> list[str]:
    return list(models.Staffing.objects.filter(break_since__isnull=False).values_list("clerk", flat=True))


def look(since: datetime, until: datetime) -> None:
    """Look every minute, as the worker does."""
    now = since
    while now <= until:
        close_days(now)
        see_to_counters(now)
        now += timedelta(minutes=1)


def test_two_days_on_which_everything_was_forgotten(office: Office) -> None:
    for day in (timedelta(), timedelta(days=1)):
        close = 17 if not day else 15  # Monday and Tuesday
        sit(office, 0, "svoboda", at(7, 58) + day)
        sit(office, 2, "dvorak", at(7, 59) + day)
        first, second = walk_in(office, at(8, 30) + day, "ZOP"), walk_in(office, at(9) + day, "ZOP")
        assert (first.label, second.label) == ("D1", "D2"), "a new day begins its numbers anew"
        one = called(office, "svoboda", at(9, 5) + day)
        call.serve(office.id, "svoboda", one.ref, at(9, 6) + day)

        look(at(close, 29) + day, at(close, 40) + day)
        assert seated() == ["svoboda"], "one has a client and a queue, the other has nobody"
        look(at(23, 50) + day, at(24, 3) + day)
        assert seated() == []
        states = (
            models.Ticket.objects.filter(day=(at(9) + day).date()).order_by("number").values_list("state", flat=True)
        )
        assert list(states) == ["done", "closed"]
    closed = models.Audit.objects.filter(what="counter closed")
    assert [row.details["clerk"] for row in closed] == ["dvorak", "dvorak"]


def test_the_board_says_closed_whoever_sits(office: Office) -> None:
    sit(office, 0, "svoboda", at(8))
    [doklady, _evidence] = board.board(office, at(17, 1)).agendas
    assert (doklady.open, doklady.wait) == (False, None)


def test_its_page_is_told_to_ask_and_an_answer_keeps_it_open(office: Office) -> None:
    sit(office, 0, "svoboda", at(8))
    before = queue_version(office)
    assert seat.asked_until(office.id, "svoboda", at(17, 24)) is None
    see_to_counters(at(17, 25))
    assert queue_version(office) > before, "a page renews itself when the version grows"
    assert seat.asked_until(office.id, "svoboda", at(17, 25)) == at(17, 30)
    assert isinstance(seat.stay(office.id, "svoboda", at(17, 26)), Seated)
    assert seat.asked_until(office.id, "svoboda", at(17, 26)) is None
    see_to_counters(at(17, 40))
    assert seated() == ["svoboda"]
    see_to_counters(at(17, 41))
    assert seated() == []
    assert isinstance(seat.stay(office.id, "svoboda", at(17, 42)), NotSeated)


def test_a_clerks_last_act_counts(office: Office) -> None:
    sit(office, 0, "svoboda", at(8))
    walk_in(office, at(16, 40))
    one = called(office, "svoboda", at(17, 20))
    one = ticket(call.serve(office.id, "svoboda", one.ref, at(17, 21)))
    assert isinstance(call.done(office.id, "svoboda", one.ref, at(17, 28)), Acted)
    see_to_counters(at(17, 42))
    assert seated() == ["svoboda"]
    see_to_counters(at(17, 43))
    assert seated() == []


def test_a_counter_left_signed_out_gets_a_break_and_the_next_sign_in_ends_it(office: Office) -> None:
    sign_in("svoboda", at(8))
    sit(office, 0, "svoboda", at(8))
    walk_in(office, at(8, 30))
    look(at(8, 1), at(8, 59))
    assert on_break() == []
    # The session was last used at 8:00 and lasts an hour without work.
    look(at(9), at(9, 15))
    assert on_break() == []
    see_to_counters(at(9, 16))
    assert on_break() == ["svoboda"]
    assert isinstance(call.call_next(office.id, "svoboda", at(9, 17)), Paused)

    sign_in("svoboda", at(9, 20))
    seat.come_back("svoboda", at(9, 20))
    assert models.Staffing.objects.get().away_since is None
    assert on_break() == []
    called(office, "svoboda", at(9, 21))


def test_a_session_begun_elsewhere_ends_the_break_within_a_minute(office: Office) -> None:
    sign_in("svoboda", at(8))
    sit(office, 0, "svoboda", at(8))
    look(at(9), at(9, 16))
    assert on_break() == ["svoboda"]
    sign_in("svoboda", at(9, 20))
    see_to_counters(at(9, 21))
    assert on_break() == []


def test_a_break_the_clerk_began_goes_on_after_the_next_sign_in(office: Office) -> None:
    sign_in("svoboda", at(8))
    sit(office, 0, "svoboda", at(8))
    seat.pause(office.id, "svoboda", at(8, 30), paused=True)
    look(at(9), at(9, 30))
    seat.come_back("svoboda", at(9, 31))
    see_to_counters(at(9, 32))
    assert on_break() == ["svoboda"]


def test_signing_out_counts_from_that_moment(office: Office) -> None:
    sign_in("svoboda", at(8))
    sit(office, 0, "svoboda", at(8))
    UserSession.objects.all().delete()
    seat.leave_signed_out("svoboda", at(8, 20, 30))
    see_to_counters(at(8, 35))
    assert on_break() == []
    see_to_counters(at(8, 35, 30))
    assert on_break() == ["svoboda"]


def test_a_name_without_an_account_is_never_away(office: Office) -> None:
    sit(office, 0, "somebody-of-a-simulation", at(8))
    look(at(12), at(12, 30))
    assert on_break() == []


def test_only_the_office_with_the_settings_is_changed(office: Office) -> None:
    other = office_like(office, "jinde")
    patient = replace(other, settings=replace(other.settings, close_counters_minutes=0))
    other = offices.load(offices.keep(patient, at(6)))
    sit(office, 0, "svoboda", at(8))
    sit(other, 0, "malek", at(8))
    assert see_to_counters(at(20)) == 1
    assert seated() == ["malek"]


def test_looking_again_changes_nothing(office: Office) -> None:
    sit(office, 0, "svoboda", at(8))
    assert see_to_counters(at(18)) == 1
    version, said = queue_version(office), models.Audit.objects.count()
    assert see_to_counters(at(18, 1)) == 0
    assert (queue_version(office), models.Audit.objects.count()) == (version, said)


def test_tickets_of_a_stopped_agenda_begin_again_the_next_day(office: Office) -> None:
    queue.stop_tickets(office.id, office.agendas[0].id, at(10).date())
    assert arrive.walk_in(office.id, "ZCD", at(10, 1)).outcome == "tickets_stopped"
    assert arrive.walk_in(office.id, "PTP", at(10, 1)).outcome == "ticket", "another agenda"
    assert arrive.add_walk_in(office.id, "ZCD", at(10, 2), "novak").outcome == "ticket", "a clerk decides"
    assert arrive.walk_in(office.id, "ZCD", at(9) + timedelta(days=1)).outcome == "ticket"


def queue_version(office: Office) -> int:
    return board.versions([office.id])[office.id]
