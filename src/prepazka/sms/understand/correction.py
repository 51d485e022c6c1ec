"""Correction: the sender's own message, as far as it was understood, as a draft to complete."""

import re
from dataclasses import replace
from datetime import date

from anyascii import anyascii

from prepazka.core.booking.draft import Draft
from prepazka.sms.alphabets import is_latin
from prepazka.sms.understand.commands import Given
from prepazka.sms.understand.dates import needs_year
from prepazka.sms.vocabulary import CommandName

LONGEST_NAME = 20
"""Characters of a name that a draft repeats; with more the reply might not stay one message."""

_PLAIN_NAME = re.compile(r"[A-Z]+(?:[-' ][A-Z]+)*")


# docs/spec/messages.md §3.1: "The example is made of the sender's own values; a value that was not given is a hole."
def draft(command: CommandName, given: Given, *, dated: bool, today: date) -> Draft:
    """The message that gives the command what was given.

    dated: the sender wrote a date or a time, so the soonest place is not what was meant.
    """
    own = Draft(
        form="",
        service=given.service or None,
        persons=given.persons,
        day=given.day,
        at=given.at,
        name=plain_name(given.name),
        code=given.code,
        choice=given.choice,
        with_year=given.day is not None and needs_year(given.day, today),
    )
    return formed(own, command, dated=dated)


def formed(draft: Draft, command: CommandName, *, dated: bool) -> Draft:
    """The draft in the taught form of the command that has its values; dated: as in `draft`."""
    match command:
        case "book" if draft.persons:
            form = "book_persons" if dated else "soonest_persons"
        case "book":
            form = "book" if dated else "soonest"
        case "free" if draft.day is not None:
            form = "free_times" if draft.at is None else "free_times_since"
        case "free":
            form = "free_times" if dated else "free_times_tomorrow"
        case "accept":
            form = "accept_other" if draft.choice else "accept"
        case _:
            form = command
    return replace(draft, form=form)


def plain_name(name: str | None) -> str | None:
    """The name in plain letters, if it is short; else it is a hole. Of another alphabet it keeps its letters."""
    plain = anyascii(name or "").upper()
    if len(plain) > LONGEST_NAME or not _PLAIN_NAME.fullmatch(plain):
        return None
    return plain if is_latin(name or "") else name
