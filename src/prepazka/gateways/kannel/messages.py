"""Translates between Kannel's messages and the office's: texts and encodings, parts, and reports."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID, uuid5

from prepazka.gateways.kannel.codec import UNDEFINED, KannelCoding, Sms, SmsType
from prepazka.gateways.parts import read_header, reference_for, split, ucs2_decode
from prepazka.gateways.values import GatewayEvent, Inbound, Outbound, Part, Receipt

# Delivered to the phone, not delivered, accepted and rejected by the SMS centre (user guide, "Delivery Reports").
DELIVERED, UNDELIVERED, ACCEPTED, REFUSED = 1, 2, 8, 16
DLR_MASK = DELIVERED | UNDELIVERED | ACCEPTED | REFUSED
STATUSES: Mapping[int, Literal["sent", "delivered", "undelivered", "failed"]] = {
    DELIVERED: "delivered",
    UNDELIVERED: "undelivered",
    ACCEPTED: "sent",
    REFUSED: "failed",
}

# The namespace of the ids of sent parts: a part has the same id on every attempt.
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
# The failure codes in reports of SMPP centres, before the quotation of the message, and in Kannel's own reports.
_QUOTED = re.compile(r"\btext:", re.IGNORECASE)
_STATE = re.compile(r"\bstat:([A-Z]{1,10})\b")
_ERROR = re.compile(r"\berr:([0-9A-Fa-f]{1,8})\b")
_NACK = re.compile(r"NACK/(0x[0-9A-Fa-f]{1,8}|[A-Za-z ]{1,40})")


def to_event(gateway: str, sms: Sms, now: datetime) -> GatewayEvent | None:
    """Return a received message or report as an event; None for one of no interest, such as a report on another
    sender's message. now: the time of a report that contains none."""
    match sms.type:
        case SmsType.MO:
            return _inbound(gateway, sms)
        case SmsType.REPORT_MO:
            return _receipt(gateway, sms, now)
        case _:
            return None


def to_sms(message: Outbound, box: str, smsc: str, now: int) -> list[Sms]:
    """Return the parts of a message for bearerbox. now: seconds since 1970. Raises: parts.TooLong."""
    texts = split(message.text, reference_for(message.id))
    coding, charset = (KannelCoding.GSM, b"UTF-8") if texts.coding == "gsm" else (KannelCoding.UCS2, b"UTF-16BE")
    return [
        Sms(
            sender=message.sender.encode(errors="replace"),
            receiver=message.recipient.encode(errors="replace"),
            udh=part.header or None,
            # Bearerbox converts UTF-8 to GSM 03.38 itself.
            text=part.text.encode() if texts.coding == "gsm" else part.data,
            time=now,
            smsc=smsc.encode() or None,
            id=part_id(message.id, number),
            type=SmsType.MT_PUSH,
            coding=coding,
            charset=charset,
            validity=int(message.expires.timestamp()),
            dlr_mask=DLR_MASK,
            dlr_url=f"{message.id}/{number}".encode(),
            box=box.encode(),
        )
        for number, part in enumerate(texts.parts, 1)
    ]


def part_id(message: str, number: int) -> UUID:
    """Return the id of a part at bearerbox; number: from 1."""
    return uuid5(_OURS, f"{message}/{number}")


def decode(data: bytes, coding: int, charset: str) -> str:
    """Decode a text; undecodable octets become the replacement character. charset: "" where none is given."""
    if coding == KannelCoding.UCS2:
        return ucs2_decode(data)
    return data.decode(_CHARSETS.get(charset.lower(), "utf-8"), "replace")


def to_time(seconds: int) -> datetime | None:
    """Return a time of Kannel's."""
    return None if seconds == UNDEFINED else datetime.fromtimestamp(seconds, UTC)


def failure_reason(report: str) -> str:
    """Return why a message failed, from the fields of a report that cannot quote the message."""
    if nack := _NACK.match(report):
        return nack[1]
    quotable = _QUOTED.split(report)[0]
    return " ".join(match[1] for pattern in (_STATE, _ERROR) if (match := pattern.search(quotable)))


def _inbound(gateway: str, sms: Sms) -> Inbound | Part:
    text = decode(sms.text or b"", sms.coding, _decoded(sms.charset))
    header, _ = read_header(sms.udh or b"")
    common = (gateway, str(sms.id), _decoded(sms.sender), _decoded(sms.receiver), text)
    if header and header.total > 1:  # bearerbox joins parts, except after a restart between them
        return Part(*common, header.reference, header.total, header.number, to_time(sms.time))
    return Inbound(*common, to_time(sms.time))


def _receipt(gateway: str, sms: Sms, now: datetime) -> Receipt | None:
    message, slash, number = _decoded(sms.dlr_url).rpartition("/")
    status = STATUSES.get(sms.dlr_mask)
    if not slash or not re.fullmatch(r"[0-9]{1,3}", number) or status is None:
        return None
    return Receipt(
        gateway,
        status,
        to_time(sms.time) or now,
        id=message,
        ref=str(part_id(message, int(number))),
        reason=failure_reason(_decoded(sms.text)) if status in {"undelivered", "failed"} else "",
    )


def _decoded(octets: bytes | None) -> str:
    return (octets or b"").decode("utf-8", "replace")
