"""The events an SMPP session reports to its owner, and the options of a session."""

from dataclasses import dataclass
from typing import Literal

from prepazka.gateways.smpp.pdus import Pdu

BindRole = Literal["transceiver", "transmitter", "receiver"]


@dataclass(frozen=True, slots=True)
class SessionOptions:
    """How to bind and how long to wait. Times are in seconds."""

    role: BindRole
    system_id: str
    password: str
    system_type: str
    address_range: str
    window: int
    enquire_every: float
    response_timeout: float


@dataclass(frozen=True, slots=True)
class Bound:
    """The SMSC has accepted the bind."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """The SMSC delivers a message or a receipt, and waits for `SmppSession.respond` with its sequence number."""

    pdu: Pdu


@dataclass(frozen=True, slots=True)
class SubmitResponse:
    """The SMSC has answered a submit."""

    sequence: int
    status: int
    message_id: str


@dataclass(frozen=True, slots=True)
class SubmitUnanswered:
    """A submit has no answer and none is awaited any more. possibly_sent: the SMSC may have received it."""

    sequence: int
    possibly_sent: bool


@dataclass(frozen=True, slots=True)
class LateResponse:
    """The SMSC has answered a submit that was reported as `SubmitUnanswered` before."""

    response: SubmitResponse


@dataclass(frozen=True, slots=True)
class ResponsesConfirmed:
    """The SMSC has certainly received our responses to these deliveries: it has answered a later request."""

    sequences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SessionClosed:
    """The session has ended, after a `SubmitUnanswered` for each submit without an answer.

    refused: the account is wrong; another attempt soon would fail too.
    """

    reason: str
    refused: bool = False


SessionEvent = Bound | Delivery | SubmitResponse | SubmitUnanswered | LateResponse | ResponsesConfirmed | SessionClosed
