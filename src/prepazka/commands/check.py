"""`check`: prints the findings of `prepazka.commands.checks`."""

import json
from argparse import Namespace
from collections.abc import Iterator

from prepazka.commands.checks import Finding, check_start, run_checks

# The exit codes that monitoring programs know, with the word for each.
_STATES = {"ok": (0, "OK"), "warning": (1, "WARNING"), "error": (2, "CRITICAL")}


def check(arguments: Namespace) -> int:
    """Run `prepazka check`: exit code 1 when a finding is an error; 0, 1 or 2 with --monitoring."""
    if arguments.monitoring:
        return _report_state(list(_findings(arguments)))
    failed = False
    for finding in _findings(arguments):
        failed |= finding.level == "error"
        if finding.level != "ok" or not arguments.quiet:
            print(_to_json(finding) if arguments.json else _to_line(finding), flush=True)
    return int(failed)


def _findings(arguments: Namespace) -> Iterator[Finding]:
    if arguments.start:
        return check_start()
    return run_checks(include_gateways=not arguments.without_gateways, office=arguments.office)


def _report_state(findings: list[Finding]) -> int:
    """Print the worst finding first, then all that are not ok; return 0, 1 or 2."""
    worst = sorted((one for one in findings if one.level != "ok"), key=lambda one: one.level)
    code, word = _STATES[worst[0].level if worst else "ok"]
    print(f"PREPAZKA {word} - {worst[0].what if worst else f'{len(findings)} checks'}")
    for finding in worst:
        print(_to_line(finding))
    return code


def _to_line(finding: Finding) -> str:
    return f"{finding.level:<8}{finding.what}{finding.fix and ' → '}{finding.fix}"


def _to_json(finding: Finding) -> str:
    told = {"level": finding.level, "what": finding.what, "fix": finding.fix}
    return json.dumps(told, ensure_ascii=False)
