"""`prepazka check`: its findings and their fixes."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import override_settings

from prepazka import clock, officefile
from prepazka.commands.checks import run_checks
from prepazka.commands.start_checks import Finding, check_security_contact
from prepazka.core.credentials import Scope
from prepazka.core.office.office import Office
from prepazka.store import accounts, factors, gateways, marks, models, offices, tokens
from prepazka.store.sealing import seal
from tests.commands.conftest import Prepazka

NOW = datetime(2026, 8, 3, tzinfo=UTC)
DEMO = officefile.load_demo()
FIX_OF_NONE = "run: prepazka init, or prepazka load-office FILE"

pytestmark = pytest.mark.django_db


def found(about: str) -> list[Finding]:
    return [finding for finding in run_checks() if finding.what.startswith(about)]


def test_a_configured_office_is_all_ok(settings: Any, tmp_path: Path) -> None:
    settings.ALLOWED_HOSTS = ["localhost"]
    settings.STATE, settings.ERASURES = tmp_path, tmp_path / "erasures.jsonl"
    tokens.issue("kanal", Scope(("messages", "replies")), NOW, "test")
    offices.keep(replace(DEMO, gateways={DEMO.numbers[0]: "kanal"}), NOW)
    models.User.objects.create(username="novakova", password="!")
    assert {finding.level for finding in run_checks()} == {"ok"}


def test_every_finding_that_is_not_ok_has_a_fix() -> None:
    assert all(finding.fix for finding in run_checks() if finding.level != "ok")


@pytest.mark.parametrize(
    ("https", "proxies", "host", "level"),
    [
        pytest.param(True, [], "0.0.0.0", "error", id="the town is one caller"),
        pytest.param(True, [], "::", "error", id="by IPv6 too"),
        pytest.param(True, [], "prepazka.internal", "error", id="a name"),
        pytest.param(True, [], "127.0.0.1", "warning", id="a proxy on this machine"),
        pytest.param(True, [], "localhost", "warning", id="the same by its name"),
        pytest.param(True, ["10.0.0.5"], "0.0.0.0", "ok", id="named"),
        pytest.param(False, [], "0.0.0.0", "ok", id="no proxy, no HTTPS"),
    ],
)
def test_https_needs_its_proxy_named(settings: Any, https: bool, proxies: list[str], host: str, level: str) -> None:
    settings.HTTPS, settings.PROXIES = https, proxies
    [finding] = [one for one in run_checks(host=host) if one.what.startswith("proxies")]
    assert finding.level == level
    assert ("PREPAZKA_PROXIES" in finding.fix) == (level != "ok")


def test_no_office_is_an_error() -> None:
    assert found("offices") == [Finding("error", "offices: there is none", FIX_OF_NONE)]


def test_no_gateway_is_a_warning() -> None:
    offices.keep(DEMO, NOW)
    assert [finding.level for finding in found("gateways")] == ["warning"]


def test_a_number_bound_to_no_gateway_is_a_warning() -> None:
    models.Gateway.objects.create(name="kanal", made_at=NOW)
    offices.keep(DEMO, NOW)
    assert [finding.level for finding in found(f"office demo: {DEMO.numbers[0]} is bound to no gateway")] == ["warning"]


@pytest.mark.parametrize(
    ("kind", "one", "other", "same"),
    [
        ("smstools", {"spool": "/srv/sms"}, {"spool": "/srv/sms/"}, True),
        ("smstools", {"spool": "/srv/sms"}, {"spool": "/srv/sms2"}, False),
        ("gammu", {"database": "/srv/g.db", "phone": "a"}, {"database": "/srv/g.db", "phone": "b"}, False),
        ("gammu", {"database": "/srv/g.db", "phone": "a"}, {"database": "/srv/g.db", "phone": "a"}, True),
    ],
)
def test_two_gateways_at_one_place_are_an_error(
    kind: str, one: dict[str, str], other: dict[str, str], same: bool
) -> None:
    for name, given in (("levá", one), ("pravá", other)):
        gateways.keep(name, kind, given, NOW, "test")
    told = [finding for finding in found("gateway pravá: it has the ") if "of levá" in finding.what]
    assert [finding.level for finding in told] == (["error"] if same else [])


def test_settings_of_a_gateway_in_clear_text_or_of_an_older_key_are_a_warning(settings: Any) -> None:
    models.Gateway.objects.create(name="old", kind="smpp", settings={"host": "a", "password": "b"}, made_at=NOW)
    assert found("gateways: settings of old") == [
        Finding(
            "warning",
            "gateways: settings of old are not encrypted with the secret key of today",
            "run: prepazka migrate",
        )
    ]
    gateways.seal_anew()
    assert found("gateways: settings") == []
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "z" * 60, [settings.SECRET_KEY]
    assert [finding.level for finding in found("gateways: settings of old")] == ["warning"]


def test_second_factors_of_an_older_key_are_a_warning(settings: Any) -> None:
    offices.keep(DEMO, NOW)
    user = accounts.open_account("novakova", "!", NOW, "test", given=False)
    Authenticator.objects.create(user=user, type="totp", data={"secret": seal({"secret": "JBSW"})})
    assert found("users: 1 second factors") == []
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "z" * 60, [settings.SECRET_KEY]
    assert [finding.level for finding in found("users: 1 second factors")] == ["warning"]
    factors.seal_anew()
    assert found("users: 1 second factors") == []


def test_settings_no_key_opens_are_an_error(settings: Any) -> None:
    gateways.keep("sim", "smstools", {"spool": "/srv/sms"}, NOW, "me")
    settings.SECRET_KEY = "z" * 60
    (finding,) = found("gateway sim")
    assert (finding.level, finding.what) == (
        "error",
        "gateway sim: its settings were encrypted with another secret key",
    )
    assert "PREPAZKA_SECRET_KEY_BEFORE" in finding.fix
    assert "prepazka gateway set sim smstools" in finding.fix


def test_a_gateway_of_an_unknown_kind_is_an_error() -> None:
    models.Gateway.objects.create(name="kanal", kind="pigeon", made_at=NOW)
    assert [finding.level for finding in found("gateway kanal")] == ["error"]


@pytest.mark.parametrize(
    ("office", "expected"),
    [
        pytest.param(replace(DEMO, numbers=()), "office demo: has no number to be texted at", id="no number"),
        pytest.param(replace(DEMO, services=()), "office demo: has no services", id="no services"),
        pytest.param(
            replace(DEMO, agendas=tuple(replace(agenda, rules=()) for agenda in DEMO.agendas[:1]) + DEMO.agendas[1:]),
            "office demo: the agenda doklady has no hours",
            id="no hours",
        ),
    ],
)
def test_an_office_that_cannot_answer_is_an_error(office: Office, expected: str) -> None:
    offices.keep(office, NOW)
    assert [(finding.level, finding.what) for finding in found("office demo")] == [("error", expected)]


def test_an_office_without_counters_is_warned_of() -> None:
    offices.keep(replace(DEMO, counters=()), NOW)
    expected = "office demo: has no counters, so nobody can be called"
    assert [(finding.level, finding.what) for finding in found("office demo")] == [("warning", expected)]


@pytest.mark.parametrize(
    ("hosts", "key", "level"),
    [
        pytest.param(["127.0.0.1"], None, "ok", id="this machine only"),
        pytest.param(["urad.example"], None, "warning", id="public, with a key made here"),
        pytest.param(["urad.example"], "x" * 50, "ok", id="public, with a key given"),
    ],
)
def test_a_public_installation_should_be_given_its_key(
    hosts: list[str], key: str | None, level: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PREPAZKA_SECRET_KEY", raising=False)
    if key:
        monkeypatch.setenv("PREPAZKA_SECRET_KEY", key)
    with override_settings(ALLOWED_HOSTS=hosts):
        assert [finding.level for finding in found("secret key")] == [level]


@pytest.mark.parametrize(
    ("expires", "level"),
    [(date(2026, 9, 3), "ok"), (date(2026, 9, 2), "warning"), (NOW.date(), "warning"), (date(2026, 8, 2), "error")],
)
def test_the_end_of_the_contact_for_holes_is_reminded_of(expires: date, level: str) -> None:
    finding = check_security_contact(expires, NOW.date())
    assert (finding.level, finding.what, bool(finding.fix)) == (
        level,
        f"security.txt: holds until {expires}",
        level != "ok",
    )


@override_settings(SECURITY_CONTACT=["mailto:it@hlinsko.example"], SECURITY_EXPIRES=date(2020, 1, 1))
def test_an_installation_with_a_contact_has_it_checked() -> None:
    assert [finding.level for finding in found("security.txt")] == ["error"]


def test_a_text_that_cannot_be_sent_is_an_error() -> None:
    offices.keep(replace(DEMO, texts={"cs": {"help": "x" * 161}}), NOW)
    (finding,) = found("office demo")
    assert finding.level == "error"
    assert finding.what.startswith("office demo: the text cs help: ")


def test_a_code_that_is_a_command_word_is_a_warning() -> None:
    codes = tuple(replace(service, code="STO") for service in DEMO.services[:1])
    offices.keep(replace(DEMO, services=codes), NOW)
    assert [(finding.level, finding.what) for finding in found("office demo")] == [
        ("warning", 'office demo: services[0].code: "STO" is a command word; choose another')
    ]


# --- how it is told ----------------------------------------------------------------------------


def test_monitoring_reads_one_line_and_the_code(prepazka: Prepazka) -> None:
    offices.keep(replace(DEMO, slug="chrast", services=()), NOW)
    done = prepazka("check", "--monitoring", "--without-gateways")
    assert done.code == 2
    assert done.out.splitlines()[0] == "PREPAZKA CRITICAL - office chrast: has no services"
    offices.keep(replace(DEMO, slug="chrast", counters=()), NOW)
    done = prepazka("check", "--monitoring", "--without-gateways")
    assert (done.code, done.out.split(" - ")[0]) == (1, "PREPAZKA WARNING")


def test_one_office_is_checked_alone(prepazka: Prepazka) -> None:
    offices.keep(replace(DEMO, slug="chrast", services=()), NOW)
    offices.keep(replace(DEMO, slug="hlinsko", numbers=("+420739000021",)), NOW)
    assert "chrast" not in prepazka("check", "--office", "hlinsko", "--without-gateways").out
    missing = prepazka("check", "--office", "lhota", "--without-gateways", "--quiet")
    assert "office lhota: there is none → the offices are: chrast, hlinsko" in missing.out


def test_findings_are_json_lines_for_programs(prepazka: Prepazka) -> None:
    lines = [json.loads(line) for line in prepazka("check", "--json", "--without-gateways").out.splitlines()]
    assert {"level", "what", "fix"} == set(lines[0])
    assert {"level": "error", "what": "offices: there is none", "fix": FIX_OF_NONE} in lines


def test_a_host_that_was_refused_is_named_until_it_is_answered(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["localhost"]
    marks.put_host("objednani.hlinsko.example", clock.now())
    (finding,) = found("hosts")
    assert finding.level == "warning"
    assert "objednani.hlinsko.example" in finding.what
    assert "PREPAZKA_HOSTS" in finding.fix
    settings.ALLOWED_HOSTS = ["localhost", "objednani.hlinsko.example"]
    assert [one.level for one in found("hosts")] == ["ok"]


def test_a_misspelt_setting_is_a_finding(settings: Any) -> None:
    settings.UNKNOWN_SETTINGS = ["PREPAZKA_HSOTS is no setting; did you mean PREPAZKA_HOSTS?"]
    assert [(one.level, one.what) for one in found("settings")] == [
        ("warning", "settings: PREPAZKA_HSOTS is no setting; did you mean PREPAZKA_HOSTS?")
    ]
