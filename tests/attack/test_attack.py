"""Everything at once against two workers on PostgreSQL: citizens still get their pages and answers.

`make attack` plays it for ten minutes and prints the times; here it is played for seconds.
"""

import asyncio
import os
import statistics
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from prepazka.store import accounts, models, offices
from tests.attack.attackers import Attack, play
from tests.attack.serving import serving
from tests.offices import demo_office

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

TOKEN = "token-of-the-modem"
SECONDS = float(os.environ.get("ATTACK_SECONDS", "6"))


@pytest.fixture
def number(transactional_db: None) -> str:
    """The number of an office with a gateway and an official."""
    now = datetime.now(UTC)
    models.Gateway.objects.create(
        name="modem", kind="http", token_sha256=sha256(TOKEN.encode()).hexdigest(), made_at=now
    )
    office = demo_office()
    offices.keep(replace(office, gateways=dict.fromkeys(office.numbers, "modem")), now)
    accounts.open_account("novakova", "!", now, "test")
    return office.numbers[0]


def test_citizens_are_served_while_everything_is_attacked(database_url: str, number: str, tmp_path: Path) -> None:
    whole = SECONDS >= 60
    with serving(tmp_path, "--workers", "2", DATABASE_URL=database_url) as served:
        today = datetime.now(UTC).date()
        monday = today + timedelta(days=7 - today.weekday())
        attack = Attack(served.port, TOKEN, number, monday, ends=time.monotonic() + SECONDS)
        asyncio.run(play(attack))
        log = served.output()
    print(f"\n{attack.report()}")  # noqa: T201 -- what was measured
    assert "Traceback" not in log
    assert set(attack.statuses["pages of citizens"]) == {200}
    assert set(attack.statuses["SMS of citizens"]) == {202}
    assert statistics.median(attack.pages) < (0.2 if whole else 1)
    assert models.Outbound.objects.filter(recipient="+420731990000").count() <= 31
