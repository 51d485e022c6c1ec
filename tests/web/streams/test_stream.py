"""…/board/stream over HTTP: listeners get every change at the counters."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from prepazka.core.office.office import Office
from prepazka.flows.counters import arrive, call, seat
from tests.waiting import DEADLINE
from tests.web.conftest import NOW, TOKEN, gateway
from tests.web.serving import serve


@pytest.fixture
def url(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with serve(monkeypatch) as port:
        yield f"http://127.0.0.1:{port}"


@contextmanager
def listening(url: str) -> Iterator[Iterator[dict[str, Any]]]:
    """Yield the boards that a listener receives."""
    with urlopen(f"{url}/api/v1/offices/demo/board/stream", timeout=DEADLINE) as stream:
        assert stream.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        yield (json.loads(line.removeprefix(b"data: ")) for line in stream if line.startswith(b"data: "))


def board_of(boards: Iterator[dict[str, Any]], version: int) -> dict[str, Any]:
    return next(board for board in boards if board["version"] == version)


def test_everybody_hears_of_a_call_as_the_board_is_then(url: str, office: Office) -> None:
    with listening(url) as one, listening(url) as another:
        assert next(one)["version"] == next(another)["version"] == 0
        arrive.walk_in(office.id, "ZOP", NOW)
        seat.sit_down(office.id, office.counters[0].id, "novak", NOW)
        call.call_next(office.id, "novak", NOW)
        for boards in (one, another):
            state = board_of(boards, 3)
            assert [(called["number"], called["counter"]) for called in state["calling"]] == [("D1", "Přepážka 1")]
            with urlopen(f"{url}/api/v1/offices/demo/board", timeout=DEADLINE) as answer:
                assert json.load(answer) == state


def test_who_comes_back_hears_what_it_missed(url: str, office: Office) -> None:
    with listening(url) as boards:
        next(boards)
    arrive.walk_in(office.id, "ZOP", NOW)
    with listening(url) as boards:
        assert board_of(boards, 1)["agendas"][0]["waiting"] == 1


def test_nothing_of_a_person_is_reported(url: str, office: Office) -> None:
    with listening(url) as boards:
        assert set(next(boards)) == {"office", "name", "at", "version", "agendas", "counters", "calling", "last"}


def test_an_unknown_office_is_a_problem(url: str) -> None:
    with pytest.raises(HTTPError) as refused:
        urlopen(f"{url}/api/v1/offices/nikde/board/stream", timeout=DEADLINE)
    assert (refused.value.code, refused.value.headers["Content-Type"]) == (404, "application/problem+json")
    refused.value.close()


# --- everything else is Django's ---------------------------------------------------------------


def test_django_gets_the_body_the_cookies_and_the_letters_of_the_address(url: str) -> None:
    page = urlopen(f"{url}/phone/demo/?text=%C5%BDlu%C5%A5", timeout=DEADLINE)
    with page:
        assert "Žluť" in page.read().decode()
        cookie = page.headers["Set-Cookie"].partition(";")[0]
    token = cookie.partition("=")[2]
    form = f"csrfmiddlewaretoken={token}&number=602111222".encode()
    with urlopen(Request(f"{url}/phone/demo/number", form, {"Cookie": cookie}), timeout=DEADLINE) as response:
        assert response.url == f"{url}/phone/demo/"


def test_a_body_is_not_taken_that_is_more_than_django_takes(url: str) -> None:
    gateway("first", TOKEN)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {TOKEN}"}
    with pytest.raises(HTTPError) as refused:
        urlopen(Request(f"{url}/api/v1/messages", b"x" * 2_000_000, headers), timeout=DEADLINE)
    assert refused.value.code == 413
    refused.value.close()


@pytest.mark.parametrize(
    ("header", "value", "status"),
    [
        pytest.param("Content-Length", "9000000", 413, id="more than is read"),
        pytest.param("Transfer-Encoding", "chunked", 411, id="without a length"),
    ],
)
def test_a_body_is_not_taken_for_what_is_said_of_it(url: str, header: str, value: str, status: int) -> None:
    """The body itself is never sent: who is still sending when the line is closed may not hear the answer."""
    gateway("first", TOKEN)
    line = HTTPConnection(url.removeprefix("http://"), timeout=DEADLINE)
    with closing(line):
        line.putrequest("POST", "/api/v1/messages")
        for name, text in (("Content-Type", "application/json"), ("Authorization", f"Bearer {TOKEN}"), (header, value)):
            line.putheader(name, text)
        line.endheaders()
        assert line.getresponse().status == status
