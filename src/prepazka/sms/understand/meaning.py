"""Which of the parses of a message is meant, or why none can be acted on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from prepazka.core.booking.requests import Request
from prepazka.sms.understand.candidates import Bad, Fills, Name
from prepazka.sms.understand.commands import Command, Given, Lack

_FIGURES_OF_A_DAY = 4


@dataclass(frozen=True, slots=True)
class Lacking:
    """The first value that is absent."""

    slot: Lack


@dataclass(frozen=True, slots=True)
class NoSuchDay:
    """The date as written, which does not exist."""

    token: str


@dataclass(frozen=True, slots=True)
class NoSuchTime:
    """The time as written, which does not exist."""

    token: str


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """There are several complete readings, and none of them is the documented form."""


class Meaning(NamedTuple):
    """What a message means to its command, and the values it is made of."""

    verdict: Request | Lacking | NoSuchDay | NoSuchTime | Ambiguous
    fills: Fills


def given(service: str, fills: Fills) -> Given:
    """The values of a parse that exist."""
    values = {
        slot: value.text if isinstance(value, Name) else value
        for slot, value in fills.items()
        if not isinstance(value, Bad)
    }
    return Given(service, **values)  # type: ignore[arg-type] # a slot holds only values of its field's type


# docs/spec/messages.md §3.1: "of several complete ways, the one in the documented order (persons, date, time, name) is
# what was meant"
# docs/spec/messages.md §3.1: "where two complete ways differ and neither is in the documented order, the reply asks"
def meaning(command: Command, service: str, parses: Sequence[Fills], today: date) -> Meaning:
    """The one meaning of a message that has parses (the rules are in `parse`'s first lines)."""
    meanings = [Meaning(_verdict(command, service, fills, today), fills) for fills in parses]
    if len(meanings) == 1:
        return meanings[0]
    meanings.sort(key=lambda each: (_has_short_code(each.fills), *_order(command, each.fills)))
    first = meanings[0]
    for each in meanings:
        if isinstance(each.verdict, Lacking | NoSuchDay | NoSuchTime):
            return each
    rivals = [each for each in meanings if each.verdict != first.verdict]
    if rivals:
        disordered, _ = order = _order(command, first.fills)
        if disordered or _order(command, rivals[0].fills) == order:
            return Meaning(Ambiguous(), first.fills)
    return first


def _verdict(command: Command, service: str, fills: Fills, today: date) -> Request | Lacking | NoSuchDay | NoSuchTime:
    day, at = fills.get("day"), fills.get("at")
    if isinstance(day, Bad):
        return NoSuchDay(day.token)
    if isinstance(at, Bad):
        return NoSuchTime(at.token)
    asked = command.request(given(service, fills), today)
    return Lacking(asked) if isinstance(asked, str) else asked


def _has_short_code(fills: Fills) -> bool:
    """Whether a code has four figures, which are rather a day where they can be one: codes have more."""
    return len(str(fills.get("code", ""))) == _FIGURES_OF_A_DAY


def _order(command: Command, fills: Fills) -> tuple[bool, list[int]]:
    """How far a parse is from the documented order: least for the documented form itself."""
    places = [command.slots.index(slot) for slot in fills]
    return places != sorted(places), places
