"""Second factors: who needs one, who gets past without one, and what does not help an attacker."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from prepazka.core.office.office import Office
from prepazka.core.office.roles import FactorRule
from prepazka.store import accounts, factors, models, offices
from prepazka.store.models import User
from prepazka.web import access, clock
from tests.web.account.factors import CODE, SECOND_STEP, Phone, give_code, give_password, phone
from tests.web.conftest import NOW
from tests.web.staff import OPERATOR, PASSWORD, SignedIn

__all__ = ["phone"]
pytestmark = pytest.mark.usefixtures("officials")


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


# --- the attacker -------------------------------------------------------------------------------


@pytest.mark.usefixtures("signed_in")
def test_the_password_alone_is_not_enough_any_more(client: Client, signed_in: SignedIn, phone: Phone) -> None:
    phone.enrol(signed_in("clerk"))
    assert give_password(client, "clerk", PASSWORD) == CODE
    for page in ("/account/", "/demo/desk/", SECOND_STEP, "/account/password"):
        assert client.get(page).status_code == 302, page
    assert give_code(client, "000000") == ""
    assert not is_in(client)
    assert give_code(client, phone.code()) == "/demo/desk/"
    assert is_in(client)


def test_a_code_read_over_the_shoulder_is_of_no_use(client: Client, signed_in: SignedIn, phone: Phone) -> None:
    phone.enrol(signed_in("clerk"))
    seen = phone.code()
    give_password(client, "clerk", PASSWORD)
    assert give_code(client, seen) == "/demo/desk/"
    attacker = Client()
    give_password(attacker, "clerk", PASSWORD)
    assert give_code(attacker, seen) == ""
    assert give_code(attacker, f" {seen[:3]} {seen[3:]} ") == ""
    phone.wait()  # the code of a moment ago still counts, for slow people, but not for the second time
    assert give_code(attacker, seen) == ""
    assert not is_in(attacker)


def test_a_replay_is_refused_by_every_process(signed_in: SignedIn, phone: Phone) -> None:
    """What one process remembers for itself does not help: the code is used up in the database."""
    client = signed_in("clerk")
    phone.enrol(client)
    user = User.objects.get(username="clerk")
    code, later = phone.code(), phone.code(later=30)
    assert factors.use_up(user, later)
    assert not factors.use_up(user, code), "a code older than one that counted"
    assert not factors.use_up(user, later)


def test_the_code_of_enrolling_is_used_up_too(client: Client, signed_in: SignedIn, phone: Phone) -> None:
    owner = signed_in("clerk")
    phone.enrol(owner)
    phone.at -= 30
    give_password(client, "clerk", PASSWORD)
    assert give_code(client, phone.code()) == ""


def test_a_recovery_code_counts_once_and_is_recorded(client: Client, signed_in: SignedIn, phone: Phone) -> None:
    codes = phone.enrol(signed_in("clerk"))
    assert len(set(codes)) == 10
    give_password(client, "clerk", PASSWORD)
    assert give_code(client, codes[3]) == "/demo/desk/"
    again = Client()
    give_password(again, "clerk", PASSWORD)
    assert give_code(again, codes[3]) == ""
    assert models.Audit.objects.filter(who="clerk", what="recovery code used").count() == 1


def test_nobody_enrols_for_another_user(client: Client, signed_in: SignedIn, phone: Phone) -> None:
    """A form names no user: whatever is added to it, the factor is the signed-in user's."""
    attacker = signed_in("clerk")
    attacker.get(f"{SECOND_STEP}/app")
    secret = attacker.session["mfa.totp.secret"]
    phone.secret = secret
    victim = User.objects.get(username="manager")
    attacker.post(f"{SECOND_STEP}/app?user={victim.pk}", {"code": phone.code(), "user": victim.pk, "login": "manager"})
    assert factors.kinds(victim) == set()
    assert "totp" in factors.kinds(User.objects.get(username="clerk"))


def test_nobody_enrols_or_sees_codes_before_the_second_step(client: Client, signed_in: SignedIn, phone: Phone) -> None:
    """Who has the password only must not add a factor of their own, nor read the recovery codes."""
    phone.enrol(signed_in("clerk"))
    give_password(client, "clerk", PASSWORD)
    for page in ("app", "app/remove", "passkey", "codes", "codes/new"):
        for answer in (client.get(f"{SECOND_STEP}/{page}"), client.post(f"{SECOND_STEP}/{page}", {"code": "123456"})):
            assert answer.headers["Location"].startswith("/account/sign-in"), page
    assert Authenticator.objects.filter(type="totp").count() == 1


def test_a_foreign_passkey_is_not_removed(signed_in: SignedIn) -> None:
    owner = User.objects.get(username="manager")
    key = Authenticator.objects.create(user=owner, type="webauthn", data={"name": "klíč", "credential": {}})
    assert signed_in("clerk").post(f"{SECOND_STEP}/passkey/{key.pk}/remove").status_code == 404
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_an_administrator_has_no_page_that_removes_anothers_factor(
    client: Client, signed_in: SignedIn, phone: Phone
) -> None:
    """A new password, a role, a dismissal: whatever an administrator does, the factor stays."""
    phone.enrol(signed_in("clerk"))
    administrator = signed_in("administrator")
    administrator.post("/demo/admin/users/clerk/password")
    administrator.post("/demo/admin/users/clerk", {"role": "manager"})
    administrator.post("/demo/admin/users/new", {"username": "clerk", "name": "x", "role": "clerk"})
    administrator.post("/demo/admin/users/clerk", {"remove": "1"})
    assert "totp" in factors.kinds(User.objects.get(username="clerk"))


def test_the_session_of_the_first_step_has_another_key_after_the_second(
    client: Client, signed_in: SignedIn, phone: Phone
) -> None:
    phone.enrol(signed_in("clerk"))
    give_password(client, "clerk", PASSWORD)
    before = client.cookies["sessionid"].value
    give_code(client, phone.code())
    assert client.cookies["sessionid"].value != before
    attacker = Client()
    attacker.cookies["sessionid"] = before
    assert not is_in(attacker)
    assert give_code(attacker, phone.code(later=30)) == "/account/sign-in"


def test_a_closed_account_opened_again_for_somebody_else_has_no_old_way_in(
    client: Client, signed_in: SignedIn, phone: Phone
) -> None:
    phone.enrol(signed_in("clerk"))
    user = User.objects.get(username="clerk")
    accounts.close_account(user, NOW, "test")
    assert not Authenticator.objects.filter(user=user).exists()


def test_the_secret_is_not_readable_in_the_database(signed_in: SignedIn, phone: Phone, settings: Any) -> None:
    phone.enrol(signed_in("clerk"))
    stored = str(Authenticator.objects.get(type="totp").data)
    assert phone.secret not in stored
    settings.SECRET_KEY = "another key of the installation, long enough, but not the same"
    code = phone.code()
    assert not factors.use_up(User.objects.get(username="clerk"), code)


def test_a_change_of_the_secret_key_takes_nobodys_second_factor(
    client: Client, signed_in: SignedIn, phone: Phone, settings: Any
) -> None:
    recovery = phone.enrol(signed_in("clerk"))
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 30 + "0123456789" * 3, [settings.SECRET_KEY]
    give_password(client, "clerk", PASSWORD)
    assert give_code(client, phone.code()) == "/demo/desk/"
    assert (factors.outdated(), factors.seal_anew(), factors.outdated()) == (2, 2, 0)
    settings.SECRET_KEY_FALLBACKS = []
    phone.wait()
    for code in (phone.code(), recovery[0]):
        elsewhere = Client()
        give_password(elsewhere, "clerk", PASSWORD)
        assert give_code(elsewhere, code) == "/demo/desk/"


def test_what_no_key_opens_is_not_overwritten(signed_in: SignedIn, phone: Phone, settings: Any) -> None:
    phone.enrol(signed_in("clerk"))
    before = str(Authenticator.objects.order_by("pk").values_list("data"))
    settings.SECRET_KEY = "n" * 30 + "0123456789" * 3
    assert factors.seal_anew() == 0
    assert str(Authenticator.objects.order_by("pk").values_list("data")) == before


def test_codes_cannot_be_guessed_quickly(client: Client, signed_in: SignedIn, phone: Phone) -> None:
    phone.enrol(signed_in("clerk"))
    give_password(client, "clerk", PASSWORD)
    tries = [client.post(CODE, {"code": f"{number:06}"}).content.decode() for number in range(7)]
    assert ["je třeba chvíli počkat" in answer.replace("\xa0", " ") for answer in tries] == [False] * 5 + [True] * 2
    elsewhere = Client()
    give_password(elsewhere, "clerk", PASSWORD)
    assert give_code(elsewhere, phone.code()) == "", "another address does not help"


# --- who needs one ------------------------------------------------------------------------------


def require(office: Office, rule: FactorRule) -> None:
    offices.keep(replace(office, settings=replace(office.settings, second_factor=rule)), NOW)


@pytest.mark.parametrize(
    ("of_office", "of_operator", "led"),
    [
        ("none", "none", set()),
        ("administrator", "none", {"administrator"}),
        ("manager", "none", {"manager", "administrator"}),
        ("clerk", "none", {"clerk", "manager", "administrator", "officer"}),
        ("none", "manager", {"manager", "administrator"}),
        ("administrator", "clerk", {"clerk", "manager", "administrator", "officer"}),
    ],
)
def test_a_rule_holds_from_its_role_on_and_for_operators_always(
    office: Office, settings: Any, of_office: FactorRule, of_operator: FactorRule, led: set[str]
) -> None:
    require(office, of_office)
    settings.SECOND_FACTOR = of_operator
    names = ["clerk", "manager", "administrator", "officer", OPERATOR]
    found = {name for name in names if give_password(Client(), name, PASSWORD) == SECOND_STEP}
    assert found == led | {OPERATOR}


def test_another_offices_rule_binds_nobody_here(settings: Any) -> None:
    other = offices.find("other")
    assert other
    require(offices.load(other), "clerk")
    assert give_password(Client(), "administrator", PASSWORD) == "/demo/admin/"
    assert give_password(Client(), "foreign", PASSWORD) == SECOND_STEP


def test_without_one_a_sign_in_leads_to_enrolling_and_nowhere_else(client: Client, phone: Phone) -> None:
    assert give_password(client, OPERATOR, PASSWORD) == SECOND_STEP
    for page in (
        "/account/",
        "/account/new-office",
        "/account/events",
        "/account/sign-ins",
        "/demo/admin/",
        "/demo/desk/",
    ):
        assert client.get(page).headers["Location"] == SECOND_STEP, page
    post = client.post("/account/new-office", {"slug": "x", "name": "x", "administrator": "xy"})
    assert post.headers["Location"] == SECOND_STEP
    shown = client.get(SECOND_STEP).content.decode()
    assert "Vaše role se přihlašuje heslem" in shown
    phone.enrol(client)
    assert is_in(client)
    assert client.get("/demo/admin/").status_code == 200


def test_a_given_password_comes_first_then_the_factor(client: Client) -> None:
    accounts.give_password(User.objects.get(username=OPERATOR), PASSWORD, NOW, "test", given=True)
    assert give_password(client, OPERATOR, PASSWORD) == "/account/password"
    new = {"old_password": PASSWORD, "new_password1": "modra labut pije", "new_password2": "modra labut pije"}
    assert client.post("/account/password", new).headers["Location"] == SECOND_STEP


def test_who_must_have_one_does_not_remove_the_last(client: Client, phone: Phone) -> None:
    give_password(client, OPERATOR, PASSWORD)
    phone.enrol(client)
    assert "Druhý krok přihlášení musíte mít." in client.get(f"{SECOND_STEP}/app/remove").content.decode()
    client.post(f"{SECOND_STEP}/app/remove")
    assert "totp" in factors.kinds(User.objects.get(username=OPERATOR))


def test_the_last_passkey_stays_too_but_one_of_two_goes(client: Client, phone: Phone) -> None:
    operator = User.objects.get(username=OPERATOR)
    give_password(client, OPERATOR, PASSWORD)
    phone.enrol(client)
    key = Authenticator.objects.create(user=operator, type="webauthn", data={"name": "klíč", "credential": {}})
    assert client.post(f"{SECOND_STEP}/app/remove").headers["Location"] == SECOND_STEP
    refused = client.post(f"{SECOND_STEP}/passkey/{key.pk}/remove")
    assert "Druhý krok přihlášení musíte mít." in refused.content.decode().replace("\xa0", " ")
    assert factors.kinds(operator) == {"webauthn", "recovery_codes"}


def test_who_need_not_have_one_removes_it_with_the_recovery_codes(signed_in: SignedIn, phone: Phone) -> None:
    client = signed_in("clerk")
    phone.enrol(client)
    client.post(f"{SECOND_STEP}/app/remove")
    assert factors.kinds(User.objects.get(username="clerk")) == set()
    whats = models.Audit.objects.filter(who="clerk").values_list("what", flat=True)
    assert {"second factor added", "second factor removed"} <= set(whats)


# --- asking again -------------------------------------------------------------------------------


def test_a_factor_is_added_only_soon_after_a_proof(
    client: Client, monkeypatch: pytest.MonkeyPatch, phone: Phone
) -> None:
    give_password(client, "clerk", PASSWORD)
    later = NOW + access.PROOF_COUNTS + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    asked = client.get(f"{SECOND_STEP}/app").headers["Location"]
    assert asked == "/account/again?next=%2Faccount%2Fsecond-step%2Fapp"
    assert "Heslo není správně." in client.post(asked, {"password": "wrong"}).content.decode()
    assert client.post(asked, {"password": PASSWORD}).headers["Location"] == f"{SECOND_STEP}/app"
    assert len(phone.enrol(client)) == 10


def test_new_recovery_codes_end_the_old_ones(client: Client, signed_in: SignedIn, phone: Phone) -> None:
    owner = signed_in("clerk")
    old = phone.enrol(owner)
    assert owner.post(f"{SECOND_STEP}/codes/new").headers["Location"] == f"{SECOND_STEP}/codes"
    give_password(client, "clerk", PASSWORD)
    assert give_code(client, old[0]) == ""


def test_a_reset_ends_every_sign_in_and_the_next_leads_to_enrolling(client: Client, phone: Phone) -> None:
    give_password(client, OPERATOR, PASSWORD)
    phone.enrol(client)
    assert factors.reset(User.objects.get(username=OPERATOR), NOW, "root (command line)")
    assert not is_in(client)
    assert give_password(client, OPERATOR, PASSWORD) == SECOND_STEP
    assert models.Audit.objects.filter(what="second factor reset", who="root (command line)").count() == 1
