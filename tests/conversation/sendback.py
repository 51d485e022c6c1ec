"""The send-back test of flawed messages: the first reply is judged here, what it teaches by the product's own check."""

from collections.abc import Iterator
from datetime import timedelta

from prepazka.sms.send_back.judge import NOT_DONE, SOON, Complaint, asks_for, is_about, is_wish, of_reply
from tests.conversation.office import LANGUAGES, Conversation, Said
from tests.conversation.taught import taught
from tests.conversation.wishes import Draft, Wish, perfect

__all__ = ["Complaint", "asks_for", "complaints", "prepare"]

_MOST_READ = 320
"""Longer messages are answered by the example with holes only."""


def prepare(conversation: Conversation, wish: Wish) -> str:
    """Make the booking the wish is about, if it is about one; its code."""
    if wish.kind not in {"cancel", "move"}:
        return ""
    day, at = wish.held or (wish.day, wish.at)
    book = Wish("book", wish.service, day, at, wish.name, wish.persons, wish.now)
    said = conversation.say(perfect(book, LANGUAGES["cs"]).text)
    if said.outcome == "proposed":
        said = conversation.say(LANGUAGES["cs"].command("accept"), SOON)
    return said.made[0].code if said.made else ""


def complaints(conversation: Conversation, draft: Draft) -> list[Complaint]:
    """Send the draft and everything the reply to it teaches; what goes against the wish."""
    said = conversation.say(draft.text, timedelta(minutes=11))
    found = [Complaint(what, f"{said.text!r} -> {said.outcome}: {said.reply!r}") for what in _of_first(draft, said)]
    if said.reply is None:
        return found
    found += of_reply(conversation, draft, said)
    lessons = taught(said.reply, [draft.wish.name])
    if not said.made and not said.gone and said.outcome in NOT_DONE | {"proposed"} and len(draft.text) <= _MOST_READ:
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
    elif said.made and not any(is_wish(one, wish, draft.given) for one in said.made):
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
            return said.outcome == "free_times" and is_about(said, draft)
        case _:
            return said.outcome in {"watching", "free_times"} and is_about(said, draft)
