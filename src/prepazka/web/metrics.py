"""`/metrics`: figures for Prometheus, from the database, so that every process and node returns the same.

Counters are what all processes counted (`store/counting.py`); gauges are counted when they are asked for.
"""

import platform
import secrets
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from http import HTTPStatus
from importlib.metadata import version
from ipaddress import ip_address, ip_network

import django
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector, CollectorRegistry

from prepazka.flows.health import installation, machine
from prepazka.flows.health.alarms import ALARMS
from prepazka.flows.health.certificate import Certificate, certificate
from prepazka.flows.health.offices import examination
from prepazka.flows.outbound import gateway_health
from prepazka.store import counting, database_state, figures, marks, metric_counts, offices, rate_limits
from prepazka.store.metric_counts import Labels
from prepazka.web import clock
from prepazka.web.callers import address_of

_UP = {"ok": 1.0, "warning": 0.5, "error": 0.0}


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Return Prometheus metrics to those who may read them."""
    if not may_read(request):
        refusal = "Send the token of PREPAZKA_METRICS_TOKEN, or let this address read by PREPAZKA_METRICS_FROM.\n"
        return HttpResponse(refusal, status=HTTPStatus.FORBIDDEN, content_type="text/plain")
    # Which loads a server and a client over HTTP: most offices are asked by nobody.
    from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest  # noqa: PLC0415

    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures(clock.now()))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


# docs/spec/health.md §4: "only to whoever has the token, or calls from an address that may"
def may_read(request: HttpRequest) -> bool:
    """Whether the caller may read the figures.

    A call that somebody passed on, while no proxy is named, may come from anywhere: its address proves nothing.
    """
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN and secrets.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        return True
    if not settings.PROXIES and {"X-Forwarded-For", "Forwarded"} & request.headers.keys():
        return False
    try:
        address = ip_address(address_of(request))
    except ValueError:
        return False
    return any(address in ip_network(network, strict=False) for network in settings.METRICS_FROM)


class _Figures(Collector):
    """The figures of one moment."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def collect(self) -> list[Metric]:
        """Return all figures, in a constant number of queries."""
        waiting = figures.waiting_messages()
        outcomes = GaugeMetricFamily(
            "prepazka_messages_last_hour", "Messages handled in the last hour, by outcome.", labels=["outcome"]
        )
        for outcome, count in figures.outcomes_of_last_hour(self._now).items():
            outcomes.add_metric([outcome], count)
        return [
            _build_info(),
            *self._counted(),
            GaugeMetricFamily("prepazka_messages_waiting", "Messages stored but not handled.", value=waiting.count),
            GaugeMetricFamily(
                "prepazka_messages_waiting_seconds",
                "Age of the oldest message not handled, 0 when there is none.",
                value=waiting.age(self._now),
            ),
            outcomes,
            *self._gateways(),
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

    def _counted(self) -> Iterator[Metric]:
        """Return the counters of all processes together, and the sums of what each shows."""
        found: dict[str, dict[Labels, float]] = {}
        for one in metric_counts.all_counts(self._now):
            found.setdefault(one.name, {})[one.labels] = one.value
        slugs = {str(row.id): slug for slug, row in offices.versions().items()} if settings.METRICS_BY_OFFICE else {}
        for name, metric in counting.COUNTED.items():
            yield _family(name, metric, found.get(name, {}), slugs)
        for name, metric in counting.SHOWN.items():
            yield GaugeMetricFamily(name, metric.help, value=sum(found.get(name, {}).values()))

    def _gateways(self) -> list[Metric]:
        """Return which gateways work, as the processes that hold them report, and when each heard something last."""
        up = GaugeMetricFamily(
            "prepazka_gateway_up", "Whether the gateway works: 1 ok, 0.5 with a warning, 0 not.", labels=["gateway"]
        )
        for gateway, health in gateway_health.all_gateways(self._now, asking=False):
            up.add_metric([gateway.name], _UP[health.level])
        heard = GaugeMetricFamily(
            "prepazka_gateway_heard_timestamp_seconds", "When a message was heard last.", labels=["gateway"]
        )
        for name, at in marks.moments(marks.HEARD).items():
            heard.add_metric([name], at.timestamp())
        return [up, heard]

    def _installation(self) -> list[Metric]:
        """Return what monitoring warns of before it is too late."""
        free = GaugeMetricFamily("prepazka_disk_free_bytes", "Space free, by directory.", labels=["directory"])
        for space in machine.spaces():
            free.add_metric([str(space.directory)], space.free)
        backup = GaugeMetricFamily("prepazka_backup_timestamp_seconds", "When the last backup was made.", labels=[])
        if last := marks.moment(marks.BACKUP):
            backup.add_metric([], last.timestamp())
        unfinished = len(examination.errors())
        lag = GaugeMetricFamily("prepazka_replication_lag_seconds", "How far a standby is behind.", labels=["standby"])
        for standby in database_state.standbys():
            lag.add_metric([standby.name], standby.lag.total_seconds())
        ends = GaugeMetricFamily("prepazka_certificate_end_timestamp_seconds", "When the certificate ends.", labels=[])
        if isinstance(shown := certificate.state(self._now), Certificate):
            ends.add_metric([], shown.until.timestamp())
        difference = database_state.clock_difference().total_seconds()
        return [
            free,
            backup,
            lag,
            ends,
            GaugeMetricFamily(
                "prepazka_clock_difference_seconds", "The database's clock against ours.", value=difference
            ),
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


def _build_info() -> Metric:
    """Return what runs here, as labels of a one."""
    labels = ["version", "python", "django", "database"]
    info = GaugeMetricFamily("prepazka_build_info", "What runs here.", labels=labels)
    info.add_metric([version("prepazka"), platform.python_version(), django.__version__, connection.vendor], 1)
    return info


def _family(name: str, metric: counting.Metric, counts: Mapping[Labels, float], slugs: Mapping[str, str]) -> Metric:
    """Return a counter, or a histogram from the counts of its buckets."""
    if not metric.buckets:
        counter = CounterMetricFamily(name, metric.help, labels=_shown(metric.labels))
        shown: dict[Labels, float] = {}
        for labels, value in counts.items():  # those of offices too, counted while the setting said so
            place = _values(metric.labels, labels, slugs)
            shown[place] = shown.get(place, 0) + value
        for labels, value in sorted(shown.items()):
            counter.add_metric(labels, value)
        return counter
    histogram = HistogramMetricFamily(name, metric.help, labels=metric.labels)
    for labels in sorted({labels[:-1] for labels in counts}):
        total, buckets = 0.0, list[tuple[str, float]]()
        for bound in [*(str(float(bucket)) for bucket in metric.buckets), "+Inf"]:
            total += counts.get((*labels, bound), 0)
            buckets.append((bound, total))
        histogram.add_metric(labels, buckets, counts.get((*labels, counting.SUM), 0))
    return histogram


def _shown(labels: Labels) -> list[str]:
    return [label for label in labels if label != "office" or settings.METRICS_BY_OFFICE]


def _values(names: Labels, values: Labels, slugs: Mapping[str, str]) -> Labels:
    """Return the values of the labels that are shown; an office's by its slug, "" for one that is gone."""
    return tuple(
        slugs.get(value, "") if name == "office" else value
        for name, value in zip(names, values, strict=True)
        if name != "office" or settings.METRICS_BY_OFFICE
    )
