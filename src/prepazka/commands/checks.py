"""Checks whether everything is configured and reachable; each finding names its fix."""

from collections.abc import Iterator
from datetime import datetime

import psycopg
from django.conf import settings
from django.db import OperationalError

from prepazka import clock
from prepazka.commands.availability import weaknesses
from prepazka.commands.database_faults import reason_of
from prepazka.commands.demo_users import with_published_password
from prepazka.commands.exposure import may_publish
from prepazka.commands.start_checks import LOOPBACK, Finding, check_start
from prepazka.flows.health import installation as installation_health
from prepazka.flows.health import offices as office_health
from prepazka.flows.health.certificate import certificate
from prepazka.flows.outbound import gateway_health, gateway_settings
from prepazka.gateways.kinds import KINDS
from prepazka.gateways.values import Health
from prepazka.process.listening import hears_us
from prepazka.store import availability, database_state, factors, gateways, marks, models, offices
from prepazka.store.database_errors import public_reason
from prepazka.store.models import User


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
        yield from _check_availability()
        yield from _check_offices(office)
        yield _check_users(host)
        yield from _check_factors()
        if include_gateways:
            yield from _check_gateways()
    except OperationalError as error:  # of a check that has to write, where nothing can be written
        what, fix = reason_of(error)
        yield Finding("error", f"database: {what}", fix, final=True)


def _check_availability() -> Iterator[Finding]:
    quiet = [name for name, kind in KINDS.items() if kind.quiet]
    if found := availability.look(quiet, settings.POOL, settings.LISTEN_URL, clock.now()):
        yield from (Finding("warning", what, fix) for what, fix in weaknesses(found))
    if settings.LISTEN_URL and not database_state.is_recovering():  # a standby tells nobody anything
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


def _check_offices(only: str | None) -> Iterator[Finding]:
    versions = offices.versions()
    if not versions:
        yield Finding("error", "offices: there is none", "run: prepazka init, or prepazka load-office FILE")
    if only is not None and only not in versions:
        yield Finding("error", f"office {only}: there is none", f"the offices are: {', '.join(versions)}")
    names = offices.names()
    for slug in [one for one in versions if only in {None, one}]:
        problems = [
            Finding(one.level, f"office {slug}: {one.what}", one.fix, alarm=_if_error(one.level, "office_unfinished"))
            for one in office_health.examine(versions[slug].id)
        ]
        yield from problems or [Finding("ok", f"office {slug}: {names[slug]}")]


def check_health(now: datetime) -> Iterator[Finding]:
    """Yield what monitoring tells of the machine and of messages, or that it is in order."""
    certificate.ask(now)
    for name, probe in installation_health.PROBES.items():
        found = [Finding(one.level, one.what, one.fix, alarm=one.alarm) for one in probe(now)]
        yield from found or [Finding("ok", _describe_order(name))]


def _describe_order(probe: str) -> str:
    """Return the line of a probe that found nothing; a backup that is not due yet is not said to be there."""
    none_yet = probe == "backup" and not settings.DEMO and marks.moment(marks.BACKUP) is None
    return "backup: none yet; run every night: prepazka backup FILE (docs/operations.md)" if none_yet else probe


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


def _check_peers(configured: list[gateways.Configured]) -> Iterator[Finding]:
    for one in gateway_settings.taken(configured):
        what = f"gateway {one.name}: it has the {one.setting} of {one.other}, so each takes the other's messages"
        fix = f"run: prepazka gateway remove {one.name}, or give it a {one.setting} of its own"
        yield Finding("error", what, fix)


def _check_gateway(configured: gateways.Configured, health: Health) -> Finding:
    what = f"gateway {configured.name}"
    if health.level == "ok" and not configured.numbers and configured.kind != gateways.HTTP:
        fix = f'bind a number to it in the office file: {{ number = "+420…", gateway = "{configured.name}" }}'
        return Finding("warning", f"{what}: no office's number is bound to it", fix)
    alarm = _if_error(health.level, "gateway_error")
    return Finding(health.level, f"{what}: {health.summary}", health.fix, alarm=alarm)


def _if_error(level: str, alarm: str) -> str:
    return alarm if level == "error" else ""
