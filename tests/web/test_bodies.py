"""How much is read of whom, and for how long (docs/spec/safety.md §4.2)."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

import pytest
from django.test import Client
from granian.rsgi import ProtocolClosed

from prepazka.core.office.office import Office
from prepazka.web import bodies, rsgi
from prepazka.web.bodies import BodyLate, BodyRefused, read_body
from tests.waiting import DEADLINE
from tests.web.conftest import TOKEN, gateway
from tests.web.serving import serve
from tests.web.staff import SignedIn

MULTIPART = {"Content-Type": "multipart/form-data; boundary=x"}


@pytest.fixture
def port(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    with serve(monkeypatch) as port:
        yield port


def status(port: int, path: str, length: int, **headers: str) -> int:
    """The answer to a body of this length that is announced and, as soon as it is asked for, sent."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=DEADLINE)) as line:
        line.putrequest("POST", path)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in ({"Content-Length": str(length), "Expect": "100-continue"} | named).items():
            line.putheader(name, value)
        line.endheaders()
        assert line.sock is not None
        with line.sock.makefile("rb") as first:
            head = first.readline()
            if b" 100 " not in head:
                return int(head.split()[1])
            first.readline()
            line.sock.sendall(b"x" * length)
            return int(first.readline().split()[1])


@pytest.mark.parametrize("path", ["/account/sign-in", "/demo/cancel/", "/gateways/modem", "/api/v1/messages"])
def test_nobody_unknown_sends_more_than_64_kb(port: int, path: str) -> None:
    assert status(port, path, 65_537) == 413
    assert status(port, path, 65_536) != 413


@pytest.mark.parametrize(
    ("length", "headers", "accepted"),
    [
        pytest.param(900_000, {"Authorization": f"Bearer {TOKEN}"}, True, id="a token"),
        pytest.param(900_000, {"Authorization": f"bearer  {TOKEN}"}, True, id="in another spelling"),
        pytest.param(900_000, {"Authorization": "Bearer guess"}, False, id="a guessed token"),
        pytest.param(900_000, {"Authorization": f"Basic {TOKEN}"}, False, id="another scheme"),
        pytest.param(900_000, {"Cookie": "sessionid=guess"}, False, id="a guessed session"),
        pytest.param(1_048_577, {"Authorization": f"Bearer {TOKEN}"}, False, id="more than a token may"),
        pytest.param(8_388_609, {"Authorization": f"Bearer {TOKEN}"}, False, id="more than anybody may"),
        pytest.param(70_000, {**MULTIPART}, False, id="a file of nobody"),
    ],
)
def test_a_token_may_send_a_megabyte(port: int, length: int, headers: dict[str, str], accepted: bool) -> None:
    gateway("first", TOKEN)
    assert (status(port, "/api/v1/messages", length, **headers) != 413) == accepted


def test_who_is_signed_in_may_upload_eight_megabytes(port: int, signed_in: SignedIn) -> None:
    cookie = {"Cookie": f"sessionid={signed_in('clerk').cookies['sessionid'].value}"}
    assert status(port, "/account/password", 1_000_000, **cookie) != 413
    assert status(port, "/account/password", 1_048_577, **cookie) == 413
    assert status(port, "/account/password", 5_000_000, **cookie, **MULTIPART) != 413
    assert status(port, "/account/password", 8_388_609, **cookie, **MULTIPART) == 413


@pytest.mark.parametrize("length", ["9" * 5_000, "-1", "1e3", "٣", "0x10"])
def test_a_length_that_is_none_is_no_trouble(port: int, length: str) -> None:
    with closing(socket.create_connection(("127.0.0.1", port), DEADLINE)) as line:
        head = f"POST /account/sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n"
        line.sendall(head.encode())
        assert line.recv(64).split(b" ")[1] in {b"400", b"403", b"413"}


def test_a_body_that_does_not_arrive_is_ended(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "IN_TIME", 0.2)
    with closing(socket.create_connection(("127.0.0.1", port), DEADLINE)) as line:
        line.sendall(b"POST /account/sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\nhalf of it")
        assert line.recv(4096).startswith(b"HTTP/1.1 408 ")
        while line.recv(4096):
            pass  # the connection is closed


# --- the reading itself ------------------------------------------------------------------------


def never() -> None:
    raise AssertionError("this is not to be asked")


def read(receive: Callable[[], Any], length: str, most: int = bodies.ANYBODY) -> bytes:
    async def may_send() -> int:
        return most

    return asyncio.run(read_body(receive, length, may_send))  # type: ignore[arg-type]  # all that is used of it


def test_a_file_has_a_minute_and_everything_else_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[float | None] = []
    whole = asyncio.timeout

    def note(delay: float | None) -> asyncio.Timeout:
        given.append(delay)
        return whole(delay)

    async def receive() -> bytes:
        return b"all"

    monkeypatch.setattr(asyncio, "timeout", note)
    read(receive, "5")
    read(receive, "1000000", bodies.KNOWN)
    read(receive, "2000000", bodies.UPLOAD)
    assert given == [10.0, 10.0, 60.0]


def test_what_is_refused_is_not_read() -> None:
    with pytest.raises(BodyRefused):
        read(never, "65537")
    with pytest.raises(BodyRefused):
        read(never, "9" * 4_500, bodies.UPLOAD)
    assert read(never, "0") == b""


def test_late_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "IN_TIME", 0.0)

    async def receive() -> bytes:
        return await asyncio.Future()

    with pytest.raises(BodyLate):
        read(receive, "5")


class Left:
    """The protocol of a client that left while it sent its body."""

    async def __call__(self) -> bytes:
        raise ProtocolClosed


class Scope:
    proto, method, path, query_string, scheme, http_version = "http", "POST", "/account/sign-in", "", "http", "1.1"
    server, client, authority = "127.0.0.1:80", "127.0.0.1:4711", None
    headers = {"content-length": "900"}  # noqa: RUF012 -- nobody changes it


def test_a_client_that_leaves_writes_no_traceback() -> None:
    asyncio.run(rsgi.application(Scope(), Left()))  # type: ignore[arg-type]  # all that is used of them


def refused(path: str, language: str) -> str:
    """The page that says that too much was sent to this address, to nobody who is known."""
    client = Client()
    client.cookies["language"] = language
    environ: dict[str, Any] = {}
    bodies.mark_refused(environ)
    answer = client.post(path, **environ)
    assert answer.status_code == 413
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize(
    ("language", "said"), [("en", "You are sending too much at once"), ("cs", "Posíláte příliš mnoho najednou")]
)
def test_too_much_is_told_in_the_language_of_the_page(language: str, said: str) -> None:
    page = refused("/demo/cancel/", language)
    assert f"<h1>{said}</h1>" in page
    assert f'<html lang="{language}"' in page


@pytest.mark.usefixtures("office")
def test_too_much_sent_to_the_sign_in_leads_back_to_it() -> None:
    assert '<a href="/account/sign-in">Přihlásit se</a>' in refused("/account/sign-in", "cs")
