"""Keeping what a batch decided: a constant number of statements whatever its size, in the caller's transaction."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import F

from prepazka.core.booking.booking import Booking
from prepazka.core.booking.ledger import Question
from prepazka.core.delivery import KINDS
from prepazka.core.office.office import Office
from prepazka.store import models
from prepazka.store.sql import insert, listed, moment, picked, recorded, run


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message to be stored: cleaned, its numbers in E.164 where they are numbers; whole: as `models.Inbound`."""

    gateway: str
    gateway_id: str
    sender: str
    recipient: str
    text: str
    text_key: str
    sent_at: datetime | None
    received_at: datetime
    fingerprint: str | None = None
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Decision:
    """What came of a stored message: its outcome, the booking concerned, what was offered."""

    inbound: int
    outcome: str
    answered: bool
    booking: int | None
    question: Question | None


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A message to be sent. kind: of `core.delivery.KINDS`; expires_at: it is of no use from then on.

    state: "queued", or "handed" where the answer to the very call that asked carries it. booking: which one an
    unasked message is about.
    """

    gateway: str
    in_reply_to: int | None
    kind: str
    sender: str
    recipient: str
    text: str
    septets: int
    parts: int
    state: str
    expires_at: datetime
    booking: int | None = None


_INBOUND = {
    "office_id": "bigint",
    "gateway": "varchar",
    "gateway_id": "varchar",
    "sender": "varchar",
    "recipient": "varchar",
    "text": "text",
    "text_key": "varchar",
    "sent_at": "timestamptz",
    "received_at": "timestamptz",
    "state": "varchar",
    "attempts": "smallint",
    "outcome": "varchar",
    "fingerprint": "varchar",
    "whole": "boolean",
}


def take_in(office_id: int, arrivals: Sequence[Arrival]) -> Iterator[tuple[tuple[str, str], int]]:
    """Store messages to be handled; (gateway, gateway_id) and row id of those that were not stored before."""
    stored = insert(
        "inbound",
        _INBOUND,
        [
            (
                office_id,
                arrival.gateway,
                arrival.gateway_id,
                arrival.sender,
                arrival.recipient,
                arrival.text,
                arrival.text_key,
                moment(arrival.sent_at),
                moment(arrival.received_at),
                "waiting",
                0,
                "",
                arrival.fingerprint,
                arrival.whole,
            )
            for arrival in arrivals
        ],
        then="ON CONFLICT DO NOTHING RETURNING id, gateway, gateway_id",
    )
    return (((gateway, gateway_id), inbound) for inbound, gateway, gateway_id in stored)


def change(bookings: Collection[Booking], now: datetime) -> None:
    """Give existing bookings their new state."""
    for state in {booking.state for booking in bookings}:
        ids = [booking.id for booking in bookings if booking.state == state]
        run("UPDATE booking SET state = %s, changed_at = %s WHERE {among:id}", [state, moment(now), listed(ids)])


_BOOKING = {
    "office_id": "bigint",
    "agenda_id": "bigint",
    "service_id": "bigint",
    "lane": "smallint",
    "starts_at": "minute",
    "ends_at": "minute",
    "day": "date",
    "name": "varchar",
    "persons": "smallint",
    "sender": "varchar",
    "code": "varchar",
    "state": "varchar",
    "channel": "varchar",
    "text_key": "varchar",
    "made_at": "minute",
    "changed_at": "timestamptz",
}


def book(office: Office, bookings: Sequence[Booking], channel: str, now: datetime) -> dict[tuple[str, str], int]:
    """Store new bookings; row ids by (day, code).

    Raises: IntegrityError when a place or a code was taken meanwhile: nothing of the transaction may stand then.
    """
    if not bookings:
        return {}
    services, changed_at = office.service_of, moment(now)
    stored = insert(
        "booking",
        _BOOKING,
        [
            (
                office.id,
                booking.agenda,
                services[booking.service].id,
                booking.lane,
                booking.start,
                booking.end,
                booking.day.isoformat(),
                booking.name,
                booking.persons,
                booking.sender,
                booking.code,
                booking.state,
                channel,
                booking.text_key,
                booking.made_at,
                changed_at,
            )
            for booking in bookings
        ],
        then="RETURNING id, day, code, state",
    )
    # Of several with one day and code (booked and then moved within the batch) the active one is meant.
    kept = sorted(stored, key=lambda row: row[3] == "booked")
    return {(str(day), code): booking for booking, day, code, _ in kept}


_ANSWER = {"id": "bigint", "state": "varchar", "outcome": "varchar", "booking_id": "bigint", "offers": "jsonb"}


def answer(answers: Sequence[Decision]) -> None:
    """Note what came of messages, so that they are handled once."""
    came = picked(_ANSWER, connection.vendor)
    records = [
        (
            answer.inbound,
            "answered" if answer.answered else "silent",
            answer.outcome,
            answer.booking,
            _kept_question(answer.question),
        )
        for answer in answers
    ]
    run(
        "UPDATE inbound SET state = came.state, outcome = came.outcome, booking_id = came.booking_id, "
        f"offers = came.offers FROM (SELECT {came} FROM {{records}}) AS came WHERE inbound.id = came.id",
        [recorded(records)],
    )


def _kept_question(question: Question | None) -> dict[str, object] | None:
    if question is None:
        return None
    kept: dict[str, object] = {"kind": question.kind}
    if question.offers:
        kept["offers"] = [
            {
                "service": offer.service,
                "date": offer.day.isoformat(),
                "time": f"{offer.at:%H:%M}",
                "name": offer.name,
                "persons": offer.persons,
                "moving": offer.moving,
            }
            for offer in question.offers
        ]
    if question.taken:
        code, day = question.taken
        kept["taken"] = {"code": code, "date": day.isoformat()}
    return kept


_OUTBOUND = {
    "office_id": "bigint",
    "gateway": "varchar",
    "in_reply_to_id": "bigint",
    "booking_id": "bigint",
    "kind": "varchar",
    "priority": "smallint",
    "sender": "varchar",
    "recipient": "varchar",
    "text": "text",
    "septets": "smallint",
    "parts": "smallint",
    "state": "varchar",
    "made_at": "timestamptz",
    "due_at": "timestamptz",
    "expires_at": "timestamptz",
}


def send(office_id: int, messages: Sequence[OutgoingMessage], now: datetime) -> None:
    """Put messages into the outbox.

    Raises: IntegrityError on a second answer to one message: it was handled by another, nothing may stand.
    """
    if messages:
        insert("outbound", _OUTBOUND, _letters(office_id, messages, now))


def notify(office_id: int, messages: Sequence[OutgoingMessage], now: datetime) -> int:
    """Put messages nobody asked for into the outbox, one of a kind a booking ever; how many were not there yet."""
    if not messages:
        return 0
    once = "ON CONFLICT (booking_id, kind) WHERE booking_id IS NOT NULL DO NOTHING RETURNING id"
    return len(list(insert("outbound", _OUTBOUND, _letters(office_id, messages, now), then=once)))


def _letters(office_id: int, messages: Sequence[OutgoingMessage], now: datetime) -> list[tuple[object, ...]]:
    made_at = moment(now)
    return [
        (
            office_id,
            message.gateway,
            message.in_reply_to,
            message.booking,
            message.kind,
            KINDS[message.kind].priority,
            message.sender,
            message.recipient,
            message.text,
            message.septets,
            message.parts,
            message.state,
            made_at,
            made_at if message.state == "queued" else None,
            moment(message.expires_at),
        )
        for message in messages
    ]


def failed(inbound: int, attempts: int) -> bool:
    """Note one more failure of handling a message; whether it is given up now."""
    row = models.Inbound.objects.filter(id=inbound, state="waiting")
    row.update(attempts=F("attempts") + 1)
    return row.filter(attempts__gte=attempts).update(state="failed") == 1


def join_waitlist(wishes: Sequence[models.WaitlistEntry]) -> None:
    """Note who wants to know of freed places; a wish that stands already stays one."""
    if wishes:
        models.WaitlistEntry.objects.bulk_create(wishes, ignore_conflicts=True)


def mark_notified(watches: Collection[models.WaitlistEntry], now: datetime) -> None:
    """These watchers have been told."""
    models.WaitlistEntry.objects.filter(id__in=[join_waitlist.id for join_waitlist in watches]).update(told_at=now)


def stop_reminders(office_id: int, senders: Mapping[str, bool], now: datetime) -> None:
    """Who wants no reminders any more (True) or wants them again (False)."""
    stopped = [models.OptOut(office_id=office_id, sender=sender, since=now) for sender, stop in senders.items() if stop]
    models.OptOut.objects.bulk_create(stopped, ignore_conflicts=True)
    again = [sender for sender, stop in senders.items() if not stop]
    models.OptOut.objects.filter(office_id=office_id, sender__in=again).delete()
