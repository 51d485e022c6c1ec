"""Taking people out of the records: what is counted stays, whom it concerned does not."""

from datetime import date, datetime

from prepazka.store import models
from prepazka.store.sql import changed, listed, moment, rows, run

# Rows of one kind erased by one statement, so that no lock is held for long.
BATCH = 500


def bookings(office_id: int, before: date) -> int:
    """Erase name and number of bookings of days before this one; how many. Index: booking_of_day.

    The access code stays: it names nobody, and no code may be given twice for a day.
    """
    return changed(
        "UPDATE booking SET name = '', sender = '', text_key = '' WHERE id IN "
        "(SELECT id FROM booking WHERE office_id = %s AND day < %s AND name > '' LIMIT %s)",
        [office_id, before.isoformat(), BATCH],
    )


def messages(office_id: int, before: datetime, visited_before: date) -> int:
    """Erase number and text of messages that came before this moment, and of their replies; how many came.

    A message whose booking is yet to be visited, or was lately, waits for it. The row stays, so that the same
    message delivered again is still the same message. Index: inbound_by_time.
    """
    erased = rows(
        "UPDATE inbound SET sender = '', text = '', text_key = '', offers = NULL WHERE id IN "
        "(SELECT inbound.id FROM inbound LEFT JOIN booking ON booking.id = inbound.booking_id "
        "WHERE inbound.office_id = %s AND inbound.received_at < %s AND inbound.text_key > '' "
        "AND inbound.state <> 'waiting' AND (booking.id IS NULL OR booking.day < %s) LIMIT %s) RETURNING id",
        [office_id, moment(before), visited_before.isoformat(), BATCH],
    )
    run(
        "UPDATE outbound SET recipient = '', text = '' WHERE {among:in_reply_to_id}",
        [listed([row[0] for row in erased])],
    )
    return len(erased)


def notices(office_id: int, before: datetime) -> int:
    """Erase number and text of what was sent unasked before this moment; how many. Index: outbound_unasked."""
    return changed(
        "UPDATE outbound SET recipient = '', text = '' WHERE id IN (SELECT id FROM outbound "
        "WHERE office_id = %s AND made_at < %s AND in_reply_to_id IS NULL AND text > '' LIMIT %s)",
        [office_id, moment(before), BATCH],
    )


def watches(office_id: int, before: date) -> int:
    """Forget who waited for a place on days before this one; how many."""
    return models.Watch.objects.filter(office_id=office_id, day__lt=before).delete()[0]
