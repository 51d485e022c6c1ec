"""A peer that is asked: its messages and the place behind them are stored together, or neither is."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from prepazka.flows.inbound import intake
from prepazka.gateways.hosted import Hosted, HostedSettings
from prepazka.store import gateways, inbox, models
from tests.gateways.peers import Peer, Request, Response, listening
from tests.made_once import kept_once
from tests.offices import demo_office

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
NUMBER = "+420739547765"

SCHRANKA = """
title = "Schránka"

[[fetch]]
url = "{base}/inbox"
body = { after = "{cursor}" }
each = "messages"
cursor = "next"
start = "0"

[fetch.messages]
id = "id"
sender = "from"
text = "text"

[send]
url = "{base}/send"
"""


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@pytest.fixture(autouse=True)
def office() -> int:
    gateways.keep("schranka", "hosted", {}, NOW, "test")
    return kept_once(replace(demo_office(), gateways={NUMBER: "schranka"}), NOW).id


def answer(request: Request) -> Response:
    """Give one of four messages a page, behind the place that is asked for."""
    place = int(parse_qs(urlsplit(request.target).query)["after"][0])
    messages = [{"id": place + 1, "from": "+420604271828", "text": f"POMOC {place + 1}"}] if place < 4 else []
    return Response(200, json.dumps({"messages": messages, "next": min(place + 1, 4)}).encode())


@pytest.fixture
def peer() -> Iterator[Peer]:
    with listening(answer) as peer:
        yield peer


def opened(peer: Peer) -> Hosted:
    """Open the gateway as a process that begins to serve it does."""
    gateway = Hosted("schranka", HostedSettings(definition=SCHRANKA, url=peer.url), Clock())
    intake.resume(gateway)
    return gateway


def texts() -> list[str]:
    return list(models.Inbound.objects.order_by("id").values_list("text", flat=True))


def test_each_process_goes_on_where_the_one_before_stored(peer: Peer) -> None:
    for _ in range(6):
        intake.poll(opened(peer), NOW)
    assert texts() == ["POMOC 1", "POMOC 2", "POMOC 3", "POMOC 4"]
    asked = [parse_qs(urlsplit(request.target).query)["after"] for request in peer.requests]
    assert asked == [["0"], ["1"], ["2"], ["3"], ["4"], ["4"]]


def test_a_page_that_cannot_be_stored_does_not_move_the_place(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    gateway = opened(peer)
    intake.poll(gateway, NOW)
    place = gateways.position("schranka")
    with monkeypatch.context() as broken:
        broken.setattr(inbox, "take_in", _full)
        with pytest.raises(OSError, match="disk"):
            intake.poll(gateway, NOW)
    assert gateways.position("schranka") == place
    intake.poll(gateway, NOW)
    assert texts() == ["POMOC 1", "POMOC 2"]


def _full(*_: object) -> None:
    raise OSError("the disk is full")


def test_after_a_kill_between_storing_and_acknowledging_nothing_is_doubled_or_missed(peer: Peer) -> None:
    gateway = opened(peer)
    events = gateway.poll(0)
    assert intake.store_polled(gateway, events, NOW)
    # Killed here; and another one before it could store anything.
    opened(peer).poll(0)
    for _ in range(4):
        intake.poll(opened(peer), NOW)
    assert texts() == ["POMOC 1", "POMOC 2", "POMOC 3", "POMOC 4"]


def test_a_provider_that_gives_the_same_page_again_has_one_effect(peer: Peer) -> None:
    peer.behaviour = lambda _: Response(
        200, json.dumps({"messages": [{"id": 7, "from": "+420604271828", "text": "POMOC"}], "next": 1}).encode()
    )
    gateway = opened(peer)
    for _ in range(3):
        intake.poll(gateway, NOW)
    assert texts() == ["POMOC"]


def test_a_page_with_nothing_for_us_moves_the_place_too(peer: Peer) -> None:
    peer.behaviour = lambda _: Response(200, b'{"messages": [], "next": "55"}')
    assert intake.poll(opened(peer), NOW) == 0
    assert '"55"' in gateways.position("schranka")


def test_a_removed_gateway_leaves_no_place(peer: Peer) -> None:
    gateways.keep("druha", "hosted", {}, NOW, "test")
    gateways.keep_position("druha", "somewhere")
    gateways.remove("druha", NOW, "test")
    gateways.keep("druha", "hosted", {}, NOW, "test")
    assert gateways.position("druha") == ""
