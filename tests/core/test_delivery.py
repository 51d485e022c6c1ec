"""The rules of sending: precedence of states, parts, back-off, pace, the circuit breaker, and message ids."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prepazka.core import delivery
from prepazka.core.circuit import BREAK_AFTER, CircuitSignal, CircuitState
from prepazka.core.delivery import (
    AT_RISK,
    BACK_OFF,
    KINDS,
    PRECEDENCE,
    TRANSITIONS,
    Attempts,
    DeliveryState,
    Disposition,
    News,
    after_giving_up,
    after_lost_answer,
    after_permanent_refusal,
    after_refusal,
    after_waiting,
    count_within_pace,
    is_newer,
    may_send_again,
    message_id,
    next_batch,
    next_daytime,
    next_try,
    parse_message_id,
    state_of_parts,
)
from tests.offices import PRAGUE

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
MICRO = timedelta(microseconds=1)
NEWS: list[News] = ["handed", "sent", "delivered", "undelivered", "failed"]
MOMENTS = st.integers(0, 3_000_000_000_000_000).map(lambda micros: datetime(2000, 1, 1, tzinfo=UTC) + micros * MICRO)


@dataclass(frozen=True)
class Promise:
    idempotent: bool = False
    receipts: bool = True
    batch: int = 1
    most: int = 0


def after(state: DeliveryState, news: tuple[News, ...]) -> DeliveryState:
    for one in news:
        state = one if is_newer(state, one) else state
    return state


@given(st.sampled_from(sorted(PRECEDENCE)), st.lists(st.sampled_from(NEWS), max_size=4))
def test_news_never_lower_a_standing_and_delivered_is_the_last_word(state: DeliveryState, news: list[News]) -> None:
    came = after(state, tuple(news))
    assert PRECEDENCE[came] >= PRECEDENCE[state]
    assert after(came, tuple(news)) == came, "the same news again change nothing"
    if "delivered" in [*news, state]:
        assert came == "delivered"


def test_news_in_any_order_end_with_the_same_standing() -> None:
    good: list[News] = ["handed", "sent", "delivered"]
    for news in permutations(good):
        assert after("unknown", news) == "delivered"
    for news in product(NEWS, repeat=3):
        assert len({PRECEDENCE[after("queued", order)] for order in permutations(news)}) == 1


@given(st.lists(st.sampled_from(["handed", "sent", "delivered"]), max_size=5), st.integers(1, 5))
def test_a_message_is_delivered_only_when_all_its_parts_are(parts: list[DeliveryState], total: int) -> None:
    came = state_of_parts(parts, total)
    assert (came == "delivered") == (parts.count("delivered") == len([p for p in parts if p != "handed"]) >= total)


@pytest.mark.parametrize("bad", ["undelivered", "failed"])
def test_one_bad_part_is_a_bad_message(bad: DeliveryState) -> None:
    assert state_of_parts(["delivered", bad], 3) == bad


def test_the_table_of_transitions_has_what_the_rules_decide_and_nothing_else() -> None:
    by_the_flow: set[tuple[DeliveryState, DeliveryState]] = {("queued", "sending"), ("queued", "queued")}
    decided: set[tuple[DeliveryState, DeliveryState]] = set()
    for lost, left, (idempotent, receipts) in product(range(3), (-1, 1, 300), product((False, True), repeat=2)):
        so_far = Attempts("reply", NOW + timedelta(minutes=left), 1, lost)
        gateway = Promise(idempotent, receipts)
        decided.add(("queued", after_giving_up(so_far).state))
        of_sending = (
            after_refusal(so_far, NOW),
            after_permanent_refusal(so_far),
            after_lost_answer(so_far, NOW, gateway),
        )
        decided |= {("sending", disposition.state) for disposition in of_sending}
        dues = (NOW, NOW - timedelta(hours=1))
        decided |= {("unknown", after_waiting(so_far, due, NOW, gateway).state) for due in dues}
    assert decided | by_the_flow == set(TRANSITIONS)


@given(MOMENTS, st.integers(1, 50), st.timedeltas(timedelta(seconds=1), timedelta(days=10)))
def test_tries_come_later_and_later_and_end_with_the_message(now: datetime, attempts: int, left: timedelta) -> None:
    at = next_try(attempts, now, now + left)
    if at is None:
        assert left <= BACK_OFF[-1]
    else:
        assert now < at < now + left
        following = next_try(attempts + 1, now, now + left)
        assert following is None or following >= at


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lost", range(1, 5))
def test_what_may_have_been_sent_is_sent_again_at_most_once_and_only_when_silence_says_something(
    kind: str, lost: int
) -> None:
    so_far = Attempts(kind, NOW + timedelta(hours=4), 1, lost)
    assert may_send_again(so_far, Promise(idempotent=True, receipts=False))
    assert not may_send_again(so_far, Promise(receipts=False))
    assert may_send_again(so_far, Promise()) == (
        lost == 1 and kind in {"reply", "answer", "confirmation", "held", "called_off", "cancelled", "moved", "resent"}
    )


@given(st.integers(0, 3), st.timedeltas(timedelta(hours=-1), timedelta(hours=1)), st.booleans(), st.booleans())
def test_nothing_is_sent_again_after_its_time(lost: int, left: timedelta, idempotent: bool, receipts: bool) -> None:
    so_far = Attempts("reply", NOW + left, 1, lost)
    disposition = after_waiting(so_far, NOW, NOW, Promise(idempotent, receipts))
    assert disposition in {Disposition("queued", NOW), Disposition("unknown")}
    if left <= timedelta(0):
        assert disposition == Disposition("unknown")


@given(st.integers(1, 30), st.lists(st.integers(1, 3), max_size=60))
def test_the_pace_is_kept_and_nobody_waits_for_ever(per_minute: int, parts: list[int]) -> None:
    waiting, minutes = list(parts), 0
    while waiting:
        count = count_within_pace(per_minute, 0, waiting)
        assert count
        assert sum(waiting[:count]) <= per_minute or count == 1
        assert count == len(waiting) or sum(waiting[: count + 1]) > per_minute, "no room is left unused"
        assert count_within_pace(per_minute, per_minute, waiting) == 0
        waiting, minutes = waiting[count:], minutes + 1
    assert minutes <= len(parts)


@given(st.integers(1, 60), st.floats(0, 20), st.integers(1, 30), st.integers(0, 60))
def test_a_batch_is_what_is_taken_in_a_moment_between_the_bounds(
    answered: int, seconds: float, batch: int, most: int
) -> None:
    found = next_batch(answered, seconds, Promise(batch=batch, most=most))
    assert batch <= found <= max(batch, most)
    if found > batch:
        assert found * seconds <= answered * AT_RISK


@given(st.lists(st.sampled_from(["taken", "refused", "in vain", "too fast"]), max_size=20))
def test_only_failures_in_a_row_pause_a_gateway(came: list[CircuitSignal]) -> None:
    circuit = CircuitState().after(came, NOW)
    in_a_row = 0
    worst = 0
    for one in came:
        if one != "too fast":
            in_a_row = in_a_row + 1 if one == "in vain" else 0
        worst = max(worst, in_a_row)
    assert (circuit.share(10, NOW) == 0) == (worst >= BREAK_AFTER or "too fast" in came)
    assert circuit.share(10, NOW + timedelta(hours=1)) == (1 if in_a_row >= BREAK_AFTER else 10)
    assert circuit.after(["taken"], NOW + timedelta(hours=1)) == CircuitState()


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param("2026-08-03T09:00", "2026-08-03T09:00", id="at the beginning"),
        pytest.param("2026-08-03T18:59", "2026-08-03T18:59", id="just before the end"),
        pytest.param("2026-08-03T19:00", "2026-08-04T09:00", id="at the end"),
        pytest.param("2026-08-03T03:00", "2026-08-03T09:00", id="before the beginning"),
        pytest.param("2026-10-24T20:00", "2026-10-25T09:00", id="over the change of the clocks"),
    ],
)
def test_day_is_by_the_offices_clock(now: str, expected: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=PRAGUE)
    day = next_daytime(moment.astimezone(UTC), time(9), time(19), PRAGUE)
    assert day == datetime.fromisoformat(expected).replace(tzinfo=PRAGUE)


@given(st.integers(1, 2**59), MOMENTS)
def test_names_are_read_back_and_fit_every_peer(row: int, made_at: datetime) -> None:
    given_name = message_id(row, made_at)
    assert parse_message_id(given_name) == (row, made_at)
    assert len(given_name) <= 36, "what the Android gateway takes for an id"
    assert set(given_name) <= set("0123456789abcdef-")


@given(st.text(max_size=40))
def test_what_is_no_name_of_ours_names_nothing(given_name: str) -> None:
    found = parse_message_id(given_name)
    assert found is None or parse_message_id(message_id(*found)) == found


def test_the_table_of_kinds_is_in_the_order_of_urgency() -> None:
    order = [KINDS[kind].priority for kind in ("reply", "called_off", "reminder", "bulk")]
    assert order == [0, 1, 5, 9]
    assert delivery.LEASE < delivery.WAIT
