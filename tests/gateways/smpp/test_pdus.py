"""Decoding and encoding of PDUs: complete, in pieces, and hostile."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smpplib import consts, smpp

from prepazka.gateways.smpp.pdus import (
    HEADER,
    MAX_LENGTH,
    BadLength,
    Framer,
    Pdu,
    UnreadablePdu,
    decode_pdu,
    encode_pdu,
)

DELIVERY = Pdu("deliver_sm", 7, fields={"source_addr": "420739547765", "short_message": b"OBJ", "message_state": 2})


def frame(command: int, body: bytes = b"", status: int = 0, sequence: int = 9) -> bytes:
    return HEADER.pack(HEADER.size + len(body), command, status, sequence) + body


def delivery(tail: bytes) -> bytes:
    """Return a deliver_sm without text, followed by these octets."""
    return frame(5, b"\0\1\1123\0\1\1456\0" + bytes(10) + tail)


@given(st.lists(st.integers(1, 40), max_size=30))
def test_in_pieces_of_any_size(sizes: list[int]) -> None:
    stream = encode_pdu(DELIVERY) + encode_pdu(Pdu("enquire_link", 8)) + encode_pdu(Pdu("submit_sm_resp", 9, 0x58))
    framer = Framer()
    found = []
    for size in [*sizes, len(stream)]:
        found += list(framer.feed(stream[:size]))
        stream = stream[size:]
    assert [decode_pdu(one).command for one in found] == ["deliver_sm", "enquire_link", "submit_sm_resp"]


@pytest.mark.parametrize("length", [0, 15, MAX_LENGTH + 1, 0xFFFFFFFF])
def test_an_impossible_length_is_an_error_after_the_complete_pdus(length: int) -> None:
    found = Framer().feed(encode_pdu(DELIVERY) + length.to_bytes(4, "big"))
    assert decode_pdu(next(found)).command == "deliver_sm"
    with pytest.raises(BadLength):
        next(found)


def outcome(octets: bytes) -> tuple[str, int, int]:
    """Return the command, sequence and status of a PDU, or of its error."""
    try:
        found = decode_pdu(octets)
    except UnreadablePdu as error:
        return error.command, error.sequence, error.status
    return found.command, found.sequence, found.status


@given(st.lists(st.binary(max_size=60), max_size=20))
def test_any_octets_decode_or_are_one_kind_of_error(pieces: list[bytes]) -> None:
    framer = Framer()
    with suppress(BadLength):
        for piece in pieces:
            for one in framer.feed(piece):
                outcome(one)


KNOWN = st.sampled_from([5, 0x103, 0x80000004, 0x80000009, 0x80000001, 0x80000005, 0x15, 6, 0x80000000, 0x102])


@given(KNOWN, st.binary(max_size=200))
def test_any_body_decodes_or_is_an_error_of_the_standard(command: int, body: bytes) -> None:
    name, sequence, status = outcome(frame(command, body))
    assert name
    assert sequence == 9
    assert status in consts.DESCRIPTIONS


@given(st.binary(max_size=40), st.integers(0, 60))
def test_a_delivery_changed_at_any_place(change: bytes, place: int) -> None:
    octets = bytearray(encode_pdu(DELIVERY))
    octets[16 + place : 16 + place + len(change)] = change
    octets[:4] = len(octets).to_bytes(4, "big")
    assert outcome(bytes(octets))[:2] == ("deliver_sm", 7)


def test_encoded_pdus_decode_unchanged() -> None:
    found = decode_pdu(encode_pdu(DELIVERY))
    assert (found.string("source_addr"), found.octets("short_message"), found.number("message_state")) == (
        "420739547765",
        b"OBJ",
        2,
    )
    assert (found.string("receipted_message_id"), found.octets("message_payload"), found.number("nothing")) == (
        "",
        b"",
        0,
    )


@pytest.mark.parametrize(
    ("tail", "name", "value"),
    [
        ("001e 0003 616200", "receipted_message_id", "ab"),
        ("001e 0002 6162", "receipted_message_id", "ab"),  # some SMSCs omit the end
        ("0424 0002 6869", "message_payload", b"hi"),
        ("020c 0002 0102", "sar_msg_ref_num", 0x0102),
        ("1403 0001 01 0427 0001 02", "message_state", 2),  # after one of the SMSC's own
        ("0427 0000", "message_state", None),
        ("0422 0001 00", "ms_availability_status", None),  # another command's
    ],
)
def test_optional_parameters(tail: str, name: str, value: object) -> None:
    assert decode_pdu(delivery(bytes.fromhex(tail))).fields.get(name) == value


@pytest.mark.parametrize("tail", ["00", "0000", "000000", "001e", "001e 0004 616200", "001e ffff", "0427 0001 02 00"])
def test_a_tail_that_is_no_parameter_loses_no_message(tail: str) -> None:
    found = decode_pdu(delivery(bytes.fromhex(tail)))
    assert (found.command, found.string("source_addr"), found.fields.get("receipted_message_id")) == (
        "deliver_sm",
        "3",
        None,
    )


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"no end", consts.SMPP_ESME_RINVPARLEN),
        (b"\0\1\1123\0\1\1456\0" + bytes(8) + b"\0\xff" + b"too short", consts.SMPP_ESME_RINVPARLEN),
        (b"\0\1\1" + b"1" * 60 + b"\0", consts.SMPP_ESME_RINVPARLEN),
    ],
)
def test_bodies_cut_short(body: bytes, status: int) -> None:
    with pytest.raises(UnreadablePdu) as refused:
        decode_pdu(frame(5, body))
    assert refused.value.status == status


def test_an_unknown_command() -> None:
    with pytest.raises(UnreadablePdu) as refused:
        decode_pdu(frame(0x00010200))
    assert (refused.value.command, refused.value.status) == ("", consts.SMPP_ESME_RINVCMDID)


@pytest.mark.parametrize("command", [0x80000004, 0x80000009])
@pytest.mark.parametrize("status", [0, 0x58])
def test_answers_without_a_body(command: int, status: int) -> None:
    assert decode_pdu(frame(command, status=status)).status == status


# --- what is sent ------------------------------------------------------------------------------


def latin(most: int) -> st.SearchStrategy[str]:
    return st.text(st.characters(min_codepoint=1, max_codepoint=255), max_size=most)


NUMBERS = st.fixed_dictionaries(
    {},
    optional={name: st.integers(0, 255) for name in ("esm_class", "data_coding", "dest_addr_ton", "source_addr_npi")},
)
STRINGS = st.fixed_dictionaries({}, optional={"service_type": latin(5), "source_addr": latin(20)})
OPTIONS = st.fixed_dictionaries(
    {}, optional={"user_message_reference": st.integers(0, 65535), "sar_total_segments": st.integers(0, 255)}
)
BINDS = st.fixed_dictionaries(
    {"system_id": latin(15), "password": latin(8), "interface_version": st.just(consts.SMPP_VERSION_34)},
    optional={"address_range": latin(40)},
)


@given(
    st.one_of(
        st.tuples(
            st.sampled_from(["submit_sm", "deliver_sm"]),
            st.builds(
                lambda numbers, strings, options, text: numbers | strings | options | {"short_message": text},
                *(NUMBERS, STRINGS, OPTIONS, st.binary(max_size=254)),
            ),
        ),
        st.tuples(st.sampled_from(["bind_transceiver", "bind_transmitter", "bind_receiver"]), BINDS),
        st.tuples(st.just("submit_sm_resp"), st.builds(lambda message_id: {"message_id": message_id}, latin(64))),
        st.tuples(
            st.sampled_from(["enquire_link", "enquire_link_resp", "unbind", "deliver_sm_resp", "generic_nack"]),
            st.just({}),
        ),
    ),
    st.sampled_from([0, 0x58, 0x0E]),
    st.integers(1, 0x7FFFFFFF),
)
def test_what_is_sent_is_what_smpplib_would_send(
    command: tuple[str, dict[str, int | str | bytes]], status: int, sequence: int
) -> None:
    name, fields = command
    its_own = smpp.make_pdu(name, sequence=sequence, status=status, **fields)
    its_own.sequence = sequence
    assert encode_pdu(Pdu(name, sequence, status, fields)) == its_own.generate()


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=9, max_size=64))
def test_a_password_longer_than_the_standards_is_sent_whole(password: str) -> None:
    """Some SMSCs give longer ones; smpplib would send the first eight characters, which the SMSC refuses."""
    octets = encode_pdu(Pdu("bind_transceiver", 1, fields={"system_id": "urad", "password": password}))
    assert octets[HEADER.size :].split(b"\0")[:2] == [b"urad", password.encode("ascii")]
