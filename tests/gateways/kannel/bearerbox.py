"""The real bearerbox, configured as in docs/gateways.md, and the phones behind its fake SMS centre."""

import contextlib
import re
import signal
import socket
import sqlite3
import subprocess
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote_to_bytes

from prepazka.gateways.kannel import KannelSettings, status
from tests.ports import free_port
from tests.waiting import DEADLINE, until

_LINE = re.compile(rb"\S+ (?P<phone>\S+) (?:udh (?P<header>\S+) )?(?P<kind>text|data|ucs-2) (?P<payload>.*)", re.DOTALL)
MANUAL = Path(__file__).parents[3] / "docs" / "gateways.md"
_FAKE = """group = smsc
smsc = fake
smsc-id = gsm
port = {port}
connect-allow-ip = 127.0.0.1
"""


def manual_configuration(name: str = "kannel.conf") -> str:
    """Return a configuration printed for operators."""
    found = re.search(rf"^```{re.escape(name)}\n(.*?)^```", MANUAL.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert found, f"docs/gateways.md has no {name}"
    return found[1]


def manual_modem(name: str, device: Path, number: str) -> str:
    """Return the printed group of a modem; one with another name also gets its own route."""
    printed = manual_configuration()
    group = printed[printed.rindex("group = smsc\n") : printed.rindex("group = modems\n")]
    route = "" if name == "gsm" else f"group = smsbox-route\nsmsbox-id = {name}\nsmsc-id = {name}\n\n"
    changed = re.sub(r"smsc-id = gsm", f"smsc-id = {name}", group)
    return route + changed.replace("/dev/ttyUSB0", str(device)).replace("+420739547765", number)


def manual_modem_kind() -> str:
    """Return the printed group of a modem's type."""
    printed = manual_configuration()
    return printed[printed.rindex("group = modems\n") :]


def manual_smpp(name: str, port: int) -> str:
    """Return the printed groups of an SMPP centre."""
    printed = re.sub(r"(smsc-id|smsbox-id) = operator", rf"\1 = {name}", manual_configuration("kannel-smpp.conf"))
    return printed.replace("smpp.operator.example", "127.0.0.1").replace("2775", str(port)) + "\n"


def manual_table() -> str:
    """Return the printed statement that creates the table of reports."""
    found = re.search(r"CREATE TABLE dlr \([^)]*\)", MANUAL.read_text("utf-8"))
    assert found, "docs/gateways.md does not make the table of reports"
    return " ".join(found[0].split())


class Bearerbox:
    """One bearerbox, which may be killed and started again, and keeps its store."""

    def __init__(self, directory: Path, networks: str = "") -> None:
        """networks: the groups of its SMS centres; the fake one by default."""
        self.admin, self.boxes, self.centre = free_port(), free_port(), free_port()
        self.configuration = directory / "kannel.conf"
        self._process: subprocess.Popen[bytes] | None = None
        self.log = directory / "bearerbox.log"
        self.store = directory / "store"
        self.store.mkdir()
        with sqlite3.connect(directory / "reports.db") as reports:
            reports.execute(manual_table())
        reports.close()
        printed = manual_configuration()
        ours = (
            printed[: printed.rindex("group = smsc\n")]
            .replace("13000", str(self.admin))
            .replace("13001", str(self.boxes))
            .replace("/var/log/kannel", str(directory))
            .replace("/var/spool/kannel", str(directory))
        )
        self.configuration.write_text(ours + (networks or _FAKE.format(port=self.centre)))

    def settings(self, **others: object) -> KannelSettings:
        """Return the settings an operator would enter."""
        return KannelSettings.model_validate(
            {"port": self.boxes, "status_port": self.admin, "status_password": "change-me-too", **others}
        )

    def start(self) -> None:
        self._process = subprocess.Popen(
            ["/usr/sbin/bearerbox", "-v", "4", str(self.configuration)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until(self._ready, f"bearerbox is ready; see {self.log}")

    def kill(self) -> None:
        """Send SIGKILL."""
        assert self._process
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._process = None

    def close(self) -> None:
        if self._process:
            self.kill()

    def status(self) -> status.Status:
        return status.fetch_status("127.0.0.1", self.admin, "change-me-too", 5)

    def received(self) -> int:
        """Return the number of messages received from phones, and so stored, since the start."""
        page = status.fetch_page("127.0.0.1", self.admin, "change-me-too", 5)
        found = re.search(rb"<sms>\s*<received><total>(\d+)", page)
        assert found
        return int(found[1])

    def _ready(self) -> bool:
        assert self._process
        assert self._process.poll() is None, f"bearerbox ended; see {self.log}"
        try:
            return self.status().running
        except status.UnreadableStatus:
            return False


class Phones:
    """The phones of a town at bearerbox's fake SMS centre; records the texts that reach them, in order."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None
        self._got: list[tuple[str, str]] = []
        self._parts: dict[tuple[str, bytes], dict[int, str]] = defaultdict(dict)
        self._changed = threading.Condition()

    def connect(self) -> None:
        """Connect as soon as bearerbox is running; also after it was killed."""
        self.close()
        self._socket = until(self._connected, "bearerbox's fake SMS centre listens")
        threading.Thread(target=self._read, args=(self._socket,), daemon=True).start()

    def text(self, sender: str, recipient: str, text: str) -> None:
        assert self._socket
        self._socket.sendall(f"{sender} {recipient} text {text}\n".encode())

    def raw(self, line: bytes) -> None:
        """Send a line in the fake centre's format: from, to, kind (text, data or udh), payload."""
        assert self._socket
        self._socket.sendall(line + b"\n")

    def received(self) -> list[tuple[str, str]]:
        """Return the texts that reached phones, in order: (phone, text), long ones joined."""
        with self._changed:
            return list(self._got)

    def got(self) -> dict[str, list[str]]:
        """Return the texts by phone."""
        got: dict[str, list[str]] = defaultdict(list)
        for phone, text in self.received():
            got[phone].append(text)
        return dict(got)

    def wait_for(self, count: int, deadline: float = DEADLINE) -> dict[str, list[str]]:
        """Wait for so many texts; return the texts by phone."""
        with self._changed:
            enough = self._changed.wait_for(lambda: len(self._got) >= count, deadline)
        assert enough, f"{len(self.received())} of {count} messages came to phones"
        return self.got()

    def wait(self, seconds: float) -> None:
        """Wait at most so long for the next text."""
        with self._changed:
            self._changed.wait(seconds)

    def close(self) -> None:
        if self._socket:
            with contextlib.suppress(OSError):  # bearerbox may have ended it
                self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()
            self._socket = None

    def _connected(self) -> socket.socket | None:
        try:
            return socket.create_connection(("127.0.0.1", self._port))
        except OSError:
            return None

    def _read(self, connected: socket.socket) -> None:
        rest = b""
        while True:
            try:
                data = connected.recv(1 << 16)
            except OSError:
                return  # bearerbox was killed
            if not data:
                return
            *lines, rest = (rest + data).split(b"\n")
            with self._changed:
                for line in lines:
                    self._on_line(line)
                self._changed.notify_all()

    def _on_line(self, line: bytes) -> None:
        begins = _LINE.fullmatch(line)
        if not begins:  # the fake centre does not quote the line feeds of a text
            phone, text = self._got[-1]
            self._got[-1] = phone, f"{text}\n{line.decode()}"
            return
        phone, header, kind, payload = begins["phone"].decode(), begins["header"], begins["kind"], begins["payload"]
        octets = payload if kind == b"text" else unquote_to_bytes(payload.replace(b"+", b" "))
        text = octets.decode("utf-16-be" if kind == b"ucs-2" or (kind == b"data" and b"\0" in octets) else "utf-8")
        if header is None:
            self._got.append((phone, text))
            return
        header = unquote_to_bytes(header)
        parts = self._parts[phone, header[:5]]
        parts[header[5]] = text
        if len(parts) == header[4]:
            self._got.append((phone, "".join(parts[number] for number in sorted(parts))))
            del self._parts[phone, header[:5]]


@contextmanager
def smsbox(daemon: Bearerbox, get_url: str) -> Iterator[int]:
    """Start a bearerbox with Kannel's own smsbox; yield its sendsms port.

    get_url: the address of the printed get-url, without its query.
    """
    sendsms = free_port()
    printed = manual_configuration("kannel-http.conf").replace("13013", str(sendsms))
    ours = re.sub(r'(?<=get-url = ")[^?]*', get_url, printed)
    others = re.sub(r"group = (smsbox-route|smsbox)\n(.+\n)*", "", daemon.configuration.read_text("utf-8"))
    daemon.configuration.write_text(f"{others}\n{ours}")
    daemon.start()
    process = subprocess.Popen(
        ["/usr/sbin/smsbox", "-v", "4", str(daemon.configuration)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until(lambda: daemon.status().boxes, "bearerbox knows its smsbox")
        yield sendsms
    finally:
        process.kill()
        process.wait()


@contextmanager
def bearerbox(directory: Path) -> Iterator[tuple[Bearerbox, Phones]]:
    """Run a bearerbox and the phones of its town."""
    daemon = Bearerbox(directory)
    phones = Phones(daemon.centre)
    try:
        daemon.start()
        phones.connect()
        yield daemon, phones
    finally:
        phones.close()
        daemon.close()
