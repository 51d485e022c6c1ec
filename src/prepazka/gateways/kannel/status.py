"""Reads bearerbox's status page: the connected boxes and SMS centres."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote
from xml.etree import ElementTree

from prepazka.gateways.http import Client, NoAnswer, NotReached


class UnreadableStatus(Exception):
    """The page could not be read; the argument says why, for the operator."""


@dataclass(frozen=True, slots=True)
class Centre:
    """A connection of bearerbox to a modem or an SMS centre, by its smsc-id."""

    id: str
    online: bool


@dataclass(frozen=True, slots=True)
class Status:
    """boxes: the queued messages of each connected box, by name. centres: all configured ones."""

    running: bool
    boxes: dict[str, int]
    centres: Sequence[Centre]


def fetch_status(host: str, port: int, password: str, wait: float) -> Status:
    """Fetch and parse the page; connecting and answering may take `wait` seconds each. Raises: UnreadableStatus."""
    return parse_status(fetch_page(host, port, password, wait))


def fetch_page(host: str, port: int, password: str, wait: float) -> bytes:
    """Fetch the page status.xml. Raises: UnreadableStatus."""
    client = Client(connect=wait, read=wait)
    try:
        return client.request("GET", f"http://{host}:{port}/status.xml?password={quote(password, safe='')}").body
    except (NotReached, NoAnswer) as error:
        raise UnreadableStatus(str(error)) from None
    finally:
        client.close()


def parse_status(xml: bytes) -> Status:
    """Parse the page status.xml. Raises: UnreadableStatus."""
    try:
        gateway = ElementTree.fromstring(xml)  # noqa: S314 -- the office's own Kannel, cut at LARGEST
    except ElementTree.ParseError:
        raise UnreadableStatus("it is no status page of Kannel's") from None
    running = gateway.findtext("status")
    if running is None:
        raise UnreadableStatus("it refuses the password")
    return Status(
        running=running.startswith("running"),
        boxes={box.findtext("id", ""): _count(box.findtext("queue", "")) for box in gateway.iterfind("boxes/box")},
        centres=[
            Centre(centre.findtext("id", ""), centre.findtext("status", "").startswith("online"))
            for centre in gateway.iterfind("smscs/smsc")
        ],
    )


def _count(text: str) -> int:
    return int(text) if text.isdecimal() else 0
