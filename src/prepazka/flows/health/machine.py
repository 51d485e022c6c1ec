"""What monitoring asks of the machine: free space, the last backup, the certificate, the clock, the standbys."""

import ctypes
import os
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import connection

from prepazka.flows.health.alarms import Problem
from prepazka.flows.health.certificate import Certificate, certificate
from prepazka.store import database_state, founded, marks

# Bytes free: below the first nothing should be added, below the second writing is about to fail.
LITTLE_SPACE, NO_SPACE = 500 * 1024**2, 50 * 1024**2
# A backup that is made every night is never older.
BACKUP_AGE = timedelta(hours=49)
# Certificates that renew themselves do so a month before their end.
RENEWED_BEFORE = timedelta(days=14)
# Clocks that differ more give messages and reminders a wrong time.
MAX_CLOCK_DIFFERENCE = timedelta(seconds=5)
# A standby that is further behind would lose as much.
MAX_LAG = timedelta(seconds=60)


class Space(NamedTuple):
    """A directory the program writes to, with the bytes free there."""

    directory: Path
    free: int


def spaces() -> list[Space]:
    """Return the free space of the state, the database and the last backup, where this machine has them.

    Each disk once. A directory that this process may not look at is left out.
    """
    directories = [Path(settings.STATE)]
    if connection.vendor == "sqlite":
        directories.append(Path(str(connection.settings_dict["NAME"])).parent)
    elif data := database_state.data_directory():
        directories.append(Path(data))
    directories += map(Path, marks.moments(marks.BACKUP_IN))
    found: dict[int, Space] = {}
    for directory in directories:
        try:
            found.setdefault(directory.stat().st_dev, Space(directory, shutil.disk_usage(directory).free))
        except OSError:  # on another machine, or closed to this user
            continue
    return list(found.values())


def space_problems(now: datetime) -> Iterator[Problem]:
    """Yield a problem for each disk with too little space."""
    for space in spaces():
        if space.free < LITTLE_SPACE:
            name = "disk_full" if space.free < NO_SPACE else "disk_low"
            yield Problem(name, {"free": space.free // 1024**2, "directory": space.directory})


# docs/spec/health.md §2: "A place that the settings name and nothing can be written to is told"
def place_problems(now: datetime) -> Iterator[Problem]:
    """Yield the directories of the settings to which this process cannot write; one that is missing can be made."""
    named = {
        "PREPAZKA_STATE": settings.STATE,
        "PREPAZKA_ERASURES": settings.ERASURES.parent,
        "PREPAZKA_DAY_LISTS": settings.DAY_LISTS,
    }
    for name, directory in named.items():
        there = next(one for one in (directory, *directory.parents) if os.access(one, os.F_OK))
        if not (there.is_dir() and os.access(there, os.W_OK | os.X_OK)):
            yield Problem("place_unwritable", {"directory": there, "name": name})


def backup_problems(now: datetime) -> Iterator[Problem]:
    """Yield a problem when `prepazka backup` has not been run lately; one made by other means is known
    once `prepazka backup --made` has said so.

    Nothing of the demo needs one.
    """
    if settings.DEMO:
        return
    last = marks.moment(marks.BACKUP)
    if last is None:
        began = founded.began()
        if began is not None and now - began > BACKUP_AGE:
            yield Problem("backup_none")
    elif now - last > BACKUP_AGE:
        yield Problem("backup_old", {"last": f"{last:%Y-%m-%d %H:%M}"})


def certificate_problems(now: datetime) -> Iterator[Problem]:
    """Yield whether the certificate of the proxy ends soon, where one is named."""
    found = certificate.state(now)
    if not isinstance(found, Certificate):
        if found:
            yield Problem("certificate_unreadable", {"place": settings.CERTIFICATE, "reason": found})
    elif found.until - now <= RENEWED_BEFORE:
        name = "certificate_ends" if found.until > now else "certificate_ended"
        yield Problem(name, {"place": settings.CERTIFICATE, "until": f"{found.until:%Y-%m-%d %H:%M}"})


def clock_problems(now: datetime) -> Iterator[Problem]:
    """Yield whether the clock differs from the database's, and whether it follows a time server."""
    difference = database_state.clock_difference()
    if abs(difference) > MAX_CLOCK_DIFFERENCE:
        yield Problem("clock_database", {"seconds": f"{abs(difference).total_seconds():.0f}"})
    if is_synchronised() is False:
        yield Problem("clock_unsynchronised")


_UNSYNCHRONISED = 5  # TIME_ERROR of adjtimex(2)


def is_synchronised() -> bool | None:
    """Whether a time server keeps this machine's clock, as `timedatectl` tells it; None where nobody knows.

    The kernel knows it of whatever daemon sets the clock. A machine without systemd is a container, whose host may keep
    the clock in ways the kernel does not tell.
    """
    if not Path("/run/systemd/system").is_dir():
        return None
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512))  # all zeros: only asked
    except (OSError, AttributeError):
        return None
    return None if state < 0 else state != _UNSYNCHRONISED


def replication_problems(now: datetime) -> Iterator[Problem]:
    """Yield the standbys that are behind, and slots that nobody reads."""
    for standby in database_state.standbys():
        values = {"standby": standby.name, "seconds": f"{standby.lag.total_seconds():.0f}"}
        if standby.gone:
            yield Problem("replication_gone", values)
        elif standby.lag > MAX_LAG:
            yield Problem("replication_lag", values)
