"""Reminders: queued the day before a visit, in the daytime, once, with the message that cancels (spec/messages.md §6).

What was missed then, because the machine was down, is queued on the day of the visit while it is of use.

Left out are bookings made on that same day, of senders who sent STOP or cannot be reached, and those no longer active.
What may change between queueing and sending is checked again when sending (`flows.outbound.deliver`).
"""

from datetime import date, datetime, timedelta

from django.db import transaction

from prepazka.core.delivery import next_daytime
from prepazka.core.minutes import midnight, minute
from prepazka.core.office.office import Office
from prepazka.flows.every_office import Resting, in_every_office
from prepazka.flows.outbound import notify
from prepazka.sms.reply.render import reminder
from prepazka.store import due, notifications, offices
from prepazka.store.due import Visits

# Reminders queued by one transaction.
BATCH = 200
# A reminder is of use until this long before the visit: who has forgotten it can still come, or cancel.
OF_USE = timedelta(hours=1)


# Of this process: offices of which a booking cannot be reminded, such as one of a foreign number.
resting = Resting(timedelta(minutes=15))


def remind(now: datetime) -> int:
    """Queue the reminders that are due in all offices; return how many. Any number of processes may do it at once.

    Whose are due is asked in two statements, whatever the number of offices.
    """
    found = due.to_remind(_visits(now), now + OF_USE)
    return in_every_office(
        resting.leave_out(found, now),
        lambda office_id: resting.note(office_id, _remind(offices.load(office_id), now), now),
    )


def remind_in(office_id: int, now: datetime) -> int:
    """Queue the reminders that are due in one office; return how many."""
    return _remind(offices.load(office_id), now)


def _visits(now: datetime) -> list[Visits]:
    """Return, for offices with the same hours where these have begun, the visits of today and tomorrow."""
    found: list[Visits] = []
    for daytime in due.daytimes():
        zone = daytime.zone
        if zone is None or next_daytime(now, daytime.since, daytime.until, zone) != now:
            continue
        today = now.astimezone(zone).date()
        found += [
            Visits(daytime, day, midnight(day - timedelta(days=1), zone)) for day in (today, today + timedelta(days=1))
        ]
    return found


# docs/spec/delivery.md §6: "A reminder is sent on the day before the visit, between `remind_from` and `remind_to`, once
# a booking."
def _remind(office: Office, now: datetime) -> int:
    if next_daytime(now, office.settings.remind_from, office.settings.remind_to, office.zone) != now:
        return 0
    today = now.astimezone(office.zone).date()
    return sum(_remind_of(office, visit, now) for visit in (today, today + timedelta(days=1)))


# docs/spec/delivery.md §6: "One that was missed on that day goes out on the day of the visit, at least an hour before
# it."
def _remind_of(office: Office, visit: date, now: datetime) -> int:
    """Queue the reminders of a day's visits that are at least `OF_USE` away; return how many."""
    today, made_before = now.astimezone(office.zone).date(), midnight(visit - timedelta(days=1), office.zone)
    earliest = minute(now + OF_USE)
    count = last = 0
    while bookings := notifications.to_remind(office, visit, made_before, after=last, limit=BATCH):
        by_id = {one.id: one for one in bookings if one.id is not None and one.start >= earliest}
        last = max(one.id for one in bookings if one.id is not None)
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
    return count
