"""The longest values an office may put into a reply; its texts must fit with them (docs/spec/messages.md §5.3)."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache

from prepazka.core.booking.booking import Booking
from prepazka.core.booking.codes import CODE_LENGTH
from prepazka.core.booking.draft import Draft
from prepazka.core.booking.outcomes import Offer
from prepazka.core.minutes import Minute
from prepazka.core.office import lengths
from prepazka.core.office.office import Office, Service, Settings
from prepazka.core.queue.tickets import Wait
from prepazka.sms.alphabets import Alphabet
from prepazka.sms.reply.phrases import Phrases, short_day
from prepazka.sms.reply.templates import Templates
from prepazka.sms.reply.values import LONGEST_EXAMPLE
from prepazka.sms.understand.tokens import SHOWN

AT = time(14)
MANY = 8_888
WAIT = Wait(MANY, MANY)
INBOX_HOURS = "H" * lengths.INBOX_HOURS
REASON = "R" * lengths.CLOSURE_REASON
TOKEN = "T" * SHOWN
LONGEST_HOLE = 12
"""Letters of a word that stands for a value."""
HOLE = "H" * LONGEST_HOLE
TYPED_CODE = "8" * lengths.TYPED_CODE
STARTS = (
    *(time(hour, minute) for hour in (10, 11) for minute in range(0, 60, 10)),
    *(time(hour, minute) for hour in range(12, 24) for minute in (1, 4, 16, 43)),
)
"""A day of starts that cannot be listed whole."""
HOURS = ((AT, AT),) * 4
"""A day with more breaks than any office has."""

_DAYS = [date(2026, 12, 31) - timedelta(days=back) for back in range(365)]


@dataclass(frozen=True, slots=True)
class Longest:
    """The longest of one office in one language. service: its longest code; booking: of the longest of
    everything; draft: one that is just repeated; offer: of the same values as the booking; agenda: the id of the one
    with the longest title, None where there is none; later: an offer of another day and name."""

    service: Service
    day: date
    booking: Booking
    settings: Settings
    draft: Draft
    offer: Offer
    agenda: int | None
    later: Offer

    @classmethod
    def of(cls, office: Office, templates: Templates) -> "Longest":
        """None of these values is shorter than any the office would really give."""
        units = templates.alphabet.units
        code = max((s.code for s in office.services), key=units, default="X" * lengths.SERVICE_CODE)
        day = _longest_day(templates.phrases, templates.alphabet)
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
        room = LONGEST_EXAMPLE - units(templates.forms.draft(Draft("book", name="")))
        draft = Draft("book", name="N" * room)
        offer = Offer(code, day, AT, booking.name, booking.persons)
        agenda = max(office.agendas, key=lambda each: len(each.title), default=None)
        service = Service(0, code, "", 0, 0)
        later = Offer(code, day - timedelta(days=7), AT, "M" * lengths.PERSON_NAME, booking.persons)
        return cls(service, day, booking, office.settings, draft, offer, agenda.id if agenda else None, later)


@lru_cache(maxsize=64)
def _longest_day(phrases: Phrases, alphabet: Alphabet) -> date:
    """The day that takes most in these phrases, whatever the office."""
    return max(_DAYS, key=lambda day: alphabet.units(phrases.day(day) + short_day(day)))
