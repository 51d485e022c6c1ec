"""Reads the deliveries of an SMSC: messages, parts of messages, and receipts."""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from smpplib import consts

from prepazka.gateways.parts import Header, fill_bits, gsm_decode, read_header, ucs2_decode, unpack
from prepazka.gateways.smpp.pdus import Pdu

Alphabet = Literal["gsm", "gsm_packed", "latin1"]
MessageIds = Literal["same", "hex_then_decimal", "decimal_then_hex"]
ReceiptStatus = Literal["sent", "delivered", "undelivered", "failed"]

# esm_class, bits 5 to 2: the type of the message.
_KIND_MASK = 0b0011_1100
_RECEIPT, _ACKNOWLEDGEMENT, _USER_ACKNOWLEDGEMENT, _ON_ITS_WAY = 0x04, 0x08, 0x10, 0x20

_STATES: dict[int, ReceiptStatus] = {
    consts.SMPP_MESSAGE_STATE_ENROUTE: "sent",
    consts.SMPP_MESSAGE_STATE_DELIVERED: "delivered",
    consts.SMPP_MESSAGE_STATE_EXPIRED: "undelivered",
    consts.SMPP_MESSAGE_STATE_DELETED: "undelivered",
    consts.SMPP_MESSAGE_STATE_UNDELIVERABLE: "undelivered",
    consts.SMPP_MESSAGE_STATE_ACCEPTED: "sent",
    consts.SMPP_MESSAGE_STATE_UNKNOWN: "undelivered",
    consts.SMPP_MESSAGE_STATE_REJECTED: "failed",
}
# Names as the standard cuts them, and as some SMSCs write them out.
_STATE_NAMES: Mapping[str, int] = {
    "ENROUTE": consts.SMPP_MESSAGE_STATE_ENROUTE,
    "DELIVRD": consts.SMPP_MESSAGE_STATE_DELIVERED,
    "EXPIRED": consts.SMPP_MESSAGE_STATE_EXPIRED,
    "DELETED": consts.SMPP_MESSAGE_STATE_DELETED,
    "UNDELIV": consts.SMPP_MESSAGE_STATE_UNDELIVERABLE,
    "ACCEPTD": consts.SMPP_MESSAGE_STATE_ACCEPTED,
    "UNKNOWN": consts.SMPP_MESSAGE_STATE_UNKNOWN,
    "REJECTD": consts.SMPP_MESSAGE_STATE_REJECTED,
    "DELIVERED": consts.SMPP_MESSAGE_STATE_DELIVERED,
    "UNDELIVERABLE": consts.SMPP_MESSAGE_STATE_UNDELIVERABLE,
    "UNDELIVERED": consts.SMPP_MESSAGE_STATE_UNDELIVERABLE,
    "ACCEPTED": consts.SMPP_MESSAGE_STATE_ACCEPTED,
    "REJECTED": consts.SMPP_MESSAGE_STATE_REJECTED,
}
# The format of the standard's appendix B; all SMSCs follow it in these fields.
_ID = re.compile(r"\bid:\s*(\S+)", re.IGNORECASE)
_STAT = re.compile(r"\bstat:\s*([A-Z]+)", re.IGNORECASE)
_HEXADECIMAL = re.compile(r"[0-9a-f]+", re.IGNORECASE | re.ASCII)
_ERR = re.compile(r"\berr:\s*(\w+)", re.IGNORECASE)


# Digits of a short code at most; an office's number with its country is longer.
_SHORT_CODE = 8


class NotText(ValueError):
    """The content is not text, but for example a picture or a setting for a phone."""


@dataclass(frozen=True, slots=True)
class DeliveredMessage:
    """A text, or one part of a text. reference: further data of the SMSC that is the same in every copy."""

    sender: str
    recipient: str
    text: str
    part: Header | None
    reference: str


@dataclass(frozen=True, slots=True)
class SmscReceipt:
    """A delivery receipt. ref: as in `Sent.refs`."""

    ref: str
    status: ReceiptStatus
    reason: str


# docs/spec/delivery.md §5: "A text like a receipt is one only where the SMSC says so, or where it names a message that
# went to its sender."
def read_delivery(
    pdu: Pdu, alphabet: Alphabet, message_ids: MessageIds, given: Mapping[str, str] | None = None
) -> DeliveredMessage | SmscReceipt | None:
    """Read a delivery; return None when it is of no interest to the office, such as a read confirmation.

    A PDU the SMSC itself marks as a receipt is one. So is a text like a receipt that names a message sent to its own
    sender: any other sender can write a text that looks like one.

    given: the recipients of messages sent lately, by their refs.

    Raises: NotText.
    """
    given = given or {}
    kind = pdu.number("esm_class") & _KIND_MASK
    if kind in (_RECEIPT, _ON_ITS_WAY) or pdu.string("receipted_message_id"):
        return _receipt(pdu, message_ids, given)
    if kind in (_ACKNOWLEDGEMENT, _USER_ACKNOWLEDGEMENT):
        return None
    message = _message(pdu, alphabet)
    receipt = _receipt(pdu, message_ids, given) if given and message.part is None else None
    return receipt if receipt and given.get(receipt.ref) == message.sender else message


def receipt_id(pdu: Pdu) -> str:
    """Return the message id of a delivery that its SMSC marks as a receipt, as it is written; "" of any other."""
    marked = pdu.number("esm_class") & _KIND_MASK in (_RECEIPT, _ON_ITS_WAY)
    in_text = _ID.search(_receipt_text(pdu)) if marked else None
    return pdu.string("receipted_message_id") or (in_text[1] if in_text else "")


def normalized_ref(message_id: str, message_ids: MessageIds, *, in_receipt: bool) -> str:
    """Return one name for a message id, in whatever letter case and with whatever zeros before it the SMSC writes it.

    message_ids: whether it writes the id in hexadecimal in one place and in decimal in another.
    """
    message_id = message_id.strip("\0 ")
    if message_ids == "same":
        number = _HEXADECIMAL.fullmatch(message_id) is not None
        return message_id.lower().lstrip("0") or "0" if number else message_id
    hexadecimal = (message_ids == "hex_then_decimal") != in_receipt
    try:
        return str(int(message_id, 16 if hexadecimal else 10))
    except ValueError:
        return message_id


def _message(pdu: Pdu, alphabet: Alphabet) -> DeliveredMessage:
    octets = _octets(pdu)
    skipped = 0
    part: Header | None = None
    if pdu.number("esm_class") & consts.SMPP_GSMFEAT_UDHI:
        part, skipped = read_header(octets)
    elif 1 <= pdu.number("sar_segment_seqnum") <= pdu.number("sar_total_segments"):
        part = Header(*map(pdu.number, ("sar_msg_ref_num", "sar_total_segments", "sar_segment_seqnum")))
    if part and part.total == 1:
        part = None
    return DeliveredMessage(
        sender=_number(pdu.string("source_addr"), pdu.number("source_addr_ton")),
        recipient=_own_number(pdu.string("destination_addr"), pdu.number("dest_addr_ton")),
        text=decode_text(octets[skipped:], pdu.number("data_coding"), alphabet, skipped),
        part=part,
        reference=f"{octets[:skipped].hex()}:{part}:{pdu.number('user_message_reference')}",
    )


def decode_text(octets: bytes, data_coding: int, alphabet: Alphabet, after: int = 0) -> str:
    """Decode a text. after: length in octets of the header before it. Raises: NotText."""
    match data_coding:
        case consts.SMPP_ENCODING_DEFAULT:
            return _default(octets, alphabet, after)
        case consts.SMPP_ENCODING_IA5:
            return octets.decode("latin-1")  # ASCII; octets outside it are most likely this
        case consts.SMPP_ENCODING_ISO88591:
            return octets.decode("latin-1")
        case consts.SMPP_ENCODING_ISO10646:
            return ucs2_decode(octets)
        case consts.SMPP_ENCODING_ISO88595:
            return octets.decode("iso8859-5", "replace")
        case consts.SMPP_ENCODING_ISO88598:
            return octets.decode("iso8859-8", "replace")
        case _ if data_coding & 0xF0 == 0xF0 or data_coding < 0x40:  # 3GPP TS 23.038, section 4
            match data_coding >> 2 & 0b11 if data_coding < 0x40 else data_coding >> 2 & 1:
                case 0 if data_coding >= 0x10:
                    return _default(octets, alphabet, after)
                case 2 if data_coding >= 0x10:
                    return ucs2_decode(octets)
    raise NotText(f"data_coding 0x{data_coding:02X}")


def _default(octets: bytes, alphabet: Alphabet, after: int) -> str:
    match alphabet:
        case "gsm":
            return gsm_decode(octets)
        case "latin1":
            return octets.decode("latin-1")
        case "gsm_packed":
            fill = fill_bits(after)
            count, spare = divmod(8 * len(octets) - fill, 7)
            septets = unpack(octets, max(count, 0), fill)
            # The number of septets is not given: seven zero bits at the end are padding, not an @.
            return gsm_decode(septets[:-1] if spare == 0 and septets.endswith(b"\0") else septets)


def _octets(pdu: Pdu) -> bytes:
    return pdu.octets("short_message") or pdu.octets("message_payload")


def _number(address: str, ton: int) -> str:
    return f"+{address}" if ton == consts.SMPP_TON_INTL and address.isdecimal() else address


def _own_number(address: str, ton: int) -> str:
    """The number a message was sent to; a short code has no country, whatever type the SMSC gives it."""
    return address if len(address) <= _SHORT_CODE else _number(address, ton)


def _receipt(pdu: Pdu, message_ids: MessageIds, given: Mapping[str, str]) -> SmscReceipt | None:
    """Read a receipt by its parameters, else by its text; None when neither names the message and its state."""
    text = _receipt_text(pdu)
    in_text = _ID.search(text)
    message_id = pdu.string("receipted_message_id") or (in_text[1] if in_text else "")
    stat = _STAT.search(text)
    state = pdu.number("message_state") or (_state_named(stat[1].upper()) if stat else 0)
    status = _STATES.get(state)
    if not message_id or status is None:
        return None
    code = pdu.octets("network_error_code")
    error = _ERR.search(text)
    reason = f"error {code.hex()}" if code else f"error {error[1]}" if error else ""
    if status in ("sent", "delivered"):
        reason = ""
    else:
        name = next(name for name, number in _STATE_NAMES.items() if number == state)
        reason = " ".join([name, reason]).strip()
    return SmscReceipt(_matching_ref(message_id, message_ids, given), status, reason)


def _matching_ref(message_id: str, message_ids: MessageIds, given: Mapping[str, str]) -> str:
    """The ref a receipt is about: of a message sent lately, in whatever notation; else by the notation that is set."""
    ref = normalized_ref(message_id, message_ids, in_receipt=True)
    if ref in given:
        return ref
    notations: tuple[MessageIds, ...] = ("same", "hex_then_decimal", "decimal_then_hex")
    others = {
        normalized_ref(message_id, one, in_receipt=in_receipt) for one in notations for in_receipt in (True, False)
    }
    others |= {f"{int(other):x}" for other in list(others) if other.isdecimal()}
    found = sorted(other for other in others if other in given)
    return found[0] if len(found) == 1 else ref


def _receipt_text(pdu: Pdu) -> str:
    """The text of a receipt, which is ASCII, in octets or in UTF-16 of either order."""
    octets = _octets(pdu).removeprefix(BOM_UTF16_BE).removeprefix(BOM_UTF16_LE)
    return octets.replace(b"\0", b"").decode("latin-1")


def _state_named(name: str) -> int:
    return _STATE_NAMES.get(name, _STATE_NAMES.get(name[:7], 0))
