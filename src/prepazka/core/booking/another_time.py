"""Another time instead of the one that was read back or offered: "radši v 11", "raději ve čtvrtek"."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal

from prepazka.core.booking.answer import open_question
from prepazka.core.booking.book import Book
from prepazka.core.booking.booking import Booking
from prepazka.core.booking.context import Context
from prepazka.core.booking.draft import Draft
from prepazka.core.booking.move import MoveSomething, complete
from prepazka.core.booking.names import folded
from prepazka.core.booking.next_free import next_free_day
from prepazka.core.booking.outcomes import Declined, Offer, Outcome
from prepazka.core.booking.propose import BookWithin, Window, propose
from prepazka.core.booking.questions import Unfinished
from prepazka.core.booking.requests import Days, Reads, Request, Wanted
from prepazka.core.booking.unfinished import completed, listed, unfinished_wish
from prepazka.core.office.office import Office

_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class AnotherTime(Request):
    """The wish of the open question on another day or at another time: read back in its turn.

    window: about when; None: at that time. by_name: the day is the next one of a weekday. refuses: what was said is
    refused: surely ("v 11 ne"), or perhaps, if it is what the question is about ("ne v 11"). instead: words say that it
    is wanted instead of something ("radši"). name, persons: said beside it, or alone ("9:15 Svoboda"). shift: by
    so many minutes another time than the one that is spoken of. service: its code, said alone.
    otherwise: what comes of the text, or is decided instead, when no question is open that it could be about.
    """

    reads = Reads(bookings=True, offers=True, draws_code=True)
    is_doubtful = True

    day: date | None
    at: time | None
    otherwise: Outcome | Request
    window: Window | None = None
    by_name: bool = False
    refuses: Literal["", "perhaps", "surely"] = ""
    instead: bool = False
    name: str = ""
    persons: int = 1
    shift: int = 0
    service: str = ""

    @property
    def says_when(self) -> bool:
        """Whether a day or a time was said at all."""
        return self.day is not None or self.at is not None or self.window is not None

    def days(self, today: date, office: Office) -> Days:
        """Every day: what was offered is not known yet."""
        return Days(None, today, today + timedelta(days=office.settings.horizon_days))

    def wanted_starts(self, today: date, office: Office) -> Sequence[Wanted]:
        """None: what was offered is not known yet."""
        return ()

    def decide(self, context: Context) -> Outcome:
        """See `another_time`."""
        return another_time(context, self)


# docs/spec/conversation.md §3: "Who would rather come on another day or at another time is read back that"
def another_time(context: Context, request: AnotherTime) -> Outcome:
    """Propose what the open question was about, with the day and the time that were said."""
    if request.shift:
        spoken, wish = _spoken_of(context), unfinished_wish(context)
        if wish and wish.day and not wish.at and request.shift % _DAY == 0:
            return listed(context, replace(wish, day=wish.day + timedelta(minutes=request.shift)))
        if spoken is None:
            return _otherwise(context, request)
        then = spoken + timedelta(minutes=request.shift)
        request = replace(request, day=then.date(), at=then.time(), shift=0)
    if wish := unfinished_wish(context):
        return _go_on(context, request, wish)
    asked = asked_wish(context)
    adds = request.name or request.service or request.persons > 1
    if adds and (asked is None or not request.says_when):
        return _otherwise(context, request)
    if asked is None:
        return _move(context, request) or _otherwise(context, request)
    question = open_question(context)
    if question and question.wanted and not (request.at or request.window or request.refuses):
        asked = replace(asked, at=question.wanted.time())  # the time that was wanted, not the first one offered instead
    if request.refuses and _is_refused(request, asked):
        return Declined()
    if request.refuses == "surely":
        return _otherwise(context, request)  # it is about something else that does not suit
    day = asked.day if _is_same_day(request, asked.day) else request.day or asked.day
    if asked.moving and request.name and folded(request.name) != folded(asked.name):
        return _otherwise(context, request)
    if asked.moving:
        draft = Draft("move", code=asked.moving, day=day, at=None if request.window else request.at or asked.at)
        return complete(context, MoveSomething(draft, window=request.window))
    name, persons = request.name or asked.name, request.persons if request.persons > 1 else asked.persons
    if request.window:
        return propose(context, (BookWithin(asked.service, day, request.window, name, persons),))
    return propose(context, (Book(asked.service, day, request.at or asked.at, name, persons),), "name")


# docs/spec/conversation.md §3: "What was listed, and what the office asked for, is gone on with"
def _go_on(context: Context, request: AnotherTime, wish: Unfinished) -> Outcome:
    """The unfinished wish with what was said."""
    if request.refuses:
        return _otherwise(context, request) if request.says_when else Declined()
    if wish.moving and request.name and folded(request.name) != folded(wish.name):
        return _otherwise(context, request)  # of somebody else it is no move
    day = wish.day if wish.day and _is_same_day(request, wish.day) else request.day or wish.day
    if day and request.by_name and wish.first and wish.day and day < wish.day:
        later = day + timedelta(days=-((day - wish.day).days // 7) * 7)  # a weekday is that of the days spoken of
        day = later if later <= context.last_day else day
    if day and request.by_name and wish.told and _has_name_of(day, wish.told):
        day = wish.told
    if day is None and (request.at or request.window):
        day = wish.told
    at = None if request.window else request.at or wish.at
    name, persons = request.name or wish.name, request.persons if request.persons > 1 else wish.persons
    if request.service and (wish.moving or (wish.service not in ("", request.service) and not wish.first)):
        return _otherwise(context, request)  # it is another wish
    service = request.service or wish.service
    said = replace(wish, service=service, day=day, at=at, name=name, persons=persons, refused=False)
    is_list = request.day or (request.service and day and not name)
    if said.service and is_list and not (at or request.window):
        return listed(context, said)
    return completed(context, said, request.window)


# docs/spec/conversation.md §3: "A time said by another one is reckoned from the one that is spoken of"
def _spoken_of(context: Context) -> datetime | None:
    """The day and the time that were wanted, offered or booked; None where there is none, or are several."""
    if wish := unfinished_wish(context):
        return datetime.combine(wish.day, wish.at) if wish.day and wish.at else None
    question, own = open_question(context), context.open_bookings
    if asked := asked_wish(context):
        return question.wanted if question and question.wanted else datetime.combine(asked.day, asked.at)
    is_open = question is not None and question.kind not in {"taken", "declined", "lapsed"}
    return datetime.combine(own[0].day, own[0].at) if len(own) == 1 and not is_open else None


# docs/spec/conversation.md §3: "With no question open it is the wish to move the one booking of the phone"
def _move(context: Context, request: AnotherTime) -> Outcome | None:
    """Propose to move the one booking of the phone, where nothing is asked and words say that it is to be another."""
    question, own = open_question(context), context.open_bookings
    is_open = question is not None and question.kind not in {"taken", "declined", "lapsed"}
    if is_open or len(own) != 1:
        return None
    if request.refuses:
        return _other_day(context, request, own[0])
    if not request.instead:
        return None
    at = None if request.window else request.at or own[0].at
    day = own[0].day if _is_same_day(request, own[0].day) else request.day or own[0].day
    return complete(context, MoveSomething(Draft("move", code=own[0].code, day=day, at=at), window=request.window))


# docs/spec/conversation.md §3: "Who cannot come then is told when the booking may be moved to"
def _other_day(context: Context, request: AnotherTime, held: Booking) -> Outcome | None:
    """The next free day for a booking whose day or time was said not to suit."""
    refused = Offer(held.service, held.day, held.at, held.name, held.persons, held.code)
    service = context.office.service_of.get(held.service)
    if service is None or not request.says_when or not _is_refused(request, refused):
        return None
    day = next_free_day(context, service, held.day, held.persons)
    return listed(context, Unfinished(held.service, day, None, held.name, held.persons, held.code)) if day else None


def _otherwise(context: Context, request: AnotherTime) -> Outcome:
    otherwise = request.otherwise
    outcome: Outcome = otherwise.decide(context) if isinstance(otherwise, Request) else otherwise
    return outcome


# docs/spec/conversation.md §3: "where it names just what was read back, it is a no to that"
def _is_refused(request: AnotherTime, asked: Offer) -> bool:
    """Whether what was said after a no is what the question is about, or nothing."""
    if request.day and not (request.day == asked.day or (request.by_name and _has_name_of(request.day, asked.day))):
        return False
    return request.window.has(asked.at) if request.window else request.at in (None, asked.at)


def _is_same_day(request: AnotherTime, day: date) -> bool:
    """Whether the weekday beside a time is that of this day: "ve středu radši v 11"."""
    timed = request.at is not None or request.window is not None
    return timed and request.by_name and request.day is not None and _has_name_of(request.day, day)


def _has_name_of(day: date, other: date) -> bool:
    return day.weekday() == other.weekday()


def asked_wish(context: Context) -> Offer | None:
    """The one wish the open question is about; None where it is about two, or nobody's yet."""
    question = open_question(context)
    if question is None or question.kind not in {"proposed", "offered"} or question.taken or question.held:
        return None
    first, *others = question.offers
    is_one = question.kind == "offered" or not others
    return first if is_one and first.name else None
