"""The judgement of the send-back test: what is wrong with the messages a reply teaches."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from prepazka.sms.folding import fold
from prepazka.sms.send_back.conversation import Booked, Conversation, Said
from prepazka.sms.send_back.taught import Taught, filled, taught
from prepazka.sms.send_back.wishes import Told, Wish

UNDERSTOOD: Mapping[str, set[str]] = {
    "free": {"free_times", "no_free_slot", "closed_day", "in_past", "too_far"},
    "watch": {"watching", "free_times", "closed_day", "in_past", "too_far"},
    "queue": {"queue"},
    "mine": {"mine"},
    "help": {"help"},
    "info": {"help"},
    "bring": {"to_bring"},
    "services": {"services"},
    "stop": {"stopped"},
    "resume": {"resumed"},
    "decline": {"declined"},
}
"""The outcomes of a message that asks for something and changes no booking."""

NOT_DONE = {
    "not_understood",
    "unknown_service",
    "missing_name",
    "missing_date",
    "missing_time",
    "missing_code",
    "bad_date",
    "bad_time",
}
SOON = timedelta(minutes=1)


@dataclass(frozen=True)
class Complaint:
    """What is wrong, in a few words that many complaints share, and the messages that show it.

    sent: the taught message as it was sent back; came: its outcome; command: what it begins with.
    """

    what: str
    shown: str
    sent: str = ""
    came: str = ""
    command: str = ""


def of_reply(conversation: Conversation, told: Told, said: Said) -> list[Complaint]:
    """Send back everything a reply teaches; what goes against the wish."""
    lessons = taught(said.reply or "", [told.wish.name])
    wrong: list[Complaint] = []
    holes: list[Complaint] = []
    right = False
    for lesson in lessons:
        complaint = _of_lesson(conversation, told, said, lesson)
        right = right or (complaint is None and lesson.command in {"book", "accept", "cancel", "move"})
        wrong += [complaint] if complaint else []
        holes += _of_holes(conversation, said, lesson)
    return holes if told.any_of and right else holes + wrong


def is_wish(one: Booked, wish: Wish, slots: Iterable[str]) -> bool:
    """Return whether a booking is the wish, in these slots and the persons."""
    same = {
        "service": one.service == wish.service,
        "day": one.day == wish.day,
        "at": one.at == wish.at,
        "name": _bare(one.name) == _bare(wish.name),
    }
    return one.persons == wish.persons and all(same.get(slot, True) for slot in slots)


def _bare(name: str) -> Sequence[str]:
    """Return the words of a name as they are compared; the full stop of a title is none of its letters."""
    return fold(name).replace(".", " ").split()


def is_about(said: Said, told: Told, *, filled_day: bool = False) -> bool:
    """Return whether an answer is about the service and the day the sender gave."""
    service, day = getattr(said.result, "service", None), getattr(said.result, "day", None)
    code = getattr(service, "code", service)
    return (code is None or "service" not in told.given or code == told.wish.service) and (
        day is None or not ("day" in told.given or filled_day) or day == told.wish.day
    )


def _of_lesson(conversation: Conversation, told: Told, first: Said, lesson: Taught) -> Complaint | None:
    code = told.code or (first.made[0].code if first.made else "")
    held = conversation.open()
    with conversation.aside():
        said = conversation.say(filled(lesson, _filling(told, lesson, held), code), SOON)
        if said.outcome == "proposed" and lesson.command == "book" and told.odd:
            # docs/spec/conversation.md §1.3: "A doubtful one is read back": the booking is the one that a yes makes.
            said = conversation.say(told.accept, SOON)
    what = _wrong(told, first, lesson, said, held)
    if what is None:
        return None
    made = ", ".join(f"{one.service} {one.day:%-d.%-m.} {one.at:%H:%M} {one.name}" for one in said.made)
    shown = f"{first.text!r} -> {first.outcome}: {first.reply!r}; sent back {said.text!r} -> {said.outcome} {made}"
    return Complaint(what, shown, said.text, said.outcome, lesson.command)


def _filling(told: Told, lesson: Taught, held: Sequence[Booked]) -> Wish:
    """Return the values for the holes: who holds a booking cancels that one, and moves it to the start wished for."""
    if told.free and lesson.command == "cancel" and held:
        return replace(told.wish, day=held[0].day)
    return told.wish


def _wrong(told: Told, first: Said, lesson: Taught, said: Said, held: Sequence[Booked]) -> str | None:
    """Return what is wrong with a taught message by what came of it."""
    match lesson.command:
        case "book":
            return _wrong_booking(told, first, lesson, said)
        case "accept":
            return _wrong_acceptance(told, said)
        case "cancel":
            return f"teaches a cancellation that is {said.outcome}" if held and not said.gone else None
        case "move":
            right = said.gone and any(is_wish(one, told.wish, ("day", "at")) for one in said.made)
            expected = told.wish.kind == "move" or told.free
            return f"teaches a move that is {said.outcome}" if expected and not right else None
        case "unknown":
            return "teaches a message that is not understood" if said.outcome in NOT_DONE else None
        case command if not _is_understood(command, said.outcome):
            return f"teaches a {command} message that is {said.outcome}"
        case "stop" | "resume" | "decline" if said.outcome == first.outcome:
            return "teaches the message that was just sent"
        case "free" | "watch" as command if first.outcome in NOT_DONE:
            right = is_about(said, told, filled_day="day" in lesson.holes)
            return None if right else f"teaches {command} of something else"
    return None


def _is_understood(command: str, outcome: str) -> bool:
    """Return whether a message that changes no booking was answered; a command without a line here by anything."""
    return outcome in UNDERSTOOD[command] if command in UNDERSTOOD else outcome not in NOT_DONE


def _wrong_booking(told: Told, first: Said, lesson: Taught, said: Said) -> str | None:
    """A value nobody gave is a hole, so a wish to book must come out whole; of the soonest, what its message holds."""
    wish = told.wish
    known = told.given & {"command", "code"}  # with neither, nothing in the message says that wish ("25.2.")
    if wish.kind in {"cancel", "move"} and known and first.outcome in NOT_DONE | {"proposed"}:
        return f"teaches to book who wants to {wish.kind}"
    if wish.kind in {"cancel", "move"} and said.outcome == "already_booked" and (not known or first.outcome == "help"):
        return None  # it is the very booking the phone holds; the help shows all forms
    if not said.made:
        return f"teaches a booking that is {said.outcome}"
    if "persons" not in told.given:
        wish = replace(wish, persons=1)  # nobody said of how many ("OBJ" alone)
    slots = _slots(told, first, lesson)
    if any(is_wish(one, wish, slots) for one in said.made):
        return None
    return f"teaches another booking ({_values(wish, said, slots)})"


# docs/spec/conversation.md §1.2: "Complete samples stand only in the help and on the page, and even there the start is
# one that can be booked now and the name is a hole."
def _slots(told: Told, first: Said, lesson: Taught) -> Sequence[str]:
    """Return the slots in which what was booked must be the wish."""
    if first.outcome == "help":
        return ["name"]
    wish, slots = told.wish, ["service", "name"]
    if wish.kind == "book" and (lesson.dated or not told.free):
        slots += ["day", "at"]
    elif wish.kind == "soonest":
        slots += [slot for slot in ("day", "at") if slot in lesson.holes]
    elif wish.kind == "free" and "day" in told.given:
        slots += ["day"]
    return slots


def _wrong_acceptance(told: Told, said: Said) -> str | None:
    wish = told.wish
    if wish.kind == "cancel":
        return None if said.gone else "accepting does not cancel"
    if wish.kind in {"free", "watch"}:
        return "accepting books for who wants something else" if said.made else None
    if not said.made:
        return f"accepting is {said.outcome}"
    if any(is_wish(one, wish, told.given) for one in said.made):
        return None
    return f"accepting books something else ({_values(wish, said, told.given)})"


def _values(wish: Wish, said: Said, slots: Iterable[str]) -> str:
    """Return in which values what was made is not the wish."""
    one = said.made[0]
    asked = [slot for slot in ("service", "day", "at", "name") if slot in set(slots)]
    return ", ".join(slot for slot in asked if not is_wish(one, wish, [slot])) or "persons"


def _of_holes(conversation: Conversation, first: Said, lesson: Taught) -> Iterator[Complaint]:
    """A hole sent back as it stands is asked for, and never a booking."""
    if not lesson.holes:
        return
    with conversation.aside():
        said = conversation.say(lesson.text, SOON)
    shown = f"{first.text!r} -> {first.reply!r}; sent back {said.text!r} -> {said.outcome}"
    if said.made or said.gone:
        yield Complaint("acts on a hole", shown, said.text, said.outcome, lesson.command)
    elif not asks_for(lesson.holes[0], said.outcome):
        yield Complaint(f"a hole is {said.outcome}", shown, said.text, said.outcome, lesson.command)


def asks_for(slot: str, outcome: str) -> bool:
    """Return whether an outcome asks for a value; a service that is none is asked for as an unknown one."""
    return outcome.startswith("missing_") or (slot == "service" and outcome == "unknown_service")
