"""Offices for tests: the reference town's, as the contract describes it."""

from datetime import time
from zoneinfo import ZoneInfo

from prepazka.core.office.office import Agenda, Counter, Hours, Office, Queue, Service, WeeklyRule

PRAGUE = ZoneInfo("Europe/Prague")

DOKLADY, EVIDENCE = 1, 2

_LUNCH = ((time(11, 30), time(12, 30)),)
_WEEK = (
    (time(17), _LUNCH),
    (time(15), ()),
    (time(17), _LUNCH),
    (time(15), ()),
    (time(14, 30), ()),
)


def demo_office() -> Office:
    """The office of docs/spec/contract.md §3: two agendas, six services of 15 minutes, Monday to Friday."""
    return Office(
        id=1,
        slug="demo",
        name="Městský úřad",
        zone=PRAGUE,
        contact="podatelna@urad.example, 555 123 456",
        address="Náměstí 1, Městec",
        directions="vchod z náměstí, přízemí vlevo",
        privacy_officer="poverenec@urad.example, 555 123 457",
        numbers=("+420739547765",),
        agendas=(
            Agenda(DOKLADY, "doklady", "Doklady", _rules(lanes=2), queue=Queue("D", None, 15)),
            Agenda(EVIDENCE, "evidence", "Evidence obyvatel", _rules(lanes=1), queue=Queue("E", None, 15)),
        ),
        services=(
            Service(
                1,
                "ZOP",
                "žádost o vydání občanského průkazu",
                15,
                DOKLADY,
                ("občanka", "občanku", "občanky", "OP", "občanský", "občanský průkaz", "ID karta"),
                {
                    "cs": "dosavadní občanský průkaz; kdo ho nemá, rodný list",
                    "en": "your current ID card, or a birth certificate if you have none",
                },
            ),
            Service(
                2,
                "POP",
                "převzetí občanského průkazu",
                15,
                DOKLADY,
                ("převzetí občanky", "převzetí OP", "vyzvednutí občanky", "vyzvednout občanku", "hotová občanka"),
                {
                    "cs": "dosavadní občanský průkaz nebo potvrzení o jeho odevzdání",
                    "en": "your current ID card, or the receipt for it",
                },
            ),
            Service(
                3,
                "ZCD",
                "žádost o vydání cestovního dokladu",
                15,
                DOKLADY,
                ("pas", "pasy", "pasu", "cestovní pas", "cestovní doklad", "passport"),
                {
                    "cs": "občanský průkaz a dosavadní pas, poplatek v hotovosti nebo kartou",
                    "en": "your ID card and current passport, the fee in cash or by card",
                },
            ),
            Service(
                4,
                "PCD",
                "převzetí cestovního dokladu",
                15,
                DOKLADY,
                ("převzetí pasu", "vyzvednutí pasu", "vyzvednout pas", "hotový pas"),
                {"cs": "občanský průkaz a dosavadní pas", "en": "your ID card and current passport"},
            ),
            Service(
                5,
                "PTP",
                "přihlášení k trvalému pobytu",
                15,
                EVIDENCE,
                ("pobyt", "trvalý pobyt", "trvalé bydliště", "bydliště", "přihlášení pobytu", "změna bydliště"),
                {
                    "cs": "občanský průkaz a doklad, že v bytě smíte bydlet (nájemní smlouva, souhlas vlastníka)",
                    "en": "your ID card and proof that you may live there (lease, consent of the owner)",
                },
            ),
            Service(
                6,
                "RTP",
                "návrh na zrušení údaje o trvalém pobytu",
                15,
                EVIDENCE,
                (
                    "zrušení pobytu",
                    "zrušení trvalého pobytu",
                    "zrušit pobyt",
                    "zrušit trvalý pobyt",
                    "odhlášení pobytu",
                    "odhlášení z pobytu",
                ),
            ),
        ),
        counters=(
            Counter(1, "prepazka-1", "Přepážka 1", (DOKLADY,)),
            Counter(2, "prepazka-2", "Přepážka 2", (DOKLADY, EVIDENCE)),
            Counter(3, "prepazka-3", "Přepážka 3", (EVIDENCE,)),
        ),
    )


def _rules(lanes: int) -> tuple[WeeklyRule, ...]:
    return tuple(
        WeeklyRule(weekday, Hours(time(8), closes, 15, lanes, breaks)) for weekday, (closes, breaks) in enumerate(_WEEK)
    )
