"""Runs a command, and turns errors that a person can fix into one clear line."""

import gc
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module

from prepazka.commands import CommandFailed, UsageError, looking, machine_settings
from prepazka.process import apps


def run(arguments: Namespace) -> int:
    """Run the command and return its exit code."""
    module, _, name = arguments.run.partition(":")
    # docs/spec/safety.md §5.1: "whatever the umask"
    os.umask(0o077)
    try:
        if module != "setup":  # which makes them, as root
            machine_settings.apply()
        # `serve` sets itself up once it has a port; `setup` makes the settings.
        if module in {"serve", "setup"}:
            return _find(module, name)(arguments)
        if module in _WITHOUT_ACCOUNTS:
            apps.leave_out_accounts()
        if only_looks := looking.only_looks(arguments):
            looking.keep_no_key()
        with _no_search_for_garbage():
            set_up()
        _leave_pool()
        if only_looks:
            looking.make_no_database()
        if module != "check":  # which tells what it finds
            _close_own_files()
            _lift_time_limits()
        _name_unknown_settings(module)
        from prepazka.commands.leftovers import removed_when_refused

        with removed_when_refused() as codes:
            if arguments.command not in _SEE_TO_TABLES:
                _tell_of_other_tables(only_looks=only_looks)
            with _no_search_for_garbage():
                command = _find(module, name)
            codes.append(command(arguments))
        return codes[0]
    except UsageError as error:
        return _print_errors(error.args, 2)
    except CommandFailed as error:
        return _report_to_monitoring(error) if getattr(arguments, "monitoring", False) else _print_errors(error.args, 1)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        return _print_errors([_describe_file_error(error)], 1)
    except Exception as error:
        line = _explain_settings_error(error) or _explain_database_error(error) or _explain_office_error(error)
        if line is None:
            raise
        return _print_errors([line], 1)


@contextmanager
def _no_search_for_garbage() -> Iterator[None]:
    """While modules are loaded: what that makes stays, and looking through it again and again takes a tenth of it."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


# Modules of commands that need nothing of accounts and pages: most of what Django would load for them.
_WITHOUT_ACCOUNTS = frozenset({"gammu", "messages", "replaying", "showing"})

# Commands that change or examine the tables, and say themselves how they are.
_SEE_TO_TABLES = frozenset({"check", "init", "migrate", "restore", "restored", "bench", "serve", "setup"})


def _tell_of_other_tables(*, only_looks: bool) -> None:
    """Print a line where the tables are of another version; the command goes on, for it may work all the same.

    only_looks: whether the command leaves the tables as they are without settings, too.
    """
    from django.db import DatabaseError

    from prepazka.commands import without_settings
    from prepazka.store import schema

    try:
        applied = schema.applied()
    except (DatabaseError, OSError):  # the command itself will say so
        return
    if newer := sorted(applied - schema.known()):
        _print_errors([f"{schema.explain_newer(newer)}; {schema.FIX_NEWER}"], 0)
    elif applied and schema.known() - applied and (only_looks or not without_settings()):
        _print_errors(["the tables are older than the program; run: prepazka migrate"], 0)


def _describe_file_error(error: OSError) -> str:
    fix = machine_settings.file_fix(error)
    return f"{error.filename}: {error.strerror}{fix}" if error.filename else f"{error.strerror or error}{fix}"


def _find(module: str, name: str) -> Callable[[Namespace], int]:
    command: Callable[[Namespace], int] = getattr(import_module(f"prepazka.commands.{module}"), name)
    return command


def set_up() -> None:
    """Set up Django with the environment's settings, and logging on stderr, apart from a command's output.

    Raises: CommandFailed when the settings are wrong.
    """
    import django
    from django.core.exceptions import ImproperlyConfigured

    from prepazka.process import logs
    from prepazka.process.put_off import put_off

    put_off()
    logs.configure()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prepazka.settings")
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise CommandFailed(_describe_settings_error(error)) from error


def _close_own_files() -> None:
    from prepazka.commands.own_files import close_own_files

    close_own_files()


def _leave_pool() -> None:
    from django.db import connection

    from prepazka.store import connections

    connections.without_pool(connection.settings_dict)


def _lift_time_limits() -> None:
    from django.db import connection

    from prepazka.store import time_limits

    time_limits.lift(connection.settings_dict)


def _name_unknown_settings(module: str) -> None:
    """Print a line for each variable that is misspelt; `check` tells them among its findings."""
    from django.conf import settings

    if module != "check":
        _print_errors(settings.UNKNOWN_SETTINGS, 0)


def _describe_settings_error(error: Exception) -> str:
    return f"the settings in the environment are wrong: {' '.join(str(error).split())}"


def _explain_settings_error(error: Exception) -> str | None:
    """Return a line for a wrong setting that is read late, such as the file of PREPAZKA_CLOCK; None for others."""
    from django.core.exceptions import ImproperlyConfigured

    return _describe_settings_error(error) if isinstance(error, ImproperlyConfigured) else None


def _explain_database_error(error: Exception) -> str | None:
    """Return a line for an error of the database; None for an error in this program."""
    from prepazka.commands.database_faults import explain

    return explain(error)


def _explain_office_error(error: Exception) -> str | None:
    """Return a line for an office that cannot be read, or that has moved away; None for others."""
    from prepazka.store.office_rows import UnreadableOffice

    return f"the office cannot be used here: {error}" if isinstance(error, UnreadableOffice) else None


def _report_to_monitoring(error: CommandFailed) -> int:
    """Print what kept `check --monitoring` from checking, where monitoring programs read it; return their code."""
    print(f"PREPAZKA CRITICAL - {' '.join(map(str, error.args))}")
    return 2


def _print_errors(lines: "list[str] | tuple[str, ...]", code: int) -> int:
    for line in lines:
        print(f"prepazka: {line}", file=sys.stderr)
    return code
