"""What goes wrong in the API's operations, and the description of its errors."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import structlog
from django.http import Http404
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import BaseModel

from prepazka.store.database_errors import DATABASE_AWAY, database_reason, public_reason
from prepazka.store.offices import MovedOffice
from prepazka.web.problems import CONTENT_TYPE, FieldError, Problem, problem_of_status

log = structlog.get_logger()

# Seconds after which a caller should send a message again that could not be stored.
RETRY_AFTER = 5


class ProblemDetails(BaseModel):
    """The body of every error (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[FieldError] = []


def describe_statuses(*statuses: HTTPStatus) -> dict[int, dict[str, Any]]:
    """Return the OpenAPI description of these problems."""
    schema = ProblemDetails.model_json_schema()
    schema["properties"]["errors"]["items"] = schema.pop("$defs")["FieldError"]
    return {
        status.value: {"description": status.phrase, "content": {CONTENT_TYPE: {"schema": schema}}}
        for status in statuses
    }


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
