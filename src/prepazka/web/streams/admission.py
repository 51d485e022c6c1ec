"""Who may listen: so many listeners a process, an office and a network, and whoever works there always.

Listeners are counted by each process for itself: they are its own sockets.
"""

import resource
from collections import Counter
from dataclasses import dataclass, field
from typing import TypeVar

from prepazka.core.rate_limits import networks_of

# Listeners of one process, and of one office in it, so that the crowd of one town leaves room for the others.
IN_PROCESS, OF_OFFICE = 6_000, 5_000
# Listeners of one office from an IPv4 address or an IPv6 /64, and from a /48: a hall with its Wi-Fi, a library.
OF_NETWORK = {"4": 300, "64": 300, "48": 1_500}

Key = TypeVar("Key", str, tuple[str, str])


def room() -> int:
    """Return how many listeners this process may have: half of its descriptors stay for pages and gateways."""
    return min(IN_PROCESS, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2)


@dataclass(slots=True)
class Admission:
    """The listeners of a process, counted."""

    most: int = field(default_factory=room)
    _all: int = 0
    _of_office: Counter[str] = field(default_factory=Counter)
    _of_network: Counter[tuple[str, str]] = field(default_factory=Counter)

    # docs/spec/safety.md §4.1: "300 listeners from one address to one office"
    def enter(self, slug: str, address: str, *, works_here: bool = False) -> "Place | None":
        """Return the listener's place, or None when there is no room; works_here: its network is not counted."""
        networks = {} if works_here else networks_of(address)
        if self._all >= self.most or self._of_office[slug] >= OF_OFFICE:
            return None
        if any(self._of_network[slug, network] >= OF_NETWORK[kind] for kind, network in networks.items()):
            return None
        place = Place(self, slug, tuple(networks.values()))
        self._count(place, 1)
        return place

    def leave(self, place: "Place") -> None:
        """Free the place."""
        self._count(place, -1)

    @property
    def listeners(self) -> int:
        """How many listen now."""
        return self._all

    def _count(self, place: "Place", change: int) -> None:
        self._all += change
        _change(self._of_office, place.slug, change)
        for network in place.networks:
            _change(self._of_network, (place.slug, network), change)


@dataclass(frozen=True, slots=True)
class Place:
    """The place of one listener, to be used in a `with` block."""

    admission: Admission
    slug: str
    networks: tuple[str, ...]

    def __enter__(self) -> None:
        """The listener listens."""

    def __exit__(self, *_: object) -> None:
        """It left."""
        self.admission.leave(self)


def _change(counter: Counter[Key], key: Key, change: int) -> None:
    """Change a count; one of zero is not kept, or the addresses of years would be."""
    counter[key] += change
    if not counter[key]:
        del counter[key]
