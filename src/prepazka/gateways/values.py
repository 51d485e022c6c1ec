"""The values a gateway and the office exchange, and the protocol a gateway implements."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Inbound:
    """A received message.

    gateway: the gateway's name; id: its own id of the message, unique within the gateway. sender, recipient: as
    received; recipient is "" from a gateway with a single number (a SIM) and means the number bound to it. text:
    decoded; sent: when the sender's network accepted it (aware), if known. fingerprint: of the content (`fingerprint`),
    from gateways that may deliver one message under several ids.
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
    """One part of a longer message, from a gateway that does not join parts; otherwise as `Inbound`.

    reference, total, number (from 1): from its header. Parts belong together by gateway, sender, recipient, reference
    and total, never by reference alone. text may end in the first half of a surrogate pair, whose second half begins
    the next part. distinct: whether another id proves that the part is no copy of one handed in before.
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
    distinct: bool = False


def fingerprint(sender: str, recipient: str, sent: datetime, text: str, reference: str = "") -> str:
    """Return a value that is the same for every copy of one message.

    sent: the network's time to the second, which distinguishes a copy from an equal message sent later. reference:
    further data of the network, such as the header of a part.
    """
    content = "\0".join([sender, recipient, str(int(sent.timestamp())), text, reference])
    return hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()


def storable_text(text: str) -> str:
    """Return the text with NUL and unpaired surrogates replaced, so that any database and encoding can hold it."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", "\ufffd")


@dataclass(frozen=True, slots=True)
class Outbound:
    """A message to send.

    id: the office's own, the same on every attempt and unique, so that a gateway that stores it recognises a second
    attempt. sender: the office's number. text: takes `parts` SMS in GSM 03.38. expires: from then on the message is
    useless to its recipient (aware).
    """

    id: str
    sender: str
    recipient: str
    text: str
    parts: int
    expires: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """The gateway has accepted the message and is responsible for it.

    refs: the gateway's own ids for it, which receipts will carry: one for each part, or one for all; none where
    receipts carry the office's id.
    """

    id: str
    refs: tuple[str, ...] = ()


Cause = Literal[
    "unreachable", "account", "settings", "throttled", "number", "text", "late", "refused", "partly", "unanswered"
]
"""Why a message was not sent, or may not have been: the gateway cannot be reached; it refuses the account; it refuses
what the settings say of every message; it was given messages too fast; it refuses the number; the text cannot be sent;
the message's time ran out in the gateway; it refuses the message for a reason of its own; it took only the beginning;
it did not answer."""


@dataclass(frozen=True, slots=True)
class SendError:
    """The gateway has certainly not accepted the message.

    retryable: another attempt may succeed. throttled: the rate was too high; the attempt does not count. reason: for
    the operator, in a few words, without number or text. cause: the same for people, as one of a few.
    """

    id: str
    reason: str
    retryable: bool = True
    throttled: bool = False
    cause: Cause = "refused"


@dataclass(frozen=True, slots=True)
class LostAnswer:
    """The message was sent to the gateway, but the gateway's answer is missing. refs: of the parts it certainly
    accepted. cause: as in `SendError`."""

    id: str
    reason: str
    refs: tuple[str, ...] = ()
    cause: Cause = "unanswered"


SendResult = Sent | SendError | LostAnswer
"""The result of sending one message."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The later state of a message or of one of its parts.

    id: the office's, where the gateway returns it, else ""; ref: the gateway's own, one of `Sent.refs`, else "".
    status: handed (the gateway accepted it, but said so too late for `Sent`), sent (it left the gateway), delivered (it
    is in the phone), undelivered (the network gave up), failed (the gateway gave up). at: the time of that, as far as
    known (aware). reason: as in `SendError`.
    """

    gateway: str
    status: Literal["handed", "sent", "delivered", "undelivered", "failed"]
    at: datetime
    id: str = ""
    ref: str = ""
    reason: str = ""


GatewayEvent = Inbound | Part | Receipt
"""An event from a gateway."""


@dataclass(frozen=True, slots=True)
class Health:
    """The present state of a gateway, in English; fix: what the operator can do, "" when nothing is wrong.

    name, values: the same as a name of `health_texts.TEXTS` and what fills its text, for pages in any language.
    """

    level: Literal["ok", "warning", "error"]
    summary: str
    fix: str = ""
    name: str = field(default="", compare=False)
    values: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Capabilities:
    """How to send messages by a gateway.

    batch: messages in one call at most; most: in one call to a gateway that answers at once, where that is more
    (`core.delivery.next_batch`). per_minute: SMS a minute at most, over all processes; None means no limit.
    idempotent: the gateway sends a message once even if it is given twice under the same id, so a lost answer allows
    another attempt. receipts: the gateway reports the state of sent messages.
    """

    batch: int = 1
    per_minute: int | None = None
    idempotent: bool = False
    receipts: bool = True
    most: int = 0


class Gateway(Protocol):
    """An open gateway. Several processes may open the same one; one at a time polls it and sends by it."""

    @property
    def name(self) -> str:
        """The gateway's name in the office; the `gateway` of its events."""

    @property
    def capabilities(self) -> Capabilities:
        """How to send messages by it."""

    def send(self, messages: Sequence[Outbound]) -> Iterable[SendResult]:
        """Send messages in order; return the result of each.

        A message without a result, or after an exception, counts as `LostAnswer`. A gateway that could not pass a
        message on at all returns `SendError`.
        """

    def poll(self, wait: float) -> Sequence[GatewayEvent]:
        """Return the events that are not acknowledged yet, in order of arrival, some hundred at most.

        wait: seconds to wait for an event when there is none; () when none arrives.

        Raises: any exception; the caller logs it and tries again.
        """

    def ack(self, events: Sequence[GatewayEvent]) -> None:
        """Acknowledge events that are stored for good. After a kill before this, poll returns them again."""

    def health(self, now: datetime) -> Health:
        """Return the gateway's state, also for a gateway opened only for that (`prepazka check`, /readyz, /metrics).

        It takes at most a second, sends nothing and never raises.
        """

    def close(self) -> None:
        """Release resources; unacknowledged events will be returned again."""


@runtime_checkable
class KeepingGateway(Gateway, Protocol):
    """A gateway whose peer keeps messages on this machine after they were handed in or sent."""

    def forget(self, number: str | None, before: datetime) -> int:
        """Erase what the peer keeps of messages that are done: all of a number, or (None) those of before a moment.

        Return how many. Messages on their way stay. Raises: what the peer does.
        """


@runtime_checkable
class FetchingGateway(Gateway, Protocol):
    """A gateway whose peer is asked for what is behind a place in its list. The office keeps the place."""

    @property
    def fetches(self) -> bool:
        """Whether this peer is asked at all; others of the kind may only call."""

    @property
    def position(self) -> str | None:
        """The place behind the events of the last `poll`, to be stored with them; None where it has not moved.

        It counts from `ack` on: a poll before that returns the same events again.
        """

    def resume(self, position: str) -> None:
        """Go on behind a place as `position` gave it; "" where none is known."""


# --- gateways that call the office over HTTP ---------------------------------------------------


@dataclass(frozen=True, slots=True)
class WebhookCall:
    """An HTTP request from a gateway to the office. headers: by lower-case name; address: the peer's.

    query: each name once (the last wins), decoded as UTF-8; other bytes are kept as `surrogateescape` does, for
    gateways that know the encoding. body: raw, at most 64 kB. path: what follows /gateways/NAME/ in the URL.
    """

    method: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    address: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class WebhookReply:
    """The answer to a `WebhookCall`."""

    status: int
    body: str = ""
    content_type: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


class WebhookRefused(Exception):
    """The call is forged, stale, too large or not understood; nothing of it is stored.

    reply: the answer the gateway's protocol demands; reason: for the log, without number or text.
    """

    def __init__(self, reply: WebhookReply, reason: str) -> None:
        super().__init__(reason)
        self.reply = reply
        self.reason = reason


class IncomingCall(Protocol):
    """The content of one call."""

    @property
    def events(self) -> Sequence[GatewayEvent]:
        """The events of the call, in order."""

    @property
    def replies_inline(self) -> bool:
        """Whether the answer to this call carries the replies to its messages."""

    def reply(self, texts: Sequence[str | None]) -> WebhookReply:
        """Return the answer, after all events are stored. texts: the reply to each Inbound of `events`, None where none
        is sent.

        Where `replies_inline` is false, the answer is due as soon as the events are stored, and texts is empty.
        """


@runtime_checkable
class WebhookGateway(Gateway, Protocol):
    """A gateway that delivers its events by calling /gateways/NAME; its `poll` returns ()."""

    def receive_call(self, call: WebhookCall, now: datetime) -> IncomingCall:
        """Verify and read a call. Raises: WebhookRefused."""
