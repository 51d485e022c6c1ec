"""What stands around a box of Kannel in the bench: the relay counts messages alone, and Kannel may be missing."""

import socket
from uuid import uuid4

import pytest

from prepazka.bench import kannel
from prepazka.bench.kannel_peers import Relay
from prepazka.bench.sizes import SMALL
from prepazka.gateways.kannel.codec import Ack, Heartbeat, KannelMessage, Sms, SmsType, Verdict, encode
from tests.waiting import DEADLINE


def test_the_relay_counts_acknowledged_messages_and_passes_all_octets_on() -> None:
    first, second, report = uuid4(), uuid4(), uuid4()
    given = b"".join(
        [
            encode(Sms(b"+420602000007", b"+420739547765", None, "Žádost".encode(), time=5, id=first, type=SmsType.MO)),
            encode(Sms(b"+420602000008", text=b"delivered", smsc=b"bench", id=report, type=SmsType.REPORT_MT)),
            encode(Sms(id=second, type=SmsType.MO)),
        ]
    )
    with socket.create_server(("127.0.0.1", 0)) as listening:
        relay = Relay(listening.getsockname()[1], 2)
        with socket.create_connection(("127.0.0.1", relay.port)) as box, listening.accept()[0] as bearerbox:
            for octet in range(0, len(given), 7):
                bearerbox.sendall(given[octet : octet + 7])
            assert box.makefile("rb").read(len(given)) == given
            answers: list[KannelMessage] = [
                Ack(Verdict.SUCCESS, 5, first),
                Ack(Verdict.SUCCESS, 5, report),
                Heartbeat(1),
            ]
            for answer in [*answers, Ack(Verdict.SUCCESS, 5, first)]:
                box.sendall(encode(answer))
            passed = b"".join(map(encode, [*answers, answers[0]]))
            assert bearerbox.makefile("rb").read(len(passed)) == passed
            assert not relay.acknowledged.is_set(), "one message is not acknowledged yet"
            box.sendall(encode(Ack(Verdict.SUCCESS, 5, second)))
            assert relay.acknowledged.wait(DEADLINE)


def test_where_kannel_is_missing_the_part_says_so_and_has_no_row(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(kannel, "program", lambda: None)
    assert kannel.measure(SMALL) == []
    assert "bearerbox is not installed" in capsys.readouterr().err
