"""The public statements of an office: linked from every public page, with the office's own contact and times."""

from dataclasses import replace
from typing import Any

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


def privacy(client: Client, language: str = "cs") -> str:
    client.cookies["language"] = language
    return client.get("/demo/privacy/").content.decode().replace("\u00a0", " ")


def test_the_data_protection_officer_and_the_recipients_are_the_offices_own(office: Office, client: Client) -> None:
    assert "poverenec@urad.example" in privacy(client)
    provider = "Hejno SMS s. r. o., Na Úvoze 6, Jičín"
    offices.keep(replace(office, privacy_officer="JUDr. Eva Malá, gdpr@lhota.example", recipients=provider), NOW)
    for language in ("cs", "en"):
        page = privacy(client, language)
        assert "JUDr. Eva Malá, gdpr@lhota.example" in page
        assert provider in page
    offices.keep(replace(office, privacy_officer="", recipients=""), NOW)
    assert "Kontakt na pověřence pro ochranu osobních údajů vám sdělí podatelna" in privacy(client)
    assert "Hejno" not in privacy(client)


def test_all_rights_are_named_in_both_languages(office: Office, client: Client) -> None:
    czech, english = privacy(client), privacy(client, "en")
    for article in (15, 16, 17, 18, 20, 21):
        assert f"čl. {article}" in czech
        assert f"Article {article}" in english
    for words in ("nejpozději do měsíce", "uoou.gov.cz", "čl. 6 odst. 1 písm. e)", "kdo se na to díval", "nemusíte"):
        assert words in czech


def test_how_long_backups_are_kept_is_the_installations_own(office: Office, client: Client, simulator: Any) -> None:
    simulator.BACKUP_DAYS = 12
    assert "Zálohy uchováváme nejdéle 12 dní" in privacy(client)
