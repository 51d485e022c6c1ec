"""What if: a played month beside what was, for managers, and never a row written."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from prepazka.core.office.office import Office
from prepazka.core.queue.outcomes import Acted
from prepazka.core.queue.tickets import Ticket
from prepazka.flows.counters import arrive, call, seat
from prepazka.web import clock
from prepazka.web.admin import playing
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


# --- a large month ------------------------------------------------------------------------------


@pytest.fixture
def week(lived_in: Office) -> Office:
    """The Monday of above, and the days up to Thursday, each with two people."""
    for later in (1, 2, 3):
        begin = NOW + timedelta(days=later)
        seat.sit_down(lived_in.id, lived_in.counters[0].id, "novak", begin)
        for place in range(2):
            arrive.walk_in(lived_in.id, "ZOP", begin)
            one = ticket(call.call_next(lived_in.id, "novak", begin + timedelta(minutes=12 * place)))
            one = ticket(call.serve(lived_in.id, "novak", one.ref, begin + timedelta(minutes=12 * place)))
            call.done(lived_in.id, "novak", one.ref, begin + timedelta(minutes=12 * place + 8))
    return lived_in


def told(page: str) -> str:
    """How far it is, "" where it is done; the page asks for the next piece by itself, without a script."""
    found = re.search(r'<progress class="how-far"[^>]*value="(\d+)" max="(\d+)"', page)
    assert ('<meta http-equiv="refresh" content="0">' in page) == bool(found)
    return f"{found[1]} of {found[2]}" if found else ""


def results(page: str) -> list[str]:
    return re.findall(r'<section class="result chart">.*?</section>', page, re.DOTALL)


@pytest.mark.parametrize("change", ["closes=15:00", "closed=1&closed=2", "closed=3", "opens=9:30"])
def test_a_large_month_is_played_in_pieces_and_comes_to_the_same(
    week: Office, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    query = f"{PAGE}?try=1&month=2026-08&{change}"
    at_once = results(signed_in("manager").get(query).content.decode())
    assert len(at_once) == 2
    monkeypatch.setattr(playing, "MOST_PEOPLE", 1)
    client = signed_in("manager")
    seen = []
    for _ in range(4):
        page = client.get(query).content.decode()
        seen.append(told(page))
        if not seen[-1]:
            break
        assert results(page) == []
    assert results(page) == at_once
    # Those of a closed day come on the next open one, so both are played together.
    pieces = ["1 of 4", ""] if change == "closed=1&closed=2" else ["1 of 4", "2 of 4", "3 of 4", ""]
    assert seen == pieces
    assert told(client.get(query).content.decode()) == "1 of 4", "asked again, it is played again"


def test_two_changes_on_their_way_do_not_disturb_each_other(
    week: Office, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(playing, "MOST_PEOPLE", 1)
    client = signed_in("manager")
    first, second = (f"{PAGE}?try=1&month=2026-08&closes={closes}" for closes in ("15:00", "14:00"))
    pages = [told(client.get(one).content.decode()) for one in (first, second, first, second, first, second)]
    assert pages == ["1 of 4", "1 of 4", "2 of 4", "2 of 4", "3 of 4", "3 of 4"]


def test_what_was_left_for_a_while_begins_anew(
    week: Office, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(playing, "MOST_PEOPLE", 1)
    client = signed_in("manager")
    query = f"{PAGE}?try=1&month=2026-08&closes=15:00"
    assert told(client.get(query).content.decode()) == "1 of 4"
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=11))
    assert told(client.get(query).content.decode()) == "1 of 4"
