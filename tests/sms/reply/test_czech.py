"""The replies in Czech, word for word: what people get for what they wrote."""

from dataclasses import replace
from datetime import date, time

import pytest

from prepazka.core.booking.draft import Draft
from prepazka.core.booking.misunderstandings import (
    BadDate,
    MissingCode,
    MissingDate,
    MissingName,
    NotUnderstood,
    UnknownService,
)
from prepazka.core.booking.next_free import Instead
from prepazka.core.booking.outcomes import (
    Booked,
    Cancelled,
    ClosedDay,
    Declined,
    FreeTimesListed,
    HelpGiven,
    InPast,
    LimitReached,
    MineListed,
    Moved,
    NoFreeSlot,
    NothingOffered,
    OffGrid,
    Outcome,
    OutsideHours,
    Proposed,
    ServicePaused,
    SlotFull,
    TooFar,
    UnknownBooking,
)
from prepazka.core.office.plan import Closed
from prepazka.sms.reply.render import Reply, apology, called_off, notice, reminder
from tests.sms.reply.outcomes import (
    FULL,
    MONDAY,
    OFFICE,
    TUESDAY,
    TWO,
    ZOP,
    booking,
    offer,
    reply,
)
from tests.sms.reply.test_phrases import every


@pytest.mark.parametrize(
    ("outcome", "text"),
    [
        pytest.param(
            Booked(booking()),
            "Objednano: ZOP (zadost o vydani obcanskeho prukazu) pon 10.8. 14:00, Novak. Kod pro prichod i "
            "zruseni: 482913. Zrusite zpravou\nSTORNO 482913 10.8.",
            id="booked",
        ),
        pytest.param(
            Booked(booking(persons=3)),
            "Objednano: 3x ZOP (zadost o vydani obcanskeho prukazu) pon 10.8. 14:00, Novak. Kod pro prichod i "
            "zruseni: 482913. Zrusite zpravou\nSTORNO 482913 10.8.",
            id="booked-for-three",
        ),
        pytest.param(
            Booked(booking("Nováková-Dvořáková Marie Terezie"), None),
            "Objednano: ZOP pon 10.8. 14:00, Novakova-Dvorakova Marie Terezie. Kod pro prichod i "
            "zruseni: 482913. Zrusite zpravou\nSTORNO 482913 10.8.",
            id="booked-where-the-title-does-not-fit",
        ),
        pytest.param(
            Booked(booking(), booking(at=time(14, 15), service="ZCD")),
            "Objednano oboji, Novak: ZOP pon 10.8. 14:00, kod 482913, a ZCD pon 10.8. 14:15, kod 482913. "
            "Kody jsou pro prichod i zruseni. Zrusite zpravou\nSTORNO 482913 10.8.\nnebo\nSTORNO 482913 10.8.",
            id="booked-both",
        ),
        pytest.param(
            Proposed((offer(),)),
            "Zatim neobjednano: ZOP (zadost o vydani obcanskeho prukazu) pon 10.8. 14:15, Novak. Je to tak? "
            "Do 2 hod odpovezte\nANO",
            id="proposed",
        ),
        pytest.param(
            Proposed((offer(moving="482913"),)),
            "Zatim nepresunuto: objednavka s kodem 482913 na pon 10.8. 14:15. Je to tak? Do 2 hod odpovezte\nANO",
            id="proposed-move",
        ),
        pytest.param(
            Proposed((offer(at=TWO), offer(TUESDAY, at=time(14, 15)))),
            "Zatim neobjednano, zpravu lze cist dvojim zpusobem. Do 2 hod odpovezte ANO 1 (pon 10.8. 14:00), "
            "ANO 2 (ute 11.8. 14:15)",
            id="proposed-choice-of-two-starts",
        ),
        pytest.param(
            Proposed((offer(at=TWO), replace(offer(at=TWO), service="ZCD"))),
            "Zatim neobjednano, zpravu lze cist dvojim zpusobem. Do 2 hod odpovezte ANO 1 (ZOP pon 10.8. 14:00), "
            "ANO 2 (ZCD 14:00)",
            id="proposed-choice-of-two-services",
        ),
        pytest.param(
            Proposed((offer(at=TWO), replace(offer(name="Dvořák"), service="ZCD")), together=True),
            "Zatim neobjednano: 1. ZOP pon 10.8. 14:00, 2. ZCD 14:15, Novak a Dvorak. "
            "Do 2 hod poslete ANO (oboji), ANO 1, ANO 2",
            id="proposed-together",
        ),
        pytest.param(Declined(), "Dobre, nic jsme neobjednali.", id="declined"),
        pytest.param(Cancelled(booking()), "Zruseno, uz nechodte: ZOP pon 10.8. 14:00, Novak.", id="cancelled"),
        pytest.param(
            Moved(booking(day=TUESDAY), booking()),
            "Presunuto na ute 11.8. 14:00 (driv pon 10.8. 14:00): ZOP, Novak. Kod pro prichod: 482913. "
            "Zrusite zpravou\nSTORNO 482913 11.8.",
            id="moved",
        ),
        pytest.param(
            HelpGiven("ZOP", MONDAY, TWO),
            "Poslete\nOBJ ZOP 10.8. 14:00 PRIJMENI\nnebo na prvni volno\nOBJ ZOP PRIJMENI\nZkratky: POMOC ZKR\n"
            "Volno: TERMIN ZOP\nZruseni: STORNO KOD DATUM",
            id="help-with-a-date-that-can-be-booked",
        ),
        pytest.param(
            FreeTimesListed(ZOP, MONDAY, (*every(15, "8:00", "11:30"), time(13, 15))),
            "ZOP pon 10.8. je volno: 8:00-11:30 po 15 min, 13:15\nObjednate se zpravou\nOBJ ZOP 10.8. 8:00 PRIJMENI",
            id="free_times",
        ),
        pytest.param(
            MineListed((booking(), booking(day=TUESDAY))),
            "Vase objednavky: ZOP pon 10.8. 14:00 kod 482913, ZOP ute 11.8. 14:00 kod 482913",
            id="mine",
        ),
        pytest.param(
            SlotFull(ZOP, MONDAY, TWO, (offer(), offer(at=time(14, 30)), offer(TUESDAY, time(8)))),
            "Obsazeno, neobjednali jsme: ZOP pon 10.8. 14:00. Do 15 min staci ANO (pon 10.8. 14:15), ANO 2 (14:30), "
            "pak poslete\nOBJ ZOP 10.8. 14:15 Novak",
            id="slot_full-as-many-offers-as-fit",
        ),
        pytest.param(
            SlotFull(ZOP, MONDAY, TWO, (offer(), offer(at=time(14, 30)), offer(at=time(14, 45)))),
            "Obsazeno, neobjednali jsme: ZOP pon 10.8. 14:00. Do 15 min staci ANO (pon 10.8. 14:15), ANO 2 (14:30), "
            "ANO 3 (14:45), pak poslete\nOBJ ZOP 10.8. 14:15 Novak",
            id="slot_full-three-offers",
        ),
        pytest.param(
            SlotFull(ZOP, MONDAY, TWO, (offer(persons=2),)),
            "Obsazeno, neobjednali jsme: ZOP pon 10.8. 14:00. Do 15 min staci ANO (pon 10.8. 14:15), "
            "pak poslete\nOBJ ZOP 2X 10.8. 14:15 Novak",
            id="slot_full-for-two",
        ),
        pytest.param(
            SlotFull(ZOP, MONDAY, TWO, (offer(moving="482913"),)),
            "Obsazeno, neobjednali jsme: ZOP pon 10.8. 14:00. Do 15 min staci ANO (pon 10.8. 14:15), "
            "pak poslete\nPRESUN 482913 10.8. 14:15",
            id="slot_full-when-moving",
        ),
        pytest.param(
            NoFreeSlot(ZOP, MONDAY, TUESDAY),
            "Neobjednali jsme, nic volneho: ZOP od pon 10.8. do ute 11.8. Pozdejsi den poslete\nTERMIN ZOP 12.8.",
            id="no_free_slot-until-when-it-looked",
        ),
        pytest.param(
            ClosedDay(ZOP, MONDAY, Closed("holiday", "Den české státnosti"), TUESDAY),
            "Mame zavreno, pon 10.8. je statni svatek (Den ceske statnosti). Dalsi mozny den je ute 11.8. "
            "Casy posleme na zpravu\nTERMIN ZOP 11.8.",
            id="closed_day-holiday",
        ),
        pytest.param(
            ClosedDay(ZOP, MONDAY, Closed("closure", "malování."), None),
            "ZOP pon 10.8. nevyrizujeme: malovani. Jiny volny den zatim nemame. Zavolejte prosim na urad.",
            id="closed_day-closure-with-nothing-after",
        ),
        pytest.param(
            ServicePaused(ZOP, MONDAY),
            "Neobjednali jsme: na ZOP od pon 10.8.2026 nove objednavky neprijimame. Drivejsi objednavky plati.",
            id="service_paused",
        ),
        pytest.param(
            OutsideHours(ZOP, MONDAY, time(7), ((time(8), time(11, 30)), (time(12, 30), time(17)))),
            "Neobjednali jsme: ZOP pon 10.8. vyrizujeme jen 8:00-11:30, 12:30-17:00, ne 7:00. "
            "Poslete to prosim znovu s jinym casem.",
            id="outside_hours",
        ),
        pytest.param(
            OffGrid(ZOP, MONDAY, time(14, 7), (TWO, time(14, 15))),
            "Neobjednali jsme: ZOP pon 10.8. na 14:07 nejde. Poslete prosim zpravu znovu s casem 14:00 nebo 14:15",
            id="off_grid",
        ),
        pytest.param(
            InPast(MONDAY, TWO, 120),
            "Neobjednali jsme, na pon 10.8.2026 14:00 je uz pozde. Objednat se lze nejpozdeji 2 hod predem.",
            id="in_past-inside-the-notice",
        ),
        pytest.param(
            TooFar(date(2027, 8, 10), MONDAY),
            "Na ute 10.8.2027 jeste neobjednavame. Posledni mozny den je pon 10.8.",
            id="too_far-in-another-year",
        ),
        pytest.param(
            LimitReached(2, "agenda", OFFICE.agendas[0].id),
            "Neobjednali jsme. V agende Doklady je z jednoho cisla objednavek nejvyse 2. Sve vypisete zpravou MOJE, "
            "zrusite zpravou\nSTORNO KOD DATUM",
            id="limit_reached-names-the-agenda",
        ),
        pytest.param(
            UnknownBooking("482913", MONDAY),
            "Objednavku s kodem 482913 na pon 10.8. nemame, nic jsme nezrusili. Zkontrolujte kod i den; "
            "sve objednavky vypisete zpravou\nMOJE",
            id="unknown_booking",
        ),
        pytest.param(
            UnknownBooking("482913", MONDAY, own=booking(day=TUESDAY)),
            "Nic jsme nezrusili: kod 482913 mate na ute 11.8., ne na pon 10.8. Zrusite zpravou\nSTORNO 482913 11.8.",
            id="unknown_booking-but-the-senders-own",
        ),
        pytest.param(
            UnknownBooking("482913", MONDAY, last=True),
            "Objednavku s kodem 482913 na pon 10.8. nemame, nic jsme nezrusili. Na dalsi chybny kod uz hodinu "
            "neodpovime. Zavolejte prosim na urad.",
            id="unknown_booking-the-last-guess",
        ),
        pytest.param(
            NothingOffered((offer(), offer(at=time(14, 30)))),
            "Nic jsme neobjednali, to v nabidce neni. Muzete odpovedet ANO (pon 10.8. 14:15), ANO 2 (14:30)",
            id="nothing_offered-by-that-number",
        ),
        pytest.param(
            UnknownService("ZPO", ("ZOP", "POP"), FULL),
            'Zkratku "ZPO" nemame, nic jsme neudelali. Myslite ZOP nebo POP? Poslete\nOBJ ZOP 10.8. 14:00 NOVAK\n'
            "Vsechny zkratky: poslete POMOC ZKR",
            id="unknown_service-with-the-whole-message",
        ),
        pytest.param(
            MissingName(replace(FULL, name=None)),
            "Neobjednali jsme, chybi jmeno. Misto PRIJMENI napiste sve prijmeni a poslete\n"
            "OBJ ZOP 10.8. 14:00 PRIJMENI",
            id="missing_name",
        ),
        pytest.param(
            MissingName(replace(FULL, name=None), "PRIJMENI"),
            "Neobjednali jsme. Misto PRIJMENI napiste sve prijmeni a poslete\nOBJ ZOP 10.8. 14:00 PRIJMENI",
            id="missing_name-the-hole-sent-back",
        ),
        pytest.param(
            MissingDate(replace(FULL, day=None)),
            "Nic jsme neudelali, chybi den. Napiste ho misto DATUM a poslete\nOBJ ZOP DATUM 14:00 NOVAK",
            id="missing_date",
        ),
        pytest.param(
            MissingDate(Draft("cancel", code="482913", day=MONDAY)),
            "Nic jsme nezrusili, chybel den. Zrusite zpravou\nSTORNO 482913 10.8.",
            id="missing_date-of-the-senders-own-booking",
        ),
        pytest.param(
            MissingCode(Draft("cancel", day=MONDAY)),
            "Nic jsme nezmenili, chybi kod. Je v nasi SMS (posleme ho na zpravu MOJE). Napiste ho misto KOD:\n"
            "STORNO KOD 10.8.",
            id="missing_code",
        ),
        pytest.param(
            MissingCode(Draft("cancel"), (booking(), booking(day=TUESDAY))),
            "Zatim jsme nic nezrusili. Poslete radek objednavky, kterou chcete zrusit:\n"
            "STORNO 482913 10.8. (ZOP 14:00)\nSTORNO 482913 11.8. (ZOP 14:00)",
            id="missing_code-of-the-senders-own-bookings",
        ),
        pytest.param(
            NotUnderstood("nějak", FULL),
            'Nic jsme neudelali, nerozumime: "nejak". Navod posleme na zpravu POMOC. Spravne treba\n'
            "OBJ ZOP 10.8. 14:00 NOVAK",
            id="not_understood",
        ),
        pytest.param(
            NotUnderstood("", Draft("cancel", code="482913", day=MONDAY)),
            "Nic jsme neudelali, cele zprave nerozumime. Navod posleme na zpravu POMOC. Poslete jen\n"
            "STORNO 482913 10.8.",
            id="not_understood-but-in-part",
        ),
        pytest.param(
            NotUnderstood("", None),
            "Nic jsme neudelali, zprave nerozumime. Navod posleme na zpravu POMOC. Objednate se zpravou\n"
            "OBJ ZKR DATUM CAS PRIJMENI",
            id="not_understood-at-all",
        ),
        pytest.param(
            BadDate("31.2.", replace(FULL, day=None)),
            'Nic jsme neudelali, datum "31.2." neexistuje. Napiste jine a poslete\nOBJ ZOP DATUM 14:00 NOVAK',
            id="bad_date",
        ),
    ],
)
def test_the_reply_in_czech(outcome: Outcome, text: str) -> None:
    assert reply(outcome).text == text


@pytest.mark.parametrize(
    ("told_by_office", "text"),
    [
        pytest.param(
            notice(ZOP, MONDAY, TWO, OFFICE, "cs"),
            "Volno: ZOP pon 10.8. 14:00. Kdo driv napise, ten ma termin. Poslete ANO, nebo se svym prijmenim\n"
            "OBJ ZOP 10.8. 14:00 PRIJMENI",
            id="notice",
        ),
        pytest.param(
            reminder(booking(), OFFICE, "cs"),
            "Pripominame: ZOP pon 10.8. 14:00, Novak. S sebou: dosavadni obcansky prukaz; kdo ho nema, rodny list. "
            "Kod: 482913. Neprijdete-li, poslete\nSTORNO 482913 10.8.",
            id="reminder",
        ),
        pytest.param(
            reminder(booking(), replace(OFFICE, services=(replace(ZOP, bring={}),)), "cs"),
            "Pripominame: ZOP pon 10.8. 14:00, Novak. Kod pro prichod: 482913. Neprijdete-li, poslete\n"
            "STORNO 482913 10.8.",
            id="reminder-with-nothing-to-bring",
        ),
        pytest.param(
            called_off(booking(), "porucha", Instead(date(2026, 8, 11)), OFFICE, "cs"),
            "Omlouvame se, ZOP pon 10.8. 14:00 (Novak) musime zrusit: porucha. Jiny termin najdete zpravou\n"
            "TERMIN ZOP 11.8.",
            id="called_off",
        ),
        pytest.param(
            called_off(booking(), "porucha", Instead(watched=date(2026, 8, 11)), OFFICE, "cs"),
            "Omlouvame se, ZOP pon 10.8. 14:00 (Novak) musime zrusit: porucha. Jine dny jsou plne. Hlidani:\n"
            "HLIDEJ ZOP 11.8.",
            id="called_off_full",
        ),
        pytest.param(
            called_off(booking(), "porucha", Instead(), OFFICE, "cs"),
            "Omlouvame se, ZOP pon 10.8. 14:00 (Novak) musime zrusit: porucha. "
            "Jiny termin si prosim domluvte na urade.",
            id="called_off_nowhere",
        ),
        pytest.param(
            apology(OFFICE, "cs"),
            "Omlouvame se, zpravu se nepodarilo zpracovat a nic jsme podle ni neudelali. "
            "Zavolejte prosim na urad nebo prijdte osobne.",
            id="apology",
        ),
    ],
)
def test_what_the_office_tells_of_its_own(told_by_office: Reply, text: str) -> None:
    assert told_by_office.text == text
