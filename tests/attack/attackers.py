"""What attackers do at once: guess passwords and codes, pump bookings, flood by SMS, listen idly, send bodies slowly.

Each is a loop without a pause, as a script of an attacker has it. Beside them a citizen looks at a page and sends an
SMS now and then; how long those take is what matters.
"""

import asyncio
import itertools
import json
import random
import re
import statistics
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlencode

Loop = Callable[["Attack", int], Awaitable[None]]
# Seconds between two things a citizen does.
_CITIZEN_PAUSE = 0.05


@dataclass
class Attack:
    """One attack: against which port, until when (monotonic seconds), and what came of it.

    token, number: of the gateway that takes the SMS in, and of the office. day: the first day that is booked.
    statuses: how often each loop got each answer; pages, messages: how many seconds each of the citizen's took.
    """

    port: int
    token: str
    number: str
    day: date
    ends: float
    statuses: dict[str, Counter[int]] = field(default_factory=dict)
    pages: list[float] = field(default_factory=list)
    messages: list[float] = field(default_factory=list)

    @property
    def goes_on(self) -> bool:
        return time.monotonic() < self.ends

    def turns(self) -> Iterator[int]:
        """0, 1, 2 … until the attack ends."""
        return itertools.takewhile(lambda _: self.goes_on, itertools.count())

    def note(self, loop: str, status: int) -> None:
        self.statuses.setdefault(loop, Counter())[status] += 1

    def report(self) -> str:
        """What was measured, in a few lines."""
        lines = [f"{name}: {dict(sorted(counts.items()))}" for name, counts in sorted(self.statuses.items())]
        lines += [
            f"{what}: {len(seconds)}, median {1e3 * statistics.median(seconds):.0f} ms, worst {1e3 * max(seconds):.0f}"
            for what, seconds in (("a citizen's page", self.pages), ("an SMS of a citizen", self.messages))
        ]
        return "\n".join(lines)


class Client:
    """A connection that is kept, from one address of the loopback."""

    def __init__(self, port: int, address: str = "127.0.0.1") -> None:
        self._port = port
        self._address = address
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._cookie = ""
        self._form_token = ""

    async def request(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        """Return status and body; 0 when the line was cut."""
        try:
            reader, writer = self._line or await self._connect()
            named = {"Host": "127.0.0.1", "Content-Length": str(len(body)), "Cookie": self._cookie, **headers}
            lines = [f"{name.replace('_', '-')}: {value}" for name, value in named.items() if value]
            writer.write("\r\n".join([f"{method} {path} HTTP/1.1", *lines, "", ""]).encode() + body)
            return await self._read(reader)
        except (OSError, asyncio.IncompleteReadError, ValueError):
            self.close()
            return 0, b""

    async def post_form(self, path: str, form: Mapping[str, str]) -> int:
        """Send a form with its token; the page is loaded once for it."""
        if not self._form_token:
            _, page = await self.request("GET", path)
            found = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
            self._form_token = found[1].decode() if found else ""
        body = urlencode({"csrfmiddlewaretoken": self._form_token, **form}).encode()
        status, _ = await self.request("POST", path, body, Content_Type="application/x-www-form-urlencoded")
        return status

    def close(self) -> None:
        if self._line:
            self._line[1].close()
        self._line = None

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        self._line = await asyncio.open_connection("127.0.0.1", self._port, local_addr=(self._address, 0))
        return self._line

    async def _read(self, reader: asyncio.StreamReader) -> tuple[int, bytes]:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        if found := re.search(r"(?i)set-cookie: +(csrftoken=[^;]+)", head):
            self._cookie = found[1]
        length = re.search(r"(?i)content-length: (\d+)", head)
        return int(head.split()[1]), await reader.readexactly(int(length[1]) if length else 0)


def address(loop: int, turn: int) -> str:
    """One of many addresses of the loopback."""
    return f"127.{loop % 200 + 20}.{turn % 250 + 1}.{turn // 250 % 250 + 1}"


async def guess_passwords(attack: Attack, loop: int) -> None:
    client = Client(attack.port, address(loop, 0))
    for turn in attack.turns():
        form = {"login": f"name{loop}-{turn}", "password": f"word {turn} of a list"}
        attack.note("passwords", await client.post_form("/account/sign-in", form))
    client.close()


async def guess_codes(attack: Attack, loop: int) -> None:
    draw = random.Random(loop)
    client = Client(attack.port)
    for turn in attack.turns():
        if turn % 10 == 0:
            client.close()
            client = Client(attack.port, address(loop, turn))
        form = {"code": str(draw.randrange(100_000, 1_000_000)), "day": f"{attack.day}"}
        attack.note("codes", await client.post_form("/demo/cancel/", form))
    client.close()


async def pump_bookings(attack: Attack, loop: int) -> None:
    client = Client(attack.port, address(loop, 0))
    for turn in attack.turns():
        day = attack.day + timedelta(days=turn % 4)
        path = f"/demo/book/ZOP/{day}/{8 + turn % 3}-{turn % 4 * 15:02}/"
        form = {"name": "Robot Robotu", "phone": f"60{loop % 10}{turn:06}"}
        attack.note("bookings", await client.post_form(path, form))
    client.close()


async def flood_by_sms(attack: Attack, loop: int) -> None:
    client = Client(attack.port)
    for turn in attack.turns():
        day = attack.day + timedelta(days=turn % 20)
        text = f"TERMIN ZOP {day.day}.{day.month}."
        status, _ = await send_sms(attack, client, f"flood-{loop}-{turn}", f"+42073199{loop:04}", text)
        attack.note("SMS of one number", status)
    client.close()


async def call_as_gateway(attack: Attack, loop: int) -> None:
    client = Client(attack.port, address(loop, 0))
    while attack.goes_on:
        status, _ = await client.request("POST", f"/gateways/modem{loop}", b"{}", Authorization="Bearer guess")
        attack.note("gateway calls", status)
    client.close()


async def listen_idly(attack: Attack, loop: int) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", attack.port, local_addr=(address(loop // 100, 1), 0))
    writer.write(b"GET /api/v1/offices/demo/board/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    while attack.goes_on:
        await asyncio.sleep(0.2)
    writer.close()


async def send_slowly(attack: Attack, loop: int) -> None:
    while attack.goes_on:
        reader, writer = await asyncio.open_connection("127.0.0.1", attack.port, local_addr=(address(loop // 50, 2), 0))
        writer.write(b"POST /account/sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 60000\r\n\r\n")
        answer = asyncio.ensure_future(reader.read(12))
        while attack.goes_on and not answer.done():
            writer.write(b"x")
            await asyncio.wait([answer], timeout=0.5)
        attack.note("slow bodies", int(answer.result()[9:] or 0) if answer.done() else 0)
        answer.cancel()
        writer.close()


async def send_sms(attack: Attack, client: Client, id_: str, sender: str, text: str) -> tuple[int, bytes]:
    body = json.dumps({"id": id_, "from": sender, "to": attack.number, "text": text}).encode()
    authorization = f"Bearer {attack.token}"
    return await client.request(
        "POST", "/api/v1/messages", body, Content_Type="application/json", Authorization=authorization
    )


async def be_a_citizen(attack: Attack, loop: int) -> None:
    client = Client(attack.port, f"127.10.{loop}.1")
    for turn in attack.turns():
        begun = time.monotonic()
        status, _ = await client.request("GET", "/demo/")
        attack.pages.append(time.monotonic() - begun)
        attack.note("pages of citizens", status)
        begun = time.monotonic()
        status, told = await send_sms(attack, client, f"citizen-{loop}-{turn}", f"+42060{loop}{turn:06}", "TERMIN ZOP")
        attack.messages.append(time.monotonic() - begun)
        # Of two processes the one that was asked may have stored it, and its asker waited for the answer no longer.
        is_answered = status == 200 and json.loads(told)["earlier"]
        attack.note("SMS of citizens", 202 if is_answered else status)
        await asyncio.sleep(_CITIZEN_PAUSE)
    client.close()


LOOPS: Mapping[Loop, int] = {
    guess_passwords: 24,
    guess_codes: 4,
    pump_bookings: 2,
    flood_by_sms: 2,
    call_as_gateway: 2,
    listen_idly: 400,
    send_slowly: 150,
    be_a_citizen: 1,
}


async def play(attack: Attack) -> None:
    """Run all loops until the attack ends."""
    loops = [loop(attack, number) for loop, count in LOOPS.items() for number in range(count)]
    await asyncio.gather(*loops)
