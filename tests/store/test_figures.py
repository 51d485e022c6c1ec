"""Figures for monitoring, and that counting them stays cheap."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import figures, models, offices
from tests.offices import demo_office

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)


@pytest.fixture(autouse=True)
def office(transactional_db: None) -> None:
    offices.keep(demo_office(), NOW)


def say(text: str, id_: str, now: datetime = NOW) -> None:
    receive([Inbound("test", id_, "+420777123456", "+420739547765", text)], now)


def test_the_tables_are_of_this_version() -> None:
    assert figures.is_migrated()


def test_nothing_waits_in_an_idle_office() -> None:
    assert figures.waiting_messages() == figures.WaitingMessages(0, None)
    assert not figures.unsent_messages()
    assert not figures.messages_in_doubt()
    assert not figures.tried_in_last_hour(NOW)
    assert not figures.unsent_replies(NOW)
    assert figures.waiting_messages().age(NOW) == 0


def test_what_waits_is_counted_with_its_age() -> None:
    say("POMOC", "m1", NOW)
    say("POMOC", "m2", NOW + timedelta(seconds=30))
    models.Inbound.objects.update(state="waiting")
    models.Outbound.objects.update(state="queued", due_at=F("made_at"))
    later = NOW + timedelta(seconds=90)
    assert (figures.waiting_messages().count, figures.waiting_messages().age(later)) == (2, 90)
    unsent = figures.unsent_messages()["test"]
    assert (unsent.count, unsent.age(later), unsent.overdue(later), unsent.overdue(NOW)) == (2, 90, 90, 0)
    assert figures.unsent_replies(NOW + timedelta(seconds=30)) == {"test": 1}


def test_what_was_given_to_a_gateway_is_counted_by_what_came_of_it() -> None:
    for n in range(3):
        say("POMOC", f"m{n}", NOW + timedelta(seconds=n))
    first, second, third = models.Outbound.objects.order_by("id")
    for message_row, state, minutes in ((first, "delivered", 61), (second, "sending", 1), (third, "delivered", 2)):
        message_row.state, message_row.due_at, message_row.tried_at = state, NOW, NOW - timedelta(minutes=minutes)
        message_row.save()
    assert figures.tried_in_last_hour(NOW) == {("test", "delivered"): 1, ("test", "sending"): 1}
    assert figures.messages_in_doubt() == {("test", "sending"): 1}


def test_a_clock_put_back_makes_nothing_younger_than_now() -> None:
    assert figures.WaitingMessages(1, NOW).age(NOW - timedelta(hours=1)) == 0


def test_outcomes_are_those_of_the_last_hour() -> None:
    say("MOJE", "m0", NOW - timedelta(minutes=61))
    for place, text in enumerate(["POMOC", "HELP", "OBJ ZOP 10.8. 14:00 NOVAK"], 1):
        say(text, f"m{place}")
    assert figures.outcomes_of_last_hour(NOW) == {"booked": 1, "help": 2}


def test_bookings_to_come_are_the_active_ones_that_have_not_begun() -> None:
    say("OBJ ZOP 10.8. 14:00 NOVAK", "m1")
    say("OBJ PTP 10.8. 14:00 NOVAK", "m2")
    at = datetime(2026, 8, 10, 12, tzinfo=UTC)
    assert figures.bookings_to_come(NOW) == 2
    assert figures.bookings_to_come(at) == 0
    models.Booking.objects.filter(service__code="PTP").update(state="cancelled")
    assert figures.bookings_to_come(NOW) == 1


@pytest.mark.parametrize(
    ("figure", "index"),
    [
        pytest.param(figures.waiting_messages, "inbound_waiting", id="waiting"),
        pytest.param(figures.unsent_messages, "outbound_queued", id="to be sent"),
        pytest.param(figures.messages_in_doubt, "outbound_in_doubt", id="in doubt"),
        pytest.param(lambda: figures.tried_in_last_hour(NOW), "outbound_tried", id="given"),
        pytest.param(lambda: figures.unsent_replies(NOW), "outbound_queued", id="replies"),
        pytest.param(lambda: figures.outcomes_of_last_hour(NOW), "inbound_by_time", id="outcomes"),
        pytest.param(lambda: figures.bookings_to_come(NOW), "booking_taken", id="bookings"),
    ],
)
def test_each_figure_is_read_by_its_index(figure: Callable[[], object], index: str) -> None:
    with CaptureQueriesContext(connection) as asked:
        figure()
    (query,) = [query["sql"] for query in asked.captured_queries]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {query}")
            assert index in str(cursor.fetchall())
        else:
            # PostgreSQL plans by what tables hold, and these hold nothing: asked is whether an index can serve.
            with transaction.atomic():
                cursor.execute("SET LOCAL enable_seqscan = off")
                cursor.execute(f"EXPLAIN {query}")
                assert f"Seq Scan on {index.partition('_')[0]}" not in str(cursor.fetchall())
