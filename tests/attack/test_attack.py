"""Everything at once against two workers on PostgreSQL: citizens still get their pages and answers.

`make attack` plays it for ten minutes and prints the times; here it is played for seconds.
"""

import asyncio
import os
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from prepazka.store import accounts, offices
from tests.attack.attackers import Attack, play
from tests.attack.serving import serving
from tests.offices import demo_office
from tests.web.conftest import gateway

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

TOKEN = "token-of-the-modem"
SECONDS = float(os.environ.get("ATTACK_SECONDS", "6"))


@pytest.fixture
def number(transactional_db: None) -> str:
    """The number of an office with a gateway and an official."""
    now = datetime.now(UTC)
    gateway("modem", TOKEN)
    office = demo_office()
    offices.keep(replace(office, gateways=dict.fromkeys(office.numbers, "modem")), now)
    accounts.open_account("novakova", "!", now, "test")
    return office.numbers[0]


@pytest.fixture
def attacked(database_url: str, number: str) -> Iterator[str]:
    """The URL of a copy of the database: what the attack leaves in its tables would change other tests' plans."""
    server, _, name = database_url.rpartition("/")
    connection.close()  # a database that is copied has no other users
    with psycopg.connect(f"{server}/postgres", autocommit=True) as administrator:
        administrator.execute(sql.SQL("CREATE DATABASE attacked TEMPLATE {}").format(sql.Identifier(name)))
        yield f"{server}/attacked"
        administrator.execute("DROP DATABASE attacked WITH (FORCE)")


def test_citizens_are_served_while_everything_is_attacked(attacked: str, number: str, tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "2", DATABASE_URL=attacked) as served:
        today = datetime.now(UTC).date()
        monday = today + timedelta(days=7 - today.weekday())
        attack = Attack(served.port, TOKEN, number, monday, ends=time.monotonic() + SECONDS)
        asyncio.run(play(attack))
        log = served.output()
    print(f"\n{attack.report()}")  # noqa: T201 -- what was measured
    assert "Traceback" not in log
    assert set(attack.statuses["pages of citizens"]) == {200}
    assert set(attack.statuses["SMS of citizens"]) == {202}
    # In seconds on a machine that does other things there are too few pages to judge by.
    assert SECONDS < 60 or statistics.median(attack.pages) < 0.2
    with psycopg.connect(attacked) as database:
        flooded = database.execute("SELECT count(*) FROM outbound WHERE recipient = '+420731990000'").fetchone()
    assert flooded is not None
    assert flooded[0] <= 31
