"""The box against a bearerbox that does what it should not: hangs up, falls silent, talks rubbish, refuses."""

import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prepazka.gateways.kannel import Kannel, KannelSettings
from prepazka.gateways.kannel.codec import Ack, Admin, Command, Heartbeat, KannelMessage, Sms, SmsType, Verdict
from prepazka.gateways.kannel.connection import Times
from prepazka.gateways.values import GatewayEvent, Inbound, LostAnswer, Outbound, SendError, Sent
from tests.gateways.kannel.standin import Peer, acknowledging, standin
from tests.waiting import DEADLINE, until

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
QUICK = Times(first_pause=0.01, longest_pause=0.05, heartbeat=0.05, proven=0.01)
LONG = DEADLINE

Open = Callable[..., Kannel]


@pytest.fixture
def box() -> Iterator[Open]:
    opened: list[Kannel] = []

    def open_(port: int, times: Times = QUICK, answer: float = LONG) -> Kannel:
        opened.append(Kannel("k", KannelSettings(port=port), times, answer))
        return opened[-1]

    yield open_
    for one in opened:
        one.close()


def mo(number: int) -> Sms:
    return Sms(b"+420731000001", b"+420739547765", text=b"OBJ %d" % number, id=UUID(int=number), type=SmsType.MO)


def out(id_: str, text: str = "ahoj") -> Outbound:
    return Outbound(id_, "+420739547765", "+420731000001", text, 1, NOW + timedelta(hours=1))


def texts(heard: object) -> list[str]:
    assert isinstance(heard, list)
    return [one.text for one in heard if isinstance(one, Inbound)]


def hear_until(box: Kannel, count: int) -> list[GatewayEvent]:
    """What is heard once so many wait to be acknowledged."""
    return until(lambda: heard if len(heard := list(box.poll(LONG))) >= count else None, f"{count} are heard")


def test_identifies_itself_and_keeps_saying_that_it_is_alive(box: Open) -> None:
    with standin() as bearerbox:
        box(bearerbox.port).poll(0)
        assert bearerbox.said.get(timeout=LONG) == Admin(Command.IDENTIFY, b"prepazka")
        assert [bearerbox.said.get(timeout=LONG) for _ in range(3)] == [Heartbeat(0)] * 3


def test_what_is_not_acknowledged_is_heard_again(box: Open) -> None:
    with standin() as bearerbox:
        one = box(bearerbox.port)
        one.poll(0)
        peer = bearerbox.peers.get(timeout=LONG)
        peer.say(mo(1))
        assert texts(one.poll(LONG)) == ["OBJ 1"]
        peer.say(mo(2))
        heard = hear_until(one, 2)
        assert texts(heard) == ["OBJ 1", "OBJ 2"]
        one.ack(heard[1:])
        assert texts(one.poll(LONG)) == ["OBJ 1"]
        one.ack(heard)
        assert one.poll(0) == []
        acks = [said for said in iter(bearerbox.said.get, Heartbeat(0)) if isinstance(said, Ack)]
        assert [ack.id.int for ack in acks] == [2, 1]


def test_acknowledges_nothing_on_a_connection_that_did_not_give_it(box: Open) -> None:
    """It might be given there later; then it is acknowledged."""
    with standin() as bearerbox:
        one = box(bearerbox.port)
        one.poll(0)
        first = bearerbox.peers.get(timeout=LONG)
        first.say(mo(1))
        heard = one.poll(LONG)
        first.hang_up()
        second = bearerbox.peers.get(timeout=LONG)
        one.ack(heard)
        second.say(mo(1))
        again = one.poll(LONG)
        assert again == heard
        one.ack(again)
        said = [bearerbox.said.get(timeout=LONG)]
        while not isinstance(said[-1], Ack):
            said.append(bearerbox.said.get(timeout=LONG))
        assert [message for message in said if not isinstance(message, Heartbeat)] == [
            Admin(Command.IDENTIFY, b"prepazka"),
            Admin(Command.IDENTIFY, b"prepazka"),
            said[-1],
        ]


def hang_up(peer: Peer, message: KannelMessage) -> None:
    if isinstance(message, Sms):
        peer.hang_up()


def talk_rubbish(peer: Peer, message: KannelMessage) -> None:
    if isinstance(message, Sms):
        peer.say(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def shut_down(peer: Peer, message: KannelMessage) -> None:
    if isinstance(message, Sms):
        peer.say(Admin(Command.SHUTDOWN))


def answer_another(peer: Peer, message: KannelMessage) -> None:
    if isinstance(message, Sms):
        peer.say(Ack(Verdict.SUCCESS, 0, uuid4()))
        peer.hang_up()


@pytest.mark.parametrize("manners", [hang_up, talk_rubbish, shut_down, answer_another])
def test_an_answer_that_never_came_is_lost_and_the_box_connects_again(box: Open, manners: object) -> None:
    with standin(manners) as bearerbox:  # type: ignore[arg-type]
        answers = list(box(bearerbox.port).send([out("1")]))
        assert answers == [LostAnswer("1", "bearerbox: the connection broke")]
        for _ in range(2):
            bearerbox.peers.get(timeout=LONG)


def test_a_bearerbox_that_falls_silent_is_left(box: Open) -> None:
    with standin(lambda peer, message: None) as bearerbox:
        answers = list(box(bearerbox.port, answer=0.05).send([out("1"), out("2")]))
        assert [type(answer) for answer in answers] == [LostAnswer, LostAnswer]
        for _ in range(2):
            bearerbox.peers.get(timeout=LONG)


@pytest.mark.parametrize(
    ("verdict", "answer"),
    [
        (Verdict.SUCCESS, Sent),
        (Verdict.BUFFERED, Sent),
        (Verdict.FAILED, SendError("1", "bearerbox knows no way to send it, or it has expired", retryable=False)),
        (Verdict.FAILED_FOR_NOW, SendError("1", "bearerbox's queue is full", throttled=True)),
    ],
)
def test_bearerboxs_verdict_is_ours(box: Open, verdict: Verdict, answer: object) -> None:
    with standin(acknowledging(verdict)) as bearerbox:
        (given,) = box(bearerbox.port).send([out("1", "Ž" * 100)])
    assert type(given) is answer or given == answer
    if isinstance(given, Sent):
        assert len(given.refs) == 2, "one for each part"


def test_a_message_taken_in_part_is_not_sent_again(box: Open) -> None:
    def take_the_first(peer: Peer, message: KannelMessage) -> None:
        if isinstance(message, Sms):
            first = (message.dlr_url or b"").endswith(b"/1")
            peer.say(Ack(Verdict.SUCCESS if first else Verdict.FAILED_FOR_NOW, 0, message.id))

    with standin(take_the_first) as bearerbox:
        (given,) = box(bearerbox.port).send([out("1", "x" * 200)])
    assert isinstance(given, LostAnswer)
    assert len(given.refs) == 1


def test_without_a_bearerbox_nothing_was_given(box: Open) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = int(nobody.getsockname()[1])
    one = box(port)
    answers = [one._hand_over(out(str(number)), 0.2) for number in range(2)]
    assert all(isinstance(answer, SendError) and answer.retryable for answer in answers)
    assert one.health(NOW).level == "error"
    assert "cannot connect" in one.health(NOW).summary


def test_waits_for_bearerbox_to_come_back(box: Open) -> None:
    with socket.create_server(("127.0.0.1", 0)) as later:
        one = box(int(later.getsockname()[1]))
        one.poll(0)
        connected, _ = later.accept()
        connected.close()  # a host that box-deny-ip denies sees this
        connected, _ = later.accept()
        with connected:
            assert one.poll(0) == []


def test_asking_for_its_health_identifies_nobody(box: Open) -> None:
    with standin() as bearerbox:
        asked = box(bearerbox.port)
        assert asked.health(NOW).level == "ok"
        hearing = box(bearerbox.port)
        hearing.poll(0)
        assert bearerbox.said.get(timeout=LONG) == Admin(Command.IDENTIFY, b"prepazka")
        until(lambda: hearing.health(NOW).level == "ok", "it knows that it is connected")
        assert bearerbox.peers.qsize() == 1


@pytest.mark.parametrize(("failures", "pause"), [(0, 0.2), (1, 0.4), (4, 3.2), (7, 15.0), (1_000_000, 15.0)])
def test_tries_again_ever_more_slowly(failures: int, pause: float) -> None:
    assert Times().pause(failures) == pytest.approx(pause)


@given(st.binary(min_size=1, max_size=64))
def test_any_bytes_from_the_peer_end_in_a_new_connection_or_nothing(octets: bytes) -> None:
    def talk(peer: Peer, message: KannelMessage) -> None:
        if isinstance(message, Admin):
            peer.say(octets)
            peer.hang_up()

    with standin(talk) as bearerbox:
        one = Kannel("k", KannelSettings(port=bearerbox.port), QUICK)
        one.poll(0)
        for _ in range(2):
            bearerbox.peers.get(timeout=LONG)
        one.close()
