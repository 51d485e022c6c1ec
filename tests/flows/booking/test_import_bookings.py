"""Switching over: all of a file or nothing, codes kept, nobody written to, and a second time nothing changes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from prepazka.core.actor import Actor
from prepazka.core.booking.import_file import read
from prepazka.flows.booking.import_bookings import Imported, import_bookings
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import models, offices
from tests.made_once import kept_once
from tests.offices import demo_office

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
NUMBER = "+420739000078"
HEADER = "kód;činnost;datum;čas;jméno;telefon\n"


@pytest.fixture
def office_id(transactional_db: None, settings: Any) -> int:
    settings.SIMULATOR = True
    return kept_once(replace(demo_office(), slug="hradek", numbers=(NUMBER,)), NOW).id


def run(office_id: int, *rows: str, now: datetime = NOW, **how: bool) -> Imported:
    return import_bookings(office_id, read((HEADER + "\n".join(rows)).encode()), Actor("test", now), **how)


def told(done: Imported) -> list[tuple[int, str, str]]:
    return [(one.line, one.column, one.kind) for one in done.problems]


def test_codes_are_kept_nobody_is_written_to_and_the_booking_is_like_any_other(office_id: int) -> None:
    rows = ("482913;ZOP;11.8.2026;8:15;Kučerová;602 111 333", ";PTP;12.11.2026;9.00;Jan Bureš;541 234 567")
    assert run(office_id, *rows) == Imported(new=2)
    first, second = models.Booking.objects.order_by("id")
    assert (first.code, first.sender, first.calls, first.channel) == ("482913", "+420602111333", "", "import")
    assert (len(second.code), second.sender, second.calls) == (6, "", "+420541234567")  # beyond the horizon, too
    assert models.Outbound.objects.count() == 0
    assert models.Audit.objects.filter(what="bookings imported").get().details == {"count": 2}
    receive([Inbound("modem", "1", "+420602111333", NUMBER, "STORNO 482913 11.8.")], NOW)
    first.refresh_from_db()
    assert first.state == "cancelled"


def test_a_second_time_changes_nothing_also_when_somebody_has_cancelled_since(office_id: int) -> None:
    rows = ("482913;ZOP;11.8.2026;8:15;Kučerová;602 111 333", ";ZOP;11.8.2026;8:30;Bureš;")
    run(office_id, *rows)
    receive([Inbound("modem", "1", "+420602111333", NUMBER, "STORNO 482913 11.8.")], NOW)
    before = list(models.Booking.objects.order_by("id").values())
    assert run(office_id, *rows, tell=True) == Imported(known=2)
    assert list(models.Booking.objects.order_by("id").values()) == before


def test_one_mistake_keeps_all_out(office_id: int) -> None:
    rows = ("482913;ZOP;11.8.2026;8:15;Kučerová;", "482914;ZOP;11.8.2026;8:20;Bureš;", ";XYZ;11.8.2026;8:15;Malá;")
    assert told(run(office_id, *rows)) == [(3, "time", "hours"), (4, "service", "service")]
    assert not models.Booking.objects.exists()


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        pytest.param([";ZOP;3.8.2026;8:00;Malá;"], (2, "date", "past"), id="over"),
        pytest.param([";ZOP;9.8.2026;9:00;Malá;"], (2, "time", "hours"), id="a Sunday"),
        pytest.param([";ZOP;10.8.2026;11:45;Malá;"], (2, "time", "hours"), id="the break"),
        pytest.param([";ZOP;11.8.2026;9:00;Malá;12"], (2, "phone", "phone"), id="no number"),
        pytest.param(
            ["111222;PTP;11.8.2026;9:00;Malá;", "111222;PTP;11.8.2026;9:15;Malá;"],
            (3, "code", "code_twice"),
            id="a code twice",
        ),
        pytest.param(
            [";PTP;11.8.2026;9:00;Malá;", ";PTP;11.8.2026;9:00;Nový;"], (3, "time", "taken"), id="one lane, two people"
        ),
    ],
)
def test_what_the_office_cannot_take_is_told_by_line(
    office_id: int, rows: list[str], problem: tuple[int, str, str]
) -> None:
    assert told(run(office_id, *rows)) == [problem]
    assert not models.Booking.objects.exists()


def test_a_code_of_another_booking_of_that_day_is_refused(office_id: int) -> None:
    receive([Inbound("modem", "1", "+420602111444", NUMBER, "OBJ ZOP 11.8. 9:00 POKORNY")], NOW)
    code = models.Booking.objects.get().code
    assert told(run(office_id, f"{code};PTP;11.8.2026;9:00;Malá;")) == [(2, "code", "code_taken")]
    assert run(office_id, f"{code};PTP;12.8.2026;9:00;Malá;") == Imported(new=1)  # another day


def test_another_office_is_not_touched_and_its_codes_do_not_count(office_id: int) -> None:
    other = offices.keep(replace(demo_office(), slug="jinde", numbers=("+420739000079",)), NOW, "test")
    row = "482913;ZOP;11.8.2026;8:15;Kučerová;"
    assert run(other, row) == Imported(new=1)
    assert run(office_id, row) == Imported(new=1)
    assert models.Booking.objects.filter(office_id=office_id).count() == 1


def test_a_trial_stores_nothing_and_confirmations_go_to_new_mobiles_only(office_id: int) -> None:
    rows = ("482913;ZOP;11.8.2026;8:15;Kučerová;602 111 333", ";ZOP;11.8.2026;8:30;Bureš;541 234 567")
    assert run(office_id, *rows, trial=True, tell=True) == Imported(new=2)
    assert not models.Booking.objects.exists()
    assert run(office_id, *rows, tell=True) == Imported(new=2, notified=1)
    message = models.Outbound.objects.get()
    assert (message.recipient, "482913" in message.text) == ("+420602111333", True)


def test_the_number_of_queries_is_that_of_one_line(office_id: int) -> None:
    def queries(first: datetime, count: int) -> int:
        days = [first + timedelta(days=7 * week) for week in range(count)]
        with CaptureQueriesContext(connection) as captured:
            done = run(office_id, *[f";ZOP;{day:%d.%m.%Y};8:15;Malá;" for day in days])
        assert done.new == count
        return len(captured)

    queries(datetime(2026, 8, 10, tzinfo=UTC), 1)  # the office is read but once
    assert queries(datetime(2026, 8, 11, tzinfo=UTC), 1) == queries(datetime(2026, 8, 12, tzinfo=UTC), 9)
