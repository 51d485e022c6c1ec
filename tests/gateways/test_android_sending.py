"""The Android gateway as it sends, and as it asks for calls that were missed."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from prepazka.gateways.android import Android, AndroidSettings
from prepazka.gateways.android.gateway import ReplayRefused
from prepazka.gateways.http import basic_auth
from prepazka.gateways.values import (
    LostAnswer,
    Outbound,
    SendError,
    Sent,
)
from tests.gateways.app_calls import KEY, ME, NOW, OFFICE, phone
from tests.gateways.peers import CLOSE, Peer, Request, Response, listening
from tests.gateways.test_http import closed_address

# --- sending ------------------------------------------------------------------------------------

OUT = Outbound("1f-6398c", OFFICE, ME, "Objednano: ZOP po 10.8.", 1, datetime(2026, 8, 3, 11, tzinfo=UTC))


def answered(response: Response, message: Outbound = OUT, **settings: Any) -> tuple[Any, Peer]:
    with listening(lambda _: response) as peer:
        (answer,) = phone(peer.url, **settings).send([message])
    return answer, peer


def problem(status: int, message: str) -> Response:
    return Response(status, json.dumps({"message": message}).encode())


def test_a_message_is_sent_as_the_interface_demands() -> None:
    answer, peer = answered(Response(202, b'{"id":"1f-6398c","state":"Pending"}'), sim=2, device="dev")
    (request,) = peer.requests
    assert answer == Sent(OUT.id)
    assert (request.method, request.target) == ("POST", "/messages")
    assert request.headers["authorization"] == basic_auth("sms", "secret")
    assert request.headers["content-type"] == "application/json"
    assert json.loads(request.body) == {
        "id": OUT.id,
        "textMessage": {"text": OUT.text},
        "phoneNumbers": [ME],
        "withDeliveryReport": True,
        "validUntil": "2026-08-03T11:00:00.000Z",
        "simNumber": 2,
        "deviceId": "dev",
    }


def test_a_token_goes_before_name_and_password() -> None:
    _, peer = answered(Response(202), token="eyJ")
    assert peer.requests[0].headers["authorization"] == "Bearer eyJ"


@pytest.mark.parametrize(
    ("response", "answer"),
    [
        pytest.param(Response(200), Sent(OUT.id), id="accepted"),
        pytest.param(Response(201), Sent(OUT.id), id="accepted by an older app"),
        pytest.param(problem(409, "message with such id already exists"), Sent(OUT.id), id="there already"),
        pytest.param(
            problem(400, "Invalid phone number +420 777 123 456"),
            SendError(OUT.id, "refused by the phone (400): Invalid phone number +•", retryable=False, cause="number"),
            id="a number it does not take",
        ),
        pytest.param(
            problem(400, "No devices registered"),
            SendError(OUT.id, "refused by the phone (400): No devices registered"),
            id="no phone at the server",
        ),
        pytest.param(
            problem(401, "Unauthorized"),
            SendError(OUT.id, "the phone refuses our name and password", cause="account"),
            id="401",
        ),
        pytest.param(
            Response(403), SendError(OUT.id, "the phone refuses our name and password", cause="account"), id="403"
        ),
        pytest.param(Response(404, b"<html>"), SendError(OUT.id, "refused by the phone (404): "), id="another page"),
        pytest.param(Response(302), SendError(OUT.id, "refused by the phone (302): "), id="elsewhere"),
        pytest.param(
            problem(429, "too fast"),
            SendError(OUT.id, "refused by the phone (429): too fast", throttled=True, cause="throttled"),
            id="429",
        ),
        pytest.param(
            problem(503, "queue limits exceeded: too many pending messages: 5 / 5"),
            SendError(
                OUT.id,
                "refused by the phone (503): queue limits exceeded: too many pending messages: 5 / 5",
                throttled=True,
                cause="throttled",
            ),
            id="its queue is full",
        ),
    ],
)
def test_the_results_of_answers(response: Response, answer: object) -> None:
    assert answered(response)[0] == answer


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        pytest.param(200, Sent(OUT.id), id="an older app has it"),
        pytest.param(404, SendError(OUT.id, "the phone failed (500)"), id="has it not"),
        pytest.param(500, LostAnswer(OUT.id, "the phone failed (500)"), id="no information"),
    ],
)
def test_a_phone_that_failed_is_asked_whether_it_has_the_message(status: int, answer: object) -> None:
    def behaviour(request: Request) -> Response:
        return problem(500, "UNIQUE constraint failed") if request.method == "POST" else Response(status)

    with listening(behaviour) as peer:
        assert list(phone(peer.url).send([OUT])) == [answer]
        assert [(request.method, request.target) for request in peer.requests] == [
            ("POST", "/messages"),
            ("GET", f"/messages/{OUT.id}"),
        ]


def test_a_closed_port_means_not_accepted() -> None:
    assert list(phone(closed_address()).send([OUT])) == [SendError(OUT.id, "no connection to it", cause="unreachable")]


def test_a_broken_connection_is_in_doubt_and_the_same_id_may_be_sent_again() -> None:
    gateway = phone()
    assert answered(Response(CLOSE))[0] == LostAnswer(OUT.id, "the connection broke")
    assert gateway.capabilities.idempotent


def test_too_long_an_id_is_not_sent() -> None:
    (answer,) = phone().send([replace(OUT, id="x" * 37)])
    assert isinstance(answer, SendError)
    assert not answer.retryable


# --- missed calls -------------------------------------------------------------------------------


@pytest.fixture
def peer() -> Iterator[Peer]:
    with listening(lambda _: Response(202)) as peer:
        yield peer


class Watch:
    """The gateway's clock."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def asked_again(peer: Peer) -> list[dict[str, str]]:
    return [json.loads(request.body) for request in peer.requests if request.method == "POST"]


def test_at_its_beginning_it_asks_for_the_last_hours(peer: Peer) -> None:
    gateway = phone(peer.url, replay_hours=6)
    assert gateway.poll(0) == ()
    (request,) = peer.requests
    assert request.target == "/messages/inbox/export"
    assert json.loads(request.body) == {"since": "2026-08-03T01:00:00.000Z", "until": "2026-08-03T07:00:00.000Z"}


def test_a_newer_phone_calls_the_request_by_another_name(peer: Peer) -> None:
    peer.behaviour = lambda request: Response(404 if request.target == "/messages/inbox/export" else 202)
    phone(peer.url, device="dev").poll(0)
    assert peer.requests[1].target == "/inbox/refresh"
    assert json.loads(peer.requests[1].body) == {
        "since": "2026-08-02T19:00:00.000Z",
        "until": "2026-08-03T07:00:00.000Z",
        "deviceId": "dev",
        "triggerWebhooks": True,
        "webhookDelivery": "Individual",
    }


def test_while_all_is_well_it_asks_once(peer: Peer) -> None:
    watch = Watch()
    gateway = Android("mobil", AndroidSettings.model_validate({"url": peer.url, "signing_key": KEY}), watch)
    for _ in range(10):
        gateway.poll(0)
        watch.now += timedelta(seconds=30)
    assert len(asked_again(peer)) == 1
    assert {request.target for request in peer.requests if request.method == "GET"} == {"/health"}


def test_after_the_phone_was_away_it_asks_for_that_time(peer: Peer) -> None:
    watch = Watch()
    gateway = Android("mobil", AndroidSettings.model_validate({"url": peer.url, "signing_key": KEY}), watch)
    gateway.poll(0)
    peer.behaviour = lambda _: Response(CLOSE)
    for _ in range(3):
        watch.now += timedelta(minutes=1)
        gateway.poll(0)
    peer.requests.clear()
    peer.behaviour = lambda _: Response(202)
    watch.now += timedelta(minutes=1)
    gateway.poll(0)
    assert asked_again(peer) == [{"since": "2026-08-03T06:55:00.000Z", "until": "2026-08-03T07:04:00.000Z"}]


def test_after_we_were_away_it_asks_for_that_time(peer: Peer) -> None:
    watch = Watch()
    gateway = Android("mobil", AndroidSettings.model_validate({"url": peer.url, "signing_key": KEY}), watch)
    gateway.poll(0)
    peer.requests.clear()
    watch.now += timedelta(hours=1)
    gateway.poll(0)
    assert asked_again(peer) == [{"since": "2026-08-03T06:55:00.000Z", "until": "2026-08-03T08:00:00.000Z"}]


def test_where_nothing_is_to_be_asked_for_nothing_is_asked(peer: Peer) -> None:
    phone(peer.url, replay_hours=0).poll(0)
    assert peer.requests == []


def test_a_refused_replay_is_reported_and_tried_again(peer: Peer) -> None:
    watch = Watch()
    peer.behaviour = lambda _: problem(401, "Unauthorized")
    gateway = Android("mobil", AndroidSettings.model_validate({"url": peer.url, "signing_key": KEY}), watch)
    with pytest.raises(ReplayRefused, match="401"):
        gateway.poll(0)
    peer.behaviour = lambda _: Response(202)
    watch.now += timedelta(minutes=1)
    gateway.poll(0)
    assert len(asked_again(peer)) == 2
