"""SMPP 3.4 PDUs, octets to values and back: bodies as smpplib's tables lay them out, read more strictly than it does.

smpplib writes them. Its own reader takes a string without its end, or a parameter of another command, for something
else; it meets only what its own SMSC sends, and ours meets anything.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from smpplib import command, command_codes, consts, smpp
from smpplib.ptypes import ostr

HEADER = struct.Struct(">LLLL")
LENGTH = struct.Struct(">L")
LONGEST = 128 * 1024
"""Octets of a PDU: one with the longest text there can be (64 kB, in message_payload) is half as long."""

Value = int | str | bytes


@dataclass(frozen=True, slots=True)
class Pdu:
    """One PDU. fields: by their names in the standard, optional ones among them where given."""

    command: str
    sequence: int
    status: int = consts.SMPP_ESME_ROK
    fields: Mapping[str, Value] = field(default_factory=dict)

    def number(self, name: str) -> int:
        """A field that is a number, 0 where it is not given."""
        value = self.fields.get(name)
        return value if isinstance(value, int) else 0

    def string(self, name: str) -> str:
        """A field that is a string, "" where it is not given."""
        value = self.fields.get(name)
        return value if isinstance(value, str) else ""

    def octets(self, name: str) -> bytes:
        """A field of octets, b"" where it is not given."""
        value = self.fields.get(name)
        return value if isinstance(value, bytes) else b""


class BadLength(ValueError):
    """No PDU can be so long: where the next begins is not known any more."""


class UnreadablePdu(ValueError):
    """A whole PDU that means nothing. status: which of the standard's errors it is."""

    def __init__(self, command_name: str, sequence: int, status: int) -> None:
        super().__init__(f"{command_name or 'unknown command'}: {consts.DESCRIPTIONS[status]}")
        self.command = command_name
        self.sequence = sequence
        self.status = status


class Framer:
    """Cuts what arrives, in pieces of whatever size, into PDUs; keeps at most the beginning of one."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The PDUs complete by now. Raises: BadLength, after those before it."""
        self._rest += data
        while len(self._rest) >= LENGTH.size:
            (length,) = LENGTH.unpack_from(self._rest)
            if not HEADER.size <= length <= LONGEST:
                raise BadLength(f"{length} octets")
            if len(self._rest) < length:
                return
            frame = bytes(self._rest[:length])
            del self._rest[:length]
            yield frame


# The bodies we are sent. Others' commands are known by name only.
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


def read(frame: bytes) -> Pdu:
    """One PDU of its octets. Raises: Unreadable."""
    _, code, status, sequence = HEADER.unpack_from(frame)
    name = _COMMANDS.get(code)
    if name is None:
        raise UnreadablePdu("", sequence, consts.SMPP_ESME_RINVCMDID)
    body = _BODIES.get(name)
    # An answer may come without its body, an error's always; and what others have for one says nothing to us.
    if body is None or (name.endswith("_resp") and len(frame) == HEADER.size):
        return Pdu(name, sequence, status)
    reader = _Reader(name, sequence, frame[HEADER.size :])
    fields: dict[str, Value] = {}
    for parameter in body.params_order:
        if parameter in consts.OPTIONAL_PARAMS:
            break
        param = body.params[parameter]
        if param.type is int:
            fields[parameter] = int.from_bytes(reader.take(param.size), "big")
        elif param.type is ostr:
            fields[parameter] = reader.take(int(fields[param.len_field]))
        else:
            fields[parameter] = reader.string(param.max)
    return Pdu(name, sequence, status, fields | dict(reader.optional()))


class _Reader:
    """Takes a body apart from its beginning; what is not there is an error, never something else."""

    def __init__(self, command_name: str, sequence: int, body: bytes) -> None:
        self._command = command_name
        self._sequence = sequence
        self._body = body
        self._place = 0

    def take(self, octets: int) -> bytes:
        end = self._place + octets
        if end > len(self._body):
            raise self._error(consts.SMPP_ESME_RINVPARLEN)
        taken = self._body[self._place : end]
        self._place = end
        return taken

    def string(self, most: int) -> str:
        """A string that ends in NUL. most: octets, its end among them; an SMSC may exceed the standard's by little."""
        end = self._body.find(0, self._place, self._place + 2 * most)
        if end < 0:
            raise self._error(consts.SMPP_ESME_RINVPARLEN)
        text = self._body[self._place : end].decode("latin-1")
        self._place = end + 1
        return text

    def optional(self) -> Iterator[tuple[str, Value]]:
        """The parameters after the body, those of no meaning to us left out, as the standard wants."""
        while self._place < len(self._body):
            try:
                tag, length = struct.unpack(">HH", self.take(4))
                value = self.take(length)
            except UnreadablePdu:
                raise self._error(consts.SMPP_ESME_RINVOPTPARSTREAM) from None
            name = _OPTIONAL.get(tag, "")
            kind = _OPTIONAL_TYPES.get(name)
            if kind is int and 1 <= length <= 4:
                yield name, int.from_bytes(value, "big")
            elif kind is str:  # some leave out the NUL at its end
                yield name, value.split(b"\0")[0].decode("latin-1")
            elif kind is ostr:
                yield name, value

    def _error(self, status: int) -> UnreadablePdu:
        return UnreadablePdu(self._command, self._sequence, status)


def write(pdu: Pdu) -> bytes:
    """The octets of a PDU."""
    made = smpp.make_pdu(pdu.command, sequence=pdu.sequence, status=pdu.status, **pdu.fields)
    made.sequence = pdu.sequence
    octets: bytes = made.generate()
    return octets


def description(status: int) -> str:
    """What a status means, for the operator."""
    known = consts.DESCRIPTIONS.get(status)
    return f"{known} (0x{status:02X})" if known else f"error 0x{status:02X} of the SMSC's own"
