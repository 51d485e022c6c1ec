"""Forms: the messages that replies and pages teach, ready to send, in one language."""

from collections.abc import Mapping
from datetime import date, time

from prepazka.core.booking.draft import Draft
from prepazka.core.booking.outcomes import Offer
from prepazka.core.office import lengths
from prepazka.sms.alphabets import GSM, Alphabet, is_latin
from prepazka.sms.reply.phrases import clock, short_day
from prepazka.sms.vocabulary import Hole


class Forms:
    """The taught messages of one language, each a template of plain placeholders, by name (`Command.taught`)."""

    def __init__(self, forms: Mapping[str, str], holes: Mapping[Hole, str], alphabet: Alphabet) -> None:
        """forms: the `[forms]` section of a language file; holes: the word that stands for each value."""
        self.holes = holes
        self._alphabet = alphabet
        self._forms = {name: alphabet.fold(form) for name, form in forms.items()}
        self._holes = {"service": holes["service"], "date": holes["day"], "time": holes["at"]}
        self._holes |= {"name": holes["name"], "code": holes["code"]}

    def __getitem__(self, name: str) -> str:
        """The form of this name; KeyError when the language file has none."""
        return self._forms[name]

    def draft(self, draft: Draft) -> str:
        """The sender's own message, with a hole for every value that was not given."""
        given = {
            "service": draft.service,
            "persons": None if draft.persons is None else str(draft.persons),
            "date": None if draft.day is None else f"{short_day(draft.day)}{draft.day.year if draft.with_year else ''}",
            "time": None if draft.at is None else clock(draft.at),
            "name": self._own(draft.name) if draft.name else None,
            "code": draft.code,
            "choice": None if draft.choice is None else str(draft.choice),
        }
        return self[draft.form].format_map(
            self._holes | {name: value for name, value in given.items() if value is not None}
        )

    # docs/spec/messages.md §5.2: "a name in letters that it cannot be sent in is a hole"
    def _own(self, name: str) -> str | None:
        """A name as it may be taught; None where its letters would become others."""
        if self._alphabet is GSM and not is_latin(name):
            return None
        return self._alphabet.clip(self._alphabet.line(name), lengths.PERSON_NAME)

    def booking(self, service: str, day: date, at: time) -> str:
        """The message that books this start, with a hole for the name."""
        return self.draft(Draft("book", service=service, day=day, at=at))

    def taking(self, offer: Offer) -> str:
        """The message that books, or moves to, an offered start, whether or not the offer still stands."""
        day, at = short_day(offer.day), clock(offer.at)
        if offer.moving:
            return self["move"].format(code=offer.moving, date=day, time=at)
        name = self._own(offer.name) or self._holes["name"]
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
        return self["accept"] if choice == 1 else self.accepting_one(choice)

    def accepting_one(self, choice: int) -> str:
        """The message that accepts the offer of this number and no other."""
        return self["accept_other"].format(choice=choice)
