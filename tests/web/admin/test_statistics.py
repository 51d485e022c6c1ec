"""Statistics: charts with their tables, and the same figures as CSV."""

from datetime import timedelta

import pytest

from prepazka.core.office.office import Office
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.web import clock
from prepazka.web.admin.statistics import CHARTS
from tests.web.conftest import NOW, NUMBER
from tests.web.staff import SignedIn

PAGE = "/demo/admin/statistics/"
AUGUST = "?first=2026-08-01&last=2026-08-31"


@pytest.fixture(autouse=True)
def _booked(office: Office) -> None:
    for place, text in enumerate(["OBJ ZOP 10.8. 8:00 JANA", "OBJ PTP 11.8. 8:00 PETR", "POMOC"]):
        receive([Inbound("test", f"{place}", f"+4207770000{place:02}", NUMBER, text, NOW)], NOW)


def test_a_period_is_shown_with_its_sums_and_tables(signed_in: SignedIn) -> None:
    page = signed_in("manager").get(f"{PAGE}{AUGUST}").content.decode()
    assert "Objednávky podle dnů" in page
    assert '<dd class="big nowrap">2</dd>' in page
    assert "nápověda" in page


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_an_image_without_scripts_or_anything_from_elsewhere(signed_in: SignedIn, name: str) -> None:
    answer = signed_in("manager").get(f"{PAGE}{name}.svg{AUGUST}")
    assert answer["Content-Type"] == "image/svg+xml"
    drawn = answer.content.decode()
    assert "<script" not in drawn
    assert "href=" not in drawn.replace('xmlns:xlink="http://www.w3.org/1999/xlink"', "")


def test_a_table_is_csv_as_a_czech_spreadsheet_reads_it(signed_in: SignedIn) -> None:
    answer = signed_in("manager").get(f"{PAGE}booked.csv{AUGUST}")
    assert answer.content.decode() == "\ufeffDen;ZOP;PTP\r\n2026-08-10;1;0\r\n2026-08-11;0;1\r\n"
    assert answer["Content-Disposition"] == 'attachment; filename="booked-2026-08-01-2026-08-31.csv"'


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("?first=2026-08-31&last=2026-08-01", "„Od“ nesmí být později než „Do“", id="order"),
        pytest.param("?first=2020-01-01&last=2026-08-01", "nejvýše rok", id="too long"),
        pytest.param("?first=nonsense&last=", "Zadejte", id="no date"),
    ],
)
def test_an_invalid_period_is_an_error_and_shows_the_last_month(signed_in: SignedIn, query: str, expected: str) -> None:
    answer = signed_in("manager").get(f"{PAGE}{query}")
    assert answer.status_code == 200
    assert expected in answer.content.decode()


def test_of_two_who_both_stayed_away_everybody_did(signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    page = signed_in("manager").get(f"{PAGE}{AUGUST}").content.decode()
    assert "100\xa0%" not in page, "their days have not come yet"
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=9))
    page = signed_in("manager").get(f"{PAGE}{AUGUST}").content.decode()
    assert '<dd class="big nowrap">100\xa0%</dd>' in page


def test_there_is_no_other_chart(signed_in: SignedIn) -> None:
    assert signed_in("manager").get(f"{PAGE}other.svg").status_code == 404
