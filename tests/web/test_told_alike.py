"""What goes wrong while the program runs is told alike at every door: `check`, `/readyz` and the operator's pages."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import F
from django.test import Client
from django.utils import translation

from prepazka.commands.checks import run_checks
from prepazka.core.office.office import Office
from prepazka.flows.health import installation, machine, serving
from prepazka.flows.health.alarms import ALARMS, Problem
from prepazka.flows.health.offices import examination
from prepazka.flows.health.write_probe import WriteProbe
from prepazka.flows.outbound import gateway_health, notify
from prepazka.gateways.kinds import open_gateway
from prepazka.sms.reply.render import Reply
from prepazka.store import database_state, gateway_hours, gateways, marks, models, offices, watchdog
from prepazka.store.database_state import Standby
from prepazka.store.gateway_hours import Done
from prepazka.web import health
from prepazka.web.alarm_words import describe
from tests.certificates import write_certificate
from tests.web.conftest import ME, NOW, NUMBER
from tests.web.staff import OPERATOR, SignedIn

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
GATEWAY = "modem-radnice"
LATER = "9999_z_budoucnosti"


@dataclass
class Running:
    """An installation that runs; every test breaks one thing of it."""

    office: Office
    settings: Any
    patched: pytest.MonkeyPatch
    files: Path

    def queue(self, count: int, at: datetime, state: str = "queued", error: str = "") -> None:
        """Queue messages; a state other than that is what became of them."""
        for place in range(count):
            route = notify.Route(GATEWAY, NUMBER)
            wish = notify.Notification("called_off", f"+42060200{place:04}", Reply("x", 1, 1), NOW + DAY, None, route)
            notify.enqueue(self.office, [wish], at)
        if state != "queued":
            models.Outbound.objects.update(state=state, error=error, due_at=None)

    def certificate(self, ends: timedelta) -> None:
        """Let the proxy have a certificate that ends so long from now."""
        self.settings.CERTIFICATE = str(self.files / "chain.pem")
        write_certificate(self.files / "chain.pem", NOW, ends)

    def modem(self, spool: Path) -> None:
        """Have a gateway at this spool, of which its process has reported what it found."""
        models.Gateway.objects.filter(name=GATEWAY).update(kind="smstools", settings={"spool": str(spool)})
        asked = open_gateway(GATEWAY, "smstools", {"spool": str(spool)})
        gateway_health.keep([gateway_health.examine(asked, NOW)])

    def busy_weeks(self) -> None:
        """Let the gateway have heard eight messages each working hour of five weeks, and none for four hours."""
        hour = NOW - timedelta(weeks=5)
        while hour <= NOW - 4 * HOUR:
            gateway_hours.add([(GATEWAY, Done(heard=8))], hour)
            hour += HOUR
        marks.put_all([f"{marks.HEARD}{GATEWAY}"], NOW - 4 * HOUR)


def inbound(at: datetime) -> None:
    office = models.Office.objects.get(slug="demo")
    models.Inbound.objects.create(
        office=office, gateway=GATEWAY, gateway_id="1", sender=ME, recipient=NUMBER, text="POMOC", received_at=at
    )


def full(_: object) -> None:
    raise OperationalError("database or disk is full")


def unwritable(running: Running) -> None:
    (running.files / "soubor").write_text("", "utf-8")
    running.settings.DAY_LISTS = running.files / "soubor" / "seznamy"


def cannot_write(running: Running) -> None:
    probe = WriteProbe(full)
    running.patched.setattr(serving, "write_probe", probe)
    running.patched.setattr(health, "write_probe", probe)


def miss_the_watchdog(running: Running) -> None:
    running.settings.WATCHDOG = time(6, 30)
    assert watchdog.claim(NUMBER, None, NOW - HOUR)


def unfinish(_: Running) -> None:
    """The other office: of the one that is looked at the first page shows the steps that are missing."""
    other = offices.find("other")
    assert other
    offices.keep(replace(offices.load(other), services=()), NOW)
    grow_older()
    examination.go_on(99)


def grow_older() -> None:
    """All was set up days ago."""
    models.Audit.objects.update(at=NOW - 3 * DAY)


def back_up_nothing(_: Running) -> None:
    models.Mark.objects.filter(name=marks.BACKUP).delete()
    grow_older()


def leave_replies(running: Running) -> None:
    running.queue(1, NOW - HOUR)
    models.Outbound.objects.update(priority=0)


def change_the_key(running: Running) -> None:
    """No process can serve what it cannot read, so none has reported anything since."""
    gateways.keep(GATEWAY, "kannel", {"status_password": "tajne-heslo"}, NOW, "test")
    models.Gateway.objects.update(told_at=NOW - HOUR)
    running.settings.SECRET_KEY = "z" * 60


def proxy(running: Running, how: str) -> None:
    running.settings.PROXIES = ["10.4.0.0/16"]
    marks.put_proxy(how, "10.4.7.7" if how == "silent" else "172.20.0.3", NOW - HOUR)


def space(mebibytes: int) -> Callable[[Running], None]:
    found = [machine.Space(Path("/srv/urad"), mebibytes * 1024**2)]
    return lambda running: running.patched.setattr(machine, "spaces", lambda: found)


def standby(lag: timedelta, *, gone: bool) -> Callable[[Running], None]:
    found = [Standby("druhy-stroj", lag, gone)]
    return lambda running: running.patched.setattr(database_state, "standbys", lambda: found)


BREAKS: dict[str, Callable[[Running], object]] = {
    "disk_low": space(321),
    "disk_full": space(12),
    "place_unwritable": unwritable,
    "database_unwritable": cannot_write,
    "work_undone": lambda _: models.Lease.objects.create(name="reminders", holder="nobody", until=NOW - HOUR),
    "host_refused": lambda _: marks.put_host("objednavky.vlkov.example", NOW - HOUR),
    "proxy_silent": lambda running: proxy(running, "silent"),
    "proxy_unnamed": lambda running: proxy(running, "unnamed"),
    "backup_none": back_up_nothing,
    "backup_old": lambda _: marks.put(marks.BACKUP, NOW - 3 * DAY),
    "certificate_unreadable": lambda running: setattr(running.settings, "CERTIFICATE", f"{running.files}/neni.pem"),
    "certificate_ends": lambda running: running.certificate(5 * DAY),
    "certificate_ended": lambda running: running.certificate(-2 * DAY),
    "clock_database": lambda running: running.patched.setattr(
        database_state, "clock_difference", lambda: timedelta(seconds=41)
    ),
    "clock_jumped": lambda _: marks.put("clock:stroj-7/+3600", NOW - HOUR),
    "clock_unsynchronised": lambda running: running.patched.setattr(machine, "is_synchronised", lambda: False),
    "replication_lag": standby(7 * MINUTE, gone=False),
    "replication_gone": standby(timedelta(), gone=True),
    "messages_waiting": lambda _: inbound(NOW - 5 * MINUTE),
    "messages_stray": lambda _: models.Stray.objects.create(
        gateway=GATEWAY, gateway_id="7", sender=ME, recipient="+420739111222", text="POMOC", received_at=NOW - HOUR
    ),
    "replies_unsent": leave_replies,
    "messages_failed": lambda running: running.queue(6, NOW - HOUR, "failed", "no credit"),
    "messages_unknown": lambda running: running.queue(6, NOW - HOUR, "unknown", "no answer in time"),
    "receipts_unmatched": lambda _: gateway_hours.add([(GATEWAY, Done(unmatched=7))], NOW - HOUR),
    "gateway_error": lambda running: running.modem(running.files / "neni-spool"),
    "gateway_silent": lambda running: running.busy_weeks(),
    "watchdog_missing": miss_the_watchdog,
    "office_unfinished": unfinish,
    "tables_newer": lambda _: MigrationRecorder.Migration.objects.create(app="store", name=LATER, applied=NOW),
}
CASES = [
    *(pytest.param(alarm, broken, id=alarm) for alarm, broken in BREAKS.items()),
    pytest.param("gateway_error", change_the_key, id="the key was changed"),
]


@pytest.fixture
def running(
    office: Office,
    officials: object,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[Running]:
    """An installation without faults, whatever the machine of the tests lacks."""
    settings.DEMO = False
    settings.CERTIFICATE = ""
    space(8_000)(Running(office, settings, monkeypatch, tmp_path))
    gateways.keep(GATEWAY, "kannel", {}, NOW, "test")
    gateways.keep_report(GATEWAY, gateways.GatewayReport("ok", "well", "", NOW))
    models.Number.objects.filter(e164=NUMBER).update(gateway=models.Gateway.objects.get(name=GATEWAY))
    models.Office.objects.update(version=F("version") + 1)
    marks.put(marks.BACKUP, NOW - HOUR)
    examination.go_on(99)
    installation.found.forget()
    monkeypatch.setattr("prepazka.clock.now", lambda: NOW)
    yield Running(office, settings, monkeypatch, tmp_path)
    MigrationRecorder.Migration.objects.filter(name=LATER).delete()
    installation.found.forget()


def test_every_alarm_is_broken_here() -> None:
    assert BREAKS.keys() == ALARMS.keys()


@pytest.mark.parametrize(("alarm", "broken"), CASES)
def test_what_is_broken_is_told_alike_at_every_door(
    running: Running, signed_in: SignedIn, alarm: str, broken: Callable[[Running], object], whole: bool
) -> None:
    assert not list(installation.problems(NOW)), "before it is broken"
    installation.found.forget()
    broken(running)
    [problem] = installation.problems(NOW)
    assert problem.alarm == alarm
    assert_probe_tells(problem)
    assert (problem.level, problem.what, problem.fix) in {(one.level, one.what, one.fix) for one in run_checks()}
    operator = signed_in(OPERATOR)
    for language in ("cs", "en") if whole else ("cs",):
        operator.cookies["language"] = language
        with translation.override(language):
            words = describe(problem, operator=True)
        assert f"{words.summary} {words.fix}" in shown(operator, "/account/"), "the first page of an operator"
        first = shown(operator, "/demo/admin/")
        assert (words.fix if alarm == "gateway_error" else words.summary) in first
        for told in (words.summary, words.fix):
            assert told not in shown(Client(), "/demo/"), "whoever is not signed in"


def assert_probe_tells(problem: Problem) -> None:
    """A database that cannot be written is what another node would do better, so it is the status of this one."""
    answer = Client().get("/readyz")
    if problem.alarm == "database_unwritable":
        assert answer.status_code == 503
        reason = problem.values["reason"]
        assert answer.json()["detail"] == f"the database cannot be written: {reason}; {problem.fix}"
    else:
        assert answer.status_code == 200
        assert answer.json()["problems"] == [f"{problem.what}; {problem.fix}"]


def shown(client: Client, path: str) -> str:
    """The text of a page; short words are bound to the next by a space that does not break."""
    answer = client.get(path)
    assert answer.status_code == 200, answer
    return re.sub(r"\s+", " ", unescape(re.sub("<[^>]+>", "", answer.content.decode())))
