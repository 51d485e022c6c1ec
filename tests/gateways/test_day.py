"""The day itself without any gateway, for comparison with every gateway's day."""

from collections import Counter
from collections.abc import Mapping, Sequence

import pytest

from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import models, offices
from tests.gateways.day import NOW, OFFICE, PHONES, SHORT, Turn, books, play
from tests.offices import demo_office

Books = list[tuple[str, str, str, str, str]]


def undisturbed(phones: int = len(PHONES)) -> tuple[list[Turn], Books]:
    """Play the day message by message; return its turns and the final bookings."""
    offices.keep(demo_office(), NOW)
    numbers = iter(range(10_000))

    def exchange(messages: Sequence[tuple[str, str]]) -> Mapping[str, Sequence[str]]:
        outcomes = [
            receive([Inbound("console", str(next(numbers)), phone, OFFICE, text, NOW)], NOW) for phone, text in messages
        ]
        return {
            phone: [handled.reply.text for handled in one if handled.reply]
            for (phone, _), one in zip(messages, outcomes, strict=True)
        }

    return play(exchange, phones), books()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("phones", "states"),
    [
        pytest.param(len(PHONES), {"booked": 51, "cancelled": 50, "moved": 1}, id="whole"),
        pytest.param(SHORT, {"booked": 7, "cancelled": 6, "moved": 1}, id="short"),
    ],
)
def test_the_day_has_something_of_everything(phones: int, states: dict[str, int]) -> None:
    turns, at_the_end = undisturbed(phones)
    assert len(turns) == 5 * phones
    outcomes = Counter(models.Inbound.objects.values_list("outcome", flat=True))
    assert outcomes.keys() >= {
        "booked", "already_booked", "free_times", "services", "help", "mine", "bad_date", "bad_time", "unknown_service",
        "not_understood", "closed_day", "slot_full", "too_far", "unknown_booking", "off_grid", "cancelled", "moved",
        "already_cancelled",
    }  # fmt: skip
    assert Counter(state for *_, state in at_the_end) == states
