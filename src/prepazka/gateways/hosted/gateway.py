"""The gateway of a provider described by a profile."""

import json
import socket
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from threading import Event
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from prepazka.gateways.health_texts import health_of
from prepazka.gateways.hosted.calls import HostedCall, read_call
from prepazka.gateways.hosted.fields import matches, text_at
from prepazka.gateways.hosted.profile import Send, fill
from prepazka.gateways.hosted.settings import HostedSettings
from prepazka.gateways.http import Client, HttpResponse, NoAnswer, NotReached, basic_auth
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

# Statuses that mean wrong settings or an outage, never a fault of one message.
_LATER: Final = frozenset({401, 402, 403, 404, 405, 407, 408, 503})


class Hosted:
    """The gateway. The provider repeats calls that are not acknowledged, as long as its own rules say."""

    def __init__(self, name: str, settings: HostedSettings) -> None:
        self._name = name
        self._settings = settings
        self._profile = settings.described
        self._client = Client()
        self._closed = Event()

    @property
    def name(self) -> str:
        """The name in the office."""
        return self._name

    @property
    def capabilities(self) -> Capabilities:
        """As the profile says."""
        send = self._profile.send
        return Capabilities(
            per_minute=self._settings.per_minute,
            idempotent=send is not None and send.idempotent,
            receipts=self._profile.calls.receipts is not None,
        )

    def send(self, messages: Sequence[Outbound]) -> Iterator[SendResult]:
        """Send messages one by one."""
        for message in messages:
            yield self._send_one(message)

    def _send_one(self, message: Outbound) -> SendResult:
        send = self._profile.send
        if send is None:
            return SendError(
                message.id, "this provider sends only what answers a call", retryable=False, cause="settings"
            )
        try:
            return send_result(send, message, self._client.request(**self._request(send, message)))
        except NotReached as error:
            return SendError(message.id, str(error), cause="unreachable")
        except NoAnswer as error:
            return LostAnswer(message.id, str(error))

    def _request(self, send: Send, message: Outbound) -> dict[str, Any]:
        settings = self._settings
        password = settings.password.get_secret_value()
        values = {
            "id": message.id,
            "sender": message.sender,
            "sender_digits": message.sender.removeprefix("+"),
            "recipient": message.recipient,
            "recipient_digits": message.recipient.removeprefix("+"),
            "text": message.text,
            "key": settings.key.get_secret_value(),
            "username": settings.username,
            "password": password,
        }
        headers = {name: str(value) for name, value in fill(dict(send.headers), values).items()}
        if send.basic:
            headers["Authorization"] = basic_auth(settings.username, password)
        url = fill(send.url, {name: quote(value, safe="") for name, value in values.items()})
        fields = fill(send.body, values)
        body = None
        match send.format:
            case "json":
                headers.setdefault("Content-Type", "application/json")
                body = json.dumps(fields, ensure_ascii=False).encode()
            case "form":
                headers.setdefault("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
                body = urlencode(_flat(fields)).encode()
            case "query" if fields:
                url += f"{'&' if '?' in url else '?'}{urlencode(_flat(fields))}"
        return {"method": send.method, "url": url, "headers": headers, "body": body}

    def poll(self, wait: float) -> Sequence[GatewayEvent]:
        """Return nothing: events arrive by calls."""
        self._closed.wait(wait)
        return ()

    def ack(self, events: Sequence[GatewayEvent]) -> None:
        """Do nothing: the answer to a call is its acknowledgement."""

    def receive_call(self, call: WebhookCall, now: datetime) -> HostedCall:
        """Verify and read a call. Raises: WebhookRefused."""
        return read_call(self._name, self._settings, call, now)

    def health(self, now: datetime) -> Health:
        """Report whether the provider accepts connections. No request is made, because it may cost a message."""
        title, untried = self._profile.title, "" if self._profile.tried else "_untried"
        if self._profile.send is None:
            return health_of(f"hosted_calls{untried}", title=title)
        address = urlsplit(self._profile.send.url)
        port = address.port or (443 if address.scheme == "https" else 80)
        try:
            socket.create_connection((address.hostname or "", port), timeout=1).close()
        except OSError:
            return health_of("hosted_unreachable", title=title, host=address.hostname)
        return health_of(f"hosted_ok{untried}", title=title)

    def close(self) -> None:
        """End a waiting `poll` and close the client."""
        self._closed.set()
        self._client.close()


def _flat(fields: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in fields.items()}


def send_result(send: Send, message: Outbound, response: HttpResponse) -> SendResult:
    """Translate an answer by the profile, and by its status where the profile says nothing."""
    try:
        document = json.loads(response.body)
    except (ValueError, RecursionError):
        document = {"body": response.text.strip()}
    reason = f"refused ({response.status}): {redacted(text_at(document, send.reason) or '')}".rstrip(": ")
    for failure in send.failures:
        if (not failure.status or response.status in failure.status) and matches(document, failure.where):
            match failure.means:
                case "permanent":
                    return SendError(message.id, reason, retryable=False)
                case "throttled":
                    return SendError(message.id, reason, throttled=True, cause="throttled")
                case "retry":
                    return SendError(message.id, reason)
    match response.status:
        case status if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            if not matches(document, send.where):
                return SendError(message.id, reason)
            ref = text_at(document, send.ref)
            return Sent(message.id, (ref,) if ref else ())
        case HTTPStatus.TOO_MANY_REQUESTS:
            return SendError(message.id, reason, throttled=True, cause="throttled")
        case status if status in _LATER or HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
            return SendError(message.id, reason)
        case status if status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return SendError(message.id, reason, retryable=False)
        case _:  # it may have failed after accepting the message
            return LostAnswer(message.id, reason)
