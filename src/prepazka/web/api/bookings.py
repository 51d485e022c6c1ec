"""Booking, moving and cancelling for other programs: the rules and outcomes of SMS (spec/contract.md §2)."""

from http import HTTPStatus
from typing import Annotated, Any

from django.http import HttpRequest, JsonResponse
from ninja import Router
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from prepazka.core.booking.book import Book, BookSoonest
from prepazka.core.booking.cancel import Cancel
from prepazka.core.booking.move import MoveByCode
from prepazka.core.booking.names import name_of
from prepazka.core.booking.outcomes import (
    AlreadyBooked,
    AlreadyCancelled,
    Booked,
    Cancelled,
    Moved,
    Outcome,
    UnknownBooking,
)
from prepazka.core.office.lengths import PERSONS
from prepazka.core.office.office import Office
from prepazka.core.rate_limits import WRONG_CODES_OF_PROGRAM, Bucket
from prepazka.flows.booking.request import BookingRequest, submit
from prepazka.flows.json_lines import concerned
from prepazka.flows.phone_numbers import NotUsable
from prepazka.sms.reply.render import render
from prepazka.store import desk, offices, rate_limits, register
from prepazka.web import clock
from prepazka.web.api.problems import describe_statuses
from prepazka.web.api.shapes import Decided, IsoDay, WallTime
from prepazka.web.api.tokens import GatewayToken, caller, covers_office
from prepazka.web.callers import seconds
from prepazka.web.numbers import describe_for_program, read_typed
from prepazka.web.problems import FieldError, Problem

router = Router(auth=GatewayToken("bookings"), tags=["bookings"])

_DONE = Booked | AlreadyBooked | Moved | Cancelled | AlreadyCancelled


def _name(text: str) -> str:
    name = name_of(text)
    if name is None:
        raise ValueError("letters, spaces, hyphens and apostrophes, at most 60")
    return name


def _phone(text: str) -> str:
    number = read_typed(text)
    if isinstance(number, NotUsable):
        raise ValueError(describe_for_program(number))
    return number


class NewBooking(BaseModel):
    """The booking to make: at a start, or without `date` and `time` at the soonest free one."""

    model_config = ConfigDict(extra="forbid", title="NewBooking")

    service: str = Field(min_length=1, max_length=10, description="its code, such as ZOP")
    name: Annotated[str, AfterValidator(_name)]
    phone: Annotated[str, AfterValidator(_phone)] = Field(description="whose booking it is")
    day: IsoDay | None = Field(alias="date", default=None, description="`2026-08-10`")
    at: WallTime | None = Field(alias="time", default=None, description="`14:00`")
    persons: int = Field(default=1, ge=1, le=PERSONS)
    confirm: bool = Field(default=True, description="whether the office sends the code to the phone by SMS")


@router.post(
    "/v1/offices/{office}/bookings",
    summary="Book",
    response={201: Decided, 200: Decided, 409: Decided},
    openapi_extra={
        "responses": describe_statuses(
            HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY
        )
    },
)
def book(request: HttpRequest, office: str, new: NewBooking) -> JsonResponse:
    """201: booked. 200: this very booking was made before. 409: it is not possible; `outcome` and `offers` say more."""
    found = _find_office(request, office)
    if new.phone in found.numbers:
        raise _invalid_field("phone", "this is the office's own number; give the citizen's")
    by = f"gateway {caller(request).gateway}"
    booking_request = BookingRequest(_to_request(found, new), "api", new.phone, confirm=new.confirm, by=by)
    outcome = submit(found.id, booking_request, clock.now())
    status = HTTPStatus.CREATED if isinstance(outcome, Booked) else _status(outcome)
    return JsonResponse(_to_json(outcome, found), status=status)


@router.delete(
    "/v1/offices/{office}/bookings/{code}",
    summary="Cancel",
    response={200: Decided, 404: Decided, 409: Decided},
    openapi_extra={
        "responses": describe_statuses(
            HTTPStatus.UNAUTHORIZED,
            HTTPStatus.FORBIDDEN,
            HTTPStatus.NOT_FOUND,
            HTTPStatus.UNPROCESSABLE_ENTITY,
            HTTPStatus.TOO_MANY_REQUESTS,
        )
    },
)
def cancel(request: HttpRequest, office: str, code: str, date: IsoDay) -> JsonResponse:
    """200: cancelled, now or before. 404: no such code on that date. 409: the office's deadline has passed."""
    found = _find_office(request, office)
    now, tries = clock.now(), _count_try(request)
    by = f"gateway {caller(request).gateway}"
    outcome = submit(found.id, BookingRequest(Cancel(code, date), "api", confirm=False, by=by), now)
    if isinstance(outcome, UnknownBooking):
        return JsonResponse(_to_json(outcome, found), status=HTTPStatus.NOT_FOUND)
    rate_limits.forgive(tries)
    return JsonResponse(_to_json(outcome, found), status=_status(outcome))


class NewStart(BaseModel):
    """Where to move the booking."""

    model_config = ConfigDict(extra="forbid", title="NewStart")

    day: IsoDay = Field(alias="date", description="`2026-08-11`")
    at: WallTime = Field(alias="time", description="`9:15`")
    confirm: bool = Field(default=True, description="whether the office tells the phone by SMS")


@router.patch(
    "/v1/offices/{office}/bookings/{code}",
    summary="Move",
    response={200: Decided, 404: Decided, 409: Decided},
    openapi_extra={
        "responses": describe_statuses(
            HTTPStatus.UNAUTHORIZED,
            HTTPStatus.FORBIDDEN,
            HTTPStatus.NOT_FOUND,
            HTTPStatus.UNPROCESSABLE_ENTITY,
            HTTPStatus.TOO_MANY_REQUESTS,
        )
    },
)
def move(request: HttpRequest, office: str, code: str, date: IsoDay, to: NewStart) -> JsonResponse:
    """200: moved, now or before. 404: no such code on that date. 409: it is not possible; the old start stands."""
    found = _find_office(request, office)
    now, tries = clock.now(), _count_try(request)
    booked = desk.booking_with_code(found, code, date)
    requested = BookingRequest(
        MoveByCode(code, date, to.day, to.at),
        "api",
        booked.sender if booked else "",
        confirm=to.confirm,
        by=f"gateway {caller(request).gateway}",
    )
    outcome = submit(found.id, requested, now)
    if isinstance(outcome, UnknownBooking):
        return JsonResponse(_to_json(outcome, found), status=HTTPStatus.NOT_FOUND)
    rate_limits.forgive(tries)
    return JsonResponse(_to_json(outcome, found), status=_status(outcome))


def _count_try(request: HttpRequest) -> list[Bucket]:
    """Count a try of a code by this program; return what takes it back. Raises: Problem, where it has to wait."""
    tries = [Bucket(WRONG_CODES_OF_PROGRAM, caller(request).gateway)]
    if wait := rate_limits.attempt(tries, clock.now()):
        detail = "Too many codes that are no booking's; try again in an hour."
        raise Problem(HTTPStatus.TOO_MANY_REQUESTS, detail, headers={"Retry-After": str(seconds(wait))})
    return tries


def _to_request(office: Office, new: NewBooking) -> Book | BookSoonest:
    code = new.service.upper()
    known = [service.code for service in office.shown_services]
    if code not in known:
        detail = f"no such service; there are {', '.join(known)}"
        raise _invalid_field("service", detail)
    if new.day is None and new.at is None:
        return BookSoonest(code, new.name, new.persons)
    if new.day is None or new.at is None:
        raise _invalid_field(
            "date" if new.day is None else "time", "give both date and time, or neither for the soonest"
        )
    return Book(code, new.day, new.at, new.name, new.persons)


def _invalid_field(field: str, detail: str) -> Problem:
    return Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, "Nothing was booked: see errors.", [FieldError(field=field, detail=detail)]
    )


def _status(outcome: Outcome) -> HTTPStatus:
    return HTTPStatus.OK if isinstance(outcome, _DONE) else HTTPStatus.CONFLICT


def _to_json(outcome: Outcome, office: Office) -> dict[str, Any]:
    reply = render(outcome, office, "cs")
    return {"outcome": outcome.outcome, "reply": reply.text if reply else None, **concerned(outcome)}


def _find_office(request: HttpRequest, slug: str) -> Office:
    """Return the office, if the caller's token is good for one of its numbers.

    Raises: Problem. An office of another gateway looks like none.
    """
    office_id = offices.find(slug)
    office = offices.load(office_id) if office_id is not None else None
    if office is None or not covers_office(caller(request), office):
        if office is not None:
            register.count(office.id, clock.now(), f"gateway {caller(request).gateway}", "refused", "api")
        detail = f"There is no office {slug!r} with a number this token is good for."
        raise Problem(HTTPStatus.NOT_FOUND, detail)
    return office
