"""HTTP requests to a gateway's peer, with three outcomes: answered, certainly not made, or unknown."""

import base64
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

import urllib3
from urllib3 import BaseHTTPResponse
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    LocationParseError,
    LocationValueError,
    NewConnectionError,
    SSLError,
)
from urllib3.exceptions import TimeoutError as TookTooLong

from prepazka.gateways import certificates

# Octets of an answer that are read, at most.
MAX_BODY: Final = 256 * 1024
# Seconds to connect, and to wait for the next data of the answer.
CONNECT: Final = 5.0
READ: Final = 20.0
# Seconds for a whole body: one that trickles would hold up everything else that is done with the peer.
WHOLE: Final = 60.0


class NotReached(Exception):
    """The request was certainly not made; the argument says why, in a few words for the operator."""


class NotTrusted(NotReached):
    """The peer's certificate is not accepted; why: OpenSSL's words."""

    def __init__(self, why: str) -> None:
        super().__init__(f"its certificate is not trusted: {why}")
        self.why = why


class NoAnswer(Exception):
    """The request may have been made, but the answer is missing; the argument says why."""


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """An answer: its status, its headers by lower-case name, its body (cut at MAX_BODY)."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The body decoded as UTF-8; other bytes become the replacement character."""
        return self.body.decode("utf-8", "replace")


class Client:
    """Makes requests, each on its own connection and exactly once, without retries or redirects.

    The peer may close a kept connection just when it is used again, which leaves unknown whether the message was
    accepted. A new connection costs milliseconds and is certain.
    """

    def __init__(self, connect: float = CONNECT, read: float = READ, whole: float = WHOLE) -> None:
        self._whole = whole
        self._pool = urllib3.PoolManager(timeout=urllib3.Timeout(connect=connect, read=read), retries=False)

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> HttpResponse:
        """Make a request. Raises: NotReached, NoAnswer."""
        if not url.startswith(("http://", "https://")):
            raise NotReached("its address is not valid")
        sent = {**(headers or {}), "Connection": "close"}
        try:
            raw = self._pool.request(
                method, url, headers=sent, body=body, redirect=False, preload_content=False, decode_content=True
            )
            try:
                response = HttpResponse(
                    raw.status,
                    self._body(raw) if method != "HEAD" else b"",
                    {name.lower(): value for name, value in raw.headers.items()},
                )
            finally:
                raw.close()
        except (NewConnectionError, ConnectTimeoutError, LocationParseError, LocationValueError) as error:
            raise NotReached(_reason(error)) from None
        except SSLError as error:
            cause = error.args[0] if error.args else None
            if isinstance(cause, ssl.SSLCertVerificationError):
                raise NotTrusted(certificates.reason_of(cause)) from None
            raise NoAnswer(_reason(error)) from None
        except (HTTPError, OSError) as error:
            raise NoAnswer(_reason(error)) from None
        except ValueError:  # before anything was sent: a header cannot hold this name or key
            raise NotReached("a name, a password or a key has letters that cannot be sent") from None
        return response

    def _body(self, raw: BaseHTTPResponse) -> bytes:
        """Read a body to MAX_BODY. Raises: TookTooLong for one that has not ended in time."""
        until, body = monotonic() + self._whole, b""
        while len(body) < MAX_BODY and (more := raw.read1(MAX_BODY - len(body))):
            body += more
            if monotonic() > until:
                raise TookTooLong
        return body

    def close(self) -> None:
        """Close the connections."""
        self._pool.clear()


def basic_auth(user: str, password: str) -> str:
    """Return the value of the header Authorization."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode("ascii")


def _reason(error: Exception) -> str:
    """Name the error without its own message, which quotes URLs with numbers and texts."""
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
