"""Every page there is, in a browser: for everybody, and in one language. Pages are taken from the addresses of the
program, so no new one is forgotten.

Axe takes longest: in the short form it looks at every page once, by turns in Czech on a telephone and in English on a
wide screen; with `--long` at every page in both.
"""

import re
from dataclasses import replace
from datetime import date, time

import pytest
from django.conf import settings
from django.urls import URLPattern
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from prepazka.core.office.office import Closure, ExtraDay, Hours, Office, SavedAnswer
from prepazka.flows.counters import arrive, call, seat
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.sms.languages import load
from prepazka.store import models, offices
from tests.offices import demo_office
from tests.web.browsing import (
    NARROW,
    PATIENCE,
    TABLET,
    WIDE,
    assert_accessible,
    assert_focus_is_always_seen,
    assert_nothing_is_cut,
)
from tests.web.conftest import ME, NOW, NUMBER
from tests.web.staff import OPERATOR, SignedIn
from tests.web.test_authorisation import ALL, address

# Answers that are no page: of programs, files, or made only by a form.
NO_PAGES = re.compile(r"api/|\.well-known/|gateways/|healthz|readyz|metrics")
# What an office writes is in its own language; the manual and what people text are Czech, and marked so.
CZECH = re.compile("[ěščřžůťďňĚŠČŘŽŮŤĎŇáéíóúýÁÉÍÓÚÝ]+")


@pytest.fixture
def lived_in(officials: object, office: Office) -> Office:
    """The demo office with something on every page."""
    agenda = replace(office.agendas[0], extra_days=(ExtraDay(date(2026, 8, 15), Hours(time(9), time(12), 15, 1)),))
    closure = Closure(date(2026, 8, 24), date(2026, 8, 25), "Sanitární den")
    settings = replace(office.settings, inbox=True, inbox_hours="8-15", clerk_figures=True)
    answers = (SavedAnswer("Děti", "Ano, přijďte i s dětmi."),)
    long = "návrh na zrušení údaje o trvalém pobytu cizince s povolením k přechodnému pobytu na území státu"
    services = (*office.services[:-1], replace(office.services[-1], code="NAVRHCIZIN", title=long))
    counters = (*office.counters[:-1], replace(office.counters[-1], title="Přepážka evidence obyvatel, kancelář 12"))
    lived_in = replace(
        office,
        agendas=(agenda, *office.agendas[1:]),
        services=services,
        counters=counters,
        closures=(closure,),
        answers=answers,
    )
    offices.keep(replace(lived_in, settings=settings), NOW, "administrator")
    for id_, text in (
        ("1", "OBJ ZOP 10.8. 14:00 NOVAK"),
        ("2", "OBJ ZOP 3.8. 14:00 POSPISILOVA DOLEZALOVA"),
        ("3", "ridicak na utery"),
        ("5", "OBJ NAVRHCIZIN 3.8. 13:00 WOLFESCHLEGELSTEINHAUSENBERGERDORFF"),
    ):
        receive([Inbound("phone", id_, ME, NUMBER, text)], NOW)
    receive([Inbound("phone", "4", "+420602000001", NUMBER, "ridicak a trvaly pobyt")], NOW)
    models.Inbound.objects.filter(gateway_id="1").update(repairs="courtesy")
    for service in ("ZOP", "ZOP", "PTP"):
        arrive.walk_in(office.id, service, NOW)
    seat.sit_down(office.id, office.counters[0].id, "novak", NOW)
    call.call_next(office.id, "novak", NOW)
    return offices.load(office.id)


def pages(signed_in: SignedIn) -> list[str]:
    """The address of each, as its answer shows: not of a form's target, a file or a redirection."""
    numbers = {
        "admin-closure": models.Closure.objects.get().id,
        "desk-inbox-thread": models.Inbound.objects.get(gateway_id="3").id,
        **dict.fromkeys(
            ("desk-slip", "desk-person", "desk-move", "desk-cancel"), models.Booking.objects.get(name="NOVAK").id
        ),
    }
    paths = [of(route, pattern, numbers) for route, pattern in ALL if not NO_PAGES.match(route)]
    client = signed_in(OPERATOR)
    answers = [(path, client.get(path)) for path in paths]
    found = [
        path
        for path, answer in answers
        if answer.status_code in {200, 403} and answer.headers["Content-Type"].startswith("text/html")
    ]
    assert len(found) > 50
    return found


def of(route: str, pattern: URLPattern, numbers: dict[str, int]) -> str:
    if pattern.name in numbers:
        route = re.sub(r"<(?!slug:slug)[^>]*>", str(numbers[str(pattern.name)]), route)
    return address(route, pattern)


def signed_in_page(browser: Browser, server: LiveServer, signed_in: SignedIn, language: str, scripts: bool) -> Page:
    context: BrowserContext = browser.new_context(base_url=server.url, java_script_enabled=scripts)
    context.set_default_timeout(PATIENCE)
    session = signed_in(OPERATOR).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies(
        [
            {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": server.url},
            {"name": "language", "value": language, "url": server.url},
        ]
    )
    return context.new_page()


def ours(page: Page, office: Office) -> str:
    """What the page says without the office's own words and without what is marked as another language."""
    text: str = page.evaluate(
        """() => {
            const body = document.body.cloneNode(true);
            for (const other of body.querySelectorAll('[lang]:not([lang=en]), textarea, script')) other.remove();
            const texts = [document.title, body.textContent];
            for (const element of body.querySelectorAll('*'))
                for (const name of ['aria-label', 'title', 'alt', 'placeholder', 'data-words'])
                    texts.push(element.getAttribute(name) ?? '');
            return texts.join('\\n');
        }"""
    )
    own = [office.name, "Jiný úřad", "Přepážka", "Na Vápence", *(closure.reason for closure in office.closures)]
    own += [office.address, office.directions]
    own += [answer.text for answer in office.answers] + [language.name for language in load()]
    before = demo_office()  # the trail tells what was and what is
    own += [word for service in before.services for word in service.synonyms]
    for parts in (office.agendas, office.services, office.counters, office.answers, before.services, before.counters):
        own += [part.title for part in parts]
    for words in sorted(own, key=len, reverse=True):
        text = re.sub(re.escape(words), "", text, flags=re.IGNORECASE)
    return text


def test_every_page_in_czech_is_for_everybody_on_a_telephone(
    lived_in: Office, browser: Browser, live_server: LiveServer, signed_in: SignedIn, whole: bool
) -> None:
    page = signed_in_page(browser, live_server, signed_in, "cs", scripts=True)
    page.set_viewport_size({"width": NARROW, "height": 800})
    for place, path in enumerate(pages(signed_in)):
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == "cs", path
        assert page.locator("h1").count() == 1, path
        assert_nothing_is_cut(page)
        if whole or place % 2 == 0:
            assert_accessible(page)
        assert_focus_is_always_seen(page)
    page.context.close()


def test_every_page_in_english_is_for_everybody_on_a_wide_screen_and_all_english(
    lived_in: Office, browser: Browser, live_server: LiveServer, signed_in: SignedIn, whole: bool
) -> None:
    page = signed_in_page(browser, live_server, signed_in, "en", scripts=True)
    page.set_viewport_size({"width": WIDE, "height": 800})
    czech: dict[str, set[str]] = {}
    for place, path in enumerate(pages(signed_in)):
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == "en", path
        page.set_viewport_size({"width": TABLET, "height": 1024})
        assert_nothing_is_cut(page)
        page.set_viewport_size({"width": WIDE, "height": 800})
        assert_nothing_is_cut(page)
        if whole or place % 2:
            assert_accessible(page)
        lines = {line.strip() for line in ours(page, lived_in).splitlines() if CZECH.search(line)}
        if lines:
            czech[path] = lines
    page.context.close()
    assert czech == {}


def test_every_page_says_the_same_without_scripts(
    lived_in: Office, browser: Browser, live_server: LiveServer, signed_in: SignedIn
) -> None:
    page = signed_in_page(browser, live_server, signed_in, "cs", scripts=False)
    for path in pages(signed_in):
        page.goto(path)
        assert page.locator("h1").is_visible(), path
        assert page.locator("main").inner_text().strip(), path
    page.context.close()
