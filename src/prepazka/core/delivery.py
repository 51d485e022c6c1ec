"""How a message to a citizen is sent: kinds, states, when it is tried again, and when it is given up. One place.

    queued ─→ sending ─→ handed ─→ sent ─→ delivered | undelivered | failed
      │ ↑        │ └─→ unknown ─→ queued (once more)
      │ └────────┘ not taken, to be tried again
      └─→ expired | failed

A message is worth what its recipient can still do with it, so each has a moment from which it is not sent any more.
A lost answer is neither a success nor a failure: the recipient may have the message already, and every copy costs
money and trust. So it is `unknown`, and what may be done about that is said here and nowhere
else (`once_more`, `waited`).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

from prepazka.core.minutes import instant, reached

State = Literal["queued", "sending", "handed", "sent", "delivered", "undelivered", "failed", "expired", "unknown"]
News = Literal["handed", "sent", "delivered", "undelivered", "failed"]

PRECEDENCE: Mapping[State, int] = {
    "queued": 0,
    "sending": 0,
    "expired": 0,
    "unknown": 0,
    "handed": 1,
    "sent": 2,
    "undelivered": 3,
    "failed": 3,
    "delivered": 4,
}
"""What a gateway's answer or receipt says replaces what stands below it, so news in any order end the same.

What was given up (expired) or is not known (unknown) stands lowest: whatever is heard of it, even late, is truer.
"""


# docs/spec/delivery.md §4.2: "News only ever raise a state"
def newer(state: State, news: News) -> bool:
    """Whether news say more of a message, or of a part of it, than what was known."""
    return PRECEDENCE[news] > PRECEDENCE[state]


# docs/spec/delivery.md §4.2: "A message is `delivered` only when all parts of one copy are"
def of_parts(parts: Sequence[State], total: int) -> News | None:
    """What a message in so many parts has come to, from the parts something was heard of; None: nothing new yet.

    It is in the phone only when all its parts are, and of no use when one of them is not.
    """
    for bad in ("failed", "undelivered"):
        if bad in parts:
            return bad
    heard = [part for part in parts if PRECEDENCE[part] >= PRECEDENCE["sent"]]
    if len(heard) < total:
        return None
    return "delivered" if all(part == "delivered" for part in heard) else "sent"


# --- kinds -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of message. priority: the lower goes first.

    matters: a second copy is better than none. of_booking: of no use once its booking does not stand any more.
    by_day: not to be sent at night, nor to who wants no reminders.
    """

    priority: int
    matters: bool = False
    of_booking: bool = False
    by_day: bool = False


KINDS: Mapping[str, Kind] = {
    "reply": Kind(0, matters=True),
    "answer": Kind(0, matters=True),
    "confirmation": Kind(0, matters=True, of_booking=True),
    "called_off": Kind(1, matters=True),
    "resent": Kind(0, matters=True),
    "notice": Kind(1),
    "reminder": Kind(5, of_booking=True, by_day=True),
    "bulk": Kind(9, by_day=True),
}

LIFETIME = timedelta(hours=4)
"""How long a reply, or the notice of a freed place, is of use."""

# --- trying ------------------------------------------------------------------------------------

LEASE = timedelta(minutes=2)
"""How long a process may take to hand over what it has claimed, before its messages count as lost."""

BACK_OFF = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30))
"""After the first, second … try in vain; then always the last."""

THROTTLED = timedelta(seconds=15)
"""How long a gateway that was given messages too fast is given none."""

WAIT = timedelta(minutes=10)
"""How long a receipt may clear up what an answer has not said, or wait for the answer it belongs to."""

REMEMBERED = timedelta(days=30)
"""How long it is known what gateways call messages, what they said of them, and which contents have come: longer than
any late receipt or repeated delivery can be. A network keeps a text for a phone that is off some days, a week at most,
an Android phone calls again for two days, and what lay on a SIM through a longer outage is too old to be booked."""

AWAY = timedelta(minutes=2)
"""What is due is looked at within seconds. When it was not for so long, nobody was there."""

BREAK_AFTER = 5
BREAK = timedelta(minutes=1)
"""After so many tries in vain, one after the other, a gateway is given nothing for so long, and then one to try."""


@dataclass(frozen=True, slots=True)
class Disposition:
    """What becomes of a message: its state, and when something is to be done about it next, if ever."""

    state: State
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attempts:
    """What a message has behind it: so many tries, the answers to so many of which were lost; the last one counted."""

    kind: str
    expires: datetime
    attempts: int
    lost: int


class Capabilities(Protocol):
    """What a gateway promises (`gateways.values.Capabilities`)."""

    @property
    def idempotent(self) -> bool:
        """Given the same id twice, it sends one message."""

    @property
    def receipts(self) -> bool:
        """It tells what became of a message."""


# docs/spec/delivery.md §4.3: "tried again after 30 seconds, 2 minutes, 10 minutes, and then every 30 minutes"
def next_try(attempts: int, now: datetime, expires: datetime) -> datetime | None:
    """When to try again after so many tries (at least one); None when it would be of no use any more."""
    at = now + BACK_OFF[min(attempts, len(BACK_OFF)) - 1]
    return at if at < expires else None


# docs/spec/delivery.md §4.4: "A gateway that keeps our ids is asked again with the same id"
# docs/spec/delivery.md §4.4: "then a message that matters is sent once more, the same text, and never again"
def once_more(so_far: Attempts, gateway: Capabilities) -> bool:
    """Whether a message of which it is not known whether it was sent is sent again.

    A gateway that keeps our ids sends one message however often it is given it. Of the others, one that sends
    receipts has had `WAIT` to speak of it: then a message that matters is sent once more, the same text, and never
    again. A gateway's silence that sends none says nothing.
    """
    return gateway.idempotent or (gateway.receipts and so_far.lost == 1 and KINDS[so_far.kind].matters)


def not_taken(so_far: Attempts, gateway: Capabilities) -> Attempts:
    """What a certain no says of the tries before: where copies are one message, none of them was taken either."""
    return replace(so_far, lost=0) if gateway.idempotent else so_far


def refused(so_far: Attempts, now: datetime) -> Disposition:
    """Of a message the gateway certainly has not taken, but might take later."""
    at = next_try(so_far.attempts, now, so_far.expires)
    return Disposition("queued", at) if at else given_up(so_far)


# docs/spec/delivery.md §4.3: "A permanent refusal ends the message as `failed`."
def refused_for_good(so_far: Attempts) -> Disposition:
    """Of a message the gateway will never take; an earlier copy of it may have been."""
    return Disposition("unknown") if so_far.lost else Disposition("failed")


def given_up(so_far: Attempts) -> Disposition:
    """Of a message that is of no use any more; a copy of it may have been sent."""
    return Disposition("unknown") if so_far.lost else Disposition("expired")


# docs/spec/delivery.md §4.4: "A lost answer is neither a success nor a failure"
def answer_lost(so_far: Attempts, now: datetime, gateway: Capabilities) -> Disposition:
    """Of a message that was given to the gateway, when nobody knows what came of it. now: when that is found."""
    return Disposition(
        "unknown",
        next_try(so_far.attempts, now, so_far.expires) if gateway.idempotent else now + WAIT,
    )


# docs/spec/delivery.md §4.4: "The silence of a gateway that sends no receipts says nothing"
def waited(so_far: Attempts, due: datetime, now: datetime, gateway: Capabilities) -> Disposition:
    """Of a message that is `unknown` and was due then: nothing more was heard of it.

    When nobody was there at that time, receipts may lie waiting to be heard; so it is waited for them anew.
    """
    if now >= so_far.expires or not once_more(so_far, gateway):
        return Disposition("unknown")
    if not gateway.idempotent and now - due >= AWAY:
        return Disposition("unknown", now + WAIT)
    return Disposition("queued", now)


# docs/spec/delivery.md §4.3: "A gateway's pace in parts per minute is kept"
def room(per_minute: int | None, used: int, parts: Sequence[int]) -> int:
    """How many of these messages, in order, a gateway may be given now; used: the parts it got in the last minute.

    None overtakes one that has to wait. One longer than a minute's share gets the whole minute.
    """
    if per_minute is None:
        return len(parts)
    count = 0
    for count, more in enumerate(parts):
        if used and used + more > per_minute:
            return count
        used += more
    return count + 1 if parts else 0


CircuitSignal = Literal["taken", "refused", "in vain", "too fast"]
"""What one answer says of the gateway itself: "in vain" is a failure another message would meet too."""


@dataclass(frozen=True, slots=True)
class CircuitState:
    """How sending by a gateway goes.

    failures: tries in vain, one after the other; paused: until then it is given nothing.
    """

    failures: int = 0
    paused: datetime | None = None

    # docs/spec/delivery.md §4.3: "After 5 failures in a row a gateway is left alone for a minute"
    def share(self, batch: int, now: datetime) -> int:
        """How many messages it may be given at once now: none in a pause, and one to try after it failed so often.

        A pause that would last longer than any does was begun by a clock that was wrong.
        """
        if self.paused and now < self.paused <= now + BREAK:
            return 0
        return 1 if self.failures >= BREAK_AFTER else batch

    def after(self, came: Sequence[CircuitSignal], now: datetime) -> "CircuitState":
        """How it goes after these answers."""
        failures, paused = self.failures, self.paused
        if paused and paused > now + BREAK:
            paused = None
        for one in came:
            match one:
                case "taken" | "refused":
                    failures = 0
                case "in vain":
                    failures = min(failures + 1, BREAK_AFTER)
                    if failures == BREAK_AFTER:
                        paused = now + BREAK
                case "too fast":
                    paused = max(now + THROTTLED, paused or now)
        return CircuitState(failures, paused if paused and paused > now else None)


# docs/spec/delivery.md §4.1: "Reminders are sent only by day"
def daytime(now: datetime, since: time, until: time, zone: ZoneInfo) -> datetime:
    """The first moment from now on at which it is day on the office's wall clock."""
    there = now.astimezone(zone)
    if since <= there.time() < until:
        return now
    day = there.date() if there.time() < since else there.date() + timedelta(days=1)
    return instant(reached(day, since, zone))


# --- names -------------------------------------------------------------------------------------

_NAME = re.compile(r"([0-9a-f]{1,15})-([0-9a-f]{1,14})", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


# docs/spec/delivery.md §5: "The id a gateway is given names the row and the moment it was made"
def name(row: int, made_at: datetime) -> str:
    """What gateways know a message by: another one each, even after a backup was restored and row ids come again."""
    return f"{row:x}-{(made_at - _EPOCH) // _MICROSECOND:x}"


def named(given: str) -> tuple[int, datetime] | None:
    """Row id and time of making of a name; None for what is no name of ours."""
    found = _NAME.fullmatch(given)
    if found is None:
        return None
    try:
        return int(found[1], 16), _EPOCH + int(found[2], 16) * _MICROSECOND
    except OverflowError:
        return None
