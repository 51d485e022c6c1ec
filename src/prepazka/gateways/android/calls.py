"""Reads the calls of an Android phone: verifies the signature and its time, then the event."""

import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Final, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field, ValidationError

from prepazka.gateways.callers import refusal, secrets_match
from prepazka.gateways.redaction import redacted
from prepazka.gateways.values import (
    GatewayEvent,
    Inbound,
    Receipt,
    WebhookCall,
    WebhookRefused,
    WebhookReply,
    fingerprint,
    storable_text,
)

# A call is accepted so long before and after the time of its signature.
WINDOW: Final = timedelta(minutes=5)
_SECONDS = re.compile(r"\d{1,12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class AndroidCall:
    """The events of one call."""

    events: Sequence[GatewayEvent]
    replies_inline: bool = False

    def reply(self, texts: Sequence[str | None]) -> WebhookReply:
        """Return an empty answer: the app needs a status of 2xx only."""
        return WebhookReply(HTTPStatus.NO_CONTENT)


Text = Annotated[str, BeforeValidator(lambda text: storable_text(text) if isinstance(text, str) else text)]


class _ReceivedPayload(BaseModel):
    """`sms:received`. Old apps name the sender phoneNumber; new ones also sender, and add the SIM's number."""

    message: Text
    phoneNumber: Text | None = None  # noqa: N815 -- the app's names
    sender: Text | None = None
    recipient: Text | None = None
    receivedAt: AwareDatetime  # noqa: N815


class _BatchPayload(BaseModel):
    """`sms:batch:received`: messages requested again, in order."""

    messages: list[_ReceivedPayload] = Field(max_length=500)


class _SentPayload(BaseModel):
    """`sms:sent`, `sms:delivered`, `sms:failed`."""

    messageId: Text = Field(min_length=1, max_length=200)  # noqa: N815
    sentAt: AwareDatetime | None = None  # noqa: N815
    deliveredAt: AwareDatetime | None = None  # noqa: N815
    failedAt: AwareDatetime | None = None  # noqa: N815
    reason: Text = ""


class _WebhookEvent(BaseModel):
    event: str
    id: Text = Field(min_length=1, max_length=180)
    payload: dict[str, object] = {}


def read_call(gateway: str, key: str, call: WebhookCall, now: datetime) -> AndroidCall:
    """Read a call. Raises: WebhookRefused when it is not the phone's, too old, or not in the app's format."""
    _check_signature(key, call, now)
    try:
        payload = json.loads(call.body.decode("utf-8"))
    except UnicodeDecodeError:
        raise refusal(HTTPStatus.BAD_REQUEST, "the body is not UTF-8") from None
    except (ValueError, RecursionError):
        raise refusal(HTTPStatus.BAD_REQUEST, "the body is not JSON") from None
    try:
        event = _WebhookEvent.model_validate(payload)
        return AndroidCall(_events(gateway, event, now))
    except ValidationError as error:
        fields = ", ".join(".".join(str(part) for part in one["loc"]) or "the body" for one in error.errors())
        raise refusal(HTTPStatus.UNPROCESSABLE_ENTITY, f"not what the app sends: {fields[:80]}") from None


def _check_signature(key: str, call: WebhookCall, now: datetime) -> None:
    """Verify HMAC-SHA256 of the raw body and the time of signing, which is new for each attempt of a call."""
    signature, signed_at = call.headers.get("x-signature", ""), call.headers.get("x-timestamp", "")
    if call.method != "POST":
        raise WebhookRefused(WebhookReply(HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": "POST"}), "not a POST")
    if not signature or not _SECONDS.fullmatch(signed_at):
        raise refusal(HTTPStatus.UNAUTHORIZED, "no signature, or no time of it")
    expected = hmac.new(key.encode(), call.body + signed_at.encode(), hashlib.sha256).hexdigest()
    if not secrets_match(signature.lower(), expected):
        raise refusal(HTTPStatus.FORBIDDEN, "the signature is wrong")
    if abs(now.timestamp() - int(signed_at)) > WINDOW.total_seconds():
        raise refusal(HTTPStatus.FORBIDDEN, "signed too long ago or ahead: is the phone's clock right?")


def _events(gateway: str, event: _WebhookEvent, now: datetime) -> Sequence[GatewayEvent]:
    match event.event:
        case "sms:received":
            return [_inbound(gateway, event.id, _ReceivedPayload.model_validate(event.payload))]
        case "sms:batch:received":
            batch = _BatchPayload.model_validate(event.payload).messages
            return [_inbound(gateway, f"{event.id}:{place}", one) for place, one in enumerate(batch)]
        case "sms:sent":
            return [_receipt(gateway, "sent", _SentPayload.model_validate(event.payload), now)]
        case "sms:delivered":
            return [_receipt(gateway, "delivered", _SentPayload.model_validate(event.payload), now)]
        case "sms:failed":
            failure = _SentPayload.model_validate(event.payload)
            by_network = failure.reason.startswith("Delivery result")
            return [_receipt(gateway, "undelivered" if by_network else "failed", failure, now)]
        case _:  # pings, multimedia, events of later versions: acknowledged, or the phone repeats them
            return []


def _inbound(gateway: str, id_: str, payload: _ReceivedPayload) -> Inbound:
    """Return a message. A repeated call has another id, so the fingerprint consists of the network's data.

    It omits the SIM's number, which the phone does not always know, and form feeds, which the phone's storage changes.
    """
    sender = payload.sender or payload.phoneNumber or ""
    return Inbound(
        gateway=gateway,
        id=id_,
        sender=sender,
        recipient=payload.recipient or "",
        text=payload.message,
        sent=payload.receivedAt,
        fingerprint=fingerprint(sender, "", payload.receivedAt, payload.message.replace("\f", "\n")),
    )


def _receipt(
    gateway: str, status: Literal["sent", "delivered", "undelivered", "failed"], payload: _SentPayload, now: datetime
) -> Receipt:
    """Return a receipt. The app reports `delivered` for each part, all under our id."""
    at = payload.sentAt or payload.deliveredAt or payload.failedAt or now
    return Receipt(gateway, status, at, id=payload.messageId, reason=redacted(payload.reason))
