"""Booking on the web: the same rules as by SMS, in steps that work without scripts."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from prepazka.core.office.office import Office
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import models, offices
from prepazka.web import clock
from tests.web.browsing import NARROW, WIDE, assert_accessible, assert_focus_is_always_seen, assert_nothing_is_cut
from tests.web.conftest import ME, NOW, NUMBER

pytestmark = pytest.mark.usefixtures("office")

START = "/demo/book/ZOP/2026-08-10/14-00/"
# What a page's own address has in it, with the second of its signing.
SIGNED = re.compile(r"[\w-]+(:|%3A)[\w-]{6}\1[\w-]{43}")
WHO = {"name": "Jana Nováková", "phone": "777 123 456"}


def book(client: Client, path: str = START, **who: str) -> Any:
    return client.post(path, WHO | who)


def read(answer: Any) -> str:
    """The page; spaces that hold a date together are spaces."""
    return str(answer.content.decode().replace("\xa0", " "))


def code() -> str:
    return models.Booking.objects.get().code


# --- the way through ---------------------------------------------------------------------------


def test_a_citizen_books_and_the_code_comes_by_sms(client: Client) -> None:
    answer = book(client)
    assert answer.status_code == 302
    booking = models.Booking.objects.get()
    assert (booking.sender, booking.name, booking.channel) == (ME, "Jana Nováková", "web")
    assert booking.code in models.Outbound.objects.get(kind="confirmation", recipient=ME).text
    page = read(client.get(answer.url))
    assert "pondělí 10. 8. 2026 ve 14:00" in page
    assert "456" in page
    assert booking.code not in page
    assert ME not in page


def test_a_double_press_makes_one_booking_and_is_answered_alike(client: Client) -> None:
    (key,) = re.findall('name="key" value="([^"]+)"', client.get(START).content.decode())
    first, second = book(client, key=key), book(client, key=key)
    assert (first.status_code, second.status_code) == (302, 302)
    assert models.Booking.objects.count() == models.Outbound.objects.filter(kind="confirmation").count() == 1
    pages = [read(client.get(answer.url)) for answer in (first, second)]
    assert SIGNED.search(pages[0])
    assert SIGNED.sub("", pages[0]) == SIGNED.sub("", pages[1])


def test_what_was_booked_is_shown_only_to_who_booked_it(client: Client) -> None:
    assert client.get("/demo/book/done/").status_code == 302
    assert client.get("/demo/book/done/?o=forged").status_code == 302


@pytest.mark.parametrize(("minutes", "is_shown"), [(59, True), (61, False)])
def test_its_page_can_be_opened_for_an_hour_by_the_clock_of_the_pages(
    client: Client, monkeypatch: pytest.MonkeyPatch, minutes: int, is_shown: bool
) -> None:
    address = book(client).url
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=minutes))
    assert (client.get(address).status_code == 200) == is_shown


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        pytest.param("name", "", "Napište jméno", id="no name"),
        pytest.param("name", "R2D2", "neumíme uložit", id="digits"),
        pytest.param("name", "x" * 61, "nejvýše 60", id="too long"),
        pytest.param("name", "<script>", "neumíme uložit", id="markup"),
        pytest.param("phone", "", "Napište telefonní číslo", id="no phone"),
        pytest.param("phone", "112", "není číslo mobilního telefonu", id="short code"),
        pytest.param("phone", NUMBER, "Toto je číslo úřadu", id="the office's own number"),
        pytest.param("phone", "Novák", "není číslo mobilního telefonu", id="no number"),
    ],
)
def test_what_is_wrong_is_reported_at_the_field_and_nothing_is_stored(
    client: Client, field: str, value: str, expected: str
) -> None:
    answer = book(client, **{field: value})
    assert answer.status_code == 422
    assert expected in read(answer)
    assert models.Booking.objects.count() == 0


def test_a_taken_start_offers_others_that_can_be_booked(client: Client) -> None:
    path = "/demo/book/PTP/2026-08-10/14-00/"
    receive([Inbound("test", "1", "+420602111222", NUMBER, "OBJ PTP 10.8. 14:00 DVORAK", NOW)], NOW)
    answer = book(client, path)
    assert answer.status_code == 409
    page = read(answer)
    assert "už obsazený" in page
    assert "/demo/book/PTP/2026-08-10/14-15/" in page
    assert book(client, "/demo/book/PTP/2026-08-10/14-15/").status_code == 302


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("/demo/book/ZOP/2026-08-09/14-00/", "víkend", id="weekend"),
        pytest.param("/demo/book/ZOP/2026-08-10/07-00/", "tuto činnost vyřizujeme jen", id="outside hours"),
        pytest.param("/demo/book/ZOP/2026-08-10/14-07/", "Nejbližší možné", id="off the grid"),
        pytest.param("/demo/book/ZOP/2026-08-03/08-00/", "minul", id="past"),
        pytest.param("/demo/book/ZOP/2027-08-10/14-00/", "Poslední možný den", id="too far"),
    ],
)
def test_what_cannot_be_had_is_reported_why(client: Client, path: str, expected: str) -> None:
    answer = book(client, path)
    assert (answer.status_code, expected in read(answer)) == (409, True)
    assert models.Booking.objects.count() == 0


def test_the_same_form_sent_twice_is_one_booking(client: Client) -> None:
    book(client)
    assert "už máte" in read(book(client))
    assert models.Booking.objects.count() == 1


def test_a_public_holiday_is_named_in_the_language_of_the_page(client: Client) -> None:
    holiday = "/demo/book/ZOP/2026-09-28/14-00/"
    assert "Den české státnosti" in read(book(client, holiday))
    client.cookies["language"] = "en"
    assert "Statehood Day" in read(book(client, holiday))
    assert "closed: Statehood Day" in read(client.get("/demo/book/ZOP/?week=2026-09-28"))


def test_a_closed_day_is_reported_from_a_full_one(client: Client) -> None:
    week = read(client.get("/demo/book/ZOP/?week=2026-08-10"))
    assert week.count('<p class="none">zavřeno</p>') == 2, "Saturday and Sunday"
    assert "nic volného" not in week


def test_the_limit_of_a_number_holds_on_the_web_too(client: Client) -> None:
    for hour in ("08", "09", "10", "11"):
        book(client, f"/demo/book/ZOP/2026-08-10/{hour}-00/")
    assert "nejvýše" in read(book(client))
    assert models.Booking.objects.count() == 4


@pytest.mark.parametrize(("language", "told"), [("cs", "V agendě Doklady může"), ("en", "In Doklady, one number")])
def test_the_limit_of_an_agenda_names_it(client: Client, office: Office, language: str, told: str) -> None:
    tight = replace(office.settings, open_per_sender_and_agenda=1)
    offices.keep(replace(office, settings=tight), NOW)
    client.cookies["language"] = language
    book(client)
    assert told in read(book(client, "/demo/book/ZCD/2026-08-11/09-00/"))


@pytest.mark.parametrize(
    "path",
    [
        "/demo/book/XXX/", "/demo/book/ZOP/?week=nonsense", "/demo/book/ZOP/?week=2020-01-01",
        "/demo/book/ZOP/?week=9999-12-31", "/demo/book/ZOP/2026-02-31/14-00/", "/demo/book/ZOP/2026-08-10/25-00/",
        "/nowhere/book/", "/nowhere/cancel/",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_an_office_that_cannot_send_shows_its_times_but_takes_no_booking(client: Client, simulator: Any) -> None:
    simulator.SIMULATOR = False
    assert "Přes web se teď objednat nelze" in client.get("/demo/book/ZOP/").content.decode()
    assert book(client).status_code == 302
    assert models.Booking.objects.count() == 0


# --- free times --------------------------------------------------------------------------------


def test_the_first_week_shown_is_the_first_with_something_free(client: Client) -> None:
    page = client.get("/demo/book/ZOP/").content.decode()
    assert "/demo/book/ZOP/2026-08-03/09-00/" in page
    assert "/demo/book/ZOP/2026-08-03/08-45/" not in page


def test_weeks_lead_to_each_other_up_to_the_horizon(client: Client, office: Office) -> None:
    last = date(2026, 8, 3) + timedelta(days=office.settings.horizon_days)
    monday = last - timedelta(days=last.weekday())
    page = client.get(f"/demo/book/ZOP/?week={monday}").content.decode()
    assert 'rel="prev"' in page
    assert 'rel="next"' not in page
    assert 'rel="prev"' not in client.get("/demo/book/ZOP/?week=2026-08-03").content.decode()


def test_a_whole_horizon_of_free_times_is_one_query_for_bookings(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    client.get("/demo/book/ZOP/")
    with django_assert_max_num_queries(6) as queries:
        client.get("/demo/book/ZOP/")
    assert sum(" booking " in query["sql"] for query in queries.captured_queries) == 1


# --- cancelling --------------------------------------------------------------------------------


def test_a_citizen_cancels_with_code_and_date(client: Client) -> None:
    book(client)
    answer = client.post("/demo/cancel/", {"code": f" {code()[:3]} {code()[3:]}", "day": "10. 8. 2026"})
    assert "je zrušená" in read(answer)
    assert models.Booking.objects.get().state == "cancelled"


@pytest.mark.parametrize("between", ["-", ".", " - "])
def test_a_code_may_be_typed_in_groups(client: Client, between: str) -> None:
    book(client)
    answer = client.post("/demo/cancel/", {"code": f"{code()[:3]}{between}{code()[3:]}.", "day": "10. 8. 2026"})
    assert answer.status_code == 200
    assert models.Booking.objects.get().state == "cancelled"


@pytest.mark.parametrize("day", ["2026-08-11", ""])
def test_the_code_alone_cancels_nothing(client: Client, day: str) -> None:
    book(client)
    assert client.post("/demo/cancel/", {"code": code(), "day": day}).status_code in {409, 422}
    assert models.Booking.objects.get().state == "booked"


# --- in a browser ------------------------------------------------------------------------------

PAGES = ["/demo/book/", "/demo/book/ZOP/", START, "/demo/cancel/"]


def test_the_whole_way_without_scripts(browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/demo/")
    page.get_by_role("link", name="Objednat se").first.click()
    page.get_by_role("link", name="převzetí občanského průkazu").click()
    page.get_by_role("link", name="Další týden").click()
    page.get_by_role("link", name="14:00 pondělí 10. 8. 2026").click()
    page.get_by_label("Jméno a příjmení").fill("Jana Nováková")
    page.get_by_label("Mobilní telefon").fill("777 123 456")
    page.get_by_role("button", name="Objednat").click()
    expect(page.get_by_role("heading", name="Objednáno")).to_be_visible()
    page.get_by_role("link", name="Zrušit objednávku").last.click()
    page.get_by_label("Přístupový kód").fill(code())
    page.get_by_label("Den objednávky").fill("2026-08-10")
    page.get_by_role("button", name="Zrušit objednávku").click()
    expect(page.get_by_text("je zrušená")).to_be_visible()
    context.close()


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("path", PAGES)
def test_pages_are_accessible_at_any_width(page: Page, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 640})
    page.goto(path)
    assert_accessible(page)
    assert_nothing_is_cut(page)


@pytest.mark.parametrize("path", PAGES)
def test_focus_is_always_seen(page: Page, path: str) -> None:
    page.goto(path)
    assert_focus_is_always_seen(page)


def test_a_mistake_is_reported_accessibly(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(START)
    page.get_by_label("Jméno a příjmení").fill("R2D2")
    page.get_by_role("button", name="Objednat").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert_accessible(page)
