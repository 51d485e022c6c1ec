"""Listings: what answers list, as much as fits, saying when there is more (spec/messages.md §4)."""

from collections.abc import Iterator, Sequence
from datetime import time

from prepazka.core.booking.booking import Booking
from prepazka.core.booking.outcomes import FreeTimesListed, MineListed, Offer, SlotFull
from prepazka.core.office.office import Service
from prepazka.sms.alphabets import GSM, MOST_PARTS
from prepazka.sms.reply.phrases import clock, runs
from prepazka.sms.reply.templates import Templates
from prepazka.sms.reply.values import LONGEST_EXAMPLE, Values, counted, start_values

_SHORTEST_TITLE = 12
_TITLE_STEP = 4
_MOST_LISTED = GSM.room(MOST_PARTS) // len("8:00, ")


# docs/spec/messages.md §4: "up to 3 of the nearest free starts, the same day first, how long they stand, and the
# message that takes the first later, where it fits"
def slot_full(outcome: SlotFull, stand: int, templates: Templates) -> Iterator[Values]:
    """With as many offers as fit, and the message that takes the first later; the first at least by the bare word.

    stand: how many minutes the offers stand.
    """
    values = start_values(outcome.service.code, outcome.day, outcome.at, templates)
    message = templates.forms.taking(outcome.offers[0])
    values |= {"duration": templates.phrases.duration(stand), "message": message}
    for later in (templates.phrases.later.format(message=message), ""):
        for offers in offers_listed(outcome.offers, templates):
            yield {**values, "later": later, **offers}


def offers_listed(offers: Sequence[Offer], templates: Templates, *, numbered: bool = False) -> Iterator[Values]:
    """With as many offers as fit, each with the word that accepts it; the first at least by that bare word.

    numbered: the first one too is accepted by its number, for a bare yes would not say which.
    """
    accepting = templates.forms.accepting_one if numbered else templates.forms.accepting
    several = len({(offer.service, offer.persons) for offer in offers}) > 1
    told: list[str] = []
    for choice, offer in enumerate(offers, start=1):
        same_day = choice > 1 and offer.day == offers[choice - 2].day
        wording = templates.phrases.same_day if same_day else templates.phrases.moment
        when = wording.format(date=templates.phrases.day(offer.day), time=clock(offer.at))
        if several:
            when = f"{counted(offer, templates)} {when}"
        told.append(templates.phrases.offer.format(accept=accepting(choice), moment=when))
    for shown in range(len(told), 0, -1):
        yield {"offers": ", ".join(told[:shown])}
    yield {"offers": accepting(1)}


def services_listed(services: Sequence[Service], book: str, templates: Templates) -> Iterator[Values]:
    """With whole titles, shorter ones, codes only, and at the very last not even all codes."""
    titles = [templates.line(service.title_in(templates.language)) for service in services]
    widest = max(map(templates.alphabet.units, titles), default=0)
    for width in range(max(widest, _SHORTEST_TITLE), _SHORTEST_TITLE - 1, -_TITLE_STEP):
        lines = [
            templates.phrases.line.format(service=service.code, title=templates.alphabet.cut(title, width))
            for service, title in zip(services, titles, strict=True)
        ]
        yield {"list": "\n".join(lines), "book": book}
    codes = [service.code for service in services]
    yield {"list": ", ".join(codes), "book": book}
    for shown in range(min(len(codes) - 1, _MOST_LISTED), 0, -1):
        yield {"list": ", ".join([*codes[:shown], "..."]), "book": book}


# docs/spec/messages.md §4: "where they do not all fit, the message that asks for the others"
def free_times(outcome: FreeTimesListed, templates: Templates) -> Iterator[Values]:
    """With all starts, or with the first ones and the message that asks for those from the next on."""
    code, day = outcome.service.code, outcome.day
    values = {
        "service": code,
        "date": templates.phrases.day(day),
        "book": _taking(outcome, templates),
    }
    told = list(runs(outcome.starts))
    if len(told) <= _MOST_LISTED:
        yield {**values, "times": templates.phrases.starts(told)}
    for shown in range(min(len(told) - 1, _MOST_LISTED), 0, -1):
        rest = templates.phrases.rest.format(message=templates.forms.times_of(code, day, told[shown].first))
        yield {**values, "times": f"{templates.phrases.starts(told[:shown])}, {rest}"}


def _taking(outcome: FreeTimesListed, templates: Templates) -> str:
    """The message that takes the first start, for who wishes it as far as that is known and not too long to repeat."""
    line = templates.forms.taking(outcome.wish) if outcome.wish else ""
    if line and templates.alphabet.units(line) <= LONGEST_EXAMPLE:
        return line
    return templates.forms.booking(outcome.service.code, outcome.day, outcome.starts[0])


def past_told(outcome: MineListed, templates: Templates) -> str:
    """What is over since midnight, in a sentence; "" for nothing."""
    endings = {
        "served": templates.phrases.served,
        "missed": templates.phrases.missed,
        "cancelled": templates.phrases.cancelled,
    }
    told = []
    for one in outcome.past:
        day, at = one.booking.day, clock(one.booking.at)
        when = at if day == outcome.today else templates.phrases.moment.format(date=templates.phrases.day(day), time=at)
        service = counted(one.booking, templates)
        told.append(templates.phrases.past.format(service=service, when=when, became=endings[one.became]))
    return templates.phrases.today.format(list=", ".join(told)) if told else ""


def mine(bookings: Sequence[Booking], past: str, templates: Templates) -> Iterator[Values]:
    """With all bookings and what is over today, or with the first ones and how many more there are."""
    told = [
        templates.phrases.held.format(
            service=counted(booking, templates),
            date=templates.phrases.day(booking.day),
            time=clock(booking.at),
            code=booking.code,
        )
        for booking in bookings
    ]
    yield {"bookings": ", ".join(told), "past": f". {past}" if past else ""}
    for shown in range(min(len(told) - 1, _MOST_LISTED), 0, -1):
        more = templates.phrases.more.format(count=len(told) - shown)
        yield {"bookings": ", ".join([*told[:shown], more]), "past": ""}


def ready_to_cancel(bookings: Sequence[Booking], templates: Templates) -> Iterator[Values]:
    """With the message that cancels each booking, or the first ones and how many more there are."""
    told = [
        templates.phrases.to_cancel.format(
            cancel=templates.forms.cancelling(booking.code, booking.day),
            service=counted(booking, templates),
            time=clock(booking.at),
        )
        for booking in bookings
    ]
    yield {"messages": "\n".join(told)}
    for shown in range(min(len(told) - 1, _MOST_LISTED), 0, -1):
        more = templates.phrases.more.format(count=len(told) - shown)
        yield {"messages": "\n".join([*told[:shown], more])}


def outside_hours(start: dict[str, str], hours: Sequence[tuple[time, time]]) -> Iterator[Values]:
    """With all stretches of the day, or with the first ones and a sign that there are more."""
    told = [f"{clock(opens)}-{clock(closes)}" for opens, closes in hours]
    yield {**start, "hours": ", ".join(told)}
    for shown in range(min(len(told) - 1, _MOST_LISTED), 0, -1):
        yield {**start, "hours": ", ".join([*told[:shown], "..."])}


def info(
    values: Values, address: str, directions: str, hours: Sequence[tuple[time, time]], templates: Templates
) -> Iterator[Values]:
    """With directions, without, and at last with the first of today's hours only."""
    if not hours:
        ways = [templates.phrases.closed_today]
    else:
        ways = [templates.phrases.open_today.format(**way) for way in outside_hours({}, hours)]
    places = [f"{address}, {directions}"] if directions else []
    for place in (*places, address):
        yield {**values, "address": place.rstrip(" ."), "hours": ways[0]}
    for way in ways[1:]:
        yield {**values, "address": address.rstrip(" ."), "hours": way}
