"""The whole cluster: etcd, two members with Patroni, haproxy, pgbouncer and two nodes, as children of this process."""

import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from http.client import HTTPException
from importlib.resources import files as resources
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import psycopg
from psycopg.rows import tuple_row

from tests.cluster import files
from tests.cluster.programs import PATIENCE, Postgres, Program, as_nobody_special, find, postgres_programs, python
from tests.ports import free_port
from tests.waiting import until

HERE = "127.0.0.1"
# Seconds within which anything has to be as it should, on a busy machine.
DEADLINE = 120.0
# Seconds between two looks: each costs the cluster more than it costs us.
EVERY = 0.2
# What a cluster needs in memory; where there is less, its files lie on the disk.
_ROOM = 2 * 1024**3


@dataclass
class Member:
    """A PostgreSQL server with the Patroni that minds it."""

    name: str
    port: int
    api_port: int
    patroni: Program
    postgres: Postgres

    def freeze(self) -> None:
        """Stop all of it where it stands, as a machine does that swaps or is moved."""
        self.patroni.send(signal.SIGSTOP)
        self.postgres.send(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on as if nothing had been."""
        self.postgres.send(signal.SIGCONT)
        self.patroni.send(signal.SIGCONT)

    def ask(self, path: str, body: Mapping[str, str] | None = None, method: str | None = None) -> Any:
        """Return what its Patroni answers, read as JSON where it is JSON."""
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"http://{HERE}:{self.api_port}{path}", data, method=method)
        request.add_header("Content-Type", "application/json")
        with urlopen(request, timeout=PATIENCE) as response:
            text = response.read().decode()
        return json.loads(text) if text.startswith(("{", "[")) else text


@dataclass(frozen=True, slots=True)
class Ports:
    """Where everything listens on the loopback."""

    etcd: int
    etcd_peers: int
    database: int
    pages: int
    pooler: int


class Cluster:
    """The running cluster. Its directory holds all its files, and a log for each program."""

    def __init__(self, directory: Path, clock: str = "") -> None:
        """clock: the moment at which the nodes' clock starts, on the office's wall clock; "" for the machine's."""
        self.directory = directory
        self.ports = Ports(*(free_port() for _ in range(5)))
        self._clock = clock
        self._passwords = {name: secrets.token_hex(16) for name in ("superuser", "replication", "rewind", "own")}
        self._unprivileged = as_nobody_special()
        self.etcd = self._make_etcd()
        self.members = [self._make_member(name) for name in ("first", "second")]
        self._node_ports = {name: free_port() for name in ("north", "south")}
        self.haproxy = self._make_haproxy()
        self.pgbouncer = self._make_pgbouncer()
        self.nodes = [self._make_node(name, port) for name, port in self._node_ports.items()]
        self.token = ""

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
            etcd=f"{HERE}:{self.ports.etcd}", programs=postgres_programs(), pgpass=self.directory / f"{name}.pgpass",
            superuser_password=self._passwords["superuser"], rewind_password=self._passwords["rewind"],
            replication_password=self._passwords["replication"],
        )  # fmt: skip
        patroni = self._program(f"patroni-{name}", *python("patroni"), self._write(f"{name}.yml", configuration))
        return Member(name, port, api_port, patroni, Postgres(data))

    def _make_haproxy(self) -> Program:
        configuration = files.haproxy(
            {member.name: (member.port, member.api_port) for member in self.members},
            self._node_ports,
            address=HERE,
            database_port=self.ports.database,
            pages_port=self.ports.pages,
        )
        return self._program("haproxy", find("haproxy"), "-db", "-f", self._write("haproxy.cfg", configuration))

    def _make_pgbouncer(self) -> Program:
        users = self._write("users.txt", f'"prepazka" "{self._passwords["own"]}"\n')
        configuration = files.fill(
            "pgbouncer.ini", address=HERE, database_port=self.ports.database, port=self.ports.pooler, users=users
        )
        return self._program("pgbouncer", find("pgbouncer"), self._write("pgbouncer.ini", configuration))

    def _make_node(self, name: str, port: int) -> Program:
        command = python("prepazka", "serve", "--port", str(port), "--workers", "1")
        return Program(name, command, self.directory / f"{name}.log", self.environment(name))

    def environment(self, node: str, *, pooled: bool = True) -> dict[str, str]:
        """Return the settings of a node, or of a command; pooled: whether it goes through pgbouncer."""
        port = self.ports.pooler if pooled else self.ports.database
        settings = {
            "DATABASE_URL": f"postgresql://prepazka:{self._passwords['own']}@{HERE}:{port}/prepazka",
            "PREPAZKA_ENV_FILE": os.devnull,
            "PREPAZKA_STATE": str(self.directory / f"state-{node}"),
            "PREPAZKA_SECRET_KEY": self._passwords["own"] * 2,
        }
        if self._clock:
            settings["PREPAZKA_CLOCK"] = str(self._write("clock", self._clock))
        return settings

    # --- starting and stopping --------------------------------------------------------------------

    def start(self) -> None:
        """Start all of it and wait until it serves; the database is new, with the demo office."""
        self.etcd.start()
        first, second = self.members
        first.patroni.start()
        self.haproxy.start()
        until(partial(self._begins, first), "the first member is primary", DEADLINE, EVERY)
        second.patroni.start()
        self._make_database()
        self.pgbouncer.start()
        self.command("init", "--office", str(resources("prepazka") / "demo.toml"), pooled=False)
        self.token = self.command(
            "gateway", "token", "calls", "--number", "+420739547765", "--purpose", "messages", "--purpose", "replies"
        ).strip()
        for node in self.nodes:
            node.start()
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

    def command(self, *words: str, pooled: bool = True) -> str:
        """Run a command of the program with a node's settings; return what it prints."""
        done = subprocess.run(
            python("prepazka", *words),
            env={**os.environ, **self.environment("north", pooled=pooled)},
            capture_output=True,
            text=True,
            check=False,
            timeout=DEADLINE,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def stop(self) -> None:
        """End all of it, whatever state it is in."""
        for member in self.members:
            member.thaw()
        with ExitStack() as rest:
            for program in (self.etcd, self.haproxy, self.pgbouncer):
                rest.callback(program.kill)
            for member in self.members:
                rest.callback(member.postgres.kill)
                rest.callback(member.patroni.kill)
            for node in self.nodes:
                rest.callback(node.kill)
            for node in self.nodes:
                node.send(signal.SIGCONT)
                node.stop(signal.SIGINT)

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

    def is_primary(self, member: Member) -> bool:
        """Whether its Patroni says that it takes writes."""
        return _answers(partial(member.ask, "/primary"))

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
            ready = (f"http://{HERE}:{port}/readyz" for port in [*self._node_ports.values(), self.ports.pages])
            return roles == {"leader", "sync_standby"} and all(_answers(partial(_get, url)) for url in ready)
        return False

    def wait_until_whole(self) -> None:
        """Wait until nothing is missing."""

        def look() -> bool:
            for program in (self.etcd, self.haproxy, self.pgbouncer, *self.nodes, *(m.patroni for m in self.members)):
                program.check()
            return self.is_whole()

        until(look, "a primary, a synchronous standby and two nodes", DEADLINE, EVERY)


def _get(url: str) -> None:
    with urlopen(url, timeout=PATIENCE) as response:
        response.read()


def _answers(ask: Any) -> bool:
    """Whether a call is answered by 200."""
    try:
        ask()
    except (HTTPError, URLError, HTTPException, OSError):
        return False
    return True


@contextmanager
def running(clock: str = "", *, keep: bool = False) -> Iterator[Cluster]:
    """Run a cluster in a directory of its own, in memory where there is room; keep: leave the directory."""
    memory = Path("/dev/shm")
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _ROOM
    directory = Path(tempfile.mkdtemp(prefix="prepazka-cluster-", dir=memory if roomy else None))
    try:
        cluster = Cluster(directory, clock)
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.stop()
    finally:
        if not keep:
            shutil.rmtree(directory, ignore_errors=True)
