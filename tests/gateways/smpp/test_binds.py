"""Several binds of one account: each message goes by one of them; a lost one takes no other with it."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from prepazka.gateways.smpp import SmppSettings
from prepazka.gateways.smpp.deliveries import DeliveredMessage, read_delivery
from prepazka.gateways.smpp.pdus import Pdu, Value
from prepazka.gateways.smpp.sending import submits
from prepazka.gateways.values import Outbound, SendError, Sent
from tests.gateways.smpp.conftest import Opened
from tests.gateways.smpp.smsc import Smsc
from tests.waiting import until

EXPIRES = datetime.now(UTC) + timedelta(hours=1)
LONG = "Prepazka " * 40


def outbound(number: int, text: str = "", sender: str = "+420739100200") -> Outbound:
    return Outbound(f"{number:x}-1", sender, f"+4206041{number:05}", text or f"zprava {number}", 1, EXPIRES)


@pytest.mark.parametrize(("bind", "count"), [("transceiver", 3), ("pair", 6)])
def test_each_message_is_sent_once_by_one_of_the_binds(smsc: Smsc, opened: Opened, bind: str, count: int) -> None:
    smsc.habits(late=100)  # so that one session alone would be full
    gateway = opened(binds=3, bind=bind, window=2)
    gateway.poll(0)
    until(lambda: smsc.state()["sessions"] == count)
    assert (gateway.capabilities.batch, gateway.capabilities.most) == (6, 50)
    answers = list(gateway.send([outbound(number) for number in range(12)]))
    assert [type(answer) for answer in answers] == [Sent] * 12
    sent = smsc.submits(0)
    assert Counter(submit["to"] for submit in sent).most_common(1)[0][1] == 1
    assert len({submit["session"] for submit in sent}) == 3


def test_a_batch_larger_than_the_window_goes_out_in_order(smsc: Smsc, opened: Opened) -> None:
    messages = [outbound(number, "" if number % 5 else LONG) for number in range(23)]
    answers = list(opened(window=3).send(messages))
    assert [one.id for one in answers if isinstance(one, Sent)] == [message.id for message in messages]
    submits = smsc.submits(0)
    assert list(dict.fromkeys(one["to"] for one in submits)) == [one.recipient.removeprefix("+") for one in messages]
    assert len(submits) == 23 + 2 * 5


def test_all_parts_of_a_message_go_in_one_session(smsc: Smsc, opened: Opened) -> None:
    gateway = opened(binds=3)
    gateway.poll(0)
    until(lambda: smsc.state()["sessions"] == 3)
    assert all(isinstance(answer, Sent) for answer in gateway.send([outbound(number, LONG) for number in range(6)]))
    sessions: dict[str, set[int]] = {}
    for submit in smsc.submits(0):
        sessions.setdefault(submit["to"], set()).add(submit["session"])
    assert [len(one) for one in sessions.values()] == [1] * 6


def test_an_account_with_fewer_binds_works_with_those_and_says_so(smsc: Smsc, opened: Opened) -> None:
    smsc.habits(mostBinds=2)
    gateway = opened(binds=3)
    gateway.poll(0)
    until(lambda: gateway.health(EXPIRES).name == "smpp_partly" and smsc.state()["sessions"] == 2)
    assert gateway.health(EXPIRES).level == "warning"
    assert all(isinstance(answer, Sent) for answer in gateway.send([outbound(number) for number in range(5)]))
    smsc.deliver(*({"from": "+420605161803", "to": "+420739100200", "text": f"POMOC {n}"} for n in range(4)))
    until(lambda: len(gateway.poll(1)) == 4)
    gateway.ack(gateway.poll(1))
    until(lambda: smsc.state()["waiting"] == 0)


def test_a_session_that_is_cut_ends_only_what_it_had(smsc: Smsc, opened: Opened) -> None:
    gateway = opened(binds=2, retry_first=30, retry_most=30)
    gateway.poll(0)
    until(lambda: smsc.state()["sessions"] == 2)
    smsc.cut()
    until(lambda: gateway.health(EXPIRES).level == "error")
    (answer,) = gateway.send([outbound(1)])
    assert isinstance(answer, SendError)
    assert answer.cause == "unreachable"


# --- short codes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sender", "own", "types"),
    [
        ("9021199", {}, (6, 0)),
        ("9021199", {"source_ton": 3, "source_npi": 0}, (3, 0)),
        ("+420739100200", {}, (1, 1)),
    ],
)
def test_a_short_code_is_sent_with_its_own_type(sender: str, own: dict[str, int], types: tuple[int, int]) -> None:
    settings = SmppSettings.model_validate({"host": "smsc", "system_id": "urad", "password": "x" * 60} | own)
    (fields,) = submits(outbound(1, sender=sender), settings)
    assert (fields["source_addr_ton"], fields["source_addr_npi"]) == types
    assert fields["source_addr"] == sender.removeprefix("+")


@pytest.mark.parametrize("ton", [0, 1, 3, 6])
def test_a_message_to_a_short_code_names_it_without_a_country(ton: int) -> None:
    fields: dict[str, Value] = {
        "source_addr": "420605161803", "source_addr_ton": 1, "destination_addr": "9021199", "dest_addr_ton": ton,
        "short_message": b"POMOC", "data_coding": 0, "esm_class": 0,
    }  # fmt: skip
    message = read_delivery(Pdu("deliver_sm", 1, fields=fields), "gsm", "same")
    assert isinstance(message, DeliveredMessage)
    assert (message.sender, message.recipient) == ("+420605161803", "9021199")
