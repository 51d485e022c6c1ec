"""`check`: prints the findings of `prepazka.commands.checks`."""

from argparse import Namespace

from prepazka.commands.checks import run_checks


def check(arguments: Namespace) -> int:
    """Run `prepazka check`: exit code 1 when a finding is an error."""
    failed = False
    for finding in run_checks(include_gateways=not arguments.without_gateways, host=arguments.host):
        failed |= finding.level == "error"
        if finding.level != "ok" or not arguments.quiet:
            print(f"{finding.level:<8}{finding.what}{finding.fix and ' → '}{finding.fix}")
    return int(failed)
