"""The translation of Kannel's messages, with payloads captured from bearerbox 1.4.5, and of ours."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prepazka.gateways.kannel.codec import KannelCoding, Sms, SmsType
from prepazka.gateways.kannel.messages import decode, failure_reason, part_id, to_event, to_sms
from prepazka.gateways.parts import TooLong
from prepazka.gateways.values import Inbound, Outbound, Part, Receipt

ID = UUID("386658a2-1670-4f64-9994-210e11d8ddf7")
AT = datetime(2026, 8, 3, 7, tzinfo=UTC)
NOW = AT + timedelta(minutes=5)
SECONDS = int(AT.timestamp())


def mo(**changes: object) -> Sms:
    given = {
        "sender": b"+420731000001", "receiver": b"739547765", "text": b"OBJ ZOP", "time": SECONDS, "smsc": b"fake1",
        "id": ID, "type": SmsType.MO, "coding": 0,
    }  # fmt: skip
    return Sms(**{**given, **changes})  # type: ignore[arg-type]


def report(**changes: object) -> Sms:
    given = {
        "sender": b"+420739547765", "receiver": b"+420731000001", "text": b"ACK/", "time": SECONDS, "smsc": b"fake1",
        "id": ID, "type": SmsType.REPORT_MO, "dlr_mask": 8, "dlr_url": b"4711/2", "box": b"prepazka",
        "meta_data": b"?orig_msg?dlr_mask=27&",
    }  # fmt: skip
    return Sms(**{**given, **changes})  # type: ignore[arg-type]


def test_a_message_has_kannels_id_numbers_and_time() -> None:
    assert to_event("k", mo(), NOW) == Inbound("k", str(ID), "+420731000001", "739547765", "OBJ ZOP", AT)


def test_a_modem_without_my_number_has_no_recipient() -> None:
    message = to_event("k", mo(receiver=None, time=-1), NOW)
    assert isinstance(message, Inbound)
    assert (message.recipient, message.sent) == ("", None)


@pytest.mark.parametrize(
    ("octets", "coding", "charset", "text"),
    [
        ("Žluťoučký {€}".encode(), 0, "", "Žluťoučký {€}"),
        ("Žluťoučký".encode(), 0, "UTF-8", "Žluťoučký"),
        ("Žluťoučký 😀".encode("utf-16-be"), 2, "UTF-16BE", "Žluťoučký 😀"),
        ("Žluťoučký".encode("utf-16-be"), 2, "", "Žluťoučký"),
        ("Žluťoučký".encode("utf-16-be"), 2, "UTF-8", "Žluťoučký"),  # the coding is right, whatever the charset
        ("Käse".encode("latin-1"), 0, "ISO-8859-1", "Käse"),
        ("Užší".encode("cp1252", "replace"), 0, "windows-1252", "U\u017e\u0161í"),
        (b"Ahoj", 0, "hex", "Ahoj"),  # an unsupported charset, and an invalid one
        (b"Ahoj", -1, "undefined", "Ahoj"),
        (b"\x01\x02\xff", 1, "", "\x01\x02\ufffd"),
        (b"\x00A\x00", 2, "", "A\ufffd"),
    ],
)
def test_reads_the_text_by_its_coding(octets: bytes, coding: int, charset: str, text: str) -> None:
    assert decode(octets, coding, charset) == text


@given(st.binary(max_size=60), st.integers(-1, 3), st.text(max_size=12))
def test_reads_something_of_any_text(octets: bytes, coding: int, charset: str) -> None:
    decode(octets, coding, charset)


def test_a_part_kannel_has_not_joined_is_a_part() -> None:
    half = "😀".encode("utf-16-be")[:2]
    part = to_event("k", mo(text=half, coding=2, udh=bytes([5, 0, 3, 7, 2, 1])), NOW)
    assert part == Part("k", str(ID), "+420731000001", "739547765", "\ud83d", 7, 2, 1, AT)


@pytest.mark.parametrize(
    "udh", [b"", b"\x05", b"\x05\x00\x03\x07\x01\x01", b"\x06\x05\x04\x0b\x84\x23\xf0", b"\xff" * 9]
)
def test_any_other_header_leaves_a_message_whole(udh: bytes) -> None:
    assert isinstance(to_event("k", mo(udh=udh), NOW), Inbound)


@pytest.mark.parametrize(
    ("sms", "status", "why"),
    [
        (report(), "sent", ""),
        (report(dlr_mask=1, text=b"", foreign_id=b"b0df5d5b"), "delivered", ""),
        (report(dlr_mask=1, text=b"id:1 sub:001 dlvrd:001 stat:DELIVRD err:000 text:OBJ ZOP"), "delivered", ""),
        (report(dlr_mask=2, text=b"id:1 stat:UNDELIV err:0c1 text:STORNO 123456"), "undelivered", "UNDELIV 0c1"),
        (report(dlr_mask=16, text=b"NACK/validity expired"), "failed", "validity expired"),
        (report(dlr_mask=16, text=b"NACK/0x00000045/Submit failed"), "failed", "0x00000045"),
        (report(dlr_mask=2, text=b"\xff"), "undelivered", ""),
    ],
)
def test_a_report_names_the_message_its_part_and_nothing_of_its_text(sms: Sms, status: str, why: str) -> None:
    receipt = to_event("k", sms, NOW)
    assert receipt == Receipt("k", status, AT, "4711", str(part_id("4711", 2)), why)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "sms",
    [
        report(dlr_mask=4),  # waits at the SMS centre
        report(dlr_mask=32),  # intermediate
        report(dlr_url=None),
        report(dlr_url=b"http://else.where/report"),
        report(dlr_url="4711/²".encode()),
        report(dlr_url=b"4711/" + b"9" * 5000),  # more digits than Python converts
        mo(type=SmsType.MT_PUSH),
        mo(type=99),
    ],
)
def test_messages_without_an_event(sms: Sms) -> None:
    assert to_event("k", sms, NOW) is None


def test_a_report_without_a_time_is_of_now() -> None:
    receipt = to_event("k", report(time=-1), NOW)
    assert isinstance(receipt, Receipt)
    assert receipt.at == NOW


def outbound(text: str) -> Outbound:
    return Outbound("4711", "+420739547765", "+420731000001", text, 1, AT + timedelta(hours=2))


def test_a_reply_goes_out_with_its_id_its_box_and_its_end() -> None:
    assert to_sms(outbound("Objednáno é€"), "prepazka", "modem1", SECONDS) == [
        Sms(
            sender=b"+420739547765", receiver=b"+420731000001", text="Objednáno é€".encode("utf-16-be"),
            time=SECONDS, smsc=b"modem1", id=part_id("4711", 1), type=SmsType.MT_PUSH, coding=KannelCoding.UCS2,
            charset=b"UTF-16BE", validity=SECONDS + 7200, dlr_mask=27, dlr_url=b"4711/1", box=b"prepazka",
        )
    ]  # fmt: skip


def test_gsm_text_goes_out_as_utf_8_and_in_parts_with_headers() -> None:
    sent = to_sms(outbound("é{€}" * 60), "prepazka", "", SECONDS)
    assert [sms.coding for sms in sent] == [KannelCoding.GSM] * 3
    assert b"".join(sms.text or b"" for sms in sent).decode() == "é{€}" * 60
    assert [(sms.udh or b"")[-2:] for sms in sent] == [b"\x03\x01", b"\x03\x02", b"\x03\x03"]
    assert len({sms.udh[3] for sms in sent if sms.udh}) == 1
    assert [sms.dlr_url for sms in sent] == [b"4711/1", b"4711/2", b"4711/3"]
    assert len({sms.id for sms in sent}) == 3
    assert {sms.smsc for sms in sent} == {None}
    assert sent == to_sms(outbound("é{€}" * 60), "prepazka", "", SECONDS), "another try has other ids"


def test_more_parts_than_can_be_counted_are_refused() -> None:
    with pytest.raises(TooLong):
        to_sms(outbound("x" * 153 * 256), "prepazka", "", SECONDS)


@given(st.text(max_size=80))
def test_a_reason_never_quotes_the_message(text: str) -> None:
    assert failure_reason(f"id:7 sub:001 stat:REJECTD err:8 Text:{text}") == "REJECTD 8"
