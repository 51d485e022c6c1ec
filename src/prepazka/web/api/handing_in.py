"""Handing in messages, in three steps: the call is judged, its messages are taken, and it is answered.

Django's view takes them one after another (operations.py); the hot way is the same steps without Django's stack around
them (direct.py).
"""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final, NamedTuple

from django.http import HttpRequest, JsonResponse

from prepazka.core.booking.outcomes import Duplicate
from prepazka.flows.inbound.handle import Handled
from prepazka.flows.inbound.intake import store_bound
from prepazka.flows.inbound.receive import UnknownNumber, receive_bound
from prepazka.flows.inbound.repeats import earlier_answers
from prepazka.flows.json_lines import message_line
from prepazka.flows.phone_numbers import e164
from prepazka.gateways.values import Inbound
from prepazka.store.tokens import Token
from prepazka.web.api import messages
from prepazka.web.api.tokens import GatewayToken
from prepazka.web.problems import Problem

# What is told of each message, ready for JSON.
Lines = list[dict[str, Any]]

# Who may hand in messages.
MAY_HAND_IN: Final = GatewayToken("messages")


class HandedIn(NamedTuple):
    """The messages of a call that was judged. listed: whether they came as a list."""

    token: Token
    inbounds: Sequence[Inbound]
    listed: bool

    # docs/spec/safety.md §1: "A token without the purpose `replies` is told only that its messages are stored"
    @property
    def is_answered(self) -> bool:
        """Whether the caller may read the replies; otherwise the messages are only stored: replies go to the phone."""
        return self.token.scope.allows("replies")

    def refuse(self, numbers: set[str]) -> Problem:
        """Return the problem of messages to these numbers."""
        return messages.foreign_numbers(self.inbounds, numbers, listed=self.listed)


def judge(request: HttpRequest, token: Token) -> HandedIn:
    """Return the messages of a call with this token. Raises: Problem."""
    received = messages.read_messages(request)
    listed = isinstance(received, list)
    inbounds = [message.inbound(token.gateway) for message in (received if isinstance(received, list) else [received])]
    handed = HandedIn(token, inbounds, listed)
    if foreign := {one.recipient for one in inbounds if not token.scope.covers(e164(one.recipient))}:
        raise handed.refuse(foreign)
    return handed


def take(handed: HandedIn, now: datetime) -> Lines:
    """Take the messages in this thread. Raises: Problem; what the database raises."""
    try:
        return to_lines(receive_bound(handed.inbounds, now)) if handed.is_answered else store_only(handed, now)
    except UnknownNumber as unknown:
        raise handed.refuse({str(unknown)}) from None


def store_only(handed: HandedIn, now: datetime) -> Lines:
    """Store the messages, to be handled later. Raises: UnknownNumber; what the database raises."""
    store_bound(handed.inbounds, now)
    return to_lines([Handled(inbound.id, None) for inbound in handed.inbounds])


def to_lines(handled: Sequence[Handled]) -> Lines:
    """Return what is told of each message."""
    return [message_line(message) for message in handled]


def answer(handed: HandedIn, lines: Lines) -> JsonResponse:
    """Return the answer to a call whose messages are stored. It asks the database where one came before."""
    repeats = [(inbound, line) for inbound, line in zip(handed.inbounds, lines, strict=True) if _is_repeat(line)]
    earlier = earlier_answers([inbound for inbound, _ in repeats])
    for inbound, line in repeats:
        first = earlier.get(inbound.id)
        line["earlier"] = {"outcome": first.outcome, "reply": first.reply} if first else None
    if handed.listed:
        return JsonResponse(lines, safe=False, status=HTTPStatus.ACCEPTED)
    return JsonResponse(lines[0], status=HTTPStatus.OK if repeats else HTTPStatus.ACCEPTED)


def has_repeats(lines: Lines) -> bool:
    """Whether one of the messages was handed in before."""
    return any(map(_is_repeat, lines))


def _is_repeat(line: dict[str, Any]) -> bool:
    return bool(line["outcome"] == Duplicate.outcome)
