"""Messages handed in are answered before Django's stack, and byte for byte as within it (web/api/direct.py)."""

import json
from collections.abc import Callable, Mapping
from itertools import product
from typing import Any

import pytest
from django.db import InternalError, OperationalError

from prepazka.core.office.office import Office
from prepazka.store import models, moves
from prepazka.store.counting import counting
from prepazka.web import rsgi
from prepazka.web.api import direct, handing_in
from tests.web.conftest import ME, NOW, NUMBER, TOKEN, add_number, message
from tests.web.direct.calls import (
    BODIES,
    BOOKS,
    OTHER_NUMBER,
    PATH,
    STORES,
    THEIRS,
    Answer,
    Call,
    ask,
    assert_alike,
    call,
    forget,
)


@pytest.fixture
def within(monkeypatch: pytest.MonkeyPatch) -> Callable[[Call], Answer]:
    """Ask Django's whole stack."""

    def within(one: Call) -> Answer:
        with monkeypatch.context() as patched:
            patched.setattr(rsgi, "_MESSAGES", "nowhere")
            return ask(one)

    return within


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
