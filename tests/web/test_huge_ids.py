"""Addresses with a number no row has, however long: the page is not there, and nothing fails on the way."""

import re
from dataclasses import replace

import pytest
from django.urls import URLPattern

from prepazka.core.office.office import Office
from prepazka.store import offices
from tests.web.conftest import NOW
from tests.web.staff import OPERATOR, SignedIn
from tests.web.test_authorisation import ALL, address

NUMBERED = [(route, pattern) for route, pattern in ALL if "<int:" in route]


@pytest.mark.parametrize("number", [2**31, 2**63, 10**30])
@pytest.mark.parametrize(("route", "pattern"), NUMBERED, ids=[str(pattern.name) for _, pattern in NUMBERED])
def test_a_number_no_row_has_is_not_there(
    signed_in: SignedIn, office: Office, route: str, pattern: URLPattern, number: int
) -> None:
    offices.keep(replace(office, settings=replace(office.settings, inbox=True, clerk_figures=True)), NOW)
    path = address(re.sub(r"<int:[^>]*>", str(number), route), pattern)
    client = signed_in(OPERATOR)
    for answer in (client.get(path), client.post(path)):
        assert answer.status_code < 500, path
