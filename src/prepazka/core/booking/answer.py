"""The answer to the open question of a phone: a yes books, moves or takes what was proposed, a no closes it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from prepazka.core.booking.book import Book, Move, NotBooked, book, move, other_times
from prepazka.core.booking.booking import Booking
from prepazka.core.booking.context import Context
from prepazka.core.booking.draft import Draft
from prepazka.core.booking.hold import confirm
from prepazka.core.booking.misunderstandings import MissingCode, MissingName
from prepazka.core.booking.names import folded
from prepazka.core.booking.outcomes import (
    AlreadyBooked,
    Booked,
    Declined,
    Held,
    InPast,
    Lapsed,
    MineListed,
    NothingOffered,
    Offer,
    Outcome,
    Proposed,
    Thanks,
)
from prepazka.core.booking.questions import Question, Unfinished
from prepazka.core.booking.requests import Days, Reads, Request, Wanted
from prepazka.core.booking.unfinished import completed, listed, unfinished_wish
from prepazka.core.office.office import Office, Settings

FREED_MINUTES = 4 * 60
"""How long the notice of a freed place is a question: as long as it is sent at all (`core.delivery.LIFETIME`)."""

LAPSED_MINUTES = 2 * 60
"""How long a yes to a held place that is free again is told so."""

_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Accept(Request):
    """Yes to the open question: to the offer of this number (from 1), or at this time or day, or to the first one.

    named: words beside it, folded, that are a name or a service code: it is a yes only to an offer they all belong to.
    both: both bookings of a proposal are meant. asks: with a question mark ("ano?"): nothing is done, what a yes would
    do is told. code: the access code beside it, or alone: no yes to what has another one. otherwise: what comes of it,
    or is decided instead, when no question is open: where the words alone mean nothing ("2"), thanks ("ok"), the code
    of a booking, or another time than that on offer; beside a name, what it adds to what was listed or asked for.
    """

    reads = Reads(bookings=True, offers=True, draws_code=True)

    choice: int | None = None
    at: time | None = None
    day: date | None = None
    otherwise: Outcome | Request | None = None
    named: frozenset[str] = frozenset()
    both: bool = False
    asks: bool = False
    code: str | None = None

    @property
    def names_none(self) -> bool:
        """Whether it is a bare yes."""
        return (self.choice, self.at, self.day, self.named) == (None, None, None, frozenset())

    def days(self, today: date, office: Office) -> Days:
        """Every day: what was offered is not known yet."""
        return Days(None, today, today + timedelta(days=office.settings.horizon_days))

    def wanted_starts(self, today: date, office: Office) -> Sequence[Wanted]:
        """None: what was offered is not known yet."""
        return ()

    def decide(self, context: Context) -> Outcome:
        """See `accept`."""
        return accept(context, self)


@dataclass(frozen=True, slots=True)
class Decline(Request):
    """No to the open question."""

    reads = Reads(bookings=True, offers=True)

    def decide(self, context: Context) -> Declined | NothingOffered | MissingCode:
        """Close the question, if one is open; a held place that is not wanted is free at once."""
        question = open_question(context)
        held = context.ledger.current(question.held) if question and question.held else None
        if held and held.state == "held":
            return Declined(context.ledger.cancel(held))
        if unfinished_wish(context) or (question and question.kind not in {"held", "lapsed", "taken"}):
            return Declined()
        # docs/spec/conversation.md §3: "a no to what is booked already"
        own = tuple(sorted(context.open_bookings, key=lambda booking: booking.start))
        return MissingCode(Draft("cancel"), own) if own else NothingOffered()


@dataclass(frozen=True, slots=True)
class Thank(Request):
    """Thanks, a greeting, a reaction of a phone: no question and no wish."""

    def decide(self, context: Context) -> Thanks:
        """Nothing comes of it."""
        return Thanks()


# docs/spec/conversation.md §3: "A phone has one open question: the newest that it was sent"
def open_question(context: Context) -> Question | None:
    """The question a yes or a no answers now; one that was answered is returned too, but not one that ran out."""
    question = context.ledger.question_to(context.submission.sender)
    if question is None or context.now - question.at > stands(question, context.office.settings):
        return None
    return question


def stands(question: Question, settings: Settings) -> int:
    """How many minutes a question stands."""
    match question.kind:
        case "proposed" | "together":
            return settings.proposal_minutes
        case "freed":
            return FREED_MINUTES
        case "held":
            return _DAY  # as long as it is held at all
        case "lapsed":
            return LAPSED_MINUTES
        case "offered" | "unfinished":
            return settings.offer_minutes
        case "taken" | "declined":
            return max(settings.offer_minutes, settings.proposal_minutes)


# docs/spec/messages.md §7.1: "A second yes to the same offer tells the booking that was made."
def accept(context: Context, request: Accept) -> Outcome:
    """Book (or move to) what was offered, while it stands; the place may have been taken since."""
    question = open_question(context)
    wish = unfinished_wish(context)
    if wish and (gone_on := _gone_on(context, request, wish, question)):
        return gone_on
    if question is None or question.kind == "declined":
        return _otherwise(context, request)
    if request.code and request.code not in _codes(question):
        return _otherwise(context, request) if request.otherwise else _still_open(question)
    if request.asks and question.taken is None and (left := _told_again(context, question)):
        return left
    if question.held is not None:
        return _confirm(context, request, context.ledger.current(question.held))
    if question.taken is not None:
        return _taken_before(context, *question.taken) or _otherwise(context, request)
    meant = _named(request, question.offers)
    if len(meant) == len(question.offers):
        request = replace(request, named=frozenset())
    together = question.kind == "together"
    if request.both and not together:
        return _still_open(question)
    if request.names_none and len(meant) > 1 and question.kind != "offered":
        return _book_both(context, question) if together else _still_open(question)
    offer = _chosen(request, question) if not request.named else meant[0] if len(meant) == 1 else None
    fits = offer is not None and request.at in (None, offer.at) and request.day in (None, offer.day)
    if offer and fits:
        return _take(context, offer)
    is_one = question.kind == "offered" or len(question.offers) == 1
    # A time alone that is not on offer is what is wanted instead.
    instead = is_one and not request.named and isinstance(request.otherwise, Request)
    return _otherwise(context, request) if instead else _still_open(question)


# docs/spec/conversation.md §3: "What was listed, and what the office asked for, is gone on with"
def _gone_on(context: Context, request: Accept, wish: Unfinished, question: Question | None) -> Outcome | None:
    """What a yes, or a time alone, makes of the unfinished wish: a time goes to the newer one of it and the question,
    a yes only to the question, if one is open.
    """
    if request.code or (request.choice is None and isinstance(request.otherwise, Thanks)):
        return None
    timed = (request.at is not None or request.day is not None) and request.choice is None
    is_open = question is not None and question.kind != "declined"
    if timed and isinstance(request.otherwise, Request):
        on_offer = question.offers if question and is_open and not question.taken else ()
        start = (wish.service, request.day or wish.day, request.at)
        return None if start in {(one.service, one.day, one.at) for one in on_offer} else _otherwise(context, request)
    if is_open:
        return None
    if request.named and isinstance(request.otherwise, Request):
        return _otherwise(context, request)
    if request.choice is None and not timed and wish.told:
        return listed(context, replace(wish, day=wish.told))
    if not timed and (wish.refused or (wish.at and wish.name)):
        return None  # what it lacks is another day or time, and none was said
    return completed(context, replace(wish, day=request.day or wish.day, at=request.at or wish.at))


def _codes(question: Question) -> set[str]:
    """The codes that may stand beside a yes: of what it is about, and of what it made."""
    about = {offer.moving for offer in question.offers}
    return about | {question.held.code if question.held else "", question.taken[0] if question.taken else ""}


def _named(request: Accept, offers: tuple[Offer, ...]) -> tuple[Offer, ...]:
    """The offers that the words beside the yes belong to: a name, a service code, or a part of either."""
    return tuple(one for one in offers if request.named <= {one.service, *_words(one.name)})


def _words(name: str) -> set[str]:
    """The words of a name as they are compared."""
    return set(re.findall(r"[^\W_]+(?:'[^\W_]+)*", folded(name).upper().replace("’", "'")))


# docs/spec/conversation.md §3: "answered by what is, in the words of the question where there are two"
def _still_open(question: Question) -> NothingOffered | Proposed:
    """What a yes may still take. Of two readings or two wishes the whole proposal: its ANO means another thing."""
    if question.kind in {"proposed", "together"} and len(question.offers) > 1:
        return Proposed(question.offers, together=question.kind == "together")
    return NothingOffered(question.offers)


# docs/spec/conversation.md §3: "A yes with a question mark asks"
def _told_again(context: Context, question: Question) -> NothingOffered | Proposed | None:
    """What a yes would do; the question stays as it was asked. None for a place of the web that is no longer held."""
    if question.held is None:
        still = _still_open(question)
        return still if isinstance(still, Proposed) else NothingOffered(still_open=still.offers)
    held = context.ledger.current(question.held)
    if held.state != "held":
        return None
    return NothingOffered(still_open=(Offer(held.service, held.day, held.at, held.name, held.persons),))


# docs/spec/safety.md §3.3: "The code typed on the page or the yes of its phone confirms the place"
def _confirm(context: Context, request: Accept, held: Booking) -> Outcome:
    """Confirm the place the phone was asked about, if the yes means it."""
    means_it = request.choice in (None, 1) and request.at in (None, held.at) and request.day in (None, held.day)
    if not means_it or request.both or not request.named <= {held.service, *_words(held.name)}:
        return _otherwise(context, request)
    if held.state == "booked":
        return AlreadyBooked(held)
    return confirm(context, held) if held.state == "held" else Lapsed(held)


def _otherwise(context: Context, request: Accept) -> Outcome:
    if isinstance(request.otherwise, Request):
        outcome: Outcome = request.otherwise.decide(context)
        return outcome
    return request.otherwise or _own(context, request) or NothingOffered(stood=_stood(context))


# docs/spec/conversation.md §3: "A yes where nothing was asked, as to a reminder, is answered with the bookings"
def _own(context: Context, request: Accept) -> MineListed | None:
    """The bookings of a phone that says yes where nothing was asked: told that there is no offer, it would fear for
    them.
    """
    question = context.ledger.question_to(context.submission.sender)
    asked = question is not None and (question.kind != "taken" or open_question(context) is not None)
    own = sorted(context.current_bookings, key=lambda booking: booking.start)
    return None if asked or not own or request.choice is not None else MineListed(tuple(own), (), context.today)


# docs/spec/messages.md §4: "how long an offer stands, and how to book"
def _stood(context: Context) -> int:
    """How long the last question stood, which ran out: a proposal stands longer than an offer."""
    question = context.ledger.question_to(context.submission.sender)
    asked = question is not None and question.kind in {"offered", "proposed", "together", "freed"}
    return stands(question, context.office.settings) if question and asked else 0


def _chosen(request: Accept, question: Question) -> Offer | None:
    if request.at is not None or request.day is not None:
        meant = (
            offer for offer in question.offers if request.at in (None, offer.at) and request.day in (None, offer.day)
        )
        return next(meant, None)
    choice = 1 if request.choice is None else request.choice
    return question.offers[choice - 1] if 1 <= choice <= len(question.offers) else None


def _take(context: Context, offer: Offer) -> Outcome:
    if not offer.name:  # the notice of a freed place, to a phone that has never booked
        return MissingName(Draft("book", service=offer.service, day=offer.day, at=offer.at))
    if offer.moving:
        return move(context, Move(offer.moving, offer.day, offer.at))
    outcome = book(context, _wanted(offer))
    # The start has come while the question stood: what is free now is offered, as when somebody else took it.
    return (
        other_times(context, _wanted(offer)) if isinstance(outcome, InPast) and offer.day == context.today else outcome
    )


def _wanted(offer: Offer) -> Book:
    return Book(offer.service, offer.day, offer.at, offer.name, offer.persons)


def _taken_before(context: Context, code: str, day: date) -> AlreadyBooked | None:
    found = (one for one in context.known_bookings if (one.code, one.day) == (code, day))
    booking = next(found, None)
    return AlreadyBooked(booking) if booking else None


# docs/spec/conversation.md §2: "One ANO books both or neither"
def _book_both(context: Context, question: Question) -> Booked | Held | Proposed | NotBooked:
    """Book both offers; when the second cannot be booked beside the first, neither is."""
    first, second = question.offers
    made = book(context, _wanted(first))
    if not isinstance(made, Booked):
        return made
    also = book(context, _wanted(second))
    if isinstance(also, Booked):
        return Booked(made.booking, also.booking)
    context.ledger.undo(made.booking)
    return also
