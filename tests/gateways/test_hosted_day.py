"""The day through a provider over HTTP, with replies by calls and replies in answers, and a killed office."""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.context import ForkServerProcess
from threading import Lock
from urllib.parse import parse_qsl, urlencode

from tests.gateways.calling import Caller, PendingCall
from tests.gateways.calling import office as office_with_a_door
from tests.gateways.day import NOW, OFFICE, books, play
from tests.gateways.drill import Killed, compared
from tests.gateways.peers import CLOSE, Request, Response, listening
from tests.gateways.through import bound, through
from tests.ports import free_port

SECRET = "a-secret-of-the-two-sides"

BY_CALLS = """
title = "Volající brána"

[calls]
proof = "signature"
answer = "OK"

[calls.signature]
header = "X-Signature"
timestamp_header = "X-Timestamp"
signed = "{timestamp}.{body}"

[calls.messages]
where = { type = "mo" }
id = "id"
sender = "from"
recipient = "to"
text = "text"
time = { field = "time", format = "unix" }

[calls.receipts]
where = { type = "dlr" }
id = "ours"
ref = "id"
status = "state"
statuses = { D = "delivered", U = "undelivered" }

[send]
url = "http://127.0.0.1:1"
format = "form"
body = { id = "{id}", to = "{recipient_digits}", text = "{text}" }
where = { status = "ok" }
ref = "ref"
idempotent = true
failures = [{ status = [429], means = "throttled" }]
"""

IN_ANSWERS = """
title = "Odpovídající brána"

[calls]
proof = "header:X-Key"
reply = "body"
answer = { sms = "{text}" }
silence = { sms = "" }

[calls.messages]
id = "id"
sender = "from"
recipient = "to"
text = "text"
"""


class Provider:
    """The phones behind a provider, and the texts that reached them, in order."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller
        self.numbers = 0
        self._lock = Lock()
        self._received: list[tuple[str, str]] = []

    def received(self) -> Sequence[tuple[str, str]]:
        """Return the texts that reached phones."""
        with self._lock:
            return list(self._received)

    def deliver(self, phone: str, text: str) -> None:
        """Deliver a text to a phone."""
        with self._lock:
            self._received.append((phone, text))

    def message(self, phone: str, text: str) -> dict[str, str]:
        """Return the fields of a call with a message."""
        self.numbers += 1
        return {"id": str(self.numbers), "from": phone.removeprefix("+"), "to": OFFICE, "text": text}


class Calling(Provider):
    """Calls with signed forms, every fifth twice; accepts requests to send, refuses some, and loses some answers."""

    def __init__(self) -> None:
        super().__init__(Caller(free_port(), "/gateways/brana", self._signed, lost=13))
        self.accepted: dict[str, str] = {}
        self.again = 0
        self.refused = 0

    def put(self, phone: str, text: str) -> None:
        """Send a text from a phone."""
        fields = self.message(phone, text) | {"type": "mo", "time": str(int(NOW.timestamp()) - 3600 + self.numbers)}
        for _ in range(2 if self.numbers % 5 == 0 else 1):
            self.caller.send(PendingCall(urlencode(fields).encode()))

    def _signed(self, body: bytes) -> Mapping[str, str]:
        moment = str(int(NOW.timestamp()))
        signature = hmac.new(SECRET.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
        form = "application/x-www-form-urlencoded"
        return {"Content-Type": form, "X-Signature": signature, "X-Timestamp": moment}

    def answer(self, request: Request) -> Response:
        """Answer a request to send."""
        fields = dict(parse_qsl(request.body.decode()))
        with self._lock:
            if fields["id"] in self.accepted:
                self.again += 1
                return self._ok(fields["id"])
            if len(self.accepted) % 40 == 17 and self.refused < len(self.accepted):
                self.refused = len(self.accepted)
                return Response(429)
            self.accepted[fields["id"]] = f"ref-{len(self.accepted)}"
            lose = len(self.accepted) % 9 == 0
        self.deliver(f"+{fields['to']}", fields["text"])
        if lose:  # without a receipt either, so that the office must try again
            return Response(CLOSE)
        receipt = {"type": "dlr", "ours": fields["id"], "id": self.accepted[fields["id"]], "state": "D"}
        self.caller.send(PendingCall(urlencode(receipt).encode()))
        return self._ok(fields["id"])

    def _ok(self, id_: str) -> Response:
        return Response(200, json.dumps({"status": "ok", "ref": self.accepted[id_]}).encode())


class Answered(Provider):
    """Sends the office's answers to its calls; the answer to every seventh call is lost."""

    def __init__(self) -> None:
        headers = {"Content-Type": "application/json", "X-Key": SECRET}
        super().__init__(Caller(free_port(), "/gateways/brana", lambda _body: headers, lost=7))

    def put(self, phone: str, text: str) -> None:
        """Send a text from a phone."""

        def accepted(answer: bytes) -> None:
            if reply := json.loads(answer)["sms"]:
                self.deliver(phone, reply)

        self.caller.send(PendingCall(json.dumps(self.message(phone, text)).encode(), accepted))


def test_the_day_through_a_provider_that_is_called_is_the_day(
    start: Callable[..., ForkServerProcess], phones: int, whole: bool
) -> None:
    provider = Calling()
    expected = compared(phones)
    with listening(provider.answer) as peer:
        bound("brana", "hosted", {"definition": BY_CALLS, "secret": SECRET, "url": peer.url})
        office = Killed(
            lambda looked: start(office_with_a_door, "brana", provider.caller.port, looked),
            provider.caller,
            lambda: len(provider.accepted),
            every=110 if whole else 15,
        )
        turns = play(through(provider, office.working, settled=office.settled), phones)
    assert (turns, books()) == expected
    assert office.kills >= (4 if whole else 2)
    assert provider.again >= (20 if whole else 3)
    assert provider.refused
    assert provider.caller.again >= (20 if whole else 5)
    assert provider.caller.refused == 0


def test_the_day_through_a_provider_that_is_answered_is_the_day(
    start: Callable[..., ForkServerProcess], phones: int, whole: bool
) -> None:
    provider = Answered()
    expected = compared(phones)
    bound("brana", "hosted", {"definition": IN_ANSWERS, "secret": SECRET})
    office = Killed(
        lambda looked: start(office_with_a_door, "brana", provider.caller.port, looked),
        provider.caller,
        lambda: len(provider.received()),
        every=110 if whole else 15,
    )
    turns = play(through(provider, office.working, settled=office.settled), phones)
    assert (turns, books()) == expected
    assert office.kills >= (4 if whole else 2)
    assert provider.caller.again >= (50 if whole else 7)
    assert provider.caller.refused == 0
