"""Handling messages: reading, deciding and answering a batch under the office's lock."""

import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from time import perf_counter
from typing import NamedTuple

from django.db import transaction

from prepazka.core.booking.booking import Booking
from prepazka.core.booking.codes import draw
from prepazka.core.booking.concerned import booking_of
from prepazka.core.booking.ledger import Submission, question_after
from prepazka.core.booking.misunderstandings import Incomplete
from prepazka.core.booking.outcomes import Outcome, RemindersResumed, RemindersStopped, Watching
from prepazka.core.delivery import LIFETIME
from prepazka.core.minutes import day_of
from prepazka.core.office.office import Office
from prepazka.flows.booking.commit import commit_requests
from prepazka.flows.inbound import other_countries
from prepazka.flows.phone_numbers import replyable
from prepazka.gateways.screens import SCREENS
from prepazka.sms.languages import FIRST
from prepazka.sms.reply.render import Reply, render
from prepazka.sms.understand.read import Message, read
from prepazka.store import inbox, models, waitlist, writes
from prepazka.store.counting import counting, office_label
from prepazka.store.inbox import Decision, MessageKey, WaitingMessage
from prepazka.store.offices import Locked
from prepazka.store.writes import OutgoingMessage


class Handled(NamedTuple):
    """How one message was handled. outcome: None for a message that is stored but could not be handled yet."""

    id: str
    outcome: Outcome | None
    reply: Reply | None = None
    language: str = ""

    @property
    def booking(self) -> Booking | None:
        """The booking concerned."""
        return booking_of(self.outcome) if self.outcome else None


HandledByKey = dict[MessageKey, Handled]


def handle(
    locked: Locked, waiting: Sequence[WaitingMessage], own: Mapping[MessageKey, int], now: datetime | None
) -> HandledByKey:
    """Decide messages; store the decisions with their replies.

    own: the caller's messages, by row id. It waits for their replies, so they count as handed over.
    """
    office, begun = locked.office, perf_counter()
    readings = [_read(row, office, now or row.received_at) for row in waiting]
    beyond = other_countries.over_ceiling(office, waiting, max(now or row.received_at for row in waiting))
    submissions = [
        _submission(row, reading, office, now or row.received_at, over_ceiling=row.id in beyond)
        for row, reading in zip(waiting, readings, strict=True)
    ]
    last = submissions[-1].now
    keep = partial(_keep_preferences, office, waiting, [reading.language for reading in readings], last)
    committed = commit_requests(locked, submissions, "sms", keep)
    handled = [
        Handled(row.gateway_id, outcome, render(outcome, office, reading.language), reading.language)
        for row, reading, (outcome, _) in zip(waiting, readings, committed, strict=True)
    ]
    own_ids = set(own.values())
    decisions = [
        Decision(
            message=row,
            outcome=outcome.outcome,
            answered=one.reply is not None,
            booking=booking_id,
            question=question_after(submission, outcome),
            repairs=reading.repairs,
        )
        for row, reading, submission, (outcome, booking_id), one in zip(
            waiting, readings, submissions, committed, handled, strict=True
        )
    ]
    replies = [
        reply_message(row, one.reply, last, handed=row.id in own_ids)
        for row, one in zip(waiting, handled, strict=True)
        if one.reply
    ]
    inbox.answer(office.id, decisions, replies, last)
    transaction.on_commit(partial(_count, office.id, handled, begun))
    return {
        MessageKey(row.gateway, row.gateway_id): one
        for row, one in zip(waiting, handled, strict=True)
        if row.id in own_ids
    }


def _count(office_id: int, handled: Sequence[Handled], begun: float) -> None:
    kinds = Counter([(one.outcome.outcome if one.outcome else "", bool(one.reply)) for one in handled])
    for (outcome, answered), count in kinds.items():
        labels = (outcome, "yes" if answered else "no", office_label(office_id))
        counting.add("prepazka_messages_handled", labels, count)
    counting.observe("prepazka_handling_seconds", (), perf_counter() - begun, len(handled))


def _read(row: WaitingMessage, office: Office, now: datetime) -> Message:
    """Read a message's text; words such as ZITRA count from the day it was sent, unless its clock cannot be right."""
    if not row.whole:
        return Message(Incomplete(), FIRST)
    sent_at = row.sent_at if row.sent_at and row.sent_at <= now else now
    return read(row.text, office, day_of(sent_at, office.zone))


def _submission(
    row: WaitingMessage, reading: Message, office: Office, now: datetime, *, over_ceiling: bool
) -> Submission:
    return Submission(
        request=reading.request,
        now=now,
        sender=row.sender,
        text_key=row.text_key,
        codes=(draw(secrets.randbelow), draw(secrets.randbelow)),
        guarded=True,
        costs=row.gateway not in SCREENS,
        mute=not replyable(row.sender),
        own_number=row.sender in office.numbers,
        sent=row.sent_at,
        over_ceiling=over_ceiling,
        received=row.received_at,
    )


def reply_message(row: WaitingMessage, reply: Reply, now: datetime, *, handed: bool) -> OutgoingMessage:
    """Return a reply to be stored; handed: whether the caller gets it as the answer to its call."""
    return OutgoingMessage(
        gateway=row.gateway,
        in_reply_to=row.id,
        kind="reply",
        sender=row.recipient,
        recipient=row.sender,
        text=reply.text,
        septets=reply.septets,
        parts=reply.parts,
        state="handed" if handed else "queued",
        expires_at=now + LIFETIME,
    )


def _keep_preferences(
    office: Office,
    waiting: Iterable[WaitingMessage],
    languages: Iterable[str],
    now: datetime,
    outcomes: Iterable[Outcome],
) -> None:
    """Store what outcomes change beside bookings: waitlist entries, and reminders stopped or resumed."""
    entries: list[models.WaitlistEntry] = []
    stopped: dict[str, bool] = {}
    for row, language, outcome in zip(waiting, languages, outcomes, strict=True):
        match outcome:
            case Watching(service=service, day=day):
                entries.append(
                    models.WaitlistEntry(
                        office_id=office.id,
                        service_id=service.id,
                        day=day,
                        sender=row.sender,
                        recipient=row.recipient,
                        gateway=row.gateway,
                        language=language,
                        made_at=now,
                    )
                )
            case RemindersStopped():
                stopped[row.sender] = True
            case RemindersResumed():
                stopped[row.sender] = False
            case _:
                pass
    waitlist.join(entries)
    if stopped:
        writes.stop_reminders(office.id, stopped, now)
