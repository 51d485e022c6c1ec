"""One SMPP session, from bind to its end, without a socket: octets and the time in, octets and events out.

What it promises: it never waits for the peer longer than the terms say; what was asked and not answered when it ends
is told apart into what the peer cannot have (no octet of it left) and what it may have; and any octets whatever give
events or its end, with the answer SMPP has for them.
"""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import structlog
from smpplib import consts

from prepazka.gateways.smpp.pdus import BadLength, Framer, Pdu, UnreadablePdu, Value, description, read, write

log = structlog.get_logger()

BindRole = Literal["transceiver", "transmitter", "receiver"]
_LAST_SEQUENCE = 0x7FFFFFFF

# What a bind refused for means that the account is wrong, not the moment.
_ACCOUNT = {consts.SMPP_ESME_RBINDFAIL, consts.SMPP_ESME_RINVPASWD, consts.SMPP_ESME_RINVSYSID}


@dataclass(frozen=True, slots=True)
class Terms:
    """How a session is held. The times in seconds."""

    role: BindRole
    system_id: str
    password: str
    system_type: str
    window: int
    enquire_every: float
    response_timeout: float


@dataclass(frozen=True, slots=True)
class Bound:
    """The SMSC has accepted us."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """The SMSC hands something over, and waits for `Session.respond` with its sequence."""

    pdu: Pdu


@dataclass(frozen=True, slots=True)
class Responded:
    """The SMSC has answered a submit."""

    sequence: int
    status: int
    message_id: str


@dataclass(frozen=True, slots=True)
class Silent:
    """The SMSC has not answered a submit and will not be waited for. given: it may have it."""

    sequence: int
    given: bool


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Our responses to these deliveries have certainly reached the SMSC: it has answered what we asked after them."""

    sequences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Over:
    """The session has ended, after a `Silent` for each submit without an answer.

    refused: the account is wrong, and trying again soon is of no use.
    """

    reason: str
    refused: bool = False


SessionEvent = Bound | Delivered | Responded | Silent | Confirmed | Over


@dataclass(slots=True)
class _Asked:
    """A request of ours that waits for its answer. begins: its first octet's place in all we ever wrote."""

    command: str
    until: float
    begins: int
    confirms: tuple[int, ...] = ()


class SmppSession:
    """A session just begun: the bind is in `outgoing`. `token`: its name, no other's."""

    def __init__(self, terms: Terms, now: float) -> None:
        self.token = uuid.uuid4().hex
        self.outgoing = bytearray()
        self._terms = terms
        self._state: Literal["binding", "bound", "unbinding", "over"] = "binding"
        self._framer = Framer()
        self._asked: dict[int, _Asked] = {}
        self._open: dict[int, Pdu] = {}  # deliveries to be answered, by sequence
        self._responded: list[int] = []  # answered, and not known to have arrived
        self._sequence = 0
        self._left = 0  # octets the network has taken
        self._heard_at = now
        self._ask(
            f"bind_{terms.role}",
            now,
            system_id=terms.system_id,
            password=terms.password,
            system_type=terms.system_type,
            interface_version=consts.SMPP_VERSION_34,
        )

    @property
    def bound(self) -> bool:
        """Whether messages can pass."""
        return self._state == "bound"

    @property
    def over(self) -> bool:
        """Whether it has ended; what is in `outgoing` may still be sent."""
        return self._state == "over"

    @property
    def has_room(self) -> bool:
        """Whether one more submit may be on its way."""
        waiting = sum(asked.command == "submit_sm" for asked in self._asked.values())
        return self.bound and waiting < self._terms.window

    @property
    def wakes_at(self) -> float:
        """When `tick` is due at the latest."""
        due = [asked.until for asked in self._asked.values()]
        if self._state == "bound":
            due.append(self._heard_at + self._terms.enquire_every)
        return min(due, default=self._heard_at + self._terms.response_timeout)

    # --- what we do ------------------------------------------------------------------------------

    def submit(self, now: float, fields: Mapping[str, Value]) -> int:
        """Send a message, when it `has_room`; the sequence its `Responded` or `Silent` will bear."""
        return self._ask("submit_sm", now, **fields)

    def respond(self, sequence: int, status: int = consts.SMPP_ESME_ROK) -> None:
        """Answer a delivery, once. A positive answer is `Confirmed` some time after, soon when asked by `confirm`."""
        delivery = self._open.pop(sequence)
        self._write(Pdu(f"{delivery.command}_resp", sequence, status))
        if status == consts.SMPP_ESME_ROK:
            self._responded.append(sequence)

    def confirm(self, now: float) -> None:
        """Find out whether the answers so far have arrived."""
        if self._responded:
            self._enquire(now)

    def unbind(self, now: float) -> list[SessionEvent]:
        """Take leave; `Over` follows when the SMSC has answered or its time is up, at once where it never bound us."""
        if self._state == "binding":
            return self.lost("closed")
        if self._state == "bound":
            self._state = "unbinding"
            self._ask("unbind", now)
        return []

    def left(self, octets: int) -> None:
        """The network has taken so many octets of `outgoing`."""
        del self.outgoing[:octets]
        self._left += octets

    # --- what happens ----------------------------------------------------------------------------

    def receive(self, data: bytes, now: float) -> list[SessionEvent]:
        """Octets have come."""
        events: list[SessionEvent] = []
        self._heard_at = now
        try:
            for frame in self._framer.feed(data):
                events += self._frame(frame, now)
                if self.over:
                    break
        except BadLength as error:
            self._write(Pdu("generic_nack", 0, consts.SMPP_ESME_RINVCMDLEN))
            events += self.lost(f"the SMSC sent a PDU of an impossible length, {error}")
        return events

    def tick(self, now: float) -> list[SessionEvent]:
        """Time has passed."""
        events: list[SessionEvent] = []
        for sequence, asked in list(self._asked.items()):
            if asked.until > now:
                continue
            if asked.command != "submit_sm":
                return events + self.lost(f"the SMSC is mute: no answer to {asked.command}")
            del self._asked[sequence]
            events.append(Silent(sequence, self._has_left(asked)))
        if self._state == "bound" and now >= self._heard_at + self._terms.enquire_every:
            self._enquire(now)
        return events

    def lost(self, reason: str, *, refused: bool = False) -> list[SessionEvent]:
        """The connection is gone, or is to be given up."""
        if self.over:
            return []
        self._state = "over"
        silent: list[SessionEvent] = [
            Silent(sequence, self._has_left(asked))
            for sequence, asked in self._asked.items()
            if asked.command == "submit_sm"
        ]
        self._asked.clear()
        return [*silent, Over(reason, refused)]

    def _frame(self, frame: bytes, now: float) -> Iterator[SessionEvent]:
        try:
            pdu = read(frame)
        except UnreadablePdu as error:
            yield from self._unreadable(error)
            return
        match pdu.command:
            case "enquire_link":
                self._write(Pdu("enquire_link_resp", pdu.sequence))
            case "deliver_sm" | "data_sm":
                yield from self._delivery(pdu)
            case "unbind":
                self._write(Pdu("unbind_resp", pdu.sequence))
                yield from self.lost("the SMSC has ended the session")
            case "alert_notification" | "outbind":
                pass
            case "generic_nack" if pdu.sequence not in self._asked:
                yield from self.lost(f"the SMSC does not understand us: {description(pdu.status)}")
            case command if command.endswith("_resp") or command == "generic_nack":
                yield from self._answer(pdu, now)
            case _:
                self._write(Pdu("generic_nack", pdu.sequence, consts.SMPP_ESME_RINVCMDID))

    def _unreadable(self, error: UnreadablePdu) -> Iterator[SessionEvent]:
        log.warning("smpp_unreadable", command=error.command, status=error.status)
        if error.command.endswith("_resp"):
            # An answer that cannot be read answers nothing; the SMSC cannot be asked again.
            yield from self.lost(str(error))
        elif error.command:
            self._write(Pdu(f"{error.command}_resp", error.sequence, error.status))
        else:
            self._write(Pdu("generic_nack", error.sequence, error.status))

    def _delivery(self, pdu: Pdu) -> Iterator[SessionEvent]:
        if not self.bound or self._terms.role == "transmitter":
            self._write(Pdu(f"{pdu.command}_resp", pdu.sequence, consts.SMPP_ESME_RINVBNDSTS))
        elif pdu.sequence not in self._open:
            self._open[pdu.sequence] = pdu
            yield Delivered(pdu)
        elif pdu != self._open[pdu.sequence]:  # the same again is the SMSC's impatience; our one answer will do
            yield from self.lost("the SMSC gave two deliveries one number: which of them we answer could not be told")

    def _answer(self, pdu: Pdu, now: float) -> Iterator[SessionEvent]:
        asked = self._asked.get(pdu.sequence)
        if asked is None or pdu.command not in (f"{asked.command}_resp", "generic_nack"):
            return  # too late, or to nothing we asked
        del self._asked[pdu.sequence]
        match asked.command:
            case "submit_sm":
                status = pdu.status
                if pdu.command == "generic_nack" and status == consts.SMPP_ESME_ROK:
                    status = consts.SMPP_ESME_RUNKNOWNERR
                yield Responded(pdu.sequence, status, pdu.string("message_id"))
            case "enquire_link":
                if asked.confirms:
                    yield Confirmed(asked.confirms)
                self.confirm(now)  # those that were answered since
            case "unbind":
                yield from self.lost("closed")
            case _ if pdu.command != "generic_nack" and pdu.status == consts.SMPP_ESME_ROK:
                self._state = "bound"
                yield Bound()
            case _:
                refused = pdu.status in _ACCOUNT
                yield from self.lost(f"the SMSC refuses to bind: {description(pdu.status)}", refused=refused)

    def _enquire(self, now: float) -> None:
        """Ask whether the peer is there; its answer also tells that all we wrote before has arrived."""
        if self._state == "bound" and not any(asked.command == "enquire_link" for asked in self._asked.values()):
            sequence = self._ask("enquire_link", now)
            self._asked[sequence].confirms = tuple(self._responded)
            self._responded.clear()

    def _ask(self, command: str, now: float, **fields: Value) -> int:
        self._sequence = self._sequence % _LAST_SEQUENCE + 1
        begins = self._left + len(self.outgoing)
        self._asked[self._sequence] = _Asked(command, now + self._terms.response_timeout, begins)
        self._write(Pdu(command, self._sequence, fields=fields))
        return self._sequence

    def _has_left(self, asked: _Asked) -> bool:
        return asked.begins < self._left

    def _write(self, pdu: Pdu) -> None:
        self.outgoing += write(pdu)
