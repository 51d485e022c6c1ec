"""The day through an Android phone, with repeated calls, calls given up and requested again, and a killed office."""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from multiprocessing.context import ForkServerProcess
from threading import Lock
from typing import Any
from uuid import uuid4

import pytest

from tests.gateways.calling import Caller, PendingCall
from tests.gateways.calling import office as office_with_a_door
from tests.gateways.day import NOW, OFFICE, books, play
from tests.gateways.drill import Killed, compared
from tests.gateways.peers import CLOSE, Request, Response, listening
from tests.gateways.through import bound, through
from tests.ports import free_port

KEY = "signing-key"


class Phone:
    """The app by its documentation: its interface on a port, its calls, and the phones of the network behind it.

    Every seventh message is called twice, every eleventh call is given up and made only on request, and the answer to
    every ninth sent message is lost.
    """

    def __init__(self, port: int) -> None:
        self.caller = Caller(port, "/gateways/mobil", self._signed)
        self.inbox: list[dict[str, Any]] = []
        self.sent: dict[str, tuple[str, str]] = {}
        self.repeated = 0
        self.given_up = 0
        self.asked_again = 0
        self._lock = Lock()
        self._order: list[tuple[str, str]] = []

    # the network's side

    def put(self, phone: str, text: str) -> None:
        """Receive a message, a second after the one before."""
        received = (NOW - timedelta(hours=1) + timedelta(seconds=len(self.inbox))).isoformat(timespec="milliseconds")
        message = {
            "messageId": "abc",
            "message": text,
            "sender": phone,
            "phoneNumber": phone,
            "recipient": None if len(self.inbox) % 3 else OFFICE,
            "simNumber": 1,
            "receivedAt": received,
        }
        self.inbox.append(message)
        if len(self.inbox) % 11 == 0:
            self.given_up += 1
            return
        body = self._event("sms:received", message)
        for _ in range(2 if len(self.inbox) % 7 == 0 else 1):
            self.caller.send(PendingCall(body))

    def received(self) -> Sequence[tuple[str, str]]:
        """Return the texts that reached phones."""
        with self._lock:
            return list(self._order)

    # the app's side

    def answer(self, request: Request) -> Response:
        """Answer a request to the app's interface."""
        fields = json.loads(request.body) if request.body else {}
        match request.method, request.target:
            case "GET", "/health":
                return Response(200, b'{"status":"pass","checks":{}}')
            case "POST", "/messages":
                return self._accept(fields)
            case "POST", "/messages/inbox/export":
                self.asked_again += 1
                for message in self.inbox:
                    self.caller.send(PendingCall(self._event("sms:received", message)))
                return Response(202)
            case _:
                return Response(404)

    def _accept(self, fields: dict[str, Any]) -> Response:
        with self._lock:
            if fields["id"] in self.sent:
                self.repeated += 1
                return Response(409, b'{"message":"message with such id already exists"}')
            (number,) = fields["phoneNumbers"]
            self.sent[fields["id"]] = (number, fields["textMessage"]["text"])
            self._order.append(self.sent[fields["id"]])
            lose = len(self.sent) % 9 == 0
        if lose:  # without a receipt either, so that the office must look it up
            return Response(CLOSE)
        for kind, moment in (("sms:sent", "sentAt"), ("sms:delivered", "deliveredAt")):
            self.caller.send(PendingCall(self._event(kind, {"messageId": fields["id"], moment: NOW.isoformat()})))
        return Response(202, b'{"state":"Pending"}')

    def _event(self, kind: str, payload: Mapping[str, Any]) -> bytes:
        return json.dumps(
            {"deviceId": "dev", "event": kind, "id": uuid4().hex[:21], "payload": payload, "webhookId": "hook"}
        ).encode()

    def _signed(self, body: bytes) -> Mapping[str, str]:
        moment = str(int(NOW.timestamp()))
        signature = hmac.new(KEY.encode(), body + moment.encode(), hashlib.sha256).hexdigest()
        return {"Content-Type": "application/json", "X-Signature": signature, "X-Timestamp": moment}


@pytest.fixture
def phone() -> Iterator[tuple[Phone, str]]:
    phone = Phone(free_port())
    with listening(phone.answer) as peer:
        yield phone, peer.url


def test_the_day_through_a_phone_is_the_day(
    phone: tuple[Phone, str], start: Callable[..., ForkServerProcess], phones: int, whole: bool
) -> None:
    app, url = phone
    expected = compared(phones)
    settings = {"url": url, "username": "sms", "password": "pw", "signing_key": KEY, "per_minute": 600}
    bound("mobil", "android", settings)
    office = Killed(
        lambda looked: start(office_with_a_door, "mobil", app.caller.port, looked),
        app.caller,
        lambda: len(app.sent),
        every=90 if whole else 15,
    )
    turns = play(through(app, office.working, settled=office.settled), phones)
    assert (turns, books()) == expected
    assert office.kills >= (5 if whole else 3)
    assert app.given_up >= (40 if whole else 5)
    assert app.asked_again > office.kills
    assert app.repeated >= (20 if whole else 3)
    assert app.caller.again > 0
    assert app.caller.refused == 0
