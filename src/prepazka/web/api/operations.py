"""The operations of the API (spec/contract.md §2), described by `/api/openapi.json`."""

from http import HTTPStatus
from importlib import metadata
from typing import Any

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from prepazka.core.booking.query import FreeTimes
from prepazka.core.office.office import Office
from prepazka.flows.booking.query import look_up
from prepazka.flows.counters import board as live_board
from prepazka.flows.json_lines import board_line, starts
from prepazka.sms.reply.render import render
from prepazka.store import offices
from prepazka.web import clock
from prepazka.web.api import bookings, handing_in, messages
from prepazka.web.api.documentation import Documentation
from prepazka.web.api.problems import answer_with_problems, describe_statuses
from prepazka.web.api.shapes import BoardNow, BookingShape, IsoDay, ServiceOffered, Slots
from prepazka.web.api.tokens import caller
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
api.add_router("", bookings.router)


@api.post(
    "/v1/messages",
    auth=handing_in.MAY_HAND_IN,
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
    handed = handing_in.judge(request, caller(request))
    return handing_in.answer(handed, handing_in.take(handed, clock.now()))


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
