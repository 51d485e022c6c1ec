"""The worker: background work in a thread beside the pages. Any number of processes may run it at once.

It handles messages that were stored but not handled (after a kill, after a fault was fixed, and from gateways that
acknowledge before anything is decided), places of the web that nobody confirmed, cancelling at the desk that was not
undone, notices of freed places whose re-offer delay has run out, messages with missing parts, messages for screens,
messages whose time is over, reminders of visits, lists for a day without the system, counters their clerks forgot, the
end of the day there and, every hour, the erasing of personal data and the folding of old rows into figures. It also
examines the offices that were changed. `gateway_runner` sends by gateways.
"""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from threading import Event, Thread

import structlog
from django.db import DatabaseError, close_old_connections

from prepazka import clock
from prepazka.flows.booking import cancel_later, hold, waitlist
from prepazka.flows.counters.close_day import close_days
from prepazka.flows.counters.forgotten import see_to_counters
from prepazka.flows.erasing import keep_list
from prepazka.flows.every_office import in_every_office
from prepazka.flows.health.certificate import certificate
from prepazka.flows.health.offices import examination
from prepazka.flows.health.worker_watch import worker_watch
from prepazka.flows.inbound import intake, receive
from prepazka.flows.outbound import deliver
from prepazka.flows.outbound.remind import remind
from prepazka.flows.outbound.standby import take_over
from prepazka.flows.outbound.watchdog import watch
from prepazka.flows.retention import Erased, Forgotten, erase, forget
from prepazka.process import copies
from prepazka.process.day_lists import DayLists
from prepazka.process.folding import Folding
from prepazka.sms.understand import read
from prepazka.store import accounts, gateway_hours, metric_counts, offices, rate_limits, traces
from prepazka.store.counting import counting

log = structlog.get_logger()

# Seconds between searches for work.
PAUSE = 1.0
ERASE_EVERY = timedelta(hours=1)
CLOSE_EVERY = timedelta(minutes=1)
STAND_BY_EVERY = timedelta(seconds=10)
REMIND_EVERY = timedelta(minutes=1)
WATCH_EVERY = timedelta(minutes=1)
LIST_EVERY = timedelta(minutes=1)
# Offices examined in one round.
EXAMINED = 5
COUNT_EVERY = timedelta(seconds=10)


def start(stop: Event) -> Thread:
    """Run the worker in a thread of its own until `stop` is set."""
    thread = Thread(target=run, args=(stop,), name="worker", daemon=True)
    thread.start()
    return thread


class Worker:
    """Does the work there is, the most urgent first."""

    def __init__(self) -> None:
        self._counted_at: datetime | None = None
        self._erased_at: datetime | None = None
        self._closed_at: datetime | None = None
        self._reminded_at: datetime | None = None
        self._watched_at: datetime | None = None
        self._listed_at: datetime | None = None
        self._day_lists = DayLists()
        self._folding = Folding()
        self._stood_by_at: datetime | None = None

    def step(self, now: datetime) -> int:
        """Do one piece of work; return how much, 0 when there was none."""
        self._count(now)
        return (
            receive.work(now)
            or hold.settle(now)
            or cancel_later.carry_out(now)
            or waitlist.notify_after_delay(now)
            or intake.tidy(now)
            or self._send_and_tidy(now)
            or self._do_scheduled(now)
        )

    def _count(self, now: datetime) -> None:
        """Store what this process counted; messages do not wait for it while it fails."""
        if not _lately(self._counted_at, now, COUNT_EVERY):
            self._counted_at = now
            try:
                counting.store(now)
            except DatabaseError:
                log.exception("counts not stored")

    def _send_and_tidy(self, now: datetime) -> int:
        return deliver.show(now) or deliver.tidy(now)

    def _do_scheduled(self, now: datetime) -> int:
        return (
            self._stand_by(now)
            or self._remind(now)
            or self._watch(now)
            or self._close(now)
            or self._list(now)
            or self._erase(now)
            or self._folding.step(now)
            or self._examine(now)
        )

    def _stand_by(self, now: datetime) -> int:
        if _lately(self._stood_by_at, now, STAND_BY_EVERY):
            return 0
        self._stood_by_at = now
        return take_over(now)

    def _examine(self, now: datetime) -> int:
        """Examine a few offices that changed, and the certificate, and then rest: nobody waits for it."""
        certificate.ask(now)
        examination.go_on(EXAMINED)
        return 0

    def _remind(self, now: datetime) -> int:
        if _lately(self._reminded_at, now, REMIND_EVERY):
            return 0
        self._reminded_at = now
        return remind(now)

    def _watch(self, now: datetime) -> int:
        if _lately(self._watched_at, now, WATCH_EVERY):
            return 0
        self._watched_at = now
        return watch(now)

    def _close(self, now: datetime) -> int:
        if _lately(self._closed_at, now, CLOSE_EVERY):
            return 0
        self._closed_at = now
        return close_days(now) + see_to_counters(now)

    def _list(self, now: datetime) -> int:
        if _lately(self._listed_at, now, LIST_EVERY):
            return 0
        self._listed_at = now
        return self._day_lists.step(now)

    def _erase(self, now: datetime) -> int:
        if _lately(self._erased_at, now, ERASE_EVERY):
            return 0
        self._erased_at = now
        intake.forget(now)
        hold.forget(now)
        if (forgotten := forget(now)) != Forgotten():
            log.info("forgotten", **asdict(forgotten))
        accounts.forget_old_sessions()
        rate_limits.delete_expired(now)
        erase_offices(now)
        leave_no_trace(now)
        return 0


def erase_offices(now: datetime) -> int:
    """Erase what every office does not need any more; return in how many there was something."""
    return in_every_office(offices.ids(), lambda office_id: _erase_office(office_id, now))


def _erase_office(office_id: int, now: datetime) -> int:
    erased = erase(office_id, now)
    if erased != Erased():
        log.info("erased", office=office_id, **asdict(erased))
    return int(erased != Erased())


def leave_no_trace(now: datetime) -> None:
    """Remove what the database's files keep of erased data, old figures and old copies; keep the list of erasures."""
    keep_list()
    gateway_hours.forget(now)
    metric_counts.forget_nodes(now)
    traces.remove()
    traces.vacuum(now)
    copies.drop_replaced(now)


def _lately(then: datetime | None, now: datetime, within: timedelta) -> bool:
    """Whether `then` is less than `within` ago. A time in the future, left by a clock set back, does not count."""
    return then is not None and timedelta() <= now - then < within


def run(stop: Event, work: Callable[[datetime], int] | None = None) -> None:
    """Work until `stop` is set; a fault, such as an unreachable database, ends one round and not the worker."""
    if work is None:
        read.warm_up()
        work = Worker().step
    while not stop.is_set():
        try:
            while not stop.is_set():
                now = clock.now()
                worker_watch.note(now)
                if not work(now):
                    break
        except Exception:
            log.exception("work failed")
        close_old_connections()
        stop.wait(PAUSE)
