"""A part of the day, all five rounds of fewer phones, through the real smsd of smstools3 and a modem with a SIM.

smsd takes its time for each SMS. Both it and the office are killed with SIGKILL again and again.
"""

from collections.abc import Callable
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from tests.gateways.airday import Fatal, Phones
from tests.gateways.day import books, play
from tests.gateways.drill import compared
from tests.gateways.modem import Modem
from tests.gateways.modemday import Killing, serve
from tests.gateways.spool import Smsd
from tests.gateways.through import bound, through

PHONES = 10
"""Every way of writing, and every mistake, once."""


def test_the_day_is_the_same_whatever_is_killed(start: Callable[..., ForkServerProcess], tmp_path: Path) -> None:
    expected = compared(PHONES)
    with Modem(tmp_path / "modem", places=50) as modem:
        modem.reports = None  # they come by the way of `test_smstools`, and take the modem as long as messages do
        smsd = Smsd(tmp_path, modem.link)
        fatal = Fatal(modem, smsd, every=19)
        bound("modem", "smstools", {"spool": str(smsd.spool), "per_minute": 120})
        killing = Killing(
            lambda began: start(serve, "modem", began),
            smsd,
            lambda: len(modem.on_air),
            every=20,
            after=fatal.begun_again,
            victims=["office"],
        )
        try:
            turns = play(through(Phones(modem), killing.working, settled=killing.settled), PHONES)
        finally:
            smsd.kill()
        assert (turns, books()) == expected
        assert killing.kills["office"] >= 2
        assert min(fatal.kills.values()) >= 2
