"""SMS texts in network encodings: GSM 03.38 and UCS-2 (3GPP TS 23.038), long ones in parts (TS 23.040, 9.2.3.24)."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal
from zlib import crc32

Coding = Literal["gsm", "ucs2"]
"""The encoding of a text: septets of GSM 03.38, or UTF-16, which phones accept as UCS-2."""

CAPACITY: dict[Coding, tuple[int, int]] = {"gsm": (160, 153), "ucs2": (70, 67)}
"""Units (septets, UTF-16 code units) in a message of one part, and in each part of several."""

PARTS_LIMIT = 255
"""The header has one octet for the number of parts."""

ESCAPE = 0x1B
"""The septet that precedes one of the extension table."""
_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = {
    0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|", 0x65: "€",
}  # fmt: skip
_SEPTETS = {character: bytes([code]) for code, character in enumerate(_BASIC) if code != ESCAPE} | {
    character: bytes([ESCAPE, code]) for code, character in _EXTENSION.items()
}


@dataclass(frozen=True, slots=True)
class Header:
    """The position of a part in a longer message. number: from 1."""

    reference: int
    total: int
    number: int


@dataclass(frozen=True, slots=True)
class TextPart:
    """One SMS. header: its user data header including the length octet, b"" for a message of one part. data: its
    encoded text, one septet an octet in GSM 03.38 (`pack` turns eight of them into seven octets)."""

    text: str
    header: bytes
    data: bytes


@dataclass(frozen=True, slots=True)
class TextParts:
    """A text split into its parts, in order."""

    coding: Coding
    parts: tuple[TextPart, ...]


class TooLong(ValueError):
    """The text needs more parts than a header can count."""


def split(text: str, reference: int, coding: Coding | None = None) -> TextParts:
    """Split a text into as few SMS as possible; no escape pair and no surrogate pair is separated.

    reference: from 0 to 255, the same for all parts of one message, another for the next one to the same phone. coding:
    GSM 03.38 where it has all characters, unless given.

    Raises: TooLong.
    """
    coding = coding or ("gsm" if is_gsm(text) else "ucs2")
    whole, each = CAPACITY[coding]
    data = encode(text, coding)
    if len(data) <= whole * (1 if coding == "gsm" else 2):  # nearly always
        return TextParts(coding, (TextPart(text, b"", data),))
    texts = list(_filled(text, _septets if coding == "gsm" else _code_units, each))
    if len(texts) > PARTS_LIMIT:
        raise TooLong(f"{len(texts)} parts")
    return TextParts(
        coding,
        tuple(
            TextPart(one, encode_header(Header(reference, len(texts), number)), encode(one, coding))
            for number, one in enumerate(texts, 1)
        ),
    )


def reference_for(message: str) -> int:
    """Return the reference for `split` of a message's id: the same on every attempt."""
    return crc32(message.encode("utf-8", "replace")) & 0xFF


def encode(text: str, coding: Coding) -> bytes:
    """Encode a text. Raises: UnicodeError for a character the coding lacks."""
    match coding:
        case "gsm":
            return gsm_encode(text)
        case "ucs2":
            return text.encode("utf-16-be", "surrogatepass")


def is_gsm(text: str) -> bool:
    """Return whether GSM 03.38 has every character."""
    return _SEPTETS.keys() >= set(text)


def gsm_encode(text: str) -> bytes:
    """Encode a text as septets, one an octet. Raises: UnicodeError for a character GSM 03.38 lacks."""
    try:
        return b"".join(map(_SEPTETS.__getitem__, text))
    except KeyError:
        raise UnicodeError("not in GSM 03.38") from None


def gsm_decode(septets: Iterable[int]) -> str:
    """Decode septets. An unknown escape gives the character of the basic table, as in phones."""
    text: list[str] = []
    escaped = False
    for septet in septets:
        if escaped:
            escaped = False
            text.append(" " if septet == ESCAPE else _EXTENSION.get(septet) or _basic(septet))
        elif septet == ESCAPE:
            escaped = True
        else:
            text.append(_basic(septet))
    return "".join(text)


def ucs2_decode(data: bytes) -> str:
    """Decode UTF-16; unpaired surrogates at the ends stay, because the next part may hold the other half.

    The octets are in network order, unless they begin with a byte-order mark that says otherwise.
    """
    little = data.startswith(BOM_UTF16_LE)
    if little or data.startswith(BOM_UTF16_BE):
        data = data[len(BOM_UTF16_LE) :]
    return data.decode("utf-16-le" if little else "utf-16-be", "surrogatepass" if len(data) % 2 == 0 else "replace")


def pack(septets: bytes, fill: int = 0) -> bytes:
    """Pack septets without gaps, after `fill` zero bits that follow a header."""
    bits = sum(septet << (fill + 7 * place) for place, septet in enumerate(septets))
    return bits.to_bytes((fill + 7 * len(septets) + 7) // 8, "little")


def unpack(data: bytes, count: int, fill: int = 0) -> bytes:
    """Return `count` septets packed after `fill` bits, one an octet; missing ones are 0."""
    bits = int.from_bytes(data, "little") >> fill
    return bytes(bits >> (7 * place) & 0x7F for place in range(count))


def fill_bits(header_octets: int) -> int:
    """Return the number of bits between a header of so many octets and the first septet."""
    return -8 * header_octets % 7


def encode_header(part: Header) -> bytes:
    """Return the user data header of a part, with an eight-bit reference."""
    return bytes([5, 0, 3, part.reference & 0xFF, part.total, part.number])


def read_header(data: bytes) -> tuple[Header | None, int]:
    """Read the user data header at the beginning of `data`; return the part it names and its length in octets.

    The part is None where the header names none or an impossible one (a hostile or unknown header). The length is at
    most that of `data`.
    """
    if not data:
        return None, 0
    end = min(data[0] + 1, len(data))
    found: Header | None = None
    place = 1
    while place + 2 <= end:
        kind, length = data[place], data[place + 1]
        value = data[place + 2 : min(place + 2 + length, end)]
        match kind, len(value):
            case 0x00, 3:
                found = Header(value[0], value[1], value[2])
            case 0x08, 4:
                found = Header(int.from_bytes(value[:2], "big"), value[2], value[3])
            case _:
                pass
        place += 2 + length
    if found and not 1 <= found.number <= found.total:
        found = None
    return found, end


def _septets(character: str) -> int:
    return len(_SEPTETS[character])


def _code_units(character: str) -> int:
    return 2 if ord(character) > 0xFFFF else 1


def _filled(text: str, units: Callable[[str], int], room: int) -> Iterator[str]:
    """Split a text into pieces of at most `room` units."""
    begin = used = 0
    for place, character in enumerate(text):
        if used + units(character) > room:
            yield text[begin:place]
            begin, used = place, 0
        used += units(character)
    yield text[begin:]


def _basic(septet: int) -> str:
    return _BASIC[septet] if septet < len(_BASIC) else "\ufffd"
