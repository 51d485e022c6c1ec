"""Receiving messages: each is stored once, decided under the office's lock in order of arrival, and answered once.

Invariant: every message a gateway handed in has exactly one effect and at most one reply, whatever is delivered twice,
killed or raced. It holds because storing, deciding and the reply are one transaction, ids are unique, and nothing
outside the database is touched before it commits.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby

import structlog
from django.db import transaction

from prepazka.core.booking.outcomes import Duplicate
from prepazka.core.minutes import believable, minute
from prepazka.core.office.office import Office
from prepazka.flows.inbound.handle import Handled, HandledByKey, handle, reply_message
from prepazka.flows.phone_numbers import e164, replyable
from prepazka.flows.transaction import retry_transaction
from prepazka.gateways.values import Inbound, Part, storable_text
from prepazka.sms.reply.render import apology
from prepazka.sms.understand.parse import text_key
from prepazka.store import inbox, offices, writes
from prepazka.store.counting import counting
from prepazka.store.database_errors import DATABASE_AWAY, database_reason, is_held_up
from prepazka.store.inbox import Arrival, MessageKey, WaitingMessage
from prepazka.store.office_rows import UnreadableOffice
from prepazka.store.offices import NumberOwner

log = structlog.get_logger()

# Messages decided by one set of statements.
BATCH = 100
# How often handling one message may fail before it is given up with an apology.
ATTEMPTS = 5
# Ten parts of a concatenated SMS; a longer text is no request of a citizen.
TEXT_LIMIT = 1600
# Offices of which a batch failed in this process since all others were served.
_failing: set[int] = set()


class UnknownNumber(Exception):
    """A message to a number that is no office's; its argument is the number."""


class ForeignNumber(UnknownNumber):
    """A message to a number that is not bound to the gateway it came by."""


def receive(inbounds: Sequence[Inbound], now: datetime | None = None) -> list[Handled]:
    """Store messages and handle them, each office's in order of arrival; return one `Handled` each, in their order.

    The caller may write to every office: the phone simulator, and who has the command line. Gateways come by
    `receive_bound`. now: the clock; None takes each message's own time, then required, as the clock (simulation).

    Raises: UnknownNumber before anything is stored; one of DATABASE_AWAY when the database cannot be used: what was not
    stored then is stored when the same messages are handed in again.
    """
    return _receive(inbounds, now, offices.by_number(e164(inbound.recipient) for inbound in inbounds))


# docs/spec/safety.md §1: "good only for the numbers bound to that gateway"
def receive_bound(inbounds: Sequence[Inbound], now: datetime) -> list[Handled]:
    """Store and handle messages from gateways, as `receive` does.

    Raises: ForeignNumber before anything is stored, when a number is not bound to the gateway of its message.
    """
    handled = _receive(inbounds, now, bound_owners(inbounds))
    for gateway, heard in Counter(one.gateway for one in inbounds).items():
        counting.add("prepazka_messages_heard", (gateway,), heard)
        counting.note_gateway(gateway, heard=heard)
    return handled


def bound_owners(events: Sequence[Inbound | Part]) -> dict[str, NumberOwner]:
    """Return the owners of the numbers these messages are to. One query.

    Raises: ForeignNumber when one is not bound to the gateway its message came by.
    """
    owners = offices.by_number(e164(event.recipient) for event in events)
    for event in events:
        if not is_bound(owners.get(e164(event.recipient)), event.gateway):
            raise ForeignNumber(event.recipient)
    return owners


def is_bound(owner: NumberOwner | None, gateway: str) -> bool:
    """Whether a number with this owner is bound to the gateway, or to one it stands by for; no other number ever is."""
    return owner is not None and gateway in {owner.gateway, owner.standby}


def _receive(inbounds: Sequence[Inbound], now: datetime | None, owners: Mapping[str, NumberOwner]) -> list[Handled]:
    handled = [Handled(inbound.id, Duplicate()) for inbound in inbounds]
    for office_id, places in _places_by_office(inbounds, owners).items():
        arrivals = [arrival(inbounds[place], now or _own_time(inbounds[place])) for place in places]
        by_key = _store_and_handle(office_id, arrivals, now)
        for place, one in zip(places, arrivals, strict=True):
            # Taken out, so that the second of two equal ids in one call is a duplicate.
            handled[place] = by_key.pop(MessageKey(one.gateway, one.gateway_id), handled[place])
    return handled


def work(now: datetime) -> int:
    """Handle one batch of messages that were stored but not handled; return how many, 0 when there are none.

    Any number of processes may do this at once: the one that holds an office's lock decides for it.
    """
    office_id = inbox.office_with_waiting(tuple(_failing))
    if office_id is None and _failing:  # no other office has any: now theirs
        _failing.clear()
        office_id = inbox.office_with_waiting()
    if office_id is None:
        return 0
    try:
        return _handle_batch(office_id, now)
    except DATABASE_AWAY as error:
        if not is_held_up(error):
            raise
        _failing.add(office_id)
        log.warning("office held up", office=office_id, reason=database_reason(error))
        return 0
    except Exception:
        # The others' messages come first now: those of an office that cannot be read would hold them up for ever.
        _failing.add(office_id)
        log.exception("batch failed", office=office_id)
        _handle_one_by_one(office_id, {}, now)
        return 0


def forget_failures() -> None:
    """Forget which offices' messages failed in this process."""
    _failing.clear()


def _places_by_office(inbounds: Sequence[Inbound], owners: Mapping[str, NumberOwner]) -> dict[int, list[int]]:
    """Return the places in `inbounds` by office. Raises: UnknownNumber."""
    places: dict[int, list[int]] = {}
    for place, inbound in enumerate(inbounds):
        owner = owners.get(e164(inbound.recipient))
        if owner is None:
            raise UnknownNumber(inbound.recipient)
        places.setdefault(owner.office_id, []).append(place)
    return places


def _own_time(inbound: Inbound) -> datetime:
    if inbound.sent is None:
        raise ValueError("a simulated message needs the time it was sent")
    return inbound.sent


def arrival(inbound: Inbound, received_at: datetime, *, whole: bool = True) -> Arrival:
    """Return the message as it is stored, with what no database holds removed; whole: whether all its parts came."""
    text = storable_text(inbound.text[:TEXT_LIMIT])
    return Arrival(
        gateway=inbound.gateway,
        gateway_id=storable_text(inbound.id),
        sender=storable_text(e164(inbound.sender)),
        recipient=e164(inbound.recipient),
        text=text,
        text_key=text_key(text),
        sent_at=inbound.sent if inbound.sent and believable(inbound.sent) else None,
        received_at=received_at,
        fingerprint=inbound.fingerprint,
        whole=whole,
    )


def _store_and_handle(office_id: int, arrivals: Sequence[Arrival], now: datetime | None) -> HandledByKey:
    try:
        return _store_and_handle_batch(office_id, arrivals, now)
    except DATABASE_AWAY:  # so is a primary that became a standby
        raise
    except Exception:
        # One faulty message must not take the others with it: store all of them first, then handle each alone.
        log.exception("batch failed", office=office_id)
    with transaction.atomic():
        stored = inbox.take_in(office_id, arrivals)
    return {key: Handled(key.gateway_id, None) for key in stored} | _handle_one_by_one(office_id, stored, now)


@retry_transaction
def _store_and_handle_batch(office_id: int, arrivals: Sequence[Arrival], now: datetime | None) -> HandledByKey:
    """Decide all that waits, the arrivals last, so that no message overtakes one that came before, and store it."""
    locked, new, waiting = inbox.begin(office_id, arrivals)
    by_key: HandledByKey = {}
    for batch in _batches(waiting, locked.office, now):
        by_key |= handle(locked, batch, new, now)
    return by_key


def _batches(
    waiting: Sequence[WaitingMessage], office: Office, now: datetime | None
) -> Iterator[Sequence[WaitingMessage]]:
    """Return what waits in batches; what is given back counts as taken for a whole batch, which has one minute then."""
    own_times = now is None and office.settings.reoffer_minutes
    for _, group in groupby(waiting, lambda row: minute(row.received_at) if own_times else None):
        rows = list(group)
        for first in range(0, len(rows), BATCH):
            yield rows[first : first + BATCH]


@retry_transaction
def _handle_batch(office_id: int, now: datetime) -> int:
    locked = offices.lock(office_id)
    waiting = inbox.waiting(office_id, BATCH)
    if waiting:
        handle(locked, waiting, {}, now)
    return len(waiting)


def _handle_one_by_one(office_id: int, own: Mapping[MessageKey, int], now: datetime | None) -> HandledByKey:
    """Handle each waiting message in a transaction of its own; give up one that keeps failing, with an apology.

    Those of an office that cannot be read wait until it can.
    """
    by_key: HandledByKey = {}
    for row in inbox.waiting(office_id):
        try:
            with transaction.atomic():
                locked = offices.lock(office_id)
                if inbox.still_waiting(row.id):
                    by_key |= handle(locked, [row], own, now)
        except DATABASE_AWAY:  # no fault of the message
            raise
        except UnreadableOffice as error:
            log.error("office unreadable", office=office_id, reason=str(error))
            break
        except Exception:
            log.exception("message failed", office=office_id, inbound=row.id)
            _note_failure(office_id, row, now or row.received_at)
    return by_key


def _note_failure(office_id: int, row: WaitingMessage, now: datetime) -> None:
    with transaction.atomic():
        office = offices.lock(office_id).office
        if inbox.note_failure(row.id, ATTEMPTS) and replyable(row.sender):
            writes.send(office_id, [reply_message(row, apology(office, "cs"), now, handed=False)], now)
