"""The ceiling of an office's messages a day: beyond, it begins none that can wait or that strangers can cause."""

from datetime import datetime, timedelta

from prepazka.core.minutes import instant, midnight
from prepazka.core.office.office import Office
from prepazka.core.rate_limits import MESSAGES_OF_OFFICE
from prepazka.store import notifications
from prepazka.store.rate_limits import figure


# docs/spec/safety.md §2.6: "An office sends at most 1,000 messages a day before it begins no more"
def is_reached(office: Office, now: datetime) -> bool:
    """Whether the office has sent so many messages on this day of its own that it begins no more. One query."""
    newest = notifications.made_before_last(office.id, figure(MESSAGES_OF_OFFICE))
    today = instant(midnight(now.astimezone(office.zone).date(), office.zone))
    return newest is not None and today <= newest <= now + timedelta(days=1)
