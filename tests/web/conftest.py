"""The demo office on a Monday morning, and a gateway that may call the API."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest
from django.core.cache import cache
from django.db.models import F
from django.test import Client

from prepazka.core.credentials import PURPOSES
from prepazka.core.office.office import Office
from prepazka.store import models, offices
from prepazka.web import clock
from tests.made_once import kept_once
from tests.offices import demo_office
from tests.web.browsing import browser, context, page
from tests.web.staff import _quick_passwords, officials, signed_in

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
NUMBER = "+420739547765"
ME = "+420777123456"
TOKEN = "token-of-the-first-gateway"

__all__ = ["_quick_passwords", "browser", "context", "officials", "page", "signed_in"]  # every test's

HandIn = Callable[..., Any]


@pytest.fixture
def office(transactional_db: None) -> Office:
    return kept_once(demo_office(), NOW)


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop the clock of the pages."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    cache.clear()


@pytest.fixture(autouse=True)
def simulator(settings: Any) -> Any:
    """Turn the phone simulator on, whatever DATABASE_URL the tests run with; return the settings, to change that."""
    settings.SIMULATOR = True
    return settings


def gateway(name: str, token: str, *purposes: str) -> models.Gateway:
    """A gateway with a token for these purposes, all of them where none is named."""
    return models.Gateway.objects.create(
        name=name,
        token_sha256=sha256(token.encode()).hexdigest(),
        token_purposes=list(purposes or PURPOSES),
        made_at=NOW,
    )


def bind(number: str, name: str) -> None:
    """Bind an office's number to a gateway, as `offices.keep` does, which would compare the whole office for it."""
    row = models.Number.objects.get(e164=number)
    models.Number.objects.filter(id=row.id).update(gateway=models.Gateway.objects.get(name=name))
    models.Office.objects.filter(id=row.office_id).update(version=F("version") + 1)


def message(id_: str = "m1", text: str = "OBJ ZOP 10.8. 14:00 NOVAK", **fields: Any) -> dict[str, Any]:
    return {"id": id_, "from": ME, "to": NUMBER, "text": text} | fields


def add_number(number: str, name: str, slug: str = "demo") -> None:
    """Add a number to an office, bound to a gateway."""
    office = offices.load(models.Office.objects.get(slug=slug).id)
    gateways = {**office.gateways, number: name}
    offices.keep(replace(office, numbers=(*office.numbers, number), gateways=gateways), NOW)


@pytest.fixture
def hand_in(office: Office, client: Client) -> HandIn:
    """Send a body (JSON, or bytes as they are) with the token of the gateway the office's number is bound to."""
    gateway("first", TOKEN)
    bind(NUMBER, "first")

    def hand_in(body: Any, *, token: str = TOKEN, content_type: str = "application/json", **extra: Any) -> Any:
        return client.post(
            "/api/v1/messages", body, content_type=content_type, headers={"Authorization": f"Bearer {token}"}, **extra
        )

    return hand_in
