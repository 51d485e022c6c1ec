"""Messages nobody made from our own documents, and what a good clerk would understand by them.

`messages/*.jsonl`, one message a line, sent to the demo office on Monday 3 August 2026 at 9:00: `text` ("{code}" is the
code of the booking the phone holds), `with` (what went before: "booking", "offer"), `want` and `values` (what a good
clerk would do), `sure` (nothing else will do), `from` (the kind of source and its site; each is reworded for us).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from tests.conversation.office import Booked, Conversation, Said, fold
from tests.conversation.offices import DEMO
from tests.conversation.taught import taught

Want = Literal["book", "ask", "info", "cancel", "move", "thanks", "yes", "no", "nothing"]
"""book, cancel, move, yes: just that, or a question; ask, info, nothing: no booking changes, and there is an answer
(`nothing` may also be left without one); thanks: no booking changes, best without an answer; no: the offer is closed.
"""

MONDAY = datetime(2026, 8, 3, 9, tzinfo=DEMO.zone)
_STRANGER = "+420602000001"
_SILENT: frozenset[Want] = frozenset({"thanks", "nothing", "yes", "no"})


@dataclass(frozen=True)
class Message:
    """One line of a file."""

    id: str
    text: str
    want: Want
    source: str
    before: str = ""
    values: Mapping[str, str | int] = field(default_factory=dict)
    sure: bool = False


def load(folder: Path) -> list[Message]:
    """All messages, file by file."""
    lines = (
        json.loads(line) for file in sorted(folder.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()
    )
    return [
        Message(
            line["id"],
            line["text"],
            line["want"],
            line["from"],
            line.get("with", ""),
            line.get("values", {}),
            line.get("sure", False),
        )
        for line in lines
    ]


def complaints(message: Message, conversation: Conversation) -> list[str]:
    """What a good clerk would have done otherwise."""
    code = _before(message, conversation)
    said = conversation.say(message.text.replace("{code}", code), timedelta(minutes=2))
    return [
        f"{said.text!r} -> {said.outcome}, {said.reply!r}: {wrong}" for wrong in _wrong(message, said, conversation)
    ]


def _before(message: Message, conversation: Conversation) -> str:
    match message.before:
        case "booking":
            return conversation.say("OBJ ZCD 12.8. 9:15 SVOBODA").made[0].code
        case "offer":
            conversation.say("OBJ PTP 12.8. 14:00 DVORAKOVA", sender=_STRANGER)
            assert conversation.say("OBJ PTP 12.8. 14:00 SVOBODA").outcome == "slot_full"
    return ""


def _wrong(message: Message, said: Said, conversation: Conversation) -> Iterator[str]:
    want = message.want
    if said.made and want not in {"book", "move", "yes"}:
        yield f"books ({_shown(said.made)})"
    elif any(not _matches(one, message) for one in said.made):
        yield f"books something else ({_shown(said.made)})"
    if said.gone and want not in {"cancel", "move"}:
        yield "cancels"
    if said.reply is None and want not in _SILENT:
        yield "gives no answer"
    if want == "cancel" and not said.gone and any(one.command == "book" for one in taught(said.reply or "")):
        yield "teaches to book who wants to cancel"
    if message.sure and not _as_wanted(message, said, conversation):
        yield f"is not {want}"


def _as_wanted(message: Message, said: Said, conversation: Conversation) -> bool:
    match message.want:
        case "book" | "move" | "yes":
            if said.outcome == "proposed":
                with conversation.aside():
                    return any(_matches(one, message) for one in conversation.say("ANO", timedelta(minutes=1)).made)
            return bool(said.made)
        case "cancel":
            return bool(said.gone)
        case "thanks":
            return said.reply is None
        case "no":
            return said.outcome == "declined"
        case _:
            return not said.made and not said.gone and said.reply is not None


def _matches(one: Booked, message: Message) -> bool:
    there = {
        "service": one.service,
        "date": one.day.isoformat(),
        "time": one.at.strftime("%H:%M"),
        "name": fold(one.name),
        "persons": one.persons,
    }
    wanted = {"persons": 1, **message.values} if message.want == "book" else dict(message.values)
    if "name" in wanted:
        wanted["name"] = fold(str(wanted["name"]))
    return all(there[key] == value for key, value in wanted.items())


def _shown(made: Sequence[Booked]) -> str:
    return ", ".join(f"{one.service} {one.day:%-d.%-m.} {one.at:%H:%M} {one.name} {one.persons}x" for one in made)
