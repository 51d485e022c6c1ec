"""Checks what `prepazka serve` needs to start: settings, files, the database and its tables; no office, however many.

They load little of the program: `serve` runs them while it loads the rest.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connection

from prepazka import clock
from prepazka.commands import other_nodes
from prepazka.commands.database_faults import HALF_RESTORED, hindrance, reason_of
from prepazka.commands.exposure import is_loopback
from prepazka.commands.migrating import ENCODING, MAKE_IN_UTF8
from prepazka.commands.own_files import exposed_files
from prepazka.commands.serving_mark import is_half_restored
from prepazka.gateways.kinds import KINDS
from prepazka.store import database_state, gateways, schema
from prepazka.store.database_fixes import RESTORE

# From then on a contact for security holes is to be confirmed.
REMIND_OF_EXPIRY = timedelta(days=30)
LOOPBACK = "127.0.0.1"
_NO_REHEARSAL = "unset PREPAZKA_CLOCK, unless this is a rehearsal"


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check; fix is "" when nothing has to be fixed. alarm: its name where it is one."""

    level: Literal["ok", "warning", "error"]
    what: str
    fix: str = ""
    final: bool = False
    """Whether nothing that comes later can be checked."""
    alarm: str = ""

    def line(self) -> str:
        """Return the line that is printed."""
        return f"{self.level:<8}{self.what}{self.fix and ' → '}{self.fix}{self.alarm and f' [{self.alarm}]'}"


def check_start(*, host: str = LOOPBACK, empty: bool = False) -> Iterator[Finding]:
    """Yield what `prepazka serve` needs to start: settings, the database and its tables; no office, however many.

    host: the address the server listens on. empty: whether a database without any table will do.
    """
    yield _check_time_zones()
    for line in settings.UNKNOWN_SETTINGS:
        yield Finding("warning", f"settings: {line}", "correct or remove the variable")
    yield _check_secret_key()
    yield from _check_files()
    yield _check_proxies(host)
    if settings.SECURITY_EXPIRES:
        yield check_security_contact(settings.SECURITY_EXPIRES, datetime.now(UTC).date())
    try:
        connection.ensure_connection()
    except Error as error:
        what, fix = reason_of(error)
        yield Finding("error", f"database: {what}", fix, final=True)
        return
    if encoding := database_state.wrong_encoding():
        yield Finding("error", f"database: {ENCODING.format(encoding=encoding)}", MAKE_IN_UTF8, final=True)
        return
    try:
        yield from _check_database(empty=empty)
    except Error as error:
        what, fix = reason_of(error)
        yield Finding("error", f"database: {what}", fix, final=True)


def _check_database(*, empty: bool) -> Iterator[Finding]:
    """Yield what `check_start` finds in a database that was opened. Raises: Error of the database."""
    yield Finding("ok", f"database: {connection.vendor} {connection.settings_dict['NAME']}")
    if empty and is_empty():
        return
    yield from _check_time_limits()
    tables = _check_tables()
    yield tables
    if clock_error := _check_clock_file():
        yield clock_error
    elif not tables.final:
        yield from _check_other_nodes()
        if clock.is_rehearsal():
            yield _check_rehearsal()


def _check_time_zones() -> Finding:
    if ZoneInfo("Europe/Prague").utcoffset(datetime(2026, 7, 1)) != timedelta(hours=2):  # noqa: DTZ001 -- wall clock
        return Finding("error", "time zones: the machine's data is wrong", "install the package tzdata")
    return Finding("ok", "time zones")


def _check_secret_key() -> Finding:
    local = set(settings.ALLOWED_HOSTS) <= {"127.0.0.1", "localhost", "[::1]"}
    if {"PREPAZKA_SECRET_KEY", "PREPAZKA_SECRET_KEY_FILE"} & os.environ.keys():
        return Finding("ok", "secret key: from the environment")
    if local:
        return Finding("ok", "secret key: this machine only")
    return Finding(
        "warning",
        "secret key: made by this installation and kept in its state directory",
        "set PREPAZKA_SECRET_KEY, the same on every node",
    )


def _check_files() -> Iterator[Finding]:
    found = [Finding("warning", f"files: others may open {path}", fix) for path, fix in exposed_files()]
    yield from found or [Finding("ok", "files: nobody else may open them")]


def check_security_contact(expires: date, today: date) -> Finding:
    """Return whether the contact of /.well-known/security.txt still holds."""
    what = f"security.txt: holds until {expires}"
    if expires - today > REMIND_OF_EXPIRY:
        return Finding("ok", what)
    level: Literal["warning", "error"] = "warning" if today <= expires else "error"
    return Finding(level, what, "see that the contact is right, and set PREPAZKA_SECURITY_EXPIRES to a later day")


# docs/spec/safety.md §2.1: "an error when HTTPS is on, no proxy is named and the server listens beyond this machine"
def _check_proxies(host: str) -> Finding:
    if settings.PROXIES or not settings.HTTPS:
        return Finding("ok", f"proxies: {', '.join(settings.PROXIES) or 'none, callers connect themselves'}")
    what = "proxies: none is named, so all who come through one count as one caller"
    fix = "set PREPAZKA_PROXIES to the address of the proxy that ends HTTPS"
    return Finding("warning" if is_loopback(host) else "error", what, fix)


def _check_clock_file() -> Finding | None:
    """Return an error when the file of a rehearsal's clock is missing or holds no moment."""
    try:
        clock.now()
    except ImproperlyConfigured as error:
        return Finding("error", f"clock: {error}", _NO_REHEARSAL, final=True)
    return None


def _check_rehearsal() -> Finding:
    """Return a warning for a rehearsal, an error when gateways would reach real people on a simulated day."""
    what = f"clock: shows {clock.now():%Y-%m-%d %H:%M} UTC, by the file of PREPAZKA_CLOCK"
    if any(gateway.kind in KINDS for gateway in gateways.configured()):
        fix = "unset PREPAZKA_CLOCK; or rehearse on a copy: prepazka restore --rehearsal FILE"
        return Finding("error", f"{what}, and there are gateways that reach people", fix)
    return Finding("warning", what, _NO_REHEARSAL)


def is_empty() -> bool:
    """Whether the database has no table at all, not even somebody else's."""
    return not connection.introspection.table_names()


def _check_tables() -> Finding:
    # docs/spec/delivery.md §10: "A restore that was ended before it was done"
    if is_half_restored():
        return Finding("error", f"tables: {HALF_RESTORED.what}", HALF_RESTORED.fix, final=True)
    if hindered := hindrance():
        return Finding("error", f"tables: {hindered.what}", hindered.fix, final=True)
    if pending := schema.pending():
        return Finding(
            "error", f"tables: {len(pending)} migrations are not applied", "run: prepazka migrate", final=True
        )
    # No error: while many machines are updated one by one, the previous version goes on working.
    if newer := schema.newer():
        return Finding("warning", f"tables: {schema.explain_newer(newer)}", schema.FIX_NEWER)
    if missing := schema.missing():
        named = f"{', '.join(missing[:3])}{', …' if len(missing) > 3 else ''}"
        return Finding("error", f"tables: {len(missing)} are not there any more ({named})", RESTORE, final=True)
    return Finding("ok", "tables")


def _check_other_nodes() -> Iterator[Finding]:
    yield from (Finding("error", what, fix) for what, fix in other_nodes.faults())
    yield from (Finding("warning", what, fix) for what, fix in other_nodes.oddities())


# docs/spec/safety.md §4.4: "warns of a limit that the settings name and the server does not keep"
def _check_time_limits() -> Iterator[Finding]:
    if not (missing := database_state.limits_not_kept(settings.TIME_LIMITS)):
        return
    what = f"database: the connection does not keep {', '.join(missing)}; a pooler may drop the options of connections"
    user = connection.settings_dict["USER"] or "prepazka"
    alter = "; ".join(f"ALTER ROLE {user} SET {name} = {value}" for name, value in missing.items())
    yield Finding("warning", what, f"in PostgreSQL: {alter}")
