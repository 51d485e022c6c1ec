"""Reads a provider's calls: verifies the proof, then reads the events as the profile describes."""

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

from prepazka.gateways.callers import check_address, check_secret, refusal, secrets_match
from prepazka.gateways.hosted.fields import matches, text_at, time_at, value_at
from prepazka.gateways.hosted.profile import Calls, Messages, Receipts, Signature, fill
from prepazka.gateways.hosted.settings import HostedSettings
from prepazka.gateways.http import basic_auth
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

# A signed call is accepted so long before and after the time of its signature.
WINDOW: Final = timedelta(minutes=5)
# Without an id and a time, equal messages within so many seconds are one.
SAME_WITHIN: Final = 60
# The longest id stored unchanged, in characters.
_LONGEST = 200
_SECONDS = re.compile(r"\d{1,12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class HostedCall:
    """The events of one call."""

    events: Sequence[GatewayEvent]
    replies_inline: bool
    calls: Calls

    def reply(self, texts: Sequence[str | None]) -> WebhookReply:
        """Return the answer the provider expects, with the reply in it where the profile says so."""
        text = next((text for text in texts if text is not None), None)
        if self.replies_inline and text is None:
            template = self.calls.silence
        else:
            template = fill(self.calls.answer, {"text": text or ""})
        if isinstance(template, str):
            return WebhookReply(HTTPStatus.OK, template)
        return WebhookReply(HTTPStatus.OK, json.dumps(template, ensure_ascii=False), "application/json")


def read_call(gateway: str, settings: HostedSettings, call: WebhookCall, now: datetime) -> HostedCall:
    """Read a call. Raises: WebhookRefused when the proof is wrong or the content does not fit the profile."""
    calls = settings.described.calls
    check_address(settings.networks, call)
    method, _, name = calls.proof.partition(":")
    if method != "field":
        _check_proof(settings, method, name, call, now)
    payload = _payload(calls, call)
    if method == "field":
        check_secret(text_at(payload, name) or "", settings.secret.get_secret_value())
    items = value_at(payload, calls.each) if calls.each else payload
    items = items if isinstance(items, list) else [items]
    events = [one for event in items if (one := _event(gateway, calls, event, now)) is not None]
    messages = sum(isinstance(one, Inbound) for one in events)
    return HostedCall(events, calls.reply == "body" and messages == 1, calls)


# --- proof -------------------------------------------------------------------------------------


def _check_proof(settings: HostedSettings, method: str, name: str, call: WebhookCall, now: datetime) -> None:
    secret = settings.secret.get_secret_value()
    match method:
        case "path":
            check_secret(call.path.rstrip("/"), secret)
        case "query":
            check_secret(call.query.get(name, ""), secret)
        case "header":
            check_secret(call.headers.get(name.lower(), ""), secret)
        case "basic":
            if not secrets_match(call.headers.get("authorization", ""), basic_auth(*secret.split(":", 1))):
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
            raise refusal(HTTPStatus.UNAUTHORIZED, "no time of signing")
        if abs(now.timestamp() - int(signed_at)) > WINDOW.total_seconds():
            raise refusal(HTTPStatus.FORBIDDEN, "signed too long ago or ahead")
    before, _, after = signature.signed.replace("{timestamp}", signed_at).partition("{body}")
    whole = before.encode() + call.body + after.encode()
    digest = hmac.new(secret.encode(), whole, getattr(hashlib, signature.algorithm)).digest()
    right = digest.hex() if signature.encoding == "hex" else base64.b64encode(digest).decode("ascii")
    check_secret(call.headers.get(signature.header.lower(), ""), signature.prefix + right)


# --- reading -----------------------------------------------------------------------------------


def _payload(calls: Calls, call: WebhookCall) -> Any:
    """Return the fields of a call: its query where it has no body, a form, or JSON."""
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
            raise refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "a form in parts")
        return json.loads(call.body.decode(calls.charset).removeprefix("\ufeff"))
    except UnicodeDecodeError:
        raise refusal(HTTPStatus.BAD_REQUEST, f"what was sent is not {calls.charset}") from None
    except (ValueError, RecursionError):
        raise refusal(HTTPStatus.BAD_REQUEST, "what was sent is neither a form nor JSON") from None


def _event(gateway: str, calls: Calls, event: Any, now: datetime) -> GatewayEvent | None:
    """Read an event; return None for an ignored one. Raises: WebhookRefused for one the profile does not describe."""
    if not isinstance(event, Mapping):
        raise refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "an event that has no fields")
    if calls.receipts is not None and matches(event, calls.receipts.where):
        return _receipt(gateway, calls.receipts, event, now)
    if matches(event, calls.messages.where):
        return _inbound(gateway, calls.messages, event, now)
    if any(matches(event, where) for where in calls.ignored):
        return None
    raise refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "an event that is neither a message nor a receipt")


def _inbound(gateway: str, fields: Messages, event: Any, now: datetime) -> Inbound:
    sender, text = text_at(event, fields.sender), text_at(event, fields.text)
    recipient = text_at(event, fields.recipient)
    if not sender or text is None or (fields.recipient and not recipient):
        missing = [name for name, value in (("sender", sender), ("text", text), ("recipient", recipient)) if not value]
        raise refusal(HTTPStatus.UNPROCESSABLE_ENTITY, f"a message without {', '.join(missing)}")
    sender, recipient, text = storable_text(sender), storable_text(recipient or ""), storable_text(text)
    sent = time_at(event, fields.time)
    return Inbound(gateway, _id(fields, event, (sender, recipient, text), sent, now), sender, recipient, text, sent)


def _id(fields: Messages, event: Any, content: tuple[str, str, str], sent: datetime | None, now: datetime) -> str:
    """Return the provider's id; without one, a hash of the content and its time, or of the content and this minute."""
    if fields.id:
        given_id = storable_text(text_at(event, fields.id) or "")
        if not given_id:
            raise refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "a message without id")
        return given_id if len(given_id) <= _LONGEST else hashlib.sha256(given_id.encode()).hexdigest()
    sender, recipient, text = content
    if sent is not None:
        return f"content-{fingerprint(sender, recipient, sent, text)}"
    minute = hashlib.sha256("\0".join([*content, str(int(now.timestamp()) // SAME_WITHIN)]).encode()).hexdigest()
    return f"minute-{minute}"


def _receipt(gateway: str, fields: Receipts, event: Any, now: datetime) -> Receipt | None:
    status = fields.statuses.get(text_at(event, fields.status) or "")
    id_, ref = text_at(event, fields.id) or "", text_at(event, fields.ref) or ""
    if status is None or not (id_ or ref):  # not final yet, or of a message that is not ours
        return None
    at_ = time_at(event, fields.time) or now
    reason = redacted(text_at(event, fields.reason) or "")
    return Receipt(gateway, status, at_, storable_text(id_), storable_text(ref)[:_LONGEST], reason)
