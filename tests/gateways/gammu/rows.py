"""The tables of gammu-smsd in the tests."""

from datetime import UTC, datetime
from typing import Any

from prepazka.gateways.gammu import GammuSettings
from prepazka.gateways.gammu.database import Database
from prepazka.gateways.parts import Header, encode_header
from tests.gateways.smsd import PHONE

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
CITIZEN = "+420777123456"
BOOKING = "OBJ ZOP 10.8. 14:00 NOVAK"


class Clock:
    """The gateway's clock and stopwatch."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def timestamp(self) -> float:
        return self.now.timestamp()


def settings(address: str, **more: object) -> GammuSettings:
    return GammuSettings.model_validate({"database": address, "phone": PHONE, **more})


def stored(tables: Database, text: str = BOOKING, udh: bytes = b"", **columns: Any) -> None:
    """Store one SMS as smsd does."""
    row = {
        "SenderNumber": CITIZEN,
        "ReceivingDateTime": "2026-08-03 06:59:30",
        "Text": text.encode("utf-16-be", "surrogatepass").hex().upper(),
        "TextDecoded": text if not udh else "",
        "UDH": udh.hex().upper(),
        "RecipientID": PHONE,
        **columns,
    }
    names = ", ".join(f'"{name}"' for name in row)
    tables.run(f"INSERT INTO inbox ({names}) VALUES ({', '.join('?' * len(row))})", list(row.values()))


def part(number: int, total: int = 3, reference: int = 7) -> bytes:
    return encode_header(Header(reference, total, number))


def left(tables: Database) -> int:
    """Return the number of rows not processed yet."""
    ((count,),) = tables.rows("""SELECT COUNT(*) FROM inbox WHERE "Processed" = 'false'""")
    return int(count)
