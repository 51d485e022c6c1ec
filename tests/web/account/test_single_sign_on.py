"""Single sign-on by an OpenID Connect provider: who was invited comes in, and nobody else, whatever they claim."""

import warnings
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from prepazka.store import accounts, models, offices, provider_links
from prepazka.store.models import User
from prepazka.web import clock
from tests.web.account.factors import CODE, SECOND_STEP, Phone, give_code, give_password, phone
from tests.web.conftest import NOW
from tests.web.staff import OPERATOR, PASSWORD, SignedIn

__all__ = ["phone"]
pytestmark = [
    pytest.mark.usefixtures("officials"),
    pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"),  # the provider's own affair
]


@pytest.fixture(scope="module")
def running() -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its libraries warn each other
        import oidc_provider_mock  # noqa: PLC0415

    with oidc_provider_mock.run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def provider(running: str, settings: Any) -> str:
    settings.OIDC_URL, settings.OIDC_CLIENT, settings.OIDC_SECRET = running, "counter", "a secret of both"
    settings.OIDC_NAME = "Město Lhota"
    return running


def at_provider(client: Client, to: Any, person: str, **claims: str | bool) -> Any:
    """Sign in at the provider as this person, and come back; `to` is the redirect to it."""
    address = to.headers["Location"]
    server = f"{urlsplit(address).scheme}://{urlsplit(address).netloc}"
    requests.put(f"{server}/users/{person}", json=claims, timeout=10).raise_for_status()
    back = requests.post(address, data={"sub": person}, allow_redirects=False, timeout=10)
    returned = urlsplit(back.headers["Location"])
    return client.get(f"{returned.path}?{returned.query}")


def sign_in_as(client: Client, person: str, **claims: str | bool) -> Any:
    return at_provider(client, client.post("/account/provider"), person, **claims)


def link_for(name: str) -> str:
    token = f"link-of-{name}"
    provider_links.make_link(User.objects.get(username=name), token, NOW, "test")
    return f"/account/link/{token}"


def linked(name: str, person: str) -> None:
    client = Client()
    answer = at_provider(client, client.post(link_for(name)), person)
    assert answer.status_code == 302, answer.content.decode()


def is_in(client: Client, name: str) -> bool:
    shown = client.get("/account/")
    return shown.status_code == 200 and f"<h1>{name}</h1>" in shown.content.decode()


@pytest.mark.usefixtures("provider")
def test_who_was_invited_opens_the_link_and_signs_in_from_then_on(client: Client) -> None:
    address = link_for("clerk")
    shown = client.get(address).content.decode()
    assert "clerk" in shown
    assert "Město Lhota" in shown
    assert at_provider(client, client.post(address), "person-17").headers["Location"] == "/demo/desk/"
    assert is_in(client, "clerk")
    later = Client()
    assert sign_in_as(later, "person-17").headers["Location"] == "/demo/desk/"
    assert is_in(later, "clerk")
    whats = models.Audit.objects.values_list("what", flat=True)
    assert {"sign-in link made", "account linked"} <= set(whats)
    assert models.Access.objects.filter(what="signed in", who="clerk").count() == 2


@pytest.mark.usefixtures("provider")
def test_an_uninvited_person_gets_no_account_and_no_role(client: Client) -> None:
    before = User.objects.count()
    answer = sign_in_as(client, "stranger", preferred_username="clerk", email="clerk@lhota.example", name="clerk")
    assert answer.status_code == 403
    assert "odkaz" in answer.content.decode()
    assert not is_in(client, "clerk")
    assert User.objects.count() == before
    assert not SocialAccount.objects.exists()


@pytest.mark.usefixtures("provider")
def test_a_swapped_e_mail_is_nobody_elses_way_in(client: Client) -> None:
    """The address of a clerk is given to somebody else, with every claim the clerk had but the identity."""
    linked("clerk", "person-17")
    answer = sign_in_as(
        client, "person-18", email="clerk@lhota.example", email_verified=True, preferred_username="clerk"
    )
    assert answer.status_code == 403
    assert not is_in(client, "clerk")


@pytest.mark.usefixtures("provider")
def test_a_new_address_does_not_shut_out_whose_identity_is_the_same(client: Client) -> None:
    linked("clerk", "person-17")
    assert sign_in_as(client, "person-17", email="married@lhota.example").status_code == 302
    assert is_in(client, "clerk")


@pytest.mark.usefixtures("provider")
def test_a_link_works_once_for_seven_days_and_only_the_newest(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    address = link_for("clerk")
    at_provider(client, client.post(address), "person-17")
    other = Client()
    assert other.get(address).status_code == 403
    assert other.post(address).status_code == 403
    user = User.objects.get(username="manager")
    provider_links.make_link(user, "first", NOW, "test")
    provider_links.make_link(user, "second", NOW, "test")
    assert other.get("/account/link/first").status_code == 403
    assert other.get("/account/link/second").status_code == 200
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=7, seconds=1))
    assert other.get("/account/link/second").status_code == 403


@pytest.mark.usefixtures("provider")
def test_two_who_open_one_link_at_once_get_one_account(client: Client) -> None:
    address, other = link_for("clerk"), Client()
    to_first, to_second = client.post(address), other.post(address)
    assert at_provider(client, to_first, "person-17").status_code == 302
    assert at_provider(other, to_second, "person-18").status_code == 403
    assert list(SocialAccount.objects.values_list("uid", flat=True)) == ["person-17"]


@pytest.mark.usefixtures("provider")
def test_a_link_opened_where_somebody_else_is_signed_in_links_nothing(signed_in: SignedIn) -> None:
    administrator = signed_in("administrator")
    assert administrator.post(link_for("clerk")).status_code == 403


@pytest.mark.usefixtures("provider")
def test_an_identity_belongs_to_one_account(client: Client) -> None:
    linked("clerk", "person-17")
    answer = at_provider(client, client.post(link_for("manager")), "person-17")
    assert answer.status_code == 403
    assert SocialAccount.objects.get().user.username == "clerk"


@pytest.mark.usefixtures("provider")
@pytest.mark.parametrize("process", ["connect", "redirect"])
def test_a_signed_in_official_cannot_add_an_identity_without_a_link(signed_in: SignedIn, process: str) -> None:
    client = signed_in("clerk")
    answer = at_provider(client, client.post(f"/account/provider?process={process}"), "person-17")
    assert answer.status_code == 403
    assert not SocialAccount.objects.exists()


@pytest.mark.usefixtures("provider")
def test_an_answer_nobody_asked_for_is_refused(client: Client) -> None:
    """A code of the attacker's own, planted into the victim's browser."""
    attacker = Client()
    address = attacker.post("/account/provider").headers["Location"]
    back = urlsplit(requests.post(address, data={"sub": "x"}, allow_redirects=False, timeout=10).headers["Location"])
    answer = client.get(f"{back.path}?{back.query}")
    assert answer.status_code == 403
    assert "nepovedlo" in answer.content.decode()


@pytest.mark.usefixtures("provider")
def test_a_closed_account_stays_out(client: Client) -> None:
    linked("clerk", "person-17")
    User.objects.filter(username="clerk").update(is_active=False)
    assert sign_in_as(client, "person-17").status_code == 403
    accounts.close_account(User.objects.get(username="clerk"), NOW, "test")
    assert not SocialAccount.objects.exists()


@pytest.mark.usefixtures("provider")
def test_the_second_factor_is_asked_for_here_too(client: Client, signed_in: SignedIn, phone: Phone) -> None:
    phone.enrol(signed_in("clerk"))
    linked("clerk", "person-17")
    assert sign_in_as(client, "person-17").headers["Location"] == CODE
    assert give_code(client, phone.code()) == "/demo/desk/"


@pytest.mark.usefixtures("provider")
def test_an_operator_is_led_to_enrolling_here_too(client: Client) -> None:
    linked(OPERATOR, "person-1")
    assert sign_in_as(client, "person-1").headers["Location"] == SECOND_STEP


def test_passwords_after_linking_and_with_the_provider_down(provider: str, client: Client, settings: Any) -> None:
    linked("clerk", "person-17")
    linked(OPERATOR, "person-1")
    settings.OIDC_URL = "http://localhost:9"  # nobody listens there
    answer = client.post("/account/provider")
    assert answer.status_code == 503
    assert "Přihlásit se heslem" in answer.content.decode()
    assert give_password(client, "clerk", PASSWORD) == ""
    assert give_password(client, OPERATOR, PASSWORD) == SECOND_STEP
    accounts.give_password(User.objects.get(username="clerk"), PASSWORD, NOW, "test", given=False)
    assert give_password(Client(), "clerk", PASSWORD) == "/demo/desk/"


def test_an_identity_of_another_provider_is_nobody(provider: str, client: Client, settings: Any) -> None:
    linked("clerk", "person-17")
    SocialAccount.objects.update(provider="https://before.example")
    assert sign_in_as(client, "person-17").status_code == 403


@pytest.mark.usefixtures("provider")
def test_nothing_but_the_identity_is_kept(client: Client) -> None:
    linked("clerk", "person-17")
    sign_in_as(client, "person-17", email="jana@lhota.example", name="Jana Vzorná")
    kept = SocialAccount.objects.get()
    assert (kept.uid, kept.extra_data) == ("person-17", {})


@pytest.mark.usefixtures("provider")
def test_the_providers_word_alone_is_no_proof_for_what_is_important(client: Client) -> None:
    """An open browser at an unlocked desk signs in by itself; a new role needs more."""
    linked("administrator", "person-3")
    sign_in_as(client, "person-3")
    asked = client.get("/demo/admin/new-user").headers["Location"]
    assert asked == "/account/again/provider?next=%2Fdemo%2Fadmin%2Fnew-user"
    to = client.post("/account/provider", {"again": "1", "next": "/demo/admin/new-user"})
    assert "prompt=login" in to.headers["Location"]
    assert at_provider(client, to, "person-3").headers["Location"] == "/demo/admin/new-user"
    assert client.get("/demo/admin/new-user").status_code == 200


@pytest.mark.parametrize(("name", "status"), [("clerk", 200), ("foreign", 404), ("nobody", 404)])
@pytest.mark.usefixtures("provider")
def test_an_administrator_invites_only_own_people(signed_in: SignedIn, name: str, status: int) -> None:
    answer = signed_in("administrator").post(f"/demo/admin/users/{name}/link")
    assert answer.status_code == status
    assert models.SignInLink.objects.exists() == (status == 200)
    if status == 200:
        assert "http://testserver/account/link/" in answer.content.decode()


@pytest.mark.usefixtures("provider")
def test_a_link_holds_the_roles_in_other_offices(signed_in: SignedIn) -> None:
    """Whoever has it can enter the account, as with a new password."""
    clerk, other = User.objects.get(username="clerk"), offices.find("other")
    assert other
    accounts.appoint(clerk, other, "manager", NOW, "test")
    signed_in("administrator").post("/demo/admin/users/clerk/link")
    assert accounts.role_in(clerk, other) is None


def test_without_a_provider_there_are_no_such_pages(client: Client) -> None:
    assert "účtem:" not in client.get("/account/sign-in").content.decode()
    assert client.post("/account/provider").status_code == 404
    assert client.get("/account/provider/callback?code=x&state=y").status_code == 404
    assert client.get(link_for("clerk")).status_code == 403
