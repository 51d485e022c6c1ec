"""Forms of the administration sent twice, by a double press or by the browser's way back: one thing, told as saved."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.test import Client

from prepazka.core.office.office import Closure, Office
from prepazka.store import models, offices
from tests.web.conftest import NOW
from tests.web.staff import SignedIn

HOURS = {"opens": "08:00", "closes": "11:00", "breaks": "", "step": "15", "lanes": "1"}
NEW = [
    ("agendas/new", {"title": "Matrika", "walk_ins_stop_minutes": "0", "service_minutes": "10"}, "agendas"),
    ("counters/new", {"title": "Přepážka 9", "agendas": ["doklady"]}, "counters"),
    ("services/new", {"code": "RYB", "title": "rybářský lístek", "agenda": "doklady", "minutes": "15"}, "services"),
    ("answers/new", {"title": "Děti", "text": "Ano,\r\ni s dětmi."}, "answers"),
    ("closures/new", {"first": "2026-08-24", "reason": "Školení"}, "closures"),
    ("closures/new", {"first": "24. 8. 2026", "since": "9.00", "until": "10.00", "reason": "Školení"}, "closures"),
    ("closures/now", {"reason": "Havárie vody"}, "closures"),
]


@pytest.fixture
def client(signed_in: SignedIn, office: Office) -> Client:
    return signed_in("administrator")


def demo() -> Office:
    return offices.load(models.Office.objects.get(slug="demo").id)


def seen(client: Client, path: str) -> str:
    return client.get(path).content.decode().partition('name="seen" value="')[2].partition('"')[0]


@pytest.mark.parametrize(("page", "form", "part"), NEW)
def test_a_form_sent_twice_adds_one_thing(client: Client, page: str, form: dict[str, Any], part: str) -> None:
    path = f"/demo/admin/{page}"
    before = len(getattr(demo(), part))
    sent = form | {"seen": seen(client, path)}
    for _ in range(2):
        answer = client.post(path, sent)
        assert (answer.status_code, answer.headers.get("Location", "")[-10:]) == (302, "done=saved")
    assert len(getattr(demo(), part)) == before + 1
    assert models.Audit.objects.filter(what="office changed", who="administrator").count() == 1


def test_hours_and_extra_days_too(client: Client, office: Office) -> None:
    for page, form in (
        ("agendas/doklady/hours/new", HOURS | {"days": ["sat", "sun"]}),
        ("agendas/doklady/extra-days/new", HOURS | {"day": "2026-08-15"}),
    ):
        path = f"/demo/admin/{page}"
        sent = form | {"seen": seen(client, path)}
        assert [client.post(path, sent).headers.get("Location", "")[-10:] for _ in range(2)] == ["done=saved"] * 2
    assert sum(rule.weekday == 5 for rule in demo().agendas[0].rules) == 1
    assert len(demo().agendas[0].extra_days) == 1


def test_what_differs_in_anything_is_another_thing(client: Client, office: Office) -> None:
    path = "/demo/admin/closures/new"
    for reason in ("Školení", "Sanitární den"):
        for first in ("2026-08-24", "2026-08-25"):
            client.post(path, {"first": first, "reason": reason, "seen": seen(client, path)})
    assert len(demo().closures) == 4


def test_a_slide_sent_twice_is_one_slide(client: Client, office: Office) -> None:
    for text in ("Vítejte", "Vítejte", "Jiný", "Vítejte"):
        answer = client.post("/demo/admin/screens/slides/new", {"text": text})
        assert "done=saved" in answer.headers["Location"]
    assert list(models.Slide.objects.order_by("id").values_list("text", flat=True)) == ["Vítejte", "Jiný", "Vítejte"]


@pytest.mark.parametrize(
    ("page", "form", "words"),
    [
        ("closures/new", {"first": "2025-08-24", "reason": "Školení"}, "Tento den už minul"),
        ("closures/new", {"first": "24. 8. 2025", "reason": "Školení"}, "Tento den už minul"),
        ("closures/new", {"first": "2026-08-01", "last": "2026-08-02", "reason": "Školení"}, "Tento den už minul"),
        ("closures/new", {"first": "2206-08-24", "reason": "Školení"}, "To je příliš daleko"),
        ("closures/new", {"first": "2026-08-24", "last": "2206-08-24", "reason": "Školení"}, "To je příliš daleko"),
        (
            "closures/new",
            {"first": "2026-08-24", "last": "2026-08-23", "reason": "Školení"},
            "nesmí být dřív než první",
        ),
        ("closures/new", {"first": "2026-02-30", "reason": "Školení"}, "platné datum"),
        ("agendas/doklady/extra-days/new", HOURS | {"day": "2026-08-02"}, "Tento den už minul"),
        ("agendas/doklady/hours/new", HOURS | {"days": ["sat"], "valid_to": "2025-12-31"}, "Tento den už minul"),
        ("agendas/doklady/hours/new", HOURS | {"days": ["sat"], "valid_from": "2206-01-01"}, "To je příliš daleko"),
    ],
)
def test_a_day_nobody_means_is_told(client: Client, page: str, form: dict[str, Any], words: str) -> None:
    path = f"/demo/admin/{page}"
    before = demo()
    answer = client.post(path, form | {"seen": seen(client, path)})
    assert answer.status_code == 200
    assert words in answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert demo() == before


def test_a_closure_that_goes_on_may_be_entered_and_an_old_one_changed(client: Client, office: Office) -> None:
    past = Closure(date(2026, 7, 1), date(2026, 7, 2), "Malování")
    offices.keep(replace(office, closures=(past,)), NOW)
    path = "/demo/admin/closures/new"
    going_on = {"first": "2026-08-01", "last": "2026-08-05", "reason": "Stěhování", "seen": seen(client, path)}
    assert client.post(path, going_on).status_code == 302
    changed = {"first": "2026-07-01", "last": "2026-07-03", "reason": "Malování"}
    old = "/demo/admin/closures/0"
    assert client.post(old, changed | {"seen": seen(client, old)}).status_code == 302
    assert [(one.first.day, one.last.day) for one in demo().closures] == [(1, 3), (1, 5)]
