"""Deliveries: texts in every alphabet, parts in every format, receipts in both forms, and those without an event."""

from collections.abc import Mapping
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prepazka.gateways.parts import Header
from prepazka.gateways.smpp.deliveries import (
    Alphabet,
    DeliveredMessage,
    MessageIds,
    NotText,
    SmscReceipt,
    decode_text,
    normalized_ref,
    read_delivery,
)
from prepazka.gateways.smpp.pdus import Pdu, Value


def delivery(fields: Mapping[str, Value]) -> Pdu:
    return Pdu("deliver_sm", 1, fields={"source_addr": "420739547765", "source_addr_ton": 1, **fields})


def message(alphabet: Alphabet = "gsm", **fields: Value) -> DeliveredMessage:
    return text(fields, alphabet)


def text(fields: Mapping[str, Value], alphabet: Alphabet = "gsm") -> DeliveredMessage:
    found = read_delivery(delivery(fields), alphabet, "same")
    assert isinstance(found, DeliveredMessage)
    return found


def receipt(**fields: Value) -> SmscReceipt | DeliveredMessage | None:
    return read_delivery(delivery({"esm_class": 4, **fields}), "gsm", "same")


@pytest.mark.parametrize(
    ("coding", "alphabet", "octets", "text"),
    [
        (0, "gsm", b"OBJ \x1be\x1b<\x00", "OBJ €[@"),
        (0, "gsm_packed", bytes.fromhex("e8329bfd06"), "hello"),
        (0, "gsm_packed", bytes.fromhex("31d98c56b3dd00"), "1234567"),  # and not an @ after it
        (0, "latin1", "é ü".encode("latin-1"), "é ü"),
        (1, "gsm", b"OBJ", "OBJ"),
        (3, "gsm", "é ü".encode("latin-1"), "é ü"),
        (6, "gsm", "Привет".encode("iso8859-5"), "Привет"),
        (8, "gsm", "Žluť 😀".encode("utf-16-be"), "Žluť 😀"),
        (8, "gsm", "Ž".encode("utf-16-be") + b"\x01", "Ž\ufffd"),
        (8, "gsm", b"\xfe\xff" + "Ž ahoj".encode("utf-16-be"), "Ž ahoj"),
        (8, "gsm", b"\xff\xfe" + "Ž ahoj".encode("utf-16-le"), "Ž ahoj"),
        (0x10, "gsm", b"\x1be", "€"),
        (0xF0, "gsm", b"\x1be", "€"),
        (0x18, "gsm", "Ž".encode("utf-16-be"), "Ž"),
    ],
)
def test_alphabets(coding: int, alphabet: Alphabet, octets: bytes, text: str) -> None:
    assert decode_text(octets, coding, alphabet) == text


@pytest.mark.parametrize("coding", [2, 4, 5, 9, 10, 13, 14, 0x14, 0xF4, 0x40, 0xC8])
def test_deliveries_that_are_not_text(coding: int) -> None:
    with pytest.raises(NotText, match=f"0x{coding:02X}"):
        message(data_coding=coding, short_message=b"\1\2")


@given(
    st.integers(0, 255), st.sampled_from(["gsm", "gsm_packed", "latin1"]), st.binary(max_size=200), st.integers(0, 255)
)
def test_any_octets_in_any_coding(coding: int, alphabet: Alphabet, octets: bytes, esm: int) -> None:
    with suppress(NotText):
        read_delivery(delivery({"data_coding": coding, "esm_class": esm, "short_message": octets}), alphabet, "same")


def test_numbers_by_their_type() -> None:
    assert message(short_message=b"a").sender == "+420739547765"
    assert message(source_addr="739547765", source_addr_ton=2).sender == "739547765"
    assert message(source_addr="O2", source_addr_ton=5).sender == "O2"
    assert message(source_addr="+420739547765").sender == "+420739547765"
    assert message(destination_addr="420739547765", dest_addr_ton=1).recipient == "+420739547765"
    assert message(destination_addr="9021199", dest_addr_ton=1).recipient == "9021199", "a short code has no country"


def test_a_long_text_beside_the_message() -> None:
    assert message(message_payload="Ž".encode("utf-16-be") * 200, data_coding=8).text == "Ž" * 200


def sar(reference: int, total: int, number: int) -> dict[str, Value]:
    numbers = {"sar_msg_ref_num": reference, "sar_total_segments": total, "sar_segment_seqnum": number}
    return {"short_message": b"ab", **numbers}


@pytest.mark.parametrize(
    ("fields", "part", "expected"),
    [
        ({"esm_class": 0x40, "short_message": b"\5\0\3\x07\2\1ab"}, Header(7, 2, 1), "ab"),
        ({"esm_class": 0x40, "short_message": b"\6\x08\4\x01\x07\2\2ab"}, Header(0x107, 2, 2), "ab"),
        ({"esm_class": 0x40, "message_payload": b"\5\0\3\x07\2\1ab"}, Header(7, 2, 1), "ab"),
        ({"esm_class": 0xC0, "short_message": b"\5\0\3\x07\1\1ab"}, None, "ab"),  # the only part
        ({"esm_class": 0x40, "short_message": b"\5\0\3\x07\2\3ab"}, None, "ab"),  # the third of two
        ({"esm_class": 0x40, "short_message": b"\xff"}, None, ""),
        ({"esm_class": 0x40, "short_message": b"\6\5\4\1\2\3\4ab"}, None, "ab"),  # ports
        ({"short_message": b"\5\0\3\x07\2\1ab"}, None, "é@¥ì$£ab"),  # no header is announced
        (sar(300, 3, 2), Header(300, 3, 2), "ab"),
        (sar(300, 3, 4), None, "ab"),
        (sar(300, 1, 1), None, "ab"),
    ],
)
def test_parts(fields: dict[str, Value], part: Header | None, expected: str) -> None:
    found = text(fields)
    assert (found.part, found.text) == (part, expected)


def test_a_surrogate_pair_over_two_parts() -> None:
    octets = "a😀".encode("utf-16-be")
    halves = [
        message(esm_class=0x40, data_coding=8, short_message=bytes([5, 0, 3, 7, 2, number]) + piece).text
        for number, piece in [(1, octets[:4]), (2, octets[4:])]
    ]
    assert "".join(halves).encode("utf-16-be", "surrogatepass") == octets


def test_a_part_in_packed_septets_begins_after_the_fill() -> None:
    packed = bytes.fromhex("050003070201") + bytes([0b1101000 << 1, 0b1101001])  # "hi" from bit 1 on
    assert message("gsm_packed", esm_class=0x40, short_message=packed).text == "hi"


def test_copies_have_the_same_reference_and_parts_another() -> None:
    one, two = (b"\5\0\3\x07\2\1ab", b"\5\0\3\x08\2\1ab")
    assert message(esm_class=0x40, short_message=one) == message(esm_class=0x40, short_message=one)
    others = message(esm_class=0x40, short_message=two).reference
    assert message(esm_class=0x40, short_message=one).reference != others
    assert message(short_message=b"a").reference != message(short_message=b"a", user_message_reference=3).reference


# --- receipts ----------------------------------------------------------------------------------

TEXT = "id:{id} sub:001 dlvrd:001 submit date:2608030900 done date:2608030901 stat:{stat} err:{err} text:OBJ"


@pytest.mark.parametrize(
    ("stat", "state", "status", "reason"),
    [
        ("ENROUTE", 1, "sent", ""),
        ("DELIVRD", 2, "delivered", ""),
        ("EXPIRED", 3, "undelivered", "EXPIRED"),
        ("DELETED", 4, "undelivered", "DELETED"),
        ("UNDELIV", 5, "undelivered", "UNDELIV"),
        ("ACCEPTD", 6, "sent", ""),
        ("UNKNOWN", 7, "undelivered", "UNKNOWN"),
        ("REJECTD", 8, "failed", "REJECTD"),
    ],
)
def test_receipts_in_both_forms(stat: str, state: int, status: str, reason: str) -> None:
    by_text = receipt(short_message=TEXT.format(id="a-7", stat=stat, err="00B").encode())
    assert by_text == SmscReceipt("a-7", status, f"{reason} error 00B" if reason else "")  # type: ignore[arg-type]
    by_parameters = receipt(receipted_message_id="a-7", message_state=state, network_error_code=b"\3\0\x0b")
    assert by_parameters == SmscReceipt("a-7", status, f"{reason} error 03000b" if reason else "")  # type: ignore[arg-type]


def test_parameters_count_more_than_the_text() -> None:
    text = TEXT.format(id="1", stat="EXPIRED", err="0").encode()
    assert receipt(short_message=text, receipted_message_id="2", message_state=2) == SmscReceipt("2", "delivered", "")


def test_a_receipt_on_its_way_and_in_small_letters() -> None:
    found = receipt(esm_class=0x20, short_message=b"ID:5 Stat:delivrd Err:000")
    assert found == SmscReceipt("5", "delivered", "")


def test_a_receipt_a_citizen_wrote_is_a_text() -> None:
    text = TEXT.format(id="1", stat="DELIVRD", err="000")
    found = receipt(esm_class=0, short_message=text.encode())
    assert isinstance(found, DeliveredMessage)


@pytest.mark.parametrize("octets", ["utf-16-be", "utf-16-le", "utf-16"])
@pytest.mark.parametrize(
    ("written", "status"),
    [("DELIVERED", "delivered"), ("Undeliverable", "undelivered"), ("rejected", "failed"), ("Accepted", "sent")],
)
def test_receipts_in_utf_16_and_with_states_written_out(octets: str, written: str, status: str) -> None:
    found = receipt(short_message=TEXT.format(id="77c", stat=written, err="000").encode(octets), data_coding=8)
    assert isinstance(found, SmscReceipt)
    assert (found.ref, found.status) == ("77c", status)


LATELY = {"1f4": "+420739547765", "77": "+420731000009"}


@pytest.mark.parametrize("written", ["1f4", "1F4", "0001F4", "500", "000500"])
def test_a_receipt_of_a_message_sent_lately_matches_in_whatever_notation(written: str) -> None:
    fields: dict[str, Value] = {"esm_class": 4, "receipted_message_id": written, "message_state": 2}
    assert read_delivery(delivery(fields), "gsm", "same", LATELY) == SmscReceipt("1f4", "delivered", "")


def test_a_text_that_names_a_message_sent_to_its_sender_is_a_receipt() -> None:
    fields: dict[str, Value] = {"short_message": TEXT.format(id="01F4", stat="DELIVRD", err="000").encode()}
    assert read_delivery(delivery(fields), "gsm", "same", LATELY) == SmscReceipt("1f4", "delivered", "")
    of_another: dict[str, Value] = {"short_message": TEXT.format(id="77", stat="DELIVRD", err="000").encode()}
    assert isinstance(read_delivery(delivery(of_another), "gsm", "same", LATELY), DeliveredMessage)
    assert isinstance(read_delivery(delivery({"short_message": b"OBJ 1f4"}), "gsm", "same", LATELY), DeliveredMessage)


@pytest.mark.parametrize("text", [b"", b"id: stat:", b"id:7", b"stat:DELIVRD", b"id:7 stat:WHATEVER"])
def test_a_receipt_without_a_state(text: bytes) -> None:
    assert receipt(short_message=text) is None


@pytest.mark.parametrize("kind", [0x08, 0x10])
def test_confirmations_of_a_phone_are_no_event(kind: int) -> None:
    assert receipt(esm_class=kind, short_message=b"read") is None


@pytest.mark.parametrize(
    ("message_ids", "answered", "in_receipt"),
    [
        ("same", "00a1", "00a1"),
        ("same", "00a1", "A1"),
        ("same", "4E9", "000004e9"),
        ("same", "0", "000"),
        ("same", "7d3f\0", "7D3F"),
        ("same", "Kz-9", "Kz-9"),
        ("hex_then_decimal", "00A1", "161"),
        ("hex_then_decimal", "a1", "0000161"),
        ("decimal_then_hex", "161", "A1"),
        ("hex_then_decimal", "no-number", "no-number"),
    ],
)
def test_one_number_written_in_two_ways(message_ids: MessageIds, answered: str, in_receipt: str) -> None:
    assert normalized_ref(answered, message_ids, in_receipt=False) == normalized_ref(
        in_receipt, message_ids, in_receipt=True
    )
