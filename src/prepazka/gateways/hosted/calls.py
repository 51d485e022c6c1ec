"""Reads a provider's calls: verifies the proof, then reads the events as the profile describes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from prepazka.gateways.callers import check_address, check_secret, refusal, secrets_match
from prepazka.gateways.hosted.events import Unreadable, read_event
from prepazka.gateways.hosted.fields import text_at, value_at
from prepazka.gateways.hosted.profile import Calls
from prepazka.gateways.hosted.requests import fill
from prepazka.gateways.hosted.settings import HostedSettings
from prepazka.gateways.hosted.signatures import check_signature
from prepazka.gateways.http import basic_auth
from prepazka.gateways.values import GatewayEvent, Inbound, WebhookCall, WebhookRefused, WebhookReply


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
            return WebhookReply(HTTPStatus.OK, template, self.calls.answer_type)
        return WebhookReply(HTTPStatus.OK, json.dumps(template, ensure_ascii=False), "application/json")


def read_call(gateway: str, settings: HostedSettings, call: WebhookCall, now: datetime) -> HostedCall:
    """Read a call. Raises: WebhookRefused when the proof is wrong or the content does not fit the profile."""
    calls = settings.described.calls
    if calls is None:
        raise refusal(HTTPStatus.NOT_FOUND, "this provider does not call, it is asked")
    check_address(settings.networks, call)
    method, _, name = calls.proof.partition(":")
    if method not in {"field", "signature"}:
        _check_proof(settings.secret.get_secret_value(), method, name, call)
    payload = _payload(calls, call) if method != "signature" or not _signs_body(calls) else None
    if method == "field":
        check_secret(text_at(payload, name) or "", settings.secret.get_secret_value())
    elif calls.signature is not None:
        check_signature(calls.signature, settings, call, payload, now)
        payload = _payload(calls, call) if payload is None else payload
    items = value_at(payload, calls.each) if calls.each else payload
    items = items if isinstance(items, list) else [items]
    try:
        read = [read_event(gateway, calls, one, now) for one in items]
    except Unreadable as error:
        raise refusal(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from None
    events = [one for one in read if one is not None]
    messages = sum(isinstance(one, Inbound) for one in events)
    return HostedCall(events, calls.reply == "body" and messages == 1, calls)


def _signs_body(calls: Calls) -> bool:
    """Whether the signature covers the body as it came, so that nothing of it is read before the signature is right."""
    return calls.signature is not None and "{fields}" not in calls.signature.signed and not calls.signature.field


def _check_proof(secret: str, method: str, name: str, call: WebhookCall) -> None:
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
        case _:  # the address alone
            return


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
