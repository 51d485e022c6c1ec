"""The intake from gateways: events are stored, then acknowledged; `receive.work` handles the messages later.

Invariant: each message is in the inbox once, whatever process is killed and whatever is delivered again. It holds
because an event is acknowledged only after the transaction that stores it has ended, ids and fingerprints are unique,
and parts stay known for a while after they were joined.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TypeVar

import structlog
from django.db import transaction

from prepazka.core.minutes import believable
from prepazka.flows.inbound.receive import arrival, bound_owners, is_bound
from prepazka.flows.outbound import receipts
from prepazka.flows.phone_numbers import e164
from prepazka.gateways.values import FetchingGateway, Gateway, GatewayEvent, Inbound, Part, Receipt, storable_text
from prepazka.store import gateways, inbox, intake, models, offices, strays
from prepazka.store.counting import counting
from prepazka.store.inbox import Arrival
from prepazka.store.intake import Parts, PartsKey

log = structlog.get_logger()

AddressedT = TypeVar("AddressedT", bound=Inbound | Part)

# Parts wait this long for the others, counted from the first one.
PARTS_WAIT = timedelta(minutes=10)
# Joined parts stay known this long, so that a part delivered again makes no new message: networks try for a week.
PARTS_KNOWN = timedelta(days=7)
# Within this time an equal part is the same part whatever its id. Later, an equal part with another id belongs to a new
# message: phones reuse references, and people send the same text again.
PARTS_REPEAT = timedelta(hours=1)
# No phone sends more parts; a header with a greater number is wrong.
MOST_PARTS = 255
ID_LIMIT = 200


@dataclass(frozen=True, slots=True)
class _Message:
    """A message to be stored; whole: whether all its parts have come."""

    inbound: Inbound
    whole: bool = True


def poll(gateway: Gateway, now: datetime, wait: float = 0) -> int:
    """Take in the events of a gateway, waiting up to `wait` seconds for the first; return how many.

    Raises: what the gateway or the database raises. Then no event is acknowledged, and the gateway gives them again.
    """
    events = gateway.poll(wait)
    if store_polled(gateway, events, now):
        gateway.ack(events)
    return len(events)


# docs/spec/delivery.md §9: "The place moves in the transaction that stores the messages before it"
def store_polled(gateway: Gateway, events: Sequence[GatewayEvent], now: datetime) -> bool:
    """Store events of the last poll with the place behind them; return whether there was anything to acknowledge."""
    position = gateway.position if isinstance(gateway, FetchingGateway) else None
    if not events and position is None:
        return False
    store(events, now, {} if position is None else {gateway.name: position})
    return True


def resume(gateway: Gateway) -> None:
    """Tell a gateway that was just opened how far its peer's list is stored. One small query."""
    if isinstance(gateway, FetchingGateway) and gateway.fetches:
        gateway.resume(gateways.position(gateway.name))


def store(events: Sequence[GatewayEvent], now: datetime, positions: Mapping[str, str] = MappingProxyType({})) -> None:
    """Store events, all or none of them; after that they may be acknowledged. positions: behind them, by gateway.

    A message to a number that is not bound to its gateway is stored as a stray.
    """
    with transaction.atomic():
        for name, position in positions.items():
            gateways.keep_position(name, position)
        if messages := [*_messages(events), *_join([one for one in events if isinstance(one, Part)], now)]:
            _take_in(messages, now)
        receipts.take_in_receipts([one for one in events if isinstance(one, Receipt)], now)
    _count(events)


def _count(events: Sequence[GatewayEvent]) -> None:
    for gateway, heard in Counter(one.gateway for one in events if not isinstance(one, Receipt)).items():
        counting.add("prepazka_messages_heard", (gateway,), heard)
        counting.note_gateway(gateway, heard=heard)


def store_bound(events: Sequence[GatewayEvent], now: datetime) -> None:
    """Store events as `store` does, but no strays.

    Raises: ForeignNumber before anything is stored, when a number is not bound to the gateway of its message.
    """
    if addressed := [event for event in events if not isinstance(event, Receipt)]:
        bound_owners(addressed)
    store(events, now)


def tidy(now: datetime) -> int:
    """Give up on messages with missing parts; return how many.

    A message that was given up on gets a reply, so that its sender learns that it was not understood.
    """
    if not intake.overdue(now - PARTS_WAIT):  # almost always; asked without a lock
        return 0
    with transaction.atomic():
        for gateway in sorted({parts.key[0] for parts in intake.overdue(now - PARTS_WAIT)}):
            intake.lock(gateway)
        overdue = intake.overdue(now - PARTS_WAIT)
        _take_in([_joined(parts, whole=False) for parts in overdue], now)
        intake.mark_joined(overdue)
    log.info("tidied", incomplete=len(overdue))
    return len(overdue)


def forget(now: datetime) -> None:
    """Erase old joined parts."""
    intake.drop_joined(now - PARTS_KNOWN)


def _messages(events: Iterable[GatewayEvent]) -> list[_Message]:
    return [_Message(one) for one in events if isinstance(one, Inbound)]


def _take_in(messages: Sequence[_Message], now: datetime) -> None:
    """Store each message in the inbox of the office whose number its gateway is bound to; any other as a stray."""
    addressed = with_recipients([message.inbound for message in messages])
    arrivals = [
        arrival(_storable(inbound), now, whole=message.whole)
        for message, inbound in zip(messages, addressed, strict=True)
    ]
    owners = offices.by_number(one.recipient for one in arrivals)
    bound: dict[int, list[Arrival]] = {}
    foreign: list[Arrival] = []
    for one in arrivals:
        owner = owners.get(one.recipient)
        if owner and is_bound(owner, one.gateway):
            bound.setdefault(owner.office_id, []).append(one)
        else:
            foreign.append(one)
    for office_id in sorted(bound):
        inbox.take_in(office_id, bound[office_id])
    if foreign:
        named = sorted({one.gateway for one in foreign})
        log.warning("messages to numbers not bound to their gateway", count=len(foreign), gateways=named)
        strays.keep(foreign)


def with_recipients(inbounds: Sequence[AddressedT]) -> list[AddressedT]:
    """Return messages with their recipients: a gateway with a single number (a SIM) need not name it."""
    unaddressed = {inbound.gateway for inbound in inbounds if not inbound.recipient}
    own_numbers = {gateway: gateways.number_of(gateway) for gateway in unaddressed}
    return [
        inbound if inbound.recipient else replace(inbound, recipient=own_numbers[inbound.gateway])
        for inbound in inbounds
    ]


def _storable(inbound: Inbound) -> Inbound:
    """Return the message with an id that fits the inbox."""
    if len(inbound.id) <= ID_LIMIT:
        return inbound
    return replace(inbound, id=hashlib.sha256(inbound.id.encode("utf-8", "replace")).hexdigest())


# --- parts -------------------------------------------------------------------------------------


def _join(parts: Sequence[Part], now: datetime) -> list[_Message]:
    """Store parts; return the messages that are whole now and those that can never be, in order of their last part."""
    if not parts:
        return []
    for gateway in sorted({part.gateway for part in parts}):
        intake.lock(gateway)
    rows = [_row(part, now) for part in parts if 1 <= part.number <= part.total <= MOST_PARTS]
    alone = [_Message(_alone(part)) for part in parts if not 1 <= part.number <= part.total <= MOST_PARTS]
    superseded = _superseded(rows, {storable_text(part.id)[:ID_LIMIT] for part in parts if part.distinct})
    intake.drop_parts(superseded)
    intake.add(rows)
    keys = list(dict.fromkeys(intake.key_of(row) for row in rows))
    known = intake.parts(keys)
    complete = [known[key] for key in keys if known[key].whole and not known[key].joined]
    intake.mark_joined(complete)
    given_up = [_joined(parts, whole=False) for parts in superseded if not parts.joined]
    return [*given_up, *(_joined(parts, whole=True) for parts in complete), *alone]


def _superseded(rows: Collection[models.InboundPart], distinct: Collection[str]) -> list[Parts]:
    """Return earlier messages whose reference is used by a new message. distinct: ids that no copy has."""
    known = intake.parts({intake.key_of(row) for row in rows})
    superseded: dict[PartsKey, Parts] = {}
    for row in rows:
        parts = known.get(intake.key_of(row))
        if parts and any(before.number == row.number and _another(before, row, distinct) for before in parts.rows):
            superseded[parts.key] = parts
    return list(superseded.values())


# docs/spec/delivery.md §3: "where the gateway's ids or the network's times prove that it is no copy"
def _another(before: models.InboundPart, row: models.InboundPart, distinct: Collection[str]) -> bool:
    """Whether a part in the place of an earlier one is another part, not the same one delivered again."""
    if row.text != before.text:
        return True
    if row.gateway_id == before.gateway_id:
        return False
    times_differ = None not in (row.sent_at, before.sent_at) and row.sent_at != before.sent_at
    return row.gateway_id in distinct or times_differ or row.received_at - before.received_at > PARTS_REPEAT


def _row(part: Part, now: datetime) -> models.InboundPart:
    return models.InboundPart(
        gateway=part.gateway,
        gateway_id=storable_text(part.id)[:ID_LIMIT],
        sender=storable_text(e164(part.sender)),
        recipient=storable_text(part.recipient)[:40],
        reference=part.reference,
        total=part.total,
        number=part.number,
        text=json.dumps(part.text),
        sent_at=part.sent if part.sent and believable(part.sent) else None,
        received_at=now,
    )


def _joined(parts: Parts, *, whole: bool) -> _Message:
    """Return the message the parts make, with the id of the first of them."""
    first = parts.rows[0]
    text = "".join(json.loads(row.text) for row in parts.rows)
    sent = min((row.sent_at for row in parts.rows if row.sent_at), default=None)
    id_ = f"{first.gateway_id}/{first.number}of{first.total}"
    return _Message(Inbound(first.gateway, id_, first.sender, first.recipient, text, sent), whole)


def _alone(part: Part) -> Inbound:
    return Inbound(part.gateway, part.id, part.sender, part.recipient, part.text, part.sent)
