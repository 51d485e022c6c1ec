"""What people wrote that the office did not understand, for its manager; and which repairs of texts serve."""

from dataclasses import dataclass
from datetime import datetime

from prepazka.core.booking.misunderstood import MISUNDERSTOOD
from prepazka.core.office.office import Office
from prepazka.store import folded
from prepazka.store.sql import moment, rows
from prepazka.store.statistics import Period

MOST = 5_000
"""Messages looked through at most."""

_MISUNDERSTOOD = ", ".join(f"'{outcome}'" for outcome in MISUNDERSTOOD)


@dataclass(frozen=True, slots=True)
class WrittenText:
    """A text that was not understood, and its sender."""

    sender: str
    text: str


@dataclass(frozen=True, slots=True)
class RepairCount:
    """So many messages were changed by this repair; understood: so many of them were understood then."""

    repair: str
    messages: int
    understood: int


def texts(office_id: int, since: datetime, until: datetime) -> list[WrittenText]:
    """Return the texts of this time that were not understood and are not erased. Index: inbound_misunderstood."""
    found = rows(
        f"SELECT sender, text FROM inbound WHERE office_id = %s AND outcome IN ({_MISUNDERSTOOD}) AND text_key > '' "
        "AND received_at >= %s AND received_at < %s "
        "ORDER BY done_at DESC, id DESC LIMIT %s",
        [office_id, moment(since), moment(until), MOST],
    )
    return [WrittenText(sender, text) for sender, text in found]


def repairs(office: Office, period: Period) -> list[RepairCount]:
    """Return how often each repair changed a message of these days, the most frequent first.

    Indexes: inbound_repaired, one_row_of_figures_a_day.
    """
    found = rows(
        f"SELECT repairs, CASE WHEN outcome IN ({_MISUNDERSTOOD}) THEN 0 ELSE 1 END, COUNT(*) FROM inbound "
        "WHERE office_id = %s AND received_at >= %s AND received_at < %s AND repairs > '' GROUP BY 1, 2",
        [office.id, moment(period.begin(office)), moment(period.end(office))],
    )
    past = [row for _day, kept in folded.of_days(office, period.first, period.last, "repairs") for row in kept]
    messages: dict[str, int] = {}
    understood: dict[str, int] = {}
    for names, good, count in [*past, *found]:
        for name in dict.fromkeys(names.split()):
            messages[name] = messages.get(name, 0) + count
            understood[name] = understood.get(name, 0) + good * count
    counted = [RepairCount(name, count, understood[name]) for name, count in messages.items()]
    return sorted(counted, key=lambda one: (-one.messages, one.repair))
