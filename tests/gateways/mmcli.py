"""A program that behaves as mmcli of ModemManager 1.20 does, with a modem kept in a JSON file beside it.

Its words are those of the real program: answers with -J, texts of success, errors on the error output with status 1.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = "/org/freedesktop/ModemManager1"


@dataclass(frozen=True, slots=True)
class Modem:
    """The modem behind the program, as a test sets it up and looks at it."""

    directory: Path

    @property
    def program(self) -> str:
        """The program's path."""
        return str(self.directory / "mmcli")

    @property
    def kept(self) -> dict[str, Any]:
        """What the modem keeps."""
        found: dict[str, Any] = json.loads((self.directory / "modem.json").read_text("utf-8"))
        return found

    def change(self, change: Callable[[dict[str, Any]], object]) -> None:
        """Change what it keeps."""
        kept = self.kept
        change(kept)
        (self.directory / "modem.json").write_text(json.dumps(kept), "utf-8")

    def set(self, **values: Any) -> None:
        """Set the modem's state: `state`, `lock`, `reason`, `fails` (an action and its error), `hangs` …"""
        self.change(lambda kept: kept.update(values))

    def put(self, **fields: str) -> str:
        """Put a message into the modem; return its path."""
        kept = self.kept
        path = f"{ROOT}/SMS/{kept['next']}"
        kept["next"] += 1
        kept["sms"][path] = fields
        (self.directory / "modem.json").write_text(json.dumps(kept), "utf-8")
        return path

    @property
    def paths(self) -> list[str]:
        """The messages in it."""
        return list(self.kept["sms"])

    @property
    def aired(self) -> list[list[str]]:
        """Number and text of each sent message."""
        found: list[list[str]] = self.kept["aired"]
        return found


def plugged(directory: Path) -> Modem:
    """Return a modem that is registered and empty."""
    program = directory / "mmcli"
    program.write_text(f"#!{sys.executable}\n{Path(__file__).read_text('utf-8')}\n_main()\n", "utf-8")
    program.chmod(0o755)
    modem = Modem(directory)
    empty = {"state": "registered", "lock": "none", "reason": "--", "next": 3, "reference": 250, "sms": {}, "aired": []}
    (directory / "modem.json").write_text(json.dumps(empty), "utf-8")
    return modem


def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[bytes]:
    """Do what the program does, in this process: in place of `subprocess.run`, because a process takes its time."""
    try:
        return subprocess.CompletedProcess(command, 0, f"{_done(command)}\n".encode(), b"")
    except Failed as failed:
        return subprocess.CompletedProcess(command, 1, b"", f"error: {failed}\n".encode())


# --- the program --------------------------------------------------------------------------------


class Failed(Exception):
    """The program ends with an error."""


def _main() -> None:
    try:
        sys.stdout.write(f"{_done(sys.argv)}\n")
    except Failed as failed:
        sys.stderr.write(f"error: {failed}\n")
        sys.exit(1)


def _done(command: list[str]) -> str:
    file = Path(command[0]).parent / "modem.json"
    kept = json.loads(file.read_text("utf-8"))
    try:
        return _answer(kept, [one for one in command[1:] if not one.startswith("--timeout")])
    finally:
        file.write_text(json.dumps(kept), "utf-8")


def _fail(text: str) -> None:
    raise Failed(text)


def _answer(kept: dict[str, Any], arguments: list[str]) -> str:
    action = next((name for name in ("create", "delete", "list", "--send") if name in " ".join(arguments)), "show")
    if found := kept.get("fails", {}).get(action):
        if kept.get("sent_anyway"):
            kept["sms"][arguments[-2]]["state"] = "sent"
        _fail(found)
    if kept["state"] == "gone":
        _fail(
            "couldn't find modem" if "-m" in arguments else f"couldn't find SMS at '{arguments[-1]}': 'no modems found'"
        )
    as_json = "-J" in arguments
    arguments = [one for one in arguments if one != "-J"]
    match arguments:
        case ["-m", _]:
            return json.dumps({"modem": _shown(kept)}) if as_json else "a table"
        case ["-m", _, "--messaging-list-sms"]:
            if kept["state"] in {"locked", "failed"} or kept.get("no_messaging"):
                _fail("modem has no messaging capabilities")
            return json.dumps({"modem.messaging.sms": list(kept["sms"])[::-1]})
        case ["-m", _, create] if create.startswith("--messaging-create-sms="):
            return f"Successfully created new SMS: {_created(kept, create.partition('=')[2])}"
        case ["-m", _, delete] if delete.startswith("--messaging-delete-sms="):
            if kept["sms"].pop(delete.partition("=")[2], None) is None:
                _fail(
                    "couldn't delete SMS: 'GDBus.Error:org.freedesktop.ModemManager1.Error.Core.NotFound: No SMS found'"
                )
            return "successfully deleted SMS from modem"
        case ["-s", path]:
            return json.dumps({"sms": _sms(kept, path)})
        case ["-s", path, "--send"]:
            return _sent(kept, path)
    _fail("no actions specified")
    return ""


def _shown(kept: dict[str, Any]) -> dict[str, Any]:
    signal = {"recent": "yes", "value": "67"}
    return {
        "generic": {
            "state": kept["state"],
            "state-failed-reason": kept["reason"],
            "unlock-required": kept["lock"],
            "signal-quality": signal,
        },
        "3gpp": {"operator-name": "O2.CZ", "registration-state": "home"},
    }


def _sms(kept: dict[str, Any], path: str) -> dict[str, Any]:
    if path not in kept["sms"]:
        _fail(f"couldn't find SMS at '{path}': 'not found in any modem'")
    fields = kept["sms"][path]
    content = {name: fields.get(name, "--") for name in ("data", "number", "text")}
    names = (
        "class", "delivery-report", "delivery-state", "discharge-timestamp", "message-reference", "pdu-type",
        "service-category", "smsc", "state", "storage", "teleservice-id", "timestamp", "validity",
    )  # fmt: skip
    properties = {name: fields.get(name.replace("-", "_"), "--") for name in names}
    return {"content": content, "dbus-path": path, "properties": properties}


def _created(kept: dict[str, Any], given: str) -> str:
    """Read the fields as the library does: a quoted value ends at the next such quote, and there are no escapes."""
    fields, rest = {}, given
    while rest:
        key, _, rest = rest.strip().partition("=")
        if rest[:1] in {"'", '"'}:
            value, closed, rest = rest[1:].partition(rest[0])
            if not closed:
                _fail("parsing properties string: 'Unmatched quotes in string value'")
        else:
            value, _, rest = rest.partition(",")
            rest = f",{rest}" if rest else ""
        fields[key] = value
        if rest and not rest.startswith(","):
            _fail(f"parsing properties string: 'Unexpected content ({rest}) after value'")
        rest = rest[1:]
    path = f"{ROOT}/SMS/{kept['next']}"
    kept["next"] += 1
    kept["sms"][path] = {
        "number": fields["number"], "text": fields["text"], "state": "unknown", "pdu_type": "submit",
        "delivery_report": "requested" if fields.get("delivery-report-request") == "yes" else "not requested",
    }  # fmt: skip
    return path


def _sent(kept: dict[str, Any], path: str) -> str:
    sms = kept["sms"][path]
    kept["reference"] = (kept["reference"] + 1) % 256
    sms |= {"state": "sent", "message_reference": str(kept["reference"])}
    kept["aired"].append([sms["number"], sms["text"]])
    return "successfully sent the SMS"
