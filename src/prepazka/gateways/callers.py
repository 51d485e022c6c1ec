"""Who may call: an address that is listed, and a secret only the peer knows."""

import hmac
from collections.abc import Sequence
from http import HTTPStatus
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from prepazka.gateways.values import WebhookCall, WebhookRefused, WebhookReply

Networks = Sequence[IPv4Network | IPv6Network]


def networks(given: str) -> Networks:
    """Addresses and networks, with commas between them. Raises: ValueError naming what is none."""
    return tuple(ip_network(one.strip(), strict=False) for one in given.split(",") if one.strip())


def check_address(allowed: Networks, call: WebhookCall) -> None:
    """Raises: Refused for a call from anywhere else; () allows all."""
    try:
        known = not allowed or any(ip_address(call.address) in network for network in allowed)
    except ValueError:
        known = False
    if not known:
        raise refused(HTTPStatus.FORBIDDEN, "called from an address that is not listed")


def check_secret(shown: str, secret: str) -> None:
    """Raises: Refused."""
    if not same(shown, secret):
        raise refused(HTTPStatus.FORBIDDEN, "the secret is wrong")


def same(shown: str, secret: str) -> bool:
    """Takes as long wherever they differ."""
    return hmac.compare_digest(shown.encode("utf-8", "replace"), secret.encode("utf-8", "replace"))


def refused(status: HTTPStatus, reason: str) -> WebhookRefused:
    """Why a call is not taken; reason: for the peer and the log, without number or text."""
    return WebhookRefused(WebhookReply(status, f"Refused: {reason}.\n"), reason)
