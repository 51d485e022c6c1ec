"""The drills of docs/ha.md: each breaks one thing, lets callers feel it, and puts it right as its supervisor would."""

import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from tests.cluster.callers import Callers, Told
from tests.cluster.cluster import DEADLINE, EVERY, Cluster
from tests.cluster.programs import Program
from tests.waiting import until

# Seconds etcd is away: longer than the primary may stay one without it.
ETCD_AWAY = 25.0
# Messages that go well before anything is broken, and after all is well again.
_BEFORE, _AFTER = 8, 8


@dataclass(frozen=True, slots=True)
class Drill:
    """One way to break the cluster. breaks: does so, and returns what repairs it once callers are served again."""

    breaks: Callable[[Cluster], Callable[[], None]]
    title: str


@dataclass(frozen=True, slots=True)
class Result:
    """What a drill showed.

    silence: the longest time without an acknowledgement, in seconds. failovers: how often another server became the
    primary. load: of the machine in the minute before, in processors. cut, refused, wrong: as callers count them.
    """

    told: list[Told]
    silence: float
    failovers: int
    load: float
    cut: int
    refused: int
    wrong: list[str]

    def line(self) -> str:
        """The figures, for whoever watches."""
        counted = f"{self.failovers} failovers, {self.cut} cut, {self.refused} later"
        return f"{self.silence:.1f} s of silence, {counted}, load {self.load:.1f}"


def _nothing() -> None:
    """Nothing has to be put right."""


def _end_sessions(cluster: Cluster) -> Callable[[], None]:
    cluster.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'prepazka'")
    return _nothing


def _restart(cluster: Cluster) -> Callable[[], None]:
    cluster.primary.ask("/restart", {})
    return _nothing


def _kill_program(program: Program) -> Callable[[], None]:
    """Kill it and start it again at once, as systemd does."""
    program.kill()
    program.start()
    return _nothing


def _kill_haproxy(cluster: Cluster) -> Callable[[], None]:
    return _kill_program(cluster.haproxy)


def _kill_pgbouncer(cluster: Cluster) -> Callable[[], None]:
    return _kill_program(cluster.next_node().pgbouncer)


def _switch_over(cluster: Cluster) -> Callable[[], None]:
    primary, standby = cluster.primary, cluster.standby
    primary.ask("/switchover", {"leader": primary.name, "candidate": standby.name})
    return _nothing


def _kill_postgres(cluster: Cluster) -> Callable[[], None]:
    cluster.primary.postgres.kill()
    return _nothing


def _take_etcd_away(cluster: Cluster) -> Callable[[], None]:
    cluster.etcd.kill()
    back_at = time.monotonic() + ETCD_AWAY
    until(lambda: time.monotonic() > back_at, "etcd was away for long enough")
    cluster.etcd.start()
    return _nothing


def _kill_patroni(cluster: Cluster) -> Callable[[], None]:
    primary = cluster.primary
    primary.patroni.kill()
    standby = next(member for member in cluster.members if member is not primary)
    until(lambda: cluster.is_primary(standby), "the standby takes over", DEADLINE, EVERY)
    return primary.patroni.start


def _kill_machine(cluster: Cluster) -> Callable[[], None]:
    primary = cluster.primary
    primary.kill()
    return primary.patroni.start


def _freeze_standby(cluster: Cluster) -> Callable[[], None]:
    standby = cluster.standby
    standby.freeze()
    return standby.thaw


def _freeze_primary(cluster: Cluster) -> Callable[[], None]:
    primary = cluster.primary
    primary.freeze()
    return primary.thaw


def _kill_node(cluster: Cluster) -> Callable[[], None]:
    node = cluster.next_node().serve
    node.kill()
    return node.start


def _end_node(cluster: Cluster) -> Callable[[], None]:
    node = cluster.next_node().serve
    node.stop(signal.SIGTERM)
    return node.start


def _freeze(program: Program) -> Callable[[], None]:
    program.send(signal.SIGSTOP)
    return partial(program.send, signal.SIGCONT)


def _freeze_node(cluster: Cluster) -> Callable[[], None]:
    return _freeze(cluster.next_node().serve)


def _cut_node(cluster: Cluster) -> Callable[[], None]:
    """What it has under way stays with the database, and it hears nothing, as if its network were gone."""
    return _freeze(cluster.next_node().pgbouncer)


DRILLS: Mapping[str, Drill] = {
    "sessions": Drill(_end_sessions, "all sessions terminated"),
    "restart": Drill(_restart, "PostgreSQL restarted by Patroni"),
    "haproxy": Drill(_kill_haproxy, "haproxy killed, started again at once"),
    "pgbouncer": Drill(_kill_pgbouncer, "pgbouncer killed, started again at once"),
    "switchover": Drill(_switch_over, "switchover"),
    "postgres": Drill(_kill_postgres, "PostgreSQL of the primary killed"),
    "etcd": Drill(_take_etcd_away, f"etcd away for {ETCD_AWAY:.0f} s"),
    "patroni": Drill(_kill_patroni, "Patroni of the primary killed"),
    "machine": Drill(_kill_machine, "primary and its Patroni killed"),
    "standby": Drill(_freeze_standby, "standby frozen, thawed afterwards"),
    "primary": Drill(_freeze_primary, "primary frozen, thawed afterwards"),
    "node": Drill(_kill_node, "node killed"),
    "node-ends": Drill(_end_node, "node ended by SIGTERM"),
    "node-frozen": Drill(_freeze_node, "node frozen, thawed afterwards"),
    "node-cut": Drill(_cut_node, "node cut off from the database"),
}
"""By name, in the order of the table in docs/ha.md."""

SHORT = ("postgres", "switchover", "primary")
"""Those that every run of the tests plays."""


@contextmanager
def _calling(cluster: Cluster, first: int) -> Iterator[Callers]:
    with Callers(cluster.pages, cluster.token, first=first) as callers:
        began = time.monotonic()
        until(lambda: callers.count_since(began) >= _BEFORE, "messages go well before the drill", DEADLINE, EVERY)
        yield callers


def play(cluster: Cluster, name: str, first: int) -> Result:
    """Play a drill on a cluster that is whole, and leave it whole. first: the number of the first caller, never reused.

    Raises: AssertionError when callers are not served again, or the cluster is not whole again.
    """
    failovers, load = cluster.failovers(), os.getloadavg()[0]
    with _calling(cluster, first) as callers:
        broken_at = time.monotonic()
        put_right = DRILLS[name].breaks(cluster)
        done_at = time.monotonic()
        try:
            until(lambda: callers.count_since(done_at) >= _AFTER and callers.all_were_told_since(done_at),
                  f"callers are served again: {name}", DEADLINE, EVERY)  # fmt: skip
        finally:
            put_right()
        cluster.wait_until_whole()
        whole_at = time.monotonic()
        until(lambda: callers.count_since(whole_at) >= _AFTER, f"messages go well after: {name}", DEADLINE, EVERY)
    return Result(
        callers.told,
        callers.longest_silence(broken_at),
        cluster.failovers() - failovers,
        load,
        sum(one.cut for one in callers.all),
        sum(one.refused for one in callers.all),
        [line for one in callers.all for line in one.wrong],
    )
