"""Many processes book the same place at once: the last place is given away once, on both databases."""

from collections import Counter
from collections.abc import Callable
from datetime import date, time

import pytest

from prepazka.core.booking.book import Book
from prepazka.core.booking.ledger import Submission
from prepazka.gateways.values import Inbound
from prepazka.store import models
from tests.journeys.conftest import NOW, child, message, without_constraints

PROCESSES = 4


@pytest.fixture
def contend(at_once: Callable[..., Counter[str]]) -> Callable[..., Counter[str]]:
    """Hand in messages by each process at once."""
    return lambda shares: at_once(child.contend, [(share, NOW) for share in shares])


@pytest.fixture
def forget_the_lock(at_once: Callable[..., Counter[str]], office_id: int) -> Callable[..., Counter[str]]:
    """Book the same place by each process without the lock."""

    def forget_the_lock() -> Counter[str]:
        ask = Book("PTP", date(2026, 8, 10), time(14), "NOVAK")
        requests = [
            Submission(ask, NOW, f"+42060200000{place}", codes=(f"10000{place}", f"20000{place}"))
            for place in range(PROCESSES)
        ]
        return at_once(child.contend_without_lock, [(office_id, request) for request in requests])

    return forget_the_lock


def one_wish_each(text: str) -> list[list[Inbound]]:
    return [[message(f"p{place}", f"{text} {'LMNP'[place]}", f"+42060200000{place}")] for place in range(PROCESSES)]


def holding(service: str) -> int:
    return models.Booking.objects.filter(service__code=service, state="booked").count()


def test_the_last_place_is_sold_once(contend: Callable[..., Counter[str]]) -> None:
    outcomes = contend(one_wish_each("OBJ PTP 10.8. 14:00 NOVAK"))
    assert outcomes == {"booked": 1, "slot_full": PROCESSES - 1}
    assert holding("PTP") == 1


def test_two_places_are_sold_twice(contend: Callable[..., Counter[str]]) -> None:
    outcomes = contend(one_wish_each("OBJ ZOP 10.8. 14:00 NOVAK"))
    assert outcomes == {"booked": 2, "slot_full": PROCESSES - 2}
    assert holding("ZOP") == 2


def test_without_lock_and_constraints_the_race_is_real(forget_the_lock: Callable[..., Counter[str]]) -> None:
    """What the guards prevent: all processes have read the bookings before one writes."""
    with without_constraints():
        assert forget_the_lock() == {"booked": PROCESSES}
        assert holding("PTP") == PROCESSES


def test_the_constraints_alone_keep_the_last_place(forget_the_lock: Callable[..., Counter[str]]) -> None:
    """Without the lock a process loses the race in the database, reads again and answers correctly."""
    assert forget_the_lock() == {"booked": 1, "slot_full": PROCESSES - 1}
    assert holding("PTP") == 1


def test_the_same_message_delivered_to_all_processes_is_one_message(contend: Callable[..., Counter[str]]) -> None:
    same = [message("m1", "OBJ PTP 10.8. 14:00 NOVAK")]
    outcomes = contend([same] * PROCESSES)
    assert outcomes == {"booked": 1, "duplicate": PROCESSES - 1}
    assert models.Outbound.objects.count() == 1


def test_soonest_for_a_crowd_gives_everybody_another_place(contend: Callable[..., Counter[str]]) -> None:
    shares = [
        [message(f"{place}-{turn}", f"OBJ ZOP NOVAK {'LMNP'[turn]}", f"+4206020{place}000{turn}") for turn in range(4)]
        for place in range(PROCESSES)
    ]
    outcomes = contend(shares)
    assert outcomes == {"booked": PROCESSES * 4}
    places = models.Booking.objects.values_list("agenda_id", "lane", "starts_at")
    assert len(set(places)) == PROCESSES * 4
