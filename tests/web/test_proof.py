"""The proof of work: done by the browser itself, good for one form, and asked of everybody while forms are misused."""

import json
from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from typing import Any

import altcha
import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, expect

from prepazka.core.office.office import Office
from prepazka.store import models, offices
from prepazka.web import clock, proof
from tests.offices import demo_office
from tests.web.browsing import assert_accessible
from tests.web.conftest import NOW

START = "/demo/book/ZOP/2026-08-10/14-00/"
WHO = {"name": "Iva Malá", "phone": "731 246 802", "key": "5b3b4f44-6f4e-4f7e-8f2b-1c9a3a1f0b77"}


@pytest.fixture(autouse=True)
def asking(transactional_db: None) -> Office:
    return keep(proof_of_work=True)


def keep(**settings: Any) -> Office:
    office = demo_office()
    return offices.load(offices.keep(replace(office, settings=replace(office.settings, **settings)), NOW))


def asked(answer: Any) -> dict[str, str]:
    """The hidden fields of a form that has to be confirmed, with the work it asks for."""
    return {"stamp": answer.context["stamp"], "challenge": answer.context["challenge"]}


def solve(challenge: str) -> str:
    """Do the work, as a browser does."""
    work = altcha.Challenge.from_dict(json.loads(challenge))
    solution = altcha.solve_challenge(work)
    assert solution
    return str(altcha.Payload(work, solution).to_base64())


def booked() -> int:
    return models.Booking.objects.count()


def test_a_form_with_its_work_done_books_at_once(client: Client) -> None:
    first = client.post(START, WHO)
    assert (first.status_code, booked()) == (429, 0)
    work = asked(first)
    answer = client.post(START, WHO | {"stamp": work["stamp"], "altcha": solve(work["challenge"])})
    assert (answer.status_code, booked()) == (302, 1)


def test_work_is_good_for_one_form_only(client: Client) -> None:
    work = asked(client.post(START, WHO))
    done = {"stamp": work["stamp"], "altcha": solve(work["challenge"])}
    assert client.post(START, WHO | done).status_code == 302
    for other in ({"phone": "605 987 654"}, {"name": "Petr Velký"}):
        assert client.post(START, WHO | done | other).status_code == 429, other
    assert client.post("/demo/book/ZOP/2026-08-10/15-00/", WHO | done).status_code == 429
    assert booked() == 1


def test_work_of_another_stamp_is_none(client: Client) -> None:
    other = asked(client.post(START, WHO | {"phone": "605 987 654"}))
    work = asked(client.post(START, WHO))
    forged = {"stamp": work["stamp"], "altcha": solve(other["challenge"])}
    assert client.post(START, WHO | forged).status_code == 429
    assert booked() == 0


@pytest.mark.parametrize(
    "given",
    [
        pytest.param("", id="none"),
        pytest.param("nonsense", id="nonsense"),
        pytest.param(b64encode(b"[" * 3_000).decode(), id="nested without end"),
        pytest.param(b64encode(b'{"challenge": {}, "solution": {}}').decode(), id="empty"),
        pytest.param("A" * 100_000, id="endless"),
    ],
)
def test_what_is_no_work_confirms_nothing(client: Client, given: str) -> None:
    work = asked(client.post(START, WHO))
    assert client.post(START, WHO | {"stamp": work["stamp"], "altcha": given}).status_code == 429
    assert booked() == 0


def test_easier_work_that_a_robot_made_up_is_none(client: Client) -> None:
    work = asked(client.post(START, WHO))
    easy = altcha.create_challenge(
        "PBKDF2/SHA-256", 1, key_prefix="", data={"stamp": work["stamp"]}, hmac_secret="guessed"
    )
    forged = solve(json.dumps(easy.to_dict()))
    assert client.post(START, WHO | {"stamp": work["stamp"], "altcha": forged}).status_code == 429
    assert booked() == 0


def test_without_scripts_the_form_is_pressed_once_more(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    work = asked(client.post(START, WHO))
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(seconds=4))
    assert client.post(START, WHO | {"stamp": work["stamp"]}).status_code == 302
    assert booked() == 1


def test_an_office_that_does_not_want_it_asks_nobody(client: Client) -> None:
    keep(proof_of_work=False)
    assert client.post(START, WHO).status_code == 302


def test_refusals_switch_it_on_and_quiet_switches_it_off(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    office = keep(proof_of_work=False)
    for n in range(29):
        client.post(START, WHO | {"phone": f"541 234 5{n:02}"})
    assert not proof.asks_everybody(office.id, NOW)
    client.post(START, WHO | {"phone": "+979 123 456 789"})
    assert proof.asks_everybody(office.id, NOW)
    assert client.post(START, WHO).status_code == 429
    later = NOW + timedelta(minutes=21)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert not proof.asks_everybody(office.id, later)
    assert client.post(START, WHO).status_code == 302


def test_one_office_misused_asks_nobody_of_another(client: Client) -> None:
    keep(proof_of_work=False)
    other = offices.keep(replace(demo_office(), slug="jinde", numbers=("+420739000111",)), NOW)
    for n in range(31):
        client.post(START, WHO | {"phone": f"541 234 5{n:02}"})
    assert not proof.asks_everybody(other, NOW)


def test_a_browser_does_the_work_by_itself_and_loads_nothing_from_elsewhere(context: BrowserContext) -> None:
    page = context.new_page()
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.goto(START)
    page.get_by_label("Jméno a příjmení").fill("Iva Malá")
    page.get_by_label("Mobilní telefon").fill("731 246 802")
    page.get_by_role("button", name="Objednat").click()
    expect(page.get_by_role("heading", name="Objednáno")).to_be_visible()
    assert booked() == 1
    assert {url.split("/")[2] for url in requested if url.startswith("http")} == {page.url.split("/")[2]}


def test_the_page_that_asks_is_accessible(context: BrowserContext) -> None:
    page = context.new_page()
    page.route("**/proof.js", lambda route: route.abort())
    page.goto(START)
    page.get_by_label("Jméno a příjmení").fill("Iva Malá")
    page.get_by_label("Mobilní telefon").fill("731 246 802")
    page.get_by_role("button", name="Objednat").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    assert_accessible(page)
