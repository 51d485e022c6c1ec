"""Which passwords are refused, by whom they are chosen, and how long a given one can be used."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from prepazka.core.office.office import Office
from prepazka.store import accounts, offices, user_sessions
from prepazka.store.models import User
from prepazka.web import clock
from prepazka.web.account.passwords import find_problem
from tests.web.account.factors import give_password
from tests.web.conftest import NOW
from tests.web.staff import PASSWORD, SignedIn

COMMON, REPEATED, KNOWN = "nejběžnějším", "opakuje", "slovo ze jména"


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("1q2w3e4r5t6y7u8i9o", COMMON),
        ("password1234", COMMON),
        ("Password!!!!2026", COMMON),
        ("heslo1234567", COMMON),
        ("Sluníčko 2026!", COMMON),
        ("123-Michaela-1984", COMMON),
        ("SPARTAPRAHA1893", COMMON),
        ("prosinec20261", COMMON),
        ("aaaaaaaaaaaa", REPEATED),
        ("abababababab", REPEATED),
        ("kolobezka kolobezka", REPEATED),
        ("lavor7lavor7lavor7", REPEATED),
        ("qwertzuiopasd", REPEATED),
        ("abcdefghijklm", REPEATED),
        ("0987654321098", REPEATED),
        ("prepazka v lese", KNOWN),
        ("Přepážka-jede-dál", KNOWN),
        ("nejlepsi spravce", KNOWN),
        ("Horní Lhota 1890", KNOWN),
        ("hornilhotanavzdy", KNOWN),
        ("jede jede Dvorakova", KNOWN),
        ("u kostela zelva", KNOWN),
        ("modra labut pije", ""),
        ("correct horse battery", ""),
        ("šest okurek v neckách", ""),
        ("9fK-wq_27ZhTb", ""),
    ],
)
def test_a_password_is_judged_by_what_others_would_try(password: str, problem: str) -> None:
    known = ("dvorakova", "Alena Dvořáková", "Obec Horní Lhota", "U Kostela 5, 123 45 Horní Lhota")
    found = find_problem(password, known)
    assert (problem in found) if problem else found == ""


@pytest.mark.usefixtures("officials")
def test_the_words_of_ones_own_offices_count_and_of_no_others(office: Office) -> None:
    named = replace(office, name="Obec Kotěhůlky", address="Náves 7, Kotěhůlky")
    offices.keep(named, NOW)
    for user, refused in (("clerk", True), ("operator", True), ("foreign", False)):
        with pytest.raises(ValidationError) if refused else pytest.MonkeyPatch.context():
            validate_password("kotehulky maji jezero", User.objects.get(username=user))


NEW = {"old_password": PASSWORD, "new_password1": "zelva demolice", "new_password2": "zelva demolice"}


def test_the_page_refuses_them_in_words(signed_in: SignedIn) -> None:
    client = signed_in("clerk")
    for password in ("Sluníčko 2026!", "demo jezero tramvaj"):
        page = client.post("/account/password", NEW | {"new_password1": password, "new_password2": password})
        assert page.status_code == 200, password
    assert User.objects.get(username="clerk").check_password(PASSWORD)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    return lambda wait: monkeypatch.setattr(clock, "now", lambda: NOW + wait)


@pytest.mark.parametrize(
    ("after", "led"), [(timedelta(days=7) - timedelta(seconds=1), "/account/password"), (timedelta(days=7), "")]
)
def test_a_given_password_ends_after_seven_days(
    client: Client, officials: dict[str, User], later: Callable[[timedelta], None], after: timedelta, led: str
) -> None:
    accounts.give_password(officials["clerk"], "lavice v aleji", NOW, "administrator", given=True)
    later(after)
    assert give_password(client, "clerk", "lavice v aleji") == led
    if not led:
        answer = client.post("/account/sign-in", {"login": "clerk", "password": "lavice v aleji"})
        assert "sedm dní" in answer.content.decode().replace("\xa0", " ")
        wrong = client.post("/account/sign-in", {"login": "clerk", "password": "lavice v alejich"})
        assert "sedm dní" not in wrong.content.decode().replace("\xa0", " "), "told to nobody else"


def test_ones_own_password_does_not_end(
    client: Client, officials: dict[str, User], later: Callable[[timedelta], None]
) -> None:
    accounts.give_password(officials["clerk"], "lavice v aleji", NOW, "clerk", given=False)
    later(timedelta(days=700))
    assert give_password(client, "clerk", "lavice v aleji") == "/demo/desk/"


# --- asked again --------------------------------------------------------------------------------

IMPORTANT = [
    ("administrator", "/demo/admin/new-user"),
    ("administrator", "/demo/admin/users/clerk"),
    ("administrator", "/demo/admin/users/clerk/password"),
    ("administrator", "/demo/admin/kiosks/new"),
    ("operator", "/demo/admin/gateways/tokens/new"),
    ("operator", "/account/new-office"),
]


@pytest.mark.parametrize(("who", "address"), IMPORTANT)
def test_an_unlocked_desk_gives_no_roles_passwords_or_tokens(
    signed_in: SignedIn, later: Callable[[timedelta], None], who: str, address: str
) -> None:
    client = signed_in(who)
    later(timedelta(minutes=10, seconds=1))
    asked = client.post(address, {"give": "1", "role": "administrator", "username": "new", "name": "x"})
    assert asked.headers.get("Location", "").startswith("/account/again?next="), asked.status_code
    assert User.objects.get(username="clerk").check_password(PASSWORD)
    assert not User.objects.filter(username="new").exists()


def test_what_was_begun_goes_on_after_the_password(signed_in: SignedIn, later: Callable[[timedelta], None]) -> None:
    client = signed_in("administrator")
    later(timedelta(minutes=30))
    asked = client.post("/demo/admin/users/clerk/password")
    address = asked.headers["Location"]
    assert "Heslo není správně" in client.post(address, {"password": "wrong"}).content.decode().replace("\xa0", " ")
    assert User.objects.get(username="clerk").check_password(PASSWORD)
    given = client.post(address, {"password": PASSWORD})
    assert 'id="password"' in given.content.decode()
    assert not User.objects.get(username="clerk").check_password(PASSWORD)


# --- where one is signed in ---------------------------------------------------------------------


@pytest.mark.usefixtures("officials")
def test_ones_own_sign_ins_are_listed_and_ended_and_no_others(client: Client) -> None:
    elsewhere, other = Client(headers={"user-agent": "Old Browser/1"}), Client()
    for signed, name in ((client, "clerk"), (elsewhere, "clerk"), (other, "manager")):
        give_password(signed, name, PASSWORD)
    shown = client.get("/account/sign-ins").content.decode()
    assert shown.count("Ukončit</button>") == 2
    assert "Old Browser/1" in shown
    foreign = user_sessions.of_user(User.objects.get(username="manager"), "")[0]
    assert client.post(f"/account/sign-ins/{foreign.id}/end").status_code == 404
    assert other.get("/account/").status_code == 200
    [old] = [one for one in user_sessions.of_user(User.objects.get(username="clerk"), "") if "Old" in one.browser]
    client.post(f"/account/sign-ins/{old.id}/end")
    assert elsewhere.get("/account/").status_code == 302
    assert client.get("/account/").status_code == 200
