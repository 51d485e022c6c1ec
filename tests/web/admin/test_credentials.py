"""Tokens and strays in the administration: an operator says what each token may do, and assigns strays."""

import re
from hashlib import sha256
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from prepazka.core.credentials import PURPOSES, Scope
from prepazka.flows.inbound.intake import store
from prepazka.gateways.values import Inbound
from prepazka.store import gateways, models, strays
from tests.web.conftest import ME, NOW, NUMBER, bind, message
from tests.web.staff import SignedIn

NEW, TOKEN = "/demo/admin/gateways/tokens/new", "/demo/admin/gateways/tokens/of/brana"
STRAYS = "/demo/admin/gateways/strays/"


@pytest.fixture
def operator(signed_in: SignedIn) -> Client:
    return signed_in("operator")


def audit_entries(what: str) -> list[Any]:
    return list(models.Audit.objects.filter(what=what).order_by("id").values_list("who", "details"))


def shown(page: Any) -> str:
    token = re.search(r'id="token">([^<]+)<', page.content.decode())
    assert token
    return token[1]


def hand_in(token: str) -> Any:
    cache.clear()
    headers = {"Authorization": f"Bearer {token}"}
    return Client().post("/api/v1/messages", message(text="POMOC"), "application/json", headers=headers)


def scope() -> Scope | None:
    found = gateways.find("brana")
    assert found
    return found.token


# --- tokens -------------------------------------------------------------------------------------


def test_the_operator_gives_a_token_shown_once_and_withdraws_it(operator: Client) -> None:
    token = shown(operator.post(NEW, {"name": "brana", "purposes": ["messages", "replies"], "numbers": [NUMBER]}))
    assert models.Gateway.objects.get().token_sha256 == sha256(token.encode()).hexdigest()
    assert token not in operator.get(TOKEN).content.decode()
    assert TOKEN in operator.get("/demo/admin/gateways/").content.decode()
    assert hand_in(token).json()["outcome"] == "help"
    again = shown(operator.post(TOKEN, {"give": "1", "purposes": ["messages"], "numbers": [NUMBER]}))
    assert hand_in(token).status_code == 401
    assert hand_in(again).json()["outcome"] is None
    assert operator.post(TOKEN, {"withdraw": "1"})["Location"].endswith("?done=withdrawn")
    assert hand_in(again).status_code == 401
    details = {"gateway": "brana", "numbers": [NUMBER]}
    assert audit_entries("gateway token given") == [
        ("operator", {**details, "purposes": ["messages", "replies"]}),
        ("operator", {**details, "purposes": ["messages"]}),
    ]
    assert audit_entries("gateway token withdrawn") == [("operator", {"gateway": "brana"})]


def test_the_least_is_filled_in(operator: Client) -> None:
    page = operator.get(NEW).content.decode()
    boxes = re.findall(r'<input type="checkbox" name="purposes" value="(\w+)"([^>]*)>', page)
    assert [value for value, _ in boxes] == list(PURPOSES)
    assert [value for value, more in boxes if "checked" in more] == ["messages"]


def test_what_a_token_may_do_is_shown_and_changed_without_a_new_one(operator: Client) -> None:
    token = shown(operator.post(NEW, {"name": "brana", "purposes": list(PURPOSES)}))
    bind(NUMBER, "brana")
    assert operator.get(TOKEN).content.decode().count("checked") == 3
    saved = operator.post(TOKEN, {"save": "1", "purposes": ["bookings"], "numbers": [NUMBER]})
    assert saved["Location"].endswith("?done=saved")
    assert scope() == Scope(("bookings",), (NUMBER,))
    assert hand_in(token).status_code == 403
    trail = operator.get("/account/events").content.decode()
    assert "Klíči brány změněna oprávnění" in trail
    assert "rušit objednávky" in trail


def test_a_number_of_another_gateway_is_not_offered(operator: Client) -> None:
    models.Gateway.objects.create(name="modem", kind="gammu", made_at=NOW)
    bind(NUMBER, "modem")
    assert NUMBER not in operator.get(NEW).content.decode()
    refused = operator.post(NEW, {"name": "brana", "purposes": ["messages"], "numbers": [NUMBER]})
    assert refused.status_code == 200
    assert not models.Gateway.objects.filter(name="brana").exists()


def test_a_gateway_of_any_kind_may_have_a_token_and_is_removed_on_its_own_page(operator: Client) -> None:
    models.Gateway.objects.create(name="brana", kind="android", made_at=NOW)
    assert TOKEN in operator.get("/demo/admin/gateways/").content.decode()
    shown(operator.post(TOKEN, {"give": "1", "purposes": ["bookings"]}))
    operator.post(TOKEN, {"remove": "1", "purposes": ["bookings"]})
    assert models.Gateway.objects.filter(name="brana").exists()


def test_a_gateway_that_only_calls_is_removed_once_it_has_no_number(operator: Client) -> None:
    operator.post(NEW, {"name": "brana", "purposes": ["messages"], "numbers": [NUMBER]})
    assert "Brána má přidělené číslo" in operator.post(TOKEN, {"remove": "1"}).content.decode()
    models.Number.objects.update(gateway=None)
    assert operator.post(TOKEN, {"remove": "1"})["Location"].endswith("?done=removed")


@pytest.mark.parametrize(
    ("name", "words"),
    [("Brána", "Použijte nejvýše 40"), ("there", "už tu je"), ("phone", "už tu je"), ("", "Toto pole je")],
)
def test_a_mistake_of_a_token_is_reported(operator: Client, name: str, words: str) -> None:
    models.Gateway.objects.create(name="there", kind="android", made_at=NOW)
    assert words in operator.post(NEW, {"name": name, "purposes": ["messages"]}).content.decode()
    assert "Toto pole je" in operator.post(NEW, {"name": "brana"}).content.decode(), "a token is for something"
    assert models.Gateway.objects.get().token_sha256 is None


# --- strays -------------------------------------------------------------------------------------


def stray() -> None:
    models.Gateway.objects.create(name="brana", kind="test", made_at=NOW)
    store([Inbound("brana", "1", ME, NUMBER, "OBJ ZOP 11.8. 9:15 <b>DVORAK", NOW)], NOW)


def test_the_operator_sees_strays_and_assigns_them_once_their_number_is_bound(operator: Client) -> None:
    stray()
    assert STRAYS in operator.get("/demo/admin/gateways/").content.decode()
    page = operator.get(STRAYS).content.decode()
    assert "&lt;b&gt;DVORAK" in page
    assert ME not in page
    assert "Předat úřadu" not in page
    refused = operator.post(STRAYS, {"number": NUMBER})
    assert "Toto číslo teď žádná brána nemá" in refused.content.decode()

    bind(NUMBER, "brana")
    assert "Předat úřadu Městský úřad" in operator.get(STRAYS).content.decode()
    assert operator.post(STRAYS, {"number": NUMBER})["Location"].endswith("?done=assigned")
    assert models.Inbound.objects.get().state == "waiting"
    assert "Žádné tu nejsou" in operator.get(STRAYS).content.decode()


@pytest.mark.parametrize("who", ["administrator", "manager", "foreign"])
def test_nobody_else_sees_or_assigns_them(signed_in: SignedIn, who: str) -> None:
    stray()
    bind(NUMBER, "brana")
    client = signed_in(who)
    for answer in (client.get(STRAYS), client.post(STRAYS, {"number": NUMBER})):
        assert answer.status_code == (404 if who == "foreign" else 403)
        assert "DVORAK" not in answer.content.decode()
    assert STRAYS not in client.get("/demo/admin/gateways/").content.decode()
    assert strays.count() == 1
