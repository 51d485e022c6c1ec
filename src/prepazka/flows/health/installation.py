"""What is wrong with an installation while it runs: told by `prepazka check`, `/readyz`, `/metrics` and the first page.

None of it is a reason to send callers to another node, which has the same database and the same gateways.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

from prepazka.flows.health import clock_watch, machine, messages, serving
from prepazka.flows.health.alarms import Problem
from prepazka.flows.health.offices import examination
from prepazka.flows.outbound import gateway_health
from prepazka.store import founded, schema

Probe = Callable[[datetime], Iterator[Problem]]


def _gateway_problems(now: datetime) -> Iterator[Problem]:
    """Yield the gateways of offices that do not work, as the processes that serve them report."""
    for gateway, health in gateway_health.all_gateways(now, asking=False):
        if gateway.numbers and health.level == "error":
            values = {"gateway": gateway.name, "what": health.summary, "how": health.fix, "health": health}
            yield Problem("gateway_error", values, gateway=gateway.name)


# docs/spec/health.md §2: "An office is being set up on its first day"
BEING_SET_UP = timedelta(days=1)


def _office_problems(now: datetime) -> Iterator[Problem]:
    errors = examination.errors()
    new = founded.offices(errors.keys(), now - BEING_SET_UP) if errors else frozenset()
    for slug, wrong in errors.items():
        if slug in new:
            continue
        values = {"office": slug, "reason": wrong.what, "fix": wrong.fix}
        yield Problem("office_unfinished", values, office=slug)


# docs/spec/health.md §2: "Tables that a newer version has changed while this one serves are told"
def _table_problems(now: datetime) -> Iterator[Problem]:
    if newer := schema.newer():
        yield Problem("tables_newer", {"migration": newer[-1]})


# docs/spec/health.md §2: "Each is found by one function"
PROBES: Mapping[str, Probe] = {
    "disk": machine.space_problems,
    "places": machine.place_problems,
    "writing": serving.writing_problems,
    "work": serving.work_problems,
    "hosts": serving.host_problems,
    "callers": serving.proxy_problems,
    "backup": machine.backup_problems,
    "certificate": machine.certificate_problems,
    "clock": machine.clock_problems,
    "clock's jumps": clock_watch.jump_problems,
    "replication": machine.replication_problems,
    "messages": messages.waiting_problems,
    "delivery": messages.delivery_problems,
    "rhythm": messages.silence_problems,
    "watchdog": messages.watchdog_problems,
}
"""Each yields what is wrong of one kind, by its name; a constant number of queries, and nobody outside is asked."""

# `prepazka check` asks each gateway, examines each office, and looks at the tables before all else.
_AS_REPORTED: Mapping[str, Probe] = {
    "gateways": _gateway_problems,
    "offices": _office_problems,
    "tables": _table_problems,
}


def problems(now: datetime) -> Iterator[Problem]:
    """Yield all that is wrong now."""
    for probe in (*PROBES.values(), *_AS_REPORTED.values()):
        yield from probe(now)


# docs/spec/health.md §2: "as found at most 5 seconds ago"
EVERY = timedelta(seconds=5)


class Found:
    """What was found wrong last, for monitors: they ask every second, and each look takes some fifteen queries."""

    def __init__(self, look: Callable[[datetime], Iterator[Problem]] = problems) -> None:
        self._look = look
        self._looked_at: datetime | None = None
        self._found: list[Problem] = []

    def problems(self, now: datetime) -> list[Problem]:
        """Return what is wrong, looked for again when the last look is too long ago."""
        if self._looked_at is None or not timedelta() <= now - self._looked_at < EVERY:
            self._found = list(self._look(now))
            self._looked_at = now
        return self._found

    def forget(self) -> None:
        """Look again at the next question."""
        self._looked_at = None


# Of this process.
found = Found()
