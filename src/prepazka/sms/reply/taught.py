"""Forms: the messages that replies and pages teach, ready to send, in one language."""

from collections.abc import Mapping
from datetime import date, time

from prepazka.core.booking.outcomes import Offer
from prepazka.core.office import lengths
from prepazka.core.office.office import Office
from prepazka.sms import gsm
from prepazka.sms.reply.phrases import clock, short_day

# The sample of the town's page.
SAMPLE_DAY = "10.8."
SAMPLE_TIME = "14:00"
_SAMPLE_SERVICE = "ZOP"


class Forms:
    """The taught messages of one language, each a template of plain placeholders, by name (`Command.taught`)."""

    def __init__(self, forms: Mapping[str, str]) -> None:
        """The `[forms]` section of a language file."""
        self._forms = {name: gsm.fold(form) for name, form in forms.items()}

    def __getitem__(self, name: str) -> str:
        """The form of this name; KeyError when the language file has none."""
        return self._forms[name]

    def booking(self, service: str, day: date, at: time, name: str) -> str:
        """The message that books this start."""
        return self["book"].format(service=service, date=short_day(day), time=clock(at), name=name)

    def taking(self, offer: Offer) -> str:
        """The message that books, or moves to, an offered start, whether or not the offer still stands."""
        day, at = short_day(offer.day), clock(offer.at)
        if offer.moving:
            return self["move"].format(code=offer.moving, date=day, time=at)
        name = gsm.clip(gsm.line(offer.name), lengths.PERSON_NAME)
        if offer.persons == 1:
            return self["book"].format(service=offer.service, date=day, time=at, name=name)
        return self["book_persons"].format(service=offer.service, persons=offer.persons, date=day, time=at, name=name)

    def times_of(self, service: str, day: date, since: time | None = None) -> str:
        """The message that asks for the free times of a day, from `since` on when given."""
        if since is None:
            return self["free_times"].format(service=service, date=short_day(day))
        return self["free_times_since"].format(service=service, date=short_day(day), time=clock(since))

    def cancelling(self, code: str, day: date) -> str:
        """The message that cancels a booking."""
        return self["cancel"].format(code=code, date=short_day(day))

    def watching(self, service: str, day: date) -> str:
        """The message that asks to be told of a freed place."""
        return self["watch"].format(service=service, date=short_day(day))

    def accepting(self, choice: int) -> str:
        """The message that accepts the offer of this number (from 1)."""
        return self["accept"] if choice == 1 else self["accept_other"].format(choice=choice)

    def sample(self, office: Office, name: str) -> str:
        """A message that books the office's first service, as an example."""
        return self["book"].format(service=sample_service(office), date=SAMPLE_DAY, time=SAMPLE_TIME, name=name)


def sample_service(office: Office) -> str:
    """The service shown in examples: the office's first."""
    return office.services[0].code if office.services else _SAMPLE_SERVICE
