"""Translates a provider's answer to a request to send."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from prepazka.gateways.hosted.fields import NoDocument, matches, read_document, texts_at, words_at
from prepazka.gateways.hosted.requests import Send
from prepazka.gateways.http import HttpResponse
from prepazka.gateways.values import LostAnswer, Outbound, SendError, SendResult, Sent

# Statuses that mean wrong settings or an outage, never a fault of one message.
_LATER: Final = frozenset({401, 402, 403, 404, 405, 407, 408, 503})


def send_result(send: Send, message: Outbound, response: HttpResponse) -> SendResult:
    """Translate an answer by the profile, and by its status where the profile says nothing."""
    document = _fields(response)
    reason = f"refused ({response.status}): {words_at(document, send.reason)}".rstrip(": ")
    for failure in send.failures:
        if (not failure.status or response.status in failure.status) and matches(document, failure.where):
            match failure.means:
                case "permanent":
                    return SendError(message.id, reason, retryable=False)
                case "throttled":
                    return SendError(message.id, reason, throttled=True, cause="throttled")
                case "retry":
                    return SendError(message.id, reason)
                case "already":
                    return Sent(message.id)
    match response.status:
        case status if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            if not matches(document, send.where):
                return SendError(message.id, reason)
            return Sent(message.id, texts_at(document, send.ref) if send.ref else ())
        case HTTPStatus.TOO_MANY_REQUESTS:
            return SendError(message.id, reason, throttled=True, cause="throttled")
        case status if status in _LATER or HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
            return SendError(message.id, reason)
        case status if status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return SendError(message.id, reason, retryable=False)
        case _:  # it may have failed after accepting the message
            return LostAnswer(message.id, reason)


def _fields(response: HttpResponse) -> Any:
    """Return the fields of an answer; of one that is not JSON also its text as `body`."""
    text = {"body": response.text.strip()}
    try:
        document = read_document(response)
    except NoDocument:
        return text
    from_xml = isinstance(document, Mapping) and response.text.lstrip("\ufeff \t\r\n").startswith("<")
    return {**document, **text} if from_xml else document
