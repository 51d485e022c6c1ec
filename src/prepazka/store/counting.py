"""What this process counts for monitoring: in memory first, then added to the database's counters every few seconds.

So all processes and nodes count together, a counter survives a restart, and an SMS costs no statement more. A process
that is killed loses the counts of its last seconds.
"""

import os
import socket
from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from django.conf import settings
from django.db import transaction

from prepazka.store import gateway_hours, marks, metric_counts
from prepazka.store.gateway_hours import Done
from prepazka.store.metric_counts import Counted, Labels

# Upper bounds of histograms, in seconds: of work, and of the way of a message to a telephone.
_WORK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_DELIVERY = (1, 2, 5, 10, 30, 60, 300, 1800, 3600, 21_600, 86_400)


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric that is counted; buckets: the upper bounds of a histogram, () for a counter."""

    help: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()


COUNTED: Mapping[str, Metric] = {
    "prepazka_messages_heard": Metric("Messages taken in from gateways.", ("gateway",)),
    "prepazka_messages_handled": Metric("Messages handled, by outcome.", ("outcome", "answered", "office")),
    "prepazka_handling_seconds": Metric("From taking up a message to the commit of its answer.", (), _WORK),
    "prepazka_messages_sent": Metric(
        "Messages given to a gateway and what was reported of them later, by state.", ("gateway", "state")
    ),
    "prepazka_delivery_seconds": Metric("From writing a message to the state.", ("gateway", "state"), _DELIVERY),
    "prepazka_receipts_unmatched": Metric("Receipts that named no message of ours.", ("gateway",)),
    "prepazka_http_seconds": Metric("Answers over HTTP, by route class and status.", ("route", "status"), _WORK),
    "prepazka_queue_acts": Metric("Acts on tickets at the counters.", ("act", "office")),
}
"""By name; Prometheus adds `_total` to a counter, `_bucket`, `_sum` and `_count` to a histogram."""

SHOWN: Mapping[str, Metric] = {"prepazka_listeners": Metric("Listeners of event streams that are connected.")}
"""Numbers that each process shows; monitoring reads their sum."""

SUM = "sum"


def office_label(office_id: int) -> str:
    """Return the label of an office: its row id where the operator wants figures of each office, otherwise nothing."""
    return str(office_id) if settings.METRICS_BY_OFFICE else ""


class Counting:
    """The counts since they were stored last."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: dict[tuple[str, Labels], float] = {}
        self._gateways: dict[str, Done] = {}
        self._shown: dict[str, Callable[[], float]] = {}

    def add(self, name: str, labels: Labels = (), amount: float = 1) -> None:
        """Add to a counter of `COUNTED`."""
        with self._lock:
            self._add(name, labels, amount)

    def observe(self, name: str, labels: Labels, seconds: float, times: int = 1) -> None:
        """Add an observation to a histogram of `COUNTED`; times: how often it was made, as in a batch."""
        buckets = COUNTED[name].buckets
        place = bisect_left(buckets, seconds)
        bound = str(float(buckets[place])) if place < len(buckets) else "+Inf"
        with self._lock:
            self._add(name, (*labels, bound), times)
            self._add(name, (*labels, SUM), seconds * times)

    def note_gateway(self, gateway: str, *, heard: int = 0, sent: int = 0) -> None:
        """Add to what a gateway did in this hour."""
        with self._lock:
            done = self._gateways.setdefault(gateway, Done())
            done.heard += heard
            done.sent += sent

    def show(self, name: str, number: Callable[[], float]) -> None:
        """Show what a function returns from now on, as a number of `SHOWN`."""
        self._shown[name] = number

    def _add(self, name: str, labels: Labels, amount: float) -> None:
        self._counts[name, labels] = self._counts.get((name, labels), 0) + amount

    def store(self, now: datetime) -> None:
        """Add what was counted to the database's counters. What cannot be stored now is stored the next time."""
        with self._lock:
            counts, self._counts = self._counts, {}
            gateways, self._gateways = self._gateways, {}
        try:
            if counts or gateways or self._shown:
                self._write(counts, gateways, now)
        except BaseException:
            with self._lock:
                for (name, labels), amount in counts.items():
                    self._add(name, labels, amount)
            for gateway, done in gateways.items():
                self.note_gateway(gateway, heard=done.heard, sent=done.sent)
            raise

    def _write(self, counts: Mapping[tuple[str, Labels], float], gateways: Mapping[str, Done], now: datetime) -> None:
        with transaction.atomic():
            metric_counts.add(counts, now)
            metric_counts.show([Counted(name, (), number()) for name, number in self._shown.items()], _node(), now)
            gateway_hours.add(gateways.items(), now)
            if heard := [f"{marks.HEARD}{gateway}" for gateway, done in gateways.items() if done.heard]:
                marks.put_all(heard, now)


def _node() -> str:
    return f"{socket.gethostname()}/{os.getpid()}"[:100]


# Of this process; its worker stores it.
counting = Counting()
