"""Secrets of gateways are encrypted in the database, under any of the installation's keys, and read only by it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from prepazka.store import gateways, models
from prepazka.store.sealing import UnreadableError, is_current, number_hash, number_hashes, seal, unseal

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 9, 14, 6, 5, tzinfo=UTC)
SETTINGS = {"host": "smsc.example", "system_id": "radnice", "password": "Pr1sne-Tajne"}
OLD, NEW = "o" * 25 + "1234567890" * 3, "n" * 25 + "abcdefghij" * 3


def stored() -> str:
    return str(list(models.Gateway.objects.values_list("name", "kind", "settings")))


def test_a_secret_is_in_no_column_and_comes_back() -> None:
    gateways.keep("operator", "smpp", SETTINGS, NOW, "me")
    assert not any(value in stored() for value in SETTINGS.values())
    found = gateways.find("operator")
    assert found is not None
    assert found.settings == SETTINGS
    assert gateways.outdated() == []


def test_a_gateway_shown_by_a_log_or_an_error_keeps_its_secrets() -> None:
    gateways.keep("operator", "smpp", SETTINGS, NOW, "me")
    assert "Pr1sne-Tajne" not in repr(gateways.configured())


def test_settings_of_an_older_version_are_read_and_sealed() -> None:
    models.Gateway.objects.create(name="old", kind="smpp", settings=SETTINGS, made_at=NOW)
    assert gateways.outdated() == ["old"]
    assert gateways.configured()[0].settings == SETTINGS
    assert gateways.seal_anew() == 1
    assert "Pr1sne-Tajne" not in stored()
    assert gateways.seal_anew() == 0


def test_after_a_change_of_the_key_the_one_before_opens_until_all_is_sealed_anew(settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
    gateways.keep("operator", "smpp", SETTINGS, NOW, "me")
    hashed = number_hash("+420603111999")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    assert gateways.configured()[0].settings == SETTINGS
    assert hashed in number_hashes("+420603111999")
    assert hashed != number_hash("+420603111999")
    assert gateways.seal_anew() == 1
    settings.SECRET_KEY_FALLBACKS = []
    assert gateways.configured()[0].settings == SETTINGS


def test_with_a_foreign_key_a_gateway_is_known_but_not_served(settings: Any) -> None:
    settings.SECRET_KEY = OLD
    gateways.keep("operator", "smpp", SETTINGS, NOW, "me")
    before = stored()
    settings.SECRET_KEY = NEW
    (found,) = gateways.configured()
    assert (found.name, found.settings, found.readable) == ("operator", {}, False)
    assert gateways.seal_anew() == 0  # what cannot be read is not overwritten
    assert stored() == before


@pytest.mark.parametrize("kept", [0, 1, -2])
def test_what_was_tampered_with_is_not_opened(kept: int) -> None:
    sealed = seal({"a": 1})[:kept]
    with pytest.raises(UnreadableError):
        unseal(sealed)
    assert not is_current(sealed)


def test_a_number_cannot_be_tried_without_the_key(settings: Any) -> None:
    settings.SECRET_KEY = OLD
    ours = number_hash("+420603111999")
    settings.SECRET_KEY = NEW
    assert number_hash("+420603111999") not in {ours, number_hash("+420603111998")}
    assert number_hash("") == ""
    assert number_hashes("") == []
