"""What every reply must carry, in every language."""

import re
from dataclasses import replace
from datetime import time
from typing import Any

import pytest

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
    NoFreeSlot,
    NothingOffered,
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
from prepazka.core.office.plan import Closed
from prepazka.core.queue.tickets import Wait
from prepazka.sms.alphabets import GSM
from prepazka.sms.reply.render import render, templates_of
from tests.sms.reply.outcomes import (
    FULL,
    LANGUAGES,
    MONDAY,
    OFFICE,
    TUESDAY,
    TWO,
    ZOP,
    booking,
    every_outcome,
    offer,
    reply,
    strategies,
)

# What spec/messages.md §4 says each reply must carry, whatever its wording and language.
MUST_CARRY = [
    pytest.param(Booked(booking()), "ZOP|{monday}|14:00|Novak|482913|{cancel}", id="booked"),
    pytest.param(Held(booking()), "ZOP|{monday}|14:00|Novak|482913|{accept}", id="held"),
    pytest.param(Lapsed(booking()), "ZOP|{monday}|14:00", id="lapsed"),
    pytest.param(SlotFull(ZOP, MONDAY, TWO, (offer(),)), "ZOP|{monday}|14:00|14:15", id="slot_full"),
    pytest.param(SlotFull(ZOP, MONDAY, TWO, ()), "ZOP|{monday}|14:00", id="slot_full-without-offers"),
    pytest.param(NoFreeSlot(ZOP, MONDAY, MONDAY), "ZOP|{monday}", id="no_free_slot-day"),
    pytest.param(NoFreeSlot(ZOP, MONDAY, TUESDAY), "ZOP|{tuesday}", id="no_free_slot-days"),
    pytest.param(ClosedDay(ZOP, MONDAY, Closed("weekend"), TUESDAY), "{monday}|{tuesday}", id="closed_day-weekend"),
    pytest.param(
        ClosedDay(ZOP, MONDAY, Closed("holiday", "H"), TUESDAY), "{monday}|H|{tuesday}", id="closed_day-holiday"
    ),
    pytest.param(
        ClosedDay(ZOP, MONDAY, Closed("closure", "R"), TUESDAY), "{monday}|R|{tuesday}", id="closed_day-closure"
    ),
    pytest.param(ClosedDay(ZOP, MONDAY, Closed("no_hours"), TUESDAY), "{monday}|{tuesday}", id="closed_day-no_hours"),
    pytest.param(ServicePaused(ZOP, MONDAY), "ZOP|2026", id="service_paused"),
    pytest.param(OutsideHours(ZOP, MONDAY, time(7), ((time(8), time(17)),)), "8:00-17:00", id="outside_hours"),
    pytest.param(OffGrid(ZOP, MONDAY, time(14, 7), (TWO, time(14, 15))), "14:00|14:15", id="off_grid"),
    pytest.param(InPast(MONDAY, None, 0), "{monday}", id="in_past-day"),
    pytest.param(InPast(MONDAY, TWO, 0), "{monday}|14:00", id="in_past-time"),
    pytest.param(InPast(MONDAY, TWO, 45), "{monday}|14:00|{notice}", id="in_past-notice"),
    pytest.param(TooFar(TUESDAY, MONDAY), "{monday}", id="too_far"),
    pytest.param(UnknownService("XYZ", ("ZOP", "POP")), "XYZ|ZOP|POP|{services}", id="unknown_service"),
    pytest.param(UnknownService("XYZ", ("ZOP",), FULL), "XYZ|ZOP|{full}|{services}", id="unknown_service-near-one"),
    pytest.param(UnknownService("XYZ", ()), "XYZ|{services}", id="unknown_service-near-none"),
    pytest.param(MissingName(replace(FULL, name=None)), "{nameless}", id="missing_name"),
    pytest.param(MissingDate(replace(FULL, day=None)), "{dayless}", id="missing_date"),
    pytest.param(MissingTime(replace(FULL, at=None)), "{timeless}", id="missing_time"),
    pytest.param(MissingCode(Draft("cancel", day=MONDAY)), "{codeless}", id="missing_code"),
    pytest.param(MissingCode(Draft("cancel"), (booking(),)), "{cancel}", id="missing_code-own"),
    pytest.param(BadDate("31.2.", replace(FULL, day=None)), "31.2.|{dayless}", id="bad_date"),
    pytest.param(BadTime("25:00", replace(FULL, at=None)), "25:00|{timeless}", id="bad_time"),
    pytest.param(AlreadyBooked(booking()), "ZOP|{monday}|14:00|Novak|482913", id="already_booked"),
    pytest.param(LimitReached(4, "sender"), "4", id="limit_reached-sender"),
    pytest.param(LimitReached(4, "service"), "4", id="limit_reached-service"),
    pytest.param(LimitReached(4, "agenda", OFFICE.agendas[0].id), "4|Doklady", id="limit_reached-agenda"),
    pytest.param(LimitReached(4, "day"), "4", id="limit_reached-day"),
    pytest.param(LimitReached(4, "persons"), "4", id="limit_reached-persons"),
    pytest.param(LimitReached(3, "unconfirmed"), "3", id="limit_reached-unconfirmed"),
    pytest.param(Cancelled(booking()), "ZOP|{monday}|14:00|Novak", id="cancelled"),
    pytest.param(Moved(booking(day=TUESDAY), booking()), "ZOP|{tuesday}|14:00|Novak|482913|{monday}", id="moved"),
    pytest.param(UnknownBooking("482913", MONDAY), "482913|{monday}", id="unknown_booking"),
    pytest.param(UnknownBooking("482913", None), "482913", id="unknown_booking-to-move"),
    pytest.param(AlreadyCancelled(booking()), "ZOP|{monday}|14:00", id="already_cancelled"),
    pytest.param(TooLate(booking()), "ZOP|{monday}|14:00", id="too_late"),
    pytest.param(HelpGiven(), "{book}|{services}", id="help"),
    pytest.param(
        HelpGiven(None, None, None, "Masarykovo nam. 1", ((time(8), time(17)),)),
        "Masarykovo nam. 1|8:00-17:00|{book}",
        id="help-info",
    ),
    pytest.param(HoursTold(MONDAY, ((time(8), time(17)),)), "{monday}|8:00-17:00", id="opening_hours"),
    pytest.param(HoursTold(MONDAY, (), TUESDAY, bookable=True), "{monday}|{tuesday}", id="opening_hours-closed"),
    pytest.param(HoursTold(MONDAY, ()), "{monday}", id="opening_hours-none"),
    pytest.param(ServicesListed(OFFICE.services), "ZOP|POP|ZCD|PCD|PTP|RTP", id="services"),
    pytest.param(FreeTimesListed(ZOP, MONDAY, (TWO,)), "ZOP|{monday}|14:00", id="free_times"),
    pytest.param(MineListed((booking(),)), "ZOP|{monday}|14:00|482913", id="mine"),
    pytest.param(MineListed(()), "{book}", id="mine-none"),
    pytest.param(Watching(ZOP, MONDAY), "ZOP|{monday}", id="watching"),
    pytest.param(QueueTold(ZOP, 7, 2, Wait(16, 20), True), "ZOP|7|2|{wait}", id="queue"),
    pytest.param(QueueTold(ZOP, 0, 2, Wait(0, 0), True), "ZOP|0|{short_wait}", id="queue-nobody before you"),
    pytest.param(QueueTold(ZOP, 7, 0, None, True), "ZOP|7", id="queue-unattended"),
    pytest.param(QueueTold(ZOP, 0, 0, None, False), "ZOP|{book}", id="queue-closed"),
    pytest.param(RemindersStopped(), "{resume}", id="stopped"),
    pytest.param(RemindersResumed(), "{stop}", id="resumed"),
    pytest.param(NothingOffered(), "{offer_stands}|{book}", id="nothing_offered"),
    pytest.param(TooOld(), "", id="too_old"),
    pytest.param(TooManyThisHour(), "", id="too_many_this_hour"),
    pytest.param(TooManyToday(), "", id="too_many_today"),
    pytest.param(Incomplete(), "", id="incomplete"),
    pytest.param(NotUnderstood("abc", FULL), "abc|{full}|{help}", id="not_understood"),
    pytest.param(NotUnderstood("", None), "{book}|{help}", id="not_understood-empty"),
    pytest.param(Booked(booking(), booking("Dvořák")), "{cancel}|Novak|Dvorak|482913", id="booked-both"),
    pytest.param(Proposed((offer(),)), "ZOP|{monday}|14:15|Novak|{proposal_stands}|{accept}", id="proposed"),
    pytest.param(Proposed((offer(), offer(TUESDAY))), "{monday}|{tuesday}|{accept_1}|{accept_2}", id="proposed-choice"),
    pytest.param(
        Proposed((offer(), offer(at=TWO)), together=True),
        "14:15|14:00|{accept}|{accept_1}|{accept_2}",
        id="proposed-two",
    ),
    pytest.param(Declined(), "", id="declined"),
    pytest.param(BringTold(replace(ZOP, bring={"cs": "pas"})), "ZOP|pas", id="to_bring"),
    pytest.param(BringTold(replace(ZOP, bring={}), "555 123 456"), "ZOP|555 123 456", id="to_bring-ask"),
    pytest.param(BringTold(replace(ZOP, bring={})), "ZOP", id="to_bring-unknown"),
    pytest.param(NothingOffered((offer(),)), "{accept}|14:15", id="nothing_offered-so"),
]


@pytest.mark.parametrize(("outcome", "carried"), MUST_CARRY)
def test_the_reply_carries_what_it_must(outcome: Outcome, carried: str) -> None:
    for language in LANGUAGES:
        text = plain(reply(outcome, language=language).text)
        assert [one for one in in_words(carried, language) if plain(one) not in text] == [], text


def in_words(carried: str, language: str) -> list[str]:
    """What a reply in a language must carry, as it stands there."""
    speaking = templates_of(OFFICE, language)
    forms, phrases = speaking.forms, speaking.phrases
    return carried.format(
        monday=phrases.day(MONDAY),
        tuesday=phrases.day(TUESDAY),
        full=forms.draft(FULL),
        nameless=forms.draft(replace(FULL, name=None)),
        dayless=forms.draft(replace(FULL, day=None)),
        timeless=forms.draft(replace(FULL, at=None)),
        codeless=forms.draft(Draft("cancel", day=MONDAY)),
        book=forms.draft(Draft("book")),
        cancel=forms.cancelling("482913", MONDAY),
        services=forms["services"],
        help=forms["help"],
        stop=forms["stop"],
        resume=forms["resume"],
        accept=forms.accepting(1),
        accept_1=forms.accepting_one(1),
        accept_2=forms.accepting_one(2),
        wait=phrases.waiting(Wait(16, 20)),
        short_wait=phrases.waiting(Wait(0, 0)),
        notice=phrases.duration(45),
        offer_stands=phrases.duration(15),
        proposal_stands=phrases.duration(120),
    ).split("|")


def plain(text: str) -> str:
    """The text as it compares in every alphabet."""
    return GSM.fold(text)


def test_every_outcome_is_in_these_lists() -> None:
    carrying = {type(param.values[0]) for param in MUST_CARRY}
    assert carrying | {Confirmed, Ignored, Duplicate, Thanks} == every_outcome() == strategies(OFFICE).keys()


@pytest.mark.parametrize(
    "outcome",
    [
        pytest.param(Ignored("loop"), id="ignored"),
        pytest.param(Duplicate(), id="duplicate"),
        pytest.param(Thanks(), id="thanks"),
        pytest.param(Confirmed(booking()), id="confirmed"),
    ],
)
def test_nothing_is_sent(outcome: Outcome) -> None:
    assert render(outcome, OFFICE, "cs") is None


def test_only_outcomes_without_a_message_say_that_nothing_is_sent() -> None:
    """What the guards count beside a batch's own answers, and what they find in the database, is the same."""
    assert {one for one in every_outcome() if not one.is_answered} == {Confirmed, Ignored, Duplicate, Thanks}


def test_an_unknown_booking_tells_nothing_of_other_days() -> None:
    assert "11.8." not in reply(UnknownBooking("482913", MONDAY)).text


def test_a_language_without_a_file_is_answered_in_the_first_one() -> None:
    assert reply(TooOld(), language="xx") == reply(TooOld(), language="cs")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentences_of_a_reply_join(language: str) -> None:
    """A date ends with a full stop in some languages and not in others."""
    outcomes: list[Any] = [param.values[0] for param in MUST_CARRY]
    texts = [reply(outcome, language=language).text.replace("...", "") for outcome in outcomes]
    assert [text for text in texts if re.search(r"\.\.| \.| ,|  | $|\n\n", text)] == []
