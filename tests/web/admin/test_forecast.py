"""The forecast as managers see it: figures with their uncertainty in words, and honest where nothing is known."""

from datetime import UTC, datetime, timedelta

import pytest

from prepazka.core.office.office import Office
from prepazka.store import models
from tests.web.conftest import NOW
from tests.web.staff import FOREIGN, SignedIn

PAGE = "/demo/admin/forecast/"


def came(office: Office, day: datetime, people: int) -> None:
    """Store the tickets of a day of the first agenda."""
    models.Ticket.objects.bulk_create(
        models.Ticket(
            office_id=office.id, agenda_id=office.agendas[0].id, day=day.date(), prefix="D", number=number,
            kind="walk_in", state="done", arrived_at=day,
        )
        for number in range(1, people + 1)
    )  # fmt: skip


@pytest.fixture
def known(office: Office) -> Office:
    """Five people each day of last summer, ten this one; two SMS a person in the last four weeks."""
    for back in range(1, 60):
        day = NOW - timedelta(days=back)
        came(office, day, 10)
        came(office, day - timedelta(weeks=52), 5)
    for ahead in range(60):
        came(office, NOW + timedelta(days=ahead) - timedelta(weeks=52), 5)
    models.Outbound.objects.create(
        office_id=office.id, gateway="modem", kind="reminder", sender="", recipient="", text="", septets=0, parts=560,
        state="sent", made_at=NOW, tried_at=datetime(2026, 7, 20, tzinfo=UTC),
    )  # fmt: skip
    return office


def test_the_forecast_is_shown_with_its_uncertainty_in_words(known: Office, signed_in: SignedIn) -> None:
    page = signed_in("manager").get(PAGE).content.decode().replace("\xa0", " ")
    row = page.partition(">4. 8. 2026<")[2].partition("</tr>")[0]
    assert ">10<" in row
    assert "10 až 10" in row
    assert "spolehlivý" in row
    assert "loňsko" in row
    assert "Evidence obyvatel" in page


def test_messages_are_told_with_their_price(known: Office, signed_in: SignedIn) -> None:
    page = signed_in("manager").get(PAGE).content.decode().replace("\xa0", " ")
    # 280 people in 28 days took 560 SMS; 20 open days of ten people are to come.
    assert "asi 400 SMS, tedy asi 480 Kč" in page


def test_where_nothing_is_known_the_page_says_so(office: Office, signed_in: SignedIn) -> None:
    assert "úřad ještě nevydal žádný lístek" in signed_in("manager").get(PAGE).content.decode().replace("\xa0", " ")
    came(office, NOW, 3)
    assert "zatím nevíme" in signed_in("manager").get(PAGE).content.decode()


def test_the_chart_is_of_an_agenda_of_the_office(known: Office, signed_in: SignedIn) -> None:
    assert "<script" not in signed_in("manager").get(f"{PAGE}doklady.svg").content.decode()
    assert signed_in("manager").get(f"{PAGE}other.svg").status_code == 404


def test_a_clerk_is_refused_and_another_office_sees_none(known: Office, signed_in: SignedIn) -> None:
    assert signed_in("clerk").get(PAGE).status_code == 403
    assert signed_in(FOREIGN).get(PAGE).status_code == 404
