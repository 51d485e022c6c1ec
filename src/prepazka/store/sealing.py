"""What only this installation can read: values encrypted at rest, and numbers known again by a keyed hash.

Both keys are derived from the installation's secret key. Older secret keys (`PREPAZKA_SECRET_KEY_BEFORE`) still open
what they sealed, until everything is sealed anew.
"""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_SEALING, _NUMBERS = b"prepazka: sealed settings", b"prepazka: hashed numbers"
_NAMING = b"prepazka: name of the key"
_HASH = 32
"""Hexadecimal digits of a hash: 128 bits, so no two numbers share one."""


class UnreadableError(Exception):
    """The value was sealed with a secret key that is not known here."""


# docs/spec/safety.md §5.2: "encrypted with a key derived from the installation's secret key"
def seal(values: Mapping[str, Any]) -> str:
    """Return values encrypted as one text."""
    return _vault(_secrets()).encrypt(json.dumps(values, ensure_ascii=False).encode()).decode("ascii")


def unseal(sealed: str) -> dict[str, Any]:
    """Return the values of `seal`. Raises: UnreadableError."""
    return dict(_opened(sealed, _secrets()))


def is_current(sealed: str) -> bool:
    """Whether a text was sealed with the secret key of today."""
    try:
        _vault(_secrets()[:1]).decrypt(sealed)
    except InvalidToken:
        return False
    return True


def number_hash(number: str) -> str:
    """Return what a number is found again by, "" for none; without the key nobody can try all numbers."""
    return _hashed(number, _secrets()[0]) if number else ""


def number_hashes(number: str) -> list[str]:
    """Return a number's hashes under the secret key of today and those before."""
    return [_hashed(number, secret) for secret in _secrets()] if number else []


def fingerprint() -> str:
    """Return what the secret key of today is known by, which tells nothing of it."""
    return _derived(settings.SECRET_KEY, _NAMING).hex()[:_HASH]


def fingerprints() -> list[str]:
    """Return those of the secret key of today and of those before."""
    return [_derived(secret, _NAMING).hex()[:_HASH] for secret in _secrets()]


def _secrets() -> tuple[str, ...]:
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@lru_cache(maxsize=256)  # every look for gateways opens all of them
def _opened(sealed: str, secrets: Sequence[str]) -> dict[str, Any]:
    try:
        values: dict[str, Any] = json.loads(_vault(secrets).decrypt(sealed))
    except InvalidToken:
        raise UnreadableError from None
    return values


@lru_cache(maxsize=8)
def _vault(secrets: Sequence[str]) -> MultiFernet:
    return MultiFernet([Fernet(urlsafe_b64encode(_derived(secret, _SEALING))) for secret in secrets])


def _hashed(number: str, secret: str) -> str:
    return hmac.new(_derived(secret, _NUMBERS), number.encode(), sha256).hexdigest()[:_HASH]


@lru_cache(maxsize=16)
def _derived(secret: str, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=purpose).derive(secret.encode())
