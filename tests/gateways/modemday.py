"""The day's office and its modems' daemons, each killed with SIGKILL again and again and restarted, as by systemd.

A `Killing` works beside an exchange of `through`: whenever so many more texts have been received or sent, it kills one
of the two, in turn, whatever it is doing.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import cycle
from multiprocessing.context import ForkServerProcess
from threading import Thread
from typing import Any, Literal, Protocol, assert_never

from prepazka.gateways import gammu, smstools
from prepazka.gateways.values import Gateway
from prepazka.process.gateway_runner import WAIT
from prepazka.process.served_gateway import step
from prepazka.store import gateways, models
from tests.gateways.day import NOW
from tests.gateways.through import Clock, work
from tests.journeys.child import connect
from tests.waiting import pause, until

# Each new office's clock starts so much later, so that it never goes back.
_A_LIFE = timedelta(minutes=10)

_OPEN: dict[str, Callable[[str, Any, Callable[[], datetime]], Gateway]] = {
    "gammu": lambda name, settings, clock: gammu.Gammu(name, gammu.GammuSettings.model_validate(settings), clock),
    "smstools": lambda name, settings, clock: smstools.Smstools(
        name, smstools.SmstoolsSettings.model_validate(settings), clock
    ),
}


class Daemon(Protocol):
    """A modem's daemon."""

    def start(self) -> None:
        """Start it again."""

    @property
    def ended(self) -> bool:
        """Whether it has ended, also by itself."""

    def kill(self) -> None:
        """Send SIGKILL."""


class SteadyClock(Clock):
    """A clock that advances little while a modem works; step: for each idle look."""

    def __init__(self, now: datetime, step: timedelta = timedelta(seconds=1)) -> None:
        super().__init__(now)
        self._step = step

    def idle(self) -> None:
        """Advance the clock."""
        self.now += self._step


def serve(database: str, name: str, began: datetime) -> None:
    """Run an office in its own process (see tests/journeys/conftest.py `start`), until it is killed."""
    connect(database)
    _serve(name, SteadyClock(began), 0.1)


def serve_all(database: str, names: Sequence[str], began: datetime) -> None:
    """Run an office with several gateways, each in its own thread as in `gateway_runner`, and with its wait."""
    connect(database)
    clock = SteadyClock(began)
    threads = [Thread(target=_serve, args=(name, clock, WAIT)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def serve_in_turn(database: str, names: Sequence[str], began: datetime) -> None:
    """Run an office with several gateways in one thread, for a database file with one writer."""
    connect(database)
    clock = SteadyClock(began)
    serving = [_opened(name, clock) for name in names]
    while True:
        if not sum(step(gateway, clock.now, 0.1 / len(serving)) for gateway in serving):
            clock.idle()


def _opened(name: str, clock: Clock) -> Gateway:
    configured = gateways.find(name)
    assert configured
    return _OPEN[configured.kind](name, configured.settings, lambda: clock.now)


def _serve(name: str, clock: Clock, wait: float) -> None:
    gateway = _opened(name, clock)
    while True:
        work(gateway, clock, wait)


class Killing:
    """An office and a daemon that are killed in turn and restarted.

    kills: SIGKILLs of either; ends: of the daemon, by itself or by another killer.
    """

    def __init__(
        self,
        begin: Callable[[datetime], ForkServerProcess],
        daemon: Daemon,
        progress: Callable[[], int],
        every: int,
        *,
        after: Callable[[], None] = lambda: None,
        victims: Sequence[Literal["daemon", "office"]] = ("daemon", "office"),
    ) -> None:
        """progress: the number of texts received and sent so far; every: so many of them lie between two kills; after:
        called between an end of the daemon and its restart; victims: whom to kill, in turn."""
        self.kills = {"daemon": 0, "office": 0}
        self.ends = 0
        self._begin = begin
        self._daemon = daemon
        self._progress = progress
        self._every = every
        self._next = every
        self._after = after
        self._victims = cycle(victims)
        self._process = begin(NOW)

    def working(self) -> None:
        """Check the progress; kill when it is time."""
        assert self._process.is_alive(), "the office ended by itself"
        if self._daemon.ended:
            self.ends += 1
            self._again()
        if (done := self._progress()) < self._next:
            pause()
            return
        self._next = done + self._every
        victim = next(self._victims)
        self.kills[victim] += 1
        match victim:
            case "office":
                self._process.kill()
                self._process.join()
                self._process = self._begin(NOW + self.kills["office"] * _A_LIFE)
            case "daemon":
                self._daemon.kill()
                self._again()
            case _:
                assert_never(victim)

    def settled(self) -> None:
        """Wait until nothing is under way, so that any second copy has arrived."""
        until(self._quiet, "nothing is under way")

    def _quiet(self) -> bool:
        self.working()
        waiting = models.Inbound.objects.filter(state="waiting").exists()
        return not waiting and not models.Outbound.objects.filter(state__in=["queued", "sending", "unknown"]).exists()

    def _again(self) -> None:
        self._after()
        self._daemon.start()
