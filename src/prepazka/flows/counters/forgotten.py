"""Counters their clerks forgot (`core.queue.forgotten`), seen to every minute: asked about, given a break, closed.

Looking takes no lock; a counter is changed under the queue's lock, after looking again.
"""

from collections.abc import Collection
from datetime import datetime

from prepazka.core.office.office import Office
from prepazka.core.queue import forgotten as rules
from prepazka.core.queue.board import Seat
from prepazka.flows.counters.seat import come_back
from prepazka.flows.every_office import in_every_office
from prepazka.flows.transaction import lock_queue, retry_transaction
from prepazka.store import log, offices, queue, user_sessions


def see_to_counters(now: datetime) -> int:
    """Close the forgotten counters of all offices, and give those a break whose clerk is away; return how many.

    Where nothing has to be done, the same few statements tell so, whatever the number of offices.
    """
    seats = queue.all_seats()
    if not seats:
        return 0
    away = user_sessions.signed_out({seat.clerk for of_office in seats.values() for seat in of_office}, now)
    found = offices.load_many(seats)
    concerned = [
        office_id
        for office_id, of_office in seats.items()
        if office_id in found and _is_concerned(found[office_id], of_office, away, now)
    ]
    return in_every_office(concerned, lambda office_id: see_to_office(office_id, now))


def _is_concerned(office: Office, seats: Collection[Seat], away: frozenset[str], now: datetime) -> bool:
    """Whether anything may change at the counters of an office: people who wait only keep a counter open."""
    return any(
        (seat.clerk in away) != (seat.away_since is not None) or rules.fate(office, seat, (), now) != "open"
        for seat in seats
    )


def see_to_office(office_id: int, now: datetime) -> int:
    """Do so in one office. A page that has to ask its clerk is told to renew itself."""
    _note_who_is_away(office_id, now)
    fates = {seat.counter: what for seat, what in _fates(offices.load(office_id), now)}
    if "asked" in fates.values():
        queue.bump(office_id)
    return _close_and_pause(office_id, now) if {"closes", "pauses"} & set(fates.values()) else 0


@retry_transaction
def _close_and_pause(office_id: int, now: datetime) -> int:
    office = lock_queue(office_id)
    found = [(seat, what) for seat, what in _fates(office, now) if what in {"closes", "pauses"}]
    for seat, what in found:
        if what == "closes":
            queue.vacate(office.id, seat.clerk)
        else:
            queue.pause(office.id, seat.clerk, now)
        said = "counter closed" if what == "closes" else "counter paused"
        log.note(office.id, now, "", said, counter=_title(office, seat), clerk=seat.clerk)
    return len(found)


def _fates(office: Office, now: datetime) -> list[tuple[Seat, rules.Fate]]:
    tickets = queue.active(office.id, now.astimezone(office.zone).date())
    return [(seat, rules.fate(office, seat, tickets, now)) for seat in queue.seats(office.id)]


def _note_who_is_away(office_id: int, now: datetime) -> None:
    seats = queue.seats(office_id)
    away = user_sessions.signed_out({seat.clerk for seat in seats}, now)
    for seat in seats:
        if seat.clerk in away and seat.away_since is None:
            queue.note_away(office_id, seat.clerk, now)
        elif seat.clerk not in away and seat.away_since is not None:
            come_back(seat.clerk, now)


def _title(office: Office, seat: Seat) -> str:
    counter = office.counter_of.get(seat.counter)
    return counter.title if counter else ""
