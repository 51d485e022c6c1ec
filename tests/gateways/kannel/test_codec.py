"""The box protocol: encoded messages decode unchanged, and any bytes give messages or one kind of error."""

import struct
from contextlib import suppress
from dataclasses import fields
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prepazka.gateways.kannel.codec import (
    MAX_FRAME,
    Ack,
    Admin,
    Command,
    Decoder,
    Heartbeat,
    KannelMessage,
    ProtocolError,
    Sms,
    SmsType,
    Verdict,
    encode,
)

ID = UUID("5f4dcc3b-5aa7-45d6-9d83-27deb882cf99")
IDENTIFY = bytes.fromhex("00000014000000010000000300000008") + b"prepazka"
ACK = bytes.fromhex("0000003400000003000000006a7b8c9d00000024") + str(ID).encode()

_numbers = st.integers(-(1 << 31), (1 << 31) - 1)
_strings = st.none() | st.binary(max_size=300)
_of_type = {int: _numbers, bytes | None: _strings, UUID: st.uuids()}
_messages: st.SearchStrategy[KannelMessage] = st.one_of(
    [
        st.builds(kind, **{field.name: _of_type[field.type] for field in fields(kind)})  # type: ignore[index]
        for kind in (Heartbeat, Admin, Ack, Sms)
    ]
)


def read(data: bytes) -> list[KannelMessage]:
    decoder = Decoder()
    decoder.feed(data)
    return list(decoder.messages())


@pytest.mark.parametrize(
    ("octets", "message"),
    [
        (IDENTIFY, Admin(Command.IDENTIFY, b"prepazka")),
        (ACK, Ack(Verdict.SUCCESS, 0x6A7B8C9D, ID)),
        (bytes.fromhex("000000080000000000000007"), Heartbeat(7)),
        (bytes.fromhex("0000000c0000000100000000ffffffff"), Admin(Command.SHUTDOWN)),
    ],
)
def test_frames_of_the_real_bearerbox(octets: bytes, message: KannelMessage) -> None:
    assert encode(message) == octets
    assert read(octets) == [message]


@given(st.lists(_messages, max_size=4), st.data())
def test_messages_decode_however_the_network_splits_them(messages: list[KannelMessage], data: st.DataObject) -> None:
    octets = b"".join(map(encode, messages))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(octets)), max_size=6)))
    decoder, found = Decoder(), []
    for begin, end in zip([0, *cuts], [*cuts, len(octets)], strict=True):
        decoder.feed(octets[begin:end])
        found += list(decoder.messages())
    assert found == messages


def understood(octets: bytes) -> list[KannelMessage]:
    """Decode octets; fails for any error but ProtocolError."""
    decoder = Decoder()
    found: list[KannelMessage] = []
    decoder.feed(octets)
    with suppress(ProtocolError):
        for message in decoder.messages():
            found.append(message)  # noqa: PERF402 -- what came before the garbage stays
    return found


@given(st.binary(max_size=400))
def test_any_bytes_decode_or_are_a_protocol_error(octets: bytes) -> None:
    understood(octets)


@given(st.binary(max_size=400), st.integers(0, 4))
def test_any_frame_decodes_or_is_a_protocol_error(octets: bytes, kind: int) -> None:
    frame = struct.pack(">II", len(octets) + 4, kind) + octets
    for message in understood(frame):
        assert encode(message) == frame, "two frames mean the same"


@given(_messages, st.data())
def test_a_damaged_message_decodes_or_is_a_protocol_error(message: KannelMessage, data: st.DataObject) -> None:
    octets = bytearray(encode(message))
    for _ in range(data.draw(st.integers(1, 4))):
        octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.integers(0, 255))
    understood(bytes(octets))


@pytest.mark.parametrize(
    ("octets", "why"),
    [
        (struct.pack(">I", MAX_FRAME + 1), "a frame too long, before any of it has come"),
        (struct.pack(">i", -1), "a frame of negative length"),
        (struct.pack(">I", 3), "a frame too short for the kind"),
        (struct.pack(">II", 4, 4), "a datagram, which only wapboxes get"),
        (struct.pack(">II", 4, 0), "a heartbeat without its load"),
        (struct.pack(">IIII", 12, 0, 0, 0), "a heartbeat with more than its load"),
        (struct.pack(">IIIi", 12, 1, 3, -2), "a string of negative length"),
        (struct.pack(">IIII", 12, 1, 3, 1 << 30), "a string longer than its frame"),
        (ACK.replace(b"5f4d", b"5F4D"), "an id Kannel would not write so"),
        (ACK.replace(b"5f4d", b"5\xff4d"), "an id that is no UUID"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_refuses(octets: bytes, why: str) -> None:
    with pytest.raises(ProtocolError):
        read(octets)


def test_messages_before_an_error_are_returned() -> None:
    decoder = Decoder()
    decoder.feed(encode(Heartbeat(1)) + struct.pack(">i", -1))
    found = decoder.messages()
    assert next(found) == Heartbeat(1)
    with pytest.raises(ProtocolError):
        next(found)


def test_frames_bearerbox_could_not_read_are_errors() -> None:
    with pytest.raises(ProtocolError):
        encode(Sms(time=1 << 31, type=SmsType.MT_PUSH))
    with pytest.raises(ProtocolError):
        encode(Sms(text=b"x" * MAX_FRAME))
