"""`check --texts`: the send-back test of every office's own texts, codes and synonyms."""

import sys
from collections.abc import Iterator
from datetime import datetime

from django.db import OperationalError
from tqdm import tqdm

from prepazka.commands.start_checks import Finding
from prepazka.core.office.office import Office
from prepazka.sms.send_back.check import TaughtProblem, find, trials
from prepazka.store import offices

_PATIENCE = 2.0
"""Seconds after which a terminal shows how far an office has got."""


# docs/spec/conversation.md §7: "An office's own texts, codes and synonyms get the same test"
def check_texts(now: datetime, only: str | None = None) -> Iterator[Finding]:
    """Yield what is wrong with each office's texts, codes and synonyms; one `ok` for an office with nothing wrong.

    only: the only office to check, by its slug.
    """
    for slug, version in offices.versions().items():
        if only not in {None, slug}:
            continue
        try:
            yield from _check_office(offices.load(version.id), now)
        except OperationalError:
            raise
        except Exception as error:  # whatever it is, the other offices' texts are tried
            what = f"office {slug}: its texts could not be tried ({error or type(error).__name__})"
            yield Finding("error", what, f"see what is wrong with it: prepazka check --office {slug}")


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
