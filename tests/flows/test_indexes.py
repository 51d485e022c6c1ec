"""Every statement for a message uses an index, on both databases, however large the tables are."""

import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from prepazka.core.office.office import Closure, Office
from prepazka.core.rate_limits import WRONG_CODES
from prepazka.flows.booking import displaced, hold
from prepazka.flows.inbound.receive import receive, work
from prepazka.flows.outbound import ceiling
from prepazka.flows.outbound.deliver import deliver, show, tidy
from prepazka.flows.outbound.receipts import take_in_receipts
from prepazka.flows.outbound.remind import remind
from prepazka.flows.retention import erase, forget
from prepazka.gateways.values import Capabilities, Receipt
from prepazka.process.worker import handle_messages
from prepazka.store import (
    clerk_inbox,
    costs,
    figures,
    log,
    misunderstandings,
    models,
    offices,
    persons,
    rate_limits,
    register,
    strays,
    troubles,
)
from prepazka.store.statistics import Period
from tests.flows.booking.holding import Citizen, hand_over
from tests.flows.conftest import Queue
from tests.flows.inbound import many_messages
from tests.flows.outbound.fake_gateway import Peer
from tests.offices import demo_office

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 8, 3, 5, tzinfo=UTC)
# Whatever an office has few of (services, closures) may be read whole.
GROWING = (
    "access", "audit", "booking", "hold", "inbound", "outbound", "outbound_ref", "rate_limit", "receipt", "stray",
    "watch",
)  # fmt: skip


@pytest.fixture
def statements(transactional_db: None, monkeypatch: pytest.MonkeyPatch, settings: Any) -> dict[str, Any]:
    """Return all different statements of many messages, the worker and erasing, each with some parameters."""
    monkeypatch.setattr(secrets, "randbelow", many_messages.Draws().randbelow)
    settings.SIMULATOR = True
    slow = replace(demo_office(), slug="slow", settings=replace(demo_office().settings, reoffer_minutes=30))
    offices.keep(replace(slow, numbers=("+420739000000",)), NOW)
    office_id = offices.keep(demo_office(), NOW)
    said: dict[str, Any] = {}

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        said.setdefault(sql, params)
        return execute(sql, params, many, context)

    messages = list(many_messages.mixed(600))
    with connection.execute_wrapper(note):
        for first in range(0, len(messages), 50):
            receive(messages[first : first + 50])
            receive(
                [
                    replace(message, recipient="+420739000000", gateway="slow")
                    for message in messages[first : first + 50]
                ]
            )
        work(NOW)
        held_on_the_web()
        administered(office_id)
        limited(office_id)
        erase(office_id, NOW + timedelta(days=90))
        forget(NOW + timedelta(days=90))
    return said


def limited(office_id: int) -> None:
    """Run the queries of the limits."""
    buckets = WRONG_CODES.buckets("198.51.100.7", office=office_id)
    rate_limits.attempt(buckets, NOW)
    rate_limits.wait(buckets, NOW)
    rate_limits.forgive(buckets)
    rate_limits.forget(buckets)
    rate_limits.delete_expired(NOW)
    ceiling.is_reached(offices.load(office_id), NOW)


def held_on_the_web() -> None:
    """Run the queries of places that wait for their phone."""
    settings = replace(demo_office().settings, confirm_web=True)
    number = "+420739000222"
    office = offices.keep(replace(demo_office(), slug="held", numbers=(number,), settings=settings), NOW)
    citizen = Citizen(office, number=number)
    citizen.choose("14:00", NOW)
    citizen.choose("14:15", NOW)
    booking = models.Booking.objects.filter(office_id=office).latest("id")
    hand_over(NOW)
    hold.confirm(office, booking.id, "000000", NOW)
    citizen.say("ANO", NOW)
    hold.settle(NOW + timedelta(hours=1))
    hold.forget(NOW + timedelta(days=2))


def administered(office_id: int) -> None:
    """Run the queries of the administration."""
    day, office = NOW.date() + timedelta(days=7), offices.load(office_id)
    with transaction.atomic():
        strays.take("modem", ["+420777123456", ""])
    displaced.displaced_by(office, replace(office, closures=(Closure(day, day, "Porucha"),)), NOW)
    figures.office_figures(office_id, ["phone"], day)
    costs.sent_since(office_id, NOW)
    figures.not_delivered(NOW - timedelta(days=1))
    troubles.groups(office_id, NOW - timedelta(days=30))
    found = troubles.latest(office_id, NOW - timedelta(days=30), 1_000_000, 50)
    troubles.sent_messages(office_id, [1, 2, *(trouble.id for trouble in found)], NOW)
    for number in ("", "+420777123456"):
        log.messages(office_id, number, log.PageKey(1_000_000, 1_000_000), 50)
    log.audit(office_id, None, 50)
    log.audit(None, None, 50)
    log.audit(office_id, None, 50, log.AuditFilter("clerk", "office changed", NOW, NOW))
    log.audit_kinds(office_id)
    log.audit(office_id, log.AuditKey(NOW, 1_000_000), 50)
    register.lately(office_id, "thread opened", NOW)
    register.page(office_id, register.AccessKey(NOW, 1), 50)
    register.of_number(office_id, "+420777123456")
    register.count(office_id, NOW, "clerk", "bookings listed")
    persons.held("+420777123456", office_id)
    clerk_inbox.unread(office_id, 1_000_000, 50)
    clerk_inbox.done(office_id, 50)
    clerk_inbox.waiting(office_id)
    clerk_inbox.find(office_id, 1)
    clerk_inbox.mark_done(office_id, "+420777123456", 1_000_000, NOW, "eva")
    clerk_inbox.reopen(office_id, "+420777123456", NOW)
    clerk_inbox.last_answer(office_id, "+420777123456")
    clerk_inbox.coming_bookings(office_id, "+420777123456", NOW)
    misunderstandings.texts(office_id, NOW, NOW + timedelta(days=31))
    misunderstandings.repairs(offices.load(office_id), Period(NOW.date(), NOW.date() + timedelta(days=30)))


def plan(sql: str, params: Any) -> str:
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # With its parameters as parameters: a partial index serves only what stands in the statement itself.
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            return "\n".join(str(row[3]) for row in cursor.fetchall())
        cursor.execute("SET LOCAL enable_seqscan = off")
        plans: list[str] = []
        # Prepared, a statement may be planned without its values: a partial index serves what stands in the text.
        for mode in ("force_custom_plan", "force_generic_plan"):
            cursor.execute(f"SET LOCAL plan_cache_mode = {mode}")
            cursor.cursor.execute(f"EXPLAIN {sql}", params, prepare=True)
            plans += [str(row[0]) for row in cursor.fetchall()]
        return "\n".join(plans)


def assert_needed(indexes: Iterable[str], plans: Iterable[str]) -> None:
    """Assert that each of these indexes serves a query, by SQLite, whose planner goes by rules.

    PostgreSQL's goes by statistics: on a nearly empty table it takes either of two indexes, as the last vacuum left it.
    """
    used = "\n".join(plans)
    if connection.vendor == "sqlite":
        assert [index for index in indexes if index not in used] == [], "nobody needs these"


def read_whole(of_plan: str) -> list[str]:
    """Return the tables that are scanned row by row."""
    if connection.vendor == "sqlite":
        scans = [line.removeprefix("SCAN ") for line in of_plan.splitlines() if line.startswith("SCAN ")]
        # The indexes of what waits have nothing else in them.
        waiting = ("inbound_waiting", "booking_held")
        return [scan for scan in scans if scan.split()[0] in GROWING and not scan.endswith(waiting)]
    return [line.strip() for line in of_plan.splitlines() if any(f"Seq Scan on {table}" in line for table in GROWING)]


# Without statistics SQLite prefers whatever spares it the sorting: all messages an office ever had, for one sender's.
OF_OFFICE = re.compile(r"USING .*INDEX ((?:access|audit|booking|inbound|outbound|ticket)_\w+) \(office_id=\?\)$")
# Indexes of the little that waits, or that a clerk has still to see.
FEW = ("booking_held", "inbound_misunderstood", "inbound_waiting", "outbound_troubled", "ticket_active")
# What somebody asks now and then and may wait for: all that is held of a person, who looked at it, who is in an audit.
NOW_AND_THEN = re.compile(r'^SELECT "office"."slug"|"access"."number_hash" IN|^SELECT DISTINCT "audit"."who"')


def read_for_an_office(sql: str, of_plan: str) -> list[str]:
    """Return the indexes by which all rows of an office are read, but for pages of the newest, which end after some."""
    if NOW_AND_THEN.search(sql) or "DESC LIMIT" in sql:
        return []
    found = [search[1] for line in of_plan.splitlines() if (search := OF_OFFICE.search(line))]
    return [index for index in found if index not in FEW]


def test_nothing_that_grows_is_read_whole(statements: dict[str, Any]) -> None:
    asked = {
        sql: params for sql, params in statements.items() if sql.startswith(("SELECT", "UPDATE", "DELETE", "WITH"))
    }
    assert len(asked) > 12, "the heap of messages no longer reaches the statements"
    plans = {sql: plan(sql, params) for sql, params in asked.items()}
    assert {sql: scans for sql, of_plan in plans.items() if (scans := read_whole(of_plan))} == {}
    assert {sql: found for sql, of_plan in plans.items() if (found := read_for_an_office(sql, of_plan))} == {}
    assert_needed(("inbound_misunderstood", "inbound_repaired", "outbound_not_delivered"), plans.values())


@pytest.fixture
def sending(office: Office, queue: Queue) -> dict[str, Any]:
    """Return all different statements of sending: every answer and receipt, reminders, messages given up."""
    said: dict[str, Any] = {}

    def note_statement(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        said.setdefault(sql, params)
        return execute(sql, params, many, context)

    script_ = ["take", "refuse", "too fast", "lose", "refuse for good", "take and break"]
    for _ in range(10):
        queue("reply", until=NOW + timedelta(hours=8), now=NOW)
        queue("reminder", until=NOW + timedelta(minutes=5), now=NOW, gateway="phone")
    peer = Peer(script=script_ * 2, capabilities=Capabilities(batch=6, per_minute=100))
    with connection.execute_wrapper(note_statement):
        early = Receipt("sim", "sent", NOW, ref="their own")
        take_in_receipts([early], NOW)
        for minutes in range(0, 60, 5):
            now = NOW + timedelta(minutes=minutes)
            deliver(peer, now)
            take_in_receipts([Receipt("sim", "delivered", now, id=one.id) for one in peer.sent[:1]], now)
            take_in_receipts([Receipt("sim", "sent", now, ref=ref) for one in peer.sent for ref in peer.refs(one)], now)
            handle_messages(now)
            show(now)
            tidy(now)
        remind(datetime(2026, 8, 4, 10, tzinfo=UTC))
        forget(NOW + timedelta(days=90))
    return said


@pytest.mark.postgresql
def test_a_gateways_next_messages_are_read_in_their_order_however_many_wait(
    queue: Queue, sending: dict[str, Any]
) -> None:
    """PostgreSQL counts rows when nothing waits, as nearly always, and then believes that nothing ever does."""
    (pattern,) = models.Outbound.objects.filter(id=queue("reply"))
    models.Outbound.objects.update(state="handed", due_at=None)
    rest = {field.attname: getattr(pattern, field.attname) for field in pattern._meta.concrete_fields}
    rest |= {"id": None, "state": "handed", "due_at": None}
    models.Outbound.objects.bulk_create(models.Outbound(**rest) for _ in range(2_000))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE outbound")
    (found,) = [sql for sql in sending if sql.startswith("SELECT id, office_id, kind") and "ORDER BY priority" in sql]
    of_plan = plan(found, sending[found])
    assert "outbound_queued" in of_plan
    assert "Sort" not in of_plan


def test_nothing_that_grows_is_read_whole_in_sending(sending: dict[str, Any]) -> None:
    asked = {sql: params for sql, params in sending.items() if sql.startswith(("SELECT", "UPDATE", "DELETE"))}
    assert len(asked) > 20, "sending no longer reaches the statements"
    plans = {sql: plan(sql, params) for sql, params in asked.items()}
    assert {sql: scans for sql, of_plan in plans.items() if (scans := read_whole(of_plan))} == {}
    assert {sql: found for sql, of_plan in plans.items() if (found := read_for_an_office(sql, of_plan))} == {}
    assert_needed(
        ("outbound_queued", "outbound_in_doubt", "outbound_tried", "outbound_expiring", "receipt_waiting"),
        plans.values(),
    )
