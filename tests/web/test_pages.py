"""The office's page, its errors, and the headers of both."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import date, time

import pytest
from django.test import Client

from prepazka.core.office.office import Closure, ExtraDay, Hours, Office
from prepazka.store import models, offices
from prepazka.web import hours
from prepazka.web.hours import Difference
from prepazka.web.rules import describe_rules
from prepazka.web.typography import bind
from tests.offices import EVIDENCE, demo_office
from tests.web.conftest import NOW

TODAY = date(2026, 8, 3)

# --- which page ---------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/demo/"])
def test_the_one_office_is_shown_at_both_addresses(office: Office, client: Client, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 200
    assert '<html lang="cs">' in page.content.decode()
    assert "+420\u00a0739\u00a0547\u00a0765" in page.content.decode()
    assert all(bind(service.title[1:]) in page.content.decode() for service in office.services)


def test_several_offices_are_listed(office: Office, client: Client) -> None:
    offices.keep(replace(demo_office(), slug="druhy", name="Druhý úřad", numbers=("+420739000000",)), NOW)
    page = client.get("/").content.decode()
    assert 'href="/demo/"' in page
    assert 'href="/druhy/"' in page
    assert "Druhý úřad" in client.get("/druhy/").content.decode()


def test_without_an_office_the_operator_is_reported_how_to_add_one(transactional_db: None, client: Client) -> None:
    assert "prepazka load-office" in client.get("/").content.decode()


def test_the_phone_is_mentioned_only_where_it_is(office: Office, client: Client, simulator: object) -> None:
    assert "/phone/demo/" in client.get("/").content.decode()
    simulator.SIMULATOR = False  # type: ignore[attr-defined]  # the settings fixture has no type
    assert "/phone/" not in client.get("/").content.decode()


def test_what_an_office_writes_stays_text(office: Office, client: Client) -> None:
    models.Office.objects.update(name="<script>alert(1)</script>", version=99)
    assert "<script>alert" not in client.get("/").content.decode()


# --- when it is open ----------------------------------------------------------------------------


def test_agendas_with_the_same_hours_are_reported_together(office: Office) -> None:
    (week,) = hours.list_usual_hours(office, TODAY)
    assert week.agendas == "Doklady a Evidence obyvatel"
    assert week.days[0] == ("pondělí", "8:00–11:30, 12:30–17:00")
    assert week.days[4] == ("pátek", "8:00–14:30")
    assert week.days[6] == ("neděle", "")


def test_agendas_with_other_hours_are_reported_apart() -> None:
    office = demo_office()
    doklady, evidence = office.agendas
    shorter = replace(evidence, rules=evidence.rules[:1])
    usual = hours.list_usual_hours(replace(office, agendas=(doklady, shorter)), TODAY)
    assert [week.agendas for week in usual] == ["Doklady", "Evidence obyvatel"]
    assert usual[1].days[1] == ("úterý", "")


def test_only_rules_valid_in_the_coming_days_are_reported() -> None:
    office = demo_office()
    doklady, evidence = office.agendas
    monday, *rest = evidence.rules
    until_now = replace(monday, valid_to=TODAY.replace(day=2))
    from_now = replace(monday, hours=Hours(time(9), time(10), 15, 1), valid_from=TODAY)
    changed = replace(evidence, rules=(until_now, from_now, *rest))
    usual = hours.list_usual_hours(replace(office, agendas=(doklady, changed)), TODAY)
    assert usual[1].days[0] == ("pondělí", "9:00–10:00")


@pytest.mark.parametrize(
    ("change", "today", "expected"),
    [
        pytest.param(
            {}, TODAY, [("pondělí\u00a028.\u00a09.\u00a02026", "zavřeno, Den české státnosti", "")], id="holidays"
        ),
        pytest.param(
            {},
            date(2026, 10, 1),
            [
                ("středa\u00a028.\u00a010.\u00a02026", "zavřeno, Den vzniku samostatného československého státu", ""),
                (
                    "úterý\u00a017.\u00a011.\u00a02026",
                    "zavřeno, Den boje za svobodu a demokracii a Mezinárodní den studentstva",
                    "",
                ),
            ],
            id="holidays only of the next weeks",
        ),
        pytest.param({"holidays": None}, TODAY, [], id="an office that keeps no holidays"),
        pytest.param(
            {"closures": (Closure(date(2026, 8, 10), date(2026, 8, 14), "malování"),), "holidays": None},
            TODAY,
            [("pondělí\u00a010.\u00a08.\u00a02026 – pátek\u00a014.\u00a08.\u00a02026", "zavřeno, malování", "")],
            id="a closure of days",
        ),
        pytest.param(
            {
                "closures": (
                    Closure(date(2026, 8, 10), date(2026, 8, 10), "školení", EVIDENCE, time(9), time(11, 30)),
                ),
                "holidays": None,
            },
            TODAY,
            [("pondělí\u00a010.\u00a08.\u00a02026", "zavřeno 9:00–11:30, školení", "Evidence obyvatel")],
            id="a closure of an agenda for hours",
        ),
        pytest.param(
            {"closures": (Closure(date(2026, 7, 1), date(2026, 8, 2), "dovolená"),), "holidays": None},
            TODAY,
            [],
            id="a closure that is over",
        ),
        pytest.param(
            {"closures": (Closure(date(2026, 10, 3), date(2026, 10, 4), "volby"),), "holidays": None},
            TODAY,
            [],
            id="a closure far away",
        ),
    ],
)
def test_days_that_differ_are_listed(
    change: dict[str, object], today: date, expected: list[tuple[str, str, str]]
) -> None:
    office = replace(demo_office(), **change)  # type: ignore[arg-type]  # fields of Office
    found = hours.list_differences(office, today)
    assert [(one.when, one.what, one.concerns) for one in found] == expected


def test_an_extra_day_is_reported() -> None:
    office = demo_office()
    doklady, evidence = office.agendas
    extra = ExtraDay(date(2026, 8, 8), Hours(time(9), time(12), 15, 1))
    office = replace(office, agendas=(replace(doklady, extra_days=(extra,)), evidence), holidays=None)
    assert hours.list_differences(office, TODAY) == [
        Difference(extra.day, "sobota\u00a08.\u00a08.\u00a02026", "otevřeno 9:00–12:00", "Doklady")
    ]


# --- rules in words -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        pytest.param(
            {"horizon_days": 1}, "nejvýše 1 den dopředu, dnes tedy nejpozději na úterý 4. 8. 2026", id="one day"
        ),
        pytest.param({"horizon_days": 4}, "nejvýše 4 dny dopředu", id="few days"),
        pytest.param(
            {"horizon_days": 60}, "nejvýše 60 dní dopředu, dnes tedy nejpozději na pátek 2. 10.", id="many days"
        ),
        pytest.param({"horizon_days": 62}, "dnes tedy nejpozději na pátek 2. 10.", id="until a Sunday"),
        pytest.param({"notice_minutes": 120}, "nejpozději 2 hodiny před začátkem", id="notice"),
        pytest.param({"notice_minutes": 90}, "nejpozději 90 minut před začátkem", id="notice in minutes"),
        pytest.param({"open_per_sender": 4}, "nejvýše 4 objednávky", id="limit"),
        pytest.param(
            {"open_per_sender_and_agenda": 2},
            "v jedné agendě (Doklady a Evidence obyvatel) nejvýše 2 objednávky",
            id="a limit in an agenda",
        ),
        pytest.param({"open_per_sender_and_day": 1}, "na jeden den nejvýše 1 objednávku", id="a further limit"),
        pytest.param({"persons_at_most": 3}, "například OBJ ZOP 2X PRIJMENI (nejvýše 3 osoby)", id="persons"),
        pytest.param({"cancel_until_minutes": 0}, "kdykoli až do jejího začátku", id="cancelling"),
        pytest.param({"cancel_until_minutes": 2880}, "nejpozději 2 dny před jejím začátkem", id="a deadline"),
    ],
)
def test_settings_are_reported_as_sentences(chosen: dict[str, int], sentence: str) -> None:
    office = demo_office()
    sentences = describe_rules(replace(office, settings=replace(office.settings, **chosen)), TODAY)  # type: ignore[arg-type]
    assert sentence in " ".join(sentences).replace("\u00a0", " ")


def test_what_does_not_apply_is_not_told() -> None:
    office = demo_office()
    text = " ".join(describe_rules(replace(office, settings=replace(office.settings, persons_at_most=1)), TODAY))
    assert "2X" not in text
    assert "před začátkem" not in text
    assert "bez háčků" in text
    accented = replace(office, settings=replace(office.settings, accents="full"))
    assert "bez háčků" not in " ".join(describe_rules(accented, TODAY))


# --- headers and errors -------------------------------------------------------------------------

PATHS = ["/", "/phone/demo/", "/nowhere/", "/api/docs", "/api/v1/offices/demo/services", "/static/web/pages.css"]


def headers_of(client: Client, path: str) -> Mapping[str, str]:
    with closing(client.get(path)) as answer:
        return answer.headers


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_guarded(office: Office, client: Client, path: str) -> None:
    headers = headers_of(client, path)
    policy = dict(directive.strip().split(" ", 1) for directive in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["form-action"] == "'self'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]


def test_only_the_documentation_may_style_its_elements(office: Office, client: Client) -> None:
    allowing = [path for path in PATHS if "unsafe" in headers_of(client, path)["Content-Security-Policy"]]
    assert allowing == ["/api/docs"]


def test_a_page_that_is_not_there_is_reported_calmly(client: Client, transactional_db: None) -> None:
    page = client.get("/nowhere/")
    assert page.status_code == 404
    assert "Stránka tu není" in page.content.decode()


def test_a_host_that_is_not_ours_is_refused(office: Office, client: Client) -> None:
    page = client.get("/", headers={"Host": "elsewhere.example"})
    assert page.status_code == 400
    assert "Na této adrese stránky úřadu nejsou" in page.content.decode()


def test_a_form_without_its_token_is_refused(office: Office) -> None:
    page = Client(enforce_csrf_checks=True).post("/phone/demo/", {"text": "POMOC"})
    assert page.status_code == 403
    assert "Stránka platí jen po určitou dobu" in page.content.decode()


def test_a_failure_of_ours_is_reported_calmly(office: Office, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offices, "names", lambda: 1 / 0)
    client.raise_request_exception = False
    page = client.get("/")
    assert page.status_code == 500
    assert "Omlouváme se" in page.content.decode()
    assert "ZeroDivisionError" not in page.content.decode()
