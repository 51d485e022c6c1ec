"""Errors of the API: always RFC 9457 problem+json."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus

from django.http import HttpResponse, JsonResponse

CONTENT_TYPE = "application/problem+json"
PREFIX = "/api/"


@dataclass(frozen=True, slots=True)
class FieldError:
    """The mistake in one field; in a list the field begins with the item's position: `3.to`."""

    field: str
    detail: str


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
        details = {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": self.status.value,
            "detail": self.detail,
            "errors": [asdict(error) for error in self.errors],
        }
        return JsonResponse(details, status=self.status, headers=self.headers, content_type=CONTENT_TYPE)


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


# docs/spec/safety.md §1: "is refused with 403, and nothing is stored"
def foreign_number(errors: Sequence[FieldError] = ()) -> Problem:
    """Return the problem of a message to a number that is not bound to the gateway, whoever has that number."""
    return Problem(
        HTTPStatus.FORBIDDEN,
        "Nothing was stored: a message is to a number that is not bound to this gateway.",
        errors,
    )
