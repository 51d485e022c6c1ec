"""Calls as the server hands them over, and what is seen of their answers."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.core.cache import cache

from prepazka.store import models
from prepazka.web import rsgi
from tests.web.conftest import NUMBER, TOKEN, message

PATH = "/api/v1/messages"
THEIRS, STORES, BOOKS, SOME = "token-of-another", "token-that-stores", "token-that-books", "token-of-some-numbers"
OTHER_NUMBER = "+420739547799"
JSON = "application/json"


class Answer(NamedTuple):
    """All that a client sees."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


@dataclass
class Call:
    """A request as the server hands it over, and what was answered."""

    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "POST"
    path: str = PATH
    query_string: str = ""
    scheme: str = "http"
    proto, http_version, authority = "http", "1.1", None
    server, client = "127.0.0.1:80", "192.0.2.7:4711"
    answer: Answer = field(default_factory=lambda: Answer(0, [], b""))

    async def __call__(self) -> bytes:
        return self.body

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.answer = Answer(status, headers, body)


def call(body: Any = None, token: str | None = TOKEN, content_type: str = JSON, **others: Any) -> Call:
    data = body if isinstance(body, bytes) else json.dumps(message() if body is None else body).encode()
    headers = {"host": "localhost", "content-type": content_type, "content-length": str(len(data))}
    named = headers if token is None else headers | {"authorization": f"Bearer {token}"}
    return Call(data, named | others.pop("headers", {}), **others)


def ask(one: Call) -> Answer:
    asyncio.run(rsgi.application(one, one))  # type: ignore[arg-type]  # all that is used of them
    return one.answer


def forget() -> None:
    """Forget what was handed in, so that the same call has the same effect again."""
    cache.clear()
    for table in (models.Outbound, models.Inbound, models.Booking):
        table.objects.all().delete()


def assert_alike(one: Call, *others: Callable[[Call], Answer], before: Call | None = None) -> Answer:
    """Assert that all ways answer alike and store alike; return the answer. before: what is handed in first."""
    seen = []
    for way in (ask, *others):
        forget()
        if before is not None:
            assert way(before).status == 202
        answer = way(one)
        stored = [*models.Inbound.objects.order_by("gateway_id").values_list("gateway_id", "text", "state")]
        seen.append((answer, stored, models.Booking.objects.count()))
    assert all(one == seen[0] for one in seen)
    return seen[0][0]


BODIES: Mapping[str, tuple[Any, str]] = {
    "a message": (message(), JSON),
    "a help": (message(text="POMOC"), JSON),
    "a list": ([message("a", "POMOC"), message("b", "OBJ ZOP NOVAK"), message("b", "ZKR")], JSON),
    "with a charset": (message(), "application/json; charset=UTF-8"),
    "a marked body": (b"\xef\xbb\xbf" + json.dumps(message()).encode(), JSON),
    "another number": (message(to=OTHER_NUMBER), JSON),
    "no office's number": (message(to="+420602000000"), JSON),
    "one of a list": ([message("a"), message("b", to=OTHER_NUMBER)], JSON),
    "no body": (b"", JSON),
    "half an object": (b"{", JSON),
    "too deep": (b"[" * 10_000, JSON),
    "another alphabet": ('{"text": "Dobrý"}'.encode("cp1250"), JSON),
    "a form": (b"id=m1", "application/x-www-form-urlencoded"),
    "a foreign charset": (b"{}", "application/json; charset=iso-8859-2"),
    "a broken charset": (b"{}", 'application/json; charset="'),
    "no content type": (message(), ""),
    "a text": (b'"text"', JSON),
    "null": (b"null", JSON),
    "an empty list": ([], JSON),
    "a list of numbers": ([1], JSON),
    "a long list": ([message()] * 501, JSON),
    "nothing given": ({}, JSON),
    "a field too many": (message() | {"more": 1}, JSON),
    "wrong types": ({"id": 1, "from": None, "to": [], "text": {}}, JSON),
    "a wrong moment": (message(at="yesterday"), JSON),
    "a long text": (message(text="x" * 1601), JSON),
    "broken surrogates": (
        b'{"id": "m", "from": "+420777123456", "to": "%s", "text": "\\ud83d"}' % NUMBER.encode(),
        JSON,
    ),
    "a long body": ([message(f"m{place}", "POMOC") for place in range(60)], JSON),
}
