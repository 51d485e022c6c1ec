"""The gateway that speaks SMPP 3.4 with an SMSC itself.

Invariant: a delivery is responded to only in `ack`, when the office has it for good; so whatever is killed or
cut, the SMSC still has what the office has not, and what comes again bears the id it had (`journal`). And of each
message given, what came of it is told by the SMSC's own answer, or it is `LostAnswer`.
"""

import ssl
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic

import structlog
from smpplib import consts

from prepazka.gateways.smpp.deliveries import DeliveredMessage, NotText, Report, read
from prepazka.gateways.smpp.journal import DeliveredBefore, Journal
from prepazka.gateways.smpp.line import BackOff, Line, SmscAddress
from prepazka.gateways.smpp.pdus import Pdu
from prepazka.gateways.smpp.sending import Job
from prepazka.gateways.smpp.session import (
    BindRole,
    Bound,
    Confirmed,
    Delivered,
    Over,
    Responded,
    SessionEvent,
    Silent,
    SmppSession,
    Terms,
)
from prepazka.gateways.smpp.settings import SmppSettings
from prepazka.gateways.values import (
    Capabilities,
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

# Heard at once, and held unanswered at most; the SMSC is told to try later with more.
_BATCH = 100
_HELD = 500
# Seconds the SMSC has to confirm our responses before we go on without.
_CONFIRMING = 1.0
# Seconds `health` may take to find out whether the SMSC is there.
_LOOK = 0.9
# Seconds until a later part of a message is tried again, when the SMSC had no time for it.
_THROTTLED = 1.0


class NotBound(ConnectionError):
    """There is no session with the SMSC, and the last try to begin one failed; says why."""


@dataclass(slots=True)
class _Held:
    """A delivery not responded to. heard: as the office has it, once it was asked for."""

    what: DeliveredMessage | Report
    at: datetime
    events: GatewayEvent | None = None


_Place = tuple[str, int]
"""A session's token and a sequence number in it."""


class Smpp:
    """One account at one SMSC. now: the clock."""

    def __init__(
        self, name: str, settings: SmppSettings, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.name = name
        # No more than can be on their way: what was begun and not answered when this process is killed is in doubt.
        self.capabilities = Capabilities(
            batch=settings.window, per_minute=settings.per_minute, receipts=settings.receipts
        )
        self._settings = settings
        self._now = now
        self._guard = threading.Condition()
        self._held: dict[_Place, _Held] = {}
        self._responded: dict[_Place, str] = {}  # and not confirmed: the ids
        self._confirmed: list[str] = []
        self._jobs: dict[_Place, Job] = {}
        self._bound_at: dict[str, float] = {}
        self._begun_at = 0.0  # the last session the journal knows of
        self._sessions: dict[str, SmppSession] = {}
        self._journal: Journal | None = None
        self._lines: dict[BindRole, Line] | None = None

    # --- what the office asks --------------------------------------------------------------------

    def send(self, messages: Sequence[Outbound]) -> Iterator[SendResult]:
        """Submit messages in order, as many at once as the window has room for."""
        jobs = [Job(message, self._settings) for message in messages]
        line = self._line("transmitter")
        with self._guard:
            self._guard.wait_for(lambda: line.bound or line.refused, self._settings.connect_timeout)
            session = line.session
            reason = line.down or "no session with the SMSC yet"
        if session is None or not session.bound:
            yield from (SendError(message.id, reason) for message in messages)
            return
        told = 0
        while told < len(jobs):
            with self._guard:
                self._submit(jobs, session, line)
                if jobs[told].answer is None:
                    self._guard.wait(self._until_retry(jobs[told:]))
            while told < len(jobs) and (answer := jobs[told].answer):
                yield answer
                told += 1

    def _submit(self, jobs: Sequence[Job], session: SmppSession, line: Line) -> None:
        """Move each message on as far as it goes now."""
        throttled = any(isinstance(job.answer, SendError) and job.answer.throttled for job in jobs)
        for job in jobs:
            if job.answer or job.next is None:
                continue
            if not session.bound:
                job.refused("the session with the SMSC has ended")
            elif throttled and not job.begun:
                job.refused("the SMSC has no time", throttled=True)
            elif job.not_before <= monotonic() and session.has_room:
                self._jobs[session.token, session.submit(monotonic(), job.next)] = job
                job.submitted()
        line.ring()

    def _until_retry(self, jobs: Sequence[Job]) -> float | None:
        """Seconds until a part that was refused for want of time is due; None when only answers are waited for."""
        due = [job.not_before for job in jobs if job.next and job.not_before > monotonic()]
        return min(due) - monotonic() if due else None

    def poll(self, wait: float) -> Sequence[GatewayEvent]:
        """Deliveries not responded to, each named once it is asked for."""
        line = self._line("receiver")
        with self._guard:
            self._guard.wait_for(lambda: bool(self._held), wait)
            batch = dict(list(self._held.items())[:_BATCH])
            if not batch and not line.bound and line.down:
                raise NotBound(line.down)
        journal = self._opened_journal()
        self._settle(journal)
        unnamed = {
            place: DeliveredBefore(held.what, place[0], held.at.timestamp())
            for place, held in batch.items()
            if held.events is None and isinstance(held.what, DeliveredMessage)
        }
        ids = dict(zip(unnamed, journal.name(list(unnamed.values())), strict=True))
        for place, held in batch.items():
            held.events = held.events or self._as_heard(held.what, held.at, ids.get(place, ""))
        return list(dict.fromkeys(held.events for held in batch.values() if held.events))

    def ack(self, events: Sequence[GatewayEvent]) -> None:
        """Respond to these deliveries; those whose session is gone will come again, and be known.

        It waits a moment for the SMSC to have got the responses, so that there is little to be in doubt about when
        this process is killed.
        """
        done = set(events)
        with self._guard:
            places = {place: held.events for place, held in self._held.items() if held.events in done}
        ids = {place: one.id for place, one in places.items() if isinstance(one, Inbound | Part)}
        journal = self._opened_journal()
        journal.responded(list(ids.values()))
        with self._guard:
            for token, sequence in places:
                session = self._sessions.get(token)
                if session and self._held.pop((token, sequence), None):
                    if name := ids.get((token, sequence)):
                        self._responded[token, sequence] = name
                    session.respond(sequence)
            for session in self._sessions.values():
                session.confirm(monotonic())
            self._ring()
            self._guard.wait_for(lambda: not self._responded.keys() & ids.keys(), _CONFIRMING)
        self._settle(journal)

    def health(self, now: datetime) -> Health:
        """Whether there is a session; of a gateway not in use, whether the SMSC can be reached."""
        where = f"{self._settings.host}:{self._settings.port}"
        with self._guard:
            lines = list(self._lines.values()) if self._lines else []
            down = [line for line in lines if not line.bound]
            if lines and not down:
                return Health("ok", f"SMPP {where}: bound, {len(self._held)} deliveries in hand")
            reasons = {line.down for line in down if line.down}
            refused = any(line.refused for line in down)
        if refused:
            return Health("error", f"SMPP {where}: {', '.join(reasons)}", "correct system_id, password and system_type")
        if reasons:
            return Health(
                "error", f"SMPP {where}: {', '.join(reasons)}", "ask the operator; it is tried again by itself"
            )
        try:
            SmscAddress(self._settings.host, self._settings.port, self._tls(), _LOOK).connect().close()
        except (OSError, ValueError) as error:  # ValueError: a name that can be no host's
            reason = getattr(error, "strerror", None) or str(error)
            return Health("error", f"SMPP {where}: {reason}", "check host, port, TLS and the firewall")
        return Health("ok", f"SMPP {where}: can be reached")

    def close(self) -> None:
        """Take leave of the SMSC."""
        for line in (self._lines or {}).values():
            line.stop()
        self._lines = None
        if self._journal:
            self._settle(self._journal)
            self._journal.close()
            self._journal = None

    # --- what happens on the lines, told with the guard held -----------------------------------------

    def _take(self, session: SmppSession, event: SessionEvent) -> None:
        match event:
            case Bound():
                self._sessions[session.token] = session
                self._bound_at[session.token] = self._now().timestamp()
            case Delivered(pdu):
                self._delivered(session, pdu)
            case Responded(sequence):
                if job := self._jobs.pop((session.token, sequence), None):
                    job.responded(event, monotonic(), _THROTTLED)
            case Silent(sequence):
                if job := self._jobs.pop((session.token, sequence), None):
                    job.silent(event)
            case Confirmed(sequences):
                for sequence in sequences:
                    if name := self._responded.pop((session.token, sequence), None):
                        self._confirmed.append(name)
            case Over():
                self._sessions.pop(session.token, None)
                self._bound_at.pop(session.token, None)
                for places in (self._held, self._responded):
                    for place in [place for place in places if place[0] == session.token]:
                        del places[place]

    def _delivered(self, session: SmppSession, pdu: Pdu) -> None:
        if len(self._held) >= _HELD:
            session.respond(pdu.sequence, consts.SMPP_ESME_RMSGQFUL)
            return
        try:
            what = read(pdu, self._settings.alphabet, self._settings.message_ids)
        except NotText as error:
            log.warning("smpp_not_text", gateway=self.name, reason=str(error))
            session.respond(pdu.sequence, consts.SMPP_ESME_RX_R_APPN)
            return
        if what is None:
            session.respond(pdu.sequence)
            return
        self._held[session.token, pdu.sequence] = _Held(what, self._now())

    def _as_heard(self, what: DeliveredMessage | Report, at: datetime, name: str) -> GatewayEvent:
        match what:
            case Report(ref, status, reason):
                return Receipt(self.name, status, at, ref=ref, reason=reason)
            case DeliveredMessage(sender, recipient, text, part):
                if part is None:
                    return Inbound(self.name, name, sender, recipient, text)
                of = (part.reference, part.total, part.number)
                return Part(self.name, name, sender, recipient, text, *of)

    # --- the lines -------------------------------------------------------------------------------

    def _line(self, for_role: BindRole) -> Line:
        """The line for one direction; both are up from the first use on."""
        with self._guard:
            if self._lines is None:
                self._lines = self._made_lines()
            for line in self._lines.values():
                line.start()
            return self._lines.get(for_role) or self._lines["transceiver"]

    def _made_lines(self) -> dict[BindRole, Line]:
        settings = self._settings
        roles: Iterable[BindRole] = ("transceiver",) if settings.bind == "transceiver" else ("transmitter", "receiver")
        address = SmscAddress(settings.host, settings.port, self._tls(), settings.connect_timeout)
        return {role: self._made_line(role, address) for role in roles}

    def _made_line(self, role: BindRole, address: SmscAddress) -> Line:
        settings = self._settings
        terms = Terms(
            role=role,
            system_id=settings.system_id,
            password=settings.password.get_secret_value(),
            system_type=settings.system_type,
            window=settings.window,
            enquire_every=settings.enquire_every,
            response_timeout=settings.response_timeout,
        )
        back_off = BackOff(settings.retry_first, settings.retry_most)
        return Line(address, terms, back_off, self._guard, self._take)

    def _tls(self) -> ssl.SSLContext | None:
        return ssl.create_default_context(cafile=self._settings.ca_file or None) if self._settings.tls else None

    def _ring(self) -> None:
        for line in (self._lines or {}).values():
            line.ring()

    def _settle(self, journal: Journal) -> None:
        """Let the journal know what the SMSC has certainly got, and when it could begin to deliver again."""
        with self._guard:
            confirmed, self._confirmed = self._confirmed, []
            bound = max(self._bound_at.values(), default=0)
        journal.confirmed(confirmed)
        if bound > self._begun_at:
            journal.begun(bound)
            self._begun_at = bound

    def _opened_journal(self) -> Journal:
        if self._journal is None:
            self._journal = Journal(self._settings, self.name)
        return self._journal
