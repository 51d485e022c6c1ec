"""Strays assigned: messages that came before their number was bound, handed to its office by an operator.

Invariant: an assigned message is handled once, as any other. It holds because it leaves the strays and enters the
inbox in one transaction, and the inbox knows its id and its content.
"""

from datetime import datetime

from django.db import transaction

from prepazka.flows.inbound.receive import arrival
from prepazka.flows.phone_numbers import e164
from prepazka.gateways.values import Inbound
from prepazka.store import gateways, inbox, models, offices, strays
from prepazka.store.log import note
from prepazka.store.offices import NumberOwner


class NotAssignable(Exception):
    """The number is no office's, or is bound to no gateway; the message says which and what to do."""


def assign(number: str, now: datetime, who: str) -> int:
    """Hand the strays to a number, by the gateway it is bound to, to its office; return how many.

    The worker handles them as messages that have waited since they were sent. Raises: NotAssignable.
    """
    recipient = e164(number)
    total = 0
    while moved := _assign_some(recipient, now):
        total += moved
    if total:
        note(_owner(recipient).office_id, now, who, "strays assigned", number=recipient, count=total)
    return total


def _owner(number: str) -> NumberOwner:
    owner = offices.by_number([number]).get(number)
    if owner is None:
        raise NotAssignable(f"{number} is the number of no office; add it to its office first")
    if owner.gateway is None:
        raise NotAssignable(f"{number} is bound to no gateway; bind it to the gateway its messages came by first")
    return owner


@transaction.atomic
def _assign_some(number: str, now: datetime) -> int:
    owner = _owner(number)
    assert owner.gateway  # noqa: S101 -- for the type checker: `_owner` has raised
    # A gateway that names no recipient means the number bound to it.
    recipients = [number, ""] if gateways.number_of(owner.gateway) == number else [number]
    rows = strays.take(owner.gateway, recipients)
    arrivals = [arrival(_inbound(row, number), now, whole=row.whole) for row in rows]
    if arrivals:
        inbox.take_in(owner.office_id, arrivals)
        strays.drop([row.id for row in rows])
    return len(rows)


def _inbound(row: models.Stray, number: str) -> Inbound:
    """Return the message as it came; it counts as sent when it came, where its network said nothing."""
    sent = row.sent_at or row.received_at
    return Inbound(row.gateway, row.gateway_id, row.sender, number, row.text, sent, row.fingerprint)
