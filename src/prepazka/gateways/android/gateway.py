"""An Android phone with the app SMS Gateway (capcom6): it calls us with what it got, and we give it what to send.

By its published documentation and source (docs.sms-gate.app, github.com/capcom6/android-sms-gateway); the same
interface whether the phone is called directly or by a cloud or private server.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from threading import Event
from typing import Any, Final
from urllib.parse import quote

from prepazka.gateways.android.answers import condition, meaning, says, words
from prepazka.gateways.android.calls import AndroidCall, read_call
from prepazka.gateways.android.settings import AndroidSettings
from prepazka.gateways.http import Client, HttpAnswer, NoAnswer, NotReached, basic
from prepazka.gateways.redaction import redacted
from prepazka.gateways.values import (
    Capabilities,
    GatewayEvent,
    Health,
    LostAnswer,
    Outbound,
    SendError,
    SendResult,
    Sent,
    WebhookCall,
)

# How often the phone is asked whether it is there, and how long after it was not, or we were not, for what we missed.
LOOK_EVERY: Final = timedelta(minutes=1)
# Its clock may differ from ours, and a message was on its way to it: the time asked for begins so much earlier.
OVERLAP: Final = timedelta(minutes=5)
# The server takes no longer ids.
LONGEST_ID: Final = 36


Clock = Callable[[], datetime]


def _utc_now() -> datetime:
    return datetime.now(UTC)


class ReplayRefused(Exception):
    """The phone can be reached, but does not take the request to call again with what we missed."""


class Android:
    """The gateway. What came and was not acknowledged the phone calls with again, by itself, for two days."""

    def __init__(self, name: str, settings: AndroidSettings, clock: Clock = _utc_now) -> None:
        self._name = name
        self._settings = settings
        self._clock = clock
        self._client = Client()
        self._quick = Client(connect=0.5, read=0.5)
        self._closed = Event()
        self._missed: datetime | None = None  # since when something may have been missed; None: nothing to ask for
        self._looked: datetime | None = None

    @property
    def name(self) -> str:
        """As given."""
        return self._name

    @property
    def capabilities(self) -> Capabilities:
        """The phone keeps our ids, so a lost answer may be asked for again."""
        return Capabilities(per_minute=self._settings.per_minute, idempotent=True)

    def send(self, messages: Sequence[Outbound]) -> Iterator[SendResult]:
        """One by one, as the interface takes them."""
        for message in messages:
            yield self._sent(message)

    def _sent(self, message: Outbound) -> SendResult:
        if len(message.id) > LONGEST_ID:
            return SendError(message.id, f"the id is longer than {LONGEST_ID}", retryable=False)
        try:
            answered = self._ask("POST", "/messages", self._letter(message))
            if answered.status >= HTTPStatus.INTERNAL_SERVER_ERROR and not says(answered, "queue"):
                # Older apps answer so to an id they have already; whether they have it is to be asked.
                return self._perhaps_sent(message, answered)
            return meaning(message, answered)
        except NotReached as error:
            return SendError(message.id, str(error))
        except NoAnswer as error:
            return LostAnswer(message.id, str(error))

    def _letter(self, message: Outbound) -> dict[str, Any]:
        letter: dict[str, Any] = {
            "id": message.id,
            "textMessage": {"text": message.text},
            "phoneNumbers": [message.recipient],
            "withDeliveryReport": True,
            "validUntil": _iso(message.expires),
        }
        if self._settings.sim is not None:
            letter["simNumber"] = self._settings.sim
        if self._settings.device:
            letter["deviceId"] = self._settings.device
        return letter

    def _perhaps_sent(self, message: Outbound, refusal: HttpAnswer) -> SendResult:
        known = self._ask("GET", f"/messages/{quote(message.id, safe='')}")
        match known.status:
            case HTTPStatus.OK:
                return Sent(message.id)
            case HTTPStatus.NOT_FOUND:
                return SendError(message.id, f"the phone failed ({refusal.status})")
            case _:
                return LostAnswer(message.id, f"the phone failed ({refusal.status})")

    def poll(self, wait: float) -> Sequence[GatewayEvent]:
        """(): what comes, comes by calls. After an outage, ours or the phone's, it is asked to call again.

        Raises: ReplayRefused.
        """
        now = self._clock()
        if self._looked is None or now - self._looked >= LOOK_EVERY:
            self._look(now)
        self._closed.wait(wait)
        return ()

    def _look(self, now: datetime) -> None:
        """Ask for what we missed once the phone can be reached; until then remember since when."""
        back = timedelta(hours=self._settings.replay_hours)
        if not back:
            return
        before, self._looked = self._looked, now
        if before is None:  # nobody knows how long we were away
            self._missed = now - back
        elif now - before > 2 * LOOK_EVERY:
            self._missed = min(self._missed or now, before - OVERLAP)
        if self._missed is None:
            if not self._there():
                self._missed = (before or now) - OVERLAP
            return
        if self._replayed(max(self._missed, now - back), now):
            self._missed = None

    def _there(self) -> bool:
        try:
            self._ask("GET", "/health")
        except (NotReached, NoAnswer):
            return False
        return True

    def _replayed(self, since: datetime, until: datetime) -> bool:
        """Let the phone call again with what it got meanwhile; whether it will."""
        wanted = {"since": _iso(since), "until": _iso(until)}
        if self._settings.device:
            wanted["deviceId"] = self._settings.device
        try:
            answered = self._ask("POST", "/messages/inbox/export", wanted)
            if answered.status in {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}:  # its name in newer versions
                more = {"triggerWebhooks": True, "webhookDelivery": "Individual"}
                answered = self._ask("POST", "/inbox/refresh", wanted | more)
        except (NotReached, NoAnswer):
            return False
        if HTTPStatus.BAD_REQUEST <= answered.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            raise ReplayRefused(f"{answered.status}: {redacted(words(answered))}")
        return answered.status < HTTPStatus.BAD_REQUEST

    def ack(self, events: Sequence[GatewayEvent]) -> None:
        """Nothing to do: the answer to a call is its acknowledgement."""

    def receive_call(self, call: WebhookCall, now: datetime) -> AndroidCall:
        """Check and read a call. Raises: Refused."""
        return read_call(self._name, self._settings.signing_key.get_secret_value(), call, now)

    def health(self, now: datetime) -> Health:
        """What the app, or the server between, says of itself."""
        try:
            answered = self._ask("GET", "/health", client=self._quick)
        except (NotReached, NoAnswer) as error:
            return Health("error", f"the phone does not answer: {error}", "switch the app on, or correct its address")
        if answered.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            return Health("error", "the phone refuses our name and password", "copy them from the app's home screen")
        return condition(answered)

    def close(self) -> None:
        """End a `poll` that waits."""
        self._closed.set()
        self._client.close()
        self._quick.close()

    def _ask(
        self, method: str, path: str, sent: Mapping[str, Any] | None = None, client: Client | None = None
    ) -> HttpAnswer:
        token = self._settings.token.get_secret_value()
        password = self._settings.password.get_secret_value()
        headers = {"Authorization": f"Bearer {token}" if token else basic(self._settings.username, password)}
        body = None
        if sent is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(sent).encode()
        return (client or self._client).request(method, self._settings.url + path, headers, body)


def _iso(moment: datetime) -> str:
    """As the app and the server both read it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
