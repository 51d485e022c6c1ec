"""Setting gateways: one is stored only where it takes no messages of another one.

Invariant: of two settings at once that name one place, one is refused. It holds because each looks at all gateways and
stores its own under one lock.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from pydantic import ValidationError

from prepazka.gateways.kinds import KINDS, serialize_settings
from prepazka.gateways.places import Place
from prepazka.gateways.settings import GatewaySettings
from prepazka.store import gateways
from prepazka.store.gateways import Configured


@dataclass(eq=False)
class PlaceTaken(Exception):
    """Another gateway takes its messages there. setting: the one that has to differ."""

    name: str
    setting: str
    other: str

    def __str__(self) -> str:
        """What is wrong, and what to do about it, in one line."""
        return (
            f"{self.setting}: the gateway {self.other} takes its messages there already, and each would take the "
            f"other's; give {self.name} a {self.setting} of its own, or first: prepazka gateway remove {self.other}"
        )


# docs/spec/delivery.md §8: "Two gateways never take their messages from one place"
def keep(name: str, kind: str, settings: GatewaySettings, now: datetime, who: str) -> bool:
    """Create or change a gateway; return whether it is new. Raises: PlaceTaken, and nothing is stored."""
    with transaction.atomic():
        gateways.lock_all()
        if settings.place:
            for other, place in _places(kind, gateways.configured()):
                if other != name and place.is_shared_with(settings.place):
                    raise PlaceTaken(name, settings.place.setting, other)
        return gateways.keep(name, kind, serialize_settings(settings), now, who)


def taken(configured: list[Configured]) -> Iterator[PlaceTaken]:
    """Return the gateways that take messages from the place of one before them, as older versions let them."""
    for kind in sorted({one.kind for one in configured}):
        before: list[tuple[str, Place]] = []
        for name, place in _places(kind, configured):
            if other := next((other for other, its in before if its.is_shared_with(place)), None):
                yield PlaceTaken(name, place.setting, other)
            before.append((name, place))


def _places(kind: str, configured: list[Configured]) -> Iterator[tuple[str, Place]]:
    """Return the gateways of a kind whose settings can be read, with their places."""
    for one in configured:
        if one.kind != kind or kind not in KINDS or not one.readable:
            continue
        try:
            place = KINDS[kind].settings.model_validate(one.settings).place
        except ValidationError:
            continue  # of another version: it cannot be served, and `check` tells
        if place:
            yield one.name, place
