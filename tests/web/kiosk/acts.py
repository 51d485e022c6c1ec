"""What is done at a kiosk in the tests."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.test import Client

from prepazka.core.booking.book import Book
from prepazka.core.booking.outcomes import Booked
from prepazka.core.office.office import Office
from prepazka.flows.booking.request import BookingRequest, submit
from tests.web.conftest import ME, NOW


def booked(office: Office, hour: int, minute: int = 0, days: int = 0) -> str:
    """The code of a booking at this time of the office's wall clock, made the day before."""
    local = (NOW + timedelta(days=days)).astimezone(office.zone)
    book = Book("ZOP", local.date(), local.time().replace(hour=hour, minute=minute), "NOVAK")
    outcome = submit(office.id, BookingRequest(book, "web", ME), NOW - timedelta(days=3))
    assert isinstance(outcome, Booked), outcome
    return outcome.booking.code


def type_code(client: Client, code: str, key: str = "") -> Any:
    fields = {"code": code, "go": "1", "key": key or str(uuid4())}
    return client.post("/demo/kiosk/code/", fields, follow=True)


def touch(client: Client, service: str = "ZOP", key: str = "", **fields: str) -> Any:
    return client.post("/demo/kiosk/walk-in", {"service": service, "key": key or str(uuid4()), **fields}, follow=True)


def plain(response: Any) -> str:
    return str(response.content.decode()).replace("\N{NO-BREAK SPACE}", " ")
