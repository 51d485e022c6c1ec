"""Going on with an unfinished wish: a time out of the list that was sent, or the one value that was asked for."""

from dataclasses import replace
from datetime import time

from prepazka.core.booking.book import Book, BookSoonest, offer_of
from prepazka.core.booking.context import Context
from prepazka.core.booking.draft import Draft
from prepazka.core.booking.misunderstandings import MissingDate, MissingName, MissingTime, UnknownService
from prepazka.core.booking.move import MoveSomething, complete
from prepazka.core.booking.outcomes import FreeTimesListed, Offer, Outcome, SlotFull
from prepazka.core.booking.propose import BookWithin, Window, propose
from prepazka.core.booking.query import FreeTimes, free_times
from prepazka.core.booking.questions import Unfinished

_OPEN = frozenset(("offered", "proposed", "together", "freed", "held"))


def unfinished_wish(context: Context) -> Unfinished | None:
    """The wish the phone may go on with: as long as an offer stands, and only if nothing was asked or booked since."""
    sender = context.submission.sender
    last = context.ledger.unfinished_of(sender)
    if last is None or context.now - last.at > context.office.settings.offer_minutes:
        return None
    question = context.ledger.question_to(sender)
    if question is not None and question.asked >= last.asked:
        return None
    if question is not None and last.unfinished and last.unfinished.of_part and question.kind in _OPEN:
        return None  # what was understood only in part stands in no open question's way
    return None if any(one.made_at >= last.at for one in context.open_bookings) else last.unfinished


def completed(context: Context, wish: Unfinished, window: Window | None = None) -> Outcome:
    """Propose a wish with what was added to it; ask for the one thing it lacks. window: about when."""
    if wish.moving:
        draft = Draft("move", code=wish.moving, day=wish.day, at=None if window else wish.at)
        return complete(context, MoveSomething(draft, window=window))
    if not wish.service:
        return UnknownService("", (), _draft(wish))
    if wish.soonest and wish.name and not (wish.day or wish.at or window):
        return propose(context, (BookSoonest(wish.service, wish.name, wish.persons),), "name")
    if wish.day is None:
        is_bare = wish.at is None and not wish.name
        return MissingDate(Draft("free_times", service=wish.service) if is_bare else _draft(wish))
    if refused := context.in_vain(wish.service, wish.day, wish.persons):
        return refused
    if window and wish.name:
        return propose(context, (BookWithin(wish.service, wish.day, window, wish.name, wish.persons),))
    if window:
        return listed(context, wish, window.first)
    if wish.at is None:
        return MissingTime(_draft(wish))
    wanted = Book(wish.service, wish.day, wish.at, wish.name, wish.persons)
    if wish.name:
        return propose(context, (wanted,), "name")
    found = offer_of(context, wanted)
    if isinstance(found, SlotFull):  # an offer without a name is no offer that a yes takes
        return listed(context, wish, time(max(wish.at.hour - 1, 0)))
    return MissingName(_draft(wish)) if isinstance(found, Offer) else found


def listed(context: Context, wish: Unfinished, since: time | None = None) -> Outcome:
    """The free times of the day of a wish, each as that wish. since: only from then on, where there are any."""
    if wish.day is None:
        return completed(context, wish)
    told = free_times(context, FreeTimes(wish.service, wish.day, since))
    if since and not isinstance(told, FreeTimesListed):
        told = free_times(context, FreeTimes(wish.service, wish.day))
    if not isinstance(told, FreeTimesListed):
        return told
    first = Offer(wish.service, wish.day, told.starts[0], wish.name, wish.persons, wish.moving)
    return replace(told, wish=first)


def _draft(wish: Unfinished) -> Draft:
    form = "book_persons" if wish.persons > 1 else "book"
    persons = wish.persons if wish.persons > 1 else None
    return Draft(form, wish.service or None, persons, wish.day, wish.at, wish.name or None)
