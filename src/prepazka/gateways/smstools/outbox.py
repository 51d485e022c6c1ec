"""Messages for smsd: one file in outgoing/ for each, named by our id.

The file is complete before smsd sees it. Its name survives in sent/ or failed/, where an ending notes which states of
the message have been reported: none, ".told" after "sent", ".done" after the final one.
"""

import os
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import quote, unquote

from prepazka.gateways.parts import CAPACITY, ESCAPE, gsm_encode, is_gsm
from prepazka.gateways.smstools.spool import File, modified_at, read, spool_files, sync
from prepazka.gateways.values import LostAnswer, Outbound, SendError, SendResult, Sent
from prepazka.private_files import SHARED

RETENTION = timedelta(days=7)
"""Files are kept for so long, so that a second attempt finds the first."""

Progress = Literal["", ".told", ".done"]
"""The ending of a file's name: which states have been reported."""

_OURS = re.compile(r"prepazka\.([^.]+)(\.told|\.done)?")
_NAME_LIMIT = 200


def enqueue(spool: Path, message: Outbound, now: datetime) -> SendResult:
    """Put a message into outgoing/, once for each id."""
    name = f"prepazka.{_quoted(message.id)}"
    number = _address(message.recipient)
    if number is None or len(name) > _NAME_LIMIT:
        return SendError(message.id, "not a number an SMS can be sent to", retryable=False, cause="number")
    if _exists(spool, name):
        return Sent(message.id)
    if message.expires <= now:
        return SendError(message.id, "expired", retryable=False, cause="late")
    return _write(spool, name, number, message)


def _exists(spool: Path, name: str) -> bool:
    """Look in the order in which smsd moves files, so that none is missed on its way."""
    return any(
        os.path.lexists(spool / directory / f"{name}{progress}")
        for directory in ("outgoing", "checked", "sent", "failed")
        for progress in ("", ".told", ".done")
    )


def _write(spool: Path, name: str, number: str, message: Outbound) -> SendResult:
    alphabet, body = (
        ("UTF-8", message.text.encode())
        if _fits_gsm(message.text)
        else ("UCS", message.text.encode("utf-16-be", "surrogatepass"))
    )
    content = f"To: {number}\nReport: yes\nAlphabet: {alphabet}\n\n".encode() + body
    draft = spool / "prepazka" / name
    try:
        _share(draft.parent, spool)
        with draft.open("wb") as file:
            _hand_over(file.fileno(), spool)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        return SendError(message.id, "the spool of smstools cannot be written to", cause="unreachable")
    try:
        draft.rename(spool / "outgoing" / name)
        sync(spool / "outgoing")
    except OSError:
        return LostAnswer(message.id, "the spool of smstools failed")
    return Sent(message.id)


# docs/spec/delivery.md §7: "within a minute it is known that its journal or spool cannot be written"
def unwritable(spool: Path) -> str:
    """Return why no draft can be written, such as a full disk; "" when one can."""
    probe = spool / "prepazka" / f".probe-{os.getpid()}"
    try:
        with probe.open("wb") as file:
            file.write(b"probe")
            file.flush()
            os.fsync(file.fileno())
        probe.unlink()
    except OSError as error:
        return error.strerror or type(error).__name__
    return ""


def _share(directory: Path, spool: Path) -> None:
    """Make the directory of drafts, unless it is there, for smsd's group and nobody else."""
    if not directory.exists():
        directory.mkdir()
        _hand_over(directory, spool, SHARED)


def _hand_over(file: int | Path, spool: Path, mode: int = 0o660) -> None:
    """Give a file of ours to smsd's group, which is that of outgoing/, and close it to others, whatever the umask.

    Where this process is not in that group, the file keeps its own: smsd may still run as this user.
    """
    with suppress(PermissionError):
        os.chown(file, -1, (spool / "outgoing").stat().st_gid)
    os.chmod(file, mode)  # noqa: PTH101 -- a descriptor has no other


def own_files(directory: Path, progress: Collection[Progress], now: datetime) -> Iterator[tuple[File, str]]:
    """Return our files in sent/ or failed/ with our ids, those with one of these endings; delete old ones."""
    for path in spool_files(directory):
        own = _OURS.fullmatch(path.name)
        if not own:
            continue
        if (at := modified_at(path)) and now - at > RETENTION:
            path.unlink(missing_ok=True)
        elif (own[2] or "") in progress and (file := read(path)):
            yield file, unquote(own[1])


def forget(directory: Path, number: str | None, before: datetime) -> int:
    """Delete our files of messages to a number, or (None) written before a moment; return how many."""
    gone = []
    for path in spool_files(directory):
        if not _OURS.fullmatch(path.name):
            continue
        if number is None:
            at = modified_at(path)
            wanted = at is not None and at < before
        else:
            file = read(path)
            wanted = file is not None and file.headers.get("to", "") == number.removeprefix("+")
        if wanted:
            path.unlink(missing_ok=True)
            gone.append(path)
    return len(gone)


def mark(path: Path, progress: Progress) -> None:
    """Note in a file's name which states have been reported; the name may have an ending already."""
    name = path.name.removesuffix(".told")
    for before in ("", ".told"):
        with suppress(FileNotFoundError):
            path.with_name(name + before).rename(path.with_name(name + progress))
            return


def _fits_gsm(text: str) -> bool:
    """Return whether smsd may send it in GSM 03.38: it would split the two septets of one character between parts."""
    if not is_gsm(text):
        return False
    septets = gsm_encode(text)
    whole, each = CAPACITY["gsm"]
    return len(septets) <= whole or all(last != ESCAPE for last in septets[each - 1 : -1 : each])


def _quoted(id_: str) -> str:
    """Return an id as a part of a file's name, without slashes and dots."""
    return quote(id_, safe="").replace(".", "%2E")


def _address(recipient: str) -> str | None:
    """Return a number as smsd expects it: international without +, a short one with an s; None for anything else."""
    if not re.fullmatch(r"\+?[0-9]{3,15}", recipient):
        return None
    digits = recipient.removeprefix("+")
    return f"s{digits}" if len(digits) < 7 else digits
