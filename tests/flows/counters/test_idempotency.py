"""A form of the kiosk sent again, even at the same moment, gets one ticket."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connections

from prepazka.core.queue.outcomes import NotFound, TicketGiven
from prepazka.flows.counters import arrive
from prepazka.flows.counters.idempotency import idempotent
from prepazka.store import models, offices
from tests.offices import demo_office

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
HANDS = 4


@pytest.mark.django_db(transaction=True)
def test_many_touches_at_once_give_one_ticket() -> None:
    office_id = offices.keep(demo_office(), NOW)
    key, together = uuid4(), Barrier(HANDS)

    def touch() -> str:
        together.wait(20)
        try:
            given = idempotent(office_id, key, NOW, partial(arrive.walk_in, office_id, "ZOP", NOW))
            assert isinstance(given, TicketGiven)
            return given.ticket.label
        finally:
            connections.close_all()

    with ThreadPoolExecutor(HANDS) as hands:
        assert {done.result(60) for done in [hands.submit(touch) for _ in range(HANDS)]} == {"D1"}
    assert models.Ticket.objects.count() == 1


@pytest.mark.django_db
def test_what_gave_no_ticket_is_asked_again() -> None:
    office_id, key = offices.keep(demo_office(), NOW), uuid4()
    assert isinstance(idempotent(office_id, key, NOW, partial(arrive.walk_in, office_id, "X", NOW)), NotFound)
    assert isinstance(idempotent(office_id, key, NOW, partial(arrive.walk_in, office_id, "ZOP", NOW)), TicketGiven)


@pytest.mark.django_db
def test_another_form_is_another_ticket() -> None:
    office_id = offices.keep(demo_office(), NOW)
    for _ in range(2):
        idempotent(office_id, uuid4(), NOW, partial(arrive.walk_in, office_id, "ZOP", NOW))
    assert models.Ticket.objects.count() == 2
