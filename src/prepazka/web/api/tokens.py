"""Authenticates a gateway by its token, of which only the hash is stored."""

from hashlib import sha256

from django.core.cache import cache
from django.http import HttpRequest
from ninja.security import HttpBearer

from prepazka.store import models

# Seconds for which a found token is cached; a withdrawn one stops working after that.
CACHED_FOR = 30


class GatewayToken(HttpBearer):
    """The token of a gateway. An index compares the hashes, so the time reveals nothing of a token."""

    def authenticate(self, request: HttpRequest, token: str) -> str | None:
        """Return the name of the gateway with this token, or None."""
        return gateway_of(token)


def is_token(token: str) -> bool:
    """Whether a gateway has this token."""
    return gateway_of(token) is not None


def gateway_of(token: str) -> str | None:
    """Return the name of the gateway with this token; it is cached for a while."""
    digest = sha256(token.encode("utf-8", "replace")).hexdigest()
    key = f"token:{digest}"
    name: str | None = cache.get(key)
    if name is None:
        name = models.Gateway.objects.filter(token_sha256=digest).values_list("name", flat=True).first()
        if name is not None:
            cache.set(key, name, CACHED_FOR)
    return name
