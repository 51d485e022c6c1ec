"""What people of the country do: they write, come, are called and served, book on the web, and watch the boards."""

import asyncio
import re
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import NamedTuple
from urllib.parse import urlencode
from uuid import uuid4

from prepazka.bench.country.calls import CallFailed, Line
from prepazka.bench.country.filling import SECRET, SERVICE, Town
from prepazka.bench.country.load import Do, Meter, NothingToDo
from prepazka.bench.country.smsbox import Smsbox

# Seconds for the message with the code of a booking.
_CODE_WITHIN = 30.0
_LINK = re.compile(r'href="(/[^"]+/\d{4}-\d\d-\d\d/\d\d-\d\d/)"')
_CONFIRM = re.compile(r'action="([^"]+/book/done/confirm[^"]*)"')
_CLIENT = re.compile(r'name="ticket" value="(\d+)"><input type="hidden" name="version" value="(\d+)"')
_VERSION = re.compile(r'data-version="(\d+)"')


class Client(NamedTuple):
    """Who is at a counter, as the page of the desk shows it; called: not come to the counter yet."""

    ticket: str
    version: str
    called: bool


@dataclass(slots=True)
class Hall:
    """A town's hall. waiting: people in it; client: at the counter; known: whether the clerk's page is up to date."""

    town: Town
    waiting: int = 0
    client: Client | None = None
    known: bool = True
    listed: bool = False


class Change(NamedTuple):
    """An act changed a board: the least version that shows it, and when the act was answered."""

    town: str
    version: int
    at: float


@dataclass(slots=True)
class People:
    """All of them, and what they were told: `books` compares it with the database.

    accepted: the phones whose message was acknowledged, by the message's id. confirmed: the phones whose booking on the
    web was; served: how many people were said to have been served. heard: versions of boards with the moment, by town.
    """

    port: int
    towns: Sequence[Town]
    smsbox: Smsbox
    today: date
    rng: Random
    accepted: dict[str, str] = field(default_factory=dict)
    confirmed: set[str] = field(default_factory=set)
    served: int = 0
    changes: list[Change] = field(default_factory=list)
    heard: dict[str, list[tuple[int, float]]] = field(default_factory=lambda: defaultdict(list))
    pages: list[float] = field(default_factory=list)
    replies: Meter = field(default_factory=Meter)
    _wrote: dict[str, float] = field(default_factory=dict)
    _halls: list[Hall] = field(init=False)
    _ready: deque[Hall] = field(default_factory=deque)
    _numbers: "count[int]" = field(default_factory=count)

    def __post_init__(self) -> None:
        self._halls = [Hall(town) for town in self.towns]
        self.smsbox.told = self._got_reply

    @property
    def doings(self) -> Mapping[str, Do]:
        """What is done, by the names of `RATES`."""
        return {"SMS": self.write, "acts": self.act, "arrivals": self.come, "web bookings": self.book}

    def wait_in(self, town: int) -> None:
        """Know that somebody waits in a town's hall."""
        hall = self._halls[town]
        hall.waiting += 1
        if not hall.listed:
            hall.listed = True
            self._ready.append(hall)

    # --- by SMS -------------------------------------------------------------------------------------

    async def write(self, due: float) -> float:
        """Write an SMS from a new phone, by its gateway's call; done when the call is acknowledged."""
        number = next(self._numbers)
        town, phone, id_ = self.rng.choice(self.towns), f"+420{602_000_000 + number}", f"sms-{number}"
        call = {"from": phone, "to": town.number, "text": self._text(number), "coding": "0", "charset": "UTF-8"}
        path = f"/gateways/{town.gateway}/{SECRET}?{urlencode({**call, 'udh': '', 'id': id_, 'at': ''})}"
        self._wrote[phone] = due
        self.replies.due += 1
        async with Line(self.port) as line:
            await line.get(path)
        self.accepted[id_] = phone
        return asyncio.get_running_loop().time()

    def _text(self, number: int) -> str:
        day = self.today + timedelta(days=1 + number % 20)
        at = f"{8 + self.rng.randrange(9)}:{self.rng.choice(('00', '30'))}"
        return (f"OBJ {SERVICE} {day.day}.{day.month}. {at} NOVAK", f"TERMIN {SERVICE}", f"OBJ {SERVICE} NOVAK")[
            number % 3
        ]

    def _got_reply(self, phone: str, at: float) -> None:
        if (wrote := self._wrote.pop(phone, None)) is not None:
            self.replies.seconds.append(at - wrote)

    # --- at the counters ----------------------------------------------------------------------------

    async def come(self, due: float) -> float:
        """Take a ticket at the kiosk of a town."""
        place = self.rng.randrange(len(self._halls))
        town = self._halls[place].town
        async with Line(self.port, cookies=f"kiosk={town.kiosk}") as line:
            answer = await line.post(f"/{town.slug}/kiosk/walk-in", {"service": SERVICE, "key": str(uuid4())})
            done = asyncio.get_running_loop().time()
            self.wait_in(place)
            await self._page(line, answer.location)
        return done

    async def act(self, due: float) -> float:
        """Do the next act of a clerk who has somebody to call or to serve, and look at the page it leads to."""
        if not self._ready:
            raise NothingToDo
        hall = self._ready.popleft()
        try:
            async with Line(self.port, cookies=f"sessionid={hall.town.session}") as line:
                return await self._press(hall, line)
        except CallFailed:
            hall.known = False
            raise
        finally:
            hall.listed = bool(hall.waiting or hall.client or not hall.known)
            if hall.listed:
                self._ready.append(hall)

    async def _press(self, hall: Hall, line: Line) -> float:
        desk, loop = f"/{hall.town.slug}/desk/", asyncio.get_running_loop()
        if not hall.known:
            self._look(hall, await self._page(line, desk))
        before = hall.client
        act = "next" if before is None else "serve" if before.called else "done"
        form = {"act": act, "ticket": before.ticket if before else "0", "version": before.version if before else "0"}
        answer = await line.post(f"{desk}act", form)
        done = loop.time()
        page = await self._page(line, answer.location)
        self._look(hall, page)
        if act == "next":
            hall.waiting = max(0, hall.waiting - 1) if hall.client else 0
        elif act == "done":
            self.served += hall.client is None
        if version := _VERSION.search(page):
            self.changes.append(Change(hall.town.slug, int(version[1]), done))
        return done

    def _look(self, hall: Hall, page: str) -> None:
        """Read from the clerk's page who is at the counter."""
        shown = page.partition('id="live-client"')[2].partition("</section>")[0]
        found = _CLIENT.search(shown)
        hall.client = Client(found[1], found[2], 'value="serve"' in shown) if found else None
        hall.known = True

    # --- on the web ---------------------------------------------------------------------------------

    async def book(self, due: float) -> float:
        """Book on the web from a network of one's own: the free times, the form, the code of the message typed in.

        Done when the place is held or booked; a code that does not come, or does not count, is a failure.
        """
        number, town = next(self._numbers), self.rng.choice(self.towns)
        phone, address = (
            f"+420{603_000_000 + number}",
            f"127.{1 + number // 62_500 % 200}.{number // 250 % 250}.{1 + number % 250}",
        )
        async with Line(self.port, address) as line:
            links = _LINK.findall(await self._page(line, f"/{town.slug}/book/{SERVICE}/"))
            if not links:
                raise CallFailed("no free time")
            chosen = self.rng.choice(links)
            await self._page(line, chosen)
            form = {"name": "Jana Kavková", "phone": phone, "key": str(uuid4())}
            answer = await line.post(chosen, form)
            done = asyncio.get_running_loop().time()
            page = await self._page(line, answer.location)
            if confirm := _CONFIRM.search(page):
                await self._confirm(line, confirm[1], phone)
        self.confirmed.add(phone)
        return done

    async def _confirm(self, line: Line, path: str, phone: str) -> None:
        try:
            text = await self.smsbox.text_to(phone, _CODE_WITHIN)
        except TimeoutError:
            raise CallFailed("no message with a code") from None
        codes = re.findall(r"\b\d{6}\b", text)
        if not codes:
            raise CallFailed("a message without a code")
        answer = await line.post(path, {"code": codes[0]})
        await self._page(line, answer.location)

    async def _page(self, line: Line, path: str) -> str:
        began = asyncio.get_running_loop().time()
        answer = await line.get(path)
        self.pages.append(asyncio.get_running_loop().time() - began)
        return answer.page

    # --- in front of a board ------------------------------------------------------------------------

    async def watch(self, town: Town) -> None:
        """Listen to the board of a town until cancelled; a line that is lost is opened again, as browsers do."""
        while True:
            with suppress(OSError, asyncio.IncompleteReadError):
                await self._listen(town)
            await asyncio.sleep(1)

    async def _listen(self, town: Town) -> None:
        loop = asyncio.get_running_loop()
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            path = f"/api/v1/offices/{town.slug}/board/stream"
            writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode("ascii"))
            while line := await reader.readline():
                if line.startswith(b"id: "):
                    self.heard[town.slug].append((int(line[4:]), loop.time()))
        finally:
            writer.close()
