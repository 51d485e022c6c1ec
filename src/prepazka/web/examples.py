"""Every message a citizen may send (spec/messages.md §2, §7), with examples that work today.

What the page promises of an example is kept beside it as the outcome, and a test sends every one of them.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from prepazka.core.calendar import starts
from prepazka.core.office import Office, Service
from prepazka.web.czech import clock, counted

# Too short to be anybody's code: people send samples as they stand.
_SAMPLE_CODE = "1234"


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
    code, day, at = sample.service.code, _day(sample.day), clock(sample.at)
    week = counted(office.settings.soonest_days, "den", "dny", "dní")
    return (
        Form(
            title="Objednat se na vybraný den a čas",
            pattern="OBJ zkratka datum čas jméno",
            gives="Přijde potvrzení s přístupovým kódem. Je-li čas obsazený, nabídneme vám nejbližší volné.",
            example=f"OBJ {code} {day} {at} NOVAK",
            outcome="booked",
        ),
        Form(
            title="Objednat se na nejbližší volný termín",
            pattern="OBJ zkratka jméno",
            gives=f"Vybereme první volný čas, nejvýše {week} dopředu, a pošleme potvrzení s přístupovým kódem.",
            example=f"OBJ {code} NOVAK",
            outcome=_of_soonest(office, sample, now),
        ),
        Form(
            title="Zjistit volné časy v určitý den",
            pattern="TERMIN zkratka datum",
            gives="Přijde seznam časů, které jsou toho dne ještě volné.",
            example=f"TERMIN {code} {day}",
            outcome="free_times",
            others=(f"TERMINY {code} {day}", f"OBJ TERMIN {code} {day}", f"OBJ TERMINY {code} {day}"),
        ),
        Form(
            title="Zjistit volné časy na zítřek",
            pattern="TERMIN zkratka",
            gives="Bez data odpovíme za následující den.",
            example=f"TERMIN {code}",
            outcome=_of_tomorrow(office, sample, now),
            others=(f"TERMINY {code}", f"OBJ TERMIN {code}", f"OBJ TERMINY {code}"),
        ),
        Form(
            title="Zrušit objednávku",
            pattern="STORNO kód datum",
            gives="Kód je v potvrzení objednávky. Uveďte vždy kód i datum; přijde zpráva, co jsme zrušili.",
            example=f"STORNO {_SAMPLE_CODE} {day}",
            outcome="unknown_booking",
            others=tuple(f"{words} {_SAMPLE_CODE} {day}" for words in ("STO", "OBJ STORNO", "OBJ STO")),
        ),
        Form(
            title="Nechat si poslat zkratky činností",
            pattern="HELP ZKR",
            gives="Přijde seznam zkratek s názvy činností.",
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
            title="Nechat si poslat nápovědu",
            pattern="POMOC",
            gives="Přijde stručný návod, jak se objednat.",
            example="POMOC",
            outcome="help",
            others=("HELP", "OBJ POMOC", "OBJ HELP"),
        ),
    )


def further(office: Office, sample: Sample) -> tuple[Form, ...]:
    """What one may send beyond the town's page."""
    code, day, at = sample.service.code, _day(sample.day), clock(sample.at)
    stands = counted(office.settings.offer_minutes, "minutu", "minuty", "minut")
    return (
        Form(
            title="Přijmout nabídnutý čas",
            pattern="ANO číslo",
            gives=f"Když jsme nabídli jiné časy, stačí do {stands} odpovědět ANO a číslo nabídky.",
            example="ANO 2",
            outcome="nothing_offered",
            others=("ANO",),
        ),
        Form(
            title="Vypsat své objednávky",
            pattern="MOJE",
            gives="Přijde seznam vašich objednávek i s kódy.",
            example="MOJE",
            outcome="mine",
        ),
        Form(
            title="Přesunout objednávku",
            pattern="PRESUN kód datum čas",
            gives="Uveďte nové datum a čas. Není-li nový termín volný, zůstane vám ten původní.",
            example=f"PRESUN {_SAMPLE_CODE} {day} {at}",
            outcome="unknown_booking",
        ),
        Form(
            title="Hlídat obsazený den",
            pattern="HLIDEJ zkratka datum",
            gives="Uvolní-li se místo, dáme vám vědět. Je-li už teď volno, pošleme rovnou volné časy.",
            example=f"HLIDEJ {code} {day}",
            outcome="free_times",
        ),
        Form(
            title="Zjistit, kolik lidí čeká",
            pattern="STAV zkratka",
            gives="Přijde, kolik lidí teď u přepážek čeká, a odhad čekání pro ty, kdo přijdou bez objednání.",
            example=f"STAV {code}",
            outcome="queue",
        ),
        Form(
            title="Nedostávat připomínky",
            pattern="STOP",
            gives="Objednávky zůstanou v platnosti. Zprávou START připomínky znovu zapnete.",
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
