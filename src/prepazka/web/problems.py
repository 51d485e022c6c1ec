"""Errors of the API: always RFC 9457 problem+json."""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from django.http import Http404, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import BaseModel

from prepazka.store.database_errors import DATABASE_AWAY, database_reason, public_reason
from prepazka.store.offices import MovedOffice

log = structlog.get_logger()

CONTENT_TYPE = "application/problem+json"
PREFIX = "/api/"
# Seconds after which a caller should send a message again that could not be stored.
RETRY_AFTER = 5


class FieldError(BaseModel):
    """The mistake in one field; in a list the field begins with the item's position: `3.to`."""

    field: str
    detail: str


class ProblemDetails(BaseModel):
    """The body of every error (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[FieldError] = []


class Problem(Exception):
    """A request that cannot be served, and what its sender can do."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors
        self.headers = headers

    @property
    def response(self) -> HttpResponse:
        """The response of this problem."""
        details = ProblemDetails(
            title=self.status.phrase, status=self.status, detail=self.detail, errors=list(self.errors)
        )
        return JsonResponse(details.model_dump(), status=self.status, headers=self.headers, content_type=CONTENT_TYPE)


def describe_statuses(*statuses: HTTPStatus) -> dict[int, dict[str, Any]]:
    """Return the OpenAPI description of these problems."""
    schema = ProblemDetails.model_json_schema()
    schema["properties"]["errors"]["items"] = schema.pop("$defs")["FieldError"]
    return {
        status.value: {"description": status.phrase, "content": {CONTENT_TYPE: {"schema": schema}}}
        for status in statuses
    }


def problem_of_status(status: int) -> Problem:
    """Return the general problem of a status."""
    details = {
        HTTPStatus.BAD_REQUEST: "The request cannot be read.",
        HTTPStatus.NOT_FOUND: "There is nothing at this address.",
        HTTPStatus.METHOD_NOT_ALLOWED: "This address does not take this method.",
        HTTPStatus.GONE: "This office has moved to another installation; ask it for the new address.",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is too long: 64 kB, with a token 1 MB; send a shorter list.",
        HTTPStatus.INTERNAL_SERVER_ERROR: "The server failed; the operator can read why in its log.",
    }
    known = HTTPStatus(status)
    return Problem(known, details.get(known, known.phrase))


def database_away(error: Exception) -> Problem:
    """Return the problem of an unreachable database: nothing is acknowledged, everything may be sent again."""
    log.error("database away", error=type(error).__name__, reason=database_reason(error))
    return Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        f"The database cannot be used ({public_reason(error)}); nothing was acknowledged. "
        "Send the same request again later.",
        headers={"Retry-After": str(RETRY_AFTER)},
    )


def invalid_parameters(error: ValidationError) -> Problem:
    """Return the problem of invalid parameters in the address."""
    errors = [
        FieldError(field=str(details["loc"][-1]), detail=details["msg"].removeprefix("Value error, "))
        for details in error.errors
    ]
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "Some parameters are not valid.", errors)


def unauthorized() -> Problem:
    """Return the problem of a missing or unknown token."""
    return Problem(
        HTTPStatus.UNAUTHORIZED,
        "Send the gateway's token: Authorization: Bearer <token>.",
        headers={"WWW-Authenticate": 'Bearer realm="prepazka"'},
    )


# docs/spec/safety.md §1: "is refused with 403, and nothing is stored"
def foreign_number(errors: Sequence[FieldError] = ()) -> Problem:
    """Return the problem of a message to a number that is not bound to the gateway, whoever has that number."""
    return Problem(
        HTTPStatus.FORBIDDEN,
        "Nothing was stored: a message is to a number that is not bound to this gateway.",
        errors,
    )


def answer_with_problems(api: NinjaAPI) -> None:
    """Turn every exception of the API's operations into a problem."""

    def handle(kind: type[Exception], problem: Callable[[Any], Problem]) -> None:
        api.add_exception_handler(kind, lambda _request, error: problem(error).response)

    handle(Problem, lambda error: error)
    for away in DATABASE_AWAY:
        handle(away, database_away)
    handle(AuthenticationError, lambda _: unauthorized())
    handle(ValidationError, invalid_parameters)
    handle(MovedOffice, lambda _: problem_of_status(HTTPStatus.GONE))
    handle(Http404, lambda _: problem_of_status(HTTPStatus.NOT_FOUND))
    handle(HttpError, lambda error: Problem(HTTPStatus(error.status_code), error.message))
