"""Secrets of second factors, encrypted in the database with the installation's key."""

from base64 import urlsafe_b64encode
from hashlib import sha256

from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def seal(text: str) -> str:
    """Return the text encrypted."""
    return _cipher().encrypt(text.encode()).decode("ascii")


def unseal(sealed: str) -> str:
    """Return the text; under another key than it was sealed with, a random secret, which no code fits."""
    try:
        return _cipher().decrypt(sealed).decode()
    except InvalidToken:
        return generate_totp_secret()


def _cipher() -> Fernet:
    return Fernet(urlsafe_b64encode(sha256(b"second factor " + settings.SECRET_KEY.encode()).digest()))
