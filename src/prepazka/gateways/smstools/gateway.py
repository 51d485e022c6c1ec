"""The gateway of one smsd of smstools3, over files in the directories of its spool.

Names and headers of received files are untrusted: the text of an SMS, and eleven characters of its sender, are the
sender's choice. A file is deleted, or renamed, only after the office has stored its content, so any kill is safe.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Literal
from zoneinfo import ZoneInfo

from prepazka.gateways.health_texts import health_of
from prepazka.gateways.smstools import outbox
from prepazka.gateways.smstools.settings import SmstoolsSettings
from prepazka.gateways.smstools.spool import File, Quiet, read, spool_files, sync
from prepazka.gateways.values import (
    Capabilities,
    GatewayEvent,
    Health,
    Inbound,
    Outbound,
    Part,
    Receipt,
    SendResult,
    fingerprint,
)
from prepazka.private_files import exposed

# A message that waits longer for the modem is an error.
_PATIENCE = timedelta(minutes=10)

# An incomplete file may still be written for so many seconds.
_WRITE_TIMEOUT = 5.0
_POLL_INTERVAL = 0.2
_BATCH = 20
_POLL_LIMIT = 200


class Smstools:
    """The modem of one smsd."""

    def __init__(
        self, name: str, settings: SmstoolsSettings, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """clock: decides what has expired, and which files are old."""
        self.name = name
        self.capabilities = Capabilities(batch=_BATCH, per_minute=settings.per_minute, idempotent=True)
        self._spool = Path(settings.spool)
        self._zone = ZoneInfo(settings.timezone)
        self._clock = clock
        self._quiet = Quiet([self._spool / name for name in ("incoming", "sent", "failed", "report")])
        self._incomplete: dict[Path, float] = {}
        self._files: dict[GatewayEvent, tuple[Path, ...]] = {}
        # Reports on no known message, such as on all parts of a long text but the last.
        self._unmatched: set[Path] = set()

    def send(self, messages: Sequence[Outbound]) -> Iterable[SendResult]:
        """Put messages into outgoing/, once for each id."""
        for message in messages:
            yield outbox.enqueue(self._spool, message, self._clock())

    def poll(self, wait: float) -> Sequence[GatewayEvent]:
        """Return received messages, and new states of sent ones. Raises: OSError."""
        until = monotonic() + wait
        while True:
            self._files = {}
            quiet = self._quiet.look(began := monotonic())
            events = [] if quiet else self._read(began)
            if events or (left := until - monotonic()) <= 0:
                return events[:_POLL_LIMIT]
            sleep(left if quiet else min(left, _POLL_INTERVAL))

    def _read(self, began: float) -> list[GatewayEvent]:
        """Read the directories, after a look at them at `began`."""
        events: list[GatewayEvent] = [*self._messages(), *self._sent(), *self._failed(), *self._reported()]
        self._quiet.was_read(began, empty=not (events or self._incomplete))
        return events

    def ack(self, events: Sequence[GatewayEvent]) -> None:
        """Delete messages and reports; mark the files of reported states. Raises: OSError."""
        for event in events:
            for path in self._files.pop(event, ()):
                if isinstance(event, Receipt) and path.parent.name in {"sent", "failed"}:
                    outbox.mark(path, ".told" if event.status == "sent" else ".done")
                else:
                    path.unlink(missing_ok=True)
        for directory in ("incoming", "sent", "failed", "report"):
            sync(self._spool / directory)

    # --- received messages --------------------------------------------------------------------

    def _messages(self) -> Iterator[Inbound | Part]:
        for file in self._complete_files("incoming"):
            if file.headers.get("alphabet", "").lower() == "binary":
                file.path.unlink(missing_ok=True)  # an MMS notice or network settings
                continue
            message = self._message(file)
            # A second copy, stored after a kill, is deleted with the first.
            self._files[message] = (*self._files.get(message, ()), file.path)
            yield message

    def _message(self, file: File) -> Inbound | Part:
        sent = self._time(file.headers.get("sent", ""))
        at = sent or datetime(1970, 1, 1, tzinfo=UTC)
        content = fingerprint(file.sender, "", at, file.text, file.headers.get("udh-data", ""))
        if part := file.part:
            return Part(
                gateway=self.name,
                id=content[:32],
                sender=file.sender,
                recipient="",
                text=file.text,
                reference=part.reference,
                total=part.total,
                number=part.number,
                sent=sent,
            )
        # The id contains the content, because smsd may use a name again.
        id_ = f"{file.path.name[:80]}-{content[:16]}"
        return Inbound(self.name, id_, file.sender, "", file.text, sent, content)

    # --- states of sent messages --------------------------------------------------------------

    def _sent(self) -> Iterator[Receipt]:
        for file, id_ in self._own_files("sent", ""):
            yield self._receipt("sent", file, id_)

    def _failed(self) -> Iterator[Receipt]:
        for file, id_ in self._own_files("failed", ""):
            reason = "".join(c for c in file.headers.get("fail_reason", "") if c.isprintable())[:100]
            yield self._receipt("failed", file, id_, reason or "smsd could not send it")

    def _reported(self) -> Iterator[Receipt]:
        """Return the network's reports, each matched with the last message of its modem, number and reference."""
        reports = list(self._complete_files("report"))
        if {report.path for report in reports} <= self._unmatched:  # a message is in sent/ before its report exists
            return
        sent: dict[tuple[str, str, str], tuple[File, str]] = {}
        for file, id_ in sorted(self._own_files("sent", "", ".told", ".done"), key=lambda found: found[0].modified_at):
            headers = file.headers
            number = headers.get("to", "").lstrip("+s")
            sent[headers.get("modem", ""), number, headers.get("message_id", "")] = file, id_
        self._unmatched = set()
        for report in reports:
            fields = dict(line.split(": ", 1) for line in report.text.splitlines() if ": " in line)
            modem, number = report.headers.get("modem", ""), report.headers.get("from", "")
            match = sent.get((modem, number, fields.get("Message_id", "")))
            status = re.match(r"\d{1,3}", fields.get("Status", ""))
            code = int(status[0]) if status else 32
            if match and not match[0].path.name.endswith(".done") and not 32 <= code < 64:
                file, id_ = match
                words = fields.get("Status", "").rpartition(",")[2].strip()[:80]
                receipt = (
                    self._receipt("delivered", report, id_)
                    if code < 32
                    else self._receipt("undelivered", report, id_, f"status {code}: {words}")
                )
                self._files[receipt] = (report.path, file.path)
                yield receipt
            elif match or self._clock() - report.modified_at > outbox.RETENTION:
                report.path.unlink(missing_ok=True)
            else:
                self._unmatched.add(report.path)

    def _receipt(
        self, status: Literal["sent", "delivered", "undelivered", "failed"], file: File, id_: str, reason: str = ""
    ) -> Receipt:
        receipt = Receipt(self.name, status, file.modified_at, id=id_, reason=reason)
        self._files[receipt] = (file.path,)
        return receipt

    # --- files --------------------------------------------------------------------------------

    def _own_files(self, directory: str, *progress: outbox.Progress) -> Iterator[tuple[File, str]]:
        return outbox.own_files(self._spool / directory, progress, self._clock())

    def _complete_files(self, directory: str) -> Iterator[File]:
        """Return the complete files in a directory, oldest first, and those incomplete for too long."""
        found = [file for path in spool_files(self._spool / directory) if (file := read(path))]
        now = monotonic()
        seen = {file.path: self._incomplete.get(file.path, now) for file in found if not file.complete}
        self._incomplete = {
            path: since for path, since in self._incomplete.items() if path.parent.name != directory
        } | seen
        for file in sorted(found, key=lambda file: (file.modified_at, file.path.name)):
            if file.complete or now - seen[file.path] >= _WRITE_TIMEOUT:
                yield file

    def _time(self, text: str) -> datetime | None:
        try:
            return datetime.strptime(text, "%y-%m-%d %H:%M:%S").replace(tzinfo=self._zone).astimezone(UTC)
        except (ValueError, OverflowError):
            return None

    # --- health -------------------------------------------------------------------------------

    def health(self, now: datetime) -> Health:
        """Report missing directories and files that wait too long: smsd gives no other sign."""
        for directory in ("incoming", "outgoing", "checked", "sent", "failed", "report", "prepazka"):
            path = self._spool / directory
            if not path.is_dir():
                return health_of("smstools_no_directory", directory=directory)
            if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
                return health_of("smstools_no_access", directory=directory)
            if exposed(path):
                return health_of("smstools_open", directory=directory, path=path)
        if reason := outbox.unwritable(self._spool):
            return health_of("smstools_unwritable", reason=reason)
        since = min(
            (path.lstat().st_mtime for one in ("outgoing", "checked") for path in self._present(one)), default=None
        )
        if since is not None and (waits := now - datetime.fromtimestamp(since, UTC)) > _PATIENCE:
            minutes = round(waits.total_seconds() / 60)
            return health_of("smstools_waiting", minutes=minutes)
        return health_of("smstools_ok")

    def forget(self, number: str | None, before: datetime) -> int:
        """Erase files of sent and failed messages: of a number, or (None) of before a moment. Raises: OSError."""
        return sum(outbox.forget(self._spool / directory, number, before) for directory in ("sent", "failed"))

    def _present(self, directory: str) -> Iterator[Path]:
        with suppress(OSError):
            yield from (path for path in spool_files(self._spool / directory) if os.path.lexists(path))

    def close(self) -> None:
        """Do nothing: no resource is held."""
