"""Other times of what is spoken of, when nothing is said but that it should be another: "dřív to nejde?", "jindy"."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Literal, NamedTuple

from prepazka.core.booking.another_time import asked_wish
from prepazka.core.booking.answer import open_question
from prepazka.core.booking.context import Context
from prepazka.core.booking.next_free import next_free_day
from prepazka.core.booking.outcomes import FreeTimesListed, NoFreeSlot, Offer, Outcome
from prepazka.core.booking.places import days, free_places
from prepazka.core.booking.requests import Days, Reads, Request, Wanted
from prepazka.core.booking.unfinished import unfinished_wish
from prepazka.core.office.office import Office, Service

Other = Literal["other_time", "earlier", "later", "other_day", "next_week"]

_WEEK = 7


@dataclass(frozen=True, slots=True)
class MoreTimes(Request):
    """The free times that are other ones than those the open question is about, or the one booking of the phone.

    otherwise: what comes of the text, or is decided instead, where neither is known.
    """

    reads = Reads(bookings=True, offers=True, draws_code=True)

    other: Other
    otherwise: Outcome | Request

    def days(self, today: date, office: Office) -> Days:
        """Every day: what is spoken of is not known yet."""
        return Days(None, today, today + timedelta(days=office.settings.horizon_days))

    def wanted_starts(self, today: date, office: Office) -> Sequence[Wanted] | None:
        """Not known: any of these days."""
        return None

    def decide(self, context: Context) -> Outcome:
        """See `more_times`."""
        return more_times(context, self)


class _Wish(NamedTuple):
    """What is spoken of: of the times `first` to `last` other ones are wanted; None: of none, any will do.

    moving: the code of the booking that would move there, "" for a new one.
    """

    service: str
    day: date
    first: time | None
    last: time | None
    name: str
    persons: int
    moving: str

    @classmethod
    def of(cls, offer: Offer) -> "_Wish":
        """What is offered."""
        return cls(offer.service, offer.day, offer.at, offer.at, offer.name, offer.persons, offer.moving)


class _Found(NamedTuple):
    """Free starts of a day."""

    day: date
    starts: tuple[time, ...]


# docs/spec/conversation.md §3: "Who says only that it should be another time is told the free ones"
def more_times(context: Context, request: MoreTimes) -> Outcome:
    """List them, each as the wish they are for; nothing changes, and an open question stands as it was put."""
    wish = _spoken_of(context)
    service = context.office.service_of.get(wish.service) if wish else None
    if wish is None or service is None:
        otherwise = request.otherwise
        outcome: Outcome = otherwise.decide(context) if isinstance(otherwise, Request) else otherwise
        return outcome
    if paused := context.paused(service):
        return paused
    found = _found(context, service, wish, request.other)
    if found is None:
        return NoFreeSlot(service, context.today, context.last_day, wish.persons)
    first = Offer(wish.service, found.day, found.starts[0], wish.name, wish.persons, wish.moving)
    return FreeTimesListed(service, found.day, found.starts, wish=first)


def _spoken_of(context: Context) -> _Wish | None:
    """The unfinished wish, the open question or the one booking; of a list that told other times of the question, that
    question again.
    """
    asked, unfinished = _asked(context), _unfinished(context)
    of_question = asked and unfinished and unfinished.first and unfinished.name
    return (asked if of_question else unfinished or asked) or _held(context)


def _unfinished(context: Context) -> _Wish | None:
    """The wish that lacks something, as after the list of a day: other times are those that were not listed."""
    wish = unfinished_wish(context)
    if wish is None or not wish.service:
        return None
    first, last = (wish.first, wish.last) if wish.first else (wish.at, wish.at)
    # Of a wish without a day any day is another one.
    day = wish.day or context.today - timedelta(days=1)
    return _Wish(wish.service, day, first, last, wish.name, wish.persons, wish.moving)


def _asked(context: Context) -> _Wish | None:
    asked = asked_wish(context)
    return _Wish.of(asked) if asked else None


def _held(context: Context) -> _Wish | None:
    """The one booking of the phone as a wish to move it, where no question is open."""
    question, own = open_question(context), context.open_bookings
    is_open = question is not None and question.kind not in {"taken", "declined", "lapsed"}
    if is_open or len(own) != 1:
        return None
    return _Wish.of(Offer(own[0].service, own[0].day, own[0].at, own[0].name, own[0].persons, own[0].code))


def _found(context: Context, service: Service, wish: _Wish, other: Other) -> _Found | None:
    """What fits best; where nothing is earlier or later, whatever else is free."""
    match other:
        case "earlier":
            same = tuple(at for at in _free(context, service, wish, wish.day) if wish.first is None or at < wish.first)
            before = reversed([*days(context.today, wish.day - timedelta(days=1))])
            return _first(wish.day, same) or _on(context, service, wish, before) or _other(context, service, wish)
        case "later":
            same = tuple(at for at in _free(context, service, wish, wish.day) if wish.last is None or at > wish.last)
            return _first(wish.day, same) or _next(context, service, wish, wish.day)
        case "other_day":
            return _next(context, service, wish, wish.day)
        case "next_week":
            return _next(context, service, wish, context.today + timedelta(days=_WEEK - 1 - context.today.weekday()))
        case "other_time":
            return _other(context, service, wish)


def _other(context: Context, service: Service, wish: _Wish) -> _Found | None:
    free = _free(context, service, wish, wish.day)
    same = tuple(at for at in free if wish.first is None or wish.last is None or not wish.first <= at <= wish.last)
    return _first(wish.day, same) or _next(context, service, wish, wish.day)


def _next(context: Context, service: Service, wish: _Wish, after: date) -> _Found | None:
    day = next_free_day(context, service, after, wish.persons)
    return _first(day, _free(context, service, wish, day)) if day else None


def _on(context: Context, service: Service, wish: _Wish, tried: Iterable[date]) -> _Found | None:
    return next((found for day in tried if (found := _first(day, _free(context, service, wish, day)))), None)


def _first(day: date, starts: tuple[time, ...]) -> _Found | None:
    return _Found(day, starts) if starts else None


def _free(context: Context, service: Service, wish: _Wish, day: date) -> tuple[time, ...]:
    if context.beyond(service, day):
        return ()
    return tuple(place.start.at for place in free_places(context, service, day, wish.persons))
