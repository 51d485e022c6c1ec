"""`bench`: runs the measurements of docs/performance.md."""

from argparse import Namespace

from prepazka.bench import command


def bench(arguments: Namespace) -> int:
    """Run `prepazka bench`."""
    command.run(full=arguments.full, small=arguments.small, only=arguments.only)
    return 0
