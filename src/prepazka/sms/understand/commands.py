"""The commands of messages: one row each, with what it takes, the request it makes, and how it is taught."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Literal, NamedTuple

from prepazka.core.booking.answer import Accept
from prepazka.core.booking.book import Book, BookSoonest, Move
from prepazka.core.booking.bring import ToBring
from prepazka.core.booking.cancel import Cancel, CancelSomething
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
class PageForm:
    """A form of the command as the office's page explains it, in the words of `[page.NAME]` of a language file.

    form: the taught form it is written by. outcome: what its example comes to (docs/spec/messages.md §4). documented:
    whether it stands on the town's own page, and is shown with every way to write it. after_help: its word stands
    behind the word for help too.
    """

    name: str
    form: str
    outcome: str
    documented: bool = False
    after_help: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its words are those of its key in the language files, everything else is its row here.

    takes_service: whether a service code follows its word. slots: what follows then, in the order the town's page
    documents. request: makes the request of what was given on a day, or says what is absent first. taught: its forms
    in `[forms]` of a language file, which replies and pages teach. page: how the office's page explains it. changes:
    whether it changes what is booked; beside the words of a name its word is rather a second request. may_be_meant:
    whether another word may be a typing error of its word.
    """

    takes_service: bool
    slots: tuple[Slot, ...]
    request: Callable[[Given, date], Request | Lack]
    taught: tuple[str, ...]
    page: tuple[PageForm, ...] = ()
    changes: bool = False
    may_be_meant: bool = True


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
    if given.code is None or given.day is None:
        return CancelSomething(given.code, given.day, bare=given.code is None and given.day is None)
    return Cancel(given.code, given.day)


def _move(given: Given, today: date) -> Request | Lack:
    if given.code is None:
        return "code"
    if given.day is None:
        return "day"
    return "at" if given.at is None else Move(given.code, given.day, given.at)


def _watch(given: Given, today: date) -> Request | Lack:
    return "day" if given.day is None else JoinWaitlist(given.service, given.day)


def _plain(request: Request, taught: str, *page: PageForm) -> Command:
    return Command(False, (), lambda given, today: request, (taught,), page)


COMMANDS: Mapping[CommandName, Command] = {
    "book": Command(
        takes_service=True,
        slots=("persons", "day", "at", "name"),
        request=_book,
        taught=("book", "book_persons", "soonest", "soonest_persons"),
        page=(
            PageForm("book", "book", "booked", documented=True),
            PageForm("soonest", "soonest", "booked", documented=True),
        ),
        changes=True,
    ),
    "free": Command(
        takes_service=True,
        slots=("day", "at"),
        request=_free_times,
        taught=("free_times", "free_times_tomorrow", "free_times_since"),
        page=(
            PageForm("free_times", "free_times", "free_times", documented=True),
            PageForm("free_times_tomorrow", "free_times_tomorrow", "free_times", documented=True),
        ),
    ),
    "cancel": Command(
        takes_service=False,
        slots=("code", "day"),
        request=_cancel,
        taught=("cancel",),
        page=(PageForm("cancel", "cancel", "missing_code", documented=True),),
        changes=True,
    ),
    "services": _plain(
        ListServices(), "services", PageForm("services", "services", "services", documented=True, after_help=True)
    ),
    "help": _plain(Help(), "help", PageForm("help", "help", "help", documented=True)),
    "info": _plain(Help(info=True), "info", PageForm("info", "info", "help")),
    "accept": Command(
        takes_service=False,
        slots=("choice",),
        request=lambda given, today: Accept(given.choice),
        taught=("accept", "accept_other"),
        page=(PageForm("accept", "accept_other", "nothing_offered"),),
        may_be_meant=False,
    ),
    "mine": _plain(Mine(), "mine", PageForm("mine", "mine", "mine")),
    "move": Command(
        takes_service=False,
        slots=("code", "day", "at"),
        request=_move,
        taught=("move",),
        page=(PageForm("move", "move", "missing_code"),),
        changes=True,
    ),
    "watch": Command(
        takes_service=True,
        slots=("day",),
        request=_watch,
        taught=("watch",),
        page=(PageForm("watch", "watch", "free_times"),),
    ),
    "queue": Command(
        takes_service=True,
        slots=(),
        request=lambda given, today: QueueStatus(given.service),
        taught=("queue",),
        page=(PageForm("queue", "queue", "queue"),),
    ),
    "bring": Command(
        takes_service=True,
        slots=(),
        request=lambda given, today: ToBring(given.service),
        taught=("bring",),
        page=(PageForm("bring", "bring", "to_bring"),),
        may_be_meant=False,
    ),
    "stop": _plain(StopReminders(), "stop", PageForm("stop", "stop", "stopped")),
    "resume": _plain(ResumeReminders(), "resume"),
}
"""One row a command, in the order in which the office's page explains them."""
