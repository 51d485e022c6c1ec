"""A month of an office, through the real journeys, and its report counted again from what each person went through."""

import math
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from prepazka.core.office.office import Office
from prepazka.store import models, offices
from prepazka.web import clock
from prepazka.web.admin.report import figures, month_of
from tests.journeys.months import Month, is_open
from tests.offices import PRAGUE, demo_office
from tests.store.recount import assert_told

pytestmark = pytest.mark.django_db

JULY = month_of(date(2026, 7, 1))
CLOSES = {0: (17, 0), 1: (15, 0), 2: (17, 0), 3: (15, 0), 4: (14, 30)}
"""When the demo office closes, by weekday, as docs/spec/contract.md §3 tells; it opens at 8:00."""


def lived(office: Office) -> Month:
    month = Month(office)
    # Days of June and of August lie around the month, and are in no figure of it.
    for day in [date(2026, 6, 30), *JULY.days, date(2026, 8, 3)]:
        if is_open(day):
            month.work(day)
    return month


def sms(text: str) -> int:
    """In how many SMS a plain text goes: 160 characters, or 153 of each where it is longer."""
    return 1 if len(text) <= 160 else math.ceil(len(text) / 153)


def test_a_month_is_reported_to_the_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    models.Gateway.objects.create(name="sim", kind="smstools", made_at=datetime(2026, 6, 1, tzinfo=UTC))
    bound = replace(demo_office(), gateways={demo_office().numbers[0]: "sim"})
    office = offices.load(offices.keep(bound, datetime(2026, 6, 1, tzinfo=UTC)))
    month = lived(office)
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 8, 5, 7, tzinfo=UTC))
    found = figures(office, JULY)
    told = found.report
    in_july = [day for day in month.days if JULY.first <= day.now.astimezone(PRAGUE).date() <= JULY.last]
    notes = [note for day in in_july for note in day.notes.values()]
    assert len(notes) > 150
    assert_told(told, notes, {id(note): note.queued[0][0] for note in notes if note.queued})

    withdrawn = {ticket.booking for day in month.days for ticket in day.tickets.values() if ticket.state == "withdrawn"}
    cancelled = month.cancelled | withdrawn
    stand = {
        row: what for row, what in month.booked.items() if row not in cancelled and JULY.first <= what[0] <= JULY.last
    }
    came = {ticket.booking for day in in_july for ticket in day.tickets.values()}
    missed = {row: what for row, what in stand.items() if row not in came}
    assert missed
    assert came & set(stand)
    assert (told.no_shows.expected, told.no_shows.missed) == (len(stand), len(missed))
    for place, by in ((1, told.no_shows_by_service), (2, told.no_shows_by_channel)):
        expected = Counter(what[place] for what in stand.values())
        stayed_away = Counter(what[place] for what in missed.values())
        assert {name: (one.expected, one.missed) for name, one in by.items()} == {
            name: (expected[name], stayed_away[name]) for name in expected
        }
    assert told.booked == Counter(what[2] for what in stand.values())

    evidence = office.agendas[1].id
    for agenda, lanes, services in ((office.agendas[0].id, 2, {"ZOP", "POP"}), (evidence, 1, {"PTP"})):
        of_agenda = [row for row, what in stand.items() if what[1] in services]
        offered = sum(
            (CLOSES[day.weekday()][0] - 8) * 60 + CLOSES[day.weekday()][1] - (60 if day.weekday() in {0, 2} else 0)
            for day in JULY.days
            if is_open(day)
        )
        capacity = told.capacity[agenda]
        assert (capacity.offered, capacity.booked) == (offered * lanes, 15 * len(of_agenda))
        assert capacity.used == 15 * sum(row in came for row in of_agenda)

    changed = models.Booking.objects.filter(id__in=[row for row in cancelled if row]).values_list(
        "changed_at", flat=True
    )
    assert found.cancelled == sum(JULY.first <= at.astimezone(PRAGUE).date() <= JULY.last for at in changed)
    texts = [
        one.text
        for one in models.Outbound.objects.exclude(tried_at=None)
        if one.tried_at and JULY.first <= one.tried_at.astimezone(PRAGUE).date() <= JULY.last
    ]
    assert len(texts) > 30
    assert set(texts) <= {one.text for one in month.peer.sent}, "the network got them"
    [by_gateway] = found.sent
    assert (by_gateway.gateway, by_gateway.messages) == ("sim", len(texts))
    assert by_gateway.parts == sum(sms(text) for text in texts)
