"""The day's phones behind modems whose daemons are killed at the worst moments that leave no copy on the air.

These moments are: a message is stored but still on the SIM, or the modem has not received the text to send. (A kill
between the modem's sending and its answer sends the text twice; docs/gateways.md says so.)
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from itertools import cycle

from tests.gateways.day import NOW
from tests.gateways.modem import Modem
from tests.gateways.modemday import Daemon

_MOMENTS = ("AT+CMGD", "AT+CMGS")


class Phones:
    """A `through.Network`: messages reach a modem a second apart, and the parts it sends are joined.

    Each phone always writes to the same one of several modems; the modems must share their `on_air`.
    """

    def __init__(self, *modems: Modem) -> None:
        self._modems = modems
        self._count = 0

    def put(self, phone: str, text: str) -> None:
        """Send a text from a phone."""
        self._count += 1
        sent = NOW - timedelta(hours=1) + timedelta(seconds=self._count)
        self._modems[int(phone) % len(self._modems)].receive(phone, text, sent=sent, reference=self._count % 256)

    def received(self) -> Sequence[tuple[str, str]]:
        """Return every complete text on air; of one sent again after a kill, the last."""
        whole: list[tuple[str, str]] = []
        parts: dict[str, str] = {}
        for air in list(self._modems[0].on_air):
            if not air.header:
                whole.append((air.recipient, air.text))
                continue
            total, number = int(air.header[8:10], 16), int(air.header[10:12], 16)
            parts[air.recipient] = (parts.get(air.recipient, "") if number > 1 else "") + air.text
            if number == total:
                whole.append((air.recipient, parts.pop(air.recipient)))
        return whole


class Together:
    """Several daemons as one: `start` starts those that have ended."""

    def __init__(self, daemons: Mapping[Daemon, Callable[[], None]]) -> None:
        """daemons: each with an action before its restart."""
        self._daemons = daemons

    def start(self) -> None:
        """Start the daemons that have ended."""
        for daemon, before in self._daemons.items():
            if daemon.ended:
                before()
                daemon.start()

    @property
    def ended(self) -> bool:
        """Whether one has ended."""
        return any(daemon.ended for daemon in self._daemons)

    def kill(self) -> None:
        """Send SIGKILL to all of them."""
        for daemon in self._daemons:
            daemon.kill()


class Fatal:
    """Kills the daemon every so many commands, before the modem receives the next command of the kind due.

    kills: how often, by the command.
    """

    def __init__(self, modem: Modem, daemon: Daemon, every: int) -> None:
        self.kills = dict.fromkeys(_MOMENTS, 0)
        self._daemon = daemon
        self._every = every
        self._commands = 0
        self._turns = cycle(_MOMENTS)
        self._next = next(self._turns)
        self._killed = False
        modem.before = self._before_command

    def begun_again(self) -> None:
        """Note that the daemon is about to be started."""
        self._killed = False

    def _before_command(self, command: str) -> bool:
        if self._killed:
            return False
        self._commands += command.upper().startswith(_MOMENTS)
        if self._commands < self._every or not command.upper().startswith(self._next):
            return True
        self.kills[self._next] += 1
        self._commands = 0
        self._next = next(self._turns)
        self._killed = True  # first, because the next daemon may start as soon as this one is killed
        self._daemon.kill()
        return False
