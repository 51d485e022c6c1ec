"""The books: what callers were told, compared with what the database holds after the failover."""

import re
from collections import Counter
from collections.abc import Sequence

from tests.cluster.callers import Told
from tests.cluster.cluster import Cluster

_CODE = re.compile(r"Kod [\w ]+: (\d+)\.")


def differences(cluster: Cluster, told: Sequence[Told]) -> list[str]:
    """Return every difference between what callers were told and the database; none when the books are exact."""
    return [*_of_messages(cluster, told), *_of_bookings(cluster, told), *_of_places(cluster)]


def _of_messages(cluster: Cluster, told: Sequence[Told]) -> list[str]:
    """Each acknowledged message is stored once, and answered once with the reply its caller was told."""
    stored = Counter(row[0] for row in cluster.sql("SELECT gateway_id FROM inbound"))
    states = dict(cluster.sql("SELECT gateway_id, state FROM inbound"))
    replies: dict[str, list[str]] = {}
    for id_, text in cluster.sql(
        "SELECT inbound.gateway_id, outbound.text FROM outbound JOIN inbound ON inbound.id = outbound.in_reply_to_id "
        "WHERE outbound.kind = 'reply'"
    ):
        replies.setdefault(id_, []).append(text)
    found = [f"{one.id} was acknowledged and is stored {stored[one.id]} times" for one in told if stored[one.id] != 1]
    found += [f"{one.id} is {states.get(one.id)}" for one in told if states.get(one.id) != "answered"]
    found += [
        f"{one.id} was told {one.reply!r}, stored are {replies.get(one.id)}"
        for one in told
        if replies.get(one.id) != [one.reply]
    ]
    found += [f"{id_} was told to nobody" for id_ in stored.keys() - {one.id for one in told}]
    return found


def _of_bookings(cluster: Cluster, told: Sequence[Told]) -> list[str]:
    """Each confirmed booking is there once, each cancelled one is cancelled, and there is none beside them."""
    cancelled = {one.sender for one in told if one.outcome == "cancelled"}
    expected = Counter(
        (match[1], one.sender, "cancelled" if one.sender in cancelled else "booked")
        for one in told
        if one.outcome == "booked" and (match := _CODE.search(one.reply))
    )
    held = Counter(cluster.sql("SELECT code, sender, state FROM booking"))
    return [
        *(f"told, not held: {one}" for one in sorted((expected - held).elements())),
        *(f"held, not told: {one}" for one in sorted((held - expected).elements())),
    ]


def _of_places(cluster: Cluster) -> list[str]:
    """No place is given twice: bookings of one lane never overlap."""
    rows = cluster.sql(
        "SELECT a.code, b.code FROM booking a JOIN booking b ON a.agenda_id = b.agenda_id AND a.lane = b.lane "
        "AND a.id < b.id AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at "
        "WHERE a.state IN ('booked', 'held') AND b.state IN ('booked', 'held')"
    )
    return [f"one place was given to {first} and {second}" for first, second in rows]
