"""What a gateway answered, stored in one round trip that also asks what it is to be given next. Rules: `core.delivery`.

A gateway is given few messages at a time, so what each batch costs beside its rows decides how fast it can send.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from prepazka.core.circuit import CircuitState
from prepazka.store import outbox, receipts
from prepazka.store.outbox import Due, StateChange
from prepazka.store.receipts import GatewayRef, StoredReceipt
from prepazka.store.sql import NOTHING, together


class Answers(NamedTuple):
    """Answers to one claim. handed: the messages that were taken; refs: the gateway's ids; changes: of the others."""

    handed: Collection[int]
    refs: Sequence[GatewayRef]
    changes: Sequence[StateChange]


class Kept(NamedTuple):
    """What was found while answers were stored.

    circuit: the state of the circuit breaker before them. early: receipts that waited for their ids, in the order they
    came, now taken out. due: what it is to be given next; those in doubt are looked for by `outbox.find_work`.
    """

    circuit: CircuitState
    early: Sequence[StoredReceipt]
    due: Sequence[Due]


def keep(gateway: str, answers: Answers, claimed: datetime, following: int) -> Kept:
    """Take a gateway's lock, store its answers to messages claimed at a time, and find so many of the following ones.

    Statements sent together.
    """
    handed, refs, changes = answers
    with together():
        circuit = outbox.send_lock(gateway)
        if handed:
            outbox.mark_handed(handed)
        receipts.keep_refs(gateway, refs)
        outbox.keep_changes(changes, claimed)
        early = receipts.send_early(gateway, {ref.ref for ref in refs}) if refs else NOTHING
        due = outbox.send_due(gateway, following, claimed) if following else NOTHING
    (before,) = circuit.fetch()
    return Kept(before, receipts.take_out(early.fetch()), due.fetch())
