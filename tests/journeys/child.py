"""The tasks of the drills' processes: Django set up once in the fork server, then one task a process.

A task is killed with SIGKILL at a given step. Steps are the moments before and after each statement the database is
sent, BEGIN and COMMIT among them, so the product needs no fault points of its own.
"""

import json
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prepazka.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402 -- models can be imported only after the set-up

from prepazka.core import delivery  # noqa: E402
from prepazka.core.booking.ledger import Submission  # noqa: E402
from prepazka.core.office import holidays  # noqa: E402
from prepazka.flows import moving  # noqa: E402
from prepazka.flows import transaction as flows_transaction  # noqa: E402
from prepazka.flows.booking.commit import commit_requests  # noqa: E402
from prepazka.flows.inbound import receive as journey  # noqa: E402
from prepazka.flows.outbound import deliver  # noqa: E402
from prepazka.flows.transaction import retry_transaction  # noqa: E402
from prepazka.gateways.values import Capabilities, GatewayEvent, Health, Inbound, Outbound, SendResult, Sent  # noqa: E402
from prepazka.sms.understand.read import warm_up  # noqa: E402
from prepazka.store import inbox, offices, reads, time_limits  # noqa: E402
from prepazka.store.offices import Locked  # noqa: E402

# The first look at a calendar loads those of 250 countries, for four times as long as most tasks take: once, here.
holidays.name("CZ", date(2026, 8, 3))
# So with the word lists: a process killed each second would be killed before it has read them.
warm_up()


class Steps:
    """Counts the steps of a task, and kills the process at the fatal one."""

    def __init__(self, fatal: int | None) -> None:
        self.count = 0
        self._fatal = fatal

    def step(self) -> None:
        if self.count == self._fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        self.count += 1

    def around_statement(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.step()
        result = execute(sql, params, many, context)
        self.step()
        return result

    def around_commit(self, commit: Callable[[], None]) -> Callable[[], None]:
        def counted() -> None:
            self.step()
            commit()
            self.step()

        return counted


def connect(database: str) -> None:
    """Connect to the tests' database, for as long as a busy machine takes (see tests/conftest.py)."""
    connection.close()
    connection.settings_dict["NAME"] = database
    time_limits.lift(connection.settings_dict)


def hand_in(database: str, messages: Sequence[Inbound], now: datetime, fatal: int | None, report: Path) -> None:
    """Hand in messages in batches of five; report how many steps it took, and the outcomes."""
    connect(database)
    connection.ensure_connection()
    steps = Steps(fatal)
    connection._commit = steps.around_commit(connection._commit)  # type: ignore[attr-defined]  # no public seam
    came = []
    with connection.execute_wrapper(steps.around_statement):
        for first in range(0, len(messages), 5):
            came += [
                (handled.id, handled.outcome and handled.outcome.outcome)
                for handled in journey.receive(messages[first : first + 5], now)
            ]
    report.write_text(json.dumps({"steps": steps.count, "came": came}))


def store_only(database: str, messages: Sequence[Inbound], now: datetime) -> None:
    """Store messages, as a gateway does that acknowledges before anything is decided."""
    connect(database)
    with transaction.atomic():
        (office_id,) = {owner.office_id for owner in offices.by_number({one.recipient for one in messages}).values()}
        inbox.take_in(office_id, [journey.arrival(message, now) for message in messages])


def work_off(database: str, now: datetime, fatal: int | None, report: Path) -> None:
    """Work until no message waits."""
    connect(database)
    connection.ensure_connection()
    steps = Steps(fatal)
    connection._commit = steps.around_commit(connection._commit)  # type: ignore[attr-defined]  # no public seam
    with connection.execute_wrapper(steps.around_statement):
        while journey.work(now):
            pass
    report.write_text(json.dumps({"steps": steps.count}))


def move_away(database: str, office_id: int, archive: Path, now: datetime, fatal: int | None, report: Path) -> None:
    """Write an office to an archive and close it."""
    _counted(database, fatal, report, lambda: moving.export_office(office_id, archive, now, "test", close=True))


def take_in(database: str, archive: Path, now: datetime, fatal: int | None, report: Path) -> None:
    """Take in an office from its archive."""
    _counted(database, fatal, report, lambda: moving.import_office(archive, now, "test"))


def _counted(database: str, fatal: int | None, report: Path, work: Callable[[], object]) -> None:
    connect(database)
    connection.ensure_connection()
    steps = Steps(fatal)
    connection._commit = steps.around_commit(connection._commit)  # type: ignore[attr-defined]  # no public seam
    with connection.execute_wrapper(steps.around_statement):
        work()
    report.write_text(json.dumps({"steps": steps.count}))


def contend(database: str, messages: Sequence[Inbound], now: datetime, barrier: Any, report: Path) -> None:
    """Hand in messages one by one while other processes do the same."""
    connect(database)
    connection.ensure_connection()
    barrier.wait()
    came = [handled for message in messages for handled in journey.receive([message], now)]
    report.write_text(json.dumps([handled.outcome and handled.outcome.outcome for handled in came]))


def contend_without_lock(database: str, office_id: int, request: Submission, barrier: Any, report: Path) -> None:
    """Book without the lock: all processes have read the bookings before one writes."""
    connect(database)
    connection.ensure_connection()
    office = offices.load(office_id)
    reads.snapshot = _read_then_wait(reads.snapshot, barrier)
    if connection.vendor == "sqlite":  # a transaction of SQLite would let no other process read at the same time
        vars(flows_transaction)["transaction"] = SimpleNamespace(atomic=nullcontext)

    @retry_transaction
    def book() -> str:
        return commit_requests(Locked(office), [request], "sms")[0].outcome.outcome

    report.write_text(json.dumps([book()]))


def _read_then_wait(read: Callable[..., Any], barrier: Any) -> Callable[..., Any]:
    waited = False

    def reading(*args: Any) -> Any:
        nonlocal waited
        facts = read(*args)
        if not waited:
            waited = True
            barrier.wait()
        return facts

    return reading


class Wire:
    """A gateway whose network is a file with a line for each message. Sending one has a step before and after."""

    name = "wire"

    def __init__(self, file: Path, capabilities: Capabilities) -> None:
        self.capabilities = capabilities
        self.step: Callable[[], None] | None = None
        self._file = file

    def send(self, messages: Sequence[Outbound]) -> Iterator[SendResult]:
        for message in messages:
            self._pass()
            taken = self._file.read_text().split() if self._file.exists() else []
            if not (self.capabilities.idempotent and message.id in taken):
                with self._file.open("a") as network:
                    network.write(f"{message.id}\n")
            self._pass()
            yield Sent(message.id, (f"{message.id}/{len(taken)}",))

    def _pass(self) -> None:
        if self.step:
            self.step()

    def poll(self, wait: float) -> Sequence[GatewayEvent]:
        return ()

    def ack(self, events: Sequence[GatewayEvent]) -> None:
        pass

    def health(self, now: datetime) -> Health:
        return Health("ok", "a file")

    def close(self) -> None:
        pass


def send_off(database: str, wire: Wire, now: datetime, fatal: int | None, report: Path) -> None:
    """Send due messages until there are none."""
    connect(database)
    connection.ensure_connection()
    steps = Steps(fatal)
    connection._commit = steps.around_commit(connection._commit)  # type: ignore[attr-defined]  # no public seam
    # Every answer in a transaction of its own, and no batch by the clock, so that steps are the same each time.
    for module in (deliver, delivery):
        vars(module).update(AT_RISK=0)
    wire.step = steps.step
    with connection.execute_wrapper(steps.around_statement):
        while deliver.deliver(wire, now):
            pass
    report.write_text(json.dumps({"steps": steps.count}))


def contend_sending(database: str, wire: Wire, now: datetime, barrier: Any, report: Path) -> None:
    """Send while other processes do the same."""
    connect(database)
    connection.ensure_connection()
    barrier.wait()
    given = 0
    while count := deliver.deliver(wire, now):
        given += count
    report.write_text(json.dumps(given))
