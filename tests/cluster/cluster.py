"""The whole cluster: etcd, two members with Patroni, haproxy, pgbouncer and two nodes, as children of this process."""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from http.client import HTTPException
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.error import URLError

import psycopg
from psycopg.rows import tuple_row

from tests.cluster import files
from tests.cluster.machines import HERE, Member, Node, answers, get
from tests.cluster.programs import PATIENCE, Postgres, Program, as_nobody_special, find, postgres_programs, python
from tests.ports import free_port
from tests.waiting import until

# Seconds within which anything has to be as it should, on a busy machine.
DEADLINE = 240.0
# Seconds between two looks: each costs the cluster more than it costs us.
EVERY = 0.2
# What a cluster needs in memory; where there is less, its files lie on the disk.
_ROOM = 2 * 1024**3
# PREPAZKA_POOL of the second node; in the first one each thread has a connection of its own.
_POOL = 10


@dataclass(frozen=True, slots=True)
class Ports:
    """Where what is not a member's or a node's listens on the loopback."""

    etcd: int
    etcd_peers: int
    database: int
    pages: int
    figures: int


class Cluster:
    """The running cluster. Its directory holds all its files, and a log for each program."""

    def __init__(self, directory: Path, clock: str = "") -> None:
        """clock: the moment at which the nodes' clock starts, on the office's wall clock; "" for the machine's."""
        self.directory = directory
        self.ports = Ports(*(free_port() for _ in range(5)))
        self._clock = self._write("clock", clock) if clock else None
        self._passwords = {name: secrets.token_hex(16) for name in ("superuser", "replication", "rewind", "own")}
        self._unprivileged = as_nobody_special()
        self.etcd = self._make_etcd()
        self.members = [self._make_member(name) for name in ("first", "second")]
        self.nodes = [self._make_node("north"), self._make_node("south", PREPAZKA_POOL=str(_POOL))]
        self.haproxy = self._make_haproxy()
        self.token = ""
        self._turns = cycle(self.nodes)

    # --- what it is made of -----------------------------------------------------------------------

    def _program(self, name: str, *command: object, **environment: str) -> Program:
        words = [*self._unprivileged, *map(str, command)]
        return Program(name, words, self.directory / f"{name}.log", environment)

    def _write(self, name: str, text: str) -> Path:
        path = self.directory / name
        path.touch(0o600)
        path.write_text(text, "utf-8")
        return path

    def _make_etcd(self) -> Program:
        clients, peers = f"http://{HERE}:{self.ports.etcd}", f"http://{HERE}:{self.ports.etcd_peers}"
        return self._program(
            "etcd", find("etcd"), "--data-dir", self.directory / "etcd",
            "--listen-client-urls", clients, "--advertise-client-urls", clients,
            "--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers,
            "--initial-cluster", f"default={peers}",
        )  # fmt: skip

    def _make_member(self, name: str) -> Member:
        port, api_port, data = free_port(), free_port(), self.directory / name
        configuration = files.patroni(
            name=name, address=HERE, network=f"{HERE}/32", port=port, api_port=api_port, data=data,
            etcd=f"{HERE}:{self.ports.etcd}", programs=postgres_programs(), sockets=self.directory,
            pgpass=self.directory / f"{name}.pgpass",
            superuser_password=self._passwords["superuser"], rewind_password=self._passwords["rewind"],
            replication_password=self._passwords["replication"],
        )  # fmt: skip
        patroni = self._program(f"patroni-{name}", *python("patroni"), self._write(f"{name}.yml", configuration))
        return Member(name, port, api_port, patroni, Postgres(data))

    def _make_haproxy(self) -> Program:
        configuration = files.haproxy(
            {member.name: (member.port, member.api_port) for member in self.members},
            {node.name: node.port for node in self.nodes},
            address=HERE,
            database_port=self.ports.database,
            pages=f"{HERE}:{self.ports.pages}",
            figures=f"{HERE}:{self.ports.figures}",
        )
        return self._program("haproxy", find("haproxy"), "-db", "-f", self._write("haproxy.cfg", configuration))

    def _make_node(self, name: str, **settings: str) -> Node:
        port, pooler_port = free_port(), free_port()
        command = python("prepazka", "serve", "--port", str(port), "--workers", "1")
        environment = self.environment(name, pooler_port) | settings
        serve = Program(name, command, self.directory / f"{name}.log", environment)
        return Node(name, port, pooler_port, serve, self._make_pgbouncer(name, pooler_port))

    def _make_pgbouncer(self, node: str, port: int) -> Program:
        users = self._write("users.txt", f'"prepazka" "{self._passwords["own"]}"\n')
        configuration = files.fill(
            "pgbouncer.ini", address=HERE, database_port=self.ports.database, port=port, users=users
        )
        name = f"pgbouncer-{node}"
        return self._program(name, find("pgbouncer"), self._write(f"{name}.ini", configuration))

    def environment(self, node: str, port: int) -> dict[str, str]:
        """Return the settings of a node, or of a command; port: where it finds the database."""
        settings = {
            "DATABASE_URL": f"postgresql://prepazka:{self._passwords['own']}@{HERE}:{port}/prepazka",
            "PREPAZKA_ENV_FILE": os.devnull,
            "PREPAZKA_STATE": str(self.directory / f"state-{node}"),
            "PREPAZKA_SECRET_KEY": self._passwords["own"] * 2,
        }
        if self._clock:
            settings["PREPAZKA_CLOCK"] = str(self._clock)
        return settings

    # --- starting and stopping --------------------------------------------------------------------

    def start(self, tables: str = "") -> None:
        """Start all of it and wait until it serves; the database is new, with the demo office.

        tables: the address of a database whose tables are copied: to make them anew takes longer than all the rest.
        """
        self.etcd.start()
        first, second = self.members
        first.patroni.start()
        self.haproxy.start()
        until(partial(self._begins, first), "the first member is primary", DEADLINE, EVERY)
        second.patroni.start()
        self._make_database()
        if tables:
            self._copy(tables)
        for node in self.nodes:
            node.pgbouncer.start()
        self.token = self._run(*python("tests.cluster.office"), port=self.primary.port).split()[-1]
        for node in self.nodes:
            node.serve.start()
        self.wait_until_whole()

    def _begins(self, member: Member) -> bool:
        """Whether it is primary by now. Raises: AssertionError when what it needs has ended."""
        for program in (self.etcd, self.haproxy, member.patroni):
            program.check()
        return self.is_primary(member)

    def _make_database(self) -> None:
        for statement in files.fill("database.sql", password=self._passwords["own"]).split(";\n"):
            if statement.strip():
                self.sql(statement, database="postgres")

    def _copy(self, tables: str) -> None:
        # Straight to the primary, as all that is done before the cluster is whole: haproxy may not know it yet.
        dump, ours = self.directory / "tables.sql", self.environment("", self.primary.port)["DATABASE_URL"]
        self._run(postgres_programs() / "pg_dump", "--no-owner", "--no-comments", f"--file={dump}", tables)
        self._run(postgres_programs() / "psql", "--quiet", "--set=ON_ERROR_STOP=1", f"--file={dump}", ours)

    def command(self, *words: str) -> str:
        """Run a command of the program on the first node, past its pgbouncer; return what it prints."""
        return self._run(*python("prepazka", *words))

    def _run(self, *command: str | Path, port: int = 0) -> str:
        environment = self.environment(self.nodes[0].name, port or self.ports.database)
        done = subprocess.run(
            command, env=os.environ | environment, capture_output=True, text=True, check=False, timeout=DEADLINE
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def stop(self) -> None:
        """End all of it, whatever state it is in."""
        for member in self.members:
            member.thaw()
        with ExitStack() as rest:
            for program in (self.etcd, self.haproxy):
                rest.callback(program.kill)
            for member in self.members:
                rest.callback(member.kill)
            for node in self.nodes:
                rest.callback(node.pgbouncer.kill)
                rest.callback(node.serve.kill)
            for node in self.nodes:
                node.pgbouncer.send(signal.SIGCONT)
                node.serve.send(signal.SIGCONT)
                node.serve.stop(signal.SIGINT)

    # --- looking ----------------------------------------------------------------------------------

    @property
    def primary(self) -> Member:
        """The member that takes writes."""
        return until(lambda: next(filter(self.is_primary, self.members), None), "there is a primary", DEADLINE, EVERY)

    @property
    def standby(self) -> Member:
        """The other one."""
        primary = self.primary
        return next(member for member in self.members if member is not primary)

    def next_node(self) -> Node:
        """Return the node whose turn it is to be broken."""
        return next(self._turns)

    def failovers(self) -> int:
        """Return how often another server became the primary: each begins a new timeline."""
        return max(int(one.get("timeline", 0)) for one in self.primary.ask("/cluster")["members"])

    def is_primary(self, member: Member) -> bool:
        """Whether its Patroni says that it takes writes."""
        return answers(partial(member.ask, "/primary"))

    def sql(self, statement: str, *, database: str = "prepazka") -> list[tuple[Any, ...]]:
        """Execute one statement on the primary as its superuser; return the rows."""
        with psycopg.connect(
            host=HERE, port=self.primary.port, user="postgres", password=self._passwords["superuser"],
            dbname=database, autocommit=True, connect_timeout=int(PATIENCE), row_factory=tuple_row,
        ) as connection:  # fmt: skip
            done = connection.execute(statement.encode())
            return done.fetchall() if done.description else []

    @property
    def pages(self) -> str:
        """The address at which haproxy gives a node that is ready."""
        return f"http://{HERE}:{self.ports.pages}"

    def is_whole(self) -> bool:
        """Whether there is a primary with a synchronous standby, and both nodes serve."""
        with suppress(URLError, HTTPException, OSError, StopIteration, ValueError):
            roles = {one["role"] for one in self.primary.ask("/cluster")["members"]}
            ready = (f"http://{HERE}:{port}/readyz" for port in [*(one.port for one in self.nodes), self.ports.pages])
            return roles == {"leader", "sync_standby"} and all(answers(partial(get, url)) for url in ready)
        return False

    def _programs(self) -> Iterator[Program]:
        yield from (self.etcd, self.haproxy)
        yield from (member.patroni for member in self.members)
        for node in self.nodes:
            yield from (node.pgbouncer, node.serve)

    def wait_until_whole(self) -> None:
        """Wait until nothing is missing."""

        def look() -> bool:
            for program in self._programs():
                program.check()
            return self.is_whole()

        until(look, "a primary, a synchronous standby and two nodes", DEADLINE, EVERY)


@contextmanager
def running(clock: str = "", *, tables: str = "", keep: bool = False) -> Iterator[Cluster]:
    """Run a cluster in a directory of its own, in memory where there is room; keep: leave the directory.

    tables: as `Cluster.start` takes it.
    """
    memory = Path("/dev/shm")
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _ROOM
    directory = Path(tempfile.mkdtemp(prefix="prepazka-cluster-", dir=memory if roomy else None))
    try:
        cluster = Cluster(directory, clock)
        try:
            cluster.start(tables)
            yield cluster
        finally:
            cluster.stop()
    finally:
        if not keep:
            shutil.rmtree(directory, ignore_errors=True)
