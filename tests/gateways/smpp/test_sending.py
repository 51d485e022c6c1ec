"""The submits of a message, and the results of the SMSC's responses."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prepazka.gateways.parts import fill_bits, gsm_decode, unpack
from prepazka.gateways.smpp.events import SubmitResponse, SubmitUnanswered
from prepazka.gateways.smpp.sending import FAULTS, PERMANENT, THROTTLED, SendJob, submits
from prepazka.gateways.smpp.settings import SmppSettings
from prepazka.gateways.values import LostAnswer, Outbound, Receipt, SendError, Sent

SHORT = "Objednáno"
LONG = "Objednáno [ZOP] " * 12


def settings(**given: Any) -> SmppSettings:
    fields = {"host": "smsc.example", "system_id": "urad", "password": "secret"}
    return SmppSettings.model_validate(fields | given)


def outbound(text: str) -> Outbound:
    expires = datetime(2026, 8, 3, 11, 30, 5, tzinfo=timezone(timedelta(hours=2)))
    return Outbound("17", "+420111222333", "+420739547765", text, 1, expires)


def job(text: str = SHORT, **given: Any) -> SendJob:
    return SendJob(outbound(text), settings(**given))


def answered(job: SendJob, *answers: tuple[int, str]) -> SendJob:
    for status, message_id in answers:
        assert job.next is not None
        job.mark_submitted()
        assert job.next is None
        job.on_response(SubmitResponse(1, status, message_id), now=50, pause=1)
    return job


def test_the_fields_of_a_submit() -> None:
    (only,) = submits(outbound("Objednano [€]"), settings())
    assert only == {
        "service_type": "",
        "source_addr_ton": 1, "source_addr_npi": 1, "source_addr": "420111222333",
        "dest_addr_ton": 1, "dest_addr_npi": 1, "destination_addr": "420739547765",
        "validity_period": "260803093005000+", "registered_delivery": 1,
        "esm_class": 0, "data_coding": 0, "short_message": b"Objednano \x1b<\x1be\x1b>",
    }  # fmt: skip


def test_as_the_operator_wants_it() -> None:
    (only,) = submits(outbound("a"), settings(source_address="4477", source_ton=6, source_npi=0, receipts=False))
    named = {name: only[name] for name in ("source_addr", "source_addr_ton", "source_addr_npi", "registered_delivery")}
    assert list(named.values()) == ["4477", 6, 0, 0]


@pytest.mark.parametrize(
    ("alphabet", "text", "coding", "octets"),
    [
        ("gsm", "é[", 0, b"\x05\x1b<"),
        ("latin1", "é[", 0, "é[".encode("latin-1")),
        ("latin1", "Δ", 8, "Δ".encode("utf-16-be")),  # in GSM 03.38 and not in Latin-1
        ("gsm_packed", "hello", 0, bytes.fromhex("e8329bfd06")),
        ("gsm_packed", "ř", 8, "ř".encode("utf-16-be")),
    ],
)
def test_alphabets(alphabet: str, text: str, coding: int, octets: bytes) -> None:
    (only,) = submits(outbound(text), settings(alphabet=alphabet))
    assert (only["data_coding"], only["short_message"]) == (coding, octets)


def test_a_long_text_in_packed_septets_begins_after_the_fill() -> None:
    first, *_ = submits(outbound("x" * 200), settings(alphabet="gsm_packed"))
    message = first["short_message"]
    assert isinstance(message, bytes)
    assert len(message) == 140
    assert gsm_decode(unpack(message[6:], 153, fill_bits(6))) == "x" * 153


def test_parts_go_one_by_one_and_bear_the_smscs_names() -> None:
    found = job(LONG)
    assert (found.next or {}).get("esm_class") == 0x40
    assert answered(found, (0, "a"), (0, "b"), (0, "c")).result == Sent("17", ("a", "b", "c"))


def test_an_smsc_that_names_nothing() -> None:
    assert answered(job(), (0, "")).result == Sent("17", ())


def test_names_in_hexadecimal() -> None:
    assert answered(job(message_ids="hex_then_decimal"), (0, "A1")).result == Sent("17", ("161",))


@pytest.mark.parametrize("status", sorted(THROTTLED))
def test_no_time_for_it(status: int) -> None:
    result = answered(job(), (status, "")).result
    assert isinstance(result, SendError)
    assert (result.retryable, result.throttled) == (True, True)


@pytest.mark.parametrize("status", [0x08, 0x45, 0x64, 0xFF, 0x04, 0x401])
def test_refused_for_now(status: int) -> None:
    result = answered(job(), (status, "")).result
    assert isinstance(result, SendError)
    assert (result.retryable, result.throttled) == (True, False)
    assert f"0x{status:02X}" in result.reason


@pytest.mark.parametrize("status", sorted(PERMANENT))
def test_refused_for_good(status: int) -> None:
    result = answered(job(), (status, "")).result
    assert isinstance(result, SendError)
    assert not result.retryable


@pytest.mark.parametrize("status", sorted(FAULTS))
def test_refused_because_of_a_setting_it_waits_until_that_is_corrected(status: int) -> None:
    result = answered(job(), (status, "")).result
    assert isinstance(result, SendError)
    assert (result.retryable, result.throttled) == (True, False)
    assert FAULTS[status] in result.reason


def test_what_the_operator_asks_for_besides() -> None:
    (only,) = submits(outbound("a"), settings(service_type="CMT", validity=False))
    assert (only["service_type"], only["validity_period"]) == ("CMT", "")


AT = datetime(2026, 8, 3, 9, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "ref", "told"),
    [
        (0, "9F", Receipt("operator", "handed", AT, id="17", ref="9f")),
        (0, "", Receipt("operator", "handed", AT, id="17")),
        (0x0B, "", Receipt("operator", "failed", AT, id="17", reason="Invalid Destination Address (0x0B)")),
        (0x58, "", None),
        (0x08, "", None),
        (0x0A, "", None),
    ],
)
def test_a_late_answer_ends_the_doubt_where_it_can(status: int, ref: str, told: Receipt | None) -> None:
    found = job()
    found.mark_submitted()
    found.on_unanswered(SubmitUnanswered(1, possibly_sent=True))
    assert found.on_late_response(SubmitResponse(1, status, ref), "operator", AT) == told


def test_a_late_answer_to_the_beginning_only_names_that_part() -> None:
    found = answered(job(LONG), (0, "a1"))
    found.mark_submitted()
    found.on_unanswered(SubmitUnanswered(2, possibly_sent=True))
    assert found.on_late_response(SubmitResponse(2, 0, "a2"), "operator", AT) == Receipt(
        "operator", "handed", AT, id="17", ref="a2"
    )
    assert found.on_late_response(SubmitResponse(2, 0, ""), "operator", AT) is None
    assert found.on_late_response(SubmitResponse(2, 0x0B, ""), "operator", AT) is None


def test_no_time_for_a_later_part_is_waited_for() -> None:
    found = answered(job(LONG), (0, "a"), (0x58, ""))
    assert (found.result, found.not_before) == (None, 51)
    assert answered(found, (0, "b"), (0, "c")).result == Sent("17", ("a", "b", "c"))


def test_a_refused_later_part_is_in_doubt_with_the_refs_so_far() -> None:
    result = answered(job(LONG), (0, "a"), (0x0B, "")).result
    assert isinstance(result, LostAnswer)
    assert result.refs == ("a",)


def test_no_answer() -> None:
    found = job(LONG)
    answered(found, (0, "a")).mark_submitted()
    found.on_unanswered(SubmitUnanswered(2, possibly_sent=True))
    assert found.result == LostAnswer("17", "the SMSC did not answer", ("a",))


def test_an_unsent_submit_is_no_lost_answer() -> None:
    found = job()
    found.mark_submitted()
    found.on_unanswered(SubmitUnanswered(2, possibly_sent=False))
    assert isinstance(found.result, SendError)


def test_longer_than_a_header_can_count() -> None:
    result = job("x" * 153 * 256).result
    assert isinstance(result, SendError)
    assert not result.retryable


@given(
    st.lists(st.one_of(st.tuples(st.sampled_from([0, 0, 0x58, 0x0B, 0x08]), st.just("r")), st.booleans()), max_size=9)
)
def test_a_message_is_refused_only_when_no_part_was_accepted(
    events: list[tuple[int, str] | bool],
) -> None:
    found = job(LONG)
    taken = 0
    for event in events:
        if found.next is None:
            break
        found.mark_submitted()
        if isinstance(event, bool):
            found.on_unanswered(SubmitUnanswered(1, possibly_sent=event))
        else:
            taken += event[0] == 0
            found.on_response(SubmitResponse(1, *event), 50, 1)
    match found.result:
        case Sent():
            assert taken == 3
        case SendError():
            assert taken == 0
        case LostAnswer(_, _, refs):
            assert len(refs) == taken
        case None:
            assert found.next


def test_wrong_settings_are_named() -> None:
    for name, wrong in [
        ("password", "x" * 65),
        ("service_type", "LONGER"),
        ("password", "žluť"),
        ("system_id", "a b"),
        ("port", 0),
        ("host", ""),
    ]:
        with pytest.raises(ValueError, match=name):
            settings(**{name: wrong})
    assert "secret" not in repr(settings())
