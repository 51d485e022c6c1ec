"""Counts of rate limits: alike for every process, one statement a hit, no name of anybody in the table."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from prepazka.core.rate_limits import GATEWAY_REFUSALS, HOUR, SIGN_IN, WEB_BOOKINGS, Bucket, RateLimit
from prepazka.store import models, offices, rate_limits
from tests.offices import demo_office

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 3, 9, 12, 20, tzinfo=UTC)
MESSAGES = RateLimit("messages", 9, HOUR, "silence")
GUESSES = replace(SIGN_IN, figure=3)


def test_each_hit_counts_by_one_statement() -> None:
    bucket = Bucket(MESSAGES, "somebody")
    with CaptureQueriesContext(connection) as asked:
        counts = [rate_limits.hit(bucket, NOW + timedelta(seconds=second)).count for second in range(4)]
    assert counts == [1, 2, 3, 4]
    assert len([query for query in asked if "rate_limit" in query["sql"]]) == 4
    [tally] = rate_limits.peek([bucket])
    assert (tally.hits(NOW), tally.last) == (4, NOW + timedelta(seconds=3))


def test_a_hit_knows_the_one_before_it() -> None:
    bucket = Bucket(MESSAGES, "somebody")
    assert rate_limits.hit(bucket, NOW).last is None
    assert rate_limits.hit(bucket, NOW + timedelta(minutes=2)).last == NOW


def test_slots_follow_each_other() -> None:
    bucket = Bucket(MESSAGES, "somebody")
    for _ in range(6):
        rate_limits.hit(bucket, NOW)
    next_hour = rate_limits.hit(bucket, NOW + timedelta(minutes=55))
    assert (next_hour.count, next_hour.before) == (1, 6)
    a_little_behind = rate_limits.hit(bucket, NOW + timedelta(minutes=39))
    assert (a_little_behind.count, a_little_behind.before) == (2, 6), "the clock of another node"
    later = rate_limits.hit(bucket, NOW + timedelta(hours=4))
    assert (later.count, later.before) == (1, 0)
    set_back = rate_limits.hit(bucket, NOW - timedelta(days=300))
    assert (set_back.count, set_back.before) == (1, 0), "a clock that was far ahead binds nobody"


def test_buckets_differ_by_limit_key_and_office() -> None:
    one, other = offices.keep(demo_office(), NOW), offices.keep(replace(demo_office(), slug="b", numbers=()), NOW)
    buckets = [
        Bucket(MESSAGES, "anna", one),
        Bucket(MESSAGES, "anna", other),
        Bucket(MESSAGES, "anna"),
        Bucket(MESSAGES, "berta", one),
        Bucket(GUESSES, "anna", one),
    ]
    for bucket in buckets[:2]:
        rate_limits.hit(bucket, NOW)
    assert [tally.count for tally in rate_limits.peek(buckets)] == [1, 1, 0, 0, 0]


def test_many_buckets_are_counted_by_one_statement_in_their_order() -> None:
    hits = {Bucket(MESSAGES, f"number {number}"): number + 1 for number in range(50)}
    with CaptureQueriesContext(connection) as asked:
        first = rate_limits.hit_many(hits, NOW).fetch()
        again = rate_limits.hit_many(hits, NOW).fetch()
    assert [tally.count for tally in first] == list(range(1, 51))
    assert [tally.count for tally in again] == list(range(2, 102, 2))
    assert len([query for query in asked if "rate_limit" in query["sql"]]) == 2


def test_nothing_is_counted_without_buckets() -> None:
    assert rate_limits.hit_many({}, NOW).fetch() == []
    assert rate_limits.peek([]) == []


def test_no_address_and_no_name_can_be_read_from_the_table() -> None:
    for bucket in WEB_BOOKINGS.buckets("203.0.113.99"):
        rate_limits.hit(bucket, NOW)
    [row] = models.RateCount.objects.values_list()
    assert "203.0.113.99" not in str(row)
    assert len(row[0]) == 32


def test_a_try_too_early_is_not_counted_and_waits_no_longer_for_it() -> None:
    bucket = Bucket(GUESSES, "novak 203.0.113.99")
    for second in range(3):
        assert not rate_limits.attempt([bucket], NOW + timedelta(seconds=second))
    last = NOW + timedelta(seconds=2)
    for tenth in range(9):
        assert rate_limits.attempt([bucket], last + timedelta(seconds=tenth / 10))
    assert rate_limits.peek([bucket])[0].count == 3
    assert not rate_limits.attempt([bucket], last + timedelta(seconds=1))
    assert rate_limits.wait([bucket], last + timedelta(seconds=1)) == timedelta(seconds=2), "twice as long"


def test_a_refused_try_counts_in_no_bucket() -> None:
    full, fresh = Bucket(GUESSES, "novak"), Bucket(GUESSES, "203.0.113.99")
    for _ in range(3):
        rate_limits.hit(full, NOW)
    assert rate_limits.attempt([fresh, full], NOW)
    assert rate_limits.peek([fresh])[0].count == 0


def test_a_right_try_is_taken_back() -> None:
    own, shared = Bucket(GUESSES, "novak 203.0.113.99"), Bucket(GUESSES, "203.0.113.99")
    for _ in range(2):
        rate_limits.attempt([own, shared], NOW)
    rate_limits.forget([own])
    rate_limits.forgive([shared])
    assert [tally.count for tally in rate_limits.peek([own, shared])] == [0, 1]


@pytest.fixture
def guessers() -> Iterator[ThreadPoolExecutor]:
    """Twelve threads, each with a connection of its own."""
    with ThreadPoolExecutor(12) as threads:
        yield threads


def test_of_many_tries_at_once_only_those_pass_that_would_one_by_one(guessers: ThreadPoolExecutor) -> None:
    buckets = [Bucket(GUESSES, "novak 203.0.113.99"), Bucket(GUESSES, "novak")]

    def guess(_: int) -> timedelta:
        try:
            return rate_limits.attempt(buckets, NOW)
        finally:
            connection.close()

    waits = list(guessers.map(guess, range(48)))
    assert len([wait for wait in waits if not wait]) == GUESSES.figure
    assert rate_limits.peek(buckets)[0].count == GUESSES.figure


def test_hits_at_once_are_all_counted(guessers: ThreadPoolExecutor) -> None:
    bucket = Bucket(MESSAGES, "somebody")

    def count(_: int) -> int:
        try:
            return rate_limits.hit(bucket, NOW).count
        finally:
            connection.close()

    assert sorted(guessers.map(count, range(60))) == list(range(1, 61))


def test_an_installation_sets_its_own_figures(settings: Any) -> None:
    settings.LIMITS = {"gateway_refusals_ipv4": 2}
    [bucket] = GATEWAY_REFUSALS.buckets("203.0.113.99", "modem")
    assert [rate_limits.hit(bucket, NOW).exceeded(NOW) for _ in range(3)] == [False, False, True]


def test_old_counts_are_deleted() -> None:
    rate_limits.hit(Bucket(MESSAGES, "somebody"), NOW)
    assert rate_limits.delete_expired(NOW + timedelta(hours=2)) == 0, "it still says what was before"
    assert rate_limits.delete_expired(NOW + timedelta(hours=2, seconds=1)) == 1


def test_all_limits_are_shown_with_their_counts() -> None:
    office = offices.keep(demo_office(), NOW)
    for last in (99, 99, 99, 41):
        rate_limits.hit(WEB_BOOKINGS.buckets(f"203.0.113.{last}", office=office)[0], NOW)
    for _ in range(6):
        rate_limits.hit(Bucket(SIGN_IN, "novak"), NOW)
    shown = {one.limit.name: (one.counted, one.reached) for one in rate_limits.all_limits(NOW)}
    assert (shown["web_bookings_ipv4"], shown["sign_in"]) == ((2, 0), (1, 1))
    of_office = {one.limit.name: (one.counted, one.reached) for one in rate_limits.all_limits(NOW, office)}
    assert (of_office["web_bookings_ipv4"], of_office["sign_in"]) == ((2, 0), (0, 0))
    assert of_office["messages_of_office"] == (None, None), "counted in the outbox"


def _tries_as_queries(buckets: list[Bucket], moments: list[datetime]) -> int:
    with CaptureQueriesContext(connection) as asked:
        for moment in moments:
            assert rate_limits.attempt(buckets, moment)
    return len([query for query in asked if "rate_limit" in query["sql"]])


def test_a_flood_of_early_tries_costs_the_database_nothing() -> None:
    buckets = [Bucket(GUESSES, "novak 203.0.113.99"), Bucket(GUESSES, "novak")]
    for hit in range(8):
        rate_limits.hit_all(buckets, NOW + timedelta(milliseconds=hit))
    flood = [NOW + timedelta(milliseconds=10 + 20 * turn) for turn in range(200)]
    assert _tries_as_queries(buckets, flood) == 1
    assert _tries_as_queries(buckets, [NOW + timedelta(seconds=6)]) == 1, "what others took back is heard in seconds"
    assert not rate_limits.attempt([Bucket(GUESSES, "svoboda")], NOW + timedelta(seconds=7)), "nobody else's affair"


@pytest.mark.parametrize("begin_anew", [rate_limits.forget, rate_limits.forgive])
def test_what_was_taken_back_is_not_remembered_as_early(begin_anew: Callable[[list[Bucket]], object]) -> None:
    bucket = Bucket(GUESSES, "novak 203.0.113.99")
    for _ in range(GUESSES.figure):
        rate_limits.hit(bucket, NOW)
    assert rate_limits.attempt([bucket], NOW + timedelta(milliseconds=1))
    begin_anew([bucket])
    assert not rate_limits.attempt([bucket], NOW + timedelta(milliseconds=2))
