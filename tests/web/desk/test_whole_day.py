"""A clerk's day of eighty clients, its presses counted: by the forms of the pages themselves, without a browser."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import time, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from prepazka.core.booking.book import Book
from prepazka.core.office.office import Office
from prepazka.flows.booking.request import BookingRequest, submit
from prepazka.flows.counters import arrive
from prepazka.store import models
from prepazka.web import clock
from tests.web.conftest import NOW
from tests.web.staff import SignedIn

ROUNDS, A_FEW, SERVED_A_ROUND = 8, 2, 7
"""Of ten people seven are served, one does not come, one has no code, one is served at once; and a caller rings."""
FIRST, SERVED, NOT_HERE = "call after a pause", "serve and take the next", "not here, a call"
WITHOUT_CODE, AT_ONCE, FOR_CALLER = "without a code", "at once", "for a caller"
MOST = {FIRST: 1, SERVED: 2, NOT_HERE: 1, WITHOUT_CODE: 2, AT_ONCE: 3, FOR_CALLER: 6}
"""What the work may take, in presses: a button, a link, or a choice."""
DESK, TOMORROW = "/demo/desk/", NOW.date() + timedelta(days=1)
NAMES = [f"{first} {last}" for first, last in (
    ("Anežka", "Lhotová"), ("Bořek", "Mužík"), ("Cyril", "Dlask"), ("Dora", "Šírková"),
    ("Emil", "Rada"), ("Filip", "Kozel"), ("Gita", "Vacková"), ("Hugo", "Peroutka"),
)]  # fmt: skip


@dataclass
class Form:
    """A form of a page, as a browser would send it untouched, with its buttons by their names."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)


class Page(HTMLParser):
    """The forms of a page, and its text."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: set[str] = set()
        self.text = ""
        self._open: Form | None = None
        self._select = ""
        self._button: tuple[str, str, str] | None = None
        self.feed(content.decode().replace("\N{NO-BREAK SPACE}", " "))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._open)
        elif tag == "a":
            self.links.add(given.get("href", ""))
        elif self._open is None:
            return
        elif tag == "button":
            self._button = (given.get("aria-label", ""), given.get("name", ""), given.get("value", ""))
        elif tag == "select":
            self._select = given["name"]
        elif tag == "option":
            if "selected" in given or self._select not in self._open.values:
                self._open.values[self._select] = given["value"]
        elif tag == "input" and (given.get("type") not in {"checkbox", "radio"} or "checked" in given):
            self._open.values[given.get("name", "")] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._open and self._button:
            label, name, value = self._button
            self._open.buttons.setdefault(label or data.strip(), (name, value))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "button":
            self._button = None


class Clerk:
    """A clerk who presses what the pages offer, one press at a time."""

    def __init__(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        self.client, self.now = client, NOW
        monkeypatch.setattr(clock, "now", lambda: self.now)
        self.presses: Counter[str] = Counter()
        self.done: Counter[str] = Counter()
        self.work = ""
        self.open(DESK)

    def begin(self, work: str) -> None:
        self.work = work
        self.done[work] += 1
        self.now += timedelta(seconds=20)

    def open(self, path: str) -> None:
        self._show(self.client.get(path))

    def choose(self, *chosen: str) -> None:
        """Choose in a list, or a day, or a time: a press each."""
        self.presses[self.work] += len(chosen)

    def link(self, path: str) -> None:
        """Follow a link of the page."""
        assert path in self.page.links
        self.presses[self.work] += 1
        self.open(path)

    def press(self, name: str, /, **typed: str) -> None:
        """Press the button of this name, in the first form that has it. typed: what is in its fields."""
        self.presses[self.work] += 1
        form = next((one for one in self.page.forms if name in one.buttons), None)
        assert form, f"no button {name}: {self.page.text}"
        sent = {**form.values, **typed, **dict([form.buttons[name]])}
        send = self.client.post if form.method == "post" else self.client.get
        self._show(send(form.action or self.path, {key: value for key, value in sent.items() if key}, follow=True))

    def _show(self, answer: Any) -> None:
        assert answer.status_code == 200
        self.path, self.page = answer.wsgi_request.get_full_path(), Page(answer.content)


def test_a_day_of_eighty_clients_takes_few_presses(
    office: Office, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch, *, whole: bool
) -> None:
    """In its short form twenty clients; `make test-long` serves all of them."""
    rounds = ROUNDS if whole else A_FEW
    booked_before(office)
    clerk = Clerk(signed_in("clerk"), monkeypatch)
    clerk.press("Obsadit přepážku: Přepážka 1")
    for turn in range(rounds):
        serve(clerk, office)
        clerk.begin(NOT_HERE)
        clerk.press("Klient tu není")
        without_a_code(clerk, NAMES[turn])
        at_once(clerk)
        for_a_caller(clerk, time(9, 15 * (turn // 2)), NAMES[turn])
    assert {work: clerk.presses[work] / count for work, count in clerk.done.items()} == MOST
    assert models.Ticket.objects.filter(state="done").count() == clerk.done[SERVED] + clerk.done[AT_ONCE]
    assert (clerk.done[SERVED], clerk.done[AT_ONCE]) == (rounds * SERVED_A_ROUND, rounds)
    assert models.Booking.objects.filter(day=TOMORROW).count() == rounds


def booked_before(office: Office) -> None:
    """Those without a code come late, each to one of the two places of a start."""
    for place, name in enumerate(NAMES):
        book = Book("ZOP", NOW.date(), time(8, 15 * (place // 2)), name)
        assert submit(office.id, BookingRequest(book, "desk"), NOW - timedelta(days=2)).outcome == "booked"


def serve(clerk: Clerk, office: Office) -> None:
    """Those who wait: the last press of each calls the next, and the last of all is left called."""
    clerk.begin(FIRST)
    arrive.walk_in(office.id, "ZOP", clerk.now)
    clerk.press("Zavolat dalšího")
    for _ in range(SERVED_A_ROUND):
        clerk.begin(SERVED)
        arrive.walk_in(office.id, "POP", clerk.now)
        clerk.press("Klient je tu")
        clerk.press("Hotovo a další")


def without_a_code(clerk: Clerk, name: str) -> None:
    clerk.begin(WITHOUT_CODE)
    clerk.press("Najít", find=name.split()[1][:4])
    clerk.press(f"Klient je tu: {name}")
    assert "Vydán lístek" in clerk.page.text
    clerk.open(DESK)


def at_once(clerk: Clerk) -> None:
    """Somebody who stands at the counter: the third press is the one that ends it."""
    clerk.begin(AT_ONCE)
    clerk.choose("ZCD")
    clerk.press("Vydat a obsloužit", service="ZCD")
    clerk.press("Hotovo")


def for_a_caller(clerk: Clerk, at: time, name: str) -> None:
    clerk.begin(FOR_CALLER)
    clerk.link("/demo/desk/bookings/new/")
    clerk.choose("ZOP", "the day")
    clerk.press("Zobrazit volné časy", service="ZOP", day=TOMORROW.isoformat())
    clerk.choose("the time")
    clerk.press("Objednat", at=at.isoformat("minutes"), name=name)
    assert "Potvrzení objednávky" in clerk.page.text
    clerk.open(DESK)
