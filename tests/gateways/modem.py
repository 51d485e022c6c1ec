"""A GSM modem with a SIM on a pseudo-terminal, for tests with real modem daemons.

It implements the AT commands of PDU mode that gammu-smsd and smstools use, stores incoming messages on a SIM of few
places, decodes sent messages, and misbehaves on request.
"""

import contextlib
import os
import pty
import select
import threading
import tty
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Self

from tests.gateways import pdu
from tests.gateways.pdu import Submitted

OK, ERROR = "\r\nOK\r\n", "\r\nERROR\r\n"

_ANSWERS = {
    "AT+CGMI": "EMULATOR",
    "AT+CGMM": "PTYMODEM",
    "AT+CGMR": "1.0",
    "AT+CGSN": "490154203237518",
    "AT+CIMI": "230010000000001",
    "AT+CPIN?": "+CPIN: READY",
    "AT+CSQ": "+CSQ: 20,0",
    "AT+CBC": "+CBC: 0,100",
    "AT+CREG?": '+CREG: 2,1,"00C3","0A1B"',
    "AT+CGREG?": "+CGREG: 0,1",
    "AT+COPS?": '+COPS: 0,2,"23001"',
    "AT+CSCA?": f'+CSCA: "{pdu.CENTRE}",145',
    "AT+CMGF?": "+CMGF: 0",
    "AT+CMGF=?": "+CMGF: (0,1)",
    "AT+CSMS?": "+CSMS: 1,1,1,1",
    "AT+CSCS?": '+CSCS: "GSM"',
    "AT+CSCS=?": '+CSCS: ("GSM","UCS2")',
    "AT+CNMI=?": "+CNMI: (0-2),(0-3),(0,2),(0-2),(0,1)",
}
_SETTINGS = (
    "AT+CMEE=",
    "AT+CSCS=",
    "AT+CMGF=",
    "AT+CREG=",
    "AT+CGREG=",
    "AT+CSCA=",
    "AT+CFUN=",
    "AT+CUSD=",
    "AT+CMMS=",
)


@dataclass(slots=True)
class _Stored:
    """A message on the SIM. state: 0 unread, 1 read."""

    pdu: str
    state: int = 0


class Modem:
    """The modem, plugged in while it is entered; `link` is the device for the daemon.

    sending: the fate of sent messages: "ok"; "fail" with `cms`; "hang": nothing is sent or answered; "lost": the
    message is sent, but the answer is lost. reports: the TP-Status reported at once for a sent message, or None.
    before: called with each command first; the modem ignores the command when it returns False.
    """

    def __init__(self, link: Path, places: int = 20) -> None:
        self.link = link
        self.places = places
        self.sending: Literal["ok", "fail", "hang", "lost"] = "ok"
        self.cms = 38
        self.reports: int | None = 0
        self.before: Callable[[str], bool] = lambda _: True
        self.on_air: list[Submitted] = []
        self._sim: dict[int, _Stored] = {}
        self._network: deque[str] = deque()
        self._arrival_mode = 0
        self._report_mode = 0
        self._number = 0
        self._echo = True
        self._lock = threading.RLock()
        self._wire = threading.Lock()
        self._unplugged = threading.Event()
        self._serving: threading.Thread | None = None
        self._terminal = -1

    def __enter__(self) -> Self:
        self.plug_in()
        return self

    def __exit__(self, *_: object) -> None:
        self.unplug()

    def plug_in(self) -> None:
        """Create the device; the SIM keeps its messages."""
        self._terminal, device = pty.openpty()
        tty.setraw(device)
        self.link.unlink(missing_ok=True)
        self.link.symlink_to(os.ttyname(device))
        self._unplugged.clear()
        self._echo = True
        self._serving = threading.Thread(target=self._serve, args=(self._terminal, device), daemon=True)
        self._serving.start()

    def unplug(self) -> None:
        """Remove the device."""
        self._unplugged.set()
        if self._serving:
            self._serving.join()
        self.link.unlink(missing_ok=True)

    def receive(
        self,
        sender: str,
        text: str,
        *,
        sent: datetime | None = None,
        reference: int = 1,
        only: Sequence[int] | None = None,
    ) -> int:
        """Receive a message from the network; return how many parts it has. only: these of its parts, in this order."""
        pdus = pdu.deliver(sender, text, sent or datetime.now(UTC), reference)
        for place in self._store([pdus[number - 1] for number in only] if only else pdus):
            if self._arrival_mode == 1:
                self._write(f'\r\n+CMTI: "SM",{place}\r\n')
        return len(pdus)

    def report(self, submitted: Submitted, status: int) -> None:
        """Receive a report on a sent message."""
        found = pdu.status_report(submitted, status, datetime.now(UTC))
        if self._report_mode == 1:
            self._write(f"\r\n+CDS: {_length(found)}\r\n{found}\r\n")
            return
        for place in self._store([found]):
            if self._report_mode == 2:
                self._write(f'\r\n+CDSI: "SM",{place}\r\n')

    @property
    def stored(self) -> int:
        """The number of messages on the SIM, and in the network waiting for room on it."""
        with self._lock:
            return len(self._sim) + len(self._network)

    # --- the serial connection ----------------------------------------------------------------

    def _serve(self, terminal: int, device: int) -> None:
        line = b""
        try:
            while (octet := self._read(terminal)) is not None:
                if octet in b"\r\n":
                    command, line = line.decode("latin-1").strip(), b""
                    if command:
                        self._on_command(command, terminal)
                elif octet in b"\x1a\x1b":
                    line = b""
                else:
                    line += octet
        finally:
            self._terminal = -1
            os.close(device)
            os.close(terminal)

    def _read(self, terminal: int) -> bytes | None:
        """Return the next octet; None when the modem is unplugged."""
        while not self._unplugged.is_set():
            if select.select([terminal], [], [], 0.02)[0]:
                with contextlib.suppress(OSError):
                    return os.read(terminal, 1)
        return None

    def _write(self, text: str) -> None:
        """Write as fast as the other side reads; stop when the modem is unplugged."""
        data = text.encode("latin-1")
        with self._wire:
            while data and self._terminal >= 0 and not self._unplugged.is_set():
                if select.select([], [self._terminal], [], 0.02)[1]:
                    data = data[os.write(self._terminal, data[:256]) :]

    def _on_command(self, command: str, terminal: int) -> None:
        if self._echo:
            self._write(command + "\r")
        if not self.before(command):
            return
        upper = command.upper()
        if upper.startswith("AT+CMGS="):
            self._send(terminal)
        else:
            self._write(self._answer(upper))

    # --- the commands -------------------------------------------------------------------------

    def _answer(self, command: str) -> str:
        if command in _ANSWERS:
            return f"\r\n{_ANSWERS[command]}\r\n{OK}"
        name, _, value = command.partition("=")
        match name:
            case "ATE0" | "ATE1":
                self._echo = name == "ATE1"
                return OK
            case "AT+CNMI":
                values = value.split(",")
                self._arrival_mode = int(values[1] or 0) if len(values) > 1 else 0
                self._report_mode = int(values[3] or 0) if len(values) > 3 else 0
                return OK
            case "AT+CPMS" | "AT+CPMS?":
                return self._storage(name, value)
            case "AT+CMGL":
                return self._list()
            case "AT+CMGR":
                return self._look(int(value.split(",")[0]))
            case "AT+CMGD":
                return self._delete(int(value.split(",")[0]))
            case "AT+CSMS":
                return f"\r\n+CSMS: 1,1,1\r\n{OK}"
            case _:
                return OK if command in {"AT", "ATZ", "AT&F"} or command.startswith(_SETTINGS) else ERROR

    def _storage(self, name: str, value: str) -> str:
        used = f"{len(self._sim)},{self.places}"
        if value == "?":
            return f'\r\n+CPMS: ("SM"),("SM"),("SM")\r\n{OK}'
        if name.endswith("?"):
            return "\r\n+CPMS: " + ",".join([f'"SM",{used}'] * 3) + f"\r\n{OK}"
        if "ME" in value or "MT" in value:
            return "\r\n+CMS ERROR: 302\r\n"
        return "\r\n+CPMS: " + ",".join([used] * 3) + f"\r\n{OK}"

    def _list(self) -> str:
        with self._lock:
            listed = [
                f"\r\n+CMGL: {place},{stored.state},,{_length(stored.pdu)}\r\n{stored.pdu}"
                for place, stored in sorted(self._sim.items())
            ]
            for stored in self._sim.values():
                stored.state = 1
        return "".join(listed) + "\r\n" + OK

    def _look(self, place: int) -> str:
        with self._lock:
            stored = self._sim.get(place)
            if stored is None:
                return "\r\n+CMS ERROR: 321\r\n"
            state, stored.state = stored.state, 1
        return f"\r\n+CMGR: {state},,{_length(stored.pdu)}\r\n{stored.pdu}\r\n{OK}"

    def _delete(self, place: int) -> str:
        with self._lock:
            self._sim.pop(place, None)
            self._store([])
        return OK

    def _send(self, terminal: int) -> None:
        self._write("\r\n> ")
        data = b""
        while (octet := self._read(terminal)) is not None and octet not in b"\x1a\x1b":
            data += octet
        if octet != b"\x1a":
            self._write(OK)
        elif self.sending == "fail":
            self._write(f"\r\n+CMS ERROR: {self.cms}\r\n")
        elif self.sending != "hang":
            try:
                whole = bytes.fromhex(data.decode("latin-1").strip())
            except ValueError:  # the beginning of a killed daemon's message, followed by the next daemon's commands
                self._write("\r\n+CMS ERROR: 304\r\n")
                return
            self._number = (self._number + 1) & 0xFF
            submitted = pdu.read_submit(whole[pdu.centre(whole) :], self._number)
            self.on_air.append(submitted)
            if self.sending == "ok":
                self._write(f"\r\n+CMGS: {self._number}\r\n{OK}")
            if submitted.report_wanted and self.reports is not None:
                self.report(submitted, self.reports)

    def _store(self, pdus: Sequence[str]) -> Sequence[int]:
        """Store messages on the SIM and return their places; the rest waits in the network."""
        with self._lock:
            self._network.extend(pdus)
            free = [place for place in range(1, self.places + 1) if place not in self._sim]
            filled = free[: len(self._network)]
            for place in filled:
                self._sim[place] = _Stored(self._network.popleft())
        return filled


def _length(whole: str) -> int:
    """Return the length of a PDU in the sense of the commands: without the centre's number."""
    octets = bytes.fromhex(whole)
    return len(octets) - pdu.centre(octets)
