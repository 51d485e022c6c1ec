"""`restored`, and the options by which PostgreSQL's tools find the database."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from prepazka.commands import backup
from prepazka.store import models
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
    [option] = backup._connection_options()
    for said in (
        "host=db1.example,db2.example", "port=5432,5433", "sslmode=verify-full", "sslrootcert='/etc/ssl/our root.pem'",
        "target_session_attrs=read-write", "options='-c search_path=objednani'",
    ):  # fmt: skip
        assert said in option
    assert "heslo" not in option
    assert "server_side" not in option
