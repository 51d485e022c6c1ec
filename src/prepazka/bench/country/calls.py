"""Calls over HTTP as light as they can be: the callers share the machine with what is measured."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import NamedTuple, Self
from urllib.parse import urlencode

# Seconds for an answer.
_TIMEOUT = 30.0
# A form is taken with any token that is the cookie's, as a page would give both.
_FORM_TOKEN = "0" * 32


class Answer(NamedTuple):
    """What came back. location: of a redirect, else ""."""

    status: int
    location: str
    page: str


class CallFailed(Exception):
    """No answer came, or another one than the caller has to get; the argument says which."""


@dataclass(slots=True)
class Line:
    """A connection of one caller, with its address on the loopback and its cookies; one call at a time."""

    port: int
    address: str = "127.0.0.1"
    cookies: str = ""
    _reader: asyncio.StreamReader | None = None
    _writer: asyncio.StreamWriter | None = None

    async def __aenter__(self) -> Self:
        try:
            self._reader, self._writer = await asyncio.open_connection(
                "127.0.0.1", self.port, local_addr=(self.address, 0)
            )
        except OSError as error:
            raise CallFailed(f"not connected: {type(error).__name__}") from error
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._writer:
            self._writer.close()

    async def get(self, path: str, *, expected: int = 200) -> Answer:
        """Return the answer. Raises: CallFailed."""
        return await self._call("GET", path, b"", expected)

    async def post(self, path: str, form: Mapping[str, str], *, expected: int = 302) -> Answer:
        """Send a form and return the answer. Raises: CallFailed."""
        body = urlencode({"csrfmiddlewaretoken": _FORM_TOKEN, **form}).encode()
        return await self._call("POST", path, body, expected)

    async def _call(self, method: str, path: str, body: bytes, expected: int) -> Answer:
        assert self._reader is not None  # noqa: S101 -- a line is opened by `async with`
        assert self._writer is not None  # noqa: S101 -- the same
        cookies = f"csrftoken={_FORM_TOKEN}" + (f"; {self.cookies}" if self.cookies else "")
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\nCookie: {cookies}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        try:
            async with asyncio.timeout(_TIMEOUT):
                self._writer.write(head.encode("ascii") + body)
                answer = await _read(self._reader)
        except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
            raise CallFailed(f"{method}: {type(error).__name__}") from error
        if answer.status != expected:
            raise CallFailed(f"{method}: {answer.status}")
        return answer


async def _read(reader: asyncio.StreamReader) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    length = re.search(r"(?i)\r\ncontent-length: *(\d+)", head)
    location = re.search(r"(?i)\r\nlocation: *(\S+)", head)
    page = await reader.readexactly(int(length[1]) if length else 0)
    return Answer(int(head.split(maxsplit=2)[1]), location[1] if location else "", page.decode("utf-8", "replace"))
