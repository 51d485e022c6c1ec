"""A report says what people went through: made-up days are played by the journeys, and counted again from the notes."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from random import Random

import pytest

from prepazka.core.office.office import Office
from prepazka.core.queue.outcomes import Acted
from prepazka.core.queue.tickets import UNPERFORMED
from prepazka.core.reports.month import Report, report
from prepazka.flows.counters import arrive, call
from prepazka.flows.counters.undo import undo
from prepazka.store import models, offices, reports
from prepazka.store.statistics import Period
from tests.flows.counters.working_day import book
from tests.made_once import kept_once
from tests.offices import PRAGUE, demo_office
from tests.store.busy_day import Day, minute_shown, play
from tests.store.recount import assert_told, first_agendas, spread_of

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 8, 3, 8, tzinfo=PRAGUE)
NIGHT_OF_THE_CLOCKS = datetime(2026, 10, 25, 1, 15, tzinfo=PRAGUE)
"""At 3:00 the clocks show 2:00 again."""

_codes = count(100_000)


def kept() -> Office:
    return kept_once(demo_office(), MONDAY - timedelta(days=60))


def bookings_of(office: Office, opens: datetime, seed: int) -> list[models.Booking]:
    """Make bookings for both agendas all through the day."""
    rng, made = Random(seed), []
    for quarter in range(24):
        for service, lane in (("ZOP", 0), ("ZOP", 1), ("PTP", 0)):
            if rng.random() < 0.5:
                start = opens.astimezone(UTC) + timedelta(minutes=15 * quarter)
                channel = rng.choice(["sms", "web", "desk", "api"])
                made.append(book(office, start, f"{next(_codes)}", service, lane=lane, channel=channel))
    return made


def reported(office: Office, first: date, last: date, today: date) -> Report:
    period = Period(first, last)
    return report(office, period.days, reports.visits(office, period), reports.booked(office, period), today)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "opens",
    [
        pytest.param(MONDAY, id="an ordinary day"),
        pytest.param(NIGHT_OF_THE_CLOCKS, id="the clocks go back"),
        pytest.param(MONDAY.replace(hour=20), id="until midnight"),
    ],
)
def test_a_report_says_what_people_went_through(opens: datetime, seed: int) -> None:
    office = kept()
    day = play(office, opens, seed, 30, bookings_of(office, opens, seed))
    found = reported(office, opens.date(), opens.date(), opens.date() + timedelta(days=1))
    assert_told(found, list(day.notes.values()), first_agendas(day))
    assert {"arrived", "parked", "transferred"} <= {why for _, why in found.stretches}, "an empty day proves nothing"


def test_made_up_days_have_everything_that_can_happen() -> None:
    office = kept()
    seen: set[str] = set()
    for seed in range(4):
        play(office, MONDAY + timedelta(days=seed), seed, 30, bookings_of(office, MONDAY + timedelta(days=seed), seed))
    seen = set(models.TicketEvent.objects.values_list("act", flat=True).distinct())
    assert seen == {
        *UNPERFORMED,
        "arrive", "call", "recall", "serve", "done", "park", "not_here", "absent", "revive", "transfer", "close",
        "withdraw", "leave", "mistake",
    }  # fmt: skip


def test_several_days_are_the_sum_of_them_and_no_other_office_is_in_them() -> None:
    office = kept()
    other = offices.load(offices.keep(replace(demo_office(), slug="jinde", numbers=("+420739547766",)), MONDAY))
    tuesday = MONDAY + timedelta(days=1)
    days = [
        play(office, opens, seed, 25, bookings_of(office, opens, seed)) for seed, opens in enumerate((MONDAY, tuesday))
    ]
    play(other, MONDAY, 7, 25, bookings_of(other, MONDAY, 7))
    notes = [note for day in days for note in day.notes.values()]
    found = reported(office, MONDAY.date(), tuesday.date(), tuesday.date() + timedelta(days=1))
    assert_told(found, notes, first_agendas(days[0]) | first_agendas(days[1]))
    assert reported(office, tuesday.date(), tuesday.date(), tuesday.date()).tickets == Counter(
        note.kind for note in days[1].notes.values()
    )


def test_who_did_not_come_is_counted_by_service_and_channel() -> None:
    office = kept()
    made = bookings_of(office, MONDAY, 3)
    day = play(office, MONDAY, 3, 45, made)
    came = {ticket.booking for ticket in day.tickets.values()}
    stand = [one for one in models.Booking.objects.all() if one.state == "booked"]
    assert len(stand) < len(made), "somebody cancelled"
    found = reported(office, MONDAY.date(), MONDAY.date(), MONDAY.date() + timedelta(days=1))
    assert (found.no_shows.expected, found.no_shows.missed) == (len(stand), sum(one.id not in came for one in stand))
    for key, told in (("channel", found.no_shows_by_channel), ("service", found.no_shows_by_service)):

        def of(one: models.Booking, key: str = key) -> str:
            return one.service.code if key == "service" else one.channel

        expected, missed = Counter(map(of, stand)), Counter(of(one) for one in stand if one.id not in came)
        assert {name: (one.expected, one.missed) for name, one in told.items()} == {
            name: (expected[name], missed[name]) for name in expected
        }
    assert found.booked == Counter(one.channel for one in stand)


def test_of_three_who_all_stayed_away_everybody_did() -> None:
    office = kept()
    for place in range(3):
        book(office, MONDAY + timedelta(minutes=15 * place), f"{next(_codes)}")
    found = reported(office, MONDAY.date(), MONDAY.date(), MONDAY.date() + timedelta(days=1))
    assert found.no_shows.share == 1.0
    assert (found.waits, found.served.spread, found.left) == (None, None, 0)


def test_today_nobody_has_stayed_away_yet() -> None:
    office = kept()
    book(office, MONDAY, f"{next(_codes)}")
    assert reported(office, MONDAY.date(), MONDAY.date(), MONDAY.date()).no_shows.share is None


def test_capacity_is_what_was_offered_booked_and_used() -> None:
    office = kept()
    first = book(office, MONDAY, f"{next(_codes)}")
    book(office, MONDAY + timedelta(minutes=15), f"{next(_codes)}")
    day = Day(office, Random(0), MONDAY)
    day.open()
    day.checks_in(first)
    found = reported(office, MONDAY.date(), MONDAY.date() + timedelta(days=5), MONDAY.date())
    doklady, evidence = (found.capacity[agenda.id] for agenda in office.agendas)
    # Monday and Wednesday 8 hours, Tuesday and Thursday 7, Friday 6.5: two lanes, and one.
    assert (doklady.offered, doklady.booked, doklady.used) == (36.5 * 60 * 2, 30, 15)
    assert (evidence.offered, evidence.booked, evidence.used) == (36.5 * 60, 0, 0)


def test_a_call_that_its_clerk_took_back_is_none() -> None:
    office = kept()
    day = Day(office, Random(0), MONDAY)
    day.open()
    arrive.walk_in(office.id, "ZOP", MONDAY)
    called = call.call_next(office.id, "novak", MONDAY + timedelta(minutes=3))
    assert isinstance(called, Acted)
    undo(office.id, "novak", [called.ticket.ref], MONDAY + timedelta(minutes=3, seconds=5))
    call.call_next(office.id, "novak", MONDAY + timedelta(minutes=9))
    found = reported(office, MONDAY.date(), MONDAY.date(), MONDAY.date())
    assert found.waits == spread_of([9])
    assert found.stretches == {(office.agendas[0].id, "arrived"): spread_of([9])}


def test_events_of_before_agendas_were_recorded_are_the_tickets() -> None:
    office = kept()
    day = play(office, MONDAY, 1, 20, [])
    models.TicketEvent.objects.update(agenda=None, service=None)
    found = reported(office, MONDAY.date(), MONDAY.date(), MONDAY.date())
    assert sum(one.count for one in found.waits_by_agenda.values()) == sum(
        note.first_call is not None for note in day.notes.values()
    )
    assert minute_shown(MONDAY) == MONDAY.timestamp() // 60
