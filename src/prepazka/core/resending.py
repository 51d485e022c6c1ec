"""Whether an official may send a message once more with one press, and why not: nobody gets a second copy."""

from dataclasses import dataclass
from typing import Literal

from prepazka.core.delivery import KINDS, DeliveryState

TROUBLED: tuple[DeliveryState, ...] = ("failed", "undelivered", "expired", "unknown")
"""States in which a message has not arrived, or is not known to have."""

Obstacle = Literal["erased", "not_lost", "maybe_sent", "sent_again", "booking_gone", "visit_over", "no_reminders"]
"""Why a message is not sent once more: its number or text is erased; it is on its way or has arrived; its recipient may
have it already; it was sent once more already; its booking does not stand; its visit is over; its recipient wants no
reminders."""


@dataclass(frozen=True, slots=True)
class SentMessage:
    """What the decision needs of a message.

    whole: whether its text and its number are still kept. lost: how many answers of its gateway never came. booking:
    the state of the booking it is about, None when it is about none; over: whether that visit has begun.
    """

    state: DeliveryState
    kind: str
    whole: bool
    lost: int
    booking: str | None
    over: bool
    opted_out: bool
    sent_again: bool


# docs/spec/delivery.md §6: "An official may send a message once more where it certainly is not with its recipient"
def obstacle(message: SentMessage) -> Obstacle | None:
    """Return why a message is not sent once more; None when it may be."""
    if not message.whole:
        return "erased"
    if message.state not in TROUBLED:
        return "not_lost"
    if message.sent_again:
        return "sent_again"
    if message.state == "unknown" or message.lost:
        return "maybe_sent"
    kind = KINDS[message.kind]
    if kind.of_booking and message.booking not in {None, "booked", "held"}:
        return "booking_gone"
    if message.over:
        return "visit_over"
    return "no_reminders" if kind.by_day and message.opted_out else None
