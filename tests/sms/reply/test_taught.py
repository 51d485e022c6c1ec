import re
from dataclasses import replace
from datetime import date, time

import pytest

from prepazka.core.booking.answer import Accept
from prepazka.core.booking.book import Book, BookSoonest, Move
from prepazka.core.booking.bring import ToBring
from prepazka.core.booking.cancel import Cancel
from prepazka.core.booking.draft import Draft
from prepazka.core.booking.misunderstandings import MissingCode, MissingDate, MissingName, NotUnderstood, UnknownService
from prepazka.core.booking.outcomes import (
    Booked,
    ClosedDay,
    FreeTimesListed,
    HelpGiven,
    LimitReached,
    NextFree,
    NoFreeSlot,
    Outcome,
    Proposed,
    SlotFull,
)
from prepazka.core.booking.query import FreeTimes, Help, JoinWaitlist, ListServices, Mine, QueueStatus
from prepazka.core.booking.reminders import ResumeReminders, StopReminders
from prepazka.core.booking.requests import Request
from prepazka.core.office.plan import Closed
from prepazka.sms.alphabets import GSM
from prepazka.sms.folding import fold
from prepazka.sms.languages import load
from prepazka.sms.reply.render import templates_of
from prepazka.sms.understand.commands import COMMANDS
from prepazka.sms.understand.parse import parse
from tests.sms.reply.outcomes import FULL, LANGUAGES, MONDAY, OFFICE, TUESDAY, TWO, ZOP, booking, offer, reply

WORDS = {language.code: language.words for language in load()}
TAUGHT = {
    "book": Book("ZOP", MONDAY, TWO, "NOVAK"),
    "book_persons": Book("ZOP", MONDAY, TWO, "NOVAK", 2),
    "soonest": BookSoonest("ZOP", "NOVAK"),
    "soonest_persons": BookSoonest("ZOP", "NOVAK", 2),
    "free_times": FreeTimes("ZOP", MONDAY),
    "free_times_tomorrow": FreeTimes("ZOP", TUESDAY),
    "free_times_since": FreeTimes("ZOP", MONDAY, TWO),
    "services": ListServices(),
    "help": Help(),
    "info": Help(info=True),
    "bring": ToBring("ZOP"),
    "cancel": Cancel("482913", MONDAY),
    "accept": Accept(),
    "accept_other": Accept(2),
    "mine": Mine(),
    "move": Move("482913", MONDAY, TWO),
    "watch": JoinWaitlist("ZOP", MONDAY),
    "queue": QueueStatus("ZOP"),
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


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("outcome", "asked"),
    [
        pytest.param(HelpGiven("ZOP", MONDAY, TWO), [Book("ZOP", MONDAY, TWO, "SVOBODA"), ListServices()], id="help"),
        pytest.param(Booked(booking()), [Cancel("482913", MONDAY)], id="booked"),
        pytest.param(
            Booked(booking(), booking(day=TUESDAY)),
            [Cancel("482913", MONDAY), Cancel("482913", TUESDAY)],
            id="booked-both",
        ),
        pytest.param(Proposed((offer(),)), [Accept()], id="proposed"),
        pytest.param(Proposed((offer(), offer(TUESDAY)), together=True), [Accept(), Accept(1), Accept(2)], id="both"),
        pytest.param(
            SlotFull(ZOP, MONDAY, TWO, (offer(name="Nová-Žáková ml"),)),
            [Accept(), Book("ZOP", MONDAY, time(14, 15), "Nová-Žáková ml")],
            id="slot_full",
        ),
        pytest.param(
            SlotFull(ZOP, MONDAY, TWO, ()), [FreeTimes("ZOP", TUESDAY), JoinWaitlist("ZOP", MONDAY)], id="nothing-near"
        ),
        pytest.param(
            NoFreeSlot(ZOP, MONDAY, MONDAY),
            [FreeTimes("ZOP", TUESDAY), JoinWaitlist("ZOP", MONDAY)],
            id="no_free_slot",
        ),
        pytest.param(ClosedDay(ZOP, MONDAY, Closed("weekend"), TUESDAY), [FreeTimes("ZOP", TUESDAY)], id="closed_day"),
        pytest.param(
            ClosedDay(
                ZOP, MONDAY, Closed("weekend"), TUESDAY, next_free=NextFree(date(2026, 8, 13), date(2026, 8, 13))
            ),
            [FreeTimes("ZOP", date(2026, 8, 13))],
            id="closed_day-before-full-days",
        ),
        pytest.param(
            ClosedDay(ZOP, MONDAY, Closed("weekend"), TUESDAY, next_free=NextFree(None, date(2026, 8, 13))),
            [JoinWaitlist("ZOP", TUESDAY)],
            id="closed_day-with-nothing-free",
        ),
        pytest.param(FreeTimesListed(ZOP, MONDAY, (TWO,)), [Book("ZOP", MONDAY, TWO, "SVOBODA")], id="free_times"),
        pytest.param(UnknownService("X", ()), [ListServices()], id="unknown_service"),
        pytest.param(
            UnknownService("ZPO", ("ZOP",), FULL), [Book("ZOP", MONDAY, TWO, "NOVAK"), ListServices()], id="near"
        ),
        pytest.param(LimitReached(4, "sender"), [Mine()], id="limit_reached"),
        pytest.param(NotUnderstood("x", FULL), [Book("ZOP", MONDAY, TWO, "NOVAK"), Help()], id="not_understood"),
        pytest.param(
            MissingName(replace(FULL, name=None)), [Book("ZOP", MONDAY, TWO, "SVOBODA")], id="missing_name-filled"
        ),
        pytest.param(
            MissingCode(Draft("cancel"), (booking(), booking(day=TUESDAY))),
            [Cancel("482913", MONDAY), Cancel("482913", TUESDAY)],
            id="missing_code-own",
        ),
        pytest.param(
            MissingDate(Draft("cancel", code="482913", day=MONDAY)), [Cancel("482913", MONDAY)], id="missing_date-own"
        ),
    ],
)
def test_a_message_in_a_reply_is_understood(outcome: Outcome, asked: list[Request], language: str) -> None:
    text = reply(outcome, language=language).text
    found = messages(text.replace(WORDS[language].holes["name"][0], "SVOBODA"), language)
    for one in asked:
        assert plain(one) in [plain(each) for each in found]


def messages(text: str, language: str) -> list[Request]:
    """The requests a reply teaches: whatever it has, from a command word on, that is one as it stands."""
    words = {
        word for one in load() if one.code == language for spelled in one.words.commands.values() for word in spelled
    }
    found: list[Request] = []
    for line in text.splitlines():
        pieces = line.split()
        for i, piece in enumerate(pieces):
            if fold(piece.strip(".,()")) not in words:
                continue
            for end in range(len(pieces), i, -1):
                reading = parse(" ".join(pieces[i:end]).rstrip(",)"), OFFICE, MONDAY)
                if isinstance(reading.request, Request):
                    found.append(reading.request)
                    break
    return found


def plain(request: Request) -> Request:
    """A booking with its name as any alphabet writes it."""
    return replace(request, name=GSM.fold(request.name)) if isinstance(request, Book) else request


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_invented_has_a_way_into_an_example(language: str) -> None:
    """What is not given is a hole, in every form there is."""
    speaking = templates_of(OFFICE, language)
    for form in TAUGHT:
        written = speaking.forms.draft(Draft(form, persons=2, choice=2))
        assert {*re.findall(r"\d+", written)} <= {"2"}
        words = {
            word for one in load() if one.code == language for spelled in one.words.holes.values() for word in spelled
        }
        bare = speaking.forms[form].format(service="", persons="", date="", time="", name="", code="", choice="")
        assert {fold(word) for word in written.split()} <= words | {fold(word) for word in bare.split()} | {"2X", "2"}


def test_an_example_too_long_to_repeat_gives_way_to_the_form_with_holes() -> None:
    assert reply(MissingDate(replace(FULL, name="A" * 60))).text.endswith("\nOBJ ZKR DATUM CAS PRIJMENI")


@pytest.mark.parametrize("text", ["POMOC", "STOP", "START", "ANO", "MOJE", "STORNO 482913 10.8.", "TERMIN ZOP 10.8."])
def test_a_word_that_languages_share_is_answered_in_czech(text: str) -> None:
    assert parse(text, OFFICE, MONDAY).language == "cs"


def test_no_language_takes_a_word_from_an_earlier_one() -> None:
    meanings: dict[str, tuple[str, str]] = {}
    for language in load():
        for command, spelled in language.words.commands.items():
            for word in spelled:
                first, meant = meanings.setdefault(word, (language.code, command))
                assert meant == command, f"{word} is {meant} in {first} and {command} in {language.code}"
