"""What the phone's answers mean, and how it says it is."""

import json
from http import HTTPStatus

from pydantic import BaseModel, ValidationError

from prepazka.gateways.http import HttpAnswer
from prepazka.gateways.redaction import redacted
from prepazka.gateways.values import Health, Outbound, SendError, SendResult, Sent


def meaning(message: Outbound, answered: HttpAnswer) -> SendResult:
    """Of an answer to POST /messages. A 409 says that this id is there already: it was taken the first time."""
    reason = f"refused by the phone ({answered.status}): {redacted(words(answered))}"
    match answered.status:
        case HTTPStatus.OK | HTTPStatus.CREATED | HTTPStatus.ACCEPTED | HTTPStatus.CONFLICT:
            return Sent(message.id)
        case HTTPStatus.BAD_REQUEST | HTTPStatus.UNPROCESSABLE_ENTITY if not says(answered, "device"):
            return SendError(message.id, reason, retryable=False)  # the number, or the time to send it in, is wrong
        case HTTPStatus.TOO_MANY_REQUESTS | HTTPStatus.SERVICE_UNAVAILABLE:
            return SendError(message.id, reason, throttled=True)
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
            return SendError(message.id, "the phone refuses our name and password")
        case _:  # a redirect, a page of something between, a setting to be mended
            return SendError(message.id, reason)


def words(answered: HttpAnswer) -> str:
    """What it says is wrong, "" when it does not."""
    try:
        said = json.loads(answered.body)
    except (ValueError, RecursionError):
        return ""
    return str(said.get("message", "")) if isinstance(said, dict) else ""


def says(answered: HttpAnswer, word: str) -> bool:
    """Whether what it says is wrong has to do with this."""
    return word in words(answered).lower()


class _Check(BaseModel):
    status: str = "pass"
    description: str = ""


class _Condition(BaseModel):
    status: str
    checks: dict[str, _Check] = {}


def condition(answered: HttpAnswer) -> Health:
    """Of an answer to GET /health: of the phone itself when it is called directly, else of the server."""
    try:
        said = _Condition.model_validate_json(answered.body)
    except ValidationError:
        return Health("error", f"the phone's answer is not the app's ({answered.status})", "correct the address")
    ill = [f"{name} {check.status}" for name, check in said.checks.items() if check.status != "pass"]
    match said.status:
        case "pass":
            return Health("ok", "the phone answers")
        case "warn":
            return Health("warning", f"the phone answers: {', '.join(ill)}", "look at the phone")
        case _:
            return Health("error", f"the phone is not well: {', '.join(ill)}", "look at the phone")
