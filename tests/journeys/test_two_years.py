"""Two years of offices, day by day, with what the schedule erases and folds: what is kept stays level, and true.

`make test-long` lives them whole, in an office with the usual 13 months and in one with the least, and prints what is
kept at the end of each quarter (docs/performance.md has the figures); the short form lives two days a month.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Model

from prepazka.core.office.office import Office
from prepazka.flows.folding import fold
from prepazka.process.hourly import tidy_up
from prepazka.store import models, offices
from prepazka.store.statistics import Period
from tests.flows.shown import shown
from tests.journeys.months import Month, is_open
from tests.offices import demo_office

pytestmark = pytest.mark.django_db(transaction=True)

FIRST = date(2026, 1, 1)
NUMBERED: tuple[type[Model], ...] = (models.Inbound, models.Outbound, models.Booking, models.Ticket, models.TicketEvent)
"""Tables whose ids stand outside of them: at gateways, in addresses, in archives."""

FIGURES = models.DayFigures._meta.db_table
"""The one table that grows for good: a row for each office and day."""


@dataclass
class Life:
    """Offices that live for some time.

    months: the first days of those lived. sizes: the rows kept at the end of each, by table; details: those of each
    office kept one by one; bytes: of all. told: what pages showed of an office's month while its rows were there.
    """

    offices: list[Office]
    lived: list[Month] = field(init=False)
    months: list[date] = field(default_factory=list)
    sizes: list[dict[str, int]] = field(default_factory=list)
    details: list[list[int]] = field(default_factory=list)
    bytes: list[int] = field(default_factory=list)
    told: dict[tuple[int, date], list[object]] = field(default_factory=dict)
    alive: dict[type[Model], set[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Each office has ids and numbers of its own at the gateway they share.
        self.lived = [Month(office, numbers=100_000 * place) for place, office in enumerate(self.offices)]

    def live(self, month: date, days: list[date]) -> None:
        """Live these days of a month, each with its night, and note what is kept at its end."""
        self.months.append(month)
        for day in days:
            for one in self.lived:
                one.work(day)
            self.night(day)
        if (before := len(self.months) - 3) >= 0:
            for office in self.offices:
                past = self.months[before]
                self.told[office.id, past] = shown(office, period_of(past))
        self.check_ids()
        self.sizes.append(rows_by_table())
        self.details.append([details_of(office) for office in self.offices])
        self.bytes.append(bytes_used())

    def night(self, day: date) -> None:
        """What the schedule does every hour, once, at three in the morning."""
        night = datetime.combine(day + timedelta(days=1), time(1), UTC)
        tidy_up(night)
        fold(night)

    def check_ids(self) -> None:
        """No id was given to another row than the one that had it first."""
        for model in NUMBERED:
            now = set(model._default_manager.values_list("pk", flat=True))
            before = self.alive.get(model, set())
            assert {id_ for id_ in now if id_ <= max(before, default=0)} <= before, model
            self.alive[model] = now or before


def period_of(month: date) -> Period:
    return Period(month, next_month(month) - timedelta(days=1))


def next_month(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def months(count: int) -> Iterator[date]:
    month = FIRST
    for _ in range(count):
        yield month
        month = next_month(month)


def open_days(month: date) -> list[date]:
    return [day for day in period_of(month).days if is_open(day)]


def rows_by_table() -> dict[str, int]:
    return {model._meta.db_table: model._default_manager.count() for model in apps.get_app_config("store").get_models()}


def details_of(office: Office) -> int:
    """The rows of tickets with their events, bookings and messages."""
    kept = sum(
        model._default_manager.filter(office=office.id).count()
        for model in (models.Ticket, models.Booking, models.Inbound, models.Outbound)
    )
    return kept + models.TicketEvent.objects.filter(ticket__office=office.id).count()


def bytes_used() -> int:
    """The bytes that rows and indexes take, without the room that is free to be used again."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT (page_count - freelist_count) * page_size FROM "
                "pragma_page_count, pragma_freelist_count, pragma_page_size"
            )
        else:
            cursor.execute("VACUUM")
            cursor.execute("SELECT SUM(pg_total_relation_size(relid))::bigint FROM pg_stat_user_tables")
        return int(cursor.fetchone()[0])


def keep(slug: str, number: str, **settings: Any) -> Office:
    office = replace(demo_office(), slug=slug, numbers=(number,), gateways={number: "sim"})
    kept = replace(office, settings=replace(office.settings, **settings))
    return offices.load(offices.keep(kept, datetime(2025, 12, 1, tzinfo=UTC)))


def assert_level(life: Life, since: int) -> None:
    """From the end of that month on, no table grows but that of the figures."""
    level = {name: max(sizes[name] for sizes in life.sizes[since : since + 3]) for name in life.sizes[-1]}
    for name, rows in life.sizes[-1].items():
        if name != FIGURES:
            assert rows <= 1.25 * level[name] + 10, (name, [sizes[name] for sizes in life.sizes])


def test_what_is_kept_stays_level_and_tells_the_same(whole: bool, capsys: pytest.CaptureFixture[str]) -> None:
    models.Gateway.objects.create(name="sim", kind="smstools", made_at=datetime(2025, 12, 1, tzinfo=UTC))
    least = keep("semily", "+420739000051", keep_details_months=3)
    life = Life([keep("turnov", "+420739000052"), least] if whole else [least])
    for month in months(24 if whole else 6):
        days = open_days(month)
        life.live(month, days if whole else [days[4], days[7]])
    assert_level(life, since=14 if whole else 4)
    for office, kept in zip(life.offices, (13, 3) if whole else (3,), strict=True):
        # The month that goes on, and those before it that are kept whole.
        first = life.months[-1 - kept]
        assert models.Ticket.objects.filter(office=office.id).earliest("day").day >= first
        assert models.Inbound.objects.filter(office=office.id).earliest("id").received_at.date() >= first
        for month in life.months[:-2]:
            assert shown(office, period_of(month)) == life.told[office.id, month], (office.slug, month)
    assert models.DayFigures.objects.filter(day__lt=life.months[2]).count() > 3
    sent = [message.id for one in life.lived for message in one.peer.sent]
    assert len(sent) == len(set(sent)), "no message had the id of another"
    if whole:
        with capsys.disabled():
            print(quarters(life))  # noqa: T201 -- what the long run is for


def quarters(life: Life) -> str:
    """What was kept at the end of each quarter, as the table of docs/performance.md."""
    lines = [
        f"{period_of(life.months[place]).last} | "
        + " | ".join(f"{rows:,}" for rows in life.details[place])
        + f" | {life.sizes[place][FIGURES]:,} | {life.bytes[place] // 1024:,}"
        for place in range(2, len(life.months), 3)
    ]
    head = f"{connection.vendor}: end of | details kept 13 months | 3 months | figures | all tables, kB"
    return "\n".join(["", head, *lines])
