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
    found = remembered(token)
    if found is None:
        found = tokens.find(token)
        if found is not None:
            cache.set(_key(token), found, CACHED_FOR)
    return found


def remembered(token: str) -> Token | None:
    """Return what a token is good for if that was found a moment ago, without asking the database."""
    found: Token | None = cache.get(_key(token))
    return found


def _key(token: str) -> str:
    return f"token:{sha256(token.encode('utf-8', 'replace')).hexdigest()}"
