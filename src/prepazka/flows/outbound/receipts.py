"""What gateways say of messages after taking them: kept as said, each once, and believed in whatever order it comes.

Invariant: what a message has come to never becomes less than what was heard of it, and a message is in the phone only
when all its parts are. It holds because receipts only ever raise a standing (`core.delivery`), are kept by their
content, and a gateway's receipts and answers are taken in under one lock, so none can slip past the other.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import structlog
from django.db import transaction

from prepazka.core.delivery import PRECEDENCE, WAIT, News, newer, of_parts
from prepazka.core.delivery import named as office_id
from prepazka.core.minutes import believable
from prepazka.gateways.values import Receipt, storable_text
from prepazka.store import outbox
from prepazka.store import receipts as store
from prepazka.store.receipts import GatewayRef, HandedMessage, Report

log = structlog.get_logger()

# The longest name of a gateway's that is kept; its rest would tell nothing apart.
REF_LIMIT = 200
REASON_LIMIT = 200
_ID_LIMIT = 40


def note(receipts: Sequence[Receipt], now: datetime) -> None:
    """Take in what gateways say of messages, all or nothing; saying it again changes nothing.

    A receipt speaks of the message with the office's id, where it bears one, else of what the gateway calls so. One
    that comes before the answer that gives the name waits for it, for `core.delivery.WAIT`.
    """
    by_gateway: dict[str, list[Report]] = {}
    for receipt in receipts:
        by_gateway.setdefault(receipt.gateway, []).append(_said(receipt, now))
    with transaction.atomic():
        for gateway in sorted(by_gateway):
            outbox.lock(gateway)
            take_in(gateway, by_gateway[gateway], now)


def drop(now: datetime) -> int:
    """Forget receipts whose message was never named; how many."""
    dropped = store.drop_waiting(now - WAIT)
    if dropped:
        log.info("receipts of no message dropped", count=dropped)
    return dropped


def ref(given: str) -> str:
    """A gateway's name as it is kept."""
    return storable_text(given)[:REF_LIMIT]


def take_in(gateway: str, receipts: Sequence[Report], now: datetime) -> None:
    """The same for receipts of one gateway, under its lock."""
    messages = _letters(gateway, receipts)
    refs = store.named(gateway, {said.ref for said in receipts if said.ref})
    learned: dict[str, GatewayRef] = {}
    kept: list[tuple[int | None, Report]] = []
    whole: list[tuple[int, Report]] = []
    for said in receipts:
        message = messages.get(said.message)
        if message and said.ref and said.ref not in refs:
            # The answer that gives the name is on its way, or was lost.
            refs[said.ref] = learned[said.ref] = GatewayRef(message.id, said.ref, _copy(message), message.parts)
        if said.ref in refs:
            kept.append((refs[said.ref].outbound, said))
        elif message:
            kept.append((message.id, said))
            whole.append((message.id, said))
        elif said.ref:
            kept.append((None, said))
        else:
            log.warning("receipt of no message of ours", gateway=gateway, status=said.status)
    store.keep(gateway, kept, now)
    store.name(gateway, learned.values())
    store.hear_of_parts(gateway, _raised(refs, kept))
    _raise(gateway, [outbound for outbound, _ in kept if outbound is not None], whole, kept)


def _said(receipt: Receipt, now: datetime) -> Report:
    return Report(
        message=storable_text(receipt.id)[:_ID_LIMIT],
        ref=ref(receipt.ref),
        status=receipt.status,
        reason=storable_text(receipt.reason)[:REASON_LIMIT],
        at=receipt.at if believable(receipt.at) else now,
    )


def _letters(gateway: str, receipts: Iterable[Report]) -> dict[str, HandedMessage]:
    """The messages receipts name by the office's ids, by those ids."""
    named = {said.message: found for said in receipts if (found := office_id(said.message))}
    messages = store.handed_messages(gateway, {row for row, _ in named.values()}) if named else {}
    return {
        message: messages[row]
        for message, (row, made_at) in named.items()
        if row in messages and messages[row].made_at == made_at
    }


def _copy(message: HandedMessage) -> int:
    """Which copy of a message was given to the gateway last: once its answer is lost, it is one of the lost."""
    given_up = message.state in {"queued", "unknown", "expired"}
    return max(message.lost - 1, 0) if given_up else message.lost


def _raised(refs: Mapping[str, GatewayRef], kept: Iterable[tuple[int | None, Report]]) -> dict[str, News]:
    """What is news of parts, by their names."""
    known = {name: part.state for name, part in refs.items()}
    raised: dict[str, News] = {}
    for _, said in kept:
        if said.ref in known and newer(known[said.ref], said.status):
            known[said.ref] = raised[said.ref] = said.status
    return raised


def _raise(
    gateway: str,
    outbounds: Iterable[int],
    whole: Iterable[tuple[int, Report]],
    kept: Iterable[tuple[int | None, Report]],
) -> None:
    """Keep what is news of messages: what was said of them whole, and what their parts have come to together."""
    concerned = set(outbounds)
    if not concerned:
        return
    said_of: dict[int, list[News]] = {outbound: [] for outbound in concerned}
    for outbound, said in whole:
        said_of[outbound].append(said.status)
    for outbound, came in _of_copies(store.parts(concerned)):
        said_of[outbound].append(came)
    reasons = {outbound: said.reason for outbound, said in kept if outbound is not None and said.reason}
    news: dict[int, tuple[News, str]] = {}
    for outbound, message in store.handed_messages(gateway, concerned).items():
        best = max(said_of[outbound], key=PRECEDENCE.__getitem__, default=None)
        if best and newer(message.state, best):
            bad = best in {"failed", "undelivered"}
            news[outbound] = (best, reasons.get(outbound, "") if bad else "")
    store.hear_of(news)


def _of_copies(parts: Iterable[GatewayRef]) -> list[tuple[int, News]]:
    """What each copy of a message has come to, from its parts."""
    copies: dict[tuple[int, int], list[GatewayRef]] = {}
    for part in parts:
        copies.setdefault((part.outbound, part.copy), []).append(part)
    came = [
        (outbound, of_parts([part.state for part in copy], max(part.total for part in copy)))
        for (outbound, _), copy in copies.items()
    ]
    return [(outbound, news) for outbound, news in came if news]
