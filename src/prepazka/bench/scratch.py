"""Scratch databases beside the configured one, on the same disk or server, filled with as many rows as needed."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import psycopg
from django.core.management import call_command
from django.db import connection
from django.db.models import Model

from prepazka.bench.measure import report
from prepazka.core.minutes import Minute, instant
from prepazka.core.office.calendar import starts
from prepazka.core.office.office import Agenda, Hours, Office, Service, Settings, WeeklyRule
from prepazka.store import models, offices

# Every measurement uses this moment, a Monday morning, so every run does the same.
NOW = datetime(2026, 8, 3, 5, tzinfo=UTC)
MONDAY = date(2026, 8, 3)


# Each database has a name of its own: `store.offices` caches an office by database name, id and version, so in a second
# database of the same name it would return the office of the first.
_numbers = count(1)
_PREFIX = "prepazka_bench_"
# An SQLite file with the tables and no row: to migrate takes longer than most parts.
_tables: list[bytes] = []


@contextmanager
def database() -> Iterator[str]:
    """Create an empty database with our tables, yield its URL for other processes, and delete it afterwards."""
    settings = connection.settings_dict
    configured_name = settings["NAME"]
    name = f"{_PREFIX}{os.getpid()}_{next(_numbers)}"
    if connection.vendor == "sqlite":
        path = Path(configured_name).with_name(f"{name}.sqlite3")
        path.parent.mkdir(parents=True, exist_ok=True)
        url, scratch_name = f"sqlite:///{path}", str(path)
    else:
        _administer(f'CREATE DATABASE "{name}"')
        url, scratch_name = postgresql_url(name), name
    connection.close()
    settings["NAME"] = scratch_name
    try:
        if connection.vendor == "sqlite" and _tables:
            path.write_bytes(_tables[0])
        else:
            call_command("migrate", verbosity=0)
        if connection.vendor == "sqlite" and not _tables:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            _tables.append(path.read_bytes())
        yield url
    finally:
        connection.close()
        settings["NAME"] = configured_name
        if connection.vendor == "sqlite":
            _delete(path.parent, name)
        else:
            _administer(f'DROP DATABASE "{name}" WITH (FORCE)')


def _delete(directory: Path, name: str) -> None:
    for file in directory.glob(f"{name}.sqlite3*"):
        file.unlink(missing_ok=True)


def sweep() -> None:
    """Delete the scratch databases of a measurement that was killed; those of PostgreSQL may be another machine's."""
    if connection.vendor == "sqlite":
        directory = Path(str(connection.settings_dict["NAME"])).parent
        for file in directory.glob(f"{_PREFIX}*.sqlite3"):
            if not _is_running(file.stem.removeprefix(_PREFIX).partition("_")[0]):
                _delete(directory, file.stem)
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY 1", [f"{_PREFIX}%"])
        if left := [name for (name,) in cursor.fetchall()]:
            drop = "; ".join(f"DROP DATABASE {name}" for name in left)
            report(f"if no other measurement runs on this server, of ended ones there is left: {drop}")


def _is_running(pid: str) -> bool:
    return not pid.isdecimal() or Path("/proc", pid).exists()


def postgresql_url(name: str) -> str:
    """Return the URL of a database on the configured server."""
    settings = connection.settings_dict
    password = f":{settings['PASSWORD']}" if settings["PASSWORD"] else ""
    return f"postgresql://{settings['USER']}{password}@{settings['HOST']}:{settings['PORT'] or 5432}/{name}"


def _administer(statement: str) -> None:
    with psycopg.connect(postgresql_url(str(connection.settings_dict["NAME"])), autocommit=True) as base:
        base.execute(statement)


def make_town(number: int, *, step: int = 5, lanes: int = 4) -> Office:
    """Return an office with one agenda of long hours and many starts, so that no measurement runs out of places."""
    week = tuple(WeeklyRule(day, Hours(time(8), time(17), step, lanes)) for day in range(7))
    return Office(
        id=0,
        slug=f"mesto-{number}",
        name=f"Město {number}",
        zone=ZoneInfo("Europe/Prague"),
        numbers=(f"+4207{number:08d}",),
        agendas=(Agenda(0, "doklady", "Doklady", week),),
        services=(Service(0, "ZOP", "žádost o občanský průkaz", step, 0),),
        holidays=None,
        settings=Settings(),
    )


def store_towns(number_of_towns: int, *, like: Office | None = None) -> list[int]:
    """Store this many offices and return their ids: the first by `store.offices`, the others as copies of its rows.

    like: the first of them, with one agenda, one service and any counters; None: as `make_town` makes it.
    """
    first = offices.keep(like or make_town(1), NOW)
    pattern = models.Office.objects.get(id=first)
    agenda, service = pattern.agendas.get(), pattern.services.get()
    rules = list(agenda.rules.all())
    copies = [_copy(pattern, slug=f"mesto-{number}") for number in range(2, number_of_towns + 1)]
    models.Office.objects.bulk_create(copies, batch_size=500)
    agendas = [_copy(agenda, office=office) for office in copies]
    models.Agenda.objects.bulk_create(agendas, batch_size=500)
    models.Service.objects.bulk_create(
        [_copy(service, office=copy.office, agenda=copy) for copy in agendas], batch_size=500
    )
    models.WeeklyRule.objects.bulk_create(
        [_copy(rule, agenda=copy) for copy in agendas for rule in rules], batch_size=500
    )
    models.Number.objects.bulk_create(
        [models.Number(office=office, e164=make_town(number).numbers[0]) for number, office in enumerate(copies, 2)],
        batch_size=500,
    )
    for counter in pattern.counters.all():
        _copy_counter(counter, agendas)
    return [first, *(office.id for office in copies)]


def _copy_counter(counter: models.Counter, agendas: Sequence[models.Agenda]) -> None:
    """Store a counter like this one for each of these agendas, in its office."""
    copies = [_copy(counter, office=agenda.office) for agenda in agendas]
    models.Counter.objects.bulk_create(copies, batch_size=500)
    served = models.Counter.agendas.through
    served.objects.bulk_create(
        [served(counter=copy, agenda=agenda) for copy, agenda in zip(copies, agendas, strict=True)], batch_size=500
    )


M = TypeVar("M", bound=Model)


def _copy(row: M, **different: Any) -> M:
    values = {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key
    }
    copy = type(row)(**values)
    for name, value in different.items():
        setattr(copy, name, value)
    return copy


@contextmanager
def without_indexes() -> Iterator[None]:
    """Drop PostgreSQL's indexes of the bookings and rebuild them afterwards, as a restore does: many times quicker."""
    rebuild = []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
                "WHERE conrelid = 'booking'::regclass AND contype = 'x'"
            )
            for name, definition in cursor.fetchall():
                cursor.execute(f"ALTER TABLE booking DROP CONSTRAINT {name}")
                rebuild.append(f"ALTER TABLE booking ADD CONSTRAINT {name} {definition}")
            cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'booking'")
            for name, definition in cursor.fetchall():
                if name != "booking_pkey":
                    cursor.execute(f"DROP INDEX {name}")
                    rebuild.append(definition)
        yield
        for statement in rebuild:
            cursor.execute(statement)


def fill_past(bookings: int) -> None:
    """Let the database write this many past bookings, shared evenly among all offices."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM office")
        each = -(-bookings // cursor.fetchone()[0])
        cursor.execute(_PAST[connection.vendor], {"each": each, "now": NOW.strftime("%Y-%m-%d %H:%M:%S")})
        cursor.execute("ANALYZE")


# The n-th booking before now is in lane n % 4; every four bookings are a quarter of an hour earlier.
_PAST_COLUMNS = """
    INSERT INTO booking (office_id, agenda_id, service_id, lane, starts_at, ends_at, day, name, persons, sender, code,
                         state, channel, text_key, made_at, changed_at)
    SELECT s.office_id, s.agenda_id, s.id, n.i %% 4, {start}, {end}, {day}, 'NOVAK', 1,
           '+420777' || (100000 + n.i %% 800000), CAST(100000 + n.i %% 900000 AS varchar(6)), 'booked', 'sms', '',
           {start}, {start}
    FROM service s CROSS JOIN {numbers} AS n
"""
_PAST = {
    "sqlite": _PAST_COLUMNS.format(
        start="datetime(%(now)s, '-' || (15 * (n.i / 4 + 1)) || ' minutes')",
        end="datetime(%(now)s, '-' || (15 * (n.i / 4)) || ' minutes')",
        day="date(%(now)s, '-' || (15 * (n.i / 4 + 1)) || ' minutes')",
        numbers=(
            "(WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM c WHERE i + 1 < %(each)s) SELECT i FROM c)"
        ),
    ),
    "postgresql": _PAST_COLUMNS.format(
        start="(CAST(%(now)s || '+00' AS timestamptz) - (n.i / 4 + 1) * interval '15 minutes')",
        end="(CAST(%(now)s || '+00' AS timestamptz) - (n.i / 4) * interval '15 minutes')",
        day="CAST(CAST(%(now)s AS timestamp) - (n.i / 4 + 1) * interval '15 minutes' AS date)",
        numbers="(SELECT generate_series(0, %(each)s - 1) AS i)",
    ),
}


def fill_week(office_id: int) -> None:
    """Book all but every twentieth place of the office's next nine days."""
    office = offices.load(office_id)
    (agenda,), (service,) = office.agendas, office.services
    places = [
        (start.minute, day, lane)
        for day in (MONDAY + timedelta(days=ahead) for ahead in range(9))
        for start, _ in starts(office, agenda, day).places.values()
        for lane in range(agenda.rules[0].hours.lanes)
    ]
    models.Booking.objects.bulk_create(
        [
            models.Booking(
                office_id=office_id,
                agenda_id=agenda.id,
                service_id=service.id,
                lane=lane,
                starts_at=instant(minute),
                ends_at=instant(Minute(minute + service.minutes)),
                day=day,
                name="NOVAK",
                sender=f"+420602{number:06d}",
                code=f"{900_000 + number}",
                state="booked",
                channel="sms",
                text_key="",
                made_at=NOW,
                changed_at=NOW,
            )
            for number, (minute, day, lane) in enumerate(places)
            if number % 20
        ],
        batch_size=1000,
    )
