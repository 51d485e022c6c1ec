"""Parts of longer messages, which are in no inbox until the others have come."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from prepazka.store import models


class PartsKey(NamedTuple):
    """What the parts of one message have in common."""

    gateway: str
    sender: str
    recipient: str
    reference: int
    total: int


BATCH = 100


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one message that have come, in order of their numbers."""

    key: PartsKey
    rows: tuple[models.InboundPart, ...]

    @property
    def joined(self) -> bool:
        """Whether the message is in an inbox already, whole or given up."""
        return any(row.joined for row in self.rows)

    @property
    def whole(self) -> bool:
        """Whether all parts have come."""
        return len(self.rows) == self.key.total


def key_of(row: models.InboundPart) -> PartsKey:
    """Return the message a part belongs to."""
    return PartsKey(row.gateway, row.sender, row.recipient, row.reference, row.total)


def lock(gateway: str) -> None:
    """Take the lock of a gateway's parts until the transaction ends: no other process joins them meanwhile."""
    models.Gateway.objects.select_for_update(no_key=True).filter(name=gateway).first()


def parts(keys: Collection[PartsKey]) -> dict[PartsKey, Parts]:
    """Return the parts of these messages that have come. Index: one_part_a_place."""
    found = models.InboundPart.objects.filter(
        gateway__in={key.gateway for key in keys}, sender__in={key.sender for key in keys}
    )
    return {key: parts for key, parts in _grouped(found.order_by("number")).items() if key in keys}


def overdue(before: datetime) -> list[Parts]:
    """Return messages not joined yet of which a part came before this moment. Index: inbound_part_by_time."""
    late = models.InboundPart.objects.filter(received_at__lte=before, joined=False)[:BATCH]
    keys = {key_of(row) for row in late}
    return [one for one in parts(keys).values() if not one.joined] if keys else []


def _grouped(found: Iterable[models.InboundPart]) -> dict[PartsKey, Parts]:
    groups: dict[PartsKey, list[models.InboundPart]] = {}
    for row in found:
        groups.setdefault(key_of(row), []).append(row)
    return {key: Parts(key, tuple(rows)) for key, rows in groups.items()}


def add(rows: Sequence[models.InboundPart]) -> None:
    """Store parts; one stored already stays as it is."""
    models.InboundPart.objects.bulk_create(rows, ignore_conflicts=True)


def mark_joined(messages: Iterable[Parts]) -> None:
    """Mark parts whose message is in an inbox now."""
    models.InboundPart.objects.filter(id__in=[row.id for parts in messages for row in parts.rows]).update(joined=True)


def drop_parts(messages: Iterable[Parts]) -> None:
    """Delete these parts."""
    models.InboundPart.objects.filter(id__in=[row.id for parts in messages for row in parts.rows]).delete()


def drop_joined(before: datetime) -> int:
    """Delete joined parts that came before this moment; return how many. Index: inbound_part_by_time."""
    return models.InboundPart.objects.filter(received_at__lte=before, joined=True).delete()[0]
