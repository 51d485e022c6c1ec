"""What a provider calls with: checked for its proof, then read as its profile says."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qsl

from prepazka.gateways.callers import check_address, check_secret, refused, same
from prepazka.gateways.hosted.fields import at, holds, moment_at, text_at
from prepazka.gateways.hosted.profile import Calls, Messages, Receipts, Signature, filled
from prepazka.gateways.hosted.settings import HostedSettings
from prepazka.gateways.http import basic
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

# A signed call is believed so long before and after the moment it was signed at.
WINDOW: Final = timedelta(minutes=5)
# Without an id and a time, equal messages within so many seconds are one.
SAME: Final = 60
# The longest id taken as it is, in characters.
_LONGEST = 200
_SECONDS = re.compile(r"\d{1,12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class HostedCall:
    """What one call handed in."""

    events: Sequence[GatewayEvent]
    replies_inline: bool
    calls: Calls

    def reply(self, texts: Sequence[str | None]) -> WebhookReply:
        """The answer the provider wants, with the reply in it where it sends that."""
        text = next((text for text in texts if text is not None), None)
        if self.replies_inline and text is None:
            said = self.calls.silence
        else:
            said = filled(self.calls.answer, {"text": text or ""})
        if isinstance(said, str):
            return WebhookReply(HTTPStatus.OK, said)
        return WebhookReply(HTTPStatus.OK, json.dumps(said, ensure_ascii=False), "application/json")


def read_call(gateway: str, settings: HostedSettings, call: WebhookCall, now: datetime) -> HostedCall:
    """What is in a call. Raises: Refused when it proves nothing, or is not what the profile says."""
    calls = settings.described.calls
    check_address(settings.networks, call)
    way, _, name = calls.proof.partition(":")
    if way != "field":
        _check_proof(settings, way, name, call, now)
    given = _given(calls, call)
    if way == "field":
        check_secret(text_at(given, name) or "", settings.secret.get_secret_value())
    items = at(given, calls.each) if calls.each else given
    items = items if isinstance(items, list) else [items]
    events = [one for event in items if (one := _heard(gateway, calls, event, now)) is not None]
    messages = sum(isinstance(one, Inbound) for one in events)
    return HostedCall(events, calls.reply == "body" and messages == 1, calls)


# --- proof -------------------------------------------------------------------------------------


def _check_proof(settings: HostedSettings, way: str, name: str, call: WebhookCall, now: datetime) -> None:
    secret = settings.secret.get_secret_value()
    match way:
        case "path":
            check_secret(call.path.rstrip("/"), secret)
        case "query":
            check_secret(call.query.get(name, ""), secret)
        case "header":
            check_secret(call.headers.get(name.lower(), ""), secret)
        case "basic":
            if not same(call.headers.get("authorization", ""), basic(*secret.split(":", 1))):
                headers = {"WWW-Authenticate": 'Basic realm="prepazka"'}
                raise WebhookRefused(
                    WebhookReply(HTTPStatus.UNAUTHORIZED, headers=headers), "the name or the password is wrong"
                )
        case "signature" if (signature := settings.described.calls.signature) is not None:
            _check_signature(signature, secret, call, now)
        case _:  # the address alone
            return


def _check_signature(signature: Signature, secret: str, call: WebhookCall, now: datetime) -> None:
    signed_at = call.headers.get(signature.timestamp_header.lower(), "") if signature.timestamp_header else ""
    if signature.timestamp_header:
        if not _SECONDS.fullmatch(signed_at):
            raise refused(HTTPStatus.UNAUTHORIZED, "no time of signing")
        if abs(now.timestamp() - int(signed_at)) > WINDOW.total_seconds():
            raise refused(HTTPStatus.FORBIDDEN, "signed too long ago or ahead")
    before, _, after = signature.signed.replace("{timestamp}", signed_at).partition("{body}")
    whole = before.encode() + call.body + after.encode()
    digest = hmac.new(secret.encode(), whole, getattr(hashlib, signature.algorithm)).digest()
    right = digest.hex() if signature.encoding == "hex" else base64.b64encode(digest).decode("ascii")
    check_secret(call.headers.get(signature.header.lower(), ""), signature.prefix + right)


# --- reading -----------------------------------------------------------------------------------


def _given(calls: Calls, call: WebhookCall) -> Any:
    """What was sent: the query, where there is no more, a form, or JSON, whichever it is."""
    kind = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if call.method == "GET" or not call.body:
            return {
                name: value.encode("utf-8", "surrogateescape").decode(calls.charset)
                for name, value in call.query.items()
            }
        if kind == "application/x-www-form-urlencoded":
            body = call.body.decode("ascii")
            return dict(parse_qsl(body, True, encoding=calls.charset, errors="strict", max_num_fields=100))
        if kind.startswith("multipart/"):
            raise refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "a form in parts")
        return json.loads(call.body.decode(calls.charset).removeprefix("\ufeff"))
    except UnicodeDecodeError:
        raise refused(HTTPStatus.BAD_REQUEST, f"what was sent is not {calls.charset}") from None
    except (ValueError, RecursionError):
        raise refused(HTTPStatus.BAD_REQUEST, "what was sent is neither a form nor JSON") from None


def _heard(gateway: str, calls: Calls, event: Any, now: datetime) -> GatewayEvent | None:
    """Raises: Refused for what is nothing the profile knows."""
    if not isinstance(event, Mapping):
        raise refused(HTTPStatus.UNPROCESSABLE_ENTITY, "an event that has no fields")
    if calls.receipts is not None and holds(event, calls.receipts.where):
        return _receipt(gateway, calls.receipts, event, now)
    if holds(event, calls.messages.where):
        return _inbound(gateway, calls.messages, event, now)
    if any(holds(event, where) for where in calls.ignored):
        return None
    raise refused(HTTPStatus.UNPROCESSABLE_ENTITY, "an event that is neither a message nor a receipt")


def _inbound(gateway: str, fields: Messages, event: Any, now: datetime) -> Inbound:
    sender, text = text_at(event, fields.sender), text_at(event, fields.text)
    recipient = text_at(event, fields.recipient)
    if not sender or text is None or (fields.recipient and not recipient):
        missing = [name for name, value in (("sender", sender), ("text", text), ("recipient", recipient)) if not value]
        raise refused(HTTPStatus.UNPROCESSABLE_ENTITY, f"a message without {', '.join(missing)}")
    sender, recipient, text = storable_text(sender), storable_text(recipient or ""), storable_text(text)
    sent = moment_at(event, fields.time)
    return Inbound(gateway, _id(fields, event, (sender, recipient, text), sent, now), sender, recipient, text, sent)


def _id(fields: Messages, event: Any, content: tuple[str, str, str], sent: datetime | None, now: datetime) -> str:
    """The provider's; without one, of the content and its time, and without a time of the content and this minute."""
    if fields.id:
        given = storable_text(text_at(event, fields.id) or "")
        if not given:
            raise refused(HTTPStatus.UNPROCESSABLE_ENTITY, "a message without id")
        return given if len(given) <= _LONGEST else hashlib.sha256(given.encode()).hexdigest()
    sender, recipient, text = content
    if sent is not None:
        return f"content-{fingerprint(sender, recipient, sent, text)}"
    minute = hashlib.sha256("\0".join([*content, str(int(now.timestamp()) // SAME)]).encode()).hexdigest()
    return f"minute-{minute}"


def _receipt(gateway: str, fields: Receipts, event: Any, now: datetime) -> Receipt | None:
    status = fields.statuses.get(text_at(event, fields.status) or "")
    id_, ref = text_at(event, fields.id) or "", text_at(event, fields.ref) or ""
    if status is None or not (id_ or ref):  # still under way, or of a message that is not ours
        return None
    at_ = moment_at(event, fields.time) or now
    reason = redacted(text_at(event, fields.reason) or "")
    return Receipt(gateway, status, at_, storable_text(id_), storable_text(ref)[:_LONGEST], reason)
