"""The big screen in a browser: its sound, the contrast of a fresh call, and that nothing is ever covered."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from prepazka.core.office.office import Office
from prepazka.core.queue.outcomes import Acted, Seated
from prepazka.flows.counters import arrive, call, seat
from prepazka.flows.counters import board as live_board
from prepazka.flows.json_lines import board_line
from prepazka.store import offices, slides
from tests.waiting import DEADLINE, until
from tests.web.browsing import assert_accessible, assert_nothing_is_cut
from tests.web.conftest import NOW
from tests.web.serving import serve

WITHIN = DEADLINE * 1000
SIZES = [(1280, 720), (360, 740), (1080, 1920)]


@pytest.fixture
def hall(office: Office) -> Office:
    settings = replace(office.settings, voice="cs", screen_notice="V pátek 24. 12. je zavřeno.")
    first = replace(office.counters[0], arrow="left", way="1. patro")
    return offices.load(offices.keep(replace(office, settings=settings, counters=(first, *office.counters[1:])), NOW))


@pytest.fixture
def address(hall: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with serve(monkeypatch) as port:
        yield f"http://127.0.0.1:{port}/demo/screen/"


def call_somebody(office: Office, place: int = 0) -> None:
    arrive.walk_in(office.id, "ZCD", NOW)
    seat.sit_down(office.id, office.counters[place].id, f"clerk-{place}", NOW)
    call.call_next(office.id, f"clerk-{place}", NOW)


def opened(context: BrowserContext, address: str, width: int = 1280, height: int = 720) -> Page:
    """Open a screen of this size: one that is changed later is laid out anew only a moment after that."""
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": height})
    page.goto(address)
    return page


def test_one_press_starts_the_sound_and_a_call_is_announced(
    hall: Office, context: BrowserContext, address: str
) -> None:
    page = opened(context, address)
    page.evaluate("document.addEventListener('announced', (event) => (window.heard = event.detail))")
    expect(page.locator("#device[data-ready]")).to_be_attached(timeout=WITHIN)
    expect(page.get_by_text("▲ bez zvuku")).to_be_visible()
    page.get_by_role("button", name="Zapnout zvuk").click()
    expect(page.get_by_text("▲ bez zvuku")).to_be_hidden(timeout=WITHIN)
    call_somebody(hall)
    # Not wait_for_function: it evaluates text, which the page's policy forbids.
    heard = until(lambda: page.evaluate("window.heard"), "the call is announced", every=0.05)
    assert heard["call"]["number"] == "D1"
    # The gong takes two seconds, and the sentence has five pieces.
    assert 3.5 < heard["length"] < 7
    page.close()


def tell(page: Page, *states: str) -> None:
    """Tell the page these states of the board, each on a line that is lost at once, and then nothing more."""
    told = iter(f"retry: 100\nevent: board\ndata: {state}\n\n" for state in states)

    def answer(route: Route) -> None:
        body = next(told, "")
        route.fulfill(content_type="text/event-stream", body=body) if body else route.abort()

    page.route("**/board/stream", answer)
    page.route("**/board", lambda route: route.abort())


@pytest.mark.parametrize("where", ["/demo/screen/", "/demo/board/"])
def test_a_call_between_the_page_and_its_first_state_is_news_and_one_on_the_page_is_not(
    hall: Office, context: BrowserContext, where: str
) -> None:
    """Whoever opens the page in the second of a call hears it; whoever opens it a minute later hears nothing old."""
    call_somebody(hall, place=1)
    board = live_board.board(hall, NOW)
    missed = replace(board.calling[0], number="D2", counter=hall.counters[0].title, at=NOW)
    now = replace(board, calling=(missed, *board.calling), version=board.version + 1)
    page = context.new_page()
    tell(page, json.dumps(board_line(now, hall.zone)))
    page.goto(where)
    expect(page.locator("#said")).to_have_text(re.compile("^Lístek D2: [Pp]řepážka 1.$"), timeout=WITHIN)
    expect(page.locator("#calling > *")).to_have_count(2)
    page.close()


@pytest.mark.parametrize("where", ["/demo/screen/", "/demo/board/"])
def test_yesterdays_calls_go_at_midnight_though_nothing_changed_in_the_queue(
    hall: Office, context: BrowserContext, where: str
) -> None:
    call_somebody(hall)
    now = replace(live_board.board(hall, NOW), calling=())
    page = context.new_page()
    tell(page, *(json.dumps(board_line(one, hall.zone)) for one in (now, replace(now, last=()))))
    page.goto(where)
    expect(page.locator("#last > *")).to_have_count(0, timeout=WITHIN)
    page.close()


def test_a_screen_that_is_left_on_says_when_the_office_closes_and_opens(hall: Office, context: BrowserContext) -> None:
    day = live_board.board(hall, NOW)
    night = replace(day, agendas=tuple(replace(one, open=False) for one in day.agendas))
    for states, said in (([day, night], "Teď máme zavřeno."), ([night, day], "Vyčkejte prosím")):
        page = context.new_page()
        tell(page, *(json.dumps(board_line(one, hall.zone)) for one in states))
        page.goto("/demo/screen/")
        expect(page.locator("#wait")).to_contain_text(said, timeout=WITHIN)
        page.close()


def test_its_clock_goes_by_the_servers_time_whatever_the_device_shows(hall: Office, context: BrowserContext) -> None:
    """It goes on while the line is lost, and a call of twenty seconds ago is fresh no more."""
    call_somebody(hall)
    now = NOW - timedelta(minutes=23)
    board = live_board.board(hall, NOW)
    calling = tuple(replace(one, at=now) for one in board.calling)
    state = json.dumps(board_line(replace(board, at=now, calling=calling, version=board.version + 1), hall.zone))
    page = context.new_page()
    tell(page, state)
    page.clock.install(time=datetime(2001, 2, 3, 4, 5, tzinfo=UTC))
    page.goto("/demo/screen/")
    clock, called = page.locator("#at"), page.locator("#calling > *")
    expect(clock).to_have_text("8:37", timeout=WITHIN)
    page.clock.fast_forward(60_000)
    expect(clock).to_have_text("8:38")
    expect(called).not_to_have_class(re.compile("fresh"))
    expect(page.locator("#old")).to_be_visible()
    page.clock.fast_forward(82 * 60_000)
    expect(clock).to_have_text("10:00")
    page.close()


def test_a_fresh_call_never_moves_its_text_or_ground(hall: Office, context: BrowserContext, address: str) -> None:
    page = opened(context, address)
    call_somebody(hall)
    fresh = page.locator("#calling .fresh")
    expect(fresh).to_contain_text("přepážka 1", timeout=WITHIN)
    expect(fresh).to_contain_text("vlevo, 1. patro ←")
    moving = fresh.evaluate(
        "(row) => row.getAnimations({ subtree: true }).map((one) => "
        "[one.effect.pseudoElement, ...one.effect.getKeyframes().flatMap(Object.keys)])"
    )
    assert len(moving) == 1
    [(pseudo, *animated)] = moving
    assert pseudo == "::after"
    assert not {"color", "backgroundColor"} & set(animated)
    for moment in (0, 0.5, 1.0):
        colours = fresh.evaluate(
            "(row, at) => { const [one] = row.getAnimations({ subtree: true }); one.pause(); "
            "one.currentTime = at * 1000; const style = getComputedStyle(row); "
            "return [style.color, style.backgroundColor, style.opacity]; }",
            moment,
        )
        assert colours == ["rgb(13, 32, 54)", "rgb(245, 166, 35)", "1"], "8.1 to 1"
    page.close()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_an_outage_takes_the_place_of_the_notice(
    hall: Office, context: BrowserContext, address: str, width: int, height: int
) -> None:
    call_somebody(hall)
    page = opened(context, address, width, height)
    expect(page.get_by_text("V pátek 24. 12. je zavřeno.")).to_be_visible()
    call_somebody(hall, place=1)
    expect(page.locator("#calling > *")).to_have_count(2, timeout=WITHIN)  # the line stands: nothing ends the outage
    assert_accessible(page)
    assert_nothing_is_cut(page)
    page.evaluate(
        "const old = document.getElementById('old'); old.hidden = false; old.textContent = 'Spojení je pryč.'"
    )
    bar = page.locator("#old").bounding_box()
    assert bar
    assert bar["y"] + bar["height"] <= height
    expect(page.locator("#notice")).to_be_hidden()
    for part in (".now", "aside", "header", "#sound"):
        box = page.locator(part).bounding_box()
        assert box
        assert box["y"] + box["height"] <= bar["y"], part
    page.close()


# Whether what is shown of a list is shown whole.
WHOLE = """(part) => [...part.querySelectorAll('li')].filter((line) => line.getClientRects().length > 0
    && line.getBoundingClientRect().bottom > part.getBoundingClientRect().bottom + 1).map((line) => line.innerText)"""


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1080, 1920), (1920, 1080)])
def test_the_longest_names_and_the_fullest_hall_are_shown_whole(
    hall: Office, context: BrowserContext, address: str, width: int, height: int
) -> None:
    titles = ("4", "Matrika a ověřování, kancelář 12", "Občanské průkazy a cestovní doklady 3", "Přepážka 9")
    made = zip((*hall.counters, hall.counters[0]), titles, strict=True)
    counters = tuple(
        replace(one, id=place, key=f"p{place}", title=title, agendas=(hall.agendas[0].id,), way="2. patro vpravo")
        for place, (one, title) in enumerate(made, 1)
    )
    agendas = tuple(
        replace(one, title=f"{one.title}, přihlašování k pobytu a výpisy z evidence") for one in hall.agendas
    )
    notice = "Ve středu 23. 12. je od poledne zavřeno. Platit lze kartou i hotově, parkování orazítkuje podatelna."
    name = "Magistrát statutárního města Ústí nad Labem, odbor správní"
    settings = replace(hall.settings, screen_notice=notice)
    full = replace(hall, name=name, counters=counters, agendas=agendas, settings=settings)
    office = offices.load(offices.keep(full, NOW))
    for place in range(4):
        call_somebody(office, place)
    page = opened(context, address, width, height)
    expect(page.locator("#device[data-ready]")).to_be_attached(timeout=WITHIN)
    expect(page.locator("#calling .call")).to_have_count(4)
    assert_all_lines_are_whole(page)
    assert_accessible(page)
    tell(page)
    page.reload()  # also before its first state, with the sign that there is no sound
    expect(page.get_by_text("▲ bez zvuku")).to_be_visible()
    assert_all_lines_are_whole(page)
    page.close()


def assert_all_lines_are_whole(page: Page) -> None:
    for part in (".now", "aside"):
        expect(page.locator(f"{part} li").first).to_be_visible()
        assert page.locator(part).evaluate(WHOLE) == [], part


def test_nothing_called_yet_leaves_no_heading_over_nothing(hall: Office, context: BrowserContext, address: str) -> None:
    page = opened(context, address)
    expect(page.get_by_text("Vyčkejte prosím")).to_be_visible(timeout=WITHIN)
    expect(page.get_by_text("Naposledy")).to_be_hidden()
    page.goto(address.replace("/screen/", "/board/"))
    expect(page.get_by_text("Teď nevoláme nikoho.")).to_be_visible()
    for words in ("Naposledy volaní", "Čas vyvolání"):
        expect(page.get_by_text(words).first).to_be_hidden()
    call_somebody(hall)
    expect(page.get_by_text("Naposledy volaní")).to_be_visible(timeout=WITHIN)
    page.close()


def test_slides_are_shown_while_nobody_is_called(hall: Office, context: BrowserContext, address: str) -> None:
    slides.add(hall.id, "Občanky vyzvednete bez objednání", None, NOW, "test")
    page = opened(context, address)
    expect(page.get_by_text("Občanky vyzvednete bez objednání")).to_be_visible(timeout=WITHIN)
    assert_accessible(page)
    call_somebody(hall)
    expect(page.locator("#calling .call")).to_be_visible(timeout=WITHIN)
    expect(page.get_by_text("Občanky vyzvednete bez objednání")).to_be_hidden()
    page.close()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_tablet_follows_its_counter(
    hall: Office, context: BrowserContext, address: str, width: int, height: int
) -> None:
    page = opened(context, f"{address}counter/prepazka-1/", width, height)
    expect(page.locator("#state")).to_have_text("Zavřeno")
    call_somebody(hall)
    expect(page.locator("#number")).to_have_text("D1", timeout=WITHIN)
    expect(page.locator("#number")).to_have_class("fresh")
    assert_accessible(page)
    assert_nothing_is_cut(page)
    seat_left(hall)
    expect(page.locator("#state")).to_contain_text("Volno", timeout=WITHIN)
    page.close()


def seat_left(office: Office) -> None:
    found = seat.seat(office.id, "clerk-0")
    assert isinstance(found, Seated)
    assert found.ticket
    served = call.serve(office.id, "clerk-0", found.ticket.ref, NOW + timedelta(seconds=30))
    assert isinstance(served, Acted)
    call.done(office.id, "clerk-0", served.ticket.ref, NOW + timedelta(seconds=40))
