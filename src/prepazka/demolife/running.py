"""Fills the demo office with a simulated month, and keeps its day running while the demo is served."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import count
from threading import Event, Thread

import structlog
from django.db import close_old_connections

from prepazka import clock
from prepazka.core.office import calendar
from prepazka.core.office.office import Agenda, ExtraDay, Office, SavedAnswer
from prepazka.demolife import texts
from prepazka.demolife.life import DemoLife
from prepazka.store import models, offices

log = structlog.get_logger()

SLUG = "demo"
PAST_LENGTH = timedelta(days=30)
# Seconds between two runs of the planned actions.
PAUSE = 1.0
# After this many runs the clerks also look for tickets that visitors of the demo drew.
WAKE_EVERY = 15
# How many people come at once when the demo starts outside its hours.
CROWD = 6
# Titles of the saved answers, in the order of `texts.ANSWERS`.
SAVED = ("Přijďte kdykoli", "Platby a parkování", "Zavoláme vám")
# Seconds after the start at which somebody writes what only a clerk can answer.
QUESTIONS_AFTER = (3, 25, 70, 130, 220)
_AUDIT_ENTRY = "demo life"
_FIRST, _LAST = time(0), time(23, 59)


def start(stop: Event) -> Thread:
    """Run the simulation in a thread until `stop` is set."""
    thread = Thread(target=_play_until_stopped, args=(stop,), name="demo life", daemon=True)
    thread.start()
    return thread


def _play_until_stopped(stop: Event) -> None:
    try:
        office_id = offices.find(SLUG)
        if office_id is None:
            return
        life = resume(office_id, clock.now(), stop.wait)
        for run in count(1):
            if stop.wait(PAUSE):
                return
            now = clock.now()
            life.play(now)
            record_progress(office_id, now)
            if run % WAKE_EVERY == 0:
                if ensure_open(office_id, now):
                    life.plan_arrivals(now)
                life.wake_clerks(now)
            close_old_connections()
    except Exception:
        log.exception("demo life ended")


def resume(office_id: int, now: datetime, rest: Callable[[float], object]) -> DemoLife:
    """Simulate the time since the last run, at most a month, up to now; rest as `DemoLife.catch_up` says."""
    last = last_played(office_id)
    if last is None:
        open_inbox(office_id, now)
    was_closed = ensure_open(office_id, now)  # first: whoever looks meanwhile finds the doors open
    life = DemoLife(office_id, max(last or now - PAST_LENGTH, now - PAST_LENGTH))
    life.catch_up(now, rest)
    life.plan_questions(now, QUESTIONS_AFTER)
    if was_closed:
        life.plan_arrivals(now, crowd=CROWD)
    record_progress(office_id, now)
    return life


def last_played(office_id: int) -> datetime | None:
    """Return the moment up to which the office was simulated; None for an office without a simulation."""
    row = models.Audit.objects.filter(office_id=office_id, what=_AUDIT_ENTRY).order_by("-id").first()
    return row.at if row else None


def record_progress(office_id: int, now: datetime) -> None:
    """Store how far the office was simulated, so that no time is simulated twice."""
    row, _ = models.Audit.objects.get_or_create(
        office_id=office_id, what=_AUDIT_ENTRY, defaults={"at": now, "who": "demo"}
    )
    if now - row.at > timedelta(minutes=1):
        models.Audit.objects.filter(id=row.id).update(at=now)


def open_inbox(office_id: int, now: datetime) -> None:
    """Let clerks answer what is not understood, once: a visitor of the demo may switch that off again."""
    office = offices.load(office_id)
    hours = office.settings.inbox_hours or "po-pá 8-15"
    saved = office.answers or tuple(SavedAnswer(title, text) for title, text in zip(SAVED, texts.ANSWERS, strict=True))
    settings = replace(office.settings, inbox=True, inbox_hours=hours)
    offices.keep(replace(office, settings=settings, answers=saved), now, "demo")


def ensure_open(office_id: int, now: datetime) -> bool:
    """Open the agendas that are closed now, without bookable places: a demo must work at night and on Sundays.

    Return whether any of them was closed.
    """
    office = offices.load(office_id)
    wall = now.astimezone(office.zone)
    # A visitor may have taken all hours from an agenda: what it would be open like is not known then.
    closed = [agenda for agenda in office.agendas if agenda.rules and not _is_open(office, agenda, wall)]
    if not closed:
        return False
    agendas = tuple(
        _open_all_day(office, agenda, wall.date()) if agenda in closed else agenda for agenda in office.agendas
    )
    offices.keep(replace(office, agendas=agendas), now, "demo")
    return True


def _is_open(office: Office, agenda: Agenda, wall: datetime) -> bool:
    hours = calendar.starts(office, agenda, wall.date()).hours
    return bool(hours) and hours[0][0] <= wall.time() and wall.time() < hours[-1][1]


def _open_all_day(office: Office, agenda: Agenda, day: date) -> Agenda:
    """Return the agenda open all day: its usual hours, and hours without bookable places around them."""
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
