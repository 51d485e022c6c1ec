"""Kannel's box protocol: what bearerbox 1.4.5 and its boxes say to each other, as values and as bytes.

Pure: bytes are given in, messages come out. A frame is its length (four octets, big-endian) and a packed message: its
kind and its fields, each number four octets, each string its length (-1 where there is none) and its octets. The
fields and their order are those of `gw/msg-decl.h`; a bearerbox of another version has others, and is not guessed at.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any, TypeVar
from uuid import UUID

LARGEST = 1 << 18
"""Octets a frame may have at most; a message of 255 parts takes a seventh of it."""

UNDEFINED = -1
"""A number that is not said."""

NO_ID = UUID(int=0)
"""The id of what has none yet."""


class Garbled(Exception):
    """Bytes the box protocol does not have; nothing that follows them on the same connection means anything."""


class Command(IntEnum):
    """What an `Admin` asks for."""

    SHUTDOWN = 0
    SUSPEND = 1
    RESUME = 2
    IDENTIFY = 3
    RESTART = 4


class Verdict(IntEnum):
    """What an `Ack` says of a message."""

    SUCCESS = 0
    FAILED = 1
    FAILED_FOR_NOW = 2
    BUFFERED = 3


class SmsType(IntEnum):
    """Which way an `Sms` goes, and whether it is a message or a report of one."""

    MO = 0
    MT_REPLY = 1
    MT_PUSH = 2
    REPORT_MO = 3
    REPORT_MT = 4


class KannelCoding(IntEnum):
    """How the text of an `Sms` is encoded; GSM is UTF-8 between boxes and becomes GSM 03.38 on its way out."""

    GSM = 0
    BINARY = 1
    UCS2 = 2


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The box is alive; load: how many messages it has in hand."""

    load: int = 0


@dataclass(frozen=True, slots=True)
class Admin:
    """A command; box: who identifies itself, else None."""

    command: int
    box: bytes | None = None


@dataclass(frozen=True, slots=True)
class Ack:
    """What became of the message of this id. verdict: of `Verdict`; time: that of the message."""

    verdict: int
    time: int
    id: UUID


@dataclass(frozen=True, slots=True)
class Sms:
    """A message, or a report of one, in the order of `msg-decl.h`. time, validity: seconds since 1970."""

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

_Message = TypeVar("_Message", bound=KannelMessage)
_NUMBER = struct.Struct(">i")
_KINDS: dict[int, type[KannelMessage]] = {0: Heartbeat, 1: Admin, 2: Sms, 3: Ack}
_NUMBERS = {kind: number for number, kind in _KINDS.items()}


def encode(message: KannelMessage) -> bytes:
    """The frame of a message. Raises: Garbled for what no frame can hold."""
    try:
        values = [_PACKED[field.type](getattr(message, field.name)) for field in fields(message)]
    except struct.error:
        raise Garbled("a number of more than 32 bits") from None
    packed = b"".join([_NUMBER.pack(_NUMBERS[type(message)]), *values])
    if len(packed) > LARGEST:
        raise Garbled(f"a message of {len(packed)} octets")
    return _NUMBER.pack(len(packed)) + packed


class Decoder:
    """Puts what a connection gives together to messages. After Garbled it is of no more use."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> None:
        """Take in what has come."""
        self._buffer += data

    def messages(self) -> Iterator[KannelMessage]:
        """The messages that are complete by now, each once. Raises: Garbled, after those that came before it."""
        while len(self._buffer) >= _NUMBER.size:
            (length,) = _NUMBER.unpack_from(self._buffer)
            if not _NUMBER.size <= length <= LARGEST:
                raise Garbled(f"a frame of {length} octets")
            end = _NUMBER.size + length
            if len(self._buffer) < end:
                return
            packed = bytes(self._buffer[_NUMBER.size : end])
            del self._buffer[:end]
            yield _unpack(packed)


def _unpack(packed: bytes) -> KannelMessage:
    reader = _Reader(packed)
    number = reader.number()
    kind = _KINDS.get(number)
    if kind is None:
        raise Garbled(f"a message of kind {number}")
    message = reader.read(kind)
    if reader.left:
        raise Garbled(f"{reader.left} octets too many in a message of kind {number}")
    return message


class _Reader:
    """Takes a packed message apart from its beginning."""

    def __init__(self, packed: bytes) -> None:
        self._packed = packed
        self._place = 0

    @property
    def left(self) -> int:
        return len(self._packed) - self._place

    def read(self, kind: type[_Message]) -> _Message:
        values: dict[str, Any] = {field.name: _READ[field.type](self) for field in fields(kind)}
        return kind(**values)

    def number(self) -> int:
        return int(_NUMBER.unpack(self._take(_NUMBER.size))[0])

    def octets(self) -> bytes | None:
        length = self.number()
        if length == UNDEFINED:
            return None
        if length < 0:
            raise Garbled(f"a string of {length} octets")
        return self._take(length)

    def uuid(self) -> UUID:
        text = (self.octets() or b"").decode("ascii", "replace")
        try:
            uuid = UUID(text)
        except ValueError:
            raise Garbled("an id that is no UUID") from None
        if str(uuid) != text:
            raise Garbled("an id written as no UUID of Kannel's")
        return uuid

    def _take(self, length: int) -> bytes:
        if length > self.left:
            raise Garbled("a message that ends before its fields do")
        begin = self._place
        self._place += length
        return self._packed[begin : self._place]


def _octets(value: bytes | None) -> bytes:
    return _NUMBER.pack(UNDEFINED) if value is None else _NUMBER.pack(len(value)) + value


# Each by the type of its field.
_PACKED: dict[Any, Callable[[Any], bytes]] = {
    int: _NUMBER.pack,
    bytes | None: _octets,
    UUID: lambda value: _octets(str(value).encode()),
}
_READ: dict[Any, Callable[[_Reader], object]] = {
    int: _Reader.number,
    bytes | None: _Reader.octets,
    UUID: _Reader.uuid,
}
