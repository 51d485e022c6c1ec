"""The database refuses double bookings even from code that ignores the lock and all rules."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from prepazka.store import models, offices
from tests.offices import demo_office

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
AT = datetime(2026, 8, 10, 12, tzinfo=UTC)


@pytest.fixture
def office(transactional_db: None) -> models.Office:
    return models.Office.objects.get(id=offices.keep(demo_office(), NOW))


def book(
    office: models.Office,
    start: datetime = AT,
    minutes: int = 15,
    *,
    lane: int = 0,
    code: str = "482913",
    state: str = "booked",
) -> models.Booking:
    service = office.services.get(code="ZOP")
    return models.Booking.objects.create(
        office=office,
        agenda=service.agenda,
        service=service,
        lane=lane,
        starts_at=start,
        ends_at=start + timedelta(minutes=minutes),
        day=start.date(),
        name="NOVAK",
        sender="+420777123456",
        code=code,
        state=state,
        channel="sms",
        text_key="",
        made_at=NOW,
        changed_at=NOW,
    )


@pytest.mark.parametrize(
    ("start", "minutes"),
    [
        pytest.param(AT, 15, id="the same start"),
        pytest.param(AT + timedelta(minutes=5), 5, id="within"),
        pytest.param(AT - timedelta(minutes=10), 15, id="over its beginning"),
        pytest.param(AT + timedelta(minutes=10), 15, id="over its end"),
        pytest.param(AT - timedelta(minutes=15), 60, id="around it"),
        pytest.param(AT - timedelta(hours=9), 600, id="a whole day's length around it"),
    ],
)
def test_a_lane_is_never_held_twice_at_once(office: models.Office, start: datetime, minutes: int) -> None:
    book(office)
    with pytest.raises(IntegrityError), transaction.atomic():
        book(office, start, minutes, code="111111")
    assert models.Booking.objects.count() == 1


@pytest.mark.parametrize(
    ("start", "lane"),
    [
        pytest.param(AT + timedelta(minutes=15), 0, id="right after"),
        pytest.param(AT - timedelta(minutes=15), 0, id="right before"),
        pytest.param(AT, 1, id="beside"),
    ],
)
def test_what_does_not_overlap_is_accepted(office: models.Office, start: datetime, lane: int) -> None:
    book(office)
    book(office, start, lane=lane, code="111111")
    assert models.Booking.objects.count() == 2


@pytest.mark.parametrize(("first", "second"), [("held", "held"), ("held", "booked"), ("booked", "held")])
def test_a_place_that_waits_for_its_phone_is_taken_as_a_booking_is(
    office: models.Office, first: str, second: str
) -> None:
    book(office, state=first)
    for start, code in ((AT, "111111"), (AT + timedelta(minutes=5), "111111"), (AT + timedelta(hours=1), "482913")):
        with pytest.raises(IntegrityError), transaction.atomic():
            book(office, start, state=second, code=code)
    gone = book(office, AT + timedelta(hours=2), state="cancelled", code="111111")
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Booking.objects.filter(id=gone.id).update(state=second, starts_at=AT)
    assert models.Booking.objects.filter(state=first).count() == 1


def test_a_cancelled_booking_holds_nothing(office: models.Office) -> None:
    book(office, state="cancelled")
    book(office, code="111111")
    assert models.Booking.objects.filter(state="booked").count() == 1


def test_a_cancelled_booking_cannot_come_back_over_another(office: models.Office) -> None:
    gone = book(office, state="cancelled")
    book(office, AT + timedelta(minutes=5), code="111111")
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Booking.objects.filter(id=gone.id).update(state="booked")


def test_a_booking_cannot_be_moved_over_another(office: models.Office) -> None:
    book(office)
    other = book(office, AT + timedelta(hours=1), code="111111")
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Booking.objects.filter(id=other.id).update(
            starts_at=AT + timedelta(minutes=5), ends_at=AT + timedelta(minutes=20)
        )


def test_a_booking_may_be_kept_where_it_is(office: models.Office) -> None:
    kept = book(office)
    kept.save()
    assert models.Booking.objects.get() == kept


def test_a_code_names_one_booking_of_a_day(office: models.Office) -> None:
    book(office)
    book(office, AT + timedelta(days=1))
    with pytest.raises(IntegrityError), transaction.atomic():
        book(office, AT + timedelta(hours=1))


def test_the_guards_stand_after_all_migrations(office: models.Office) -> None:
    """SQLite drops triggers when a migration rebuilds a table; such a migration must create them again."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'booking' ORDER BY name"
            )
            assert [name for (name,) in cursor.fetchall()] == ["booking_no_overlap_insert", "booking_no_overlap_update"]
        else:
            cursor.execute("SELECT contype FROM pg_constraint WHERE conname = 'booking_no_overlap'")
            assert [str(kind) for (kind,) in cursor.fetchall()] == ["x"]
