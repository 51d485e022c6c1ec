"""The peak of a country: who comes does not wait for those before, and books that are wrong are told to be."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random

import pytest

from prepazka.bench.country import books
from prepazka.bench.country.calls import CallFailed
from prepazka.bench.country.load import Meter, offer
from prepazka.bench.country.people import People
from prepazka.bench.country.smsbox import Smsbox
from prepazka.flows.counters import arrive
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import models, offices
from tests.offices import demo_office

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
NUMBER = "+420739000081"
PHONE = "+420602333111"


def offered(do: Callable[[float], Awaitable[float]]) -> Meter:
    meter = Meter()
    asyncio.run(offer(400, 0.05, do, meter, Random(3)))
    return meter


def test_who_comes_does_not_wait_for_those_before() -> None:
    there, all_there = 0, asyncio.Event()

    async def do(_due: float) -> float:
        nonlocal there
        there += 1
        if there == 10:
            all_there.set()
        await all_there.wait()  # nobody is answered before the tenth has come
        return asyncio.get_running_loop().time()

    meter = offered(do)
    assert meter.due == len(meter.seconds) == meter.reached >= 10


def test_what_fails_is_counted_by_its_cause_and_not_as_reached() -> None:
    async def do(due: float) -> float:
        raise CallFailed("GET: 503")

    meter = offered(do)
    assert meter.failed == {"GET: 503": meter.due}
    assert (meter.reached, meter.seconds) == (0, [])


@pytest.fixture
def people(transactional_db: None) -> People:
    """People who were told the truth: of a message, and of a place on the web."""
    office_id = offices.keep(replace(demo_office(), slug="bela", numbers=(NUMBER,)), NOW)
    receive([Inbound("brana", "sms-1", PHONE, NUMBER, "OBJ ZOP 10.8. 14:00 NOVAK")], NOW)
    models.Booking.objects.filter(office=office_id).update(channel="web")
    box = Smsbox()
    box.texts[PHONE].append("Objednano")
    told = People(0, (), box, date(2026, 8, 3), Random(1))
    told.accepted["sms-1"] = PHONE
    told.confirmed.add(PHONE)
    return told


def differences(people: People) -> float:
    [row] = books.rows_of(people)
    return row.figure


def test_right_books_have_no_difference(people: People) -> None:
    assert differences(people) == 0


def lose_a_message(people: People) -> None:
    people.accepted["sms-2"] = "+420602333112"


def answer_twice(people: People) -> None:
    people.smsbox.texts[PHONE].append("Objednano")


def forget_an_answer(people: People) -> None:
    models.Outbound.objects.all().delete()


def lose_a_booking(people: People) -> None:
    models.Booking.objects.update(state="cancelled")


def serve_nobody(people: People) -> None:
    arrive.walk_in(models.Office.objects.get(slug="bela").id, "ZOP", NOW)
    people.served = 1


@pytest.mark.parametrize("wrong", [lose_a_message, answer_twice, forget_an_answer, lose_a_booking, serve_nobody])
def test_wrong_books_are_told(people: People, wrong: Callable[[People], None]) -> None:
    wrong(people)
    assert differences(people) > 0
