"""The gateway of one modem of ModemManager.

A received message is deleted from the modem only after the office has stored it. ModemManager joins long messages, and
keeps a network's report as a message of its own, which names the sent one by its number and a reference from 0 to 255.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Final, Literal

from prepazka.gateways.health_texts import health_of
from prepazka.gateways.modemmanager.commands import Mmcli, NoAnswer, NotRun, Refused, Sms
from prepazka.gateways.modemmanager.settings import ModemManagerSettings
from prepazka.gateways.values import (
    Capabilities,
    GatewayEvent,
    Health,
    Inbound,
    LostAnswer,
    Outbound,
    Receipt,
    SendError,
    SendResult,
    Sent,
    fingerprint,
    storable_text,
)

# A message whose parts have not all come for so long is told.
PATIENCE: Final = timedelta(minutes=30)
# A sent message is deleted from ModemManager's list when no report came for so long.
KEPT: Final = timedelta(days=3)
_POLL_LIMIT = 100


class ModemFault(OSError):
    """The modem cannot be asked."""


class ModemManager:
    """The modem."""

    def __init__(
        self, name: str, settings: ModemManagerSettings, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """clock: decides when to ask again, and what is old."""
        self.name = name
        self.capabilities = Capabilities(per_minute=settings.per_minute, receipts=settings.receipts)
        self._mmcli = Mmcli(settings.program, settings.modem)
        self._every = timedelta(seconds=settings.poll_seconds)
        self._clock = clock
        self._due: datetime | None = None
        self._closed = Event()
        self._first_seen: dict[str, datetime] = {}
        self._sent: dict[str, Sms] = {}
        self._incomplete: set[str] = set()
        self._paths: dict[GatewayEvent, tuple[str, ...]] = {}

    # --- sending ------------------------------------------------------------------------------

    def send(self, messages: Sequence[Outbound]) -> Iterator[SendResult]:
        """Send messages one by one."""
        for message in messages:
            yield self._send_one(message)

    def _send_one(self, message: Outbound) -> SendResult:
        try:
            path = self._mmcli.create(message.recipient, message.text, report=self.capabilities.receipts)
        except (Refused, NotRun, NoAnswer) as error:  # it may have been made, but it was not sent
            return SendError(message.id, str(error), cause="unreachable")
        try:
            self._mmcli.send(path)
        except Refused as error:
            return self._refused(message, path, str(error))
        except (NoAnswer, NotRun) as error:
            if not self._was_sent(path):
                return LostAnswer(message.id, str(error))
        try:
            sent = self._mmcli.message(path)
        except (Refused, NotRun, NoAnswer):  # sent, but its report will find nothing
            return Sent(message.id)
        self._sent[path] = sent
        return Sent(message.id, (_ref(sent),))

    def _refused(self, message: Outbound, path: str, reason: str) -> SendResult:
        """Return the result of a message the modem refused, and delete it: another attempt makes a new one."""
        self._delete(path)
        if "Timeout" in reason or "NoReply" in reason:
            return LostAnswer(message.id, reason)
        if message.parts > 1:  # the first parts may be on their way
            return LostAnswer(message.id, reason, cause="partly")
        return SendError(message.id, reason)

    def _was_sent(self, path: str) -> bool:
        try:
            return self._mmcli.message(path).state == "sent"
        except (Refused, NotRun, NoAnswer):
            return False

    # --- receiving ----------------------------------------------------------------------------

    def poll(self, wait: float) -> Sequence[GatewayEvent]:
        """Return received messages and reports. Raises: ModemFault."""
        now = self._clock()
        if self._due and now < self._due:
            self._closed.wait(min(wait, (self._due - now).total_seconds()))
            return ()
        self._due = now + self._every
        try:
            events = list(self._events(now))
        except (Refused, NotRun, NoAnswer) as error:
            raise ModemFault(str(error)) from None
        return events[:_POLL_LIMIT]

    def _events(self, now: datetime) -> Iterator[GatewayEvent]:
        paths = self._mmcli.messages()
        self._forget(set(paths))
        self._paths = {}
        reports = []
        for path in sorted(paths, key=_place):
            if path in self._sent:
                continue
            try:
                sms = self._mmcli.message(path)
            except Refused:  # deleted since the list was made
                continue
            self._first_seen.setdefault(path, now)
            match sms.kind, sms.state:
                case "submit", _:
                    self._keep_sent(sms)
                case "status-report", _:
                    reports.append(sms)
                case _, "received" if sms.number and sms.text:
                    yield self._noted(self._inbound(sms), path)
                case _, "received":  # an MMS notice or network settings, which have no text
                    self._delete(path)
                case _, "receiving":
                    self._incomplete.add(path)
                case _:
                    pass
        for report in reports:
            yield from self._receipt(report, now)
        self._drop_old(now)

    def _inbound(self, sms: Sms) -> Inbound:
        number, text, sent = storable_text(sms.number), storable_text(sms.text), _time(sms.time)
        if sent is None:
            hashed = hashlib.sha256("\0".join([sms.path, sms.time, number, text]).encode()).hexdigest()
            return Inbound(self.name, f"sms-{hashed[:32]}", number, "", text)
        content = fingerprint(number, "", sent, text)
        return Inbound(self.name, f"sms-{content[:32]}", number, "", text, sent, content)

    def _receipt(self, report: Sms, now: datetime) -> Iterator[Receipt]:
        """Return the receipt of the last message to that number with that reference."""
        status = _status(report.delivery)
        of = [
            sent
            for sent in self._sent.values()
            if sent.reference == report.reference and sent.number.lstrip("+") == report.number.lstrip("+")
        ]
        if status is None or not of:  # still trying, or of a message from before ModemManager's start
            self._delete(report.path)
            return
        sent = max(of, key=lambda one: _place(one.path))
        reason = "" if status == "delivered" else report.delivery[:80]
        receipt = Receipt(self.name, status, _time(report.discharged) or now, ref=_ref(sent), reason=reason)
        done = (report.path,) if status == "sent" else (report.path, sent.path)
        self._paths[receipt] = (*self._paths.get(receipt, ()), *done)
        yield receipt

    def _noted(self, event: Inbound, path: str) -> Inbound:
        # A copy of a message is deleted with the message.
        self._paths[event] = (*self._paths.get(event, ()), path)
        return event

    def ack(self, events: Iterable[GatewayEvent]) -> None:
        """Delete what is stored. What cannot be deleted comes again under the same id."""
        for event in events:
            for path in self._paths.pop(event, ()):
                self._delete(path)
        self._due = None

    def _delete(self, path: str) -> None:
        try:
            self._mmcli.delete(path)
        except (Refused, NotRun, NoAnswer):
            return
        self._sent.pop(path, None)

    def forget(self, number: str | None, before: datetime) -> int:
        """Delete what was sent to a number; return how many. Older messages are deleted as they age, by `poll`.

        Raises: ModemFault.
        """
        if number is None:
            return 0
        try:
            kept = [self._mmcli.message(path) for path in self._mmcli.messages()]
            done = [sms for sms in kept if sms.kind == "submit" and sms.state == "sent" and sms.number == number]
            for sms in done:
                self._mmcli.delete(sms.path)
        except (Refused, NotRun, NoAnswer) as error:
            raise ModemFault(str(error)) from None
        return len(done)

    def _keep_sent(self, sms: Sms) -> None:
        if sms.state == "sent":
            self._sent[sms.path] = sms

    def _drop_old(self, now: datetime) -> None:
        for path in [path for path in self._sent if now - self._first_seen.setdefault(path, now) > KEPT]:
            self._delete(path)

    def _forget(self, present: set[str]) -> None:
        """Forget what is not in the list any more: a path is used again after a start of ModemManager."""
        self._first_seen = {path: seen for path, seen in self._first_seen.items() if path in present}
        self._sent = {path: sms for path, sms in self._sent.items() if path in present}
        self._incomplete = set()

    # --- health -------------------------------------------------------------------------------

    def health(self, now: datetime) -> Health:
        """Report the modem's state; ModemManager answers it without asking the modem."""
        try:
            modem = self._mmcli.state()
        except NotRun as error:
            return health_of("modem_no_program", reason=error)
        except Refused as error:
            return health_of("modem_gone", reason=error)
        except NoAnswer as error:
            return health_of("modem_no_answer", reason=error)
        return self._described(modem, now)

    def _described(self, modem: object, now: datetime) -> Health:
        generic, network = _table(modem, "generic"), _table(modem, "3gpp")
        state, lock = str(generic.get("state", "")), str(generic.get("unlock-required", ""))
        if state == "locked" or lock in {"sim-pin", "sim-puk"}:
            return health_of("modem_locked", lock=lock)
        if state == "failed":
            return health_of("modem_failed", reason=generic.get("state-failed-reason", "?"))
        if state in {"disabled", "disabling", "enabling", "initializing"}:
            return health_of("modem_disabled", state=state)
        try:
            self._mmcli.messages()
        except (Refused, NotRun, NoAnswer) as error:
            return health_of("modem_no_sms", reason=error)
        if state in {"enabled", "searching"}:
            return health_of("modem_no_network", state=state)
        if late := sum(now - self._first_seen.get(path, now) > PATIENCE for path in self._incomplete):
            return health_of("modem_incomplete", count=late)
        signal = _table(generic, "signal-quality").get("value", "?")
        return health_of("modem_ok", network=network.get("operator-name", "?"), signal=signal)

    def close(self) -> None:
        """End a waiting `poll`."""
        self._closed.set()


def _ref(sms: Sms) -> str:
    """Return a name for a sent message: its path alone is used again after a start of ModemManager."""
    content = "\0".join([sms.path, sms.reference, sms.number, sms.text])
    return f"{sms.path.rpartition('/')[2]}-{hashlib.sha256(content.encode('utf-8', 'replace')).hexdigest()[:24]}"


def _place(path: str) -> int:
    number = path.rpartition("/")[2]
    return int(number) if number.isascii() and number.isdecimal() else 0


def _table(table: object, name: str) -> dict[str, object]:
    found = table.get(name) if isinstance(table, dict) else None
    return found if isinstance(found, dict) else {}


def _time(text: str) -> datetime | None:
    """Return a network's time; ModemManager writes offsets as +02 where they are whole hours."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time.astimezone(UTC) if time.tzinfo else None


def _status(word: str) -> Literal["sent", "delivered", "undelivered"] | None:
    """Return what a delivery state says, None while the network still tries."""
    match word:
        case "completed-received":
            return "delivered"
        case "completed-forwarded-unconfirmed" | "completed-replaced-by-sc":
            return "sent"
        case _ if word.startswith(("error-", "temporary-fatal-error-")):
            return "undelivered"
        case _:
            return None
