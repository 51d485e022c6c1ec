"""The way out: what is due is claimed, given to its gateway, and what came of it is kept.

Invariant: with a gateway that keeps its word every message is sent while it is of use, and none twice, except that one
whose answer was lost may be sent once more where `core.delivery.once_more` says so. It holds because a message is
claimed by a transaction that has ended before the gateway hears of it, a claim runs out, and what a gateway answers
counts only for the claim it answers. Whatever is not known is kept as unknown, never as not sent.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic
from typing import assert_never

import structlog
from django.db import transaction

from prepazka.core.delivery import (
    KINDS,
    LEASE,
    THROTTLED,
    CircuitSignal,
    Disposition,
    answer_lost,
    daytime,
    given_up,
    name,
    not_taken,
    refused,
    refused_for_good,
    room,
    waited,
)
from prepazka.flows.outbound import receipts
from prepazka.gateways.screens import SCREENS
from prepazka.gateways.values import (
    Capabilities,
    Gateway,
    LostAnswer,
    Outbound,
    SendError,
    SendResult,
    Sent,
    storable_text,
)
from prepazka.store import offices, outbox
from prepazka.store.outbox import Change, Due, InDoubt
from prepazka.store.receipts import GatewayRef, take_waiting
from prepazka.store.receipts import name as name_them

log = structlog.get_logger()

# Answers are kept as they come, but those of a fast gateway together: at most so many seconds of them. What is lost in
# a kill is then at most what was answered in that time.
KEPT_EVERY = 0.05
# A screen shows everything at once.
_SCREEN = Capabilities(batch=100, idempotent=True, receipts=False)


@dataclass(frozen=True, slots=True)
class _Claim:
    """What is to be given to a gateway now; decided: what else something was decided about."""

    messages: Sequence[Due] = ()
    decided: int = 0


def deliver(gateway: Gateway, now: datetime) -> int:
    """Give a gateway what is due and may be given to it now, one batch; how much there was to do, 0: rest a while.

    Any number of processes may do this at once. A process killed at it loses nothing: its lease runs out.

    Raises: OperationalError when the database cannot be reached. What a gateway raises is logged.
    """
    capabilities = gateway.capabilities
    claim = _claim(gateway.name, capabilities, now)
    came: list[tuple[Due, SendResult]] = []
    kept_at = monotonic()
    for message, answer in _answers(gateway, claim.messages):
        came.append((message, answer))
        if monotonic() - kept_at >= KEPT_EVERY:
            _keep(gateway.name, capabilities, came, now)
            came, kept_at = [], monotonic()
    if came:
        _keep(gateway.name, capabilities, came, now)
    return len(claim.messages) + claim.decided


def show(now: datetime) -> int:
    """What is due on screens (phone simulator, console) has arrived as it stands there; how much there was to do."""
    count = 0
    for screen in sorted(SCREENS):
        with transaction.atomic():
            claim = _claim(screen, _SCREEN, now)
            outbox.shown([message.id for message in claim.messages])
        count += len(claim.messages) + claim.decided
    return count


def tidy(now: datetime) -> int:
    """Give up what is of no use any more, whichever gateway it is for, and receipts of no message; how many."""
    return outbox.expire(now) + receipts.drop(now)


# --- claiming ----------------------------------------------------------------------------------


def _claim(gateway: str, capabilities: Capabilities, now: datetime) -> _Claim:
    """Claim what the gateway is to be given now, after deciding about what it was given before."""
    if not outbox.busy(gateway, now):  # almost always; asked without a lock
        return _Claim()
    with transaction.atomic():
        share = outbox.lock(gateway).share(capabilities.batch, now)
        doubts = outbox.in_doubt(gateway, now)
        outbox.change([_after_doubt(doubt, capabilities, now) for doubt in doubts])
        found = outbox.due(gateway, share, now) if share else []
        put_off = [change for message in found if (change := _put_off(message, now))]
        wanted = [message for message in found if message.id not in {change.id for change in put_off}]
        if wanted and capabilities.per_minute is not None:
            share = room(capabilities.per_minute, outbox.used(gateway, now), [message.parts for message in wanted])
            wanted = wanted[:share]
        outbox.change(put_off)
        if wanted:
            outbox.claim([message.id for message in wanted], now, now + LEASE)
    return _Claim(wanted, len(doubts) + len(put_off))


def _after_doubt(doubt: InDoubt, capabilities: Capabilities, now: datetime) -> Change:
    """Of what was claimed and not answered for in time, and of what was waited for in vain."""
    if doubt.state == "unknown":
        return Change(doubt.id, doubt.state, waited(doubt.so_far, doubt.due_at, now, capabilities), doubt.so_far)
    so_far = replace(doubt.so_far, attempts=doubt.attempts + 1, lost=doubt.lost + 1)
    # The lease was wait enough for a gateway that may be asked again.
    disposition = (
        waited(so_far, now, now, capabilities) if capabilities.idempotent else answer_lost(so_far, now, capabilities)
    )
    return Change(doubt.id, doubt.state, disposition, so_far, "who was sending it did not say what came of it")


def _put_off(message: Due, now: datetime) -> Change | None:
    """Why a message that is due is not to be sent now, or not at all; None: it is to be sent."""
    kind = KINDS[message.kind]
    dropped = Change(message.id, "queued", given_up(message.so_far), message.so_far)
    if message.expires_at <= now:
        return replace(dropped, error="its time ran out before it was sent")
    if kind.of_booking and message.booking is not None and message.booking != "booked":
        return replace(dropped, error="its booking does not stand any more")
    if not kind.by_day:
        return None
    if message.opted_out:
        return replace(dropped, error="its recipient wants no reminders")
    office = offices.load(message.office)
    day = daytime(now, office.settings.remind_from, office.settings.remind_to, office.zone)
    if day == now:
        return None
    if day >= message.expires_at:
        return replace(dropped, error="its time runs out before it is day")
    return replace(dropped, disposition=Disposition("queued", day))


# --- giving ------------------------------------------------------------------------------------


def _answers(gateway: Gateway, messages: Sequence[Due]) -> Iterator[tuple[Due, SendResult]]:
    """Give messages to the gateway; exactly one answer each, whatever it does."""
    waiting = {name(message.id, message.made_at): message for message in messages}
    if not waiting:
        return
    reason = "the gateway did not say what came of it"
    try:
        for answer in gateway.send([_outbound(id_, message) for id_, message in waiting.items()]):
            message = waiting.pop(answer.id, None)
            if message is None:
                log.warning("answer to no message", gateway=gateway.name)
            else:
                yield message, answer
    except Exception as error:
        log.exception("sending failed", gateway=gateway.name)
        reason = f"the gateway failed ({type(error).__name__})"
    for id_, message in waiting.items():
        yield message, LostAnswer(id_, reason)


def _outbound(id_: str, message: Due) -> Outbound:
    return Outbound(id_, message.sender, message.recipient, message.text, message.parts, message.expires_at)


# --- what came of it ---------------------------------------------------------------------------


def _keep(gateway: str, capabilities: Capabilities, came: Sequence[tuple[Due, SendResult]], now: datetime) -> None:
    """Keep what came of messages claimed now, what the gateway calls them, and how it goes."""
    changes = [change for message, answer in came if (change := _change(message, answer, capabilities, now))]
    refs = list(_refs(gateway, came))
    with transaction.atomic():
        circuit = outbox.lock(gateway)
        outbox.handed([message.id for message, answer in came if isinstance(answer, Sent)])
        outbox.change(changes, claimed=now)
        if refs:
            name_them(gateway, refs)
            overtook = take_waiting(gateway, {ref.ref for ref in refs})
            if overtook:
                receipts.take_in(gateway, overtook, now)
        after = circuit.after([_signal(answer) for _, answer in came], now)
        if after != circuit:
            outbox.go_on(gateway, after)
    if after.paused and after.paused != circuit.paused:
        log.warning("gateway paused", gateway=gateway, until=after.paused.isoformat(), failures=after.failures)


def _change(message: Due, answer: SendResult, capabilities: Capabilities, now: datetime) -> Change | None:
    so_far = replace(message.so_far, attempts=message.attempts + 1)
    match answer:
        case Sent():
            return None
        case LostAnswer(reason=reason):
            so_far = replace(so_far, lost=message.lost + 1)
            disposition = answer_lost(so_far, now, capabilities)
        case SendError(throttled=True, reason=reason):
            so_far = not_taken(message.so_far, capabilities)
            disposition = Disposition("queued", now + THROTTLED)
        case SendError(retryable=True, reason=reason):
            so_far = not_taken(so_far, capabilities)
            disposition = refused(so_far, now)
        case SendError(reason=reason):
            so_far = not_taken(so_far, capabilities)
            disposition = refused_for_good(so_far)
        case _:
            assert_never(answer)
    return Change(message.id, "sending", disposition, so_far, storable_text(reason))


def _refs(gateway: str, came: Iterable[tuple[Due, SendResult]]) -> Iterator[GatewayRef]:
    """What the gateway calls messages, and how many names of each there are to be."""
    for message, answer in came:
        match answer:
            case Sent(refs=refs):
                total = len(refs)
            case LostAnswer(refs=refs):
                total = max(len(refs), message.parts)
            case _:
                continue
        for ref in refs:
            yield GatewayRef(message.id, receipts.ref(ref), message.lost, total)


def _signal(answer: SendResult) -> CircuitSignal:
    match answer:
        case Sent():
            return "taken"
        case SendError(throttled=True):
            return "too fast"
        case SendError(retryable=False):
            return "refused"
        case SendError() | LostAnswer():
            return "in vain"
        case _:
            assert_never(answer)
