"""How each outcome is answered: one row an outcome; and what the office itself has to say."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from prepazka.core.booking.booking import PastBooking
from prepazka.core.booking.bring import BringTold
from prepazka.core.booking.codes import CODE_LENGTH
from prepazka.core.booking.draft import Draft
from prepazka.core.booking.outcomes import (
    AlreadyBooked,
    AlreadyCancelled,
    Booked,
    Cancelled,
    Declined,
    Duplicate,
    FreeTimesListed,
    HelpGiven,
    Ignored,
    MineListed,
    Moved,
    NothingOffered,
    Offer,
    Outcome,
    Proposed,
    QueueTold,
    RemindersResumed,
    RemindersStopped,
    ServicesListed,
    Thanks,
    TooLate,
    TooManyThisHour,
    TooManyToday,
    TooOld,
    UnknownBooking,
    Watching,
)
from prepazka.core.office import lengths
from prepazka.core.office.office import Office
from prepazka.sms.languages import FIRST
from prepazka.sms.reply.confirming import CONFIRMING
from prepazka.sms.reply.listings import free_times, info, mine, offers_listed, past_told, services_listed
from prepazka.sms.reply.longest import AT, HOURS, MANY, STARTS, TYPED_CODE, WAIT
from prepazka.sms.reply.misunderstandings import MISUNDERSTANDINGS
from prepazka.sms.reply.notifications import NOTIFICATIONS
from prepazka.sms.reply.opening import OPENING
from prepazka.sms.reply.phrases import clock
from prepazka.sms.reply.refusals import REFUSALS
from prepazka.sms.reply.rows import Row
from prepazka.sms.reply.templates import Templates
from prepazka.sms.reply.texts import Text
from prepazka.sms.reply.values import (
    Answer,
    Values,
    booking_values,
    how_to_book,
    how_to_cancel,
    offer_values,
    one,
    title_value,
)


def answer(outcome: Outcome, office: Office, templates: Templates) -> Answer | None:
    """What to say of an outcome; None when nothing is to be sent."""
    return ANSWERS[type(outcome)].answer(outcome, office, templates)


# --- one outcome each ---------------------------------------------------------------------------


def _help(outcome: HelpGiven, office: Office, templates: Templates) -> Answer:
    forms, service = templates.forms, outcome.service
    values = {
        "book": forms.draft(Draft("book", service=service, day=outcome.day, at=outcome.at)),
        "soonest": forms.draft(Draft("soonest", service=service)),
        "free_times": forms.draft(Draft("free_times_tomorrow", service=service)),
        "services": forms["services"],
        "cancel": how_to_cancel(templates),
    }
    if outcome.hours is None:
        return one("help", **values)
    address = templates.line(outcome.address or office.name)
    return Answer("help_info", info(values, address, templates.line(office.directions), outcome.hours, templates))


def _to_bring(outcome: BringTold, office: Office, templates: Templates) -> Answer:
    service = outcome.service
    if bring := templates.line(service.bring_in(templates.language)):
        return one(
            "to_bring", service=service.code, title=templates.line(service.title_in(templates.language)), bring=bring
        )
    if contact := templates.line(outcome.contact):
        return one("to_bring_ask", service=service.code, contact=contact)
    return one("to_bring_unknown", service=service.code)


def _booked(outcome: Booked, office: Office, templates: Templates) -> Answer:
    values = booking_values(outcome.booking, templates)
    if outcome.also is None:
        title = title_value(outcome.booking.service, office, templates)
        return one("booked", **values, title=title, purpose=templates.phrases.purpose)
    also = booking_values(outcome.also, templates)
    values["name"] = _names(values["name"], also["name"], templates)
    others = {f"also_{name}": also[name] for name in ("service", "date", "time", "code", "cancel")}
    return one("booked_both", **values, **others)


def _proposed(outcome: Proposed, office: Office, templates: Templates) -> Answer:
    duration = templates.phrases.duration(office.settings.proposal_minutes)
    if len(outcome.offers) > 1 and not outcome.together:
        ways = offers_listed(outcome.offers, templates, numbered=True)
        return Answer("proposed_choice", ({**values, "duration": duration} for values in ways))
    offer, *others = outcome.offers
    values = {**offer_values(offer, templates), "duration": duration, "accept": templates.forms.accepting(1)}
    if others:
        return _proposed_together(values, offer, others[0], templates)
    if offer.moving:
        return one("proposed_move", **values, code=offer.moving)
    return one("proposed", **values, title=title_value(offer.service, office, templates))


def _proposed_together(values: Values, offer: Offer, other: Offer, templates: Templates) -> Answer:
    also = offer_values(other, templates)
    moment = also["time"] if other.day == offer.day else templates.phrases.moment.format(**also)
    return one(
        "proposed_together",
        **values | {"name": _names(values["name"], also["name"], templates)},
        also_service=also["service"],
        also_time=moment,
        accept_first=templates.forms.accepting_one(1),
        accept_second=templates.forms.accepting_one(2),
    )


def _names(name: str, other: str, templates: Templates) -> str:
    """Return the names of two bookings as one value."""
    return name if other == name else templates.phrases.together.format(name=name, other=other)


def _moved(outcome: Moved, office: Office, templates: Templates) -> Answer:
    before = outcome.before
    was = {"before_date": templates.phrases.day(before.day), "before_time": clock(before.at)}
    values = booking_values(outcome.booking, templates) | was
    told = templates.phrases.before.format(date=was["before_date"], time=was["before_time"])
    return one("moved", **values, before=told, arrival=templates.phrases.arrival)


def _mine(outcome: MineListed, office: Office, templates: Templates) -> Answer:
    past = past_told(outcome, templates)
    if outcome.bookings:
        return Answer("mine", mine(outcome.bookings, past, templates))
    return one("mine_past", past=past) if past else one("mine_none", book=how_to_book(templates))


def _queue(outcome: QueueTold, office: Office, templates: Templates) -> Answer:
    code, waiting = outcome.service.code, str(outcome.waiting)
    if outcome.wait is not None:
        wait = templates.phrases.waiting(outcome.wait)
        return one("queue", service=code, waiting=waiting, counters=str(outcome.counters), wait=wait)
    if outcome.open:
        return one("queue_unattended", service=code, waiting=waiting)
    return one("queue_closed", service=code, book=how_to_book(templates))


# docs/spec/messages.md §4: "never that the code is valid on some other date"
def _unknown_booking(outcome: UnknownBooking, office: Office, templates: Templates) -> Answer:
    code = templates.alphabet.cut(templates.line(outcome.code), lengths.TYPED_CODE)
    if outcome.day is None:
        return one("unknown_booking_mine", code=code, mine=templates.forms["mine"])
    date_ = templates.phrases.day(outcome.day)
    if own := outcome.own:
        cancel = templates.forms.cancelling(own.code, own.day)
        return one("unknown_booking_own", code=code, date=date_, own_date=templates.phrases.day(own.day), cancel=cancel)
    if outcome.last:
        return one("unknown_booking_last", code=code, date=date_)
    return one("unknown_booking", code=code, date=date_, mine=templates.forms["mine"])


def _nothing_offered(outcome: NothingOffered, office: Office, templates: Templates) -> Answer:
    if outcome.offers:
        return Answer("nothing_offered_so", offers_listed(outcome.offers, templates))
    if outcome.still_open:
        return Answer("nothing_offered_asked", offers_listed(outcome.still_open, templates))
    stood = templates.phrases.duration(outcome.stood or office.settings.offer_minutes)
    return one("nothing_offered", duration=stood, book=how_to_book(templates))


DONE: Mapping[type[Outcome], Row[Any]] = {
    Booked: Row(
        {
            "booked": Text.of("service date time name code cancel", extras="title purpose"),
            "booked_both": Text.of(
                "service date time name code cancel also_service also_date also_time also_code also_cancel", parts=2
            ),
        },
        _booked,
        lambda longest: [Booked(longest.booking), Booked(longest.booking, longest.booking)],
    ),
    Proposed: Row(
        {
            "proposed": Text.of("service date time name duration accept", extras="title"),
            "proposed_move": Text.of("code date time duration accept", "service name"),
            "proposed_choice": Text.of("offers duration"),
            "proposed_together": Text.of(
                "service date time name also_service also_time duration accept", "accept_first accept_second"
            ),
        },
        _proposed,
        lambda longest: [
            Proposed((longest.offer,)),
            Proposed((replace(longest.offer, moving="8" * CODE_LENGTH),)),
            Proposed((longest.offer, longest.later)),
            Proposed((longest.offer, longest.later), together=True),
        ],
    ),
    Declined: Row(
        {"declined": Text.of()}, lambda outcome, office, templates: one("declined"), lambda longest: [Declined()]
    ),
    Cancelled: Row(
        {"cancelled": Text.of("service date time name", "code")},
        lambda outcome, office, templates: one("cancelled", **booking_values(outcome.booking, templates)),
        lambda longest: [Cancelled(longest.booking)],
    ),
    Moved: Row(
        {"moved": Text.of("service date time name code cancel", "before_date before_time", extras="arrival before")},
        _moved,
        lambda longest: [Moved(longest.booking, longest.booking)],
    ),
    HelpGiven: Row(
        {
            "help": Text.of("book", "soonest services free_times cancel"),
            "help_info": Text.of("address hours book", "soonest services free_times cancel", parts=3),
        },
        _help,
        lambda longest: [
            HelpGiven(longest.service.code, longest.day, AT),
            HelpGiven(longest.service.code, longest.day, AT, "A" * lengths.OFFICE_ADDRESS, HOURS),
        ],
    ),
    BringTold: Row(
        {
            "to_bring": Text.of("service bring", "title", parts=3),
            "to_bring_ask": Text.of("service contact", parts=2),
            "to_bring_unknown": Text.of("service"),
        },
        _to_bring,
        lambda longest: [
            BringTold(replace(longest.service, bring={FIRST: "B" * lengths.BRING})),
            BringTold(longest.service, "C" * lengths.OFFICE_CONTACT),
            BringTold(longest.service),
        ],
    ),
    ServicesListed: Row(
        {"services": Text.of("list", "book", parts=3)},
        lambda outcome, office, templates: Answer(
            "services", services_listed(outcome.services, how_to_book(templates), templates)
        ),
        lambda longest: [],  # see `longest_answers`: titles may all fall away, but no code may
    ),
    FreeTimesListed: Row(
        {
            "free_times": Text.of("service date times", "book", parts=3),
            "free_times_to_move": Text.of("service date times", "book", parts=3),
        },
        lambda outcome, office, templates: Answer(
            "free_times_to_move" if outcome.wish and outcome.wish.moving else "free_times",
            free_times(outcome, templates),
        ),
        lambda longest: [
            FreeTimesListed(longest.service, longest.day, STARTS),
            *(
                FreeTimesListed(longest.service, longest.day, STARTS, wish=wish)
                for wish in (
                    replace(longest.offer, name=longest.draft.name or ""),
                    replace(longest.offer, moving=longest.booking.code),
                )
            ),
        ],
    ),
    MineListed: Row(
        {
            "mine": Text.of("bookings", extras="past"),
            "mine_past": Text.of(extras="past"),
            "mine_none": Text.of(optional="book"),
        },
        _mine,
        lambda longest: [
            MineListed((longest.booking,) * 9),
            MineListed((), (PastBooking(longest.booking, "cancelled"),)),
            MineListed(()),
        ],
    ),
    Watching: Row(
        {"watching": Text.of("service date")},
        lambda outcome, office, templates: one(
            "watching", service=outcome.service.code, date=templates.phrases.day(outcome.day)
        ),
        lambda longest: [Watching(longest.service, longest.day)],
    ),
    QueueTold: Row(
        {
            "queue": Text.of("service waiting wait", "counters"),
            "queue_unattended": Text.of("service waiting"),
            "queue_closed": Text.of("service", "book"),
        },
        _queue,
        lambda longest: [
            QueueTold(longest.service, MANY, MANY, wait, opened)
            for wait, opened in ((WAIT, True), (None, True), (None, False))
        ],
    ),
    RemindersStopped: Row(
        {"stopped": Text.of(optional="resume")},
        lambda outcome, office, templates: one("stopped", resume=templates.forms["resume"]),
        lambda longest: [RemindersStopped()],
    ),
    RemindersResumed: Row(
        {"resumed": Text.of(optional="stop")},
        lambda outcome, office, templates: one("resumed", stop=templates.forms["stop"]),
        lambda longest: [RemindersResumed()],
    ),
    AlreadyBooked: Row(
        {"already_booked": Text.of("service date time name code", "cancel", extras="purpose")},
        lambda outcome, office, templates: one(
            "already_booked", **booking_values(outcome.booking, templates), purpose=templates.phrases.purpose
        ),
        lambda longest: [AlreadyBooked(longest.booking)],
    ),
    UnknownBooking: Row(
        {
            "unknown_booking": Text.of("code date", "mine"),
            "unknown_booking_own": Text.of("code date own_date cancel"),
            "unknown_booking_last": Text.of("code date"),
            "unknown_booking_mine": Text.of("code", "mine"),
        },
        _unknown_booking,
        lambda longest: [
            UnknownBooking(TYPED_CODE, longest.day),
            UnknownBooking(TYPED_CODE, longest.day, own=longest.booking),
            UnknownBooking(TYPED_CODE, longest.day, last=True),
            UnknownBooking(TYPED_CODE, None),
        ],
    ),
    AlreadyCancelled: Row(
        {"already_cancelled": Text.of("service date time", "name code")},
        lambda outcome, office, templates: one("already_cancelled", **booking_values(outcome.booking, templates)),
        lambda longest: [AlreadyCancelled(longest.booking)],
    ),
    TooLate: Row(
        {"too_late": Text.of("service date time", "name code")},
        lambda outcome, office, templates: one("too_late", **booking_values(outcome.booking, templates)),
        lambda longest: [TooLate(longest.booking)],
    ),
    NothingOffered: Row(
        {
            "nothing_offered": Text.of(optional="duration book"),
            "nothing_offered_so": Text.of("offers"),
            "nothing_offered_asked": Text.of("offers"),
        },
        _nothing_offered,
        lambda longest: [
            NothingOffered(),
            NothingOffered((longest.offer,) * 3),
            NothingOffered(still_open=(longest.offer,) * 3),
        ],
    ),
    TooOld: Row({"too_old": Text.of()}, lambda outcome, office, templates: one("too_old"), lambda longest: [TooOld()]),
    TooManyThisHour: Row(
        {"too_many_this_hour": Text.of()},
        lambda outcome, office, templates: one("too_many_this_hour"),
        lambda longest: [TooManyThisHour()],
    ),
    TooManyToday: Row(
        {"too_many_today": Text.of()},
        lambda outcome, office, templates: one("too_many_today"),
        lambda longest: [TooManyToday()],
    ),
    Thanks: Row({}, lambda outcome, office, templates: None, lambda longest: []),
    Ignored: Row({}, lambda outcome, office, templates: None, lambda longest: []),
    Duplicate: Row({}, lambda outcome, office, templates: None, lambda longest: []),
}

ANSWERS: Mapping[type[Outcome], Row[Any]] = {**DONE, **OPENING, **CONFIRMING, **REFUSALS, **MISUNDERSTANDINGS}
"""One row an outcome."""

TEXTS: Mapping[str, Text] = {
    **{name: text for row in ANSWERS.values() for name, text in row.texts.items()},
    **NOTIFICATIONS,
}
"""Every reply text, by name."""
