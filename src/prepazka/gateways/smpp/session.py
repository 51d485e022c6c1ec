"""One SMPP session without a socket: takes octets and the time, returns octets and events.

Guarantees: the session never waits for the peer longer than its options allow. At its end, each unanswered submit is
reported as certainly not sent (no octet of it left) or possibly sent. An answer that comes later than the options allow
is reported too. Any input gives events or the end of the session, with the answer SMPP defines for it.
"""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import structlog
from smpplib import consts

from prepazka.gateways.smpp.events import (
    Bound,
    Delivery,
    LateResponse,
    ResponsesConfirmed,
    SessionClosed,
    SessionEvent,
    SessionOptions,
    SubmitResponse,
    SubmitUnanswered,
)
from prepazka.gateways.smpp.pdus import (
    BadLength,
    Framer,
    Pdu,
    UnreadablePdu,
    Value,
    decode_pdu,
    description,
    encode_pdu,
)

log = structlog.get_logger()

_LAST_SEQUENCE = 0x7FFFFFFF

# A bind refused with one of these means that the account is wrong; other errors may be temporary.
_ACCOUNT_ERRORS = {consts.SMPP_ESME_RBINDFAIL, consts.SMPP_ESME_RINVPASWD, consts.SMPP_ESME_RINVSYSID}


@dataclass(slots=True)
class _PendingRequest:
    """A request that has no response yet. offset: of its first octet in all octets ever written."""

    command: str
    until: float
    offset: int
    confirms: tuple[int, ...] = ()


class SmppSession:
    """A session, from its bind, which is in `outgoing` at once. token: a unique name of the session."""

    def __init__(self, options: SessionOptions, now: float) -> None:
        self.token = uuid.uuid4().hex
        self.outgoing = bytearray()
        self._options = options
        self._state: Literal["binding", "bound", "unbinding", "ended"] = "binding"
        self._framer = Framer()
        self._pending: dict[int, _PendingRequest] = {}
        self._overdue: set[int] = set()  # submits whose answer did not come in time, by sequence
        self._deliveries: dict[int, Pdu] = {}  # deliveries without a response, by sequence
        self._unconfirmed: list[int] = []  # responses that may not have arrived
        self._sequence = 0
        self._octets_sent = 0  # octets the network has accepted
        self._last_received = now
        self._send_request(
            f"bind_{options.role}",
            now,
            system_id=options.system_id,
            password=options.password,
            system_type=options.system_type,
            interface_version=consts.SMPP_VERSION_34,
            address_range=options.address_range,
        )

    @property
    def bound(self) -> bool:
        """Whether messages can pass."""
        return self._state == "bound"

    @property
    def ended(self) -> bool:
        """Whether the session has ended; the rest of `outgoing` may still be sent."""
        return self._state == "ended"

    @property
    def outstanding(self) -> int:
        """The submits without a response."""
        return sum(request.command == "submit_sm" for request in self._pending.values())

    @property
    def has_room(self) -> bool:
        """Whether the window allows one more submit."""
        return self.bound and self.outstanding < self._options.window

    @property
    def next_tick_at(self) -> float:
        """The time by which `tick` must be called."""
        due = [request.until for request in self._pending.values()]
        if self._state == "bound":
            due.append(self._last_received + self._options.enquire_every)
        return min(due, default=self._last_received + self._options.response_timeout)

    # --- actions ---------------------------------------------------------------------------------

    def submit(self, now: float, fields: Mapping[str, Value]) -> int:
        """Queue a submit; `has_room` must hold. Return the sequence of its `SubmitResponse` or `SubmitUnanswered`."""
        return self._send_request("submit_sm", now, **fields)

    def respond(self, sequence: int, status: int = consts.SMPP_ESME_ROK) -> None:
        """Respond to a delivery, once. A positive response leads to `ResponsesConfirmed` later, or soon after
        `confirm`."""
        delivery = self._deliveries.pop(sequence)
        self._write(Pdu(f"{delivery.command}_resp", sequence, status))
        if status == consts.SMPP_ESME_ROK:
            self._unconfirmed.append(sequence)

    def confirm(self, now: float) -> None:
        """Ask the SMSC for a sign that the responses so far have arrived."""
        if self._unconfirmed:
            self._enquire(now)

    def unbind(self, now: float) -> list[SessionEvent]:
        """Unbind. `SessionClosed` follows after the SMSC's answer or its timeout, or at once before the bind."""
        if self._state == "binding":
            return self.end("closed")
        if self._state == "bound":
            self._state = "unbinding"
            self._send_request("unbind", now)
        return []

    def mark_sent(self, octets: int) -> None:
        """Note that the network has accepted so many octets of `outgoing`."""
        del self.outgoing[:octets]
        self._octets_sent += octets

    # --- input -----------------------------------------------------------------------------------

    def receive(self, data: bytes, now: float) -> list[SessionEvent]:
        """Process received octets."""
        events: list[SessionEvent] = []
        try:
            for frame in self._framer.feed(data):
                self._last_received = now  # octets of a PDU that never ends are no sign of life
                events += self._handle_frame(frame, now)
                if self.ended:
                    break
        except BadLength as error:
            self._write(Pdu("generic_nack", 0, consts.SMPP_ESME_RINVCMDLEN))
            events += self.end(f"the SMSC sent a PDU of an impossible length, {error}")
        return events

    def tick(self, now: float) -> list[SessionEvent]:
        """Process timeouts."""
        events: list[SessionEvent] = []
        for sequence, request in list(self._pending.items()):
            if request.until > now:
                continue
            if request.command != "submit_sm":
                return events + self.end(f"the SMSC is mute: no answer to {request.command}")
            del self._pending[sequence]
            self._overdue.add(sequence)
            events.append(SubmitUnanswered(sequence, self._possibly_sent(request)))
        if self._state == "bound" and now >= self._last_received + self._options.enquire_every:
            self._enquire(now)
        return events

    def end(self, reason: str, *, refused: bool = False) -> list[SessionEvent]:
        """End the session: the connection is lost, or must be given up."""
        if self.ended:
            return []
        self._state = "ended"
        silent: list[SessionEvent] = [
            SubmitUnanswered(sequence, self._possibly_sent(request))
            for sequence, request in self._pending.items()
            if request.command == "submit_sm"
        ]
        self._pending.clear()
        return [*silent, SessionClosed(reason, refused)]

    def _handle_frame(self, frame: bytes, now: float) -> Iterator[SessionEvent]:
        try:
            pdu = decode_pdu(frame)
        except UnreadablePdu as error:
            yield from self._reject_unreadable(error)
            return
        match pdu.command:
            case "enquire_link":
                self._write(Pdu("enquire_link_resp", pdu.sequence))
            case "deliver_sm" | "data_sm":
                yield from self._handle_delivery(pdu)
            case "unbind":
                self._write(Pdu("unbind_resp", pdu.sequence))
                yield from self.end("the SMSC has ended the session")
            case "alert_notification" | "outbind":
                pass
            case "generic_nack" if pdu.sequence not in self._pending and pdu.sequence not in self._overdue:
                yield from self.end(f"the SMSC does not understand us: {description(pdu.status)}")
            case command if command.endswith("_resp") or command == "generic_nack":
                yield from self._handle_response(pdu, now)
            case _:
                self._write(Pdu("generic_nack", pdu.sequence, consts.SMPP_ESME_RINVCMDID))

    def _reject_unreadable(self, error: UnreadablePdu) -> Iterator[SessionEvent]:
        log.warning("smpp_unreadable", command=error.command, status=error.status)
        if error.command.endswith("_resp"):
            # The response cannot be matched with its request, and the SMSC cannot be asked again.
            yield from self.end(str(error))
        elif error.command:
            self._write(Pdu(f"{error.command}_resp", error.sequence, error.status))
        else:
            self._write(Pdu("generic_nack", error.sequence, error.status))

    def _handle_delivery(self, pdu: Pdu) -> Iterator[SessionEvent]:
        if not self.bound or self._options.role == "transmitter":
            self._write(Pdu(f"{pdu.command}_resp", pdu.sequence, consts.SMPP_ESME_RINVBNDSTS))
        elif pdu.sequence not in self._deliveries:
            self._deliveries[pdu.sequence] = pdu
            yield Delivery(pdu)
        elif pdu != self._deliveries[pdu.sequence]:  # an equal one is a repetition: one response will do
            yield from self.end("the SMSC gave two deliveries one number: which of them we answer could not be told")

    def _handle_response(self, pdu: Pdu, now: float) -> Iterator[SessionEvent]:
        if pdu.sequence in self._overdue and pdu.command in ("submit_sm_resp", "generic_nack"):
            self._overdue.remove(pdu.sequence)
            yield LateResponse(_submit_response(pdu))
            return
        request = self._pending.get(pdu.sequence)
        if request is None or pdu.command not in (f"{request.command}_resp", "generic_nack"):
            return  # without a request
        del self._pending[pdu.sequence]
        match request.command:
            case "submit_sm":
                yield _submit_response(pdu)
            case "enquire_link":
                if request.confirms:
                    yield ResponsesConfirmed(request.confirms)
                self.confirm(now)  # responses sent since that request
            case "unbind":
                yield from self.end("closed")
            case _ if pdu.command != "generic_nack" and pdu.status == consts.SMPP_ESME_ROK:
                self._state = "bound"
                yield Bound()
            case _:
                refused = pdu.status in _ACCOUNT_ERRORS
                yield from self.end(f"the SMSC refuses to bind: {description(pdu.status)}", refused=refused)

    def _enquire(self, now: float) -> None:
        """Send enquire_link; its response also proves that everything written before has arrived."""
        if self._state == "bound" and not any(request.command == "enquire_link" for request in self._pending.values()):
            sequence = self._send_request("enquire_link", now)
            self._pending[sequence].confirms = tuple(self._unconfirmed)
            self._unconfirmed.clear()

    def _send_request(self, command: str, now: float, **fields: Value) -> int:
        self._sequence = self._sequence % _LAST_SEQUENCE + 1
        offset = self._octets_sent + len(self.outgoing)
        self._pending[self._sequence] = _PendingRequest(command, now + self._options.response_timeout, offset)
        self._write(Pdu(command, self._sequence, fields=fields))
        return self._sequence

    def _possibly_sent(self, request: _PendingRequest) -> bool:
        return request.offset < self._octets_sent

    def _write(self, pdu: Pdu) -> None:
        self.outgoing += encode_pdu(pdu)


def _submit_response(pdu: Pdu) -> SubmitResponse:
    status = pdu.status
    if pdu.command == "generic_nack" and status == consts.SMPP_ESME_ROK:
        status = consts.SMPP_ESME_RUNKNOWNERR
    return SubmitResponse(pdu.sequence, status, pdu.string("message_id"))
