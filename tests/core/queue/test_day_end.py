"""Days as they really end: made-up hours, breaks and closures, looked at minute by minute, against a naive calendar."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from random import Random

import pytest

from prepazka.core.office import calendar
from prepazka.core.office.office import Agenda, Closure, Counter, Hours, Office, WeeklyRule
from prepazka.core.queue.board import QueueSnapshot, Seat, board
from prepazka.core.queue.check_in import walk_in
from prepazka.core.queue.forgotten import ASKED_BEFORE, closes_at, fate
from prepazka.core.queue.outcomes import ClosedNow, NoMoreToday
from tests.flows.counters.working_day import DAY, at
from tests.offices import DOKLADY, EVIDENCE, demo_office

STEP = 5
STOP = 15  # minutes before closing, without tickets


def wall(minutes: int) -> time:
    return time(*divmod(minutes, 60))


def minutes_of(shown: time | None, otherwise: int) -> int:
    return otherwise if shown is None else shown.hour * 60 + shown.minute


def moment(minutes: int) -> datetime:
    return DAY + timedelta(minutes=minutes)


def made_up(rng: Random) -> Office:
    """One agenda with one counter, and closures planned and made at once, of the office and of agendas."""
    opens, closes = rng.randrange(7 * 60, 10 * 60, STEP), rng.randrange(13 * 60, 19 * 60, STEP)
    breaks = ((wall(11 * 60), wall(rng.randrange(11 * 60 + STEP, 13 * 60, STEP))),) if rng.random() < 0.6 else ()
    base = demo_office()
    rule = WeeklyRule(0, Hours(wall(opens), wall(closes), STEP, 1, breaks))
    agenda = replace(base.agendas[0], rules=(rule,))
    closures = tuple(made_up_closure(rng) for _ in range(rng.randrange(4)))
    return replace(
        base, agendas=(agenda, base.agendas[1]), closures=closures, counters=(Counter(1, "a", "1", (DOKLADY,)),)
    )


def made_up_closure(rng: Random) -> Closure:
    since = rng.choice([None, wall(rng.randrange(6 * 60, 19 * 60, STEP))])
    # "Close now" lasts until the day ends; some are planned for a part of the day.
    until = rng.choice([None, time(23, 59), wall(rng.randrange(19 * 60, 20 * 60, STEP))])
    if since and rng.random() < 0.4:
        until = wall(min(minutes_of(since, 0) + rng.randrange(STEP, 240, STEP), 23 * 60))
    return Closure(DAY.date(), DAY.date(), "porucha", rng.choice([None, DOKLADY, EVIDENCE]), since, until)


class Naive:
    """The same day, one small piece of time after the other."""

    def __init__(self, office: Office) -> None:
        [rule] = office.agendas[0].rules
        self.closures = [one for one in office.closures if one.agenda != EVIDENCE]
        self.usual = minutes_of(rule.hours.closes, 0)
        opens = minutes_of(rule.hours.opens, 0)
        breaks = [(minutes_of(since, 0), minutes_of(until, 0)) for since, until in rule.hours.breaks]
        self.open = [
            at
            for at in range(opens, self.usual, STEP)
            if not self.is_shut(at) and not any(since <= at < until for since, until in breaks)
        ]

    def is_shut(self, at: int) -> bool:
        return any(minutes_of(one.since, 0) <= at < minutes_of(one.until, 24 * 60) for one in self.closures)

    def for_clients(self, at: int) -> bool:
        return bool(self.open) and self.open[0] <= at < self.open[-1] + STEP

    @property
    def last_ticket(self) -> int:
        return self.open[-1] + STEP - STOP

    @property
    def end(self) -> int:
        """When the counter's day ended; midnight where there was none."""
        end = self.usual
        while end and self.is_shut(end - STEP):
            end -= STEP
        whole = any(one.since is None and one.until is None for one in self.closures)
        return 0 if whole else end if end < self.usual else self.open[-1] + STEP if self.open else 0


@pytest.mark.parametrize("seed", range(60))
def test_kiosk_board_and_counters_follow_the_day_as_it_really_is(seed: int) -> None:
    office = made_up(Random(seed))
    naive, agenda = Naive(office), office.agendas[0]
    for minutes in range(6 * 60, 20 * 60, STEP):
        now = moment(minutes)
        shown = board(office, QueueSnapshot(seats=[Seat(1, "novak", paused=False)]), now).agendas[0]
        assert shown.open == naive.for_clients(minutes), (minutes, office.closures)
        assert (shown.wait is not None) == shown.open
        refused = walk_in(office, agenda, 0, now)
        if not naive.for_clients(minutes):
            assert isinstance(refused, ClosedNow)
        else:
            assert isinstance(refused, NoMoreToday) == (minutes >= naive.last_ticket)
    seat = Seat(1, "novak", paused=False, since=at(5))
    closes = moment(naive.end) + timedelta(minutes=office.settings.close_counters_minutes)
    moments = [moment(minutes) for minutes in range(6 * 60, 24 * 60, STEP)]
    assert [fate(office, seat, [], now) for now in moments] == [
        expected(now, moment(naive.end), closes) for now in moments
    ]


def expected(now: datetime, ended: datetime, closes: datetime) -> str:
    if now < ended:
        return "open"
    return "closes" if now >= max(closes, at(5, 15)) else "asked" if now >= closes - ASKED_BEFORE else "open"


def test_made_up_days_end_by_their_hours_by_closures_and_not_at_all() -> None:
    """The days above are worth looking at."""
    offices = [made_up(Random(seed)) for seed in range(60)]
    days = [Naive(office) for office in offices]
    assert sum(not day.open for day in days) >= 3
    assert sum(0 < day.end < day.usual for day in days) >= 5
    assert sum(day.end == day.usual for day in days) >= 5


@pytest.mark.parametrize(
    ("since", "asked"),
    [
        pytest.param(at(14, 33), at(14, 58), id="in the afternoon"),
        pytest.param(at(12, 4), at(12, 29), id="in the midday break"),
        pytest.param(at(7, 50), at(8, 15), id="before the first opening"),
    ],
)
def test_closing_now_asks_the_clerk_five_minutes_before_the_counter_closes(since: datetime, asked: datetime) -> None:
    shut = closed_since(since)
    seat = Seat(1, "novak", paused=False, since=at(7, 30))
    assert [fate(shut, seat, [], asked + timedelta(minutes=later)) for later in (-1, 0, 4, 5)] == [
        "open",
        "asked",
        "asked",
        "closes",
    ]


def test_a_counter_of_two_agendas_stays_while_one_of_them_is_open() -> None:
    one = replace(closed_since(at(10), DOKLADY), counters=(Counter(1, "a", "A", (DOKLADY, EVIDENCE)),))
    both = replace(one, closures=(*one.closures, *closed_since(at(15), EVIDENCE).closures))
    seat = Seat(1, "novak", paused=False, since=at(7, 30))
    assert closes_at(one, seat, [], at(17, 1)) == at(17, 30)
    assert closes_at(both, seat, [], at(14, 59)) is None
    assert closes_at(both, seat, [], at(15)) == at(15, 30)


def test_where_a_closure_leaves_no_start_the_day_is_over_before_it() -> None:
    """Of a day in steps of half an hour, twenty minutes behind a closure are of no use to anybody."""
    [agenda, _other] = demo_office().agendas
    rules: Sequence[WeeklyRule] = (WeeklyRule(0, Hours(time(8), time(17), 30, 1)),)
    short: Agenda = replace(agenda, rules=tuple(rules))
    office = replace(
        demo_office(), agendas=(short,), closures=(Closure(DAY.date(), DAY.date(), "x", None, time(9), time(16, 40)),)
    )
    end = calendar.day_end(office, short, DAY.date())
    assert end == calendar.starts(office, short, DAY.date()).stretches[-1].closes
    assert walk_in(office, short, 0, at(16, 45)) is not None


def closed_since(since: datetime, agenda: int | None = None) -> Office:
    shut = Closure(DAY.date(), DAY.date(), "havárie", agenda, since.time(), time(23, 59))
    return replace(demo_office(), closures=(shut,))
