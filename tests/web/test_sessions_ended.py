"""A sign-in that ends while a page is made or a press is carried out: no error, nothing twice, nothing lost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from prepazka.core.office.office import Office
from prepazka.flows.counters import arrive, call
from prepazka.store import models
from prepazka.web.desk import views
from tests.web.conftest import NOW
from tests.web.desk.test_desk import sit
from tests.web.staff import SignedIn


@pytest.fixture
def ends_during(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any, str], None]:
    """Let another tab sign out just after a function of a module was called."""

    def ends_during(module: Any, name: str) -> None:
        real = getattr(module, name)

        def and_sign_out(*args: Any, **kwargs: Any) -> Any:
            found = real(*args, **kwargs)
            Session.objects.all().delete()
            return found

        monkeypatch.setattr(module, name, and_sign_out)

    return ends_during


def test_a_page_leads_to_the_sign_in_and_back(
    office: Office, signed_in: SignedIn, ends_during: Callable[[Any, str], None]
) -> None:
    clerk = signed_in("clerk")
    ends_during(views, "queue")
    answer = clerk.get("/demo/desk/?live")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/demo/desk/?live")
    assert answer.cookies["sessionid"].value == ""
    asked = clerk.get("/demo/desk/?live")
    assert asked.headers["Location"] == "/account/sign-in?next=/demo/desk/%3Flive"


def test_a_press_counts_once_and_is_not_offered_again(
    office: Office, signed_in: SignedIn, ends_during: Callable[[Any, str], None]
) -> None:
    clerk = signed_in("clerk")
    sit(clerk, office)
    ends_during(arrive, "add_walk_in")
    answer = clerk.post("/demo/desk/act", {"act": "walk_in", "service": "ZOP"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/demo/desk/")
    assert models.Ticket.objects.count() == 1
    assert _asks_to_sign_in(clerk)
    again = signed_in("clerk").get("/demo/desk/").content.decode()
    assert "Chtěli jste" not in again
    assert 'data-ticket="D1"' in again


def test_calling_the_next_client_while_signed_out_elsewhere_calls_one(
    office: Office, signed_in: SignedIn, ends_during: Callable[[Any, str], None]
) -> None:
    for _ in range(2):
        arrive.walk_in(office.id, "ZOP", NOW)
    clerk = signed_in("clerk")
    sit(clerk, office)
    ends_during(call, "call_next")
    assert clerk.post("/demo/desk/act", {"act": "next"}).status_code == 302
    assert list(models.Ticket.objects.order_by("id").values_list("state", flat=True)) == ["called", "waiting"]
    assert _asks_to_sign_in(clerk)
    assert "<strong>D1</strong> voláte" in signed_in("clerk").get("/demo/desk/").content.decode()


def _asks_to_sign_in(client: Client) -> bool:
    return client.get("/demo/desk/").headers.get("Location", "").startswith("/account/sign-in")
