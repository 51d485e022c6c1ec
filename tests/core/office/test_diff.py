"""The changes of an office in the audit trail."""

from dataclasses import replace
from datetime import date, time

import pytest

from prepazka.core.office.diff import Change, find_changes
from prepazka.core.office.office import Closure, Counter, ExtraDay, Hours, Office, Service
from tests.offices import DOKLADY, demo_office

DEMO = demo_office()
OFFICE = replace(DEMO, services=tuple(replace(one, synonyms=(), bring={}) for one in DEMO.services))
AGENDA = OFFICE.agendas[0]
EXTRA = ExtraDay(date(2026, 8, 15), Hours(time(9), time(12), 10, 1, ((time(10), time(10, 30)),)))


def with_agenda(**changed: object) -> Office:
    return replace(OFFICE, agendas=(replace(AGENDA, **changed), *OFFICE.agendas[1:]))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        pytest.param(OFFICE, [], id="nothing"),
        pytest.param(
            replace(OFFICE, name="Úřad"), [Change("office.name", "Městský úřad", "Úřad")], id="a value of the office"
        ),
        pytest.param(
            replace(OFFICE, settings=replace(OFFICE.settings, horizon_days=30, open_per_sender_and_day=1)),
            [Change("settings.horizon_days", "60", "30"), Change("settings.open_per_sender_and_day", None, "1")],
            id="settings, one of which was not set",
        ),
        pytest.param(
            replace(OFFICE, settings=replace(OFFICE.settings, languages=("en", "cs"), accents="full", inbox=True)),
            [
                Change("settings.languages", "", "en, cs"),
                Change("settings.accents", "none", "full"),
                Change("settings.inbox", "False", "True"),
            ],
            id="settings that are no numbers",
        ),
        pytest.param(
            replace(OFFICE, address="Sokolská 7", directions=""),
            [
                Change("office.address", "Náměstí 1, Městec", "Sokolská 7"),
                Change("office.directions", "vchod z náměstí, přízemí vlevo", ""),
            ],
            id="where the office is",
        ),
        pytest.param(
            replace(OFFICE, services=(replace(OFFICE.services[0], synonyms=("průkazka", "ID")), *OFFICE.services[1:])),
            [Change("services.ZOP.synonyms", None, "průkazka, ID")],
            id="synonyms",
        ),
        pytest.param(
            replace(OFFICE, services=(*OFFICE.services[:5], replace(OFFICE.services[5], bring={"en": "a lease"}))),
            [Change("services.RTP.bring.en", None, "a lease")],
            id="what to bring",
        ),
        pytest.param(
            replace(OFFICE, services=(*OFFICE.services[:5], replace(OFFICE.services[5], titles={"en": "moving out"}))),
            [Change("services.RTP.titles.en", None, "moving out")],
            id="an English title",
        ),
        pytest.param(
            replace(
                OFFICE, closures=(Closure(date(2026, 9, 1), date(2026, 9, 1), "školení", reasons={"en": "lesson"}),)
            ),
            [Change("closures", None, "2026-09-01 školení / lesson")],
            id="an English reason",
        ),
        pytest.param(
            replace(OFFICE, texts={"cs": {"too_old": "Pozdě."}}),
            [Change("texts.cs.too_old", None, "Pozdě.")],
            id="a text",
        ),
        pytest.param(
            replace(OFFICE, services=(*OFFICE.services[1:], Service(9, "RYB", "lístek", 5, DOKLADY))),
            [
                Change("services.RYB.title", None, "lístek"),
                Change("services.RYB.minutes", None, "5"),
                Change("services.RYB.agenda", None, "doklady"),
                Change("services.ZOP.title", "žádost o vydání občanského průkazu", None),
                Change("services.ZOP.minutes", "15", None),
                Change("services.ZOP.agenda", "doklady", None),
            ],
            id="one service added, another removed",
        ),
        pytest.param(
            replace(OFFICE, counters=(OFFICE.counters[1], OFFICE.counters[0], OFFICE.counters[2])),
            [Change("counters.order", "prepazka-1, prepazka-2, prepazka-3", "prepazka-2, prepazka-1, prepazka-3")],
            id="an order",
        ),
        pytest.param(
            replace(OFFICE, counters=(*OFFICE.counters, Counter(9, "c9", "9", (DOKLADY,)))),
            [Change("counters.c9.title", None, "9"), Change("counters.c9.agendas", None, "doklady")],
            id="a counter",
        ),
        pytest.param(
            with_agenda(
                rules=(replace(AGENDA.rules[0], hours=replace(AGENDA.rules[0].hours, lanes=3)), *AGENDA.rules[1:])
            ),
            [
                Change("agendas.doklady.rules", "mon 8:00–17:00 −11:30–12:30 /15 min ×2", None),
                Change("agendas.doklady.rules", None, "mon 8:00–17:00 −11:30–12:30 /15 min ×3"),
            ],
            id="hours",
        ),
        pytest.param(
            with_agenda(extra_days=(EXTRA,)),
            [Change("agendas.doklady.extra_days", None, "2026-08-15 9:00–12:00 −10:00–10:30 /10 min ×1")],
            id="an extra day",
        ),
        pytest.param(
            replace(
                OFFICE, closures=(Closure(date(2026, 8, 10), date(2026, 8, 11), "Malování", DOKLADY, time(8), time(9)),)
            ),
            [Change("closures", None, "2026-08-10–2026-08-11 8:00–9:00 [doklady] Malování")],
            id="a closure",
        ),
        pytest.param(
            replace(OFFICE, gateways={"+420739547765": "modem"}),
            [Change("office.numbers.+420739547765", None, "modem")],
            id="a number's gateway",
        ),
    ],
)
def test_every_change_is_told_with_its_place(after: Office, expected: list[Change]) -> None:
    assert find_changes(OFFICE, after) == expected
    assert find_changes(after, OFFICE) == [Change(one.place, one.after, one.before) for one in reversed_(expected)]


def reversed_(expected: list[Change]) -> list[Change]:
    """Return the changes in the order in which `find_changes` lists their undoing."""
    if len(expected) == 2 and expected[0].place == expected[1].place:
        return expected[::-1]
    return expected[3:] + expected[:3] if len(expected) == 6 else expected
