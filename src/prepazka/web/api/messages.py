"""Messages from a gateway: the whole request is checked before anything is stored."""

import json
import re
from collections.abc import Collection, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Final

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
)

from prepazka.core.minutes import YEARS, believable
from prepazka.flows.inbound.receive import TEXT_LIMIT
from prepazka.gateways.values import Inbound, storable_text
from prepazka.web.problems import FieldError, Problem, foreign_number

# The most messages in one request.
MAX_MESSAGES = 500
_ISO_8601 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)")


def _check_printable(text: str) -> str:
    if not text.isprintable() or "\ufffd" in text:  # two damaged ids may look the same
        raise ValueError("only printable characters")
    return text


def _drop_broken_surrogates(text: Any) -> Any:
    """Replace half of a surrogate pair, which a broken encoder leaves of an emoji, so that no message is lost."""
    return storable_text(text) if isinstance(text, str) else text


def _check_iso_8601(moment: Any) -> Any:
    if not isinstance(moment, str) or not _ISO_8601.fullmatch(moment):
        raise ValueError("a moment as ISO 8601 with an offset, such as 2026-08-03T09:00:00+02:00")
    return moment


def _check_years(moment: datetime) -> datetime:
    if not believable(moment):
        raise ValueError(f"a moment in the years {YEARS[0]} to {YEARS[1] - 1}")
    return moment


Printable = Annotated[str, BeforeValidator(_drop_broken_surrogates), AfterValidator(_check_printable)]


class InboundMessage(BaseModel):
    """A message from a citizen to the office."""

    model_config = ConfigDict(extra="forbid", title="Message")

    id: Printable = Field(min_length=1, max_length=200, description="the gateway's own id: equal ids, one message")
    sender: Printable = Field(alias="from", min_length=1, max_length=40, description="as the network gives it")
    to: Printable = Field(min_length=1, max_length=40, description="a number of the office")
    text: Annotated[str, BeforeValidator(_drop_broken_surrogates)] = Field(max_length=TEXT_LIMIT)
    at: Annotated[AwareDatetime, BeforeValidator(_check_iso_8601), AfterValidator(_check_years)] | None = Field(
        default=None, description="when the network took it"
    )

    def inbound(self, gateway: str) -> Inbound:
        """Return the message for `flows.inbound`."""
        return Inbound(gateway, self.id, self.sender, self.to, self.text, self.at)


_ONE: Final = TypeAdapter(InboundMessage)
_LIST: Final = TypeAdapter(list[InboundMessage])

BODY_SCHEMA: Final = {
    "oneOf": [
        InboundMessage.model_json_schema(),
        {"type": "array", "items": InboundMessage.model_json_schema(), "minItems": 1, "maxItems": MAX_MESSAGES},
    ]
}


def read_messages(request: HttpRequest) -> InboundMessage | list[InboundMessage]:
    """Return the message or the list of messages in a request. Raises: Problem."""
    data = _load_json(request)
    try:
        if not isinstance(data, list):
            return _ONE.validate_python(data)
        if not 1 <= len(data) <= MAX_MESSAGES:
            raise Problem(
                HTTPStatus.UNPROCESSABLE_ENTITY, f"A list holds 1 to {MAX_MESSAGES} messages, not {len(data)}."
            )
        return _LIST.validate_python(data)
    except ValidationError as error:
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY, "Nothing was stored: see errors.", _field_errors(error)
        ) from None


def foreign_numbers(inbounds: Sequence[Inbound], numbers: Collection[str], *, listed: bool) -> Problem:
    """Return the problem of messages to numbers the token is not good for; nothing tells whose they are."""
    detail = "the token is not good for this number"
    errors = [
        FieldError(field=f"{place}.to" if listed else "to", detail=detail)
        for place, inbound in enumerate(inbounds)
        if inbound.recipient in numbers
    ]
    return foreign_number(errors)


def _load_json(request: HttpRequest) -> Any:
    charset = (request.content_params or {}).get("charset", "utf-8")
    if request.content_type != "application/json" or charset.lower() != "utf-8":
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send Content-Type: application/json, in UTF-8.")
    if not request.META.get("CONTENT_LENGTH"):  # WSGI cannot know the end of such a body
        raise Problem(HTTPStatus.LENGTH_REQUIRED, "Send Content-Length; a body in chunks is not taken.")
    try:
        body = request.body
    except RequestDataTooBig:
        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "A request is at most 1 MB; send a shorter list.") from None
    try:
        return json.loads(body.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Problem(HTTPStatus.BAD_REQUEST, "The body is not UTF-8.") from None
    except (ValueError, RecursionError):
        raise Problem(HTTPStatus.BAD_REQUEST, "The body is not JSON.") from None


def _field_errors(error: ValidationError) -> list[FieldError]:
    return [
        FieldError(
            field=".".join(str(part) for part in details["loc"]), detail=details["msg"].removeprefix("Value error, ")
        )
        for details in error.errors(include_url=False, include_context=False, include_input=False)
    ]
