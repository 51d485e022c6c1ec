"""A counter that would close by itself asks its clerk, and signing out asks about the counter."""

from datetime import timedelta

import pytest
from django.test import Client

from prepazka.core.office.office import Office
from prepazka.flows.counters import arrive, call, seat
from prepazka.store import models
from prepazka.web import access, clock
from tests.web.conftest import NOW
from tests.web.staff import SignedIn

QUARTER_PAST_FIVE = NOW + timedelta(hours=8, minutes=15)  # 17:15; Doklady closed at 17:00


@pytest.fixture
def clerk(signed_in: SignedIn, office: Office) -> Client:
    seat.sit_down(office.id, office.counters[0].id, "clerk", NOW)
    return signed_in("clerk")


def sign_out(client: Client, **fields: str) -> str:
    return client.post("/account/sign-out", fields, follow=True).content.decode().replace("\N{NO-BREAK SPACE}", " ")


def at(client: Client, monkeypatch: pytest.MonkeyPatch, minutes: int) -> str:
    """The desk so long after a quarter past five, with a session that is still good."""
    now = QUARTER_PAST_FIVE + timedelta(minutes=minutes)
    monkeypatch.setattr(clock, "now", lambda: now)
    session = client.session
    session[access._SEEN] = now.timestamp()
    session.save()
    return client.get("/demo/desk/").content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_the_desk_asks_and_one_press_keeps_it_open(clerk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Nechat otevřenou" not in at(clerk, monkeypatch, 9)
    assert "Přepážku v 17:30 zavřeme." in at(clerk, monkeypatch, 10)
    clerk.post("/demo/desk/act", {"act": "stay"})
    assert "Nechat otevřenou" not in at(clerk, monkeypatch, 11)
    assert "Přepážku v 17:40 zavřeme." in at(clerk, monkeypatch, 21)


def test_signing_out_asks_about_the_counter(clerk: Client) -> None:
    asked = sign_out(clerk)
    assert "Co s přepážkou?" in asked
    assert "Přepážka 1" in asked
    assert clerk.get("/demo/desk/").status_code == 200, "still signed in"
    assert "Co s přepážkou?" in sign_out(clerk, counter="nonsense")


@pytest.mark.parametrize(
    ("wish", "open_", "paused"), [("close", False, False), ("pause", True, True), ("keep", True, False)]
)
def test_the_answer_is_done_and_the_clerk_signed_out(clerk: Client, wish: str, open_: bool, paused: bool) -> None:
    sign_out(clerk, counter=wish)
    assert clerk.get("/demo/desk/").status_code == 302
    rows = list(models.Staffing.objects.all())
    assert bool(rows) == open_
    if open_:
        assert (rows[0].break_since is not None) == paused
        assert rows[0].away_since == NOW


def test_a_counter_with_a_client_is_not_closed_unseen(clerk: Client, office: Office) -> None:
    arrive.walk_in(office.id, "ZCD", NOW)
    call.call_next(office.id, "clerk", NOW)
    asked = sign_out(clerk, counter="close")
    assert "je tu lístek D1" in asked
    assert clerk.get("/demo/desk/").status_code == 200
    assert models.Staffing.objects.exists()
    sign_out(clerk, counter="keep")
    assert clerk.get("/demo/desk/").status_code == 302


def test_somebody_who_sits_nowhere_signs_out_as_ever(signed_in: SignedIn, office: Office) -> None:
    client = signed_in("manager")
    assert "Přihlášení" in sign_out(client)
