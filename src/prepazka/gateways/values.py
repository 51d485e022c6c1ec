"""What passes between a gateway and the office, and what the office expects of a gateway."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Inbound:
    """A message as a gateway hands it in.

    gateway: its name; id: its own id of the message, unique within the gateway. sender and recipient as
    given; recipient "" from a gateway with one number of its own (a SIM), which is the number bound to it.
    text as decoded; sent: when the sender's network took it (aware), if known.
    fingerprint: of the content (`fingerprint`), from gateways that may hand in one message under several ids.
    """

    gateway: str
    id: str
    sender: str
    recipient: str
    text: str
    sent: datetime | None = None
    fingerprint: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a longer message, from a gateway that does not join them itself; otherwise as `Inbound`.

    reference, total, number (from 1): as its header says. Parts belong together by gateway, sender, recipient,
    reference and total, never by reference alone. text may end in half of a surrogate pair, whose other half
    begins the next part.
    """

    gateway: str
    id: str
    sender: str
    recipient: str
    text: str
    reference: int
    total: int
    number: int
    sent: datetime | None = None


def fingerprint(sender: str, recipient: str, sent: datetime, text: str, reference: str = "") -> str:
    """The same for every copy of one message: its network's time to the second tells it from a wish repeated.

    reference: what else the network gave with it, such as the header of a message in parts.
    """
    content = "\0".join([sender, recipient, str(int(sent.timestamp())), text, reference])
    return hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()


def storable_text(text: str) -> str:
    """A text every database and encoding can hold: NUL and halves of broken pairs become the replacement character."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", "\ufffd")


@dataclass(frozen=True, slots=True)
class Outbound:
    """A message to be sent.

    id: the office's, the same on every try and never given to another message, so that a gateway that keeps it
    can tell a second try from a second message. sender: the office's number; text: `parts` SMS long when sent in
    GSM 03.38. expires: from then on it is of no use to its recipient (aware).
    """

    id: str
    sender: str
    recipient: str
    text: str
    parts: int
    expires: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """The gateway has taken the message and answers for it.

    refs: its own names for it, by which receipts will speak of it: one for each part it was sent in, or one for all;
    none where receipts bear the office's id.
    """

    id: str
    refs: tuple[str, ...] = ()


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
    """The message was given, but whether the gateway took it is not known; refs of the parts it is known to have."""

    id: str
    reason: str
    refs: tuple[str, ...] = ()


SendResult = Sent | SendError | LostAnswer
"""What came of handing one message over."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a message, or of one part of it, after it was handed over.

    id: the office's, where the gateway gives it back, else ""; ref: the gateway's own, one of `Sent.refs`, else "".
    status: sent (it left the gateway), delivered (it is in the phone), undelivered (the network gave up),
    failed (the gateway gave up). at: when that was, as far as known (aware). reason: as in `SendError`.
    """

    gateway: str
    status: Literal["sent", "delivered", "undelivered", "failed"]
    at: datetime
    id: str = ""
    ref: str = ""
    reason: str = ""


GatewayEvent = Inbound | Part | Receipt
"""What comes from a gateway."""


@dataclass(frozen=True, slots=True)
class Health:
    """What is to be said of a gateway now; `fix` says what an operator can do, "" when there is nothing to mend."""

    level: Literal["ok", "warning", "error"]
    summary: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """How a gateway is to be given messages.

    batch: at most so many in one call. per_minute: at most so many SMS a minute, from all processes together;
    None is as fast as it answers. idempotent: given the same id twice, it sends one message, so that a lost answer
    may be asked for again. receipts: it tells what became of a message, so that its silence says something.
    """

    batch: int = 1
    per_minute: int | None = None
    idempotent: bool = False
    receipts: bool = True


class Gateway(Protocol):
    """A gateway, opened. Any number of processes may have the same one open; one at a time sends and hears by it."""

    @property
    def name(self) -> str:
        """The name the office knows it by; the `gateway` of what it hands in."""

    @property
    def capabilities(self) -> Capabilities:
        """How it is to be given messages."""

    def send(self, messages: Sequence[Outbound]) -> Iterable[SendResult]:
        """Hand messages over, in order; what came of each.

        Of those without an answer, or after an exception, nothing is known: they count as `LostAnswer`. So a
        gateway that could not give a message at all says `SendError`.
        """

    def poll(self, wait: float) -> Sequence[GatewayEvent]:
        """What has come and is not acknowledged yet, in order of arrival, some hundred at most.

        When there is nothing, wait up to so many seconds for something to come; () when nothing has.

        Raises: whatever goes wrong; it is logged and tried again.
        """

    def ack(self, events: Sequence[GatewayEvent]) -> None:
        """These are stored for good and need not be heard again. After a kill before this, they are heard again."""

    def health(self, now: datetime) -> Health:
        """How it is; asked by `prepazka check`, /readyz and /metrics, also of one opened only to ask this.

        So it takes at most a second, sends nothing and never raises.
        """

    def close(self) -> None:
        """Let go of what it holds; what is not acknowledged will be heard again."""


# --- gateways that call the office over HTTP ---------------------------------------------------


@dataclass(frozen=True, slots=True)
class WebhookCall:
    """An HTTP request a gateway makes to the office; header names in small letters, address: the peer's.

    query: of the address, each name once (the last wins), read as UTF-8; bytes that are not UTF-8 are kept as
    `surrogateescape` keeps them, for those who know another encoding. body: raw, at most 64 kB. path: what follows
    /gateways/NAME/ in the address.
    """

    method: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    address: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class WebhookReply:
    """The answer to a `LastCall`."""

    status: int
    body: str = ""
    content_type: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


class WebhookRefused(Exception):
    """A call that is forged, stale, oversized or not understood; nothing of it is kept.

    reply: the right answer of that protocol; reason: for the log, without number or text.
    """

    def __init__(self, reply: WebhookReply, reason: str) -> None:
        super().__init__(reason)
        self.reply = reply
        self.reason = reason


class IncomingCall(Protocol):
    """What one call handed in."""

    @property
    def events(self) -> Sequence[GatewayEvent]:
        """What is in it, in order."""

    @property
    def replies_inline(self) -> bool:
        """Whether the replies to the messages in it are sent by the answer to this very call."""

    def reply(self, texts: Sequence[str | None]) -> WebhookReply:
        """The answer once all is stored. texts: the reply to each Inbound of `events`, None where nothing is sent.

        Where `replies_inline` is false it is asked for as soon as all is stored, with no texts.
        """


@runtime_checkable
class WebhookGateway(Gateway, Protocol):
    """A gateway that hands messages in by calling the office at /gateways/NAME; its `poll` gives ()."""

    def receive_call(self, call: WebhookCall, now: datetime) -> IncomingCall:
        """Check and read a call. Raises: Refused."""
