"""The send-back test: what a reply teaches is the sender's own wish, and does exactly that when it is sent back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from tests.conversation.office import LANGUAGES, Booked, Conversation, Said, fold
from tests.conversation.taught import Taught, filled, taught
from tests.conversation.wishes import ODD, Draft, Wish, perfect

_UNDERSTOOD: Mapping[str, set[str]] = {
    "free": {"free_times", "no_free_slot", "closed_day", "in_past", "too_far"},
    "watch": {"watching", "free_times", "closed_day", "in_past", "too_far"},
    "queue": {"queue"},
    "mine": {"mine"},
    "help": {"help"},
    "services": {"services"},
    "stop": {"stopped"},
    "resume": {"resumed"},
    "decline": {"declined"},
}
_NOT_DONE = {
    "not_understood",
    "unknown_service",
    "missing_name",
    "missing_date",
    "missing_time",
    "missing_code",
    "bad_date",
    "bad_time",
}
_SOON = timedelta(minutes=1)
_MOST_READ = 320
"""Longer messages are answered by the example with holes only."""


@dataclass(frozen=True)
class Complaint:
    """What is wrong, in a few words that many complaints share, and the messages that show it."""

    what: str
    shown: str


# --- the judgement -------------------------------------------------------------------------------


def prepare(conversation: Conversation, wish: Wish) -> str:
    """Make the booking the wish is about, if it is about one; its code."""
    if wish.kind not in {"cancel", "move"}:
        return ""
    day, at = wish.held or (wish.day, wish.at)
    book = Wish("book", wish.service, day, at, wish.name, wish.persons, wish.now)
    said = conversation.say(perfect(book, LANGUAGES["cs"]).text)
    if said.outcome == "proposed":
        said = conversation.say(LANGUAGES["cs"].command("accept"), _SOON)
    return said.made[0].code if said.made else ""


def complaints(conversation: Conversation, draft: Draft) -> list[Complaint]:
    """Send the draft and everything the reply to it teaches; what goes against the wish."""
    said = conversation.say(draft.text, timedelta(minutes=11))
    found = [Complaint(what, f"{said.text!r} -> {said.outcome}: {said.reply!r}") for what in _of_first(draft, said)]
    if said.reply is None:
        return found
    lessons = taught(said.reply, [draft.wish.name])
    doing = [lesson for lesson in lessons if lesson.command in {"book", "accept", "cancel", "move"}]
    wrong: list[Complaint] = []
    right = False
    for lesson in lessons:
        complaint = _of_lesson(conversation, draft, said, lesson)
        right = right or (complaint is None and lesson in doing)
        wrong += [complaint] if complaint else []
        found += _of_holes(conversation, said, lesson)
    if not (draft.any_of and right):
        found += wrong
    if not said.made and not said.gone and said.outcome in _NOT_DONE | {"proposed"} and len(draft.text) <= _MOST_READ:
        if not lessons:
            found.append(Complaint("teaches nothing", f"{said.text!r} -> {said.outcome}: {said.reply!r}"))
        if said.outcome == "proposed" and not any(lesson.command == "accept" for lesson in lessons):
            found.append(Complaint("proposes, but does not say how to accept", f"{said.text!r} -> {said.reply!r}"))
    return found


def _of_first(draft: Draft, said: Said) -> Iterator[str]:
    wish = draft.wish
    if said.reply is None:
        yield "gets no answer"
    if said.made and draft.grade in {"read_back", "ask"}:
        yield f"books at once on a message with {_flaws(draft)}"
    elif said.made and wish.kind in {"free", "watch", "cancel"}:
        yield "books for who wants something else"
    elif said.made and not any(_is(one, wish, draft.given) for one in said.made):
        yield f"books something else ({_flaws(draft)})"
    if said.gone and wish.kind not in {"cancel", "move"}:
        yield "cancels for who wants something else"
    if said.gone and draft.grade in {"read_back", "ask"}:
        yield f"cancels at once on a message with {_flaws(draft)}"
    if draft.grade == "done" and not _done(draft, said):
        yield f"does not do what is plain ({_flaws(draft)}): {said.outcome}"


def _flaws(draft: Draft) -> str:
    return " + ".join(draft.flaws) or "no flaw"


def _done(draft: Draft, said: Said) -> bool:
    match draft.wish.kind:
        case "book" | "soonest":
            return bool(said.made)
        case "cancel":
            return bool(said.gone)
        case "move":
            return bool(said.gone and said.made)
        case "free":
            return said.outcome == "free_times" and _about(said, draft)
        case _:
            return said.outcome in {"watching", "free_times"} and _about(said, draft)


def _is(one: Booked, wish: Wish, slots: Iterable[str]) -> bool:
    """Whether a booking is the wish, in these slots and the persons."""
    same = {
        "service": one.service == wish.service,
        "day": one.day == wish.day,
        "at": one.at == wish.at,
        "name": _bare(one.name) == _bare(wish.name),
    }
    return one.persons == wish.persons and all(same.get(slot, True) for slot in slots)


def _bare(name: str) -> Sequence[str]:
    """The words of a name as they are compared; the full stop of a title is none of its letters."""
    return fold(name).replace(".", " ").split()


def _about(said: Said, draft: Draft, *, filled_day: bool = False) -> bool:
    """Whether an answer is about the service and the day the sender gave."""
    service, day = getattr(said.result, "service", None), getattr(said.result, "day", None)
    code = getattr(service, "code", service)
    return (code is None or "service" not in draft.given or code == draft.wish.service) and (
        day is None or not ("day" in draft.given or filled_day) or day == draft.wish.day
    )


def _of_lesson(conversation: Conversation, draft: Draft, first: Said, lesson: Taught) -> Complaint | None:
    code = draft.code or (first.made[0].code if first.made else "")
    held = conversation.open()
    with conversation.aside():
        said = conversation.say(filled(lesson, draft.wish, code), _SOON)
        if said.outcome == "proposed" and lesson.command == "book" and draft.wish.name in ODD:
            # A name like another word is read back (spec/conversation.md §1.3): the booking is the one that ANO makes.
            said = conversation.say(draft.speech.command("accept"), _SOON)
    what = _wrong(draft, first, lesson, said, held)
    if what is None:
        return None
    made = ", ".join(f"{one.service} {one.day:%-d.%-m.} {one.at:%H:%M} {one.name}" for one in said.made)
    return Complaint(
        what, f"{first.text!r} -> {first.outcome}: {first.reply!r}; sent back {said.text!r} -> {said.outcome} {made}"
    )


def _wrong(draft: Draft, first: Said, lesson: Taught, said: Said, held: Sequence[Booked]) -> str | None:
    """What is wrong with a taught message by what came of it."""
    match lesson.command:
        case "book":
            return _wrong_booking(draft, first, lesson, said)
        case "accept":
            return _wrong_acceptance(draft, said)
        case "cancel":
            return f"teaches a cancellation that is {said.outcome}" if held and not said.gone else None
        case "move":
            right = said.gone and any(_is(one, draft.wish, ("day", "at")) for one in said.made)
            return None if right or draft.wish.kind != "move" else f"teaches a move that is {said.outcome}"
        case command if said.outcome not in _UNDERSTOOD[command]:
            return f"teaches a {command} message that is {said.outcome}"
        case "free" | "watch" as command if first.outcome in _NOT_DONE:
            right = _about(said, draft, filled_day="day" in lesson.holes)
            return None if right else f"teaches {command} of something else"
    return None


def _wrong_booking(draft: Draft, first: Said, lesson: Taught, said: Said) -> str | None:
    """A value nobody gave is a hole, so a wish to book must come out whole; of the soonest, what its message holds."""
    wish = draft.wish
    told = draft.given & {"command", "code"}  # with neither, nothing in the message says that wish ("25.2.")
    if wish.kind in {"cancel", "move"} and told and first.outcome in _NOT_DONE | {"proposed"}:
        return f"teaches to book who wants to {wish.kind}"
    if wish.kind in {"cancel", "move"} and not told and said.outcome == "already_booked":
        return None  # it is the very booking the phone holds
    if not said.made:
        return f"teaches a booking that is {said.outcome}"
    if first.outcome == "help":
        return None
    if "persons" not in draft.given:
        wish = replace(wish, persons=1)  # nobody said of how many ("OBJ" alone)
    slots = ["service", "name"]
    if wish.kind == "book":
        slots += ["day", "at"]
    elif wish.kind == "soonest":
        slots += [slot for slot in ("day", "at") if slot in lesson.holes]
    elif wish.kind == "free" and "day" in draft.given:
        slots += ["day"]
    if any(_is(one, wish, slots) for one in said.made):
        return None
    return f"teaches another booking ({_values(draft, said)})"


def _wrong_acceptance(draft: Draft, said: Said) -> str | None:
    wish = draft.wish
    if wish.kind == "cancel":
        return None if said.gone else "accepting does not cancel"
    if wish.kind in {"free", "watch"}:
        return "accepting books for who wants something else" if said.made else None
    if not said.made:
        return f"accepting is {said.outcome}"
    if any(_is(one, wish, draft.given) for one in said.made):
        return None
    return f"accepting books something else ({_values(draft, said)})"


def _values(draft: Draft, said: Said) -> str:
    """In which values what was made is not the wish."""
    one, wish = said.made[0], draft.wish
    return ", ".join(slot for slot in ("service", "day", "at", "name") if not _is(one, wish, [slot])) or "persons"


def _of_holes(conversation: Conversation, first: Said, lesson: Taught) -> Iterator[Complaint]:
    """A hole sent back as it stands is asked for, and never a booking."""
    if not lesson.holes:
        return
    with conversation.aside():
        said = conversation.say(lesson.text, _SOON)
    shown = f"{first.text!r} -> {first.reply!r}; sent back {said.text!r} -> {said.outcome}"
    if said.made or said.gone:
        yield Complaint("acts on a hole", shown)
    elif not asks_for(lesson.holes[0], said.outcome):
        yield Complaint(f"a hole is {said.outcome}", shown)


def asks_for(slot: str, outcome: str) -> bool:
    """Whether an outcome asks for a value; a service has none of its own for the hole (spec/conversation.md §2)."""
    return outcome.startswith("missing_") or (slot == "service" and outcome == "unknown_service")
