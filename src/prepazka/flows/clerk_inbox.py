"""The clerk's inbox: opening a conversation, answering it by SMS, marking it as seen to, and taking that back.

Whoever opens a conversation is in the register of access, whoever answers or marks one in the audit trail, by the
message and the last digits of the number: never the text, never the whole number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db import transaction

from prepazka.core.delivery import LIFETIME
from prepazka.core.office.office import Office
from prepazka.flows.outbound import notify
from prepazka.sms.reply.free_text import fits
from prepazka.sms.reply.render import Reply
from prepazka.store import clerk_inbox as store
from prepazka.store import log, models, offices, register
from prepazka.store.clerk_inbox import InboxMessage
from prepazka.store.messages import ConversationLine, conversation

ANSWERED, DONE, REOPENED = "inbox answered", "inbox done", "inbox reopened"
"""What the audit trail calls each act."""

READING = timedelta(minutes=10)
"""How long somebody who opened a conversation counts as reading it; within it, opening it again is noted once."""

LINES = 50
"""Messages of each side a conversation shows."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A conversation as its reader saw it: ids of the last message that came, and of the last answer by a clerk."""

    message: int
    answer: int


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation. message: the one of the inbox it was opened by. readers: who else is reading it."""

    message: InboxMessage
    lines: Sequence[ConversationLine]
    seen: Seen
    bookings: Sequence[models.Booking]
    readers: Sequence[str]


AnswerResult = Literal["answered", "answered_before", "unsendable", "gone"]
"""What came of an answer. answered_before: another answer went out since the reader saw the conversation."""


# docs/spec/safety.md §5.4: "Opening a conversation again within 10 minutes is the same act"
def open_thread(office_id: int, message: int, who: str, now: datetime) -> Thread | None:
    """Return the conversation around a message of the inbox, and note who opened it; None when there is no such one."""
    found = store.find(office_id, message)
    if found is None or not offices.load(office_id).settings.inbox:
        return None
    lines = conversation(office_id, found.sender, LINES)
    ids = {found.id, *(_id(line) for line in lines if not line.ours)}
    answers = [_id(line) for line in lines if line.what == "answer"]
    here = [reader for one, reader in readers(office_id, now) if one in ids]
    if who not in here:
        register.note(office_id, now, who, "thread opened", found.sender, message=found.id)
    return Thread(
        message=found,
        lines=lines,
        seen=Seen(max(ids), max(answers, default=0)),
        bookings=store.coming_bookings(office_id, found.sender, now),
        readers=list(dict.fromkeys(reader for reader in here if reader != who)),
    )


# docs/spec/administration.md §7: "However often the form is sent, and whoever sends one at the same time, one answer
# goes out"
def answer(office_id: int, message: int, text: Reply, seen: Seen, by: tuple[str, datetime]) -> AnswerResult:
    """Send a clerk's answer to the number of a message, and mark as seen to what the clerk had seen of it.

    by: who answers, and when. Under the office's lock: of two presses at the same time, the second sees what the first
    sent.
    """
    who, now = by
    with transaction.atomic():
        found = _locked(office_id, message)
        if found is None:
            return "gone"
        office, asked = found
        last = store.last_answer(office_id, asked.sender)
        if last is not None and last.id > seen.answer:
            return "answered" if last.text == text.text and asked.done_by == who else "answered_before"
        routes = notify.routes_of(office)
        route = routes.back(asked.gateway, asked.recipient)
        wanted = notify.Notification("answer", asked.sender, text, now + LIFETIME, route=route)
        if not fits(text) or route is None or not notify.enqueue(office, [wanted], now, routes):
            return "unsendable"
        store.mark_done(office_id, asked.sender, seen.message, now, who)
        _note(office_id, now, who, ANSWERED, asked)
    return "answered"


def mark_done(office_id: int, message: int, seen: Seen, who: str, now: datetime) -> bool:
    """Mark as seen to what the clerk had seen of a conversation; False when there is no such one."""
    with transaction.atomic():
        found = _locked(office_id, message)
        if found is None:
            return False
        _, asked = found
        if store.mark_done(office_id, asked.sender, seen.message, now, who):
            _note(office_id, now, who, DONE, asked)
    return True


def reopen(office_id: int, message: int, who: str, now: datetime) -> bool:
    """Take back that a conversation was seen to; False when there is no such one. An answer that was sent stays."""
    with transaction.atomic():
        found = _locked(office_id, message)
        if found is None:
            return False
        _, asked = found
        if asked.done_at and store.reopen(office_id, asked.sender, asked.done_at):
            _note(office_id, now, who, REOPENED, asked)
    return True


def readers(office_id: int, now: datetime) -> list[tuple[int, str]]:
    """Return which messages were opened lately and by whom, the newest first."""
    lately = register.lately(office_id, "thread opened", now - READING)
    return [(row.details["message"], row.who) for row in lately]


def _locked(office_id: int, message: int) -> tuple[Office, InboxMessage] | None:
    office = offices.lock(office_id).office
    found = store.find(office_id, message)
    return (office, found) if found and office.settings.inbox else None


def _note(office_id: int, now: datetime, who: str, what: str, message: InboxMessage) -> None:
    log.note(office_id, now, who, what, message=message.id, number=register.masked(message.sender))


def _id(line: ConversationLine) -> int:
    return int(line.key.rpartition("-")[2])
