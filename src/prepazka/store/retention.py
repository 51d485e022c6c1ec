"""Erasing personal data: the rows that are counted stay, without whom they concern."""

from datetime import date, datetime
from typing import Any

from prepazka.store import models
from prepazka.store.sql import changed, listed, moment, rows, run

# Rows of one kind erased by one statement, so that no lock is held for long.
BATCH = 500


def erase_bookings(office_id: int, before: date) -> int:
    """Erase name and number of bookings of days before this one; return how many. Index: booking_of_day.

    The access code stays: it names nobody, and no code may be given out twice for a day.
    """
    found = rows(
        "SELECT id FROM booking WHERE office_id = %s AND day < %s AND name > '' LIMIT %s",
        [office_id, before.isoformat(), BATCH],
    )
    if not found:
        return 0
    ids = listed([row[0] for row in found])
    _note_contact(office_id, "booking", "made_at", ids)
    return changed(
        "UPDATE booking SET name = '', sender = '', text_key = '', calls = '', note = '' WHERE {among:id}", [ids]
    )


def erase_messages(office_id: int, before: datetime, visited_before: date) -> int:
    """Erase number and text of messages received before this moment, and of their replies; return how many messages.

    A message is kept as long as the booking it concerns. The row stays, so that the same message delivered again is
    recognised. Index: inbound_by_time.
    """
    found = rows(
        "SELECT inbound.id FROM inbound {by:inbound_by_time} LEFT JOIN booking ON booking.id = inbound.booking_id "
        "WHERE inbound.office_id = %s AND inbound.received_at < %s AND inbound.text_key > '' "
        "AND inbound.state <> 'waiting' AND (booking.id IS NULL OR booking.day < %s) LIMIT %s",
        [office_id, moment(before), visited_before.isoformat(), BATCH],
    )
    if not found:
        return 0
    ids = listed([row[0] for row in found])
    _note_contact(office_id, "inbound", "received_at", ids)
    run("UPDATE inbound SET sender = '', text = '', text_key = '', offers = NULL WHERE {among:id}", [ids])
    run("UPDATE outbound SET recipient = '', text = '' WHERE {among:in_reply_to_id}", [ids])
    return len(found)


def _note_contact(office_id: int, table: str, at: str, ids: Any) -> None:
    """Note of numbers that want no reminders when they last wrote or booked, before the rows that say so are erased.

    table, at: where they say so, and when it was. ids: the `listed` rows.
    """
    run(
        f"UPDATE opt_out SET contact_at = (SELECT MAX(said.{at}) FROM {table} AS said WHERE {{among:said.id}} "
        f"AND said.sender = opt_out.sender) WHERE office_id = %s AND EXISTS (SELECT 1 FROM {table} AS said "
        f"WHERE {{among:said.id}} AND said.sender = opt_out.sender "
        f"AND said.{at} > COALESCE(opt_out.contact_at, opt_out.since))",
        [ids, office_id, ids],
    )


def erase_opt_outs(office_id: int, before: datetime) -> int:
    """Delete wishes for no reminders of numbers without contact since this moment; return how many.

    Indexes: one_opt_out_a_number; for each of the few, inbound_of_sender and booking_of_sender.
    """
    return changed(
        "DELETE FROM opt_out WHERE office_id = %s AND COALESCE(contact_at, since) < %s "
        "AND NOT EXISTS (SELECT 1 FROM inbound WHERE inbound.office_id = opt_out.office_id "
        "AND inbound.sender = opt_out.sender AND inbound.received_at >= %s) "
        "AND NOT EXISTS (SELECT 1 FROM booking WHERE booking.office_id = opt_out.office_id "
        "AND booking.sender = opt_out.sender AND booking.state = 'booked' AND booking.ends_at >= %s)",
        [office_id, moment(before), moment(before), moment(before)],
    )


def erase_notifications(office_id: int, before: datetime) -> int:
    """Erase number and text of notifications made before this moment; return how many. Index: outbound_unasked."""
    return changed(
        "UPDATE outbound SET recipient = '', text = '' WHERE id IN (SELECT id FROM outbound "
        "WHERE office_id = %s AND made_at < %s AND in_reply_to_id IS NULL AND text > '' LIMIT %s)",
        [office_id, moment(before), BATCH],
    )


def erase_waitlist(office_id: int, before: date) -> int:
    """Delete waitlist entries for days before this one; return how many."""
    return models.WaitlistEntry.objects.filter(office_id=office_id, day__lt=before).delete()[0]


def erase_refs(before: datetime) -> int:
    """Delete gateways' ids of messages sent before this moment; return how many. Index: of the foreign key."""
    return _delete_oldest("outbound_ref", "", before)


def erase_receipts(before: datetime) -> int:
    """Delete receipts of messages sent before this moment; return how many. Index: one_receipt_a_status.

    Receipts of no message are dropped by `store.receipts.drop_waiting`.
    """
    return _delete_oldest("receipt", "WHERE record.outbound_id IS NOT NULL ", before)


def _delete_oldest(table: str, among: str, before: datetime) -> int:
    """Delete, of the rows about the oldest messages, those about messages sent before this moment; return how many.

    Messages are numbered in the order they are made, so no younger rows have to be read.
    """
    return changed(
        f"DELETE FROM {table} WHERE id IN (SELECT id FROM (SELECT record.id, COALESCE(outbound.tried_at, "
        f"outbound.made_at) AS given FROM {table} AS record JOIN outbound ON outbound.id = record.outbound_id {among}"
        "ORDER BY record.outbound_id LIMIT %s) AS oldest WHERE given < %s)",
        [BATCH, moment(before)],
    )


def erase_fingerprints(before: datetime) -> int:
    """Delete fingerprints of messages received before this moment; return how many. Index: inbound_fingerprinted."""
    return changed(
        "UPDATE inbound SET fingerprint = NULL WHERE id IN "
        "(SELECT id FROM inbound WHERE fingerprint IS NOT NULL AND received_at < %s LIMIT %s)",
        [moment(before), BATCH],
    )
