"""Runs mmcli: its answers as JSON, and its own words where it refuses."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from prepazka.gateways.redaction import redacted

# Seconds for questions, and for sending: a modem that searches for the network takes long.
ASKING: Final = 20
SENDING: Final = 90
_NOTHING: Final = "--"


class Refused(Exception):
    """mmcli ended with an error; the argument is what it said, without number or text."""


class NotRun(Exception):
    """mmcli could not be started; the argument says why."""


class NoAnswer(Exception):
    """mmcli did not end in time; what it was to do may have been done."""


@dataclass(frozen=True, slots=True)
class Sms:
    """A message as ModemManager keeps it. kind: deliver, submit or status-report; state: received, receiving, sent …"""

    path: str
    number: str
    text: str
    state: str
    kind: str
    reference: str
    time: str
    discharged: str
    delivery: str


@dataclass(frozen=True, slots=True)
class Mmcli:
    """The program, for one modem."""

    program: str
    modem: str

    def state(self) -> Mapping[str, Any]:
        """Return what is known of the modem. Raises: Refused, NotRun, NoAnswer."""
        found = self._json("-m", self.modem)
        return found["modem"] if isinstance(found, dict) and isinstance(found.get("modem"), dict) else {}

    def messages(self) -> list[str]:
        """Return the paths of all messages. Raises: Refused, NotRun, NoAnswer."""
        found = self._json("-m", self.modem, "--messaging-list-sms")
        paths = found.get("modem.messaging.sms") if isinstance(found, dict) else None
        return [path for path in paths if isinstance(path, str)] if isinstance(paths, list) else []

    def message(self, path: str) -> Sms:
        """Return a message. Raises: Refused, NotRun, NoAnswer."""
        found = self._json("-s", path)
        sms = found.get("sms") if isinstance(found, dict) else None
        if not isinstance(sms, dict):
            raise Refused("it shows a message without fields")
        content, properties = _fields(sms, "content"), _fields(sms, "properties")
        return Sms(
            path,
            _text(content, "number"),
            _text(content, "text"),
            _text(properties, "state"),
            _text(properties, "pdu-type"),
            _text(properties, "message-reference"),
            _text(properties, "timestamp"),
            _text(properties, "discharge-timestamp"),
            _text(properties, "delivery-state"),
        )

    def create(self, number: str, text: str, *, report: bool) -> str:
        """Make a message to be sent; return its path. Raises: Refused, NotRun, NoAnswer."""
        # mmcli knows no escapes in a quoted value, so the quotes are those that the text lacks.
        quote = "'" if "'" not in text else '"'
        value = text if quote not in text else text.replace(quote, "'")
        wanted = "delivery-report-request=yes," if report else ""
        fields = f"number='{number}',{wanted}text={quote}{value}{quote}"
        said = self._run(ASKING, "-m", self.modem, f"--messaging-create-sms={fields}")
        path = said.strip().rpartition(" ")[2]
        if not path.startswith("/"):
            raise Refused("it does not say where the new message is")
        return path

    def send(self, path: str) -> None:
        """Send a message that was made. Raises: Refused, NotRun, NoAnswer."""
        self._run(SENDING, f"--timeout={SENDING - 5}", "-s", path, "--send")

    def delete(self, path: str) -> None:
        """Delete a message from the modem. Raises: Refused, NotRun, NoAnswer."""
        self._run(ASKING, "-m", self.modem, f"--messaging-delete-sms={path}")

    def _json(self, *arguments: str) -> Any:
        said = self._run(ASKING, "-J", *arguments)
        try:
            return json.loads(said)
        except (ValueError, RecursionError):
            raise Refused("its answer is not JSON") from None

    def _run(self, seconds: float, *arguments: str) -> str:
        try:
            done = subprocess.run(  # noqa: S603 -- a list of arguments, no shell; the program is the operator's setting
                [self.program, *arguments],
                capture_output=True,
                timeout=seconds,
                check=False,
                stdin=subprocess.DEVNULL,
                env={"LC_ALL": "C.UTF-8", "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
            )
        except subprocess.TimeoutExpired:
            raise NoAnswer("mmcli did not answer in time") from None
        except (OSError, ValueError) as error:  # a NUL in a text cannot be an argument
            raise NotRun(getattr(error, "strerror", None) or "mmcli cannot be given this text") from None
        if done.returncode:
            raise Refused(_words(done.stderr))
        return done.stdout.decode("utf-8", "replace")


def _words(stderr: bytes) -> str:
    """Return what mmcli said of its failure, without the names of the bus."""
    line = next(iter(stderr.decode("utf-8", "replace").strip().splitlines()), "")
    said = line.removeprefix("error: ").replace("GDBus.Error:org.freedesktop.ModemManager1.Error.", "")
    return redacted(said) or "mmcli failed without a word"


def _fields(table: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = table.get(name)
    return found if isinstance(found, dict) else {}


def _text(fields: Mapping[str, Any], name: str) -> str:
    found = fields.get(name)
    return found if isinstance(found, str) and found != _NOTHING else ""
