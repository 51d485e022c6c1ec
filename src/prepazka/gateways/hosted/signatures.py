"""Verifies the signatures of calls: over the body, over the address, or over the fields."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

from prepazka.gateways.callers import check_secret, refusal
from prepazka.gateways.hosted.fields import text_at
from prepazka.gateways.hosted.profile import Signature
from prepazka.gateways.hosted.settings import HostedSettings
from prepazka.gateways.values import WebhookCall

# A signed call is accepted so long before and after the time of its signature.
WINDOW: Final = timedelta(minutes=5)
_SECONDS = re.compile(r"\d{1,12}", re.ASCII)
_PLACEHOLDERS = re.compile(r"\{(body|timestamp|url|fields)\}")


def check_signature(
    signature: Signature, settings: HostedSettings, call: WebhookCall, payload: Any, now: datetime
) -> None:
    """Refuse a call without the right signature. payload: its fields, where the signature needs them.

    Raises: WebhookRefused.
    """
    signed_at = _signed_at(signature, call, payload, now)
    values = {
        "body": call.body,
        "timestamp": signed_at.encode(),
        "url": settings.public_url.encode(),
        "fields": _fields(signature, call, payload),
    }
    pieces = _PLACEHOLDERS.split(signature.signed)
    whole = b"".join(values[piece] if place % 2 else piece.encode() for place, piece in enumerate(pieces))
    secret = settings.secret.get_secret_value().encode()
    digest = hmac.new(secret, whole, getattr(hashlib, signature.algorithm)).digest()
    presented = (
        call.headers.get(signature.header.lower(), "") if signature.header else text_at(payload, signature.field)
    )
    if signature.encoding == "hex":  # some write it in capitals
        check_secret((presented or "").lower(), (signature.prefix + digest.hex()).lower())
    else:
        check_secret(presented or "", signature.prefix + base64.b64encode(digest).decode("ascii"))


def _signed_at(signature: Signature, call: WebhookCall, payload: Any, now: datetime) -> str:
    """Return when it was signed, "" where the signature holds no time. Raises: WebhookRefused for long ago."""
    if signature.timestamp_header:
        signed_at = call.headers.get(signature.timestamp_header.lower(), "")
    elif signature.timestamp_field:
        signed_at = text_at(payload, signature.timestamp_field) or ""
    else:
        return ""
    if not _SECONDS.fullmatch(signed_at):
        raise refusal(HTTPStatus.UNAUTHORIZED, "no time of signing")
    if abs(now.timestamp() - int(signed_at)) > WINDOW.total_seconds():
        raise refusal(HTTPStatus.FORBIDDEN, "signed too long ago or ahead")
    return signed_at


def _fields(signature: Signature, call: WebhookCall, payload: Any) -> bytes:
    """Return the fields that are signed, in the order of their names; none of a call without a body of fields."""
    if not isinstance(payload, Mapping) or "{fields}" not in signature.signed:
        return b""
    if signature.fields == "joined" and not call.body:  # the query is a part of the address already
        return b""
    names = sorted(name for name in payload if name != signature.field)
    texts = {name: _written(payload[name]) for name in names}
    if signature.fields == "joined":
        return "".join(f"{name}{texts[name]}" for name in names).encode("utf-8", "replace")
    masked = {name: re.sub("[&=]", "_", text) for name, text in texts.items()}
    return "".join(f"&{name}={masked[name]}" for name in names).encode("utf-8", "replace")


def _written(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)
