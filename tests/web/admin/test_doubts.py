"""What may be set up, and people would trip over: told on the page where it stands."""

from dataclasses import replace
from datetime import date, time

import pytest

from prepazka.core.office.office import Counter, ExtraDay, Hours, Office, Service, WeeklyRule
from prepazka.store import offices
from prepazka.web.admin import doubts
from tests.offices import demo_office
from tests.web.conftest import NOW
from tests.web.staff import SignedIn

TODAY = date(2026, 8, 3)


def of_counters(*titles: str, agendas: tuple[int, ...] = (1, 2)) -> list[str]:
    found = tuple(Counter(number, f"c{number}", title, agendas) for number, title in enumerate(titles, 1))
    return list(doubts.of_counters(replace(demo_office(), counters=found)))


def of_service(minutes: int, *weekdays: int, hours: Hours | None = None, extra: date | None = None) -> list[str]:
    """What is said of a service of an agenda that is open on Tuesdays, and on an extra day."""
    hours = hours or Hours(time(8), time(17), 15, 1, ((time(11, 40), time(12, 30)),))
    base = demo_office()
    days = (ExtraDay(extra, hours),) if extra else ()
    agenda = replace(base.agendas[0], rules=(WeeklyRule(1, hours),), extra_days=days)
    service = Service(1, "KRT", "změna křestního jména", minutes, agenda.id, weekdays=tuple(weekdays))
    return list(doubts.of_services(replace(base, agendas=(agenda,), services=(service,)), TODAY))


@pytest.mark.parametrize("other", ["Přepážka 7", "přepážka č. 7", "PŘEPÁŽKA 7"])
def test_counters_that_the_screen_shows_alike_are_told(other: str) -> None:
    [told] = of_counters("7", "8", other)
    assert told.startswith(f"Na obrazovce lidé nerozeznají přepážky „7“ a „{other}“.")


def test_counters_of_other_names_are_not() -> None:
    assert of_counters("7", "17", "Okénko 7", "Matrika") == []


def test_an_agenda_that_no_counter_serves_is_told_once_there_are_counters() -> None:
    assert of_counters("Okénko", agendas=(1,)) == [
        "Agendu Evidence obyvatel nevyřizuje žádná přepážka, lístky do ní nemá kdo volat."
    ]
    assert of_counters() == []


@pytest.mark.parametrize(("minutes", "told"), [(270, 0), (271, 1)])
def test_a_service_longer_than_any_open_stretch_is_told(minutes: int, told: int) -> None:
    said = of_service(minutes)
    assert len(said) == told
    assert all("trvá 271 min, nejdelší otevřený úsek bez přestávky má ale 270 min" in one for one in said)


def test_a_service_on_days_without_bookings_is_told() -> None:
    assert of_service(20, 1, 4) == []
    [told] = of_service(20, 4)
    assert told == "Na činnost KRT se nikdo neobjedná: ve dnech, kdy se vyřizuje, se neobjednává."
    assert of_service(20, 4, extra=date(2026, 9, 4)) == []
    assert of_service(20, 4, extra=date(2026, 7, 31)) == [told]
    assert len(of_service(20, hours=Hours(time(8), time(12), 15, 0))) == 1


def test_what_is_called_alike_is_told_on_its_page(office: Office, signed_in: SignedIn) -> None:
    first, second, *others = office.services
    agendas = tuple(replace(agenda, title="Doklady") for agenda in office.agendas)
    services = (first, replace(second, title=first.title.upper(), agenda=first.agenda), *others)
    offices.keep(replace(office, agendas=agendas, services=services), NOW)
    administrator = signed_in("administrator")
    page = administrator.get("/demo/admin/services/").content.decode()
    assert f"Činnosti {first.code} a\u00a0{second.code} se jmenují stejně" in page
    assert "Agend s\u00a0názvem Doklady je víc" in administrator.get("/demo/admin/agendas/").content.decode()
    assert "notice warning" not in administrator.get("/demo/admin/counters/").content.decode()
