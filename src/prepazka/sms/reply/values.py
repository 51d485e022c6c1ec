"""Values: what an answer fills into its text, as far as several answers have it in common."""

from collections.abc import Iterable
from datetime import date, time
from typing import NamedTuple

from prepazka.core.booking.booking import Booking
from prepazka.core.office.office import Office
from prepazka.sms import gsm
from prepazka.sms.reply.phrases import clock
from prepazka.sms.reply.taught import SAMPLE_DAY, sample_service
from prepazka.sms.reply.templates import Templates

LONGEST_EXAMPLE = 60
"""Septets of an example message in a reply; a longer one gives way to the sample of the town's page."""


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
        "name": gsm.line(booking.name),
        "code": booking.code,
        "cancel": templates.forms.cancelling(booking.code, booking.day),
    }


def counted(booking: Booking, templates: Templates) -> str:
    """The service of a booking, with the number of persons if there are several."""
    if booking.persons == 1:
        return booking.service
    return templates.phrases.persons.format(persons=booking.persons, service=booking.service)


def how_to_values(office: Office, templates: Templates) -> Values:
    """The messages every citizen should know."""
    forms, service = templates.forms, sample_service(office)
    return {
        "book": sample(office, templates),
        "soonest": forms["soonest"].format(service=service, name=templates.sample_name),
        "services": forms["services"],
        "free_times": forms["free_times"].format(service=service, date=SAMPLE_DAY),
        "cancel": how_to_cancel(templates),
    }


def how_to_cancel(templates: Templates) -> str:
    """The message that cancels, with words for its values."""
    return templates.forms["cancel"].format(code=templates.phrases.code_word, date=templates.phrases.date_word)


def sample(office: Office, templates: Templates) -> str:
    """A message that books."""
    return templates.forms.sample(office, templates.sample_name)


# docs/spec/messages.md §5.1: "An example made of the sender's own message gives way to the sample when it takes more
# than 60 septets."
def example_or_sample(example: str, office: Office, templates: Templates) -> str:
    """The example made of the sender's own message, unless there is none or it is too long to repeat."""
    line = gsm.line(example)
    return line if line and gsm.septets(line) <= LONGEST_EXAMPLE else sample(office, templates)


def reason_value(reason: str) -> str:
    """A reason in the middle of a sentence."""
    return gsm.line(reason).rstrip(" .")
