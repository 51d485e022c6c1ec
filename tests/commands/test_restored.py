"""`restored`, and the options by which PostgreSQL's tools find the database."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from prepazka import clock
from prepazka.commands.postgresql_tools import address_option
from prepazka.commands.restored import wait_for_recovery
from prepazka.flows.health import installation
from prepazka.store import database_state, marks, models
from tests.commands.conftest import Prepazka

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)


def waiting_message(office_id: int) -> models.Outbound:
    return models.Outbound.objects.create(
        office_id=office_id, gateway="modem", kind="notice", sender="+420739547765", recipient="+420603444555",
        text="Uvolnilo se", septets=11, parts=1, made_at=NOW, due_at=NOW, expires_at=NOW + timedelta(days=9000),
    )  # fmt: skip


def test_a_recovered_database_sends_nothing_that_waited(demo: int, prepazka: Prepazka) -> None:
    message = waiting_message(demo)
    done = prepazka("restored")
    assert done.code == 0
    assert "1 messages that waited to be sent at that time are not sent again" in done.out
    message.refresh_from_db()
    assert message.state == "expired"
    assert models.Audit.objects.filter(what="recovered to a point in time").exists()


def test_a_database_that_is_served_is_left_alone(demo: int, prepazka: Prepazka) -> None:
    message = waiting_message(demo)
    models.Gateway.objects.create(name="modem", kind="gammu", made_at=NOW, held_until=NOW + timedelta(days=9000))
    done = prepazka("restored")
    assert (done.code, "end `prepazka serve` first" in done.err) == (1, True)
    message.refresh_from_db()
    assert message.state == "queued"


def test_a_hold_that_a_recovered_database_remembers_says_until_when(demo: int, prepazka: Prepazka) -> None:
    until = datetime(2051, 3, 4, 5, 6, 7, tzinfo=UTC)
    models.Gateway.objects.create(name="modem", kind="gammu", made_at=NOW, held_until=until)
    assert "if it has ended: wait until 05:06:07 UTC" in prepazka("restored").err


def test_it_waits_for_the_recovery(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    answers = iter([True, True, True, False])
    waited: list[float] = []
    monkeypatch.setattr(database_state, "is_recovering", lambda: next(answers))
    wait_for_recovery(waited.append)
    assert len(waited) == 2
    assert capsys.readouterr().err.count("still recovering") == 1


def test_a_database_that_was_not_recovered_is_refused(program: Prepazka, tmp_path: Path) -> None:
    """A mistyped DATABASE_URL: nothing is made of it."""
    done = program("restored", DATABASE_URL=f"sqlite:///{tmp_path}/jiny.sqlite3")
    assert (done.code, "no tables of ours: nothing was recovered" in done.err) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_a_backup_of_another_program_is_noted(demo: int, prepazka: Prepazka, settings: Any) -> None:
    done = prepazka("backup", "/zalohy/pgbackrest", "--made")
    assert (done.code, done.out) == (0, "noted: a backup was made in /zalohy/pgbackrest\n")
    assert marks.moment(marks.BACKUP)
    settings.DEMO = False
    assert list(installation.PROBES["backup"](clock.now())) == []


@pytest.mark.postgresql
def test_the_tools_get_every_option_and_no_password(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    options: dict[str, Any] = {
        "sslmode": "verify-full",
        "sslrootcert": "/etc/ssl/our root.pem",
        "target_session_attrs": "read-write",
        "options": "-c search_path=objednani",
        "server_side_binding": False,
    }
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", options)
    monkeypatch.setitem(connection.settings_dict, "HOST", "db1.example,db2.example")
    monkeypatch.setitem(connection.settings_dict, "PORT", "5432,5433")
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", "tajne'heslo")
    option = address_option(connection.get_connection_params())
    for said in (
        "host=db1.example,db2.example", "port=5432,5433", "sslmode=verify-full", "sslrootcert='/etc/ssl/our root.pem'",
        "target_session_attrs=read-write", "options='-c search_path=objednani'",
    ):  # fmt: skip
        assert said in option
    assert "heslo" not in option
    assert "server_side" not in option
