"""The box with the real bearerbox and its fake SMS centre, configured as printed in docs/gateways.md."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from prepazka.gateways.kannel import Kannel
from prepazka.gateways.kannel.codec import KannelCoding, Sms, SmsType
from prepazka.gateways.kannel.messages import part_id
from prepazka.gateways.values import GatewayEvent, Inbound, Outbound, Part, Receipt, SendError, Sent
from tests.gateways.kannel.bearerbox import Bearerbox, Phones, bearerbox
from tests.waiting import DEADLINE, until

PHONE, OFFICE = "+420731000001", "+420739547765"
LONG = DEADLINE


@pytest.fixture
def peers(tmp_path: Path) -> Iterator[tuple[Bearerbox, Phones]]:
    with bearerbox(tmp_path) as running:
        yield running


@pytest.fixture
def daemon(peers: tuple[Bearerbox, Phones]) -> Bearerbox:
    return peers[0]


@pytest.fixture
def phones(peers: tuple[Bearerbox, Phones]) -> Phones:
    return peers[1]


@pytest.fixture
def box(daemon: Bearerbox) -> Iterator[Kannel]:
    one = Kannel("k", daemon.settings())
    yield one
    one.close()


def out(id_: str, text: str, recipient: str = PHONE) -> Outbound:
    return Outbound(id_, OFFICE, recipient, text, 1, datetime.now(UTC) + timedelta(hours=1))


def poll(box: Kannel, count: int) -> list[GatewayEvent]:
    """Poll and acknowledge until so many events have arrived."""
    received: list[GatewayEvent] = []

    def enough() -> bool:
        events = box.poll(LONG)
        box.ack(events)
        received.extend(events)
        return len(received) >= count

    until(enough, f"{count} events arrive")
    return received


def test_messages_have_ids_numbers_and_czech_letters(box: Kannel, phones: Phones) -> None:
    phones.text(PHONE, "739547765", "OBJ ZOP Žluťoučký {€} 😀")
    phones.text("INFO", OFFICE, "x" * 700)
    first, second = poll(box, 2)
    assert isinstance(first, Inbound)
    assert isinstance(second, Inbound)
    assert (first.sender, first.recipient, first.text) == (PHONE, "739547765", "OBJ ZOP Žluťoučký {€} 😀")
    assert (second.sender, second.text) == ("INFO", "x" * 700)
    assert first.id != second.id
    assert first.sent
    assert abs(datetime.now(UTC) - first.sent) < timedelta(minutes=1)


@pytest.mark.parametrize(
    "text",
    [
        "Objednano: ZOP 10.8. v 14:00.\nKod 482913.",
        "à la é {€}~[]\\^|",
        "Příliš žluťoučký kůň 😀",
        "Dlouha odpoved uradu. " * 12,
        "Příšerně dlouhá odpověď úřadu. 😀" * 6,
    ],
)
def test_replies_reach_the_phone_as_they_were_written(box: Kannel, phones: Phones, text: str) -> None:
    (answer,) = box.send([out("4711", text)])
    assert isinstance(answer, Sent)
    assert phones.wait_for(1) == {PHONE: [text]}
    receipts = poll(box, 2 * len(answer.refs))
    assert all(isinstance(receipt, Receipt) and receipt.id == "4711" for receipt in receipts)
    for ref in answer.refs:
        mine = [receipt.status for receipt in receipts if isinstance(receipt, Receipt) and receipt.ref == ref]
        assert mine == ["sent", "delivered"]


def test_many_are_sent_at_once_in_order(box: Kannel, phones: Phones) -> None:
    answers = list(box.send([out(str(number), f"zprava {number}") for number in range(20)]))
    assert [answer.id for answer in answers if isinstance(answer, Sent)] == [str(number) for number in range(20)]
    assert phones.wait_for(20)[PHONE] == [f"zprava {number}" for number in range(20)]


def test_an_expired_message_is_refused_and_reported(box: Kannel) -> None:
    (answer,) = box.send([replace(out("1", "pozde"), expires=datetime.now(UTC) - timedelta(minutes=1))])
    assert isinstance(answer, SendError)
    assert not answer.retryable
    (receipt,) = poll(box, 1)
    assert isinstance(receipt, Receipt)
    assert (receipt.status, receipt.id, receipt.reason) == ("failed", "1", "validity expired")


def test_without_a_network_bearerbox_stores_the_reply(box: Kannel, phones: Phones) -> None:
    box.poll(0)
    phones.close()
    until(lambda: box.health(datetime.now(UTC)).level == "error", "Kannel sees that the network is gone")
    (answer,) = box.send([out("1", "ahoj")])
    assert isinstance(answer, Sent)
    phones.connect()
    # Kannel checks every few seconds whether a centre is back.
    assert phones.wait_for(1) == {PHONE: ["ahoj"]}


def test_an_unacknowledged_message_goes_to_the_next_box_under_the_same_id(
    daemon: Bearerbox, phones: Phones, box: Kannel
) -> None:
    phones.text(PHONE, OFFICE, "OBJ ZOP")
    (event,) = box.poll(LONG)
    box.close()
    second = Kannel("k", daemon.settings())
    assert second.poll(LONG) == [event]
    daemon.kill()
    daemon.start()
    again = until(lambda: second.poll(LONG), "it arrives after a restart of bearerbox")
    assert again == [event]
    second.ack(again)
    until(lambda: not any(path.is_file() for path in daemon.store.rglob("*")), "bearerbox's store is empty")
    second.close()


def test_parts_are_joined_by_kannel_but_for_those_a_restart_has_parted(
    daemon: Bearerbox, phones: Phones, box: Kannel
) -> None:
    phones.raw(f"{PHONE} {OFFICE} udh %05%00%03%07%02%01 OBJ ZOP ".encode())
    phones.raw(f"{PHONE} {OFFICE} udh %05%00%03%07%02%02 10.8. 14:00".encode())
    (joined,) = poll(box, 1)
    assert isinstance(joined, Inbound)
    assert joined.text == "OBJ ZOP 10.8. 14:00"
    phones.raw(f"{PHONE} {OFFICE} udh %05%00%03%08%02%01 STORNO ".encode())
    until(lambda: daemon.received() == 3, "bearerbox has the first part")
    daemon.kill()
    daemon.start()
    # Killed before it wrote down that the first message is acknowledged, bearerbox sends that again, under its id.
    (part,) = until(lambda: [one for one in poll(box, 1) if one != joined], "the parted part arrives")
    assert isinstance(part, Part)
    assert (part.text, part.reference, part.total, part.number) == ("STORNO ", 8, 2, 1)


def test_its_health_is_kannels(daemon: Bearerbox, phones: Phones, box: Kannel) -> None:
    now = datetime.now(UTC)
    asked = Kannel("k", daemon.settings())
    until(lambda: asked.health(now).level == "warning", "the centre is online, but no box")
    assert "no process of the office" in asked.health(now).summary
    box.poll(0)
    until(lambda: asked.health(now).level == "ok", "Kannel knows the box")
    assert "Kannel by gsm" in asked.health(now).summary
    assert "password" in Kannel("k", daemon.settings(status_password="wrong")).health(now).summary
    assert Kannel("k", daemon.settings(status_password="")).health(now).level == "ok"
    assert "elsewhere" in Kannel("k", daemon.settings(smsc="elsewhere")).health(now).summary
    phones.close()
    until(lambda: asked.health(now).level == "error", "Kannel sees that the network is gone")
    daemon.kill()
    assert asked.health(now).level == "error"
    until(lambda: "bearerbox: " in box.health(now).summary, "the box sees that bearerbox is gone")


def test_a_health_check_receives_no_message(daemon: Bearerbox, phones: Phones, box: Kannel) -> None:
    for password in ("change-me-too", ""):
        assert Kannel("k", daemon.settings(status_password=password)).health(datetime.now(UTC)).level != "error"
    phones.text(PHONE, OFFICE, "OBJ ZOP")
    assert len(poll(box, 1)) == 1


def test_the_codec_speaks_as_bearerbox_does(box: Kannel, phones: Phones) -> None:
    """A message with every field set reaches the phone."""
    box.poll(0)
    whole = Sms(
        OFFICE.encode(), PHONE.encode(), None, b"vsechno", 1_800_000_000, b"gsm", b"7", b"f", b"s", b"a",
        part_id("1", 1), SmsType.MT_PUSH, -1, -1, KannelCoding.GSM, 0, 2_000_000_000, -1, 0, b"1/1", 0, 0, -1, b"UTF-8",
        b"prepazka", b"b", 0, 0, -1, -1, b"?smpp?x=1&",
    )  # fmt: skip
    box._session.hand_over([whole], LONG)
    assert phones.wait_for(1) == {PHONE: ["vsechno"]}
