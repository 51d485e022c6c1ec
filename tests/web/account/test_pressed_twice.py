"""A button of the account's pages that is pressed twice: the form goes out once, for a code is good for one use."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from prepazka.core.office.office import Office
from tests.web.account.factors import Phone, phone
from tests.web.serving import serve
from tests.web.staff import PASSWORD

__all__ = ["phone"]

TEMPLATES = Path("src/prepazka/web/templates/web/account")


@pytest.fixture
def address(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with serve(monkeypatch) as port:
        yield f"http://127.0.0.1:{port}"


COUNT = """addEventListener("submit", (event) => {
  window.sent = (window.sent ?? 0) + !event.defaultPrevented;
  event.preventDefault();
})"""


def press_twice(page: Page, button: str) -> int:
    """Press a button twice, and stay on the page; return how often its form would have been sent."""
    page.evaluate(COUNT)
    for _ in range(2):
        page.get_by_role("button", name=button, exact=True).click()
    return int(page.evaluate("window.sent"))


def type_password(page: Page, address: str) -> None:
    page.goto(f"{address}/account/sign-in")
    page.get_by_label("Přihlašovací jméno").fill("manager")
    page.get_by_label("Heslo").fill(PASSWORD)


def test_a_code_and_a_password_are_given_once(
    context: BrowserContext, address: str, officials: object, phone: Phone
) -> None:
    client = Client()
    client.post("/account/sign-in", {"login": "manager", "password": PASSWORD})
    phone.enrol(client)
    page = context.new_page()
    type_password(page, address)
    assert press_twice(page, "Přihlásit se") == 1
    type_password(page, address)
    page.get_by_role("button", name="Přihlásit se", exact=True).click()
    page.get_by_label("Kód").fill("123456")
    assert press_twice(page, "Přihlásit se") == 1
    page.close()


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_each_page_with_a_form_sends_it_once(template: Path) -> None:
    text = template.read_text("utf-8")
    if 'method="post"' in text:
        assert text.startswith('{% extends "web/account/base.html" %}')
        assert "{% block head %}" not in text or "{% block head %}{{ block.super }}" in text
