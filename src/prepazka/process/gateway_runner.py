"""Running the gateways: they are shared out among the processes, and each is served by one process at a time.

Who owns a gateway follows from the beats of the processes (`sharing`); whoever owns it serves it as soon as it gets its
hold. A process renews its holds while it serves, gives them up when the gateway is another's, and does nothing with any
gateway while it cannot be sure that the hold is still its own.

A gateway whose peer speaks (a session that is kept up, a modem) has a thread of its own. The others, which call us, or
are asked now and then, share a few threads. What is to be sent is asked once for all gateways of the process.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from threading import Event, Thread
from typing import Any

import structlog
from django.db import connections

from prepazka import clock
from prepazka.flows.health.clock_watch import clock_watch
from prepazka.flows.outbound import gateway_health
from prepazka.gateways.kinds import KINDS, Kind, open_gateway
from prepazka.gateways.values import Gateway
from prepazka.process.identity import me
from prepazka.process.served_gateway import ServedGateway
from prepazka.process.sharing import Sharing
from prepazka.store import gateway_holds, gateways, outbox
from prepazka.store.connections import Upkeep
from prepazka.store.gateway_holds import Listed

log = structlog.get_logger()

HELD = timedelta(seconds=30)
# A hold is renewed this long before it runs out, at the latest.
RENEWED = timedelta(seconds=20)
# How often a process looks for gateways that are its own.
LOOK = timedelta(seconds=2)
# Seconds between two questions whether anything is to be sent, and for which a step waits for its peer.
WAIT = 0.5
# How often a gateway is asked for events that has no thread of its own, or a peer that wakes nobody.
ASKED = timedelta(seconds=1)
# How often reports of health are stored.
STORED = timedelta(seconds=5)
# Threads of the gateways without one of their own; each is made when all before it wait for a peer.
SHARED_THREADS = 16
# Steps one of them takes for a gateway before it lets others go first.
_IN_A_ROW = 20
# Seconds the gateways have to be closed when this process ends.
_ENDING = 3.0


@dataclass(slots=True)
class _Service:
    """A gateway in service. listed: as it was configured when it began; kind: of its peer.

    asked: when its last step began. stepping: set while one of the shared threads has it, or is to.
    """

    gateway: ServedGateway
    listed: Listed
    kind: Kind
    asked: datetime | None = None
    stepping: Event = field(default_factory=Event)

    def wants_step(self, now: datetime) -> bool:
        """Whether one of the shared threads is to take a step."""
        if self.stepping.is_set() or self.gateway.ended.is_set():
            return False
        asked_lately = self.asked is not None and timedelta() <= now - self.asked < ASKED
        return self.gateway.due.is_set() or self.gateway.stop.is_set() or not asked_lately


class GatewayRunner:
    """Serves the gateways that are this process's own, as they are configured now. who: this process."""

    def __init__(
        self,
        stop: Event,
        *,
        open_: Callable[[str, str, Mapping[str, Any]], Gateway] = open_gateway,
        who: str = "",
    ) -> None:
        self._stop = stop
        self._open = open_
        self._me = who or me()
        self._sharing = Sharing(self._me)
        self._served: dict[str, _Service] = {}
        self._cannot: dict[str, Listed] = {}
        self._threads = ThreadPoolExecutor(SHARED_THREADS, thread_name_prefix="gateways")
        self._looked: datetime | None = None
        self._renewed: datetime | None = None
        self._stored: datetime | None = None

    def run(self) -> None:
        """Serve gateways until `stop` is set, then give them up."""
        upkeep = Upkeep()
        while not self._stop.is_set():
            pause = WAIT
            try:
                self.step(clock.now())
            except Exception:
                log.exception("looking for gateways failed")
                pause = LOOK.total_seconds()
            upkeep.after_round()
            self._stop.wait(pause)
        self._end()

    def step(self, now: datetime) -> None:
        """Look for gateways when it is time, and see to those that share the threads."""
        if self._looked is None or not timedelta() <= now - self._looked < LOOK:
            self._looked = now
            self.look(now)
        self.attend(now)

    # --- whose is it ---------------------------------------------------------------------------

    def look(self, now: datetime) -> None:
        """Beat; stop serving what is not ours any more, or configured anew; begin to serve what is ours and free.

        Four small statements, whatever the number of gateways; two more where any is free, one where its process
        has died.
        """
        if clock_watch.apart:
            self._step_back()
            return
        self._sharing.beat(now, self._cannot)
        listed = gateway_holds.listed_gateways()
        self._cannot = {
            name: one
            for name, one in listed.items()
            if one.kind not in KINDS or one.is_configured_as(self._cannot.get(name))
        }
        ours = self._sharing.share(listed) - self._cannot.keys()
        for name, service in list(self._served.items()):
            one = listed.get(name)
            if one is not None and one.holder != self._me and not service.gateway.stop.is_set():
                log.warning("gateway taken over by another process", gateway=name)
            if one is None or name not in ours or one.holder != self._me or not one.is_configured_as(service.listed):
                service.gateway.stop.set()
            if service.gateway.ended.is_set():
                del self._served[name]
        self._sharing.confirm(now)
        self._begin({name: listed[name] for name in ours if name not in self._served}, now)
        self._renew(now)
        self._store_reports(now)

    def _begin(self, wanted: Mapping[str, Listed], now: datetime) -> None:
        """Serve those of these gateways whose holds are free, and whose settings the key of today can open."""
        gone = self._sharing.gone(one.holder for one in wanted.values())
        free = {
            name: one
            for name, one in wanted.items()
            if one.holder in gone or one.holder in {"", self._me} or (one.until is not None and one.until <= now)
        }
        opened = {one.name: one for one in gateways.named(free)} if free else {}
        for name in [name for name, one in opened.items() if not one.readable]:
            del opened[name]
            self._cannot[name] = free[name]
            log.warning("gateway left to others: its settings cannot be opened with the key of this node", gateway=name)
        taken = gateway_holds.take(opened.keys(), self._me, now, now + HELD, gone) if opened else set()
        # Of a process that may only be paused the claims run out by themselves: it could still be sending.
        if left := [name for name in taken if gone.get(free[name].holder, now) is None]:
            outbox.end_claims(left, now)
        for name in sorted(taken):
            configured = opened[name]
            gateway = ServedGateway(name, partial(self._open, name, configured.kind, configured.settings))
            self._served[name] = service = _Service(gateway, free[name], KINDS[configured.kind])
            if not service.kind.quiet:
                Thread(target=self._serve_alone, args=(service,), name=f"gateway {name}", daemon=True).start()

    # docs/spec/health.md §11: "serves no gateway"
    def _step_back(self) -> None:
        """Leave all gateways to the processes whose clocks are right."""
        self._stop_all()
        self._sharing.leave()
        self._served = {name: service for name, service in self._served.items() if not service.gateway.ended.is_set()}

    def _renew(self, now: datetime) -> None:
        if self._renewed is None or not timedelta() <= now - self._renewed < HELD - RENEWED:
            self._renewed = now
            if self._served:
                gateway_holds.renew(self._served.keys(), self._me, now + HELD)

    def _store_reports(self, now: datetime) -> None:
        if self._stored is None or not timedelta() <= now - self._stored < STORED:
            found = [service.gateway.take_report() for service in self._served.values()]
            if reports := [one for one in found if one]:
                self._stored = now
                gateway_health.keep(reports)

    # --- serving -------------------------------------------------------------------------------

    def attend(self, now: datetime) -> None:
        """Tell the gateways for which something is due, and have those that share the threads served. One query."""
        if not self._served or not self._sharing.is_certain(now):
            return
        for name in gateway_holds.with_work(self._me, now):
            if name in self._served:
                self._served[name].gateway.due.set()
        for service in self._served.values():
            if service.kind.quiet and service.wants_step(now):
                service.stepping.set()
                self._submit(service)

    def _serve_alone(self, service: "_Service") -> None:
        """Serve a gateway in a thread of its own, until it is stopped."""
        gateway, upkeep = service.gateway, Upkeep()
        try:
            busy = True
            while not (gateway.stop.is_set() or self._stop.is_set()):
                now = clock.now()
                certain = self._sharing.is_certain(now)
                busy = certain and gateway.step(now, 0 if busy or service.kind.asked else WAIT) > 0
                upkeep.after_round()
                if service.kind.asked and certain and not busy:
                    gateway.due.wait(ASKED.total_seconds())
                elif not certain or (gateway.hearing.fault and not busy):  # whose poll would have waited
                    gateway.stop.wait(WAIT)
        finally:
            self._close(gateway)
            connections.close_all()

    def _serve_shared(self, service: "_Service") -> None:
        """Take the steps of a gateway in one of the shared threads; after some of them others come first."""
        gateway, busy = service.gateway, False
        try:
            for _ in range(_IN_A_ROW):
                now = service.asked = clock.now()
                if gateway.stop.is_set() or self._stop.is_set():
                    self._close(gateway)
                    return
                busy = self._sharing.is_certain(now) and gateway.step(now, 0) > 0
                if not busy:
                    break
        finally:
            connections.close_all()
            if not (busy and self._submit(service)):
                service.stepping.clear()
                if gateway.stop.is_set() and not gateway.ended.is_set():  # set since it was looked at
                    self._submit(service)

    def _submit(self, service: "_Service") -> bool:
        """Have a gateway served by one of the shared threads; return whether it will be."""
        try:
            self._threads.submit(self._serve_shared, service)
        except RuntimeError:  # this process ends
            return False
        return True

    def _close(self, gateway: ServedGateway) -> None:
        """Close a gateway, and leave its hold to others. The hold of a process that cannot say so runs out."""
        gateway.close()
        with suppress(Exception):
            gateway_holds.give_up([gateway.name], self._me)
        gateway.ended.set()

    def _stop_all(self) -> None:
        """Have all gateways closed."""
        for service in self._served.values():
            service.gateway.stop.set()
            if service.kind.quiet and not service.stepping.is_set():
                service.stepping.set()
                self._submit(service)

    def _end(self) -> None:
        """Close all gateways, and leave them to the other processes at once, as far as they can be closed at once."""
        self._stop_all()
        until = clock.now() + timedelta(seconds=_ENDING)
        ended = [
            service.gateway.ended.wait(max((until - clock.now()).total_seconds(), 0))
            for service in self._served.values()
        ]
        self._threads.shutdown(wait=False)
        with suppress(Exception):
            if all(ended):
                self._sharing.leave()
        connections.close_all()


def start(stop: Event) -> Thread:
    """Run the gateways in a thread of their own until `stop` is set."""
    thread = Thread(target=GatewayRunner(stop).run, name="exchange", daemon=True)
    thread.start()
    return thread
