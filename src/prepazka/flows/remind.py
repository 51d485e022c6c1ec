"""Reminding of a visit: the day before it, in the daytime, once, in the words that cancel it (spec/messages.md §6).

Who booked on that very day needs no reminder: the reply is still at hand. Who wants none (STOP), who cannot be
reached, and a booking that does not stand, get none; what changes before it is sent is seen then (`flows.deliver`).
"""

from datetime import datetime, timedelta

from django.db import transaction

from prepazka.core.clock import midnight
from prepazka.core.office import Office
from prepazka.core.sending import daytime
from prepazka.flows import outbox
from prepazka.sms.render import reminder
from prepazka.store import offices, tidings

# Reminders queued by one transaction.
BATCH = 200


def remind(now: datetime) -> int:
    """Queue the reminders that are due in every office; how many. Any number of processes may do this at once."""
    return sum(_remind(offices.load(office_id), now) for office_id in offices.ids())


def _remind(office: Office, now: datetime) -> int:
    if daytime(now, office.settings.remind_from, office.settings.remind_to, office.zone) != now:
        return 0
    today = now.astimezone(office.zone).date()
    count = last = 0
    while found := tidings.to_remind(
        office, today + timedelta(days=1), midnight(today, office.zone), after=last, limit=BATCH
    ):
        rows = {row: booking for booking in found if (row := booking.id) is not None}
        known = outbox.ways(office)
        manners = outbox.manners(office, rows, today, known)
        with transaction.atomic():
            count += outbox.tell(
                office,
                [
                    outbox.of_booking(
                        "reminder", booking, row, reminder(booking, office, manners[row].language), manners[row].way
                    )
                    for row, booking in rows.items()
                ],
                now,
                known,
            )
        last = max(rows)
    return count
