"""Who calls: the address of the caller, from the connection and from what trusted proxies say of it.

Everything that counts or records callers asks here. Headers that anybody can send are believed of nobody but the
proxies the operator names (`PREPAZKA_PROXIES`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from math import ceil
from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from prepazka.store import accounts
from prepazka.web.headers import GetResponse

# In the environment of a request: who connected, the proxy where there is one.
_PEER = "prepazka.peer"

_Address = IPv4Address | IPv6Address
_Networks = tuple[IPv4Network | IPv6Network, ...]


def know_caller(get_response: GetResponse) -> GetResponse:
    """Middleware: make REMOTE_ADDR the caller's address, and the scheme what the operator says of the pages."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        settle_caller(request.META)
        return get_response(request)

    return middleware


def settle_caller(environ: dict[str, Any]) -> None:
    """Put the caller's address and the scheme of the pages into the environment of a request, for all who read them."""
    forwarded, peer = environ.get("HTTP_X_FORWARDED_FOR", ""), environ.get("REMOTE_ADDR", "")
    environ["REMOTE_ADDR"] = caller_address(peer, forwarded, settings.PROXIES)
    if settings.PROXIES:
        environ[_PEER] = peer
    if settings.HTTPS:
        environ["wsgi.url_scheme"] = "https"


@dataclass(frozen=True, slots=True)
class Hiding:
    """A proxy that hides who calls. how: silent, one of ours that names nobody; unnamed, one that is not ours."""

    how: Literal["silent", "unnamed"]
    proxy: str


def hiding_of(request: HttpRequest) -> Hiding | None:
    """Return the proxy that hides who made this request; None where the caller is known, or no proxy is named."""
    proxy = _read(request.META.get(_PEER, ""))
    if proxy is None or request.META["REMOTE_ADDR"] != str(proxy):
        return None
    if any(proxy in network for network in _networks(tuple(settings.PROXIES))):
        return Hiding("silent", str(proxy))
    return Hiding("unnamed", str(proxy)) if request.META.get("HTTP_X_FORWARDED_FOR") else None


def address_of(request: HttpRequest, *_: object) -> str:
    """Return the caller's address; "" when the connection has none."""
    return str(request.META.get("REMOTE_ADDR", ""))


# docs/spec/safety.md §2.1: "the header `X-Forwarded-For` is read from its end, past every address of a trusted proxy"
def caller_address(peer: str, forwarded: str, proxies: Sequence[str]) -> str:
    """Return the address of the caller whose connection comes from `peer`; forwarded: the whole header.

    An entry that is no address ends the reading: the caller is then the proxy that wrote it.
    """
    trusted = _networks(tuple(proxies))
    caller = _read(peer)
    if caller is None:
        return peer
    for entry in reversed(forwarded.split(",") if forwarded else []):
        if not any(caller in network for network in trusted):
            break
        before = _read(entry)
        if before is None:
            break
        caller = before
    return str(caller)


def is_official(request: HttpRequest, office_id: int) -> bool:
    """Whether somebody who works in the office is signed in: whom no limit of callers counts."""
    return bool(request.user.is_authenticated and accounts.role_in(request.user, office_id) is not None)


def seconds(wait: timedelta) -> int:
    """Return a wait in whole seconds, rounded up, as `Retry-After` and the pages give it."""
    return ceil(wait / timedelta(seconds=1))


@lru_cache(maxsize=8)
def _networks(proxies: tuple[str, ...]) -> _Networks:
    return tuple(ip_network(proxy, strict=False) for proxy in proxies)


def _read(text: str) -> _Address | None:
    """Return an address, written with or without a port; an IPv4 address that an IPv6 socket shows is an IPv4 one."""
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ip_address(bare)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found
