"""Which message may be sent once more with one press, and why another may not."""

from dataclasses import replace

import pytest

from prepazka.core.delivery import KINDS, PRECEDENCE
from prepazka.core.resending import TROUBLED, SentMessage, obstacle

REFUSED = SentMessage("failed", "reply", True, 0, None, False, False, False)


@pytest.mark.parametrize("state", ["failed", "undelivered", "expired"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_certainly_did_not_arrive_may_be_sent_once_more(state: str, kind: str) -> None:
    assert obstacle(replace(REFUSED, state=state, kind=kind, booking="booked")) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (replace(REFUSED, state="unknown"), "maybe_sent"),
        # The second copy failed; what became of the first one, nobody knows.
        (replace(REFUSED, lost=1), "maybe_sent"),
        (replace(REFUSED, state="undelivered", lost=1), "maybe_sent"),
        (replace(REFUSED, sent_again=True), "sent_again"),
        (replace(REFUSED, whole=False), "erased"),
        (replace(REFUSED, kind="confirmation", booking="cancelled"), "booking_gone"),
        (replace(REFUSED, kind="reminder", booking="moved"), "booking_gone"),
        (replace(REFUSED, kind="confirmation", booking="booked", over=True), "visit_over"),
        (replace(REFUSED, kind="called_off", booking="cancelled", over=True), "visit_over"),
        (replace(REFUSED, kind="reminder", booking="booked", opted_out=True), "no_reminders"),
    ],
)
def test_what_may_have_arrived_or_helps_nobody_is_not(message: SentMessage, why: str) -> None:
    assert obstacle(message) == why


def test_a_cancellation_is_told_although_its_booking_does_not_stand() -> None:
    assert obstacle(replace(REFUSED, kind="cancelled", booking="cancelled")) is None
    assert obstacle(replace(REFUSED, kind="reply", opted_out=True)) is None


@pytest.mark.parametrize("state", sorted(PRECEDENCE.keys() - set(TROUBLED)))
def test_what_is_on_its_way_or_arrived_is_not(state: str) -> None:
    assert obstacle(replace(REFUSED, state=state)) == "not_lost"  # type: ignore[arg-type]
