"""Reminders: queued the day before a visit, in the daytime, once, with the message that cancels (spec/messages.md §6).

Left out are bookings made on that same day, of senders who sent STOP or cannot be reached, and those no longer active.
What may change between queueing and sending is checked again when sending (`flows.outbound.deliver`).
"""

from datetime import datetime, timedelta

from django.db import transaction

from prepazka.core.delivery import next_daytime
from prepazka.core.minutes import midnight
from prepazka.core.office.office import Office
from prepazka.flows.every_office import in_every_office
from prepazka.flows.outbound import notify
from prepazka.sms.reply.render import reminder
from prepazka.store import notifications, offices

# Reminders queued by one transaction.
BATCH = 200


def remind(now: datetime) -> int:
    """Queue the reminders that are due in all offices; return how many. Any number of processes may do it at once."""
    return in_every_office(offices.ids(), lambda office_id: _remind(offices.load(office_id), now))


# docs/spec/delivery.md §6: "A reminder is sent on the day before the visit, between `remind_from` and `remind_to`, once
# a booking."
def _remind(office: Office, now: datetime) -> int:
    if next_daytime(now, office.settings.remind_from, office.settings.remind_to, office.zone) != now:
        return 0
    today = now.astimezone(office.zone).date()
    count = last = 0
    while bookings := notifications.to_remind(
        office, today + timedelta(days=1), midnight(today, office.zone), after=last, limit=BATCH
    ):
        by_id = {booking_id: booking for booking in bookings if (booking_id := booking.id) is not None}
        routes = notify.routes_of(office)
        preferences = notify.reply_preferences(office, by_id, today, routes)
        with transaction.atomic():
            count += notify.enqueue(
                office,
                [
                    notify.of_booking(
                        "reminder",
                        booking,
                        booking_id,
                        reminder(booking, office, preferences[booking_id].language),
                        preferences[booking_id].route,
                    )
                    for booking_id, booking in by_id.items()
                ],
                now,
                routes,
            )
        last = max(by_id)
    return count
