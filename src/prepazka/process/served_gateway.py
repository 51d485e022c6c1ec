"""A gateway that this process serves: what is done with it in one step, whichever thread takes the step.

A step asks the database nothing while the peer is silent and nothing is due: what is due is asked once for all gateways
of a process (`gateway_runner`), and what they report of their health is stored for all of them together.
"""

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from threading import Event
from time import monotonic

import structlog

from prepazka.flows.inbound import receive
from prepazka.flows.inbound.intake import poll, resume
from prepazka.flows.outbound.deliver import deliver
from prepazka.flows.outbound.gateway_health import REPORT_EVERY, Examined, examine
from prepazka.flows.peers_memory import forget_old
from prepazka.gateways.values import Gateway

log = structlog.get_logger()

# How often what the peer keeps of old messages is erased.
FORGET_EVERY = timedelta(hours=1)
# Events of one poll that show a crowd, and the seconds for which a crowd is only taken in.
CROWD = 50
TAKEN_IN = 0.5
# Batches that are sent in a row, each answered and the next claimed by one transaction, and the seconds after which no
# other is claimed; then it is heard again.
BATCHES = 30
SENT_WITHIN = 0.2
# Seconds to wait after a fault, growing from the first to the second.
AFTER_FAULT = (1.0, 30.0)


# docs/spec/delivery.md §7: "Sending goes on while hearing fails, and the other way round."
class Direction:
    """One thing that is done with a gateway again and again; after a fault it rests, and the others go on.

    fault: what went wrong the last time, without texts of citizens; "" when nothing did.
    """

    def __init__(self, gateway: str, name: str) -> None:
        self.fault = ""
        self._gateway = gateway
        self._name = name
        self._pause = 0.0
        self._until: datetime | None = None

    def run(self, work: Callable[[], int], now: datetime) -> int:
        """Do it, unless it rests; return how much was done."""
        if self._until and self._until - timedelta(seconds=self._pause) <= now < self._until:
            return 0
        try:
            done = work()
        except Exception as error:
            log.exception("gateway failed", gateway=self._gateway, at=self._name)
            self.fault = _describe(error)
            self._pause = min(self._pause * 2 or AFTER_FAULT[0], AFTER_FAULT[1])
            self._until = now + timedelta(seconds=self._pause)
            return 0
        self.fault, self._pause, self._until = "", 0.0, None
        return done


def _describe(error: Exception) -> str:
    """Return what went wrong: the system's own words, or only the kind of an error that might quote a message."""
    if isinstance(error, OSError):
        return error.strerror or str(error) or type(error).__name__
    return str(error) if isinstance(error, sqlite3.Error) else type(error).__name__


class ServedGateway:
    """A gateway in service; one thread at a time takes its steps.

    open_: opens it. stop: set when it is to be closed. ended: set when it is. due: set while there may be something to
    send by it.
    """

    def __init__(self, name: str, open_: Callable[[], Gateway]) -> None:
        self.name = name
        self.stop = Event()
        self.ended = Event()
        self.due = Event()
        self.hearing = Direction(name, "hearing")
        self._open = open_
        self._gateway: Gateway | None = None
        self._opening = Direction(name, "opening")
        self._sending = Direction(name, "sending")
        self._keeping = Direction(name, "keeping")
        self._examined: Examined | None = None
        self._examined_at: datetime | None = None
        self._forgot: datetime | None = None

    def step(self, now: datetime, wait: float) -> int:
        """Take in events, handle messages, send what is due, and see to its health; return how much was done.

        wait: seconds to wait for an event.
        """
        gateway = self._gateway
        if gateway is None:
            return self._opening.run(self._opened, now)
        done = self.hearing.run(partial(hear, gateway, now, wait), now)
        if done or self.due.is_set():
            self.due.clear()
            # A crowd that comes in goes before what goes out.
            batches = 1 if done >= CROWD else BATCHES
            sent = self._sending.run(partial(deliver, gateway, now, batches, SENT_WITHIN), now)
            if done or sent:  # there may be more, or another thread is about to answer what was heard
                self.due.set()
            done += sent
        self._keeping.run(partial(self._look_after, gateway, now), now)
        return done

    def take_report(self) -> Examined | None:
        """Return what was last seen of its health, once."""
        examined, self._examined = self._examined, None
        return examined

    def close(self) -> None:
        """Close it; its peer keeps what is not acknowledged."""
        gateway, self._gateway = self._gateway, None
        if gateway is not None:
            with suppress(Exception):
                gateway.close()

    def _opened(self) -> int:
        gateway = self._open()
        try:
            resume(gateway)
        except BaseException:
            gateway.close()
            raise
        self._gateway = gateway
        return 1

    def _look_after(self, gateway: Gateway, now: datetime) -> int:
        if self._examined_at is None or not timedelta() <= now - self._examined_at < REPORT_EVERY:
            self._examined_at = now
            self._examined = examine(gateway, now, self.hearing.fault)
        if self._forgot is None or not timedelta() <= now - self._forgot < FORGET_EVERY:
            self._forgot = now  # a peer that refuses is asked again at the next time
            return forget_old(gateway, now)
        return 0


def hear(gateway: Gateway, now: datetime, wait: float) -> int:
    """Take in events and handle messages; return how much was done.

    Of a crowd all is stored and acknowledged first, for up to `TAKEN_IN`: to store a message takes a third of the time
    that it takes to answer it, and until then it is its peer's to keep.
    """
    received = last = poll(gateway, now, wait)
    until = monotonic() + TAKEN_IN
    while last >= CROWD and monotonic() < until:
        last = poll(gateway, now)
        received += last
    handled = 0
    while received and (batch := receive.work(now)):
        handled += batch
    return received + handled


def step(gateway: Gateway, now: datetime, wait: float) -> int:
    """Take in events, handle messages, and send what is due; return how much was done."""
    return hear(gateway, now, wait) + deliver(gateway, now)
