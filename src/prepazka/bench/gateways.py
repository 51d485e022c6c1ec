"""Many gateways that rest, over several processes: what they ask the database and take of the processors meanwhile.

A third of them have a thread of their own (smstools, each with a spool of its own), the others share threads (Kannel
over HTTP, to a stand-in that only accepts).
"""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from statistics import median
from threading import Thread
from unittest.mock import patch

from django.db import connection

from prepazka.bench import scratch
from prepazka.bench.http import Server, serving
from prepazka.bench.measure import Row, report
from prepazka.bench.node import statements, until
from prepazka.bench.sizes import Sizes
from prepazka.store import gateway_holds, gateways, models

# Connections that the threads of each process share (PREPAZKA_POOL).
POOL = 20
_SPOOL = ("incoming", "outgoing", "checked", "sent", "failed", "report")
# Seconds after which the gateways that have just begun are at rest.
_REST = 10.0


def measure(sizes: Sizes) -> list[Row]:
    """Serve the gateways, wait until each is held, and watch them rest."""
    with scratch.database() as url, tempfile.TemporaryDirectory() as spools, _accepting() as port, ExitStack() as rest:
        report(f"gateways: {sizes.gateways:,} over {sizes.processes}")
        scratch.store_towns(1)
        _configure(sizes.gateways, Path(spools), port)
        if connection.vendor == "postgresql":  # a file has no pool
            rest.enter_context(patch.dict(os.environ, {"PREPAZKA_POOL": str(POOL)}))
        servers = [rest.enter_context(serving(url, workers=1)) for _ in range(sizes.processes)]
        _wait_until_served(sizes.gateways)
        time.sleep(min(_REST, sizes.watched))
        return _watch(servers, sizes)


def _watch(servers: list[Server], sizes: Sizes) -> list[Row]:
    asked, began, processor = statements(), time.perf_counter(), _processor(servers)
    time.sleep(sizes.watched)
    seconds = time.perf_counter() - began
    share, asked = (_processor(servers) - processor) / seconds, statements() - asked
    of_ = f"{sizes.gateways:,} gateways over {sizes.processes} processes idle"
    rows = [Row(f"{of_}: share of a core, all processes", 100 * share, "%", note=f"{_memory(servers):.0f} MiB")]
    if connection.vendor == "postgresql":
        note = f"{other_clients()} connections"
        rows.append(Row(f"{of_}: transactions", asked / seconds, "/s", note=note))
    handed = [_hand(one, f"modem-{3 * (one % -(-sizes.gateways // 3))}") for one in range(sizes.stored)]
    note = f"max {max(handed):.2f} s"
    return [*rows, Row("a message queued for one of the spools: in it after, p50", median(handed), "s", note=note)]


def _hand(number: int, gateway: str) -> float:
    """Queue a message for a gateway; return the seconds until it was handed over."""
    now = datetime.now(UTC)
    message = models.Outbound.objects.create(
        office=models.Office.objects.get(),
        gateway=gateway,
        kind="called_off",
        sender="+420700000001",
        recipient=f"+42060200{number:04}",
        text="Zruseno.",
        parts=1,
        septets=8,
        priority=1,
        state="queued",
        due_at=now,
        made_at=now,
        expires_at=now + timedelta(hours=1),
    )
    began = time.perf_counter()
    until(models.Outbound.objects.filter(id=message.id, state="handed").exists, "a queued message was not handed over")
    return time.perf_counter() - began


def _configure(number: int, spools: Path, port: int) -> None:
    now = datetime.now(UTC)
    http = {"secret": "s" * 16, "username": "bench", "password": "bench", "url": f"http://127.0.0.1:{port}/sendsms"}
    for one in range(number):
        if one % 3:
            gateways.keep(f"http-{one}", "kannel-http", http, now, "bench")
            continue
        for directory in _SPOOL:
            (spools / str(one) / directory).mkdir(parents=True)
        gateways.keep(f"modem-{one}", "smstools", {"spool": str(spools / str(one))}, now, "bench")


def _wait_until_served(number: int) -> None:
    def served() -> bool:
        return sum(bool(one.holder) for one in gateway_holds.listed_gateways().values()) == number

    until(served, "not every gateway was served")


def _processor(servers: list[Server]) -> float:
    return sum(server.processor() for server in servers)


def _memory(servers: list[Server]) -> float:
    return sum(server.memory() for server in servers)


def other_clients() -> int:
    """Return how many other sessions clients hold in this database (those of the server, as autovacuum, are none)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return int(cursor.fetchone()[0])


class _Accepting(ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 512


@contextmanager
def _accepting() -> Iterator[int]:
    """Run a peer that accepts each connection and ends it: whether somebody is there is all that a rest asks."""
    with _Accepting(("127.0.0.1", 0), BaseRequestHandler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()
