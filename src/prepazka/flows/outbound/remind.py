"""Queues reminders: the day before a visit, in the daytime, once, with the message that cancels (spec/messages.md §6).

Nobody is reminded who booked that same day, sent STOP, cannot be reached, or whose booking is no longer active.
Whatever changes between queueing and sending is checked again when sending (`flows.outbound.deliver`).
"""

from datetime import datetime, timedelta

from django.db import transaction

from prepazka.core.delivery import daytime
from prepazka.core.minutes import midnight
from prepazka.core.office.office import Office
from prepazka.flows.outbound import notify
from prepazka.sms.reply.render import reminder
from prepazka.store import notifications, offices

# Reminders queued by one transaction.
BATCH = 200


def remind(now: datetime) -> int:
    """Queue the reminders that are due in every office; how many. Any number of processes may do this at once."""
    return sum(_remind(offices.load(office_id), now) for office_id in offices.ids())


# docs/spec/delivery.md §6: "A reminder is sent on the day before the visit, between `remind_from` and `remind_to`, once
# a booking."
def _remind(office: Office, now: datetime) -> int:
    if daytime(now, office.settings.remind_from, office.settings.remind_to, office.zone) != now:
        return 0
    today = now.astimezone(office.zone).date()
    count = last = 0
    while found := notifications.to_remind(
        office, today + timedelta(days=1), midnight(today, office.zone), after=last, limit=BATCH
    ):
        rows = {row: booking for booking in found if (row := booking.id) is not None}
        known = notify.routes_of(office)
        preferences = notify.reply_preferences(office, rows, today, known)
        with transaction.atomic():
            count += notify.enqueue(
                office,
                [
                    notify.of_booking(
                        "reminder",
                        booking,
                        row,
                        reminder(booking, office, preferences[row].language),
                        preferences[row].route,
                    )
                    for row, booking in rows.items()
                ],
                now,
                known,
            )
        last = max(rows)
    return count
