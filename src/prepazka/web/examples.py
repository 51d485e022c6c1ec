"""Every message a citizen may send (spec/messages.md §2, §7), with examples that work today.

What the page promises of an example is kept beside it as the outcome, and a test sends every one of them.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from prepazka.core.booking.codes import SAMPLE_CODE
from prepazka.core.office.calendar import starts
from prepazka.core.office.office import Office, Service
from prepazka.web.wording import format_count, format_day_count, format_time


@dataclass(frozen=True, slots=True)
class Sample:
    """A start that is free, to make examples of; `soonest` is the first day with anything free, today included."""

    service: Service
    day: date
    at: time
    soonest: date


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of message.

    pattern: what is written, words to be replaced in lower case. example: such a message, and others: the further
    documented ways to write the same. outcome: what any of them comes to (spec/messages.md §4).
    """

    title: str
    pattern: str
    gives: str
    example: str
    outcome: str
    others: tuple[str, ...] = ()

    @property
    def words(self) -> list[tuple[str, bool]]:
        """The words of the pattern, and whether each stands for something else."""
        return [(word, word.islower()) for word in self.pattern.split()]

    @property
    def messages(self) -> tuple[str, ...]:
        """All examples."""
        return (self.example, *self.others)


def documented(office: Office, sample: Sample, now: datetime) -> tuple[Form, ...]:
    """The forms of the town's page."""
    code, day, at = sample.service.code, _day(sample.day), format_time(sample.at)
    return (
        Form(
            title=_("Objednat se na vybraný den a čas"),
            pattern=_("OBJ zkratka datum čas jméno"),
            gives=_("Přijde potvrzení s přístupovým kódem. Je-li čas obsazený, nabídneme vám nejbližší volné."),
            example=f"OBJ {code} {day} {at} NOVAK",
            outcome="booked",
        ),
        Form(
            title=_("Objednat se na nejbližší volný termín"),
            pattern=_("OBJ zkratka jméno"),
            gives=_("Vybereme první volný čas, nejvýše %(days)s dopředu, a pošleme potvrzení s přístupovým kódem.")
            % {"days": format_day_count(office.settings.soonest_days)},
            example=f"OBJ {code} NOVAK",
            outcome=_of_soonest(office, sample, now),
        ),
        Form(
            title=_("Zjistit volné časy v určitý den"),
            pattern=_("TERMIN zkratka datum"),
            gives=_("Přijde seznam časů, které jsou toho dne ještě volné."),
            example=f"TERMIN {code} {day}",
            outcome="free_times",
            others=(f"TERMINY {code} {day}", f"OBJ TERMIN {code} {day}", f"OBJ TERMINY {code} {day}"),
        ),
        Form(
            title=_("Zjistit volné časy na zítřek"),
            pattern=_("TERMIN zkratka"),
            gives=_("Bez data odpovíme za následující den."),
            example=f"TERMIN {code}",
            outcome=_of_tomorrow(office, sample, now),
            others=(f"TERMINY {code}", f"OBJ TERMIN {code}", f"OBJ TERMINY {code}"),
        ),
        Form(
            title=_("Zrušit objednávku"),
            pattern=_("STORNO kód datum"),
            gives=_("Kód je v potvrzení objednávky. Uveďte vždy kód i datum; přijde zpráva, co jsme zrušili."),
            example=f"STORNO {SAMPLE_CODE} {day}",
            outcome="unknown_booking",
            others=tuple(f"{words} {SAMPLE_CODE} {day}" for words in ("STO", "OBJ STORNO", "OBJ STO")),
        ),
        Form(
            title=_("Nechat si poslat zkratky činností"),
            pattern="HELP ZKR",
            gives=_("Přijde seznam zkratek s názvy činností."),
            example="HELP ZKR",
            outcome="services",
            others=tuple(
                f"{words} {codes}"
                for words in ("HELP", "POMOC", "OBJ HELP", "OBJ POMOC")
                for codes in ("ZKR", "ZKRATKY")
                if (words, codes) != ("HELP", "ZKR")
            ),
        ),
        Form(
            title=_("Nechat si poslat nápovědu"),
            pattern="POMOC",
            gives=_("Přijde stručný návod, jak se objednat."),
            example="POMOC",
            outcome="help",
            others=("HELP", "OBJ POMOC", "OBJ HELP"),
        ),
    )


def further(office: Office, sample: Sample) -> tuple[Form, ...]:
    """What one may send beyond the town's page."""
    code, day, at = sample.service.code, _day(sample.day), format_time(sample.at)
    stands = format_count(office.settings.offer_minutes, _("minutu"), _("minuty"), pgettext("pět", "minut"))
    return (
        Form(
            title=_("Přijmout nabídnutý čas"),
            pattern=_("ANO číslo"),
            gives=_("Když jsme nabídli jiné časy, stačí do %(time)s odpovědět ANO a číslo nabídky.") % {"time": stands},
            example="ANO 2",
            outcome="nothing_offered",
            others=("ANO",),
        ),
        Form(
            title=_("Vypsat své objednávky"),
            pattern="MOJE",
            gives=_("Přijde seznam vašich objednávek i s kódy."),
            example="MOJE",
            outcome="mine",
        ),
        Form(
            title=_("Přesunout objednávku"),
            pattern=_("PRESUN kód datum čas"),
            gives=_("Uveďte nové datum a čas. Není-li nový termín volný, zůstane vám ten původní."),
            example=f"PRESUN {SAMPLE_CODE} {day} {at}",
            outcome="unknown_booking",
        ),
        Form(
            title=_("Hlídat obsazený den"),
            pattern=_("HLIDEJ zkratka datum"),
            gives=_("Uvolní-li se místo, dáme vám vědět. Je-li už teď volno, pošleme rovnou volné časy."),
            example=f"HLIDEJ {code} {day}",
            outcome="free_times",
        ),
        Form(
            title=_("Zjistit, kolik lidí čeká"),
            pattern=_("STAV zkratka"),
            gives=_("Přijde, kolik lidí teď u přepážek čeká, a odhad čekání pro ty, kdo přijdou bez objednání."),
            example=f"STAV {code}",
            outcome="queue",
        ),
        Form(
            title=_("Nedostávat připomínky"),
            pattern="STOP",
            gives=_("Objednávky zůstanou v platnosti. Zprávou START připomínky znovu zapnete."),
            example="STOP",
            outcome="stopped",
        ),
    )


def _day(on: date) -> str:
    return f"{on.day}.{on.month}."


def _of_soonest(office: Office, sample: Sample, now: datetime) -> str:
    last = now.astimezone(office.zone).date() + timedelta(days=office.settings.soonest_days)
    return "booked" if sample.soonest <= last else "no_free_slot"


def _of_tomorrow(office: Office, sample: Sample, now: datetime) -> str:
    tomorrow = now.astimezone(office.zone).date() + timedelta(days=1)
    if sample.day == tomorrow:
        return "free_times"
    closed = starts(office, office.agenda_of[sample.service.agenda], tomorrow).closed
    return "closed_day" if closed else "no_free_slot"
