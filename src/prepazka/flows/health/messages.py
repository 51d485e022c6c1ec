"""What monitoring tells of messages: those that wait, those that did not arrive, and gateways that hear nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings

from prepazka.core import rhythm
from prepazka.core.office import holidays
from prepazka.core.watchdog import is_missing
from prepazka.flows.health.alarms import Problem
from prepazka.gateways.kinds import KINDS
from prepazka.store import figures, gateway_hours, gateways, marks, strays, watchdog

# Seconds; a message that waits longer shows that nothing handles messages.
WAITING = 60
# A reply that waits longer shows that its gateway accepts none.
OVERDUE = timedelta(minutes=5)
# So many messages of a day, and more than one in so many, are more than the wrong numbers people leave.
MANY, ONE_IN = 5, 10


def waiting_problems(now: datetime) -> Iterator[Problem]:
    """Yield whether messages wait to be handled, replies to be sent, or strays to be assigned."""
    age = figures.waiting_messages().age(now)
    if age > WAITING:
        yield Problem("messages_waiting", {"seconds": f"{age:.0f}", "limit": WAITING})
    for gateway, count in figures.unsent_replies(now - OVERDUE).items():
        values = {"count": count, "minutes": OVERDUE.seconds // 60, "gateway": gateway}
        yield Problem("replies_unsent", values, gateway=gateway)
    if count := strays.count():
        yield Problem("messages_stray", {"count": count})


@dataclass(frozen=True, slots=True)
class Undelivered:
    """Messages of the last day that did not arrive, or of which nobody knows it, with the reason of most of them."""

    count: int
    cause: str


def undelivered(now: datetime) -> dict[tuple[str, str], Undelivered]:
    """Return the messages of the last day that did not arrive by gateway, and "failed" or "unknown"."""
    reasons: dict[tuple[str, str], dict[str, int]] = {}
    for one in figures.not_delivered(now - timedelta(days=1)):
        kind = "unknown" if one.state == "unknown" else "failed"
        known = reasons.setdefault((one.gateway, kind), {})
        known[one.cause] = known.get(one.cause, 0) + one.count
    return {
        key: Undelivered(sum(causes.values()), max(sorted(causes), key=causes.__getitem__) or "no reason was given")
        for key, causes in reasons.items()
    }


def delivery_problems(now: datetime) -> Iterator[Problem]:
    """Yield gateways by which more messages than usual did not arrive, or whose receipts name no message."""
    done = gateway_hours.last_day(now)
    for (gateway, kind), found in undelivered(now).items():
        given = done[gateway].sent if gateway in done else 0
        if is_much(found.count, given):
            values = {"count": found.count, "all": max(given, found.count), "gateway": gateway, "cause": found.cause}
            yield Problem(f"messages_{kind}", values, gateway=gateway)
    for gateway, one in done.items():
        if is_much(one.unmatched, one.sent):
            yield Problem("receipts_unmatched", {"count": one.unmatched, "gateway": gateway}, gateway=gateway)


def is_much(count: int, given: int) -> bool:
    """Whether so many of the messages given to a gateway within a day are more than wrong numbers explain."""
    return count >= MANY and count * ONE_IN > given


def silence_problems(now: datetime) -> Iterator[Problem]:
    """Yield the gateways that hear nothing at hours at which messages always came. A constant number of queries."""
    last = marks.moments(marks.HEARD)
    places = gateways.places() if last else {}
    asked = [
        (gateway, one)
        for gateway, at in last.items()
        if gateway in places
        for one in rhythm.hours_before(at, now, ZoneInfo(places[gateway].timezone), _holidays(places[gateway].country))
    ]
    heard = gateway_hours.heard_in(asked)
    for gateway in dict(asked):
        weeks = [heard.get((gateway, week), 0) for week in range(1, rhythm.WEEKS + 1)]
        if rhythm.is_unusual(weeks):
            values = {"gateway": gateway, "since": f"{last[gateway]:%Y-%m-%d %H:%M}"}
            yield Problem("gateway_silent", values, gateway=gateway)


def watchdog_problems(now: datetime) -> Iterator[Problem]:
    """Yield the numbers whose message of the watchdog did not come back; nothing without the setting."""
    if settings.WATCHDOG is None:
        return
    known = watchdog.rounds()
    numbers = {one.number: one.gateway for one in watchdog.watched(KINDS)} if known else {}
    for number, gateway in numbers.items():
        rounds = known.get(number)
        if rounds and rounds.sent and is_missing(rounds, now):
            values = {"gateway": gateway, "number": number, "sent": f"{rounds.sent:%Y-%m-%d %H:%M}"}
            yield Problem("watchdog_missing", values, gateway=gateway)


def _holidays(country: str) -> Callable[[date], bool]:
    return partial(_is_holiday, country)


def _is_holiday(country: str, day: date) -> bool:
    try:
        return holidays.name(country, day) is not None
    except NotImplementedError:  # a country the library does not know: the office's own problem
        return False
