"""The open question of a phone: what an answer asks of it, and which of several questions a yes means."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal, NamedTuple

from prepazka.core.booking.booking import Booking
from prepazka.core.booking.outcomes import Offer
from prepazka.core.minutes import Minute, minute

QuestionKind = Literal["offered", "proposed", "together", "freed", "held", "taken", "declined", "lapsed", "unfinished"]
"""Other times offered; a reading of the text proposed; two bookings proposed at once; the notice of a freed place;
a place held on the web that waits to be confirmed; a question that was answered by yes; by no; a held place that was
freed because nobody confirmed it; no question a yes answers, but a wish that still lacks something."""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A wish as far as it is known after a reply that lists free times, or says what is missing or cannot be.

    None, "": not known. moving: the code of the booking that would move. first, last: the times that were listed.
    soonest: without a day it is the first free place that is wished. told: the day that the reply named instead.
    refused: something of it cannot be. of_part: the text was understood only in part; the reply showed this of it.
    """

    service: str
    day: date | None = None
    at: time | None = None
    name: str = ""
    persons: int = 1
    moving: str = ""
    first: time | None = None
    last: time | None = None
    soonest: bool = False
    told: date | None = None
    refused: bool = False
    of_part: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question a phone was sent, and when; once it was answered, there is none until the next.

    offers: what a yes takes. taken: code and day of what the yes took, so that a second yes tells it. held: the place
    it is about, as it stands. unfinished: the wish that lacks something. wanted: the start, on
    the office's clock, instead of which others are offered.
    """

    asked: datetime
    kind: QuestionKind
    offers: tuple[Offer, ...] = ()
    taken: tuple[str, date] | None = None
    held: Booking | None = None
    unfinished: Unfinished | None = None
    wanted: datetime | None = None

    @property
    def at(self) -> Minute:
        """The minute it was asked."""
        return minute(self.asked)


class Chosen(NamedTuple):
    """A place chosen on the web for a phone, as it stands now, and when it was chosen."""

    place: Booking
    at: datetime


def last_asked(questions: Iterable[tuple[str, Question]]) -> dict[str, Question]:
    """Return the last question of each phone; of two asked at one moment the later of the list."""
    last: dict[str, Question] = {}
    for phone, question in questions:
        before = last.get(phone)
        if before is None or question.asked >= before.asked:
            last[phone] = question
    return last


# docs/spec/conversation.md §3: "A phone has one open question: the newest that it was sent"
# docs/spec/safety.md §3.3: "Where two places wait for one phone, each yes confirms one, and a no to one leaves
# the other to a yes."
def meant(asked: Question | None, chosen: Sequence[Chosen]) -> Question | None:
    """Return the question that a yes of a phone means now.

    asked: the last one it was sent in a conversation; chosen: the places of the web for it. What was said of one place
    of the web settles no other; a yes to something else that is said again does not mean any.
    """
    question = asked
    settled = {(place.code, place.day) for place, _ in chosen if place.state != "held"}
    for place, at in sorted(chosen, key=lambda one: (one.place.state == "held", one.place.id)):
        about = _about(place, at)
        gives_way = question is not None and (question.kind == "lapsed" or question.taken in settled)
        if question is None or about.asked >= question.asked or (about.kind == "held" and gives_way):
            question = about
    return question


def _about(place: Booking, at: datetime) -> Question:
    match place.state:
        case "held":
            return Question(at, "held", held=place)
        case "booked" | "moved":
            return Question(at, "taken", taken=(place.code, place.day))
        case _:
            return Question(at, "lapsed", held=place)
