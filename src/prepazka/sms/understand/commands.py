"""What each command takes, and the ask it makes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Literal, NamedTuple

from prepazka.core.booking.book import Accept, Book, BookSoonest, Move
from prepazka.core.booking.cancel import Cancel
from prepazka.core.booking.query import FreeTimes, Help, JoinWaitlist, ListServices, Mine, QueueStatus
from prepazka.core.booking.reminders import ResumeReminders, StopReminders
from prepazka.core.booking.requests import Request
from prepazka.sms.understand.candidates import Slot
from prepazka.sms.vocabulary import CommandName

Lack = Literal["name", "day", "at", "code"]


class Given(NamedTuple):
    """What a message gives to its command; None is absent."""

    service: str = ""
    persons: int | None = None
    choice: int | None = None
    code: str | None = None
    day: date | None = None
    at: time | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """One command: whether a service code follows its word, then its slots in the order the town's page documents.

    ask: makes the ask of what was given on a day, or says what is absent first.
    """

    takes_service: bool
    slots: tuple[Slot, ...]
    request: Callable[[Given, date], Request | Lack]


def _book(given: Given, today: date) -> Request | Lack:
    persons = given.persons or 1
    if given.day is None and given.at is None:
        return "name" if given.name is None else BookSoonest(given.service, given.name, persons)
    if given.day is None:
        return "day"
    if given.at is None:
        return "at"
    return "name" if given.name is None else Book(given.service, given.day, given.at, given.name, persons)


def _free_times(given: Given, today: date) -> Request | Lack:
    return FreeTimes(given.service, given.day or today + timedelta(days=1), given.at)


def _cancel(given: Given, today: date) -> Request | Lack:
    if given.code is None:
        return "code"
    return "day" if given.day is None else Cancel(given.code, given.day)


def _move(given: Given, today: date) -> Request | Lack:
    if given.code is None:
        return "code"
    if given.day is None:
        return "day"
    return "at" if given.at is None else Move(given.code, given.day, given.at)


def _watch(given: Given, today: date) -> Request | Lack:
    return "day" if given.day is None else JoinWaitlist(given.service, given.day)


def _plain(request: Request) -> Command:
    return Command(False, (), lambda given, today: request)


COMMANDS: Mapping[CommandName, Command] = {
    "book": Command(True, ("persons", "day", "at", "name"), _book),
    "help": _plain(Help()),
    "services": _plain(ListServices()),
    "free": Command(True, ("day", "at"), _free_times),
    "cancel": Command(False, ("code", "day"), _cancel),
    "accept": Command(False, ("choice",), lambda given, today: Accept(given.choice or 1)),
    "mine": _plain(Mine()),
    "move": Command(False, ("code", "day", "at"), _move),
    "watch": Command(True, ("day",), _watch),
    "queue": Command(True, (), lambda given, today: QueueStatus(given.service)),
    "stop": _plain(StopReminders()),
    "resume": _plain(ResumeReminders()),
}
