"""`bench`: runs the measurements of docs/performance.md."""

from argparse import Namespace

from prepazka.bench import command


def bench(arguments: Namespace) -> int:
    """Run `prepazka bench`."""
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
