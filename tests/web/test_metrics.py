"""Figures for Prometheus: summed over processes, told only to those who may read them, and known to the rules."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import yaml
from django.db import OperationalError
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import DjangoAssertNumQueries

from prepazka.core.office.office import Office
from prepazka.flows.inbound.receive import receive
from prepazka.flows.outbound.deliver import deliver
from prepazka.gateways.values import Inbound
from prepazka.store import counting as counts
from prepazka.store import metric_counts, models, offices
from prepazka.store.counting import COUNTED, SHOWN, Counting, counting
from prepazka.store.metric_counts import Counted
from prepazka.web.measured import route_class
from tests.docs.pages import ROOT
from tests.flows.outbound.fake_gateway import Peer
from tests.web.conftest import ME, NOW, NUMBER, HandIn, message

pytestmark = pytest.mark.usefixtures("office")

TOKEN = "a-token-for-prometheus-only"


@pytest.fixture(autouse=True)
def _counted_from_nothing(office: Office) -> Iterator[None]:
    counting.store(NOW)
    models.MetricCount.objects.all().delete()
    yield
    counting.store(NOW)


def figures(client: Client, **headers: str) -> dict[str, float]:
    counting.store(NOW)
    text = client.get("/metrics", headers=headers).content.decode()
    return {
        " ".join((sample.name, *sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


# --- counting ----------------------------------------------------------------------------------


def test_messages_are_counted_by_outcome_and_with_their_time(hand_in: HandIn, client: Client) -> None:
    hand_in([message("a"), message("b", "POMOC"), message("c", "HELP", **{"from": "INFO"})])
    hand_in(message("d", "POMOC", **{"from": "+420602000111"}))
    told = figures(client)
    assert told["prepazka_messages_heard_total first"] == 4
    assert told["prepazka_messages_handled_total yes booked"] == 1
    assert told["prepazka_messages_handled_total yes help"] == 2
    assert told["prepazka_messages_handled_total no ignored"] == 1
    assert told["prepazka_handling_seconds_count"] == 4
    assert told["prepazka_handling_seconds_bucket +Inf"] == 4


def test_delivery_is_counted_by_state_and_time(client: Client, office: Office) -> None:
    receive([Inbound("modem", "1", ME, NUMBER, "POMOC", NOW)], NOW)
    models.Outbound.objects.update(state="queued", due_at=NOW)
    deliver(Peer(name="modem"), NOW + timedelta(seconds=7))
    told = figures(client)
    assert told["prepazka_messages_sent_total modem handed"] == 1
    assert told["prepazka_delivery_seconds_bucket modem 5.0 handed"] == 0
    assert told["prepazka_delivery_seconds_bucket modem 10.0 handed"] == 1
    assert told["prepazka_delivery_seconds_sum modem handed"] == 7


def test_processes_and_nodes_count_together_and_restarts_lose_nothing(client: Client) -> None:
    for process in (Counting(), Counting(), Counting()):
        process.add("prepazka_queue_acts", ("call", ""), 5)
        process.observe("prepazka_handling_seconds", (), 0.2)
        process.observe("prepazka_handling_seconds", (), 99)
        process.store(NOW)
    told = figures(client)
    assert told["prepazka_queue_acts_total call"] == 15
    assert told["prepazka_handling_seconds_count"] == 6
    assert told["prepazka_handling_seconds_bucket 0.25"] == 3
    assert told["prepazka_handling_seconds_bucket +Inf"] == 6


def test_listeners_of_processes_that_ended_are_not_counted(client: Client) -> None:
    metric_counts.show([Counted("prepazka_listeners", (), 7)], "a/1", NOW)
    metric_counts.show([Counted("prepazka_listeners", (), 8)], "a/1", NOW)
    metric_counts.show([Counted("prepazka_listeners", (), 30)], "b/2", NOW)
    metric_counts.show([Counted("prepazka_listeners", (), 400)], "c/3", NOW - timedelta(minutes=2))
    assert figures(client)["prepazka_listeners"] == 38
    assert metric_counts.forget_nodes(NOW + timedelta(hours=1, minutes=-1)) == 1


def test_counts_that_cannot_be_stored_now_are_stored_later(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    process = Counting()
    process.add("prepazka_queue_acts", ("call", ""), 5)
    process.note_gateway("modem", heard=3)

    def away(*_: object) -> None:
        raise OperationalError("database is locked")

    with monkeypatch.context() as patched:
        patched.setattr(metric_counts, "add", away)
        with pytest.raises(OperationalError):
            process.store(NOW)
    process.add("prepazka_queue_acts", ("call", ""), 2)
    process.store(NOW)
    assert figures(client)["prepazka_queue_acts_total call"] == 7
    assert models.GatewayHour.objects.get(gateway="modem").heard == 3


def test_offices_are_counted_apart_by_choice(hand_in: HandIn, client: Client, settings: Any) -> None:
    hand_in(message("a", "POMOC"))
    settings.METRICS_BY_OFFICE = True
    hand_in(message("b", "POMOC"))
    told = figures(client)
    assert told["prepazka_messages_handled_total yes demo help"] == 1
    settings.METRICS_BY_OFFICE = False
    assert figures(client)["prepazka_messages_handled_total yes help"] == 2


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/", "page"),
        ("/demo/", "page"),
        ("/demo/book/ZOP/", "page"),
        ("/metrics", "probe"),
        ("/api/v1/messages", "api"),
        ("/gateways/modem", "gateway"),
        ("/demo/desk/inbox/", "desk"),
        ("/demo/admin/", "administration"),
        ("/metrics/../+420777123456", "page"),
        ("/desk/kiosk/x\ny", "kiosk"),
    ],
)
def test_routes_are_counted_by_class(path: str, name: str) -> None:
    assert route_class(path) == name


def test_answers_are_counted_by_class_and_status(client: Client) -> None:
    client.get("/demo/")
    client.get("/no-such-office/")
    told = figures(client)
    assert told["prepazka_http_seconds_count page 2xx"] == 1
    assert told["prepazka_http_seconds_count page 4xx"] == 1


def test_what_runs_is_told(client: Client) -> None:
    assert [name.split()[0] for name, value in figures(client).items() if value == 1 and "build_info" in name] == [
        "prepazka_build_info"
    ]


def test_figures_cost_as_much_for_many_offices_as_for_one(
    client: Client, office: Office, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(45) as first:
        client.get("/metrics")
    for place in range(9):
        offices.keep(demo_like(office, place), NOW)
        receive([Inbound("phone", f"m{place}", ME, f"+42073900000{place}", "POMOC", NOW)], NOW)
    counting.store(NOW)
    with django_assert_max_num_queries(len(first)):
        client.get("/metrics")


def demo_like(office: Office, place: int) -> Office:
    return replace(office, slug=f"u{place}", numbers=(f"+42073900000{place}",))


# --- who may read them -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "headers", "allowed"),
    [
        pytest.param("127.0.0.1", {}, True, id="this machine"),
        pytest.param("203.0.113.9", {}, False, id="a second caller"),
        pytest.param("10.7.0.9", {}, True, id="the network of monitoring"),
        pytest.param("127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}, False, id="by a proxy that is not named"),
        pytest.param("127.0.0.1", {"Forwarded": "for=203.0.113.9"}, False, id="by one that says it in another way"),
        pytest.param("203.0.113.9", {"Authorization": f"Bearer {TOKEN}"}, True, id="the token"),
        pytest.param("203.0.113.9", {"Authorization": f"Bearer {TOKEN[:-1]}x"}, False, id="another token"),
        pytest.param("203.0.113.9", {"Authorization": "Bearer žluť"}, False, id="letters no token has"),
        pytest.param("203.0.113.9", {"Authorization": "Bearer "}, False, id="an empty token"),
        pytest.param("", {}, False, id="no address"),
    ],
)
def test_only_those_who_may_read_the_figures(
    client: Client, settings: Any, address: str, headers: dict[str, str], allowed: bool
) -> None:
    settings.METRICS_TOKEN, settings.METRICS_FROM = TOKEN, ["127.0.0.0/8", "10.7.0.0/16"]
    answer = client.get("/metrics", headers=headers, REMOTE_ADDR=address)
    assert answer.status_code == (200 if allowed else 403)
    assert (b"prepazka_build_info" in answer.content) == allowed


def test_without_a_token_none_is_right(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    answer = client.get("/metrics", headers={"Authorization": "Bearer "}, REMOTE_ADDR="203.0.113.9")
    assert answer.status_code == 403


# --- the rules and the dashboard ---------------------------------------------------------------

RULES = ROOT / "docs" / "monitoring" / "prometheus-rules.yml"
DASHBOARD = ROOT / "docs" / "monitoring" / "grafana.json"


def rules() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(RULES.read_text("utf-8"))["groups"] for rule in group["rules"]]


def expressions() -> list[str]:
    panels = json.loads(DASHBOARD.read_text("utf-8"))["panels"]
    return [rule["expr"] for rule in rules()] + [target["expr"] for panel in panels for target in panel["targets"]]


def known_metrics(client: Client) -> dict[str, set[str]]:
    """Each metric there is, with its labels; also those that have no sample now."""
    text = client.get("/metrics").content.decode()
    known = {name: set[str]() for name in re.findall(r"^# TYPE (\w+) ", text, re.MULTILINE)}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            known.setdefault(sample.name, set()).update(sample.labels)
    for name, metric in {**COUNTED, **SHOWN}.items():
        for ending in ("_bucket", "_count", "_sum") if metric.buckets else ("_total", ""):
            known[f"{name}{ending}"] = {*metric.labels, "le"}
    return known


# Labels of gauges that have a sample only where there is such a thing.
_SOMETIMES = {
    "prepazka_outbox": {"gateway", "state"},
    "prepazka_replication_lag_seconds": {"standby"},
    "prepazka_gateway_up": {"gateway"},
}


def test_every_metric_and_label_of_the_rules_and_the_dashboard_exists(client: Client) -> None:
    known = known_metrics(client)
    for expression in expressions():
        named = re.findall(r"prepazka_\w+", expression)
        assert named, expression
        assert [name for name in named if name not in known] == [], expression
        labels = re.findall(r"[{,]\s*(\w+)=", expression)
        labels += [one for by in re.findall(r"by \(([^)]*)\)", expression) for one in by.replace(",", " ").split()]
        allowed = {"instance"}.union(*(known[name] | _SOMETIMES.get(name, set()) for name in named))
        assert set(labels) <= allowed, expression


def test_expressions_are_whole() -> None:
    for expression in expressions():
        for opened, closed in ("()", "[]", "{}"):
            assert expression.count(opened) == expression.count(closed), expression


def test_every_rule_says_what_it_means() -> None:
    names = [rule["alert"] for rule in rules()]
    assert len(set(names)) == len(names)
    for rule in rules():
        assert rule["labels"]["severity"] in {"critical", "warning"}
        assert {"summary", "description"} == rule["annotations"].keys()


def test_panels_lie_beside_each_other() -> None:
    panels = json.loads(DASHBOARD.read_text("utf-8"))["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells


def test_no_label_can_name_a_citizen() -> None:
    labels = {label for metric in COUNTED.values() for label in metric.labels}
    assert labels <= {"gateway", "outcome", "answered", "office", "state", "route", "status", "act"}
    assert counts.SUM not in labels
