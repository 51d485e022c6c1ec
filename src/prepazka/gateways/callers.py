"""Verifies callers: by a listed address, and by a secret only the peer knows."""

import hmac
from collections.abc import Sequence
from http import HTTPStatus
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from prepazka.gateways.values import WebhookCall, WebhookRefused, WebhookReply

Networks = Sequence[IPv4Network | IPv6Network]


def parse_networks(text: str) -> Networks:
    """Parse addresses and networks separated by commas. Raises: ValueError naming an invalid one."""
    return tuple(ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())


def check_address(allowed: Networks, call: WebhookCall) -> None:
    """Refuse a call from any other address; () allows all. Raises: WebhookRefused."""
    try:
        allowed_address = not allowed or any(ip_address(call.address) in network for network in allowed)
    except ValueError:
        allowed_address = False
    if not allowed_address:
        raise refusal(HTTPStatus.FORBIDDEN, "called from an address that is not listed")


def check_secret(presented: str, secret: str) -> None:
    """Refuse a wrong secret. Raises: WebhookRefused."""
    if not secrets_match(presented, secret):
        raise refusal(HTTPStatus.FORBIDDEN, "the secret is wrong")


def secrets_match(presented: str, secret: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(presented.encode("utf-8", "replace"), secret.encode("utf-8", "replace"))


def refusal(status: HTTPStatus, reason: str) -> WebhookRefused:
    """Return the refusal of a call; reason: for the peer and the log, without number or text."""
    return WebhookRefused(WebhookReply(status, f"Refused: {reason}.\n"), reason)
