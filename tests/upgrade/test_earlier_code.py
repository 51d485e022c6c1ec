"""The version before serves on the tables of this one, so that nodes can be updated one by one."""

import io
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db(transaction=True)

HERE = Path(__file__).parent
PREVIOUS = (HERE / "PREVIOUS").read_text("utf-8").strip()
EXPECTED = ["booked", "free_times", "stopped", "free_times", "queue", "not_understood", "cancelled", 1, 1]


def git(*arguments: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(["git", "-C", str(HERE.parents[1]), *arguments], capture_output=True, check=False)


def test_the_earlier_code_works_on_the_tables_of_today(database_url: str, tmp_path: Path) -> None:
    packed = git("archive", "--format=tar", PREVIOUS, "src")
    assert not packed.returncode, f"the commit {PREVIOUS} of tests/upgrade/PREVIOUS is missing here: git fetch it"
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as sources:
        sources.extractall(tmp_path, filter="data")
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "prepazka.settings",
        "PREPAZKA_STATE": str(tmp_path / "state"),
        "PYTHONPATH": str(tmp_path / "src"),
    }
    done = subprocess.run(
        [sys.executable, str(HERE / "earlier.py")], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == EXPECTED


def test_every_column_it_fills_is_there_and_it_need_fill_no_other() -> None:
    before: dict[str, list[str]] = json.loads((HERE / "columns.json").read_text("utf-8"))
    with connection.cursor() as cursor:
        now = {name: connection.introspection.get_table_description(cursor, name) for name in before}
    for table, columns in before.items():
        assert set(columns) <= {one.name for one in now[table]}, table
        needed = {one.name for one in now[table] if one.name not in columns and not one.null_ok and one.default is None}
        assert needed == set(), f"{table}: the earlier code does not fill it, and the database has no default"
