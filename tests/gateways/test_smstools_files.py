"""The smstools gateway on files: captured ones, incomplete ones, and forged ones."""

import errno
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from prepazka.gateways.smstools import Smstools, SmstoolsSettings
from prepazka.gateways.smstools import gateway as smstools_gateway
from prepazka.gateways.smstools import spool as smstools_spool
from prepazka.gateways.smstools.spool import READ_EVERY, SETTLED
from prepazka.gateways.values import GatewayEvent, Inbound, Outbound, Receipt, SendError, Sent

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
CITIZEN = "+420777123456"
DIRECTORIES = ("incoming", "outgoing", "checked", "sent", "failed", "report", "prepazka")

# As written by smsd 3.1.21, with another number.
HEAD = """From: 420777123456
From_TOA: 91 international, ISDN/telephone
From_SMSC: 420603052000
Sent: 26-08-03 08:59:30
Received: 26-08-03 09:00:00
Subject: GSM1
Modem: GSM1
IMSI: 230010000000001
IMEI: 490154203237518
Report: no
"""
MESSAGE = HEAD + "Alphabet: UTF-8\nLength: 25\n\nOBJ ZOP 10.8. 14:00 NOVAK"
REPORT = HEAD + (
    "Alphabet: UTF-8\nLength: 117\nUDH: no\n\nSMS STATUS REPORT\nMessage_id: 3\n"
    "Discharge_timestamp: 26-08-03 08:59:31\nStatus: {status}" + " " * 60
)
SENT_HEAD = (
    "To: 420777123456\nReport: yes\nAlphabet: UTF-8\nModem: GSM1\nSent: 26-08-03 08:59:30\nMessage_id: 3\n\nObjednano"
)


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    for name in DIRECTORIES:
        (tmp_path / name).mkdir()
        (tmp_path / name).chmod(0o2770)
    return tmp_path


@pytest.fixture
def gateway(spool: Path) -> Smstools:
    return Smstools("modem", SmstoolsSettings.model_validate({"spool": str(spool)}), lambda: NOW)


def written(path: Path, content: str | bytes, at: datetime = NOW) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def outbound(id_: str = "17", text: str = "Objednano", recipient: str = CITIZEN) -> Outbound:
    return Outbound(id_, "+420739547765", recipient, text, 1, NOW + timedelta(hours=4))


def new_receipts(gateway: Smstools) -> list[tuple[str, str, str]]:
    events = gateway.poll(0)
    gateway.ack(events)
    return [(one.id, one.status, one.reason) for one in events if isinstance(one, Receipt)]


def test_a_message_is_returned_until_it_is_acknowledged(spool: Path, gateway: Smstools) -> None:
    written(spool / "incoming/GSM1.nF6can", MESSAGE)
    (event,) = gateway.poll(0)
    assert isinstance(event, Inbound)
    assert (event.sender, event.recipient, event.text) == (CITIZEN, "", "OBJ ZOP 10.8. 14:00 NOVAK")
    assert event.sent == datetime(2026, 8, 3, 6, 59, 30, tzinfo=UTC)
    assert gateway.poll(0) == [event]
    gateway.ack([event])
    assert gateway.poll(0) == []
    assert list((spool / "incoming").iterdir()) == []


def test_one_name_twice_is_two_messages_and_one_message_twice_has_one_fingerprint(
    spool: Path, gateway: Smstools
) -> None:
    found = []
    for name, content in [("GSM1.a", MESSAGE), ("GSM1.a", MESSAGE.replace("NOVAK", "DVORA")), ("GSM1.b", MESSAGE)]:
        written(spool / "incoming" / name, content)
        found += [one for one in gateway.poll(0) if isinstance(one, Inbound)]
        gateway.ack(found[-1:])
    first, other, copy = found
    assert len({first.id, other.id, copy.id}) == 3
    assert first.fingerprint == copy.fingerprint != other.fingerprint


@pytest.mark.parametrize("length", [0, 10, len(HEAD), len(MESSAGE) - 1])
def test_a_file_still_being_written_is_not_returned(spool: Path, gateway: Smstools, length: int) -> None:
    path = written(spool / "incoming/GSM1.x", MESSAGE[:length])
    assert gateway.poll(0) == []
    written(path, MESSAGE)
    assert [one.text for one in gateway.poll(0) if isinstance(one, Inbound)] == ["OBJ ZOP 10.8. 14:00 NOVAK"]


def test_a_file_that_stays_incomplete_is_returned(
    spool: Path, gateway: Smstools, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smstools_gateway, "_WRITE_TIMEOUT", 0.0)
    written(spool / "incoming/GSM1.x", MESSAGE[:-1])
    assert [one.text for one in gateway.poll(0) if isinstance(one, Inbound)] == ["OBJ ZOP 10.8. 14:00 NOVA"]


@pytest.mark.parametrize(
    ("head", "sender"),
    [
        ("From: x\nFrom: 420777123456\nFrom_TOA: 91\nFrom_TOA: D0\n", "x"),
        ("From: `touch zz`\nFrom_TOA: D0 alphanumeric\n", "`touch zz`"),
        ("From: 5000\nFrom_TOA: 81 unknown\n", "5000"),
        ("From: ../../etc\nFrom_TOA: 91\n", "../../etc"),
        ("Alphabet: UTF-8\n", ""),
    ],
)
def test_headers_that_fool(spool: Path, gateway: Smstools, head: str, sender: str) -> None:
    written(spool / "incoming/GSM1.x", f"{head}\nFrom: 420602111222\n\nAhoj")
    (event,) = gateway.poll(0)
    assert isinstance(event, Inbound)
    assert (event.sender, event.text) == (sender, "From: 420602111222\n\nAhoj")


@pytest.mark.parametrize("time", ["26-02-31 08:00:00", "yesterday", "", "99999-01-01 00:00:00"])
def test_a_time_that_cannot_be_is_none(spool: Path, gateway: Smstools, time: str) -> None:
    written(spool / "incoming/GSM1.x", MESSAGE.replace("26-08-03 08:59:30", time))
    (event,) = gateway.poll(0)
    assert isinstance(event, Inbound)
    assert event.sent is None


def test_other_files_are_left_alone(spool: Path, gateway: Smstools, tmp_path: Path) -> None:
    (spool / "incoming/link").symlink_to("/etc/passwd")
    (spool / "incoming/directory").mkdir()
    os.mkfifo(spool / "incoming/fifo")
    written(spool / "incoming/GSM1-concatenated", "05 00 03 06 03 02 0791")
    written(spool / "incoming/GSM1.y.LOCK", "1")
    written(spool / "incoming/.hidden", MESSAGE)
    assert gateway.poll(0) == []


def test_bytes_of_no_encoding_and_a_binary_message(spool: Path, gateway: Smstools) -> None:
    written(spool / "incoming/a", HEAD.encode() + b"Alphabet: UTF-8\n\nAhoj \xff\x00")
    written(spool / "incoming/b", HEAD.encode() + b"Alphabet: binary\n\n\x06\x05\x04")
    assert [one.text for one in gateway.poll(0) if isinstance(one, Inbound)] == ["Ahoj �\0"]
    assert [path.name for path in (spool / "incoming").iterdir()] == ["a"]


# --- sending -----------------------------------------------------------------------------------


@pytest.mark.parametrize("directory", ["outgoing", "checked", "sent", "failed"])
@pytest.mark.parametrize("ending", ["", ".told", ".done"])
def test_a_message_smsd_has_is_not_written_again(spool: Path, gateway: Smstools, directory: str, ending: str) -> None:
    written(spool / directory / f"prepazka.17{ending}", SENT_HEAD)
    assert list(gateway.send([outbound()])) == [Sent("17")]
    assert [path.name for path in (spool / "outgoing").iterdir() if directory != "outgoing"] == []


@pytest.mark.parametrize("id_", ["../../x", "a.told", "x" * 100, "ž", "a/b", "\n", ".", "%2E"])
def test_any_id_survives_in_a_file_name(spool: Path, gateway: Smstools, id_: str) -> None:
    assert list(gateway.send([outbound(id_)])) == [Sent(id_)]
    (path,) = (spool / "outgoing").iterdir()
    written(spool / "sent" / path.name, SENT_HEAD)
    path.unlink()
    assert new_receipts(gateway) == [(id_, "sent", "")]
    assert new_receipts(gateway) == []
    assert list(gateway.send([outbound(id_)])) == [Sent(id_)]


@pytest.mark.parametrize("number", ["", "12", "T-Mobile", "+420 777", "+420777\nFlash: yes", "1" * 16, "٣٤٥٦"])
def test_an_invalid_number_is_refused(spool: Path, gateway: Smstools, number: str) -> None:
    (answer,) = gateway.send([outbound(recipient=number)])
    assert isinstance(answer, SendError)
    assert not answer.retryable
    assert list((spool / "outgoing").iterdir()) == []


def test_a_spool_that_is_away(tmp_path: Path) -> None:
    gateway = Smstools("modem", SmstoolsSettings.model_validate({"spool": str(tmp_path / "nowhere")}), lambda: NOW)
    assert list(gateway.send([outbound()])) == [
        SendError("17", "the spool of smstools cannot be written to", cause="unreachable")
    ]
    with pytest.raises(OSError, match="nowhere"):
        gateway.poll(0)
    assert gateway.health(NOW).level == "error"


# --- receipts ----------------------------------------------------------------------------------


def test_sent_and_delivered_at_once_are_both_reported(spool: Path, gateway: Smstools) -> None:
    written(spool / "sent/prepazka.17", SENT_HEAD)
    written(spool / "report/GSM1.a", REPORT.format(status="0,Ok,short message received by the SME"))
    assert new_receipts(gateway) == [("17", "sent", ""), ("17", "delivered", "")]
    assert new_receipts(gateway) == []
    assert [path.name for path in (spool / "sent").iterdir()] == ["prepazka.17.done"]
    assert list((spool / "report").iterdir()) == []


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("0,Ok,received", [("17", "delivered", "")]),
        ("32,Still trying,congestion", []),
        ("70,Failed,SM validity period expired", [("17", "undelivered", "status 70: SM validity period expired")]),
        ("quack", []),
    ],
)
def test_a_report_belongs_to_the_last_message_of_its_number_and_reference(
    spool: Path, gateway: Smstools, status: str, expected: list[tuple[str, str, str]]
) -> None:
    written(spool / "sent/prepazka.3.told", SENT_HEAD, NOW - timedelta(hours=1))
    written(spool / "sent/prepazka.17.told", SENT_HEAD)
    written(spool / "sent/prepazka.18.told", SENT_HEAD.replace("456", "457"))
    written(spool / "sent/prepazka.19.told", SENT_HEAD.replace("Message_id: 3", "Message_id: 4"))
    written(
        spool / "sent/prepazka.20.told", SENT_HEAD.replace("Modem: GSM1", "Modem: GSM2"), NOW + timedelta(minutes=1)
    )
    written(spool / "report/GSM1.a", REPORT.format(status=status))
    assert new_receipts(gateway) == expected
    assert list((spool / "report").iterdir()) == []


def test_an_unmatched_report_is_kept_for_a_week(spool: Path, gateway: Smstools) -> None:
    path = written(spool / "report/GSM1.a", REPORT.format(status="0,Ok,received"))
    assert new_receipts(gateway) == []
    assert path.exists()
    written(path, path.read_bytes(), NOW - timedelta(days=8))
    written(spool / "report/GSM1.b", REPORT.format(status="0,Ok,received"))
    assert new_receipts(gateway) == []
    assert [left.name for left in (spool / "report").iterdir()] == ["GSM1.b"]


def test_a_failure_is_reported_once_and_deleted_after_a_week(spool: Path, gateway: Smstools) -> None:
    written(spool / "failed/prepazka.17", "To: 420777123456\nFail_reason: +CMS ERROR: 38\x1b[2J\n\nx")
    assert new_receipts(gateway) == [("17", "failed", "+CMS ERROR: 38[2J")]
    assert new_receipts(gateway) == []
    written(spool / "failed/prepazka.17.done", SENT_HEAD, NOW - timedelta(days=8))
    assert new_receipts(gateway) == []
    assert list((spool / "failed").iterdir()) == []


def test_how_it_is(spool: Path, gateway: Smstools) -> None:
    assert gateway.health(NOW).level == "ok"
    written(spool / "outgoing/prepazka.17", "To: 1\n\nx", NOW - timedelta(minutes=11))
    health = gateway.health(NOW)
    assert (health.level, health.summary) == ("error", "smstools: a message waits for the modem for 11 min")
    (spool / "report").rmdir()
    assert gateway.health(NOW).summary == "smstools: there is no directory report in the spool"


@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_only_smsds_group_may_open_what_is_handed_to_it(spool: Path, gateway: Smstools, umask: int) -> None:
    """Whatever the umask, and also in the directory of drafts that the gateway makes itself."""
    (spool / "prepazka").rmdir()
    before = os.umask(umask)
    try:
        assert [type(one).__name__ for one in gateway.send([outbound("88")])] == ["Sent"]
    finally:
        os.umask(before)
    (handed,) = (spool / "outgoing").iterdir()
    assert handed.stat().st_mode & 0o7777 == 0o660
    assert handed.stat().st_gid == (spool / "outgoing").stat().st_gid
    assert (spool / "prepazka").stat().st_mode & 0o7777 == 0o2770


def test_a_spool_everybody_may_enter_is_told(spool: Path, gateway: Smstools) -> None:
    (spool / "failed").chmod(0o2775)
    health = gateway.health(NOW)
    assert (health.level, health.fix) == ("warning", f"chmod 2770 {spool / 'failed'}")


def test_a_spool_that_cannot_be_written_is_an_error_before_a_message_waits_for_it(
    spool: Path, gateway: Smstools, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    health = gateway.health(NOW)
    assert (health.level, health.name) == ("error", "smstools_unwritable")
    assert "No space left on device" in health.summary
    monkeypatch.undo()
    assert gateway.health(NOW).name == "smstools_ok"


# --- a spool at rest ----------------------------------------------------------------------------


@dataclass
class Watch:
    """A clock that is set by the test, and how often the directories were read."""

    seconds: float = 100.0
    reads: int = 0


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    watch, scan = Watch(), smstools_spool.spool_files

    def counted(directory: Path) -> list[Path]:
        watch.reads += directory.name == "incoming"
        return scan(directory)

    monkeypatch.setattr(smstools_gateway, "monotonic", lambda: watch.seconds)
    monkeypatch.setattr(smstools_gateway, "spool_files", counted)
    return watch


def rest(gateway: Smstools, watch: Watch, seconds: float) -> list[GatewayEvent]:
    """Poll twice a second for so long; return what came."""
    found: list[GatewayEvent] = []
    for _ in range(int(2 * seconds)):
        watch.seconds += 0.5
        found += gateway.poll(0)
    return found


def test_a_spool_at_rest_is_read_now_and_then_only(gateway: Smstools, watch: Watch) -> None:
    rest(gateway, watch, SETTLED + 1)
    watch.reads = 0
    rest(gateway, watch, 10 * READ_EVERY)
    assert 0 < watch.reads <= 10


@pytest.mark.parametrize("seconds", [0, 0.5, 1, SETTLED - 0.5, SETTLED, SETTLED + 0.5, READ_EVERY + 2])
def test_what_comes_in_the_moment_of_the_last_change_is_found_all_the_same(
    gateway: Smstools, spool: Path, watch: Watch, seconds: float
) -> None:
    """File systems keep the times of directories coarsely: a second file may leave the time as it was."""
    rest(gateway, watch, 2 * SETTLED)
    written(spool / "incoming" / "GSM1.a", MESSAGE)
    gateway.ack(rest(gateway, watch, 1))
    moment = (spool / "incoming").stat()
    assert rest(gateway, watch, seconds) == []
    written(spool / "incoming" / "GSM1.b", MESSAGE.replace("NOVAK", "DVORAK"))
    if seconds < 2:  # as coarse as any
        os.utime(spool / "incoming", ns=(moment.st_atime_ns, moment.st_mtime_ns))
    (message,) = rest(gateway, watch, 0.5)
    assert isinstance(message, Inbound)
    assert message.text.endswith("DVORAK")


def test_what_is_not_acknowledged_is_returned_again_and_again(gateway: Smstools, spool: Path, watch: Watch) -> None:
    rest(gateway, watch, 2 * SETTLED)
    written(spool / "incoming" / "GSM1.a", MESSAGE)
    assert len(rest(gateway, watch, 2 * SETTLED)) == 4 * SETTLED


def test_a_file_that_is_still_written_is_read_when_it_is_whole(gateway: Smstools, spool: Path, watch: Watch) -> None:
    rest(gateway, watch, 2 * SETTLED)
    half = written(spool / "incoming" / "GSM1.a", MESSAGE[:-5])
    assert rest(gateway, watch, 1) == []
    with half.open("a") as file:
        file.write(MESSAGE[-5:])
    (message,) = rest(gateway, watch, 0.5)
    assert isinstance(message, Inbound)


def test_a_file_written_on_without_a_sign_is_read_in_the_end(gateway: Smstools, spool: Path, watch: Watch) -> None:
    empty = spool / "incoming" / "GSM1.a"
    (spool / "incoming" / ".GSM1.a").touch()
    rest(gateway, watch, 2 * SETTLED)
    before = (spool / "incoming").stat()
    (spool / "incoming" / ".GSM1.a").rename(empty)
    empty.write_text(MESSAGE, "utf-8")
    os.utime(spool / "incoming", ns=(before.st_atime_ns, before.st_mtime_ns))  # the time of a network's file system
    assert len(rest(gateway, watch, READ_EVERY)) > 0
