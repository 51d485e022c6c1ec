"""A PostgreSQL that lets nobody in: every command says why in one line, with the fix, and makes nothing."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.test import Client
from psycopg import sql

from prepazka.commands import database_certificate, database_faults
from prepazka.process.environment import check_database_url
from prepazka.store.database_fixes import fix_of
from tests.commands.conftest import Prepazka
from tests.commands.postgresql_standin import answering, certificate, refusal

USER, NAME = "matrika", "urad_vlkov"
ADMINISTRATOR = "as PostgreSQL's administrator: "
LATER, OVER = datetime(2048, 5, 5), datetime(2021, 5, 5)  # noqa: DTZ001 -- as certificates have it
# What PostgreSQL says, by its SQLSTATE, and the part of the fix that nothing else has.
REFUSALS = [
    ("57P03", "the database system is starting up", "wait until PostgreSQL has started"),
    ("57P03", "the database system is not yet accepting connections", "wait until PostgreSQL has started"),
    ("57P03", "the database system is shutting down", "wait until PostgreSQL has started"),
    ("53300", "sorry, too many clients already", "raise max_connections"),
    ("53300", "remaining connection slots are reserved for roles with the SUPERUSER attribute", "max_connections"),
    ("53300", f'too many connections for role "{USER}"', f"ALTER ROLE {USER} CONNECTION LIMIT -1"),
    ("53300", f'too many connections for database "{NAME}"', f"ALTER DATABASE {NAME} CONNECTION LIMIT -1"),
    ("55000", f'database "{NAME}" is not currently accepting connections', "ALLOW_CONNECTIONS true"),
    ("28000", f'role "{USER}" is not permitted to log in', f"ALTER ROLE {USER} LOGIN"),
    ("28000", f'role "{USER}" does not exist', f"CREATE ROLE {USER} LOGIN"),
    ("28000", f'Peer authentication failed for user "{USER}"', "run as the system's user of that name"),
    ("28P01", f'password authentication failed for user "{USER}"', f"no such role, {ADMINISTRATOR}CREATE ROLE {USER}"),
    ("28000", f'no pg_hba.conf entry for host "10.0.0.9", user "{USER}"', "let this machine in"),
    ("28000", f'pg_hba.conf rejects connection for host "10.0.0.9", user "{USER}"', "let this machine in"),
    ("42501", f'permission denied for database "{NAME}"', f"GRANT CONNECT ON DATABASE {NAME} TO {USER}"),
    ("3D000", f'database "{NAME}" does not exist', f"CREATE DATABASE {NAME} OWNER {USER}"),
    # And what pgbouncer says in its name.
    ("08P01", "SASL authentication failed", f'"{USER}" "the password of DATABASE_URL"'),
    ("08P01", f"no such user: {USER}", f"the pooler knows no {USER}"),
    ("08P01", f"no such database: {NAME}", f"give {NAME} a line under [databases]"),
    ("08P01", "unsupported startup parameter: options", "ignore_startup_parameters = extra_float_digits,options"),
    ("08P01", "no more connections allowed (max_client_conn)", "raise max_client_conn of the pooler"),
    ("08P01", "query_wait_timeout", "raise default_pool_size"),
    ("08P01", "server login has been failing, try again later (server_login_retry)", "journalctl -u pgbouncer"),
    ("57014", "canceling statement due to statement timeout", "past the pooler, where this user has no limits"),
    ("08P01", "pgbouncer cannot connect to server", "does not reach PostgreSQL"),
]

NOT_STARTED = "prepazka: not started; the lines above say what to fix"


class Broken(NamedTuple):
    """A broken set-up: the address that leads to it, what is said of it, and the fix."""

    url: str
    said: str
    fix: str


@pytest.fixture
def servers() -> Iterator[ExitStack]:
    with ExitStack() as running:
        yield running


@pytest.fixture
def broken(servers: ExitStack, tmp_path: Path) -> list[Broken]:
    """All of them, each with a server of its own that stands in for PostgreSQL."""
    tls = "?sslmode=verify-full&sslrootcert="
    good = certificate(tmp_path, "good", LATER)
    other, over = certificate(tmp_path, "other", LATER), certificate(tmp_path, "over", OVER)
    away = certificate(tmp_path, "away", LATER, "10.9.8.7")
    starting = refusal("57P03", "the database system is starting up")

    def at(reply: bytes, shown: Path | None = None, options: str = "") -> str:
        port = servers.enter_context(answering(reply, shown))
        return f"postgresql://{USER}:heslo@127.0.0.1:{port}/{NAME}{options}"

    return [
        *(Broken(at(refusal(code, said)), said, fix) for code, said, fix in REFUSALS),
        Broken(at(starting, good, f"{tls}{good}"), "starting up", "wait until PostgreSQL has started"),
        Broken(at(starting, over, f"{tls}{over}"), "(certificate has expired)", "renew the certificate of PostgreSQL"),
        Broken(at(starting, good, f"{tls}{other}"), "certificate verify failed (", "name the authority"),
        Broken(at(starting, away, f"{tls}{away}"), "does not match host name", "as PostgreSQL's certificate does"),
        Broken(at(starting, good, f"{tls}{tmp_path}/none"), "root certificate file", "name the authority"),
        Broken(at(starting, None, f"{tls}{good}"), "does not support SSL", "set ssl = on in postgresql.conf"),
        Broken(at(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "expected authentication request", "is no PostgreSQL"),
        Broken(f"postgresql://{USER}@127.0.0.1:1/{NAME}", "Connection refused", "start it, or correct DATABASE_URL"),
    ]


def test_each_is_told_with_its_own_fix(broken: list[Broken], monkeypatch: pytest.MonkeyPatch) -> None:
    """By what the driver itself makes of the server's words."""
    for url, said, fix in broken:
        told = psycopg.conninfo.conninfo_to_dict(url)
        options = {name: value for name, value in told.items() if name.startswith("ssl")}
        given = {"NAME": NAME, "USER": USER, "HOST": told["host"], "PORT": told["port"], "OPTIONS": options}
        monkeypatch.setattr(database_faults, "connection", SimpleNamespace(vendor="postgresql", settings_dict=given))
        with pytest.raises(psycopg.OperationalError) as refused:
            psycopg.connect(url)
        reason = database_faults.reason_of(OperationalError(str(refused.value)))
        assert said in reason.what, url
        assert fix in reason.fix, reason
        assert "\n" not in reason.what + reason.fix


def test_every_command_refuses_in_one_line_and_makes_nothing(
    program: Prepazka, broken: list[Broken], tmp_path: Path, whole: bool
) -> None:
    for name in ("stdin", "stdout", "stderr"):  # of the process that runs the commands
        (tmp_path / name).touch()
    before = sorted(tmp_path.rglob("*"))
    commands = (("serve", "--port", "1"), ("migrate",), ("init", "--demo"), ("offices",), ("backup", f"{tmp_path}/z"))
    for url, said, fix in broken if whole else [one for one in broken if "expired" in one.said]:
        for command in commands if whole else commands[:1]:
            done = program(*command, DATABASE_URL=url)
            line, *more = done.err.splitlines()
            assert (done.code, done.out) == (1, ""), (command, done)
            assert more == ([NOT_STARTED] if command[0] == "serve" else []), (command, done)
            assert said in line, (command, done)
            assert fix in line, (command, done)
        checked = program("check", "--quiet", DATABASE_URL=url)
        [told] = [line for line in checked.out.splitlines() if line.startswith("error ")]
        assert (checked.code, checked.err) == (1, ""), checked
        assert fix in told.partition(" → ")[2], checked
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/readyz", "/"])
def test_where_the_program_runs_the_probe_and_the_first_page_tell(
    client: Client, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.raise_request_exception = False
    for _, said, _ in REFUSALS:
        error = f'connection failed: connection to server at "10.0.0.7", port 5432 failed: FATAL:  {said}'

        def refuse(*_: object, error: str = error, **__: object) -> None:
            raise OperationalError(error)

        with monkeypatch.context() as patched:
            patched.setattr(connection, "cursor", refuse)
            answer = client.get(path)
        assert answer.status_code == 503
        page = answer.content.decode()
        assert USER not in page, "who may ask is not told who connects, nor to what"
        assert NAME not in page
        assert "10.0.0.7" not in page
        if path == "/":
            assert "prepazka check" in page, "the error page says where the reason and the fix are told"
        else:
            nameless = fix_of(said, connection.vendor)
            assert answer.json()["detail"].endswith(f"; {nameless}"), answer.json()


def test_several_hosts_with_a_port_each_are_told_where_theirs_stands() -> None:
    """PostgreSQL's own tools take them so."""
    with pytest.raises(ImproperlyConfigured, match="at the end: db1,db2:5432"):
        check_database_url(f"postgresql://{USER}@vlkov1:5434,vlkov2:5434/{NAME}")
    check_database_url(f"postgresql://{USER}@vlkov1,vlkov2:5434/{NAME}")


@pytest.mark.parametrize("host", ["nikde..example", ".example", "a" * 70 + ".example"])
def test_a_host_that_cannot_be_is_refused_with_the_settings(host: str) -> None:
    with pytest.raises(Exception, match=r"the host must be a name or an address, such as db.example"):
        check_database_url(f"postgresql://{USER}@{host}/{NAME}")


def test_a_host_that_is_not_found_is_told() -> None:
    said = "failed to resolve host 'nikde.example': [Errno -2] Name or service not known"
    assert fix_of(said, "postgresql") == "correct the host in DATABASE_URL"


def test_a_server_that_is_away_has_no_certificate_to_look_at() -> None:
    assert database_certificate.fault("127.0.0.1", 1, {}) == ""


# --- a real one ---------------------------------------------------------------------------------

ROLE = "prepazka_odmitany"
REAL: list[tuple[str, str, str]] = [
    ("ALTER ROLE {} NOLOGIN", "is not permitted to log in", f"ALTER ROLE {ROLE} LOGIN"),
    ("ALTER ROLE {} LOGIN CONNECTION LIMIT 0", "too many connections for role", "CONNECTION LIMIT -1"),
]


@pytest.mark.postgresql
def test_a_real_server_says_it_in_these_words(program: Prepazka, database_url: str) -> None:
    role = sql.Identifier(ROLE)
    with psycopg.connect(database_url, autocommit=True) as server:
        server.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(role))
        server.execute(sql.SQL("CREATE ROLE {} LOGIN").format(role))
        told = server.info
        url = f"postgresql://{ROLE}@{told.host}:{told.port}/{told.dbname}"
        try:
            for statement, said, fix in REAL:
                server.execute(sql.SQL(statement).format(role))
                done = program("migrate", DATABASE_URL=url)
                assert (done.code, done.out, done.err.count("\n")) == (1, "", 1), done
                assert said in done.err
                assert fix in done.err
        finally:
            server.execute(sql.SQL("DROP ROLE {}").format(role))
