"""Checks whether everything is configured and reachable; each finding names its fix."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import psycopg
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import Error, OperationalError, connection

from prepazka import clock
from prepazka.commands import other_nodes
from prepazka.commands.availability import weaknesses
from prepazka.commands.database_faults import hindrance, reason_of
from prepazka.commands.demo_users import with_published_password
from prepazka.commands.exposure import is_loopback, may_publish
from prepazka.commands.migrating import ENCODING, MAKE_IN_UTF8
from prepazka.commands.own_files import exposed_files
from prepazka.flows.health import installation as installation_health
from prepazka.flows.health import offices as office_health
from prepazka.flows.health.certificate import certificate
from prepazka.flows.outbound import gateway_health
from prepazka.gateways.kinds import KINDS
from prepazka.gateways.values import Health
from prepazka.process.listening import hears_us
from prepazka.store import availability, database_state, factors, gateways, models, offices, schema
from prepazka.store.database_errors import public_reason
from prepazka.store.models import User

# From then on a contact for security holes is to be confirmed.
REMIND_OF_EXPIRY = timedelta(days=30)
LOOPBACK = "127.0.0.1"
_NO_REHEARSAL = "unset PREPAZKA_CLOCK, unless this is a rehearsal"


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check; fix is "" when nothing has to be fixed."""

    level: Literal["ok", "warning", "error"]
    what: str
    fix: str = ""
    final: bool = False
    """Whether nothing that comes later can be checked."""

    def line(self) -> str:
        """Return the line that is printed."""
        return f"{self.level:<8}{self.what}{self.fix and ' → '}{self.fix}"


def run_checks(*, include_gateways: bool = True, host: str = LOOPBACK, office: str | None = None) -> Iterator[Finding]:
    """Yield all findings, in the order a newcomer would fix them.

    Without the database, the checks that need it are left out. include_gateways: whether to reach out to the gateways;
    a gateway that is away now may come back. host: the address the server listens on. office: the only office to check,
    by its slug.
    """
    for finding in check_start(host=host):
        yield finding
        if finding.final:
            return
    try:
        yield from check_health(clock.now())
        yield from _check_availability(clock.now())
        yield from _check_offices(office)
        yield _check_users(host)
        yield from _check_factors()
        if include_gateways:
            yield from _check_gateways()
    except OperationalError as error:  # of a check that has to write, where nothing can be written
        what, fix = reason_of(error)
        yield Finding("error", f"database: {what}", fix, final=True)


def _check_availability(now: datetime) -> Iterator[Finding]:
    quiet = [name for name, kind in KINDS.items() if kind.quiet]
    if found := availability.look(now, quiet, settings.POOL, settings.LISTEN_URL):
        yield from (Finding("warning", what, fix) for what, fix in weaknesses(found))
    if settings.LISTEN_URL:
        yield _check_listening()


def _check_listening() -> Finding:
    fix = "set PREPAZKA_LISTEN_URL to the address of the server itself, past any pooler, or leave it out"
    try:
        if hears_us(settings.LISTEN_URL):
            return Finding("ok", "listening: changes of offices are heard at PREPAZKA_LISTEN_URL")
    except psycopg.Error as error:
        reason = public_reason(OperationalError(str(error)))
        return Finding("warning", f"listening: PREPAZKA_LISTEN_URL: {reason}", fix)
    what = "listening: nothing is heard at PREPAZKA_LISTEN_URL: a pooler stands there, or it is another database"
    return Finding("warning", what, fix)


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
        return Finding("error", f"{what}, and there are gateways that reach people", "unset PREPAZKA_CLOCK")
    return Finding("warning", what, _NO_REHEARSAL)


def is_empty() -> bool:
    """Whether the database has no table at all, not even somebody else's."""
    return not connection.introspection.table_names()


def _check_tables() -> Finding:
    if hindered := hindrance():
        return Finding("error", f"tables: {hindered.what}", hindered.fix, final=True)
    if pending := schema.pending():
        return Finding(
            "error", f"tables: {len(pending)} migrations are not applied", "run: prepazka migrate", final=True
        )
    # No error: while many machines are updated one by one, the previous version goes on working.
    if newer := schema.newer():
        return Finding("warning", f"tables: {schema.explain_newer(newer)}", schema.FIX_NEWER)
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


def _check_offices(only: str | None) -> Iterator[Finding]:
    versions = offices.versions()
    if not versions:
        yield Finding("error", "offices: there is none", "run: prepazka init, or prepazka load-office FILE")
    if only is not None and only not in versions:
        yield Finding("error", f"office {only}: there is none", f"the offices are: {', '.join(versions)}")
    names = offices.names()
    for slug in [one for one in versions if only in {None, one}]:
        problems = [
            Finding(one.level, f"office {slug}: {one.what}", one.fix)
            for one in office_health.examine(versions[slug].id)
        ]
        yield from problems or [Finding("ok", f"office {slug}: {names[slug]}")]


def check_health(now: datetime) -> Iterator[Finding]:
    """Yield what monitoring tells of the machine and of messages, or that it is in order."""
    certificate.ask(now)
    for name, probe in installation_health.PROBES.items():
        found = [Finding(one.level, one.what, one.fix) for one in probe(now)]
        yield from found or [Finding("ok", name)]


def _check_users(host: str) -> Finding:
    if not User.objects.filter(is_active=True).exists():
        fix = "run: prepazka user first-link, or prepazka user add NAME --role administrator"
        return Finding("warning", "users: there is none, so nobody can sign in", fix)
    for user in () if may_publish(host) else with_published_password():
        what = f"users: {user.username} still has the demo's password, which everybody knows"
        return Finding("error", what, f"run: prepazka user password {user.username}, or user remove")
    return Finding("ok", "users")


def _check_factors() -> Iterator[Finding]:
    if count := factors.outdated():
        what = f"users: {count} second factors are not encrypted with the secret key of today"
        fix = "run: prepazka migrate; what no key opens: prepazka user reset-factor NAME"
        yield Finding("warning", what, fix)


def _check_gateways() -> Iterator[Finding]:
    configured = gateways.configured()
    if not configured:
        fix = "run: prepazka gateway set NAME KIND (prepazka gateway kinds)"
        yield Finding("warning", "gateways: there is none, so nobody can text", fix)
        return
    if outdated := gateways.outdated():
        what = f"gateways: settings of {', '.join(outdated)} are not encrypted with the secret key of today"
        yield Finding("warning", what, "run: prepazka migrate")
    yield from _check_peers(configured)
    for gateway, health in gateway_health.all_gateways(clock.now()):
        yield _check_gateway(gateway, health)
    for number in models.Number.objects.filter(gateway=None).select_related("office"):
        fix = f'in the office\'s file: numbers = [{{ number = "{number}", gateway = "NAME" }}]'
        what = f"office {number.office.slug}: {number} is bound to no gateway: no gateway's messages to it are taken"
        yield Finding("warning", what, fix)


# What names the place where a gateway takes its messages from; two at one place take each other's.
_PLACES = {"smstools": ("spool",), "gammu": ("database", "phone"), "modemmanager": ("modem",)}


def _check_peers(configured: list[gateways.Configured]) -> Iterator[Finding]:
    first: dict[tuple[str, ...], str] = {}
    for gateway in configured:
        names = _PLACES.get(gateway.kind, ())
        place = tuple(str(gateway.settings.get(name, "")).rstrip("/") for name in names)
        other = first.setdefault((gateway.kind, *place), gateway.name)
        if names and gateway.readable and other != gateway.name:
            what = f"gateway {gateway.name}: it has the {names[0]} of {other}, so each takes the other's messages"
            fix = f"run: prepazka gateway remove {gateway.name}, or give it a {names[0]} of its own"
            yield Finding("error", what, fix)


def _check_gateway(configured: gateways.Configured, health: Health) -> Finding:
    what = f"gateway {configured.name}"
    if health.level == "ok" and not configured.numbers and configured.kind != gateways.HTTP:
        fix = f'bind a number to it in the office file: {{ number = "+420…", gateway = "{configured.name}" }}'
        return Finding("warning", f"{what}: no office's number is bound to it", fix)
    return Finding(health.level, f"{what}: {health.summary}", health.fix)
