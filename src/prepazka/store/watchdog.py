"""The messages of the watchdog: when each number's was sent, and whether it came back."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from prepazka.core.watchdog import Rounds
from prepazka.store import marks, models
from prepazka.store.sql import changed, moment, rows

KIND = "watchdog"
_SENT, _BACK, _MISSED = "watchdog sent:", "watchdog back:", "watchdog missed:"


@dataclass(frozen=True, slots=True)
class Watched:
    """A number of an office, with the gateway that sends for it and the office's clock."""

    number: str
    gateway: str
    office: int
    timezone: str


def watched(kinds: Collection[str]) -> list[Watched]:
    """Return the numbers bound to gateways of these kinds, of offices that send more than replies."""
    found = models.Number.objects.filter(gateway__kind__in=kinds, office__replies_only=False).order_by("e164")
    fields = ("e164", "gateway__name", "office_id", "office__timezone")
    return [Watched(*row) for row in found.values_list(*fields)]


def rounds() -> dict[str, Rounds]:
    """Return what is known of each number's messages. Three small queries."""
    sent, back, missed = marks.moments(_SENT), marks.moments(_BACK), marks.moments(_MISSED)
    return {number: Rounds(at, back.get(number), missed.get(number)) for number, at in sent.items()}


def claim(number: str, before: datetime | None, now: datetime) -> bool:
    """Note in the caller's transaction that the message is sent now; False when another process was first."""
    name = f"{_SENT}{number}"
    if before is None:
        query = "INSERT INTO mark (name, at) VALUES (%s, %s) ON CONFLICT DO NOTHING"
        return changed(query, [name, moment(now)]) == 1
    return changed("UPDATE mark SET at = %s WHERE name = %s AND at = %s", [moment(now), name, moment(before)]) == 1


def note_back(number: str, now: datetime) -> None:
    """Note that it came back."""
    marks.put(f"{_BACK}{number}", now)


def note_missed(number: str, now: datetime) -> None:
    """Note that the one before did not come back."""
    marks.put(f"{_MISSED}{number}", now)


def came_back(sent: Mapping[str, datetime]) -> set[str]:
    """Return the numbers whose message, sent at that moment, came in again. Indexes: outbound_of_recipient,
    inbound_of_sender."""
    back = set[str]()
    for number, at in sent.items():
        found = rows(
            "SELECT 1 FROM outbound JOIN inbound ON inbound.office_id = outbound.office_id "
            "AND inbound.sender = outbound.recipient AND inbound.state = 'silent' AND inbound.received_at >= %s "
            "AND inbound.text = outbound.text WHERE outbound.recipient = %s AND outbound.kind = %s "
            "AND outbound.made_at = %s AND outbound.office_id = (SELECT office_id FROM number WHERE e164 = %s) LIMIT 1",
            [moment(at), number, KIND, moment(at), number],
        )
        if found:
            back.add(number)
    return back
