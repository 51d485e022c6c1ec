"""Phones of other countries are answered, as often as an office can afford in a day; dear numbers are not at all."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from prepazka.flows.inbound import other_countries
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import models, offices
from tests.made_once import kept_once
from tests.offices import demo_office

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 8, 3, 7, 5, tzinfo=UTC)
NUMBER = "+420739547765"


@pytest.fixture
def office(transactional_db: None) -> int:
    return kept_once(demo_office(), NOW).id


def say(sender: str, count: int = 1, now: datetime = NOW, text: str = "MOJE") -> list[str | None]:
    first = models.Inbound.objects.count()
    messages = [Inbound("modem", f"x{first + n}", sender, NUMBER, text) for n in range(count)]
    return [one.outcome.outcome if one.outcome else None for one in receive(messages, now)]


def of_france(number: int) -> str:
    return f"+3361234{number:04}"


def test_phones_of_other_countries_share_the_replies_of_a_day(office: int) -> None:
    outcomes = [say(of_france(n), text="MOJE")[0] for n in range(60)]
    assert outcomes == ["mine"] * 50 + ["ignored"] * 10
    assert models.Outbound.objects.count() == 50
    assert other_countries.is_used_up(office, NOW)


def test_one_batch_is_counted_message_by_message(office: int) -> None:
    batch = [Inbound("modem", f"b{n}", of_france(n), NUMBER, "MOJE") for n in range(55)]
    outcomes = [one.outcome.outcome for one in receive(batch, NOW) if one.outcome]
    assert (outcomes.count("mine"), outcomes.count("ignored")) == (50, 5)


def test_our_own_countries_are_answered_when_nothing_is_left_for_others(office: int) -> None:
    for n in range(51):
        say(of_france(n), text="MOJE")
    for sender in ("+421905246802", "+4915123456789", "+436641234567", "+48501234567", "+380671234567"):
        assert say(sender, text="MOJE") == ["mine"], sender


def test_the_next_day_there_are_replies_again(office: int) -> None:
    for n in range(51):
        say(of_france(n), text="MOJE")
    assert say(of_france(99), now=NOW + timedelta(days=2), text="MOJE") == ["mine"]


def test_each_office_has_its_own_replies(office: int) -> None:
    offices.keep(replace(demo_office(), slug="jinde", numbers=("+420739000111",)), NOW)
    for n in range(51):
        say(of_france(n), text="MOJE")
    [one] = receive([Inbound("modem", "z", of_france(1), "+420739000111", "MOJE")], NOW)
    assert one.outcome
    assert one.outcome.outcome == "mine"


def test_the_countries_are_a_setting(office: int, settings: Any) -> None:
    settings.COUNTRIES = frozenset({"CZ", "FR"})
    assert {say(of_france(n), text="MOJE")[0] for n in range(60)} == {"mine"}


def test_nothing_happens_on_a_message_no_reply_is_left_for(office: int) -> None:
    for n in range(50):
        say(of_france(n), text="MOJE")
    assert say(of_france(77), text="OBJ ZOP 10.8. 14:00 DUPONT") == ["ignored"]
    assert models.Booking.objects.count() == 0


@pytest.mark.parametrize(
    "sender",
    [
        pytest.param("+979123456789", id="premium of no country"),
        pytest.param("+8821612345678", id="an international network"),
        pytest.param("+881612345678", id="a satellite"),
        pytest.param("+420900123456", id="premium"),
        pytest.param("+420541234567", id="a landline"),
        pytest.param("90211", id="a short number"),
        pytest.param("BANKA", id="a name"),
    ],
)
def test_numbers_that_cost_or_cannot_read_are_ignored(office: int, sender: str) -> None:
    assert say(sender, text="OBJ ZOP 10.8. 14:00 NOVAK") == ["ignored"]
    assert models.Outbound.objects.count() == models.Booking.objects.count() == 0
