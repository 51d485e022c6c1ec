"""The day through eight modems of one office: real gammu-smsd, its AT driver, LISTEN and NOTIFY, one PostgreSQL.

The driver sleeps 0.8 s for each sent SMS, whatever its settings, so one modem would need ten minutes for the day. Each
modem has its own SIM, number, daemon and gateway; one process serves all gateways. The daemons and the process are
killed with SIGKILL again and again. The day on SQLite is in `test_gammu_day`.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

from prepazka.store import models
from tests.gateways.airday import Fatal, Phones, Together
from tests.gateways.day import books, play
from tests.gateways.drill import compared
from tests.gateways.gammus import minute_passes
from tests.gateways.modem import Modem
from tests.gateways.modemday import Killing, serve_all
from tests.gateways.smsd import Smsd, database
from tests.gateways.through import bound, through

MODEMS = ("prvni", "druhy", "treti", "ctvrty", "paty", "sesty", "sedmy", "osmy")


@pytest.mark.postgresql
def test_the_day_is_the_same_whatever_is_killed(
    start: Callable[..., ForkServerProcess], tmp_path: Path, phones: int, whole: bool
) -> None:
    names = MODEMS if whole else MODEMS[:6]
    expected = compared(phones)
    with ExitStack() as stack:
        address = stack.enter_context(database(tmp_path))
        modems = [stack.enter_context(Modem(tmp_path / name, places=30)) for name in names]
        daemons = [
            stack.enter_context(Smsd(tmp_path, modem.link, address, name))
            for name, modem in zip(names, modems, strict=True)
        ]
        fatal = [Fatal(modem, daemon, every=29 if whole else 8) for modem, daemon in zip(modems, daemons, strict=True)]
        for modem in modems:
            modem.on_air = modems[0].on_air
            modem.reports = None
        a_number_each(address, names)
        killing = Killing(
            lambda began: start(serve_all, names, began),
            Together({daemon: partial(back, address, daemon, end) for daemon, end in zip(daemons, fatal, strict=True)}),
            lambda: len(modems[0].on_air),
            every=90 if whole else 25,
            victims=["office"],
        )
        turns = play(through(Phones(*modems), killing.working, settled=killing.settled), phones)
        assert (turns, books()) == expected
        assert killing.kills["office"] >= (5 if whole else 2)
        assert all(min(one.kills.values()) >= 1 for one in fatal)


def a_number_each(address: str, names: Sequence[str]) -> None:
    """Give the office as many numbers as it has modems."""
    for name in names:
        bound(name, "gammu", {"database": address, "phone": name, "per_minute": 120, "settle": 1})
    for place, name in enumerate(names):
        number, _ = models.Number.objects.get_or_create(
            e164=f"+42073954776{5 + place}",
            defaults={"office": models.Office.objects.get(), "position": place},
        )
        models.Number.objects.filter(id=number.id).update(gateway=models.Gateway.objects.get(name=name))


def back(address: str, daemon: Smsd, fatal: Fatal) -> None:
    """Prepare the restart of a daemon."""
    minute_passes(address, daemon.phone)
    fatal.begun_again()
