"""One request: answered, certainly not made, or unknown."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from prepazka.gateways.http import MAX_BODY, Client, HttpResponse, NoAnswer, NotReached, basic_auth
from tests.gateways.peers import CLOSE, Request, Response, listening
from tests.ports import free_port


def test_a_request_and_its_answer_pass_unchanged() -> None:
    with listening(lambda _: Response(202, "žádný".encode(), {"X-Ref": "7"})) as peer:
        response = Client().request("POST", f"{peer.url}/a?b=c", {"X-Key": "k"}, b"body")
    ((request),) = peer.requests
    assert (request.method, request.target, request.body) == ("POST", "/a?b=c", b"body")
    assert request.headers["x-key"] == "k"
    assert (response.status, response.text, response.headers["x-ref"]) == (202, "žádný", "7")


def test_every_request_has_a_connection_of_its_own() -> None:
    with listening(lambda _: Response(200)) as peer:
        client = Client()
        for _ in range(2):
            client.request("GET", peer.url)
        assert {request.headers["connection"] for request in peer.requests} == {"close"}


def test_redirects_are_not_followed() -> None:
    with listening(lambda _: Response(302, headers={"Location": "/elsewhere"})) as peer:
        assert Client().request("GET", peer.url).status == 302
        assert len(peer.requests) == 1


def test_an_answer_without_end_is_cut() -> None:
    with listening(lambda _: Response(200, b"x" * (MAX_BODY + 1))) as peer:
        assert len(Client().request("GET", peer.url).body) == MAX_BODY


@contextmanager
def silent_peer() -> Iterator[str]:
    """Run a peer that accepts connections and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def closed_address() -> str:
    """Return an address on which no process listens."""
    return f"http://127.0.0.1:{free_port()}"


def test_a_closed_port_means_not_made() -> None:
    with pytest.raises(NotReached, match="no connection to it"):
        Client().request("POST", closed_address(), body=b"x")


@pytest.mark.parametrize("url", ["", "http://", "not an address", "ftp://127.0.0.1/", "http://[::1"])
def test_at_no_address_nothing_was_made(url: str) -> None:
    with pytest.raises(NotReached):
        Client().request("GET", url)


def test_a_timeout_leaves_the_result_unknown() -> None:
    with silent_peer() as url, pytest.raises(NoAnswer, match="no answer in time"):
        Client(read=0.05).request("POST", url, body=b"x")


def test_an_answer_that_trickles_leaves_the_result_unknown() -> None:
    with (
        listening(lambda _: Response(200, b"x" * 4000)) as peer,
        pytest.raises(NoAnswer, match="no answer in time"),
    ):
        Client(whole=0).request("POST", peer.url, body=b"x")


def test_an_answer_that_breaks_off_leaves_the_result_unknown() -> None:
    server = socket.create_server(("127.0.0.1", 0))

    def half() -> None:
        connection, _ = server.accept()
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\nhalf")
        connection.close()

    thread = threading.Thread(target=half)
    thread.start()
    with server, pytest.raises(NoAnswer):
        Client().request("GET", f"http://127.0.0.1:{server.getsockname()[1]}/")
    thread.join()


def test_a_broken_connection_leaves_the_result_unknown() -> None:
    asked = threading.Event()

    def hang_up(_: Request) -> Response:
        asked.set()
        return Response(CLOSE)

    with listening(hang_up) as peer, pytest.raises(NoAnswer, match="the connection broke"):
        Client().request("POST", peer.url, body=b"x")
    assert asked.is_set()


def test_errors_do_not_contain_the_address() -> None:
    with pytest.raises(NotReached) as raised:
        Client().request("GET", f"{closed_address()}/?to=+420777123456")
    assert "420777123456" not in str(raised.value)


def test_a_name_and_a_password_make_a_header() -> None:
    assert basic_auth("urad", "žluť") == "Basic dXJhZDrFvmx1xaU="


def test_a_body_that_is_not_utf_8_can_still_be_read() -> None:
    assert HttpResponse(200, b"\xff").text == "\ufffd"
