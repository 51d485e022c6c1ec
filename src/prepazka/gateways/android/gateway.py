"""An Android phone with the app SMS Gateway (capcom6): it calls us with events, and we call it to send.

By its published documentation and source (docs.sms-gate.app, github.com/capcom6/android-sms-gateway). The interface is
the same for the phone itself, a cloud server and a private server.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from threading import Event
from typing import Any, Final
from urllib.parse import quote, urlsplit

from prepazka.gateways.android.answers import error_mentions, error_message, health_from, send_result
from prepazka.gateways.android.calls import AndroidCall, read_call
from prepazka.gateways.android.settings import AndroidSettings
from prepazka.gateways.certificates import health_without
from prepazka.gateways.health_texts import health_of
from prepazka.gateways.http import Client, HttpResponse, NoAnswer, NotReached, NotTrusted, basic_auth
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

# The interval of checks whether the phone answers; a failed or missed check means that calls may be missing.
CHECK_INTERVAL: Final = timedelta(minutes=1)
# Missed messages are requested from so much earlier, for different clocks and for messages on their way.
OVERLAP: Final = timedelta(minutes=5)
# The server accepts no longer ids.
LONGEST_ID: Final = 36


Clock = Callable[[], datetime]


def _utc_now() -> datetime:
    return datetime.now(UTC)


class ReplayRefused(Exception):
    """The phone answers, but refuses to repeat missed calls."""


class Android:
    """The gateway. The phone repeats a call that is not acknowledged, for two days."""

    def __init__(self, name: str, settings: AndroidSettings, clock: Clock = _utc_now) -> None:
        self._name = name
        self._settings = settings
        self._clock = clock
        self._client = Client()
        self._health_client = Client(connect=0.5, read=0.5)
        self._closed = Event()
        self._missed_since: datetime | None = None  # the start of a gap; None: no gap
        self._checked_at: datetime | None = None

    @property
    def name(self) -> str:
        """The name in the office."""
        return self._name

    @property
    def capabilities(self) -> Capabilities:
        """The phone stores our ids, so sending is idempotent."""
        return Capabilities(per_minute=self._settings.per_minute, idempotent=True)

    def send(self, messages: Sequence[Outbound]) -> Iterator[SendResult]:
        """Send messages one by one, as the interface demands."""
        for message in messages:
            yield self._send_one(message)

    def _send_one(self, message: Outbound) -> SendResult:
        if len(message.id) > LONGEST_ID:
            return SendError(message.id, f"the id is longer than {LONGEST_ID}", retryable=False)
        try:
            response = self._request("POST", "/messages", self._request_body(message))
            if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR and not error_mentions(response, "queue"):
                # Old apps answer so to a known id; a lookup decides.
                return self._result_by_lookup(message, response)
            return send_result(message, response)
        except NotReached as error:
            return SendError(message.id, str(error), cause="unreachable")
        except NoAnswer as error:
            return LostAnswer(message.id, str(error))

    def _request_body(self, message: Outbound) -> dict[str, Any]:
        body: dict[str, Any] = {
            "id": message.id,
            "textMessage": {"text": message.text},
            "phoneNumbers": [message.recipient],
            "withDeliveryReport": True,
            "validUntil": _iso(message.expires),
        }
        if self._settings.sim is not None:
            body["simNumber"] = self._settings.sim
        if self._settings.device:
            body["deviceId"] = self._settings.device
        return body

    def _result_by_lookup(self, message: Outbound, refusal: HttpResponse) -> SendResult:
        found = self._request("GET", f"/messages/{quote(message.id, safe='')}")
        match found.status:
            case HTTPStatus.OK:
                return Sent(message.id)
            case HTTPStatus.NOT_FOUND:
                return SendError(message.id, f"the phone failed ({refusal.status})")
            case _:
                return LostAnswer(message.id, f"the phone failed ({refusal.status})")

    def poll(self, wait: float) -> Sequence[GatewayEvent]:
        """Return nothing: events arrive by calls. After an outage of either side, request the missed calls.

        Raises: ReplayRefused.
        """
        now = self._clock()
        if self._checked_at is None or now - self._checked_at >= CHECK_INTERVAL:
            self._request_missed(now)
        self._closed.wait(wait)
        return ()

    def _request_missed(self, now: datetime) -> None:
        """Request the missed calls once the phone answers; until then note the start of the gap."""
        horizon = timedelta(hours=self._settings.replay_hours)
        if not horizon:
            return
        last_check, self._checked_at = self._checked_at, now
        if last_check is None:  # the length of the outage is unknown
            self._missed_since = now - horizon
        elif now - last_check > 2 * CHECK_INTERVAL:
            self._missed_since = min(self._missed_since or now, last_check - OVERLAP)
        if self._missed_since is None:
            if not self._reachable():
                self._missed_since = (last_check or now) - OVERLAP
            return
        if self._request_replay(max(self._missed_since, now - horizon), now):
            self._missed_since = None

    def _reachable(self) -> bool:
        try:
            self._request("GET", "/health")
        except (NotReached, NoAnswer):
            return False
        return True

    def _request_replay(self, since: datetime, until: datetime) -> bool:
        """Request the calls of a period again; return whether the phone accepted."""
        body = {"since": _iso(since), "until": _iso(until)}
        if self._settings.device:
            body["deviceId"] = self._settings.device
        try:
            response = self._request("POST", "/messages/inbox/export", body)
            if response.status in {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}:  # the name in newer versions
                more = {"triggerWebhooks": True, "webhookDelivery": "Individual"}
                response = self._request("POST", "/inbox/refresh", body | more)
        except (NotReached, NoAnswer):
            return False
        if HTTPStatus.BAD_REQUEST <= response.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            raise ReplayRefused(f"{response.status}: {redacted(error_message(response))}")
        return response.status < HTTPStatus.BAD_REQUEST

    def ack(self, events: Sequence[GatewayEvent]) -> None:
        """Do nothing: the answer to a call is its acknowledgement."""

    def receive_call(self, call: WebhookCall, now: datetime) -> AndroidCall:
        """Verify and read a call. Raises: WebhookRefused."""
        return read_call(self._name, self._settings.signing_key.get_secret_value(), call, now)

    def health(self, now: datetime) -> Health:
        """Report the health the app, or the server between, gives."""
        try:
            response = self._request("GET", "/health", client=self._health_client)
        except NotTrusted as error:
            return health_without(urlsplit(self._settings.url).hostname or "", error.why)
        except (NotReached, NoAnswer) as error:
            return health_of("android_silent", reason=error)
        if response.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            return health_of("android_refused")
        return health_from(response)

    def close(self) -> None:
        """End a waiting `poll` and close the clients."""
        self._closed.set()
        self._client.close()
        self._health_client.close()

    def _request(
        self, method: str, path: str, payload: Mapping[str, Any] | None = None, client: Client | None = None
    ) -> HttpResponse:
        token = self._settings.token.get_secret_value()
        password = self._settings.password.get_secret_value()
        headers = {"Authorization": f"Bearer {token}" if token else basic_auth(self._settings.username, password)}
        body = None
        if payload is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(payload).encode()
        return (client or self._client).request(method, self._settings.url + path, headers, body)


def _iso(moment: datetime) -> str:
    """Format a time so that both the app and the server can read it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
