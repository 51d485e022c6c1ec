"""Receipts: what gateways report of messages after taking them. Each is stored once, in whatever order they come.

Invariant: the state of a message never falls below what was reported of it, and a message is delivered only when all
its parts are. It holds because receipts only raise a state (`core.delivery`), are stored by their content, and a
gateway's receipts and answers are stored under one lock, so that neither can miss the other.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

import structlog
from django.db import transaction

from prepazka.core.delivery import PRECEDENCE, WAIT, News, OwnCause, is_newer, parse_message_id, state_of_parts
from prepazka.core.minutes import believable
from prepazka.gateways.values import Receipt, storable_text
from prepazka.store import gateway_hours, outbox
from prepazka.store import receipts as store
from prepazka.store.counting import counting
from prepazka.store.gateway_hours import Done
from prepazka.store.receipts import GatewayRef, HandedMessage, MatchedReceipt, RaisedState, Reported, StoredReceipt

log = structlog.get_logger()

# The longest id of a gateway that is stored; the first characters tell messages apart.
REF_LIMIT = 200
REASON_LIMIT = 200
_ID_LIMIT = 40
_CAUSES: Mapping[News, OwnCause] = {"failed": "gave_up", "undelivered": "network"}


def take_in_receipts(receipts: Sequence[Receipt], now: datetime) -> None:
    """Store receipts, all or none of them; the same receipts again change nothing.

    A receipt is about the message with the office's id, where it has one, else about the message with the gateway's id.
    One that comes before the answer with the gateway's id waits for it, for `core.delivery.WAIT`.
    """
    by_gateway: dict[str, list[StoredReceipt]] = {}
    for receipt in receipts:
        by_gateway.setdefault(receipt.gateway, []).append(_storable(receipt, now))
    if not by_gateway:
        return
    with transaction.atomic(savepoint=False):  # all or none: a caller that has begun one ends it too
        for gateway in sorted(by_gateway):
            outbox.lock(gateway)
            take_in(gateway, by_gateway[gateway], now)


def drop_unmatched(now: datetime) -> int:
    """Drop receipts whose message did not become known in time, and count them by gateway; return how many."""
    with transaction.atomic():
        dropped = store.drop_waiting(now - WAIT)
        gateway_hours.add([(gateway, Done(unmatched=unmatched)) for gateway, unmatched in dropped.items()], now)
    for gateway, unmatched in dropped.items():
        counting.add("prepazka_receipts_unmatched", (gateway,), unmatched)
    count = sum(dropped.values())
    if count:
        log.info("receipts of no message dropped", count=count, gateways=sorted(dropped))
    return count


def stored_ref(ref: str) -> str:
    """Return a gateway's id of a message as it is stored."""
    return storable_text(ref)[:REF_LIMIT]


def take_in(gateway: str, receipts: Sequence[StoredReceipt], now: datetime) -> None:
    """Store receipts of one gateway, under its lock, and raise the states of their messages."""
    messages, parts = _named(gateway, receipts)
    new_parts: dict[str, GatewayRef] = {}
    matched: list[MatchedReceipt] = []
    of_whole: list[MatchedReceipt] = []
    for receipt in receipts:
        message = messages.get(receipt.message)
        if message and receipt.ref and receipt.ref not in parts:
            # The answer with this id is on its way, or was lost.
            part = GatewayRef(message.id, receipt.ref, _copy(message), message.parts)
            parts[receipt.ref] = new_parts[receipt.ref] = part
        if receipt.ref in parts:
            matched.append(MatchedReceipt(parts[receipt.ref].outbound, receipt))
        elif message:
            matched.append(MatchedReceipt(message.id, receipt))
            of_whole.append(matched[-1])
        elif receipt.ref:
            matched.append(MatchedReceipt(None, receipt))
        else:
            log.warning("receipt of no message of ours", gateway=gateway, status=receipt.status)
    raised = _raised_parts(parts, matched)
    known, all_parts = _concerned(gateway, {one.id: one for one in messages.values()}, parts, matched)
    news = _news(of_whole, [replace(part, state=raised.get(part.ref, part.state)) for part in all_parts])
    said = Reported(
        receipts=matched,
        new_parts=[replace(part, state=raised.get(ref, part.state)) for ref, part in new_parts.items()],
        parts={parts[ref].row: state for ref, state in raised.items() if ref not in new_parts},
        messages=_raised_messages(known, news, matched),
    )
    store.keep(gateway, said, now)
    reported = [
        (raised.state, max((now - known[outbound].made_at).total_seconds(), 0))
        for outbound, raised in said.messages.items()
    ]
    transaction.on_commit(partial(_count, gateway, reported))


def _storable(receipt: Receipt, now: datetime) -> StoredReceipt:
    return StoredReceipt(
        message=storable_text(receipt.id)[:_ID_LIMIT],
        ref=stored_ref(receipt.ref),
        status=receipt.status,
        reason=storable_text(receipt.reason)[:REASON_LIMIT],
        at=receipt.at if believable(receipt.at) else now,
    )


def _named(gateway: str, receipts: Iterable[StoredReceipt]) -> tuple[dict[str, HandedMessage], dict[str, GatewayRef]]:
    """Return the messages that receipts name by the office's ids, and the parts named by the gateway's, by these."""
    ids = {receipt.message: id_ for receipt in receipts if (id_ := parse_message_id(receipt.message))}
    found = store.find_named(
        gateway, {id_.row for id_ in ids.values()}, {receipt.ref for receipt in receipts if receipt.ref}
    )
    messages = {
        message: found.messages[id_.row]
        for message, id_ in ids.items()
        if id_.row in found.messages and found.messages[id_.row].made_at == id_.made_at
    }
    return messages, found.parts


def _concerned(
    gateway: str,
    messages: Mapping[int, HandedMessage],
    parts: Mapping[str, GatewayRef],
    matched: Iterable[MatchedReceipt],
) -> tuple[Mapping[int, HandedMessage], Iterable[GatewayRef]]:
    """Return the messages that receipts are about, and their parts: of a message in one part, that one is all."""
    missing = {outbound for outbound, _ in matched if outbound is not None and outbound not in messages}
    in_parts = {part.outbound for part in parts.values() if part.total > 1}
    more = store.find_concerned(gateway, missing, in_parts)
    return {**messages, **more.messages}, {**more.parts, **parts}.values()


def _copy(message: HandedMessage) -> int:
    """Return which copy of a message the gateway was given last: once its answer is lost, it counts among the lost."""
    answer_lost = message.state in {"queued", "unknown", "expired"}
    return max(message.lost - 1, 0) if answer_lost else message.lost


def _raised_parts(refs: Mapping[str, GatewayRef], matched: Iterable[MatchedReceipt]) -> dict[str, News]:
    """Return the new states of parts, by the gateway's ids."""
    states = {ref: part.state for ref, part in refs.items()}
    raised: dict[str, News] = {}
    for _, receipt in matched:
        if receipt.ref in states and is_newer(states[receipt.ref], receipt.status):
            states[receipt.ref] = raised[receipt.ref] = receipt.status
    return raised


def _news(of_whole: Iterable[MatchedReceipt], parts: Iterable[GatewayRef]) -> Mapping[int, Sequence[News]]:
    """Return what is known of messages now: by receipts of whole messages, and by the states of all their parts."""
    news: dict[int, list[News]] = {}
    for outbound, receipt in of_whole:
        if outbound is not None:
            news.setdefault(outbound, []).append(receipt.status)
    for outbound, state in _states_of_copies(parts):
        news.setdefault(outbound, []).append(state)
    return news


def _raised_messages(
    messages: Mapping[int, HandedMessage], news: Mapping[int, Sequence[News]], matched: Iterable[MatchedReceipt]
) -> Mapping[int, RaisedState]:
    """Return the new states of messages, with the reasons of failures."""
    reasons = {outbound: receipt.reason for outbound, receipt in matched if receipt.reason}
    raised: dict[int, RaisedState] = {}
    for outbound, states in news.items():
        best = max(states, key=PRECEDENCE.__getitem__)
        if outbound in messages and is_newer(messages[outbound].state, best):
            cause = _CAUSES.get(best, "")
            raised[outbound] = RaisedState(best, cause, reasons.get(outbound, "") if cause else "")
    return raised


def _count(gateway: str, reported: Iterable[tuple[News, float]]) -> None:
    for state, taken in reported:
        counting.add("prepazka_messages_sent", (gateway, state))
        counting.observe("prepazka_delivery_seconds", (gateway, state), taken)


def _states_of_copies(parts: Iterable[GatewayRef]) -> Iterator[tuple[int, News]]:
    """Yield the state of each copy of a message, from its parts, with the message's row id."""
    copies: dict[tuple[int, int], list[GatewayRef]] = {}
    for part in parts:
        copies.setdefault((part.outbound, part.copy), []).append(part)
    for (outbound, _), copy in copies.items():
        state = state_of_parts([part.state for part in copy], max(part.total for part in copy))
        if state:
            yield outbound, state
