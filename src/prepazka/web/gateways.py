"""The webhook of gateways that call the office: /gateways/NAME.

Invariant: an acknowledged message is stored; a refused call stores nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl

import structlog
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from prepazka.core.booking.outcomes import Duplicate
from prepazka.core.rate_limits import GATEWAY_REFUSALS, Bucket
from prepazka.flows.inbound.handle import Handled
from prepazka.flows.inbound.intake import store_bound, with_recipients
from prepazka.flows.inbound.receive import ForeignNumber, bound_owners, receive_bound
from prepazka.flows.inbound.repeats import earlier_answers
from prepazka.gateways.kinds import KINDS, open_gateway
from prepazka.gateways.values import (
    Gateway,
    GatewayEvent,
    Inbound,
    IncomingCall,
    Receipt,
    WebhookCall,
    WebhookGateway,
    WebhookRefused,
    WebhookReply,
)
from prepazka.store import gateways, rate_limits
from prepazka.store.database_errors import DATABASE_AWAY
from prepazka.web import clock
from prepazka.web.callers import address_of, seconds
from prepazka.web.problems import foreign_number

log = structlog.get_logger()

# The longest body, in bytes.
MAX_BODY: Final = 64 * 1024
# The most fields of a query.
MAX_FIELDS: Final = 100
# Seconds after which a caller should repeat a call that failed.
RETRY_AFTER: Final = 5


@csrf_exempt  # programs call it: they authenticate by the gateway's own means and send no cookies
@never_cache
@require_http_methods(["GET", "POST"])
def receive_webhook(request: HttpRequest, name: str, path: str = "") -> HttpResponse:
    """Check, store and answer a call of the gateway with this name."""
    try:
        return _handle(request, name, path)
    except DATABASE_AWAY as error:
        log.error("database away", error=type(error).__name__)
        return _plain(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "The database cannot be reached; nothing was acknowledged. Call again later.",
            {"Retry-After": str(RETRY_AFTER)},
        )
    except Exception:
        log.exception("gateway call failed", gateway=name)
        return _plain(HTTPStatus.INTERNAL_SERVER_ERROR, "The server failed; nothing was acknowledged.")


def _handle(request: HttpRequest, name: str, path: str) -> HttpResponse:
    address, now = address_of(request), clock.now()
    gateway = open_named_gateway(name)
    # All names that do not exist share one count, against guessing.
    refusals = GATEWAY_REFUSALS.buckets(address, name if gateway else "")
    if not isinstance(gateway, WebhookGateway):
        return _count_refusal(refusals, now) or _plain(
            HTTPStatus.NOT_FOUND, "There is no gateway of this name that calls."
        )
    # docs/spec/delivery.md §2: "A call that proves whose it is is taken"
    try:
        received = gateway.receive_call(_to_webhook_call(request, address, path), now)
    except WebhookRefused as refused:
        if too_many := _count_refusal(refusals, now):
            return too_many
        log.warning("gateway call refused", gateway=name, reason=refused.reason)
        return _response(refused.reply)
    return _accept(name, received, now)


def _count_refusal(refusals: Sequence[Bucket], now: datetime) -> HttpResponse | None:
    """Count a refused call; return the answer to one too many, which is not counted and tells nothing more."""
    if wait := rate_limits.wait(refusals, now):
        return _plain(
            HTTPStatus.TOO_MANY_REQUESTS,
            "Too many refused calls from this address. Call again later.",
            {"Retry-After": str(seconds(wait))},
        )
    rate_limits.hit_all(refusals, now)
    return None


def _to_webhook_call(request: HttpRequest, address: str, path: str) -> WebhookCall:
    """Return the call for the gateway. Raises: WebhookRefused for one that no gateway could read."""
    return WebhookCall(
        method=request.method or "",
        query=_read_query(request.META.get("QUERY_STRING", "")),
        headers={header.lower(): value for header, value in request.headers.items()},
        body=_read_body(request),
        address=address,
        path=path,
    )


def _read_query(query: str) -> Mapping[str, str]:
    decoded = query.encode("latin-1", "replace").decode("utf-8", "surrogateescape")  # WSGI gives bytes as Latin-1
    try:
        return dict(parse_qsl(decoded, keep_blank_values=True, errors="surrogateescape", max_num_fields=MAX_FIELDS))
    except ValueError:
        raise _refusal(HTTPStatus.BAD_REQUEST, f"more than {MAX_FIELDS} fields in the query") from None


def _read_body(request: HttpRequest) -> bytes:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if "HTTP_TRANSFER_ENCODING" in request.META:  # WSGI cannot know the end of such a body
        raise _refusal(HTTPStatus.LENGTH_REQUIRED, "a body without Content-Length")
    if not length.isdecimal():
        raise _refusal(HTTPStatus.BAD_REQUEST, "a Content-Length that is no number")
    if int(length) > MAX_BODY:
        raise _refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a body longer than {MAX_BODY} bytes")
    try:
        body = request.body
    except UnreadablePostError:
        body = b""
    if len(body) != int(length):
        raise _refusal(HTTPStatus.BAD_REQUEST, "a body shorter than its Content-Length")
    return body


def _accept(name: str, received: IncomingCall, now: datetime) -> HttpResponse:
    """Store the events, and only then acknowledge them; refuse messages to numbers of other gateways."""
    try:
        events = [*_with_recipients(received.events)]
        if not received.replies_inline:
            store_bound(events, now)
            return _response(received.reply(()))
        if others := [event for event in events if not isinstance(event, Inbound)]:
            bound_owners([event for event in events if not isinstance(event, Receipt)])
            store_bound(others, now)
        inbounds = [event for event in events if isinstance(event, Inbound)]
        return _response(received.reply(_reply_texts(inbounds, receive_bound(inbounds, now))))
    except ForeignNumber:
        log.warning("message to a number not bound to its gateway", gateway=name)
        return foreign_number().response


def _with_recipients(events: Iterable[GatewayEvent]) -> Iterator[GatewayEvent]:
    for event in events:
        yield event if isinstance(event, Receipt) else with_recipients([event])[0]


def _reply_texts(inbounds: Sequence[Inbound], handled: Sequence[Handled]) -> list[str | None]:
    """Return the replies; a repeated message gets its reply again, because its caller missed the first one."""
    repeats = [one for one, message in zip(inbounds, handled, strict=True) if isinstance(message.outcome, Duplicate)]
    earlier = earlier_answers(repeats)
    texts: list[str | None] = []
    for message in handled:
        if isinstance(message.outcome, Duplicate):
            texts.append(earlier[message.id].reply if message.id in earlier else None)
        else:
            texts.append(message.reply.text if message.reply else None)
    return texts


def _response(reply: WebhookReply) -> HttpResponse:
    return HttpResponse(reply.body, status=reply.status, content_type=reply.content_type, headers=dict(reply.headers))


def _plain(status: HTTPStatus, words: str, headers: Mapping[str, str] | None = None) -> HttpResponse:
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8", headers=headers)


def _refusal(status: HTTPStatus, reason: str) -> WebhookRefused:
    return WebhookRefused(WebhookReply(status, f"Refused: {reason}.\n"), reason)


def open_named_gateway(name: str) -> Gateway | None:
    """Open the gateway with this name; None when there is none."""
    found = gateways.settings_of(name)  # settings no key opens fail: the call comes again, until the key is named
    if found is None or found[0] not in KINDS:
        return None
    return open_gateway(name, *found)
