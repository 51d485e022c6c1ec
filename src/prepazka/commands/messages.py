"""`sms`: a message from a person, on the same path as a gateway's."""

import json
import sys
import uuid
from argparse import Namespace
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

from prepazka import clock
from prepazka.commands import CommandFailed, UsageError, write_utf8
from prepazka.commands.its_office import ensure_office
from prepazka.core.minutes import YEARS, believable
from prepazka.flows.inbound.handle import Handled
from prepazka.flows.inbound.receive import receive
from prepazka.flows.json_lines import message_line
from prepazka.flows.phone_numbers import e164
from prepazka.gateways.screens import CONSOLE
from prepazka.gateways.values import Inbound
from prepazka.store import offices

LONGEST_NUMBER = 40
"""Characters of a sender and of a recipient."""


class Given(NamedTuple):
    """What is known of a message: at is the time, as it was written; what is None is filled in."""

    sender: str
    text: str
    to: str | None = None
    at: str | None = None
    id: str | None = None


def sms(arguments: Namespace) -> int:
    """Run `prepazka sms`."""
    ensure_office()
    for option, number in (("from", arguments.sender), ("to", arguments.recipient)):
        if number is not None and not 1 <= len(number) <= LONGEST_NUMBER:
            raise UsageError(f"--{option}: a number has 1 to {LONGEST_NUMBER} characters")
    try:
        message = MessageBuilder().build(Given(arguments.sender, arguments.text, arguments.recipient, arguments.at))
    except ValueError as error:
        raise UsageError(f"--{error}") from error
    (handled,) = receive([message])
    if handled.outcome is None:
        raise CommandFailed("the message is stored, but could not be handled yet; the log above says why")
    if arguments.json:
        write_utf8()
        print(to_json(handled))
    elif handled.reply:
        print(handled.reply.text)
    else:
        print(f"no reply: {handled.outcome.outcome}", file=sys.stderr)
    return 0


def to_json(handled: Handled) -> str:
    """Return the line that `replay` prints for a message."""
    return json.dumps(message_line(handled), ensure_ascii=False)


class MessageBuilder:
    """Builds messages from lines: fills in a missing recipient and time, and rejects invalid ones."""

    def __init__(self) -> None:
        self._zones: dict[str, ZoneInfo] = {}

    def build(self, given: Given) -> Inbound:
        """Return the message. Raises: ValueError beginning with the field's name."""
        recipient = given.to or self._only_number()
        return Inbound(
            gateway=CONSOLE,
            id=given.id or uuid.uuid4().hex,
            sender=given.sender,
            recipient=recipient,
            text=given.text,
            sent=_parse_time(given.at, self._zone(recipient)),
        )

    @cached_property
    def _numbers(self) -> list[str]:
        """The first number of each office, which its pages show."""
        return offices.first_numbers()

    def _only_number(self) -> str:
        if len(self._numbers) != 1:
            raise ValueError(f"to: say which number; {_list_numbers(self._numbers)}")
        return self._numbers[0]

    def _zone(self, recipient: str) -> ZoneInfo:
        """Return the time zone of the office with this number. Raises: ValueError."""
        number = e164(recipient)
        if number not in self._zones:
            owner = offices.by_number([number]).get(number)
            if owner is None:
                raise ValueError(f"to: {recipient} is no office's number; {_list_numbers(self._numbers)}")
            self._zones[number] = offices.load(owner.office_id).zone
        return self._zones[number]


def _parse_time(at: str | None, zone: ZoneInfo) -> datetime:
    if at is None:
        return clock.now()
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise ValueError(f"at: {at!r} is no time; write it like 2026-08-03T09:00") from None
    if not believable(moment):
        raise ValueError(f"at: {at!r} must lie in the years {YEARS[0]} to {YEARS[1] - 1}")
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _list_numbers(numbers: Sequence[str]) -> str:
    if not numbers:
        return "no office that is open here has one: add it to the office file and run prepazka load-office"
    return f"the offices' are: {', '.join(numbers[:10])}{', …' if len(numbers) > 10 else ''}"
