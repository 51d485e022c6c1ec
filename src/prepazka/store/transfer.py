"""Rows of an office on their way from one database to another: as plain values, and back with ids of their own."""

from base64 import b64decode, b64encode
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import BinaryField, Field, ForeignKey, Model

from prepazka.store import models, removal
from prepazka.store.removal import Table
from prepazka.store.sealing import number_hash, number_hashes

Row = Mapping[str, Any]
BATCH = 500
"""Rows inserted by one statement."""

# docs/spec/administration.md §12: "Gateways, tokens and accounts do not travel"
LEFT_BEHIND = frozenset({"official", "invitation", "kiosk", "kiosk_touch", "staffing", "rate_limit"})
"""Tables whose rows belong to the installation and not to the office that leaves it: who may do something there."""

CLEARED: Mapping[str, tuple[str, ...]] = {
    "office": ("moved_at",),
    "number": ("gateway_id",),
    # Questions stand for minutes and name rows by the ids they had; so does what an undo would give back.
    "inbound": ("offers",),
    "ticket_event": ("values_before",),
    # The hour's own row is found by the office's id.
    "access": ("once",),
}
"""Columns that mean nothing in another database, by table: they are NULL there."""

_NUMBERS = {
    models.Booking: ("sender", "calls"),
    models.Hold: ("number",),
    models.Inbound: ("sender",),
    models.Outbound: ("recipient",),
    models.OptOut: ("sender",),
    models.WaitlistEntry: ("sender",),
}


class UnknownRow(ValueError):
    """A row that this version cannot take in; the argument says why."""


def plain(value: object) -> str:
    """Return a value that JSON has no form for as text; `Renewal` reads it back."""
    return b64encode(value).decode("ascii") if isinstance(value, bytes | memoryview) else str(value)


def numbers_by_hash(office_id: int) -> dict[str, str]:
    """Return the numbers the office still holds, by those of their keyed hashes that its register of access has."""
    hashed = models.Access.objects.filter(office_id=office_id, number_hash__gt="")
    wanted = set(hashed.values_list("number_hash", flat=True).distinct())
    if not wanted:
        return {}
    return {one: number for number in _held_numbers(office_id) for one in number_hashes(number) if one in wanted}


def _held_numbers(office_id: int) -> Iterator[str]:
    for model, columns in _NUMBERS.items():
        for column in columns:
            held = model._default_manager.filter(office_id=office_id, **{f"{column}__gt": ""})
            yield from held.values_list(column, flat=True).distinct()


class Renewal:
    """Puts an office's rows into this database, those that others refer to first; each gets a new id."""

    def __init__(self, slug: str, numbers: Mapping[str, str]) -> None:
        """slug: the office's. numbers: those whose hashes its register has, by the hash of the old database."""
        self._slug = slug
        self._numbers = numbers
        self._ids: dict[str, dict[int, int]] = defaultdict(dict)

    @property
    def office_id(self) -> int:
        """The office's id in this database."""
        [found] = self._ids["office"].values()
        return found

    def insert(self, table: Table, rows: Iterable[Row]) -> int:
        """Insert the rows of one table; return how many. Raises: UnknownRow."""
        count, key = 0, table.model._meta.pk
        left = iter(rows)
        while batch := list(islice(left, BATCH)):
            made = [self._made(table, row) for row in batch]
            table.model._default_manager.bulk_create(made)
            if not isinstance(key, ForeignKey):
                self._ids[table.name].update((row[key.attname], one.pk) for row, one in zip(batch, made, strict=True))
            count += len(batch)
        return count

    def _made(self, table: Table, row: Row) -> Model:
        fields = {field.attname: field for field in table.model._meta.concrete_fields}
        if unknown := sorted(row.keys() - fields):
            raise UnknownRow(f"{table.name}: this version has no column {unknown[0]}")
        values = {name: self._value(table, fields[name], value) for name, value in row.items() if name != "id"}
        values |= dict.fromkeys(CLEARED.get(table.name, ()))
        if table.name == "access":
            number = self._numbers.get(row["number_hash"], "")
            values["number_hash"] = number_hash(number)
        return table.model(**values)

    def _value(self, table: Table, field: Any, value: Any) -> Any:
        if value is None:
            return None
        if isinstance(field, ForeignKey) and field.attname not in CLEARED.get(table.name, ()):
            known = self._ids[field.related_model._meta.db_table]
            if value not in known:
                raise UnknownRow(f"{table.name}: the row {value} of {field.name} is missing")
            return known[value]
        # docs/spec/administration.md §12: "so that no gateway here is taken for one of there"
        if field.name == "gateway" and not isinstance(field, ForeignKey):
            return value if "@" in value else f"{value}@{self._slug}"[: field.max_length]
        return _read(table, field, value)


def _read(table: Table, field: "Field[Any, Any]", value: Any) -> Any:
    try:
        return b64decode(value) if isinstance(field, BinaryField) else field.to_python(value)
    except (ValidationError, ValueError) as error:
        raise UnknownRow(f"{table.name}: {field.name} cannot be read") from error


def travelling() -> list[Table]:
    """Return the tables whose rows travel, each after those it refers to."""
    return [table for table in reversed(removal.tables()) if table.name not in LEFT_BEHIND]
