"""What an administrator types in their own way: taken as it is meant, or refused at its field with the fix."""

from datetime import date, time

import pytest
from django.test import Client

from prepazka.store import kiosks, models, offices
from tests.web.admin.test_words import post, text_of
from tests.web.staff import SignedIn

HOURS = "/demo/admin/agendas/evidence/hours/new"
SATURDAY = {"days": ["sat"], "opens": "8.00", "closes": "15 h", "step": "15", "lanes": "1"}


@pytest.fixture
def client(signed_in: SignedIn) -> Client:
    return signed_in("administrator")


@pytest.mark.parametrize("breaks", ["11.30-12.30", " 11:30 – 12:30 ", "11.30 až 12.30", "11:30—12.30;"])
def test_breaks_are_taken_as_they_are_typed(client: Client, breaks: str) -> None:
    assert post(client, HOURS, **SATURDAY, breaks=breaks).endswith("?done=saved")
    [rule] = [one for one in offices.load(offices.find("demo") or 0).agendas[1].rules if one.weekday == 5]
    assert (rule.hours.opens, rule.hours.closes) == (time(8), time(15))
    assert rule.hours.breaks == ((time(11, 30), time(12, 30)),)


def test_two_breaks_are_two(client: Client) -> None:
    assert post(client, HOURS, **SATURDAY, breaks="9.30–9.45 a 11–12").endswith("?done=saved")
    [rule] = [one for one in offices.load(offices.find("demo") or 0).agendas[1].rules if one.weekday == 5]
    assert rule.hours.breaks == ((time(9, 30), time(9, 45)), (time(11), time(12)))


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("breaks", "v poledne", "Napište přestávku jako 11.30–12.30"),
        ("breaks", "11.30", "Napište přestávku jako 11.30–12.30"),
        ("breaks", "12.30–11.30", "Přestávka končí dřív, než začíná."),
        ("opens", "ráno", "Napište čas jako 8:00."),
        ("closes", "24.00", "Napište čas jako 8:00."),
        ("closes", "7", "Konec musí být později než začátek."),
        ("valid_from", "31. 11. 2026", "Napište platné datum."),
    ],
)
def test_what_cannot_be_read_is_told_at_its_field(client: Client, field: str, typed: str, told: str) -> None:
    page = post(client, HOURS, **SATURDAY | {field: typed})
    assert told in page[page.index(f'for="id_{field}"') : page.index(f'name="{field}"')]
    assert not [one for one in offices.load(offices.find("demo") or 0).agendas[1].rules if one.weekday == 5]


def test_a_day_without_the_browsers_calendar_is_read_too(client: Client) -> None:
    closure = {"first": "28. 9. 2026", "last": "", "since": "12.00", "until": "17", "reason": "školení"}
    assert post(client, "/demo/admin/closures/new", **closure).endswith("?done=saved")
    kept = [one for one in offices.load(offices.find("demo") or 0).closures if one.reason == "školení"]
    assert [(one.first, one.last, one.since, one.until) for one in kept] == [
        (date(2026, 9, 28), date(2026, 9, 28), time(12), time(17))
    ]


@pytest.mark.parametrize("typed", ["601 234 777", "+420 601 234 777", "601-234-777", "00420 601 234 777"])
def test_a_number_is_taken_as_it_is_typed(client: Client, typed: str) -> None:
    assert post(client, "/demo/admin/numbers/new", number=typed).endswith("?done=saved")
    assert offices.load(offices.find("demo") or 0).numbers[-1] == "+420601234777"


@pytest.mark.parametrize("typed", ["601 234 777 888 999 000", "601 234 77O", "infolinka"])
def test_what_is_no_number_is_told_at_its_field(client: Client, typed: str) -> None:
    page = post(client, "/demo/admin/numbers/new", number=typed)
    assert "To není telefonní číslo." in page[page.index('for="id_number"') : page.index('name="number"')]


@pytest.mark.parametrize(
    ("address", "kind"), [("/demo/admin/kiosks/new", "kiosk"), ("/demo/admin/screens/new", "screen")]
)
def test_a_device_may_be_named_with_capitals_once(client: Client, address: str, kind: str) -> None:
    assert client.post(address, {"name": "Vchod HLAVNÍ"}).status_code == 200
    demo = offices.find("demo") or 0
    assert [(one.name, one.kind) for one in kiosks.of_office(demo)] == [("vchod-hlavni", kind)]
    assert "už tu je" in text_of(client.post(address, {"name": "vchod  hlavní"}).content)
    assert models.Kiosk.objects.count() == 1


def test_a_name_without_a_letter_is_refused(client: Client) -> None:
    assert "Použijte nejvýše 40 malých písmen" in text_of(client.post("/demo/admin/kiosks/new", {"name": "?!"}).content)
    assert models.Kiosk.objects.count() == 0
