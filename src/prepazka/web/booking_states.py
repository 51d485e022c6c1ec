"""The state of a booking in a word or two, as the lists of a day show it."""

from datetime import datetime

from django.utils.translation import gettext as _

from prepazka.store.desk import DayBooking


def describe_state(booking: DayBooking, now: datetime) -> str:
    """Return the state; of one that has a ticket, the ticket's number and what came of it."""
    if booking.cancelling:
        return _("ruší se")
    if booking.state == "held":
        return _("čeká na potvrzení")
    if booking.state == "cancelled":
        return _("zrušená")
    if booking.ticket:
        return ", ".join(filter(None, [f"{_('lístek')} {booking.ticket}", _describe_ticket(booking)]))
    return _("platná") if booking.at > now else _("bez účasti")


def _describe_ticket(booking: DayBooking) -> str:
    if booking.unperformed:
        return _("nevyřízená")
    return {"done": _("vyřízená"), "absent": _("bez účasti")}.get(booking.ticket_state, "")
