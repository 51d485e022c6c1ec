"""A shell of root that stays open: what one step sets, the next one finds."""

import subprocess
import time
from collections.abc import Mapping, Sequence
from typing import IO, Self

from tests.waiting import pause

_DONE = "this step is done:"


class StepFailed(Exception):
    """A command of a step failed; the text is its output."""


class Shell:
    """A bash that is given one step after another. command: what starts it."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], directory: str | None = None) -> None:
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=directory,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stdin.close()
        self._process.wait()
        self._stdout.close()

    def run(self, commands: str, patience: float = 0) -> tuple[float, str]:
        """Run a step; return its seconds and its output.

        patience: seconds for which a step that failed is typed again.

        Raises: StepFailed when one of its commands fails.
        """
        began = time.monotonic()
        while True:
            try:
                output = self._type(commands)
            except StepFailed:
                if time.monotonic() - began > patience:
                    raise
                pause(1.0)  # what it waits for needs the processor, too
            else:
                return time.monotonic() - began, output

    def _type(self, commands: str) -> str:
        # A trap tells of the first failure, so that a step is typed as it stands, without && or set -e. What a command
        # reads is nothing: its stdin is not the rest of the step.
        self._stdin.write(f"failed=0; trap 'failed=1' ERR\n{{\n{commands}}} </dev/null\ntrap - ERR\n")
        self._stdin.write(f'echo "{_DONE} $failed"\n')
        self._stdin.flush()
        lines: list[str] = []
        for line in self._stdout:
            if line.startswith(_DONE):
                if line.strip().endswith("1"):
                    raise StepFailed("".join(lines))
                return "".join(lines)
            lines.append(line)
        raise StepFailed("".join(lines))

    @property
    def _stdin(self) -> IO[str]:
        assert self._process.stdin
        return self._process.stdin

    @property
    def _stdout(self) -> IO[str]:
        assert self._process.stdout
        return self._process.stdout
