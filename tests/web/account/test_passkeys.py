"""Passkeys in a real browser with a virtual authenticator, and the addresses where a browser gives none."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from prepazka.store import factors, first_operator
from prepazka.store.models import User
from tests.web.account.factors import SECOND_STEP
from tests.web.browsing import NARROW, WIDE, assert_accessible, assert_focus_is_always_seen, assert_nothing_is_cut
from tests.web.conftest import NOW
from tests.web.staff import OPERATOR, PASSWORD, SignedIn

pytestmark = pytest.mark.usefixtures("officials")


@pytest.fixture
def authenticator(context: BrowserContext, page: Page) -> Any:
    """A telephone's or a computer's own: it has the finger of its owner at once."""
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield devtools, made["authenticatorId"]
    devtools.detach()


def sign_in(page: Page, name: str) -> None:
    page.goto("/account/sign-in")
    page.get_by_label("Přihlašovací jméno").fill(name)
    page.get_by_label("Heslo").fill(PASSWORD)
    page.get_by_role("button", name="Přihlásit se").click()


def test_an_operator_enrols_a_passkey_and_signs_in_with_it(page: Page, authenticator: Any) -> None:
    sign_in(page, OPERATOR)
    assert page.url.endswith(SECOND_STEP)
    page.get_by_role("link", name="Přidat přístupový klíč").click()
    page.get_by_label("Jak mu budete říkat").fill("modrý telefon")
    page.get_by_role("button", name="Přidat přístupový klíč").click()
    page.get_by_role("heading", name="Záložní kódy").wait_for()
    assert page.locator("#codes li").count() == 10
    page.get_by_role("link", name="Mám je uložené").click()
    page.get_by_role("link", name="Založit úřad").wait_for()
    page.get_by_role("button", name="Odhlásit se").click()

    sign_in(page, OPERATOR)
    page.get_by_role("heading", name="Druhý krok přihlášení").wait_for()
    page.get_by_role("button", name="Použít přístupový klíč").click()
    page.get_by_role("link", name="Založit úřad").wait_for()
    assert [key.wrap().name for key in factors.passkeys(User.objects.get(username=OPERATOR))] == ["modrý telefon"]


def test_another_key_is_refused_and_said_so(page: Page, authenticator: Any) -> None:
    devtools, id_ = authenticator
    test_an_operator_enrols_a_passkey_and_signs_in_with_it(page, authenticator)
    page.get_by_role("button", name="Odhlásit se").click()
    devtools.send("WebAuthn.clearCredentials", {"authenticatorId": id_})
    sign_in(page, OPERATOR)
    page.get_by_role("button", name="Použít přístupový klíč").click()
    page.get_by_role("alert").get_by_text("Přístupový klíč se nepodařilo použít").wait_for()
    assert page.get_by_label("Kód").is_visible()


@pytest.mark.parametrize(
    ("host", "https", "obstacle"),
    [
        ("localhost:8000", False, ""),
        ("prepazka.localhost", False, ""),
        ("urad.example", True, ""),
        ("urad.example", False, "s HTTPS"),
        ("127.0.0.1:8000", False, "číselnou adresu"),
        ("[::1]:8000", False, "číselnou adresu"),
        ("192.168.1.9", True, "číselnou adresu"),
    ],
)
def test_where_a_browser_gives_none_the_page_says_why_and_offers_the_application(
    signed_in: SignedIn, settings: Any, host: str, https: bool, obstacle: str
) -> None:
    settings.ALLOWED_HOSTS, settings.HTTPS = ["*"], https
    client: Client = signed_in("clerk")
    shown = client.get(SECOND_STEP, headers={"host": host}).content.decode().replace("\xa0", " ")
    assert ("Přidat přístupový klíč" in shown) == (not obstacle)
    assert obstacle in shown
    assert "Nastavit aplikaci" in shown
    added = client.get(f"{SECOND_STEP}/passkey", headers={"host": host})
    assert added.status_code == (302 if obstacle else 200)


PAGES = ["", "/app", "/passkey", "/codes", "/codes/new", "/app/remove"]


def test_every_page_of_it_is_accessible_at_both_widths(page: Page, authenticator: Any) -> None:
    """With an application and a passkey enrolled, so that every page has something on it."""
    test_an_operator_enrols_a_passkey_and_signs_in_with_it(page, authenticator)
    addresses = [
        *(SECOND_STEP + name for name in PAGES),
        "/account/sign-ins",
        "/account/again",
        "/account/again/code",
        "/account/again/passkey",
        "/account/again/provider",
    ]
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": 800})
        for address in addresses:
            page.goto(address)
            assert_accessible(page)
            assert_nothing_is_cut(page)
            assert_focus_is_always_seen(page)


def test_the_second_step_is_accessible(page: Page, authenticator: Any) -> None:
    test_an_operator_enrols_a_passkey_and_signs_in_with_it(page, authenticator)
    page.get_by_role("button", name="Odhlásit se").click()
    sign_in(page, OPERATOR)
    page.get_by_role("heading", name="Druhý krok přihlášení").wait_for()
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": 800})
        assert_accessible(page)
        assert_nothing_is_cut(page)
        assert_focus_is_always_seen(page)


# --- a passkey as the only means ------------------------------------------------------------------


@pytest.fixture
def no_operator() -> str:
    """The link of the first start, while nobody is operator."""
    User.objects.filter(is_superuser=True).update(is_superuser=False)
    first_operator.make_link("kolovrat", NOW, "test")
    return "/account/first/kolovrat"


def choose_a_passkey(page: Page, link: str, name: str = "hanakova") -> None:
    page.goto(link)
    page.get_by_label("Přihlašovací jméno").fill(name)
    page.get_by_label("jen přístupovým klíčem").check()
    page.get_by_role("button", name="Vytvořit účet").click()
    page.get_by_role("heading", name="Druhý krok přihlášení").wait_for()


def test_the_first_operator_has_a_passkey_and_nothing_else(page: Page, authenticator: Any, no_operator: str) -> None:
    choose_a_passkey(page, no_operator)
    assert first_operator.is_missing()
    page.get_by_role("link", name="Přidat přístupový klíč").click()
    page.get_by_role("button", name="Přidat přístupový klíč").click()
    page.get_by_role("link", name="Mám je uložené").click()
    page.get_by_role("link", name="Založit úřad").wait_for()
    assert not first_operator.is_missing()
    page.get_by_role("button", name="Odhlásit se").click()
    page.get_by_role("link", name="Přihlásit se přístupovým klíčem").click()
    page.get_by_role("button", name="Použít přístupový klíč").click()
    page.get_by_role("link", name="Založit úřad").wait_for()
    user = User.objects.get(username="hanakova")
    assert (user.is_superuser, user.has_usable_password()) == (True, False)
    page.goto(f"/account/second-step/passkey/{factors.passkeys(user)[0].pk}/remove")
    page.get_by_role("heading", level=1).wait_for()
    assert page.get_by_role("button", name="Odebrat").count() == 0  # it would be nobody's account then


def test_a_second_step_is_no_sign_in_of_its_own(page: Page, authenticator: Any) -> None:
    """The passkey of somebody with a password does not sign in alone, whatever it proves."""
    test_an_operator_enrols_a_passkey_and_signs_in_with_it(page, authenticator)
    page.get_by_role("button", name="Odhlásit se").click()
    page.goto("/account/sign-in/passkey")
    page.get_by_role("button", name="Použít přístupový klíč").click()
    page.get_by_role("alert").first.wait_for()
    page.goto("/account/")
    assert "/account/sign-in" in page.url


def test_who_left_before_the_passkey_is_no_operator(no_operator: str, settings: Any) -> None:
    client, host = Client(), {"host": "localhost"}
    settings.ALLOWED_HOSTS = ["*"]
    answer = client.post(no_operator, {"username": "hanakova", "passkey_alone": "on"}, headers=host)
    assert answer.headers["Location"] == SECOND_STEP
    assert client.get(f"{SECOND_STEP}/app", headers=host).headers["Location"] == SECOND_STEP  # no way in by it
    assert client.get("/account/new-office", headers=host).headers["Location"] == SECOND_STEP
    first_operator.make_link("druhy", NOW, "test")
    again = Client().post("/account/first/druhy", {"username": "hanakova", "passkey_alone": "on"}, headers=host)
    assert again.headers["Location"] == SECOND_STEP
    assert client.get(SECOND_STEP, headers=host).status_code == 302  # the one who left is signed out
    assert User.objects.filter(is_superuser=True, is_active=True).count() == 1


def test_without_passkeys_a_password_is_needed(no_operator: str) -> None:
    """At an address where a browser gives none, the form neither offers nor takes one."""
    page = Client().get(no_operator)
    assert "passkey_alone" not in page.content.decode()
    answer = Client().post(no_operator, {"username": "hanakova", "passkey_alone": "on"})
    assert (answer.status_code, User.objects.filter(username="hanakova").exists()) == (200, False)


@pytest.mark.parametrize("credential", ["", "x", "[]", "7", "null", "{}", '{"id": 1, "response": []}'])
def test_what_is_no_passkey_is_refused(settings: Any, credential: str) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    client, host = Client(), {"host": "localhost"}
    client.get("/account/sign-in/passkey", headers=host)
    answer = client.post("/account/sign-in/passkey", {"credential": credential}, headers=host)
    assert answer.status_code == 200
    assert "Tímto klíčem samotným se tu přihlásit nelze." in answer.content.decode().replace("\xa0", " ")
