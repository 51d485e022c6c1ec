"""Pages that are imported when they are first asked."""

import sys

import pytest
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_resolver, reverse

from prepazka.web import when_asked
from prepazka.web.account import views
from prepazka.web.when_asked import NotLoaded, Page, Pages


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is named here is no page of the program."""
    monkeypatch.setattr(when_asked, "_known", {})


def test_a_page_says_of_itself_what_its_view_says() -> None:
    page = Page("prepazka.web.account.views", "account")
    assert page.view() is views.account
    assert page.least_role == "anybody"
    assert not hasattr(page, "csrf_exempt")
    assert Page("prepazka.web.gateways", "receive_webhook").csrf_exempt
    assert not hasattr(page, "view_class"), "which Django asks when it only collects names"


def test_a_name_that_is_no_view_is_told_when_all_are_loaded() -> None:
    pages = Pages("prepazka.web.account.views")
    assert callable(pages.acount)
    assert callable(pages.password)
    with pytest.raises(NotLoaded, match=r"prepazka\.web\.account\.views\.acount"):
        when_asked.load_all()


def test_one_that_cannot_be_imported_keeps_no_other_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "prepazka.web.board.views", None)
    broken, sound = Pages("prepazka.web.board.views").board, Pages("prepazka.web.statements").privacy
    with pytest.raises(NotLoaded) as refused:
        when_asked.load_all()
    assert refused.value.args == ("prepazka.web.board.views.board",)
    assert isinstance(sound, Page)
    assert sound._view is not None
    with pytest.raises(ModuleNotFoundError):
        broken(HttpRequest(), slug="demo")


def test_what_tools_look_for_names_no_page() -> None:
    assert not hasattr(Pages("prepazka.web.statements"), "__wrapped__")
    when_asked.load_all()


def test_addresses_of_the_api_are_found_by_its_own_name_alone() -> None:
    assert reverse("api:openapi-json") == "/api/openapi.json"
    with pytest.raises(NoReverseMatch):
        reverse("openapi-json")
    assert "api" in get_resolver().namespace_dict
