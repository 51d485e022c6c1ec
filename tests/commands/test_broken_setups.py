"""Set-ups broken as people break them: each is told in one line with the fix, and a refused command makes nothing."""

import os
import re
import runpy
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from psycopg import sql

import prepazka
from prepazka import private_files
from prepazka.commands import CommandFailed, machine_settings
from tests.commands.conftest import Prepazka

SOURCE = Path(prepazka.__file__).parent / "settings.py"
# A setting as somebody wrote it, and the part of the line that says how to mend it.
SETTINGS = [
    ("PREPAZKA_STATE", "/var/lib", "name one for this program alone"),
    ("PREPAZKA_ERASURES", "/", "name a file in it"),
    ("PREPAZKA_SMTP_URL", "posta.vlkov.example", "smtp+tls://user:password@host:587"),
    ("PREPAZKA_SMTP_URL", "smtps://posta.vlkov.example:465", "needs PREPAZKA_MAIL_FROM beside it"),
    ("PREPAZKA_MAIL_FROM", "Obec Vlkov, podatelna", "such as prepazka@urad.example"),
    ("PREPAZKA_HOSTS", "vlkov.example;urad.vlkov.example", "a comma separates several"),
    ("PREPAZKA_HOSTS", "*.vlkov.example", "write .vlkov.example"),
    ("PREPAZKA_HOSTS", "“vlkov.example”", "such as objednani.example"),
    ("PREPAZKA_HOSTS", "-", "such as objednani.example"),
    ("PREPAZKA_HTTPS", "ano", "must be true or false"),
    ("PREPAZKA_PROXIES", "10.20.0.7:8443", "such as 127.0.0.1"),
    ("PREPAZKA_LIMITS", "web_bookings_ipv4: 30", "NAME=FIGURE"),
    ("PREPAZKA_COUNTRIES", "Česko", "such as CZ"),
    ("PREPAZKA_SMS_PRICE", "1,10 Kč", "such as 1.20"),
    ("PREPAZKA_PRINTERS", "10.20.0.7:91000", "such as 192.168.1.50:4000"),
    ("PREPAZKA_LISTEN_URL", "postgresql://kdosi@10.20.0.7/urad", "DATABASE_URL names none; leave it out"),
    ("PREPAZKA_POOL", "2", "from 5 to 500"),
    ("PREPAZKA_LOCK_TIMEOUT", "7s", "must be a whole number"),
    ("PREPAZKA_IDLE_TIMEOUT", "-4", "from 0 (no limit) to 3600"),
    ("PREPAZKA_SECRET_KEY", "x" * 64, "such as 50 random letters"),
    ("PREPAZKA_SECRET_KEY_BEFORE", "ten starý", "such as 50 random letters"),
    ("PREPAZKA_BACKUP_DAYS", "400", "from 1 to 365"),
    ("PREPAZKA_SECURITY_CONTACT", "spravce@vlkov.example", "mailto:spravce@vlkov.example"),
    ("PREPAZKA_CERTIFICATE", "vlkov.pem", "the whole path of a file"),
    ("PREPAZKA_CERTIFICATE", "vlkov.example:70000", "or a host such as"),
    ("PREPAZKA_LOG", "syslog", "text or json"),
    ("PREPAZKA_METRICS_TOKEN", "heslo pro sběr figur 2026", "no spaces"),
    ("PREPAZKA_METRICS_FROM", "sber.vlkov.example", "such as 127.0.0.1"),
    ("PREPAZKA_WATCHDOG", "7.15", "such as 6:30"),
    ("PREPAZKA_SECOND_FACTOR", "všichni", "must be clerk, manager"),
    ("PREPAZKA_OIDC_URL", "http://prihlaseni.vlkov.example", "such as https://"),
    ("DATABASE_URL", "postgresl://kdosi@10.20.0.7/urad", "postgresql://user@host/name"),
    ("DATABASE_URL", "postgresql://kdosi:he@slo@10.20.0.7/urad", "write @ as %40"),
    ("DATABASE_URL", "postgresql://kdosi@10.20.0.7:54320x/urad", "the port must be a number"),
    ("DATABASE_URL", "postgresql://kdosi@10.20.0.7:0/urad", "the port must be a number"),
    ("DATABASE_URL", "postgresql://kdosi@[fd00::7/urad", "the host must be a name or an address"),
    ("DATABASE_URL", "postgresql://kdosi:h[slo@10.20.0.7/urad", "write [ as %5B"),
    ("DATABASE_URL", "postgresql://kdosi@10.20.0.7/urad?pool=4", "leave it out; PREPAZKA_POOL"),
    ("DATABASE_URL", "postgresql://kdosi@10.20.0.7/urad?isolation_level=7", "leave it out"),
    ("DATABASE_URL", "sqlite:////srv/vlkov/urad.sqlite3?mode=rwc", "?mode=rwc is no option; leave it out"),
    ("DATABASE_URL", "sqlite:////srv/vlkov/urad.sqlite3?timeout=dlouho", "leave it out"),
    ("DATABASE_URL", "sqlite:////srv/vlkov/urad#2.sqlite3", "write # as %23"),
    ("DATABASE_URL", "sqlite:////srv/vlkov/urad?.sqlite3", "? as %3F"),
    ("PREPAZKA_OIDC_URL", "https://[prihlaseni.vlkov.example", "such as https://"),
    ("PREPAZKA_OIDC_URL", "https://prihlaseni.vlkov.example:84430", "such as https://"),
    ("PREPAZKA_OIDC_URL", "https://prihlaseni vlkov.example/obec", "such as https://"),
    ("PREPAZKA_SMTP_URL", "smtp://posta:2525#x@posta.vlkov.example", "# as %23"),
    ("PREPAZKA_SMTP_URL", "smtp://posta.vlkov.example:0", "smtp+tls://user:password@host:587"),
    ("PREPAZKA_ERASURES", "/dev/null", "is no file; name one, or leave the setting out"),
    ("PREPAZKA_STATE", "/dev/null", "is no directory; name one"),
    ("PREPAZKA_DAY_LISTS", "/etc/passwd", "is no directory; name one"),
]
# What is found out only when it is opened.
OPENED = [
    ("PREPAZKA_ENV_FILE", "{}", "must name the file in it"),
    ("DATABASE_URL", "postgresql://kdosi@127.0.0.1:1/urad?conect_timeout=3", "correct DATABASE_URL"),
    ("DATABASE_URL", "postgresql://kdosi@127.0.0.1:1/urad", "start it, or correct DATABASE_URL"),
    ("DATABASE_URL", "sqlite:///{}/soubor/urad.sqlite3", "is no directory; correct DATABASE_URL"),
    ("DATABASE_URL", "sqlite:///{}", "name a file in DATABASE_URL"),
]
FILES = [
    ("export PREPAZKA_HTTPS=true", "write NAME=value, without export"),
    ("[Service]", "write NAME=value"),
    ("PREPAZKA_HTTPS='true", "a quotation mark is not closed"),
    ("PREPAZKA_HTTPS=tr\0ue", "write NAME=value"),
    ("PREPAZKA_ERASURES=vymazy.jsonl", "write the whole path from /"),
]
# What works, and does not what was meant.
PROVIDER = {
    "PREPAZKA_OIDC_URL": "https://prihlaseni.example/vlkov",
    "PREPAZKA_OIDC_CLIENT": "urad",
    "PREPAZKA_OIDC_SECRET": "tajne",
}
ODD = [
    ({"PREPAZKA_OIDC_CLIENT": "urad"}, "does nothing without PREPAZKA_OIDC_URL; set that, too, or leave it out"),
    ({"PREPAZKA_SECURITY_EXPIRES": "2031-05-05"}, "does nothing without PREPAZKA_SECURITY_CONTACT; set that, too"),
    ({"prepazka_hosts": "vlkov.example"}, "prepazka_hosts is no setting; did you mean PREPAZKA_HOSTS?"),
    ({"PERPAZKA_HTTPS": "true"}, "PERPAZKA_HTTPS is no setting; did you mean PREPAZKA_HTTPS?"),
    ({"DATABASE_ULR": "postgresql://h/n"}, "DATABASE_ULR is no setting; did you mean DATABASE_URL?"),
    ({"PREPAZKA_OIDC_NAME": "Město Vlkov"}, "PREPAZKA_OIDC_NAME does nothing without PREPAZKA_OIDC_URL; set that, too"),
    (
        {"PREPAZKA_POOL": "30"},
        "PREPAZKA_POOL does nothing without PostgreSQL; name one in DATABASE_URL, or leave it out",
    ),
    ({"PREPAZKA_PORT": "7100"}, "PREPAZKA_PORT is no setting; it is an option: prepazka serve --port"),
    (
        PROVIDER | {"PREPAZKA_OIDC_NAME": '"Město Vlkov"'},
        "begins and ends with a quotation mark, which is part of it; leave both",
    ),
]


def refuse(program: Prepazka, expected: str, tmp_path: Path, **environment: str) -> None:
    before = sorted(tmp_path.rglob("*"))
    done = program("offices", **environment)
    case = f"{environment}: {done}"
    assert (done.code, done.out, done.err.count("\n")) == (1, "", 1), case
    assert done.err.startswith("prepazka: "), case
    assert expected in done.err, case
    assert sorted(tmp_path.rglob("*")) == before, case


def test_each_is_told_in_one_line_with_the_fix_and_nothing_is_made(
    program: Prepazka, tmp_path: Path, whole: bool
) -> None:
    (tmp_path / "soubor").write_text("", "utf-8")
    for name in ("stdin", "stdout", "stderr"):  # of the process that runs the commands
        (tmp_path / name).touch()
    for name, value, expected in (SETTINGS if whole else SETTINGS[::9]) + OPENED:
        refuse(program, expected, tmp_path, **{name: value.replace("{}", str(tmp_path))})
    file = tmp_path / "prepazka.env"
    for text, expected in FILES if whole else FILES[-1:]:
        file.write_bytes(text.encode())
        refuse(program, expected, tmp_path, PREPAZKA_ENV_FILE=str(file))


@pytest.mark.parametrize(("name", "value", "expected"), SETTINGS)
def test_the_settings_alone_name_the_fix(
    name: str, value: str, expected: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PREPAZKA_STATE", str(tmp_path / "stav"))
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=re.escape(expected)) as refused:
        runpy.run_path(str(SOURCE))
    assert name in str(refused.value) or expected.startswith("needs")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("held", [b"\xc5\xbe" * 40, b"cut-off-aft", b"\n" * 64])
def test_a_key_of_its_own_that_is_none_is_named_by_its_file(
    held: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREPAZKA_STATE", str(tmp_path))
    (tmp_path / "secret.key").write_bytes(held)
    with pytest.raises(ImproperlyConfigured, match=r"/secret\.key holds no key; put the key of this installation back"):
        runpy.run_path(str(SOURCE))
    assert (tmp_path / "secret.key").read_bytes() == held


@pytest.mark.parametrize(("text", "expected"), FILES)
def test_a_file_of_settings_that_is_none_names_the_line(text: str, expected: str, tmp_path: Path) -> None:
    file = tmp_path / "prepazka.env"
    with pytest.raises(CommandFailed, match=re.escape(expected)):
        machine_settings.check_paths(dict(machine_settings.parse(f"# nastavení\n{text}", file)), file)


def test_a_file_of_another_alphabet_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "prepazka.env"
    file.write_bytes("PREPAZKA_OIDC_NAME=Město".encode("cp1250"))
    monkeypatch.setenv("PREPAZKA_ENV_FILE", str(file))
    with pytest.raises(CommandFailed, match="save it as UTF-8"):
        machine_settings.apply()


@pytest.mark.parametrize(("environment", "expected"), ODD)
def test_what_does_nothing_is_told(
    environment: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PREPAZKA_STATE", str(tmp_path / "stav"))
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    [line] = runpy.run_path(str(SOURCE))["UNKNOWN_SETTINGS"]
    assert expected in line


@pytest.mark.parametrize("place", ["/", "/etc", "/var", "/var/lib", "/usr/local", "/srv", "/home"])
def test_a_directory_everybody_needs_is_never_closed(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[Path] = []
    monkeypatch.setattr(Path, "chmod", lambda path, _mode: closed.append(path))
    monkeypatch.setattr("os.geteuid", lambda: Path(place).stat().st_uid)
    private_files.close(Path(place))
    assert closed == []


def test_a_device_in_the_place_of_a_file_is_neither_closed_nor_told_to_be(tmp_path: Path) -> None:
    """As /dev/null is one: where root closed it to others, nothing on the machine worked any more."""
    device = tmp_path / "roura"
    os.mkfifo(device)
    device.chmod(0o666)
    private_files.close(device)
    assert (device.stat().st_mode & 0o777, private_files.exposed(device)) == (0o666, False)


@pytest.mark.parametrize("place", ["/var/lib/prepazka", "/srv/urad", "/home/urad", "/data", "/var/urad"])
def test_a_directory_of_its_own_is_closed(place: str) -> None:
    assert not private_files.is_of_the_system(Path(place))


# --- PostgreSQL -----------------------------------------------------------------------------------

WEAK = "prepazka_slabsi"


@pytest.fixture
def database(database_url: str) -> Iterator[psycopg.Connection]:
    """A new database in which a new role may connect and no more; a connection of its administrator."""
    name = "prepazka_rozbita"
    drop = [
        sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)),
        sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(WEAK)),
    ]
    with psycopg.connect(database_url, autocommit=True) as server:
        for statement in drop:
            server.execute(statement)
        server.execute(f"CREATE ROLE {WEAK} LOGIN PASSWORD 'slabsi'")
        server.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        with psycopg.connect(f"{database_url.rpartition('/')[0]}/{name}", autocommit=True) as own:
            own.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
            yield own
        for statement in drop:
            server.execute(statement)


ALL = f"ALTER SCHEMA public OWNER TO {WEAK}"
GAMES = f"""CREATE TABLE django_migrations AS SELECT text 'hry' AS app, text '1' AS name;
    ALTER TABLE django_migrations OWNER TO {WEAK}"""
BROKEN = {
    "no right to make tables": ("", f"ALTER DATABASE prepazka_rozbita OWNER TO {WEAK}"),
    "no right to make the extension": (ALL, "as PostgreSQL's administrator: CREATE EXTENSION btree_gist"),
    "tables of another program": (f"{ALL}; CREATE TABLE booking (id int)", "another program (booking)"),
    "another program of Django's": (f"{ALL}; {GAMES}", "another program (django_migrations of hry)"),
    "read-only": (f"{ALL}; ALTER ROLE {WEAK} SET default_transaction_read_only = on", "connect to the primary"),
}  # fmt: skip


@pytest.mark.postgresql
@pytest.mark.parametrize("how", BROKEN)
def test_a_database_that_could_not_be_filled_stays_as_it_was(
    program: Prepazka, database: psycopg.Connection, how: str, whole: bool
) -> None:
    broken, expected = BROKEN[how]
    for statement in filter(None, broken.split(";")):
        database.execute(statement)
    before = tables(database)
    named = {"DATABASE_URL": address(database)}
    for command in (("migrate",), ("init", "--demo"), ("check", "--start", "--prepare"))[: None if whole else 1]:
        done = program(*command, **named)
        assert (done.code, done.out) == (1, ""), done
        assert expected in done.err, done
        assert done.err.count("\n") == 1, done
    if whole or how == "tables of another program":
        checked = program("check", "--quiet", **named)
        assert checked.code == 1
        assert expected in checked.out
    assert tables(database) == before


@pytest.mark.postgresql
def test_tables_of_another_owner_are_told_by_every_command(program: Prepazka, database: psycopg.Connection) -> None:
    database.execute("CREATE TABLE django_migrations (app text, name text)")
    named = {"DATABASE_URL": address(database)}
    for command in (("migrate",), ("check", "--quiet")):
        done = program(*command, **named)
        assert done.code == 1
        assert "permission denied for table django_migrations" in done.out + done.err
        assert re.search(r"connect as the owner of the tables, or .*GRANT ALL ON ALL TABLES", done.out + done.err)
        assert "Traceback" not in done.err


@pytest.mark.postgresql
def test_who_may_not_connect_is_told_the_grant(program: Prepazka, database: psycopg.Connection) -> None:
    database.execute("REVOKE CONNECT ON DATABASE prepazka_rozbita FROM PUBLIC")
    done = program("check", "--quiet", DATABASE_URL=address(database))
    assert f"GRANT CONNECT ON DATABASE prepazka_rozbita TO {WEAK}" in done.out
    done = program("offices", DATABASE_URL=address(database).replace("rozbita", "nikde"))
    assert f"CREATE DATABASE prepazka_nikde OWNER {WEAK}" in done.err


def address(database: psycopg.Connection) -> str:
    """The address for the weaker role."""
    told = database.info
    return f"postgresql://{WEAK}:slabsi@{told.host}:{told.port}/{told.dbname}"


def tables(database: psycopg.Connection) -> list[tuple[str]]:
    return database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
