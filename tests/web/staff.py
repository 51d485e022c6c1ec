"""Officials for tests of the pages: one of each role in the demo office, one of another office, an operator."""

from dataclasses import replace
from typing import Protocol

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from prepazka.core.office.office import Office
from prepazka.core.office.roles import ROLES
from prepazka.store import accounts, memberships, offices
from prepazka.store.models import User
from prepazka.web import access
from tests.made_once import made_once
from tests.offices import demo_office

PASSWORD = "correct horse battery"
FOREIGN = "foreign"
OPERATOR = "operator"


class SignedIn(Protocol):
    """Makes a client in which the official of this name is signed in; "" for nobody."""

    def __call__(self, name: str, *, enforce_csrf_checks: bool = False) -> Client: ...


@pytest.fixture(autouse=True)
def _quick_passwords(settings: pytest.FixtureRequest) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]


@pytest.fixture
def officials(office: Office) -> dict[str, User]:
    """By name: clerk, manager, administrator of the demo office, `foreign` administrator of another, operator."""
    made_once("officials", lambda: _make_officials(office))
    names = (*ROLES, FOREIGN, OPERATOR)
    found = User.objects.in_bulk(names, field_name="username")
    return {name: found[name] for name in names}


def _make_officials(office: Office) -> None:
    from tests.web.conftest import NOW  # noqa: PLC0415 -- conftest imports this module

    other = replace(demo_office(), slug="other", name="Jiný úřad", numbers=("+420739000000",))
    other_id = offices.keep(other, NOW)
    found = {
        name: accounts.open_account(name, make_password(PASSWORD), NOW, "test", given=False)
        for name in (*ROLES, FOREIGN, OPERATOR)
    }
    for role in ROLES:
        memberships.give_home(found[role], office.id)
        accounts.appoint(found[role], office.id, role, NOW, "test")
    memberships.give_home(found[FOREIGN], other_id)
    accounts.appoint(found[FOREIGN], other_id, "administrator", NOW, "test")
    accounts.make_operator(found[OPERATOR], NOW, "test")


@pytest.fixture
def signed_in(officials: dict[str, User]) -> SignedIn:
    def signed_in(name: str, *, enforce_csrf_checks: bool = False) -> Client:
        client = Client(enforce_csrf_checks=enforce_csrf_checks)
        if name:
            client.force_login(officials[name])
            session = client.session
            from prepazka.web import clock  # noqa: PLC0415 -- the tests' clock

            session[access._SINCE] = session[access._SEEN] = session[access._PROVED] = clock.now().timestamp()
            session.save()
        return client

    return signed_in
