"""`check`: prints the findings of `prepazka.commands.checks` and `prepazka.commands.text_checks`."""

import json
from argparse import Namespace
from collections.abc import Iterator

from prepazka import clock
from prepazka.commands import write_utf8
from prepazka.commands.start_checks import Finding, check_start
from prepazka.commands.starting import prepare

# The exit codes that monitoring programs know, with the word for each.
_STATES = {"ok": (0, "OK"), "warning": (1, "WARNING"), "error": (2, "CRITICAL")}


def check(arguments: Namespace) -> int:
    """Run `prepazka check`: exit code 1 when a finding is an error; 0, 1 or 2 with --monitoring."""
    if arguments.prepare:
        return prepare(arguments.host)
    if arguments.json:
        write_utf8()
    if arguments.monitoring:
        return _report_state(list(_findings(arguments)))
    failed = False
    for finding in _findings(arguments):
        failed |= finding.level == "error"
        if finding.level != "ok" or not arguments.quiet:
            print(_to_json(finding) if arguments.json else finding.line(), flush=True)
    return int(failed)


def _findings(arguments: Namespace) -> Iterator[Finding]:
    if arguments.start:
        yield from check_start(host=arguments.host)
        return
    from prepazka.commands.checks import run_checks  # noqa: PLC0415 -- the start of `serve` waits for what it needs alone

    ready, office = True, arguments.office
    for finding in run_checks(include_gateways=not arguments.without_gateways, host=arguments.host, office=office):
        ready = ready and not (finding.level == "error" and finding.what.startswith(("database", "tables", "clock")))
        yield finding
    if arguments.texts and ready:
        from prepazka.commands.text_checks import check_texts  # noqa: PLC0415 -- the send-back test, which few ask for

        yield from check_texts(clock.now(), office)


def _report_state(findings: list[Finding]) -> int:
    """Print the worst finding first, then all that are not ok; return 0, 1 or 2."""
    worst = sorted((one for one in findings if one.level != "ok"), key=lambda one: one.level)
    code, word = _STATES[worst[0].level if worst else "ok"]
    print(f"PREPAZKA {word} - {worst[0].what if worst else f'{len(findings)} checks'}")
    for finding in worst:
        print(finding.line())
    return code


def _to_json(finding: Finding) -> str:
    told = {"level": finding.level, "what": finding.what, "fix": finding.fix}
    return json.dumps(told | ({"alarm": finding.alarm} if finding.alarm else {}), ensure_ascii=False)
