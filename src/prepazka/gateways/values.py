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
