"""A box of Kannel's bearerbox: hears and sends by any modem or SMS centre Kannel knows, and loses nothing.

Bearerbox keeps each message on its disk until this box acknowledges it, which it does only after the office's commit.
Kannel's own smsbox acknowledges before its application has answered.
"""

import socket
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from uuid import UUID

from prepazka.gateways.kannel import status
from prepazka.gateways.kannel.codec import Ack, Garbled, Verdict
from prepazka.gateways.kannel.messages import parts, to_event
from prepazka.gateways.kannel.session import BoxAddress, BoxSession, Disconnected, Handover, Times
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

# Messages handed in at once: as many as bearerbox gives without being answered (its smsbox-max-pending).
HEARD_AT_ONCE = 100
# Seconds a message waits for a connection, and for bearerbox's answer, which takes milliseconds.
CONNECTION_WAIT = 5.0
ANSWER_WAIT = 20.0
# Seconds health may take to connect, and to be answered.
ASKING = 0.4
# Seconds after which a message that is not stored yet says that storing does not get on.
STALLED = 60


class Kannel:
    """See `prepazka.gateways.values.Gateway`. Connects at the first `poll` or `send`, never to answer `health`:
    bearerbox shares messages out among all boxes of one name."""

    capabilities = Capabilities(batch=20)

    def __init__(
        self, name: str, settings: KannelSettings, times: Times | None = None, answer: float = ANSWER_WAIT
    ) -> None:
        self.name = name
        self._settings = settings
        self._session = BoxSession(BoxAddress(settings.host, settings.port, settings.box), times)
        self._answer_wait = answer
        # What bearerbox gave last, by its own id, which a receipt does not bear.
        self._heard: dict[UUID, GatewayEvent] = {}

    def poll(self, wait: float) -> Sequence[GatewayEvent]:
        """What bearerbox gave; what says nothing to the office is acknowledged here and now."""
        now = datetime.now(UTC)
        came = {sms.id: to_event(self.name, sms, now) for sms in self._session.given(wait, HEARD_AT_ONCE)}
        self._session.ack([id_ for id_, meant in came.items() if meant is None])
        self._heard = {id_: meant for id_, meant in came.items() if meant is not None}
        return list(self._heard.values())

    def ack(self, events: Sequence[GatewayEvent]) -> None:
        """Let bearerbox forget these; after a lost connection it gives them again all the same, under the same ids."""
        stored = set(events)
        self._session.ack([id_ for id_, meant in self._heard.items() if meant in stored])

    def send(self, messages: Sequence[Outbound]) -> Iterator[SendResult]:
        """Give bearerbox all of them, then wait for its answers."""
        wait = CONNECTION_WAIT
        given: list[tuple[str, Handover | SendError]] = []
        for message in messages:
            handed = self._give(message, wait)
            given.append((message.id, handed))
            if isinstance(handed, SendError) and handed.retryable:
                wait = 0.0  # the first has waited for all of them
        for id_, handed in given:
            yield handed if isinstance(handed, SendError) else self._outcome(id_, handed)

    def _give(self, message: Outbound, wait: float) -> Handover | SendError:
        try:
            frames = parts(message, self._settings.box, self._settings.smsc, int(time.time()))
            return self._session.hand_over(frames, wait)
        except (TooLong, Garbled) as error:
            return SendError(message.id, f"cannot be sent: {error}", retryable=False)
        except Disconnected as error:
            return SendError(message.id, f"bearerbox: {error}")

    def _outcome(self, id_: str, handed: Handover) -> SendResult:
        answers, stands = handed.answers(self._answer_wait)
        taken = tuple(str(part) for part, ack in answers.items() if ack.verdict in {Verdict.SUCCESS, Verdict.BUFFERED})
        if len(taken) == len(handed.ids):
            return Sent(id_, taken)
        if not taken and len(answers) == len(handed.ids):
            return _refusal(id_, answers.values())
        if len(answers) == len(handed.ids):
            return LostAnswer(id_, "bearerbox took only some of its parts", taken)
        return LostAnswer(id_, "bearerbox did not answer" if stands else "bearerbox: the connection broke", taken)

    def health(self, now: datetime) -> Health:
        """By the status page where its password is known; else whether bearerbox's port answers."""
        if self._session.started:
            state = self._session.state()
            if not state.connected:
                return Health("error", f"bearerbox: {state.fault or 'not connected yet'}", self._reach)
            if state.oldest is not None and state.oldest > STALLED:
                what = f"{state.unacknowledged} messages of bearerbox's are not stored, one for {state.oldest:.0f} s"
                return Health("error", what, "see the log: the database may be away")
        if self._settings.status_password.get_secret_value():
            return self._by_status_page()
        if not self._session.started and (fault := self._unreachable()):
            return Health("error", f"bearerbox: {fault}", self._reach)
        return Health("ok", f"bearerbox at {self._settings.host}:{self._settings.port}")

    def close(self) -> None:
        """Leave bearerbox; it keeps what is not acknowledged."""
        self._session.close()

    @property
    def _reach(self) -> str:
        address = f"{self._settings.host}:{self._settings.port}"
        return f"start Kannel, and let box-allow-ip of its core group allow this machine at {address}"

    def _unreachable(self) -> str:
        """Why bearerbox's port does not answer, "" when it does. Nothing is said on it, so no message is given."""
        try:
            socket.create_connection((self._settings.host, self._settings.port), ASKING).close()
        except OSError as error:
            return f"cannot connect ({error.strerror or type(error).__name__})"
        return ""

    def _by_status_page(self) -> Health:
        settings = self._settings
        try:
            said = status.ask(settings.host, settings.status_port, settings.status_password.get_secret_value(), ASKING)
        except status.UnreadableStatus as error:
            fix = "compare the port with admin-port, the password with status-password in kannel.conf"
            return Health("error", f"bearerbox's status page: {error}", fix)
        if not said.running:
            return Health("error", "bearerbox is not running freely: suspended, isolated or shutting down", "resume it")
        mine = [centre for centre in said.centres if settings.smsc in {"", centre.id}]
        offline = [centre.id for centre in mine if not centre.online]
        if len(offline) == len(mine):
            names = ", ".join(offline) or settings.smsc or "none is configured"
            return Health("error", f"Kannel reaches no network: {names}", "see Kannel's log for the modem or centre")
        if settings.box not in said.boxes:
            what = f"Kannel knows no box {settings.box}: no process of the office hears and sends by it"
            return Health("warning", what, "run: prepazka serve")
        if offline:
            return Health("warning", f"Kannel does not reach {', '.join(offline)}", "see Kannel's log")
        online = ", ".join(centre.id for centre in mine)
        return Health("ok", f"Kannel by {online}, {said.boxes[settings.box]} messages under way to the office")


def _refusal(id_: str, answers: Iterable[Ack]) -> SendError:
    """None of its parts was taken."""
    if any(ack.verdict == Verdict.FAILED_FOR_NOW for ack in answers):
        return SendError(id_, "bearerbox's queue is full", throttled=True)
    # Its report says the same, and is final.
    return SendError(id_, "bearerbox knows no way to send it, or it has expired", retryable=False)
