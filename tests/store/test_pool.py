"""The threads of a process may share its connections: never more than it may have, and none while a thread waits."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections, transaction

from prepazka.bench.gateways import other_clients
from prepazka.flows.outbound.deliver import deliver
from prepazka.gateways.values import Outbound, SendResult
from prepazka.process.database import configure, read_pool
from prepazka.process.environment import Environment
from prepazka.store.connections import give_back, is_pooled, without_pool
from prepazka.store.sql import rows
from prepazka.store.time_limits import TimeLimits
from tests.flows.conftest import Queue, office, queue
from tests.flows.outbound.fake_gateway import Peer
from tests.waiting import until

__all__ = ["office", "queue"]

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
URL = "postgresql://hlinsko@db.example/urad"


def configured(url: str, pool: int) -> dict[str, Any]:
    return configure(Environment(), url, TimeLimits(lock=7), pool)


def test_a_pool_has_its_bound_and_lends_for_no_longer_than_the_work() -> None:
    found = configured(URL, 12)
    assert (found["OPTIONS"]["pool"]["max_size"], found["OPTIONS"]["pool"]["timeout"]) == (12, 7.0)
    assert found["CONN_MAX_AGE"] == 0, "Django refuses anything else beside a pool"
    without_pool(found)
    assert "pool" not in found["OPTIONS"]


def test_without_the_setting_and_for_a_file_there_is_none() -> None:
    for url, pool in ((URL, 0), ("sqlite:////srv/urad.sqlite3", 12)):
        found = configured(url, pool)
        assert "pool" not in found["OPTIONS"]
        assert found["CONN_MAX_AGE"] == 600


@pytest.mark.parametrize("connections", [-1, 4, 501])
def test_a_pool_that_cannot_serve_is_refused(connections: int) -> None:
    with pytest.raises(ImproperlyConfigured, match="PREPAZKA_POOL must be 0"):
        read_pool(connections)
    assert [read_pool(one) for one in (0, 5, 500)] == [0, 5, 500]


@pytest.fixture
def pooled(transactional_db: None) -> Iterator[None]:
    """The tests' own database by a pool of five connections."""
    settings: dict[str, Any] = connection.settings_dict
    before = settings["OPTIONS"], settings["CONN_MAX_AGE"]
    connection.close()
    settings["OPTIONS"] = before[0] | {"pool": {"min_size": 1, "max_size": 5, "timeout": 30.0}}
    settings["CONN_MAX_AGE"] = 0
    yield
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # of PostgreSQL
    settings["OPTIONS"], settings["CONN_MAX_AGE"] = before


@pytest.mark.postgresql
@pytest.mark.usefixtures("pooled")
def test_many_threads_share_few_connections() -> None:
    together = Barrier(40)

    def work(number: int) -> int:
        together.wait(30)
        try:
            return int(rows("SELECT %s + 0 * count(*) FROM pg_class", [number])[0][0])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(40) as threads:
        assert list(threads.map(work, range(40))) == list(range(40))
    assert is_pooled()
    until(lambda: other_clients() <= 4, "no more than the pool may have stay; the server ends those before in its time")


class Waiting(Peer):
    """A gateway that notes whether its thread holds a connection while the message is with its peer."""

    def __init__(self) -> None:
        super().__init__(name="sim")
        self.held: list[bool] = []

    def send(self, messages: Sequence[Outbound]) -> Iterator[SendResult]:
        for result in super().send(messages):
            self.held.append(connection.connection is not None)
            yield result


@pytest.mark.postgresql
@pytest.mark.usefixtures("pooled")
def test_nobody_holds_a_connection_while_a_peer_takes_its_time(queue: Queue) -> None:
    for _ in range(3):
        queue()
    peer = Waiting()
    while deliver(peer, NOW + timedelta(seconds=1)):
        pass
    assert peer.held == [False, False, False]


@pytest.mark.postgresql
@pytest.mark.usefixtures("pooled")
def test_within_a_transaction_a_connection_stays() -> None:
    with transaction.atomic():
        before = rows("SELECT pg_current_xact_id()")
        give_back()
        assert rows("SELECT pg_current_xact_id()") == before


@pytest.mark.postgresql
@pytest.mark.usefixtures("pooled")
def test_sessions_that_the_server_ended_are_replaced() -> None:
    ended = rows("SELECT pg_backend_pid()")
    give_back()
    with ThreadPoolExecutor(1) as other:
        other.submit(_end_all_others).result(30)
    assert rows("SELECT pg_backend_pid()") != ended


def _end_all_others() -> None:
    """End all sessions of this database, by one outside the pool."""
    import psycopg  # noqa: PLC0415 -- only here

    to = connection.settings_dict
    with psycopg.connect(host=to["HOST"], port=to["PORT"], user=to["USER"], dbname=to["NAME"]) as outside:
        outside.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
