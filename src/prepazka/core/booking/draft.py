"""A message as its sender meant it, as far as it was understood: replies teach nothing else."""

from dataclasses import dataclass
from datetime import date, time


@dataclass(frozen=True, slots=True)
class Draft:
    """The sender's own values in the form they belong to; None is what was not given, and is shown as a hole.

    form: the taught form (`sms.understand.commands.Command.taught`). with_year: whether the day needs its year to be
    read as that day. So an invented value has no way into a reply (docs/spec/conversation.md §1).
    """

    form: str
    service: str | None = None
    persons: int | None = None
    day: date | None = None
    at: time | None = None
    name: str | None = None
    code: str | None = None
    choice: int | None = None
    with_year: bool = False
