"""The operations of the API (spec/contract.md §2), described by `/api/openapi.json`."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from importlib import metadata
from typing import Any

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI

from prepazka.core.booking.outcomes import Duplicate
from prepazka.core.booking.query import FreeTimes
from prepazka.core.office.office import Office
from prepazka.flows.booking.query import look_up
from prepazka.flows.counters import board as live_board
from prepazka.flows.inbound.gatherings import Gatherings
from prepazka.flows.inbound.handle import Handled
from prepazka.flows.inbound.intake import store_bound
from prepazka.flows.inbound.receive import UnknownNumber
from prepazka.flows.inbound.repeats import earlier_answers
from prepazka.flows.json_lines import board_line, message_line, starts
from prepazka.flows.phone_numbers import e164
from prepazka.gateways.values import Inbound
from prepazka.sms.reply.render import render
from prepazka.store import offices
from prepazka.store.tokens import Token
from prepazka.web import clock
from prepazka.web.api import bookings, messages
from prepazka.web.api.documentation import Documentation
from prepazka.web.api.problems import answer_with_problems, describe_statuses
from prepazka.web.api.shapes import BoardNow, BookingShape, IsoDay, ServiceOffered, Slots
from prepazka.web.api.tokens import GatewayToken, caller
from prepazka.web.first_steps import is_public
from prepazka.web.problems import FieldError, Problem

api = NinjaAPI(
    title="Přepážka",
    version=metadata.version("prepazka"),
    description="An office's appointments by SMS. Errors are RFC 9457 problem+json.",
    urls_namespace="api",
    docs=Documentation(),
    # The script of the documentation page sets inline styles and uses icons from data URLs.
    docs_decorator=csp_update({"style-src": [SELF, UNSAFE_INLINE], "img-src": [SELF, "data:"]}),
)
answer_with_problems(api)
gatherings = Gatherings()
api.add_router("", bookings.router)


@api.post(
    "/v1/messages",
    auth=GatewayToken("messages"),
    summary="Hand in inbound messages",
    response={202: BookingShape | list[BookingShape], 200: BookingShape},
    openapi_extra={
        "requestBody": {"required": True, "content": {"application/json": {"schema": messages.BODY_SCHEMA}}},
        "responses": describe_statuses(
            HTTPStatus.BAD_REQUEST,
            HTTPStatus.UNAUTHORIZED,
            HTTPStatus.FORBIDDEN,
            HTTPStatus.LENGTH_REQUIRED,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            HTTPStatus.UNPROCESSABLE_ENTITY,
            HTTPStatus.SERVICE_UNAVAILABLE,
        ),
    },
)
def hand_in(request: HttpRequest) -> HttpResponse:
    """One message, or a list of them in order of arrival: stored, decided and answered when the call returns.

    202: the outcome. 200: this id was sent before and nothing happened now; `earlier` has the first outcome, for a
    gateway that lost the response. A list is always answered by 202; its repeats have the outcome `duplicate`. After an
    error nothing was stored. 403: a number is not bound to the token's gateway. A token that was not given the purpose
    `replies` gets null for outcome, reply and booking: the gateway sends the reply to the phone itself.
    """
    token = caller(request)
    received = messages.read_messages(request)
    listed = isinstance(received, list)
    inbounds = [message.inbound(token.gateway) for message in (received if isinstance(received, list) else [received])]
    if foreign := {one.recipient for one in inbounds if not token.scope.covers(e164(one.recipient))}:
        raise messages.foreign_numbers(inbounds, foreign, listed=listed)
    try:
        handled = _take(token, inbounds, clock.now())
    except UnknownNumber as unknown:
        raise messages.foreign_numbers(inbounds, {str(unknown)}, listed=listed) from None
    lines = _to_lines(inbounds, handled)
    if listed:
        return JsonResponse(lines, safe=False, status=HTTPStatus.ACCEPTED)
    repeated = isinstance(handled[0].outcome, Duplicate)
    return JsonResponse(lines[0], status=HTTPStatus.OK if repeated else HTTPStatus.ACCEPTED)


# docs/spec/safety.md §1: "A token without the purpose `replies` is told only that its messages are stored"
def _take(token: Token, inbounds: Sequence[Inbound], now: datetime) -> list[Handled]:
    """Handle the messages, or only store them where the token may not read the reply: then it goes to the phone."""
    if token.scope.allows("replies"):
        return gatherings.hand_in(inbounds, now)
    store_bound(inbounds, now)
    return [Handled(inbound.id, None) for inbound in inbounds]


def _to_lines(inbounds: Sequence[Inbound], handled: Sequence[Handled]) -> list[dict[str, Any]]:
    earlier = earlier_answers(inbounds, handled)
    lines = [message_line(message) for message in handled]
    for line in lines:
        if line["outcome"] == Duplicate.outcome:
            first = earlier.get(line["id"])
            line["earlier"] = {"outcome": first.outcome, "reply": first.reply} if first else None
    return lines


@api.get(
    "/v1/offices/{office}/services",
    response=list[ServiceOffered],
    openapi_extra={"responses": describe_statuses(HTTPStatus.NOT_FOUND)},
)
def services(request: HttpRequest, office: str) -> list[ServiceOffered]:
    """The services of the office, in its own order."""
    found = _find_office(office)
    return [
        ServiceOffered(
            code=service.code,
            title=service.title,
            titles=dict(service.titles),
            minutes=service.minutes,
            agenda=found.agenda_of[service.agenda].title,
            synonyms=list(service.synonyms),
            bring=dict(service.bring),
        )
        for service in found.shown_services
    ]


@api.get(
    "/v1/offices/{office}/slots",
    response=Slots,
    openapi_extra={"responses": describe_statuses(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY)},
)
def slots(request: HttpRequest, office: str, service: str, date: IsoDay) -> dict[str, Any]:
    """The free starts of a service (its code) on a day (ISO 8601)."""
    found = _find_office(office)
    code = service.upper()
    known = [service.code for service in found.shown_services]
    if code not in known:
        errors = [FieldError(field="service", detail=f"no such service; there are {', '.join(known)}")]
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "Some parameters are not valid.", errors)
    outcome = look_up(found, FreeTimes(code, date), clock.now(), instead=True)
    reply = render(outcome, found, "cs")
    return {
        "service": code,
        "date": date.isoformat(),
        "outcome": outcome.outcome,
        "reply": reply.text if reply else None,
        "offers": starts(outcome),
    }


@api.get(
    "/v1/offices/{office}/board",
    response=BoardNow,
    openapi_extra={"responses": describe_statuses(HTTPStatus.NOT_FOUND)},
)
def board(request: HttpRequest, office: str) -> dict[str, Any]:
    """The live state of the office's counters: who is called where, how many wait, and about how long.

    `…/board/stream` sends the same as server-sent events: each `board` event is this whole answer, the first comes at
    once, the next after each change (and every few seconds, because waits change with time).
    """
    found = _find_office(office)
    return board_line(live_board.board(found, clock.now()), found.zone)


def _find_office(slug: str) -> Office:
    office_id = offices.find(slug)
    office = None if office_id is None else offices.load(office_id)
    if office is None or not is_public(office):
        raise Problem(HTTPStatus.NOT_FOUND, f"There is no office {slug!r}.")
    return office
