"""Offices are stored completely, matched by slug, and every change is in the audit trail."""

import gc
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.db.models import Model

from prepazka.core.office import office as core
from prepazka.store import models, offices, outbox, queue
from prepazka.store.office_rows import read_many
from tests.offices import demo_office

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)


def test_every_change_is_in_the_audit_trail() -> None:
    office_id = offices.keep(demo_office(), NOW, "novak")
    offices.keep(replace(demo_office(), name="Jiný úřad"), NOW, "svoboda")
    trail = models.Audit.objects.filter(office_id=office_id).order_by("id")
    assert list(trail.values_list("who", "what", "at")) == [
        ("novak", "office created", NOW),
        ("svoboda", "office changed", NOW),
    ]


def test_a_change_is_seen_at_once() -> None:
    office_id = offices.keep(demo_office(), NOW)
    assert offices.load(office_id).name == demo_office().name
    offices.keep(replace(demo_office(), name="Jiný úřad"), NOW)
    assert offices.load(office_id).name == "Jiný úřad"


def test_a_refused_change_leaves_nothing_behind() -> None:
    offices.keep(demo_office(), NOW)
    with pytest.raises(offices.OfficeError, match="already belongs to the office demo"):
        offices.keep(replace(demo_office(), slug="jinde"), NOW)
    assert offices.slugs() == ["demo"]
    assert models.Audit.objects.count() == 1


@pytest.mark.parametrize("lock", [offices.lock, queue.lock])
def test_a_lock_is_refused_outside_a_transaction(lock: Callable[[int], object]) -> None:
    with pytest.raises(AssertionError, match="transaction"):
        lock(1)


@pytest.mark.postgresql
@pytest.mark.parametrize("lock", [offices.lock, queue.lock, lambda _: outbox.lock("modem")])
def test_whoever_holds_a_lock_reads_by_indexes_and_nobody_else(lock: Callable[[int], object]) -> None:
    office_id = offices.keep(demo_office(), NOW)

    def may_read_whole_tables() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('enable_seqscan'), current_setting('jit')")
            reads, compiles = cursor.fetchone()
            # What reads a small table whole all the same looks so dear that it would be compiled, for 50 ms.
            assert compiles == "off" or reads == "on"
            return str(reads)

    for _first_and_later in range(2):
        assert may_read_whole_tables() == "on"
        with transaction.atomic():
            lock(office_id)
            assert may_read_whole_tables() == "off"
    assert may_read_whole_tables() == "on"


def test_an_office_keeps_its_own_words_and_how_it_answers() -> None:
    demo = demo_office()
    words = replace(demo.services[3], synonyms=("Vosa", "včelí úl"), bring={"en": "a net", "cs": "síť\nrukavice"})
    settings = replace(
        demo.settings, proposal_minutes=45, languages=("en", "cs"), accents="full", inbox=True, inbox_hours="út 9–11"
    )
    office = replace(
        demo, services=(*demo.services[:3], words), settings=settings, address="Úzká 8", directions="2. patro"
    )
    kept = offices.load(offices.keep(office, NOW))
    assert kept.settings == settings
    assert (kept.address, kept.directions) == ("Úzká 8", "2. patro")
    assert [(one.synonyms, one.bring) for one in kept.services] == [
        (one.synonyms, one.bring) for one in office.services
    ]
    assert {one.code for one in kept.services} == {"ZOP", "POP", "ZCD", "PCD"}


def test_two_offices_may_have_the_same_synonym() -> None:
    demo = demo_office()
    other = replace(demo, slug="jinde", numbers=("+420739547766",))
    here, there = offices.load(offices.keep(demo, NOW)), offices.load(offices.keep(other, NOW))
    assert [one.synonyms for one in here.services] == [one.synonyms for one in there.services]


def test_rows_are_gone_once_an_office_is_read() -> None:
    """A process that starts reads thousands and searches for no garbage: rows that held each other would stay."""
    office_id = offices.keep(demo_office(), NOW)
    gc.collect()
    gc.disable()
    try:
        before = set(map(id, gc.get_objects()))
        office = read_many([office_id])[office_id]
        left = [one for one in gc.get_objects() if isinstance(one, Model) and id(one) not in before]
    finally:
        gc.enable()
    assert isinstance(office, core.Office)
    assert office.counters
    assert left == []
