"""What a clerk's last press was, kept in the session while it can be undone."""

from datetime import datetime
from typing import NamedTuple

from django.http import HttpRequest

from prepazka.web import clock

MESSAGE = "desk message"
_UNDO = "desk undo"


class Undo(NamedTuple):
    """What can be undone. refs: tickets as the act left them; booking: one that is being cancelled; 0 for none.

    seconds: how long it still can be.
    """

    words: str
    refs: str
    booking: int
    seconds: int = 0


def remember(request: HttpRequest, undo: Undo, until: datetime) -> None:
    """Offer to undo the press until that moment."""
    request.session[_UNDO] = [undo.words, undo.refs, undo.booking, until.timestamp()]


def forget(request: HttpRequest) -> None:
    """Offer nothing any more."""
    request.session.pop(_UNDO, None)


def pending(request: HttpRequest) -> Undo | None:
    """Return what can be undone now."""
    kept = request.session.get(_UNDO)
    left = int(kept[3] - clock.now().timestamp()) if kept else 0
    return Undo(kept[0], kept[1], kept[2], left) if kept and left > 0 else None
