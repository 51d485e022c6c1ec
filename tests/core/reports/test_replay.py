"""What if: past days played again. As they were they come out as they were; with a change they follow by arithmetic."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from prepazka.core.minutes import Minute, minute
from prepazka.core.office.office import Office
from prepazka.core.queue.tickets import Act, TicketState
from prepazka.core.reports.past_days import WorkDay, work_days
from prepazka.core.reports.replay import Change, Played, replay
from prepazka.core.reports.visits import Step, Visit
from tests.offices import DOKLADY, EVIDENCE, PRAGUE, demo_office

OFFICE = demo_office()
MONDAY, FRIDAY = date(2026, 8, 3), date(2026, 8, 7)
ONE, TWO, THREE = 1, 2, 3  # its counters: Doklady, both agendas, Evidence


def at(day: date, hour: int, minutes: int = 0) -> Minute:
    return minute(datetime(day.year, day.month, day.day, hour, minutes, tzinfo=PRAGUE))


def visit(came: Minute, called: Minute | None, ended: Minute | None, counter: int = ONE, day: date = MONDAY) -> Visit:
    """Somebody for Doklady; never called without `called`, and closed by the day's end without `ended`."""
    acts: list[tuple[Act, Minute | None, TicketState]] = [
        ("arrive", came, "waiting"), ("call", called, "called"), ("serve", called, "serving"),
        ("done", ended, "done"),
    ]  # fmt: skip
    steps: list[Step] = []
    for act, moment, after in acts:
        if moment is not None:
            before = steps[-1].after if steps else ""
            steps.append(Step(act, moment, before, after, DOKLADY, "ZOP", None if act == "arrive" else counter, "eva"))
    if ended is None:
        last: TicketState = "closed" if called is None else "done"
        steps.append(Step("close", at(day, 23, 59), steps[-1].after, last, DOKLADY, "ZOP", None, ""))
    return Visit(day, "walk_in", None, booked=False, priority=False, steps=steps)


def morning(day: date = MONDAY) -> list[Visit]:
    """Four people at once at 8:00, served one after another for ten minutes each by one counter; one at 13:55, the same
    counter, until 14:30, so that it works to the closing on a Friday.
    """
    opens = at(day, 8)
    people = [visit(opens, Minute(opens + 10 * place), Minute(opens + 10 * place + 10), day=day) for place in range(4)]
    return [*people, visit(at(day, 13, 55), at(day, 13, 55), at(day, 14, 30), day=day)]


def played(visits: list[Visit], change: Change | None = None, office: Office = OFFICE) -> list[Played]:
    days = work_days(office, visits)
    return list(replay(office, days, change or Change()))


def waits(day: Played) -> list[int]:
    return [minutes for _, minutes in day.waits]


def test_a_day_without_a_change_comes_out_as_it_was() -> None:
    [day] = played(morning(FRIDAY))
    assert day.waits == ((8, 0), (8, 10), (8, 20), (8, 30), (13, 0))
    assert (day.refused, day.uncalled, day.staffed) == (0, 0, 6.5 * 60)


def test_a_second_counter_halves_the_queue_and_costs_its_hours() -> None:
    [day] = played(morning(FRIDAY), Change(counters={ONE: 2}))
    assert waits(day) == [0, 0, 10, 10, 0]
    assert day.staffed == 2 * 6.5 * 60


def test_without_any_counter_nobody_is_called() -> None:
    [day] = played(morning(FRIDAY), Change(counters={ONE: 0}))
    assert (waits(day), day.uncalled, day.staffed) == ([], 5, 0)


def test_who_came_on_a_closed_friday_is_refused_and_comes_on_the_next_day() -> None:
    monday = MONDAY + timedelta(days=7)
    friday, after = played([*morning(FRIDAY), *morning(monday)], Change(closed=frozenset({4})))
    assert (friday.refused, friday.waits, friday.staffed) == (5, (), 0)
    assert sorted(waits(after)) == [0, 0, 10, 20, 30, 40, 50, 60, 70]
    assert after.uncalled == 1, "on that Monday the counter closed at 14:30, and the second of 13:55 still waited"


def test_nobody_comes_after_the_last_day() -> None:
    [friday] = played(morning(FRIDAY), Change(closed=frozenset({4})))
    assert (friday.refused, friday.uncalled) == (5, 0)


def test_a_later_opening_makes_early_people_wait_from_it_on() -> None:
    [day] = played(morning(FRIDAY), Change(opens=time(9)))
    assert day.waits == ((9, 0), (9, 10), (9, 20), (9, 30), (13, 0))
    assert day.staffed == 5.5 * 60


def test_an_earlier_closing_refuses_who_comes_after_it() -> None:
    [day] = played(morning(FRIDAY), Change(closes=time(13)))
    assert (waits(day), day.refused, day.staffed) == ([0, 10, 20, 30], 1, 5 * 60)


def test_a_later_closing_invents_nobody() -> None:
    [day] = played(morning(FRIDAY), Change(closes=time(18)))
    assert (waits(day), day.staffed) == ([0, 10, 20, 30, 0], 10 * 60)


def test_a_booked_person_waits_from_the_booked_time() -> None:
    opens = at(MONDAY, 8)
    early = replace(visit(opens, Minute(opens + 15), Minute(opens + 20)), kind="booking", due=Minute(opens + 15))
    late = visit(Minute(opens + 1), Minute(opens + 2), Minute(opens + 15))
    [day] = played([early, late])
    # The idle counter takes the early booking at once; the other one waits for five minutes.
    assert waits(day) == [0, 4]


def test_who_was_never_called_takes_as_long_as_others() -> None:
    opens = at(FRIDAY, 8)
    left = visit(Minute(opens + 5), None, None, day=FRIDAY)
    another = visit(Minute(opens + 6), None, None, day=FRIDAY)
    [day] = played([*morning(FRIDAY), left, another])
    assert sorted(waits(day)) == [0, 0, 10, 20, 30, 35, 49], "the mean of 10, 10, 10, 10 and 35 minutes is 15"


def test_who_cancelled_while_waiting_does_not_come() -> None:
    opens = at(FRIDAY, 8)
    steps = [
        Step("arrive", opens, "", "waiting", DOKLADY, "ZOP", None, "kiosk"),
        Step("withdraw", Minute(opens + 5), "waiting", "withdrawn", DOKLADY, "ZOP", None, "sms"),
    ]
    gone = Visit(FRIDAY, "booking", None, booked=True, priority=False, steps=steps)
    [day] = played([*morning(FRIDAY), gone])
    assert len(day.waits) == 5


def test_a_visit_of_two_agendas_goes_on_waiting_after_the_first() -> None:
    opens = at(MONDAY, 8)
    steps = [
        Step("arrive", opens, "", "waiting", DOKLADY, "ZOP", None, "kiosk"),
        Step("call", opens, "waiting", "called", DOKLADY, "ZOP", ONE, "eva"),
        Step("serve", opens, "called", "serving", DOKLADY, "ZOP", ONE, "eva"),
        Step("transfer", Minute(opens + 10), "serving", "waiting", EVIDENCE, "", ONE, "eva"),
        Step("call", Minute(opens + 30), "waiting", "called", EVIDENCE, "", THREE, "jan"),
        Step("done", Minute(opens + 40), "serving", "done", EVIDENCE, "", THREE, "jan"),
    ]
    [day] = work_days(OFFICE, [Visit(MONDAY, "walk_in", None, booked=False, priority=False, steps=steps)])
    assert [(one.agenda, one.takes) for one in day.people[0].errands] == [
        (DOKLADY, timedelta(minutes=10)),
        (EVIDENCE, timedelta(minutes=10)),
    ]
    [played_] = replay(OFFICE, [day], Change(counters={ONE: 1}))
    assert (waits(played_), played_.uncalled) == ([0], 0)


def test_in_a_midday_break_nobody_is_called() -> None:
    """Monday has a break from 11:30 to 12:30."""
    [day] = played(
        [
            visit(at(MONDAY, 8), at(MONDAY, 8), at(MONDAY, 8, 5)),
            visit(at(MONDAY, 11, 45), at(MONDAY, 16, 50), at(MONDAY, 17)),
        ]
    )
    assert waits(day) == [0, 45]
    assert day.staffed == 8 * 60


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_the_hours_are_those_of_the_wall_on_days_when_the_clocks_change(day: date) -> None:
    office = replace(OFFICE, agendas=tuple(replace(one, extra_days=()) for one in OFFICE.agendas))
    opens = at(day, 8)
    found: list[WorkDay] = work_days(office, [visit(opens, Minute(opens + 5), Minute(opens + 15), day=day)])
    [again] = replay(office, found, Change(opens=time(9)))
    assert again.waits == ((9, 0),)


def test_a_day_on_which_nobody_was_called_is_left_out() -> None:
    assert played([visit(at(MONDAY, 8), None, None)]) == []
