"""Old rows are folded into figures: nothing that is counted changes, and nothing is lost or counted twice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Model

from prepazka.core.office.office import Office
from prepazka.flows import folding
from prepazka.flows.folding import first_kept, fold
from prepazka.flows.inbound.receive import receive
from prepazka.flows.retention import erase
from prepazka.gateways.values import Inbound
from prepazka.process.folding import Folding
from prepazka.store import folding as store
from prepazka.store import models, reports
from prepazka.store.statistics import Period
from tests.flows.counters.working_day import book
from tests.flows.shown import shown
from tests.made_once import kept_once
from tests.offices import PRAGUE, demo_office
from tests.store.busy_day import play

pytestmark = pytest.mark.django_db(transaction=True)

DAYS = [datetime(2026, 7, 31, 8, tzinfo=PRAGUE), datetime(2026, 8, 3, 8, tzinfo=PRAGUE)]
SUMMER = Period(date(2026, 7, 1), date(2026, 8, 31))
PERIODS = (SUMMER, Period(date(2026, 7, 31), date(2026, 7, 31)), Period(date(2026, 8, 1), date(2026, 8, 31)))
LATER = datetime(2027, 10, 2, tzinfo=UTC)
"""When July and August are folded, by the usual rule."""
GROWING: tuple[type[Model], ...] = (
    models.Ticket,
    models.Booking,
    models.Inbound,
    models.Outbound,
    models.TicketSeries,
)

_codes = count(400_000)


def keep(slug: str, number: str, **settings: Any) -> Office:
    office = replace(demo_office(), slug=slug, numbers=(number,))
    office = replace(office, settings=replace(office.settings, **settings))
    return kept_once(office, DAYS[0] - timedelta(days=60))


def live_through(office: Office) -> None:
    """Let two days pass, the last of one month and one of the next: people come, write, book and cancel."""
    for seed, opens in enumerate(DAYS):
        made = [
            book(office, opens.astimezone(UTC) + timedelta(minutes=15 * place), f"{next(_codes)}", "ZOP", channel="web")
            for place in range(8)
        ]
        models.Booking.objects.filter(id=made[0].id).update(state="cancelled", changed_at=opens - timedelta(days=20))
        play(office, opens, seed, 12, made[1:])
    texts = ("OBJ ZOP 24.8. 10:00 KAVKA", "objednat zop 25.8. v 9.00 Straka", "blabla", "TERMIN ZOP")
    for place, text in enumerate(texts):
        late = datetime(2026, 7, 31, 21, 30 + place, tzinfo=UTC)  # of July in UTC, half of it of August here
        at = late if place % 2 else late + timedelta(hours=1)
        receive([Inbound("modem", f"{office.slug}-{place}", f"+42060233300{place}", office.numbers[0], text)], at)
    models.Outbound.objects.filter(office=office.id).update(tried_at=datetime(2026, 7, 31, 22, 5, tzinfo=UTC))
    models.Outbound.objects.filter(office=office.id, state="queued").update(state="delivered", due_at=None)
    models.Outbound.objects.filter(office=office.id, id=models.Outbound.objects.latest("id").id).update(state="failed")


def everything(office: Office) -> list[object]:
    """All that pages show of these days."""
    return [reports.first_day(office), *shown(office, SUMMER, *PERIODS[1:])]


def rows_of(office: Office) -> int:
    events = models.TicketEvent.objects.filter(ticket__office=office.id).count()
    return events + sum(model._default_manager.filter(office=office.id).count() for model in GROWING)


@pytest.fixture
def two(transactional_db: None) -> tuple[Office, Office]:
    """Two offices with the same days behind them; the second keeps its rows for longer."""
    found = keep("turnov", "+420739000051"), keep("semily", "+420739000052", keep_details_months=60)
    for office in found:
        live_through(office)
        erase(office.id, LATER)
    return found


def test_what_pages_show_is_the_same_and_the_rows_are_gone(two: tuple[Office, Office]) -> None:
    turnov, semily = two
    before, others, others_rows = everything(turnov), everything(semily), rows_of(semily)
    assert rows_of(turnov) > 100
    assert fold(LATER) > 100
    assert rows_of(turnov) == 0
    assert everything(turnov) == before
    assert (everything(semily), rows_of(semily)) == (others, others_rows)
    assert fold(LATER) == 0


def test_whatever_ends_it_at_any_statement_nothing_is_lost_or_counted_twice(two: tuple[Office, Office]) -> None:
    turnov, _ = two
    before = everything(turnov)

    class Ended(Exception):
        pass

    def ending(after: int) -> Callable[..., Any]:
        left = iter(range(after))

        def execute(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
            if next(left, None) is None:
                raise Ended
            return execute(sql, params, many, context)

        return execute

    for after in count(3, 7):
        try:
            with connection.execute_wrapper(ending(after)):
                for due in folding.due(LATER):
                    while folding.fold_batch(due):
                        pass
        except Ended:
            assert everything(turnov) == before, after
        else:
            break
    assert after > 30, "it was ended often"
    assert rows_of(turnov) == 0
    assert everything(turnov) == before


def test_two_processes_at_once_count_each_row_once(two: tuple[Office, Office]) -> None:
    turnov, _ = two
    before, begin = everything(turnov), Barrier(2)

    def work() -> None:
        begin.wait()
        try:
            while fold(LATER):
                pass
        finally:
            connection.close()

    both = [Thread(target=work) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    while fold(LATER):
        pass
    assert everything(turnov) == before
    assert rows_of(turnov) == 0


def test_no_id_is_given_twice(two: tuple[Office, Office]) -> None:
    turnov, _ = two
    last = models.Inbound.objects.latest("id").id, models.Outbound.objects.latest("id").id
    models.Office.objects.update(keep_details_months=13)
    fold(LATER)
    assert not models.Inbound.objects.exists()
    receive([Inbound("modem", "after", "+420602333009", turnov.numbers[0], "POMOC")], LATER)
    assert models.Inbound.objects.get().id > last[0]
    assert models.Outbound.objects.get().id > last[1]


def test_what_is_young_waits_or_is_not_erased_stays(two: tuple[Office, Office]) -> None:
    turnov, _ = two
    rows = rows_of(turnov)
    assert fold(datetime(2027, 7, 31, tzinfo=UTC)) == 0
    models.Booking.objects.filter(office=turnov.id, day=date(2026, 7, 31)).update(name="KAVKA")
    models.Inbound.objects.filter(office=turnov.id).update(state="waiting", text_key="k")
    models.Outbound.objects.filter(office=turnov.id).update(state="queued", due_at=LATER, expires_at=LATER)
    assert fold(LATER) == 0
    assert rows_of(turnov) == rows


@pytest.mark.parametrize(
    ("today", "months", "erase_days", "kept"),
    [
        (date(2027, 10, 2), 13, 30, date(2026, 9, 1)),
        (date(2027, 1, 31), 13, 30, date(2025, 12, 1)),
        (date(2027, 3, 1), 3, 30, date(2026, 12, 1)),
        (date(2027, 3, 1), 3, 365, date(2026, 3, 1)),
        (date(2028, 2, 29), 24, 1, date(2026, 2, 1)),
    ],
)
def test_whole_months_are_folded(today: date, months: int, erase_days: int, kept: date) -> None:
    assert first_kept(today, months, erase_days) == kept


def test_the_worker_folds_a_batch_at_a_time(two: tuple[Office, Office], monkeypatch: pytest.MonkeyPatch) -> None:
    turnov, _ = two
    monkeypatch.setattr(store, "BATCH", 3)
    work, steps = Folding(), 0
    before = everything(turnov)
    while work.step(LATER):
        steps += 1
    assert steps > 4
    assert rows_of(turnov) == 0
    assert everything(turnov) == before
    assert work.step(LATER) == 0


def test_an_office_that_fails_holds_up_no_other(two: tuple[Office, Office]) -> None:
    turnov, semily = two
    models.Office.objects.update(keep_details_months=13)
    models.Booking.objects.filter(office=semily.id).update(name="KAVKA")
    fold(LATER)
    assert rows_of(turnov) == 0
    assert models.Ticket.objects.filter(office=semily.id).exists()


def test_offices_are_asked_for_by_one_question(two: tuple[Office, Office]) -> None:
    said: list[str] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        said.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        assert [one.oldest.office_id for one in folding.due(LATER)] == [two[0].id]
    assert len(said) == 1
    assert transaction.get_connection().in_atomic_block is False
