"""SMS texts in parts, with values from the standards' own tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prepazka.gateways import parts
from prepazka.gateways.parts import Header, gsm_decode, gsm_encode, pack, read_header, split, ucs2_decode, unpack

GSM = "".join(parts._SEPTETS)


@pytest.mark.parametrize(
    ("text", "coding", "lengths"),
    [
        ("", "gsm", [0]),
        ("a" * 160, "gsm", [160]),
        ("a" * 161, "gsm", [153, 8]),
        ("€" * 80, "gsm", [160]),
        ("a" + "€" * 80, "gsm", [153, 8]),
        ("a" * 152 + "€" + "b" * 10, "gsm", [152, 12]),  # the pair does not fit: both septets go into the next part
        ("ř" * 70, "ucs2", [140]),
        ("ř" * 71, "ucs2", [134, 8]),
        ("ř" * 66 + "😀" * 3, "ucs2", [132, 12]),  # the same for a surrogate pair
        ("\x1b", "ucs2", [2]),  # the escape is no character
    ],
)
def test_a_text_is_split_into_the_fewest_parts(text: str, coding: str, lengths: list[int]) -> None:
    found = split(text, 7)
    assert (found.coding, [len(part.data) for part in found.parts]) == (coding, lengths)
    assert "".join(part.text for part in found.parts) == text


def test_a_text_for_a_peer_without_gsm() -> None:
    assert [part.data.hex() for part in split("a€", 7, "ucs2").parts] == ["006120ac"]


def test_each_part_has_a_header_with_its_number() -> None:
    assert [part.header.hex() for part in split("x" * 400, 0xAB).parts] == [
        "050003ab0301",
        "050003ab0302",
        "050003ab0303",
    ]
    assert [part.header for part in split("x", 0xAB).parts] == [b""]


def test_the_longest_text_a_header_can_count() -> None:
    assert len(split("x" * 153 * 255, 0).parts) == 255
    with pytest.raises(parts.TooLong):
        split("x" * (153 * 255 + 1), 0)


def test_packed_as_in_the_standards_examples() -> None:
    assert pack(gsm_encode("hellohello")).hex() == "e8329bfd4697d9ec37"
    assert gsm_decode(unpack(bytes.fromhex("e8329bfd4697d9ec37"), 10)) == "hellohello"
    assert [parts.fill_bits(octets) for octets in (0, 6, 7)] == [0, 1, 0]


@given(st.text(alphabet=GSM), st.integers(0, 6))
def test_packed_septets_unpack_unchanged(text: str, fill: int) -> None:
    septets = gsm_encode(text)
    assert gsm_decode(unpack(pack(septets, fill), len(septets), fill)) == text


@given(st.text(alphabet=GSM + "řž漢😀", max_size=700))
def test_parts_join_to_the_text_and_fit_their_capacity(text: str) -> None:
    found = split(text, 1)
    whole, each = parts.CAPACITY[found.coding]
    octets = 1 if found.coding == "gsm" else 2
    room = (whole if len(found.parts) == 1 else each) * octets
    decode = gsm_decode if found.coding == "gsm" else ucs2_decode
    assert all(len(part.data) <= room for part in found.parts)
    assert "".join(decode(part.data) for part in found.parts) == text


@pytest.mark.parametrize(
    ("septets", "text"),
    [
        (b"\x1be", "€"),
        (b"\x1ba", "a"),  # not in the extension table: the basic table's character
        (b"\x1b\x1b", " "),
        (b"a\x1b", "a"),
        (b"\x80\xff", "\ufffd\ufffd"),
        (b"\x00", "@"),
    ],
)
def test_septets_no_phone_should_send(septets: bytes, text: str) -> None:
    assert gsm_decode(septets) == text


@pytest.mark.parametrize(
    ("data", "found", "octets"),
    [
        ("", None, 0),
        ("050003ab0302", Header(0xAB, 3, 2), 6),
        ("06080412340302" + "41", Header(0x1234, 3, 2), 7),
        ("0b05041589000000" + "03ab0201" + "ff", Header(0xAB, 2, 1), 12),  # a port number before it
        ("050003ab0304", None, 6),  # the fourth of three
        ("050003ab0300", None, 6),
        ("050003ab", None, 4),  # cut short
        ("ff0003", None, 3),
        ("0000", None, 1),
        ("05ff03ab0302", None, 6),
    ],
)
def test_headers_right_and_hostile(data: str, found: Header | None, octets: int) -> None:
    assert read_header(bytes.fromhex(data)) == (found, octets)


@given(st.binary(max_size=40))
def test_no_header_is_a_failure(data: bytes) -> None:
    _, octets = read_header(data)
    assert octets <= len(data)


def test_the_same_message_has_the_same_reference() -> None:
    assert parts.reference_for("17") == parts.reference_for("17")
    assert 0 <= parts.reference_for("é\ud800") <= 255
