"""Reading a message: what was understood, as a request to decide or a misunderstanding to answer."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from functools import reduce
from typing import Any, NamedTuple, TypeVar, assert_never

from prepazka.core.booking.another_time import AnotherTime
from prepazka.core.booking.answer import Accept, Decline, Thank
from prepazka.core.booking.book import Book, BookSoonest, Move
from prepazka.core.booking.cancel import CancelSomething
from prepazka.core.booking.draft import Draft
from prepazka.core.booking.misunderstandings import (
    BadDate,
    BadTime,
    MissingCode,
    MissingDate,
    MissingName,
    MissingTime,
    Misunderstanding,
    NotUnderstood,
    UnknownService,
)
from prepazka.core.booking.more_times import MoreTimes
from prepazka.core.booking.move import MoveSomething
from prepazka.core.booking.outcomes import Thanks as ThanksOutcome
from prepazka.core.booking.propose import BookAfter, BookWithin, Doubt, Propose
from prepazka.core.booking.query import JoinWaitlist, Mine
from prepazka.core.booking.requests import Request
from prepazka.core.office.office import Office
from prepazka.sms.languages import FIRST, answering, load
from prepazka.sms.understand.another_time import rather
from prepazka.sms.understand.cancelling import says_time_alone
from prepazka.sms.understand.correction import formed, plain_name
from prepazka.sms.understand.dates import needs_year
from prepazka.sms.understand.going_on import going_on
from prepazka.sms.understand.lexicon import common, lexicon_of
from prepazka.sms.understand.more_times import more_times
from prepazka.sms.understand.parse import VOCABULARY
from prepazka.sms.understand.shifted import shifted
from prepazka.sms.understand.tokens import shown
from prepazka.sms.understand.understand import understand
from prepazka.sms.understand.understanding import Certain, Hole, LostCode, Misread, No, Proposed, Thanks, Yes
from prepazka.sms.understand.understanding import Draft as Understood
from prepazka.sms.understand.written import Written
from prepazka.sms.vocabulary import Hole as SlotWord

Value = TypeVar("Value")

_SLOTS: Mapping[Hole, SlotWord] = {
    Hole.SERVICE: "service",
    Hole.DAY: "day",
    Hole.AT: "at",
    Hole.NAME: "name",
    Hole.CODE: "code",
}


_NONE_OFFERED = 0
"""The number of no offer: a yes beside words that are not understood takes nothing, and is told what may be taken."""


class Message(NamedTuple):
    """A message as it was read. language: to reply in. repairs: the names of those its text needed."""

    request: Request | Misunderstanding
    language: str
    repairs: tuple[str, ...] = ()


def warm_up() -> None:
    """Read the word lists now, which takes a moment, and not with the first message."""
    common()


def read(text: str, office: Office, today: date) -> Message:
    """Read any text whatever; never an exception.

    today: the office's local day on which the message was sent; day words and dates without a year count from it.
    """
    message = _message(text, office, today)
    language = answering(office, message.language)
    return message if message.language == language else message._replace(language=language)


def _message(text: str, office: Office, today: date) -> Message:
    found = understand(text, office, today)
    match found:
        case Certain(request=request, language=language, repairs=repairs):
            return Message(request, language, repairs)
        case Proposed():
            return _proposed(found, today)
        case Misread():
            misread = _misread(found, text, today)
            if shift := shifted(text):
                moved = AnotherTime(None, None, misread, shift=shift.minutes, instead=True)
                return Message(moved, shift.language or found.language)
            other = rather(text, today, lexicon_of(office))
            if other and other.by_name and other.at and _ends_in_surname(text):
                other = going_on(text, office, today, lexicon_of(office)) or other
            if other:
                return Message(other.of(misread), other.language or found.language)
            if more := more_times(text):
                return Message(MoreTimes(more.other, misread), more.language)
            if _may_add(found) and (added := going_on(text, office, today, lexicon_of(office))):
                language = found.language if found.language != FIRST else added.language
                return Message(added.of(misread), language)
            return Message(misread, found.language)
        case Yes():
            accept = _yes(found, text, today)
            if found.named and (added := going_on(text, office, today, lexicon_of(office))):
                accept = replace(accept, otherwise=added.of(accept))
            return Message(accept, found.language)
        case No(language=language):
            return Message(Decline(), language)
        case Thanks(language=language):
            return Message(Thank(), language)
        case LostCode(language=language):
            return Message(Mine(), language)
        case _:
            assert_never(found)


def _ends_in_surname(text: str) -> bool:
    """Whether the weekday behind a time is written as a name, and may be one: "9:15 Sobota"."""
    written = Written(text)
    last = len(written.words) - 1
    return last > 0 and written.is_capitalised(last)


def _may_add(found: Misread) -> bool:
    """Whether a text that is not understood may still add something to what the office knows: it is of no command."""
    return found.draft is None or found.draft.command in {"book", "accept"}


def _proposed(found: Proposed, today: date) -> Message:
    bookings = tuple(one for one in found.readings if isinstance(one, Book | BookSoonest | BookAfter | BookWithin))
    if len(bookings) == len(found.readings):
        as_written = found.doubtful_name and not found.repairs
        doubt: Doubt = "name" if as_written else "day" if found.doubtful_day else "values"
        return Message(Propose(bookings, found.question == "both", doubt), found.language, found.repairs)
    # Only a booking is read back; anything else that is doubtful is shown as the message to send.
    ready = reduce(_common, (_ready(one, today) for one in found.readings))
    return Message(NotUnderstood("", ready), found.language, found.repairs)


def _common(first: Draft | None, other: Draft | None) -> Draft | None:
    """What two readings have in common: a value that differs is a hole."""
    if first is None or other is None or first.form != other.form:
        return None
    names = (each.name for each in fields(Draft))
    differing: dict[str, Any] = {name: None for name in names if getattr(first, name) != getattr(other, name)}
    return replace(first, **differing)


def _ready(wish: Request | BookAfter | BookWithin, today: date) -> Draft | None:
    match wish:
        case Move(code=code, day=day, at=at):
            return Draft("move", code=code, day=day, at=at, with_year=needs_year(day, today))
        case JoinWaitlist(service=service, day=day):
            return Draft("watch", service=service, day=day, with_year=needs_year(day, today))
        case _:
            return None


def _yes(found: Yes, text: str, today: date) -> Accept:
    otherwise: Misunderstanding | ThanksOutcome | CancelSomething | AnotherTime | None = None
    if found.or_thanks and not found.asks:
        otherwise = ThanksOutcome()
    elif found.bare and found.code and found.day is None and found.at is None:
        # docs/spec/conversation.md §3: "Nobody who wants to cancel is taught to book"
        otherwise = CancelSomething(found.code)
    elif found.bare:
        given = Draft("book", day=found.day, at=found.at, with_year=bool(found.day and needs_year(found.day, today)))
        otherwise = NotUnderstood(shown(text.strip()), given if found.day or found.at else None)
        if (found.day or found.at) and found.choice is None:
            otherwise = AnotherTime(found.day, found.at, otherwise)
    return Accept(found.choice, found.at, found.day, otherwise, found.named, found.both, found.asks, found.code)


def _misread(found: Misread, text: str, today: date) -> Request | Misunderstanding:
    draft = _draft(found.draft, today)
    token = shown(found.token) if found.token else ""
    if found.draft and found.draft.command == "cancel":
        code, day = _given(found.draft.code), _given(found.draft.day)
        alone = found.reason != "cancel" and code is not None and day is not None
        hole = _hole_word_sent(found)
        bare = not (code or day or hole) and _is_bare(text)
        return CancelSomething(code, day, hole, alone, bare, _draft(found.also, today), found.reason == "several_days")
    if draft and draft.form == "move":
        alone = draft.at is not None and found.reason != "hole" and says_time_alone(text)
        on_its_day = draft.day is None and (alone or found.on_its_day)
        hole = _hole_word_sent(found)
        return MoveSomething(draft, hole, on_its_day=on_its_day, window=found.window, of_day=found.of_day)
    if draft and draft.form in {"accept", "accept_other"}:
        return Accept(_NONE_OFFERED)
    if draft is None:
        return UnknownService(token, found.near) if found.reason == "unknown_service" else NotUnderstood(token, None)
    match found.reason:
        case "hole":
            return _hole(found, draft)
        case "unknown_service":
            return UnknownService(token, found.near, draft)
        case "missing_name":
            return MissingName(draft)
        case "long_name":
            return MissingName(draft, too_long=True)
        case "missing_date":
            return MissingDate(draft)
        case "no_day":
            return _no_day(draft, token)
        case "missing_time":
            return MissingTime(draft)
        case "missing_code":
            return MissingCode(draft)
        case "bad_date":
            return BadDate(token, draft)
        case "bad_time":
            return BadTime(token, draft)
        case _:
            return NotUnderstood(token, draft)


# docs/spec/conversation.md §2: "Words that name no day ask for one: who gave a time is shown the message with a hole
# for the day, who gave none the message that asks for the free times."
def _no_day(draft: Draft, token: str) -> Misunderstanding:
    if draft.form != "watch" and draft.at is None:
        return MissingDate(Draft("free_times", service=draft.service))
    return MissingDate(draft) if draft.service else NotUnderstood(token, draft)


def _is_bare(text: str) -> bool:
    """Whether a wish to cancel says nothing of what, and has no typing error: every word belongs to it."""
    written, known = Written(text), common()
    tables = [known.lists[each] for each in ("cancel", "cancel_words", "pleasantries")]
    i = 0
    while i < len(written.words):
        said = next((one for table in tables if (one := table.at(written, i))), None)
        if not said and VOCABULARY.commands.get(written.words[i].key) != "cancel":
            return False
        i = said.end if said else i + 1
    return True


def _hole(found: Misread, draft: Draft) -> Misunderstanding:
    word = _hole_word(found)
    match found.hole:
        case Hole.NAME:
            return MissingName(draft, word)
        case Hole.DAY:
            return MissingDate(draft, word)
        case Hole.AT:
            return MissingTime(draft, word)
        case Hole.CODE:
            return MissingCode(draft, hole=word)
        case _:
            return UnknownService(word, (), draft, word)


def _hole_word_sent(found: Misread) -> str:
    return _hole_word(found) if found.reason == "hole" else ""


def _hole_word(found: Misread) -> str:
    """The word that stands for the value in the language of the message."""
    words = {one.code: one.words.holes for one in load()}
    holes = words.get(found.language, words[FIRST])
    return holes[_SLOTS[found.hole or Hole.CODE]][0]


def _draft(found: Understood | None, today: date) -> Draft | None:
    if found is None:
        return None
    day = _given(found.day)
    own = Draft(
        form="",
        service=_given(found.service),
        persons=found.persons if found.persons > 1 else None,
        day=day,
        at=_given(found.at),
        name=plain_name(_given(found.name)),
        code=_given(found.code),
        with_year=day is not None and needs_year(day, today),
    )
    return formed(own, found.command, dated=found.day is not None or found.at is not None)


def _given(value: Value | Hole | None) -> Value | None:
    return None if isinstance(value, Hole) else value
