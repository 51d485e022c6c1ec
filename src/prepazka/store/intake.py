"""What has come but is not in an office's inbox yet: parts of longer messages, and messages to nobody's number."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from prepazka.store import models
from prepazka.store.inbox import Arrival

PartsKey = tuple[str, str, str, int, int]
"""What parts of one message have in common: gateway, sender, recipient, reference, total."""

BATCH = 100


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one message that have come, by number; joined: it is in the inbox already."""

    key: PartsKey
    rows: tuple[models.InboundPart, ...]

    @property
    def joined(self) -> bool:
        """Whether its message is stored, whole or given up."""
        return any(row.joined for row in self.rows)

    @property
    def whole(self) -> bool:
        """Whether all have come."""
        return len(self.rows) == self.key[4]


def key_of(row: models.InboundPart) -> PartsKey:
    """The message a part is of."""
    return row.gateway, row.sender, row.recipient, row.reference, row.total


def lock(gateway: str) -> None:
    """Nobody else joins parts of this gateway until the transaction ends."""
    models.Gateway.objects.select_for_update(no_key=True).filter(name=gateway).first()


def parts(keys: Collection[PartsKey]) -> dict[PartsKey, Parts]:
    """What has come of these messages. Index: one_part_a_place."""
    senders = {(key[0], key[1]) for key in keys}
    found = models.InboundPart.objects.filter(
        gateway__in={gateway for gateway, _ in senders}, sender__in={sender for _, sender in senders}
    )
    return {key: parts for key, parts in _grouped(found.order_by("number")).items() if key in keys}


def overdue(before: datetime) -> list[Parts]:
    """Messages not joined of which a part came before this moment. Index: inbound_part_by_time."""
    late = models.InboundPart.objects.filter(received_at__lte=before, joined=False)[:BATCH]
    keys = {key_of(row) for row in late}
    return [found for found in parts(keys).values() if not found.joined] if keys else []


def _grouped(found: Iterable[models.InboundPart]) -> dict[PartsKey, Parts]:
    groups: dict[PartsKey, list[models.InboundPart]] = {}
    for row in found:
        groups.setdefault(key_of(row), []).append(row)
    return {key: Parts(key, tuple(rows)) for key, rows in groups.items()}


def add(rows: Sequence[models.InboundPart]) -> None:
    """Store parts; one that is there already stays."""
    models.InboundPart.objects.bulk_create(rows, ignore_conflicts=True)


def mark_joined(messages: Iterable[Parts]) -> None:
    """The messages of these parts are stored."""
    models.InboundPart.objects.filter(id__in=[row.id for parts in messages for row in parts.rows]).update(joined=True)


def drop(messages: Iterable[Parts]) -> None:
    """Forget these parts."""
    models.InboundPart.objects.filter(id__in=[row.id for parts in messages for row in parts.rows]).delete()


def drop_joined(before: datetime) -> int:
    """Forget parts of stored messages that came before this moment; how many. Index: inbound_part_by_time."""
    return models.InboundPart.objects.filter(received_at__lte=before, joined=True).delete()[0]


# --- messages to nobody's number ---------------------------------------------------------------


def keep_strays(strays: Sequence[Arrival]) -> None:
    """Store messages to numbers that are no office's."""
    models.Stray.objects.bulk_create(
        [
            models.Stray(
                gateway=stray.gateway,
                gateway_id=stray.gateway_id,
                fingerprint=stray.fingerprint,
                sender=stray.sender,
                recipient=stray.recipient,
                text=stray.text,
                sent_at=stray.sent_at,
                received_at=stray.received_at,
            )
            for stray in strays
        ],
        ignore_conflicts=True,
    )


def strays() -> list[models.Stray]:
    """Some of them whose number is an office's by now, the oldest first."""
    numbers = models.Number.objects.filter(office__isnull=False)
    known = models.Stray.objects.filter(recipient__in=numbers.values("e164"))
    bound = models.Stray.objects.filter(recipient="", gateway__in=numbers.values("gateway__name"))
    return list((known | bound).order_by("id")[:BATCH])


def drop_strays(ids: Collection[int]) -> None:
    """These have found their office."""
    models.Stray.objects.filter(id__in=ids).delete()


def erase_strays(before: datetime) -> int:
    """Forget strays that came before this moment; how many."""
    return models.Stray.objects.filter(received_at__lt=before).delete()[0]
