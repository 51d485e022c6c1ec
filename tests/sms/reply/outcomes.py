"""Outcomes for tests: one sample of each, and strategies of each with the longest and the most hostile values."""

import sys
from dataclasses import replace
from datetime import date, time
from typing import Any

from hypothesis import strategies as st

from prepazka.core.booking.booking import Booking
from prepazka.core.booking.bring import BringTold
from prepazka.core.booking.draft import Draft
from prepazka.core.booking.misunderstandings import (
    BadDate,
    BadTime,
    Incomplete,
    MissingCode,
    MissingDate,
    MissingName,
    MissingTime,
    Misunderstanding,
    NotUnderstood,
    UnknownService,
)
from prepazka.core.booking.opening import HoursTold
from prepazka.core.booking.outcomes import (
    AlreadyBooked,
    AlreadyCancelled,
    Booked,
    Cancelled,
    ClosedDay,
    Confirmed,
    Declined,
    Duplicate,
    FreeTimesListed,
    Held,
    HelpGiven,
    Ignored,
    InPast,
    Lapsed,
    LimitReached,
    MineListed,
    Moved,
    NextFree,
    NoFreeSlot,
    NothingOffered,
    Offer,
    OffGrid,
    Outcome,
    OutsideHours,
    Proposed,
    QueueTold,
    RemindersResumed,
    RemindersStopped,
    ServicePaused,
    ServicesListed,
    SlotFull,
    Thanks,
    TooFar,
    TooLate,
    TooManyThisHour,
    TooManyToday,
    TooOld,
    UnknownBooking,
    Watching,
)
from prepazka.core.minutes import Minute
from prepazka.core.office import lengths
from prepazka.core.office.office import Office, Service, Settings
from prepazka.core.office.plan import Closed
from prepazka.core.queue.tickets import Wait
from prepazka.sms.alphabets import GSM
from prepazka.sms.languages import load
from prepazka.sms.reply.render import Reply, render
from tests.offices import demo_office

OFFICE = demo_office()
ZOP = OFFICE.services[0]
MONDAY = date(2026, 8, 10)
TUESDAY = date(2026, 8, 11)
TWO = time(14)
LANGUAGES = [language.code for language in load()]
FULL = Draft("book", service="ZOP", day=MONDAY, at=TWO, name="NOVAK")

LARGEST_OFFICE = replace(
    OFFICE,
    name="Ú" * lengths.OFFICE_NAME,
    services=tuple(
        Service(n, f"ABCDEFGH{n:02}", "Ž" * lengths.SERVICE_TITLE, 15, OFFICE.agendas[0].id) for n in range(20)
    ),
    settings=Settings(
        persons_at_most=lengths.PERSONS,
        open_per_sender=32767,
        notice_minutes=32767,
        offer_minutes=32767,
        proposal_minutes=32767,
    ),
    agendas=(replace(OFFICE.agendas[0], title="Ž" * lengths.SERVICE_TITLE), *OFFICE.agendas[1:]),
)
"""Every value as long as a legal office may have it."""


def booking(name: str = "Novák", persons: int = 1, day: date = MONDAY, at: time = TWO, service: str = "ZOP") -> Booking:
    return Booking(
        id=None,
        service=service,
        agenda=1,
        lane=0,
        start=Minute(0),
        end=Minute(15),
        day=day,
        at=at,
        name=name,
        persons=persons,
        sender="+420777123456",
        code="482913",
        state="booked",
        text_key="",
        made_at=Minute(0),
    )


def offer(
    day: date = MONDAY, at: time = time(14, 15), name: str = "Novák", moving: str = "", persons: int = 1
) -> Offer:
    return Offer("ZOP", day, at, name, persons, moving)


def reply(outcome: Outcome, office: Office = OFFICE, language: str = "cs") -> Reply:
    """The reply to an outcome that has one."""
    rendered = render(outcome, office, language)
    assert rendered is not None
    return rendered


def every_outcome() -> set[type[Outcome]]:
    """Every class of outcomes there is; a dataclass with slots is made anew, and the class it was made of lingers."""
    return {
        one
        for one in _subclasses(Outcome)
        if one is not Misunderstanding and getattr(sys.modules[one.__module__], one.__name__) is one
    }


def _subclasses(of: type[Outcome]) -> set[type[Outcome]]:
    return {found for one in of.__subclasses__() for found in {one, *_subclasses(one)}}


# --- strategies ---------------------------------------------------------------------------------

# Braces stand only in one test: everywhere else a brace in a reply is a placeholder left open.
_ALPHABET = st.characters(exclude_categories=["Cs"]).filter(
    lambda character: not {"{", "}"} & {*GSM.fold(character), character}
)
_WIDE = st.sampled_from(["W", "€", "[", "Щ", "王", "ß", " ", "\n", "\x1b", "😀", "é"])

HOSTILE = st.text(_ALPHABET | _WIDE, max_size=300)
NAMES = st.text(_ALPHABET | _WIDE, min_size=1, max_size=lengths.PERSON_NAME) | st.just("Щ" * lengths.PERSON_NAME)
REASONS = st.text(_ALPHABET | _WIDE, max_size=lengths.CLOSURE_REASON)
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0, tzinfo=None, fold=0))
CODES = st.integers(100_000, 999_999).map(str)
STARTS = st.lists(TIMES, min_size=1, max_size=150, unique=True).map(lambda starts: tuple(sorted(starts)))
GRIDS = st.builds(
    lambda first, step, count: tuple(
        time(*divmod(minute, 60)) for minute in range(first, min(first + step * count, 24 * 60), step)
    ),
    st.integers(0, 600),
    st.integers(1, 90),
    st.integers(1, 150),
)
DAY_OF_STARTS = STARTS | st.lists(GRIDS, min_size=1, max_size=6).map(
    lambda grids: tuple(sorted({start for grid in grids for start in grid}))
)


def any_outcome(office: Office) -> st.SearchStrategy[Outcome]:
    """Any outcome at all at this office."""
    return st.one_of(*strategies(office).values())


COUNTS = st.integers(0, 999)


def strategies(office: Office) -> dict[type, st.SearchStrategy[Any]]:
    """How to make each outcome."""
    service = st.sampled_from(office.services)
    code = service.map(lambda service: service.code)
    persons = st.integers(1, office.settings.persons_at_most)
    held = st.builds(booking, NAMES, persons, DAYS, TIMES, code)
    offers = st.builds(Offer, code, DAYS, TIMES, NAMES, persons, st.just("") | CODES)
    why = st.builds(Closed, st.sampled_from(["weekend", "holiday", "closure", "no_hours"]), REASONS)
    bookings = st.lists(held, max_size=20).map(tuple)
    drafts = st.builds(
        Draft,
        st.sampled_from(["book", "soonest", "free_times", "cancel", "move", "watch", "queue", "accept"]),
        service=st.none() | code,
        persons=st.none() | persons,
        day=st.none() | DAYS,
        at=st.none() | TIMES,
        name=st.none() | NAMES.map(lambda name: GSM.line(name)[:20]),
        code=st.none() | CODES,
        with_year=st.booleans(),
    )
    holes = st.just("") | HOSTILE
    missing = [(kind, st.builds(kind, drafts, hole=holes)) for kind in (MissingName, MissingDate, MissingTime)]
    return {
        Booked: st.builds(Booked, held, st.none() | held),
        Held: st.builds(Held, held),
        Confirmed: st.builds(Confirmed, held),
        Lapsed: st.builds(Lapsed, held),
        Proposed: st.builds(Proposed, st.lists(offers, min_size=1, max_size=2).map(tuple), st.booleans()),
        Declined: st.just(Declined()),
        Thanks: st.just(Thanks()),
        Cancelled: st.builds(Cancelled, held),
        Moved: st.builds(Moved, held, held),
        HelpGiven: st.builds(
            HelpGiven,
            code,
            DAYS,
            TIMES,
            st.text(_ALPHABET | _WIDE, max_size=lengths.OFFICE_ADDRESS),
            st.none() | st.lists(st.tuples(TIMES, TIMES), max_size=40).map(tuple),
        ),
        HoursTold: st.builds(
            HoursTold,
            DAYS,
            st.lists(st.tuples(TIMES, TIMES), max_size=40).map(tuple),
            st.none() | DAYS,
            st.booleans(),
        ),
        BringTold: st.builds(
            BringTold,
            st.builds(
                replace, service, bring=st.dictionaries(st.sampled_from(LANGUAGES), HOSTILE, max_size=len(LANGUAGES))
            ),
            st.text(_ALPHABET | _WIDE, max_size=lengths.OFFICE_CONTACT),
        ),
        ServicesListed: st.just(ServicesListed(office.services)),
        FreeTimesListed: st.builds(FreeTimesListed, service, DAYS, DAY_OF_STARTS),
        MineListed: st.builds(MineListed, bookings),
        Watching: st.builds(Watching, service, DAYS),
        QueueTold: st.builds(
            QueueTold, service, COUNTS, COUNTS, st.none() | st.builds(Wait, COUNTS, COUNTS), st.booleans()
        ),
        RemindersStopped: st.just(RemindersStopped()),
        RemindersResumed: st.just(RemindersResumed()),
        SlotFull: st.builds(SlotFull, service, DAYS, TIMES, st.lists(offers, max_size=3).map(tuple)),
        NoFreeSlot: st.builds(NoFreeSlot, service, DAYS, DAYS),
        ClosedDay: st.builds(
            ClosedDay,
            service,
            DAYS,
            why,
            st.none() | DAYS,
            next_free=st.none() | st.builds(NextFree, st.none() | DAYS, DAYS),
        ),
        ServicePaused: st.builds(ServicePaused, service, DAYS),
        OutsideHours: st.builds(
            OutsideHours, service, DAYS, TIMES, st.lists(st.tuples(TIMES, TIMES), min_size=1, max_size=40).map(tuple)
        ),
        OffGrid: st.builds(OffGrid, service, DAYS, TIMES, st.lists(TIMES, min_size=1, max_size=2).map(tuple)),
        InPast: st.builds(InPast, DAYS, st.none() | TIMES, st.integers(0, office.settings.notice_minutes)),
        TooFar: st.builds(TooFar, DAYS, DAYS),
        AlreadyBooked: st.builds(AlreadyBooked, held),
        LimitReached: st.builds(
            LimitReached,
            st.integers(0, office.settings.open_per_sender),
            st.sampled_from(["sender", "service", "agenda", "day", "persons", "unconfirmed"]),
            st.just(office.agendas[0].id),
        ),
        UnknownBooking: st.builds(UnknownBooking, HOSTILE, st.none() | DAYS, st.none() | held, st.booleans()),
        AlreadyCancelled: st.builds(AlreadyCancelled, held),
        TooLate: st.builds(TooLate, held),
        NothingOffered: st.builds(NothingOffered, st.lists(offers, max_size=3).map(tuple)),
        TooOld: st.just(TooOld()),
        TooManyThisHour: st.just(TooManyThisHour()),
        TooManyToday: st.just(TooManyToday()),
        Incomplete: st.just(Incomplete()),
        UnknownService: st.builds(UnknownService, HOSTILE, st.lists(code, max_size=3).map(tuple), st.none() | drafts),
        **dict(missing),
        MissingCode: st.builds(MissingCode, drafts, bookings, holes),
        BadDate: st.builds(BadDate, HOSTILE, drafts),
        BadTime: st.builds(BadTime, HOSTILE, drafts),
        NotUnderstood: st.builds(NotUnderstood, HOSTILE, st.none() | drafts),
        Ignored: st.builds(Ignored, st.sampled_from(["loop", "silenced", "sender", "own_number"])),
        Duplicate: st.just(Duplicate()),
    }
