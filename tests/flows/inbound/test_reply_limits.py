"""Floods of one number by SMS: the office pays for so many replies and no more (docs/spec/safety.md §2.6)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from prepazka.core.office.office import Office
from prepazka.flows.inbound.handle import Handled
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import models
from tests.made_once import kept_once
from tests.offices import demo_office

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
NUMBER = "+420739547765"
FLOODER, OTHER = "+420731222333", "+420731222444"


@pytest.fixture(autouse=True)
def office(transactional_db: None, settings: Any) -> Office:
    settings.LIMITS = {"sms_replies_an_hour": 6, "sms_replies_a_day": 11}
    return kept_once(demo_office(), NOW)


def say(
    text: str, minutes: float = 0, sender: str = FLOODER, gateway: str = "modem", to: str = NUMBER
) -> tuple[str, bool]:
    """The outcome of a message, and whether it was answered."""
    number = models.Inbound.objects.count()
    [handled] = receive([Inbound(gateway, f"m{number}", sender, to, text)], NOW + timedelta(minutes=minutes))
    return described(handled)


def described(handled: Handled) -> tuple[str, bool]:
    assert handled.outcome is not None
    return handled.outcome.outcome, handled.reply is not None


def ask(number: int, minutes: float = 0, sender: str = FLOODER) -> tuple[str, bool]:
    """One of many different questions."""
    service = ("ZOP", "CD", "EO")[number % 3]
    return say(f"TERMIN {service} {4 + number // 3}.8.", minutes, sender)


def test_after_so_many_replies_in_an_hour_the_silence_is_told_once() -> None:
    answers = [ask(number) for number in range(12)]
    assert [answered for _, answered in answers] == [True] * 7 + [False] * 5
    assert [outcome for outcome, _ in answers[6:]] == ["too_many_this_hour"] + ["ignored"] * 5
    assert models.Outbound.objects.count() == 7
    assert ask(20, sender=OTHER)[1], "another number is answered"
    assert ask(21, minutes=61)[1], "an hour later too"


def test_nothing_is_booked_in_the_silence() -> None:
    for number in range(8):
        ask(number)
    assert say("OBJ ZOP 10.8. 14:00 NOVAK") == ("ignored", False)
    assert not models.Booking.objects.exists()


def test_a_flood_in_one_batch_is_cut_as_well() -> None:
    inbounds = [Inbound("modem", f"b{number}", FLOODER, NUMBER, f"TERMIN ZOP {4 + number}.8.") for number in range(20)]
    handled = [described(one) for one in receive(inbounds, NOW)]
    assert sum(answered for _, answered in handled) == 7
    assert models.Outbound.objects.count() == 7


def test_a_holder_always_cancels_and_hears_of_it() -> None:
    say("OBJ ZOP 10.8. 14:00 NOVAK")
    code = models.Booking.objects.get().code
    for number in range(9):
        ask(number)
    assert say("STORNO 111222 10.8.") == ("ignored", False), "a foreign code is none of one's own"
    assert say(f"STORNO {code} 10.8.") == ("cancelled", True)
    assert models.Booking.objects.get().state == "cancelled"


def test_of_a_day_too_and_told_once_more() -> None:
    answers = [ask(number, minutes=number * 20) for number in range(16)]
    assert [outcome for outcome, _ in answers[11:]] == ["too_many_today"] + ["ignored"] * 4
    assert ask(16, minutes=26 * 60)[1], "the day after"


def test_a_flood_over_many_hours_is_told_of_each_hour_at_most_once() -> None:
    told = [ask(number, minutes=number * 5)[0] for number in range(24)].count("too_many_this_hour")
    assert told <= 2


def test_screens_cost_nothing_and_are_not_counted() -> None:
    for number in range(9):
        say(f"TERMIN ZOP {4 + number}.8.", gateway="phone")
    assert say("TERMIN CD 4.8.", gateway="phone")[1]


def test_a_batch_asks_once_however_many_senders_it_has() -> None:
    inbounds = [
        Inbound("modem", f"q{number}", f"+4207312{number:05}", NUMBER, "TERMIN ZOP 10.8.") for number in range(40)
    ]
    with CaptureQueriesContext(connection) as asked:
        receive(inbounds, NOW)
    replies = [query["sql"] for query in asked if "state = 'answered'" in query["sql"] and "outcome" in query["sql"]]
    assert len(replies) == 1, "the guards and the limit count the same rows"
