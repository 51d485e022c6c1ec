"""Cases: conversations with the demo office, step by step, each with what may come of it.

`cases.jsonl` (what failed on the finished program) and `own_cases.jsonl` (what the pages promise, line by line), one
conversation a line: `id` and `says`, the steps in order: `at` (local time), `text` ("{code}" is the code of the last
booking), `who` (another phone), `may` (the outcomes allowed), `must` and `never` (regular expressions the reply holds,
does not hold), `silent` (no reply), `booking` (values of the booking concerned) and `books` (how many it makes).
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.conversation.office import ME, Conversation, Said

_AS_GOOD = {"not_understood": {"proposed"}}
"""Where the first may come, so may these: they say more and do no more."""


@dataclass(frozen=True)
class Step:
    """One message of a case."""

    at: str
    text: str
    may: Sequence[str]
    who: str = ME
    must: Sequence[str] = ()
    never: Sequence[str] = ()
    booking: Mapping[str, str] | None = None
    books: int | None = None
    silent: bool = False


@dataclass(frozen=True)
class Case:
    """One conversation."""

    id: str
    says: Sequence[Step]


def load(file: Path) -> list[Case]:
    """The cases of a file in its order."""
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [Case(line["id"], [Step(**step) for step in line["says"]]) for line in lines]


def complaints(case: Case, conversation: Conversation) -> list[str]:
    """Everything that is not as the case wants it; empty when it holds."""
    code, found = "", []
    for step in case.says:
        now = datetime.fromisoformat(step.at).replace(tzinfo=conversation.office.zone)
        said = conversation.say(step.text.replace("{code}", code), now - conversation.now, step.who)
        if said.made:
            code = said.made[-1].code
        found += [f"{said.text!r} -> {said.outcome}, {said.reply!r}: {wrong}" for wrong in _wrong(step, said, code)]
    return found


def _wrong(step: Step, said: Said, code: str) -> list[str]:
    allowed = set(step.may).union(*(_AS_GOOD.get(outcome, set()) for outcome in step.may))
    reply = said.reply or ""
    wrong = [] if said.outcome in allowed else [f"the outcome is none of {sorted(allowed)}"]
    wrong += [f"the reply lacks {one!r}" for one in step.must if not re.search(one.replace("{code}", code), reply)]
    wrong += [f"the reply holds {one!r}" for one in step.never if re.search(one, reply)]
    if step.silent and said.reply is not None:
        wrong.append("there is a reply")
    if step.books is not None and step.books != len(said.made):
        wrong.append(f"it makes {len(said.made)} bookings")
    if step.booking:
        there = _values(said.booking)
        wrong += [f"{key} is {there.get(key)!r}" for key, value in step.booking.items() if there.get(key) != value]
    return wrong


def _values(booking: Any) -> dict[str, str]:
    if booking is None:
        return {}
    return {
        "service": booking.service,
        "date": booking.day.isoformat(),
        "time": booking.at.strftime("%H:%M"),
        "name": booking.name,
    }
