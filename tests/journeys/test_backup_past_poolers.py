"""A backup or restore goes past a pooler: what pg_dump sets would stay in the connections that `serve` shares.

And so do migrations, which take longer than the limits that the service's user has there.
"""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection

from prepazka.commands.postgresql_tools import go_past_a_pooler
from prepazka.store import marks, time_limits
from prepazka.store.connections import is_pooler_between
from tests.forked import Forked
from tests.journeys.conftest import NOW
from tests.poolers import pooler

__all__ = ["pooler"]

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def behind_pooler(office_id: int, pooler: str, tmp_path: Path, forked: Forked) -> Run:
    """Run the program with the pooler in DATABASE_URL, and whatever else is given."""

    def run(*arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
        environment = os.environ | {"DATABASE_URL": pooler, "PREPAZKA_STATE": str(tmp_path / "state"), **settings}
        return subprocess.CompletedProcess(arguments, *forked.run(arguments, environment))

    return run


def test_no_backup_is_made_through_a_pooler_and_the_line_says_how_else(behind_pooler: Run, tmp_path: Path) -> None:
    done = behind_pooler("backup", str(tmp_path / "copy"))
    assert (done.returncode, list(tmp_path.glob("copy*"))) == (1, [])
    assert "a pooler stands between" in done.stderr
    assert "DATABASE_URL=postgresql://" in done.stderr
    assert "PREPAZKA_LISTEN_URL" in done.stderr


def test_the_address_past_the_pooler_is_used_where_the_settings_have_it(
    behind_pooler: Run, database_url: str, tmp_path: Path
) -> None:
    marks.put("vlkov", NOW)
    done = behind_pooler("backup", str(tmp_path / "copy"), PREPAZKA_LISTEN_URL=database_url)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "copy").read_bytes().startswith(b"PGDMP")


def test_an_address_that_leads_to_another_database_is_not(
    behind_pooler: Run, database_url: str, tmp_path: Path
) -> None:
    other = database_url.rpartition("/")[0] + "/postgres"
    done = behind_pooler("backup", str(tmp_path / "copy"), PREPAZKA_LISTEN_URL=other)
    assert (done.returncode, list(tmp_path.glob("copy*"))) == (1, [])
    assert "PREPAZKA_LISTEN_URL" in done.stderr


def test_nothing_is_restored_through_a_pooler(behind_pooler: Run, database_url: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    assert behind_pooler("backup", str(copy), DATABASE_URL=database_url).returncode == 0
    done = behind_pooler("restore", str(copy))
    assert done.returncode == 1
    assert "a pooler stands between" in done.stderr


@pytest.fixture
def pooled(pooler: str) -> Iterator[str]:
    """The tests' connection leads to the pooler, as a command's does; afterwards again to where it led."""
    address, before = urlsplit(pooler), dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(
        HOST=address.hostname, PORT=str(address.port), PASSWORD=address.password, NAME=address.path[1:]
    )
    time_limits.lift(connection.settings_dict)
    yield pooler
    connection.close()
    connection.settings_dict.clear()
    connection.settings_dict.update(before)


def test_a_migration_leaves_the_pooler_and_its_limits_behind(database_url: str, pooled: str, settings: Any) -> None:
    settings.LISTEN_URL = pooled
    go_past_a_pooler()
    assert is_pooler_between(connection.connection), "a pooler is no way past one"
    options = f"-c statement_timeout=7s {connection.settings_dict['OPTIONS'].get('options', '')}"
    connection.settings_dict["OPTIONS"] = {**connection.settings_dict["OPTIONS"], "options": options}
    settings.LISTEN_URL = database_url
    go_past_a_pooler()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        assert cursor.fetchone() == ("0",)
    assert not is_pooler_between(connection.connection)
