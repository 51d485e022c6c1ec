"""The administration shows the limits, and what they hold back now."""

import re
from typing import Any

import pytest

from prepazka.core.office.office import Office
from prepazka.core.rate_limits import LIMITS, SIGN_IN_OF_NAME, WRONG_CODES, WRONG_CODES_OF_OFFICE, Bucket
from prepazka.store import rate_limits
from prepazka.web.admin import limits
from tests.web.conftest import NOW
from tests.web.staff import SignedIn


def page(signed_in: SignedIn, name: str, path: str = "/demo/admin/limits") -> str:
    answer = signed_in(name).get(path)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().replace("\xa0", " ").split())


@pytest.mark.parametrize("name", LIMITS)
def test_every_limit_has_its_words(name: str) -> None:
    row = limits._row(rate_limits.LimitNow(LIMITS[name], 3, 1))
    assert row.title
    assert row.then
    assert row.period


def cells(page: str) -> str:
    """The page without the heads that stand in its cells on a telephone."""
    return re.sub(r' data-head="[^"]*"', "", page)


def test_an_office_sees_its_own_limits_with_what_they_count(office: Office, signed_in: SignedIn, settings: Any) -> None:
    settings.LIMITS = {"wrong_codes_ipv4": 7}
    for _ in range(7):
        rate_limits.hit(WRONG_CODES.buckets("198.51.100.7", office=office.id)[0], NOW)
    rate_limits.hit(WRONG_CODES.buckets("198.51.100.8", office=office.id)[0], NOW)
    seen = cells(page(signed_in, "manager"))
    assert "Chybné kódy na webu, adresa IPv4</th><td>7 za hodinu</td><td>další pokus musí počkat</td>" in seen
    assert "<td>2</td><td>1</td>" in seen
    assert "hesla" not in seen, "sign-ins are the operator's affair"


def test_the_operator_sees_those_of_the_installation_too(office: Office, signed_in: SignedIn) -> None:
    for _ in range(5):
        rate_limits.hit(Bucket(SIGN_IN_OF_NAME, "novak"), NOW)
    seen = cells(page(signed_in, "operator"))
    assert "Chybná hesla k jednomu jménu ze všech adres</th><td>5 za hodinu</td>" in seen
    assert "<td>1</td><td>1</td>" in seen
    assert "novak" not in seen


def test_a_clerk_does_not_see_them(office: Office, signed_in: SignedIn) -> None:
    assert signed_in("clerk").get("/demo/admin/limits").status_code == 403


def test_the_first_page_warns_of_guesses(office: Office, signed_in: SignedIn) -> None:
    assert "zkouší velmi mnoho kódů" not in page(signed_in, "manager", "/demo/admin/")
    rate_limits.hit_many({Bucket(WRONG_CODES_OF_OFFICE, "web", office.id): 200}, NOW).fetch()
    assert "zkouší velmi mnoho kódů" in page(signed_in, "manager", "/demo/admin/")
    assert "zkouší velmi mnoho kódů" not in page(signed_in, "foreign", "/other/admin/")
