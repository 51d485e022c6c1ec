"""What passes between a gateway and the office."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Inbound:
    """A message as a gateway hands it in.

    gateway: its name; id: its own id of the message, unique within the gateway. sender and recipient as
    given; text as decoded; sent: when the sender's network took it (aware), if known.
    """

    gateway: str
    id: str
    sender: str
    recipient: str
    text: str
    sent: datetime | None = None


def decodable(text: str) -> str:
    """A text every database and encoding can hold: NUL and halves of broken pairs become the replacement character."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", "\ufffd")
