"""A backup or restore goes past a pooler: what pg_dump sets would stay in the connections that `serve` shares."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from prepazka.store import marks
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
