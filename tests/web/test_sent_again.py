"""A form whose user was signed out meanwhile, or whose page is too old: nothing that was typed into it is lost."""

import re
from collections.abc import Iterator
from datetime import time

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from prepazka.core.booking.book import Book
from prepazka.core.office.office import Office
from prepazka.flows.booking.request import BookingRequest, submit
from prepazka.store import models
from tests.web.browsing import assert_accessible, assert_nothing_is_cut
from tests.web.conftest import NOW
from tests.web.desk.test_two_clerks import desk_of
from tests.web.serving import serve
from tests.web.shown import shown
from tests.web.staff import FOREIGN, PASSWORD, SignedIn

NOTE = "přijde s tlumočníkem, „velké“ kolo"
OURS, FOREIGN_SITE = "http://testserver", "https://podvod.example"
TYPED = {"note": NOTE}


@pytest.fixture
def booking(office: Office) -> models.Booking:
    submit(office.id, BookingRequest(Book("ZOP", NOW.date(), time(14), "Běta Lhotová"), "desk"), NOW)
    return models.Booking.objects.get()


@pytest.fixture
def address(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with serve(monkeypatch) as port:
        yield f"http://127.0.0.1:{port}"


def sign_in_elsewhere(page: Page, who: str = "clerk") -> None:
    """Sign in by the link of a page, in the window it opens."""
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Přihlaste se v novém okně").click()
    other = opened.value
    other.get_by_label("Přihlašovací jméno").fill(who)
    other.get_by_label("Heslo").fill(PASSWORD)
    other.get_by_role("button", name="Přihlásit se").click()
    expect(other.get_by_role("button", name="Odhlásit")).to_be_visible()
    other.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_note_is_stored_after_signing_in_again(
    browser: Browser, address: str, signed_in: SignedIn, booking: models.Booking, *, scripts: bool
) -> None:
    page = desk_of(browser, address, signed_in, "clerk", java_script_enabled=scripts)
    page.goto(f"/demo/desk/bookings/{booking.id}")
    page.get_by_label("Poznámka", exact=True).fill(NOTE)
    Session.objects.all().delete()
    page.get_by_role("button", name="Uložit", exact=True).click()
    expect(page.get_by_role("heading", name="Přihlášení mezitím skončilo")).to_be_visible()
    if scripts:
        assert_accessible(page)
    assert_nothing_is_cut(page)
    sign_in_elsewhere(page)
    page.get_by_role("button", name="Odeslat znovu").click()
    if not scripts:  # the page is too old now, for the sign-in gave the browser a new token
        expect(page.get_by_role("heading", name="Platnost stránky vypršela")).to_be_visible()
        page.get_by_role("button", name="Odeslat znovu").click()
    expect(page.get_by_text("Poznámka je uložená.")).to_be_visible()
    booking.refresh_from_db()
    assert booking.note == NOTE
    page.context.close()


def test_a_page_older_than_the_sign_in_is_sent_again(
    browser: Browser, address: str, signed_in: SignedIn, booking: models.Booking
) -> None:
    page = desk_of(browser, address, signed_in, "clerk")
    page.goto(f"/demo/desk/bookings/{booking.id}")
    page.get_by_label("Poznámka", exact=True).fill(NOTE)
    page.context.clear_cookies(name="csrftoken")
    page.get_by_role("button", name="Uložit", exact=True).click()
    expect(page.get_by_role("heading", name="Platnost stránky vypršela")).to_be_visible()
    expect(page.get_by_role("link", name="Objednávky")).to_be_visible()
    page.get_by_role("button", name="Odeslat znovu").click()
    expect(page.get_by_text("Poznámka je uložená.")).to_be_visible()
    page.context.close()


@pytest.mark.parametrize("headers", [{}, {"origin": FOREIGN_SITE}, {"origin": "null"}])
def test_a_form_of_another_site_is_not_held(
    signed_in: SignedIn, booking: models.Booking, headers: dict[str, str]
) -> None:
    clerk = signed_in("clerk", enforce_csrf_checks=True)
    answer = clerk.post(f"/demo/desk/bookings/{booking.id}/note", TYPED, headers=headers)
    assert (answer.status_code, "tlumočníkem" in answer.content.decode()) == (403, False)
    Session.objects.all().delete()
    answer = Client().post(f"/demo/desk/bookings/{booking.id}/note", TYPED, headers=headers)
    assert answer.status_code == 302


def test_what_is_typed_stands_in_the_page_as_text(booking: models.Booking) -> None:
    typed = {"note": '"><script>alert(1)</script>', "csrfmiddlewaretoken": "x" * 64}
    answer = Client().post(f"/demo/desk/bookings/{booking.id}/note", typed, headers={"origin": OURS})
    page = answer.content.decode()
    assert "&quot;&gt;&lt;script&gt;alert(1)" in page
    assert "x" * 64 not in page
    assert "language=en" not in page
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("path", ["/account/sign-in", "/account/password", "/demo/admin/gateways/new/smpp"])
def test_no_password_is_held(office: Office, path: str) -> None:
    typed = {"login": "clerk", "password": PASSWORD, "old_password": PASSWORD}
    answer = Client(enforce_csrf_checks=True).post(path, typed, headers={"origin": OURS})
    assert (answer.status_code, PASSWORD in answer.content.decode()) == (403, False)


def test_a_new_office_is_founded_after_signing_in_again(office: Office) -> None:
    typed = {"slug": "hlinsko", "name": "Město Hlinsko", "languages": ["cs", "uk"]}
    page = Client().post("/account/new-office", typed, headers={"origin": OURS}).content.decode()
    for name, value in (("name", "Město Hlinsko"), ("languages", "cs"), ("languages", "uk")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in page


def test_a_citizen_sends_an_old_form_again(browser: Browser, address: str, office: Office) -> None:
    context = browser.new_context(base_url=address, locale="cs-CZ")
    page = context.new_page()
    page.goto("/demo/cancel/")
    page.get_by_label("Kód").fill("482913")
    page.get_by_label("Den").fill("10. 8.")
    context.clear_cookies()
    page.get_by_role("button", name="Zrušit objednávku").click()
    page.get_by_role("button", name="Odeslat znovu").click()
    expect(page.get_by_label("Kód")).to_have_value("482913")
    context.close()


SOMEBODY_ELSES = "Formulář patří někomu jinému"


def mark_on(page: str) -> dict[str, str]:
    """What a form of this page carries of whose it is."""
    return {"made_for": re.findall(r'name="made_for" value="([^"]*)"', page)[0]}


@pytest.mark.parametrize("scripts", [True, False])
def test_a_held_form_is_not_sent_under_the_name_of_who_signs_in_instead(
    browser: Browser, address: str, signed_in: SignedIn, booking: models.Booking, *, scripts: bool
) -> None:
    page = desk_of(browser, address, signed_in, "clerk", java_script_enabled=scripts)
    page.goto(f"/demo/desk/bookings/{booking.id}")
    page.get_by_label("Poznámka", exact=True).fill("tlumočí paní Hrubá")
    Session.objects.all().delete()
    page.get_by_role("button", name="Uložit", exact=True).click()
    sign_in_elsewhere(page, "manager")
    page.get_by_role("button", name="Odeslat znovu").click()
    expect(page.get_by_role("heading", name=SOMEBODY_ELSES)).to_be_visible()
    expect(page.get_by_text("Hrubá")).to_have_count(0)
    if scripts:
        assert_accessible(page)
    assert_nothing_is_cut(page)
    booking.refresh_from_db()
    assert booking.note == ""
    page.context.close()


def test_an_official_of_another_office_is_told_the_same_and_nothing_of_the_form(
    signed_in: SignedIn, booking: models.Booking
) -> None:
    of_clerk = mark_on(signed_in("clerk").get(f"/demo/desk/bookings/{booking.id}").content.decode())
    held = Client().post(f"/demo/desk/bookings/{booking.id}/note", TYPED | of_clerk, headers={"origin": OURS})
    assert mark_on(held.content.decode()) == of_clerk
    for who in (FOREIGN, "manager", "operator"):
        answer = signed_in(who).post(f"/demo/desk/bookings/{booking.id}/note", TYPED | of_clerk)
        page = shown(answer.content.decode())
        assert (answer.status_code, SOMEBODY_ELSES in page, "tlumočníkem" in page) == (403, True, False), who
    booking.refresh_from_db()
    assert booking.note == ""
    assert signed_in("clerk").post(f"/demo/desk/bookings/{booking.id}/note", TYPED | of_clerk).status_code == 302
    booking.refresh_from_db()
    assert booking.note == NOTE


def test_a_page_that_is_open_since_before_another_one_signed_in_is_not_offered_to_them(
    signed_in: SignedIn, booking: models.Booking
) -> None:
    of_clerk = mark_on(signed_in("clerk").get(f"/demo/desk/bookings/{booking.id}").content.decode())
    manager = signed_in("manager", enforce_csrf_checks=True)
    answer = manager.post(f"/demo/desk/bookings/{booking.id}/note", TYPED | of_clerk, headers={"origin": OURS})
    page = shown(answer.content.decode())
    assert (answer.status_code, SOMEBODY_ELSES in page, "tlumočníkem" in page) == (403, True, False)


def test_a_form_of_the_account_is_bound_as_well(signed_in: SignedIn) -> None:
    of_manager = mark_on(signed_in("manager").get("/account/password").content.decode())
    answer = signed_in("clerk").post("/account/password", of_manager)
    assert (answer.status_code, SOMEBODY_ELSES in shown(answer.content.decode())) == (403, True)


def test_a_form_outlives_a_change_of_the_secret_key(
    signed_in: SignedIn, booking: models.Booking, settings: pytest.FixtureRequest
) -> None:
    of_clerk = mark_on(signed_in("clerk").get(f"/demo/desk/bookings/{booking.id}").content.decode())
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]  # type: ignore[attr-defined]
    settings.SECRET_KEY = "another key " * 5  # type: ignore[attr-defined]
    assert signed_in("clerk").post(f"/demo/desk/bookings/{booking.id}/note", TYPED | of_clerk).status_code == 302


def test_the_forms_of_citizens_say_nothing_of_anybody(signed_in: SignedIn) -> None:
    assert "made_for" not in signed_in("clerk").get("/demo/cancel/").content.decode()
