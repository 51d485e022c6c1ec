"""Copying hours between agendas and weekdays: shown before it is saved, and done as a whole or not at all."""

from dataclasses import replace
from datetime import date, time

import pytest
from django.test import Client

from prepazka.core.office.office import Agenda, ExtraDay, Hours, Office, WeeklyRule
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import models, offices
from tests.web.admin.test_words import seen, text_of
from tests.web.conftest import ME, NOW, NUMBER
from tests.web.staff import SignedIn

PAGE = "/demo/admin/agendas/doklady/hours/copy"
SHORT = Hours(time(8), time(12), 20, 3, ((time(10), time(10, 15)),))
WINTER = Hours(time(13), time(15), 15, 1)


@pytest.fixture
def client(signed_in: SignedIn, office: Office) -> Client:
    """An administrator; the first agenda is open on Mondays, in winter in the afternoon too, the second as ever."""
    rules = (WeeklyRule(0, SHORT), WeeklyRule(0, WINTER, date(2026, 11, 1), date(2027, 2, 28)))
    extra = (ExtraDay(date(2026, 9, 5), SHORT),)
    first = replace(office.agendas[0], rules=rules, extra_days=extra)
    third = Agenda(max(one.id for one in office.agendas) + 1, "matrika", "Matrika", ())
    offices.keep(replace(office, agendas=(first, *office.agendas[1:], third)), NOW)
    return signed_in("administrator")


def hours(key: str) -> dict[int, list[tuple[Hours, date | None, date | None]]]:
    """By weekday, what an agenda has."""
    agenda = next(one for one in offices.load(offices.find("demo") or 0).agendas if one.key == key)
    found: dict[int, list[tuple[Hours, date | None, date | None]]] = {}
    for rule in agenda.rules:
        found.setdefault(rule.weekday, []).append((rule.hours, rule.valid_from, rule.valid_to))
    return found


def copy(client: Client, **chosen: object) -> str:
    """Look at the change, then press; where that leads, or what the page says."""
    at = f"{PAGE}?day=&agendas=evidence"
    answer = client.post(PAGE, {"seen": seen(client, at), "day": "", **chosen})
    return answer.headers.get("Location", "") or text_of(answer.content)


MONDAY = [(SHORT, None, None), (WINTER, date(2026, 11, 1), date(2027, 2, 28))]


def test_a_week_is_shown_and_then_copied_whole(client: Client) -> None:
    before = hours("evidence")
    page = text_of(client.get(PAGE, {"day": "", "agendas": ["evidence", "matrika"]}).content)
    change = page[page.index("Co se změní") : page.index("Zkopírovat jinak")]
    assert "8:00–12:00" in change
    assert "přestávky 10:00–10:15" in change
    assert change.count("Matrika") == 1  # it is closed on the other days already
    assert hours("evidence") == before
    assert copy(client, agendas=["evidence", "matrika"]).endswith("?done=saved")
    assert hours("evidence") == hours("matrika") == {0: MONDAY}
    assert hours("doklady") == {0: MONDAY}


def test_a_day_goes_to_other_days_and_leaves_the_rest(client: Client) -> None:
    wednesday = hours("evidence")[2]
    assert copy(client, day="mon", agendas=["doklady", "evidence"], days=["tue", "sat"]).endswith("?done=saved")
    assert hours("doklady") == {0: MONDAY, 1: MONDAY, 5: MONDAY}
    there = hours("evidence")
    assert (there[1], there[5], there[2]) == (MONDAY, MONDAY, wednesday)


def test_extra_days_stay_where_they_are(client: Client) -> None:
    assert copy(client, agendas=["matrika"]).endswith("?done=saved")
    by_key = {one.key: one.extra_days for one in offices.load(offices.find("demo") or 0).agendas}
    assert (len(by_key["doklady"]), by_key["matrika"]) == (1, ())


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({}, "Vyberte alespoň jednu agendu."),
        ({"agendas": ["evidence"], "day": "mon"}, "Vyberte dny, do kterých se hodiny mají zkopírovat."),
        ({"agendas": ["doklady"]}, "Tam už jsou hodiny stejné."),
        ({"agendas": ["doklady"], "day": "mon", "days": ["mon"]}, "Tam už jsou hodiny stejné."),
        ({"agendas": ["evidence"], "day": "wed", "days": ["mon"]}, "Formulář jsme neuložili."),  # closed on that day
        ({"agendas": ["evidence", "jina"]}, "Formulář jsme neuložili."),
    ],
)
def test_what_cannot_be_copied_is_refused_as_a_whole(client: Client, chosen: dict[str, object], told: str) -> None:
    before = offices.load(offices.find("demo") or 0)
    assert told in copy(client, **chosen)
    assert offices.load(before.id) == before


def test_an_agenda_without_hours_has_nothing_to_copy(client: Client) -> None:
    page = client.get("/demo/admin/agendas/matrika/hours/copy", {"day": "", "agendas": "evidence"})
    assert "Tato agenda zatím nemá žádné hodiny" in text_of(page.content)


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(client: Client) -> None:
    at = seen(client, f"{PAGE}?day=&agendas=evidence")
    demo = offices.load(offices.find("demo") or 0)
    first = replace(demo.agendas[0], rules=(WeeklyRule(4, SHORT),))
    offices.keep(replace(demo, agendas=(first, *demo.agendas[1:])), NOW, "nekdo")
    before = hours("evidence")
    answer = client.post(PAGE, {"seen": at, "day": "", "agendas": "evidence"})
    assert "Mezitím to změnil uživatel nekdo." in text_of(answer.content)
    assert hours("evidence") == before


def test_hours_that_would_displace_somebody_are_first_asked_about(client: Client) -> None:
    receive([Inbound("phone", "1", ME, NUMBER, "OBJ RTP 12.8. 14:00 NOVAK")], NOW)
    booking = models.Booking.objects.get()
    before = offices.load(offices.find("demo") or 0)
    page = copy(client, agendas=["evidence", "matrika"])
    assert "Zatím se nic nestalo." in page
    assert "NOVAK" in page
    assert offices.load(before.id) == before  # the agenda without bookings, too
    answer = client.post(
        PAGE,
        {
            "seen": seen(client, f"{PAGE}?day=&agendas=evidence"),
            "day": "",
            "agendas": ["evidence", "matrika"],
            "hit": str(booking.id),
            "confirm": "keep",
        },
    )
    assert answer.headers["Location"].endswith("?done=saved")
    assert hours("evidence") == hours("matrika") == {0: MONDAY}
    booking.refresh_from_db()
    assert booking.state == "booked"


def test_another_offices_hours_are_out_of_reach(client: Client, signed_in: SignedIn) -> None:
    assert client.get("/other/admin/agendas/doklady/hours/copy").status_code == 404
    assert signed_in("manager").get(PAGE).status_code == 403
