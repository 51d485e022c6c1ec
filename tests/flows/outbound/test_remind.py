"""Reminders: the day before the visit, in the daytime, once, with the message that cancels; not after STOP."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from prepazka.core.office.office import Office
from prepazka.flows.inbound.receive import receive
from prepazka.flows.outbound import remind as journey
from prepazka.flows.outbound.deliver import deliver
from prepazka.flows.outbound.remind import remind
from prepazka.gateways.values import Inbound
from prepazka.store import models, notifications, offices
from tests.flows.conftest import NUMBER
from tests.flows.outbound.fake_gateway import Peer
from tests.made_once import kept_once
from tests.offices import demo_office

pytestmark = pytest.mark.django_db(transaction=True)

BOOKED = datetime(2026, 8, 3, 7, tzinfo=UTC)
DAY_BEFORE = datetime(2026, 8, 9, 7, tzinfo=UTC)  # 9:00 in Prague
ME, OTHER = "+420777123456", "+420602000001"
Say = Callable[..., Any]


@pytest.fixture
def office(transactional_db: None, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Office:
    """Store the demo office with its number bound to a gateway that can send."""
    monkeypatch.setattr("prepazka.flows.outbound.notify.KINDS", dict.fromkeys(["modem"]))
    settings.SIMULATOR = False
    office_id = kept_once(demo_office(), BOOKED).id
    models.Number.objects.update(gateway=models.Gateway.objects.create(name="sim", kind="modem", made_at=BOOKED))
    return offices.load(office_id)


@pytest.fixture
def say(office: Office) -> Say:
    def say(text: str, now: datetime = BOOKED, sender: str = ME, gateway: str = "sim") -> Any:
        count = models.Inbound.objects.count()
        (handled,) = receive([Inbound(gateway, f"m{count}", sender, NUMBER, text)], now)
        assert handled.outcome is not None
        return handled

    return say


def reminders() -> list[models.Outbound]:
    return list(models.Outbound.objects.filter(kind="reminder").order_by("id"))


def test_a_reminder_missed_because_the_machine_was_down_goes_out_in_the_morning(say: Say) -> None:
    say("OBJ ZOP 10.8. 10:00 LHOTOVA")
    say("OBJ ZOP 10.8. 9:45 KOVAR", sender=OTHER)
    morning = datetime(2026, 8, 10, 7, tzinfo=UTC)  # 9:00 in Prague
    assert remind(morning) == 1
    assert [one.recipient for one in reminders()] == [ME]
    assert remind(morning) == 0


def test_who_booked_on_the_day_before_is_not_reminded_in_the_morning(say: Say) -> None:
    say("OBJ ZOP 10.8. 14:00 LHOTOVA", now=DAY_BEFORE)
    assert remind(datetime(2026, 8, 10, 7, tzinfo=UTC)) == 0


def test_visits_without_their_reminder_are_counted(say: Say, office: Office) -> None:
    today = DAY_BEFORE.date() + timedelta(days=4)
    say("OBJ ZOP 10.8. 14:00 LHOTOVA")
    say("OBJ ZOP 11.8. 14:00 KOVAR", sender=OTHER)
    say("OBJ ZOP 12.8. 14:00 HAJEK", now=datetime(2026, 8, 11, 9, tzinfo=UTC), sender="+420602000002")
    assert notifications.count_missed(office, today, 7) == 2
    remind(DAY_BEFORE)
    assert notifications.count_missed(office, today, 7) == 1
    models.Outbound.objects.filter(kind="reminder").update(state="expired")
    assert notifications.count_missed(office, today, 7) == 2
    say("STOP")
    assert notifications.count_missed(office, today, 7) == 1
    assert notifications.count_missed(office, today, 2) == 1


def test_the_day_before_it_says_when_and_how_to_cancel(say: Say) -> None:
    code = say("OBJ ZOP 10.8. 14:00 NOVAK").booking.code
    assert remind(DAY_BEFORE) == 1
    (message_row,) = reminders()
    assert message_row.text == (
        "Pripominame: ZOP pon 10.8. 14:00, NOVAK. S sebou: dosavadni obcansky prukaz; kdo ho nema, rodny list. "
        f"Kod: {code}. Neprijdete-li, poslete\nSTORNO {code} 10.8."
    )
    assert (message_row.recipient, message_row.sender, message_row.gateway) == (ME, NUMBER, "sim")
    assert (message_row.priority, message_row.expires_at) == (5, datetime(2026, 8, 10, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param(DAY_BEFORE - timedelta(minutes=1), 0, id="too early in the morning"),
        pytest.param(DAY_BEFORE, 1, id="in the morning"),
        pytest.param(DAY_BEFORE + timedelta(hours=9, minutes=59), 1, id="just before the evening"),
        pytest.param(DAY_BEFORE + timedelta(hours=10), 0, id="in the evening"),
        pytest.param(DAY_BEFORE - timedelta(days=1), 0, id="two days before"),
        pytest.param(DAY_BEFORE + timedelta(days=1), 1, id="missed, on the morning of the day itself"),
        pytest.param(DAY_BEFORE + timedelta(days=1, hours=5), 0, id="when the visit begins"),
    ],
)
def test_only_the_day_before_and_by_day(say: Say, now: datetime, expected: int) -> None:
    say("OBJ ZOP 10.8. 14:00 NOVAK")
    assert remind(now) == expected


def test_day_is_by_the_offices_clock(say: Say, office: Office) -> None:
    say("OBJ ZOP 10.8. 14:00 NOVAK")
    later = replace(demo_office(), settings=replace(demo_office().settings, remind_from=BOOKED.time().replace(hour=15)))
    offices.keep(later, BOOKED)
    assert remind(DAY_BEFORE) == 0
    assert remind(DAY_BEFORE + timedelta(hours=6)) == 1


def test_once_a_booking_ever(say: Say) -> None:
    say("OBJ ZOP 10.8. 14:00 NOVAK")
    assert [remind(DAY_BEFORE + timedelta(minutes=minute)) for minute in range(3)] == [1, 0, 0]
    models.Outbound.objects.update(state="failed", due_at=None)
    assert remind(DAY_BEFORE) == 0


def test_every_booking_of_a_family(say: Say) -> None:
    for name in ("NOVAK", "NOVAKOVA"):
        say(f"OBJ ZOP 10.8. 14:00 {name}")
    assert remind(DAY_BEFORE) == 2


def test_in_the_language_the_booking_was_made_in(say: Say) -> None:
    say("BOOK ZOP 10.8. 14:00 NOVAK")
    remind(DAY_BEFORE)
    assert reminders()[0].text.startswith("Reminder: ZOP")


def test_not_who_booked_on_that_very_day(say: Say) -> None:
    say("OBJ ZOP 10.8. 14:00 NOVAK", DAY_BEFORE - timedelta(hours=2))
    assert remind(DAY_BEFORE) == 0
    say("OBJ ZOP 10.8. 14:15 DVORAK", DAY_BEFORE - timedelta(hours=9, minutes=1), OTHER)
    assert remind(DAY_BEFORE) == 1, "23:59 was the day before"


def test_not_of_what_was_cancelled_or_moved(say: Say) -> None:
    first, second = say("OBJ ZOP 10.8. 14:00 NOVAK").booking, say("OBJ ZOP 10.8. 14:15 DVORAK", sender=OTHER).booking
    say(f"STORNO {first.code} 10.8.")
    say(f"PRESUN {second.code} 11.8. 9:00", sender=OTHER)
    assert remind(DAY_BEFORE) == 0
    assert remind(DAY_BEFORE + timedelta(days=1)) == 1


def test_not_who_said_stop_until_start(say: Say) -> None:
    say("OBJ ZOP 10.8. 14:00 NOVAK")
    say("STOP")
    assert remind(DAY_BEFORE) == 0
    say("START", DAY_BEFORE)
    assert remind(DAY_BEFORE) == 1


def test_not_who_cannot_be_reached(say: Say) -> None:
    say("OBJ ZOP 10.8. 14:00 NOVAK")
    models.Booking.objects.update(sender="INFO")
    assert remind(DAY_BEFORE) == 0
    models.Booking.objects.update(sender="")
    assert remind(DAY_BEFORE) == 0


def test_what_was_booked_without_a_message_is_reminded_of_by_the_first_number(say: Say) -> None:
    say("OBJ ZOP 10.8. 14:00 NOVAK")
    models.Outbound.objects.all().delete()
    models.Inbound.objects.all().delete()
    assert remind(DAY_BEFORE) == 1
    assert (reminders()[0].gateway, reminders()[0].sender) == ("sim", NUMBER)


def test_a_booking_cancelled_before_its_reminder_is_sent_is_not_reminded_of(say: Say) -> None:
    code = say("OBJ ZOP 10.8. 14:00 NOVAK").booking.code
    remind(DAY_BEFORE)
    say(f"STORNO {code} 10.8.", DAY_BEFORE)
    peer = Peer()
    while deliver(peer, DAY_BEFORE):
        pass
    assert (peer.given, reminders()[0].state) == ([], "expired")


def test_a_crowd_takes_as_many_queries_as_one(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    for n in range(9):
        say(f"OBJ ZOP 10.8. {8 + n // 4}:{n % 4 * 15:02d} NOVAK", sender=f"+42060200000{n}")
        if n in {0, 8}:
            with CaptureQueriesContext(connection) as queries:
                assert remind(DAY_BEFORE) == (1 if n == 0 else 8)
            asked.append(len(queries))
    assert asked[0] == asked[1]
    monkeypatch.setattr(journey, "BATCH", 4)
    models.Outbound.objects.filter(kind="reminder").delete()
    assert remind(DAY_BEFORE) == 9
