"""`prepazka user`: the accounts of the people who work at an office."""

import getpass
import sys
from pathlib import Path

import pytest

from prepazka.commands import DEMO_PASSWORD, DEMO_USERS
from prepazka.store import accounts, models
from prepazka.store.models import User
from tests.commands.conftest import MakeTables, Prepazka


@pytest.fixture(autouse=True)
def _quick_passwords(settings: object) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]


def test_a_new_user_gets_a_password_printed_once_that_must_be_changed(prepazka: Prepazka, demo: int) -> None:
    done = prepazka("user", "add", "Novakova", "--role", "administrator")
    assert done.code == 0
    user = User.objects.get()
    assert done.out == f"password of novakova: {done.out.split()[-1]}\n"
    assert user.check_password(done.out.split()[-1])
    assert user.password_given
    assert accounts.role_in(user, demo) == "administrator"
    assert set(models.Audit.objects.values_list("what", flat=True)) >= {"account opened", "role given"}


def test_a_known_user_gets_another_role_and_keeps_the_password(prepazka: Prepazka, demo: int) -> None:
    prepazka("user", "add", "novakova", "--role", "clerk")
    before = User.objects.get().password
    assert prepazka("user", "add", "novakova", "--role", "manager").out == ""
    assert User.objects.get().password == before
    assert prepazka("user", "list").out == "novakova: manager of demo\n"


def test_an_operator_may_do_everything_everywhere(prepazka: Prepazka, demo: int) -> None:
    prepazka("user", "add", "root", "--operator")
    assert accounts.role_in(User.objects.get(), demo) == "administrator"
    assert prepazka("user", "list").out == "root: operator\n"


def test_a_forgotten_password_is_replaced(prepazka: Prepazka, demo: int) -> None:
    old = prepazka("user", "add", "novakova", "--role", "clerk").out.split()[-1]
    new = prepazka("user", "password", "novakova").out.split()[-1]
    assert (User.objects.get().check_password(old), User.objects.get().check_password(new)) == (False, True)


def test_a_role_is_taken_or_the_account_closed_and_opened_again(prepazka: Prepazka, demo: int) -> None:
    prepazka("user", "add", "novakova", "--role", "clerk")
    assert prepazka("user", "remove", "novakova", "--office", "demo").code == 0
    assert prepazka("user", "list").out == "novakova: no role\n"
    assert prepazka("user", "remove", "novakova", "--office", "demo").code == 2
    assert prepazka("user", "remove", "novakova").code == 0
    assert prepazka("user", "list").out == "novakova: closed\n"
    assert prepazka("user", "password", "novakova").err == (
        "prepazka: there is no account novakova; see: prepazka user list\n"
    )
    assert "password of novakova" in prepazka("user", "add", "novakova", "--role", "clerk").out
    assert prepazka("user", "list").out == "novakova: clerk of demo\n"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["Nováková", "--role", "clerk"], "must be 2 to 40 small letters"),
        (["novakova"], "say what the user may do"),
        (["novakova", "--role", "clerk", "--office", "nowhere"], "there is no office nowhere"),
        (["novakova", "--role", "mayor"], "invalid choice: 'mayor'"),
    ],
)
def test_bad_use_makes_nobody(prepazka: Prepazka, demo: int, arguments: list[str], expected: str) -> None:
    done = prepazka("user", "add", *arguments)
    assert done.code == 2
    assert expected in done.err
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (["modra labut pije", "modra labut pije"], ""),
        (["modra labut pije", "jinak"], "the second password was another one"),
        (["kratke"], "at least 12 characters"),
    ],
)
def test_a_typed_password_obeys_the_rules(
    prepazka: Prepazka, demo: int, monkeypatch: pytest.MonkeyPatch, typed: list[str], expected: str
) -> None:
    answers = iter(typed)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(getpass, "getpass", lambda _: next(answers))
    done = prepazka("user", "add", "novakova", "--role", "clerk")
    assert expected in done.err.replace("\xa0", " ")
    assert bool(expected) != User.objects.filter(username="novakova").exists()


# --- the demo's -----------------------------------------------------------------------------------


def test_the_demo_has_users_of_every_role(program: Prepazka, bare: dict[str, str], make_tables: MakeTables) -> None:
    make_tables(Path(bare["PREPAZKA_STATE"], "prepazka.sqlite3"))
    assert program("init").code == 0
    listed = program("user", "list").out.splitlines()
    assert sorted(listed) == sorted(f"{name}: {role} of demo" for name, role in DEMO_USERS.items())


@pytest.mark.usefixtures("made")
def test_a_real_database_has_none_of_them_and_refuses_to_keep_them(program: Prepazka) -> None:
    state = program("check").out
    assert "still has the demo's password" not in state
    url = {"DATABASE_URL": "sqlite:///" + state.split("database: sqlite ")[1].split("\n")[0]}
    done = program("check", "--quiet", **url)
    assert done.code == 1
    assert "still has the demo's password" in done.out + done.err


def test_nobody_else_gets_the_demos_users(prepazka: Prepazka) -> None:
    assert prepazka("init").code == 0
    assert not User.objects.exists()
    assert len(DEMO_PASSWORD) >= 12


@pytest.mark.parametrize("more", [("--role", "clerk"), ("--office", "demo"), ("--role", "manager", "--office", "demo")])
def test_an_operator_is_given_no_role_that_would_mean_nothing(
    prepazka: Prepazka, demo: int, more: tuple[str, ...]
) -> None:
    done = prepazka("user", "add", "provozni", "--operator", *more)
    assert (done.code, done.out) == (2, "")
    assert "leave out --role and --office, or --operator" in done.err
    assert not User.objects.exists()
