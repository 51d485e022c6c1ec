"""The commands of `prepazka`: functions from the parsed arguments to an exit code."""

import os
import sys
from io import TextIOWrapper
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prepazka.core.office.roles import Role


class UsageError(Exception):
    """A command was used wrongly; exit code 2.

    Each argument is one line that names the problem and its fix.
    """


class CommandFailed(Exception):
    """A command could not be carried out; exit code 1.

    Each argument is one line that names the reason and its fix.
    """


def write_utf8() -> None:
    """Write what is made for programs in UTF-8, whatever the terminal: office files, JSON."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")


def write_what_is_known() -> None:
    """Write a question mark for each character that a terminal of another encoding lacks."""
    # Once: in a process of ours whose output was led elsewhere meanwhile, it would end in an error.
    if isinstance(sys.stdout, TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="replace")


def without_settings() -> bool:
    """Return whether the environment names no database, so that the commands work on the demo office."""
    return not {"DATABASE_URL", "DATABASE_URL_FILE"} & os.environ.keys()


DEMO_USERS: "dict[str, Role]" = {"urednik": "clerk", "vedouci": "manager", "spravce": "administrator"}
"""The demo office's users with their roles."""
DEMO_PASSWORD = "prepazka-demo"  # noqa: S105 -- public: `check` refuses it outside the demo
