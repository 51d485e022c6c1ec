"""What if: a played month beside what was, for managers, and never a row written."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from prepazka.core.office.office import Office
from prepazka.core.queue.outcomes import Acted
from prepazka.core.queue.tickets import Ticket
from prepazka.flows.counters import arrive, call, seat
from tests.web.conftest import NOW
from tests.web.staff import FOREIGN, SignedIn

PAGE = "/demo/admin/what-if/"


def ticket(outcome: object) -> Ticket:
    assert isinstance(outcome, Acted), outcome
    return outcome.ticket


@pytest.fixture
def lived_in(office: Office) -> Office:
    """Four people at once, on a Monday; one counter serves each for ten minutes."""
    seat.sit_down(office.id, office.counters[0].id, "novak", NOW)
    for _ in range(4):
        arrive.walk_in(office.id, "ZOP", NOW)
    for place in range(4):
        begin = NOW + timedelta(minutes=10 * place)
        one = ticket(call.call_next(office.id, "novak", begin))
        one = ticket(call.serve(office.id, "novak", one.ref, begin))
        call.done(office.id, "novak", one.ref, begin + timedelta(minutes=10))
    return office


def row(page: str, title: str) -> list[str]:
    """The figures of a row: as it was, played without and with the change."""
    cells = page.replace("\xa0", " ").partition(f">{title}</th>")[2].partition("</tr>")[0]
    return [cell.partition("<")[0] for cell in cells.split('<td class="figure">')[1:]]


def test_another_counter_shortens_the_waits_beside_what_was(lived_in: Office, signed_in: SignedIn) -> None:
    query = f"?try=1&month=2026-08&counter-{lived_in.counters[0].id}=2"
    page = signed_in("manager").get(f"{PAGE}{query}").content.decode()
    assert row(page, "Zavolaných lidí") == ["4", "4", "4"]
    assert row(page, "Nejdéle (min)") == ["30", "30", "10"]
    # From 9:00 to 9:40.
    assert row(page, "Hodin obsazených přepážek") == ["–", "0,7", "1,3"]
    assert row(page, "9:00") == ["30", "30", "10"]


def test_a_closed_monday_refuses_its_people(lived_in: Office, signed_in: SignedIn) -> None:
    page = signed_in("manager").get(f"{PAGE}?try=1&month=2026-08&closed=0").content.decode()
    assert row(page, "Odmítnutých: přišli by k zavřeným dveřím") == ["–", "0", "4"]
    assert row(page, "Zavolaných lidí") == ["4", "4", "0"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("?try=1&month=2026-08&opens=12:00&closes=9:00", "musí otevřít dřív", id="closes before it opens"),
        pytest.param("?try=1&month=2026-08&opens=nikdy", "Zadejte platný čas", id="no time"),
        pytest.param("?try=1&month=2026-08&closed=9", "Vyberte platnou možnost", id="no weekday"),
        pytest.param("?try=1&month=2026-02", "nebyl nikdo zavolán", id="an empty month"),
    ],
)
def test_a_wrong_wish_is_told_and_plays_nothing(
    lived_in: Office, signed_in: SignedIn, query: str, expected: str
) -> None:
    page = signed_in("manager").get(f"{PAGE}{query}").content.decode()
    assert expected in page
    assert "Jak by to dopadlo" not in page


def test_a_counter_that_the_address_does_not_name_is_shown_as_one(lived_in: Office, signed_in: SignedIn) -> None:
    page = signed_in("manager").get(f"{PAGE}?try=1&month=2026-08&closed=4").content.decode()
    assert page.count('<option value="1" selected>') == len(lived_in.counters)


def test_nothing_is_written(lived_in: Office, signed_in: SignedIn) -> None:
    client = signed_in("manager")
    said: list[str] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        said.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        assert client.get(f"{PAGE}?try=1&month=2026-08&closes=9:30&closed=4").status_code == 200
    assert len(said) > 3
    assert [sql for sql in said if not sql.startswith("SELECT")] == []


def test_a_clerk_is_refused_and_another_office_sees_none(lived_in: Office, signed_in: SignedIn) -> None:
    assert signed_in("clerk").get(PAGE).status_code == 403
    assert signed_in(FOREIGN).get(PAGE).status_code == 404
    foreign = signed_in(FOREIGN).get("/other/admin/what-if/?try=1&month=2026-08").content.decode()
    assert "nebyl nikdo zavolán" in foreign
