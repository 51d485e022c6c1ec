"""Guessing passwords is slow, and nobody is locked out by somebody else's guesses (docs/spec/safety.md §2.5)."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from prepazka.web import sign_in_limits
from tests.web.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True)

HALL = "198.51.100.77"


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def request(address: str, cookie: str = "") -> HttpRequest:
    made = RequestFactory().post("/", REMOTE_ADDR=address)
    if cookie:
        made.COOKIES[sign_in_limits.COOKIE] = cookie
    return made


def guess(name: str, address: str, after: float = 0, cookie: str = "") -> float:
    """How many seconds a wrong try of this moment has to wait; 0 when it was made."""
    return sign_in_limits.begin(request(address, cookie), name, NOW + seconds(after)).total_seconds()


def cookie_of(name: str, before: str = "") -> str:
    """The cookie of a browser in which this name has signed in."""
    response = HttpResponse()
    sign_in_limits.remember_browser(request(HALL, before), response, name)
    cookie = response.cookies[sign_in_limits.COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    return cookie.value


def test_waits_double_from_the_fifth_wrong_try_up_to_a_minute() -> None:
    made, after = [], 0.0
    for _ in range(13):
        while guess("novak", HALL, after):
            after += 0.5
        made.append(after)
    gaps = [later - earlier for earlier, later in pairwise(made)]
    assert gaps == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60]


def test_the_right_password_after_the_wait_signs_in_and_begins_anew() -> None:
    for _ in range(5):
        assert not guess("novak", HALL)
    assert guess("novak", HALL) == 1
    assert not guess("Novak ", HALL, 1), "the same name"
    sign_in_limits.succeeded(request(HALL), "novak")
    assert [guess("novak", HALL, 1) for _ in range(4)] == [0, 2, 2, 2], "over all addresses five were wrong"


def test_a_right_password_every_time_is_never_counted() -> None:
    for _ in range(30):
        assert not guess("novak", HALL)
        sign_in_limits.succeeded(request(HALL), "novak")


def test_a_colleague_at_the_same_address_does_not_wait() -> None:
    for _ in range(8):
        guess("novak", HALL)
    assert not guess("dvorakova", HALL)


def test_guesses_from_many_addresses_are_slow_and_the_user_at_the_own_desk_does_not_notice() -> None:
    cookie = cookie_of("novak")
    waited = [guess("novak", f"203.0.{host // 250}.{host % 250}") for host in range(400)]
    assert waited.count(0) == 5, "of four hundred addresses at once"
    assert not guess("novak", HALL, cookie=cookie)
    sign_in_limits.succeeded(request(HALL, cookie), "novak")


def test_a_rotated_ipv6_address_is_one_address() -> None:
    waited = [guess(f"name{host}", f"2001:db8:1:2::{host:x}") for host in range(1, 140)]
    assert waited.count(0) == 100
    rotated = [guess(f"other{net}", f"2001:db8:1:{net:x}::1") for net in range(5, 420)]
    assert rotated.count(0) == 400, "and a /48 of networks is one too"


def test_many_names_from_one_address_are_slow_and_the_known_browser_there_is_not() -> None:
    cookie = cookie_of("dvorakova")
    waited = [guess(f"name{number}", HALL) for number in range(120)]
    assert waited.count(0) == 100
    assert guess("kralova", HALL), "a name that never signed in here waits"
    assert not guess("dvorakova", HALL, cookie=cookie)


def test_a_known_browser_is_no_way_to_guess_faster() -> None:
    cookie = cookie_of("novak")
    assert [guess("novak", HALL, cookie=cookie) for _ in range(7)] == [0, 0, 0, 0, 0, 1, 1]


@pytest.mark.parametrize("cookie", ["", "forged", "WyJ4IixbInkiXV0:1abcde:forged"])
def test_a_forged_cookie_makes_no_known_browser(cookie: str) -> None:
    for host in range(5):
        guess("novak", f"203.0.113.{host}")
    assert guess("novak", HALL, cookie=cookie) == 1


def test_a_cookie_of_one_name_says_nothing_of_another() -> None:
    cookie = cookie_of("guesser")
    for host in range(5):
        guess("novak", f"203.0.113.{host}")
    assert guess("novak", HALL, cookie=cookie) == 1


def test_a_computer_at_the_counter_knows_all_who_sign_in_there() -> None:
    cookie = ""
    for name in ("novak", "dvorakova", "kralova"):
        cookie = cookie_of(name, cookie)
    for host in range(5):
        guess("novak", f"203.0.113.{host}")
    assert not guess("novak", HALL, cookie=cookie)
    assert "novak" not in cookie


def test_the_cookie_is_sent_by_https_only_where_pages_are(settings: Any) -> None:
    settings.HTTPS = True
    response = HttpResponse()
    sign_in_limits.remember_browser(request(HALL), response, "novak")
    assert response.cookies[sign_in_limits.COOKIE]["secure"]
