"""`check --texts`: the send-back test of every office's own texts, codes and synonyms."""

import sys
from collections.abc import Iterator
from datetime import datetime

from tqdm import tqdm

from prepazka.commands.checks import Finding
from prepazka.core.office.office import Office
from prepazka.sms.send_back.check import TaughtProblem, find, trials
from prepazka.store import offices

_PATIENCE = 2.0
"""Seconds after which a terminal shows how far an office has got."""


# docs/spec/conversation.md §7: "An office's own texts, codes and synonyms get the same test"
def check_texts(now: datetime) -> Iterator[Finding]:
    """Yield what is wrong with each office's texts, codes and synonyms; one `ok` for an office with nothing wrong."""
    for slug in offices.slugs():
        office_id = offices.find(slug)
        if office_id is not None:
            yield from _check_office(offices.load(office_id), now)


def _check_office(office: Office, now: datetime) -> Iterator[Finding]:
    steps = trials(office, now)
    if not steps:
        fix = "give it services and hours, then check its texts again"
        yield Finding("warning", f"office {office.slug}: its texts could not be tried, nothing can be booked", fix)
        return
    progress = tqdm(steps, desc=office.slug, unit="step", delay=_PATIENCE, disable=None, leave=False, file=sys.stderr)
    problems = find(progress)
    for problem in problems:
        yield Finding("error", f"office {office.slug}: {describe(problem)}", problem.fix)
    if not problems:
        yield Finding("ok", f"office {office.slug}: what its replies teach does what it says")


def describe(problem: TaughtProblem) -> str:
    """Return what is wrong, with the sample."""
    return f"{problem} (tried with {problem.service})" if problem.text else str(problem)
