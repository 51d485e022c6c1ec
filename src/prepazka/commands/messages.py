"""`sms` and `replay`: messages from a person or a file, on the same path as a gateway's."""

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
from typing import Annotated, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from tqdm import tqdm

from prepazka import clock
from prepazka.commands import CommandFailed, UsageError
from prepazka.commands.offices import ensure_office
from prepazka.core.minutes import YEARS, believable
from prepazka.flows.inbound.handle import Handled
from prepazka.flows.inbound.receive import BATCH, receive
from prepazka.flows.json_lines import message_line
from prepazka.flows.phone_numbers import e164
from prepazka.gateways.screens import CONSOLE
from prepazka.gateways.values import Inbound
from prepazka.store import offices


class NumberedLine(NamedTuple):
    """A line of the input, not yet parsed; `number` begins at 1."""

    number: int
    text: bytes


class ReplayLine(BaseModel):
    """A line of `replay` (docs/spec/contract.md §1)."""

    model_config = ConfigDict(extra="forbid", strict=True)

    id: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    sender: Annotated[str, Field(alias="from", min_length=1, max_length=40)]
    to: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    text: str
    at: str | None = None


def sms(arguments: Namespace) -> int:
    """Run `prepazka sms`."""
    ensure_office()
    fields = {"from": arguments.sender, "to": arguments.recipient, "text": arguments.text, "at": arguments.at}
    try:
        message = MessageBuilder().build(ReplayLine.model_validate(fields))
    except ValidationError as error:
        raise UsageError(f"--{_describe_error(error)}") from error
    except ValueError as error:
        raise UsageError(f"--{error}") from error
    (handled,) = receive([message])
    if handled.outcome is None:
        raise CommandFailed("the message is stored, but could not be handled yet; the log above says why")
    if arguments.json:
        print(_to_json(handled))
    elif handled.reply:
        print(handled.reply.text)
    else:
        print(f"no reply: {handled.outcome.outcome}", file=sys.stderr)
    return 0


def replay(arguments: Namespace) -> int:
    """Run `prepazka replay`: an invalid line ends it, after the lines before it are answered."""
    ensure_office()
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # JSON lines are UTF-8 whatever the terminal
    source = _open_input(arguments.file)
    builder = MessageBuilder()
    unhandled = 0
    # disable=None: on a terminal only; stdout may well be a file meanwhile.
    with (
        source,
        tqdm(
            total=os.fstat(source.fileno()).st_size or None, unit="B", unit_scale=True, disable=None, file=sys.stderr
        ) as progress,
    ):
        for batch in read_batches(source):
            unhandled += handle_batch(builder, batch)
            progress.update(sum(len(line.text) + 1 for line in batch))
    if unhandled:
        raise CommandFailed(f"{unhandled} messages are stored, but could not be handled yet; the log above says why")
    return 0


def _open_input(name: str) -> BufferedReader:
    try:
        return open(0 if name == "-" else name, "rb", closefd=name != "-")
    except OSError as error:
        raise UsageError(f"{name}: {error.strerror}") from error


def handle_batch(builder: "MessageBuilder", batch: Iterable[NumberedLine]) -> int:
    """Handle these lines and print an output line for each; return how many could not be handled.

    Raises: UsageError for the first invalid line, after the lines before it are answered.
    """
    messages: list[Inbound] = []
    bad_line: UsageError | None = None
    for line in batch:
        try:
            messages.append(_parse_line(builder, line))
        except UsageError as error:
            bad_line = error
            break
    handled = receive(messages)
    sys.stdout.writelines(f"{_to_json(message)}\n" for message in handled)
    sys.stdout.flush()
    if bad_line:
        raise bad_line
    return sum(message.outcome is None for message in handled)


def read_batches(source: BufferedReader) -> Iterator[list[NumberedLine]]:
    """Yield the lines in batches of as many as have arrived: a program at the other end of a pipe must not wait."""
    rest, number = b"", 0
    while arrived := source.read1():
        *lines, rest = (rest + arrived).split(b"\n")
        yield from _split_batches(lines, number)
        number += len(lines)
    yield from _split_batches([rest], number)


def _split_batches(lines: Sequence[bytes], after: int) -> Iterator[list[NumberedLine]]:
    numbered = [NumberedLine(number, text) for number, text in enumerate(lines, after + 1) if text.strip()]
    for first in range(0, len(numbered), BATCH):
        yield numbered[first : first + BATCH]


def _parse_line(builder: "MessageBuilder", line: NumberedLine) -> Inbound:
    """Parse one line. Raises: UsageError naming the line and the field."""
    # Editors on Windows begin a file with a byte order mark.
    text = line.text.removeprefix(BOM_UTF8) if line.number == 1 else line.text
    try:
        return builder.build(ReplayLine.model_validate_json(text))
    except ValidationError as error:
        raise UsageError(f"line {line.number}: {_describe_error(error)}") from error
    except ValueError as error:
        raise UsageError(f"line {line.number}: {error}") from error


def _describe_error(error: ValidationError) -> str:
    details = error.errors()[0]
    field = ".".join(map(str, details["loc"]))
    return f"{field}: {details['msg']}" if field else details["msg"]


def _to_json(handled: Handled) -> str:
    return json.dumps(message_line(handled), ensure_ascii=False)


class MessageBuilder:
    """Builds messages from lines: fills in a missing recipient and time, and rejects invalid ones."""

    def __init__(self) -> None:
        self._zones: dict[str, ZoneInfo] = {}

    def build(self, line: ReplayLine) -> Inbound:
        """Return the message of a line. Raises: ValueError beginning with the field's name."""
        recipient = line.to or self._only_number()
        return Inbound(
            gateway=CONSOLE,
            id=line.id or uuid.uuid4().hex,
            sender=line.sender,
            recipient=recipient,
            text=line.text,
            sent=_parse_time(line.at, self._zone(recipient)),
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
        return "no office has one: add it to the office file and run prepazka load-office"
    return f"the offices' are: {', '.join(numbers[:10])}{', …' if len(numbers) > 10 else ''}"
