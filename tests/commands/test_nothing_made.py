"""In an empty directory a command that only looks, and every command that is refused, leaves the directory empty."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from prepazka.commands.cli import parser
from prepazka.commands.looking import only_looks
from tests.forked import LIBRARIES

# What stands for each argument a command must be given: names of nothing that is there.
GIVEN = {
    "device": "/dev/ttyUSB7", "file": "/nowhere/urad", "kind": "smpp", "name": "nikdo", "number": "+420603111222",
    "recipient": "+420603111222", "sender": "+420603111222", "slug": "nikde", "text": "POMOC", "to": "+420603111222",
}  # fmt: skip
# With these a command is refused, or ends, that would else do its work.
ALSO = {
    ("bench",): ["--only", "nic"],
    ("erase",): ["--nic"],
    ("gateway", "token"): ["--number", "číslo"],
    ("kiosk",): ["--office", "nikde"],
    ("serve",): ["--host", "203.0.113.7"],
    ("setup",): ["--dry-run", "--root", "/nowhere/obraz", "--host", "objednani.vlkov.example", "--proxy", "none"],
    ("sms",): ["--at", "zítra"],
}
# Played each time beside all that only look; all others in the long form. The first makes the demo office on its way.
ALSO_PLAYED = {("user", "add"), ("load-office",), ("restore",), ("serve",), ("user", "password"), ("setup",)}
WITH_A_DATABASE = {("check",), ("user", "list"), ("backup",), ("restored",), ("import-office",), ("setup",)}
MAKE = {("init",), ("migrate",)}

# One process for all commands of a test: what they load alike is loaded once.
RUN_EACH = """
import importlib, json, os, sys
for name in json.loads(sys.argv[1]):
    importlib.import_module(name)
for line in sys.stdin:
    directory, arguments, environment = json.loads(line)
    if not os.fork():
        os.chdir(directory)
        os.environ.update(environment)
        out = os.open(directory + ".told", os.O_CREAT | os.O_WRONLY)
        os.dup2(out, 1), os.dup2(out, 2)
        from prepazka.commands.cli import main
        try:
            code = main(arguments)
        except SystemExit as ended:
            code = ended.code
        sys.stdout.flush(), sys.stderr.flush()
        os._exit(code or 0)
    print(os.waitstatus_to_exitcode(os.wait()[1]), flush=True)
"""


def commands(at: argparse.ArgumentParser, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Every command with arguments that it needs."""
    below = next((one for one in at._actions if isinstance(one, argparse._SubParsersAction)), None)
    if below:
        for name, one in below.choices.items():
            yield from commands(one, (*words, name))
        return
    given = list(ALSO.get(words, []))
    for action in at._actions:
        if action.required and action.nargs not in {"*", "?"}:
            given += [action.option_strings[0]] if action.option_strings else []
            given.append(GIVEN[action.dest])
    yield words, [*words, *given]


COMMANDS = dict(commands(parser()))


def looks(arguments: list[str]) -> bool:
    try:
        return only_looks(parser().parse_args(arguments))
    except SystemExit:
        return False


@pytest.mark.parametrize("named", [False, True], ids=["without settings", "with a database that is not there"])
def test_looking_and_being_refused_leave_an_empty_directory_empty(tmp_path: Path, named: bool, whole: bool) -> None:
    chosen = {words: line for words, line in COMMANDS.items() if words not in MAKE}
    if not whole:
        played = WITH_A_DATABASE if named else ALSO_PLAYED | {words for words, line in chosen.items() if looks(line)}
        chosen = {words: chosen[words] for words in played}
    named_by = {words: {"DATABASE_URL": f"sqlite:///{tmp_path}/{'-'.join(words)}/urad.sqlite3"} for words in chosen}
    codes = run(chosen, tmp_path, named_by if named else {})
    assert [words for words, code in codes.items() if code == 0 and not looks(chosen[words])] == [("setup",)]
    for words in chosen:
        directory = tmp_path / "-".join(words)
        assert list(directory.iterdir()) == [], f"{words}: {told(directory)}"
        assert "Traceback" not in told(directory), words


def run(
    chosen: dict[tuple[str, ...], list[str]], tmp_path: Path, own: dict[tuple[str, ...], dict[str, str]]
) -> dict[tuple[str, ...], int]:
    """Run each command in an empty directory, with settings of its own; return the exit codes."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PREPAZKA_", "D"))}
    lines = []
    for words, line in chosen.items():
        directory = tmp_path / "-".join(words)
        directory.mkdir()
        lines.append(json.dumps([str(directory), line, own.get(words, {})]))
    loaded = json.dumps([*LIBRARIES, "environ", "csp.constants"])
    done = subprocess.run(
        [sys.executable, "-c", RUN_EACH, loaded], input="\n".join(lines), cwd=tmp_path,
        capture_output=True, text=True, check=True, env=environment | {"PREPAZKA_ENV_FILE": os.devnull},
    )  # fmt: skip
    return dict(zip(chosen, map(int, done.stdout.split()), strict=True))


def told(directory: Path) -> str:
    return directory.with_name(f"{directory.name}.told").read_text("utf-8")


def test_settings_that_are_refused_leave_no_key_behind(tmp_path: Path) -> None:
    wrong = {
        "PREPAZKA_IDLE_TIMEOUT": "-3",
        "PREPAZKA_SECRET_KEY": "krátký",
        "PREPAZKA_SMTP_URL": "smtp://pošta",
        "PREPAZKA_OIDC_URL": "login.vlkov.example",
        "PREPAZKA_LOG": "xml",
        "PREPAZKA_POOL": "dvacet",
        "DATABASE_URL": "mysql://urad@db/urad",
    }
    chosen: dict[tuple[str, ...], list[str]] = {(name,): ["migrate"] for name in wrong}
    codes = run(chosen, tmp_path, {(name,): {name: value} for name, value in wrong.items()})
    assert set(codes.values()) == {1}
    for name in wrong:
        assert name in told(tmp_path / name)
        assert list((tmp_path / name).iterdir()) == [], name
