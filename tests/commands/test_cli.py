"""The help of every command."""

import argparse
import subprocess
import sys
from collections.abc import Iterator

import pytest

from prepazka.commands.cli import main, parser


def commands(of: argparse.ArgumentParser | None = None, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command and its own commands."""
    for action in (of or parser())._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                yield (*before, name)
                yield from commands(command, (*before, name))


@pytest.mark.parametrize("command", [(), *commands()], ids=" ".join)
def test_every_command_tells_its_use(command: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command, "--help"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: {' '.join(('prepazka', *command))}")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param([], "prepazka: the following arguments are required: COMMAND; see prepazka --help", id="nothing"),
        pytest.param(
            ["sms", "OBJ"],
            "prepazka sms: the following arguments are required: --from; see prepazka sms --help",
            id="no sender",
        ),
        pytest.param(
            ["serve", "--port", "x"],
            "prepazka serve: argument --port: 'x' is no port: a number from 0 to 65535; see prepazka serve --help",
            id="no port",
        ),
        pytest.param(
            ["serve", "--workers", "0"],
            "prepazka serve: argument --workers: '0' is no number of processes from 1 to 64; see prepazka serve --help",
            id="no workers",
        ),
    ],
)
def test_bad_use_is_one_line_and_exit_code_2(
    arguments: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert capsys.readouterr().err == f"{expected}\n"


# What a command loads besides itself, and then prints: the names of all modules, on stderr.
LOADED = "import sys; from prepazka.commands.cli import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
NOBODY_SIGNS_IN = {"allauth", "ninja", "requests", "psycopg", "granian", "django.test", "prepazka.web.sign_ins"}
NOT_FOR_ONE_MESSAGE = {
    "pydantic",
    "rich",
    "tqdm",
    "holidays.countries.germany",
    "prepazka.officefile",
    "prepazka.sms.send_back",
    "prepazka.commands.offices",
}


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(
    ("arguments", "left_out"),
    [
        pytest.param(("offices",), NOT_FOR_ONE_MESSAGE | {"holidays", "prepazka.sms", "prepazka.flows"}, id="offices"),
        pytest.param(("sms", "--from", "+420731002003", "OBJ ZOP MACHACEK"), NOT_FOR_ONE_MESSAGE, id="sms"),
        pytest.param(("dump-office",), {"prepazka.sms.send_back", "prepazka.commands.offices"}, id="dump-office"),
    ],
)
def test_a_command_loads_only_what_it_works_with(
    arguments: tuple[str, ...], left_out: set[str], bare: dict[str, str]
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments], env=bare, capture_output=True, text=True, check=True
    )
    assert done.stdout
    assert not (NOBODY_SIGNS_IN | left_out) & set(done.stderr.split())


def test_a_process_without_accounts_cannot_touch_one(bare: dict[str, str]) -> None:
    script = (
        "from prepazka.commands.run import set_up; from prepazka.process import apps; apps.leave_out_accounts(); "
        "set_up(); import prepazka.store.offices; import prepazka.store.accounts"
    )
    done = subprocess.run([sys.executable, "-c", script], env=bare, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.endswith("allauth.mfa not installed, yet its models are imported.\n")


def test_help_loads_neither_django_nor_the_office() -> None:
    script = "import sys; from prepazka.commands.cli import parser; parser().format_help(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert not {"django", "pydantic", "granian", "prepazka.core", "prepazka.store"} & set(loaded)
