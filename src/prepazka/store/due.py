"""Whose is due? Each kind of scheduled work asks that once for all offices: a constant number of statements.

Offices with the same clock and the same hours are asked for together: there are few such groups, whatever the number of
offices. What is found is looked at once more under the lock of the office, where there is one.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from prepazka.core.minutes import Minute
from prepazka.store import models
from prepazka.store.sql import listed, moment, moment_of, recorded, rows


def _zone(name: str) -> ZoneInfo | None:
    """Return a time zone; None for one that no library knows any more: its offices are told by the examination."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError):
        return None


def messages_wait(screens: Collection[str], now: datetime) -> bool:
    """Whether a stored message waits to be handled, or one is due on these screens; read without a lock.

    One query. Indexes: inbound_waiting, outbound_queued, outbound_in_doubt.
    """
    ((found,),) = rows(
        "SELECT EXISTS (SELECT 1 FROM inbound WHERE state = 'waiting') "
        "OR EXISTS (SELECT 1 FROM outbound WHERE {among:gateway} AND state = 'queued' AND due_at <= %s) OR EXISTS "
        "(SELECT 1 FROM outbound WHERE {among:gateway} AND state IN ('sending', 'unknown') AND due_at <= %s)",
        [listed(screens), moment(now)] * 2,
    )
    return bool(found)


# --- reminders ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Daytime:
    """The hours in which some offices remind, by their common clock."""

    timezone: str
    since: time
    until: time

    @property
    def zone(self) -> ZoneInfo | None:
        """The clock, if it is known."""
        return _zone(self.timezone)


def daytimes() -> list[Daytime]:
    """Return the different hours of reminders; most offices have the same."""
    found = models.Office.objects.values_list("timezone", "remind_from", "remind_to").distinct().order_by()
    return [Daytime(*row) for row in found]


@dataclass(frozen=True, slots=True)
class Visits:
    """The visits that offices with these hours remind of now: those of a day, of bookings made before a moment."""

    daytime: Daytime
    day: date
    made_before: Minute


def to_remind(visits: Sequence[Visits], earliest: datetime) -> list[int]:
    """Return the offices that have a booking to remind of; visits before `earliest` are not reminded of any more.

    Indexes: booking_of_day and one_telling_a_booking, for each office.
    """
    if not visits:
        return []
    records = [
        (one.daytime.timezone, str(one.daytime.since), str(one.daytime.until), one.day.isoformat(), one.made_before)
        for one in visits
    ]
    found = rows(
        "SELECT DISTINCT o.id FROM office o JOIN {records} ON o.timezone = value ->> 0 "
        "AND CAST(o.remind_from AS varchar(15)) = value ->> 1 AND CAST(o.remind_to AS varchar(15)) = value ->> 2 "
        "WHERE EXISTS (SELECT 1 FROM booking b {by:booking_of_day} "
        "WHERE b.office_id = o.id AND b.day = {date:value ->> 3} "
        "AND b.name > '' AND b.state = 'booked' AND b.sender > '' AND b.starts_at >= %s "
        "AND b.made_at < {moment:CAST(value ->> 4 AS bigint)} "
        "AND NOT EXISTS (SELECT 1 FROM outbound WHERE booking_id = b.id AND kind = 'reminder') "
        "AND NOT EXISTS (SELECT 1 FROM opt_out WHERE office_id = b.office_id AND sender = b.sender)) ORDER BY o.id",
        [recorded(records), moment(earliest)],
    )
    return [office_id for (office_id,) in found]


# --- erasing -----------------------------------------------------------------------------------


def to_erase(now: datetime, without_contact: timedelta) -> list[int]:
    """Return the offices that hold something they do not need any more. Two statements.

    without_contact: how long a wish for no reminders is kept. Indexes: booking_of_day, outbound_unasked and
    watch_of_day, for each office; inbound_by_time. Of wishes for no reminders all are read, once an hour.
    """
    found = models.Office.objects.values_list("timezone", "erase_after_days").distinct().order_by()
    groups = [(zone, name, days) for name, days in found if (zone := _zone(name))]
    if not groups:
        return []
    records = [
        (
            name,
            days,
            (now.astimezone(zone).date() - timedelta(days=days)).isoformat(),
            moment(now - timedelta(days=days)),
            now.astimezone(zone).date().isoformat(),
        )
        for zone, name, days in groups
    ]
    kept = min(days for _, _, days in groups)
    query = (
        "WITH bound AS (SELECT o.id, {date:value ->> 2} AS first_kept, {time:value ->> 3} AS kept_since, "
        "{date:value ->> 4} AS today FROM office o JOIN {records} "
        "ON o.timezone = value ->> 0 AND o.erase_after_days = CAST(value ->> 1 AS integer)) "
        "SELECT id FROM bound WHERE "
        "EXISTS (SELECT 1 FROM booking b WHERE b.office_id = bound.id AND b.name > '' AND b.day < first_kept) "
        "OR EXISTS (SELECT 1 FROM outbound m WHERE m.office_id = bound.id AND m.made_at < kept_since "
        "AND m.in_reply_to_id IS NULL AND m.text > '') "
        "OR EXISTS (SELECT 1 FROM watch w WHERE w.office_id = bound.id AND w.day < today) "
        "OR id IN (SELECT i.office_id FROM inbound i JOIN bound AS theirs ON theirs.id = i.office_id "
        "LEFT JOIN booking b ON b.id = i.booking_id WHERE i.text_key > '' AND i.received_at < %s "
        "AND i.received_at < theirs.kept_since AND i.state <> 'waiting' "
        "AND (b.id IS NULL OR b.day < theirs.first_kept)) "
        "OR id IN (SELECT office_id FROM opt_out WHERE COALESCE(contact_at, since) < %s "
        "AND NOT EXISTS (SELECT 1 FROM inbound WHERE inbound.office_id = opt_out.office_id "
        "AND inbound.sender = opt_out.sender AND inbound.received_at >= %s) "
        "AND NOT EXISTS (SELECT 1 FROM booking WHERE booking.office_id = opt_out.office_id "
        "AND booking.sender = opt_out.sender AND booking.state = 'booked' AND booking.ends_at >= %s)) ORDER BY id"
    )
    values = [recorded(records), moment(now - timedelta(days=kept)), *[moment(now - without_contact)] * 3]
    return [office_id for (office_id,) in rows(query, values)]


# --- the counters ------------------------------------------------------------------------------


def days_over(now: datetime) -> list[int]:
    """Return the offices with an active ticket, or a seat taken, of a day before today. Index: ticket_active."""
    found = rows(
        "SELECT o.id, o.timezone, MIN(left_open.day), MIN(left_open.since) FROM ("
        "SELECT t.office_id, t.day, NULL AS since FROM ticket t {by:ticket_active} "
        "WHERE t.state IN ('waiting', 'called', 'serving') "
        "UNION ALL SELECT office_id, NULL, since FROM staffing) AS left_open "
        "JOIN office o ON o.id = left_open.office_id GROUP BY o.id, o.timezone ORDER BY o.id"
    )
    return [office_id for office_id, name, day, since in found if _is_over(name, day, since, now)]


def _is_over(name: str, day: date | str | None, since: object, now: datetime) -> bool:
    if (zone := _zone(name)) is None:
        return False
    today = now.astimezone(zone).date()
    taken = moment_of(since)
    return (day is not None and date.fromisoformat(str(day)) < today) or (
        taken is not None and taken.astimezone(zone).date() < today
    )
