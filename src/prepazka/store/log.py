"""The log of messages of an office, both directions, newest first, and the audit trail: paged by key, read by index."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from prepazka.core.delivery import State
from prepazka.store import models

AFRESH: frozenset[State] = frozenset({"failed", "undelivered", "expired", "unknown"})
"""States from which a message may be sent once more."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A message. ours: the office said it. number: the citizen's, "" once erased. state: of the inbox or the outbox."""

    id: int
    ours: bool
    at: datetime
    number: str
    text: str
    state: str
    what: str
    gateway: str
    error: str = ""

    @property
    def can_be_sent_again(self) -> bool:
        """Whether it was not delivered, as far as is known, and there is still something to send."""
        return self.ours and self.state in AFRESH and bool(self.text and self.number)


@dataclass(frozen=True, slots=True)
class Page:
    """Entries, and where the next page begins: the keys of the last of either direction; None when this is the last."""

    entries: tuple[Entry, ...]
    next: tuple[int, int] | None


_LAST = 2**62


def messages(office_id: int, number: str, before: tuple[int, int] | None, size: int) -> Page:
    """A page of messages, all or those of one number ("" is all).

    Indexes: inbound_of_office, outbound_of_office; inbound_of_sender, outbound_of_recipient.
    """
    heard_before, said_before = before or (_LAST, _LAST)
    heard = models.Inbound.objects.filter(office_id=office_id, id__lt=heard_before).order_by("-id")
    said = models.Outbound.objects.filter(office_id=office_id, id__lt=said_before).order_by("-id")
    if number:
        heard, said = heard.filter(sender=number), said.filter(recipient=number)
    both = [*map(_heard, heard[: size + 1]), *map(_said, said[: size + 1])]
    both.sort(key=lambda entry: (entry.at, entry.ours, entry.id), reverse=True)
    shown = both[:size]
    if len(both) <= size:
        return Page(tuple(shown), None)
    ends = tuple(
        min((entry.id for entry in shown if entry.ours == ours), default=end)
        for ours, end in ((False, heard_before), (True, said_before))
    )
    return Page(tuple(shown), (ends[0], ends[1]))


def said(office_id: int, outbound: int) -> models.Outbound | None:
    """A message of the office."""
    return models.Outbound.objects.filter(office_id=office_id, id=outbound).first()


def sent_again(office_id: int, message: models.Outbound) -> bool:
    """Whether the same was sent once more since. Index: outbound_of_recipient."""
    return models.Outbound.objects.filter(
        office_id=office_id, recipient=message.recipient, id__gt=message.id, kind="resent", text=message.text
    ).exists()


def _heard(row: models.Inbound) -> Entry:
    return Entry(row.id, False, row.received_at, row.sender, row.text, row.state, row.outcome, row.gateway)


def _said(row: models.Outbound) -> Entry:
    return Entry(row.id, True, row.made_at, row.recipient, row.text, row.state, row.kind, row.gateway, row.error)


def audit(office_id: int | None, before: tuple[datetime, int] | None, size: int) -> tuple[list[models.Audit], bool]:
    """Entries of the audit trail before this one, newest first, and whether there are more. Index: audit_by_office.

    office_id: None is what concerns no office: accounts, sign-ins, gateways.
    """
    of_it = Q(office=None) if office_id is None else Q(office_id=office_id)
    found = models.Audit.objects.filter(of_it).order_by("-at", "-id")
    if before:
        at, id_ = before
        found = found.filter(Q(at__lt=at) | Q(id__lt=id_), at__lte=at)
    rows = list(found[: size + 1])
    return rows[:size], len(rows) > size


def lately(office_id: int, what: str, since: datetime) -> list[models.Audit]:
    """Entries of one kind since a moment, the newest first. Index: audit_by_office."""
    return list(models.Audit.objects.filter(office_id=office_id, at__gte=since, what=what).order_by("-at", "-id"))


def note(office_id: int | None, now: datetime, who: str, what: str, **details: Any) -> None:
    """Put something an official did into the audit trail."""
    models.Audit.objects.create(office_id=office_id, at=now, who=who, what=what, details=details)
