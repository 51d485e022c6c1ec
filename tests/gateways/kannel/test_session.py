"""The box against a misbehaving bearerbox, which hangs up, falls silent, sends garbage or refuses."""

import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prepazka.gateways.kannel import Kannel, KannelSettings
from prepazka.gateways.kannel import box as kannel_box
from prepazka.gateways.kannel.box import POLL_LIMIT
from prepazka.gateways.kannel.codec import Ack, Admin, Command, Heartbeat, KannelMessage, Sms, SmsType, Verdict
from prepazka.gateways.kannel.connection import Connection, Times
from prepazka.gateways.values import GatewayEvent, Inbound, LostAnswer, Outbound, SendError, Sent
from tests.gateways.kannel.standin import Peer, acknowledging, standin
from tests.ports import free_port
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


def texts(events: object) -> list[str]:
    assert isinstance(events, list)
    return [one.text for one in events if isinstance(one, Inbound)]


def poll_until(box: Kannel, count: int) -> list[GatewayEvent]:
    """Poll until so many events are unacknowledged."""
    return until(lambda: events if len(events := list(box.poll(LONG))) >= count else None, f"{count} events arrive")


def test_identifies_itself_and_sends_heartbeats(box: Open) -> None:
    with standin() as bearerbox:
        box(bearerbox.port).poll(0)
        assert bearerbox.received.get(timeout=LONG) == Admin(Command.IDENTIFY, b"prepazka")
        assert [bearerbox.received.get(timeout=LONG) for _ in range(3)] == [Heartbeat(0)] * 3


def test_an_unacknowledged_message_is_returned_again(box: Open) -> None:
    with standin() as bearerbox:
        one = box(bearerbox.port)
        one.poll(0)
        peer = bearerbox.peers.get(timeout=LONG)
        peer.send(mo(1))
        assert texts(one.poll(LONG)) == ["OBJ 1"]
        peer.send(mo(2))
        events = poll_until(one, 2)
        assert texts(events) == ["OBJ 1", "OBJ 2"]
        one.ack(events[1:])
        assert texts(one.poll(LONG)) == ["OBJ 1"]
        one.ack(events)
        assert one.poll(0) == []
        acks: list[Ack] = []
        for received in iter(lambda: bearerbox.received.get(timeout=LONG), None):
            if isinstance(received, Ack):
                acks.append(received)
            elif acks and received == Heartbeat(0):  # earlier ones may have come before the first message
                break
        assert [ack.id.int for ack in acks] == [2, 1]


def test_acknowledges_only_on_the_connection_of_the_message(box: Open) -> None:
    """Bearerbox may give the message later on the new connection; then it is acknowledged."""
    with standin() as bearerbox:
        one = box(bearerbox.port)
        one.poll(0)
        first = bearerbox.peers.get(timeout=LONG)
        first.send(mo(1))
        events = one.poll(LONG)
        first.hang_up()
        second = bearerbox.peers.get(timeout=LONG)
        one.ack(events)
        second.send(mo(1))
        again = one.poll(LONG)
        assert again == events
        one.ack(again)
        received = [bearerbox.received.get(timeout=LONG)]
        while not isinstance(received[-1], Ack):
            received.append(bearerbox.received.get(timeout=LONG))
        assert [message for message in received if not isinstance(message, Heartbeat)] == [
            Admin(Command.IDENTIFY, b"prepazka"),
            Admin(Command.IDENTIFY, b"prepazka"),
            received[-1],
        ]


def hang_up(peer: Peer, message: KannelMessage) -> None:
    if isinstance(message, Sms):
        peer.hang_up()


def talk_rubbish(peer: Peer, message: KannelMessage) -> None:
    if isinstance(message, Sms):
        peer.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def shut_down(peer: Peer, message: KannelMessage) -> None:
    if isinstance(message, Sms):
        peer.send(Admin(Command.SHUTDOWN))


def answer_another(peer: Peer, message: KannelMessage) -> None:
    if isinstance(message, Sms):
        peer.send(Ack(Verdict.SUCCESS, 0, uuid4()))
        peer.hang_up()


@pytest.mark.parametrize("behaviour", [hang_up, talk_rubbish, shut_down, answer_another])
def test_a_missing_answer_is_lost_and_the_box_connects_again(box: Open, behaviour: object) -> None:
    with standin(behaviour) as bearerbox:  # type: ignore[arg-type]
        answers = list(box(bearerbox.port).send([out("1")]))
        assert answers == [LostAnswer("1", "bearerbox: the connection broke")]
        for _ in range(2):
            bearerbox.peers.get(timeout=LONG)


class Recording(socket.socket):
    """A socket that records what is set on it."""

    options: list[tuple[int, int, int]]

    def recv(self, *_: object) -> bytes:
        self.options.append((0, 0, 0))
        return b"octets"

    def setsockopt(self, *option: Any) -> None:
        self.options.append(option)


def test_what_bearerbox_sends_is_confirmed_at_once_each_time() -> None:
    recording = Recording()
    recording.options = []
    connection = Connection(recording)
    assert [connection.receive(9), connection.receive(9)] == [b"octets"] * 2
    assert recording.options == [(0, 0, 0), (socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)] * 2
    recording.close()


def test_after_a_full_hundred_the_next_hundred_is_gathered(box: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kannel_box, "GATHERING", LONG)
    with standin() as bearerbox:
        one = box(bearerbox.port)
        one.poll(0)
        peer = bearerbox.peers.get(timeout=LONG)
        for number in range(POLL_LIMIT):
            peer.send(mo(number))
        one.ack(poll_until(one, POLL_LIMIT))
        for number in range(POLL_LIMIT, 2 * POLL_LIMIT):
            peer.send(mo(number))
        second = one.poll(0)
        assert texts(second) == [f"OBJ {number}" for number in range(POLL_LIMIT, 2 * POLL_LIMIT)]
        one.ack(second)
        monkeypatch.setattr(kannel_box, "GATHERING", 0.001)
        assert one.poll(0) == [], "a moment without a hundred is no fault"
        peer.send(mo(3))
        assert texts(one.poll(LONG)) == ["OBJ 3"], "after few of them each is returned when it comes"


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
        (Verdict.FAILED_FOR_NOW, SendError("1", "bearerbox's queue is full", throttled=True, cause="throttled")),
    ],
)
def test_bearerboxs_verdict_is_ours(box: Open, verdict: Verdict, answer: object) -> None:
    with standin(acknowledging(verdict)) as bearerbox:
        (given,) = box(bearerbox.port).send([out("1", "Ž" * 100)])
    assert type(given) is answer or given == answer
    if isinstance(given, Sent):
        assert len(given.refs) == 2, "one for each part"


def test_a_message_accepted_in_part_is_not_sent_again(box: Open) -> None:
    def accept_the_first(peer: Peer, message: KannelMessage) -> None:
        if isinstance(message, Sms):
            first = (message.dlr_url or b"").endswith(b"/1")
            peer.send(Ack(Verdict.SUCCESS if first else Verdict.FAILED_FOR_NOW, 0, message.id))

    with standin(accept_the_first) as bearerbox:
        (given,) = box(bearerbox.port).send([out("1", "x" * 200)])
    assert isinstance(given, LostAnswer)
    assert len(given.refs) == 1


def test_without_a_bearerbox_nothing_was_sent(box: Open) -> None:
    one = box(free_port())
    answers = [one._hand_over(out(str(number)), 0.2) for number in range(2)]
    assert all(isinstance(answer, SendError) and answer.retryable for answer in answers)
    until(lambda: "cannot connect" in one.health(NOW).summary, "it has tried to connect")
    assert one.health(NOW).level == "error"


def test_reconnects_to_bearerbox(box: Open) -> None:
    with socket.create_server(("127.0.0.1", 0)) as later:
        one = box(int(later.getsockname()[1]))
        one.poll(0)
        connected, _ = later.accept()
        connected.close()  # a host that box-deny-ip denies sees this
        connected, _ = later.accept()
        with connected:
            assert one.poll(0) == []


def test_a_health_check_does_not_identify_the_box(box: Open) -> None:
    with standin() as bearerbox:
        asked = box(bearerbox.port)
        assert asked.health(NOW).level == "ok"
        hearing = box(bearerbox.port)
        hearing.poll(0)
        assert bearerbox.received.get(timeout=LONG) == Admin(Command.IDENTIFY, b"prepazka")
        until(lambda: hearing.health(NOW).level == "ok", "it knows that it is connected")
        assert bearerbox.peers.qsize() == 1


@pytest.mark.parametrize(("failures", "pause"), [(0, 0.2), (1, 0.4), (4, 3.2), (7, 15.0), (1_000_000, 15.0)])
def test_tries_again_ever_more_slowly(failures: int, pause: float) -> None:
    assert Times().pause(failures) == pytest.approx(pause)


@given(st.binary(min_size=1, max_size=64))
def test_any_bytes_from_the_peer_end_in_a_new_connection_or_nothing(octets: bytes) -> None:
    def talk(peer: Peer, message: KannelMessage) -> None:
        if isinstance(message, Admin):
            peer.send(octets)
            peer.hang_up()

    with standin(talk) as bearerbox:
        one = Kannel("k", KannelSettings(port=bearerbox.port), QUICK)
        one.poll(0)
        for _ in range(2):
            bearerbox.peers.get(timeout=LONG)
        one.close()
