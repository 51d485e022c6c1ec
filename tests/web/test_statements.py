"""The public statements of an office: linked from every public page, with the office's own contact and times."""

from dataclasses import replace

import pytest
from django.test import Client

from prepazka.core.office.office import Office
from prepazka.store import offices
from tests.web.conftest import NOW


@pytest.mark.parametrize("path", ["/", "/demo/", "/demo/book/", "/demo/cancel/", "/demo/board/", "/phone/demo/"])
def test_every_public_page_leads_to_the_statements(office: Office, client: Client, path: str) -> None:
    page = client.get(path).content.decode()
    assert 'href="/demo/accessibility/"' in page
    assert 'href="/demo/privacy/"' in page


def test_pages_of_no_office_lead_to_the_common_statement(office: Office, client: Client) -> None:
    assert 'href="/accessibility/"' in client.get("/account/sign-in").content.decode()
    assert "99/2019" in client.get("/accessibility/").content.decode()


@pytest.mark.parametrize("path", ["/demo/accessibility/", "/demo/privacy/"])
def test_the_offices_contact_is_reported_or_where_to_turn_without_one(
    office: Office, client: Client, path: str
) -> None:
    assert "podatelna@urad.example" in client.get(path).content.decode()
    offices.keep(replace(office, contact=""), NOW, "test")
    assert "Obraťte se prosím na podatelnu" in client.get(path).content.decode()


def test_the_days_until_erasing_are_the_offices_own(office: Office, client: Client) -> None:
    offices.keep(replace(office, settings=replace(office.settings, erase_after_days=17)), NOW, "test")
    assert "17\u00a0dní po termínu" in client.get("/demo/privacy/").content.decode()
