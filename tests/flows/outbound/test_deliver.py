"""Delivery: which messages a gateway is given and when, and how its answers change their states."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from prepazka.core.circuit import BREAK_AFTER
from prepazka.core.delivery import KINDS, LEASE, WAIT
from prepazka.core.office.office import Office
from prepazka.flows.outbound.deliver import deliver, tidy
from prepazka.gateways.values import Capabilities, Outbound, SendResult
from prepazka.store import models
from tests.flows.conftest import NOW, NUMBER, VISIT, Queue, deliver_all, outbound_row, state
from tests.flows.outbound.fake_gateway import Peer

pytestmark = pytest.mark.django_db(transaction=True)


# --- in which order, and how much ---------------------------------------------------------------


def test_what_is_queued_is_sent_once_with_all_it_needs(queue: Queue) -> None:
    row, peer = queue(parts=2), Peer()
    deliver_all(peer)
    deliver_all(peer, NOW + timedelta(days=1))
    (sent,) = peer.sent
    assert (sent.sender, sent.recipient, sent.text) == (NUMBER, "+420602000001", "zprava 1")
    assert (sent.parts, sent.expires) == (2, VISIT)
    assert (state(row), outbound_row(row).due_at, outbound_row(row).attempts) == ("handed", None, 1)
    assert models.OutboundRef.objects.filter(outbound=row, total=2).count() == 2


def test_an_idle_gateway_costs_no_transaction(queue: Queue, django_assert_num_queries: Any) -> None:
    peer = Peer(name="other")
    queue()
    with django_assert_num_queries(1):
        assert deliver(peer, NOW) == 0


def test_replies_go_before_changes_before_reminders_before_bulk_then_the_oldest(queue: Queue) -> None:
    kinds = ["bulk", "reminder", "notice", "called_off", "reply", "bulk", "reminder", "confirmation", "reply"]
    rows = [queue(kind) for kind in kinds]
    peer = Peer(capabilities=Capabilities(batch=2))
    deliver_all(peer)
    in_order = sorted(zip(kinds, rows, strict=True), key=lambda one: (KINDS[one[0]].priority, one[1]))
    assert [one.text for one in peer.sent] == [outbound_row(row).text for _, row in in_order]


def test_only_its_own_messages_are_given_to_a_gateway(queue: Queue) -> None:
    queue(gateway="other")
    peer = Peer()
    deliver_all(peer)
    assert peer.given == []


def test_at_most_a_batch_is_given_at_once(queue: Queue) -> None:
    for _ in range(5):
        queue()
    assert deliver(Peer(capabilities=Capabilities(batch=3)), NOW) == 3


class Watching(Peer):
    """A gateway that notes the states of all messages when it is given some."""

    seen: list[list[str]]

    def send(self, messages: Sequence[Outbound]) -> Iterable[SendResult]:
        self.seen.append(list(models.Outbound.objects.order_by("id").values_list("state", flat=True)))
        return super().send(messages)


def test_the_answers_of_a_batch_are_kept_before_the_next_is_given(queue: Queue) -> None:
    for _ in range(7):
        queue()
    peer = Watching(capabilities=Capabilities(batch=3))
    peer.seen = []
    assert deliver(peer, NOW, 2) == 6
    assert peer.seen == [["sending"] * 3 + ["queued"] * 4, ["handed"] * 3 + ["sending"] * 3 + ["queued"]]
    assert [state(row.id) for row in models.Outbound.objects.order_by("id")] == ["handed"] * 6 + ["queued"]


def test_a_slow_gateway_is_not_given_batch_after_batch(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is to be heard meanwhile."""
    clock = [100.0]
    monkeypatch.setattr("prepazka.flows.outbound.deliver.monotonic", lambda: clock[0])

    class Slow(Peer):
        def send(self, messages: Sequence[Outbound]) -> Iterable[SendResult]:
            clock[0] += 0.15
            return super().send(messages)

    for _ in range(9):
        queue()
    assert deliver(Slow(capabilities=Capabilities(batch=1)), NOW, 9, within=0.4) == 4
    assert deliver(Slow(capabilities=Capabilities(batch=1)), NOW, 9, within=0.0) == 1
    assert deliver(Slow(capabilities=Capabilities(batch=1)), NOW, 9) == 4


@pytest.mark.parametrize(("each", "given"), [(0.001, [2, 5, 5, 5, 3]), (0.012, [2, 4, 4, 4, 4, 2]), (0.3, [2] * 10)])
def test_a_quick_gateway_is_given_what_it_takes_in_a_moment(
    queue: Queue, monkeypatch: pytest.MonkeyPatch, each: float, given: list[int]
) -> None:
    clock = [7.0]
    monkeypatch.setattr("prepazka.flows.outbound.deliver.monotonic", lambda: clock[0])
    calls: list[int] = []

    class Paced(Peer):
        def send(self, messages: Sequence[Outbound]) -> Iterable[SendResult]:
            calls.append(len(messages))
            clock[0] += each * len(messages)
            return super().send(messages)

    for _ in range(20):
        queue()
    peer = Paced(capabilities=Capabilities(batch=2, most=5))
    assert deliver(peer, NOW, 20) == 20
    assert calls == given
    assert [one.text for one in peer.sent] == [row.text for row in models.Outbound.objects.order_by("id")]
    # As before it after a call that was cut short: nothing is known of its pace now.
    for _ in range(3):
        queue()
    calls.clear()
    assert deliver(peer, NOW) == 2
    assert calls == [2]


def test_each_batch_after_the_first_costs_one_transaction_of_few_statements(queue: Queue) -> None:
    def statements(batches: int) -> int:
        for _ in range(2 * batches):
            queue()
        with CaptureQueriesContext(connection) as asked:
            assert deliver(Peer(capabilities=Capabilities(batch=2)), NOW, batches) == 2 * batches
        assert sum(one["sql"] == "COMMIT" for one in asked) in {batches + 1, 0}  # PostgreSQL's are not listed
        return len([one for one in asked if one["sql"] not in {"BEGIN", "BEGIN IMMEDIATE", "COMMIT"}])

    _, first, third, fifth = (statements(batches) for batches in (1, 1, 3, 5))  # the very first makes the lock's row
    assert (third - first, fifth - third) == (2 * 6, 2 * 6)


@pytest.mark.postgresql
def test_each_batch_after_the_first_waits_for_postgresql_once_and_for_its_claim(queue: Queue) -> None:
    def waited_for(batches: int) -> list[str]:
        alone: list[str] = []

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            if not connection.connection.pgconn.pipeline_status:
                alone.append(sql)
            return execute(sql, params, many, context)

        for _ in range(2 * batches):
            queue()
        with connection.execute_wrapper(note):
            assert deliver(Peer(capabilities=Capabilities(batch=2)), NOW, batches) == 2 * batches
        return alone

    _, first, third = (waited_for(batches) for batches in (1, 1, 3))  # the very first makes the lock's row
    assert third[: len(first)] == first
    assert [statement.split(",")[0] for statement in third[len(first) :]] == [
        "UPDATE outbound SET state = 'sending'"
    ] * 2


def test_after_refusals_in_a_row_the_next_batch_is_not_begun(queue: Queue) -> None:
    rows = [queue() for _ in range(2 * BREAK_AFTER)]
    peer = Peer(capabilities=Capabilities(batch=BREAK_AFTER), script=["refuse"] * BREAK_AFTER)
    deliver(peer, NOW, 9)
    assert len(peer.given) == BREAK_AFTER
    assert {state(row) for row in rows} == {"queued"}


def test_a_second_batch_that_was_cut_off_is_in_doubt_and_the_first_is_not(queue: Queue) -> None:
    rows = [queue() for _ in range(6)]

    class Dying(Peer):
        def send(self, messages: Sequence[Outbound]) -> Iterable[SendResult]:
            if self.given:
                self.given += messages
                raise KeyboardInterrupt  # as a kill, which nothing catches
            return super().send(messages)

    peer = Dying(capabilities=Capabilities(batch=3))
    with pytest.raises(KeyboardInterrupt):
        deliver(peer, NOW, 5)
    assert [state(row) for row in rows] == ["handed"] * 3 + ["sending"] * 3
    deliver_all(Peer(), NOW + LEASE)
    assert [state(row) for row in rows] == ["handed"] * 3 + ["unknown"] * 3


def test_the_pace_counts_parts_of_the_last_minute(queue: Queue) -> None:
    for parts in (2, 1, 3, 1):
        queue(parts=parts)
    peer = Peer(capabilities=Capabilities(batch=10, per_minute=3))
    given = []
    for second in range(0, 150, 5):
        before = len(peer.given)
        deliver_all(peer, NOW + timedelta(seconds=second))
        given += [(second, one.parts) for one in peer.given[before:]]
    assert given == [(0, 2), (0, 1), (60, 3), (120, 1)]


def test_a_message_longer_than_the_pace_gets_a_minute_of_its_own(queue: Queue) -> None:
    queue()
    queue(parts=3)
    peer = Peer(capabilities=Capabilities(batch=10, per_minute=2))
    deliver_all(peer)
    assert [one.parts for one in peer.given] == [1]
    deliver_all(peer, NOW + timedelta(minutes=1))
    assert [one.parts for one in peer.given] == [1, 3]


@pytest.mark.parametrize("back", [timedelta(seconds=30), timedelta(hours=1), timedelta(days=4)])
def test_a_clock_set_back_neither_breaks_the_pace_nor_stops_the_gateway(queue: Queue, back: timedelta) -> None:
    for _ in range(6):
        queue()
    peer = Peer(capabilities=Capabilities(batch=10, per_minute=3))
    assert deliver(peer, NOW + back) == 3
    if back <= timedelta(minutes=1):
        assert deliver(peer, NOW) == 0, "for all it knows they were given just now"
    else:
        assert deliver(peer, NOW) == 3
    deliver_all(peer, NOW + back + timedelta(minutes=1))
    assert len(peer.sent) == 6


def test_a_pause_ends_though_the_clock_was_set_back_in_it(queue: Queue) -> None:
    for _ in range(BREAK_AFTER + 1):
        queue()
    wrong = NOW + timedelta(days=1)
    deliver_all(Peer(script=["refuse"] * BREAK_AFTER, capabilities=Capabilities(batch=BREAK_AFTER)), wrong)
    peer = Peer()
    deliver_all(peer, NOW)
    assert len(peer.sent) == 1, "the one that was not tried yet"
    assert models.Breaker.objects.get().paused_until is None


# --- what is not sent any more ------------------------------------------------------------------


def test_what_waited_too_long_is_not_sent(queue: Queue) -> None:
    row, peer = queue(until=NOW + timedelta(minutes=1)), Peer()
    deliver_all(peer, NOW + timedelta(minutes=1))
    assert (state(row), peer.given) == ("expired", [])


def test_of_a_gateway_nobody_serves_messages_expire_too(queue: Queue) -> None:
    row = queue(until=NOW + timedelta(minutes=1))
    assert tidy(NOW) == 0
    assert tidy(NOW + timedelta(minutes=1)) == 1
    assert state(row) == "expired"
    assert tidy(NOW + timedelta(minutes=2)) == 0


def test_what_may_have_been_sent_is_not_called_expired(queue: Queue) -> None:
    row = queue("reply", until=NOW + timedelta(minutes=11))
    peer = Peer(script=["lose", "too fast"])
    deliver_all(peer)
    deliver_all(peer, NOW + WAIT)
    assert (state(row), len(peer.given)) == ("queued", 2)
    tidy(NOW + timedelta(minutes=11))
    assert state(row) == "unknown"


@pytest.mark.parametrize(
    ("kind", "booking_state", "expected"),
    [
        ("reminder", "booked", "handed"),
        ("reminder", "cancelled", "expired"),
        ("reminder", "moved", "expired"),
        ("confirmation", "cancelled", "expired"),
        ("called_off", "cancelled", "handed"),
    ],
)
def test_of_a_booking_that_does_not_stand_nobody_is_reminded(
    queue: Queue, booking: int, kind: str, booking_state: str, expected: str
) -> None:
    row = queue(kind, booking=booking)
    models.Booking.objects.filter(id=booking).update(state=booking_state)
    deliver_all(Peer())
    assert state(row) == expected


def test_who_says_stop_is_not_reminded_even_of_what_was_queued(queue: Queue, office: Office) -> None:
    reminder, reply = queue("reminder", recipient="+420777123456"), queue("reply", recipient="+420777123456")
    models.OptOut.objects.create(office_id=office.id, sender="+420777123456", since=NOW)
    deliver_all(Peer())
    assert (state(reminder), state(reply)) == ("expired", "handed")


def test_reminders_wait_for_the_day_and_replies_do_not(queue: Queue) -> None:
    night = datetime(2026, 8, 3, 18, tzinfo=UTC)  # 20:00 in Prague
    morning = datetime(2026, 8, 4, 7, tzinfo=UTC)
    reminder, too_early = queue("reminder"), queue("reminder", until=morning)
    reply = queue("reply")
    peer = Peer()
    deliver_all(peer, night)
    assert (state(reply), state(too_early)) == ("handed", "expired")
    assert (state(reminder), outbound_row(reminder).due_at) == ("queued", morning)
    deliver_all(peer, morning)
    assert state(reminder) == "handed"
