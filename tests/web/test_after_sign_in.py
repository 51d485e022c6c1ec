"""Where the sign-in leads: to the page that was asked for, never to a form's address or another one's page; and the
press that came after the sign-in had ended."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve

from prepazka.core.office.office import Office
from prepazka.flows.counters import arrive, call, seat
from prepazka.store import accounts, models
from prepazka.store.models import User
from prepazka.web import access, clock
from tests.web.conftest import NOW, NUMBER, TOKEN, bind, gateway
from tests.web.staff import FOREIGN, OPERATOR, PASSWORD, SignedIn
from tests.web.test_authorisation import ALL, STAFF, address, suffices
from tests.web.test_sent_again import mark_on

FORMS = [(route, pattern) for route, pattern in ALL if hasattr(pattern.callback, "post_only")]
LATER = NOW + access.IDLE + timedelta(minutes=1)


def sign_in(client: Client, name: str, where: str) -> str:
    """Sign in by the form; return where it leads."""
    answer = client.post("/account/sign-in", {"login": name, "password": PASSWORD, "next": where})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


@pytest.fixture
def lunch(monkeypatch: pytest.MonkeyPatch) -> Any:
    return lambda: monkeypatch.setattr(clock, "now", lambda: LATER)


def test_every_address_that_refuses_to_be_opened_says_that_it_takes_forms(signed_in: SignedIn) -> None:
    client = signed_in(OPERATOR)
    opened = {here: client.get(here).status_code for here in (address(*each) for each in STAFF)}
    assert len(opened) > 100
    assert [here for here, status in opened.items() if status == 405] == []


def test_a_form_sent_where_none_is_taken_is_answered_with_a_page(client: Client, office: Office) -> None:
    answer = client.post("/demo/board/", {"x": "1"}, headers={"Accept": "text/html,*/*"})
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert "Nic jsme neudělali." in answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    client.cookies["language"] = "en"
    english = client.post("/demo/board/", headers={"Accept": "text/html"}).content.decode()
    assert "We did nothing." in english.replace("\N{NO-BREAK SPACE}", " ")
    assert client.post("/demo/board/", headers={"Accept": "*/*"}).content == b""


def test_a_page_that_is_refused_keeps_the_menu_of_what_one_may_open(signed_in: SignedIn) -> None:
    refused = signed_in("clerk").get("/demo/admin/")
    page = refused.content.decode()
    assert refused.status_code == 403
    assert "Na tuto stránku nemáte oprávnění" in page
    assert 'href="/demo/desk/"' in page
    assert 'href="/demo/admin/"' not in page
    assert 'href="/demo/desk/"' not in signed_in(FOREIGN).get("/demo/admin/").content.decode()


def test_the_address_of_a_form_leads_to_its_page(signed_in: SignedIn) -> None:
    client = signed_in(OPERATOR)
    for route, pattern in FORMS:
        here = address(route, pattern)
        leads_to = client.get(here)["Location"].partition("?")[0]
        page = resolve(leads_to)
        assert not hasattr(page.func, "post_only"), here
        assert here.startswith(leads_to.rstrip("/")), here
        if least := getattr(pattern.callback, "least_role", None):
            assert getattr(page.func, "least_role", least) is not None, here
            assert leads_to.count("/") >= 2, "a page of the office, or of the account"


@pytest.mark.parametrize("who", ["clerk", "administrator", FOREIGN])
def test_sign_in_with_a_forms_address_ends_on_a_page_of_ones_own(officials: object, who: str) -> None:
    for route, pattern in FORMS:
        here, client = address(route, pattern), Client()
        leads_to = sign_in(client, who, here)
        needed: Any = getattr(pattern.callback, "least_role", "anybody")
        of_office = route.startswith("<slug:slug>/")
        own = not of_office or needed == "anybody" or (who != FOREIGN and suffices(who, needed))
        assert leads_to == (here if own else "/account/"), here
        page = client.get(leads_to, follow=True)
        # 404: what the form was about is not there
        assert page.status_code in ({200, 404} if own else {200}), here


@pytest.mark.parametrize("where", ["/other/desk/", "/demo/admin/", "/nowhere/desk/"])
def test_sign_in_leads_to_no_page_of_another_user_or_office(officials: object, client: Client, where: str) -> None:
    assert sign_in(client, "clerk", where) == "/account/"


@pytest.mark.parametrize("where", ["//elsewhere.example/demo/admin/", "https://elsewhere.example/", "javascript:x"])
def test_the_address_of_another_server_counts_as_none(officials: object, client: Client, where: str) -> None:
    assert sign_in(client, "clerk", where) == "/demo/desk/"


@pytest.mark.parametrize(
    ("who", "where"),
    [
        ("clerk", "/demo/desk/"),
        ("manager", "/demo/admin/hall/"),
        ("administrator", "/demo/admin/"),
        ("officer", "/demo/admin/register"),
        (FOREIGN, "/other/admin/"),
    ],
)
def test_a_sign_in_that_asked_for_no_page_leads_to_where_the_role_works(
    officials: object, client: Client, who: str, where: str
) -> None:
    assert sign_in(client, who, "") == where
    assert client.get(where).status_code == 200


def test_who_works_in_two_offices_or_in_none_chooses_on_the_account(
    officials: dict[str, User], office: Office, client: Client
) -> None:
    accounts.appoint(officials[FOREIGN], office.id, "clerk", NOW, "test")
    assert sign_in(client, FOREIGN, "") == "/account/"
    models.Official.objects.filter(user=officials["manager"]).delete()
    assert sign_in(Client(), "manager", "") == "/account/"


def test_a_managers_first_page_tells_what_is_missing_until_nothing_is(signed_in: SignedIn, office: Office) -> None:
    page = signed_in("manager").get("/demo/admin/hall/").content.decode()
    assert "Lidé se zatím objednávat nemohou" in page, "its number has no gateway"
    gateway("modem", TOKEN)
    bind(NUMBER, "modem")
    page = signed_in("manager").get("/demo/admin/hall/").content.decode()
    assert "Lidé se zatím objednávat nemohou" not in page


def serving(office: Office, who: str = "clerk") -> models.Ticket:
    """A client is served at the first counter, and another one waits."""
    for _ in range(2):
        arrive.walk_in(office.id, "ZOP", NOW)
    seat.sit_down(office.id, office.counters[0].id, who, NOW)
    called = call.call_next(office.id, who, NOW)
    call.serve(office.id, who, called.ticket.ref, NOW)  # type: ignore[union-attr]  # somebody waits
    return models.Ticket.objects.get(number=1)


def press(client: Client, ticket: models.Ticket, act: str = "next", **more: str) -> str:
    fields = {"act": act, "ticket": ticket.id, "version": ticket.version, **more}
    return str(client.post("/demo/desk/act", fields)["Location"])


def offered(page: str) -> dict[str, str]:
    form = re.search(r'action="(/demo/desk/[^"]*)">((?:(?!</form>).)*id="again")', page, re.DOTALL)
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[2])) | {"to": form[1]} if form else {}


def states() -> list[str]:
    return list(models.Ticket.objects.order_by("id").values_list("state", flat=True))


def test_a_press_after_lunch_is_offered_again_and_done_once_pressed(
    signed_in: SignedIn, office: Office, lunch: Any
) -> None:
    client, ticket = signed_in("clerk"), serving(office)
    lunch()
    assert press(client, ticket).startswith("/account/sign-in?next=/demo/desk/act")
    assert sign_in(client, "clerk", "/demo/desk/act") == "/demo/desk/act"
    page = client.get("/demo/desk/act", follow=True).content.decode()
    assert "Chtěli jste: D1: Hotovo a další." in page.replace("\N{NO-BREAK SPACE}", " ")
    assert states() == ["serving", "waiting"]
    fields = offered(page)
    page = client.post(fields.pop("to"), fields, follow=True).content.decode()
    assert states() == ["done", "called"]
    assert offered(page) == {}


def test_what_was_not_wanted_after_all_is_not_offered_twice(signed_in: SignedIn, office: Office, lunch: Any) -> None:
    client, ticket = signed_in("clerk"), serving(office)
    lunch()
    press(client, ticket)
    sign_in(client, "clerk", "/demo/desk/")
    page = client.post("/demo/desk/act", {}, follow=True).content.decode()
    assert (offered(page), states()) == ({}, ["serving", "waiting"])


def test_a_press_after_signing_out_in_another_tab_is_offered_to_who_signed_out(
    signed_in: SignedIn, office: Office, lunch: Any
) -> None:
    client, ticket = signed_in("clerk"), serving(office)
    made_for = mark_on(client.get("/demo/desk/").content.decode())
    client.post("/account/sign-out", {"counter": "keep"})
    assert press(client, ticket, **made_for).startswith("/account/sign-in?next=/demo/desk/act")
    assert states() == ["serving", "waiting"]
    sign_in(client, "manager", "/demo/desk/")
    assert offered(client.get("/demo/desk/").content.decode()) == {}
    client.post("/account/sign-out")
    sign_in(client, "clerk", "/demo/desk/")
    fields = offered(client.get("/demo/desk/").content.decode())
    client.post(fields.pop("to"), fields)
    assert states() == ["done", "called"]


@pytest.mark.parametrize("forged", ["clerk", "x" * 5000, "", "0123456789abcdef"])
def test_a_forged_mark_keeps_no_press(signed_in: SignedIn, office: Office, lunch: Any, forged: str) -> None:
    client, ticket = signed_in("clerk"), serving(office)
    client.logout()
    press(client, ticket, made_for=forged)
    sign_in(client, "clerk", "/demo/desk/")
    assert offered(client.get("/demo/desk/").content.decode()) == {}


def test_a_press_on_a_page_of_somebody_else_does_nothing(signed_in: SignedIn, office: Office) -> None:
    ticket = serving(office)
    made_for = mark_on(signed_in("clerk").get("/demo/desk/").content.decode())
    fields = {"act": "next", "ticket": ticket.id, "version": ticket.version, **made_for}
    answer = signed_in("manager").post("/demo/desk/act", fields)
    assert (answer.status_code, states()) == (403, ["serving", "waiting"])
    assert "Formulář patří někomu jinému" in answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_nobody_else_is_offered_the_press(signed_in: SignedIn, office: Office, lunch: Any) -> None:
    client, ticket = signed_in("clerk"), serving(office)
    lunch()
    press(client, ticket)
    sign_in(client, "manager", "/demo/desk/")
    assert offered(client.get("/demo/desk/").content.decode()) == {}


def test_a_press_that_nobody_made_here_is_not_offered(
    signed_in: SignedIn, office: Office, client: Client, lunch: Any
) -> None:
    """A stranger's form is not kept; a cookie of another office, an old one or a made-up one says nothing."""
    ticket = serving(office)
    press(client, ticket)
    assert "press" not in client.cookies
    clerk = signed_in("clerk")
    clerk.cookies["press"] = "made up"
    assert offered(clerk.get("/demo/desk/").content.decode()) == {}
    lunch()
    press(clerk, ticket)
    kept = clerk.cookies["press"]
    assert (kept["path"], bool(kept["httponly"])) == ("/demo/", True)
    foreign = signed_in(FOREIGN)
    foreign.cookies["press"] = kept.value
    assert offered(foreign.get("/other/desk/").content.decode()) == {}


def test_a_press_of_an_hour_ago_is_forgotten(
    signed_in: SignedIn, office: Office, lunch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, ticket = signed_in("clerk"), serving(office)
    lunch()
    press(client, ticket)
    monkeypatch.setattr(clock, "now", lambda: LATER + timedelta(minutes=16))
    sign_in(client, "clerk", "/demo/desk/")
    assert offered(client.get("/demo/desk/").content.decode()) == {}


def test_a_form_with_a_name_is_kept_nowhere(signed_in: SignedIn, office: Office, lunch: Any) -> None:
    client = signed_in("clerk")
    lunch()
    fields = {"at": "soonest", "name": "Zdeňka Lhotová", "phone": "+420 604 552 118"}
    answer = client.post("/demo/desk/bookings/new/?service=ZOP", fields)
    assert answer["Location"] == "/account/sign-in?next=/demo/desk/bookings/new/"
    assert "press" not in client.cookies
