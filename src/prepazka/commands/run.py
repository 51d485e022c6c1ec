"""Runs a command, and turns what a person can mend into one clear line."""

import os
import sys
from argparse import Namespace
from collections.abc import Callable
from importlib import import_module

from prepazka.commands import CommandFailed, UsageError


def run(arguments: Namespace) -> int:
    """The command's exit code."""
    module, _, name = arguments.run.partition(":")
    try:
        # `serve` leaves Django to its children: it only watches over them, and stays small.
        if module != "serve":
            set_up()
        command: Callable[[Namespace], int] = getattr(import_module(f"prepazka.commands.{module}"), name)
        return command(arguments)
    except UsageError as misused:
        return _told(misused.args, 2)
    except CommandFailed as failed:
        return _told(failed.args, 1)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        return _told([f"{error.filename}: {error.strerror}" if error.filename else str(error)], 1)
    except Exception as error:
        told = _of_the_settings(error) or _of_the_database(error)
        if told is None:
            raise
        return _told([told], 1)


def set_up() -> None:
    """Django with the environment's settings, and the log on stderr, where no answer is mixed with it.

    Raises: Failed when the settings are wrong.
    """
    import django
    from django.core.exceptions import ImproperlyConfigured

    from prepazka.process import logs

    logs.configure()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prepazka.settings")
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise CommandFailed(_wrong(error)) from error


def _wrong(error: Exception) -> str:
    return f"the settings in the environment are wrong: {' '.join(str(error).split())}"


def _of_the_settings(error: Exception) -> str | None:
    """What a setting that is looked at only when it is needed means to a person, such as the file of PREPAZKA_CLOCK."""
    from django.core.exceptions import ImproperlyConfigured

    return _wrong(error) if isinstance(error, ImproperlyConfigured) else None


def _of_the_database(error: Exception) -> str | None:
    """What an error of the database means to a person; None for an error that is ours."""
    from django.db import DatabaseError, OperationalError, ProgrammingError

    reason = str(error).strip().split("\n")[0]
    match error:
        case OperationalError() if reason.startswith("connection failed"):  # such as a database that does not exist
            return f"the database does not answer: {reason}; DATABASE_URL says which it is"
        case OperationalError() | ProgrammingError() if "no such table" in reason or "does not exist" in reason:
            return f"the database has no tables of this version ({reason}); run: prepazka init, or prepazka migrate"
        case OperationalError() if "readonly" in reason:
            return f"the database cannot be written ({reason}); let this user write the file and its directory"
        case DatabaseError() if "not a database" in reason or "malformed" in reason:
            return f"the database is damaged or none of ours ({reason}); DATABASE_URL says which it is"
        case OperationalError():
            return f"the database does not answer: {reason}; DATABASE_URL says which it is"
        case _:
            return None


def _told(lines: "list[str] | tuple[str, ...]", code: int) -> int:
    for line in lines:
        print(f"prepazka: {line}", file=sys.stderr)
    return code
