"""The log of an office's messages in both directions, and the audit trail: newest first, paged by key."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from prepazka.store import models


@dataclass(frozen=True, slots=True)
class Entry:
    """A message. ours: sent by the office. number: the citizen's, "" once erased. state: of the inbox or the outbox."""

    id: int
    ours: bool
    at: datetime
    number: str
    text: str
    state: str
    what: str
    gateway: str
    cause: str = ""
    error: str = ""


class PageKey(NamedTuple):
    """Where a page begins: below these row ids of the inbox and of the outbox."""

    inbound: int
    outbound: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page of entries; next: where the next page begins, None after the last one."""

    entries: tuple[Entry, ...]
    next: PageKey | None


_LAST = 2**62


def messages(office_id: int, number: str, before: PageKey | None, size: int) -> Page:
    """Return a page of messages, all or those of one number ("" is all).

    Indexes: inbound_of_office, outbound_of_office; inbound_of_sender, outbound_of_recipient.
    """
    begin = before or PageKey(_LAST, _LAST)
    inbound = models.Inbound.objects.filter(office_id=office_id, id__lt=begin.inbound).order_by("-id")
    outbound = models.Outbound.objects.filter(office_id=office_id, id__lt=begin.outbound).order_by("-id")
    if number:
        inbound, outbound = inbound.filter(sender=number), outbound.filter(recipient=number)
    both = [*map(_of_inbound, inbound[: size + 1]), *map(_of_outbound, outbound[: size + 1])]
    both.sort(key=lambda entry: (entry.at, entry.ours, entry.id), reverse=True)
    shown = both[:size]
    if len(both) <= size:
        return Page(tuple(shown), None)
    last_inbound = min((entry.id for entry in shown if not entry.ours), default=begin.inbound)
    last_outbound = min((entry.id for entry in shown if entry.ours), default=begin.outbound)
    return Page(tuple(shown), PageKey(last_inbound, last_outbound))


def find_outbound(office_id: int, outbound: int) -> models.Outbound | None:
    """Return a message of the outbox of the office."""
    return models.Outbound.objects.filter(office_id=office_id, id=outbound).first()


def _of_inbound(row: models.Inbound) -> Entry:
    return Entry(row.id, False, row.received_at, row.sender, row.text, row.state, row.outcome, row.gateway)


def _of_outbound(row: models.Outbound) -> Entry:
    said = (row.cause, row.error)
    return Entry(row.id, True, row.made_at, row.recipient, row.text, row.state, row.kind, row.gateway, *said)


class AuditKey(NamedTuple):
    """Where a page of the audit trail begins: before the entry of this moment and row id."""

    at: datetime
    id: int


class AuditPage(NamedTuple):
    """Entries of the audit trail, and whether there are more."""

    entries: list[models.Audit]
    more: bool


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries are asked for. who, what: "" for all; since, until: None without a bound, until excluded."""

    who: str = ""
    what: str = ""
    since: datetime | None = None
    until: datetime | None = None


def audit(office_id: int | None, before: AuditKey | None, size: int, asked: AuditFilter | None = None) -> AuditPage:
    """Return a page of the audit trail, newest first. Index: audit_by_office.

    office_id: None is what concerns no office: accounts, sign-ins, gateways.
    """
    found = _audit_of(office_id).order_by("-at", "-id")
    if asked:
        found = found.filter(**_bounds(asked))
    if before:
        found = found.filter(Q(at__lt=before.at) | Q(id__lt=before.id), at__lte=before.at)
    rows = list(found[: size + 1])
    return AuditPage(rows[:size], len(rows) > size)


def audit_kinds(office_id: int | None) -> list[tuple[str, str]]:
    """Return who did what in the audit trail, each pair once. Index: audit_by_office."""
    return list(_audit_of(office_id).order_by().values_list("who", "what").distinct())


def _audit_of(office_id: int | None) -> QuerySet[models.Audit]:
    return models.Audit.objects.filter(Q(office=None) if office_id is None else Q(office_id=office_id))


def _bounds(asked: AuditFilter) -> dict[str, object]:
    bounds = {"who": asked.who, "what": asked.what, "at__gte": asked.since, "at__lt": asked.until}
    return {name: value for name, value in bounds.items() if value}


def note(office_id: int | None, now: datetime, who: str, what: str, **details: Any) -> None:
    """Record something an official did in the audit trail."""
    models.Audit.objects.create(office_id=office_id, at=now, who=who, what=what, details=details)
