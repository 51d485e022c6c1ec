from datetime import date, time

import pytest

from prepazka.core.booking.outcomes import (
    AlreadyBooked,
    AlreadyCancelled,
    BadDate,
    BadTime,
    Booked,
    Cancelled,
    ClosedDay,
    Duplicate,
    FreeTimesListed,
    HelpGiven,
    Ignored,
    Incomplete,
    InPast,
    LimitReached,
    MineListed,
    MissingCode,
    MissingDate,
    MissingName,
    MissingTime,
    Moved,
    NoFreeSlot,
    NothingOffered,
    NotUnderstood,
    OffGrid,
    Outcome,
    OutsideHours,
    QueueTold,
    RemindersResumed,
    RemindersStopped,
    ServicesListed,
    SlotFull,
    TooFar,
    TooLate,
    TooOld,
    UnknownBooking,
    UnknownService,
    Watching,
)
from prepazka.core.office.plan import Closed
from prepazka.core.queue.tickets import Wait
from prepazka.sms.reply.render import Reply, apology, called_off, notice, reminder, render, templates_of
from tests.sms.reply.outcomes import (
    EXAMPLE,
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
from tests.sms.reply.test_phrases import every


@pytest.mark.parametrize(
    ("outcome", "text"),
    [
        pytest.param(
            Booked(booking()),
            "Objednano: ZOP po 10.8. v 14:00, Novak. Pristupovy kod 482913. Zruseni: STORNO 482913 10.8.",
            id="booked",
        ),
        pytest.param(
            Booked(booking(persons=3)),
            "Objednano: 3x ZOP po 10.8. v 14:00, Novak. Pristupovy kod 482913. Zruseni: STORNO 482913 10.8.",
            id="booked-for-three",
        ),
        pytest.param(Cancelled(booking()), "Zruseno: ZOP po 10.8. v 14:00, Novak.", id="cancelled"),
        pytest.param(
            Moved(booking(day=TUESDAY), booking()),
            "Presunuto na ut 11.8. v 14:00 (puvodne po 10.8. v 14:00): ZOP, Novak. Pristupovy kod 482913. "
            "Zruseni: STORNO 482913 11.8.",
            id="moved",
        ),
        pytest.param(
            FreeTimesListed(ZOP, MONDAY, (*every(15, "8:00", "11:30"), time(13, 15))),
            "ZOP po 10.8. volné casy: 8:00-11:30 po 15 min, 13:15\nObjednani: OBJ ZOP 10.8. 8:00 PRIJMENI",
            id="free_times",
        ),
        pytest.param(
            MineListed((booking(), booking(day=TUESDAY))),
            "Vase objednavky: ZOP po 10.8. v 14:00 kod 482913, ZOP ut 11.8. v 14:00 kod 482913",
            id="mine",
        ),
        pytest.param(
            SlotFull(ZOP, MONDAY, TWO, (offer(), offer(at=time(14, 30)), offer(TUESDAY, time(8)))),
            "ZOP po 10.8. v 14:00 uz je obsazeno. Poslete OBJ ZOP 10.8. 14:15 Novak nebo ANO (po 10.8. v 14:15), "
            "ANO 2 (v 14:30), ANO 3 (ut 11.8. v 8:00)",
            id="slot_full",
        ),
        pytest.param(
            SlotFull(ZOP, MONDAY, TWO, (offer(persons=2),)),
            "ZOP po 10.8. v 14:00 uz je obsazeno. Poslete OBJ ZOP 2X 10.8. 14:15 Novak nebo ANO (po 10.8. v 14:15)",
            id="slot_full-for-two",
        ),
        pytest.param(
            SlotFull(ZOP, MONDAY, TWO, (offer(moving="482913"),)),
            "ZOP po 10.8. v 14:00 uz je obsazeno. Poslete PRESUN 482913 10.8. 14:15 nebo ANO (po 10.8. v 14:15)",
            id="slot_full-when-moving",
        ),
        pytest.param(
            NoFreeSlot(ZOP, MONDAY, TUESDAY),
            "ZOP: po 10.8. az ut 11.8. neni nic volného. Pozdejsi den: TERMIN ZOP 12.8.",
            id="no_free_slot-until-when-it-looked",
        ),
        pytest.param(
            ClosedDay(ZOP, MONDAY, Closed("holiday", "Den české státnosti"), TUESDAY),
            "po 10.8. je svatek (Den ceské statnosti), neuradujeme. Nejblizsi jiny den: ut 11.8. "
            "Volné casy: TERMIN ZOP 11.8.",
            id="closed_day-holiday",
        ),
        pytest.param(
            ClosedDay(ZOP, MONDAY, Closed("closure", "malování."), None),
            "ZOP po 10.8. nevyrizujeme: malovani. Jiny den k objednani zatim neni.",
            id="closed_day-closure-with-nothing-after",
        ),
        pytest.param(
            OutsideHours(ZOP, MONDAY, time(7), ((time(8), time(11, 30)), (time(12, 30), time(17)))),
            "ZOP po 10.8. vyrizujeme jen v dobe 8:00-11:30, 12:30-17:00. Cas 7:00 je mimo ni.",
            id="outside_hours",
        ),
        pytest.param(
            OffGrid(ZOP, MONDAY, time(14, 7), (TWO, time(14, 15))),
            "ZOP po 10.8. na 14:07 objednat nelze. Nejblizsi zacatek je v 14:00 nebo 14:15",
            id="off_grid",
        ),
        pytest.param(
            InPast(MONDAY, TWO, 120),
            "Termin po 10.8.2026 v 14:00 uz objednat nelze. Objednavejte se prosim nejpozdeji 2 hod predem.",
            id="in_past-inside-the-notice",
        ),
        pytest.param(
            TooFar(date(2027, 8, 10), MONDAY),
            "ut 10.8.2027 je prilis daleko. Posledni den k objednani: po 10.8.",
            id="too_far-in-another-year",
        ),
        pytest.param(
            UnknownBooking("482913", MONDAY),
            "Hledali jsme kod 482913 na den po 10.8. a takovou objednavku nemame. Zkontrolujte prosim kod i datum.",
            id="unknown_booking",
        ),
        pytest.param(
            UnknownService("ZPO", ("ZOP", "POP")),
            'Zkratku "ZPO" nezname. Nemate na mysli ZOP nebo POP? Vsechny zkratky: POMOC ZKR',
            id="unknown_service",
        ),
        pytest.param(
            NotUnderstood("nějak", EXAMPLE),
            'Nerozumime: "nejak". Napoveda: POMOC. Poslete napriklad: OBJ ZOP 10.8. 14:00 NOVAK',
            id="not_understood",
        ),
        pytest.param(
            BadDate("31.2.", EXAMPLE),
            'Datum "31.2." neexistuje. Poslete napriklad: OBJ ZOP 10.8. 14:00 NOVAK',
            id="bad_date",
        ),
    ],
)
def test_the_reply_in_czech(outcome: Outcome, text: str) -> None:
    assert reply(outcome).text == text


# What spec/messages.md §4 says each reply must carry, whatever its wording.
MUST_CARRY = [
    pytest.param(Booked(booking()), "ZOP|10.8.|14:00|Novak|482913|{cancel}", id="booked"),
    pytest.param(SlotFull(ZOP, MONDAY, TWO, (offer(),)), "ZOP|10.8.|14:00|14:15", id="slot_full"),
    pytest.param(SlotFull(ZOP, MONDAY, TWO, ()), "ZOP|10.8.|14:00", id="slot_full-without-offers"),
    pytest.param(NoFreeSlot(ZOP, MONDAY, MONDAY), "ZOP|10.8.", id="no_free_slot-day"),
    pytest.param(NoFreeSlot(ZOP, MONDAY, TUESDAY), "ZOP|11.8.", id="no_free_slot-days"),
    pytest.param(ClosedDay(ZOP, MONDAY, Closed("weekend"), TUESDAY), "10.8.|11.8.", id="closed_day-weekend"),
    pytest.param(ClosedDay(ZOP, MONDAY, Closed("holiday", "H"), TUESDAY), "10.8.|H|11.8.", id="closed_day-holiday"),
    pytest.param(ClosedDay(ZOP, MONDAY, Closed("closure", "R"), TUESDAY), "10.8.|R|11.8.", id="closed_day-closure"),
    pytest.param(ClosedDay(ZOP, MONDAY, Closed("no_hours"), TUESDAY), "10.8.|11.8.", id="closed_day-no_hours"),
    pytest.param(OutsideHours(ZOP, MONDAY, time(7), ((time(8), time(17)),)), "8:00-17:00", id="outside_hours"),
    pytest.param(OffGrid(ZOP, MONDAY, time(14, 7), (TWO, time(14, 15))), "14:00|14:15", id="off_grid"),
    pytest.param(InPast(MONDAY, None, 0), "10.8.", id="in_past-day"),
    pytest.param(InPast(MONDAY, TWO, 0), "10.8.|14:00", id="in_past-time"),
    pytest.param(InPast(MONDAY, TWO, 45), "10.8.|14:00|45 min", id="in_past-notice"),
    pytest.param(TooFar(TUESDAY, MONDAY), "10.8.", id="too_far"),
    pytest.param(UnknownService("XYZ", ("ZOP", "POP")), "XYZ|ZOP|POP|{services}", id="unknown_service"),
    pytest.param(UnknownService("XYZ", ()), "XYZ|{services}", id="unknown_service-near-none"),
    pytest.param(MissingName(EXAMPLE), EXAMPLE, id="missing_name"),
    pytest.param(MissingDate(EXAMPLE), EXAMPLE, id="missing_date"),
    pytest.param(MissingTime(EXAMPLE), EXAMPLE, id="missing_time"),
    pytest.param(MissingCode("STORNO 1234 10.8."), "STORNO 1234 10.8.", id="missing_code"),
    pytest.param(BadDate("31.2.", EXAMPLE), f"31.2.|{EXAMPLE}", id="bad_date"),
    pytest.param(BadTime("25:00", EXAMPLE), f"25:00|{EXAMPLE}", id="bad_time"),
    pytest.param(AlreadyBooked(booking()), "ZOP|10.8.|14:00|Novak|482913", id="already_booked"),
    pytest.param(LimitReached(4, "sender"), "4", id="limit_reached-sender"),
    pytest.param(LimitReached(4, "service"), "4", id="limit_reached-service"),
    pytest.param(LimitReached(4, "agenda"), "4", id="limit_reached-agenda"),
    pytest.param(LimitReached(4, "day"), "4", id="limit_reached-day"),
    pytest.param(LimitReached(4, "persons"), "4", id="limit_reached-persons"),
    pytest.param(Cancelled(booking()), "ZOP|10.8.|14:00|Novak", id="cancelled"),
    pytest.param(Moved(booking(day=TUESDAY), booking()), "ZOP|11.8.|14:00|Novak|482913|10.8.", id="moved"),
    pytest.param(UnknownBooking("482913", MONDAY), "482913|10.8.", id="unknown_booking"),
    pytest.param(UnknownBooking("482913", None), "482913", id="unknown_booking-to-move"),
    pytest.param(AlreadyCancelled(booking()), "ZOP|10.8.|14:00", id="already_cancelled"),
    pytest.param(TooLate(booking()), "ZOP|10.8.|14:00", id="too_late"),
    pytest.param(HelpGiven(), "{book}|{services}", id="help"),
    pytest.param(ServicesListed(OFFICE.services), "ZOP = zadost|POP|ZCD|PCD|PTP|RTP", id="services"),
    pytest.param(FreeTimesListed(ZOP, MONDAY, (TWO,)), "ZOP|10.8.|14:00", id="free_times"),
    pytest.param(MineListed((booking(),)), "ZOP|10.8.|14:00|482913", id="mine"),
    pytest.param(MineListed(()), "{book}", id="mine-none"),
    pytest.param(Watching(ZOP, MONDAY), "ZOP|10.8.", id="watching"),
    pytest.param(QueueTold(ZOP, 7, 2, Wait(16, 20), True), "ZOP|7|2|16-20 min", id="queue"),
    pytest.param(QueueTold(ZOP, 0, 2, Wait(0, 0), True), "ZOP|0|1 min", id="queue-nobody before you"),
    pytest.param(QueueTold(ZOP, 7, 0, None, True), "ZOP|7", id="queue-unattended"),
    pytest.param(QueueTold(ZOP, 0, 0, None, False), "ZOP|{book}", id="queue-closed"),
    pytest.param(RemindersStopped(), "{resume}", id="stopped"),
    pytest.param(RemindersResumed(), "{stop}", id="resumed"),
    pytest.param(NothingOffered(), "15 min|{book}", id="nothing_offered"),
    pytest.param(TooOld(), "", id="too_old"),
    pytest.param(Incomplete(), "", id="incomplete"),
    pytest.param(NotUnderstood("abc", EXAMPLE), f"abc|{EXAMPLE}", id="not_understood"),
    pytest.param(NotUnderstood("", ""), "{book}", id="not_understood-empty"),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("outcome", "carried"), MUST_CARRY)
def test_the_reply_carries_what_it_must(outcome: Outcome, carried: str, language: str) -> None:
    speaking = templates_of(OFFICE, language)
    forms = speaking.forms
    text = reply(outcome, language=language).text
    for candidate in carried.format(
        cancel=forms.cancelling("482913", MONDAY),
        services=forms["services"],
        book=forms.sample(OFFICE, speaking.sample_name),
        stop=forms["stop"],
        resume=forms["resume"],
    ).split("|"):
        assert candidate in text


def test_every_outcome_is_in_these_lists() -> None:
    carrying = {type(param.values[0]) for param in MUST_CARRY}
    assert carrying | {Ignored, Duplicate} == every_outcome() == strategies(OFFICE).keys()


@pytest.mark.parametrize(
    "outcome", [pytest.param(Ignored("loop"), id="ignored"), pytest.param(Duplicate(), id="duplicate")]
)
def test_nothing_is_sent(outcome: Outcome) -> None:
    assert render(outcome, OFFICE, "cs") is None


def test_an_unknown_booking_tells_nothing_of_other_days() -> None:
    assert "11.8." not in reply(UnknownBooking("482913", MONDAY)).text


def test_a_language_without_a_file_is_answered_in_the_first_one() -> None:
    assert reply(TooOld(), language="xx") == reply(TooOld(), language="cs")


@pytest.mark.parametrize(
    ("told_by_office", "text"),
    [
        pytest.param(
            notice(ZOP, MONDAY, TWO, OFFICE, "cs"),
            "Uvolnil se termin ZOP po 10.8. v 14:00. Poslete OBJ ZOP 10.8. 14:00 PRIJMENI",
            id="notice",
        ),
        pytest.param(
            reminder(booking(), OFFICE, "cs"),
            "Pripominame: ZOP po 10.8. v 14:00, Novak. Pristupovy kod 482913. Zruseni: STORNO 482913 10.8.",
            id="reminder",
        ),
        pytest.param(
            called_off(booking(), "porucha", date(2026, 8, 11), OFFICE, "cs"),
            "Omlouvame se, vasi objednavku ZOP po 10.8. v 14:00, Novak, musime zrusit: porucha. "
            "Jiny termin: TERMIN ZOP 11.8.",
            id="called_off",
        ),
        pytest.param(
            apology(OFFICE, "cs"),
            "Omlouvame se, vasi zpravu se nepodarilo zpracovat a nic jsme podle ni neudelali. "
            "Zavolejte prosim na urad, nebo prijdte osobne.",
            id="apology",
        ),
    ],
)
def test_what_the_office_tells_of_its_own(told_by_office: Reply, text: str) -> None:
    assert told_by_office.text == text
