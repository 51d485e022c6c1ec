"""Keeping what a batch decided: a constant number of statements whatever its size, in the caller's transaction."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from prepazka.core.bookings import Booking
from prepazka.core.clock import instant
from prepazka.core.office import Office
from prepazka.core.outcomes import Offer
from prepazka.store import models
from prepazka.store.sql import flat, insert, moment, places, run


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message to be stored: cleaned, its numbers in E.164 where they are numbers."""

    gateway: str
    gateway_id: str
    sender: str
    recipient: str
    text: str
    text_key: str
    sent_at: datetime | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a stored message: its outcome, the booking concerned, what was offered."""

    inbound: int
    outcome: str
    answered: bool
    booking: int | None
    offers: Sequence[Offer]


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to be sent."""

    gateway: str
    in_reply_to: int | None
    kind: str
    sender: str
    recipient: str
    text: str
    septets: int
    parts: int
    state: str


def take_in(office_id: int, arrivals: Sequence[Arrival]) -> dict[tuple[str, str], int]:
    """Store messages to be handled; row ids by (gateway, gateway_id), without those that were stored before."""
    cursor = insert(
        "inbound (office_id, gateway, gateway_id, sender, recipient, text, text_key, sent_at, received_at, "
        "state, attempts, outcome)",
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
            )
            for arrival in arrivals
        ],
        "(%s, %s, %s, %s, %s, %s, %s, %s, %s, 'waiting', 0, '')",
        then="ON CONFLICT DO NOTHING RETURNING id, gateway, gateway_id",
    )
    return {(gateway, gateway_id): inbound for inbound, gateway, gateway_id in cursor.fetchall()}


def change(bookings: Collection[Booking], now: datetime) -> None:
    """Give existing bookings their new state."""
    for state in {booking.state for booking in bookings}:
        ids = [booking.id for booking in bookings if booking.state == state]
        run(
            f"UPDATE booking SET state = %s, changed_at = %s WHERE id IN ({places(len(ids))})",
            [state, moment(now), *ids],
        )


def book(office: Office, bookings: Sequence[Booking], channel: str, now: datetime) -> dict[tuple[str, str], int]:
    """Store new bookings; row ids by (day, code).

    Raises: IntegrityError when a place or a code was taken meanwhile: nothing of the transaction may stand then.
    """
    if not bookings:
        return {}
    services = office.service_of
    cursor = insert(
        "booking (office_id, agenda_id, service_id, lane, starts_at, ends_at, day, name, persons, sender, code, "
        "state, channel, text_key, made_at, changed_at)",
        [
            (
                office.id,
                booking.agenda,
                services[booking.service].id,
                booking.lane,
                moment(instant(booking.start)),
                moment(instant(booking.end)),
                booking.day.isoformat(),
                booking.name,
                booking.persons,
                booking.sender,
                booking.code,
                booking.state,
                channel,
                booking.text_key,
                moment(instant(booking.made_at)),
                moment(now),
            )
            for booking in bookings
        ],
        f"({places(16)})",
        then="RETURNING id, day, code, state",
    )
    # A booking cancelled and made anew within one batch may share day and code only if the first is not active.
    kept = sorted(cursor.fetchall(), key=lambda row: row[3] == "booked")
    return {(str(day), code): booking for booking, day, code, _ in kept}


def answer(answers: Sequence[Answer]) -> None:
    """Note what came of messages, so that they are handled once."""
    if not answers:
        return
    record = "(CAST(%s AS bigint), CAST(%s AS varchar), CAST(%s AS varchar), CAST(%s AS bigint), CAST(%s AS {json}))"
    run(
        f"WITH came (id, state, outcome, booking_id, offers) AS (VALUES {', '.join([record] * len(answers))}) "
        "UPDATE inbound SET state = came.state, outcome = came.outcome, booking_id = came.booking_id, "
        "offers = came.offers FROM came WHERE inbound.id = came.id",
        list(
            flat(
                (
                    answer.inbound,
                    "answered" if answer.answered else "silent",
                    answer.outcome,
                    answer.booking,
                    _offers(answer.offers),
                )
                for answer in answers
            )
        ),
    )


def _offers(offers: Sequence[Offer]) -> str | None:
    if not offers:
        return None
    return json.dumps(
        [
            {
                "service": offer.service,
                "date": offer.day.isoformat(),
                "time": f"{offer.at:%H:%M}",
                "name": offer.name,
                "persons": offer.persons,
            }
            for offer in offers
        ]
    )


def failed(inbound: int, attempts: int) -> bool:
    """Note one more failure of handling a message; whether it is given up now."""
    row = models.Inbound.objects.filter(id=inbound, state="waiting")
    row.update(attempts=F("attempts") + 1)
    return row.filter(attempts__gte=attempts).update(state="failed") == 1


def send(office_id: int, letters: Sequence[Letter], now: datetime) -> None:
    """Put messages into the outbox; a second answer to one message is left out."""
    if not letters:
        return
    insert(
        "outbound (office_id, gateway, in_reply_to_id, kind, sender, recipient, text, septets, parts, state, made_at)",
        [
            (
                office_id,
                letter.gateway,
                letter.in_reply_to,
                letter.kind,
                letter.sender,
                letter.recipient,
                letter.text,
                letter.septets,
                letter.parts,
                letter.state,
                moment(now),
            )
            for letter in letters
        ],
        f"({places(11)})",
    )


def watch(wishes: Sequence[models.Watch]) -> None:
    """Note who wants to know of freed places; a wish that stands already stays one."""
    if wishes:
        models.Watch.objects.bulk_create(wishes, ignore_conflicts=True)


def told(watches: Collection[models.Watch], now: datetime) -> None:
    """These watchers have been told."""
    models.Watch.objects.filter(id__in=[watch.id for watch in watches]).update(told_at=now)


def stop_reminders(office_id: int, senders: Mapping[str, bool], now: datetime) -> None:
    """Who wants no reminders any more (True) or wants them again (False)."""
    stopped = [models.OptOut(office_id=office_id, sender=sender, since=now) for sender, stop in senders.items() if stop]
    models.OptOut.objects.bulk_create(stopped, ignore_conflicts=True)
    again = [sender for sender, stop in senders.items() if not stop]
    models.OptOut.objects.filter(office_id=office_id, sender__in=again).delete()
