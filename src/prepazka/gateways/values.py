"""What passes between a gateway and the office, and what the office expects of a gateway."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Inbound:
    """A message as a gateway hands it in.

    gateway: its name; id: its own id of the message, unique within the gateway. sender and recipient as
    given; text as decoded; sent: when the sender's network took it (aware), if known.
    fingerprint: of the content (`fingerprint`), from gateways that may hand in one message under several ids.
    """

    gateway: str
    id: str
    sender: str
    recipient: str
    text: str
    sent: datetime | None = None
    fingerprint: str | None = None


def fingerprint(sender: str, recipient: str, sent: datetime, text: str, reference: str = "") -> str:
    """The same for every copy of one message: its network's time to the second tells it from a wish repeated.

    reference: what else the network gave with it, such as the header of a message in parts.
    """
    content = "\0".join([sender, recipient, str(int(sent.timestamp())), text, reference])
    return hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True, slots=True)
class Outbound:
    """A message to be sent.

    id: the office's, the same on every try and never given to another message, so that a gateway that keeps it
    can tell a second try from a second message. sender: the office's number; text: GSM 03.38, `parts` SMS long.
    expires: from then on it is of no use to its recipient (aware).
    """

    id: str
    sender: str
    recipient: str
    text: str
    parts: int
    expires: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """The gateway has taken the message and answers for it; ref: its own name for it, "" when it has none."""

    id: str
    ref: str = ""


@dataclass(frozen=True, slots=True)
class SendError:
    """The gateway has certainly not taken the message.

    retryable: another try may succeed. throttled: only the pace was too fast; such a try does not count.
    reason: for the operator, in a few words, without number or text.
    """

    id: str
    reason: str
    retryable: bool = True
    throttled: bool = False


@dataclass(frozen=True, slots=True)
class LostAnswer:
    """The message was given, but whether the gateway took it is not known."""

    id: str
    reason: str


Answer = Sent | SendError | LostAnswer
"""What came of handing one message over."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a message after it was handed over.

    id: the office's, where the gateway gives it back, else ""; ref: the gateway's own, as in `Sent`, else "".
    status: sent (it left the gateway), delivered (it is in the phone), undelivered (the network gave up),
    failed (the gateway gave up). at: when that was, as far as known (aware).
    """

    gateway: str
    status: Literal["sent", "delivered", "undelivered", "failed"]
    at: datetime
    id: str = ""
    ref: str = ""
    reason: str = ""


Heard = Inbound | Receipt
"""What comes from a gateway."""


@dataclass(frozen=True, slots=True)
class Health:
    """What is to be said of a gateway now; `mend` says what an operator can do, "" when there is nothing to mend."""

    level: Literal["ok", "warning", "error"]
    what: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a gateway is to be given messages.

    batch: at most so many in one call. per_minute: at most so many SMS a minute, from all processes together;
    None is as fast as it answers. idempotent: given the same id twice, it sends one message.
    """

    batch: int = 1
    per_minute: int | None = None
    idempotent: bool = False


class Gateway(Protocol):
    """A gateway, opened. Any number of processes may have the same one open at once."""

    @property
    def name(self) -> str:
        """The name the office knows it by; the `gateway` of what it hands in."""

    @property
    def manner(self) -> Manner:
        """How it is to be given messages."""

    def send(self, messages: Sequence[Outbound]) -> Iterable[Answer]:
        """Hand messages over, in order; what came of each.

        Of those without an answer, or after an exception, nothing is known: they count as `LostAnswer`. So a
        gateway that could not give a message at all says `SendError`.
        """

    def hear(self) -> Sequence[Heard]:
        """What has come and is not acknowledged yet, in order of arrival, some hundred at most; () when nothing has.

        Raises: whatever goes wrong; it is logged and tried again.
        """

    def acknowledge(self, heard: Sequence[Heard]) -> None:
        """These are stored for good and need not be heard again. After a kill before this, they are heard again."""

    def health(self) -> Health:
        """How it is now; asked by `prepazka check`, /readyz and /metrics, so at most a second long. Never raises."""
