"""The ceiling of a day: nothing is begun beyond it, and every phone is answered (docs/spec/safety.md §2.6)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from prepazka.core.delivery import KINDS
from prepazka.core.office.office import Office
from prepazka.flows.inbound.receive import receive
from prepazka.flows.outbound import ceiling, notify
from prepazka.flows.outbound.notify import Notification, Route
from prepazka.gateways.values import Inbound
from prepazka.sms.reply.render import Reply
from prepazka.store import offices
from tests.made_once import kept_once
from tests.offices import demo_office

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
NUMBER = "+420739547765"
ROUTE = Route("modem", NUMBER)
REPLY = Reply.of("Zitra mate termin.")


@pytest.fixture
def office(transactional_db: None, settings: Any) -> Office:
    settings.LIMITS = {"messages_of_office": 5}
    return kept_once(demo_office(), NOW)


@pytest.fixture
def numbers() -> Iterator[str]:
    return (f"+42073144{number:04}" for number in range(10_000))


def begin(office: Office, kind: str, recipient: str, now: datetime = NOW, route: Route = ROUTE) -> int:
    notification = Notification(kind, recipient, REPLY, now + timedelta(days=2), route=route)
    return notify.enqueue(office, [notification], now)


def test_reminders_and_messages_to_many_stop_at_the_ceiling(office: Office, numbers: Iterator[str]) -> None:
    assert [begin(office, "reminder", number) for number, _ in zip(numbers, range(7), strict=False)] == [1] * 5 + [
        0
    ] * 2
    assert begin(office, "bulk", next(numbers)) == 0
    assert begin(office, "notice", next(numbers)) == 0


def test_what_a_clerk_or_a_phone_waits_for_never_stops(office: Office, numbers: Iterator[str]) -> None:
    for _ in range(6):
        begin(office, "called_off", next(numbers))
    assert ceiling.is_reached(office, NOW)
    for kind in sorted(KINDS.keys() - {"reminder", "bulk", "notice", "reply"}):
        assert begin(office, kind, next(numbers)) == 1, kind
    [handled] = receive([Inbound("modem", "m1", next(numbers), NUMBER, "TERMIN ZOP 10.8.")], NOW)
    assert handled.reply is not None


def test_replies_count_too(office: Office, numbers: Iterator[str]) -> None:
    for number in range(5):
        receive([Inbound("modem", f"m{number}", next(numbers), NUMBER, "TERMIN ZOP 10.8.")], NOW)
    assert begin(office, "reminder", next(numbers)) == 0


def test_a_new_day_of_the_offices_own_begins_anew(office: Office, numbers: Iterator[str]) -> None:
    evening = datetime(2026, 8, 3, 21, 30, tzinfo=UTC)
    for _ in range(5):
        begin(office, "called_off", next(numbers), evening)
    assert begin(office, "reminder", next(numbers), evening) == 0
    midnight_in_prague = datetime(2026, 8, 3, 22, 0, tzinfo=UTC)
    assert begin(office, "reminder", next(numbers), midnight_in_prague) == 1


def test_another_office_has_its_own_ceiling(office: Office, numbers: Iterator[str]) -> None:
    other = offices.load(offices.keep(replace(demo_office(), slug="jinde", numbers=()), NOW))
    for _ in range(5):
        begin(office, "called_off", next(numbers))
    assert begin(other, "reminder", next(numbers)) == 1


def test_screens_cost_nothing(office: Office, numbers: Iterator[str]) -> None:
    for _ in range(6):
        begin(office, "called_off", next(numbers))
    assert begin(office, "reminder", next(numbers), route=Route("phone", NUMBER)) == 1
