"""Calls as the Android app makes them, for the tests."""

from datetime import UTC, datetime
from typing import Any

from prepazka.gateways.android import Android, AndroidSettings

KEY = "signing-key"
NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
ME = "+420777123456"
OFFICE = "+420739547765"


def phone(url: str = "http://127.0.0.1:1", **settings: Any) -> Android:
    given = {"url": url, "username": "sms", "password": "secret", "signing_key": KEY} | settings
    return Android("mobil", AndroidSettings.model_validate(given), clock=lambda: NOW)
