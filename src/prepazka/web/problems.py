"""Errors of the API: always RFC 9457 problem+json, whatever went wrong and wherever."""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import BaseModel

log = structlog.get_logger()

CONTENT_TYPE = "application/problem+json"
PREFIX = "/api/"
# Seconds after which a caller whose message could not be stored should hand it in again.
RETRY_AFTER = 5


class FieldError(BaseModel):
    """What is wrong with one field; in a list the field's name begins with the item's place: `3.to`."""

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
    """A request that cannot be served, and what its sender can do about it."""

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
        """The problem as the client gets it."""
        details = ProblemDetails(
            title=self.status.phrase, status=self.status, detail=self.detail, errors=list(self.errors)
        )
        return JsonResponse(details.model_dump(), status=self.status, headers=self.headers, content_type=CONTENT_TYPE)


def describe_statuses(*statuses: HTTPStatus) -> dict[int, dict[str, Any]]:
    """The OpenAPI description of these problems."""
    schema = ProblemDetails.model_json_schema()
    schema["properties"]["errors"]["items"] = schema.pop("$defs")["FieldError"]
    return {
        status.value: {"description": status.phrase, "content": {CONTENT_TYPE: {"schema": schema}}}
        for status in statuses
    }


def problem_of_status(status: int) -> Problem:
    """The problem for an error that has no words of its own."""
    details = {
        HTTPStatus.BAD_REQUEST: "The request cannot be read.",
        HTTPStatus.NOT_FOUND: "There is nothing at this address.",
        HTTPStatus.METHOD_NOT_ALLOWED: "This address does not take this method.",
        HTTPStatus.INTERNAL_SERVER_ERROR: "The server failed; the operator can read why in its log.",
    }
    found = HTTPStatus(status)
    return Problem(found, details.get(found, found.phrase))


def database_away(error: OperationalError) -> Problem:
    """The database cannot be reached: nothing is acknowledged, everything may be handed in again."""
    log.error("database away", error=type(error).__name__)
    return Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The database cannot be reached; nothing was acknowledged. Send the same request again later.",
        headers={"Retry-After": str(RETRY_AFTER)},
    )


def invalid_parameters(error: ValidationError) -> Problem:
    """Parameters of the address that do not fit."""
    errors = [
        FieldError(field=str(one["loc"][-1]), detail=one["msg"].removeprefix("Value error, ")) for one in error.errors
    ]
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "Some parameters are not valid.", errors)


def unauthorized() -> Problem:
    """No token, or not one of a gateway's."""
    return Problem(
        HTTPStatus.UNAUTHORIZED,
        "Send the gateway's token: Authorization: Bearer <token>.",
        headers={"WWW-Authenticate": 'Bearer realm="prepazka"'},
    )


def answer_with_problems(api: NinjaAPI) -> None:
    """Let every exception of the API's operations become a problem."""

    def on(kind: type[Exception], problem: Callable[[Any], Problem]) -> None:
        api.add_exception_handler(kind, lambda _request, error: problem(error).response)

    on(Problem, lambda error: error)
    on(OperationalError, database_away)
    on(AuthenticationError, lambda _: unauthorized())
    on(ValidationError, invalid_parameters)
    on(Http404, lambda _: problem_of_status(HTTPStatus.NOT_FOUND))
    on(HttpError, lambda error: Problem(HTTPStatus(error.status_code), error.message))


Answer = Callable[[HttpRequest], HttpResponseBase]


def methods_as_problems(get_response: Answer) -> Answer:
    """Middleware: a method an API address does not take is a problem too; the framework answers it in plain text."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and request.path.startswith(PREFIX):
            problem = problem_of_status(response.status_code)
            problem.headers = {"Allow": response["Allow"]}
            return problem.response
        return response

    return middleware
