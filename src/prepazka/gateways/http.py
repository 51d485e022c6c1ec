"""One HTTP request to a gateway's peer: it was answered, or certainly never arrived, or nobody knows."""

import base64
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    LocationParseError,
    LocationValueError,
    NewConnectionError,
    SSLError,
)
from urllib3.exceptions import TimeoutError as TookTooLong

# Of an answer, so many bytes are read.
LARGEST: Final = 256 * 1024
# Seconds until a connection stands, and then until the next piece of the answer comes.
CONNECT: Final = 5.0
READ: Final = 20.0


class NotReached(Exception):
    """The request certainly was not made; its argument says why, in a few words for the operator."""


class NoAnswer(Exception):
    """The request may have been made, but what came of it is not known; its argument says why."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An answer: its status, its headers by names in small letters, its body (cut at LARGEST)."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The body as UTF-8; what is not becomes the replacement character."""
        return self.body.decode("utf-8", "replace")


class Client:
    """Makes requests, each on a connection of its own and exactly once: nothing is repeated, nobody is followed.

    A connection that was kept may be closed by the peer just when it is used again, and then nobody knows whether
    the message was taken; a new one costs milliseconds and is certain.
    """

    def __init__(self, connect: float = CONNECT, read: float = READ) -> None:
        self._pool = urllib3.PoolManager(timeout=urllib3.Timeout(connect=connect, read=read), retries=False)

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> HttpAnswer:
        """Make a request. Raises: NotReached, NoAnswer."""
        if not url.startswith(("http://", "https://")):
            raise NotReached("its address is not valid")
        sent = {**(headers or {}), "Connection": "close"}
        try:
            response = self._pool.request(
                method, url, headers=sent, body=body, redirect=False, preload_content=False, decode_content=True
            )
            try:
                answered = HttpAnswer(
                    response.status,
                    response.read(LARGEST) if method != "HEAD" else b"",
                    {name.lower(): value for name, value in response.headers.items()},
                )
            finally:
                response.close()
        except (NewConnectionError, ConnectTimeoutError, LocationParseError, LocationValueError) as error:
            raise NotReached(_why(error)) from None
        except SSLError as error:
            cause = error.args[0] if error.args else None
            if isinstance(cause, ssl.SSLCertVerificationError):
                raise NotReached("its certificate is not trusted") from None
            raise NoAnswer(_why(error)) from None
        except (HTTPError, OSError) as error:
            raise NoAnswer(_why(error)) from None
        except ValueError:  # before anything was sent: a name or a key that no header can hold
            raise NotReached("a name, a password or a key has letters that cannot be sent") from None
        return answered

    def close(self) -> None:
        """Let go of the connections."""
        self._pool.clear()


def basic(user: str, password: str) -> str:
    """The value of the header Authorization."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode("ascii")


def _why(error: Exception) -> str:
    """Never the error's own words: they quote addresses, which hold numbers and texts."""
    match error:
        case LocationParseError() | LocationValueError():
            return "its address is not valid"
        case NewConnectionError():
            return "no connection to it"
        case ConnectTimeoutError():
            return "no connection in time"
        case TookTooLong():
            return "no answer in time"
        case _:
            return "the connection broke"
