"""GET …/services and …/slots: the data of the pages, for programs."""

from typing import Any

import pytest
from django.test import Client

from prepazka.core.office.office import Office
from tests.web.conftest import HandIn, message

pytestmark = pytest.mark.usefixtures("office")


def test_services_are_reported_with_their_codes(client: Client, office: Office) -> None:
    services = client.get("/api/v1/offices/demo/services").json()
    assert [service["code"] for service in services] == list(office.service_of)
    assert services[4] == {
        "code": "PTP",
        "title": "přihlášení k trvalému pobytu",
        "titles": dict(office.services[4].titles),
        "minutes": 15,
        "agenda": "Evidence obyvatel",
        "synonyms": list(office.services[4].synonyms),
        "bring": dict(office.services[4].bring),
    }
    assert any(service["synonyms"] and service["bring"] for service in services)


def slots(client: Client, **parameters: str) -> Any:
    return client.get("/api/v1/offices/demo/slots", parameters)


def test_free_starts_are_those_an_sms_would_get(hand_in: HandIn, client: Client) -> None:
    for name in ("NOVAK", "HORAK"):
        hand_in(message(name, f"OBJ ZOP 10.8. 14:00 {name}"))
    data = slots(client, service="ZOP", date="2026-08-10").json()
    texted = hand_in(message("c", "TERMIN ZOP 10.8.")).json()
    assert data["outcome"] == "free_times"
    assert data["offers"] == texted["offers"]
    assert {"date": "2026-08-10", "time": "14:00"} not in data["offers"]


@pytest.mark.parametrize(
    ("date", "outcome"),
    [
        pytest.param("2026-08-09", "closed_day", id="Sunday"),
        pytest.param("2026-09-28", "closed_day", id="a holiday"),
        pytest.param("2026-08-02", "in_past", id="yesterday"),
        pytest.param("2026-12-01", "too_far", id="beyond the horizon"),
    ],
)
def test_why_there_is_no_start_is_reported_as_by_sms(client: Client, date: str, outcome: str) -> None:
    data = slots(client, service="zop", date=date).json()
    assert (data["service"], data["outcome"], data["offers"]) == ("ZOP", outcome, [])
    assert data["reply"]


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        pytest.param({"service": "XXX", "date": "2026-08-10"}, "service", id="an unknown service"),
        pytest.param({"service": "ZOP", "date": "10.8."}, "date", id="a date people write"),
        pytest.param({"service": "ZOP"}, "date", id="no date"),
        pytest.param({"date": "2026-08-10"}, "service", id="no service"),
    ],
)
def test_an_invalid_parameter_is_named(client: Client, parameters: dict[str, str], field: str) -> None:
    answer = slots(client, **parameters)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize("path", ["services", "slots?service=ZOP&date=2026-08-10"])
def test_an_unknown_office_is_a_problem(client: Client, path: str) -> None:
    answer = client.get(f"/api/v1/offices/nowhere/{path}")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
