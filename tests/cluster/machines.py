"""The cluster's machines, as far as one machine can play them: members of the database and nodes, and asking them."""

import json
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from tests.cluster.programs import PATIENCE, Postgres, Program

HERE = "127.0.0.1"


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

    def kill(self) -> None:
        """End all of it at once, as a machine does that loses its power."""
        self.patroni.kill()
        self.postgres.kill()

    def ask(self, path: str, body: Mapping[str, str] | None = None, method: str | None = None) -> Any:
        """Return what its Patroni answers, read as JSON where it is JSON."""
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"http://{HERE}:{self.api_port}{path}", data, method=method)
        request.add_header("Content-Type", "application/json")
        with urlopen(request, timeout=PATIENCE) as response:
            text = response.read().decode()
        return json.loads(text) if text.startswith(("{", "[")) else text


@dataclass
class Node:
    """A process that serves, and the pgbouncer through which it reaches the database."""

    name: str
    port: int
    pooler_port: int
    serve: Program
    pgbouncer: Program


def get(url: str) -> None:
    """Ask for a page. Raises: HTTPError and its kin."""
    with urlopen(url, timeout=PATIENCE) as response:
        response.read()


def answers(ask: Callable[[], object]) -> bool:
    """Whether a call is answered by 200."""
    try:
        ask()
    except (HTTPError, URLError, HTTPException, OSError):
        return False
    return True
