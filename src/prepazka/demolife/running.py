"""Filling the demo office with a month gone by, and keeping its day moving while the demo is served."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import count
from threading import Event, Thread

import structlog
from django.db import close_old_connections

from prepazka import clock
from prepazka.core.office import calendar
from prepazka.core.office.office import Agenda, ExtraDay, Office
from prepazka.demolife.life import DemoLife
from prepazka.store import models, offices

log = structlog.get_logger()

SLUG = "demo"
PAST = timedelta(days=30)
# Seconds between looks into the diary.
PAUSE = 1.0
# So many looks between those for people who came by another door.
WAKE_EVERY = 15
# Who opens the demo at an odd hour finds so many people in its hall.
CROWD = 6
_LIVED = "demo life"
_FIRST, _LAST = time(0), time(23, 59)


def start(stop: Event) -> Thread:
    """Live in a thread of its own until `stop` is set."""
    thread = Thread(target=_run, args=(stop,), name="demo life", daemon=True)
    thread.start()
    return thread


def _run(stop: Event) -> None:
    try:
        office_id = offices.find(SLUG)
        if office_id is None:
            return
        life = catch_up(office_id, clock.now())
        for look in count(1):
            if stop.wait(PAUSE):
                return
            now = clock.now()
            life.play(now)
            record_progress(office_id, now)
            if look % WAKE_EVERY == 0:  # tickets are also drawn by whoever tries the kiosk
                if ensure_open(office_id, now):
                    life.expect(now)
                life.wake(now)
            close_old_connections()
    except Exception:
        log.exception("demo life ended")


def catch_up(office_id: int, now: datetime) -> DemoLife:
    """Live through what has not been lived yet, at most a month, up to now."""
    since = max(last_played(office_id) or now - PAST, now - PAST)
    life = DemoLife(office_id, since)
    life.catch_up(now)
    if ensure_open(office_id, now):
        life.expect(now, crowd=CROWD)
    record_progress(office_id, now)
    return life


def last_played(office_id: int) -> datetime | None:
    """Up to when this office's life was played before."""
    row = models.Audit.objects.filter(office_id=office_id, what=_LIVED).order_by("-id").first()
    return row.at if row else None


def record_progress(office_id: int, now: datetime) -> None:
    """Remember how far it was played, so that nothing is lived twice."""
    row, _ = models.Audit.objects.get_or_create(office_id=office_id, what=_LIVED, defaults={"at": now, "who": "demo"})
    if now - row.at > timedelta(minutes=1):
        models.Audit.objects.filter(id=row.id).update(at=now)


def ensure_open(office_id: int, now: datetime) -> bool:
    """Whoever tries the demo at night or on a Sunday finds its counters open, too, without places to book.

    Whether they were shut till now.
    """
    office = offices.load(office_id)
    wall = now.astimezone(office.zone)
    shut = [agenda for agenda in office.agendas if not _open(office, agenda, wall)]
    if not shut:
        return False
    agendas = tuple(
        _open_all_day(office, agenda, wall.date()) if agenda in shut else agenda for agenda in office.agendas
    )
    offices.keep(replace(office, agendas=agendas), now, "demo")
    return True


def _open(office: Office, agenda: Agenda, wall: datetime) -> bool:
    hours = calendar.starts(office, agenda, wall.date()).hours
    return bool(hours) and hours[0][0] <= wall.time() and wall.time() < hours[-1][1]


def _open_all_day(office: Office, agenda: Agenda, day: date) -> Agenda:
    """Its usual stretches, and before and after them others without places to book."""
    usual = [rule.hours for rule in agenda.rules if rule.weekday == day.weekday()]
    usual = usual if calendar.starts(office, agenda, day).hours else []
    sample = agenda.rules[0].hours
    edges = [_FIRST, *[edge for hours in usual for edge in (hours.opens, hours.closes)], _LAST]
    around = [
        replace(sample, opens=since, closes=until, lanes=0, breaks=())
        for since, until in zip(edges[::2], edges[1::2], strict=True)
        if since < until
    ]
    today = tuple(ExtraDay(day, hours) for hours in sorted([*usual, *around], key=lambda hours: hours.opens))
    return replace(agenda, extra_days=tuple(extra for extra in agenda.extra_days if extra.day != day) + today)
