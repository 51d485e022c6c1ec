"""The way of a message: stored once, decided under the office's lock in order of arrival, answered once.

Invariant: every message a gateway handed in has exactly one effect and at most one reply, whatever is delivered
twice, killed or raced. It holds because storing, deciding, keeping and the reply are one transaction, ids are
unique, and nothing outside the database is touched before it commits.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import structlog
from django.db import OperationalError, transaction

from prepazka.core.booking.booking import Booking
from prepazka.core.booking.codes import draw
from prepazka.core.booking.ledger import Submission, question_after
from prepazka.core.booking.outcomes import (
    Duplicate,
    Incomplete,
    Outcome,
    RemindersResumed,
    RemindersStopped,
    Watching,
    booking_of,
)
from prepazka.core.delivery import LIFETIME
from prepazka.core.minutes import believable, minute
from prepazka.core.office.office import Office
from prepazka.flows.booking.commit import commit_requests, retry_transaction
from prepazka.flows.phone_numbers import e164, replyable
from prepazka.gateways.values import Inbound, decodable
from prepazka.sms.languages import FIRST
from prepazka.sms.reply.render import Reply, apology, render
from prepazka.sms.understand.parse import text_key
from prepazka.sms.understand.read import Message, read
from prepazka.store import models, offices, reads, writes
from prepazka.store.sql import together

log = structlog.get_logger()

# Messages decided by one set of statements.
BATCH = 100
# How often one message may fail to be handled before it is given up with an apology.
ATTEMPTS = 5
# Longer texts are no wish of a citizen: ten parts of a concatenated SMS.
TEXT_LIMIT = 1600


class UnknownNumber(Exception):
    """A message to a number that is no office's; its argument is the number."""


@dataclass(frozen=True, slots=True)
class Handled:
    """What came of one message. `outcome` None: stored, but it could not be handled yet; it will be."""

    id: str
    outcome: Outcome | None
    reply: Reply | None = None
    language: str = ""

    @property
    def booking(self) -> Booking | None:
        """The booking concerned."""
        return booking_of(self.outcome) if self.outcome else None


# What came of messages, by gateway and id.
Done = dict[tuple[str, str], Handled]


def receive(inbounds: Sequence[Inbound], now: datetime | None = None) -> list[Handled]:
    """Take in messages and handle them, each office's in order of arrival; one `Handled` each, in their order.

    now: the clock; None takes each message's own time, then required, as the clock (simulation).

    Raises: UnknownNumber before anything is stored; OperationalError when the database cannot be reached: what
    was not stored then is stored when the same messages are handed in again.
    """
    handled = [Handled(inbound.id, Duplicate()) for inbound in inbounds]
    for office_id, places in _by_office(inbounds).items():
        arrivals = [arrival(inbounds[place], now or _own_time(inbounds[place])) for place in places]
        done = _take_in_and_handle(office_id, arrivals, now)
        for place, one in zip(places, arrivals, strict=True):
            # Taken out, so that the second of two equal ids in one call is the repeat.
            handled[place] = done.pop((one.gateway, one.gateway_id), handled[place])
    return handled


def work(now: datetime) -> int:
    """Handle one batch of messages that were stored but not handled; how many, 0 when the caller may rest.

    Any number of processes may work at once: whoever holds an office's lock decides for it.
    """
    office_id = reads.office_with_waiting()
    if office_id is None:
        return 0
    try:
        return retry_transaction(partial(_handle_waiting, office_id, now))
    except OperationalError:
        raise
    except Exception:
        log.exception("batch failed", office=office_id)
        _one_by_one(office_id, {}, now)
        return 0


def _by_office(inbounds: Sequence[Inbound]) -> dict[int, list[int]]:
    """Places in `inbounds` by office."""
    office_ids = offices.by_number(e164(inbound.recipient) for inbound in inbounds)
    found: dict[int, list[int]] = {}
    for place, inbound in enumerate(inbounds):
        office_id = office_ids.get(e164(inbound.recipient))
        if office_id is None:
            raise UnknownNumber(inbound.recipient)
        found.setdefault(office_id, []).append(place)
    return found


def _own_time(inbound: Inbound) -> datetime:
    if inbound.sent is None:
        raise ValueError("a simulated message says when it was sent")
    return inbound.sent


def arrival(inbound: Inbound, received_at: datetime, *, whole: bool = True) -> writes.Arrival:
    """The message as it is stored, whatever the network made of it; whole: whether all its parts came."""
    text = decodable(inbound.text[:TEXT_LIMIT])
    return writes.Arrival(
        gateway=inbound.gateway,
        gateway_id=decodable(inbound.id),
        sender=decodable(e164(inbound.sender)),
        recipient=e164(inbound.recipient),
        text=text,
        text_key=text_key(text),
        sent_at=inbound.sent if inbound.sent and believable(inbound.sent) else None,
        received_at=received_at,
        fingerprint=inbound.fingerprint,
        whole=whole,
    )


def _take_in_and_handle(office_id: int, arrivals: Sequence[writes.Arrival], now: datetime | None) -> Done:
    try:
        return retry_transaction(partial(_in_one_transaction, office_id, arrivals, now))
    except OperationalError:
        raise
    except Exception:
        # One message may not take the others with it: store all of them first, then handle each alone.
        log.exception("batch failed", office=office_id)
    with transaction.atomic():
        stored = dict(writes.take_in(office_id, arrivals))
    return {key: Handled(key[1], None) for key in stored} | _one_by_one(office_id, stored, now)


def _in_one_transaction(office_id: int, arrivals: Sequence[writes.Arrival], now: datetime | None) -> Done:
    """Store the arrivals, then decide all that waits, so that nobody overtakes a message that came before."""
    with transaction.atomic():
        with together():
            lock = offices.lock(office_id)
            stored = writes.take_in(office_id, arrivals)
            stored_before_too = reads.waiting(office_id)
            office, mine = offices.locked(office_id, lock), dict(stored)
            waiting = list(stored_before_too) if mine else []
        done: Done = {}
        for first in range(0, len(waiting), BATCH):
            done |= _handle(office, waiting[first : first + BATCH], mine, now)
        return done


def _handle_waiting(office_id: int, now: datetime) -> int:
    with transaction.atomic():
        office = offices.locked(office_id, offices.lock(office_id))
        waiting = list(reads.waiting(office_id, BATCH))
        if waiting:
            _handle(office, waiting, {}, now)
        return len(waiting)


def _handle(
    office: Office, waiting: Sequence[reads.Waiting], mine: dict[tuple[str, str], int], now: datetime | None
) -> Done:
    """Decide stored messages and keep what came of them, with their replies."""
    readings = [_read(row, office, now or row.received_at) for row in waiting]
    submissions = [
        _submission(row, reading, office, now or row.received_at)
        for row, reading in zip(waiting, readings, strict=True)
    ]
    settled = commit_requests(office, submissions, "sms")
    handled = [
        Handled(row.gateway_id, outcome, render(outcome, office, reading.language), reading.language)
        for row, reading, (outcome, _) in zip(waiting, readings, settled, strict=True)
    ]
    own = set(mine.values())
    last = submissions[-1].now
    with together():
        writes.answer(
            [
                writes.Decision(
                    inbound=row.id,
                    outcome=outcome.outcome,
                    answered=came.reply is not None,
                    booking=booking,
                    question=question_after(submission, outcome, minute(submission.now)),
                )
                for row, submission, (outcome, booking), came in zip(
                    waiting, submissions, settled, handled, strict=True
                )
            ]
        )
        messages = [
            _reply_message(row, came.reply, last, handed=row.id in own)
            for row, came in zip(waiting, handled, strict=True)
            if came.reply
        ]
        writes.send(office.id, messages, last)
    _keep_wishes(office, waiting, handled, last)
    return {(row.gateway, row.gateway_id): came for row, came in zip(waiting, handled, strict=True) if row.id in own}


def _read(row: reads.Waiting, office: Office, now: datetime) -> Message:
    """Words such as ZITRA mean the day the message was sent on, unless its clock cannot be right."""
    if not row.whole:
        return Message(Incomplete(), FIRST)
    said = row.sent_at if row.sent_at and row.sent_at <= now else now
    return read(row.text, office, said.astimezone(office.zone).date())


def _submission(row: reads.Waiting, reading: Message, office: Office, now: datetime) -> Submission:
    return Submission(
        request=reading.request,
        now=now,
        sender=row.sender,
        text_key=row.text_key,
        codes=(draw(secrets.randbelow), draw(secrets.randbelow)),
        guarded=True,
        mute=not replyable(row.sender),
        own_number=row.sender in office.numbers,
        sent=row.sent_at,
    )


def _reply_message(row: reads.Waiting, reply: Reply, now: datetime, *, handed: bool) -> writes.OutgoingMessage:
    """A reply; handed over at once when the caller waits for it."""
    return writes.OutgoingMessage(
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


def _keep_wishes(office: Office, waiting: Iterable[reads.Waiting], handled: Iterable[Handled], now: datetime) -> None:
    """What stays of outcomes beside bookings: watches, and reminders stopped or wanted again."""
    entries: list[models.WaitlistEntry] = []
    reminders: dict[str, bool] = {}
    for row, came in zip(waiting, handled, strict=True):
        match came.outcome:
            case Watching(service=service, day=day):
                entries.append(
                    models.WaitlistEntry(
                        office_id=office.id,
                        service_id=service.id,
                        day=day,
                        sender=row.sender,
                        recipient=row.recipient,
                        gateway=row.gateway,
                        language=came.language,
                        made_at=now,
                    )
                )
            case RemindersStopped():
                reminders[row.sender] = True
            case RemindersResumed():
                reminders[row.sender] = False
            case _:
                pass
    writes.join_waitlist(entries)
    if reminders:
        writes.stop_reminders(office.id, reminders, now)


def _one_by_one(office_id: int, mine: dict[tuple[str, str], int], now: datetime | None) -> Done:
    """Handle waiting messages each in a transaction of its own; one that keeps failing is given up with an apology."""
    done: Done = {}
    for row in list(reads.waiting(office_id)):
        try:
            with transaction.atomic():
                office = offices.locked(office_id, offices.lock(office_id))
                if reads.still_waiting(row.id):
                    done |= _handle(office, [row], mine, now)
        except OperationalError:
            raise
        except Exception:
            log.exception("message failed", office=office_id, inbound=row.id)
            _note_failure(office_id, row, now or row.received_at)
    return done


def _note_failure(office_id: int, row: reads.Waiting, now: datetime) -> None:
    with transaction.atomic():
        office = offices.locked(office_id, offices.lock(office_id))
        if writes.failed(row.id, ATTEMPTS) and replyable(row.sender):
            writes.send(office_id, [_reply_message(row, apology(office, "cs"), now, handed=False)], now)
