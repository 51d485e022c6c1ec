"""Delivery: which messages a gateway is given and when, and how its answers change their states."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from prepazka.core.circuit import BREAK, BREAK_AFTER
from prepazka.core.delivery import BACK_OFF, KINDS, LEASE, LIFETIME, THROTTLED, WAIT, Attempts, Disposition
from prepazka.core.office.office import Office
from prepazka.flows.inbound.receive import receive
from prepazka.flows.outbound import deliver as journey
from prepazka.flows.outbound.deliver import deliver, show, tidy
from prepazka.flows.outbound.receipts import take_in_receipts
from prepazka.gateways.values import Capabilities, Inbound, Outbound, Receipt, SendResult
from prepazka.store import models
from prepazka.store.outbox import StateChange
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


# --- answers ------------------------------------------------------------------------------------


def test_what_was_not_taken_is_tried_again_with_growing_pauses(queue: Queue) -> None:
    row, peer, tries, now = queue("reply", until=NOW + LIFETIME), Peer(script=["refuse"] * 100), [], NOW
    while now < NOW + LIFETIME + timedelta(hours=1):
        if deliver(peer, now) and state(row) == "queued":
            tries.append(now - NOW)
        tidy(now)
        now += timedelta(seconds=30)
    assert tries[:4] == [timedelta(0), BACK_OFF[0], BACK_OFF[0] + BACK_OFF[1], sum(BACK_OFF[:3], timedelta())]
    assert len(peer.given) == len(tries) + 1, "the last try is not worth another"
    assert (state(row), outbound_row(row).error, peer.sent) == ("expired", "the modem is busy", [])


def test_a_permanent_error_ends_it(queue: Queue) -> None:
    row, peer = queue(), Peer(script=["refuse for good"])
    deliver_all(peer)
    deliver_all(peer, NOW + timedelta(hours=1))
    assert (state(row), outbound_row(row).error, len(peer.given)) == ("failed", "no such number", 1)


def test_too_fast_is_no_try_and_slows_the_gateway_down(queue: Queue) -> None:
    row, peer = queue(), Peer(script=["too fast"])
    queue()
    deliver_all(peer)
    assert (len(peer.given), outbound_row(row).attempts, state(row)) == (1, 0, "queued")
    deliver_all(peer, NOW + THROTTLED)
    assert len(peer.sent) == 2


def test_after_failures_in_a_row_a_gateway_is_left_alone_then_tried_with_one(queue: Queue) -> None:
    for _ in range(20):
        queue()
    peer = Peer(script=["refuse"] * (BREAK_AFTER + 1))
    deliver_all(peer)
    assert len(peer.given) == BREAK_AFTER
    deliver_all(peer, NOW + BREAK - timedelta(seconds=1))
    assert len(peer.given) == BREAK_AFTER
    deliver_all(peer, NOW + BREAK)
    assert len(peer.given) == BREAK_AFTER + 1
    deliver_all(peer, NOW + 2 * BREAK)
    assert len(peer.sent) > 1, "one went through, so all may"


def test_a_lost_answer_is_not_followed_by_another_copy(queue: Queue) -> None:
    row, peer = queue("notice"), Peer(script=["lose"])
    deliver_all(peer)
    assert (state(row), outbound_row(row).due_at) == ("unknown", NOW + WAIT)
    deliver_all(peer, NOW + WAIT)
    deliver_all(peer, NOW + timedelta(days=1))
    assert (state(row), outbound_row(row).due_at, len(peer.given)) == ("unknown", None, 1)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if KINDS[kind].matters])
def test_one_that_matters_is_sent_once_more_when_no_receipt_came(queue: Queue, kind: str) -> None:
    row, peer = queue(kind), Peer(script=["miss", "miss"])
    deliver_all(peer)
    deliver_all(peer, NOW + WAIT - timedelta(seconds=1))
    assert len(peer.given) == 1
    deliver_all(peer, NOW + WAIT)
    deliver_all(peer, NOW + 2 * WAIT)
    deliver_all(peer, NOW + 3 * WAIT)
    assert (state(row), len(peer.given)) == ("unknown", 2)
    assert len({one.id for one in peer.given}) == 1


def test_silence_of_a_gateway_without_receipts_says_nothing(queue: Queue) -> None:
    queue("reply")
    peer = Peer(script=["lose"], capabilities=Capabilities(receipts=False))
    deliver_all(peer)
    deliver_all(peer, NOW + WAIT)
    assert len(peer.given) == 1


def test_after_an_outage_receipts_are_waited_for_anew(queue: Queue) -> None:
    """When no process was running, the absence of a receipt shows nothing yet."""
    queue("reply")
    peer, back = Peer(script=["lose"]), NOW + timedelta(hours=1)
    deliver_all(peer)
    deliver_all(peer, back)
    deliver_all(peer, back + WAIT - timedelta(seconds=1))
    assert len(peer.given) == 1
    deliver_all(peer, back + WAIT)
    assert len(peer.given) == 2


def test_a_gateway_that_keeps_our_ids_is_asked_again(queue: Queue) -> None:
    row, peer = queue("notice"), Peer(script=["lose", "miss"], capabilities=Capabilities(idempotent=True))
    deliver_all(peer)
    assert (state(row), outbound_row(row).due_at) == ("unknown", NOW + BACK_OFF[0])
    deliver_all(peer, NOW + BACK_OFF[0])
    deliver_all(peer, NOW + BACK_OFF[0] + BACK_OFF[1])
    assert (state(row), len(peer.given), len(peer.sent)) == ("handed", 3, 1)
    assert len({one.id for one in peer.given}) == 1


@pytest.mark.parametrize("idempotent", [True, False])
def test_when_a_gateway_breaks_nothing_is_known_of_the_rest(queue: Queue, idempotent: bool) -> None:
    rows = [queue("notice") for _ in range(3)]
    peer = Peer(script=["take", "take and break"], capabilities=Capabilities(batch=3, idempotent=idempotent))
    deliver_all(peer)
    assert [state(row) for row in rows] == ["handed", "unknown", "unknown"]
    assert outbound_row(rows[1]).error == "the gateway failed (Broken)"
    deliver_all(peer, NOW + BACK_OFF[0])
    assert [one.text for one in peer.sent] == ["zprava 1", "zprava 2", "zprava 3"][: 3 if idempotent else 2]


def test_a_late_answer_of_the_gateway_is_believed(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sending process is held up for longer than its lease; meanwhile another one processes its messages."""
    row, peer = queue("notice"), Peer()
    give = peer.send

    def slowly(messages: Any) -> Any:
        deliver_all(Peer(), NOW + LEASE)
        assert state(row) == "unknown"
        return give(messages)

    monkeypatch.setattr(peer, "send", slowly)
    deliver_all(peer)
    assert (state(row), outbound_row(row).due_at) == ("handed", None)


def test_a_late_refusal_does_not_undo_what_another_process_did(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    row = queue("notice")
    capabilities = Capabilities(idempotent=True)
    slow, quick = Peer(script=["refuse"], capabilities=capabilities), Peer(capabilities=capabilities)
    give = slow.send

    def slowly(messages: Any) -> Any:
        deliver_all(quick, NOW + LEASE)
        return give(messages)

    monkeypatch.setattr(slow, "send", slowly)
    deliver_all(slow)
    assert (state(row), len(quick.sent)) == ("handed", 1)


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


@pytest.fixture
def booking(office: Office) -> int:
    (handled,) = receive([Inbound("sim", "m1", "+420777123456", NUMBER, "OBJ ZOP 10.8. 14:00 NOVAK")], NOW)
    assert handled.booking is not None
    return models.Booking.objects.get().id


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


# --- screens ------------------------------------------------------------------------------------


def test_what_is_on_a_screen_has_arrived(queue: Queue, booking: int) -> None:
    rows = [queue("notice", gateway="phone"), queue("notice", gateway="console"), queue("notice")]
    moot = queue("reminder", gateway="phone", booking=booking)
    models.Booking.objects.update(state="cancelled")
    assert show(NOW) == 3
    assert show(NOW) == 0
    assert [state(row) for row in rows] == ["delivered", "delivered", "queued"]
    assert state(moot) == "expired"


# --- a database that fails ----------------------------------------------------------------------


def test_an_answer_that_could_not_be_kept_is_a_lost_one(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    row, peer = queue("notice"), Peer()

    def away(*_: object, **_more: object) -> None:
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(journey, "_store", away)
    with pytest.raises(OperationalError):
        deliver(peer, NOW)
    monkeypatch.undo()
    assert state(row) == "sending"
    deliver_all(peer, NOW + LEASE)
    assert (state(row), len(peer.given)) == ("unknown", 1)


def test_a_lease_that_ran_out_is_a_lost_answer(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    row, peer = queue(), Peer()
    with monkeypatch.context() as broken:
        broken.setattr(journey, "_store", lambda *_, **__: (_ for _ in ()).throw(OperationalError))
        with pytest.raises(OperationalError):
            deliver(peer, NOW)
    deliver_all(peer, NOW + LEASE)
    assert (state(row), outbound_row(row).lost, len(peer.sent)) == ("unknown", 1, 1)
    deliver_all(peer, NOW + LEASE + WAIT)
    assert (state(row), len(peer.sent)) == ("handed", 2), "one that matters, once more"


def test_an_answer_takes_nothing_back_of_what_a_receipt_said_before_it(queue: Queue) -> None:
    class Overtaken(Peer):
        def _take(self, message: Outbound) -> None:
            super()._take(message)
            take_in_receipts([Receipt("sim", "delivered", NOW, message.id)], NOW)

    row = queue()
    deliver(Overtaken(), NOW)
    assert state(row) == "delivered"


def test_answers_of_a_slow_gateway_are_kept_one_by_one(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [queue() for _ in range(3)]
    monkeypatch.setattr(journey, "AT_RISK", 0)
    seen = []
    peer = Peer(capabilities=Capabilities(batch=3))
    refs = peer.refs

    def look(message: Any) -> Any:
        seen.append([state(row) for row in rows])
        return refs(message)

    monkeypatch.setattr(peer, "refs", look)
    deliver_all(peer)
    assert seen == [
        ["sending", "sending", "sending"],
        ["handed", "sending", "sending"],
        ["handed", "handed", "sending"],
    ]


def test_a_change_of_state_the_table_does_not_have_is_refused() -> None:
    with pytest.raises(AssertionError):
        StateChange(1, "unknown", Disposition("failed"), Attempts("reply", NOW, 1, 1))


def test_ids_stay_unique_when_row_ids_come_again(queue: Queue) -> None:
    peer = Peer()
    row = queue()
    deliver_all(peer)
    models.OutboundRef.objects.all().delete()
    old = outbound_row(row)
    models.Outbound.objects.all().delete()
    models.Outbound.objects.bulk_create([replace_made_at(old, NOW + timedelta(days=1))])
    deliver_all(peer, NOW + timedelta(days=1))
    assert len({one.id for one in peer.sent}) == 2


def replace_made_at(row: models.Outbound, made_at: datetime) -> models.Outbound:
    row.made_at, row.due_at, row.state = made_at, made_at, "queued"
    return row
