"""`gateway token` and `gateway kinds`."""

import hashlib

import pytest

from prepazka.store import models
from tests.commands.conftest import Prepazka


def test_a_token_is_printed_once_and_only_its_digest_kept(prepazka: Prepazka, demo: int) -> None:
    token = prepazka("gateway", "token", "kanal").out.strip()
    gateway = models.Gateway.objects.get()
    assert (gateway.name, gateway.kind) == ("kanal", "http")
    assert gateway.token_sha256 == hashlib.sha256(token.encode()).hexdigest()


def test_a_new_token_replaces_the_old_one(prepazka: Prepazka, demo: int) -> None:
    old, new = (prepazka("gateway", "token", "kanal").out.strip() for _ in range(2))
    assert old != new
    assert models.Gateway.objects.get().token_sha256 == hashlib.sha256(new.encode()).hexdigest()


@pytest.mark.parametrize("name", ["", "Kanál", "a b", "x" * 41])
def test_a_name_that_cannot_be_is_bad_use(prepazka: Prepazka, demo: int, name: str) -> None:
    done = prepazka("gateway", "token", name)
    assert (done.code, done.err) == (
        2,
        f"prepazka: {name!r} must be small letters, digits and hyphens, at most 40\n",
    )


def test_every_setting_says_whether_it_may_be_left_out(prepazka: Prepazka) -> None:
    output = prepazka("gateway", "kinds").out
    assert "  per_minute (8): " in output
    assert "  password (may be left out): " in output
    assert "  phone: " in output
    assert " ():" not in output
