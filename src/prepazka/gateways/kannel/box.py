"""A box of Kannel's bearerbox: messages by any modem or SMS centre Kannel supports, without loss.

Bearerbox keeps each message on its disk until this box acknowledges it, which happens after the office's commit.
Kannel's own smsbox acknowledges before its application has answered.
"""

import socket
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from uuid import UUID

from prepazka.gateways.health_texts import health_of
from prepazka.gateways.kannel import status
from prepazka.gateways.kannel.codec import Ack, ProtocolError, Verdict
from prepazka.gateways.kannel.connection import BoxAddress, Times
from prepazka.gateways.kannel.messages import to_event, to_sms
from prepazka.gateways.kannel.session import BoxSession, Disconnected, Handover
from prepazka.gateways.kannel.settings import KannelSettings
from prepazka.gateways.parts import TooLong
from prepazka.gateways.values import (
    Capabilities,
    GatewayEvent,
    Health,
    LostAnswer,
    Outbound,
    SendError,
    SendResult,
    Sent,
)

# Messages returned by one poll: as many as bearerbox gives without an answer (its smsbox-max-pending).
POLL_LIMIT = 100
# Seconds in which the next hundred come, one by one, as bearerbox reads that those before are stored.
GATHERING = 0.01
# Seconds to wait for a connection, and for bearerbox's answer, which takes milliseconds.
CONNECTION_WAIT = 5.0
ANSWER_WAIT = 20.0
# Seconds the health check may take to connect, and to get an answer.
HEALTH_TIMEOUT = 0.4
# Seconds after which an unacknowledged message means that the office fails to store messages.
STALLED = 60

_ACCEPTING = frozenset({Verdict.SUCCESS, Verdict.BUFFERED})


class Kannel:
    """See `prepazka.gateways.values.Gateway`.

    The first `poll` or `send` connects. `health` never does, because bearerbox distributes messages among all boxes of
    one name.
    """

    # Bearerbox answers in milliseconds, and its reports carry our ids: they decide what a kill leaves in doubt.
    capabilities = Capabilities(batch=50)

    def __init__(
        self, name: str, settings: KannelSettings, times: Times | None = None, answer: float = ANSWER_WAIT
    ) -> None:
        self.name = name
        self._settings = settings
        self._session = BoxSession(BoxAddress(settings.host, settings.port, settings.box), times)
        self._answer_wait = answer
        # The events of the last poll by bearerbox's own ids, which a receipt does not carry.
        self._events: dict[UUID, GatewayEvent] = {}

    def poll(self, wait: float) -> Sequence[GatewayEvent]:
        """Return the messages and reports bearerbox has given; acknowledge at once what is of no interest to the
        office."""
        now = datetime.now(UTC)
        moment = GATHERING if len(self._events) >= POLL_LIMIT else 0.0
        found = self._session.unacknowledged(wait, POLL_LIMIT, moment)
        received = {sms.id: to_event(self.name, sms, now) for sms in found}
        self._session.ack([id_ for id_, event in received.items() if event is None])
        self._events = {id_: event for id_, event in received.items() if event is not None}
        return list(self._events.values())

    def ack(self, events: Sequence[GatewayEvent]) -> None:
        """Acknowledge stored messages; after a lost connection bearerbox gives them again under the same ids."""
        stored = set(events)
        self._session.ack([id_ for id_, event in self._events.items() if event in stored])

    def send(self, messages: Sequence[Outbound]) -> Iterator[SendResult]:
        """Give bearerbox all messages, then wait for its answers."""
        wait = CONNECTION_WAIT
        handovers: list[tuple[str, Handover | SendError]] = []
        for message in messages:
            handover = self._hand_over(message, wait)
            handovers.append((message.id, handover))
            if isinstance(handover, SendError) and handover.retryable:
                wait = 0.0  # the first message has waited for all of them
        for id_, handover in handovers:
            yield handover if isinstance(handover, SendError) else self._result(id_, handover)

    def _hand_over(self, message: Outbound, wait: float) -> Handover | SendError:
        try:
            frames = to_sms(message, self._settings.box, self._settings.smsc, int(time.time()))
            return self._session.hand_over(frames, wait)
        except (TooLong, ProtocolError) as error:
            return SendError(message.id, f"cannot be sent: {error}", retryable=False, cause="text")
        except Disconnected as error:
            return SendError(message.id, f"bearerbox: {error}", cause="unreachable")

    def _result(self, id_: str, handover: Handover) -> SendResult:
        answers, connected = handover.answers(self._answer_wait)
        accepted = tuple(
            str(part) for part, ack in answers.items() if ack.verdict in {Verdict.SUCCESS, Verdict.BUFFERED}
        )
        if len(accepted) == len(handover.ids):
            return Sent(id_, accepted)
        if not accepted and len(answers) == len(handover.ids):
            return _refusal(id_, answers.values())
        if len(answers) == len(handover.ids):
            return LostAnswer(id_, "bearerbox took only some of its parts", accepted, "partly")
        return LostAnswer(id_, "bearerbox did not answer" if connected else "bearerbox: the connection broke", accepted)

    def health(self, now: datetime) -> Health:
        """Report by the status page where its password is configured, else by whether bearerbox's port accepts."""
        if self._session.started:
            state = self._session.state()
            if not state.connected:
                return self._down(state.fault or "not connected yet")
            if state.oldest is not None and state.oldest > STALLED:
                return health_of("bearerbox_unstored", count=state.unacknowledged, seconds=round(state.oldest))
        if self._settings.status_password.get_secret_value():
            return self._by_status_page()
        if not self._session.started and (fault := self._connect_error()):
            return self._down(fault)
        return health_of("bearerbox_ok", address=f"{self._settings.host}:{self._settings.port}")

    def close(self) -> None:
        """Disconnect; bearerbox keeps unacknowledged messages."""
        self._session.close()

    def _down(self, reason: str) -> Health:
        return health_of("bearerbox_down", reason=reason, address=f"{self._settings.host}:{self._settings.port}")

    def _connect_error(self) -> str:
        """Return why bearerbox's port does not accept, "" when it does. The box is not identified, so it gets no
        messages."""
        try:
            socket.create_connection((self._settings.host, self._settings.port), HEALTH_TIMEOUT).close()
        except OSError as error:
            return f"cannot connect ({error.strerror or type(error).__name__})"
        return ""

    def _by_status_page(self) -> Health:
        settings = self._settings
        try:
            password = settings.status_password.get_secret_value()
            page = status.fetch_status(settings.host, settings.status_port, password, HEALTH_TIMEOUT)
        except status.UnreadableStatus as error:
            return health_of("kannel_no_status", reason=error)
        if not page.running:
            return health_of("kannel_suspended")
        centres = [centre for centre in page.centres if settings.smsc in {"", centre.id}]
        offline = [centre.id for centre in centres if not centre.online]
        if len(offline) == len(centres):
            names = ", ".join(offline) or settings.smsc or "none is configured"
            return health_of("kannel_no_network", names=names)
        if settings.box not in page.boxes:
            return health_of("kannel_no_box", box=settings.box)
        if offline:
            return health_of("kannel_partly", names=", ".join(offline))
        online = ", ".join(centre.id for centre in centres)
        return health_of("kannel_ok", names=online, count=page.boxes[settings.box])


def _refusal(id_: str, answers: Iterable[Ack]) -> SendError:
    """Return the result of a message none of whose parts was accepted."""
    if any(ack.verdict == Verdict.FAILED_FOR_NOW for ack in answers):
        return SendError(id_, "bearerbox's queue is full", throttled=True, cause="throttled")
    # the report for this message says the same, and is final
    return SendError(id_, "bearerbox knows no way to send it, or it has expired", retryable=False)
