"""Second factors and sessions in the database, on both kinds of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import encrypt
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from prepazka.store import accounts, factors, models, user_sessions
from prepazka.store.models import User

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)


@pytest.fixture
def user() -> User:
    return accounts.open_account("novakova", "!", NOW, "test")


def session_of(user: User) -> str:
    store = SessionStore()
    store.create()
    UserSession.objects.create(user=user, ip="192.0.2.7", session_key=store.session_key, user_agent="a browser")
    return str(store.session_key)


def test_of_many_who_type_one_code_at_once_one_comes_in(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(totp, "time", SimpleNamespace(time=lambda: 1_785_000_007))
    secret = totp.generate_totp_secret()
    Authenticator.objects.create(user=user, type="totp", data={"secret": encrypt(secret)})
    code = totp.format_hotp_value(totp.hotp_value(secret, 1_785_000_007 // 30))
    together = Barrier(6)

    def type_it(_: int) -> bool:
        try:
            together.wait(timeout=30)
            return factors.use_up(user, code)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as people:
        assert sorted(people.map(type_it, range(6))) == [False] * 5 + [True]


def test_a_reset_forgets_factors_and_ends_the_users_sessions_only(user: User) -> None:
    other = accounts.open_account("dvorak", "!", NOW, "test")
    mine, others = session_of(user), session_of(other)
    for owner in (user, other):
        Authenticator.objects.create(user=owner, type="totp", data={"secret": "x"})
    assert factors.reset(user, NOW, "root")
    assert not factors.reset(user, NOW, "root")
    assert (factors.kinds(user), factors.kinds(other)) == (set(), {"totp"})
    assert [SessionStore().exists(key) for key in (mine, others)] == [False, True]
    assert models.Audit.objects.filter(what="second factor reset").count() == 1


def test_what_is_kept_of_a_session_goes_with_it(user: User) -> None:
    gone, stands = session_of(user), session_of(user)
    SessionStore(gone).delete()
    assert [one.mine for one in user_sessions.of_user(user, stands)] == [True]
    accounts.forget_old_sessions()
    assert list(UserSession.objects.values_list("session_key", flat=True)) == [stands]


def test_a_closed_account_leaves_no_way_in(user: User) -> None:
    key = session_of(user)
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
    accounts.close_account(user, NOW, "test")
    assert factors.kinds(user) == set()
    assert not SessionStore().exists(key)
