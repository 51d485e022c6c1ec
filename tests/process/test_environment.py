"""Settings as people get them wrong: one line that says what to write."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from prepazka.process.environment import LOOPBACK, Environment, check_database_url, read_hosts, read_keys

# --- hosts -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (["Objednani.Hlinsko.example"], ["objednani.hlinsko.example"]),
        ([" a.example", "b.example "], ["a.example", "b.example"]),
        (["úřad.example"], ["xn--ad-qka49a.example"]),
        (["192.168.7.20", "[fd00::7]"], ["192.168.7.20", "[fd00::7]"]),
        ([".hlinsko.example", "*"], [".hlinsko.example", "*"]),
        (["", " "], []),
    ],
)
def test_host_names_are_read_as_browsers_send_them(given: list[str], read: list[str]) -> None:
    assert read_hosts(given) == read + LOOPBACK


@pytest.mark.parametrize(
    ("given", "write"),
    [
        ("https://objednani.hlinsko.example", "write objednani.hlinsko.example"),
        ("http://objednani.hlinsko.example:8080/demo/", "write objednani.hlinsko.example"),
        ("objednani.hlinsko.example/", "write objednani.hlinsko.example"),
        ("objednani.hlinsko.example:8000", "write objednani.hlinsko.example"),
        ("fd00::7", "write [fd00::7]"),
        ("[fd00::7]:8000", "write [fd00::7]"),
        ("a.example b.example", "is no host name"),
        ("a_b.example", "is no host name"),
    ],
)
def test_what_is_more_than_a_host_name_is_told_with_what_to_write(given: str, write: str) -> None:
    with pytest.raises(ImproperlyConfigured) as raised:
        read_hosts([given])
    assert str(raised.value).startswith(f"PREPAZKA_HOSTS: {given!r} ")
    assert str(raised.value).rstrip().find(write) > 0


# --- variables ---------------------------------------------------------------------------------


@pytest.fixture
def env(monkeypatch: pytest.MonkeyPatch) -> Environment:
    monkeypatch.delenv("PREPAZKA_HOSTS", raising=False)
    read = Environment()
    read.list("PREPAZKA_HOSTS", default=[])
    read.str("DATABASE_URL", default="")
    return read


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("PREPAZKA_HSOTS", "PREPAZKA_HSOTS is no setting; did you mean PREPAZKA_HOSTS?"),
        ("PREPAZKA_HOST", "PREPAZKA_HOST is no setting; did you mean PREPAZKA_HOSTS?"),
        ("PREPAZKA_HOSTS_FIEL", "PREPAZKA_HOSTS_FIEL is no setting; did you mean PREPAZKA_HOSTS_FILE?"),
        ("PREPAZKA_WEATHER", "PREPAZKA_WEATHER is no setting; README.md lists all"),
    ],
)
def test_a_misspelt_name_is_told_with_the_nearest(env: Environment, name: str, line: str) -> None:
    assert env.unknown({name: "x"}) == [line]


@pytest.mark.parametrize(("name", "option"), [("PREPAZKA_PORT", "--port"), ("PREPAZKA_WORKERS", "--workers")])
def test_an_option_that_was_written_as_a_setting_is_told(env: Environment, name: str, option: str) -> None:
    assert env.unknown({name: "7100"}) == [f"{name} is no setting; it is an option: prepazka serve {option}"]


@pytest.mark.parametrize("name", ["PREPAZKA_POOL", "PREPAZKA_LOCK_TIMEOUT", "PREPAZKA_TCP_TIMEOUT"])
def test_what_a_file_has_no_use_for_is_told(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "17")
    environment = Environment()
    environment.str(name, default="")
    told = f"{name} does nothing without PostgreSQL; name one in DATABASE_URL, or leave it out"
    assert environment.unknown({name: "17"}, on_file=True) == [told]
    assert environment.unknown({name: "17"}) == []


def test_a_name_of_a_provider_without_one_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREPAZKA_OIDC_NAME", "Obec Vlkov")
    environment = Environment()
    environment.str("PREPAZKA_OIDC_NAME", default="")
    [line] = environment.unknown({"PREPAZKA_OIDC_NAME": "Obec Vlkov"})
    assert line.startswith("PREPAZKA_OIDC_NAME does nothing without PREPAZKA_OIDC_URL")


@pytest.mark.parametrize("name", ["PREPAZKA_HOSTS", "PREPAZKA_HOSTS_FILE", "HOME", "PREPAZKA_SERVICE_HOST"])
def test_settings_and_names_of_others_are_not_told(env: Environment, name: str) -> None:
    assert env.unknown({name: "x", "PREPAZKA_PORT_8000_TCP": "tcp://10.1.2.3:8000", "PREPAZKA_PORT": "x"}) == []


def test_an_empty_variable_counts_as_not_set(env: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREPAZKA_HOSTS", "  ")
    assert env.list("PREPAZKA_HOSTS", default=["none"]) == ["none"]


def test_a_value_that_begins_with_a_dollar_is_a_value(env: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREPAZKA_SECRET_KEY", "$HOME-and-more")
    assert env.str("PREPAZKA_SECRET_KEY", default="") == "$HOME-and-more"


def test_a_value_in_a_file_is_read_without_its_line_end(
    env: Environment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "url").write_text("postgresql://u@db/urad\n", "utf-8")
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "url"))
    assert env.str("DATABASE_URL", default="") == "postgresql://u@db/urad"


def test_a_file_that_cannot_be_read_is_told(env: Environment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "none"))
    with pytest.raises(ImproperlyConfigured, match=r"DATABASE_URL_FILE: .*none: No such file or directory"):
        env.str("DATABASE_URL", default="")


# --- the database ------------------------------------------------------------------------------


@pytest.mark.parametrize("password", ["p@ss", "a/b", "a#b", "a?b"])
def test_a_password_that_ends_too_early_is_told_and_never_printed(password: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="write @ as %40") as raised:
        check_database_url(f"postgresql://urad:{password}@db.example/urad")
    assert password not in str(raised.value)


@pytest.mark.parametrize(
    "url",
    ["postgresql://urad:p%40ss@db.example/urad", "postgresql://db/urad", "sqlite:////var/lib/a@b/urad.sqlite3"],
)
def test_right_addresses_of_databases_are_taken(url: str) -> None:
    check_database_url(url)


# --- files and numbers --------------------------------------------------------------------------


def test_an_empty_file_is_no_value_that_was_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty key file would silently be replaced by another key, and nothing sealed could be opened any more."""
    (tmp_path / "klic").write_text("\n")
    monkeypatch.setenv("PREPAZKA_SECRET_KEY_FILE", str(tmp_path / "klic"))
    with pytest.raises(ImproperlyConfigured, match=r"PREPAZKA_SECRET_KEY_FILE: \S+/klic is empty"):
        Environment().str("PREPAZKA_SECRET_KEY", default="")


@pytest.mark.parametrize("given", ["dvacet", "8s", "1.5", "10 000"])
def test_what_is_no_number_is_told(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("PREPAZKA_POOL", given)
    with pytest.raises(ImproperlyConfigured, match="PREPAZKA_POOL must be a whole number, not"):
        Environment().int("PREPAZKA_POOL", default=0)


def test_a_setting_given_twice_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cena").write_text("2,40")
    given = {"PREPAZKA_SMS_PRICE": "1.90", "PREPAZKA_SMS_PRICE_FILE": str(tmp_path / "cena")}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    environment = Environment()
    assert environment.str("PREPAZKA_SMS_PRICE", default="") == "2,40"
    [line] = environment.unknown(given)
    assert line.startswith("PREPAZKA_SMS_PRICE and PREPAZKA_SMS_PRICE_FILE are both set, and the file is taken")


LONG, OTHER = (
    "dvě stě páté heslo; nikdo ho ale nezná a neuhodne",
    "zelená louka, modrá řeka a na ní tři bílé lodě; 1987",
)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ("", set()),
        (f"{LONG} x1", {f"{LONG} x1"}),
        (f"{LONG} x1 , {OTHER}", {f"{LONG} x1", OTHER}),
        (f"{OTHER},", {OTHER}),
        (f",{LONG[:20]},{LONG[20:]}", {f"{LONG[:20]},{LONG[20:]}"}),
        (f"{LONG},{OTHER}", {OTHER}),
    ],
)
def test_earlier_keys_are_read_also_where_one_has_a_comma(given: str, named: set[str]) -> None:
    assert named <= set(read_keys("PREPAZKA_SECRET_KEY_BEFORE", given))


@pytest.mark.parametrize("given", ["krátký", "krátký,a ještě kratší", "a,b,c,d,e,f,g", f"{'x' * 60},{'x' * 60}"])
def test_what_was_no_key_is_told_and_never_printed(given: str) -> None:
    with pytest.raises(ImproperlyConfigured) as told:
        read_keys("PREPAZKA_SECRET_KEY_BEFORE", given)
    assert str(told.value).startswith("PREPAZKA_SECRET_KEY_BEFORE must have at least 50 characters")
    assert given not in str(told.value)
