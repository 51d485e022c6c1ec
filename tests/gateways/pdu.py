"""The network's side of short messages in PDU mode (3GPP TS 23.040, 9.2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from prepazka.gateways import parts

CENTRE = "+420603052000"
"""The number of the network's message centre."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """A message submitted to the modem. reference: TP-MR, which its report will name."""

    recipient: str
    text: str
    coding: int
    header: str
    reference: int
    report_wanted: bool


def deliver(sender: str, text: str, sent: datetime, reference: int) -> Sequence[str]:
    """Return the PDUs of an incoming message in hexadecimal, one for each part."""
    split = parts.split(text, reference)
    coding = 0 if split.coding == "gsm" else 8
    pdus = []
    for part in split.parts:
        first = 0x04 | (0x40 if part.header else 0)
        head = bytes([first]) + address(sender) + bytes([0, coding]) + stamp(sent)
        pdus.append(_whole(head + _user_data(part, coding)))
    return pdus


def status_report(submitted: Submitted, status: int, at: datetime) -> str:
    """Return a status report. status: TP-Status; below 0x20: delivered, from 0x40: never."""
    return _whole(
        bytes([0x06, submitted.reference]) + address(submitted.recipient) + stamp(at) + stamp(at) + bytes([status])
    )


def read_submit(pdu: bytes, reference: int) -> Submitted:
    """Decode a SUBMIT without its leading centre number."""
    first = pdu[0]
    recipient, end = _read_address(pdu[2:])
    place = 2 + end + 1
    coding = pdu[place]
    place += 1 + {0: 0, 1: 7, 2: 1, 3: 7}[first >> 3 & 3]
    length, data = pdu[place], pdu[place + 1 :]
    header = data[: data[0] + 1] if first & 0x40 else b""
    if coding & 0x0C == 0x08:
        text = parts.ucs2_decode(data[len(header) :])
    else:
        before = (8 * len(header) + 6) // 7
        fill = parts.fill_bits(len(header))
        text = parts.gsm_decode(parts.unpack(data[len(header) :], length - before, fill))
    return Submitted(recipient, text, coding, header.hex(), reference, bool(first & 0x20))


def address(number: str) -> bytes:
    """Encode a number or an alphanumeric sender, with its length in semi-octets."""
    if not number.lstrip("+").isdigit():
        packed = parts.pack(parts.gsm_encode(number))
        return bytes([(7 * len(number) + 3) // 4, 0xD0]) + packed
    digits = number.removeprefix("+")
    return bytes([len(digits), 0x91 if number.startswith("+") else 0x81]) + _semi_octets(digits)


def stamp(at: datetime) -> bytes:
    """Encode a time of a message centre: its local time and its offset from UTC in quarters of an hour."""
    quarters = int((at.utcoffset() or timedelta()).total_seconds()) // 900
    zone = _semi_octets(f"{abs(quarters):02}")[0] | (0x08 if quarters < 0 else 0)
    return _semi_octets(at.strftime("%y%m%d%H%M%S")) + bytes([zone])


def centre(pdu: bytes) -> int:
    """Return the length in octets of the centre's number at the beginning of a PDU."""
    return pdu[0] + 1


def _whole(pdu: bytes) -> str:
    number = b"\x91" + _semi_octets(CENTRE.removeprefix("+"))
    return (bytes([len(number)]) + number + pdu).hex().upper()


def _user_data(part: parts.TextPart, coding: int) -> bytes:
    if coding == 8:
        return bytes([len(part.header) + len(part.data)]) + part.header + part.data
    before = (8 * len(part.header) + 6) // 7
    packed = parts.pack(part.data, parts.fill_bits(len(part.header)))
    return bytes([before + len(part.data)]) + part.header + packed


def _semi_octets(digits: str) -> bytes:
    even = digits + "F" * (len(digits) % 2)
    return bytes(int(even[place + 1] + even[place], 16) for place in range(0, len(even), 2))


def _read_address(data: bytes) -> tuple[str, int]:
    """Return a number and its length in octets."""
    octets = (data[0] + 1) // 2
    digits = "".join(f"{octet & 15:x}{octet >> 4:x}" for octet in data[2 : 2 + octets])[: data[0]]
    return ("+" if data[1] & 0x70 == 0x10 else "") + digits, 2 + octets
