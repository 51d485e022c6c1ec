"""Places held until a phone confirms them: an office, and a citizen with a phone."""

from typing import Any

import pytest

from tests.flows.booking.holding import (
    Citizen,
    founded,
)


@pytest.fixture(autouse=True)
def simulator(settings: Any) -> Any:
    settings.SIMULATOR = True
    return settings


@pytest.fixture
def office() -> int:
    return founded()


@pytest.fixture
def iva(office: int) -> Citizen:
    return Citizen(office)
