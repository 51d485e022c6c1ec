"""`check`: prints the findings of `prepazka.commands.checks` and `prepazka.commands.text_checks`."""

from argparse import Namespace
from collections.abc import Iterator

from prepazka import clock
from prepazka.commands.checks import Finding, run_checks
from prepazka.commands.text_checks import check_texts


def check(arguments: Namespace) -> int:
    """Run `prepazka check`: exit code 1 when a finding is an error."""
    failed = False
    for finding in _findings(arguments):
        failed |= finding.level == "error"
        if finding.level != "ok" or not arguments.quiet:
            print(f"{finding.level:<8}{finding.what}{finding.fix and ' → '}{finding.fix}")
    return int(failed)


def _findings(arguments: Namespace) -> Iterator[Finding]:
    ready = True
    for finding in run_checks(include_gateways=not arguments.without_gateways, host=arguments.host):
        ready = ready and not (finding.level == "error" and finding.what.startswith(("database", "tables", "clock")))
        yield finding
    if arguments.texts and ready:
        yield from check_texts(clock.now())
