"""Kannel's box protocol: the messages of bearerbox 1.4.5 and its boxes, as values and as bytes.

The codec does no I/O. A frame is its length (four octets, big-endian) and a packed message: its kind and its fields. A
number takes four octets; a string is its length (-1 where absent) and its octets. The fields and their order are those
of `gw/msg-decl.h`. A bearerbox of another version has others, and its messages are errors.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any
from uuid import UUID

MAX_FRAME = 1 << 18
"""Octets of a frame at most; a message of 255 parts takes a seventh of it."""

UNDEFINED = -1
"""The value of an absent number."""

NO_ID = UUID(int=0)
"""The id of a message that has none yet."""


class ProtocolError(Exception):
    """The bytes violate the box protocol; the rest of the connection cannot be decoded."""


class Command(IntEnum):
    """The commands of an `Admin` message."""

    SHUTDOWN = 0
    SUSPEND = 1
    RESUME = 2
    IDENTIFY = 3
    RESTART = 4


class Verdict(IntEnum):
    """The verdicts of an `Ack`."""

    SUCCESS = 0
    FAILED = 1
    FAILED_FOR_NOW = 2
    BUFFERED = 3


class SmsType(IntEnum):
    """The direction of an `Sms`, and whether it is a message or a report on one."""

    MO = 0
    MT_REPLY = 1
    MT_PUSH = 2
    REPORT_MO = 3
    REPORT_MT = 4


class KannelCoding(IntEnum):
    """The encoding of an `Sms` text. Boxes exchange GSM as UTF-8; bearerbox converts it to GSM 03.38."""

    GSM = 0
    BINARY = 1
    UCS2 = 2


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """A sign that the box is alive; load: how many messages it is processing."""

    load: int = 0


@dataclass(frozen=True, slots=True)
class Admin:
    """A command; box: the name of the box that identifies itself, else None."""

    command: int
    box: bytes | None = None


@dataclass(frozen=True, slots=True)
class Ack:
    """The result for the message of this id. verdict: of `Verdict`; time: of the message."""

    verdict: int
    time: int
    id: UUID


@dataclass(frozen=True, slots=True)
class Sms:
    """A message or a report, with the fields in the order of `msg-decl.h`. time, validity: seconds since 1970."""

    sender: bytes | None = None
    receiver: bytes | None = None
    udh: bytes | None = None
    text: bytes | None = None
    time: int = UNDEFINED
    smsc: bytes | None = None
    smsc_number: bytes | None = None
    foreign_id: bytes | None = None
    service: bytes | None = None
    account: bytes | None = None
    id: UUID = NO_ID
    type: int = SmsType.MO
    mclass: int = UNDEFINED
    mwi: int = UNDEFINED
    coding: int = UNDEFINED
    compress: int = UNDEFINED
    validity: int = UNDEFINED
    deferred: int = UNDEFINED
    dlr_mask: int = UNDEFINED
    dlr_url: bytes | None = None
    pid: int = UNDEFINED
    alt_dcs: int = UNDEFINED
    rpi: int = UNDEFINED
    charset: bytes | None = None
    box: bytes | None = None
    billing: bytes | None = None
    more_to_come: int = UNDEFINED
    priority: int = UNDEFINED
    resend_try: int = UNDEFINED
    resend_time: int = UNDEFINED
    meta_data: bytes | None = None


KannelMessage = Heartbeat | Admin | Ack | Sms

_NUMBER = struct.Struct(">i")
_KINDS: dict[int, type[KannelMessage]] = {0: Heartbeat, 1: Admin, 2: Sms, 3: Ack}
_NUMBERS = {kind: number for number, kind in _KINDS.items()}


def encode(message: KannelMessage) -> bytes:
    """Return the frame of a message. Raises: ProtocolError for a message no frame can hold."""
    try:
        values = [pack(getattr(message, name)) for name, pack in _LAYOUTS[type(message)]]
    except struct.error:
        raise ProtocolError("a number of more than 32 bits") from None
    packed = b"".join([_NUMBER.pack(_NUMBERS[type(message)]), *values])
    if len(packed) > MAX_FRAME:
        raise ProtocolError(f"a message of {len(packed)} octets")
    return _NUMBER.pack(len(packed)) + packed


class Decoder:
    """Splits received data into messages. It cannot be used after a ProtocolError."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> None:
        """Add received data."""
        self._buffer += data

    def messages(self) -> Iterator[KannelMessage]:
        """Return the messages that are complete now, each once. Raises: ProtocolError, after the messages before the
        error."""
        while len(self._buffer) >= _NUMBER.size:
            (length,) = _NUMBER.unpack_from(self._buffer)
            if not _NUMBER.size <= length <= MAX_FRAME:
                raise ProtocolError(f"a frame of {length} octets")
            end = _NUMBER.size + length
            if len(self._buffer) < end:
                return
            packed = bytes(self._buffer[_NUMBER.size : end])
            del self._buffer[:end]
            yield _unpack(packed)


def _unpack(packed: bytes) -> KannelMessage:
    """Read a packed message. One loop without a call for each field: most of what a box does is to read reports."""
    (number,) = _NUMBER.unpack_from(packed)
    kind = _KINDS.get(number)
    if kind is None:
        raise ProtocolError(f"a message of kind {number}")
    values: list[Any] = []
    begin = _NUMBER.size
    try:
        for field in _FIELDS[kind]:
            (value,) = _NUMBER.unpack_from(packed, begin)
            begin += _NUMBER.size
            if field is int:
                values.append(value)
                continue
            octets = None
            if value != UNDEFINED:
                octets = packed[begin : begin + value]
                if len(octets) != value:
                    raise ProtocolError(f"a string of {value} octets that the message does not have")
                begin += value
            values.append(_uuid(octets) if field is UUID else octets)
    except struct.error:
        raise ProtocolError("a message that ends before its fields do") from None
    if begin != len(packed):
        raise ProtocolError(f"{len(packed) - begin} octets too many in a message of kind {number}")
    return kind(*values)


def _uuid(octets: bytes | None) -> UUID:
    text = (octets or b"").decode("ascii", "replace")
    try:
        uuid = UUID(text)
    except ValueError:
        raise ProtocolError("an id that is no UUID") from None
    if str(uuid) != text:
        raise ProtocolError("an id written as no UUID of Kannel's")
    return uuid


def _octets(value: bytes | None) -> bytes:
    return _NUMBER.pack(UNDEFINED) if value is None else _NUMBER.pack(len(value)) + value


# Functions by the type of the field.
_PACKED: dict[Any, Callable[[Any], bytes]] = {
    int: _NUMBER.pack,
    bytes | None: _octets,
    UUID: lambda value: _octets(str(value).encode()),
}
# The fields of each kind in their order: their types, and how each is packed, by name.
_FIELDS: dict[type[Any], list[Any]] = {kind: [field.type for field in fields(kind)] for kind in _NUMBERS}
_LAYOUTS: dict[type[Any], list[tuple[str, Callable[[Any], bytes]]]] = {
    kind: [(field.name, _PACKED[field.type]) for field in fields(kind)] for kind in _NUMBERS
}
