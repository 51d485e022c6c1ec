"""Who calls (docs/spec/safety.md §2.1): addresses that cannot be invented, and limits that shut nobody out (§2.4)."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client

from prepazka.core.office.office import Office
from prepazka.core.rate_limits import WEB_BOOKINGS
from prepazka.store import models, offices, rate_limits
from prepazka.web import clock
from prepazka.web.callers import caller_address, know_caller
from tests.offices import demo_office
from tests.web.conftest import NOW
from tests.web.staff import SignedIn

DAY = "2026-08-10"


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "caller"),
    [
        pytest.param([], "127.0.0.1", "198.51.100.7", "127.0.0.1", id="no proxy is trusted"),
        pytest.param(["127.0.0.1"], "127.0.0.1", "198.51.100.7", "198.51.100.7", id="by our proxy"),
        pytest.param(
            ["127.0.0.1"], "127.0.0.1", "10.9.9.9, 198.51.100.7", "198.51.100.7", id="made up before our proxy"
        ),
        pytest.param(["127.0.0.1"], "127.0.0.1", "127.0.0.1,198.51.100.7", "198.51.100.7", id="plays our proxy"),
        pytest.param(["10.0.0.0/8"], "10.0.0.2", "198.51.100.7, 10.0.0.1", "198.51.100.7", id="by two of ours"),
        pytest.param(["10.0.0.0/8"], "10.0.0.2", "10.4.4.4,10.0.0.1", "10.4.4.4", id="a colleague within our network"),
        pytest.param(["127.0.0.1"], "198.51.100.9", "10.0.0.1", "198.51.100.9", id="past our proxy"),
        pytest.param(["127.0.0.1"], "127.0.0.1", "", "127.0.0.1", id="our proxy says nothing"),
        pytest.param(["127.0.0.1"], "127.0.0.1", "198.51.100.7, unknown", "127.0.0.1", id="our proxy knows nobody"),
        pytest.param(["127.0.0.1"], "127.0.0.1", "' OR 1=1", "127.0.0.1", id="no address"),
        pytest.param(["127.0.0.1"], "127.0.0.1", "," * 500, "127.0.0.1", id="commas"),
        pytest.param(["127.0.0.1"], "127.0.0.1", "198.51.100.7:4711", "198.51.100.7", id="with a port"),
        pytest.param(["::1"], "::1", "[2001:db8::5]:4711", "2001:db8::5", id="IPv6 with a port"),
        pytest.param(["::1"], "::1", "2001:DB8:0::5", "2001:db8::5", id="IPv6 in another spelling"),
        pytest.param(["10.1.2.3"], "::ffff:10.1.2.3", "198.51.100.7", "198.51.100.7", id="an IPv4 proxy by IPv6"),
        pytest.param(["127.0.0.1"], "", "198.51.100.7", "", id="a socket file"),
    ],
)
def test_whose_call_it_is(proxies: list[str], peer: str, forwarded: str, caller: str) -> None:
    assert caller_address(peer, forwarded, proxies) == caller


@pytest.mark.parametrize("https", [True, False])
def test_https_alone_believes_no_header(settings: Any, https: bool) -> None:
    settings.HTTPS, settings.PROXIES = https, []
    request = HttpRequest()
    request.META |= {
        "REMOTE_ADDR": "203.0.113.9",
        "HTTP_X_FORWARDED_FOR": "198.51.100.7",
        "HTTP_X_FORWARDED_PROTO": "http" if https else "https",
        "wsgi.url_scheme": "http",
    }
    know_caller(lambda _: HttpResponse())(request)
    assert request.META["REMOTE_ADDR"] == "203.0.113.9"
    assert request.META["wsgi.url_scheme"] == ("https" if https else "http"), "the operator says it, no header"


# --- the limits, as an attacker meets them -----------------------------------------------------


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], datetime]:
    """Set the pages' clock to so many seconds after NOW."""

    def set_clock(seconds: float) -> datetime:
        moment = NOW + timedelta(seconds=seconds)
        monkeypatch.setattr(clock, "now", lambda: moment)
        return moment

    return set_clock


_PLACES = count()


def start() -> str:
    """The path of a start that no test used before."""
    place = next(_PLACES)
    minutes = 14 * 60 + place % 8 * 15
    return f"/demo/book/ZOP/2026-08-{10 + place // 8 % 2:02}/{minutes // 60}-{minutes % 60:02}/"


def book(client: Client, address: str, number: int, **more: str) -> Any:
    form = {"name": "Alois Rychlý", "phone": f"60311{number:04}", **more}
    return client.post(start(), form, REMOTE_ADDR=address)


def stamp(answer: Any) -> dict[str, str]:
    """What the page to be confirmed sends back."""
    page = answer.content.decode()
    return {field: re.findall(f'name="{field}" value="([^"]+)"', page)[0] for field in ("stamp", "key")}


def test_a_network_that_books_very_much_is_asked_and_never_refused(client: Client, office: Office, at: Any) -> None:
    address = "198.51.100.61"
    rate_limits.hit_many(dict.fromkeys(WEB_BOOKINGS.buckets(address, office=office.id), 57), NOW).fetch()
    assert 429 not in {book(client, address, number).status_code for number in range(3)}
    path, form = start(), {"name": "Alois Rychlý", "phone": "603119999"}
    asked = client.post(path, form, REMOTE_ADDR=address)
    assert asked.status_code == 429
    assert "prosíme o potvrzení" in asked.content.decode().replace("\xa0", " ")
    assert not models.Booking.objects.filter(sender="+420603119999").exists()
    assert client.post(path, form | stamp(asked), REMOTE_ADDR=address).status_code == 429, "nobody reads so fast"
    at(4)
    assert client.post(path, form | stamp(asked), REMOTE_ADDR=address).status_code in {302, 409}
    assert book(client, "198.51.100.62", 70).status_code != 429, "the neighbour is asked nothing"


def test_a_confirmation_is_good_for_one_form_and_a_quarter_of_an_hour(
    client: Client, office: Office, at: Any, settings: Any
) -> None:
    settings.LIMITS = {"web_bookings_ipv4": 1}
    book(client, "198.51.100.61", 0)
    given = stamp(book(client, "198.51.100.61", 1))
    at(5)
    assert book(client, "198.51.100.61", 2, stamp=given["stamp"]).status_code == 429, "another form"
    assert book(client, "198.51.100.61", 2, stamp="forged", key=given["key"]).status_code == 429
    at(16 * 60)
    assert book(client, "198.51.100.61", 2, **given).status_code == 429, "too old"


def test_a_rotated_address_stays_in_its_64_and_a_rotated_64_in_its_48(
    client: Client, office: Office, settings: Any
) -> None:
    settings.LIMITS = {"web_bookings_ipv6_64": 3, "web_bookings_ipv6_48": 7}
    in_one = [book(client, f"2001:db8:7:7::{host:x}", host).status_code == 429 for host in range(1, 6)]
    assert in_one == [False] * 3 + [True] * 2
    rotated = [book(client, f"2001:db8:7:{net:x}::1", net).status_code == 429 for net in range(100, 105)]
    assert rotated == [False] * 2 + [True] * 3, "five of seven had been counted for the wider network"
    assert book(client, "2001:db8:8:1::1", 300).status_code != 429


def cancel(client: Client, code: str, address: str, path: str = "/demo/cancel/", **more: str) -> Any:
    return client.post(path, {"code": code, "day": DAY} | more, REMOTE_ADDR=address)


def test_wrong_codes_make_the_next_try_wait_and_the_right_one_needs_only_patience(
    client: Client, office: Office, at: Any
) -> None:
    client.post(f"/demo/book/ZOP/{DAY}/14-30/", {"name": "Alois Rychlý", "phone": "603110000"})
    booking = models.Booking.objects.get()
    wrong = next(f"{number}" for number in range(200_000, 300_000) if f"{number}" != booking.code)
    assert {cancel(client, wrong, "198.51.100.61").status_code for _ in range(20)} == {409}
    early = cancel(client, booking.code, "198.51.100.61")
    assert early.status_code == 429
    assert "za 30" in early.content.decode().replace("\xa0", " ")
    assert models.Booking.objects.get().state == "booked"
    at(29)
    assert cancel(client, wrong, "198.51.100.61").status_code == 429, "the wait counts from the last try made"
    at(30)
    assert cancel(client, booking.code, "198.51.100.61").status_code == 200
    assert models.Booking.objects.get().state == "cancelled"


def test_right_codes_are_not_counted(client: Client, office: Office) -> None:
    client.post(f"/demo/book/ZOP/{DAY}/14-30/", {"name": "Alois Rychlý", "phone": "603110000"})
    code = models.Booking.objects.get().code
    assert {cancel(client, code, "198.51.100.61").status_code for _ in range(25)} <= {200, 409}


def test_another_office_counts_for_itself(client: Client, office: Office) -> None:
    offices.keep(replace(demo_office(), slug="jinde", numbers=()), NOW)
    for _ in range(20):
        cancel(client, "234567", "198.51.100.61")
    assert cancel(client, "234567", "198.51.100.61").status_code == 429
    assert cancel(client, "234567", "198.51.100.61", "/jinde/cancel/").status_code == 409


def test_an_official_who_is_signed_in_is_not_counted(
    client: Client, office: Office, signed_in: SignedIn, settings: Any
) -> None:
    settings.LIMITS = {"wrong_codes_ipv4": 2, "wrong_codes_of_office": 2, "web_bookings_ipv4": 2}
    clerk = signed_in("clerk")
    assert {cancel(clerk, "234567", "198.51.100.61").status_code for _ in range(6)} == {409}
    assert 429 not in {book(clerk, "198.51.100.61", number).status_code for number in range(6)}
    foreign = signed_in("foreign")
    assert [cancel(foreign, "234567", "198.51.100.61").status_code for _ in range(3)] == [409, 409, 429]


def test_very_many_wrong_codes_make_the_office_ask_everybody_and_stop_no_message(
    client: Client, office: Office, at: Any, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.LIMITS = {"wrong_codes_of_office": 12}
    client.post(f"/demo/book/ZOP/{DAY}/14-30/", {"name": "Alois Rychlý", "phone": "603110000"}, REMOTE_ADDR="192.0.2.1")
    code = models.Booking.objects.get().code
    for host in range(13):  # a guesser with many addresses
        cancel(client, "234567" if code != "234567" else "234568", f"203.0.113.{host}")
    asked = cancel(client, code, "192.0.2.1")
    assert asked.status_code == 429
    at(3)
    given = re.findall('name="stamp" value="([^"]+)"', asked.content.decode())[0]
    assert cancel(client, "345678", "192.0.2.1", stamp=given).status_code == 429, "each code needs its own"
    assert cancel(client, code, "192.0.2.1", stamp=given).status_code == 200
    assert book(client, "192.0.2.1", 5).status_code == 429, "its other form asks too"
    at(2 * 3600)
    assert book(client, "192.0.2.1", 5).status_code != 429, "quiet again"


def test_behind_two_proxies_a_town_is_not_one_caller_and_nobody_plays_another(
    client: Client, office: Office, settings: Any
) -> None:
    settings.PROXIES, settings.LIMITS = ["10.0.0.0/8"], {"wrong_codes_ipv4": 3}

    def tried(forwarded: str, peer: str = "10.0.0.2") -> int:
        form = {"code": "234567", "day": DAY}
        answer = client.post("/demo/cancel/", form, REMOTE_ADDR=peer, headers={"X-Forwarded-For": forwarded})
        return answer.status_code

    assert [tried("198.51.100.61, 10.0.0.1") for _ in range(4)] == [409] * 3 + [429]
    assert tried("198.51.100.62, 10.0.0.1") == 409, "the neighbour"
    assert tried("203.0.113.5, 198.51.100.61, 10.0.0.1") == 429, "what stands before is anybody's invention"
    assert tried("198.51.100.61", peer="203.0.113.77") == 409, "past the proxies nobody can make others wait"
    assert [tried(f"203.0.113.{host}", peer="203.0.113.77") for host in range(3)] == [409, 409, 429]
