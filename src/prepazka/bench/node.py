"""A node with many offices: its start, what it asks and takes while nothing happens, and a message stored meanwhile."""

import http.client
import time
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median

from django.db import connection

from prepazka.bench import scratch
from prepazka.bench.http import Server, serving
from prepazka.bench.measure import Row, report
from prepazka.bench.sizes import Sizes
from prepazka.flows.inbound import intake
from prepazka.gateways.values import Inbound
from prepazka.store import models

_GATEWAY = "bench"
# Seconds a node may take to have read all of its offices, and the share of a core that is rest.
_SETTLED_WITHIN, _REST = 300.0, 0.08


def measure(sizes: Sizes) -> list[Row]:
    """Return the rows of one office and of many."""
    return [row for number in sorted({1, sizes.offices}) for row in _measure_node(number, sizes)]


def _measure_node(number: int, sizes: Sizes) -> list[Row]:
    with scratch.database() as url:
        report(f"node: {number:,} offices")
        ids = scratch.store_towns(number)
        gateway = models.Gateway.objects.create(name=_GATEWAY, kind="http", made_at=datetime.now(UTC))
        models.Number.objects.update(gateway=gateway)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        with serving(url, workers=1) as server:
            return _watch(server, ids[len(ids) // 2], f"{number:,} offices", sizes)


def _watch(server: Server, office_id: int, of_: str, sizes: Sizes) -> list[Row]:
    settled = settle(server, sizes.watched)
    asked, began, processor = statements(), time.perf_counter(), server.processor()
    time.sleep(sizes.watched)
    seconds = time.perf_counter() - began
    asked, share = statements() - asked, (server.processor() - processor) / seconds
    rows = [
        Row(f"start of a node, {of_}", server.started_in, "s", target="≤ 5 s", note=f"at rest after {settled:.0f} s"),
        Row(f"idle, {of_}: share of a core", 100 * share, "%", target="≤ 3 %", note=f"{server.memory():.0f} MiB"),
    ]
    if connection.vendor == "postgresql":
        rows.append(Row(f"idle, {of_}: transactions", asked / seconds, "/s", target="≤ 20/s"))
    stored = [_answer_stored(office_id, one) for one in range(sizes.stored)]
    ready = [_ask_ready(server.port) for _ in range(sizes.stored)]
    return [
        *rows,
        Row(
            f"a stored message answered, {of_}, p50",
            median(stored),
            "s",
            target="≤ 2 s",
            note=f"max {max(stored):.2f} s",
        ),
        Row(f"/readyz, {of_}, p50", 1e3 * median(ready), "ms", target="≤ 50 ms", note=f"max {1e3 * max(ready):.0f} ms"),
    ]


def settle(server: Server, at_least: float) -> float:
    """Wait until the node has read its offices; return after how many seconds it was at rest."""
    began = time.perf_counter()
    while time.perf_counter() - began < min(_SETTLED_WITHIN, 60 * at_least):
        before, then = server.processor(), time.perf_counter()
        time.sleep(min(2.0, at_least))
        if (server.processor() - before) / (time.perf_counter() - then) < _REST:
            break
    return time.perf_counter() - began


def statements() -> int:
    """Return how many transactions the database has ended; nearly each statement of an idle node is one."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def _answer_stored(office_id: int, number: int) -> float:
    """Store a message as a gateway does, and return the seconds until its reply stands in the outbox."""
    to = models.Number.objects.filter(office=office_id).values_list("e164", flat=True)[0]
    began = time.perf_counter()
    intake.store([Inbound(_GATEWAY, f"stored-{number}", f"+42060211{number:04}", to, "POMOC")], datetime.now(UTC))
    answered = models.Inbound.objects.filter(gateway=_GATEWAY, gateway_id=f"stored-{number}").exclude(state="waiting")
    until(answered.exists, "a stored message was not answered")
    return time.perf_counter() - began


def until(happened: Callable[[], bool], otherwise: str) -> None:
    """Wait for something. Raises: RuntimeError when it does not happen."""
    deadline = time.monotonic() + _SETTLED_WITHIN
    while not happened():
        if time.monotonic() > deadline:
            raise RuntimeError(otherwise)
        time.sleep(0.01)


def _ask_ready(port: int) -> float:
    """Return the seconds `/readyz` takes; it may say what it likes."""
    began = time.perf_counter()
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    asked.request("GET", "/readyz")
    asked.getresponse().read()
    asked.close()
    return time.perf_counter() - began
