"""The endpoints for monitoring."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import structlog
from django.conf import settings
from django.db import OperationalError, connection
from django.db.models import F
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import DjangoAssertNumQueries

from prepazka.commands.checks import check_health
from prepazka.core.office.office import Office
from prepazka.core.rate_limits import GATEWAY_REFUSALS
from prepazka.flows.health import installation, machine
from prepazka.flows.health.alarms import ALARMS, Problem
from prepazka.flows.health.clock_watch import clock_watch
from prepazka.flows.health.worker_watch import STALLED, WorkerWatch
from prepazka.flows.health.write_probe import WriteProbe
from prepazka.store import figures, gateways, models, offices, rate_limits
from prepazka.store.gateways import GatewayReport
from prepazka.web import health
from tests.waiting import DEADLINE
from tests.web.conftest import ME, NOW, HandIn, message
from tests.web.staff import OPERATOR, SignedIn

pytestmark = pytest.mark.usefixtures("office")


def away(*_: object, **__: object) -> None:
    raise OperationalError("the server closed the connection")


def test_a_ready_service_says_so(hand_in: HandIn, client: Client) -> None:
    hand_in(message())
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "problems": []})


def test_without_the_database_the_process_lives_but_is_not_ready(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(connection, "cursor", away)
        alive, ready = client.get("/healthz"), client.get("/readyz")
    assert alive.status_code == 200
    assert (ready.status_code, ready.json()["check"]) == (503, "database")
    assert "the server closed the connection" in ready.json()["detail"]


@pytest.mark.parametrize("path", ["/metrics", "/demo/", "/demo/book/ZOP/"])
def test_without_the_database_pages_and_figures_say_when_to_come_again(
    client: Client, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    client.raise_request_exception = False
    with monkeypatch.context() as patched:
        patched.setattr(connection, "cursor", away)
        answer = client.get(path)
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert "Omlouváme se" in answer.content.decode()


def test_tables_of_another_version_are_reported(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "is_migrated", lambda: False)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["check"]) == (503, "migrations")
    assert "prepazka migrate" in answer.json()["detail"]


def problems(client: Client) -> list[str]:
    """What /readyz names when it looks; another node would do no better, so the status stays."""
    installation.found.forget()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")
    found: list[str] = answer.json()["problems"]
    return found


def test_a_place_nothing_can_be_written_to_is_named_and_the_node_stays(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "soubor").write_text("", "utf-8")
    settings.DAY_LISTS = tmp_path / "soubor" / "seznamy"
    [named] = problems(client)
    assert named.startswith(
        f"files: nothing can be written to {tmp_path}/soubor, which PREPAZKA_DAY_LISTS names; make it"
    )


def test_probes_share_what_was_found_for_five_seconds() -> None:
    wrong, looked = [Problem("work_undone", {})], list[datetime]()

    def look(now: datetime) -> Iterator[Problem]:
        looked.append(now)
        yield from wrong

    found = installation.Found(look)
    for seconds in (0.0, 2.0, 4.9):
        assert found.problems(NOW + timedelta(seconds=seconds)) == wrong
    wrong.clear()
    assert found.problems(NOW + installation.EVERY) == [], "what is mended is not named any more, 5 seconds later"
    assert found.problems(NOW) == []
    assert looked == [NOW, NOW + installation.EVERY, NOW], "a clock set back does not stop it"


def test_a_probe_between_two_looks_asks_nearly_nothing(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/readyz")
    with django_assert_max_num_queries(2):  # whether the tables are of this version
        assert client.get("/readyz").json()["status"] == "ready"


def test_the_log_tells_when_it_becomes_ready_or_not_and_no_more(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with structlog.testing.capture_logs() as lines:
        with monkeypatch.context() as patched:
            patched.setattr(figures, "is_migrated", lambda: False)
            for _ in range(3):
                client.get("/readyz")
        for _ in range(2):
            client.get("/readyz")
    told = [(line["event"], line.get("check")) for line in lines if "ready" in line["event"]]
    assert told == [("not ready", "migrations"), ("ready again", None)]


@pytest.mark.parametrize(("seconds", "named"), [(60, False), (61, True)])
def test_messages_nobody_handles_are_named(hand_in: HandIn, client: Client, seconds: int, named: bool) -> None:
    hand_in(message())
    models.Inbound.objects.update(state="waiting", received_at=NOW - timedelta(seconds=seconds))
    assert (
        any(one.startswith(f"messages: one has been waiting to be handled for {seconds}") for one in problems(client))
        == named
    )


@pytest.mark.parametrize(("seconds", "named"), [(300, False), (301, True)])
def test_replies_no_gateway_takes_are_named(hand_in: HandIn, client: Client, seconds: int, named: bool) -> None:
    hand_in(message())
    made_at = NOW - timedelta(seconds=seconds)
    models.Outbound.objects.update(gateway="sim", state="queued", made_at=made_at, due_at=made_at)
    assert any("1 replies have not been sent for 5 minutes by sim" in one for one in problems(client)) == named
    models.Outbound.objects.update(gateway=models.Gateway.objects.get().name)
    assert problems(client) == [], "a program that only calls us takes its replies when it calls"


def metrics(client: Client) -> dict[str, Any]:
    families = text_string_to_metric_families(client.get("/metrics").content.decode())
    return {
        " ".join((sample.name, *sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }


def test_metrics_tell_what_the_limits_hold_back(client: Client) -> None:
    for host in ("198.51.100.7", "198.51.100.8"):
        for bucket in GATEWAY_REFUSALS.buckets(host, "modem"):
            rate_limits.hit_many({bucket: 20 if host.endswith("7") else 3}, NOW).fetch()
    told = metrics(client)
    assert told["prepazka_limit_counted gateway_refusals_ipv4"] == 2
    assert told["prepazka_limit_reached gateway_refusals_ipv4"] == 1
    assert told["prepazka_limit_reached wrong_codes_of_office"] == 0
    assert "prepazka_limit_counted messages_of_office" not in told, "it is counted in the outbox"


def test_metrics_are_counted_in_the_database(hand_in: HandIn, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "spaces", lambda: [machine.Space(settings.STATE, 7 * 1024**3)])
    hand_in([message("a"), message("b", "POMOC"), message("c", "HELP", **{"from": "INFO"})])
    models.Outbound.objects.update(state="queued", due_at=F("made_at"))
    given = models.Outbound.objects.latest("id").id
    models.Outbound.objects.filter(id=given).update(state="sending", tried_at=NOW)
    listed = ("prepazka_limit_", "prepazka_alarm", "prepazka_build_info", "prepazka_http_seconds")
    told = {name: value for name, value in metrics(client).items() if not name.startswith(listed)}
    assert told == {
        "prepazka_messages_waiting": 0,
        "prepazka_messages_waiting_seconds": 0,
        "prepazka_messages_last_hour booked": 1,
        "prepazka_messages_last_hour help": 1,
        "prepazka_messages_last_hour ignored": 1,
        "prepazka_gateway_up first": 1,
        "prepazka_outbox first queued": 1,
        "prepazka_outbox first sending": 1,
        "prepazka_outbox_waiting_seconds first": 0,
        "prepazka_outbox_overdue_seconds first": 0,
        "prepazka_sent_last_hour first sending": 1,
        "prepazka_bookings_to_come": 1,
        "prepazka_listeners": 0,
        "prepazka_clock_difference_seconds": 0,
        "prepazka_offices_unfinished": 0,
        f"prepazka_disk_free_bytes {settings.STATE}": 7 * 1024**3,
    }


def test_metrics_tell_nothing_of_anybody(hand_in: HandIn, client: Client) -> None:
    hand_in(message())
    text = client.get("/metrics").content.decode()
    assert "NOVAK" not in text
    assert ME not in text


@pytest.mark.parametrize(
    ("levels", "named"),
    [
        pytest.param(["error"], ["modem0"], id="the only one is down"),
        pytest.param(["ok", "error"], ["modem1"], id="one of two is down"),
        pytest.param(["error", "error"], ["modem0", "modem1"], id="all are down"),
        pytest.param(["warning"], [], id="a warning"),
    ],
)
def test_gateways_that_do_not_work_are_named(
    office: Office, client: Client, levels: list[str], named: list[str]
) -> None:
    numbers = [f"+42073954770{place}" for place in range(len(levels))]
    for place, level in enumerate(levels):
        gateways.keep(f"modem{place}", "gammu", {}, NOW, "test")
        gateways.keep_report(f"modem{place}", GatewayReport(level, "the daemon is deaf", "restart it", NOW))
    bound = {number: f"modem{place}" for place, number in enumerate(numbers)}
    offices.keep(replace(office, numbers=tuple(numbers), gateways=bound), NOW)
    assert problems(client) == [f"gateway {name}: the daemon is deaf; restart it" for name in named]
    up = {"ok": 1.0, "warning": 0.5, "error": 0.0}[levels[0]]
    assert f'prepazka_gateway_up{{gateway="modem0"}} {up}' in client.get("/metrics").content.decode()


# --- what another node would do better ---------------------------------------------------------


def test_a_database_that_cannot_be_written_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: object) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(health, "write_probe", WriteProbe(full))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["check"]) == (503, "writing")
    assert "database or disk is full" in answer.json()["detail"]
    assert client.get("/demo/").status_code == 200, "reading goes on"


def test_a_worker_that_stands_still_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = WorkerWatch()
    monkeypatch.setattr(health, "worker_watch", watch)
    assert client.get("/readyz").status_code == 200, "a process without a worker"
    watch.note(NOW - STALLED)
    assert client.get("/readyz").status_code == 200
    watch.note(NOW - STALLED - timedelta(seconds=1))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["check"]) == (503, "worker")


def test_a_process_that_still_loads_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = WorkerWatch()
    monkeypatch.setattr(health, "worker_watch", watch)
    monkeypatch.setattr(health, "_LOADED_WITHIN", 0.0)
    watch.begin_loading()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["check"]) == (503, "loading")
    watch.end_loading()
    assert client.get("/readyz").status_code == 200


def test_readiness_waits_for_what_is_loaded_behind_the_first_page(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = WorkerWatch()
    monkeypatch.setattr(health, "worker_watch", watch)
    monkeypatch.setattr(health, "_LOADED_WITHIN", DEADLINE)
    asked = WorkerWatch.is_loaded

    def is_loaded(self: WorkerWatch, within: float) -> bool:
        Thread(target=self.end_loading).start()  # while it is asked
        return asked(self, within)

    monkeypatch.setattr(WorkerWatch, "is_loaded", is_loaded)
    watch.begin_loading()
    assert client.get("/readyz").status_code == 200


def test_a_clock_that_all_others_contradict_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_watch, "apart", timedelta(hours=-1))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["check"]) == (503, "clock")
    assert answer.json()["detail"].startswith("it is 3600 s from the database's")


def test_an_alarm_is_told_at_every_door(client: Client, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "spaces", lambda: [machine.Space(Path("/srv/urad"), 49 * 1024**2)])
    told = "disk: 49 MB are free in /srv/urad"
    assert problems(client) == [f"{told}; {ALARMS['disk_full'].fix}"]
    assert metrics(client)["prepazka_alarm disk_full error"] == 1
    assert metrics(client)["prepazka_alarm disk_low warning"] == 0
    assert ("error", told) in {(one.level, one.what) for one in check_health(NOW)}
    page = signed_in("manager").get("/demo/admin/").content.decode()
    assert "došlo místo (zbývá 49 MB)" in page.replace("\u00a0", " ")
    assert "/srv/urad" not in page, "names of the machine are for the operator"
    assert "/srv/urad" in signed_in(OPERATOR).get("/demo/admin/").content.decode()


def test_an_office_sees_no_alarms_of_other_offices_gateways(
    office: Office, client: Client, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    offices.keep(replace(office, slug="tabor", name="Tabor", numbers=("+420739111222",)), NOW)
    problem = Problem("gateway_silent", {"gateway": "tabor-sim", "since": "2026-08-03 05:00"}, gateway="tabor-sim")
    monkeypatch.setattr(installation, "problems", lambda now: iter([problem]))
    assert "tabor-sim" not in signed_in("administrator").get("/demo/admin/").content.decode()
    assert "tabor-sim" in signed_in(OPERATOR).get("/demo/admin/").content.decode()


def test_a_full_disk_is_named(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "spaces", lambda: [machine.Space(settings.STATE, 400 * 1024**2)])
    assert [one.split(" in ")[0] for one in problems(client)] == ["disk: 400 MB are free"]
