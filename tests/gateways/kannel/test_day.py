"""The day of 500 messages through the real bearerbox, with the office and bearerbox killed in between."""

from collections.abc import Callable, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from prepazka.store import models
from tests.gateways.day import OFFICE, books, play
from tests.gateways.drill import compared
from tests.gateways.kannel.bearerbox import Bearerbox, Phones, bearerbox
from tests.gateways.kannel.office import Office
from tests.gateways.through import bound, through
from tests.waiting import until


class Day:
    """Phones text; the office is killed while it works, bearerbox after it has stored a whole round.

    Bearerbox is not killed while it sends, because it would send those messages again (test_drill.py).
    """

    def __init__(self, daemon: Bearerbox, phones: Phones, office: Office, every: int) -> None:
        """every: after so many more answers to phones the office is killed."""
        self._daemon = daemon
        self._phones = phones
        self._office = office
        self._put = 0
        self._every = self._next = every
        self.kills = 0

    # the network

    def put(self, phone: str, text: str) -> None:
        if not self._put:
            self._office.kill()
        self._phones.text(phone, OFFICE, text)
        self._put += 1

    def received(self) -> Sequence[tuple[str, str]]:
        return self._phones.received()

    # the office

    def working(self) -> None:
        """Start on the texts of the phones; then wait a little, and kill when it is time."""
        if self._put:
            self._begin()
        self._phones.wait(0.02)
        if len(self.received()) >= self._next:
            self._next = len(self.received()) + self._every
            self._office.kill()
            self._office.start()
            self.kills += 1

    def _begin(self) -> None:
        until(lambda: self._daemon.received() == self._put, "bearerbox has stored what the phones sent")
        self._put = 0
        self._daemon.kill()
        self._daemon.start()
        self._phones.connect()
        self._office.start()
        self.kills += 1

    def settled(self) -> None:
        """Wait until nothing is under way."""
        until(lambda: not self._waiting() and not self._sending(), "the end of the round")

    def _waiting(self) -> bool:
        return models.Inbound.objects.filter(state="waiting").exists()

    def _sending(self) -> bool:
        return models.Outbound.objects.exclude(state="delivered").exists()


def test_the_day_through_bearerbox_is_the_day(
    office_id: int, start: Callable[..., ForkServerProcess], tmp_path: Path, phones: int, whole: bool
) -> None:
    expected = compared(phones)
    with bearerbox(tmp_path) as (daemon, network):
        settings = daemon.settings(status_password="").model_dump(mode="json", exclude={"status_password"})
        bound("kannel", "kannel", settings)
        office = Office(start, settings)
        office.start()
        day = Day(daemon, network, office, every=110 if whole else 18)
        turns = play(through(day, day.working, settled=day.settled), phones)
        office.kill()
    assert (turns, books()) == expected
    assert day.kills >= (8 if whole else 7)
