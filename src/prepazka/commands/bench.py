"""`bench`: the measurements of the performance page."""

from argparse import Namespace

from prepazka.bench import command


def bench(arguments: Namespace) -> int:
    """`prepazka bench`."""
    command.run(full=arguments.full, small=arguments.small, only=arguments.only)
    return 0
