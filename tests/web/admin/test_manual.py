"""The administrators' manual (docs/prirucka-spravce.md), followed step by step."""

from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from prepazka.store import models, offices
from tests.web.account.factors import Phone, phone
from tests.web.staff import OPERATOR, PASSWORD

__all__ = ["phone"]

SERVICES = [
    ("ZOP", "žádost o občanský průkaz", "Doklady"),
    ("POP", "převzetí občanského průkazu", "Doklady"),
    ("PAS", "žádost o cestovní pas", "Doklady"),
    ("PTP", "přihlášení k trvalému pobytu", "Evidence obyvatel"),
    ("OVR", "ověření podpisu", "Evidence obyvatel"),
]
OWN = "modra labut pije vodu"


def go(page: Page, entry: str) -> None:
    page.get_by_label("Správa úřadu").get_by_role("link", name=entry, exact=True).click()


def save(page: Page) -> None:
    page.get_by_role("button", name="Uložit").click()
    expect(page.get_by_role("status")).to_have_text("Uloženo.")


def sign_in(page: Page, name: str, password: str) -> None:
    page.goto("/account/")
    page.get_by_label("Přihlašovací jméno").fill(name)
    page.get_by_label("Heslo").fill(password)
    page.get_by_role("button", name="Přihlásit se").click()


def hours(page: Page, agenda: str, days: list[str], opened: tuple[str, str], breaks: str) -> None:
    page.get_by_role("link", name=f"Přidat hodiny ({agenda})").click()
    for day in days:
        page.get_by_label(day).check()
    page.get_by_label("Od", exact=True).fill(opened[0])
    page.get_by_label("Do", exact=True).fill(opened[1])
    page.get_by_label("Přestávky").fill(breaks)
    save(page)


def test_a_new_office_is_set_up_by_the_manual_alone(  # noqa: PLR0915 -- the manual's steps, in its order
    officials: object, page: Page, browser: Browser, live_server: LiveServer, phone: Phone
) -> None:
    # 1. The operator sets up the second step, and founds the office.
    sign_in(page, OPERATOR, PASSWORD)
    page.get_by_role("link", name="Nastavit aplikaci").click()
    phone.secret = page.locator("#secret").inner_text()
    page.get_by_label("Kód").fill(phone.code())
    page.get_by_role("button", name="Nastavit aplikaci").click()
    page.get_by_role("link", name="Mám je uložené").click()
    page.get_by_role("link", name="Založit úřad").click()
    page.get_by_label("Adresa na webu").fill("dolni-lhota")
    page.get_by_label("Název úřadu").fill("Obecní úřad Dolní Lhota")
    page.get_by_label("Přihlašovací jméno správce").fill("novakova")
    page.get_by_role("button", name="Založit úřad").click()
    password = page.locator("#password").inner_text()

    # 2. The administrator signs in and chooses an own password.
    elsewhere = browser.new_context(base_url=live_server.url)
    page = elsewhere.new_page()
    sign_in(page, "novakova", password)
    page.get_by_label("Dosavadní heslo").fill(password)
    page.get_by_label("Nové heslo", exact=True).fill(OWN)
    page.get_by_label("Nové heslo ještě jednou").fill(OWN)
    page.get_by_role("button", name="Změnit heslo").click()
    page.get_by_role("link", name="Správa úřadu").click()
    expect(page.get_by_role("heading", name="Než se lidé mohou objednávat")).to_be_visible()

    # 3. The number.
    go(page, "Úřad a čísla")
    page.get_by_role("link", name="Přidat číslo").click()
    page.get_by_label("Telefonní číslo").fill("+420601000111")
    save(page)

    # 4. Two agendas.
    for agenda, prefix in (("Doklady", "D"), ("Evidence obyvatel", "E")):
        go(page, "Agendy a hodiny")
        page.get_by_role("link", name="Přidat agendu").click()
        page.get_by_label("Název agendy").fill(agenda)
        page.get_by_label("Písmeno pořadových lístků").fill(prefix)
        save(page)

    # 5. Hours with a lunch break.
    for agenda in ("Doklady", "Evidence obyvatel"):
        hours(page, agenda, ["pondělí", "středa"], ("08:00", "17:00"), "11:30-12:30")
        hours(page, agenda, ["úterý", "čtvrtek"], ("08:00", "14:00"), "")

    # 6. Five services.
    for code, title, agenda in SERVICES:
        go(page, "Činnosti")
        page.get_by_role("link", name="Přidat činnost").click()
        page.get_by_label("Zkratka do SMS").fill(code)
        page.get_by_label("Název činnosti", exact=True).fill(title)
        page.get_by_label("Agenda").select_option(agenda)
        save(page)

    # 7. Counters.
    for number, agenda in (("1", "Doklady"), ("2", "Evidence obyvatel")):
        go(page, "Přepážky")
        page.get_by_role("link", name="Přidat přepážku").click()
        page.get_by_label("Označení přepážky").fill(number)
        page.get_by_label(agenda).check()
        save(page)

    # 8. A clerk.
    go(page, "Uživatelé")
    page.get_by_role("link", name="Přidat uživatele").click()
    page.get_by_label("Přihlašovací jméno").fill("dvorak")
    page.get_by_label("Jméno a příjmení").fill("Petr Dvořák")
    page.get_by_label("úředník").check()
    page.get_by_role("button", name="Uložit").click()
    expect(page.locator("#password")).to_be_visible()

    # 9. A closure.
    go(page, "Uzavření")
    page.get_by_role("link", name="Přidat uzavření").click()
    page.get_by_label("První den").fill("2026-08-12")
    page.get_by_label("Důvod", exact=True).fill("Školení")
    save(page)

    # All that is missing now is a gateway, which is the operator's.
    go(page, "Přehled")
    expect(page.locator(".todo li:not(.done)")).to_have_text(["Brána, přes kterou chodí zprávy"])

    # 10. A kiosk, whose link another browser opens.
    go(page, "Kiosky")
    page.get_by_role("link", name="Přidat kiosek").click()
    page.get_by_label("Název kiosku").fill("hala")
    page.get_by_role("button", name="Uložit").click()
    hall = browser.new_context()
    kiosk = hall.new_page()
    kiosk.goto(page.locator("#link").inner_text())
    expect(kiosk.get_by_role("heading", name="Vyberte, co potřebujete")).to_be_visible()
    hall.close()

    # 11. A citizen books by SMS; the lunch break and the closure hold.
    page.goto("/phone/dolni-lhota/")
    assert "12:30" in write(page, "OBJ ZOP 10.8. 12:00 NOVAK")
    assert "Skoleni" in write(page, "OBJ ZOP 12.8. 9:00 NOVAK")
    confirmed = write(page, "OBJ ZOP 10.8. 12:30 NOVAK")
    office = offices.load(offices.find("dolni-lhota") or 0)
    booking = models.Booking.objects.get(office_id=office.id)
    assert booking.code in confirmed
    page.goto("/dolni-lhota/admin/messages/")
    expect(page.get_by_role("cell", name="OBJ ZOP 10.8. 12:30 NOVAK")).to_be_visible()
    assert [service.code for service in office.services] == [code for code, _, _ in SERVICES]
    elsewhere.close()


def write(page: Page, text: str) -> str:
    """Send a message by the phone simulator; the reply."""
    replies = page.locator("#conversation .office p")
    before = replies.count()
    page.get_by_label("Zpráva").fill(text)
    page.get_by_role("button", name="Odeslat").click()
    expect(replies).to_have_count(before + 1)
    return replies.last.inner_text()
