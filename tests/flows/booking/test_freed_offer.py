"""The notice of a freed place is a question: a yes takes the place under the name of the phone's last booking."""

from datetime import UTC, datetime, timedelta

import pytest

from prepazka.core.office.office import Office
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import models
from tests.made_once import kept_once
from tests.offices import demo_office

NOW = datetime(2026, 9, 7, 7, tzinfo=UTC)
OTHER, ME, NUMBER = "+420602111222", "+420603333444", "+420739547765"


@pytest.fixture
def office(transactional_db: None) -> Office:
    return kept_once(demo_office(), NOW)


def say(text: str, sender: str, minutes: int) -> models.Inbound:
    now = NOW + timedelta(minutes=minutes)
    (handled,) = receive([Inbound("test", f"{sender}{minutes}{text}", sender, NUMBER, text, now)], now)
    assert handled.outcome is not None
    return models.Inbound.objects.latest("id")


def full_day(office: Office) -> list[models.Booking]:
    """The last start of Wednesday is taken by somebody else in every lane, and nothing else is free."""
    models.WeeklyRule.objects.update(lanes=1)
    models.Office.objects.update(version=77)
    for number, minutes in enumerate([*range(480, 690, 15), *range(750, 1020, 15)]):
        text = f"OBJ ZCD 16.9. {minutes // 60}:{minutes % 60:02} Doležal"
        assert say(text, f"+42060255{number:04d}", number).outcome == "booked"
    return list(models.Booking.objects.order_by("id"))


@pytest.mark.parametrize(("booked_before", "outcome"), [(True, "booked"), (False, "missing_name")])
def test_a_yes_takes_the_freed_place(office: Office, booked_before: bool, outcome: str) -> None:
    first, *_ = full_day(office)
    if booked_before:
        assert say("OBJ PTP 17.9. 10:00 Růžičková", ME, 100).outcome == "booked"
    assert say("HLIDEJ ZCD 16.9.", ME, 101).outcome == "watching"
    assert say(f"STORNO {first.code} 16.9.", first.sender, 102).outcome == "cancelled"
    assert models.Outbound.objects.filter(recipient=ME, kind="notice").count() == 1
    assert say("ANO", ME, 110).outcome == outcome
    mine = models.Booking.objects.filter(sender=ME, service__code="ZCD")
    assert [(one.name, one.starts_at) for one in mine] == ([("Růžičková", first.starts_at)] if booked_before else [])


def test_a_second_yes_tells_what_was_booked(office: Office) -> None:
    first, *_ = full_day(office)
    say("OBJ PTP 17.9. 10:00 Růžičková", ME, 100)
    say("HLIDEJ ZCD 16.9.", ME, 101)
    say(f"STORNO {first.code} 16.9.", first.sender, 102)
    assert [say("ANO", ME, minutes).outcome for minutes in (110, 111)] == ["booked", "already_booked"]


def test_a_newer_question_comes_before_the_notice(office: Office) -> None:
    first, *_ = full_day(office)
    say("OBJ PTP 17.9. 10:00 Růžičková", ME, 100)
    say("HLIDEJ ZCD 16.9.", ME, 101)
    say(f"STORNO {first.code} 16.9.", first.sender, 102)
    assert say("OBJ PTP 17.9. v deset třicet Růžičková", ME, 105).outcome == "proposed"
    assert say("ANO", ME, 106).outcome == "booked"
    assert models.Booking.objects.filter(sender=ME, service__code="ZCD").count() == 0
