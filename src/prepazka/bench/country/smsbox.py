"""The other side of the gateways: it takes every message to a phone, and knows when and how often each came."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

_TAKEN = b"HTTP/1.1 202 Accepted\r\nContent-Length: 25\r\nConnection: close\r\n\r\n0: Accepted for delivery\n"


@dataclass(slots=True)
class Smsbox:
    """What phones got. texts: by phone. told: called with each phone and text, and the loop's time."""

    texts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    waiting: dict[str, asyncio.Future[str]] = field(default_factory=dict)
    told: Callable[[str, float], None] = lambda _phone, _at: None

    async def text_to(self, phone: str, within: float) -> str:
        """Wait for the first text to a phone. Raises: TimeoutError."""
        if phone in self.texts:
            return self.texts[phone][0]
        self.waiting[phone] = asyncio.get_running_loop().create_future()
        try:
            return await asyncio.wait_for(self.waiting[phone], within)
        finally:
            del self.waiting[phone]

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one message, as `sendsms` does; a connection that asks nothing only looks whether somebody is there."""
        with suppress(OSError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            query = parse_qs(urlsplit(head.split(maxsplit=2)[1]).query)
            phone, text = query["to"][0], query["text"][0]
            self.texts[phone].append(text)
            self.told(phone, asyncio.get_running_loop().time())
            if (waits := self.waiting.get(phone)) and not waits.done():
                waits.set_result(text)
            writer.write(_TAKEN)
            await writer.drain()
        writer.close()

    @asynccontextmanager
    async def listening(self, port: int) -> AsyncIterator[None]:
        """Listen on a port of the loopback until the block ends."""
        server = await asyncio.start_server(self.take, "127.0.0.1", port, backlog=512)
        async with server:
            yield
