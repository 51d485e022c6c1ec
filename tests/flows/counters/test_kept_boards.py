"""A board nobody changed is not worked out again for half a minute; a changed one is at once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from prepazka.core.queue.board import Board
from prepazka.flows.counters import arrive
from prepazka.flows.counters.board import KeptBoards, board
from prepazka.store import offices
from tests.offices import demo_office

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def asked(boards: KeptBoards, office_id: int, now: datetime) -> tuple[int, Board]:
    office = offices.load(office_id)
    with CaptureQueriesContext(connection) as captured:
        found = boards.board(office, now)
    return len(captured), found


def test_an_unchanged_board_costs_one_query_and_tells_the_present_moment() -> None:
    office_id, boards = offices.keep(demo_office(), NOW), KeptBoards()
    arrive.walk_in(office_id, "ZOP", NOW)
    first = asked(boards, office_id, NOW)[1]
    count, again = asked(boards, office_id, NOW + 29 * SECOND)
    assert (count, again) == (1, replace(first, at=NOW + 29 * SECOND))
    count, renewed = asked(boards, office_id, NOW + 31 * SECOND)
    assert count > 1
    assert renewed == board(offices.load(office_id), NOW + 31 * SECOND)


def test_a_change_is_seen_at_once_of_the_queue_and_of_the_office() -> None:
    office_id, boards = offices.keep(demo_office(), NOW), KeptBoards()
    other = offices.keep(replace(demo_office(), slug="hlinsko", numbers=()), NOW)
    asked(boards, office_id, NOW)
    asked(boards, other, NOW)
    arrive.walk_in(office_id, "ZOP", NOW)
    assert sum(one.waiting for one in asked(boards, office_id, NOW + SECOND)[1].agendas) == 1
    assert sum(one.waiting for one in asked(boards, other, NOW + SECOND)[1].agendas) == 0
    offices.keep(replace(demo_office(), name="Obec Jinde"), NOW)
    assert asked(boards, office_id, NOW + 2 * SECOND)[1].name == "Obec Jinde"
