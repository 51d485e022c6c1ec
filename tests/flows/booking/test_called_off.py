"""What is told to those whose bookings the office cancels: a day with a place for their service after the change."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from prepazka import officefile
from prepazka.core.actor import Actor
from prepazka.core.office.office import Closure, Office, Service
from prepazka.flows.booking import displaced
from prepazka.flows.booking.query import free_days
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import models, offices
from tests.flows.booking.test_displaced import NOW
from tests.offices import demo_office

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (date(2026, 8, day) for day in range(10, 15))
FIRST = date(2026, 8, 4)
"""Monday the 10th is closed; until Friday the 14th bookings are taken. Its NOW is Monday the 3rd."""
ME, OTHER = "+420605771380", "+420605771491"


@pytest.fixture
def office(transactional_db: None, settings: Any) -> Office:
    settings.SIMULATOR = True
    return stored(demo_office())


def stored(office: Office, **rules: Any) -> Office:
    rules = {"horizon_days": 11, **rules}
    return offices.load(offices.keep(replace(office, settings=replace(office.settings, **rules)), NOW))


def say(sender: str, text: str, to: str = "+420739547765") -> str:
    message = Inbound("phone", f"m{models.Inbound.objects.count()}", sender, to, text)
    [handled] = receive([message], NOW)
    return handled.outcome.outcome if handled.outcome else ""


def fill(office: Office, *days: date, leave: int = 0) -> None:
    """Book the places of these days at the agenda of one lane for callers without a phone, but for the last few."""
    service = office.service_of["PTP"]
    free = free_days(office, service, min(days), max(days), NOW)
    starts = [datetime.combine(on, at, office.zone) for on in days for at in free[on][: len(free[on]) - leave]]
    models.Booking.objects.bulk_create(
        models.Booking(
            office_id=office.id, agenda_id=service.agenda, service_id=service.id, lane=0, starts_at=start,
            ends_at=start + timedelta(minutes=service.minutes), day=start.date(), name="Klient",
            code=f"{700_000 + place}", state="booked", channel="desk", text_key="", made_at=NOW, changed_at=NOW,
        )
        for place, start in enumerate(starts, start=models.Booking.objects.count())
    )  # fmt: skip


def close_monday(office: Office) -> dict[str, str]:
    """Close the day as the administration does, and return what each phone was sent."""
    closed = replace(office, closures=(Closure(MONDAY, MONDAY, "Porucha"),))
    after = officefile.read(officefile.to_document(closed))  # whose parts have ids of their own
    seen = [one.id for one in displaced.displaced_by(office, after, NOW) if one.id is not None]
    with transaction.atomic():
        locked = offices.lock(office.id)
        displaced.displace(locked, after, seen, Actor("vedouci", NOW), displaced.Cancellation("Porucha", notify=True))
    return dict(models.Outbound.objects.filter(kind="called_off").values_list("recipient", "text"))


def with_service(office: Office, **changed: Any) -> Office:
    def of(service: Service) -> Service:
        return replace(service, **changed) if service.code == "PTP" else service

    return offices.load(offices.keep(replace(office, services=tuple(map(of, office.services))), NOW))


def test_a_full_day_is_passed_over(office: Office) -> None:
    say(ME, "OBJ PTP 10.8. 9:00 HORAKOVA")
    fill(office, TUESDAY)
    assert close_monday(office)[ME].endswith("\nTERMIN PTP 12.8.")
    assert say(ME, "TERMIN PTP 12.8.") == "free_times"


def test_a_day_has_to_have_places_for_all_who_come(office: Office) -> None:
    say(ME, "OBJ 2X PTP 10.8. 9:00 HORAKOVA")
    say(OTHER, "OBJ PTP 10.8. 10:00 MALY")
    fill(office, TUESDAY, leave=1)
    told = close_monday(office)
    assert (told[ME][-5:], told[OTHER][-5:]) == ("12.8.", "11.8.")


def test_of_a_service_on_some_weekdays_one_of_those_is_named(office: Office) -> None:
    say(ME, "OBJ PTP 10.8. 9:00 HORAKOVA")
    assert close_monday(with_service(office, weekdays=(0, 3)))[ME].endswith("\nTERMIN PTP 13.8.")


def test_where_only_earlier_days_have_a_place_one_of_those_is_named(office: Office) -> None:
    say(ME, "OBJ PTP 10.8. 9:00 HORAKOVA")
    fill(office, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY)
    assert close_monday(office)[ME].endswith(("\nTERMIN PTP 3.8.", "\nTERMIN PTP 4.8."))


def test_where_no_day_has_a_place_the_way_to_wait_for_one_is_told(office: Office) -> None:
    say(ME, "OBJ PTP 10.8. 9:00 HORAKOVA")
    say(OTHER, "BOOK PTP 10.8. 10:00 SMITH")
    fill(office, *(FIRST + timedelta(days=ahead) for ahead in range(-1, 11) if ahead != 6))
    told = close_monday(office)
    assert told[ME].endswith("Jine dny jsou plne. Hlidani:\nHLIDEJ PTP 11.8.")
    assert told[OTHER].endswith("Other days are full. To wait:\nWATCH PTP 11.8.")
    assert say(ME, "HLIDEJ PTP 11.8.") == "watching"


@pytest.mark.parametrize("paused_from", [NOW.date(), date(2026, 7, 1)])
def test_of_a_paused_service_no_day_is_named(office: Office, paused_from: date) -> None:
    say(ME, "OBJ PTP 10.8. 9:00 HORAKOVA")
    told = close_monday(with_service(office, paused_from=paused_from))
    assert told[ME].endswith("Jiny termin si prosim domluvte na urade.")


def test_a_day_on_which_the_phone_may_hold_no_more_is_passed_over(office: Office) -> None:
    office = stored(office, open_per_sender_and_day=1)
    say(ME, "OBJ PTP 10.8. 9:00 HORAKOVA")
    say(ME, "OBJ ZOP 11.8. 9:00 HORAKOVA")
    say(OTHER, "OBJ PTP 10.8. 10:00 MALY")
    told = close_monday(office)
    assert (told[ME][-5:], told[OTHER][-5:]) == ("12.8.", "11.8.")
    assert say(ME, "OBJ PTP 11.8. 9:00 HORAKOVA") == "limit_reached"
    assert say(ME, "OBJ PTP 12.8. 9:00 HORAKOVA") == "booked"


def test_another_offices_bookings_fill_no_day_here(office: Office) -> None:
    numbers = ("+420739547888",)
    other = stored(replace(office, id=0, slug="jinde", numbers=numbers))
    say(ME, "OBJ PTP 10.8. 9:00 HORAKOVA", to=numbers[0])
    fill(office, TUESDAY)
    assert close_monday(other)[ME].endswith("\nTERMIN PTP 11.8.")


def test_a_day_with_many_bookings_takes_no_more_queries(office: Office) -> None:
    second = stored(replace(office, id=0, slug="jinde", numbers=("+420739547888",)))
    say(ME, "OBJ PTP 10.8. 9:00 HORAKOVA")
    for place in range(8):
        service = ("ZOP", "PTP")[place % 2]
        say(
            f"+42060577150{place}",
            f"OBJ {service} 10.8. {(9, 10, 13, 14)[place // 2]}:00 HORAKOVA",
            to=second.numbers[0],
        )

    def asked(of: Office) -> int:
        with CaptureQueriesContext(connection) as queries:
            close_monday(of)
        return len(queries)

    assert asked(office) == asked(second)
    assert models.Outbound.objects.filter(kind="called_off").count() == 9
