"""Messages handed in are answered before Django's stack, and byte for byte as within it (web/api/direct.py)."""

import asyncio
import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import product
from typing import Any, NamedTuple
from zlib import crc32

import pytest
from django.core.cache import cache
from django.db import InternalError, OperationalError

from prepazka.core.office.office import Office
from prepazka.store import models, moves
from prepazka.store.counting import counting
from prepazka.web import rsgi
from prepazka.web.api import direct, handing_in
from prepazka.web.relay import LONGEST, Relay, relay
from tests.web.conftest import ME, NOW, NUMBER, TOKEN, add_number, bind, gateway, message
from tests.web.serving import let_go_of_threads

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


@pytest.fixture(autouse=True)
def _tokens(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Gateways with tokens of every kind; an access code is the same each time."""
    monkeypatch.setattr(secrets, "randbelow", lambda _: 4)
    gateway("first", TOKEN)
    gateway("other", THEIRS)
    gateway("stores", STORES, "messages")
    gateway("books", BOOKS, "bookings")
    models.Gateway.objects.filter(name="stores").update(token_numbers=[])
    bind(NUMBER, "first")
    yield
    let_go_of_threads()


@pytest.fixture
def within(monkeypatch: pytest.MonkeyPatch) -> Callable[[Call], Answer]:
    """Ask Django's whole stack."""

    def within(one: Call) -> Answer:
        with monkeypatch.context() as patched:
            patched.setattr(rsgi, "_MESSAGES", "nowhere")
            return ask(one)

    return within


@pytest.fixture
def relayed(monkeypatch: pytest.MonkeyPatch) -> Callable[[Call], Answer]:
    """Ask a process that relays calls about NUMBER to another one."""
    home = crc32(NUMBER.encode()) % 2

    def relayed(one: Call) -> Answer:
        asyncio.run(between(one))
        return one.answer

    async def between(one: Call) -> None:
        ours, theirs = Relay(), Relay()
        ours.open(2)
        theirs._ways = ours._ways
        loop = asyncio.get_running_loop()
        ours.begin(1 - home, direct.take_relayed, loop)
        theirs.begin(home, direct.take_relayed, loop)
        with monkeypatch.context() as patched:
            patched.setattr(direct, "relay", ours)
            await rsgi.application(one, one)  # type: ignore[arg-type]  # all that is used of them
        loop.remove_reader(theirs._ways[home].read_end)
        ours.close()

    return relayed


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


# --- the table ----------------------------------------------------------------------------------

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
TOKENS = {"a token": TOKEN, "another office's": THEIRS, "no token": None, "a guess": "guess", "none of messages": BOOKS}


@pytest.mark.parametrize("name", BODIES)
def test_each_body_of_each_caller_is_answered_alike(name: str, within: Callable[[Call], Answer]) -> None:
    body, content_type = BODIES[name]
    for token in TOKENS.values():
        assert_alike(call(body, token, content_type), within)


SPELLINGS = [
    "",
    "Bearer",
    f"bearer {TOKEN}",
    f"Bearer  {TOKEN}",
    f"Basic {TOKEN}",
    f"Bearer {TOKEN} ",
    "Bearer \xff",
]
LENGTHS = ["", "0", "5", "abc", "-1", "٣", "9" * 20]
OTHERS: Mapping[str, dict[str, str]] = {
    "a wrong host": {"host": "zcela-jine.example"},
    "no host": {"host": ""},
    "a host that is none": {"host": "a b"},
    "a proxy's caller": {"x-forwarded-for": "198.51.100.7, 203.0.113.1", "x-forwarded-proto": "https"},
    "another language": {"accept-language": "en", "accept": "text/html"},
    "in chunks": {"transfer-encoding": "chunked", "content-length": ""},
    "another origin": {"origin": "https://zcela-jine.example", "referer": "https://zcela-jine.example/"},
    "another method": {"x-http-method-override": "GET"},
    "packed": {"content-encoding": "gzip", "accept-encoding": "gzip"},
}


def test_each_authorization_is_answered_alike(within: Callable[[Call], Answer]) -> None:
    statuses = {given: assert_alike(call(headers={"authorization": given}), within).status for given in SPELLINGS}
    assert {given for given, status in statuses.items() if status == 202} == {f"bearer {TOKEN}"}


def test_each_length_is_answered_alike(within: Callable[[Call], Answer]) -> None:
    for length in LENGTHS:
        assert_alike(call(headers={"content-length": length}), within)


@pytest.mark.parametrize("name", OTHERS)
def test_other_headers_are_answered_alike(name: str, within: Callable[[Call], Answer]) -> None:
    assert_alike(call(headers=OTHERS[name]), within)


def test_each_method_and_address_is_answered_alike(within: Callable[[Call], Answer]) -> None:
    paths = [PATH, f"{PATH}/", "/api/v1/messages/m1", "/API/v1/messages", "//api/v1/messages", "/api/v1/message"]
    for method, path in product(["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "POST"], paths):
        answer = assert_alike(call(method=method, path=path), within)
        assert (answer.status == 202) == ((method, path) == ("POST", PATH))


@pytest.mark.parametrize("query", ["language=en", "x=1&x=2", "%ff=%", "=" * 500])
def test_a_query_changes_nothing(query: str, within: Callable[[Call], Answer]) -> None:
    assert assert_alike(call(query_string=query), within) == assert_alike(call(), within)


@pytest.mark.parametrize("length", [70_000, 1_048_576, 1_048_577])
@pytest.mark.parametrize("token", [TOKEN, "guess"])
def test_each_long_body_is_answered_alike(length: int, token: str, within: Callable[[Call], Answer]) -> None:
    assert_alike(call(b'"' + b"x" * (length - 2) + b'"', token), within)


@pytest.mark.parametrize("again", [message(text="OBJ PTP 10.8. 14:00 NOVAK"), message(**{"from": "+420602123123"})])
def test_a_repeat_is_answered_alike(again: Any, within: Callable[[Call], Answer]) -> None:
    assert assert_alike(call(again), within, before=call()).status == 200
    assert_alike(call([again, message("m2", "POMOC")]), within, before=call())


def test_whoever_may_not_read_replies_is_answered_alike(within: Callable[[Call], Answer]) -> None:
    add_number(OTHER_NUMBER, "stores")
    models.Gateway.objects.filter(name="stores").update(token_numbers=None)
    answer = assert_alike(call(message(to=OTHER_NUMBER), STORES), within)
    assert (answer.status, json.loads(answer.body)["reply"]) == (202, None)
    assert_alike(call(message(to=NUMBER), STORES), within)


def test_a_withdrawn_token_is_answered_alike(within: Callable[[Call], Answer]) -> None:
    models.Gateway.objects.filter(name="first").update(token_sha256=None)
    assert assert_alike(call(), within).status == 401


def test_over_https_browsers_are_told_to_stay_there(settings: Any, within: Callable[[Call], Answer]) -> None:
    assert_alike(call(scheme="https"), within)
    settings.HTTPS = True
    assert_alike(call(), within)


def test_an_office_that_moved_is_answered_alike(office: Office, within: Callable[[Call], Answer]) -> None:
    models.Office.objects.filter(id=office.id).update(moved_at=NOW)
    assert_alike(call(), within)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        pytest.param(OperationalError("the server closed the connection"), 503, id="away"),
        pytest.param(InternalError("cannot execute INSERT in a read-only transaction"), 503, id="read-only"),
        pytest.param(moves.MovedOffice("demo"), 410, id="moved meanwhile"),
        pytest.param(ValueError("a mistake"), 500, id="a mistake of ours"),
    ],
)
def test_a_failure_is_answered_alike(
    monkeypatch: pytest.MonkeyPatch, within: Callable[[Call], Answer], error: Exception, status: int
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(direct, "receive_bound", fail)
    monkeypatch.setattr(handing_in, "receive_bound", fail)
    answer = assert_alike(call(), within)
    assert answer.status == status
    assert ("Retry-After" in dict(answer.headers)) == (status == 503)
    assert b"mistake" not in answer.body
    assert not models.Inbound.objects.exists()


def test_a_database_that_is_away_when_the_token_is_looked_up_is_answered_alike(
    monkeypatch: pytest.MonkeyPatch, within: Callable[[Call], Answer]
) -> None:
    def away(_: str) -> None:
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr("prepazka.store.tokens.find", away)
    assert assert_alike(call(), within).status == 503


# --- relayed to another process -----------------------------------------------------------------


@pytest.mark.parametrize("name", BODIES)
def test_each_body_is_answered_alike_by_another_process(name: str, relayed: Callable[[Call], Answer]) -> None:
    body, content_type = BODIES[name]
    for token in (TOKEN, THEIRS):
        assert_alike(call(body, token, content_type), relayed)


@pytest.mark.parametrize("at", ["2026-08-03T08:59:59+02:00", "1900-01-01T00:00:00Z", None])
def test_the_moment_of_a_message_reaches_the_other_process(at: str | None, relayed: Callable[[Call], Answer]) -> None:
    assert_alike(call(message(text="OBJ ZOP zitra 14:00 NOVAK", at=at)), relayed)


def test_a_repeat_is_answered_alike_by_another_process(relayed: Callable[[Call], Answer]) -> None:
    assert assert_alike(call(), relayed, before=call()).status == 200


@pytest.mark.parametrize("error", [OperationalError("away"), moves.MovedOffice("demo"), ValueError("a mistake")])
def test_what_fails_in_another_process_is_told_to_the_caller(
    monkeypatch: pytest.MonkeyPatch, relayed: Callable[[Call], Answer], error: Exception
) -> None:
    calls: list[int] = []

    def fail(*_: object) -> None:
        calls.append(1)
        raise error

    monkeypatch.setattr(direct, "receive_bound", fail)
    assert assert_alike(call(), relayed).status >= 400
    assert len(calls) == 3, "once alone; in the other process, and again by its caller"


class Slow:
    """Another process that answers after the caller has lost patience: it is slow, and not dead."""

    def __init__(self, relayed_call: Any) -> None:
        self.begun = asyncio.create_task(direct.take_relayed(relayed_call))
        self.is_first = False
        self.dies = False

    async def in_time(self) -> None:
        if self.is_first:
            await self.begun

    async def late(self) -> Any:
        answer = await self.begun
        return None if self.dies else answer


def beside(monkeypatch: pytest.MonkeyPatch, **so: bool) -> Callable[[Call], Answer]:
    """Ask a process whose call another one serves, too, before or after it."""

    async def serve(one: Call) -> None:
        others: list[Slow] = []

        @contextmanager
        def asking(_about: str, relayed_call: Any) -> Iterator[Slow]:
            others.append(Slow(relayed_call))
            vars(others[0]).update(so)
            yield others[0]

        monkeypatch.setattr(relay, "asking", asking)
        await rsgi.application(one, one)  # type: ignore[arg-type]  # all that is used of them
        await others[0].begun

    def beside(one: Call) -> Answer:
        asyncio.run(serve(one))
        return one.answer

    return beside


@pytest.mark.parametrize("is_first", [True, False])
def test_a_call_both_processes_serve_has_one_effect_and_is_told_its_own_answer(
    monkeypatch: pytest.MonkeyPatch, is_first: bool
) -> None:
    one = call(message(text="OBJ PTP 6.8. 13:30 HOLUBOVA", id="vlnka-7"))
    assert assert_alike(one, beside(monkeypatch, is_first=is_first)).status == 202
    assert models.Inbound.objects.count() == models.Booking.objects.count() == 1
    assert json.loads(one.answer.body)["reply"] == models.Outbound.objects.get().text


@pytest.mark.parametrize("is_first", [True, False])
def test_a_repeat_both_processes_serve_is_a_repeat(monkeypatch: pytest.MonkeyPatch, is_first: bool) -> None:
    answer = assert_alike(call(), beside(monkeypatch, is_first=is_first), before=call())
    assert (answer.status, json.loads(answer.body)["earlier"]["outcome"]) == (200, "booked")


def test_where_the_other_process_died_after_it_served_the_answer_is_the_one_of_a_repeat(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = call()
    answer = beside(monkeypatch, is_first=True, dies=True)(one)
    told = json.loads(answer.body)
    assert (answer.status, told["outcome"], told["earlier"]["outcome"]) == (200, "duplicate", "booked")
    assert told["earlier"]["reply"] == models.Outbound.objects.get().text


def test_a_list_is_not_relayed_for_its_answer_may_be_longer_than_it_can_be_handed_back(
    monkeypatch: pytest.MonkeyPatch, relayed: Callable[[Call], Answer]
) -> None:
    asked = [
        message(text="TERMIN ZCD 7.8.", id=f"volno-{number}") | {"from": f"+4207391234{number}"}
        for number in range(10, 50)
    ]
    answer = assert_alike(call(asked), relayed)
    told = json.loads(answer.body)
    assert (answer.status, {one["outcome"] for one in told}) == (202, {told[0]["outcome"]})
    assert told[0]["outcome"] != "duplicate"
    assert len(answer.body) > LONGEST, "or the test is in vain"


def test_calls_are_relayed(monkeypatch: pytest.MonkeyPatch, relayed: Callable[[Call], Answer]) -> None:
    taken: list[Any] = []
    take = direct.take_relayed

    async def note(relayed_call: Any) -> Any:
        taken.append(relayed_call)
        return await take(relayed_call)

    monkeypatch.setattr(direct, "take_relayed", note)
    assert relayed(call()).status == 202
    assert len(taken) == 1


# --- the way itself -----------------------------------------------------------------------------


def test_the_hot_way_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_: object) -> Any:
        raise AssertionError("Django's stack is not to be asked")

    monkeypatch.setattr(rsgi, "_call_django", never)
    assert ask(call()).status == 202
    assert models.Booking.objects.get().sender == ME


def test_a_gateway_has_no_session_and_reads_no_language() -> None:
    cookies = {"cookie": "language=en; sessionid=guess; csrftoken=none"}
    with_cookies = ask(call(headers=cookies))
    forget()
    assert with_cookies == ask(call())


def test_answers_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[tuple[str, ...]] = []
    monkeypatch.setattr(counting, "observe", lambda name, labels, *_: counted.append((name, *labels)))
    ask(call(token="guess"))
    assert counted == [("prepazka_http_seconds", "api", "4xx")]
