"""Endpoints for monitoring: liveness, readiness and metrics."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from prepazka.flows.health import installation, machine
from prepazka.flows.health.alarms import ALARMS
from prepazka.flows.health.offices import examination
from prepazka.flows.health.worker_watch import worker_watch
from prepazka.flows.health.write_probe import write_probe
from prepazka.flows.outbound import gateway_health
from prepazka.store import figures, marks, rate_limits
from prepazka.store.database_errors import public_reason
from prepazka.web import clock

_UP = {"ok": 1.0, "warning": 0.5, "error": 0.0}


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Report that the process answers; no database is used."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Report whether this process can work; 503 only for what another node would do better, with the failed check.

    What is wrong with the installation (`problems`) is in the body and never changes the status.
    """
    now = clock.now()
    failed, found = _find_failure(now), list[str]()
    if failed is None:
        try:
            found = [f"{one.what}; {one.fix}" if one.fix else one.what for one in installation.problems(now)]
        except DatabaseError as error:
            failed = _database_away(error)
    if failed is None:
        return JsonResponse({"status": "ready", "problems": found})
    return JsonResponse(
        {"status": "not ready", "check": failed.check, "detail": failed.detail}, status=HTTPStatus.SERVICE_UNAVAILABLE
    )


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """The check that failed, and the reason."""

    check: str
    detail: str


def _find_failure(now: datetime) -> FailedCheck | None:
    """Return the first check that fails; None when this process works."""
    try:
        if not figures.is_migrated():
            return FailedCheck("migrations", "the tables are of another version; run: prepazka migrate")
    except DatabaseError as error:
        return _database_away(error)
    if reason := write_probe.failure(now):
        return FailedCheck("writing", f"the database cannot be written: {reason}")
    if stalled := worker_watch.stalled(now):
        return FailedCheck("worker", f"the work behind the pages has stood still for {stalled:.0f} s; restart serve")
    return None


def _database_away(error: DatabaseError) -> FailedCheck:
    return FailedCheck("database", f"the database cannot be reached or read: {public_reason(error)}")


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Return Prometheus metrics, counted in the database, so that every process returns the same."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures(clock.now()))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class _Figures(Collector):
    """The figures of one moment."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def collect(self) -> list[Metric]:
        """Return gauges only: each counts what there is now."""
        waiting = figures.waiting_messages()
        outcomes = GaugeMetricFamily(
            "prepazka_messages_last_hour", "Messages handled in the last hour, by outcome.", labels=["outcome"]
        )
        for outcome, count in figures.outcomes_of_last_hour(self._now).items():
            outcomes.add_metric([outcome], count)
        return [
            GaugeMetricFamily("prepazka_messages_waiting", "Messages stored but not handled.", value=waiting.count),
            GaugeMetricFamily(
                "prepazka_messages_waiting_seconds",
                "Age of the oldest message not handled, 0 when there is none.",
                value=waiting.age(self._now),
            ),
            outcomes,
            self._gateways(),
            *self._outbox(),
            *self._installation(),
            *self._limits(),
            self._alarms(),
            GaugeMetricFamily(
                "prepazka_bookings_to_come",
                "Active bookings that have not begun.",
                value=figures.bookings_to_come(self._now),
            ),
        ]

    def _gateways(self) -> Metric:
        """Return which gateways work, as the processes that hold them report."""
        up = GaugeMetricFamily(
            "prepazka_gateway_up", "Whether the gateway works: 1 ok, 0.5 with a warning, 0 not.", labels=["gateway"]
        )
        for gateway, health in gateway_health.all_gateways(self._now, asking=False):
            up.add_metric([gateway.name], _UP[health.level])
        return up

    def _installation(self) -> list[Metric]:
        """Return what monitoring warns of before it is too late."""
        free = GaugeMetricFamily("prepazka_disk_free_bytes", "Space free, by directory.", labels=["directory"])
        for space in machine.spaces():
            free.add_metric([str(space.directory)], space.free)
        backup = GaugeMetricFamily("prepazka_backup_timestamp_seconds", "When the last backup was made.", labels=[])
        if last := marks.moment(marks.BACKUP):
            backup.add_metric([], last.timestamp())
        unfinished = len(examination.errors())
        return [
            free,
            backup,
            GaugeMetricFamily(
                "prepazka_offices_unfinished", "Offices with an error (prepazka check).", value=unfinished
            ),
        ]

    def _alarms(self) -> Metric:
        """Return how often each alarm is raised now; all are there, so that none has to be absent to be silent."""
        raised = Counter(problem.alarm for problem in installation.problems(self._now))
        alarms = GaugeMetricFamily(
            "prepazka_alarm", "What is wrong now, by the alarm's name (docs/operations.md).", labels=["alarm", "level"]
        )
        for name, text in ALARMS.items():
            alarms.add_metric([name, text.level], raised[name])
        return alarms

    def _limits(self) -> list[Metric]:
        """Return what the limits count now; one that is reached slows somebody down."""
        counted = GaugeMetricFamily(
            "prepazka_limit_counted", "What a limit counts now: callers, names, devices.", labels=["limit"]
        )
        reached = GaugeMetricFamily("prepazka_limit_reached", "How many of them are at the limit.", labels=["limit"])
        for one in rate_limits.all_limits(self._now):
            if one.counted is not None and one.reached is not None:
                counted.add_metric([one.limit.name], one.counted)
                reached.add_metric([one.limit.name], one.reached)
        return [counted, reached]

    def _outbox(self) -> list[Metric]:
        """Return the messages on their way out, by gateway."""
        outbox = GaugeMetricFamily(
            "prepazka_outbox",
            "Messages not sent yet, or not known to be, by gateway and state.",
            labels=["gateway", "state"],
        )
        age = GaugeMetricFamily(
            "prepazka_outbox_waiting_seconds", "Age of the oldest message not sent, by gateway.", labels=["gateway"]
        )
        overdue = GaugeMetricFamily(
            "prepazka_outbox_overdue_seconds",
            "Time since the first message not sent was due, by gateway.",
            labels=["gateway"],
        )
        for gateway, unsent in figures.unsent_messages().items():
            outbox.add_metric([gateway, "queued"], unsent.count)
            age.add_metric([gateway], unsent.age(self._now))
            overdue.add_metric([gateway], unsent.overdue(self._now))
        for labels, count in figures.messages_in_doubt().items():
            outbox.add_metric(labels, count)
        sent = GaugeMetricFamily(
            "prepazka_sent_last_hour",
            "Messages given to gateways in the last hour, by what has come of them.",
            labels=["gateway", "state"],
        )
        for labels, count in figures.tried_in_last_hour(self._now).items():
            sent.add_metric(labels, count)
        return [outbox, age, overdue, sent]
