"""The commands of `prepazka`: functions from the parsed arguments to an exit code."""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prepazka.core.office.roles import Role


class UsageError(Exception):
    """Bad use: each argument is a line that tells what is wrong and the mend; exit code 2."""


class CommandFailed(Exception):
    """It could not be done: each argument is a line that tells why and the mend; exit code 1."""


def without_settings() -> bool:
    """Whether the environment names no database, so that the demo office of the state directory is meant."""
    return not {"DATABASE_URL", "DATABASE_URL_FILE"} & os.environ.keys()


DEMO_USERS: "dict[str, Role]" = {"urednik": "clerk", "vedouci": "manager", "spravce": "administrator"}
"""Who works at the demo office, with which role."""
DEMO_PASSWORD = "prepazka-demo"  # noqa: S105 -- everybody may know it: `check` refuses it anywhere but in the demo
