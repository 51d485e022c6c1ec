import re
from datetime import time

import pytest

from prepazka.core.booking.answer import Accept
from prepazka.core.booking.book import Book, BookSoonest, Move
from prepazka.core.booking.bring import ToBring
from prepazka.core.booking.cancel import Cancel
from prepazka.core.booking.outcomes import (
    Booked,
    ClosedDay,
    FreeTimesListed,
    HelpGiven,
    LimitReached,
    MissingDate,
    NoFreeSlot,
    Outcome,
    SlotFull,
    UnknownService,
)
from prepazka.core.booking.query import FreeTimes, Help, JoinWaitlist, ListServices, Mine, QueueStatus
from prepazka.core.booking.reminders import ResumeReminders, StopReminders
from prepazka.core.booking.requests import Request
from prepazka.core.office.plan import Closed
from prepazka.sms.reply.render import templates_of
from prepazka.sms.understand.commands import COMMANDS
from prepazka.sms.understand.parse import parse
from tests.sms.reply.outcomes import EXAMPLE, LANGUAGES, MONDAY, OFFICE, TUESDAY, TWO, ZOP, booking, offer, reply

TAUGHT = {
    "book": Book("ZOP", MONDAY, TWO, "NOVAK"),
    "book_persons": Book("ZOP", MONDAY, TWO, "NOVAK", 2),
    "soonest": BookSoonest("ZOP", "NOVAK"),
    "free_times": FreeTimes("ZOP", MONDAY),
    "free_times_tomorrow": FreeTimes("ZOP", TUESDAY),
    "free_times_since": FreeTimes("ZOP", MONDAY, TWO),
    "services": ListServices(),
    "help": Help(),
    "info": Help(info=True),
    "cancel": Cancel("482913", MONDAY),
    "accept": Accept(1),
    "accept_other": Accept(2),
    "mine": Mine(),
    "move": Move("482913", MONDAY, TWO),
    "watch": JoinWaitlist("ZOP", MONDAY),
    "queue": QueueStatus("ZOP"),
    "bring": ToBring("ZOP"),
    "stop": StopReminders(),
    "resume": ResumeReminders(),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "asked"), [pytest.param(name, asked, id=name) for name, asked in TAUGHT.items()])
def test_every_taught_form_is_understood_and_answered_in_its_language(language: str, name: str, asked: Request) -> None:
    form = templates_of(OFFICE, language).forms[name]
    message = form.format(service="ZOP", date="10.8.", time="14:00", name="NOVAK", persons=2, code="482913", choice=2)
    reading = parse(message, OFFICE, MONDAY)
    assert (reading.request, reading.language) == (asked, language)


def test_every_taught_form_of_the_rows_is_tried_here() -> None:
    assert {form for command in COMMANDS.values() for form in command.taught} == TAUGHT.keys()


@pytest.mark.parametrize(
    ("outcome", "pattern", "asked"),
    [
        pytest.param(HelpGiven(), r"Objednani: (.+) \(", Book("ZOP", MONDAY, TWO, "NOVAK"), id="help"),
        pytest.param(Booked(booking()), r"Zruseni: (.+)", Cancel("482913", MONDAY), id="booked"),
        pytest.param(
            SlotFull(ZOP, MONDAY, TWO, (offer(name="Nová-Žáková ml"),)),
            r"Poslete (.+) nebo ",
            Book("ZOP", MONDAY, time(14, 15), "Nova-Zakova ml"),
            id="slot_full",
        ),
        pytest.param(
            SlotFull(ZOP, MONDAY, TWO, ()), r"Jiny den: (.+?\..+?\.) ", FreeTimes("ZOP", TUESDAY), id="slot_full-none"
        ),
        pytest.param(
            NoFreeSlot(ZOP, MONDAY, MONDAY), r"mista: (.+)", JoinWaitlist("ZOP", MONDAY), id="no_free_slot-watch"
        ),
        pytest.param(
            ClosedDay(ZOP, MONDAY, Closed("weekend"), TUESDAY),
            r"casy: (.+)",
            FreeTimes("ZOP", TUESDAY),
            id="closed_day",
        ),
        pytest.param(
            FreeTimesListed(ZOP, MONDAY, (TWO,)),
            r"Objednani: (.+)",
            Book("ZOP", MONDAY, TWO, "PRIJMENI"),
            id="free_times",
        ),
        pytest.param(UnknownService("X", ()), r"zkratky: (.+)", ListServices(), id="unknown_service"),
        pytest.param(LimitReached(4, "sender"), r"Vypis: (\w+)", Mine(), id="limit_reached"),
    ],
)
def test_a_message_in_a_reply_is_understood(outcome: Outcome, pattern: str, asked: Request) -> None:
    taught = re.search(pattern, reply(outcome).text)
    assert taught is not None
    assert parse(taught[1], OFFICE, MONDAY).request == asked


def test_an_example_too_long_to_repeat_gives_way_to_the_sample() -> None:
    assert reply(MissingDate(EXAMPLE + "A" * 60)).text.endswith(EXAMPLE)
