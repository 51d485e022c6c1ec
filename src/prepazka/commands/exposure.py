"""How far a server reaches, from the address it listens on and the environment. Imports no Django, as `serve`."""

import os
from ipaddress import ip_address

from prepazka.commands import without_settings
from prepazka.commands.machine_settings import NAMED_BY

# Settings that say only where the demo keeps its data, what its clock shows, how it logs, and whether it has its
# simulator.
_HARMLESS = {
    "PREPAZKA_STATE",
    "PREPAZKA_CLOCK",
    "PREPAZKA_LOG",
    "PREPAZKA_SIMULATOR",
    NAMED_BY.removesuffix("_FILE"),
}


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a server that listens there."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


# docs/spec/safety.md §6.5: "The published passwords of the demo stand only in the default database, without any
# setting, and on this machine."
def may_publish(host: str = "127.0.0.1") -> bool:
    """Whether users of a server at this address may have the published passwords: nobody else can reach it."""
    given = {name.removesuffix("_FILE") for name in os.environ if name.startswith("PREPAZKA_")}
    return without_settings() and given <= _HARMLESS and is_loopback(host)
