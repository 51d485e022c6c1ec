"""The state of a booking in a word or two, as the lists of a day show it."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from prepazka.core.office.office import Office
from prepazka.store.desk import DayBooking


def missed_before(office: Office, now: datetime) -> datetime:
    """Return the moment before which a start is missed: of later ones the code is still accepted."""
    return now.replace(second=0, microsecond=0) - timedelta(minutes=office.settings.check_in_after_minutes)


def describe_state(booking: DayBooking, missed: datetime) -> str:
    """Return the state; of one that has a ticket, the ticket's number and what came of it. missed: `missed_before`."""
    if booking.cancelling:
        return _("ruší se")
    if booking.state == "held":
        return _("čeká na potvrzení")
    if booking.state == "cancelled":
        return _("zrušená")
    if booking.ticket:
        return ", ".join(filter(None, [f"{_('lístek')} {booking.ticket}", _describe_ticket(booking)]))
    return _("platná") if booking.at >= missed else _("bez účasti")


def _describe_ticket(booking: DayBooking) -> str:
    if booking.unperformed:
        return _("nevyřízená")
    return {"done": _("vyřízená"), "absent": _("bez účasti")}.get(booking.ticket_state, "")
