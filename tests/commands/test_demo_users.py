"""The demo's published passwords: on one's own machine only, and invalid before anybody else could use them."""

import socket
import sqlite3
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from prepazka.commands import DEMO_PASSWORD, DEMO_USERS, serve
from prepazka.commands.exposure import may_publish
from prepazka.store import models
from prepazka.store.models import User
from tests.commands.conftest import MakeTables, Prepazka
from tests.commands.test_program import served


@pytest.mark.parametrize(
    ("host", "variables", "may"),
    [
        ("127.0.0.1", {}, True),
        ("127.4.5.6", {}, True),
        ("::1", {}, True),
        ("localhost", {}, True),
        ("127.0.0.1", {"PREPAZKA_STATE": "/x", "PREPAZKA_CLOCK": "/y"}, True),
        ("0.0.0.0", {}, False),
        ("::", {}, False),
        ("192.168.7.9", {}, False),
        ("localhost.example", {}, False),
        ("127.0.0.1", {"DATABASE_URL": "sqlite:////x"}, False),
        ("127.0.0.1", {"DATABASE_URL_FILE": "/x"}, False),
        ("127.0.0.1", {"PREPAZKA_HOSTS": "demo.example"}, False),
        ("127.0.0.1", {"PREPAZKA_HTTPS": "true"}, False),
        ("127.0.0.1", {"PREPAZKA_PROXIES_FILE": "/x"}, False),
    ],
)
def test_where_a_published_password_may_stand(
    monkeypatch: pytest.MonkeyPatch, host: str, variables: dict[str, str], may: bool
) -> None:
    for name in ("DATABASE_URL", "DATABASE_URL_FILE", "PREPAZKA_STATE", "PREPAZKA_CLOCK", "PREPAZKA_SIMULATOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert may_publish(host) == may


def passwords(state: str) -> dict[str, str]:
    with sqlite3.connect(f"{state}/prepazka.sqlite3") as database:
        return dict(database.execute("SELECT username, password FROM account"))


@pytest.mark.usefixtures("made")
def test_a_server_others_can_reach_ends_them_says_how_to_go_on_and_starts(
    bare: dict[str, str], program: Prepazka
) -> None:
    """Behind a proxy that others reach; the same holds for an address beyond this machine."""
    before = passwords(bare["PREPAZKA_STATE"])
    assert set(before) == set(DEMO_USERS)
    reachable = {**bare, "PREPAZKA_HOSTS": "127.0.0.1,demo.example"}
    found = program("check", "--quiet", PREPAZKA_HOSTS="127.0.0.1,demo.example")
    assert "error   users: urednik still has the demo's password" in found.out.replace("spravce", "urednik")
    assert found.code == 1
    with served(reachable) as (_, port):
        with urlopen(f"http://127.0.0.1:{port}/account/sign-in", timeout=30) as answer:
            assert answer.status == 200
        with pytest.raises(HTTPError, match="404"):
            urlopen(f"http://127.0.0.1:{port}/phone/demo/", timeout=30)
    after = passwords(bare["PREPAZKA_STATE"])
    assert all(password.startswith("!") for password in after.values()), "no password fits"
    with sqlite3.connect(f"{bare['PREPAZKA_STATE']}/prepazka.sqlite3") as database:
        [[lives]] = database.execute("SELECT count(*) FROM audit WHERE what = 'demo life'")
    assert lives == 0
    assert "still has" not in program("check", "--quiet", PREPAZKA_HOSTS="127.0.0.1,demo.example").out


@pytest.mark.usefixtures("made")
def test_the_end_of_the_published_passwords_is_said_with_the_way_on(program: Prepazka) -> None:
    said = program("user", "withdraw-published").out
    for name in DEMO_USERS:
        assert f"  prepazka user password {name}\n" in said
    assert program("user", "withdraw-published").out == ""


def test_the_start_tells_no_password_that_does_not_fit(
    prepazka: Prepazka, demo: int, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in DEMO_USERS:
        prepazka("user", "add", name, "--role", "clerk")
    for name in ("urednik", "vedouci"):
        user = User.objects.get(username=name)
        user.set_password(DEMO_PASSWORD)
        user.save()
    assert prepazka("user", "list", "--published").out.split() == ["urednik", "vedouci"]
    monkeypatch.setattr(serve, "may_publish", lambda _host: True)
    told = list[str]()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        for known in (["urednik", "vedouci"], []):
            serve._announce("127.0.0.1", listening.getsockname()[1], "", known)
            told += [line for line in capfd.readouterr().out.splitlines() if line.startswith("sign-in")]
    assert told[0].endswith(f"(urednik, vedouci; password {DEMO_PASSWORD})")
    assert DEMO_PASSWORD not in told[1]


def test_a_real_database_loses_them_too_and_nothing_else(prepazka: Prepazka, demo: int) -> None:
    """A demo that was moved to a real database: its users came along, one of them with another password."""
    for name in (*DEMO_USERS, "novakova"):
        prepazka("user", "add", name, "--role", "clerk")
    for name in ("urednik", "vedouci"):
        user = User.objects.get(username=name)
        user.set_password(DEMO_PASSWORD)
        user.save()
    own = User.objects.get(username="spravce").password
    prepazka("user", "withdraw-published")
    usable = {user.username for user in User.objects.all() if user.has_usable_password()}
    assert usable == {"spravce", "novakova"}
    assert User.objects.get(username="spravce").password == own
    assert models.Audit.objects.filter(what="published password withdrawn").count() == 2


def test_init_demo_always_makes_fresh_ones(program: Prepazka, bare: dict[str, str], make_tables: MakeTables) -> None:
    make_tables(Path(bare["PREPAZKA_STATE"], "prepazka.sqlite3"))
    first = program("init", "--demo")
    printed = dict(line.removeprefix("password of ").split(": ") for line in first.out.splitlines()[1:])
    assert set(printed) == set(DEMO_USERS)
    assert DEMO_PASSWORD not in printed.values()
    second = program("init", "--demo")
    again = dict(line.removeprefix("password of ").split(": ") for line in second.out.splitlines()[1:])
    assert set(again) == set(DEMO_USERS)
    assert set(again.values()).isdisjoint(printed.values())


def test_init_on_a_configured_machine_publishes_nothing(
    program: Prepazka, bare: dict[str, str], make_tables: MakeTables
) -> None:
    make_tables(Path(bare["PREPAZKA_STATE"], "prepazka.sqlite3"))
    program("init", PREPAZKA_HOSTS="demo.example")
    assert passwords(bare["PREPAZKA_STATE"]) == {}


def test_there_is_a_way_back_for_a_lost_second_factor(prepazka: Prepazka, demo: int) -> None:
    from allauth.mfa.models import Authenticator  # noqa: PLC0415 -- needs the tables

    prepazka("user", "add", "novakova", "--role", "clerk")
    user = User.objects.get(username="novakova")
    assert "has no second factor" in prepazka("user", "reset-factor", "novakova").err
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
    assert prepazka("user", "reset-factor", "novakova").code == 0
    assert not Authenticator.objects.exists()
    entry = models.Audit.objects.get(what="second factor reset")
    assert entry.who.endswith("(command line)")
    assert entry.details == {"user": "novakova"}
