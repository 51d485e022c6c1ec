"""An SMSC, and gateways to it with short protocol timers."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from prepazka.gateways.smpp import Smpp, SmppSettings, health
from tests.gateways.smpp.smsc import Smsc
from tests.waiting import DEADLINE

Opened = Callable[..., Smpp]


@pytest.fixture(scope="session")
def running_smsc() -> Iterator[Smsc]:
    with Smsc() as running:
        yield running


@pytest.fixture
def smsc(running_smsc: Smsc) -> Smsc:
    """The SMSC, reset after other tests."""
    running_smsc.anew()
    return running_smsc


@pytest.fixture
def opened(smsc: Smsc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    """Yield a function that opens gateways to the SMSC; close them at the end."""
    monkeypatch.setattr(health, "_TIMEOUT", DEADLINE)  # the machine may be busy
    open_ones = []

    def one(**settings: Any) -> Smpp:
        fields: dict[str, Any] = {
            "host": "127.0.0.1", "port": smsc.port, "system_id": "urad", "password": "secret",
            "enquire_every": 0.5, "response_timeout": 10, "connect_timeout": 5,
            "retry_first": 0.05, "retry_most": 0.2, "journal": str(tmp_path / "journal.sqlite3"),
        }  # fmt: skip
        gateway = Smpp("operator", SmppSettings.model_validate(fields | settings))
        open_ones.append(gateway)
        return gateway

    yield one
    for gateway in open_ones:
        gateway.close()
