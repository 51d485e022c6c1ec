"""How the outcomes are answered that were understood but cannot be done: one row each."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from prepazka.core.booking.hold import AT_ONCE_IPV4
from prepazka.core.booking.outcomes import (
    ClosedDay,
    InPast,
    LimitReached,
    NextFree,
    NoFreeSlot,
    OffGrid,
    Outcome,
    OutsideHours,
    ServicePaused,
    SlotFull,
    TooFar,
)
from prepazka.core.office import calendar
from prepazka.core.office.office import Office
from prepazka.core.office.plan import Closed
from prepazka.sms.reply.listings import outside_hours, slot_full
from prepazka.sms.reply.longest import AT, REASON, Longest
from prepazka.sms.reply.phrases import clock
from prepazka.sms.reply.rows import Row
from prepazka.sms.reply.templates import Templates
from prepazka.sms.reply.texts import Text
from prepazka.sms.reply.values import Answer, how_to_cancel, one, reason_value, start_values

_LOOKED_THROUGH = timedelta(days=60)


# docs/spec/messages.md §4: "The day that is taught instead is one on which the service is open and has a free place"
def _other_day(outcome: SlotFull | NoFreeSlot, after: date, office: Office) -> date:
    """Return the day to teach instead: one with a free place, else one that is open, else the very next day."""
    if outcome.next_free and outcome.next_free.day:
        return outcome.next_free.day
    if outcome.service.agenda not in office.agenda_of:
        return after + timedelta(days=1)
    return calendar.next_open(office, outcome.service, after, after + _LOOKED_THROUGH) or after + timedelta(days=1)


def _is_full_everywhere(outcome: SlotFull | NoFreeSlot) -> bool:
    """Whether no day was found that has a free place: none is taught then, only how to wait for one."""
    return outcome.next_free is not None and outcome.next_free.day is None


def _slot_full(outcome: SlotFull, office: Office, templates: Templates) -> Answer:
    if outcome.offers:
        return Answer("slot_full", slot_full(outcome, office.settings.offer_minutes, templates))
    code, day, watch = outcome.service.code, outcome.day, templates.forms.watching(outcome.service.code, outcome.day)
    start = start_values(code, day, outcome.at, templates)
    if _is_full_everywhere(outcome):
        return one("slot_full_nowhere", **start, watch=watch)
    free_times = templates.forms.times_of(code, _other_day(outcome, day, office))
    return one("slot_full_none", **start, free_times=free_times, watch=watch)


def _no_free_slot(outcome: NoFreeSlot, office: Office, templates: Templates) -> Answer:
    code, first, last = outcome.service.code, outcome.first, outcome.last
    watched = _day_to_watch(outcome, office)
    if outcome.next_free and _is_full_everywhere(outcome) and watched:
        until, watch = templates.phrases.day(outcome.next_free.last), templates.forms.watching(code, watched)
        return one("no_free_slot_nowhere", service=code, last=until, watch=watch)
    later = templates.forms.times_of(code, _other_day(outcome, last, office))
    if first == last:
        watch = templates.forms.watching(code, first)
        return one("no_free_slot_day", service=code, date=templates.phrases.day(first), free_times=later, watch=watch)
    looked = {"first": templates.phrases.day(first), "last": templates.phrases.day(last)}
    return one("no_free_slot_range", service=code, **looked, free_times=later)


def _day_to_watch(outcome: NoFreeSlot, office: Office) -> date | None:
    """Return the day asked for, or of several the first later one on which a place may be freed, if there is any."""
    if outcome.first == outcome.last or outcome.service.agenda not in office.agenda_of:
        return outcome.first
    last = outcome.next_free.last if outcome.next_free else outcome.last
    return calendar.next_open(office, outcome.service, outcome.first, last)


def _closed(outcome: ClosedDay, office: Office, templates: Templates) -> Answer:
    following = _after_closed(outcome, templates)
    values = {"service": outcome.service.code, "date": templates.phrases.day(outcome.day), "next": following}
    return one(
        f"closed_{outcome.why.kind}", **values, reason=reason_value(outcome.why.text_in(templates.language), templates)
    )


def _after_closed(outcome: ClosedDay, templates: Templates) -> str:
    """Return where to go from a closed day: to one with a place; where none has any, how to wait for one."""
    code, phrases, next_open = outcome.service.code, templates.phrases, outcome.next_open
    if outcome.next_free is not None:
        next_open = outcome.next_free.day
    if next_open is not None:
        return phrases.next_open.format(
            date=phrases.day(next_open), free_times=templates.forms.times_of(code, next_open)
        )
    if outcome.next_open is not None:
        return phrases.none_free.format(watch=templates.forms.watching(code, outcome.next_open))
    return phrases.none_open


def _closed_days(longest: Longest) -> Iterable[ClosedDay]:
    for kind in ("weekend", "holiday", "closure", "no_hours"):
        for next_open in (longest.day, None):
            yield ClosedDay(longest.service, longest.day, Closed(kind, REASON), next_open)
        full = NextFree(None, longest.day)
        yield ClosedDay(longest.service, longest.day, Closed(kind, REASON), longest.day, next_free=full)


def _paused(outcome: ServicePaused, office: Office, templates: Templates) -> Answer:
    return one("service_paused", service=outcome.service.code, date=templates.phrases.day_of_year(outcome.since))


def _outside_hours(outcome: OutsideHours, office: Office, templates: Templates) -> Answer:
    start = start_values(outcome.service.code, outcome.day, outcome.at, templates)
    return Answer("outside_hours", outside_hours(start, outcome.hours))


def _off_grid(outcome: OffGrid, office: Office, templates: Templates) -> Answer:
    beside = templates.phrases.either.join(map(clock, outcome.near))
    return one("off_grid", **start_values(outcome.service.code, outcome.day, outcome.at, templates), near=beside)


def _in_past(outcome: InPast, office: Office, templates: Templates) -> Answer:
    """With the year: a date that is gone was mostly written with it, and would seem to come without."""
    day = templates.phrases.day_of_year(outcome.day)
    if outcome.at is None:
        return one("in_past_day", date=day)
    if not outcome.notice_minutes:
        return one("in_past_time", date=day, time=clock(outcome.at))
    notice = templates.phrases.duration(outcome.notice_minutes)
    return one("in_past_notice", date=day, time=clock(outcome.at), notice=notice)


def _too_far(outcome: TooFar, office: Office, templates: Templates) -> Answer:
    day, last, phrases = outcome.day, outcome.last, templates.phrases
    asked = phrases.day(day) if day.year == last.year else phrases.day_of_year(day)
    return one("too_far", date=asked, last=phrases.day(last))


def _limit(outcome: LimitReached, office: Office, templates: Templates) -> Answer:
    how_to = {"mine": templates.forms["mine"], "cancel": how_to_cancel(templates)}
    agenda = office.agenda_of.get(outcome.agenda) if outcome.agenda is not None else None
    title = templates.line(agenda.title) if agenda else ""
    return one(f"limit_{outcome.scope}", limit=str(outcome.limit), agenda=title, **how_to)


_SCOPES = ("sender", "service", "day", "persons", "unconfirmed")


def _limits(longest: Longest) -> Iterable[LimitReached]:
    settings = longest.settings
    yield LimitReached(settings.open_per_sender, "sender")
    yield LimitReached(settings.open_per_sender_and_service or 1, "service")
    yield LimitReached(settings.open_per_sender_and_agenda or 1, "agenda", longest.agenda)
    yield LimitReached(settings.open_per_sender_and_day or 1, "day")
    yield LimitReached(settings.persons_at_most, "persons")
    yield LimitReached(AT_ONCE_IPV4, "unconfirmed")


REFUSALS: Mapping[type[Outcome], Row[Any]] = {
    SlotFull: Row(
        {
            "slot_full": Text.of("service date time offers later", "duration message"),
            "slot_full_none": Text.of("service date time", "free_times watch"),
            "slot_full_nowhere": Text.of("service date time", "watch"),
        },
        _slot_full,
        lambda longest: [
            SlotFull(longest.service, longest.day, AT, (longest.offer,)),
            SlotFull(longest.service, longest.day, AT, ()),
            SlotFull(longest.service, longest.day, AT, (), next_free=NextFree(None, longest.day)),
        ],
    ),
    NoFreeSlot: Row(
        {
            "no_free_slot_day": Text.of("service date", "free_times watch"),
            "no_free_slot_range": Text.of("service last", "first free_times"),
            "no_free_slot_nowhere": Text.of("service last", "watch"),
        },
        _no_free_slot,
        lambda longest: [
            NoFreeSlot(longest.service, longest.day, longest.day),
            NoFreeSlot(longest.service, longest.day.replace(day=10), longest.day),
            NoFreeSlot(longest.service, longest.day, longest.day, next_free=NextFree(None, longest.day)),
        ],
    ),
    ClosedDay: Row(
        {
            "closed_weekend": Text.of("date next", "service"),
            "closed_holiday": Text.of("date reason next", "service"),
            "closed_closure": Text.of("date reason next", "service"),
            "closed_no_hours": Text.of("date service next"),
        },
        _closed,
        _closed_days,
    ),
    ServicePaused: Row(
        {"service_paused": Text.of("service", "date")},
        _paused,
        lambda longest: [ServicePaused(longest.service, longest.day)],
    ),
    OutsideHours: Row(
        {"outside_hours": Text.of("service date hours", "time")},
        _outside_hours,
        lambda longest: [OutsideHours(longest.service, longest.day, AT, ((AT, AT),) * 4)],
    ),
    OffGrid: Row(
        {"off_grid": Text.of("near", "service date time")},
        _off_grid,
        lambda longest: [OffGrid(longest.service, longest.day, AT, (AT, AT))],
    ),
    InPast: Row(
        {
            "in_past_day": Text.of(optional="date"),
            "in_past_time": Text.of(optional="date time"),
            "in_past_notice": Text.of("notice", "date time"),
        },
        _in_past,
        lambda longest: [
            InPast(longest.day, None, 0),
            InPast(longest.day, AT, 0),
            InPast(longest.day, AT, longest.settings.notice_minutes or 1),
        ],
    ),
    TooFar: Row(
        {"too_far": Text.of("last", "date")},
        _too_far,
        lambda longest: [TooFar(longest.day.replace(year=longest.day.year - 1), longest.day)],
    ),
    LimitReached: Row(
        {
            "limit_agenda": Text.of("limit agenda", "mine cancel"),
            **{f"limit_{scope}": Text.of("limit", "mine cancel") for scope in _SCOPES},
        },
        _limit,
        _limits,
    ),
}
