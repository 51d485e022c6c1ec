"""What an office's messages of a day cost: how many were sent, of which kinds, in how many SMS."""

from dataclasses import dataclass
from datetime import datetime

from prepazka.core.office.office import Office
from prepazka.core.reports.figures import merged
from prepazka.store import folded
from prepazka.store.sql import moment, rows
from prepazka.store.statistics import Period

# States of messages that left, as far as is known: whoever carries them charges for them.
NOT_LEFT = ("queued", "sending", "expired", "failed")
_LEFT = f"outbound.state NOT IN {NOT_LEFT!r}"


@dataclass(frozen=True, slots=True)
class SentKind:
    """How many messages of one kind (`core.delivery.KINDS`) were sent, and in how many SMS they went."""

    kind: str
    messages: int
    parts: int


def sent_since(office_id: int, since: datetime) -> list[SentKind]:
    """Return what the office has sent since a moment, by kind; replies first.

    Messages shown on screens are counted too: there they try out what a network would charge. Indexes: inbound_by_time,
    one_reply_a_message; outbound_unasked.
    """
    at = moment(since)
    counted = "COUNT(*), COALESCE(SUM(outbound.parts), 0)"
    found = rows(
        f"SELECT outbound.kind, {counted} "
        "FROM inbound {by:inbound_by_time} JOIN outbound ON outbound.in_reply_to_id = inbound.id "
        f"WHERE inbound.received_at >= %s AND inbound.text_key > '' AND inbound.office_id = %s AND {_LEFT} "
        f"GROUP BY outbound.kind UNION ALL SELECT outbound.kind, {counted} FROM outbound WHERE office_id = %s "
        f"AND made_at >= %s AND in_reply_to_id IS NULL AND text > '' AND {_LEFT} GROUP BY outbound.kind",
        [at, office_id, office_id, at],
    )
    return sorted((SentKind(*row) for row in found), key=lambda one: (one.kind != "reply", one.kind))


@dataclass(frozen=True, slots=True)
class SentByGateway:
    """How many messages a gateway was given, and in how many SMS they went."""

    gateway: str
    messages: int
    parts: int


def sent_by_gateway(office: Office, period: Period) -> list[SentByGateway]:
    """Return what the office's gateways were given on some days, of what left.

    Indexes: outbound_by_month, one_row_of_figures_a_day.
    """
    found = rows(
        "SELECT gateway, COUNT(*), SUM(parts) FROM outbound WHERE office_id = %s AND tried_at >= %s AND tried_at < %s "
        f"AND {_LEFT} GROUP BY gateway ORDER BY gateway",
        [office.id, moment(period.begin(office)), moment(period.end(office))],
    )
    past = [{"sent": kept} for _day, kept in folded.of_days(office, period.first, period.last, "sent")]
    sums = merged({"sent": [[gateway, messages, int(parts)] for gateway, messages, parts in found]}, *past)
    return [SentByGateway(*row) for row in sorted(sums.get("sent", ()))]
