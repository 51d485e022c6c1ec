"""GET …/board: the live queue for programs."""

import pytest
from django.test import Client

from prepazka.core.office.office import Office
from prepazka.flows.counters import arrive, call, seat
from tests.web.conftest import NOW


def test_the_board_is_reported_as_it_is_now(client: Client, office: Office) -> None:
    arrive.walk_in(office.id, "ZOP", NOW)
    arrive.walk_in(office.id, "ZOP", NOW)
    seat.sit_down(office.id, office.counters[0].id, "novak", NOW)
    call.call_next(office.id, "novak", NOW)
    data = client.get("/api/v1/offices/demo/board").json()
    assert (data["office"], data["at"], data["version"]) == ("demo", "2026-08-03T09:00:00+02:00", 4)
    assert data["agendas"][0] == {
        "key": "doklady",
        "title": "Doklady",
        "open": True,
        "waiting": 1,
        "counters": 1,
        "wait_minutes": {"low": 16, "high": 24, "indicative": True},
    }
    assert [(one["number"], one["counter"]) for one in data["calling"]] == [("D1", "Přepážka 1")]


@pytest.mark.usefixtures("office")
def test_an_unknown_office_is_named(client: Client) -> None:
    data = client.get("/api/v1/offices/nikde/board")
    assert (data.status_code, data["Content-Type"]) == (404, "application/problem+json")
    assert "nikde" in data.json()["detail"]
