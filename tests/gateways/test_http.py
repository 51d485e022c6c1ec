"""One request: answered, certainly not made, or not known."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from prepazka.gateways.http import MAX_BODY, Client, HttpResponse, NoAnswer, NotReached, basic_auth
from tests.gateways.peers import CLOSE, Asked, Said, listening


def test_a_request_arrives_as_it_was_made_and_its_answer_comes_back() -> None:
    with listening(lambda _: Said(202, "žádný".encode(), {"X-Ref": "7"})) as peer:
        answered = Client().request("POST", f"{peer.url}/a?b=c", {"X-Key": "k"}, b"body")
    ((asked),) = peer.asked
    assert (asked.method, asked.target, asked.body) == ("POST", "/a?b=c", b"body")
    assert asked.headers["x-key"] == "k"
    assert (answered.status, answered.text, answered.headers["x-ref"]) == (202, "žádný", "7")


def test_every_request_has_a_connection_of_its_own() -> None:
    with listening(lambda _: Said(200)) as peer:
        client = Client()
        for _ in range(2):
            client.request("GET", peer.url)
        assert {asked.headers["connection"] for asked in peer.asked} == {"close"}


def test_nobody_is_followed() -> None:
    with listening(lambda _: Said(302, headers={"Location": "/elsewhere"})) as peer:
        assert Client().request("GET", peer.url).status == 302
        assert len(peer.asked) == 1


def test_an_answer_without_end_is_cut() -> None:
    with listening(lambda _: Said(200, b"x" * (MAX_BODY + 1))) as peer:
        assert len(Client().request("GET", peer.url).body) == MAX_BODY


@contextmanager
def deaf() -> Iterator[str]:
    """A peer that takes connections and never says anything."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def nobody() -> str:
    """An address where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


def test_where_nobody_listens_nothing_was_made() -> None:
    with pytest.raises(NotReached, match="no connection to it"):
        Client().request("POST", nobody(), body=b"x")


@pytest.mark.parametrize("url", ["", "http://", "not an address", "ftp://127.0.0.1/", "http://[::1"])
def test_at_no_address_nothing_was_made(url: str) -> None:
    with pytest.raises(NotReached):
        Client().request("GET", url)


def test_after_silence_nobody_knows() -> None:
    with deaf() as url, pytest.raises(NoAnswer, match="no answer in time"):
        Client(read=0.05).request("POST", url, body=b"x")


def test_when_the_connection_breaks_nobody_knows() -> None:
    asked = threading.Event()

    def hang_up(_: Asked) -> Said:
        asked.set()
        return Said(CLOSE)

    with listening(hang_up) as peer, pytest.raises(NoAnswer, match="the connection broke"):
        Client().request("POST", peer.url, body=b"x")
    assert asked.is_set()


def test_what_went_wrong_is_told_without_the_address() -> None:
    with pytest.raises(NotReached) as told:
        Client().request("GET", f"{nobody()}/?to=+420777123456")
    assert "420777123456" not in str(told.value)


def test_a_name_and_a_password_make_a_header() -> None:
    assert basic_auth("urad", "žluť") == "Basic dXJhZDrFvmx1xaU="


def test_a_body_that_is_not_utf_8_can_still_be_read() -> None:
    assert HttpResponse(200, b"\xff").text == "\ufffd"
