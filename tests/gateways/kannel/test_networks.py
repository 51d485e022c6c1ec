"""Bearerbox with real networks, SMS centres by SMPP and modems, configured as printed in docs/gateways.md.

Each network has its own gateway, and one bearerbox serves all of them.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from prepazka.gateways import parts
from prepazka.gateways.kannel import Kannel
from prepazka.gateways.values import GatewayEvent, Inbound, Outbound, Part, Receipt, Sent
from tests.gateways.kannel.bearerbox import Bearerbox, manual_modem, manual_modem_kind, manual_smpp
from tests.gateways.modem import Modem
from tests.gateways.smpp.smsc import Smsc
from tests.waiting import until

PHONE, OFFICE = "+420731000001", "+420739547765"
LONG = "Příšerně dlouhá odpověď úřadu. 😀 " * 4

Opened = Callable[[str], Kannel]


@contextmanager
def running(directory: Path, networks: str) -> Iterator[Opened]:
    """Run a bearerbox with these networks; yield a function that opens the gateway of one."""
    with ExitStack() as stack:
        daemon = Bearerbox(directory, networks)
        stack.callback(daemon.close)
        daemon.start()

        def opened(name: str) -> Kannel:
            # The printed route of the first modem is to the box of the default name.
            box = Kannel(name, daemon.settings(box="prepazka" if name == "gsm" else name, smsc=name))
            stack.callback(box.close)
            box.poll(0)
            until(lambda: box.health(datetime.now(UTC)).level == "ok", f"Kannel reaches {name}, and knows its box")
            return box

        yield opened


@pytest.fixture(scope="module")
def standing() -> Iterator[dict[str, Smsc]]:
    with Smsc() as first, Smsc() as second:
        yield {"first": first, "second": second}


@pytest.fixture
def centres(standing: dict[str, Smsc]) -> dict[str, Smsc]:
    """Reset the centres after other tests."""
    for centre in standing.values():
        centre.habits(reject=0, receipts="")
    return standing


@pytest.fixture(scope="module")
def by_smpp(standing: dict[str, Smsc], tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Kannel]]:
    networks = "".join(manual_smpp(name, centre.port) for name, centre in standing.items())
    with running(tmp_path_factory.mktemp("smpp"), networks) as opened:
        yield {name: opened(name) for name in standing}


def out(id_: str, text: str) -> Outbound:
    return Outbound(id_, OFFICE, PHONE, text, 1, datetime.now(UTC) + timedelta(hours=1))


def poll(box: Kannel, count: int) -> list[GatewayEvent]:
    """Poll and acknowledge until exactly so many events have arrived."""
    received: list[GatewayEvent] = []

    def enough() -> bool:
        events = box.poll(0.1)
        box.ack(events)
        received.extend(events)
        return len(received) >= count

    until(enough, f"{count} events arrive")
    assert len(received) == count, received
    return received


def mo(text: str, **fields: object) -> dict[str, Any]:
    return {"from": PHONE, "to": OFFICE, "text": text, **fields}


def in_parts(text: str, header: bytes) -> list[dict[str, Any]]:
    """A text of two parts, the second first. header: of the first part."""
    coding = 0 if text.isascii() else 8
    half = len(text) // 2
    pieces = [(header, text[:half]), (header[:-1] + b"\2", text[half:])]
    return [mo(piece, udh=udh.hex(), esm=0x40, coding=coding) for udh, piece in reversed(pieces)]


@pytest.mark.parametrize(
    ("messages", "text"),
    [
        ([mo("OBJ ZOP [€] @é")], "OBJ ZOP [€] @é"),
        ([mo("Žluťoučký kůň 😀", coding=8)], "Žluťoučký kůň 😀"),
        ([{"from": PHONE, "to": OFFICE, "hex": "é ü ñ".encode("latin-1").hex(), "coding": 3}], "é ü ñ"),
        (in_parts("OBJ ZOP 10.8. 14:00 NOVAK", bytes([5, 0, 3, 7, 2, 1])), "OBJ ZOP 10.8. 14:00 NOVAK"),
        (in_parts("Žluťoučký kůň", bytes([6, 8, 4, 1, 7, 2, 1])), "Žluťoučký kůň"),
    ],
    ids=["GSM", "UCS-2", "Latin-1", "header of 8 bits", "header of 16 bits"],
)
def test_a_message_by_a_centre_arrives_unchanged(
    centres: dict[str, Smsc], by_smpp: dict[str, Kannel], messages: list[dict[str, Any]], text: str
) -> None:
    centres["first"].deliver(*messages)
    received: list[GatewayEvent] = []

    def whole() -> str:
        """Return the text, joined by Kannel or by us."""
        events = by_smpp["first"].poll(0.1)
        by_smpp["first"].ack(events)
        received.extend(events)
        pieces = sorted((one for one in received if isinstance(one, Part)), key=lambda part: part.number)
        if pieces:
            return "".join(part.text for part in pieces) if len(pieces) == pieces[0].total else ""
        return received[0].text if received and isinstance(received[0], Inbound) else ""

    assert until(whole, "it has arrived") == text
    assert {(one.sender, one.recipient) for one in received if isinstance(one, Inbound | Part)} == {(PHONE, OFFICE)}
    until(lambda: not centres["first"].state()["waiting"], "the centre has its response")


@pytest.mark.parametrize("receipts", ["text", "parameters"])
@pytest.mark.parametrize("name", ["first", "second"])
def test_a_reply_and_its_receipts_use_its_own_centre(
    centres: dict[str, Smsc], by_smpp: dict[str, Kannel], name: str, receipts: str
) -> None:
    before = {each: len(centre.submits(0)) for each, centre in centres.items()}
    for centre in centres.values():
        centre.habits(receipts=receipts)
    for number, text in enumerate(["à la [€]", "Objednáno", LONG]):
        id_ = f"{name}-{receipts}-{number}"
        (answer,) = by_smpp[name].send([out(id_, text)])
        assert isinstance(answer, Sent)
        events = [one for one in poll(by_smpp[name], 2 * len(answer.refs)) if isinstance(one, Receipt)]
        assert {one.id for one in events} == {id_}
        for ref in answer.refs:
            assert [one.status for one in events if one.ref == ref] == ["sent", "delivered"]
    new = {each: centre.submits(before[each]) for each, centre in centres.items()}
    submits = new.pop(name)
    assert list(new.values()) == [[]], "nothing by the other"
    assert {(one["from"], one["to"]) for one in submits} == {(OFFICE.strip("+"), PHONE.strip("+"))}
    assert [one["text"] for one in submits[:2]] == ["à la [€]", "Objednáno"]
    assert "".join(one["text"] for one in submits[2:]) == LONG
    assert len(submits) == 2 + len(parts.split(LONG, 1).parts)


def test_a_message_the_centre_refuses_is_reported(centres: dict[str, Smsc], by_smpp: dict[str, Kannel]) -> None:
    centres["first"].habits(reject=0x45)
    (answer,) = by_smpp["first"].send([out("refused", "ahoj")])
    assert isinstance(answer, Sent)
    (receipt,) = poll(by_smpp["first"], 1)
    assert isinstance(receipt, Receipt)
    assert (receipt.id, receipt.status, receipt.reason) == ("refused", "failed", "0x00000045")


def test_two_modems_receive_and_reply_by_their_own_numbers(tmp_path: Path) -> None:
    numbers = {"gsm": OFFICE, "gsm2": "+420739547766"}
    with ExitStack() as plugged:
        modems = {name: plugged.enter_context(Modem(tmp_path / name)) for name in numbers}
        # One message arrived before Kannel was running.
        modems["gsm"].receive(PHONE, "OBJ gsm 0", reference=1)
        networks = "".join(manual_modem(name, modems[name].link, number) for name, number in numbers.items())
        opened = plugged.enter_context(running(tmp_path, networks + manual_modem_kind()))
        boxes = {name: opened(name) for name in numbers}
        (early,) = poll(boxes["gsm"], 1)
        assert isinstance(early, Inbound)
        assert early.text == "OBJ gsm 0"
        for name, box in boxes.items():
            for number, text in enumerate([f"OBJ {name} [€]", LONG + name]):
                modems[name].receive(PHONE, text, reference=number)
            events = [one for one in poll(box, 2) if isinstance(one, Inbound)]
            assert [one.text for one in events] == [f"OBJ {name} [€]", LONG + name]
            assert {(one.sender, one.recipient) for one in events} == {(PHONE, numbers[name])}
        answers = {name: list(box.send([out(name, f"Objednáno {name}")])) for name, box in boxes.items()}
        for name, box in boxes.items():
            (answer,) = answers[name]
            assert isinstance(answer, Sent)
            receipts = [one for one in poll(box, 2) if isinstance(one, Receipt)]
            assert [(one.id, one.status) for one in receipts] == [(name, "sent"), (name, "delivered")]
            assert [air.text for air in modems[name].on_air] == [f"Objednáno {name}"]
            until(lambda: modems[name].stored == 0, "the SIM is emptied")  # noqa: B023
