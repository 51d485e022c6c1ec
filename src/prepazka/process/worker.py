"""The worker: background work in threads beside the pages, each with a connection of its own.

Stored messages have a thread in every process, and wait behind nothing else. They are what was stored but not handled:
after a kill, after a fault was fixed, and from gateways that acknowledge before anything is decided.

What is due by the clock is done by one process of all, the holder of a lease: `at_once` is what somebody waits for
(places nobody confirmed, cancelling at the desk that was not undone, notices of freed places, messages whose time is
over), `each_minute` what has its time of day (reminders, the watchdog, the end of the day, forgotten counters, lists
for a day without the system), `each_hour` the erasing of personal data and the folding of old rows into figures. Each
asks whose is due once for all offices.

`own_work` is what each process does for itself: it stores what it counted, and keeps its offices up to date.
`gateway_runner` sends by gateways.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from threading import Event, Thread

import structlog
from django.db import connections

from prepazka import clock
from prepazka.flows.booking import cancel_later, hold, waitlist
from prepazka.flows.counters.close_day import close_days
from prepazka.flows.counters.forgotten import see_to_counters
from prepazka.flows.health.certificate import certificate
from prepazka.flows.health.clock_watch import apart_from_others, clock_watch
from prepazka.flows.health.offices import examination
from prepazka.flows.health.worker_watch import worker_watch
from prepazka.flows.inbound import intake, receive
from prepazka.flows.outbound import deliver
from prepazka.flows.outbound.remind import remind
from prepazka.flows.outbound.standby import take_over
from prepazka.flows.outbound.watchdog import watch
from prepazka.gateways.screens import SCREENS
from prepazka.process.day_lists import DayLists
from prepazka.process.folding import Folding
from prepazka.process.hourly import tidy_up
from prepazka.process.lease import Lease
from prepazka.process.listening import listening
from prepazka.process.office_renewal import OfficeRenewal
from prepazka.process.schedule import AT_ONCE, Schedule, Task
from prepazka.sms.understand import read
from prepazka.store import due
from prepazka.store.connections import Upkeep
from prepazka.store.counting import counting

log = structlog.get_logger()

# Seconds between searches for work, at the least.
PAUSE = 1.0
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
# Offices examined in one round.
EXAMINED = 5


def start(stop: Event) -> list[Thread]:
    """Run the worker in threads of its own until `stop` is set."""
    threads = [
        Thread(target=_run_thread, args=(stop, handle_messages, "messages"), name="worker messages", daemon=True)
    ]
    for schedule in (own_work(), at_once(), each_minute(), each_hour()):
        arguments = (stop, schedule.step, schedule.name, schedule.rest)
        threads.append(Thread(target=_run_thread, args=arguments, name=f"worker {schedule.name}", daemon=True))
    for thread in threads:
        thread.start()
    return threads


def handle_messages(now: datetime) -> int:
    """Handle a batch of stored messages, or show what is due on screens; return how much was done."""
    if clock_watch.apart or not due.messages_wait(SCREENS, now):  # nearly always; one question
        return 0
    return receive.work(now) or deliver.show(now)


def own_work() -> Schedule:
    """Return what each process does for itself."""
    return Schedule(
        "own work",
        [
            Task("counts", timedelta(seconds=10), _store_counts),
            Task("offices", AT_ONCE, OfficeRenewal(listening).step),
            Task("clock", timedelta(seconds=5), _watch_clock),
            Task("examination", timedelta(seconds=5), _examine),
        ],
    )


def at_once() -> Schedule:
    """Return what somebody waits for; one process does it."""
    return Schedule(
        "at once",
        [
            Task("holds", AT_ONCE, hold.settle),
            Task("cancelling", AT_ONCE, cancel_later.carry_out),
            Task("waitlist", timedelta(seconds=5), waitlist.notify_after_delay),
            Task("parts", timedelta(seconds=10), intake.tidy),
            Task("outbox", timedelta(seconds=10), deliver.tidy),
            Task("standby", timedelta(seconds=10), take_over),
        ],
        Lease("at once"),
    )


def each_minute() -> Schedule:
    """Return what has its time of day; one process does it."""
    return Schedule(
        "each minute",
        [
            Task("reminders", _MINUTE, remind),
            Task("watchdog", _MINUTE, watch),
            Task("days", _MINUTE, close_days),
            Task("counters", _MINUTE, see_to_counters),
            Task("day lists", _MINUTE, DayLists().step),
        ],
        Lease("each minute"),
    )


def each_hour() -> Schedule:
    """Return the erasing and the folding of old rows; one process does it."""
    return Schedule(
        "each hour",
        [Task("erasing", _HOUR, tidy_up), Task("folding", _HOUR, Folding().step, in_batches=True)],
        Lease("each hour"),
    )


def _store_counts(now: datetime) -> int:
    counting.store(now)
    return 0


def _watch_clock(now: datetime) -> int:
    if not clock.is_rehearsal():  # whoever rehearses sets it on purpose
        clock_watch.look(now, clock.steady())
        if (found := apart_from_others()) and not clock_watch.apart:
            log.error("this clock is wrong, so the work is left to other processes", seconds=found.total_seconds())
        clock_watch.apart = found
    return 0


def _examine(now: datetime) -> int:
    """Examine a few offices that changed, and the certificate: nobody waits for it."""
    certificate.ask(now)
    examination.go_on(EXAMINED)
    return 0


def _no_rest(_now: datetime) -> float:
    return 0


def _run_thread(
    stop: Event, work: Callable[[datetime], int], name: str, rest: Callable[[datetime], float] = _no_rest
) -> None:
    try:
        run(stop, work, name, rest)
    finally:
        if not stop.is_set():  # what it does is done by nobody now
            worker_watch.note_end(name)
        connections.close_all()


def run(
    stop: Event, work: Callable[[datetime], int], name: str = "worker", rest: Callable[[datetime], float] = _no_rest
) -> None:
    """Work until `stop` is set; a fault, such as an unreachable database, ends one round and not the worker.

    rest: the seconds until there may be work again; not believed in a rehearsal, whose clock is moved on purpose.
    """
    if work is handle_messages:
        read.warm_up()
    upkeep = Upkeep()
    while not stop.is_set():
        try:
            _work_off(stop, work, partial(worker_watch.note, thread=name))
        except Exception:
            log.exception("work failed", thread=name)
        upkeep.after_round()
        stop.wait(PAUSE if clock.is_rehearsal() else max(PAUSE, rest(clock.now())))


def _work_off(stop: Event, work: Callable[[datetime], int], note: Callable[[datetime], None]) -> None:
    """Work until there is nothing to do."""
    while not stop.is_set():
        now = clock.now()
        note(now)
        if not work(now):
            return
