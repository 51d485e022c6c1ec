"""The tokens that gateways call by, remembered for a moment: each request asks for one."""

from hashlib import sha256

from django.core.cache import cache

from prepazka.store import tokens
from prepazka.store.tokens import Token

# Seconds for which a found token is cached; a change of it takes effect after that.
CACHED_FOR = 30


def is_token(token: str) -> bool:
    """Whether a gateway has this token, for whatever purpose."""
    return find(token) is not None


def find(token: str) -> Token | None:
    """Return what a token is good for; None when there is no such one."""
    key = f"token:{sha256(token.encode('utf-8', 'replace')).hexdigest()}"
    found: Token | None = cache.get(key)
    if found is None:
        found = tokens.find(token)
        if found is not None:
            cache.set(key, found, CACHED_FOR)
    return found
