"""Erases what gammu-smsd keeps of messages that are done: received ones, and the texts of sent ones."""

from datetime import datetime

from prepazka.gateways.gammu.database import Database


def forget(database: Database, phone: str, number: str | None, before: datetime) -> int:
    """Erase a number's messages, or (None) those of before a moment; return how many.

    A received message is deleted once it is processed. Of a sent one the row stays with our id, so that the message is
    not sent again; its number and its text go.
    """
    if number is None:
        until = before.astimezone(database.message_zone).strftime("%Y-%m-%d %H:%M:%S")
        received, sent, values = '"ReceivingDateTime" < ?', '"SendingDateTime" < ?', [until]
    else:
        received, sent = '"SenderNumber" IN (?, ?)', '"DestinationNumber" IN (?, ?)'
        values = [number, number.removeprefix("+")]
    with database.transaction():
        count = database.change(
            f"""DELETE FROM inbox WHERE "Processed" = 'true' AND "RecipientID" = ? AND {received}""", [phone, *values]
        )
        return count + database.change(
            """UPDATE sentitems SET "DestinationNumber" = '', "Text" = '', "TextDecoded" = '' """
            f"""WHERE "SenderID" = ? AND "DestinationNumber" <> '' AND {sent}""",
            [phone, *values],
        )
