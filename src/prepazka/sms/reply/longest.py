"""The longest values an office may put into a reply; its texts must fit with them (docs/spec/messages.md §5.3)."""

from dataclasses import dataclass
from datetime import date, time

from prepazka.core.booking.booking import Booking
from prepazka.core.booking.codes import CODE_LENGTH
from prepazka.core.booking.draft import Draft
from prepazka.core.booking.outcomes import Offer
from prepazka.core.minutes import Minute
from prepazka.core.office import lengths
from prepazka.core.office.office import Office, Service, Settings
from prepazka.core.queue.tickets import Wait
from prepazka.sms import gsm
from prepazka.sms.reply.templates import Templates
from prepazka.sms.reply.values import LONGEST_EXAMPLE
from prepazka.sms.understand.tokens import SHOWN

AT = time(14)
MANY = 8_888
WAIT = Wait(MANY, MANY)
INBOX_HOURS = "H" * lengths.INBOX_HOURS
REASON = "R" * lengths.CLOSURE_REASON
TOKEN = "T" * SHOWN
HOLE = "H" * 12
TYPED_CODE = "8" * lengths.TYPED_CODE
STARTS = (
    *(time(hour, minute) for hour in (10, 11) for minute in range(0, 60, 10)),
    *(time(hour, minute) for hour in range(12, 24) for minute in (1, 4, 16, 43)),
)
"""A day of starts that cannot be listed whole."""
HOURS = ((AT, AT),) * 4
"""A day with more breaks than any office has."""

_WEEK = [date(2026, 12, day) for day in range(21, 28)]  # two digits in day and month


@dataclass(frozen=True, slots=True)
class Longest:
    """The longest of one office in one language. service: its longest code; booking: of the longest of
    everything; draft: one that is just repeated; offer: of the same values as the booking."""

    service: Service
    day: date
    booking: Booking
    settings: Settings
    draft: Draft
    offer: Offer

    @classmethod
    def of(cls, office: Office, templates: Templates) -> "Longest":
        """None of these values is shorter than any the office would really give."""
        code = max((s.code for s in office.services), key=gsm.septets, default="X" * lengths.SERVICE_CODE)
        day = max(_WEEK, key=lambda day: gsm.septets(templates.phrases.day(day)))
        booking = Booking(
            id=None,
            service=code,
            agenda=0,
            lane=0,
            start=Minute(0),
            end=Minute(0),
            day=day,
            at=AT,
            name="N" * lengths.PERSON_NAME,
            persons=office.settings.persons_at_most,
            sender="",
            code="8" * CODE_LENGTH,
            state="booked",
            text_key="",
            made_at=Minute(0),
        )
        room = LONGEST_EXAMPLE - gsm.septets(templates.forms.draft(Draft("book", name="")))
        draft = Draft("book", name="N" * room)
        offer = Offer(code, day, AT, booking.name, booking.persons)
        return cls(Service(0, code, "", 0, 0), day, booking, office.settings, draft, offer)
