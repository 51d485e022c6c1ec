"""Slides of the big screen, and an office's own recordings of announcements. Every change is in the audit trail."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from prepazka.core.actor import Actor
from prepazka.core.office.lengths import SLIDES
from prepazka.store import models
from prepazka.store.log import note


@dataclass(frozen=True, slots=True)
class File:
    """A picture or a recording; kind: its media type."""

    content: bytes
    kind: str


class Piece(NamedTuple):
    """A piece of the announcements in a language."""

    language: str
    piece: str


@dataclass(frozen=True, slots=True)
class SlideShown:
    """A slide without its picture itself."""

    id: int
    text: str
    pictured: bool


@dataclass(frozen=True, slots=True)
class RecordingShown:
    """A recording without its sound itself."""

    id: int
    language: str
    piece: str


def of_office(office_id: int) -> list[SlideShown]:
    """Return the office's slides, the oldest first."""
    found = models.Slide.objects.filter(office_id=office_id).order_by("id").values_list("id", "text", "kind")
    return [SlideShown(slide, text, bool(kind)) for slide, text, kind in found]


def picture(office_id: int, slide: int) -> File | None:
    """Return a slide's picture."""
    row = models.Slide.objects.filter(office_id=office_id, id=slide).first()
    return File(bytes(row.picture), row.kind) if row and row.picture else None


@transaction.atomic
def add(office_id: int, text: str, shown: File | None, now: datetime, who: str) -> bool:
    """Add a slide, unless the newest is the same; return False when there are as many as there may be."""
    models.Office.objects.select_for_update(no_key=True).get(id=office_id)
    if models.Slide.objects.filter(office_id=office_id).count() >= SLIDES:
        return False
    picture, kind = (shown.content, shown.kind) if shown else (None, "")
    newest = models.Slide.objects.filter(office_id=office_id).order_by("-id").first()
    if newest and (newest.text, newest.kind, bytes(newest.picture or b"")) == (text, kind, picture or b""):
        return True  # the form was sent twice
    models.Slide.objects.create(office_id=office_id, text=text, picture=picture, kind=kind, made_at=now)
    note(office_id, now, who, "slide added", text=text)
    return True


@transaction.atomic
def remove(office_id: int, slide: int, now: datetime, who: str) -> None:
    """Remove a slide of the office, if it is there."""
    if models.Slide.objects.filter(office_id=office_id, id=slide).delete()[0]:
        note(office_id, now, who, "slide removed")


def recordings(office_id: int) -> list[RecordingShown]:
    """Return the office's own recordings. Index: one_recording_a_piece."""
    found = models.Recording.objects.filter(office_id=office_id).order_by("language", "piece")
    return [RecordingShown(*row) for row in found.values_list("id", "language", "piece")]


def recording(office_id: int, number: int) -> File | None:
    """Return the sound of one of them."""
    row = models.Recording.objects.filter(office_id=office_id, id=number).first()
    return File(bytes(row.sound), row.kind) if row else None


@transaction.atomic
def keep_recording(office_id: int, which: Piece, sound: File, actor: Actor) -> None:
    """Store a recording of a piece, in place of an earlier one. A new one has a new id, so no browser keeps the old."""
    of_piece = models.Recording.objects.filter(office_id=office_id, language=which.language, piece=which.piece)
    of_piece.delete()
    models.Recording.objects.create(
        office_id=office_id,
        language=which.language,
        piece=which.piece,
        sound=sound.content,
        kind=sound.kind,
        made_at=actor.at,
    )
    note(office_id, actor.at, actor.who, "recording added", language=which.language, piece=which.piece)


@transaction.atomic
def remove_recording(office_id: int, number: int, now: datetime, who: str) -> None:
    """Remove a recording of the office, if it is there."""
    row = models.Recording.objects.filter(office_id=office_id, id=number).first()
    if row:
        row.delete()
        note(office_id, now, who, "recording removed", language=row.language, piece=row.piece)
