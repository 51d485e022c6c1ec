"""The rules of sending a message to a citizen: kinds, states, when it is tried again, when it is given up.

    queued ─→ sending ─→ handed ─→ sent ─→ delivered | undelivered | failed
      │ ↑        │ └─→ unknown ─→ queued (once more)
      │ └────────┘ not taken, to be tried again
      └─→ expired | failed

A message is of use as long as its recipient can act on it, so each has a moment from which it is not sent any more.
A lost answer is neither a success nor a failure: the recipient may have the message already, and every copy costs
money and trust. Such a message is `unknown`; only the rules here decide what is done about it (`may_send_again`,
`after_waiting`).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Literal, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from prepazka.core.minutes import instant, reached

DeliveryState = Literal[
    "queued", "sending", "handed", "sent", "delivered", "undelivered", "failed", "expired", "unknown"
]
News = Literal["handed", "sent", "delivered", "undelivered", "failed"]

OwnCause = Literal["out_of_time", "booking_gone", "no_reminders", "night", "stopped", "network", "gave_up"]
"""Why a message did not go out, beside what a gateway answers: its time ran out; its booking does not stand; its
recipient wants no reminders; its time runs out before it is day; whoever was sending it stopped; the network could not
deliver it; the gateway gave up after it had taken it."""

PRECEDENCE: Mapping[DeliveryState, int] = {
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
"""A gateway's answer or receipt replaces a state of lower precedence, so news in any order end in the same state.

Messages that were given up (expired) or are in doubt (unknown) have the lowest: any news of them, even late, counts.
"""


# docs/spec/delivery.md §4.2: "News only ever raise a state"
def is_newer(state: DeliveryState, news: News) -> bool:
    """Whether news of a message, or of a part of it, replace the state known so far."""
    return PRECEDENCE[news] > PRECEDENCE[state]


# docs/spec/delivery.md §4.2: "A message is `delivered` only when all parts of one copy are"
def state_of_parts(parts: Sequence[DeliveryState], total: int) -> News | None:
    """Return the state of a message in `total` parts from the states of those with news; None: no news of it yet.

    The message is delivered only when all its parts are, and of no use when one of them is not.
    """
    for bad in ("failed", "undelivered"):
        if bad in parts:
            return bad
    handed = [part for part in parts if PRECEDENCE[part] >= PRECEDENCE["handed"]]
    sent = [part for part in handed if PRECEDENCE[part] >= PRECEDENCE["sent"]]
    if len(sent) < total:
        return "handed" if len(handed) >= total else None
    return "delivered" if all(part == "delivered" for part in sent) else "sent"


# --- kinds -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MessageKind:
    """A kind of message. priority: the lower goes first.

    matters: a second copy is better than none. of_booking: of no use once its booking is no longer active.
    by_day: not sent at night, nor to a number that wants no reminders. below_ceiling: not begun once the office has
    sent its messages of the day. is_reply: somebody waits for it who wrote to the office; it is sent even while the
    office sends nothing else.
    """

    priority: int
    matters: bool = False
    of_booking: bool = False
    by_day: bool = False
    below_ceiling: bool = False
    is_reply: bool = False


KINDS: Mapping[str, MessageKind] = {
    "reply": MessageKind(0, matters=True, is_reply=True),
    "answer": MessageKind(0, matters=True, is_reply=True),
    "confirmation": MessageKind(0, matters=True, of_booking=True),
    "held": MessageKind(0, matters=True, of_booking=True),
    "called_off": MessageKind(1, matters=True),
    "cancelled": MessageKind(1, matters=True),
    "moved": MessageKind(1, matters=True, of_booking=True),
    "resent": MessageKind(0, matters=True),
    "notice": MessageKind(1, below_ceiling=True),
    "reminder": MessageKind(5, of_booking=True, by_day=True, below_ceiling=True),
    "watchdog": MessageKind(4),
    "bulk": MessageKind(9, by_day=True, below_ceiling=True),
}

LIFETIME = timedelta(hours=4)
"""How long a reply, or the notice of a freed place, is of use."""

# --- trying ------------------------------------------------------------------------------------

LEASE = timedelta(minutes=4)
"""How long a process may take to hand over the messages it has claimed, before their answers count as lost.

The three parts a reply takes at most may each wait a minute for their answer."""

AT_RISK = 0.05
"""Seconds of sending whose answers a kill may lose: what is sent within them is claimed, and stored, together."""

BACK_OFF = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30))
"""How long to wait after the first, second … try in vain; after more tries, as long as after the last of these."""

THROTTLED = timedelta(seconds=15)
"""How long a gateway that answered that messages come too fast is given none."""

WAIT = timedelta(minutes=10)
"""How long to wait for a receipt when the answer was lost, or for the answer a receipt belongs to."""

REMEMBERED = timedelta(days=30)
"""How long gateways' ids of messages, receipts and the fingerprints of received messages are kept: longer than any
receipt or repeated delivery can be late. A network keeps a text for a phone that is off for a week at most, an Android
phone repeats a call for two days, and a text that lay on a SIM through a longer outage is too old to book by."""

STOPPED = timedelta(minutes=1)
"""For how long at a time a message is put off while its office sends only replies."""

AWAY = timedelta(minutes=2)
"""Due messages are processed within seconds. One overdue for longer shows that no process was running."""

TRANSITIONS: Mapping[tuple[DeliveryState, DeliveryState], str] = {
    ("queued", "sending"): "claimed",
    ("queued", "queued"): "put off until it is day, or while the office sends only replies",
    ("queued", "expired"): "of no use any more",
    ("queued", "unknown"): "of no use any more, and a copy may have been sent",
    ("sending", "queued"): "to be tried again",
    ("sending", "failed"): "refused for good",
    ("sending", "expired"): "not taken, and of no use any more",
    ("sending", "unknown"): "the answer was lost",
    ("unknown", "queued"): "to be sent once more",
    ("unknown", "unknown"): "no receipt came",
}
"""All changes of state the office decides, each with its reason. A gateway's news change states by `PRECEDENCE`."""


@dataclass(frozen=True, slots=True)
class Disposition:
    """What is decided about a message: its state, and when it is to be processed next, if ever."""

    state: DeliveryState
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attempts:
    """The attempts to send a message so far, the last one included. lost: how many of their answers were lost."""

    kind: str
    expires: datetime
    attempts: int
    lost: int


class Capabilities(Protocol):
    """What the rules need of a gateway's capabilities (`gateways.values.Capabilities`)."""

    @property
    def batch(self) -> int:
        """How many messages it is given at once, however slow it is."""

    @property
    def most(self) -> int:
        """How many it is given at once at most, when it is quick."""

    @property
    def idempotent(self) -> bool:
        """Whether it sends one message when given the same id twice."""

    @property
    def receipts(self) -> bool:
        """Whether it sends receipts."""


# docs/spec/delivery.md §4.3: "tried again after 30 seconds, 2 minutes, 10 minutes, and then every 30 minutes"
def next_try(attempts: int, now: datetime, expires: datetime) -> datetime | None:
    """Return when to try again after so many tries (at least one); None when the message will be of no use by then."""
    at = now + BACK_OFF[min(attempts, len(BACK_OFF)) - 1]
    return at if at < expires else None


# docs/spec/delivery.md §4.4: "A gateway that keeps our ids is asked again with the same id"
# docs/spec/delivery.md §4.4: "then a message that matters is sent once more, the same text, and never again"
def may_send_again(so_far: Attempts, gateway: Capabilities) -> bool:
    """Whether a message in doubt is sent again.

    A gateway that keeps our ids sends one message however often it is given it. A gateway that sends receipts has had
    the time of `WAIT` to send one: without any, a message that matters is sent once more, the same text, and never
    again. The silence of a gateway that sends no receipts says nothing.
    """
    return gateway.idempotent or (gateway.receipts and so_far.lost == 1 and KINDS[so_far.kind].matters)


def not_taken(so_far: Attempts, gateway: Capabilities) -> Attempts:
    """Return the attempts after a certain refusal: a gateway that keeps our ids has then taken none of the copies."""
    return replace(so_far, lost=0) if gateway.idempotent else so_far


def after_refusal(so_far: Attempts, now: datetime) -> Disposition:
    """Decide about a message the gateway has certainly not taken, but might take later."""
    at = next_try(so_far.attempts, now, so_far.expires)
    return Disposition("queued", at) if at else after_giving_up(so_far)


# docs/spec/delivery.md §4.3: "A permanent refusal ends the message as `failed`."
def after_permanent_refusal(so_far: Attempts) -> Disposition:
    """Decide about a message the gateway will never take; an earlier copy may have been sent."""
    return Disposition("unknown") if so_far.lost else Disposition("failed")


def after_giving_up(so_far: Attempts) -> Disposition:
    """Decide about a message that is of no use any more; a copy of it may have been sent."""
    return Disposition("unknown") if so_far.lost else Disposition("expired")


# docs/spec/delivery.md §4.4: "A lost answer is neither a success nor a failure"
def after_lost_answer(so_far: Attempts, now: datetime, gateway: Capabilities) -> Disposition:
    """Decide about a message that was given to the gateway and got no answer. now: when that is found."""
    return Disposition(
        "unknown",
        next_try(so_far.attempts, now, so_far.expires) if gateway.idempotent else now + WAIT,
    )


# docs/spec/delivery.md §4.4: "The silence of a gateway that sends no receipts says nothing"
def after_waiting(so_far: Attempts, due: datetime, now: datetime, gateway: Capabilities) -> Disposition:
    """Decide about a message that is `unknown`, was due at `due`, and of which no receipt has come.

    When no process was running at that time, receipts may still be on their way: wait for them anew.
    """
    if now >= so_far.expires or not may_send_again(so_far, gateway):
        return Disposition("unknown")
    if not gateway.idempotent and now - due >= AWAY:
        return Disposition("unknown", now + WAIT)
    return Disposition("queued", now)


# docs/spec/delivery.md §4.3: "A gateway's pace in parts per minute is kept"
def count_within_pace(per_minute: int | None, used: int, parts: Sequence[int]) -> int:
    """Return how many of these messages, in order, a gateway may be given now.

    used: the parts it got in the last minute. No message overtakes one that has to wait. A message longer than a
    minute's share gets a whole minute.
    """
    if per_minute is None:
        return len(parts)
    count = 0
    for count, more in enumerate(parts):
        if used and used + more > per_minute:
            return count
        used += more
    return count + 1 if parts else 0


# docs/spec/delivery.md §4.3: "A gateway is given a batch at a time, or what it takes in 50 milliseconds"
def next_batch(answered: int, seconds: float, gateway: Capabilities) -> int:
    """Return how many messages a gateway is given next that answered so many within some seconds.

    All of a batch is in doubt when its sender is killed, and each batch costs a transaction: so a slow gateway is given
    few, and a quick one what it takes in the time of `AT_RISK`.
    """
    if gateway.most * seconds <= answered * AT_RISK:
        return max(gateway.batch, gateway.most)
    return max(gateway.batch, int(answered * AT_RISK / seconds))


# docs/spec/delivery.md §4.1: "Reminders are sent only by day"
def next_daytime(now: datetime, since: time, until: time, zone: ZoneInfo) -> datetime:
    """Return the first moment from now on between `since` and `until` on the office's wall clock."""
    local_now = now.astimezone(zone)
    if since <= local_now.time() < until:
        return now
    day = local_now.date() if local_now.time() < since else local_now.date() + timedelta(days=1)
    return instant(reached(day, since, zone))


# --- message ids -------------------------------------------------------------------------------

_MESSAGE_ID = re.compile(r"([0-9a-f]{1,15})-([0-9a-f]{1,14})", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


# docs/spec/delivery.md §5: "The id a gateway is given names the row and the moment it was made"
def message_id(row: int, made_at: datetime) -> str:
    """Return the id a gateway is given: another one each, even after a backup was restored and row ids come again."""
    return f"{row:x}-{(made_at - _EPOCH) // _MICROSECOND:x}"


class MessageId(NamedTuple):
    """The row id of a message, and when it was made."""

    row: int
    made_at: datetime


def parse_message_id(text: str) -> MessageId | None:
    """Read an id of `message_id`; None for any other text."""
    found = _MESSAGE_ID.fullmatch(text)
    if found is None:
        return None
    try:
        return MessageId(int(found[1], 16), _EPOCH + int(found[2], 16) * _MICROSECOND)
    except OverflowError:
        return None
