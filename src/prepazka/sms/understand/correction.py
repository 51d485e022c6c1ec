"""Examples: the sender's own message, corrected and completed, ready to send back."""

import re
from dataclasses import dataclass
from datetime import date, time, timedelta

from anyascii import anyascii

from prepazka.core.booking.codes import SAMPLE_CODE
from prepazka.sms.understand.candidates import Slot
from prepazka.sms.understand.commands import COMMANDS, Given
from prepazka.sms.understand.dates import shortest
from prepazka.sms.vocabulary import CommandName, Vocabulary, Words

LONGEST_NAME = 20
"""Characters of a name that an example repeats; with more the reply might not stay one message."""

_SAMPLE_TIME = time(14)

_PLAIN_NAME = re.compile(r"[A-Z]+(?:[-' ][A-Z]+)*")


@dataclass(frozen=True, slots=True)
class Draft:
    """What an example is to say.

    dated: the sender wrote a date or a time, so the soonest place is not what was meant. words: of the
    language it is written in; vocabulary: of all languages it may be read in.
    """

    command: CommandName
    given: Given
    dated: bool
    words: Words
    vocabulary: Vocabulary
    today: date


# docs/spec/messages.md §3.1: "The example is made of the sender's own values; a value the sender did not give is filled
# with a sample."
def example(draft: Draft) -> str:
    """The message that gives the command what was given, with samples for what is absent.

    Upper case, plain ASCII; read as a complete ask of that command.
    """
    command = COMMANDS[draft.command]
    parts = [draft.words.commands[draft.command][0], draft.given.service]
    parts.extend(_spelled(slot, draft) for slot in command.slots)
    return " ".join(part for part in parts if part)


def _spelled(slot: Slot, draft: Draft) -> str:
    """A slot's value as an example shows it; empty where it is left out."""
    given = draft.given
    soonest = draft.command == "book" and not draft.dated
    match slot:
        case "persons":
            return f"{given.persons}X" if given.persons else ""
        case "choice":
            return str(given.choice or "")
        case "code":
            return given.code or SAMPLE_CODE
        case "day":
            return "" if soonest else shortest(given.day or _sample_day(draft.today), draft.today)
        case "at":
            if given.at is None and (soonest or draft.command == "free"):
                return ""
            at = given.at or _SAMPLE_TIME
            return f"{at.hour}:{at.minute:02}"
        case "name":
            return _plain(given.name, draft.vocabulary) or draft.words.sample_name


def _sample_day(today: date) -> date:
    """The next day from Monday to Friday."""
    day = today + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day


def _plain(name: str | None, vocabulary: Vocabulary) -> str | None:
    """The name in plain letters, if it is short and none of its words could be taken for something else."""
    plain = anyascii(name or "").upper()
    if len(plain) > LONGEST_NAME or not _PLAIN_NAME.fullmatch(plain):
        return None
    doubtful = vocabulary.special | vocabulary.requests | vocabulary.rarely_names
    return None if doubtful.intersection(plain.split()) else plain
