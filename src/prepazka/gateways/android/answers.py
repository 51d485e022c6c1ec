"""Reads the answers of the phone: results of sending, error messages, and its health."""

import json
from http import HTTPStatus

from pydantic import BaseModel, ValidationError

from prepazka.gateways.health_texts import health_of
from prepazka.gateways.http import HttpResponse
from prepazka.gateways.redaction import redacted
from prepazka.gateways.values import Health, Outbound, SendError, SendResult, Sent


def send_result(message: Outbound, response: HttpResponse) -> SendResult:
    """Translate the answer to POST /messages. A 409 means that the id exists: the first attempt was accepted."""
    reason = f"refused by the phone ({response.status}): {redacted(error_message(response))}"
    match response.status:
        case HTTPStatus.OK | HTTPStatus.CREATED | HTTPStatus.ACCEPTED | HTTPStatus.CONFLICT:
            return Sent(message.id)
        case HTTPStatus.BAD_REQUEST | HTTPStatus.UNPROCESSABLE_ENTITY if not error_mentions(response, "device"):
            return SendError(message.id, reason, retryable=False, cause="number")  # the number or the validity is wrong
        case HTTPStatus.TOO_MANY_REQUESTS | HTTPStatus.SERVICE_UNAVAILABLE:
            return SendError(message.id, reason, throttled=True, cause="throttled")
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
            return SendError(message.id, "the phone refuses our name and password", cause="account")
        case _:  # a redirect, a proxy's page, or a wrong setting that can be fixed
            return SendError(message.id, reason)


def error_message(response: HttpResponse) -> str:
    """Return the error message of an answer, "" when it has none."""
    try:
        document = json.loads(response.body)
    except (ValueError, RecursionError):
        return ""
    return str(document.get("message", "")) if isinstance(document, dict) else ""


def error_mentions(response: HttpResponse, word: str) -> bool:
    """Return whether the error message contains a word."""
    return word in error_message(response).lower()


class _Check(BaseModel):
    status: str = "pass"
    description: str = ""


class _Condition(BaseModel):
    status: str
    checks: dict[str, _Check] = {}


def health_from(response: HttpResponse) -> Health:
    """Translate the answer to GET /health: of the phone when it is called directly, else of the server."""
    try:
        document = _Condition.model_validate_json(response.body)
    except ValidationError:
        return health_of("android_not_the_app", status=response.status)
    ill = [f"{name} {check.status}" for name, check in document.checks.items() if check.status != "pass"]
    match document.status:
        case "pass":
            return health_of("android_ok")
        case "warn":
            return health_of("android_unwell", checks=", ".join(ill))
        case _:
            return health_of("android_ill", checks=", ".join(ill))
