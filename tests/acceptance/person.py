"""What a person adds to the commands of README.md: the words that are theirs to replace, and the office's file."""

import re
from collections.abc import Mapping

CITIZEN = "+420777123456"
NUMBER = "+420739547765"
"""The number of the SIM in the modem."""

PATIENCE = 120.0
"""Seconds a person gives a step that says what is not ready yet, as README.md tells."""

# In the file the office's number stands as an example; a person writes the own one, and by which gateway it is reached.
EDITED = f"""sed -i 's/^numbers = .*/numbers = [{{ number = "{NUMBER}", gateway = "modem" }}]/'"""
_INSTALLS = re.compile(r"^python3 -m venv .*\n(?:.*/bin/pip install .*\n)+", re.MULTILINE)


def first_messages() -> list[str]:
    """Return what the citizen texts."""
    return ["POMOC", "TERMIN ZOP", "OBJ ZOP NOVAK"]


def patience(commands: str) -> float:
    """Return the seconds for which a step is typed again when it fails: only a check is."""
    return PATIENCE if commands == "prepazka check\n" else 0


def types(commands: str, given: Mapping[str, str]) -> str:
    """Return the commands as a person types them. given: what stands for the words that are examples.

    "deb" is a Debian package to be installed in place of the checkout.
    """
    typed = commands.replace("/dev/serial/by-id/usb-YOUR-MODEM", "/dev/modem").replace("$EDITOR", EDITED)
    for word, replaced in given.items():
        typed = _INSTALLS.sub(f"apt install {replaced}\n", typed) if word == "deb" else typed.replace(word, replaced)
    return typed
