"""Guessing codes at a kiosk, what is told beside its tickets, and forms sent again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from playwright.sync_api import Page

from prepazka.core.office.office import Office
from prepazka.flows.counters import arrive, seat
from prepazka.flows.counters.board import board
from prepazka.store import kiosks, models, offices
from prepazka.web import clock
from prepazka.web.kiosk import views as kiosk_views
from tests.web.browsing import assert_accessible
from tests.web.conftest import NOW
from tests.web.kiosk.acts import booked, plain, touch, type_code

# --- guessing codes ----------------------------------------------------------------------------


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let the clock of the pages show so many seconds after NOW."""
    return lambda seconds: monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(seconds=seconds))


def test_after_the_fifth_wrong_code_in_a_minute_the_kiosk_takes_one_every_three_seconds(
    client: Client, office: Office, wait: Callable[[float], None]
) -> None:
    code = booked(office, 9, 15)
    wrong = next(f"{number}" for number in range(500_000, 600_000) if f"{number}" != code)
    for second in range(5):
        wait(second)
        assert "Takový kód neznáme" in type_code(client, wrong).content.decode().replace("\xa0", " ")
    wait(5)
    assert "za 2 s" in type_code(client, code).content.decode().replace("\xa0", " ").lower()
    assert not models.Ticket.objects.exists()
    wait(7)
    assert type_code(client, wrong).status_code == 200
    wait(8)
    assert "počkejte" in type_code(client, code).content.decode()
    wait(10)
    assert "<strong>D1</strong>" in type_code(client, code).content.decode()
    wait(60 * 3)
    for _ in range(5):
        assert "Takový kód neznáme" in type_code(client, wrong).content.decode().replace("\xa0", " ")


def test_codes_of_another_day_count_as_wrong_ones_and_right_ones_never(client: Client, office: Office) -> None:
    code = booked(office, 9, 15)
    for _ in range(9):
        assert "počkejte" not in type_code(client, code).content.decode()
    tomorrow = booked(office, 10, 0, days=2)
    for _ in range(5):
        type_code(client, tomorrow)
    assert "Chvilku" in type_code(client, tomorrow).content.decode()


def test_a_late_ticket_is_no_other_door_for_guesses(client: Client, office: Office) -> None:
    for _ in range(5):
        client.post("/demo/kiosk/late", {"code": "234567", "key": str(uuid4())})
    assert "Chvilku" in client.post("/demo/kiosk/late", {"code": "234567", "key": str(uuid4())}).content.decode()


def test_each_kiosk_counts_for_itself_and_the_hall_goes_on(client: Client, office: Office) -> None:
    kiosks.keep(office.id, kiosks.Device("vchod", "secret-of-the-first"), NOW, "test")
    kiosks.keep(office.id, kiosks.Device("patro", "secret-of-the-second"), NOW, "test")
    client.cookies["kiosk"] = "secret-of-the-first"
    for _ in range(5):
        type_code(client, "234567")
    assert "Chvilku" in type_code(client, "234567").content.decode()
    assert "<strong>D1</strong>" in touch(client).content.decode()
    client.cookies["kiosk"] = "secret-of-the-second"
    assert "Chvilku" not in type_code(client, "234567").content.decode()


def test_people_ahead_and_the_wait_are_told_before_a_ticket_is_taken(client: Client, office: Office) -> None:
    assert '<b>Doklady:</b> <span class="nowrap">nikdo nečeká</span>' in plain(client.get("/demo/kiosk/"))
    seat.sit_down(office.id, office.counters[0].id, "novak", NOW)
    for _ in range(7):
        arrive.walk_in(office.id, "ZOP", NOW)
    wait = board(office, NOW).agendas[0].wait
    assert wait
    told = f'<b>Doklady:</b> <span class="nowrap">čeká 7, asi {wait.low}–{wait.high} min</span>'
    assert told in plain(client.get("/demo/kiosk/"))


def test_a_closed_agenda_says_so(client: Client, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=9))
    assert "<b>Doklady:</b> teď máme zavřeno" in plain(client.get("/demo/kiosk/"))


def test_with_many_services_the_agendas_come_first(client: Client, office: Office) -> None:
    more = replace(office.services[0], code="NOV", title="další činnost", synonyms=())
    offices.keep(replace(office, services=(*office.services, more)), NOW)
    first = plain(client.get("/demo/kiosk/"))
    assert 'href="?agenda=evidence"' in first
    assert 'value="ZOP"' not in first
    chosen = plain(client.get("/demo/kiosk/?agenda=doklady&priority"))
    assert 'value="NOV"' in chosen
    assert 'value="PTP"' not in chosen
    assert 'name="priority" value="1"' in chosen
    assert 'href="?agenda=evidence"' in plain(client.get("/demo/kiosk/?agenda=nowhere"))


@pytest.mark.parametrize("path", ["", "code/"])
def test_on_a_standing_screen_everything_to_touch_is_in_reach(page: Page, office: Office, path: str) -> None:
    page.set_viewport_size({"width": 1080, "height": 1920})
    page.goto(f"/demo/kiosk/{path}")
    for button in page.locator(".touch a, .touch button, .touch input:not([type=hidden])").all():
        box = button.bounding_box()
        assert box
        assert box["y"] >= 690, button.inner_text()
        assert box["y"] + box["height"] <= 1510, button.inner_text()
    assert_accessible(page)


def test_who_comes_after_their_time_is_not_promised_a_time_that_is_over(
    client: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = booked(office, 9, 15)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=24))  # 9:24
    page = plain(type_code(client, code))
    assert "kolem" not in page
    assert "Zavoláme vás, jakmile se uvolní přepážka." in page


def test_a_form_sent_again_prints_no_second_paper(
    client: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers: list[str] = []

    def take(printer: str, office: Office, given: Any, wait: str, now: Any) -> bool:
        papers.append(given.ticket.label)
        return len(papers) > 1

    monkeypatch.setattr(kiosk_views, "print_ticket", take)
    kiosks.keep(office.id, kiosks.Device("hala", "secret", "10.0.0.9"), NOW, "test")
    client.get("/demo/kiosk/pair/secret")
    form = {"service": "ZOP", "key": str(uuid4())}
    for _ in range(3):
        page = plain(client.post("/demo/kiosk/walk-in", form, follow=True))
        assert "Tiskárna teď netiskne" in page, "as it was told the first time"
    assert papers == ["D1"]
    client.post("/demo/kiosk/walk-in", form | {"key": str(uuid4())})
    assert papers == ["D1", "D2"]


def test_the_cookie_of_a_kiosk_lasts_400_days_and_is_renewed_on_use(client: Client, office: Office) -> None:
    kiosks.keep(office.id, kiosks.Device("hala", "secret"), NOW, "test")
    assert client.get("/demo/kiosk/pair/secret").cookies["kiosk"]["max-age"] == 400 * 24 * 3600
    assert client.get("/demo/kiosk/code/").cookies["kiosk"]["max-age"] == 400 * 24 * 3600
