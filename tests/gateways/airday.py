"""The day's phones behind a modem, whose daemon dies at the worst moments that leave no copy on the air.

Those are: a message is stored but still on the SIM, or the modem was not told yet what to send. (What a kill a
moment later does, between the modem's sending and its answer, is in the documentation: the text comes twice.)
"""

from collections.abc import Sequence
from datetime import timedelta

from tests.gateways.day import NOW
from tests.gateways.modem import Modem
from tests.gateways.modemday import Daemon

_MOMENTS = ("AT+CMGD", "AT+CMGS")


class Phones:
    """A `through.Network`: messages come to the modem a second apart, and what it sends is put together."""

    def __init__(self, modem: Modem) -> None:
        self._modem = modem
        self._count = 0

    def put(self, phone: str, text: str) -> None:
        """A phone sends a text."""
        self._count += 1
        sent = NOW - timedelta(hours=1) + timedelta(seconds=self._count)
        self._modem.receive(phone, text, sent=sent, reference=self._count % 256)

    def received(self) -> Sequence[tuple[str, str]]:
        """Every whole text on air; of one begun anew after a kill, the last."""
        whole: list[tuple[str, str]] = []
        parts: dict[str, str] = {}
        for air in list(self._modem.on_air):
            if not air.header:
                whole.append((air.recipient, air.text))
                continue
            total, number = int(air.header[8:10], 16), int(air.header[10:12], 16)
            parts[air.recipient] = (parts.get(air.recipient, "") if number > 1 else "") + air.text
            if number == total:
                whole.append((air.recipient, parts.pop(air.recipient)))
        return whole


class Fatal:
    """Kills the daemon instead of letting the modem hear every so manyth command of the kinds that matter.

    kills: how often, by the command it died at.
    """

    def __init__(self, modem: Modem, daemon: Daemon, every: int) -> None:
        self.kills = dict.fromkeys(_MOMENTS, 0)
        self._daemon = daemon
        self._every = every
        self._commands = 0
        self._dead = False
        modem.before = self._heard

    def begun_again(self) -> None:
        """The daemon is about to be started."""
        self._dead = False

    def _heard(self, command: str) -> bool:
        if self._dead:
            return False
        kind = command.upper()[: len(_MOMENTS[0])]
        if kind in _MOMENTS:
            self._commands += 1
            if self._commands % self._every == 0:
                self._dead = True
                self._daemon.kill()
                self.kills[kind] += 1
                return False
        return True
