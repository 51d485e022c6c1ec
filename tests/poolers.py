"""A pooler before the tests' own database, as an operator sets one up."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from tests.cluster.files import fill
from tests.cluster.programs import Program, as_nobody_special, find
from tests.ports import free_port
from tests.waiting import until


@pytest.fixture
def pooler(tmp_path: Path) -> Iterator[str]:
    """The address of a pgbouncer, set up as docs/ha.md tells, before the tests' own database."""
    tmp_path.chmod(0o755)
    port, to = free_port(), connection.settings_dict
    users = tmp_path / "users"
    users.write_text(f'"{to["USER"]}" "secret"\n', "ascii")
    configuration = tmp_path / "pgbouncer.ini"
    filled = fill("pgbouncer.ini", address=to["HOST"], database_port=to["PORT"], port=port, users=users)
    configuration.write_text(filled.replace("dbname=prepazka", f"dbname={to['NAME']}"), "utf-8")
    command = [*as_nobody_special(), find("pgbouncer"), str(configuration)]
    program = Program("pgbouncer", command, tmp_path / "pgbouncer.log")
    program.start()
    url = f"postgresql://{to['USER']}:secret@{to['HOST']}:{port}/prepazka"

    def answers() -> bool:
        program.check()
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    until(answers, "pgbouncer answers")
    yield url
    program.stop()
