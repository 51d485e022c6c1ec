"""Between Kannel's messages and the office's: whose text in which coding, parts, and which report is of what."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID, uuid5

from prepazka.gateways.kannel.codec import UNDEFINED, KannelCoding, Sms, SmsType
from prepazka.gateways.parts import read_header, reference, split, ucs2_decode
from prepazka.gateways.values import GatewayEvent, Inbound, Outbound, Part, Receipt

# In the phone, given up by the network, taken by the SMS centre, refused by it (user guide, "Delivery Reports").
DELIVERED, UNDELIVERED, TAKEN, REFUSED = 1, 2, 8, 16
ASKED_FOR = DELIVERED | UNDELIVERED | TAKEN | REFUSED
STATUSES: Mapping[int, Literal["sent", "delivered", "undelivered", "failed"]] = {
    DELIVERED: "delivered",
    UNDELIVERED: "undelivered",
    TAKEN: "sent",
    REFUSED: "failed",
}

# The space of the ids of what we send, so that a part has the same id on every try.
_OURS = UUID("7d1f9a52-3a55-4c0b-9d0e-5a3f9a0c6b11")

_CHARSETS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "iso-8859-1": "latin-1",
    "latin1": "latin-1",
    "windows-1252": "cp1252",
    "utf-16be": "utf-16-be",
}
# What reports of SMPP centres say of a failure, up to where they quote the message; and what Kannel says itself.
_QUOTED = re.compile(r"\btext:", re.IGNORECASE)
_STATE = re.compile(r"\bstat:([A-Z]{1,10})\b")
_ERROR = re.compile(r"\berr:([0-9A-Fa-f]{1,8})\b")
_NACK = re.compile(r"NACK/(0x[0-9A-Fa-f]{1,8}|[A-Za-z ]{1,40})")


def to_event(gateway: str, sms: Sms, now: datetime) -> GatewayEvent | None:
    """What bearerbox gave, as the office takes it; None for what says nothing to the office, such as a report of what
    another has sent. now: for a report that does not say when."""
    match sms.type:
        case SmsType.MO:
            return _message(gateway, sms)
        case SmsType.REPORT_MO:
            return _receipt(gateway, sms, now)
        case _:
            return None


def parts(message: Outbound, box: str, smsc: str, now: int) -> list[Sms]:
    """A message as bearerbox takes it, part by part. now: seconds since 1970. Raises: parts.TooLong."""
    cut = split(message.text, reference(message.id))
    coding, charset = (KannelCoding.GSM, b"UTF-8") if cut.coding == "gsm" else (KannelCoding.UCS2, b"UTF-16BE")
    return [
        Sms(
            sender=message.sender.encode(errors="replace"),
            receiver=message.recipient.encode(errors="replace"),
            udh=part.header or None,
            # Bearerbox makes GSM 03.38 of UTF-8 itself.
            text=part.text.encode() if cut.coding == "gsm" else part.data,
            time=now,
            smsc=smsc.encode() or None,
            id=part_id(message.id, number),
            type=SmsType.MT_PUSH,
            coding=coding,
            charset=charset,
            validity=int(message.expires.timestamp()),
            dlr_mask=ASKED_FOR,
            dlr_url=f"{message.id}/{number}".encode(),
            box=box.encode(),
        )
        for number, part in enumerate(cut.parts, 1)
    ]


def part_id(message: str, number: int) -> UUID:
    """The id bearerbox knows a part by; number: from 1."""
    return uuid5(_OURS, f"{message}/{number}")


def decode(data: bytes, coding: int, charset: str) -> str:
    """A text as Kannel gives it; what cannot be read becomes the replacement character. charset: "" where not said."""
    if coding == KannelCoding.UCS2:
        return ucs2_decode(data)
    return data.decode(_CHARSETS.get(charset.lower(), "utf-8"), "replace")


def moment(seconds: int) -> datetime | None:
    """A time of Kannel's."""
    return None if seconds == UNDEFINED else datetime.fromtimestamp(seconds, UTC)


def reason(report: str) -> str:
    """Why a message failed, from the words of a report: only what cannot quote the message."""
    if nack := _NACK.match(report):
        return nack[1]
    said = _QUOTED.split(report)[0]
    return " ".join(match[1] for pattern in (_STATE, _ERROR) if (match := pattern.search(said)))


def _message(gateway: str, sms: Sms) -> Inbound | Part:
    text = decode(sms.text or b"", sms.coding, _words(sms.charset))
    header, _ = read_header(sms.udh or b"")
    common = (gateway, str(sms.id), _words(sms.sender), _words(sms.receiver), text)
    if header and header.total > 1:  # bearerbox joins parts, but not after a restart between them
        return Part(*common, header.reference, header.total, header.number, moment(sms.time))
    return Inbound(*common, moment(sms.time))


def _receipt(gateway: str, sms: Sms, now: datetime) -> Receipt | None:
    message, slash, number = _words(sms.dlr_url).rpartition("/")
    status = STATUSES.get(sms.dlr_mask)
    if not slash or not re.fullmatch(r"[0-9]{1,3}", number) or status is None:
        return None
    return Receipt(
        gateway,
        status,
        moment(sms.time) or now,
        id=message,
        ref=str(part_id(message, int(number))),
        reason=reason(_words(sms.text)) if status in {"undelivered", "failed"} else "",
    )


def _words(octets: bytes | None) -> str:
    return (octets or b"").decode("utf-8", "replace")
