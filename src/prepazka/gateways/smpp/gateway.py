"""The gateway that binds to an SMSC itself, by SMPP 3.4.

Invariants: a delivery gets its response only in `ack`, after the office has committed it. So after any kill or lost
connection the SMSC still holds every message the office does not, and a message delivered again has the id it had
before (`journal`). The result of each submit is the SMSC's own response, or else `LostAnswer`.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic

import structlog
from smpplib import consts

from prepazka.gateways.smpp import health
from prepazka.gateways.smpp.connection import SmscConnection, connections
from prepazka.gateways.smpp.deliveries import DeliveredMessage, NotText, SmscReceipt, read_delivery
from prepazka.gateways.smpp.events import (
    BindRole,
    Bound,
    Delivery,
    LateResponse,
    ResponsesConfirmed,
    SessionClosed,
    SessionEvent,
    SubmitResponse,
    SubmitUnanswered,
)
from prepazka.gateways.smpp.journal import Journal, ReceivedDelivery
from prepazka.gateways.smpp.pdus import Pdu, description
from prepazka.gateways.smpp.sending import FAULTS, SendJob
from prepazka.gateways.smpp.session import SmppSession
from prepazka.gateways.smpp.settings import SmppSettings
from prepazka.gateways.values import (
    Capabilities,
    Cause,
    GatewayEvent,
    Health,
    Inbound,
    Outbound,
    Part,
    Receipt,
    SendError,
    SendResult,
)

log = structlog.get_logger()

# Events returned by one poll.
_POLL_LIMIT = 100
# Deliveries without a response, at most; the SMSC is asked to deliver any further one later.
_PENDING_LIMIT = 500
# Messages of one batch at most, given to an SMSC that answers at once; more were no quicker.
_MOST = 50
# Refs of sent messages that are remembered.
_REFS_LIMIT = 10_000
# Seconds `ack` waits for the SMSC to confirm the responses.
_CONFIRM_TIMEOUT = 1.0
# Seconds until a later part of a message is submitted again after the SMSC throttled it.
_THROTTLE_PAUSE = 1.0


class NotBound(ConnectionError):
    """No session with the SMSC exists, and the last attempt to start one failed; the argument says why."""


@dataclass(slots=True)
class _PendingDelivery:
    """A delivery without a response. event: the event made of it, once a poll has returned it."""

    content: DeliveredMessage | SmscReceipt
    at: datetime
    event: GatewayEvent | None = None


_Key = tuple[str, int]
"""The token of a session, and a sequence number in that session."""


def _settled(lanes: Sequence[SmscConnection]) -> bool:
    """Whether a message can pass, or none will soon: the SMSC refuses the account."""
    return any(lane.bound for lane in lanes) or all(lane.refused for lane in lanes)


def _roomiest(sessions: Sequence[SmppSession]) -> SmppSession | None:
    """Return the bound session with the fewest unanswered submits; None when all have ended."""
    bound = [session for session in sessions if session.bound]
    return min(bound, key=lambda session: session.outstanding, default=None)


class Smpp:
    """One account at one SMSC. now: the clock."""

    def __init__(
        self, name: str, settings: SmppSettings, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.name = name
        # A batch is no larger than the window, unless the SMSC answers at once: all of it is in doubt when this process
        # is killed.
        window = settings.window * settings.binds
        self.capabilities = Capabilities(
            batch=window, most=max(window, _MOST), per_minute=settings.per_minute, receipts=settings.receipts
        )
        self._settings = settings
        self._now = now
        self._condition = threading.Condition()
        self._pending: dict[_Key, _PendingDelivery] = {}
        self._unconfirmed: dict[_Key, str] = {}  # ids of messages whose responses are not confirmed
        self._confirmed: list[str] = []
        self._jobs: dict[_Key, SendJob] = {}
        self._overdue: dict[_Key, SendJob] = {}  # those that ended without an answer, while it may still come
        self._late: list[Receipt] = []  # what answers said that came late, until `ack`
        self._refusal = ""
        self._given: dict[str, str] = {}  # the recipients of messages sent lately, by their refs
        self._bound_at: dict[str, float] = {}
        self._recorded_bind = 0.0  # the time of the last bind written to the journal
        self._sessions: dict[str, SmppSession] = {}
        self._journal: Journal | None = None
        self._connections: list[SmscConnection] = []

    # --- the gateway protocol --------------------------------------------------------------------

    def send(self, messages: Sequence[Outbound]) -> Iterator[SendResult]:
        """Submit messages in order, each in one session, as many at once as the windows allow."""
        jobs = [SendJob(message, self._settings) for message in messages]
        lanes = self._connected("transmitter")
        with self._condition:
            self._condition.wait_for(lambda: _settled(lanes), self._settings.connect_timeout)
            sessions = [lane.session for lane in lanes if lane.session and lane.session.bound]
            reason = next((lane.failure for lane in lanes if lane.failure), "no session with the SMSC yet")
            cause: Cause = "account" if any(lane.refused for lane in lanes) else "unreachable"
        if not sessions:
            yield from (SendError(message.id, reason, cause=cause) for message in messages)
            return
        finished = 0
        while finished < len(jobs):
            with self._condition:
                # One moment for both: a pause that ended in between would be waited for without end.
                now = monotonic()
                if self._submit(jobs, sessions, now):
                    for lane in lanes:
                        lane.wake()
                if jobs[finished].result is None:
                    self._condition.wait(self._until_retry(jobs[finished:], now))
            while finished < len(jobs) and (result := jobs[finished].result):
                yield result
                finished += 1

    def _submit(self, jobs: Sequence[SendJob], sessions: Sequence[SmppSession], now: float) -> bool:
        """Submit the next part of each job that can go on now; all parts of a message go in one session.

        Return whether there was any.
        """
        submitted = False
        throttled = any(isinstance(job.result, SendError) and job.result.throttled for job in jobs)
        for job in jobs:
            if job.result or job.next is None:
                continue
            session = job.session if job.session else _roomiest(sessions)
            if session is None or not session.bound:
                job.fail("the session with the SMSC has ended", cause="unreachable")
            elif throttled and not job.started:
                job.fail("the SMSC has no time", throttled=True, cause="throttled")
            elif job.not_before <= now and session.has_room:
                self._jobs[session.token, session.submit(now, job.next)] = job
                job.mark_submitted()
                job.session = session
                submitted = True
            elif not job.started:
                break  # no session has room, and none of the jobs behind it is started either
        return submitted

    def _until_retry(self, jobs: Sequence[SendJob], now: float) -> float | None:
        """Return the seconds until a throttled part is due again; None when only responses are outstanding."""
        due = [job.not_before for job in jobs if job.next and job.not_before > now]
        return min(due) - now if due else None

    def poll(self, wait: float) -> Sequence[GatewayEvent]:
        """Return the deliveries without a response; each gets its id the first time it is returned."""
        lanes = self._connected("receiver")
        with self._condition:
            self._condition.wait_for(lambda: bool(self._pending or self._late), wait)
            batch = dict(list(self._pending.items())[:_POLL_LIMIT])
            late = list(self._late)
            failure = next((lane.failure for lane in lanes if lane.failure), "")
            if not batch and not late and failure and not any(lane.bound for lane in lanes):
                raise NotBound(failure)
        journal = self._opened_journal()
        self._update_journal(journal)
        unnamed = {
            key: ReceivedDelivery(pending.content, key[0], pending.at.timestamp())
            for key, pending in batch.items()
            if pending.event is None and isinstance(pending.content, DeliveredMessage)
        }
        ids = dict(zip(unnamed, journal.assign_ids(list(unnamed.values())), strict=True))
        for key, pending in batch.items():
            pending.event = pending.event or self._to_event(pending, ids.get(key, ""))
        return list(dict.fromkeys([*late, *(pending.event for pending in batch.values() if pending.event)]))

    def ack(self, events: Sequence[GatewayEvent]) -> None:
        """Respond to the deliveries of these events; those of an ended session are delivered again and recognised.

        Waits up to a second for the SMSC to confirm the responses, so that few are in doubt when this process is
        killed.
        """
        stored = set(events)
        with self._condition:
            found = {key: pending.event for key, pending in self._pending.items() if pending.event in stored}
            self._late = [receipt for receipt in self._late if receipt not in stored]
        ids = {key: event.id for key, event in found.items() if isinstance(event, Inbound | Part)}
        journal = self._opened_journal()
        journal.mark_responded(list(ids.values()))
        with self._condition:
            for token, sequence in found:
                session = self._sessions.get(token)
                if session and self._pending.pop((token, sequence), None):
                    if id_ := ids.get((token, sequence)):
                        self._unconfirmed[token, sequence] = id_
                    session.respond(sequence)
            for session in self._sessions.values():
                session.confirm(monotonic())
            for connection in self._connections:
                connection.wake()
            self._condition.wait_for(lambda: not self._unconfirmed.keys() & ids.keys(), _CONFIRM_TIMEOUT)
        self._update_journal(journal)

    def health(self, now: datetime) -> Health:
        """Return whether a session exists; of a gateway not in use, whether the SMSC can be reached."""
        with self._condition:
            found = health.connected(self._settings, self._connections, len(self._pending), self._refusal)
        unkept = health.unkept(self._journal, now.timestamp())
        return unkept or found or health.reachable(self._settings)

    def close(self) -> None:
        """Unbind from the SMSC and close the journal."""
        for connection in self._connections:
            connection.stop()
        self._connections = []
        if self._journal:
            self._update_journal(self._journal)
            self._journal.close()
            self._journal = None

    # --- events of the sessions; the condition is held -------------------------------------------

    def _on_event(self, session: SmppSession, event: SessionEvent) -> None:
        match event:
            case Bound():
                self._sessions[session.token] = session
                self._bound_at[session.token] = self._now().timestamp()
            case Delivery(pdu):
                self._on_delivery(session, pdu)
            case SubmitResponse(sequence):
                if job := self._jobs.pop((session.token, sequence), None):
                    job.on_response(event, monotonic(), _THROTTLE_PAUSE)
                    self._remember(job)
                    self._note_refusal(event)
            case SubmitUnanswered(sequence):
                if job := self._jobs.pop((session.token, sequence), None):
                    self._overdue[session.token, sequence] = job
                    job.on_unanswered(event)
            case LateResponse(response):
                if job := self._overdue.pop((session.token, response.sequence), None):
                    self._note_refusal(response)
                    if receipt := job.on_late_response(response, self.name, self._now()):
                        self._late.append(receipt)
            case ResponsesConfirmed(sequences):
                for sequence in sequences:
                    if id_ := self._unconfirmed.pop((session.token, sequence), None):
                        self._confirmed.append(id_)
            case SessionClosed():
                self._sessions.pop(session.token, None)
                self._bound_at.pop(session.token, None)
                for keys in (self._pending, self._unconfirmed, self._overdue):
                    for key in [key for key in keys if key[0] == session.token]:
                        del keys[key]

    def _remember(self, job: SendJob) -> None:
        """Remember the refs of a message for its receipts, however the SMSC will write them."""
        self._given |= dict.fromkeys(job.refs, job.recipient)
        while len(self._given) > _REFS_LIMIT:
            del self._given[next(iter(self._given))]

    def _note_refusal(self, response: SubmitResponse) -> None:
        """Note whether the SMSC refuses what this account sends, whatever the message."""
        if fault := FAULTS.get(response.status):
            self._refusal = f"{description(response.status)}, setting {fault}"
        elif response.status == consts.SMPP_ESME_ROK:
            self._refusal = ""

    def _on_delivery(self, session: SmppSession, pdu: Pdu) -> None:
        if len(self._pending) >= _PENDING_LIMIT:
            session.respond(pdu.sequence, consts.SMPP_ESME_RX_T_APPN)
            return
        try:
            content = read_delivery(pdu, self._settings.alphabet, self._settings.message_ids, self._given)
        except NotText as error:
            log.warning("smpp_not_text", gateway=self.name, reason=str(error))
            session.respond(pdu.sequence, consts.SMPP_ESME_RX_R_APPN)
            return
        if content is None:
            session.respond(pdu.sequence)
            return
        self._pending[session.token, pdu.sequence] = _PendingDelivery(content, self._now())

    def _to_event(self, pending: _PendingDelivery, id_: str) -> GatewayEvent:
        match pending.content:
            case SmscReceipt(ref, status, reason):
                return Receipt(self.name, status, pending.at, ref=ref, reason=reason)
            case DeliveredMessage(sender, recipient, text, part):
                if part is None:
                    return Inbound(self.name, id_, sender, recipient, text)
                header = (part.reference, part.total, part.number)
                # The journal gives a delivery that may be a copy the id it had.
                return Part(self.name, id_, sender, recipient, text, *header, distinct=bool(self._settings.journal))

    # --- connections and journal -----------------------------------------------------------------

    def _connected(self, role: BindRole) -> list[SmscConnection]:
        """Return the connections that serve a role; the first use starts all of them."""
        with self._condition:
            if not self._connections:
                self._connections = connections(self._settings, self._condition, self._on_event)
            for connection in self._connections:
                connection.start()
            return [one for one in self._connections if one.role in {role, "transceiver"}]

    def _update_journal(self, journal: Journal) -> None:
        """Write the confirmed responses and the time of the last bind to the journal."""
        with self._condition:
            confirmed, self._confirmed = self._confirmed, []
            bound = max(self._bound_at.values(), default=0)
        journal.delete_confirmed(confirmed)
        if bound > self._recorded_bind:
            journal.session_bound(bound)
            self._recorded_bind = bound

    def _opened_journal(self) -> Journal:
        if self._journal is None:
            self._journal = Journal(self._settings, self.name)
        return self._journal
