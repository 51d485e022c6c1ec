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
    return models.WaitlistEntry.objects.filter(office_id=office_id, day__lt=before).delete()[0]


def names(before: datetime) -> int:
    """Forget what gateways call messages they were given before this moment; how many. Index: of the foreign key."""
    return _oldest("outbound_ref", "", before)


def receipts(before: datetime) -> int:
    """Forget what gateways said of messages they were given before this moment; how many.

    Index: one_receipt_a_status. Those of no message are dropped by `store.receipts.drop_waiting`.
    """
    return _oldest("receipt", "WHERE told.outbound_id IS NOT NULL ", before)


def _oldest(table: str, among: str, before: datetime) -> int:
    """Of the rows about the oldest messages delete those about messages given before this moment; how many.

    Messages are numbered as they are made, so nothing younger has to be looked at.
    """
    return changed(
        f"DELETE FROM {table} WHERE id IN (SELECT id FROM (SELECT told.id, COALESCE(outbound.tried_at, "
        f"outbound.made_at) AS given FROM {table} AS told JOIN outbound ON outbound.id = told.outbound_id {among}"
        "ORDER BY told.outbound_id LIMIT %s) AS oldest WHERE given < %s)",
        [BATCH, moment(before)],
    )


def contents(before: datetime) -> int:
    """Forget the fingerprints of messages that came before this moment; how many. Index: inbound_fingerprinted."""
    return changed(
        "UPDATE inbound SET fingerprint = NULL WHERE id IN "
        "(SELECT id FROM inbound WHERE fingerprint IS NOT NULL AND received_at < %s LIMIT %s)",
        [moment(before), BATCH],
    )
