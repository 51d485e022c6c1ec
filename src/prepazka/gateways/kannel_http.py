"""Kannel by its smsbox over HTTP, for sites that have one: smsbox's `sms-service` calls us, we call `sendsms`.

Delivery is at most once: smsbox acknowledges a message to bearerbox before it calls. A message it holds when it dies,
or when its retries run out, is lost. `gateways.kannel` loses none.
"""

import socket
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from threading import Event
from typing import Literal, Self
from urllib.parse import quote, urlencode, urlsplit

from pydantic import ConfigDict, Field, SecretStr, model_validator

from prepazka.gateways.callers import check_address, check_secret, parse_networks, refusal
from prepazka.gateways.health_texts import health_of
from prepazka.gateways.http import Client, HttpResponse, NoAnswer, NotReached
from prepazka.gateways.kannel.codec import KannelCoding
from prepazka.gateways.kannel.messages import DLR_MASK, STATUSES, decode, failure_reason
from prepazka.gateways.parts import is_gsm, read_header
from prepazka.gateways.redaction import redacted
from prepazka.gateways.settings import GatewaySettings
from prepazka.gateways.values import (
    Capabilities,
    GatewayEvent,
    Health,
    Inbound,
    LostAnswer,
    Outbound,
    Part,
    Receipt,
    SendError,
    SendResult,
    Sent,
    WebhookCall,
    WebhookReply,
)

# The longest accepted time in seconds, in digits, and the longest stored id, in characters.
_DIGITS, _ID = 10, 100


class KannelHttpSettings(GatewaySettings):
    """The addresses and secrets of the two sides."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    secret: SecretStr = Field(
        title="Tajný klíč pro příchozí volání",
        description="Nejméně 16 písmen a číslic; v get-url na konci adresy: …/gateways/NÁZEV/KLÍČ?from=….",
    )
    addresses: str = Field(
        default="127.0.0.1, ::1",
        title="Povolené adresy",
        description="Odkud smí smsbox volat, oddělené čárkou. Prázdné pole: odkudkoli.",
    )
    answers: Literal["sendsms", "body"] = Field(
        default="sendsms",
        title="Odpovědi",
        description="sendsms: voláním, s doručenkami. body: přímo v odpovědi na volání, bez doručenek.",
    )
    url: str = Field(
        default="http://127.0.0.1:13013/cgi-bin/sendsms",
        pattern="^https?://",
        title="Adresa sendsms",
        description="Kde smsbox přijímá zprávy k odeslání.",
    )
    username: str = Field(title="Jméno", description="Hodnota username ze skupiny sendsms-user.")
    password: SecretStr = Field(title="Heslo", description="Hodnota password ze skupiny sendsms-user.")
    smsc: str = Field(
        default="",
        title="Odesílat přes",
        description="Hodnota smsc-id modemu nebo operátora. Prázdné pole: vybere Kannel.",
    )
    callback: str = Field(
        default="",
        pattern="^(https?://.*)?$",
        title="Adresa pro doručenky",
        description="Kde smsbox najde tuto bránu: http://127.0.0.1:8000/gateways/NÁZEV. Prázdné pole: bez doručenek.",
    )

    @model_validator(mode="after")
    def _is_right(self) -> Self:
        secret = self.secret.get_secret_value()
        if len(secret) < 16 or not (secret.isascii() and secret.replace("-", "").replace("_", "").isalnum()):
            raise ValueError("secret: at least 16 letters without accents, and digits")
        try:
            parse_networks(self.addresses)
        except ValueError as error:
            raise ValueError(f"addresses: {error}") from None
        return self


@dataclass(frozen=True, slots=True)
class KannelHttpCall:
    """The events of one call."""

    events: Sequence[GatewayEvent]
    replies_inline: bool

    def reply(self, texts: Sequence[str | None]) -> WebhookReply:
        """Return the reply as the body, which smsbox sends; it sends nothing for an empty body."""
        text = next((text for text in texts if text is not None), "")
        # Without this header smsbox replaces letters outside GSM 03.38 with question marks.
        headers = {} if is_gsm(text) else {"X-Kannel-Coding": str(int(KannelCoding.UCS2))}
        return WebhookReply(HTTPStatus.OK, text, headers=headers)


class KannelHttp:
    """See `gateways.values.WebhookGateway`."""

    def __init__(self, name: str, settings: KannelHttpSettings) -> None:
        self.name = name
        self.capabilities = Capabilities(receipts=bool(settings.callback))
        self._settings = settings
        self._networks = parse_networks(settings.addresses)
        self._client = Client()
        self._closed = Event()

    def receive_call(self, call: WebhookCall, now: datetime) -> KannelHttpCall:
        """Read a message (by the get-url of docs/gateways.md) or a report (by our dlr-url). Raises: WebhookRefused."""
        check_address(self._networks, call)
        check_secret(call.path.rstrip("/"), self._settings.secret.get_secret_value())
        if call.method != "GET":
            raise refusal(HTTPStatus.METHOD_NOT_ALLOWED, "smsbox calls with GET")
        if "dlr" in call.query:
            return KannelHttpCall(_receipt(self.name, call.query, now), replies_inline=False)
        message = _message(self.name, call.query)
        return KannelHttpCall([message], self._settings.answers == "body" and isinstance(message, Inbound))

    def send(self, messages: Sequence[Outbound]) -> Iterator[SendResult]:
        """Send messages one by one, by sendsms."""
        for message in messages:
            try:
                yield send_result(message, self._client.request("GET", self._address(message)))
            except NotReached as error:
                yield SendError(message.id, f"smsbox: {error}", cause="unreachable")
            except NoAnswer as error:
                yield LostAnswer(message.id, f"smsbox: {error}")

    def _address(self, message: Outbound) -> str:
        settings = self._settings
        minutes = max(1, round((message.expires - datetime.now(UTC)).total_seconds() / 60))
        fields = {
            "username": settings.username,
            "password": settings.password.get_secret_value(),
            "from": message.sender,
            "to": message.recipient,
            "text": message.text,
            "charset": "UTF-8",
            "coding": str(int(KannelCoding.GSM if is_gsm(message.text) else KannelCoding.UCS2)),
            "validity": str(minutes),
        }
        if settings.smsc:
            fields["smsc"] = settings.smsc
        if settings.callback:
            # Kannel replaces %d, %A and %T with the kind of the report, its text and its time.
            secret, id_ = settings.secret.get_secret_value(), quote(message.id, safe="")
            fields["dlr-mask"] = str(DLR_MASK)
            fields["dlr-url"] = f"{settings.callback.rstrip('/')}/{secret}?dlr=%d&id={id_}&reason=%A&at=%T"
        return f"{settings.url}?{urlencode(fields, errors='replace')}"

    def poll(self, wait: float) -> Sequence[GatewayEvent]:
        """Return nothing: events arrive by calls."""
        self._closed.wait(wait)
        return ()

    def ack(self, events: Sequence[GatewayEvent]) -> None:
        """Do nothing: the answer to a call is its acknowledgement."""

    def health(self, now: datetime) -> Health:
        """Report whether smsbox's sendsms port accepts connections."""
        address = urlsplit(self._settings.url)
        port = address.port or (443 if address.scheme == "https" else 80)
        try:
            socket.create_connection((address.hostname or "", port), timeout=1).close()
        except OSError:
            return health_of("smsbox_unreachable", address=f"{address.hostname}:{port}")
        return health_of("smsbox_ok", address=f"{address.hostname}:{port}")

    def close(self) -> None:
        """End a waiting `poll` and close the client."""
        self._closed.set()
        self._client.close()


def send_result(message: Outbound, response: HttpResponse) -> SendResult:
    """Translate smsbox's answer; it contains no id, so reports carry ours."""
    reason_text = f"refused by smsbox ({response.status}): {redacted(response.text)}"
    match response.status:
        case HTTPStatus.ACCEPTED:
            return Sent(message.id)
        case HTTPStatus.BAD_REQUEST:
            return SendError(message.id, reason_text, retryable=False)
        case HTTPStatus.SERVICE_UNAVAILABLE:  # bearerbox is away, or its queue is full
            return SendError(message.id, reason_text, cause="unreachable")
        case status if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status < HTTPStatus.MULTIPLE_CHOICES:
            return LostAnswer(message.id, reason_text)
        case _:  # a wrong password, or a server that is not smsbox: the operator can fix it
            return SendError(message.id, reason_text, cause="account")


def _message(gateway: str, query: Mapping[str, str]) -> Inbound | Part:
    """Read a message. Raises: WebhookRefused naming the missing field."""
    missing = [name for name in ("id", "from") if not query.get(name)] + ["text"] * ("text" not in query)
    if missing:
        raise refusal(HTTPStatus.BAD_REQUEST, f"a message without {', '.join(missing)}; see get-url in the manual")
    coding = query.get("coding", "")
    text = decode(_octets(query["text"]), int(coding) if coding in {"0", "1", "2"} else -1, query.get("charset", ""))
    common = (gateway, _decoded(query["id"])[:_ID], _decoded(query["from"]), _decoded(query.get("to", "")), text)
    header, _ = read_header(_octets(query.get("udh", "")))
    if header and header.total > 1:
        return Part(*common, header.reference, header.total, header.number, _to_time(query.get("at", "")))
    return Inbound(*common, _to_time(query.get("at", "")))


def _receipt(gateway: str, query: Mapping[str, str], now: datetime) -> list[GatewayEvent]:
    """Read a report; an intermediate one gives no event. Raises: WebhookRefused."""
    kind, message = query.get("dlr", ""), _decoded(query.get("id", ""))
    if not (kind.isascii() and kind.isdecimal() and len(kind) < _DIGITS and message):
        raise refusal(HTTPStatus.BAD_REQUEST, "a report that does not say what of")
    status = STATUSES.get(int(kind))
    if status is None:
        return []
    reason_text = failure_reason(_decoded(query.get("reason", ""))) if status in {"undelivered", "failed"} else ""
    return [Receipt(gateway, status, _to_time(query.get("at", "")) or now, id=message[:_ID], reason=reason_text)]


def _octets(value: str) -> bytes:
    """Return the original octets of a query value: a text has the encoding its fields name, not that of the query."""
    return value.encode("utf-8", "surrogateescape")


def _decoded(value: str) -> str:
    return _octets(value).decode("utf-8", "replace")


def _to_time(seconds: str) -> datetime | None:
    valid = seconds.isascii() and seconds.isdecimal() and len(seconds) <= _DIGITS
    return datetime.fromtimestamp(int(seconds), UTC) if valid else None
