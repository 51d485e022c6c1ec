"""An administrator neither touches nor learns of accounts of another office (docs/spec/safety.md §1).

The attacker is `foreign`, administrator of the office `other`; the others work for the office `demo`.
"""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from prepazka.core.office.office import Office
from prepazka.flows.retention import forget
from prepazka.store import accounts, memberships, models, offices
from prepazka.store.accounts import AccountError
from prepazka.store.models import User
from tests.web.conftest import NOW
from tests.web.staff import PASSWORD, SignedIn

NEW, USERS, INVITE = "/other/admin/new-user", "/other/admin/users/", "/other/admin/invitations/new"


@pytest.fixture
def attacker(signed_in: SignedIn) -> Client:
    return signed_in("foreign")


@pytest.fixture
def other(officials: dict[str, User]) -> int:
    return models.Office.objects.get(slug="other").id


def invited(client: Client, role: str = "clerk", path: str = INVITE) -> str:
    """Invite somebody; return the path of the link."""
    page = client.post(path, {"role": role}).content.decode()
    link = re.search(r'id="link">https?://[^/]+(/account/join/[^<]+)<', page)
    assert link
    return link[1]


def roles(name: str) -> dict[str, str]:
    """The roles of an account that count, by office."""
    return {post.slug: post.role for post in accounts.posts(User.objects.get(username=name))}


# --- accounts of another office -----------------------------------------------------------------


@pytest.mark.parametrize("name", ["clerk", "manager", "operator", "CLERK"])
def test_a_name_of_another_office_looks_as_free_as_any(attacker: Client, name: str) -> None:
    before = User.objects.values_list("username", "password", "name", "is_active").get(username=name.lower())
    free = attacker.post(NEW, {"username": "nobody-has-it", "role": "clerk", "name": "Eva"})
    taken = attacker.post(NEW, {"username": name, "role": "clerk", "name": "Eva"})
    assert _without_values(taken) == _without_values(free)
    assert User.objects.values_list("username", "password", "name", "is_active").get(username=name.lower()) == before
    assert "other" not in roles(name.lower()) or name == "operator"
    assert roles(f"{name.lower()}.other") == {"other": "clerk"}


def _without_values(page: Any) -> tuple[int, str]:
    """A page without names, passwords and tokens, to be compared."""
    text = re.sub(r'id="password">[^<]+<|value="[^"]{40,}"|nonce="[^"]+"', "", page.content.decode())
    return page.status_code, re.sub(r"(nobody-has-it|operator|clerk|manager)\.other", "", text)


def test_a_closed_account_of_another_office_is_not_opened_again(attacker: Client, officials: dict[str, User]) -> None:
    accounts.close_account(officials["clerk"], NOW, "test")
    attacker.post(NEW, {"username": "clerk", "role": "administrator"})
    assert not User.objects.get(username="clerk").is_active
    assert models.Official.objects.filter(user__username="clerk").count() == 0


@pytest.mark.parametrize("name", ["clerk", "operator", "nobody-has-it"])
@pytest.mark.parametrize("path", ["{name}", "{name}/password"])
def test_the_pages_of_such_an_account_are_those_of_none(attacker: Client, name: str, path: str) -> None:
    answer = attacker.post(USERS + path.format(name=name), {"role": "clerk", "remove": "1"})
    assert answer.status_code == 404
    assert roles("clerk") == {"demo": "clerk"}
    assert User.objects.get(username="clerk").check_password(PASSWORD)


def test_the_only_office_names_its_accounts_as_it_likes(office: Office) -> None:
    assert memberships.name_in(office.id, "dvorak") == "dvorak"
    offices.keep(replace(office, slug="other", numbers=("+420739000000",)), NOW)
    assert memberships.name_in(office.id, "dvorak") == "dvorak.demo"


def test_a_name_that_gets_too_long_is_a_mistake_of_its_field(attacker: Client) -> None:
    page = attacker.post(NEW, {"username": "x" * 40, "role": "clerk"}).content.decode()
    assert "je příliš dlouhé" in page
    assert User.objects.filter(username__startswith="xxx").count() == 0


def test_an_office_takes_its_own_account_back(attacker: Client, officials: dict[str, User], other: int) -> None:
    attacker.post(NEW, {"username": "eva", "role": "clerk"})
    accounts.dismiss(User.objects.get(username="eva.other"), other, NOW, "test")
    for name in ("eva", "eva.other"):
        attacker.post(NEW, {"username": name, "role": "manager"})
    assert roles("eva.other") == {"other": "manager"}
    assert User.objects.filter(username__startswith="eva").count() == 1


def test_an_account_made_operator_is_out_of_reach_of_its_office(
    attacker: Client, officials: dict[str, User], other: int
) -> None:
    attacker.post(NEW, {"username": "eva", "role": "clerk"})
    eva = User.objects.get(username="eva.other")
    accounts.make_operator(eva, NOW, "test")
    assert attacker.post(f"{USERS}eva.other/password").status_code == 403
    accounts.dismiss(eva, other, NOW, "test")
    assert "nejde použít" in attacker.post(NEW, {"username": "eva.other", "role": "clerk"}).content.decode()


def test_the_operator_may_join_an_existing_account(signed_in: SignedIn) -> None:
    signed_in("operator").post(NEW, {"username": "clerk", "role": "manager"})
    assert roles("clerk") == {"demo": "clerk", "other": "manager"}


# --- resetting ----------------------------------------------------------------------------------


def test_what_an_office_opened_it_can_reset(attacker: Client) -> None:
    attacker.post(NEW, {"username": "eva", "role": "clerk"})
    before = User.objects.get(username="eva.other").password
    page = attacker.post(f"{USERS}eva.other/password")
    password = re.search(r'id="password">([^<]+)<', page.content.decode())
    eva = User.objects.get(username="eva.other")
    assert password
    assert eva.password != before
    assert eva.check_password(password[1])


def test_an_office_that_was_joined_cannot_reset_the_account(
    attacker: Client, officials: dict[str, User], other: int
) -> None:
    accounts.appoint(officials["clerk"], other, "clerk", NOW, "test")
    assert attacker.post(f"{USERS}clerk/password").status_code == 403
    assert "nové heslo mu dá provozovatel" in attacker.get(f"{USERS}clerk").content.decode()
    assert User.objects.get(username="clerk").check_password(PASSWORD)


def test_who_resets_an_account_does_not_enter_another_office_with_it(
    attacker: Client, signed_in: SignedIn, office: Office
) -> None:
    attacker.post(NEW, {"username": "eva", "role": "clerk"})
    eva = User.objects.get(username="eva.other")
    accounts.appoint(eva, office.id, "administrator", NOW, "test")
    attacker.post(f"{USERS}eva.other/password")
    assert roles("eva.other") == {"other": "clerk"}
    assert accounts.role_in(eva, office.id) is None

    ours = signed_in("administrator")
    assert "(pozastaveno)" in ours.get("/demo/admin/users/").content.decode()
    page = ours.get("/demo/admin/users/eva.other").content.decode()
    assert "Role je pozastavená" in page
    assert "other" not in page.replace("eva.other", ""), "which office it was is not told"
    ours.post("/demo/admin/users/eva.other", {"role": "administrator", "save": "1"})
    assert roles("eva.other") == {"demo": "administrator", "other": "clerk"}
    assert models.Audit.objects.get(what="role held").office == models.Office.objects.get(slug="demo")


def test_what_the_operator_resets_holds_no_role(signed_in: SignedIn, officials: dict[str, User], other: int) -> None:
    accounts.appoint(officials["clerk"], other, "manager", NOW, "test")
    signed_in("operator").post("/demo/admin/users/clerk/password")
    assert roles("clerk") == {"demo": "clerk", "other": "manager"}


# --- invitations --------------------------------------------------------------------------------


def test_the_owner_consents_by_a_link_that_works_once(attacker: Client, signed_in: SignedIn) -> None:
    link = invited(attacker, "manager")
    owner, second = signed_in("clerk"), signed_in("manager")
    page = owner.get(link).content.decode()
    assert "Jiný úřad" in page
    assert "clerk" in page
    assert roles("clerk") == {"demo": "clerk"}, "reading is no consent"
    assert owner.post(link, {"accept": "1"})["Location"] == "/account/"
    assert roles("clerk") == {"demo": "clerk", "other": "manager"}
    assert second.get(link).status_code == second.post(link, {"accept": "1"}).status_code == 404
    assert roles("manager") == {"demo": "manager"}
    assert models.Audit.objects.filter(what="invitation made", office__slug="other", who="foreign").count() == 1


def test_who_declines_uses_the_link_up_and_stays_unknown(attacker: Client, signed_in: SignedIn) -> None:
    link = invited(attacker)
    assert "Zrušit pozvánku" in attacker.get(USERS).content.decode()
    signed_in("clerk").post(link, {"decline": "1"})
    assert signed_in("clerk").post(link, {"accept": "1"}).status_code == 404
    assert roles("clerk") == {"demo": "clerk"}
    assert models.Audit.objects.get(what="invitation declined").who == ""
    assert "clerk" not in attacker.get("/other/admin/audit").content.decode()


def test_a_link_is_useless_after_a_week_and_erased(attacker: Client, signed_in: SignedIn, officials: object) -> None:
    token = invited(attacker).rpartition("/")[2]
    late = NOW + memberships.INVITED_FOR
    assert memberships.find(token, late - timedelta(seconds=1))
    assert memberships.find(token, late) is None
    with pytest.raises(AccountError, match="too old"):
        memberships.answer(token, User.objects.get(username="clerk"), late, accept=True)
    assert forget(late).invitations == 1


def test_an_invitation_is_withdrawn_by_its_office_only(attacker: Client, signed_in: SignedIn) -> None:
    link = invited(attacker)
    path = f"admin/invitations/{models.Invitation.objects.get().id}/withdraw"
    assert signed_in("administrator").post(f"/demo/{path}").status_code == 404
    assert attacker.post(f"/other/{path}").status_code == 302
    assert signed_in("clerk").post(link, {"accept": "1"}).status_code == 404


def test_a_link_leads_through_the_sign_in_and_back(attacker: Client, officials: object) -> None:
    link = invited(attacker)
    assert Client().get(link)["Location"] == f"/account/sign-in?next={link}"


def test_a_given_password_is_changed_before_an_invitation_is_answered(
    attacker: Client, signed_in: SignedIn, officials: dict[str, User]
) -> None:
    link = invited(attacker)
    User.objects.filter(username="clerk").update(password_given=True)
    assert signed_in("clerk").post(link, {"accept": "1"})["Location"] == "/account/password"
    assert roles("clerk") == {"demo": "clerk"}


def test_an_office_cannot_invite_to_another(attacker: Client) -> None:
    assert attacker.post("/demo/admin/invitations/new", {"role": "administrator"}).status_code == 404
    assert models.Invitation.objects.count() == 0


def test_the_database_keeps_no_token_of_a_link(attacker: Client) -> None:
    token = invited(attacker).rpartition("/")[2]
    row = models.Invitation.objects.get()
    assert token not in {str(getattr(row, field.attname)) for field in row._meta.fields}
    assert offices.find("other") == row.office_id
