"""Runs the program many times from one process that has loaded the libraries: each run is a child of that process.

A child does what `python -m prepazka` does, from its first line on: it reads its arguments, the environment and the
settings by itself. Only the modules of other makers are there already, whose loading takes most of a short command.

As a program of its own this is that process: on stdin come the runs as lines of JSON, on stdout go their exit codes.
"""

import gc
import json
import os
import runpy
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from select import select
from typing import IO, Any

from django.conf import settings

# Of what the program loads, what needs no settings of Django.
LIBRARIES = (
    "allauth",
    "cryptography.fernet",
    "cryptography.x509",
    "django.contrib.auth.hashers",
    "django.core.management",
    "django.db.backends.postgresql.psycopg_any",
    "django.db.backends.sqlite3.base",
    "django.db.migrations.executor",
    "django.forms",
    "django.test.client",
    "django.template.loader",
    "django.urls",
    "django.views.generic",
    "granian.server",
    "holidays.countries",
    "jinja2",
    "phonenumbers",
    "psycopg",
    "pydantic",
    "rapidfuzz.distance",
    "requests",
    "structlog",
    "tqdm",
    "urllib3",
)
ROOT = Path(__file__).parent.parent
# Seconds for a machine that is busy; only a hanging program takes so long.
DEADLINE = 600
MODES = (("stdin", os.O_RDONLY), ("stdout", os.O_WRONLY), ("stderr", os.O_WRONLY))


class Forked:
    """The process that has loaded the libraries. directory: for the files that hold what a run reads and prints."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        # It must not take the settings of the tests for its own.
        environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.forked"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, arguments: Sequence[str], environment: Mapping[str, str], stdin: str = "") -> tuple[int, str, str]:
        """Run the program to its end; return its exit code and what it printed on stdout and stderr."""
        files = {name: self._directory / name for name, _ in MODES}
        files["stdin"].write_text(stdin, "utf-8")
        for name in ("stdout", "stderr"):
            files[name].write_bytes(b"")
        asked = {"arguments": arguments, "environment": dict(environment), "directory": str(Path.cwd())}
        asked["files"] = {name: str(path) for name, path in files.items()}
        print(json.dumps(asked), file=self._pipe(self._process.stdin), flush=True)
        answer = self._pipe(self._process.stdout)
        assert select([answer], [], [], DEADLINE)[0], f"prepazka {' '.join(arguments)} hangs"
        code = int(answer.readline())
        return code, files["stdout"].read_text("utf-8"), files["stderr"].read_text("utf-8")

    def end(self) -> None:
        """End the process, between two runs."""
        self._pipe(self._process.stdin).close()
        self._process.wait()
        self._pipe(self._process.stdout).close()

    def _pipe(self, pipe: IO[str] | None) -> IO[str]:
        assert pipe is not None
        return pipe


def main() -> None:
    """Take one run after another; a child leaves the loop for good."""
    for name in LIBRARIES:
        import_module(name)
    assert not settings.configured, "a library has read the settings"
    gc.freeze()
    while line := sys.stdin.readline():
        if child := os.fork():
            _, status = os.waitpid(child, 0)
            sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
            sys.stdout.flush()
        else:
            return be_the_program(json.loads(line))
    return None


def be_the_program(asked: Mapping[str, Any]) -> None:
    """Become the program as a fresh process of it would be."""
    os.environ.clear()
    os.environ.update(asked["environment"])
    time.tzset()
    os.chdir(asked["directory"])
    for descriptor, (name, mode) in enumerate(MODES):
        os.dup2(os.open(asked["files"][name], mode), descriptor)
    sys.stdin, sys.stdout, sys.stderr = (
        open(descriptor, mode, encoding="utf-8", closefd=False, errors=errors)  # noqa: SIM115 -- a descriptor
        for descriptor, mode, errors in ((0, "r", "strict"), (1, "w", "strict"), (2, "w", "backslashreplace"))
    )
    sys.argv = ["prepazka", *asked["arguments"]]
    runpy.run_module("prepazka", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
