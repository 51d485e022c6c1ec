"""Who calls: a gateway, by the token given to it, of which only the hash is kept."""

from hashlib import sha256

from django.core.cache import cache
from django.http import HttpRequest
from ninja.security import HttpBearer

from prepazka.store import models

# How long a token that was found is believed without asking the database, in seconds; so a withdrawn one ends.
CACHED_FOR = 30


class GatewayToken(HttpBearer):
    """The gateway's token. Hashes are compared by the index, so the time tells nothing of the token."""

    def authenticate(self, request: HttpRequest, token: str) -> str | None:
        """The name of the gateway whose token it is."""
        digest = sha256(token.encode("utf-8", "replace")).hexdigest()
        key = f"token:{digest}"
        name: str | None = cache.get(key)
        if name is None:
            name = models.Gateway.objects.filter(token_sha256=digest).values_list("name", flat=True).first()
            if name is not None:
                cache.set(key, name, CACHED_FOR)
        return name
