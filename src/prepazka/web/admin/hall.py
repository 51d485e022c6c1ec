"""The manager's board "Sál teď": who sits where, how long people wait, and the few acts that put a hall in order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from prepazka.core.actor import Actor
from prepazka.core.office.office import Office
from prepazka.core.queue.hall import AgendaNow, CounterNow, Longest
from prepazka.core.queue.outcomes import CounterClosed, NotFound, OnBreak, OtherSeated, OverseeResult
from prepazka.core.queue.tickets import Wait
from prepazka.flows.counters import hall as flow
from prepazka.flows.counters.hall import SeenCounter
from prepazka.store import accounts, kiosks, queue
from prepazka.web import clock
from prepazka.web.access import StaffRequest, staff
from prepazka.web.admin.page import office_page
from prepazka.web.admin.screens import describe_screen
from prepazka.web.first_steps import setup_steps
from prepazka.web.post_only import post_only
from prepazka.web.wording import format_at_time, format_time

# A break this long is marked: it was probably forgotten.
_LONG_BREAK = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """An agenda's row; longest: in words, "" where nobody waits; light: its kind and its word with its sign."""

    now: AgendaNow
    longest: str
    wait: str
    light: str


@dataclass(frozen=True, slots=True)
class CounterLine:
    """A counter's row in words; marked: somebody should look after it."""

    now: CounterNow
    clerk: str
    since: str
    client: str
    running: str
    state: str
    marked: bool


@staff("manager")
@require_safe
def hall(request: StaffRequest) -> HttpResponse:
    """Show the hall now. `?live`: the page's own script asks for it."""
    office, now = request.official.office, clock.now()
    seen = flow.hall(office, now)
    names = accounts.called(one.seat.clerk for one in seen.counters if one.seat)
    return office_page(
        request,
        "hall",
        "admin-hall",
        {
            "now": now,
            "hall": seen,
            "longest": _describe_longest(seen.longest),
            "agendas": [_agenda_line(one) for one in seen.agendas],
            "counters": [_counter_line(office, one, names, now) for one in seen.counters],
            "screens": [describe_screen(one, now) for one in kiosks.of_office(office.id, "screen")],
            "limit": office.settings.wait_limit_minutes,
            "unfinished": not all(step.done for step in setup_steps(office)),
        },
    )


@staff("manager")
@post_only
def counter(request: StaffRequest) -> HttpResponse:
    """Give a counter a break, or close it; where a client is, closing is asked first, of that client as they are."""
    office, now, form = request.official.office, clock.now(), request.POST
    seen = SeenCounter(_parse_number(form.get("counter", "")), form.get("clerk", "")[:150])
    actor = Actor(request.official.who, now)
    if form.get("act") == "pause":
        return _back(request, flow.pause_counter(office.id, seen, actor))
    client = queue.at_counter(seen.counter) if seen.counter in office.counter_of else None
    if client and form.get("client") != f"{client.id}.{client.version}":
        found = office.counter_of[seen.counter]
        name = accounts.called([seen.clerk]).get(seen.clerk, "")
        context = {"counter": found, "seen": seen, "client": client, "name": name}
        return office_page(request, "hall_close", "admin-hall", context)
    return _back(request, flow.close_counter(office.id, seen, actor))


@staff("manager")
@post_only
def agenda(request: StaffRequest) -> HttpResponse:
    """Stop an agenda's tickets without a booking for today, or give them out again."""
    stopped = request.POST.get("act") == "stop"
    actor = Actor(request.official.who, clock.now())
    found = flow.stop_tickets(
        request.official.office.id, _parse_number(request.POST.get("agenda", "")), actor, stopped=stopped
    )
    return _redirect(request, ("tickets_stopped" if stopped else "tickets_resumed") if found else "other_seated")


def _back(request: StaffRequest, outcome: OverseeResult) -> HttpResponse:
    match outcome:
        case CounterClosed():
            return _redirect(request, "counter_closed")
        case OnBreak():
            return _redirect(request, "counter_paused")
        case OtherSeated() | NotFound():
            return _redirect(request, "other_seated")
        case _:
            assert_never(outcome)


def _redirect(request: StaffRequest, done: str) -> HttpResponse:
    return redirect(f"{reverse('admin-hall', args=[request.official.office.slug])}?done={done}")


def _agenda_line(now: AgendaNow) -> AgendaLine:
    lights = {"normal": _("● v normě"), "near": _("▲ blíží se limitu"), "over": _("■ přes limit")}
    return AgendaLine(now, _describe_longest(now.longest), _describe_wait(now.figures.wait), lights[now.light])


def _describe_wait(wait: Wait | None) -> str:
    if wait is None:
        return "–"
    if not wait.high:
        return _("bez čekání")
    words = _("asi %(low)s–%(high)s min") if wait.low else _("asi do %(high)s min")
    return words % {"low": wait.low, "high": wait.high}


def _counter_line(office: Office, one: CounterNow, names: Mapping[str, str], now: datetime) -> CounterLine:
    seat, client = one.seat, one.client
    if seat is None:
        return CounterLine(one, "", "", "", "", _("nikdo tu nesedí"), marked=False)
    began = client and (client.served_at or client.called_at)
    return CounterLine(
        now=one,
        clerk=names.get(seat.clerk, seat.clerk),
        since=format_time(seat.since.astimezone(office.zone).time()) if seat.since else "",
        client=f"{client.label} {client.service}".strip() if client else "",
        running=_format_minutes(now - began) if began else "",
        state=_describe_seat(office, one, now),
        marked=seat.away_since is not None or (seat.paused_since is not None and now - seat.paused_since > _LONG_BREAK),
    )


def _describe_seat(office: Office, one: CounterNow, now: datetime) -> str:
    seat, words = one.seat, []
    if seat and seat.away_since:
        words.append(_("bez přihlášení %(minutes)s") % {"minutes": _format_minutes(now - seat.away_since)})
    if seat and seat.paused_since:
        words.append(_("přestávka %(minutes)s") % {"minutes": _format_minutes(now - seat.paused_since)})
    if one.closes_at:
        words.append(_("zavře se %(at)s") % {"at": format_at_time(one.closes_at.astimezone(office.zone).time())})
    if not words and one.client:
        words.append(_("volá se") if one.client.state == "called" else _("obsluhuje"))
    return ", ".join(words) or _("volno")


def _describe_longest(longest: Longest | None) -> str:
    return f"{_format_minutes(longest.waited)} {longest.label}" if longest else ""


def _format_minutes(elapsed: timedelta) -> str:
    return f"{max(0, int(elapsed.total_seconds() // 60))} min"


def _parse_number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 16 else 0
