"""Drills with an SMSC of another maker: the faults between two machines, over real sockets."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import count
from threading import Thread
from time import monotonic

import pytest

from prepazka.gateways.values import (
    Inbound,
    LostAnswer,
    Part,
    Receipt,
    SendError,
    SendResult,
    Sent,
)
from tests.gateways.smpp.conftest import Opened
from tests.gateways.smpp.smsc import Message, Smsc
from tests.gateways.smpp.texting import KLIMA, NOVAK, OFFICE, inbounds, outbound, poll, texting
from tests.waiting import DEADLINE, until


def part(text: str, number: int, total: int, sender: str = NOVAK, **more: object) -> Message:
    return texting(text, sender, udh=bytes([5, 0, 3, 7, total, number]).hex(), **more)


# --- received messages --------------------------------------------------------------------------


def test_seven_kinds_of_messages(smsc: Smsc, opened: Opened) -> None:
    long = "ŽÁDOST " * 15
    halves = "😀".encode("utf-16-be")
    smsc.deliver(
        texting("OBJ [€] {ZOP}"),
        texting("Žluťoučký kůň 😀", coding=8),
        texting("é ü", coding=3),
        part("prvni ", 1, 2),
        part("druha", 2, 2),
        {"from": NOVAK, "to": OFFICE, "coding": 8, "esm": 0x40, "hex": "06080401070202" + halves[2:].hex()},
        {"from": NOVAK, "to": OFFICE, "coding": 8, "esm": 0x40, "hex": "06080401070201" + halves[:2].hex()},
        texting("a", tlvs={"sar_msg_ref_num": 300, "sar_total_segments": 2, "sar_segment_seqnum": 1}),
        texting(long, coding=8, payload=True),
    )
    events = poll(opened(), 9)
    assert inbounds(events) == [
        (NOVAK, OFFICE, "OBJ [€] {ZOP}"),
        (NOVAK, OFFICE, "Žluťoučký kůň 😀"),
        (NOVAK, OFFICE, "é ü"),
        (NOVAK, OFFICE, long),
    ]
    parts = [(one.text, one.reference, one.total, one.number) for one in events if isinstance(one, Part)]
    assert parts == [
        ("prvni ", 7, 2, 1), ("druha", 7, 2, 2), ("\ude00", 0x107, 2, 2), ("\ud83d", 0x107, 2, 1), ("a", 300, 2, 1),
    ]  # fmt: skip
    assert len({one.id for one in events if isinstance(one, Inbound | Part)}) == 9


def test_parts_of_two_people_with_one_reference(smsc: Smsc, opened: Opened) -> None:
    smsc.deliver(part("a1", 1, 2), part("b1", 1, 2, KLIMA), part("b2", 2, 2, KLIMA), part("a2", 2, 2))
    events = [one for one in poll(opened(), 4) if isinstance(one, Part)]
    assert [(one.sender, one.reference, one.text) for one in events] == [
        (NOVAK, 7, "a1"), (KLIMA, 7, "b1"), (KLIMA, 7, "b2"), (NOVAK, 7, "a2"),
    ]  # fmt: skip


def test_nothing_is_answered_before_the_office_has_it(smsc: Smsc, opened: Opened) -> None:
    smsc.deliver(texting("OBJ"))
    gateway = opened()
    (event,) = poll(gateway, 1, ack=False)
    assert list(gateway.poll(0)) == [event]
    assert (state := smsc.state())["responses"] == []
    assert state["waiting"] == 1
    gateway.ack([event])
    gateway.ack([event])
    until(lambda: smsc.state()["waiting"] == 0)
    assert gateway.poll(0) == []


def test_an_unacknowledged_message_is_delivered_again_under_its_id(smsc: Smsc, opened: Opened) -> None:
    smsc.deliver(texting("OBJ"), texting("OBJ"), texting("MOJE"))
    one, other = opened(), opened()
    first = poll(one, 3, ack=False)
    one.close()
    again = poll(other, 3)  # as another process does after the first was killed
    assert {one.id for one in again if isinstance(one, Inbound)} == {
        one.id for one in first if isinstance(one, Inbound)
    }
    until(lambda: smsc.state()["waiting"] == 0)


def test_cut_between_hearing_and_acknowledging(smsc: Smsc, opened: Opened) -> None:
    gateway = opened()
    smsc.deliver(texting("OBJ"))
    first = poll(gateway, 1, ack=False)
    smsc.cut()
    until(lambda: gateway.health(datetime.now(UTC)).summary.endswith(": bound, 1 deliveries in hand"))
    gateway.ack(first)  # of an ended session: this answer loses and duplicates nothing
    assert poll(gateway, 1) == first


def test_equal_texts_are_two_messages(smsc: Smsc, opened: Opened) -> None:
    gateway = opened()
    smsc.deliver(texting("MOJE"))
    first = poll(gateway, 1)
    smsc.deliver(texting("MOJE"))
    second = poll(gateway, 1)
    assert inbounds(first) == inbounds(second)
    assert first != second


def test_an_impatient_smsc_delivers_again_in_the_same_session(smsc: Smsc, opened: Opened) -> None:
    smsc.habits(again=900)
    gateway = opened(resent_after=0.05)  # far less: a busy machine reads the first one late
    smsc.deliver(texting("OBJ"))
    first = poll(gateway, 1, ack=False)
    until(lambda: smsc.state()["deliveries"] >= 2)
    assert gateway.poll(0) == first
    gateway.ack(first)
    until(lambda: smsc.state()["waiting"] == 0)


def test_a_delivery_that_is_not_text_is_refused_and_the_next_arrives(smsc: Smsc, opened: Opened) -> None:
    smsc.deliver({"from": NOVAK, "to": OFFICE, "coding": 4, "hex": "0102"}, texting("OBJ"))
    assert inbounds(poll(opened(), 1)) == [(NOVAK, OFFICE, "OBJ")]
    until(lambda: smsc.state()["waiting"] == 0)
    assert sorted(smsc.state()["responses"]) == [0, 0x66]


def test_more_than_can_be_held_is_asked_for_later(smsc: Smsc, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prepazka.gateways.smpp.gateway._PENDING_LIMIT", 3)
    smsc.deliver(*(texting(f"OBJ {number}") for number in range(8)))
    texts = [text for _, _, text in inbounds(poll(opened(), 8))]
    assert sorted(texts) == [f"OBJ {number}" for number in range(8)]


def test_a_thousand_messages_in(smsc: Smsc, opened: Opened) -> None:
    smsc.deliver(*(texting(f"OBJ {number}") for number in range(1000)))
    events = poll(opened(), 1000)
    assert [text for _, _, text in inbounds(events)] == [f"OBJ {number}" for number in range(1000)]
    assert len({one.id for one in events if isinstance(one, Inbound)}) == 1000


# --- sent messages ------------------------------------------------------------------------------


def test_texts_as_another_maker_reads_them(smsc: Smsc, opened: Opened) -> None:
    long = "Objednáno [ZOP] € " * 10
    wide = "Žluťoučký 😀 kůň " * 8
    messages = [outbound(1, "Objednano [€]"), outbound(2, long), outbound(3, wide)]
    answers = list(opened().send(messages))
    assert all(isinstance(one, Sent) for one in answers)
    submits = smsc.state()["submits"]
    assert [one["text"] for one in submits if not one["header"]] == ["Objednano [€]"]
    for number, text, coding in [(2, long, 8), (3, wide, 8)]:
        parts = [one for one in submits if one["to"] == NOVAK[1:] and one["header"]]
        mine = [one for one in parts if one["text"] in text and one["coding"] == coding]
        assert "".join(one["text"] for one in mine) == text, number
    assert {one["validity"][:4] for one in submits} == {str(messages[0].expires.year)}
    assert {(one["from"], one["to"], one["receipt"]) for one in submits} == {(OFFICE[1:], NOVAK[1:], 1)}


@pytest.mark.parametrize("form", ["text", "parameters"])
@pytest.mark.parametrize(("stat", "status"), [("DELIVRD", "delivered"), ("UNDELIV", "undelivered")])
def test_receipts(smsc: Smsc, opened: Opened, form: str, stat: str, status: str) -> None:
    smsc.habits(receipts=form, stat=stat)
    gateway = opened()
    answers = list(gateway.send([outbound(number) for number in range(3)]))
    refs = [one.refs[0] for one in answers if isinstance(one, Sent)]
    receipts = [one for one in poll(gateway, 3) if isinstance(one, Receipt)]
    assert [(one.ref, one.status) for one in receipts] == [(ref, status) for ref in refs]


def test_receipts_whose_names_are_written_in_another_way(smsc: Smsc, opened: Opened) -> None:
    smsc.habits(receipts="text", hexIds=True)
    gateway = opened(message_ids="hex_then_decimal")
    answers = list(gateway.send([outbound(number) for number in range(12)]))
    receipts = [one.ref for one in poll(gateway, 12) if isinstance(one, Receipt)]
    assert receipts == [one.refs[0] for one in answers if isinstance(one, Sent)]


def test_an_smsc_with_no_time(smsc: Smsc, opened: Opened) -> None:
    smsc.habits(throttle=2)  # refuses every other one
    answers = list(opened(window=1).send([outbound(number) for number in range(6)]))
    assert [one.id for one in answers] == [str(number) for number in range(6)]
    refused = [one for one in answers if isinstance(one, SendError)]
    assert refused
    assert all(one.throttled for one in refused)
    # After the first refusal the rest of them is not submitted.
    assert isinstance(answers[-1], SendError)
    assert len(smsc.state()["submits"]) == len(answers) - len(refused)


def test_a_long_message_gets_through_an_smsc_with_no_time(
    smsc: Smsc, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("prepazka.gateways.smpp.gateway._THROTTLE_PAUSE", 0.05)
    gateway = opened()
    assert isinstance(next(iter(gateway.send([outbound(0)]))), Sent)
    smsc.habits(throttle=2)
    (answer,) = gateway.send([outbound(1, "x" * 400)])
    assert isinstance(answer, Sent)
    assert len(answer.refs) == 3


def test_a_pause_that_ends_between_two_looks_at_the_clock_is_over(
    smsc: Smsc, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is on its way then that would wake whoever sends."""
    looks = count()
    monkeypatch.setattr("prepazka.gateways.smpp.gateway.monotonic", lambda: monotonic() + 0.6 * next(looks))
    gateway = opened()
    assert isinstance(next(iter(gateway.send([outbound(0)]))), Sent)
    smsc.habits(throttle=2)
    answers: list[SendResult] = []
    Thread(target=lambda: answers.extend(gateway.send([outbound(1, "y" * 400)])), daemon=True).start()
    assert [type(one) for one in until(lambda: answers, "it is sent")] == [Sent]


@pytest.mark.parametrize(("status", "retryable"), [(0x0B, False), (0x45, True), (0x1234, True)])
def test_an_smsc_that_refuses(smsc: Smsc, opened: Opened, status: int, retryable: bool) -> None:
    smsc.habits(reject=status)
    (answer,) = opened().send([outbound(1)])
    assert isinstance(answer, SendError)
    assert (answer.retryable, answer.throttled) == (retryable, False)


def test_submits_without_an_answer(smsc: Smsc, opened: Opened) -> None:
    smsc.habits(silent=True)
    gateway = opened(response_timeout=2)
    assert [type(one) for one in gateway.send([outbound(1), outbound(2)])] == [LostAnswer, LostAnswer]
    smsc.habits(silent=False)
    later = count(3)
    until(lambda: [type(one) for one in gateway.send([outbound(next(later))])] == [Sent])  # 2 s may be short for once


def test_a_late_answer_and_its_receipt_end_the_doubt(smsc: Smsc, opened: Opened) -> None:
    smsc.habits(late=2000, hexIds=True)
    gateway = opened(response_timeout=0.8, enquire_every=30)
    (answer,) = gateway.send([outbound(41)])
    assert isinstance(answer, LostAnswer)
    (receipt,) = poll(gateway, 1)
    assert isinstance(receipt, Receipt)
    assert (receipt.id, receipt.ref, receipt.status) == ("41", "1", "handed")
    assert gateway.poll(0) == []
    assert len(smsc.state()["submits"]) == 1


def test_a_wrong_setting_is_an_error_that_names_it_until_a_message_passes(smsc: Smsc, opened: Opened) -> None:
    gateway = opened()
    smsc.habits(reject=0x48)
    (answer,) = gateway.send([outbound(1)])
    assert isinstance(answer, SendError)
    assert answer.retryable
    health = gateway.health(datetime.now(UTC))
    assert (health.level, "source_ton" in health.summary) == ("error", True)
    smsc.habits(reject=0)
    assert [type(one) for one in gateway.send([outbound(2)])] == [Sent]
    assert gateway.health(datetime.now(UTC)).level == "ok"


def test_cut_with_submits_on_their_way(smsc: Smsc, opened: Opened) -> None:
    smsc.habits(silent=True)
    gateway = opened(window=2, response_timeout=30)
    with ThreadPoolExecutor(1) as aside:
        answers = aside.submit(lambda: list(gateway.send([outbound(number) for number in range(4)])))
        until(lambda: len(smsc.state()["submits"]) == 2)
        smsc.cut()
        assert [type(one) for one in answers.result(DEADLINE)] == [LostAnswer, LostAnswer, SendError, SendError]


def test_a_thousand_messages_out(smsc: Smsc, opened: Opened) -> None:
    gateway = opened(window=50)
    answers = [one for first in range(0, 1000, 50) for one in gateway.send([outbound(first + n) for n in range(50)])]
    assert [one.id for one in answers] == [str(number) for number in range(1000)]
    assert len({one.refs for one in answers if isinstance(one, Sent)}) == 1000
    assert len(smsc.state()["submits"]) == 1000
