"""`gateway gammu-config`: prints the configuration of gammu-smsd, its tables and systemd for a modem."""

from argparse import Namespace

from prepazka.commands import UsageError
from prepazka.gateways.gammu.config import ModemConfig, config_files


def config(arguments: Namespace) -> int:
    """Print every file after a line that names its place, or only one of them."""
    try:
        modem = ModemConfig(arguments.device, arguments.database, arguments.phone, arguments.user)
    except ValueError as error:
        raise UsageError(str(error)) from None
    pieces = config_files(modem)
    if arguments.only:
        print(pieces[arguments.only][1], end="")
        return 0
    for name, (place, content) in pieces.items():
        print(f"### {name}: {place}\n\n{content}")
    return 0
