"""Drills: each thing that goes wrong is told by its alarm, and by no other."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from prepazka import officefile
from prepazka.core.office.office import Office
from prepazka.flows.health import installation, machine, messages
from prepazka.flows.health.alarms import ALARMS, Problem
from prepazka.flows.health.certificate import CertificateWatch
from prepazka.flows.health.offices import Examination
from prepazka.flows.outbound import gateway_health, receipts
from prepazka.flows.outbound.deliver import deliver
from prepazka.gateways.values import Capabilities, Receipt
from prepazka.store import database_state, gateway_hours, gateways, marks, models, offices
from prepazka.store.counting import counting
from prepazka.store.database_state import Standby
from prepazka.store.gateway_hours import Done
from tests.certificates import write_certificate
from tests.flows.conftest import NUMBER, Queue
from tests.flows.outbound.fake_gateway import Peer

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 8, 5, 8, 30, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def told(now: datetime = NOW) -> list[str]:
    return [problem.alarm for problem in installation.problems(now)]


def the_only(now: datetime = NOW) -> Problem:
    (problem,) = installation.problems(now)
    return problem


@pytest.fixture(autouse=True)
def _sane(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation without faults, whatever the machine of the tests lacks."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=8 * 1024**3))
    counting.store(NOW)
    models.MetricCount.objects.all().delete()
    models.GatewayHour.objects.all().delete()
    models.Mark.objects.all().delete()
    offices.keep(replace(office, gateways={NUMBER: "sim"}), NOW)


@pytest.fixture(autouse=True)
def _gateway(office: Office) -> None:
    gateways.keep("sim", "gammu", {}, NOW, "test")
    report("sim", "ok", NOW)


def silent(now: datetime) -> list[str]:
    """What is told at a later time, of a gateway that goes on being served."""
    report("sim", "ok", now)
    return told(now)


def report(name: str, level: str, at: datetime) -> None:
    gateways.keep_report(name, gateways.GatewayReport(level, "as it says", "do it" if level != "ok" else "", at))


def test_a_sound_installation_has_none_at_a_constant_number_of_queries(
    django_assert_max_num_queries: DjangoAssertNumQueries, office: Office
) -> None:
    with django_assert_max_num_queries(20):
        assert told() == []
    for place in range(12):
        gateways.keep(f"sim{place}", "gammu", {}, NOW, "test")
        report(f"sim{place}", "ok", NOW)
        number = f"+4207390000{place:02}"
        offices.keep(replace(office, slug=f"u{place}", numbers=(number,), gateways={number: f"sim{place}"}), NOW)
        hear(f"sim{place}", NOW - HOUR, 3)
    with django_assert_max_num_queries(20):
        assert told() == []


# --- the machine -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("free", "alarms"), [(500, []), (499, ["disk_low"]), (50, ["disk_low"]), (49, ["disk_full"]), (0, ["disk_full"])]
)
def test_a_disk_that_fills(monkeypatch: pytest.MonkeyPatch, free: int, alarms: list[str]) -> None:
    monkeypatch.setattr(machine, "spaces", lambda: [machine.Space(Path("/srv"), free * 1024**2)])
    assert told() == alarms


def test_the_disk_of_the_backups_is_one_of_them(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    state, backups = tmp_path / "state", tmp_path / "backups"
    state.mkdir()
    backups.mkdir()
    settings.STATE = state
    marks.put_backup(tmp_path / "of last month", NOW - timedelta(days=30))
    marks.put_backup(backups, NOW)
    real = Path.stat
    monkeypatch.setattr(
        Path, "stat", lambda self, **more: SimpleNamespace(st_dev=7) if self == backups else real(self, **more)
    )
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=1 if path == backups else 8 * 1024**3))
    assert the_only().what == f"disk: 0 MB are free in {backups}"


@pytest.mark.parametrize("name", ["STATE", "ERASURES", "DAY_LISTS"])
def test_a_place_that_cannot_be_made_is_named_with_its_setting(settings: Any, tmp_path: Path, name: str) -> None:
    (tmp_path / "soubor").write_text("", "utf-8")
    setattr(settings, name, tmp_path / "soubor" / "misto")
    [problem] = machine.place_problems(NOW)
    assert (problem.alarm, problem.values["name"]) == ("place_unwritable", f"PREPAZKA_{name}")
    assert problem.values["directory"] == tmp_path / "soubor"


def test_a_place_that_is_missing_can_be_made(settings: Any, tmp_path: Path) -> None:
    settings.STATE = settings.DAY_LISTS = tmp_path / "a" / "b"
    settings.ERASURES = tmp_path / "c" / "vymazy.jsonl"
    assert list(machine.place_problems(NOW)) == []


def test_a_directory_that_is_elsewhere_is_left_out(settings: Any, tmp_path: Path) -> None:
    settings.STATE = tmp_path
    marks.put_backup(tmp_path / "on another node", NOW)
    assert next(space.directory for space in machine.spaces()) == tmp_path
    assert told() == []


@pytest.mark.parametrize(("age", "alarms"), [(3 * HOUR, []), (49 * HOUR, []), (50 * HOUR, ["backup_none"])])
def test_before_its_first_nights_an_installation_is_not_told_that_it_has_no_backup(
    settings: Any, age: timedelta, alarms: list[str]
) -> None:
    settings.DEMO = False
    models.Audit.objects.update(at=NOW - age)
    assert told() == alarms


def test_where_nothing_was_set_up_there_is_nothing_to_back_up(settings: Any) -> None:
    settings.DEMO = False
    models.Audit.objects.all().delete()
    assert told() == []


@pytest.mark.parametrize(("age", "alarms"), [(0.2 * HOUR, []), (23 * HOUR, []), (25 * HOUR, ["office_unfinished"])])
def test_an_office_that_is_being_set_up_is_no_alarm(
    monkeypatch: pytest.MonkeyPatch, age: timedelta, alarms: list[str]
) -> None:
    bare = officefile.read({"office": {"slug": "dolni-lhota", "name": "Dolní Lhota"}})
    offices.keep(bare.founded(), NOW - age)
    examination = Examination()
    examination.go_on(99)
    monkeypatch.setattr(installation, "examination", examination)
    assert told() == alarms


@pytest.mark.parametrize(("age", "alarms"), [(MINUTE, []), (3 * MINUTE, ["gateway_error"])])
def test_a_gateway_that_was_just_made_may_wait_to_be_served(office: Office, age: timedelta, alarms: list[str]) -> None:
    gateways.keep("vysilac", "smstools", {}, NOW - age, "test")
    offices.keep(replace(office, gateways={NUMBER: "vysilac"}), NOW)
    assert told() == alarms


@pytest.mark.parametrize(
    ("age", "alarms"), [(None, ["backup_none"]), (HOUR, []), (49 * HOUR, []), (50 * HOUR, ["backup_old"])]
)
def test_an_old_backup(settings: Any, age: timedelta | None, alarms: list[str]) -> None:
    settings.DEMO = False
    models.Audit.objects.update(at=NOW - 90 * HOUR)
    if age is not None:
        marks.put_backup(Path("/srv/backups"), NOW - age)
    assert told() == alarms


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("ends", "alarms"),
    [
        pytest.param([30 * DAY], [], id="renewed"),
        pytest.param([14 * DAY], ["certificate_ends"], id="not renewed"),
        pytest.param([30 * DAY, 2 * DAY], ["certificate_ends"], id="the one that signed it"),
        pytest.param([-DAY], ["certificate_ended"], id="over"),
        pytest.param([], ["certificate_unreadable"], id="none in the file"),
    ],
)
def test_a_certificate_that_ends(settings: Any, tmp_path: Path, ends: list[timedelta], alarms: list[str]) -> None:
    settings.CERTIFICATE = str(tmp_path / "chain.pem")
    write_certificate(tmp_path / "chain.pem", NOW, *ends)
    assert told() == alarms


def test_a_certificate_that_is_not_there(settings: Any, tmp_path: Path) -> None:
    settings.CERTIFICATE = str(tmp_path / "gone.pem")
    assert "No such file" in the_only().what


def test_a_proxy_is_asked_once_an_hour_and_by_no_probe(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def refuse(place: str) -> str:
        asked.append(place)
        return "Connection refused"

    monkeypatch.setattr("prepazka.flows.health.certificate.ask_proxy", refuse)
    settings.CERTIFICATE = "objednani.example:8443"
    watch = CertificateWatch()
    monkeypatch.setattr(machine, "certificate", watch)
    assert (told(), asked) == ([], []), "nothing is known yet, and nobody is kept waiting"
    for minutes in (0, 1, 59, 60, 61):
        watch.ask(NOW + timedelta(minutes=minutes))
    assert asked == ["objednani.example:8443"] * 2
    assert told() == ["certificate_unreadable"]


@pytest.mark.parametrize(("seconds", "alarms"), [(5, []), (-5, []), (6, ["clock_database"]), (-90, ["clock_database"])])
def test_a_skewed_clock(monkeypatch: pytest.MonkeyPatch, seconds: int, alarms: list[str]) -> None:
    monkeypatch.setattr(database_state, "clock_difference", lambda: timedelta(seconds=seconds))
    assert told() == alarms


@pytest.mark.parametrize(("state", "alarms"), [(True, []), (None, []), (False, ["clock_unsynchronised"])])
def test_a_clock_nobody_keeps(monkeypatch: pytest.MonkeyPatch, state: bool | None, alarms: list[str]) -> None:
    monkeypatch.setattr(machine, "is_synchronised", lambda: state)
    assert told() == alarms


@pytest.mark.parametrize(
    ("standby", "alarms"),
    [
        (Standby("brno", timedelta(seconds=60)), []),
        (Standby("brno", timedelta(seconds=61)), ["replication_lag"]),
        (Standby("brno", timedelta(), gone=True), ["replication_gone"]),
    ],
)
def test_a_standby_that_is_behind(monkeypatch: pytest.MonkeyPatch, standby: Standby, alarms: list[str]) -> None:
    monkeypatch.setattr(database_state, "standbys", lambda: [standby])
    assert told() == alarms


def test_what_the_server_tells_of_itself_can_be_asked() -> None:
    assert database_state.clock_difference() == timedelta()
    assert database_state.standbys() == []
    assert database_state.data_directory() == "" or Path(database_state.data_directory()).is_absolute()


# --- the rhythm --------------------------------------------------------------------------------


def hear(gateway: str, at: datetime, count: int) -> None:
    gateway_hours.add([(gateway, Done(heard=count))], at)
    marks.put_all([f"{marks.HEARD}{gateway}"], at)


def usual_weeks(gateway: str, until: datetime) -> None:
    """Eight messages an hour from 8 to 16, on the working days of the five weeks before."""
    hour = until - timedelta(weeks=5)
    while hour < until:
        if hour.weekday() < 5 and 6 <= hour.hour < 14:
            hear(gateway, hour, 8)
        hour += HOUR


def test_a_gateway_that_falls_silent_in_its_busy_hours() -> None:
    usual_weeks("sim", NOW.replace(minute=0))
    hear("sim", NOW, 1)
    assert silent(NOW + 2 * HOUR) == [], "a few messages could have stayed away"
    assert silent(NOW + 4 * HOUR) == ["gateway_silent"]
    problem = the_only(NOW + 4 * HOUR)
    assert (problem.alarm, problem.level, problem.gateway) == ("gateway_silent", "warning", "sim")
    assert "2026-08-05 08:30" in problem.what


def test_nights_and_weekends_are_no_silence() -> None:
    friday = datetime(2026, 8, 7, 13, 30, tzinfo=UTC)
    usual_weeks("sim", friday)
    hear("sim", friday, 1)
    for hours in range(1, 64):
        now = friday + hours * HOUR
        assert silent(now) == [], now


def test_a_gateway_without_a_history_or_a_number_is_not_judged() -> None:
    hear("sim", NOW, 1)
    usual_weeks("removed", NOW)
    assert told(NOW + timedelta(minutes=1)) == []
    assert silent(NOW + 30 * HOUR) == []


def test_what_is_heard_is_noted_by_the_worker_and_forgotten_after_weeks(office: Office) -> None:
    peer = Peer(name="sim")
    counting.note_gateway("sim", heard=3)
    deliver(peer, NOW)
    counting.store(NOW)
    counting.note_gateway("sim", heard=2)
    counting.store(NOW + timedelta(minutes=5))
    (row,) = models.GatewayHour.objects.all()
    assert (row.gateway, row.heard, row.hour) == ("sim", 5, NOW.replace(minute=0))
    assert marks.moments(marks.HEARD) == {"sim": NOW + timedelta(minutes=5)}
    gateway_hours.forget(NOW + timedelta(weeks=7))
    assert not models.GatewayHour.objects.exists()


# --- delivery ----------------------------------------------------------------------------------


def made(queue: Queue, state: str, count: int, error: str, gateway: str = "sim") -> None:
    for _ in range(count):
        row = queue("reminder", now=NOW - 2 * HOUR, gateway=gateway)
        models.Outbound.objects.filter(id=row).update(state=state, error=error, due_at=None)


@pytest.mark.parametrize(
    ("failed", "given", "alarms"),
    [
        pytest.param(4, 4, [], id="a few wrong numbers"),
        pytest.param(5, 50, [], id="one in ten"),
        pytest.param(5, 49, ["messages_failed"], id="more"),
        pytest.param(5, 0, ["messages_failed"], id="given before anybody counted"),
    ],
)
def test_messages_that_do_not_arrive(queue: Queue, failed: int, given: int, alarms: list[str]) -> None:
    made(queue, "undelivered", failed - 1, "absent subscriber")
    made(queue, "failed", 1, "no credit")
    gateway_hours.add([("sim", Done(sent=given))], NOW - 2 * HOUR)
    assert told() == alarms
    assert all("most for: absent subscriber" in one.what for one in installation.problems(NOW))


def test_messages_nobody_knows_of_and_only_those_of_their_gateway(queue: Queue) -> None:
    made(queue, "unknown", 6, "no answer in time")
    made(queue, "unknown", 2, "no answer in time", gateway="other")
    problem = the_only()
    assert (problem.alarm, problem.gateway) == ("messages_unknown", "sim")
    assert "6 of 6" in problem.what
    assert silent(NOW + 25 * HOUR) == [], "yesterday's are no alarm any more"


def test_receipts_of_no_message(queue: Queue) -> None:
    strange = [Receipt("sim", "delivered", NOW, ref=f"of another program {n}") for n in range(6)]
    receipts.take_in_receipts(strange, NOW)
    assert told() == []
    assert receipts.drop_unmatched(NOW + HOUR) == 6
    counting.store(NOW)
    assert told() == ["receipts_unmatched"]


def test_a_gateway_that_takes_nothing_is_an_error_though_it_says_it_is_well(queue: Queue) -> None:
    for _ in range(5):
        queue("called_off", now=NOW)
    peer = Peer(name="sim", script=["refuse"] * 5, capabilities=Capabilities(batch=5))
    deliver(peer, NOW)
    gateway_health.keep([gateway_health.examine(peer, NOW)])
    problem = the_only()
    assert (problem.alarm, problem.level) == ("gateway_error", "error")
    assert problem.what == "gateway sim: it has refused the last messages"
    peer.script = ["take"]
    deliver(peer, NOW + timedelta(minutes=2))
    gateway_health.keep([gateway_health.examine(peer, NOW + timedelta(minutes=2))])
    assert told(NOW + timedelta(minutes=2)) == []


def test_a_gateway_of_which_nothing_can_be_heard_is_an_error() -> None:
    gateway_health.keep([gateway_health.examine(Peer(name="sim"), NOW, "the disk of its spool is full")])
    assert "the disk of its spool is full" in the_only().what


def test_every_alarm_names_what_is_wrong_and_what_to_do() -> None:
    assert {name: text for name, text in ALARMS.items() if not (text.what and text.fix)} == {}


def test_every_alarm_is_raised_somewhere() -> None:
    source = "".join(path.read_text("utf-8") for path in Path(messages.__file__).parent.glob("*.py"))
    assert [name for name in ALARMS if source.count(f'"{name}"') < 2 and name not in _MADE_UP] == []


# Their names are put together.
_MADE_UP = {"messages_failed", "messages_unknown"}
