"""A modem and the demo office, for gateways that are served."""

import pytest

from prepazka.store import gateways, offices
from tests.offices import demo_office
from tests.process.quiet_gateway import NOW


@pytest.fixture
def _modem(transactional_db: None) -> None:
    gateways.keep("modem", "gammu", {}, NOW, "test")
    offices.keep(demo_office(), NOW)
