"""What an archive of an office says, whatever ids its rows have: to compare an office before and after it moved."""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db.models import ForeignKey

from prepazka.store import transfer

Rows = Mapping[str, list[dict[str, Any]]]


def raw(archive: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows of each table, as they stand in the archive."""
    with zipfile.ZipFile(archive) as opened:
        return {
            name.removesuffix(".jsonl"): [json.loads(line) for line in opened.read(name).splitlines()]
            for name in opened.namelist()
            if name.endswith(".jsonl")
        }


def comparable(archive: Path) -> Rows:
    """The rows that travel: ids are places within their table, and what cannot mean the same elsewhere is left out."""
    found = raw(archive)
    tables = {table.name: table.model for table in transfer.travelling()}
    places = {
        name: {row[model._meta.pk.attname]: place for place, row in enumerate(found[name])}
        for name, model in tables.items()
    }
    compared: dict[str, list[dict[str, Any]]] = {}
    for name, model in tables.items():
        compared[name] = []
        for row in found[name]:
            if row.get("what") in {"office moved in", "office moved away", "office exported"}:
                continue
            kept = {column: value for column, value in row.items() if column not in transfer.CLEARED.get(name, ())}
            for field in model._meta.concrete_fields:
                value = kept.get(field.attname)
                if isinstance(field, ForeignKey) and value is not None:
                    kept[field.attname] = places[field.related_model._meta.db_table][value]
                elif field.name == "gateway" and value is not None:
                    kept[field.attname] = value.partition("@")[0]
            kept.pop("id", None)
            kept.pop("number_hash", None)  # of another key there
            if name == "office":  # grows with each closing and opening
                kept.pop("version")
            compared[name].append(kept)
    return compared
