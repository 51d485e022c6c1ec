"""Accounts and roles, and that every change is in the audit trail."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from prepazka.store import accounts, models, offices
from prepazka.store.models import User
from tests.offices import demo_office

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)


@pytest.fixture
def demo() -> int:
    return offices.keep(demo_office(), NOW)


@pytest.fixture
def other(demo: int) -> int:
    return offices.keep(replace(demo_office(), slug="other", numbers=("+420739000000",)), NOW)


def novakova() -> User:
    return accounts.open_account("Novakova", "!", NOW, "test")


def noted() -> list[str]:
    return list(models.Audit.objects.exclude(what="office created").order_by("id").values_list("what", flat=True))


def test_a_role_holds_in_its_office_only(demo: int, other: int) -> None:
    user = novakova()
    accounts.appoint(user, demo, "manager", NOW, "test")
    assert (accounts.role_in(user, demo), accounts.role_in(user, other)) == ("manager", None)
    accounts.appoint(user, other, "clerk", NOW, "test")
    assert [(post.slug, post.role) for post in accounts.posts(user)] == [("demo", "manager"), ("other", "clerk")]
    assert noted() == ["account opened", "role given", "role given"]


def test_another_role_replaces_the_one_before(demo: int) -> None:
    user = novakova()
    for role in ("clerk", "administrator"):
        accounts.appoint(user, demo, accounts.known_role(role), NOW, "test")
    assert accounts.role_in(user, demo) == "administrator"
    assert models.Official.objects.count() == 1
    assert models.Audit.objects.latest("id").details == {"user": "novakova", "from": "clerk", "to": "administrator"}


def test_an_operator_may_do_everything_everywhere(demo: int, other: int) -> None:
    user = novakova()
    accounts.make_operator(user, NOW, "test")
    assert [post.role for post in accounts.posts(user)] == ["administrator", "administrator"]


def test_a_closed_account_keeps_its_name_from_others(demo: int) -> None:
    user = novakova()
    accounts.appoint(user, demo, "clerk", NOW, "test")
    accounts.close_account(user, NOW, "test")
    assert accounts.role_in(user, demo) is None
    assert not User.objects.get().is_active
    assert accounts.open_account("novakova", "!", NOW, "test").pk == user.pk
    with pytest.raises(accounts.AccountError, match="already"):
        novakova()
    assert noted() == ["account opened", "role given", "role taken", "account closed", "account opened"]


@pytest.mark.parametrize("name", ["", "x", "-ab", "Nováková", "a b", "x" * 41, "a\0b", "a/b", "<b>"])
def test_names_that_cannot_be(name: str) -> None:
    with pytest.raises(accounts.AccountError):
        accounts.username(name)
