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


class _Found(NamedTuple):
    """Free starts of a day."""

    day: date
    starts: tuple[time, ...]


# docs/spec/conversation.md §3: "Who says only that it should be another time is told the free ones"
def more_times(context: Context, request: MoreTimes) -> Outcome:
    """List them, each as the wish they are for; nothing changes, and an open question stands as it was put."""
    wish = asked_wish(context) or _held(context)
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


def _held(context: Context) -> Offer | None:
    """The one booking of the phone as a wish to move it, where no question is open."""
    question, own = open_question(context), context.open_bookings
    is_open = question is not None and question.kind not in {"taken", "declined", "lapsed"}
    if is_open or len(own) != 1:
        return None
    return Offer(own[0].service, own[0].day, own[0].at, own[0].name, own[0].persons, own[0].code)


def _found(context: Context, service: Service, wish: Offer, other: Other) -> _Found | None:
    """What fits best; where nothing is earlier or later, whatever else is free."""
    of_day = _free(context, service, wish, wish.day)
    match other:
        case "earlier":
            same = tuple(at for at in of_day if at < wish.at)
            before = reversed([*days(context.today, wish.day - timedelta(days=1))])
            return _first(wish.day, same) or _on(context, service, wish, before) or _other(context, service, wish)
        case "later":
            same = tuple(at for at in of_day if at > wish.at)
            return _first(wish.day, same) or _next(context, service, wish, wish.day)
        case "other_day":
            return _next(context, service, wish, wish.day)
        case "next_week":
            return _next(context, service, wish, context.today + timedelta(days=_WEEK - 1 - context.today.weekday()))
        case "other_time":
            return _other(context, service, wish)


def _other(context: Context, service: Service, wish: Offer) -> _Found | None:
    same = tuple(at for at in _free(context, service, wish, wish.day) if at != wish.at)
    return _first(wish.day, same) or _next(context, service, wish, wish.day)


def _next(context: Context, service: Service, wish: Offer, after: date) -> _Found | None:
    day = next_free_day(context, service, after, wish.persons)
    return _first(day, _free(context, service, wish, day)) if day else None


def _on(context: Context, service: Service, wish: Offer, tried: Iterable[date]) -> _Found | None:
    return next((found for day in tried if (found := _first(day, _free(context, service, wish, day)))), None)


def _first(day: date, starts: tuple[time, ...]) -> _Found | None:
    return _Found(day, starts) if starts else None


def _free(context: Context, service: Service, wish: Offer, day: date) -> tuple[time, ...]:
    if context.beyond(service, day):
        return ()
    return tuple(place.start.at for place in free_places(context, service, day, wish.persons))
