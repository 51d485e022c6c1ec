"""Where a gateway takes its messages from: what no second gateway may name, because each would take the other's."""

from dataclasses import dataclass
from os.path import realpath
from shutil import which
from urllib.parse import urlsplit

_LOOPBACK = {"localhost", "127.0.0.1", "::1", ""}
_USUAL_PORTS = {80, 443}


@dataclass(frozen=True, slots=True)
class Place:
    """A place that one gateway alone may take messages from.

    setting: the one that tells two such places apart. parts: what names the place, alike however it was written; None
    for whatever the peer chooses, which may be any.
    """

    setting: str
    parts: tuple[str | None, ...]

    def is_shared_with(self, other: "Place") -> bool:
        """Whether two gateways of one kind at these places take each other's messages."""
        pairs = zip(self.parts, other.parts, strict=True)
        return all(None in {mine, theirs} or mine == theirs for mine, theirs in pairs)


def file(path: str) -> str:
    """Return a path alike for all ways of writing it, links followed."""
    return realpath(path)


def program(name: str) -> str:
    """Return the path of a program."""
    return realpath(which(name) or name)


def host(name: str) -> str:
    """Return the name of a host alike for all ways of writing it; this machine has several."""
    name = name.strip("[]").rstrip(".").lower()
    return "localhost" if name in _LOOPBACK else name


def address(url: str) -> str:
    """Return an address over HTTP without what does not tell two peers apart: the scheme, its usual port, who asks."""
    parts = urlsplit(url)
    port = "" if parts.port in {None, *_USUAL_PORTS} else f":{parts.port}"
    return f"{host(parts.hostname or '')}{port}{parts.path.rstrip('/')}"
