"""Which messages the clerk's inbox holds, and what the store tells the manager of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from prepazka.core.booking.misunderstood import MISUNDERSTOOD, SUCCESSES
from prepazka.store import clerk_inbox as inbox
from prepazka.store import models, offices
from prepazka.store.misunderstandings import RepairCount, WrittenText, repairs, texts
from prepazka.store.statistics import Period
from tests.made_once import kept_once
from tests.offices import demo_office

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
ME, OTHER = "+420777123456", "+420602000001"
NUMBER = "+420739547765"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def office_id(transactional_db: None) -> int:
    return kept_once(demo_office(), NOW).id


def came(office_id: int, outcome: str = "not_understood", **fields: Any) -> int:
    number = models.Inbound.objects.count()
    row = {
        "gateway": "test",
        "gateway_id": f"m{number}",
        "sender": ME,
        "recipient": NUMBER,
        "text": f"text {number}",
        "text_key": "key",
        "received_at": NOW + number * MINUTE,
        "state": "answered",
        "outcome": outcome,
    }
    return models.Inbound.objects.create(office_id=office_id, **row | fields).id


def unread(office_id: int) -> list[int]:
    return [message.id for message in inbox.unread(office_id, 2**62, 50)]


@pytest.mark.parametrize("outcome", MISUNDERSTOOD)
def test_what_was_not_understood_waits(office_id: int, outcome: str) -> None:
    message = came(office_id, outcome)
    assert unread(office_id) == [message]
    assert inbox.waiting(office_id) == 1
    assert inbox.find(office_id, message) is not None


@pytest.mark.parametrize("outcome", ["booked", "missing_name", "ignored", "help", ""])
def test_other_messages_do_not(office_id: int, outcome: str) -> None:
    message = came(office_id, outcome)
    assert unread(office_id) == []
    assert inbox.find(office_id, message) is None


@pytest.mark.parametrize("success", SUCCESSES)
@pytest.mark.parametrize("slip", ["unknown_service", "bad_date", "bad_time"])
def test_a_slip_its_sender_mended_is_left_out(office_id: int, slip: str, success: str) -> None:
    came(office_id, success)
    message = came(office_id, slip)
    came(office_id, success, sender=OTHER)
    assert unread(office_id) == [message]
    came(office_id, success)
    assert unread(office_id) == []
    assert inbox.waiting(office_id) == 0


def test_a_question_is_not_answered_by_a_booking(office_id: int) -> None:
    message = came(office_id, "not_understood")
    came(office_id, "booked")
    assert unread(office_id) == [message]


def test_an_empty_message_says_nothing(office_id: int) -> None:
    came(office_id, text="")
    assert unread(office_id) == []


def test_an_erased_message_is_gone(office_id: int) -> None:
    message = came(office_id, sender="", text="", text_key="")
    assert unread(office_id) == []
    assert inbox.find(office_id, message) is None


def test_another_office_sees_nothing(office_id: int) -> None:
    other = offices.keep(replace(demo_office(), slug="jinde", numbers=("+420739000000",)), NOW)
    message = came(office_id)
    assert unread(other) == []
    assert inbox.waiting(other) == 0
    assert inbox.find(other, message) is None
    assert inbox.mark_done(other, ME, message, NOW, "eva") == 0
    assert unread(office_id) == [message]


def test_the_newest_come_first_page_by_page(office_id: int) -> None:
    messages = [came(office_id) for _ in range(5)]
    first = inbox.unread(office_id, 2**62, 3)
    assert [one.id for one in first] == messages[:1:-1]
    assert [one.id for one in inbox.unread(office_id, first[-1].id, 3)] == messages[1::-1]


def test_who_wrote_three_times_waits_once(office_id: int) -> None:
    for sender in (ME, ME, ME, OTHER):
        came(office_id, sender=sender)
    assert inbox.waiting(office_id) == 2


def test_what_came_after_the_page_was_shown_stays(office_id: int) -> None:
    old, seen, new = (came(office_id) for _ in range(3))
    assert inbox.mark_done(office_id, ME, seen, NOW, "eva") == 2
    assert unread(office_id) == [new]
    assert [(one.id, one.done_at, one.done_by) for one in inbox.done(office_id, 50)] == [
        (seen, NOW, "eva"),
        (old, NOW, "eva"),
    ]


def test_only_what_was_marked_at_that_moment_is_taken_back(office_id: int) -> None:
    first = came(office_id)
    inbox.mark_done(office_id, ME, first, NOW, "eva")
    second = came(office_id)
    inbox.mark_done(office_id, ME, second, NOW + MINUTE, "petr")
    assert inbox.reopen(office_id, ME, NOW + MINUTE) == 1
    assert unread(office_id) == [second]
    assert [one.id for one in inbox.done(office_id, 50)] == [first]


def test_what_people_wrote_in_a_month(office_id: int) -> None:
    came(office_id, text="obcanka", received_at=NOW)
    came(office_id, "unknown_service", text="OBJ PAS", sender=OTHER, received_at=NOW + MINUTE)
    came(office_id, text="ridicak", received_at=NOW - 40 * 24 * 60 * MINUTE)
    came(office_id, text="", text_key="", sender="", received_at=NOW)
    came(office_id, "booked", text="OBJ", received_at=NOW)
    assert texts(office_id, NOW - 60 * MINUTE, NOW + 60 * MINUTE) == [
        WrittenText(OTHER, "OBJ PAS"),
        WrittenText(ME, "obcanka"),
    ]


def test_which_repairs_serve(office_id: int) -> None:
    came(office_id, "booked", repairs="courtesy month_in_words", received_at=NOW)
    came(office_id, "proposed", repairs="courtesy", received_at=NOW)
    came(office_id, "not_understood", repairs="courtesy", received_at=NOW)
    came(office_id, "booked", received_at=NOW)
    came(office_id, "booked", repairs="courtesy", received_at=NOW - 24 * 60 * MINUTE)
    assert repairs(offices.load(office_id), Period(NOW.date(), NOW.date())) == [
        RepairCount("courtesy", 3, 2),
        RepairCount("month_in_words", 1, 1),
    ]
