"""What is wrong with an installation while it runs: told by `prepazka check`, `/readyz`, `/metrics` and the first page.

None of it is a reason to send callers to another node, which has the same database and the same gateways.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, NamedTuple

from django.conf import settings
from django.db import connection

from prepazka.flows.health.offices import examination
from prepazka.flows.outbound import gateway_health
from prepazka.store import figures, marks

# Seconds; a message that waits longer shows that nothing handles messages.
WAITING = 60
# A reply that waits longer shows that its gateway accepts none.
OVERDUE = timedelta(minutes=5)
# Bytes free: below the first nothing should be added, below the second writing is about to fail.
LITTLE_SPACE, NO_SPACE = 500 * 1024**2, 50 * 1024**2
# A backup that is made every night is never older.
BACKUP_AGE = timedelta(hours=49)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong, and what to do; `fix` is one line for the operator."""

    level: Literal["warning", "error"]
    what: str
    fix: str


class Space(NamedTuple):
    """A directory the program writes to, with the bytes free there."""

    directory: Path
    free: int


def spaces() -> list[Space]:
    """Return the free space of the state directory, and of the database's where it is a file; each disk once."""
    directories = [Path(settings.STATE)]
    if connection.vendor == "sqlite":
        directories.append(Path(str(connection.settings_dict["NAME"])).parent)
    found: dict[int, Space] = {}
    for directory in directories:
        if directory.is_dir():
            found.setdefault(directory.stat().st_dev, Space(directory, shutil.disk_usage(directory).free))
    return list(found.values())


def problems(now: datetime) -> Iterator[Problem]:
    """Yield all that is wrong now, from what is stored: a constant number of queries, and nobody is asked."""
    yield from space_problems(spaces())
    yield from _stuck_messages(now)
    for gateway, health in gateway_health.all_gateways(now, asking=False):
        if gateway.numbers and health.level == "error":
            yield Problem("error", f"gateway {gateway.name}: {health.summary}", health.fix)
    for slug, reason in examination.errors().items():
        yield Problem("error", f"office {slug}: {reason}", f"run: prepazka check --office {slug}")


def space_problems(found: list[Space]) -> Iterator[Problem]:
    """Yield a problem for each disk with too little space."""
    for space in found:
        if space.free < LITTLE_SPACE:
            level: Literal["warning", "error"] = "error" if space.free < NO_SPACE else "warning"
            what = f"disk: {space.free // 1024**2} MB are free in {space.directory}"
            yield Problem(level, what, "make room there: when the disk is full, nothing can be booked")


def backup_problem(now: datetime) -> Problem | None:
    """Return a warning when `prepazka backup` has not been run lately; backups made by other means are not known."""
    last = marks.moment(marks.BACKUP)
    if last is not None and now - last <= BACKUP_AGE:
        return None
    age = "none was made yet" if last is None else f"the last is of {last:%Y-%m-%d %H:%M} UTC"
    return Problem("warning", f"backup: {age}", "run every night: prepazka backup FILE (docs/operations.md)")


def _stuck_messages(now: datetime) -> Iterator[Problem]:
    age = figures.waiting_messages().age(now)
    if age > WAITING:
        what = f"messages: one has been waiting to be handled for {age:.0f} s, more than {WAITING}"
        yield Problem("error", what, "is `prepazka serve` running? its log says what fails")
    for gateway, count in figures.unsent_replies(now - OVERDUE).items():
        what = f"delivery: {count} replies have not been sent for {OVERDUE.seconds // 60} minutes by {gateway}"
        yield Problem("error", what, f"see what its line says: prepazka gateway list ({gateway})")
