"""Bookings on the web that their phone confirms: the page before, while and after, with scripts and without."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from prepazka.core.office.office import Office
from prepazka.flows.booking import hold
from prepazka.flows.inbound.receive import receive
from prepazka.flows.outbound.deliver import show
from prepazka.gateways.values import Inbound
from prepazka.store import models, offices
from prepazka.web import clock
from tests.offices import demo_office
from tests.waiting import DEADLINE, until
from tests.web.browsing import NARROW, WIDE, assert_accessible, assert_nothing_is_cut
from tests.web.conftest import NOW, NUMBER

START = "/demo/book/ZOP/2026-08-10/14-00/"
PHONE = "+420731246802"
WHO = {"name": "Iva Malá", "phone": "731 246 802"}


class Clock:
    """The clock of the pages, that a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def pass_by(self, seconds: float) -> datetime:
        self.now += timedelta(seconds=seconds)
        return self.now


@pytest.fixture(autouse=True)
def watch(monkeypatch: pytest.MonkeyPatch, now: None) -> Clock:
    watch = Clock()
    monkeypatch.setattr(clock, "now", lambda: watch.now)
    return watch


@pytest.fixture(autouse=True)
def confirming(transactional_db: None) -> Office:
    return keep()


def keep(**settings: Any) -> Office:
    office = demo_office()
    wanted = replace(office.settings, **({"confirm_web": True} | settings))
    return offices.load(offices.keep(replace(office, settings=wanted), NOW))


def read(answer: Any) -> str:
    return str(answer.content.decode().replace("\xa0", " "))


def book(client: Client, path: str = START, **who: str) -> Any:
    """Book, and open the page the browser is sent to."""
    return client.post(path, WHO | who, follow=True)


def booking() -> models.Booking:
    return models.Booking.objects.latest("id")


def say(text: str, at: datetime, sender: str = PHONE) -> None:
    receive([Inbound("phone", f"{sender}-{at.timestamp()}", sender, NUMBER, text)], at)


def address(page: Any) -> str:
    return str(page.request["PATH_INFO"]) + "?" + str(page.request["QUERY_STRING"])


def type_code(client: Client, page: Any, code: str) -> Any:
    confirm = address(page).replace("/done/?", "/done/confirm?")
    return client.post(confirm, {"code": code}, follow=True)


# --- the page ----------------------------------------------------------------------------------


def test_the_page_asks_for_the_code_and_tells_how_long_the_place_is_held(client: Client, watch: Clock) -> None:
    page = book(client)
    assert "Potvrďte objednávku" in read(page)
    assert "právě posíláme SMS" in read(page)
    show(watch.pass_by(4))
    again = client.get(address(page))
    assert "Místo vám držíme do 9:10." in read(again), "ten minutes from the hand-over"
    assert booking().code not in read(again)
    assert PHONE not in read(again)


def test_the_code_typed_on_the_page_confirms(client: Client, watch: Clock) -> None:
    page = book(client)
    show(watch.pass_by(4))
    code = booking().code
    done = type_code(client, page, f"{code[:3]} {code[3:]}")
    assert "<h1>Objednáno</h1>" in read(done)
    assert code not in read(done), "it is in the SMS"
    assert booking().state == "booked"


def test_a_wrong_code_confirms_nothing_and_five_of_them_end_the_guessing(client: Client, watch: Clock) -> None:
    page = book(client)
    show(watch.pass_by(4))
    for guess in range(5):
        answer = type_code(client, page, str(100_001 + guess))
        assert answer.status_code == 409
    assert "odpovědí ANO z telefonu" in read(answer)
    assert type_code(client, page, booking().code).status_code == 409
    assert booking().state == "held"


@pytest.mark.parametrize("typed", ["", "12a456", "Novák"])
def test_what_is_no_code_is_reported_at_the_field(client: Client, typed: str) -> None:
    page = book(client)
    assert type_code(client, page, typed).status_code == 422
    assert booking().state == "held"


def test_the_code_of_another_booking_confirms_nothing(client: Client, watch: Clock) -> None:
    book(client, phone="605 987 654", name="Petr Velký")
    code = booking().code
    page = book(client, "/demo/book/ZOP/2026-08-10/14-15/")
    show(watch.pass_by(4))
    assert type_code(client, page, code).status_code == 409
    assert set(models.Booking.objects.values_list("state", flat=True)) == {"held"}


def test_the_page_says_when_the_phone_said_yes(client: Client, watch: Clock) -> None:
    page = book(client)
    show(watch.pass_by(4))
    state = address(page).replace("/done/?", "/done/state?")
    assert client.get(state).json() == {"state": "held", "left": 600, "sent": True}
    say("ANO", watch.pass_by(60))
    assert client.get(state).json()["state"] == "booked"
    assert "<h1>Objednáno</h1>" in read(client.get(address(page)))


def test_the_page_says_when_the_place_is_free_again(client: Client, watch: Clock) -> None:
    page = book(client)
    show(watch.pass_by(4))
    hold.settle(watch.pass_by(600))
    lapsed = read(client.get(address(page)))
    assert "Místo je zase volné" in lapsed
    assert booking().code not in lapsed
    assert "<h1>Potvrďte objednávku</h1>" in read(book(client, phone="605 987 654"))


def test_a_message_that_does_not_leave_makes_the_page_tell_the_code(client: Client, watch: Clock) -> None:
    page = book(client)
    hold.settle(watch.pass_by(60))
    told = read(client.get(address(page)))
    assert "<h1>Objednáno</h1>" in told
    assert booking().code in told
    assert booking().state == "booked"


def test_where_no_gateway_is_well_the_booking_stands_and_the_page_tells_the_code(client: Client) -> None:
    row = models.Gateway.objects.create(name="sim", kind="gammu", made_at=NOW)
    models.Number.objects.update(gateway=row)
    told = read(book(client))
    assert "<h1>Objednáno</h1>" in told
    assert booking().code in told
    assert booking().state == "booked"


def test_an_office_that_has_not_chosen_books_as_before(client: Client) -> None:
    keep(confirm_web=None)
    told = read(book(client))
    assert "<h1>Objednáno</h1>" in told
    assert booking().code not in told
    assert models.Outbound.objects.get().kind == "confirmation"


@pytest.mark.parametrize("forged", ["", "forged", "WzEsdHJ1ZV0:x:y"])
def test_a_page_is_shown_to_nobody_else(client: Client, forged: str) -> None:
    book(client)
    assert client.get(f"/demo/book/done/?o={forged}").status_code == 302
    assert client.get(f"/demo/book/done/state?o={forged}").status_code == 404
    assert client.post(f"/demo/book/done/confirm?o={forged}", {"code": booking().code}).status_code == 302
    assert booking().state == "held"


def test_the_page_of_one_office_is_none_of_another(client: Client) -> None:
    offices.keep(replace(demo_office(), slug="jinde", numbers=("+420739000111",)), NOW)
    page = book(client)
    elsewhere = address(page).replace("/demo/", "/jinde/")
    assert client.get(elsewhere).status_code == 302


# --- numbers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        pytest.param("731 246 8025", "není číslo mobilního telefonu", id="a digit too many"),
        pytest.param("7312468025", "není číslo mobilního telefonu", id="no number of Kazakhstan"),
        pytest.param("+979 123 456 789", "není číslo mobilního telefonu", id="premium of no country"),
        pytest.param("+882 16 1234 5678", "není číslo mobilního telefonu", id="an international network"),
        pytest.param("900 123 456", "není číslo mobilního telefonu", id="premium"),
        pytest.param(
            "541 234 567",
            "Na pevnou linku SMS neposíláme. Napište mobil, nebo volejte podatelna@urad.example, 555 123 456.",
            id="a landline",
        ),
        pytest.param("0905 246 802", "i s předvolbou: +421 905 246 802.", id="a Slovak phone"),
        pytest.param("0777 246 802", "+420 777 246 802 nebo +380 77 724 6802", id="one of two"),
        pytest.param("+33 6 12 34 56 78", "Na čísla z této země SMS neposíláme. Přijďte osobně", id="France"),
    ],
)
def test_a_number_without_sms_takes_no_place_and_costs_nothing(client: Client, typed: str, words: str) -> None:
    page = client.post(START, WHO | {"phone": typed})
    assert page.status_code == 422
    assert words in read(page)
    assert models.Booking.objects.count() == models.Outbound.objects.count() == 0


@pytest.mark.parametrize("typed", ["00420 731 246 802", "+420 (0) 731 246 802", "731246802", "420731246802"])
def test_other_spellings_are_the_same_number(client: Client, typed: str) -> None:
    book(client, phone=typed)
    assert booking().sender == PHONE


def test_where_nothing_is_confirmed_a_phone_of_another_country_books_and_is_only_called(client: Client) -> None:
    keep(confirm_web=False)
    told = read(book(client, phone="+33 6 12 34 56 78"))
    assert booking().code in told, "no message tells it"
    assert (booking().sender, booking().calls) == ("", "+33612345678")
    assert models.Outbound.objects.count() == 0


# --- floods ------------------------------------------------------------------------------------


def test_a_flood_of_one_address_holds_thirty_places(client: Client) -> None:
    held = 0
    for n in range(40):
        path = f"/demo/book/ZOP/2026-08-{10 + n // 20}/{9 + n // 4 % 5:02}-{n % 4 * 15:02}/"
        client.post(path, {"name": "Iva Malá", "phone": f"72{n:07}"}, REMOTE_ADDR="198.51.100.7")
        held = models.Booking.objects.filter(state="held").count()
    assert held <= 30
    assert models.Outbound.objects.filter(kind="held").count() == held


def test_a_flood_of_one_network_of_64_bits_holds_three(client: Client) -> None:
    for n in range(6):
        path = f"/demo/book/ZOP/2026-08-10/09-{n % 4 * 15:02}/"
        client.post(path, {"name": "Iva Malá", "phone": f"72{n:07}"}, REMOTE_ADDR=f"2001:db8:5:6::{n + 1}")
    assert models.Booking.objects.filter(state="held").count() == 3
    page = client.post(START, WHO, REMOTE_ADDR="2001:db8:5:6::99")
    assert page.status_code == 409
    assert "čeká příliš mnoho objednávek" in read(page)


# --- in a browser ------------------------------------------------------------------------------


def fill(page: Page, phone: str = "731 246 802") -> None:
    page.goto(START)
    page.get_by_label("Jméno a příjmení").fill("Iva Malá")
    page.get_by_label("Mobilní telefon").fill(phone)
    page.get_by_role("button", name="Objednat").click()
    expect(page.get_by_role("heading", name="Potvrďte objednávku")).to_be_visible()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_page_is_accessible_at_any_width(page: Page, width: int, watch: Clock) -> None:
    page.set_viewport_size({"width": width, "height": 640})
    fill(page)
    show(watch.pass_by(1))
    page.reload()
    expect(page.get_by_role("timer")).to_contain_text("Zbývá 10")
    assert_accessible(page)
    assert_nothing_is_cut(page)


def test_the_page_follows_when_the_phone_says_yes(page: Page, watch: Clock) -> None:
    fill(page)
    show(watch.pass_by(1))
    expect(page.get_by_text("jsme poslali SMS")).to_be_visible()
    say("ANO", watch.pass_by(30))
    expect(page.get_by_role("heading", name="Objednáno")).to_be_visible()


@pytest.mark.parametrize("status", [429, 503])
def test_the_page_stays_while_the_office_cannot_say(context: BrowserContext, watch: Clock, status: int) -> None:
    """What was typed is not lost to the page of an error."""
    page = context.new_page()  # whose console complains of the refused questions
    page.clock.install()
    page.route(
        "**/state*",
        lambda route: route.fulfill(status=status, content_type="application/problem+json", body='{"title": "Busy"}'),
    )
    fill(page)
    show(watch.pass_by(1))
    code = page.get_by_label("Přístupový kód")
    code.fill("90")
    for _ in range(2):
        with page.expect_response(lambda answer: answer.status == status, timeout=DEADLINE * 1000):
            page.clock.run_for(3_000)
    expect(code).to_have_value("90")
    page.unroute("**/state*")
    say("ANO", watch.pass_by(30))
    with page.expect_response(lambda answer: answer.ok, timeout=DEADLINE * 1000):
        page.clock.run_for(3_000)
    expect(page.get_by_role("heading", name="Objednáno")).to_be_visible()


def test_the_code_is_typed_on_the_page(context: BrowserContext, watch: Clock) -> None:
    page = context.new_page()  # whose console may complain of the refused form
    fill(page)
    show(watch.pass_by(1))
    page.get_by_label("Přístupový kód").fill("999998")
    page.get_by_role("button", name="Potvrdit").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Přístupový kód").fill(booking().code)
    page.get_by_role("button", name="Potvrdit").click()
    expect(page.get_by_role("heading", name="Objednáno")).to_be_visible()


def test_what_is_typed_while_the_page_hears_that_the_message_left_stays(context: BrowserContext, watch: Clock) -> None:
    """The message may be read before the page hears of it: no digit is lost in between."""
    asked: list[Route] = []

    def hold_up(route: Route) -> None:
        asked.append(route)

    page = context.new_page()
    page.clock.install()
    fill(page)
    show(watch.pass_by(1))
    page.route(lambda address: "/done/?" in address, hold_up)
    page.clock.run_for(3_000)
    until(lambda: page.evaluate("1") and asked, "the page asks how it is told now")
    page.get_by_label("Přístupový kód").press_sequentially(booking().code)
    asked[0].continue_()
    expect(page.get_by_text("jsme poslali SMS")).to_be_visible()
    expect(page.get_by_label("Přístupový kód")).to_have_value(booking().code)
    page.unroute_all()
    page.get_by_role("button", name="Potvrdit").click()
    expect(page.get_by_role("heading", name="Objednáno")).to_be_visible()


def test_the_page_follows_when_the_time_is_over(page: Page, watch: Clock) -> None:
    fill(page)
    show(watch.pass_by(1))
    hold.settle(watch.pass_by(600))
    expect(page.get_by_role("heading", name="Místo je zase volné")).to_be_visible()
    page.get_by_role("link", name="Vybrat jiný čas").click()
    expect(page.get_by_role("heading", name="Volné časy")).to_be_visible()


def test_the_whole_way_without_scripts(browser: Browser, live_server: LiveServer, watch: Clock) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    fill(page)
    show(watch.pass_by(1))
    page.get_by_role("link", name="Obnovte stránku").click()
    expect(page.get_by_text("držíme do 9:10")).to_be_visible()
    page.get_by_label("Přístupový kód").fill(booking().code)
    page.get_by_role("button", name="Potvrdit").click()
    expect(page.get_by_role("heading", name="Objednáno")).to_be_visible()
    context.close()
