"""`/.well-known/security.txt`, as RFC 9116 wants it."""

from datetime import date, datetime

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, override_settings

from prepazka.web.security_txt import read_expiry

ADDRESS = "/.well-known/security.txt"

pytestmark = pytest.mark.django_db


def fields(client: Client) -> list[tuple[str, str]]:
    answer = client.get(ADDRESS)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    text = answer.content.decode()
    assert text.endswith("\n")
    return [(name, value) for name, _, value in (line.partition(": ") for line in text.splitlines())]


def test_an_installation_without_a_contact_has_no_such_page(client: Client) -> None:
    assert client.get(ADDRESS).status_code == 404


@override_settings(
    SECURITY_CONTACT=["mailto:bezpecnost@hlinsko.example", "https://hlinsko.example/hlaseni"],
    SECURITY_EXPIRES=date(2027, 3, 14),
)
def test_it_names_each_contact_and_one_end(client: Client) -> None:
    told = fields(client)
    assert [value for name, value in told if name == "Contact"] == [
        "mailto:bezpecnost@hlinsko.example",
        "https://hlinsko.example/hlaseni",
    ]
    (end,) = [value for name, value in told if name == "Expires"]
    assert datetime.fromisoformat(end).isoformat() == "2027-03-14T23:59:59+00:00"
    (languages,) = [value for name, value in told if name == "Preferred-Languages"]
    assert languages == "cs, en"


@pytest.mark.parametrize(
    ("contacts", "day", "expected"),
    [
        pytest.param(["it@hlinsko.example"], "2027-03-14", "such as mailto:it@hlinsko.example", id="no scheme"),
        pytest.param(["http://hlinsko.example"], "2027-03-14", "is no address", id="not over TLS"),
        pytest.param(["mailto:"], "2027-03-14", "is no address", id="nobody"),
        pytest.param(["tel:+420 465 111"], "2027-03-14", "is no address", id="spaces"),
        pytest.param(["mailto:it@hlinsko.example"], "", "PREPAZKA_SECURITY_EXPIRES must be the day", id="no end"),
        pytest.param(["mailto:it@hlinsko.example"], "příští rok", "PREPAZKA_SECURITY_EXPIRES must be", id="no day"),
    ],
)
def test_what_the_standard_forbids_is_refused_with_the_fix(contacts: list[str], day: str, expected: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=expected.replace("+", r"\+")):
        read_expiry(contacts, day)
