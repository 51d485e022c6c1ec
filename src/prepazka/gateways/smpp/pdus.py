"""SMPP 3.4 PDUs, from octets to values and back, by smpplib's tables of their fields.

Both ways are our own: smpplib's decoder accepts an unterminated string or a parameter of another command as something
else, and its encoder cuts off what is too long, such as a password of nine characters, without a word.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from smpplib import command, command_codes, consts
from smpplib.ptypes import ostr

HEADER = struct.Struct(">LLLL")
LENGTH = struct.Struct(">L")
_TAG_AND_LENGTH = struct.Struct(">HH")
MAX_LENGTH = 128 * 1024
"""Octets of a PDU at most: twice one with the longest possible text (64 kB in message_payload)."""

Value = int | str | bytes


@dataclass(frozen=True, slots=True)
class Pdu:
    """One PDU. fields: by their names in the standard, including the optional ones that are present."""

    command: str
    sequence: int
    status: int = consts.SMPP_ESME_ROK
    fields: Mapping[str, Value] = field(default_factory=dict)

    def number(self, name: str) -> int:
        """Return a numeric field, 0 where it is absent."""
        value = self.fields.get(name)
        return value if isinstance(value, int) else 0

    def string(self, name: str) -> str:
        """Return a string field, "" where it is absent."""
        value = self.fields.get(name)
        return value if isinstance(value, str) else ""

    def octets(self, name: str) -> bytes:
        """Return an octet field, b"" where it is absent."""
        value = self.fields.get(name)
        return value if isinstance(value, bytes) else b""


class BadLength(ValueError):
    """The length field is impossible, so the beginning of the next PDU is unknown."""


class UnreadablePdu(ValueError):
    """A complete PDU that cannot be decoded. status: the standard's error code for it."""

    def __init__(self, command_name: str, sequence: int, status: int) -> None:
        super().__init__(f"{command_name or 'unknown command'}: {consts.DESCRIPTIONS[status]}")
        self.command = command_name
        self.sequence = sequence
        self.status = status


class Framer:
    """Splits received data into PDUs; buffers at most one incomplete PDU."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Return the PDUs that are complete now. Raises: BadLength, after the PDUs before the bad one."""
        self._buffer += data
        while len(self._buffer) >= LENGTH.size:
            (length,) = LENGTH.unpack_from(self._buffer)
            if not HEADER.size <= length <= MAX_LENGTH:
                raise BadLength(f"{length} octets")
            if len(self._buffer) < length:
                return
            frame = bytes(self._buffer[:length])
            del self._buffer[:length]
            yield frame


# The bodies an SMSC sends. Any other command is known by its name only.
_BODIES: Mapping[str, type[Any]] = {
    "bind_transceiver_resp": command.BindTransceiverResp,
    "bind_transmitter_resp": command.BindTransmitterResp,
    "bind_receiver_resp": command.BindReceiverResp,
    "submit_sm_resp": command.SubmitSMResp,
    "deliver_sm": command.DeliverSM,
    "data_sm": command.DataSM,
}
_COMMANDS: Mapping[int, str] = {code: name for name, code in command_codes.commands.items()}
_OPTIONAL: Mapping[int, str] = {code: name for name, code in consts.OPTIONAL_PARAMS.items()}
_OPTIONAL_TYPES: Mapping[str, Any] = {
    name: param.type
    for body in (command.DataSM, command.DeliverSM)
    for name, param in body.params.items()
    if name in consts.OPTIONAL_PARAMS
}


def decode_pdu(frame: bytes) -> Pdu:
    """Decode one PDU. Raises: UnreadablePdu."""
    _, code, status, sequence = HEADER.unpack_from(frame)
    name = _COMMANDS.get(code)
    if name is None:
        raise UnreadablePdu("", sequence, consts.SMPP_ESME_RINVCMDID)
    body = _BODIES.get(name)
    # A response may lack its body, and an error response always does. The bodies of other commands are not needed.
    if body is None or (name.endswith("_resp") and len(frame) == HEADER.size):
        return Pdu(name, sequence, status)
    reader = _Reader(name, sequence, frame[HEADER.size :])
    fields: dict[str, Value] = {}
    for parameter in body.params_order:
        if parameter in consts.OPTIONAL_PARAMS:
            break
        param = body.params[parameter]
        if param.type is int:
            fields[parameter] = int.from_bytes(reader.read_octets(param.size), "big")
        elif param.type is ostr:
            fields[parameter] = reader.read_octets(int(fields[param.len_field]))
        else:
            fields[parameter] = reader.string(param.max)
    return Pdu(name, sequence, status, fields | dict(reader.optional()))


class _Reader:
    """Reads a body from its beginning; a missing field is an error."""

    def __init__(self, command_name: str, sequence: int, body: bytes) -> None:
        self._command = command_name
        self._sequence = sequence
        self._body = body
        self._offset = 0

    def read_octets(self, count: int) -> bytes:
        end = self._offset + count
        if end > len(self._body):
            raise self._error(consts.SMPP_ESME_RINVPARLEN)
        octets = self._body[self._offset : end]
        self._offset = end
        return octets

    def string(self, limit: int) -> str:
        """Read a string that ends in NUL. limit: octets with the NUL; SMSCs exceed the standard's limit a little."""
        end = self._body.find(0, self._offset, self._offset + 2 * limit)
        if end < 0:
            raise self._error(consts.SMPP_ESME_RINVPARLEN)
        text = self._body[self._offset : end].decode("latin-1")
        self._offset = end + 1
        return text

    def optional(self) -> Iterator[tuple[str, Value]]:
        """Read the parameters after the body; unknown ones are skipped, as the standard demands.

        A tail that is no parameter (a NUL that ends the text, one cut short) ends them: the message before it is whole.
        """
        while len(self._body) - self._offset >= _TAG_AND_LENGTH.size:
            tag, length = _TAG_AND_LENGTH.unpack(self.read_octets(_TAG_AND_LENGTH.size))
            if length > len(self._body) - self._offset:
                return
            value = self.read_octets(length)
            name = _OPTIONAL.get(tag, "")
            kind = _OPTIONAL_TYPES.get(name)
            if kind is int and 1 <= length <= 4:
                yield name, int.from_bytes(value, "big")
            elif kind is str:  # some SMSCs omit the NUL at its end
                yield name, value.split(b"\0")[0].decode("latin-1")
            elif kind is ostr:
                yield name, value

    def _error(self, status: int) -> UnreadablePdu:
        return UnreadablePdu(self._command, self._sequence, status)


# The bodies that are sent, beside those an SMSC sends. Any other command has none.
_SENT: Mapping[str, type[Any]] = {
    **_BODIES,
    "bind_transceiver": command.BindTransceiver,
    "bind_transmitter": command.BindTransmitter,
    "bind_receiver": command.BindReceiver,
    "submit_sm": command.SubmitSM,
    "deliver_sm_resp": command.DeliverSMResp,
    "data_sm_resp": command.DataSMResp,
}


def encode_pdu(pdu: Pdu) -> bytes:
    """Encode a PDU. Fields that are left out are 0 or empty; a string is sent whole, longer than the standard or not.

    Raises: KeyError for an unknown command; OverflowError or ValueError for a value that does not fit its field.
    """
    body = bytearray()
    for name, kind, size, tag in _layout(pdu.command):
        if tag:
            if name in pdu.fields:
                value = _encoded(pdu, name, kind, size)
                body += _TAG_AND_LENGTH.pack(tag, len(value)) + value
        elif kind is ostr:
            text = pdu.octets(name)
            body[-1] = len(text)  # the field before it
            body += text
        else:
            body += _encoded(pdu, name, kind, size)
    code = command_codes.commands[pdu.command]
    return HEADER.pack(HEADER.size + len(body), code, pdu.status, pdu.sequence) + body


def _encoded(pdu: Pdu, name: str, kind: type[Any], size: int) -> bytes:
    if kind is int:
        return pdu.number(name).to_bytes(size, "big")
    return pdu.octets(name) if kind is ostr else pdu.string(name).encode("latin-1") + b"\0"


@cache
def _layout(command_name: str) -> tuple[tuple[str, type[Any], int, int], ...]:
    """Return the fields of a body in their order: the name, the type, the octets of a number, the tag of an option."""
    body = _SENT.get(command_name)
    if body is None:
        return ()
    return tuple(
        (name, body.params[name].type, getattr(body.params[name], "size", 0), consts.OPTIONAL_PARAMS.get(name, 0))
        for name in body.params_order
    )


def description(status: int) -> str:
    """Return the meaning of a status, for the operator."""
    known = consts.DESCRIPTIONS.get(status)
    return f"{known} (0x{status:02X})" if known else f"error 0x{status:02X} of the SMSC's own"
