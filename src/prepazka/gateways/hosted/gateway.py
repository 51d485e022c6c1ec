"""The gateway of a provider described by a profile."""

import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from threading import Event
from urllib.parse import urlsplit

from prepazka.gateways import certificates
from prepazka.gateways.health_texts import health_of
from prepazka.gateways.hosted.account import Account, SignInRefused
from prepazka.gateways.hosted.answers import send_result
from prepazka.gateways.hosted.calls import HostedCall, read_call
from prepazka.gateways.hosted.inbox import Inbox
from prepazka.gateways.hosted.settings import HostedSettings
from prepazka.gateways.http import Client, NoAnswer, NotReached
from prepazka.gateways.values import (
    Capabilities,
    GatewayEvent,
    Health,
    LostAnswer,
    Outbound,
    SendError,
    SendResult,
    WebhookCall,
)


class Hosted:
    """The gateway. A provider that calls repeats calls that are not acknowledged, as long as its own rules say; of one
    that is asked, the office keeps the place up to which everything is stored."""

    def __init__(
        self, name: str, settings: HostedSettings, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """clock: decides when to ask again."""
        self._name = name
        self._settings = settings
        self._profile = settings.described
        self._client = Client()
        self._clock = clock
        self._account = Account(settings, self._client, clock)
        self._inbox = Inbox(name, self._account, clock)
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
            receipts=self._profile.has_receipts,
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
            return send_result(send, message, self._account.ask(send, self._values(message)))
        except NotReached as error:
            return SendError(message.id, str(error), cause="unreachable")
        except SignInRefused as error:
            return SendError(message.id, str(error), cause="account")
        except NoAnswer as error:
            return LostAnswer(message.id, str(error))

    def _values(self, message: Outbound) -> dict[str, str]:
        """Return what a message puts into the placeholders of a request to send."""
        return {
            "id": message.id,
            "sender": message.sender,
            "sender_digits": message.sender.removeprefix("+"),
            "recipient": message.recipient,
            "recipient_digits": message.recipient.removeprefix("+"),
            "text": message.text,
            "length": str(len(message.text)),
            "now": f"{self._clock():%Y-%m-%d %H:%M:%S}",
        }

    @property
    def fetches(self) -> bool:
        """Whether the provider is asked for what is new."""
        return bool(self._profile.fetch)

    @property
    def position(self) -> str | None:
        """The place in the provider's lists behind the last poll; None where it has not moved."""
        return self._inbox.position

    def resume(self, position: str) -> None:
        """Go on behind this place."""
        self._inbox.resume(position)

    def poll(self, wait: float) -> Sequence[GatewayEvent]:
        """Return what is new where the provider is asked; otherwise nothing, because events arrive by calls."""
        if self.fetches:
            return self._inbox.poll(wait, self._closed)
        self._closed.wait(wait)
        return ()

    def ack(self, events: Sequence[GatewayEvent]) -> None:
        """Move the place behind fetched events, or remove them. The answer to a call is its own acknowledgement."""
        self._inbox.ack(events)

    def receive_call(self, call: WebhookCall, now: datetime) -> HostedCall:
        """Verify and read a call. Raises: WebhookRefused."""
        return read_call(self._name, self._settings, call, now)

    def health(self, now: datetime) -> Health:
        """Report what is wrong with fetching, else whether the provider accepts connections.

        No request is made, because it may cost a message.
        """
        if fault := self._inbox.fault:
            return fault
        title, untried = self._profile.title, "" if self._profile.tried else "_untried"
        if self._profile.send is None:
            return health_of(f"hosted_calls{untried}", title=title)
        address = urlsplit(self._profile.send.url.replace("{base}", self._settings.base))
        host = address.hostname or ""
        try:
            if address.scheme == "https":
                certificates.look(host, address.port or 443, timeout=1)
            else:
                socket.create_connection((host, address.port or 80), timeout=1).close()
        except ssl.SSLCertVerificationError as error:
            return certificates.health_without(host, certificates.reason_of(error))
        except OSError:
            return health_of("hosted_unreachable", title=title, host=address.hostname)
        receives = "ok" if self._profile.receives else "sends"
        return health_of(f"hosted_{receives}{untried}", title=title)

    def close(self) -> None:
        """End a waiting `poll` and close the client."""
        self._closed.set()
        self._client.close()
