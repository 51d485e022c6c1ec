"""MOJE by the real way: what is to come, and what was served, missed or cancelled today (spec/messages.md §7.2)."""

from datetime import datetime, timedelta

import pytest

from prepazka.core.office.office import Office
from prepazka.flows.counters import arrive
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import models
from tests.flows.counters.working_day import at, book, kept_office

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

ME, OTHER = "+420777123456", "+420606112233"


@pytest.fixture
def office(transactional_db: None) -> Office:
    return kept_office()


_count = 0


def mine(office: Office, now: datetime, sender: str = ME, text: str = "MOJE") -> str:
    global _count  # noqa: PLW0603 - each message has an id of its own
    _count += 1
    message = Inbound("sim", f"mine-{_count}", sender, office.numbers[0], text, now)
    (handled,) = receive([message], now)
    assert handled.reply is not None
    return handled.reply.text


def ended(booking: models.Booking, office: Office, state: str) -> None:
    """The booking's holder came, and was served or was not there when called."""
    arrive.check_in(office.id, booking.code, booking.starts_at)
    models.Ticket.objects.filter(booking=booking).update(state=state, ended_at=booking.starts_at)


def test_what_is_over_today_stands_behind_what_is_to_come(office: Office) -> None:
    ended(book(office, at(8), "111111"), office, "done")
    ended(book(office, at(8, 30), "222222", "POP"), office, "absent")
    book(office, at(9), "333333", "ZCD")
    book(office, at(14), "444444", "PCD")
    book(office, at(15), "555555", "RTP", state="cancelled", changed_at=at(10))
    assert mine(office, at(11)) == (
        "Vase objednavky: PCD pon 3.8. 14:00 kod 444444. "
        "Dnes: ZOP 8:00 probehlo, POP 8:30 propadlo, ZCD 9:00 propadlo, RTP 15:00 zruseno"
    )


def test_a_booking_of_another_day_cancelled_today_is_told_with_its_day(office: Office) -> None:
    book(office, at(9) + timedelta(days=7), "111111", state="cancelled", changed_at=at(8))
    book(office, at(9) + timedelta(days=8), "222222", state="cancelled", changed_at=at(8) - timedelta(days=1))
    assert mine(office, at(11)) == "Zadnou platnou objednavku ted nemate. Dnes: ZOP pon 10.8. 9:00 zruseno"


def test_a_booking_cancelled_a_moment_ago_is_told(office: Office) -> None:
    book(office, at(14), "111111")
    mine(office, at(11), text="STORNO 111111 3.8.")
    assert mine(office, at(11, 1)) == "Zadnou platnou objednavku ted nemate. Dnes: ZOP 14:00 zruseno"


def test_who_was_served_within_the_check_in_window_has_no_booking_any_more(office: Office) -> None:
    ended(book(office, at(9), "111111"), office, "done")
    assert mine(office, at(9, 10)) == "Zadnou platnou objednavku ted nemate. Dnes: ZOP 9:00 probehlo"


def test_who_waits_or_comes_within_the_window_has_not_missed_it(office: Office) -> None:
    waiting = book(office, at(8), "111111")
    arrive.check_in(office.id, waiting.code, at(8))
    book(office, at(9), "222222", "POP")
    assert mine(office, at(9, 14)) == "Vase objednavky: POP pon 3.8. 9:00 kod 222222"


@pytest.mark.parametrize("state", ["moved", "cancelled"])
def test_yesterday_and_what_was_moved_away_are_not_told(office: Office, state: str) -> None:
    yesterday = at(9) - timedelta(days=1)
    ended(book(office, yesterday, "111111"), office, "done")
    book(office, yesterday, "222222", "POP", state=state, changed_at=yesterday)
    book(office, at(9), "333333", "ZCD", state="moved", changed_at=at(8))
    assert mine(office, at(11)).startswith("Zadnou objednavku ted nemate.")


def test_nobody_is_told_of_the_bookings_of_another_phone(office: Office) -> None:
    ended(book(office, at(8), "111111"), office, "done")
    book(office, at(9), "222222", state="cancelled", changed_at=at(8))
    assert mine(office, at(11), OTHER).startswith("Zadnou objednavku ted nemate.")


def test_what_is_over_falls_away_before_a_booking_to_come_does(office: Office) -> None:
    for hour in (13, 14, 15, 16):
        book(office, at(hour), f"{hour}0000", "ZOP")
    for quarter in range(4):
        book(office, at(8, 15 * quarter), f"8000{quarter}0", "PTP", state="cancelled", changed_at=at(7))
    told = mine(office, at(11))
    assert all(f"kod {hour}0000" in told for hour in (13, 14, 15, 16))
    assert "Dnes" not in told
