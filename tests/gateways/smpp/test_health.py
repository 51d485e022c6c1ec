"""The health of a gateway whose session is well, but whose journal is not."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from tests.gateways.smpp.conftest import Opened
from tests.gateways.smpp.smsc import Smsc
from tests.waiting import until

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)


def test_a_journal_that_cannot_be_written_is_an_error_although_the_session_is_well(
    opened: Opened, smsc: Smsc, tmp_path: Path
) -> None:
    gateway = opened()
    gateway.poll(0)
    until(lambda: smsc.state()["sessions"] == 1)
    until(lambda: gateway.health(NOW).name == "smpp_bound")
    database = sqlite3.connect(tmp_path / "journal.sqlite3")
    database.execute("DROP TABLE probe")  # as good as a file system that became read-only
    database.execute("CREATE VIEW probe AS SELECT 1 AS id, 2 AS at")
    database.commit()
    database.close()
    health = gateway.health(NOW)
    assert (health.level, health.name) == ("error", "smpp_journal")
