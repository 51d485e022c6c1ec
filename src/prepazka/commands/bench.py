"""`bench`: runs the measurements of docs/performance.md."""

from argparse import Namespace
from math import inf

from prepazka.bench import command
from prepazka.commands import UsageError


def bench(arguments: Namespace) -> int:
    """Run `prepazka bench`."""
    for option, value in (("--seconds", arguments.seconds), ("--share", arguments.share)):
        if value is not None and arguments.only != "country":
            raise UsageError(f"{option} is of the part country: --only country {option} {value:g}")
        if value is not None and not 0 < value < inf:
            raise UsageError(f"{option} must be more than 0")
    command.run(
        command.Wanted(
            full=arguments.full,
            small=arguments.small,
            only=arguments.only,
            seconds=arguments.seconds,
            share=arguments.share,
        )
    )
    return 0
