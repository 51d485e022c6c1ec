"""Correction: the sender's own message, as far as it was understood, as a draft to complete."""

import re
from datetime import date

from anyascii import anyascii

from prepazka.core.booking.draft import Draft
from prepazka.sms.understand.commands import Given
from prepazka.sms.understand.dates import needs_year
from prepazka.sms.vocabulary import CommandName, Vocabulary

LONGEST_NAME = 20
"""Characters of a name that a draft repeats; with more the reply might not stay one message."""

_PLAIN_NAME = re.compile(r"[A-Z]+(?:[-' ][A-Z]+)*")


# docs/spec/messages.md §3.1: "The example is made of the sender's own values; a value that was not given is a hole."
def draft(command: CommandName, given: Given, *, dated: bool, today: date, vocabulary: Vocabulary) -> Draft:
    """The message that gives the command what was given.

    dated: the sender wrote a date or a time, so the soonest place is not what was meant. vocabulary: of all languages
    the message may be read in.
    """
    return Draft(
        form=_form(command, given, dated=dated),
        service=given.service or None,
        persons=given.persons,
        day=given.day,
        at=given.at,
        name=_plain(given.name, vocabulary),
        code=given.code,
        choice=given.choice,
        with_year=given.day is not None and needs_year(given.day, today),
    )


def _form(command: CommandName, given: Given, *, dated: bool) -> str:
    match command:
        case "book" if given.persons:
            return "book_persons" if dated else "soonest_persons"
        case "book":
            return "book" if dated else "soonest"
        case "free" if given.day is not None:
            return "free_times" if given.at is None else "free_times_since"
        case "free":
            return "free_times" if dated else "free_times_tomorrow"
        case "accept":
            return "accept_other" if given.choice else "accept"
        case _:
            return command


def _plain(name: str | None, vocabulary: Vocabulary) -> str | None:
    """The name in plain letters, if it is short and none of its words could be taken for something else."""
    plain = anyascii(name or "").upper()
    if len(plain) > LONGEST_NAME or not _PLAIN_NAME.fullmatch(plain):
        return None
    doubtful = vocabulary.special | vocabulary.requests | vocabulary.rarely_names
    return None if doubtful.intersection(plain.split()) else plain
