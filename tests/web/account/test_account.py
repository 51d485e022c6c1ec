"""Signing in and out: who can sign in, for how long, and what stops everybody else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from prepazka.store import accounts, models
from prepazka.store.models import User
from prepazka.web import access, clock
from tests.web.conftest import NOW
from tests.web.staff import PASSWORD

pytestmark = pytest.mark.usefixtures("officials")
SIGN_IN = "/account/sign-in"


def sign_in(client: Client, name: str = "clerk", password: str = PASSWORD, next_: str = "", **extra: Any) -> str:
    """Return where the sign-in redirects; "" when it was refused."""
    asked = {"next": next_} if next_ else {}
    response = client.post(SIGN_IN, {"login": name, "password": password, **asked}, **extra)
    return response.headers.get("Location", "")


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


# --- the way in ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["clerk", "CLERK", " Clerk "])
def test_name_and_password_let_in(client: Client, name: str) -> None:
    assert sign_in(client, name) == "/demo/desk/"
    assert is_in(client)
    assert models.Access.objects.filter(who="clerk", what="signed in").count() == 1


@pytest.mark.parametrize(
    ("name", "password"), [("clerk", "wrong"), ("nobody", PASSWORD), ("", ""), ("clerk", PASSWORD.upper()), ("\0", "x")]
)
def test_anything_else_does_not_and_says_not_which_is_wrong(client: Client, name: str, password: str) -> None:
    assert sign_in(client, name, password) == ""
    assert not is_in(client)


def test_a_closed_account_is_out_at_once(client: Client, officials: dict[str, User]) -> None:
    sign_in(client)
    accounts.close_account(officials["clerk"], NOW, "test")
    assert not is_in(client)
    assert sign_in(client) == ""


@pytest.mark.parametrize(
    ("address", "led_to"),
    [
        ("/demo/", "/demo/"),
        ("/account/password", "/account/password"),
        ("https://elsewhere.example/", "/demo/desk/"),
        ("//elsewhere.example/", "/demo/desk/"),
        ("javascript:alert(1)", "/demo/desk/"),
        ("", "/demo/desk/"),
    ],
)
def test_the_sign_in_leads_to_the_requested_page_of_ours(client: Client, address: str, led_to: str) -> None:
    assert sign_in(client, next_=address) == led_to


def test_a_page_leads_to_the_sign_in_and_back(client: Client) -> None:
    assert client.get("/account/password").headers["Location"] == "/account/sign-in?next=/account/password"


def test_a_form_without_its_token_is_refused(officials: dict[str, User]) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(SIGN_IN, {"login": "clerk", "password": PASSWORD}).status_code == 403


def test_the_session_gets_a_new_key_so_nobody_can_have_prepared_it(client: Client) -> None:
    client.get(SIGN_IN)
    session = client.session
    session["planted"] = True
    session.save()
    planted = str(session.session_key)
    client.cookies["sessionid"] = planted
    sign_in(client)
    assert client.cookies["sessionid"].value not in {"", planted}
    attacker = Client()
    attacker.cookies["sessionid"] = planted
    assert not is_in(attacker)


def test_the_cookie_is_for_this_browsing_only_and_closed_to_scripts(client: Client) -> None:
    sign_in(client)
    cookie = client.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", "")


# --- the way out --------------------------------------------------------------------------------


def test_signing_out_ends_the_session_for_good(client: Client) -> None:
    sign_in(client)
    key = client.cookies["sessionid"].value
    assert client.post("/account/sign-out").headers["Location"] == SIGN_IN
    client.cookies["sessionid"] = key
    assert not is_in(client)


def test_a_link_elsewhere_cannot_sign_out(client: Client) -> None:
    sign_in(client)
    assert client.get("/account/sign-out").headers["Location"] == "/account/"
    assert is_in(client)


@pytest.mark.parametrize(
    ("steps", "still_in"),
    [
        pytest.param([access.IDLE - timedelta(seconds=1)], True, id="at work"),
        pytest.param([access.IDLE + timedelta(seconds=1)], False, id="left the desk"),
        pytest.param([timedelta(minutes=50)] * 14, True, id="eleven hours at work"),
        pytest.param([timedelta(minutes=50)] * 15, False, id="over night"),
    ],
)
def test_a_sign_in_ends_by_itself(
    client: Client, monkeypatch: pytest.MonkeyPatch, steps: list[timedelta], still_in: bool
) -> None:
    sign_in(client)
    now = NOW
    for step in steps:
        now += step
        monkeypatch.setattr(clock, "now", lambda now=now: now)
        was_in = is_in(client)
    assert was_in == still_in


# --- guesses ------------------------------------------------------------------------------------


def guess(client: Client, address: str, name: str = "clerk") -> int:
    return client.post(SIGN_IN, {"login": name, "password": "wrong"}, REMOTE_ADDR=address).status_code


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    def later(seconds: float) -> None:
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(seconds=seconds))

    return later


def test_after_five_wrong_passwords_the_next_waits_and_the_right_one_then_signs_in(
    client: Client, later: Callable[[float], None]
) -> None:
    assert [guess(client, "203.0.113.5") for _ in range(5)] == [200] * 5
    answer = client.post(SIGN_IN, {"login": " Clerk", "password": PASSWORD}, REMOTE_ADDR="203.0.113.5")
    assert answer.status_code == 429
    assert "počkat (1 s)" in answer.content.decode().replace("\xa0", " ")
    assert sign_in(client, "manager", REMOTE_ADDR="203.0.113.5") == "/demo/admin/hall/", (
        "a colleague at the same computer"
    )
    later(1)
    assert sign_in(Client(), REMOTE_ADDR="203.0.113.5") == "/demo/desk/"


def test_guesses_from_very_many_addresses_slow_the_name_but_not_its_owner(client: Client) -> None:
    """A hundred machines guess; whoever has signed in on this computer before does not notice."""
    sign_in(client)
    client.post("/account/sign-out")
    statuses = [guess(Client(), f"198.51.100.{number}") for number in range(100)]
    assert statuses.count(200) == 5
    assert statuses.count(429) == 95
    assert sign_in(client) == "/demo/desk/"


def test_nobody_is_locked_out_however_long_it_goes_on(client: Client, later: Callable[[float], None]) -> None:
    after = 0
    for number in range(200):
        later(after)
        guess(Client(), f"198.51.100.{number % 250}")
        after += 60
    later(after)
    assert sign_in(client, REMOTE_ADDR="192.0.2.9") == "/demo/desk/"


# --- the password -------------------------------------------------------------------------------

NEW = {"old_password": PASSWORD, "new_password1": "modra labut pije", "new_password2": "modra labut pije"}


def test_a_new_password_ends_all_other_sessions(client: Client) -> None:
    elsewhere = Client()
    sign_in(client)
    sign_in(elsewhere)
    assert client.post("/account/password", NEW).headers["Location"] == "/account/"
    assert is_in(client)
    assert not is_in(elsewhere)
    assert sign_in(elsewhere) == ""
    assert sign_in(elsewhere, password="modra labut pije")


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"old_password": "wrong"}, "Dosavadní heslo není správně."),
        ({"new_password2": "jinak"}, "Nové heslo jste podruhé napsali jinak."),
        ({"new_password1": "kratke", "new_password2": "kratke"}, "12 znaků"),
        ({"new_password1": "123456789012345", "new_password2": "123456789012345"}, "číslic"),
        ({"new_password1": PASSWORD, "new_password2": PASSWORD}, "stejné jako dosavadní"),
    ],
)
def test_a_bad_new_password_is_reported_at_its_field(client: Client, wrong: dict[str, str], expected: str) -> None:
    sign_in(client)
    page = client.post("/account/password", NEW | wrong)
    assert expected in page.content.decode()
    assert sign_in(Client())


def test_a_password_somebody_gave_must_be_changed_before_anything_else(
    client: Client, officials: dict[str, User]
) -> None:
    accounts.give_password(officials["clerk"], PASSWORD, NOW, "test", given=True)
    assert sign_in(client, next_="/demo/") == "/account/password"
    assert client.get("/account/").headers["Location"] == "/account/password"
    client.post("/account/password", NEW)
    assert is_in(client)
