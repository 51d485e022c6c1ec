"""Offices: read from their tables into one value, and stored from it. Also the office's lock."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import F, Q

from prepazka.core.office import office as core
from prepazka.core.office.diff import Change, find_changes
from prepazka.store import in_use, models, moves
from prepazka.store.office_cache import office_cache
from prepazka.store.office_rows import read
from prepazka.store.sql import Pending, listed, rows, run, send

OfficeError = in_use.StillInUse
MovedOffice = moves.MovedOffice

CHANGED = "prepazka_office_changed"
"""The channel on which PostgreSQL tells that an office was made or changed."""


# --- finding -----------------------------------------------------------------------------------


class NumberOwner(NamedTuple):
    """The office of a number, the gateway it is bound to, and the one that stands by for that; None for none."""

    office_id: int
    gateway: str | None
    standby: str | None = None


def by_number(numbers: Iterable[str]) -> dict[str, NumberOwner]:
    """Return the owner of each of these numbers, of offices that did not move away. Index: of the unique number."""
    found = rows(
        "SELECT number.e164, number.office_id, gateway.name, second.name FROM number JOIN office ON office.id = "
        "number.office_id AND office.moved_at IS NULL LEFT JOIN gateway ON gateway.id = number.gateway_id "
        "LEFT JOIN gateway AS second ON second.id = gateway.standby_id WHERE {among:number.e164}",
        [listed(set(numbers))],
    )
    return {row[0]: NumberOwner(*row[1:]) for row in found}


def find(slug: str) -> int | None:
    """Return the id of the office with this slug."""
    return models.Office.objects.filter(slug=slug).values_list("id", flat=True).first()


def ids() -> list[int]:
    """Return the ids of all offices, the oldest first."""
    return list(models.Office.objects.order_by("id").values_list("id", flat=True))


def with_day_lists() -> list[int]:
    """Return the ids of the offices whose list for a day without the system goes somewhere."""
    somewhere = Q(day_list_folder=True) | Q(day_list_email__gt="") | Q(day_list_printer__gt="")
    return list(models.Office.objects.filter(somewhere).order_by("id").values_list("id", flat=True))


def clocks() -> dict[str, ZoneInfo]:
    """Return the clock of each office by its slug, as far as it is known."""
    found = {}
    for slug, name in models.Office.objects.order_by("id").values_list("slug", "timezone"):
        with suppress(KeyError, ValueError):
            found[slug] = ZoneInfo(name)
    return found


def slugs() -> list[str]:
    """Return the slugs of all offices, the oldest first."""
    return list(models.Office.objects.order_by("id").values_list("slug", flat=True))


def names() -> dict[str, str]:
    """Return the name of every office by its slug, the oldest first, without reading their configurations."""
    return dict(models.Office.objects.order_by("id").values_list("slug", "name"))


class Version(NamedTuple):
    """An office's id and the version of its configuration."""

    id: int
    version: int


def versions() -> dict[str, Version]:
    """Return every office's version by its slug, the oldest office first."""
    found = models.Office.objects.order_by("id").values_list("slug", "id", "version")
    return {slug: Version(office_id, version) for slug, office_id, version in found}


def first_numbers() -> list[str]:
    """Return the first number of each office that did not move away, which its pages show."""
    first: dict[int, str] = {}
    for number in models.Number.objects.filter(office__moved_at=None).order_by("office_id", "position", "id"):
        first.setdefault(number.office_id, number.e164)
    return list(first.values())


def load(office_id: int, *, even_moved: bool = False) -> core.Office:
    """Return the office as it is now; its value is cached until its version changes.

    Raises: UnreadableOffice; MovedOffice, unless `even_moved`.
    """
    ((version, moved),) = rows("SELECT version, moved_at FROM office WHERE id = %s", [office_id])
    if moved and not even_moved:
        moves.refuse(office_id)
    return office_cache.get(office_id, version)


def load_many(office_ids: Collection[int]) -> dict[int, core.Office]:
    """Return offices as they are now, by id; those that are gone, have moved or cannot be read are left out. One query.

    Offices that changed since they were read take a few more, however many they are.
    """
    found = rows(
        "SELECT id, version FROM office WHERE {among:id} AND moved_at IS NULL ORDER BY id", [listed(set(office_ids))]
    )
    return office_cache.get_many(dict(found))


def renew(most: int) -> int:
    """Read the offices that changed since they were read, at most so many; return how many. One query when none did."""
    versions: dict[int, int] = dict(rows("SELECT id, version FROM office ORDER BY id"))
    office_cache.keep_only(versions)
    return office_cache.renew(versions, most)


def stamp() -> tuple[int, int, int]:
    """Return a few numbers that differ once an office was made, changed or removed. One small query."""
    [(count, newest, versions)] = rows("SELECT COUNT(*), COALESCE(MAX(id), 0), COALESCE(SUM(version), 0) FROM office")
    return int(count), int(newest), int(versions)


@dataclass(frozen=True, slots=True)
class Locked:
    """An office whose lock the current transaction holds, as it has been since.

    Functions that decide for an office take it in place of the office: they cannot be called without the lock.
    """

    office: core.Office

    @property
    def id(self) -> int:
        """The office's id."""
        return self.office.id


def lock(office_id: int) -> Locked:
    """Take the office's lock until the transaction ends: no other process decides for the office meanwhile.

    SQLite transactions are IMMEDIATE, so a transaction is the only writer anyway. PostgreSQL locks the office's row.
    """
    return send_lock(office_id).fetch()[0]


def send_lock(office_id: int) -> Pending[Locked]:
    """Send the statement of `lock` without waiting for it."""
    assert connection.in_atomic_block, "a lock lasts until its transaction ends"  # noqa: S101 -- a caller's mistake
    found = send("SELECT version, moved_at{by_index} FROM office WHERE id = %s {for_update}", [office_id])
    return found.map(
        lambda row: Locked(office_cache.get(office_id, row[0]) if row[1] is None else moves.refuse(office_id))
    )


def replies_only(office_id: int) -> bool:
    """Whether an administrator has stopped all messages of the office but replies."""
    ((stopped,),) = rows("SELECT replies_only FROM office WHERE id = %s", [office_id])
    return bool(stopped)


def send_only_replies(office_id: int, stopped: bool) -> bool:
    """Stop all messages of the office but replies, or send them again; return whether that changed anything."""
    found = models.Office.objects.filter(id=office_id).exclude(replies_only=stopped)
    return found.update(replies_only=stopped) == 1


# --- storing -----------------------------------------------------------------------------------


def keep(office: core.Office, now: datetime, who: str = "") -> int:
    """Create the office, or make the existing one of this slug equal to it; return its id.

    who: whom the audit trail names for it. Agendas are matched by key and services by code. Those no longer named are
    retired: they are not offered any more, and their past bookings keep them. The ids within `office` only connect its
    parts.

    Raises: OfficeError when a number is another office's or its gateway unknown, or when something to be retired still
    has bookings to come, people waiting, or a clerk at it.
    """
    with transaction.atomic():
        row, created = models.Office.objects.get_or_create(slug=office.slug, defaults={"name": office.name})
        models.Office.objects.select_for_update(no_key=True).get(id=row.id)
        # Not from the cache: a version of this transaction may be rolled back.
        before = None if created else read(row.id)
        models.Office.objects.filter(id=row.id).update(
            name=office.name,
            timezone=office.zone.key,
            holidays=office.holidays or "",
            contact=office.contact,
            address=office.address,
            directions=office.directions,
            privacy_officer=office.privacy_officer,
            recipients=office.recipients,
            texts={language: dict(texts) for language, texts in office.texts.items()},
            answers=[asdict(answer) for answer in office.answers],
            version=F("version") + 1,
            **asdict(office.settings),
        )
        _keep_numbers(row.id, office)
        agendas = _keep_agendas(row.id, office)
        services = _keep_services(row.id, office, agendas)
        in_use.check(row.id, office, now)
        _keep_counters(row.id, office, agendas)
        models.Closure.objects.filter(office_id=row.id).delete()
        models.Closure.objects.bulk_create(
            models.Closure(
                office_id=row.id,
                agenda_id=None if closure.agenda is None else agendas[closure.agenda],
                first=closure.first,
                last=closure.last,
                since=closure.since,
                until=closure.until,
                reason=closure.reason,
                reasons=dict(closure.reasons),
            )
            for closure in office.closures
        )
        _retire(row.id, set(agendas.values()), services)
        row.refresh_from_db(fields=["version"])
        _tell_changed()
        models.Audit.objects.create(
            office=row,
            at=now,
            who=who,
            what="office created" if created else "office changed",
            details={"version": row.version} | ({"changes": _listed(find_changes(before, office))} if before else {}),
        )
    return row.id


def _tell_changed() -> None:
    """Let all processes that listen know of it, once the transaction has committed."""
    if connection.vendor == "postgresql":
        run(f"NOTIFY {CHANGED}")


def _listed(found: Iterable[Change]) -> list[list[str | None]]:
    return [[change.place, change.before, change.after] for change in found]


def find_taken(numbers: Sequence[str], slug: str) -> list[OfficeError]:
    """Return an error for each number that belongs to another office than the one with this slug."""
    taken = models.Number.objects.filter(e164__in=numbers).exclude(office__slug=slug)
    return [
        OfficeError(
            "number_taken",
            f"office.numbers: {number.e164} already belongs to the office {number.office.slug}",
            number=number.e164,
        )
        for number in taken.select_related("office").order_by("e164")
    ]


def _keep_numbers(office_id: int, office: core.Office) -> None:
    if taken := find_taken(office.numbers, office.slug):
        raise taken[0]
    models.Number.objects.filter(office_id=office_id).exclude(e164__in=office.numbers).delete()
    gateways = dict(models.Gateway.objects.order_by("name").values_list("name", "id"))
    for position, e164 in enumerate(office.numbers):
        gateway = office.gateways.get(e164)
        if gateway is not None and gateway not in gateways:
            known = f"there are: {', '.join(gateways)}" if gateways else "there is none yet"
            raise OfficeError(
                "unknown_gateway",
                f"office.numbers: {e164}: no gateway is named {gateway}; {known}; make it first: prepazka gateway set",
                gateway=gateway,
            )
        bound = {"office_id": office_id, "position": position, "gateway_id": gateway and gateways[gateway]}
        models.Number.objects.update_or_create(e164=e164, defaults=bound)


def _keep_agendas(office_id: int, office: core.Office) -> dict[int, int]:
    """Store the agendas; return their row ids by the ids in `office`."""
    ids = {}
    for position, agenda in enumerate(office.agendas):
        row, _ = models.Agenda.objects.update_or_create(
            office_id=office_id,
            key=agenda.key,
            defaults={"title": agenda.title, "position": position, "retired": False, **asdict(agenda.queue)},
        )
        ids[agenda.id] = row.id
        row.rules.all().delete()
        row.extra_days.all().delete()
        models.WeeklyRule.objects.bulk_create(
            models.WeeklyRule(
                agenda=row,
                weekday=rule.weekday,
                valid_from=rule.valid_from,
                valid_to=rule.valid_to,
                **_hours_columns(rule.hours),
            )
            for rule in agenda.rules
        )
        models.ExtraDay.objects.bulk_create(
            models.ExtraDay(agenda=row, day=extra.day, **_hours_columns(extra.hours)) for extra in agenda.extra_days
        )
    return ids


def _keep_services(office_id: int, office: core.Office, agendas: dict[int, int]) -> set[int]:
    kept = set()
    for position, service in enumerate(office.services):
        row, _ = models.Service.objects.update_or_create(
            office_id=office_id,
            code=service.code,
            defaults={
                "agenda_id": agendas[service.agenda],
                "title": service.title,
                "minutes": service.minutes,
                "synonyms": list(service.synonyms),
                "bring": dict(service.bring),
                "weekdays": list(service.weekdays),
                "paused_from": service.paused_from,
                "hidden": service.hidden,
                "titles": dict(service.titles),
                "position": position,
                "retired": False,
            },
        )
        kept.add(row.id)
    return kept


def _keep_counters(office_id: int, office: core.Office, agendas: dict[int, int]) -> None:
    """Store the counters, matched by key; retire those no longer named."""
    kept = set()
    for position, counter in enumerate(office.counters):
        row, _ = models.Counter.objects.update_or_create(
            office_id=office_id,
            key=counter.key,
            defaults={
                "title": counter.title,
                "position": position,
                "retired": False,
                "arrow": counter.arrow,
                "way": counter.way,
            },
        )
        row.agendas.set([agendas[agenda] for agenda in counter.agendas])
        kept.add(row.id)
    models.Counter.objects.filter(office_id=office_id, retired=False).exclude(id__in=kept).update(retired=True)


def _hours_columns(hours: core.Hours) -> dict[str, object]:
    breaks = ", ".join(f"{since:%H:%M}-{until:%H:%M}" for since, until in hours.breaks)
    return {"opens": hours.opens, "closes": hours.closes, "step": hours.step, "lanes": hours.lanes, "breaks": breaks}


def _retire(office_id: int, agendas: set[int], services: set[int]) -> None:
    models.Service.objects.filter(office_id=office_id, retired=False).exclude(id__in=services).update(retired=True)
    models.Agenda.objects.filter(office_id=office_id, retired=False).exclude(id__in=agendas).update(retired=True)
