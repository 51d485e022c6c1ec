"""Reading what a batch of requests needs: a constant number of queries whatever its size, each served by an index."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from functools import partial
from typing import Any

from prepazka.core.booking.answer import FREED_MINUTES
from prepazka.core.booking.booking import Booking, PastBooking
from prepazka.core.booking.outcomes import Offer
from prepazka.core.booking.questions import Chosen, Question, Unfinished, last_asked
from prepazka.core.booking.replies import Answered, ReplyLimits
from prepazka.core.booking.snapshot import ReadSet, Snapshot
from prepazka.core.minutes import Minute, instant, local, midnight
from prepazka.core.office.office import Office
from prepazka.core.rate_limits import SMS_REPLIES_A_DAY, SMS_REPLIES_AN_HOUR
from prepazka.store import board
from prepazka.store.rate_limits import figure
from prepazka.store.sql import NOTHING, Pending, Row, aware, listed, minute_of, rows, send, together

# A day, in minutes.
_DAY = 24 * 60


def snapshot(office: Office, needed: ReadSet, since: Minute, until: Minute | None = None) -> Snapshot:
    """Return what the database holds of a read set.

    since, until: the earliest and the latest moment a request is decided at; None: there is only one.
    """
    with together():
        taken, given_back = _taken(office, needed), _given_back(needed)
        past = _past(office, needed, since, since if until is None else until)
        open_, coded = _open(office, needed, since), _coded(office, needed.codes)
        answered = _answered(office, needed)
        asked, freed = _questions(office, needed, since), _notices(office, needed, since)
        chosen = _chosen(office, needed, since)
    kept = asked.fetch()
    found = Snapshot(
        busy=[*taken.fetch(), *given_back.fetch()],
        open=open_.fetch(),
        past=past.fetch(),
        coded=coded.fetch(),
        answered=answered.fetch(),
        reply_limits=ReplyLimits(figure(SMS_REPLIES_AN_HOUR), figure(SMS_REPLIES_A_DAY)),
        questions=last_asked([*(one for one in kept if not one[1].unfinished), *freed.fetch()]),
        unfinished=last_asked(one for one in kept if one[1].unfinished),
        chosen=_by_phone(chosen.fetch()),
        read=needed,
    )
    return replace(found, queue=board.queue_snapshot(office, instant(since))) if needed.queue else found


def with_places(found: Snapshot, office: Office, needed: ReadSet) -> Snapshot:
    """Return what was found with the places of another read set, of the same requests, under the same lock."""
    with together():
        taken, given_back = _taken(office, needed), _given_back(needed)
    return replace(found, busy=[*taken.fetch(), *given_back.fetch()], read=needed)


def _taken(office: Office, needed: ReadSet) -> Pending[Row]:
    """Return the taken places, grouped in the database: one row for all lanes from the same start to the same end.

    A booking ends on the day it begins, so the range read of the index is bounded. Index: booking_taken, alone.
    """
    if not needed.spans:
        return NOTHING
    # One query a span, joined by UNION: with OR, SQLite would not use the index.
    look = (
        "SELECT agenda_id, {stored:starts_at}, {stored:ends_at}, {mask:lane} FROM booking "
        "WHERE state IN ('booked', 'held') AND agenda_id = %s AND starts_at >= {moment:%s} AND starts_at < {moment:%s} "
        "AND ends_at > {moment:%s} "
        "GROUP BY agenda_id, starts_at, ends_at"
    )
    found = send(
        " UNION ALL ".join([look] * len(needed.spans)),
        [
            value
            for span in needed.spans
            for value in (span.agenda, _begin_of_day(office, span.first), span.last, span.first)
        ],
    )
    return found.map(lambda row: (row[0], minute_of(row[1]), minute_of(row[2]), row[3]))


def _begin_of_day(office: Office, at: Minute) -> Minute:
    return midnight(local(at, office.zone).date(), office.zone)


def _given_back(needed: ReadSet) -> Pending[Row]:
    """Return places cancelled too lately to be offered again. Index: booking_given_back."""
    if not needed.spans or needed.freed_since is None:
        return NOTHING
    look = (
        "SELECT agenda_id, {minute:starts_at}, {minute:ends_at}, {mask:lane} FROM "
        "(SELECT DISTINCT agenda_id, starts_at, ends_at, lane FROM booking "
        "WHERE state = 'cancelled' AND agenda_id = %s "
        "AND changed_at > {moment:%s} AND starts_at < {moment:%s} AND ends_at > {moment:%s}) AS freed "
        "GROUP BY agenda_id, starts_at, ends_at"
    )
    return send(
        " UNION ALL ".join([look] * len(needed.spans)),
        [value for span in needed.spans for value in (span.agenda, needed.freed_since, span.last, span.first)],
    )


_COLUMNS = (
    "SELECT b.id, s.code, b.agenda_id, b.lane, {minute:b.starts_at}, {minute:b.ends_at}, b.name, b.persons, "
    "b.sender, b.code, b.state, b.text_key, {minute:b.made_at}, b.calls, b.note"
)
BOOKINGS = f"{_COLUMNS} FROM booking b JOIN service s ON s.id = b.service_id "


def booking(office: Office, row: Sequence[Any]) -> Booking:
    """Return a row of `BOOKINGS` as a value of the rules."""
    start = local(row[4], office.zone)
    return Booking(
        id=row[0],
        service=row[1],
        agenda=row[2],
        lane=row[3],
        start=row[4],
        end=row[5],
        day=start.date(),
        at=start.time(),
        name=row[6],
        persons=row[7],
        sender=row[8],
        code=row[9],
        state=row[10],
        text_key=row[11],
        made_at=row[12],
        calls=row[13],
        note=row[14],
    )


def booked_between(office: Office, first: date, last: date, now: Minute) -> list[Booking]:
    """Return active bookings and held places of these days, both included, that are not over yet, in order.

    Index: booking_of_day.
    """
    found = rows(
        f"{BOOKINGS} WHERE b.office_id = %s AND b.day BETWEEN %s AND %s AND b.name > '' "
        "AND b.state IN ('booked', 'held') AND b.ends_at > {moment:%s} ORDER BY b.starts_at, b.id",
        [office.id, first.isoformat(), last.isoformat(), now],
    )
    return [booking(office, row) for row in found]


def _open(office: Office, needed: ReadSet, since: Minute) -> Pending[Booking]:
    """Return the senders' active bookings whose check-in window may not have ended. Index: booking_of_sender."""
    if not needed.senders:
        return NOTHING
    found = send(
        f"{BOOKINGS} WHERE b.office_id = %s AND b.state = 'booked' AND b.ends_at > {{moment:%s}} "
        "AND {among:b.sender} ORDER BY b.starts_at, b.id",
        [office.id, since - office.settings.check_in_after_minutes, listed(needed.senders)],
    )
    return found.map(partial(booking, office))


def _past(office: Office, needed: ReadSet, since: Minute, until: Minute) -> Pending[PastBooking]:
    """Return the senders' bookings that were served, missed or cancelled since midnight, or are missed by `until`.

    Indexes: booking_of_day with one_ticket_a_booking; booking_given_back, the primary key of hold.
    """
    if not needed.past_of:
        return NOTHING
    today = local(since, office.zone).date()
    window = office.settings.check_in_after_minutes
    found = send(
        f"{_COLUMNS}, CASE t.state WHEN 'done' THEN 'served' ELSE 'missed' END, t.id IS NULL FROM booking b "
        "JOIN service s ON s.id = b.service_id LEFT JOIN ticket t ON t.booking_id = b.id "
        "WHERE b.office_id = %s AND b.day = %s AND b.name > '' AND b.state = 'booked' AND {among:b.sender} "
        "AND (t.state IN ('done', 'absent') OR (t.id IS NULL AND b.starts_at < {moment:%s})) "
        f"UNION ALL {_COLUMNS}, 'cancelled', 1 = 0 FROM booking b JOIN service s ON s.id = b.service_id "
        "WHERE b.agenda_id IN (SELECT id FROM agenda WHERE office_id = %s) AND b.state = 'cancelled' "
        "AND b.changed_at >= {moment:%s} AND b.name > '' AND {among:b.sender} "
        # A place that nobody confirmed was never this sender's.
        "AND NOT EXISTS (SELECT 1 FROM hold WHERE hold.booking_id = b.id AND NOT hold.confirmed)",
        [
            *(office.id, today.isoformat(), listed(needed.past_of), until - window),
            *(office.id, midnight(today, office.zone), listed(needed.past_of)),
        ],
    )
    return found.map(lambda row: _past_booking(office, row, window))


def _past_booking(office: Office, row: Row, window: int) -> PastBooking:
    found, became, without_ticket = booking(office, row), row[15], row[16]
    return PastBooking(found, became, Minute(found.start + window + 1) if without_ticket else Minute(0))


def _coded(office: Office, codes: Collection[str]) -> Pending[Booking]:
    """Return bookings of any day and state with these codes. Index: booking_by_code."""
    if not codes:
        return NOTHING
    found = send(f"{BOOKINGS} WHERE b.office_id = %s AND {{among:b.code}} ORDER BY b.id", [office.id, listed(codes)])
    return found.map(partial(booking, office))


def _answered(office: Office, needed: ReadSet) -> Pending[Answered]:
    """Return the answered messages the guards count, and all of the past day of those whose replies are counted.

    Few, because a limit ends both. Index: inbound_of_sender.
    """
    if not needed.guarded:
        return NOTHING
    found = send(
        "SELECT sender, text_key, outcome, {minute:received_at}, booking_id IS NOT NULL "
        "FROM inbound {by:inbound_of_sender} "
        "WHERE office_id = %s AND {among:sender} AND state = 'answered' AND received_at >= {moment:%s} "
        "AND ({among:sender} OR (received_at >= {moment:%s} "
        "AND (outcome IN ('not_understood', 'unknown_booking', 'proposed') OR {among:text_key}))) "
        "ORDER BY id",
        [
            *(office.id, listed(needed.guarded), needed.paid_since),
            *(listed(needed.paid_for), needed.history_since, listed(needed.text_keys)),
        ],
    )
    return found.map(lambda row: Answered(row[0], row[1], row[2], row[3], bool(row[4])))


def _questions(office: Office, needed: ReadSet, since: Minute) -> Pending[tuple[str, Question]]:
    """Return the questions these senders were sent lately. Index: inbound_of_sender.

    A message may have waited for its answer, so a day more is read.
    """
    if not needed.offers_to:
        return NOTHING
    longest = max(office.settings.offer_minutes, office.settings.proposal_minutes, FREED_MINUTES)
    found = send(
        "SELECT sender, received_at, offers FROM inbound {by:inbound_of_sender} "
        "WHERE office_id = %s AND state = 'answered' AND received_at >= {moment:%s} AND offers IS NOT NULL "
        "AND {among:sender} ORDER BY id",
        [office.id, Minute(since - longest - _DAY), listed(needed.offers_to)],
    )
    return found.map(lambda row: (row[0], _question(row[1], row[2])))


def _notices(office: Office, needed: ReadSet, since: Minute) -> Pending[tuple[str, Question]]:
    """Return the notices of freed places, each under the name of the sender's last booking. Index: watch_told_to."""
    if not needed.offers_to:
        return NOTHING
    found = send(
        "SELECT watch.sender, told_at, service.code, watch.day, told_start, (SELECT name FROM booking "
        "WHERE booking.office_id = watch.office_id AND booking.sender = watch.sender AND name > '' "
        "ORDER BY booking.id DESC LIMIT 1) FROM watch JOIN service ON service.id = watch.service_id "
        "WHERE watch.office_id = %s AND told_start IS NOT NULL AND told_at >= {moment:%s} AND {among:watch.sender} "
        "ORDER BY watch.id",
        [office.id, Minute(since - FREED_MINUTES), listed(needed.offers_to)],
    )
    return found.map(_notice)


def _chosen(office: Office, needed: ReadSet, since: Minute) -> Pending[tuple[str, Chosen]]:
    """Return the places chosen on the web lately for these senders. Index: hold_of_number."""
    if not needed.offers_to:
        return NOTHING
    found = send(
        BOOKINGS.replace(" FROM booking b", ", hold.number, hold.chosen_at FROM booking b")
        + " JOIN hold ON hold.booking_id = b.id WHERE hold.office_id = %s AND {among:hold.number} "
        "AND hold.chosen_at >= {moment:%s} ORDER BY b.id",
        [office.id, listed(needed.offers_to), Minute(since - _DAY)],
    )
    return found.map(lambda row: (row[15], Chosen(booking(office, row), aware(row[16]))))


def _by_phone(found: Sequence[tuple[str, Chosen]]) -> dict[str, list[Chosen]]:
    by_phone: dict[str, list[Chosen]] = {}
    for phone, chosen in found:
        by_phone.setdefault(phone, []).append(chosen)
    return by_phone


def _notice(row: Row) -> tuple[str, Question]:
    sender, at, service, day, start, name = row
    offer = Offer(service, date.fromisoformat(str(day)), time.fromisoformat(str(start)), name or "")
    return sender, Question(aware(at), "freed", (offer,))


def _question(received: datetime, stored: str) -> Question:
    kept = json.loads(stored)
    # What was kept before questions had kinds is a bare list of offers.
    if isinstance(kept, list):
        kept = {"kind": "offered", "offers": kept}
    taken = kept.get("taken")
    return Question(
        datetime.fromisoformat(kept["asked"]) if "asked" in kept else aware(received),
        kept["kind"],
        tuple(
            Offer(
                offer["service"],
                date.fromisoformat(offer["date"]),
                time.fromisoformat(offer["time"]),
                offer["name"],
                offer["persons"],
                offer["moving"],
            )
            for offer in kept.get("offers", ())
        ),
        (taken["code"], date.fromisoformat(taken["date"])) if taken else None,
        unfinished=_unfinished(kept["unfinished"]) if "unfinished" in kept else None,
        wanted=datetime.fromisoformat(kept["wanted"]) if "wanted" in kept else None,
    )


def _unfinished(kept: Mapping[str, Any]) -> Unfinished:
    day, told = (date.fromisoformat(kept[key]) if key in kept else None for key in ("date", "told"))
    at, first, last = (time.fromisoformat(kept[key]) if key in kept else None for key in ("time", "first", "last"))
    said = kept["name"], kept["persons"], kept["moving"]
    return Unfinished(
        kept["service"], day, at, *said, first, last, kept["soonest"], told, kept["refused"], kept["of_part"]
    )
