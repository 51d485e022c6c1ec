"""The register of access: who looked at whose data and when, and who signed in or was refused.

It answers the data protection officer and the person, so it names nobody but who looked: of a person it has the last
three digits of the number and a keyed hash, by which the rows of a known number are found.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple, get_args

from django.db.models import Q

from prepazka.store import models
from prepazka.store.sealing import number_hash, number_hashes
from prepazka.store.sql import changed, insert, moment

Act = Literal[
    "person shown",
    "person exported",
    "person erased",
    "booking opened",
    "slip opened",
    "thread opened",
    "messages of number",
    "booked for caller",
    "moved for caller",
    "cancelled for caller",
    "booking corrected",
    "queue shown",
    "bookings listed",
    "bookings saved",
    "bookings searched",
    "find opened",
    "messages listed",
    "register of number",
    "backup made",
    "signed in",
    "sign-in failed",
    "signed out",
    "refused",
]
"""What is registered."""
ACTS: tuple[Act, ...] = get_args(Act)

Counted = Literal[
    "queue shown", "bookings listed", "bookings searched", "find opened", "messages listed", "sign-in failed", "refused"
]
"""What is registered once an hour, with how often it was."""


def masked(number: str) -> str:
    """Return a number as registers and lists show it: its last three digits; "" for what is no number."""
    return f"…{number[-3:]}" if number[-3:].isdecimal() else ""


# docs/spec/safety.md §5.4: "who, when, what, and of a person no more than the last three digits"
def note(office_id: int | None, now: datetime, who: str, what: Act, number: str = "", **details: Any) -> None:
    """Register an act. office_id: None for what concerns no office."""
    models.Access.objects.create(
        office_id=office_id,
        at=now,
        who=who,
        what=what,
        number=masked(number),
        number_hash=number_hash(number) if masked(number) else "",
        details=details,
    )


def count(office_id: int | None, now: datetime, who: str, what: Counted, page: str = "") -> None:
    """Register an act that is counted: one row an hour for everybody who did it there. Index: the unique one.

    page: of a refusal, the name of the page that was refused.
    """
    once = f"{office_id or ''}/{now:%Y-%m-%dT%H}/{what}/{page}/{who}"
    details = json.dumps({"page": page} if page else {})
    columns = {"office_id": "bigint", "at": "timestamptz", "until": "timestamptz", "who": "text", "what": "text"}
    columns |= {"number": "text", "number_hash": "text", "details": "jsonb", "count": "integer", "once": "text"}
    record: list[Any] = [office_id, moment(now), moment(now), who, what, "", "", details, 1, once]
    then = "ON CONFLICT (once) DO UPDATE SET count = access.count + 1, until = excluded.until RETURNING id"
    insert("access", columns, [record], then=then).fetch()


class AccessKey(NamedTuple):
    """Where a page of the register begins: before the row of this moment and id."""

    at: datetime
    id: int


class AccessPage(NamedTuple):
    """Rows of the register, and whether there are more."""

    rows: list[models.Access]
    more: bool


def page(office_id: int | None, before: AccessKey | None, size: int) -> AccessPage:
    """Return a page of the register, the newest first. Indexes: access_by_office, access_by_name.

    Of an office: what concerned it, and sign-ins and refusals of those who work there. None: of the whole installation.
    """
    found = models.Access.objects.select_related("office")
    if office_id is not None:
        found = found.filter(Q(office_id=office_id) | Q(office=None, who__in=_names(office_id)))
    if before:
        found = found.filter(Q(at__lt=before.at) | Q(id__lt=before.id), at__lte=before.at)
    rows = list(found.order_by("-at", "-id")[: size + 1])
    return AccessPage(rows[:size], len(rows) > size)


def of_number(office_id: int | None, number: str) -> list[models.Access]:
    """Return who looked at a person, in one office or (None) in all, the newest first. Index: access_to_number."""
    found = models.Access.objects.filter(number_hash__in=number_hashes(number), number_hash__gt="")
    if office_id is not None:
        found = found.filter(office_id=office_id)
    return list(found.select_related("office").order_by("-at", "-id"))


def lately(office_id: int, what: Act, since: datetime) -> list[models.Access]:
    """Return an office's rows of one kind since a moment, newest first. Index: access_by_office."""
    return list(models.Access.objects.filter(office_id=office_id, at__gte=since, what=what).order_by("-at", "-id"))


def erase(before: datetime, batch: int) -> int:
    """Delete rows of before this moment, so many at most; return how many. Index: access_by_time."""
    return changed(
        "DELETE FROM access WHERE id IN (SELECT id FROM access WHERE at < %s ORDER BY at LIMIT %s)",
        [moment(before), batch],
    )


def _names(office_id: int) -> Sequence[str]:
    return list(models.Official.objects.filter(office_id=office_id).values_list("user__username", flat=True))
