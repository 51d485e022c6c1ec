"""Gateways with tokens of every kind."""

import secrets
from collections.abc import Iterator

import pytest

from prepazka.core.office.office import Office
from prepazka.store import models
from tests.web.conftest import NUMBER, TOKEN, bind, gateway
from tests.web.direct.calls import BOOKS, STORES, THEIRS
from tests.web.serving import let_go_of_threads


@pytest.fixture(autouse=True)
def _tokens(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Gateways with tokens of every kind; an access code is the same each time."""
    monkeypatch.setattr(secrets, "randbelow", lambda _: 4)
    gateway("first", TOKEN)
    gateway("other", THEIRS)
    gateway("stores", STORES, "messages")
    gateway("books", BOOKS, "bookings")
    models.Gateway.objects.filter(name="stores").update(token_numbers=[])
    bind(NUMBER, "first")
    yield
    let_go_of_threads()
