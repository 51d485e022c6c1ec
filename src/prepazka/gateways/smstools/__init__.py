"""A SIM in a modem, by smstools3: we exchange files with its smsd in the directories of its spool.

Every file is complete before we read it and before smsd sees it, and nothing in a name or a header is believed: the
text of an SMS, and eleven characters of its sender, are anybody's. Our id is in the name of each file we give, and what
was told of a message is in the ending its name then gets, so that both survive any kill.
"""

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Literal
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo

from prepazka.gateways.parts import CAPACITY, ESCAPE, gsm_encode, is_gsm
from prepazka.gateways.smstools.settings import SmstoolsSettings
from prepazka.gateways.smstools.spool import File, modified, paths, read, sync
from prepazka.gateways.values import (
    Capabilities,
    GatewayEvent,
    Health,
    Inbound,
    LostAnswer,
    Outbound,
    Part,
    Receipt,
    SendError,
    SendResult,
    Sent,
    fingerprint,
)

__all__ = ["Smstools", "SmstoolsSettings"]

# What waits longer to be taken waits too long; what is done with is kept so long, to know a second try by it.
_PATIENCE = timedelta(minutes=10)
_KEPT = timedelta(days=7)

# A file that lacks something is one still being written, for so many seconds.
_WRITING = 5.0
_LOOK_EVERY = 0.2
_BATCH = 20
_HEARD = 200

_OURS = re.compile(r"prepazka\.([^.]+)(\.told|\.done)?")
_NAME_LIMIT = 200


class Smstools:
    """The modem of one smsd."""

    def __init__(
        self, name: str, settings: SmstoolsSettings, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """clock: tells what has expired, and what is kept no longer."""
        self.name = name
        self.capabilities = Capabilities(batch=_BATCH, per_minute=settings.per_minute, idempotent=True)
        self._spool = Path(settings.spool)
        self._zone = ZoneInfo(settings.timezone)
        self._clock = clock
        self._incomplete: dict[Path, float] = {}
        self._files: dict[GatewayEvent, tuple[Path, ...]] = {}
        # Reports of nothing we know, such as of all parts of a long text but the last.
        self._strange: set[Path] = set()

    # --- sending ------------------------------------------------------------------------------

    def send(self, messages: Sequence[Outbound]) -> Iterable[SendResult]:
        """Put messages into outgoing/, each once however often it is given."""
        for message in messages:
            name = f"prepazka.{_quoted(message.id)}"
            number = _to(message.recipient)
            if number is None or len(name) > _NAME_LIMIT:
                yield SendError(message.id, "not a number an SMS can be sent to", retryable=False)
            elif self._known(name):
                yield Sent(message.id)
            elif message.expires <= self._clock():
                yield SendError(message.id, "expired", retryable=False)
            else:
                yield self._give(message, name, number)

    def _known(self, name: str) -> bool:
        """In the order in which smsd moves files on, so that one on its way is not missed."""
        return any(
            os.path.lexists(self._spool / directory / f"{name}{told}")
            for directory in ("outgoing", "checked", "sent", "failed")
            for told in ("", ".told", ".done")
        )

    def _give(self, message: Outbound, name: str, number: str) -> SendResult:
        alphabet, body = (
            ("UTF-8", message.text.encode())
            if _fits_gsm(message.text)
            else ("UCS", message.text.encode("utf-16-be", "surrogatepass"))
        )
        content = f"To: {number}\nReport: yes\nAlphabet: {alphabet}\n\n".encode() + body
        draft = self._spool / "prepazka" / name
        try:
            draft.parent.mkdir(exist_ok=True)
            with draft.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            return SendError(message.id, "the spool of smstools cannot be written to")
        try:
            draft.rename(self._spool / "outgoing" / name)
            sync(self._spool / "outgoing")
        except OSError:
            return LostAnswer(message.id, "the spool of smstools failed")
        return Sent(message.id)

    # --- hearing ------------------------------------------------------------------------------

    def poll(self, wait: float) -> Sequence[GatewayEvent]:
        """What has come into incoming/, and what became of what was given. Raises: OSError."""
        until = monotonic() + wait
        while True:
            self._files = {}
            events: list[GatewayEvent] = [*self._came(), *self._sent(), *self._failed(), *self._reported()]
            if events or (left := until - monotonic()) <= 0:
                return events[:_HEARD]
            sleep(min(left, _LOOK_EVERY))

    def ack(self, events: Sequence[GatewayEvent]) -> None:
        """Delete messages and reports; mark what was told. Raises: OSError."""
        for one in events:
            for path in self._files.pop(one, ()):
                if isinstance(one, Receipt) and path.parent.name in {"sent", "failed"}:
                    _mark(path, ".told" if one.status == "sent" else ".done")
                else:
                    path.unlink(missing_ok=True)
        for directory in ("incoming", "sent", "failed", "report"):
            sync(self._spool / directory)

    def _came(self) -> Iterator[Inbound | Part]:
        for file in self._read("incoming"):
            if file.headers.get("alphabet", "").lower() == "binary":
                file.path.unlink(missing_ok=True)  # a notice of an MMS, settings of the network: not for people
                continue
            message = self._message(file)
            # A second copy, stored after a kill, goes with the first.
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
        # With the content, because names may come again.
        id_ = f"{file.path.name[:80]}-{content[:16]}"
        return Inbound(self.name, id_, file.sender, "", file.text, sent, content)

    def _sent(self) -> Iterator[Receipt]:
        for file, id_ in self._given("sent", ("",)):
            yield self._receipt("sent", file, id_)

    def _failed(self) -> Iterator[Receipt]:
        for file, id_ in self._given("failed", ("",)):
            reason = "".join(c for c in file.headers.get("fail_reason", "") if c.isprintable())[:100]
            yield self._receipt("failed", file, id_, reason or "smsd could not send it")

    def _reported(self) -> Iterator[Receipt]:
        """Reports of the network, by modem, number and reference of what was sent last under these."""
        reports = list(self._read("report"))
        if {report.path for report in reports} <= self._strange:  # a message is in sent/ before its report is here
            return
        sent: dict[tuple[str, str, str], tuple[File, str]] = {}
        for file, id_ in sorted(self._given("sent", ("", ".told", ".done")), key=lambda given: given[0].modified):
            said = file.headers
            sent[said.get("modem", ""), said.get("to", "").lstrip("+s"), said.get("message_id", "")] = file, id_
        self._strange = set()
        for report in reports:
            said = dict(line.split(": ", 1) for line in report.text.splitlines() if ": " in line)
            modem, number = report.headers.get("modem", ""), report.headers.get("from", "")
            known = sent.get((modem, number, said.get("Message_id", "")))
            status = re.match(r"\d{1,3}", said.get("Status", ""))
            code = int(status[0]) if status else 32
            if known and not known[0].path.name.endswith(".done") and not 32 <= code < 64:
                file, id_ = known
                words = said.get("Status", "").rpartition(",")[2].strip()[:80]
                receipt = (
                    self._receipt("delivered", report, id_)
                    if code < 32
                    else self._receipt("undelivered", report, id_, f"status {code}: {words}")
                )
                self._files[receipt] = (report.path, file.path)
                yield receipt
            elif known or self._clock() - report.modified > _KEPT:
                report.path.unlink(missing_ok=True)
            else:
                self._strange.add(report.path)

    def _receipt(
        self, status: Literal["sent", "delivered", "undelivered", "failed"], file: File, id_: str, reason: str = ""
    ) -> Receipt:
        receipt = Receipt(self.name, status, file.modified, id=id_, reason=reason)
        self._files[receipt] = (file.path,)
        return receipt

    def _given(self, directory: str, told: Collection[str]) -> Iterator[tuple[File, str]]:
        """Our files there with our ids, of which so much was told; those done with long ago are deleted."""
        for path in paths(self._spool / directory):
            ours = _OURS.fullmatch(path.name)
            if not ours:
                continue
            if (at := modified(path)) and self._clock() - at > _KEPT:
                path.unlink(missing_ok=True)
            elif (ours[2] or "") in told and (file := read(path)):
                yield file, unquote(ours[1])

    def _read(self, directory: str) -> Iterator[File]:
        """The whole files there, oldest first."""
        found = [file for path in paths(self._spool / directory) if (file := read(path))]
        now = monotonic()
        seen = {file.path: self._incomplete.get(file.path, now) for file in found if not file.whole}
        self._incomplete = {
            path: since for path, since in self._incomplete.items() if path.parent.name != directory
        } | seen
        for file in sorted(found, key=lambda file: (file.modified, file.path.name)):
            if file.whole or now - seen[file.path] >= _WRITING:
                yield file

    def _time(self, text: str) -> datetime | None:
        try:
            return datetime.strptime(text, "%y-%m-%d %H:%M:%S").replace(tzinfo=self._zone).astimezone(UTC)
        except (ValueError, OverflowError):
            return None

    # --- how it is ----------------------------------------------------------------------------

    def health(self, now: datetime) -> Health:
        """By its directories, and by how long files wait in them: smsd says no more of itself."""
        for directory in ("incoming", "outgoing", "checked", "sent", "failed", "report", "prepazka"):
            path = self._spool / directory
            if not path.is_dir():
                return Health("error", f"smstools: there is no directory {directory} in the spool", "make it")
            if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
                return Health("error", f"smstools: no access to {directory}", "join the group of smsd: see the docs")
        since = min(
            (path.lstat().st_mtime for one in ("outgoing", "checked") for path in self._present(one)), default=None
        )
        if since is not None and (waits := now - datetime.fromtimestamp(since, UTC)) > _PATIENCE:
            minutes = round(waits.total_seconds() / 60)
            return Health(
                "error",
                f"smstools: a message waits for the modem for {minutes} min",
                "systemctl restart smstools; if that does not help, plug the modem in again and look at its log",
            )
        return Health("ok", "smstools: nothing waits for the modem")

    def _present(self, directory: str) -> Iterator[Path]:
        with suppress(OSError):
            yield from (path for path in paths(self._spool / directory) if os.path.lexists(path))

    def close(self) -> None:
        """It holds nothing."""


def _mark(path: Path, ending: str) -> None:
    """Note what was told of a message in the name of its file, which may have been noted before."""
    name = path.name.removesuffix(".told")
    for before in ("", ".told"):
        with suppress(FileNotFoundError):
            path.with_name(name + before).rename(path.with_name(name + ending))
            return


def _fits_gsm(text: str) -> bool:
    """Whether smsd may send it in GSM 03.38: it would cut a longer text between a character's two septets."""
    if not is_gsm(text):
        return False
    septets = gsm_encode(text)
    whole, each = CAPACITY["gsm"]
    return len(septets) <= whole or all(last != ESCAPE for last in septets[each - 1 : -1 : each])


def _quoted(id_: str) -> str:
    """An id as part of a file's name: no slash, no dot."""
    return quote(id_, safe="").replace(".", "%2E")


def _to(recipient: str) -> str | None:
    """A number as smsd wants it: international without +, short ones with an s; None for what is no number."""
    if not re.fullmatch(r"\+?[0-9]{3,15}", recipient):
        return None
    digits = recipient.removeprefix("+")
    return f"s{digits}" if len(digits) < 7 else digits
