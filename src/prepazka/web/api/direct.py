"""Messages handed in, answered on the event loop: the hot call, without Django's stack of middleware around it.

Sessions, languages, forms and addresses are nothing to such a call, and took longer than all else it needs of us. What
judges and answers it is the same as in Django's view (handing_in.py), and so are its headers. The loop waits for
nothing: what may ask the database, or takes long, is done in a thread. Callers of one office share a thread, and its
transaction (flows/inbound/gatherings.py); where several processes serve, one of them gathers all of them (relay.py).
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from functools import cache, partial
from io import BytesIO
from time import perf_counter
from typing import Any, Final

from django.conf import settings
from django.core.handlers.exception import response_for_exception
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.utils.log import log_response
from django.utils.module_loading import import_string
from ninja.errors import AuthenticationError

from prepazka.flows.inbound.gatherings import Gatherings
from prepazka.flows.inbound.handle import Handled
from prepazka.flows.inbound.receive import UnknownNumber, receive_bound
from prepazka.flows.phone_numbers import e164
from prepazka.gateways.values import Inbound
from prepazka.web import clock, measured, tokens
from prepazka.web.api import handing_in
from prepazka.web.api.handing_in import MAY_HAND_IN, HandedIn, Lines
from prepazka.web.api.operations import api
from prepazka.web.api.tokens import GatewayToken
from prepazka.web.callers import settle_caller
from prepazka.web.probes import Response
from prepazka.web.relay import relay
from prepazka.web.threads import with_database

# The longest body in bytes that is read on the loop: a few messages.
SHORT: Final = 4096
# Who may hand in messages, where that is known without the database.
_KNOWN: Final = GatewayToken("messages", find=tokens.remembered)
# Of the middleware, what sets no header: one counts, the other would read all files of the pages again.
_WITHOUT_HEADERS: Final = {"prepazka.web.measured.measure", "whitenoise.middleware.WhiteNoiseMiddleware"}


async def answer(environ: dict[str, Any], body: bytes) -> Response:
    """Return the whole response to a POST of messages."""
    begun = perf_counter()
    environ.pop("HTTP_COOKIE", None)  # a gateway has no session, and reads no language
    settle_caller(environ)
    request = WSGIRequest(environ)
    try:
        response = await _hand_in(request, body)
    except Exception as error:
        response = _explain(request, error)
    if response.status_code >= 400:
        log_response("%s: %s", response.reason_phrase, request.path, response=response, request=request)
    content = response.content
    response["Content-Length"] = str(len(content))
    headers = [*response.items(), *_headers_of_django(environ["wsgi.url_scheme"])]
    measured.count(request.path, response.status_code, perf_counter() - begun)
    return Response(response.status_code, headers, content)


async def _hand_in(request: HttpRequest, body: bytes) -> HttpResponse:
    """Judge, take and answer. Raises: whatever one of them raises."""
    token = _KNOWN(request)
    if token is None or len(body) > SHORT:
        handed = await with_database(partial(_judge, request))
    else:
        handed = handing_in.judge(request, token)
    try:
        if handed.is_answered:
            lines = await _take(handed, clock.now())
        else:
            lines = await with_database(partial(handing_in.store_only, handed, clock.now()))
    except UnknownNumber as unknown:
        raise handed.refuse({str(unknown)}) from None
    if handing_in.has_repeats(lines):
        return await with_database(partial(handing_in.answer, handed, lines))
    return handing_in.answer(handed, lines)


def _judge(request: HttpRequest) -> HandedIn:
    token = MAY_HAND_IN(request)
    if token is None:
        raise AuthenticationError
    return handing_in.judge(request, token)


async def _take(handed: HandedIn, now: datetime) -> Lines:
    """Take the messages with those of all other callers of the office, here or in the process that gathers them.

    Where that process was slow, both may have taken a message. The one that came second found it there, and its answer
    would tell of a repeat to a caller who called once.
    """
    if len(handed.inbounds) > 1:  # a list shares a transaction already, and its answer may be longer than a packet
        return await _take_here(handed.inbounds, now)
    [inbound] = handed.inbounds
    with relay.asking(e164(inbound.recipient), {"now": now.isoformat(), "message": _to_json(inbound)}) as asked:
        lines: Lines | None = await asked.in_time() if asked else None
        if lines is not None:
            return lines
        lines = await _take_here(handed.inbounds, now)
        # docs/spec/contract.md §2: "A call is told of no repeat that is its own doing"
        if asked and handing_in.has_repeats(lines):
            return await asked.late() or lines
        return lines


async def take_relayed(call: Any) -> Lines:
    """Take the messages of a call that another process was handed, and has judged."""
    return await _take_here([_of_json(call["message"])], datetime.fromisoformat(call["now"]))


async def _take_here(inbounds: Sequence[Inbound], now: datetime) -> Lines:
    return handing_in.to_lines(await gatherings.hand_in(inbounds, now))


def _to_json(one: Inbound) -> dict[str, Any]:
    return asdict(one) | {"sent": one.sent and one.sent.isoformat()}


def _of_json(message: dict[str, Any]) -> Inbound:
    sent = message.pop("sent")
    return Inbound(**message, sent=sent and datetime.fromisoformat(sent))


async def _receive(inbounds: Sequence[Inbound], now: datetime) -> list[Handled]:
    return await with_database(partial(receive_bound, inbounds, now))


gatherings = Gatherings(_receive)


def _explain(request: HttpRequest, error: Exception) -> HttpResponse:
    """Return the answer to a call that failed, as the API and then Django would; the error is being handled."""
    try:
        return api.on_exception(request, error)
    except Exception as unknown:
        return response_for_exception(request, unknown)


@cache
def _headers_of_django(scheme: str) -> Sequence[tuple[str, str]]:
    """Return the headers that Django's middleware sets on each answer of the API: asked once, by an empty one."""
    respond = _respond_empty
    for name in reversed(settings.MIDDLEWARE):
        if name not in _WITHOUT_HEADERS:
            respond = import_string(name)(respond)
    request = WSGIRequest(
        {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/api/v1/messages",
            "HTTP_HOST": "localhost",
            "wsgi.url_scheme": scheme,
            "wsgi.input": BytesIO(),
        }
    )
    given = {"content-type", "content-length"}
    return [(name, value) for name, value in respond(request).items() if name.lower() not in given]


def _respond_empty(_: HttpRequest) -> HttpResponse:
    return HttpResponse()
