"""A month whose rows were folded into figures: the report stays as it was, and says what cannot be had any more."""

import re

import pytest
from django.conf import settings
from django.db import transaction
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from prepazka.core.office.office import Office
from prepazka.store import folding, models
from tests.web.admin.test_what_if import lived_in
from tests.web.browsing import assert_accessible, assert_nothing_is_cut
from tests.web.conftest import NOW
from tests.web.staff import SignedIn

__all__ = ["lived_in"]

REPORT, WHAT_IF = "/demo/admin/report/?month=2026-08", "/demo/admin/what-if/?try=1&month=2026-08&closed=0"
ONLY_SUMS = "Lístky a objednávky tohoto měsíce jsou už jen sečtené"
NOT_PLAYED = "Lístky tohoto měsíce jsou už jen sečtené, přehrát ho nejde. Vyberte pozdější měsíc."
ONE_BY_ONE = "Lístky po jednom, bez osob (CSV)"


def fold_all(office: Office) -> None:
    """Fold the only day of which anything is kept."""
    with transaction.atomic():
        assert folding.fold_day(office, NOW.date())
    assert not models.Ticket.objects.filter(office_id=office.id).exists()


def readable(answer: object) -> str:
    content: bytes = answer.content  # type: ignore[attr-defined]  # the client's answers have no type
    return content.decode().replace("\N{NO-BREAK SPACE}", " ")


def tables(page: str) -> list[str]:
    return re.findall(r"<table.*?</table>", page, re.DOTALL)


def test_the_figures_stay_and_single_rows_are_not_offered(lived_in: Office, signed_in: SignedIn) -> None:
    manager = signed_in("manager")
    before = readable(manager.get(REPORT))
    assert (ONE_BY_ONE in before, ONLY_SUMS in before) == (True, False)
    fold_all(lived_in)
    after = readable(manager.get(REPORT))
    assert (ONE_BY_ONE in after, ONLY_SUMS in after) == (False, True)
    assert tables(after) == tables(before) != []


def test_a_month_of_sums_is_not_played_and_another_one_is_named(lived_in: Office, signed_in: SignedIn) -> None:
    manager = signed_in("manager")
    fold_all(lived_in)
    page = readable(manager.get(WHAT_IF))
    assert NOT_PLAYED in page
    assert tables(page) == []
    assert NOT_PLAYED not in readable(manager.get("/demo/admin/what-if/?month=2026-07"))
    manager.cookies["language"] = "en"
    english = readable(manager.get(WHAT_IF))
    assert NOT_PLAYED not in english
    assert "Choose a later month" in english


@pytest.mark.parametrize("width", [1280, 360])
def test_the_notices_are_for_everybody(
    page: Page, lived_in: Office, officials: object, signed_in: SignedIn, live_server: LiveServer, width: int
) -> None:
    fold_all(lived_in)
    session = signed_in("manager").cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page.set_viewport_size({"width": width, "height": 720})
    for path, notice in ((REPORT, ONLY_SUMS), (WHAT_IF, NOT_PLAYED)):
        page.goto(path)
        expect(page.get_by_text(notice)).to_be_visible()
        assert_accessible(page)
        assert_nothing_is_cut(page)
