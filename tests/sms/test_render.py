import re
from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prepazka.core import lengths
from prepazka.core.asks import (
    Accept,
    Ask,
    Book,
    BookSoonest,
    Cancel,
    FreeTimes,
    Help,
    ListServices,
    Mine,
    Move,
    ResumeReminders,
    StopReminders,
    Watch,
)
from prepazka.core.office import Office, Service
from prepazka.core.outcomes import (
    AlreadyBooked,
    AlreadyCancelled,
    BadDate,
    BadTime,
    Booked,
    Cancelled,
    Closed,
    ClosedDay,
    Duplicate,
    FreeTimesListed,
    HelpGiven,
    Ignored,
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
from prepazka.sms import gsm
from prepazka.sms.languages import load
from prepazka.sms.parse import parse
from prepazka.sms.render import Reply, apology, called_off, notice, reminder, render
from prepazka.sms.voice import voice
from tests.sms.outcomes import (
    DAY_OF_STARTS,
    EXAMPLE,
    LARGEST_OFFICE,
    MONDAY,
    NAMES,
    OFFICE,
    REASONS,
    TUESDAY,
    TWO,
    ZOP,
    any_outcome,
    booking,
    members,
    offer,
    strategies,
)
from tests.sms.test_phrases import every, told

LANGUAGES = [language.code for language in load()]
WEDNESDAY = date(2026, 8, 12)
THREE_PARTS = (ServicesListed, FreeTimesListed)


def reply(outcome: Outcome, office: Office = OFFICE, language: str = "cs") -> Reply:
    rendered = render(outcome, office, language)
    assert rendered is not None
    return rendered


def understood(message: str, office: Office = OFFICE, today: date = MONDAY) -> object:
    return parse(message, office, today).ask


# --- the words ----------------------------------------------------------------------------------


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
    pytest.param(RemindersStopped(), "{resume}", id="stopped"),
    pytest.param(RemindersResumed(), "{stop}", id="resumed"),
    pytest.param(NothingOffered(), "15 min|{book}", id="nothing_offered"),
    pytest.param(TooOld(), "", id="too_old"),
    pytest.param(NotUnderstood("abc", EXAMPLE), f"abc|{EXAMPLE}", id="not_understood"),
    pytest.param(NotUnderstood("", ""), "{book}", id="not_understood-empty"),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("outcome", "carried"), MUST_CARRY)
def test_the_reply_carries_what_it_must(outcome: Outcome, carried: str, language: str) -> None:
    speaking = voice(OFFICE, language)
    forms = speaking.forms
    text = reply(outcome, language=language).text
    for piece in carried.format(
        cancel=forms.cancelling("482913", MONDAY),
        services=forms.services,
        book=forms.sample(OFFICE, speaking.sample_name),
        stop=forms.stop,
        resume=forms.resume,
    ).split("|"):
        assert piece in text


def test_every_outcome_is_in_these_lists() -> None:
    carrying = {type(param.values[0]) for param in MUST_CARRY}
    assert carrying | {Ignored, Duplicate} == members(Outcome) == strategies(OFFICE).keys()


@pytest.mark.parametrize(
    "outcome", [pytest.param(Ignored("loop"), id="ignored"), pytest.param(Duplicate(), id="duplicate")]
)
def test_nothing_is_sent(outcome: Outcome) -> None:
    assert render(outcome, OFFICE, "cs") is None


def test_an_unknown_booking_tells_nothing_of_other_days() -> None:
    assert "11.8." not in reply(UnknownBooking("482913", MONDAY)).text


def test_a_language_without_a_file_is_answered_in_the_first_one() -> None:
    assert reply(TooOld(), language="xx") == reply(TooOld(), language="cs")


# --- what the office itself has to tell ---------------------------------------------------------


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
            called_off(booking(), "porucha", OFFICE, "cs"),
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


@given(NAMES, REASONS, st.sampled_from(LANGUAGES))
def test_what_the_office_tells_fits_one_part(name: str, reason: str, language: str) -> None:
    held = booking(name, lengths.PERSONS, date(2026, 12, 23), service=LARGEST_OFFICE.services[0].code)
    for sent in (
        reminder(held, LARGEST_OFFICE, language),
        called_off(held, reason, LARGEST_OFFICE, language),
        notice(LARGEST_OFFICE.services[0], held.day, held.at, LARGEST_OFFICE, language),
        apology(LARGEST_OFFICE, language),
    ):
        assert sent.parts == 1
        assert gsm.is_gsm(sent.text)


# --- the form -----------------------------------------------------------------------------------


@given(st.sampled_from([OFFICE, LARGEST_OFFICE]).flatmap(lambda o: st.tuples(any_outcome(o), st.just(o))), st.data())
def test_every_reply_is_gsm_only_within_its_parts_and_filled_in(
    case: tuple[Outcome, Office], data: st.DataObject
) -> None:
    outcome, office = case
    rendered = render(outcome, office, data.draw(st.sampled_from(LANGUAGES)))
    if rendered is None:
        assert isinstance(outcome, Ignored | Duplicate)
        return
    assert gsm.is_gsm(rendered.text)
    assert rendered.septets == gsm.septets(rendered.text)
    assert rendered.parts == len(gsm.split(rendered.text))
    assert rendered.parts <= (3 if isinstance(outcome, THREE_PARTS) else 1)
    assert not re.search("[{}]", rendered.text)


@given(NAMES, st.sampled_from(LANGUAGES))
def test_whatever_the_name_the_code_and_how_to_cancel_stay_whole(name: str, language: str) -> None:
    text = reply(Booked(booking(name)), language=language).text
    cancel = voice(OFFICE, language).forms.cancelling("482913", MONDAY)
    assert text.endswith(cancel)
    assert "482913" in text.removesuffix(cancel)


def test_braces_in_a_value_are_no_placeholders() -> None:
    assert "{code} {} {0}" in reply(Cancelled(booking("{code} {} {0}"))).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_of_full_length_is_not_cut_in_the_demo_office(language: str) -> None:
    name = "N" * lengths.PERSON_NAME
    assert f"{name}." in reply(Booked(booking(name)), language=language).text


def test_a_name_too_long_is_cut_visibly_and_no_more_than_needed() -> None:
    rendered = reply(Booked(booking("Щ" * lengths.PERSON_NAME)))
    assert rendered.septets == gsm.ONE_PART
    assert re.search(r"14:00, (Shch)+\w*\.\.\.\. Pristupovy", rendered.text)


def test_a_value_stays_on_one_line_without_control_characters() -> None:
    text = reply(NotUnderstood("a\x00b\n\tc\u202e", EXAMPLE)).text
    assert text.startswith('Nerozumime: "ab c".')


# --- lists: as much as fits ---------------------------------------------------------------------


def test_an_offer_always_stands_complete() -> None:
    long = offer(name="N" * lengths.PERSON_NAME)
    text = reply(SlotFull(ZOP, MONDAY, TWO, (long, long, long))).text
    assert f"OBJ ZOP 10.8. 14:15 {long.name} nebo ANO" in text
    assert "ANO 2" not in text


def test_titles_are_shortened_before_codes_stand_alone() -> None:
    services = tuple(Service(n, f"S{n}", "žádost o vydání dokladu pro osobu", 15, 1) for n in range(20))
    rendered = reply(ServicesListed(services), replace(OFFICE, services=services))
    assert rendered.parts == 3
    assert re.search(r"S0 = zadost[ \w]*\.\.\.\nS1 = ", rendered.text)
    assert all(re.search(rf"\b{service.code}\b", rendered.text) for service in services)


def test_short_titles_are_listed_whole() -> None:
    services = (Service(1, "OP", "občanka", 15, 1), Service(2, "PAS", "pas", 15, 1))
    assert "OP = obcanka\nPAS = pas\n" in reply(ServicesListed(services), replace(OFFICE, services=services)).text


def test_codes_stand_alone_where_no_title_fits() -> None:
    rendered = reply(ServicesListed(LARGEST_OFFICE.services), LARGEST_OFFICE)
    assert ", ".join(service.code for service in LARGEST_OFFICE.services) in rendered.text


def test_codes_that_do_not_fit_are_not_left_out_silently() -> None:
    services = tuple(Service(n, f"ABCDEFG{n:03}", "", 15, 1) for n in range(100))
    rendered = reply(ServicesListed(services), replace(OFFICE, services=services))
    assert rendered.parts == 3
    assert ", ...\n" in rendered.text


def test_bookings_that_do_not_fit_are_counted() -> None:
    text = reply(MineListed(tuple(booking(at=time(hour)) for hour in range(8, 18)))).text
    shown = text.count("kod 482913")
    assert shown >= 4
    assert text.endswith(f", a dalsi: {10 - shown}")


@given(st.sampled_from([OFFICE, LARGEST_OFFICE]), DAY_OF_STARTS)
def test_free_times_shown_and_those_the_rest_message_asks_for_are_all(office: Office, starts: tuple[time, ...]) -> None:
    text = reply(FreeTimesListed(office.services[0], MONDAY, starts), office).text
    listed = text.split("volné casy: ")[1].split("\n")[0]
    shown, _, message = listed.partition(", dalsi: ")
    if not message:
        assert told(shown) == starts
        return
    rest = understood(message, office)
    assert isinstance(rest, FreeTimes)
    assert (rest.service, rest.day) == (office.services[0].code, MONDAY)
    assert rest.since is not None
    assert told(shown) + tuple(start for start in starts if start >= rest.since) == starts


# --- what replies teach is understood -----------------------------------------------------------

TAUGHT = {
    "book": Book("ZOP", MONDAY, TWO, "NOVAK"),
    "book_persons": Book("ZOP", MONDAY, TWO, "NOVAK", 2),
    "soonest": BookSoonest("ZOP", "NOVAK"),
    "free_times": FreeTimes("ZOP", MONDAY),
    "free_times_since": FreeTimes("ZOP", MONDAY, TWO),
    "services": ListServices(),
    "help": Help(),
    "cancel": Cancel("482913", MONDAY),
    "accept": Accept(1),
    "accept_other": Accept(2),
    "mine": Mine(),
    "move": Move("482913", MONDAY, TWO),
    "watch": Watch("ZOP", MONDAY),
    "stop": StopReminders(),
    "resume": ResumeReminders(),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "ask"), [pytest.param(name, ask, id=name) for name, ask in TAUGHT.items()])
def test_every_taught_form_is_understood_and_answered_in_its_language(language: str, name: str, ask: Ask) -> None:
    form = getattr(voice(OFFICE, language).forms, name)
    message = form.format(service="ZOP", date="10.8.", time="14:00", name="NOVAK", persons=2, code="482913", choice=2)
    reading = parse(message, OFFICE, MONDAY)
    assert (reading.ask, reading.language) == (ask, language)


def test_every_form_of_the_language_files_is_taught_here() -> None:
    assert all(language.forms.keys() == TAUGHT.keys() for language in load())


@pytest.mark.parametrize(
    ("outcome", "pattern", "ask"),
    [
        pytest.param(HelpGiven(), r"Objednani: (.+) \(", Book("ZOP", MONDAY, TWO, "NOVAK"), id="help"),
        pytest.param(Booked(booking()), r"Zruseni: (.+)", Cancel("482913", MONDAY), id="booked"),
        pytest.param(
            SlotFull(ZOP, MONDAY, TWO, (offer(name="Nová-Žáková ml"),)),
            r"Poslete (.+) nebo ",
            Book("ZOP", MONDAY, time(14, 15), "Nova-Zakova ml"),
            id="slot_full",
        ),
        pytest.param(
            SlotFull(ZOP, MONDAY, TWO, ()), r"Jiny den: (.+?\..+?\.) ", FreeTimes("ZOP", TUESDAY), id="slot_full-none"
        ),
        pytest.param(NoFreeSlot(ZOP, MONDAY, MONDAY), r"mista: (.+)", Watch("ZOP", MONDAY), id="no_free_slot-watch"),
        pytest.param(
            ClosedDay(ZOP, MONDAY, Closed("weekend"), TUESDAY),
            r"casy: (.+)",
            FreeTimes("ZOP", TUESDAY),
            id="closed_day",
        ),
        pytest.param(
            FreeTimesListed(ZOP, MONDAY, (TWO,)),
            r"Objednani: (.+)",
            Book("ZOP", MONDAY, TWO, "PRIJMENI"),
            id="free_times",
        ),
        pytest.param(UnknownService("X", ()), r"zkratky: (.+)", ListServices(), id="unknown_service"),
        pytest.param(LimitReached(4, "sender"), r"Vypis: (\w+)", Mine(), id="limit_reached"),
    ],
)
def test_a_message_in_a_reply_is_understood(outcome: Outcome, pattern: str, ask: Ask) -> None:
    taught = re.search(pattern, reply(outcome).text)
    assert taught is not None
    assert understood(taught[1]) == ask


def test_an_example_too_long_to_repeat_gives_way_to_the_sample() -> None:
    assert reply(MissingDate(EXAMPLE + "A" * 60)).text.endswith(EXAMPLE)


# --- the office's own words ---------------------------------------------------------------------


def speaking(**texts: str) -> Office:
    return replace(OFFICE, texts={"cs": texts})


def test_the_offices_own_text_is_used_folded() -> None:
    text = reply(TooOld(), speaking(too_old="Přišlo pozdě. {office}")).text
    assert text == "Prislo pozde. Mestsky urad"


def test_an_own_text_changes_no_other_reply() -> None:
    assert reply(HelpGiven(), speaking(too_old="Přišlo pozdě.")) == reply(HelpGiven())


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Přišlo {kdy}", id="unknown-placeholder"),
        pytest.param("Přišlo {office.id}", id="attribute"),
        pytest.param("Přišlo {", id="open-brace"),
        pytest.param("x" * 161, id="too-long"),
    ],
)
def test_an_own_text_that_cannot_be_used_gives_way_to_the_language_files(text: str) -> None:
    assert reply(TooOld(), speaking(too_old=text)) == reply(TooOld())


def test_beyond_what_an_office_may_configure_the_reply_still_is_one_part() -> None:
    service = Service(1, "X" * 300, "", 15, 1)
    rendered = reply(Watching(service, MONDAY))
    assert rendered.parts == 1
    assert rendered.text.endswith("...")
