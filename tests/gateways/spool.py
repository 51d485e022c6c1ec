"""The real smsd of smstools3, configured as in docs/gateways.md, on its own spool."""

import os
import re
import signal
import subprocess
from pathlib import Path

DIRECTORIES = ("incoming", "outgoing", "checked", "sent", "failed", "report", "prepazka")
PAGE = Path(__file__).parents[2] / "docs/gateways.md"


class Smsd:
    """The real smsd on its own spool."""

    def __init__(self, directory: Path, device: Path) -> None:
        self.spool = directory / "spool"
        for name in DIRECTORIES:
            (self.spool / name).mkdir(parents=True)
        found = re.search(r"```smsd\.conf\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
        assert found, "docs/gateways.md shows the configuration"
        text = found[1].replace("/var/spool/sms/", f"{self.spool}/").replace("/dev/serial/by-id/usb-MODEM", str(device))
        text = re.sub(r"(?m)^(logfile|infofile|pidfile) = .*/", rf"\1 = {directory}/", text)
        for name in ("delaytime", "errorsleeptime", "blocktime"):  # as fast as the daemon can be
            text = re.sub(rf"(?m)^{name} = .*$", f"{name} = 1", text)
        self._configuration = directory / "smsd.conf"
        self._configuration.write_text(text)
        self.start()

    def start(self) -> None:
        # In its own process group: one process for the spool, one for the modem.
        self._process = subprocess.Popen(
            ["/usr/sbin/smsd", "-t", "-c", self._configuration],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    @property
    def ended(self) -> bool:
        """Whether it has ended, also by itself."""
        return self._process.poll() is not None

    def kill(self) -> None:
        """Send SIGKILL to the whole group."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
