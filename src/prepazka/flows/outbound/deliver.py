"""Delivery: due messages are claimed, given to their gateway, and its answers stored.

Invariant: with a gateway that fulfils its capabilities every message is sent while it is of use, and none twice, except
that one whose answer was lost may be sent once more where `core.delivery.may_send_again` allows it. It holds because
the transaction that claims a message ends before the gateway gets it, a claim runs out, and an answer counts only for
the claim it belongs to. A message in doubt is stored as unknown, never as not sent.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import inf
from time import monotonic
from typing import NamedTuple, assert_never

import structlog
from django.db import transaction

from prepazka.core.circuit import CircuitSignal
from prepazka.core.delivery import (
    AT_RISK,
    KINDS,
    LEASE,
    STOPPED,
    THROTTLED,
    Disposition,
    after_giving_up,
    after_lost_answer,
    after_permanent_refusal,
    after_refusal,
    after_waiting,
    count_within_pace,
    message_id,
    next_batch,
    next_daytime,
    not_taken,
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
from prepazka.store import holds, offices, outbox
from prepazka.store.answers import Answers, keep
from prepazka.store.connections import give_back
from prepazka.store.counting import counting
from prepazka.store.office_rows import UnreadableOffice
from prepazka.store.outbox import Due, InDoubt, StateChange
from prepazka.store.receipts import GatewayRef

log = structlog.get_logger()

# A reminder of an office that cannot be read is looked at again after this.
REREAD_AFTER = timedelta(minutes=10)
# A screen shows everything at once.
_STOPPED = "who was sending it did not say what came of it"
_SCREEN = Capabilities(batch=100, idempotent=True, receipts=False)


class _Answer(NamedTuple):
    """A gateway's answer to a message."""

    message: Due
    result: SendResult


@dataclass(frozen=True, slots=True)
class _Claim:
    """Messages to be given to a gateway now.

    decided: how many others were decided about. full: as many as were wanted, so there may be more.
    """

    messages: Sequence[Due] = ()
    decided: int = 0
    full: bool = False

    @property
    def size(self) -> int:
        """How many messages are done with by it."""
        return len(self.messages) + self.decided


def deliver(gateway: Gateway, now: datetime, batches: int = 1, within: float = inf) -> int:
    """Give a gateway up to so many batches of what is due and allowed now; return how much was done, 0 when there was
    nothing. within: no batch is begun, but for the first and the next, after so many seconds.

    Any number of processes may do this at once. Killing a process loses nothing: its lease runs out.

    Raises: OperationalError when the database cannot be reached. Exceptions of the gateway are logged.
    """
    until = monotonic() + within
    claim = _claim(gateway.name, gateway.capabilities, now)
    done = claim.size
    while claim.messages:
        batches -= 1
        claim = _give(gateway, claim, now, more=batches > 0 and monotonic() < until)
        done += claim.size
    return done


def _give(gateway: Gateway, claim: _Claim, now: datetime, *, more: bool) -> _Claim:
    """Give a gateway what was claimed and store its answers; return the next claim where more is wanted."""
    capabilities = gateway.capabilities
    answers: list[_Answer] = []
    began = stored_at = monotonic()
    give_back()  # the gateway may take its time
    for answer in _send(gateway, claim.messages):
        answers.append(answer)
        if monotonic() - stored_at >= AT_RISK:  # a kill loses at most the answers of that time
            _store(gateway.name, capabilities, answers, now)
            answers, stored_at = [], monotonic()
            give_back()
    more = more and claim.full
    if answers:
        following = next_batch(len(claim.messages), monotonic() - began, capabilities) if more else 0
        return _store(gateway.name, capabilities, answers, now, following)
    return _claim(gateway.name, capabilities, now) if more else _Claim()


def show(now: datetime) -> int:
    """Mark what is due on screens (phone simulator, console) as delivered; return how much was done."""
    count = 0
    for screen in sorted(outbox.with_work(SCREENS, now)):
        with transaction.atomic():
            claim = _claim(screen, _SCREEN, now)
            outbox.mark_delivered([message.id for message in claim.messages])
            _note_held(claim.messages, now)
        count += claim.size
    return count


def tidy(now: datetime) -> int:
    """Give up messages whose time is over, of all gateways, and drop receipts of no message; return how many."""
    return outbox.expire(now) + receipts.drop_unmatched(now)


# --- claiming ----------------------------------------------------------------------------------


def _claim(gateway: str, capabilities: Capabilities, now: datetime) -> _Claim:
    """Claim what the gateway is to be given now, after deciding about what it was given before."""
    if not outbox.has_work(gateway, now):  # the usual case; read without a lock
        return _Claim()
    with transaction.atomic():
        share = outbox.lock(gateway).share(capabilities.batch, now)
        in_doubt, due = outbox.find_work(gateway, share, now)
        if in_doubt:
            outbox.keep_changes([_after_doubt(message, capabilities, now) for message in in_doubt])
            due = outbox.find_due(gateway, share, now)  # some of them may be due again
        claim = _claim_of(gateway, capabilities, due, now, capabilities.batch)
        return replace(claim, decided=claim.decided + len(in_doubt))


def _claim_of(gateway: str, capabilities: Capabilities, due: Sequence[Due], now: datetime, wish: int) -> _Claim:
    """Claim those of its due messages that a gateway may be given now, under its lock. wish: how many were wanted."""
    put_off = [change for message in due if (change := _put_off(message, now))]
    wanted = [message for message in due if message.id not in {change.id for change in put_off}]
    if wanted and capabilities.per_minute is not None:
        used = outbox.parts_in_last_minute(gateway, now)
        wanted = wanted[: count_within_pace(capabilities.per_minute, used, [message.parts for message in wanted])]
    outbox.keep_changes(put_off)
    if wanted:
        outbox.claim([message.id for message in wanted], now, now + LEASE)
    return _Claim(wanted, len(put_off), len(wanted) >= wish)


def _after_doubt(message: InDoubt, capabilities: Capabilities, now: datetime) -> StateChange:
    """Decide about a message whose lease or whose wait for a receipt ran out."""
    if message.state == "unknown":
        disposition = after_waiting(message.so_far, message.due_at, now, capabilities)
        return StateChange(message.id, message.state, disposition, message.so_far)
    so_far = replace(message.so_far, attempts=message.attempts + 1, lost=message.lost + 1)
    # A gateway that may be given the message again needs no wait after the lease.
    if capabilities.idempotent:
        disposition = after_waiting(so_far, now, now, capabilities)
    else:
        disposition = after_lost_answer(so_far, now, capabilities)
    return StateChange(message.id, message.state, disposition, so_far, _STOPPED, "stopped")


def _put_off(message: Due, now: datetime) -> StateChange | None:
    """Decide about a due message that is not to be sent now, or not at all; None for one that is to be sent."""
    kind = KINDS[message.kind]
    dropped = StateChange(message.id, "queued", after_giving_up(message.so_far), message.so_far)
    if message.expires_at <= now:
        return replace(dropped, cause="out_of_time", error="its time ran out before it was sent")
    if kind.of_booking and message.booking not in {None, "booked", "held"}:
        return replace(dropped, cause="booking_gone", error="its booking does not stand any more")
    if message.replies_only and not kind.is_reply:
        return replace(dropped, disposition=Disposition("queued", now + STOPPED))
    if not kind.by_day:
        return None
    if message.opted_out:
        return replace(dropped, cause="no_reminders", error="its recipient wants no reminders")
    try:
        office = offices.load(message.office)
    except UnreadableOffice:  # when it is day there, nobody knows; other offices' messages do not wait for it
        return replace(dropped, disposition=Disposition("queued", now + REREAD_AFTER))
    day = next_daytime(now, office.settings.remind_from, office.settings.remind_to, office.zone)
    if day == now:
        return None
    if day >= message.expires_at:
        return replace(dropped, cause="night", error="its time runs out before it is day")
    return replace(dropped, disposition=Disposition("queued", day))


# --- sending -----------------------------------------------------------------------------------


def _send(gateway: Gateway, messages: Sequence[Due]) -> Iterator[_Answer]:
    """Give messages to the gateway; yield exactly one answer for each, whatever the gateway does."""
    waiting = {message_id(message.id, message.made_at): message for message in messages}
    if not waiting:
        return
    reason = "the gateway did not say what came of it"
    try:
        for result in gateway.send([_outbound(id_, message) for id_, message in waiting.items()]):
            message = waiting.pop(result.id, None)
            if message is None:
                log.warning("answer to no message", gateway=gateway.name)
            else:
                yield _Answer(message, result)
    except Exception as error:
        log.exception("sending failed", gateway=gateway.name)
        reason = f"the gateway failed ({type(error).__name__})"
    for id_, message in waiting.items():
        yield _Answer(message, LostAnswer(id_, reason))


def _outbound(id_: str, message: Due) -> Outbound:
    return Outbound(id_, message.sender, message.recipient, message.text, message.parts, message.expires_at)


# --- storing answers ---------------------------------------------------------------------------


def _store(
    gateway: str, capabilities: Capabilities, answers: Sequence[_Answer], now: datetime, following: int = 0
) -> _Claim:
    """Store answers to messages claimed at `now`, the gateway's ids of them, and the state of its circuit breaker.

    following: so many of the next messages are claimed in the same transaction, so that many cost one commit a batch;
    return the claim. Of what is in doubt, the next call of `deliver` decides.
    """
    changes = [change for answer in answers if (change := _change(answer, capabilities, now))]
    handed = [message for message, result in answers if isinstance(result, Sent)]
    with transaction.atomic():
        stored = Answers([message.id for message in handed], list(_refs(answers)), changes)
        kept = keep(gateway, stored, now, following)
        _note_held(handed, now)
        if kept.early:
            receipts.take_in(gateway, kept.early, now)
        before, after = kept.circuit, kept.circuit.after([_signal(result) for _, result in answers], now)
        if after != before:
            outbox.keep_circuit(gateway, after)
        claim = _claim_of(gateway, capabilities, kept.due[: after.share(following, now)], now, following)
    _count(gateway, answers, now)
    if after.paused and after.paused != before.paused:
        log.warning("gateway paused", gateway=gateway, until=after.paused.isoformat(), failures=after.failures)
    return claim


def _count(gateway: str, answers: Sequence[_Answer], now: datetime) -> None:
    counting.note_gateway(gateway, sent=len(answers))
    for message, result in answers:
        match result:
            case Sent():
                counting.add("prepazka_messages_sent", (gateway, "handed"))
                taken = max((now - message.made_at).total_seconds(), 0)
                counting.observe("prepazka_delivery_seconds", (gateway, "handed"), taken)
            case LostAnswer():
                counting.add("prepazka_messages_sent", (gateway, "unknown"))
            case SendError(retryable=retryable):
                counting.add("prepazka_messages_sent", (gateway, "again" if retryable else "failed"))
            case _:
                assert_never(result)


def _note_held(handed: Sequence[Due], now: datetime) -> None:
    """From now on the phones of held places have their time to confirm them."""
    if held := [message.id for message in handed if message.kind == "held"]:
        holds.mark_handed(held, now)


def _change(answer: _Answer, capabilities: Capabilities, now: datetime) -> StateChange | None:
    message, result = answer
    so_far = replace(message.so_far, attempts=message.attempts + 1)
    match result:
        case Sent():
            return None
        case LostAnswer(reason=reason):
            so_far = replace(so_far, lost=message.lost + 1)
            disposition = after_lost_answer(so_far, now, capabilities)
        case SendError(throttled=True, reason=reason):
            so_far = not_taken(message.so_far, capabilities)
            disposition = Disposition("queued", now + THROTTLED)
        case SendError(retryable=True, reason=reason):
            so_far = not_taken(so_far, capabilities)
            disposition = after_refusal(so_far, now)
        case SendError(reason=reason):
            so_far = not_taken(so_far, capabilities)
            disposition = after_permanent_refusal(so_far)
        case _:
            assert_never(result)
    return StateChange(message.id, "sending", disposition, so_far, storable_text(reason), result.cause)


def _refs(answers: Iterable[_Answer]) -> Iterator[GatewayRef]:
    """Yield the gateway's ids of messages, each with the number of ids its copy is to have."""
    for message, result in answers:
        match result:
            case Sent(refs=refs):
                total = len(refs)
            case LostAnswer(refs=refs):
                total = max(len(refs), message.parts)
            case _:
                continue
        for ref in refs:
            yield GatewayRef(message.id, receipts.stored_ref(ref), message.lost, total)


def _signal(result: SendResult) -> CircuitSignal:
    match result:
        case Sent():
            return "taken"
        case SendError(throttled=True):
            return "too fast"
        case SendError(retryable=False):
            return "refused"
        case SendError() | LostAnswer():
            return "in vain"
        case _:
            assert_never(result)
