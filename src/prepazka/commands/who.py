"""Who runs a command, for the audit trail."""

import getpass


def operator_name() -> str:
    """Return the name of the user who runs this command, for the audit trail."""
    try:
        return f"{getpass.getuser()} (command line)"
    except (KeyError, OSError):  # the user of a container may have no name
        return "command line"
