"""Gammu's dummy phone: a directory that gammu-smsd uses as a phone, as fast as files are.

Sent messages appear only in smsd's `sentitems`, and in its log at the moment of sending.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from prepazka.gateways.gammu import GammuSettings
from prepazka.gateways.gammu.database import connect
from prepazka.gateways.parts import split
from tests.gateways.day import NOW
from tests.gateways.smsd import PHONE

DRIVER: dict[str, Any] = {
    "connection": "none\nmodel = dummy",
    "CommTimeout": 0,
    "ReceiveFrequency": 4,
    "StatusFrequency": 15,
}
"""Settings of `smsd.Smsd` for a dummy phone. smsd looks for messages only every few seconds, because a look tries
50,000 file names, and nothing is sent meanwhile."""

CENTRE = "123456"
"""The number of the message centre the phone reports."""

_CODINGS = {"gsm": "Default", "ucs2": "Unicode"}


class Dummy:
    """The phone, and a `through.Network` behind it. directory: smsd's device; address: of smsd's database."""

    def __init__(self, directory: Path, address: str) -> None:
        self.directory = directory
        self._inbox = directory / "sms" / "1"
        self._inbox.mkdir(parents=True)
        self._database = connect(GammuSettings.model_validate({"database": address, "phone": PHONE}))
        self._place = 0
        self._count = 0

    def put(self, phone: str, text: str) -> None:
        """Send a text from a phone of the day, a second after the one before."""
        self._count += 1
        self.receive(phone, text, NOW - timedelta(hours=1) + timedelta(seconds=self._count))

    def receive(self, sender: str, text: str, sent: datetime) -> None:
        """Receive a message, in as many SMS as it takes."""
        whole = split(text, self._count % 256)
        for part in whole.parts:
            self._store(
                {
                    "PDU": "Deliver",
                    "SMSC": f'"{CENTRE}"',
                    "DateTime": _time(sent),
                    "State": "UnRead",
                    "Number": f'"{sender}"',
                    "NumberUnicode": _hexadecimal(sender),
                    **({"UDH": part.header.hex().upper()} if part.header else {}),
                    **_text_fields(part.text),
                    "Coding": _CODINGS[whole.coding],
                    "Length": len(part.text),
                    "Class": -1,
                }
            )

    def report(self, recipient: str, at: datetime, status: int) -> None:
        """Receive a report on a message; all messages are sent under one reference."""
        self._store(
            {
                "PDU": "Status_Report",
                "SMSC": f'"{CENTRE}"',
                "DateTime": _time(at),
                "SMSCDateTime": _time(at),
                "Sent": _time(at),
                "State": "UnRead",
                "Number": f'"{recipient}"',
                "NumberUnicode": _hexadecimal(recipient),
                # smsd reads the state from the text.
                **_text_fields("Delivered" if status < 0x20 else "Failed"),
                "Coding": "Default",
                "MessageReference": 255,
                "DeliveryStatus": status,
            }
        )

    def received(self) -> Sequence[tuple[str, str]]:
        """Return every complete text that smsd has recorded as sent."""
        rows = self._database.rows(
            'SELECT "ID", "DestinationNumber", "TextDecoded" FROM sentitems'
            ' WHERE "ID" NOT IN (SELECT "ID" FROM outbox) ORDER BY "ID", "SequencePosition"'
        )
        texts = [list(message) for _, message in groupby(rows, key=lambda row: row[0])]
        return [(message[0][1], "".join(row[2] for row in message)) for message in texts]

    def close(self) -> None:
        """Close smsd's database."""
        self._database.close()

    @property
    def passed(self) -> int:
        """The number of SMS smsd has stored or sent."""
        return sum(self._database.rows(f"SELECT COUNT(*) FROM {table}")[0][0] for table in ("inbox", "sentitems"))

    @property
    def longest(self) -> int:
        """The number of SMS of the longest sent text."""
        return int(self._database.rows('SELECT MAX("SequencePosition") FROM sentitems')[0][0])

    def _store(self, values: dict[str, object]) -> None:
        self._place += 1
        lines = ["[SMSBackup000]", *(f"{name} = {value}" for name, value in values.items()), ""]
        draft = self.directory / "draft"
        draft.write_text("\n".join(lines))
        draft.rename(self._inbox / str(self._place))


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%S}"


def _hexadecimal(text: str) -> str:
    return text.encode("utf-16-be", "surrogatepass").hex().upper()


def _text_fields(text: str) -> dict[str, str]:
    whole = _hexadecimal(text)
    return {f"Text{place // 160:02}": whole[place : place + 160] for place in range(0, max(len(whole), 1), 160)}
