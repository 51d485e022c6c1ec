"""Addresses typed with a slash too many or one too few lead to the page; generated from the addresses there are."""

import pytest
from django.test import Client
from django.urls import is_valid_path

from tests.web.staff import OPERATOR, SignedIn
from tests.web.test_authorisation import ALL, address
from tests.web.test_every_page import NO_PAGES

TYPED = sorted({address(route, pattern) for route, pattern in ALL if not NO_PAGES.match(route)} - {"/"})


@pytest.mark.django_db
def test_a_page_is_found_with_and_without_its_last_slash(signed_in: SignedIn) -> None:
    client, pages = signed_in(OPERATOR), 0
    for path in TYPED:
        if client.get(path).status_code != 200:
            continue
        other = path[:-1] if path.endswith("/") else f"{path}/"
        if is_valid_path(other):
            continue  # another page, such as a gateway of that name
        answer = client.get(f"{other}?from=paper")
        assert (answer.status_code, answer.headers.get("Location")) == (301, f"{path}?from=paper"), other
        pages += 1
    assert pages > 30


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["//example.org/demo/", "/\\example.org/", "/no-such-page/"])
def test_no_slash_leads_elsewhere(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "Location" not in answer.headers
