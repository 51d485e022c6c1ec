"""Values: what an answer fills into its text, as far as several answers have it in common."""

from collections.abc import Iterable
from datetime import date, time
from typing import NamedTuple

from prepazka.core.booking.booking import Booking
from prepazka.core.booking.draft import Draft
from prepazka.core.booking.outcomes import Offer
from prepazka.core.office.office import Office
from prepazka.sms.reply.phrases import clock
from prepazka.sms.reply.templates import Templates

LONGEST_EXAMPLE = 60
"""Units of an example message in a reply; a longer one gives way to the form with holes."""


Values = dict[str, str]
"""What is filled in, by placeholder; folded."""


class Answer(NamedTuple):
    """What to say: the reply text of this name, with values.

    ways: the values from the fullest to the briefest; the first that fits is sent.
    """

    text: str
    ways: Iterable[Values]


def one(text: str, **values: str) -> Answer:
    """An answer that can be given in one way only."""
    return Answer(text, (values,))


def start_values(service: str, day: date, at: time, templates: Templates) -> Values:
    """A service at a start."""
    return {"service": service, "date": templates.phrases.day(day), "time": clock(at)}


def booking_values(booking: Booking, templates: Templates) -> Values:
    """A booking, with the message that cancels it."""
    return {
        **start_values(counted(booking, templates), booking.day, booking.at, templates),
        "name": templates.line(booking.name),
        "code": booking.code,
        "cancel": templates.forms.cancelling(booking.code, booking.day),
    }


def offer_values(offer: Offer, templates: Templates) -> Values:
    """What a yes would book."""
    start = start_values(counted(offer, templates), offer.day, offer.at, templates)
    return {**start, "name": templates.line(offer.name)}


def counted(booking: Booking | Offer, templates: Templates) -> str:
    """The service of a booking, with the number of persons if there are several."""
    if booking.persons == 1:
        return booking.service
    return templates.phrases.persons.format(persons=booking.persons, service=booking.service)


def title_value(service: str, office: Office, templates: Templates) -> str:
    """Return the title of a service as it stands behind its code; "" for one the office has no more."""
    known = office.service_of.get(service)
    title = templates.own_line(known.title_in(templates.language)) if known else ""
    return templates.phrases.title.format(title=title) if title else ""


def how_to_book(templates: Templates) -> str:
    """The form of a message that books, all of it holes."""
    return templates.forms.draft(Draft("book"))


def how_to_cancel(templates: Templates) -> str:
    """The form of a message that cancels, all of it holes."""
    return templates.forms.draft(Draft("cancel"))


# docs/spec/messages.md §5.1: "An example of more than 60 septets gives way to the form with holes."
def example(draft: Draft | None, templates: Templates) -> str:
    """The sender's own message to complete; the form with holes where there is none, or it is too long to repeat."""
    line = templates.forms.draft(draft) if draft else ""
    return line if line and templates.alphabet.units(line) <= LONGEST_EXAMPLE else how_to_book(templates)


def reason_value(reason: str, templates: Templates) -> str:
    """A reason in the middle of a sentence."""
    return templates.line(reason).rstrip(" .")
