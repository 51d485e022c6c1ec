"""`replay`: many messages from a file or a pipe, JSON lines in and out, on the same path as a gateway's."""

import os
import sys
from argparse import Namespace
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from io import BufferedReader
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from tqdm import tqdm

from prepazka.commands import CommandFailed, UsageError, machine_settings, write_utf8
from prepazka.commands.its_office import ensure_office
from prepazka.commands.messages import LONGEST_NUMBER, Given, MessageBuilder, to_json
from prepazka.flows.inbound.receive import BATCH, receive
from prepazka.gateways.values import Inbound
from prepazka.officefile.plain_words import describe


class NumberedLine(NamedTuple):
    """A line of the input, not yet parsed; `number` begins at 1."""

    number: int
    text: bytes


class ReplayLine(BaseModel):
    """A line of `replay` (docs/spec/contract.md §1)."""

    model_config = ConfigDict(extra="forbid", strict=True)

    id: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    sender: Annotated[str, Field(alias="from", min_length=1, max_length=LONGEST_NUMBER)]
    to: Annotated[str, Field(min_length=1, max_length=LONGEST_NUMBER)] | None = None
    text: str
    at: str | None = None

    def given(self) -> Given:
        """Return it as `sms` has it."""
        return Given(self.sender, self.text, self.to, self.at, self.id)


def replay(arguments: Namespace) -> int:
    """Run `prepazka replay`: an invalid line ends it, after the lines before it are answered."""
    ensure_office()
    write_utf8()
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
        raise UsageError(f"{name}: {error.strerror}{machine_settings.file_fix(error, name)}") from error


def handle_batch(builder: MessageBuilder, batch: Iterable[NumberedLine]) -> int:
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
    sys.stdout.writelines(f"{to_json(message)}\n" for message in handled)
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


def _parse_line(builder: MessageBuilder, line: NumberedLine) -> Inbound:
    """Parse one line. Raises: UsageError naming the line and the field."""
    # Editors on Windows begin a file with a byte order mark.
    text = line.text.removeprefix(BOM_UTF8) if line.number == 1 else line.text
    try:
        return builder.build(ReplayLine.model_validate_json(text).given())
    except ValidationError as error:
        raise UsageError(f"line {line.number}: {_describe_error(error)}") from error
    except ValueError as error:
        raise UsageError(f"line {line.number}: {error}") from error


def _describe_error(error: ValidationError) -> str:
    details = error.errors()[0]
    field = ".".join(map(str, details["loc"]))
    return f"{field}: {describe(details)}" if field else describe(details)
