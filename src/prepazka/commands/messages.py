"""`sms` and `replay`: messages handed in by a person or a file, through the same path as a gateway's."""

import json
import os
import sys
import uuid
from argparse import Namespace
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cached_property
from io import BufferedReader
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from tqdm import tqdm

from prepazka import clock
from prepazka.commands import CommandFailed, UsageError
from prepazka.commands.offices import ensure_office
from prepazka.core.minutes import YEARS, believable
from prepazka.flows.inbound.receive import BATCH, Handled, receive
from prepazka.flows.json_lines import message_line
from prepazka.flows.phone_numbers import e164
from prepazka.gateways.screens import CONSOLE
from prepazka.gateways.values import Inbound
from prepazka.store import offices


class ReplayLine(BaseModel):
    """A replay line (spec/contract.md §1)."""

    model_config = ConfigDict(extra="forbid", strict=True)

    id: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    sender: Annotated[str, Field(alias="from", min_length=1, max_length=40)]
    to: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    text: str
    at: str | None = None


def sms(arguments: Namespace) -> int:
    """`prepazka sms`."""
    ensure_office()
    given = {"from": arguments.sender, "to": arguments.recipient, "text": arguments.text, "at": arguments.at}
    try:
        message = MessageBuilder().message(ReplayLine.model_validate(given))
    except ValidationError as error:
        raise UsageError(f"--{_told(error)}") from error
    except ValueError as error:
        raise UsageError(f"--{error}") from error
    (handled,) = receive([message])
    if handled.outcome is None:
        raise CommandFailed("the message is stored, but could not be handled yet; the log above says why")
    if arguments.json:
        print(_json(handled))
    elif handled.reply:
        print(handled.reply.text)
    else:
        print(f"no reply: {handled.outcome.outcome}", file=sys.stderr)
    return 0


def replay(arguments: Namespace) -> int:
    """`prepazka replay`: a bad line ends it, after the answers to the lines before."""
    ensure_office()
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # JSON lines are UTF-8 whatever the terminal
    source = _opened(arguments.file)
    console = MessageBuilder()
    unhandled = 0
    # disable=None: on a terminal only; stdout may well be a file meanwhile.
    with (
        source,
        tqdm(
            total=os.fstat(source.fileno()).st_size or None, unit="B", unit_scale=True, disable=None, file=sys.stderr
        ) as progress,
    ):
        for batch in read_batches(source):
            unhandled += handle_batch(console, batch)
            progress.update(sum(len(text) + 1 for _, text in batch))
    if unhandled:
        raise CommandFailed(f"{unhandled} messages are stored, but could not be handled yet; the log above says why")
    return 0


def _opened(name: str) -> BufferedReader:
    try:
        return open(0 if name == "-" else name, "rb", closefd=name != "-")
    except OSError as error:
        raise UsageError(f"{name}: {error.strerror}") from error


def handle_batch(console: "MessageBuilder", batch: Iterable[tuple[int, bytes]]) -> int:
    """Print a line for each of these numbered lines; how many of them could not be handled.

    Raises: Misused for the first bad one, after the lines before it are answered.
    """
    messages: list[Inbound] = []
    bad: UsageError | None = None
    for number, text in batch:
        try:
            messages.append(_read(console, number, text))
        except UsageError as misused:
            bad = misused
            break
    handled = receive(messages)
    sys.stdout.writelines(f"{_json(one)}\n" for one in handled)
    sys.stdout.flush()
    if bad:
        raise bad
    return sum(one.outcome is None for one in handled)


def read_batches(source: BufferedReader) -> Iterator[list[tuple[int, bytes]]]:
    """Numbered lines, as many at once as have arrived: a program at the other end of a pipe is answered at once."""
    rest, number = b"", 0
    while arrived := source.read1():
        *lines, rest = (rest + arrived).split(b"\n")
        yield from _batched(lines, number)
        number += len(lines)
    yield from _batched([rest], number)


def _batched(lines: Sequence[bytes], after: int) -> Iterator[list[tuple[int, bytes]]]:
    numbered = [(number, text) for number, text in enumerate(lines, after + 1) if text.strip()]
    for first in range(0, len(numbered), BATCH):
        yield numbered[first : first + BATCH]


def _read(console: "MessageBuilder", number: int, text: bytes) -> Inbound:
    """Raises: Misused naming the line and the field."""
    if number == 1:
        text = text.removeprefix(BOM_UTF8)  # as Windows' editors begin a file
    try:
        return console.message(ReplayLine.model_validate_json(text))
    except ValidationError as error:
        raise UsageError(f"line {number}: {_told(error)}") from error
    except ValueError as error:
        raise UsageError(f"line {number}: {error}") from error


def _told(error: ValidationError) -> str:
    details = error.errors()[0]
    field = ".".join(map(str, details["loc"]))
    return f"{field}: {details['msg']}" if field else details["msg"]


def _json(handled: Handled) -> str:
    return json.dumps(message_line(handled), ensure_ascii=False)


class MessageBuilder:
    """Makes messages of lines: fills in the number and the time where they are left out, refuses what cannot be."""

    def __init__(self) -> None:
        self._zones: dict[str, ZoneInfo] = {}

    def message(self, given: ReplayLine) -> Inbound:
        """Raises: ValueError beginning with the field's name."""
        recipient = given.to or self._only_number()
        return Inbound(
            gateway=CONSOLE,
            id=given.id or uuid.uuid4().hex,
            sender=given.sender,
            recipient=recipient,
            text=given.text,
            sent=_moment(given.at, self._zone(recipient)),
        )

    @cached_property
    def _numbers(self) -> list[str]:
        """Of each office the number its pages show."""
        found = (offices.find(slug) for slug in offices.slugs())
        shown = (offices.load(office_id).numbers[:1] for office_id in found if office_id is not None)
        return [number for numbers in shown for number in numbers]

    def _only_number(self) -> str:
        if len(self._numbers) != 1:
            raise ValueError(f"to: say which number; {_listed(self._numbers)}")
        return self._numbers[0]

    def _zone(self, recipient: str) -> ZoneInfo:
        """The zone of the office whose number this is."""
        number = e164(recipient)
        if number not in self._zones:
            office_id = offices.by_number([number]).get(number)
            if office_id is None:
                raise ValueError(f"to: {recipient} is no office's number; {_listed(self._numbers)}")
            self._zones[number] = offices.load(office_id).zone
        return self._zones[number]


def _moment(at: str | None, zone: ZoneInfo) -> datetime:
    if at is None:
        return clock.now()
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise ValueError(f"at: {at!r} is no time; write it like 2026-08-03T09:00") from None
    if not believable(moment):
        raise ValueError(f"at: {at!r} must lie in the years {YEARS[0]} to {YEARS[1] - 1}")
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _listed(numbers: Sequence[str]) -> str:
    if not numbers:
        return "no office has one: add it to the office file and run prepazka load-office"
    return f"the offices' are: {', '.join(numbers[:10])}{', …' if len(numbers) > 10 else ''}"
