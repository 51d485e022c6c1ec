"""A session between its two sides: takes octets and the time, returns octets and events."""

import socket
from collections.abc import Iterator
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smpplib import consts

from prepazka.gateways.smpp.connection import BackOff, SmscConnection
from prepazka.gateways.smpp.events import (
    BindRole,
    Bound,
    Delivery,
    LateResponse,
    ResponsesConfirmed,
    SessionClosed,
    SessionEvent,
    SessionOptions,
    SubmitResponse,
    SubmitUnanswered,
)
from prepazka.gateways.smpp.pdus import HEADER, Framer, Pdu, decode_pdu, encode_pdu
from prepazka.gateways.smpp.session import SmppSession

SUBMIT = {"short_message": b"x"}


class Peer:
    """The other side: `took` reads the octets the session sends."""

    def __init__(self, role: BindRole = "transceiver", window: int = 2, *, bound: bool = True) -> None:
        self.now = 100.0
        self.session = SmppSession(
            SessionOptions(role, "urad", "secret", "", "", window, enquire_every=30, response_timeout=10), self.now
        )
        if bound:
            (bind,) = self.took()
            assert self.sends(f"{bind.command}_resp", bind.sequence, system_id="smsc") == [Bound()]

    def took(self) -> list[Pdu]:
        octets = bytes(self.session.outgoing)
        self.session.mark_sent(len(octets))
        return [self._read(one) for one in Framer().feed(octets)]

    def _read(self, frame: bytes) -> Pdu:
        _, _, status, sequence = HEADER.unpack_from(frame)
        found = decode_pdu(frame)
        assert (found.status, found.sequence) == (status, sequence)
        return found

    def sends(self, command: str, sequence: int, status: int = 0, **fields: str | int | bytes) -> list[SessionEvent]:
        return self.session.receive(encode_pdu(Pdu(command, sequence, status, fields)), self.now)

    def after(self, seconds: float) -> list[SessionEvent]:
        self.now += seconds
        return self.session.tick(self.now)


def names(pdus: list[Pdu]) -> list[tuple[str, int, int]]:
    return [(one.command, one.sequence, one.status) for one in pdus]


@pytest.mark.parametrize("role", ["transceiver", "transmitter", "receiver"])
def test_it_binds(role: BindRole) -> None:
    peer = Peer(role, bound=False)
    assert names(peer.took()) == [(f"bind_{role}", 1, 0)]
    assert not peer.session.bound
    assert peer.sends(f"bind_{role}_resp", 1, system_id="smsc") == [Bound()]
    assert peer.session.bound


@pytest.mark.parametrize(
    ("status", "refused"), [(0x0E, True), (0x0F, True), (0x0D, True), (0x08, False), (0x05, False)]
)
def test_a_bind_refused(status: int, refused: bool) -> None:
    (ended,) = Peer(bound=False).sends("bind_transceiver_resp", 1, status)
    assert isinstance(ended, SessionClosed)
    assert ended.refused is refused


def test_no_answer_to_the_bind() -> None:
    peer = Peer(bound=False)
    assert peer.after(9) == []
    assert peer.after(1) == [SessionClosed("the SMSC is mute: no answer to bind_transceiver")]


def test_a_silent_peer_is_asked_and_the_session_ends_without_an_answer() -> None:
    peer = Peer()
    assert peer.session.next_tick_at == peer.now + 30
    assert peer.after(30) == []
    assert names(peer.took()) == [("enquire_link", 2, 0)]
    assert peer.sends("enquire_link_resp", 2) == []
    peer.after(29)
    assert peer.took() == []
    peer.after(1)
    assert peer.after(10) == [SessionClosed("the SMSC is mute: no answer to enquire_link")]
    assert peer.session.ended


def test_it_answers_enquire_link_unbind_and_unknown_commands() -> None:
    peer = Peer()
    peer.sends("enquire_link", 5)
    peer.session.receive(HEADER.pack(16, 0x00010200, 0, 6), peer.now)
    peer.sends("query_sm", 7, message_id="1", source_addr="")
    peer.session.receive(HEADER.pack(18, 5, 0, 8) + b"ab", peer.now)
    assert peer.sends("unbind", 9) == [SessionClosed("the SMSC has ended the session")]
    assert names(peer.took()) == [
        ("enquire_link_resp", 5, 0),
        ("generic_nack", 6, consts.SMPP_ESME_RINVCMDID),
        ("generic_nack", 7, consts.SMPP_ESME_RINVCMDID),
        ("deliver_sm_resp", 8, consts.SMPP_ESME_RINVPARLEN),
        ("unbind_resp", 9, 0),
    ]


def test_an_impossible_length_is_answered_and_ends_the_session() -> None:
    peer = Peer()
    (ended,) = peer.session.receive(bytes(4), peer.now)
    assert isinstance(ended, SessionClosed)
    assert names(peer.took()) == [("generic_nack", 0, consts.SMPP_ESME_RINVCMDLEN)]


def test_submits_have_a_window_and_answers_their_own_numbers() -> None:
    peer = Peer(window=2)
    one, two = (peer.session.submit(peer.now, SUBMIT) for _ in range(2))
    assert not peer.session.has_room
    assert peer.sends("submit_sm_resp", two, message_id="b") == [SubmitResponse(two, 0, "b")]
    assert peer.session.has_room
    assert peer.sends("submit_sm_resp", one, 0x58) == [SubmitResponse(one, 0x58, "")]
    assert peer.sends("submit_sm_resp", one, message_id="late") == []
    assert peer.sends("enquire_link_resp", 77) == []


def test_a_submit_the_peer_calls_nonsense_is_refused() -> None:
    peer = Peer()
    one = peer.session.submit(peer.now, SUBMIT)
    assert peer.sends("generic_nack", one, 0x02) == [SubmitResponse(one, 0x02, "")]


def test_a_submit_times_out_and_the_session_goes_on() -> None:
    peer = Peer()
    one = peer.session.submit(peer.now, SUBMIT)
    peer.took()
    assert peer.after(10) == [SubmitUnanswered(one, possibly_sent=True)]
    assert peer.session.bound


@pytest.mark.parametrize(
    ("command", "status", "told", "name"),
    [("submit_sm_resp", 0, 0, "k3"), ("submit_sm_resp", 0x0B, 0x0B, ""), ("generic_nack", 0, 0xFF, "")],
)
def test_an_answer_that_comes_late_is_told_once(command: str, status: int, told: int, name: str) -> None:
    peer = Peer()
    one = peer.session.submit(peer.now, SUBMIT)
    peer.took()
    peer.after(10)
    fields = {"message_id": name} if name else {}
    peer.after(47)
    assert peer.sends(command, one, status, **fields)[:1] == [LateResponse(SubmitResponse(one, told, name))]
    assert peer.session.bound
    assert peer.sends("submit_sm_resp", one, message_id="again") == []


def test_octets_of_a_pdu_that_never_ends_are_no_sign_of_life() -> None:
    peer = Peer()
    frame = encode_pdu(Pdu("deliver_sm", 9, fields={"source_addr": "1", "short_message": b"x" * 100}))
    for octet in frame[:29]:
        peer.session.receive(bytes([octet]), peer.now)
        peer.after(1)
    peer.after(1)
    assert names(peer.took()) == [("enquire_link", 2, 0)]


def test_unsent_submits_are_distinguished_from_possibly_sent_ones() -> None:
    peer = Peer()
    one = peer.session.submit(peer.now, SUBMIT)
    peer.session.mark_sent(1)
    two = peer.session.submit(peer.now, SUBMIT)
    end = peer.session.end("the connection was cut")
    assert end == [
        SubmitUnanswered(one, possibly_sent=True),
        SubmitUnanswered(two, possibly_sent=False),
        SessionClosed("the connection was cut"),
    ]
    assert peer.session.end("again") == []


def test_a_response_to_a_delivery_is_confirmed_by_a_later_answer() -> None:
    peer = Peer()
    (delivered,) = peer.sends("deliver_sm", 40, source_addr="1", short_message=b"a")
    assert isinstance(delivered, Delivery)
    peer.sends("deliver_sm", 41, source_addr="1", short_message=b"b")
    peer.sends("deliver_sm", 42, source_addr="1", short_message=b"c")
    assert peer.took() == []
    peer.session.respond(40)
    peer.session.confirm(peer.now)
    peer.session.respond(41)
    peer.session.confirm(peer.now)
    peer.session.respond(42, consts.SMPP_ESME_RMSGQFUL)
    assert names(peer.took()) == [
        ("deliver_sm_resp", 40, 0),
        ("enquire_link", 2, 0),
        ("deliver_sm_resp", 41, 0),
        ("deliver_sm_resp", 42, consts.SMPP_ESME_RMSGQFUL),
    ]
    assert peer.sends("enquire_link_resp", 2) == [ResponsesConfirmed((40,))]
    assert names(peer.took()) == [("enquire_link", 3, 0)]
    assert peer.sends("enquire_link_resp", 3) == [ResponsesConfirmed((41,))]
    peer.session.confirm(peer.now)
    assert peer.took() == []


def test_the_same_delivery_again_under_its_number_is_one() -> None:
    peer = Peer()
    assert len(peer.sends("deliver_sm", 40, source_addr="1", short_message=b"a")) == 1
    assert peer.sends("deliver_sm", 40, source_addr="1", short_message=b"a") == []
    (ended,) = peer.sends("deliver_sm", 40, source_addr="1", short_message=b"b")
    assert isinstance(ended, SessionClosed)


@pytest.mark.parametrize("peer", [Peer("transmitter"), Peer(bound=False)], ids=["transmitter", "not bound"])
def test_a_delivery_where_none_can_be_is_refused(peer: Peer) -> None:
    peer.took()
    assert peer.sends("deliver_sm", 4, source_addr="1", short_message=b"a") == []
    assert names(peer.took()) == [("deliver_sm_resp", 4, consts.SMPP_ESME_RINVBNDSTS)]


def test_it_unbinds() -> None:
    peer = Peer()
    assert peer.session.unbind(peer.now) == []
    (unbind,) = peer.took()
    assert peer.sends("deliver_sm", 4, source_addr="1", short_message=b"a") == []  # delivered again to the next session
    assert peer.sends("unbind_resp", unbind.sequence) == [SessionClosed("closed")]
    assert Peer(bound=False).session.unbind(100) == [SessionClosed("closed")]


def test_a_peer_that_lost_our_framing_is_left() -> None:
    (ended,) = Peer().sends("generic_nack", 0, 0x02)
    assert isinstance(ended, SessionClosed)


def _streams() -> st.SearchStrategy[list[bytes]]:
    command = st.sampled_from([1, 2, 5, 6, 9, 0x15, 0x102, 0x103, 0x0B])
    commands = st.one_of(command, command.map(lambda code: code | 0x80000000), st.just(0x80000000), st.just(0x80000004))
    pdu = st.builds(
        lambda code, status, sequence, body: HEADER.pack(16 + len(body), code, status, sequence) + body,
        commands,
        st.sampled_from([0, 0, 0x58, 0xFFFF]),
        st.integers(0, 6),
        st.binary(max_size=50),
    )
    return st.lists(st.one_of(pdu, pdu, st.binary(max_size=30)), max_size=12)


@given(_streams(), st.integers(0, 3))
def test_any_input_gives_events_and_one_end(stream: list[bytes], submits: int) -> None:
    def played() -> Iterator[SessionEvent]:
        peer = Peer(window=3)
        for _ in range(submits):
            peer.session.submit(peer.now, SUBMIT)
        peer.took()
        for octets in stream:
            if not peer.session.ended:
                yield from peer.session.receive(octets, peer.now)
        yield from peer.session.end("the end")

    events = list(played())
    answered = [one for one in events if isinstance(one, SubmitResponse | SubmitUnanswered)]
    assert len(answered) == submits  # each submit has one result
    assert [one for one in events if isinstance(one, SessionClosed)] == [events[-1]]


def test_back_off_doubles_up_to_its_most_and_begins_anew_after_a_good_session() -> None:
    back_off = BackOff(1, 60, chance=lambda: 0.0)
    assert [back_off.pause(0, refused=False) for _ in range(8)] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert back_off.pause(61, refused=False) == 1
    assert back_off.pause(0, refused=True) == 60
    assert BackOff(1, 60, chance=lambda: 1.0).pause(0, refused=False) == 0.5


class Recording(socket.socket):
    """A socket that has some octets, and records what is set on it."""

    chunks: list[bytes]
    options: list[tuple[int, int, int]]

    def recv(self, *_: object) -> bytes:
        if not self.chunks:
            raise BlockingIOError
        return self.chunks.pop(0)

    def setsockopt(self, *option: Any) -> None:
        self.options.append(option)


def test_what_the_smsc_sends_is_confirmed_at_once_each_time() -> None:
    recording = Recording()
    recording.chunks, recording.options = [b"one", b"two"], []
    assert SmscConnection._read(cast(Any, None), recording) == b"onetwo"
    assert recording.options == [(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)] * 2
    recording.close()
