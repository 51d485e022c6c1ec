"""Counts of rate limits: the same for every process and every node, counted by one statement a hit.

The rules are in `core/rate_limits.py`. The figures an installation sets (`PREPAZKA_LIMITS`) take the place of the usual
ones here, so a tally always carries the figure that holds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Count, F, IntegerField, Q, Value, When

from prepazka.core.rate_limits import LIMITS, Bucket, RateLimit, Tally
from prepazka.store import models
from prepazka.store.sql import Pending, Row, changed, insert, listed, moment, run, send

_COLUMNS = {
    "bucket": "text",
    "name": "text",
    "office_id": "bigint",
    "slot": "bigint",
    "count": "integer",
    "before": "integer",
    "last": "bigint",
    "expires_at": "timestamptz",
}
# A flood of tries that come too early costs the database nothing; what another process takes back is heard so soon.
_REMEMBERED = timedelta(seconds=5)
_MOST_REMEMBERED = 10_000
_RETURNED = "bucket, slot, count, before, last, earlier"
# A node whose clock is a little behind counts into the newer slot of the others.
_COUNTED = (
    "ON CONFLICT (bucket) DO UPDATE SET "
    "count = CASE WHEN kept.slot IN (excluded.slot, excluded.slot + 1) THEN kept.count ELSE 0 END + excluded.count, "
    "before = CASE WHEN kept.slot IN (excluded.slot, excluded.slot + 1) THEN kept.before "
    "WHEN kept.slot = excluded.slot - 1 THEN kept.count ELSE 0 END, "
    "slot = CASE WHEN kept.slot = excluded.slot + 1 THEN kept.slot ELSE excluded.slot END, "
    f"earlier = kept.last, last = excluded.last, expires_at = excluded.expires_at RETURNING {_RETURNED}"
)


def hit(bucket: Bucket, now: datetime) -> Tally:
    """Count one hit; return the tally with it, its `last` being the hit before this one."""
    return hit_many({bucket: 1}, now).fetch()[0]


def hit_all(buckets: Sequence[Bucket], now: datetime) -> list[Tally]:
    """Count one hit in each of these buckets; return their tallies."""
    return hit_many(dict.fromkeys(buckets, 1), now).fetch()


def hit_many(hits: Mapping[Bucket, int], now: datetime) -> Pending[Tally]:
    """Count the hits of many buckets by one statement; the tallies come in the order of the buckets.

    Rows are locked in the order of their names, so that two callers never wait for each other.
    """
    keyed = {_name_of(bucket): (_with_figure(bucket.limit), bucket, count) for bucket, count in hits.items()}
    records = [_record(name, limit, bucket, count, now) for name, (limit, bucket, count) in sorted(keyed.items())]
    returned = insert("rate_limit AS kept", _COLUMNS, records, then=_COUNTED)

    def fetch() -> list[Tally]:
        found = {row[0]: row for row in returned.fetch()}
        return [_tally(limit, found[name], last=5) for name, (limit, _, _) in keyed.items()]

    return Pending(fetch)


def peek(buckets: Sequence[Bucket]) -> list[Tally]:
    """Return the tallies of these buckets without counting. One query."""
    names = {_name_of(bucket): _with_figure(bucket.limit) for bucket in buckets}
    found = send(f"SELECT {_RETURNED} FROM rate_limit WHERE {{among:bucket}}", [listed(names)]).fetch()
    rows = {row[0]: row for row in found}
    return [_tally(limit, rows[name], last=4) if name in rows else Tally(limit) for name, limit in names.items()]


# docs/spec/safety.md §2.2: "A try that came too early is not counted"
def attempt(buckets: Sequence[Bucket], now: datetime) -> timedelta:
    """Count a try before it is made, unless it comes too early; return how long it still has to wait, 0 when it may.

    The rows stay locked until it is known, so of many tries at once only those pass that would pass one by one. What
    turned out right is taken back by `forgive`.
    """
    names = list(dict.fromkeys(map(_name_of, buckets)))
    wait = _remembered(names, now)
    if wait or not buckets:
        return wait
    with transaction.atomic():
        waits = [tally.without_this().wait(now) for tally in hit_all(buckets, now)]
        if any(waits):
            transaction.set_rollback(True)
    for name, wait in zip(names, waits, strict=True):
        if wait:
            _remember(name, now, wait)
    return max(waits)


def wait(buckets: Sequence[Bucket], now: datetime) -> timedelta:
    """Return how long the next try in these buckets has to wait, without counting one."""
    return max((tally.wait(now) for tally in peek(buckets)), default=timedelta())


def forgive(buckets: Sequence[Bucket]) -> None:
    """Take back one hit of each bucket: the try was right."""
    taken_back = "SET count = count - 1, last = COALESCE(earlier, last)"
    changed(f"UPDATE rate_limit {taken_back} WHERE {{among:bucket}} AND count > 0", [listed(_begun_anew(buckets))])


def forget(buckets: Sequence[Bucket]) -> None:
    """Begin these buckets anew."""
    run("DELETE FROM rate_limit WHERE {among:bucket}", [listed(_begun_anew(buckets))])


def delete_expired(now: datetime) -> int:
    """Delete counts that no limit needs any more; return how many. Index: rate_limit_expires."""
    return changed("DELETE FROM rate_limit WHERE expires_at < %s", [moment(now)])


@dataclass(frozen=True, slots=True)
class LimitNow:
    """A limit as it stands: with the figure that holds, how many are counted now, and how many of them have reached it.

    None for a limit that is not counted in the table.
    """

    limit: RateLimit
    counted: int | None
    reached: int | None


def all_limits(now: datetime, office_id: int | None = None) -> list[LimitNow]:
    """Return every limit with its counts, of one office or of all. One query over the rows of the last periods."""
    limits = [_with_figure(limit) for limit in LIMITS.values()]
    figures = [When(name=limit.name, then=Value(limit.figure)) for limit in limits]
    slots = [When(name=limit.name, then=Value(limit.slot(now))) for limit in limits]
    kept = models.RateCount.objects.filter(expires_at__gte=now, **({} if office_id is None else {"office": office_id}))
    found = {
        name: (counted, reached)
        for name, counted, reached in kept.annotate(
            figure=Case(*figures, default=Value(0), output_field=IntegerField()),
            slot_now=Case(*slots, default=Value(0), output_field=IntegerField()),
        )
        .filter(slot__gte=F("slot_now"))
        .values_list("name")
        .annotate(counted=Count("bucket"), reached=Count("bucket", filter=Q(count__gte=F("figure"))))
    }
    return [LimitNow(limit, *(found.get(limit.name, (0, 0)) if limit.tabled else (None, None))) for limit in limits]


def figure(limit: RateLimit) -> int:
    """Return the figure that holds here, for a limit whose hits are counted where they are stored anyway."""
    return _with_figure(limit).figure


# Bucket -> when it was read that its next try has to wait, and until when.
_waiting: dict[str, tuple[datetime, datetime]] = {}


def _remember(name: str, now: datetime, wait: timedelta) -> None:
    if len(_waiting) >= _MOST_REMEMBERED:
        _waiting.clear()
    _waiting[name] = now, now + wait


def _remembered(names: Sequence[str], now: datetime) -> timedelta:
    """Return how long the next try has to wait by what this process read a moment ago; 0 when it does not know."""
    known = [_waiting[name] for name in names if name in _waiting]
    fresh = [until - now for read, until in known if read <= now < min(read + _REMEMBERED, until)]
    return max(fresh, default=timedelta())


def _begun_anew(buckets: Sequence[Bucket]) -> list[str]:
    """Return the names of buckets of which nothing is remembered any more."""
    names = [_name_of(bucket) for bucket in buckets]
    for name in names:
        _waiting.pop(name, None)
    return names


def _with_figure(limit: RateLimit) -> RateLimit:
    """Return the limit with the figure this installation sets."""
    own = settings.LIMITS.get(limit.name)
    return limit if own is None else replace(limit, figure=own)


def _name_of(bucket: Bucket) -> str:
    """Return the bucket's name in the table: neither an address nor a number can be read from it."""
    said = f"{bucket.limit.name}\0{bucket.office}\0{bucket.key}".encode("utf-8", "replace")
    return blake2b(said, digest_size=16, key=settings.SECRET_KEY.encode()[:64]).hexdigest()


def _record(name: str, limit: RateLimit, bucket: Bucket, count: int, now: datetime) -> list[object]:
    expires = moment(now + 2 * limit.period)
    return [name, limit.name, bucket.office, limit.slot(now), count, 0, _milliseconds(now), expires]


def _tally(limit: RateLimit, row: Row, *, last: int) -> Tally:
    """Return the tally of a row of `_RETURNED`; last: which column has the last hit."""
    at = None if row[last] is None else datetime.fromtimestamp(row[last] / 1000, UTC)
    return Tally(limit, slot=row[1], count=row[2], before=row[3], last=at)


def _milliseconds(now: datetime) -> int:
    return int(now.timestamp() * 1000)
