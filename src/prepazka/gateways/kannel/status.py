"""What bearerbox's status page says: which boxes and SMS centres it is connected to."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote
from xml.etree import ElementTree

from prepazka.gateways.http import Client, NoAnswer, NotReached


class UnreadableStatus(Exception):
    """The page could not be read; its argument says why, for the operator."""


@dataclass(frozen=True, slots=True)
class Centre:
    """A connection of bearerbox to a modem or an SMS centre, as it calls it."""

    id: str
    online: bool


@dataclass(frozen=True, slots=True)
class Status:
    """boxes: how many messages wait for each that is connected, by name. centres: all that are configured."""

    running: bool
    boxes: dict[str, int]
    centres: Sequence[Centre]


def ask(host: str, port: int, password: str, wait: float) -> Status:
    """Ask bearerbox; it may take `wait` seconds to connect, and as many to answer. Raises: Unreadable."""
    return read(page(host, port, password, wait))


def page(host: str, port: int, password: str, wait: float) -> bytes:
    """The page status.xml. Raises: Unreadable."""
    client = Client(connect=wait, read=wait)
    try:
        return client.request("GET", f"http://{host}:{port}/status.xml?password={quote(password, safe='')}").body
    except (NotReached, NoAnswer) as error:
        raise UnreadableStatus(str(error)) from None
    finally:
        client.close()


def read(xml: bytes) -> Status:
    """Read the page status.xml. Raises: Unreadable."""
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
