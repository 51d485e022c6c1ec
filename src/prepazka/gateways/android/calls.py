"""What an Android phone calls with: checked by its signature and the time of it, then read."""

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

from prepazka.gateways.callers import refused, same
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

# A call is believed so long before and after the moment it was signed at.
WINDOW: Final = timedelta(minutes=5)
_SECONDS = re.compile(r"\d{1,12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class AndroidCall:
    """What one call handed in."""

    events: Sequence[GatewayEvent]
    replies_inline: bool = False

    def reply(self, texts: Sequence[str | None]) -> WebhookReply:
        """The app wants nothing but a status of 2xx."""
        return WebhookReply(HTTPStatus.NO_CONTENT)


Text = Annotated[str, BeforeValidator(lambda text: storable_text(text) if isinstance(text, str) else text)]


class _Received(BaseModel):
    """`sms:received`; older apps give the sender as phoneNumber, newer ones also as sender, and the SIM's number."""

    message: Text
    phoneNumber: Text | None = None  # noqa: N815 -- the app's names
    sender: Text | None = None
    recipient: Text | None = None
    receivedAt: AwareDatetime  # noqa: N815


class _Batch(BaseModel):
    """`sms:batch:received`: what was asked for again, in order."""

    messages: list[_Received] = Field(max_length=500)


class _Sent(BaseModel):
    """`sms:sent`, `sms:delivered`, `sms:failed`."""

    messageId: Text = Field(min_length=1, max_length=200)  # noqa: N815
    sentAt: AwareDatetime | None = None  # noqa: N815
    deliveredAt: AwareDatetime | None = None  # noqa: N815
    failedAt: AwareDatetime | None = None  # noqa: N815
    reason: Text = ""


class _Event(BaseModel):
    event: str
    id: Text = Field(min_length=1, max_length=180)
    payload: dict[str, object] = {}


def read_call(gateway: str, key: str, call: WebhookCall, now: datetime) -> AndroidCall:
    """What is in a call. Raises: Refused when it is not the phone's, too old, or not what the app sends."""
    _check(key, call, now)
    try:
        given = json.loads(call.body.decode("utf-8"))
    except UnicodeDecodeError:
        raise refused(HTTPStatus.BAD_REQUEST, "the body is not UTF-8") from None
    except (ValueError, RecursionError):
        raise refused(HTTPStatus.BAD_REQUEST, "the body is not JSON") from None
    try:
        event = _Event.model_validate(given)
        return AndroidCall(_heard(gateway, event, now))
    except ValidationError as error:
        fields = ", ".join(".".join(str(part) for part in one["loc"]) or "the body" for one in error.errors())
        raise refused(HTTPStatus.UNPROCESSABLE_ENTITY, f"not what the app sends: {fields[:80]}") from None


def _check(key: str, call: WebhookCall, now: datetime) -> None:
    """HMAC-SHA256 over the body as it came and the time of signing, which is fresh for every try of a call."""
    given, signed = call.headers.get("x-signature", ""), call.headers.get("x-timestamp", "")
    if call.method != "POST":
        raise WebhookRefused(WebhookReply(HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": "POST"}), "not a POST")
    if not given or not _SECONDS.fullmatch(signed):
        raise refused(HTTPStatus.UNAUTHORIZED, "no signature, or no time of it")
    right = hmac.new(key.encode(), call.body + signed.encode(), hashlib.sha256).hexdigest()
    if not same(given.lower(), right):
        raise refused(HTTPStatus.FORBIDDEN, "the signature is wrong")
    if abs(now.timestamp() - int(signed)) > WINDOW.total_seconds():
        raise refused(HTTPStatus.FORBIDDEN, "signed too long ago or ahead: is the phone's clock right?")


def _heard(gateway: str, event: _Event, now: datetime) -> Sequence[GatewayEvent]:
    match event.event:
        case "sms:received":
            return [_inbound(gateway, event.id, _Received.model_validate(event.payload))]
        case "sms:batch:received":
            batch = _Batch.model_validate(event.payload).messages
            return [_inbound(gateway, f"{event.id}:{place}", one) for place, one in enumerate(batch)]
        case "sms:sent":
            return [_receipt(gateway, "sent", _Sent.model_validate(event.payload), now)]
        case "sms:delivered":
            return [_receipt(gateway, "delivered", _Sent.model_validate(event.payload), now)]
        case "sms:failed":
            failure = _Sent.model_validate(event.payload)
            by_network = failure.reason.startswith("Delivery result")
            return [_receipt(gateway, "undelivered" if by_network else "failed", failure, now)]
        case _:  # pings, multimedia, and what later versions think of: acknowledged, or the phone would repeat it
            return []


def _inbound(gateway: str, id_: str, given: _Received) -> Inbound:
    """A message called with again has another id; what its network said of it stays.

    Not so its SIM's number, which the phone does not always know, and a page break, which its storage changes.
    """
    sender = given.sender or given.phoneNumber or ""
    return Inbound(
        gateway=gateway,
        id=id_,
        sender=sender,
        recipient=given.recipient or "",
        text=given.message,
        sent=given.receivedAt,
        fingerprint=fingerprint(sender, "", given.receivedAt, given.message.replace("\f", "\n")),
    )


def _receipt(
    gateway: str, status: Literal["sent", "delivered", "undelivered", "failed"], given: _Sent, now: datetime
) -> Receipt:
    """The app says `delivered` for each part, all under our id."""
    at = given.sentAt or given.deliveredAt or given.failedAt or now
    return Receipt(gateway, status, at, id=given.messageId, reason=redacted(given.reason))
