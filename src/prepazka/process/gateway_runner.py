"""Running the gateways: each is served by one process at a time, in a thread of its own.

A process holds a gateway for `HELD` and renews the hold while it serves. The hold of a killed process runs out, or is
taken at once by another process on the same machine, which finds that the holder has ended.
"""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from threading import Event, Thread
from typing import Any

import structlog
from django.db import close_old_connections

from prepazka import clock
from prepazka.flows.inbound import receive
from prepazka.flows.inbound.intake import poll, resume
from prepazka.flows.outbound import gateway_health
from prepazka.flows.outbound.deliver import deliver
from prepazka.flows.peers_memory import forget_old
from prepazka.gateways.kinds import KINDS, open_gateway
from prepazka.gateways.values import Gateway
from prepazka.process.identity import dead, me
from prepazka.store import gateways
from prepazka.store.gateways import Configured

log = structlog.get_logger()

HELD = timedelta(seconds=30)
# A hold is renewed this long before it runs out, at the latest.
RENEWED = timedelta(seconds=20)
# How often what the peer keeps of old messages is erased.
FORGET_EVERY = timedelta(hours=1)
# Seconds between searches for gateways that no process serves.
LOOK = 2.0
# Seconds to wait for events of a gateway before looking again for messages to send.
WAIT = 0.5
# Seconds to wait after a fault, growing from the first to the second.
AFTER_FAULT = (1.0, 30.0)


@dataclass(frozen=True, slots=True)
class ServedGateway:
    """A gateway as this process serves it."""

    configured: Configured
    stop: Event
    thread: Thread


def start(stop: Event) -> Thread:
    """Run the gateways in a thread of their own until `stop` is set."""
    thread = Thread(target=GatewayRunner(stop).run, name="exchange", daemon=True)
    thread.start()
    return thread


class GatewayRunner:
    """Serves the gateways that no other process serves, as they are configured now."""

    def __init__(self, stop: Event, *, open_: Callable[[str, str, Mapping[str, Any]], Gateway] = open_gateway) -> None:
        self._stop = stop
        self._open = open_
        self._served: dict[str, ServedGateway] = {}
        self._me = me()

    def run(self) -> None:
        """Serve gateways until `stop` is set."""
        while not self._stop.is_set():
            try:
                self.look(clock.now())
            except Exception:
                log.exception("looking for gateways failed")
            close_old_connections()
            self._stop.wait(LOOK)
        for served in self._served.values():
            served.stop.set()

    def look(self, now: datetime) -> None:
        """Begin serving free gateways; stop serving those deleted or configured anew (begun again at the next look)."""
        configured = {one.name: one for one in gateways.configured() if one.kind in KINDS and one.readable}
        for name, served in list(self._served.items()):
            if configured.get(name) != served.configured:
                served.stop.set()
            if not served.thread.is_alive():
                del self._served[name]
        for name, one in configured.items():
            if name not in self._served and self._hold(name, now):
                stop = Event()
                thread = Thread(target=self._serve, args=(one, stop), name=f"gateway {name}", daemon=True)
                self._served[name] = ServedGateway(one, stop, thread)
                thread.start()

    def _hold(self, name: str, now: datetime) -> bool:
        holder = gateways.holder(name)
        return gateways.hold(name, self._me, now, now + HELD, dead=holder if holder and dead(holder) else "")

    def _serve(self, configured: Configured, stop: Event) -> None:
        try:
            gateway = self._open(configured.name, configured.kind, configured.settings)
            resume(gateway)
        except Exception:
            log.exception("gateway not opened", gateway=configured.name)
            stop.wait(AFTER_FAULT[1])
            return
        try:
            serve(gateway, self._me, stop, self._stop)
        finally:
            with suppress(Exception):
                gateway.close()
            with suppress(Exception):
                gateways.release(configured.name, self._me)
            close_old_connections()


def serve(gateway: Gateway, holder: str, *stops: Event) -> None:
    """Receive and send by a held gateway until one of `stops` is set, or until another process holds it."""
    hearing, sending = Direction(gateway.name, "hearing"), Direction(gateway.name, "sending")
    keeping = Direction(gateway.name, "keeping")
    held = Hold(gateway, holder)
    busy = True
    while not any(stop.is_set() for stop in stops):
        now = clock.now()
        wait = 0 if busy else WAIT
        keeping.run(partial(held.keep, now, hearing.fault), now)
        if held.lost:
            return
        done = hearing.run(partial(hear, gateway, now, wait), now)
        done += sending.run(partial(deliver, gateway, now), now)
        busy = done > 0
        close_old_connections()
        if hearing.fault and not busy:  # whose poll would have waited
            stops[0].wait(min(WAIT, AFTER_FAULT[0]))


class Hold:
    """The hold of a gateway, the reports of its health, and erasing what its peer keeps of old messages.

    lost: whether another process serves it now.
    """

    def __init__(self, gateway: Gateway, holder: str) -> None:
        self.lost = False
        self._gateway = gateway
        self._holder = holder
        self._renewed = clock.now()
        self._reported: datetime | None = None
        self._forgot: datetime | None = None

    def keep(self, now: datetime, deaf: str) -> int:
        """Renew the hold and report, each in its time. deaf: why nothing can be heard, "" while something can."""
        if now - self._renewed > HELD - RENEWED:
            if not gateways.hold(self._gateway.name, self._holder, now, now + HELD):
                log.warning("gateway taken over by another process", gateway=self._gateway.name)
                self.lost = True
                return 0
            self._renewed = now
        if self._reported is None or now - self._reported > gateway_health.REPORT_EVERY:
            gateway_health.report(self._gateway, now, deaf)
            self._reported = now
        if self._forgot is None or now - self._forgot > FORGET_EVERY:
            self._forgot = now  # a peer that refuses is asked again at the next time
            return forget_old(self._gateway, now)
        return 0


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


def hear(gateway: Gateway, now: datetime, wait: float) -> int:
    """Take in events and handle messages; return how much was done."""
    received = poll(gateway, now, wait)
    handled = 0
    while received and (batch := receive.work(now)):
        handled += batch
    return received + handled


def step(gateway: Gateway, now: datetime, wait: float) -> int:
    """Take in events, handle messages, and send what is due; return how much was done."""
    return hear(gateway, now, wait) + deliver(gateway, now)
