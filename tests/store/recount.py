"""The figures of a report counted again, from what was noted of each person while the days were played."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeVar

from prepazka.core.queue.tickets import UNPERFORMED
from prepazka.core.reports.month import Report, unperformed
from prepazka.core.reports.spread import Spread
from tests.offices import PRAGUE
from tests.store.busy_day import Day, Noted

K = TypeVar("K")


def spread_of(minutes: Iterable[int]) -> Spread:
    """Count lengths anew: of n people in order of their lengths, the median is that of person n/2, rounded up."""
    rising = sorted(minutes)
    half, nine_tenths = -(-len(rising) // 2) - 1, -(-9 * len(rising) // 10) - 1
    return Spread(len(rising), sum(rising), rising[half], rising[nine_tenths], rising[-1])


def spreads(pairs: Iterable[tuple[K, int]]) -> Mapping[K, Spread]:
    groups: dict[K, list[int]] = defaultdict(list)
    for key, minutes in pairs:
        groups[key].append(minutes)
    return {key: spread_of(found) for key, found in groups.items()}


def assert_told(found: Report, notes: list[Noted], started_in: Mapping[int, int]) -> None:
    """Assert that the report says what the notes say. started_in: by the place of a note, its first agenda."""
    waits = [(one, one.first_call - one.wait_begins) for one in notes if one.first_call is not None]
    waited = [(one, max(minutes, 0)) for one, minutes in waits]
    assert found.waits == spread_of(minutes for _, minutes in waited)
    assert found.waits_by_hour == spreads((one.came.astimezone(PRAGUE).hour, minutes) for one, minutes in waited)
    assert found.waits_by_agenda == spreads((started_in[id(one)], minutes) for one, minutes in waited)
    assert found.stretches == spreads(
        ((agenda, why), ended - began) for one in notes for agenda, why, began, ended in one.queued
    )
    served = [one for note in notes for one in note.served]
    for place, figures in ((1, found.services), (2, found.services_at), (3, found.services_of)):
        keys = {one[place] for one in served}
        assert set(figures) == keys
        for key in keys:
            of_key = [one[4] for one in served if one[place] == key]
            ended = [minutes for minutes in of_key if minutes is not None]
            told = figures[key]  # type: ignore[index]  # of any of the three
            assert told.spread == (spread_of(ended) if ended else None)
            assert told.unended == len(of_key) - len(ended)
    assert dict(found.tickets) == Counter(one.kind for one in notes)
    assert dict(found.endings) == Counter(one.left for one in notes)
    assert unperformed(found.endings) == Counter(one.left for one in notes if one.left in UNPERFORMED)
    left = Counter(
        (one.came.astimezone(PRAGUE).hour, one.left)
        for one in notes
        if one.left in {"absent", "closed", "left", "withdrawn"}
    )
    assert {(hour, how): n for hour, hows in found.unserved.items() for how, n in hows.items()} == left
    assert found.left == left.total()


def first_agendas(day: Day) -> dict[int, int]:
    return {id(note): note.queued[0][0] for note in day.notes.values() if note.queued}
