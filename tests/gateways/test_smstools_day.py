"""The day through ten modems of one office, each with its own number, real smsd of smstools3 and spool.

There are ten because smsd takes more than a second for each SMS and each report. Both the daemons and the office are
killed with SIGKILL again and again.
"""

from collections.abc import Callable
from contextlib import ExitStack
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from django.db.models import F

from prepazka.store import gateways, models
from tests.gateways.airday import Fatal, Phones, Together
from tests.gateways.day import NOW, books, play
from tests.gateways.drill import compared
from tests.gateways.modem import Modem
from tests.gateways.modemday import Daemon, Killing, serve_in_turn
from tests.gateways.spool import Smsd
from tests.gateways.through import through
from tests.waiting import until

NAMES = tuple(f"modem{number}" for number in range(10))


def numbered(name: str, spool: Path, number: str) -> None:
    """Configure a gateway, and bind a new number of the office to it."""
    gateways.keep(name, "smstools", {"spool": str(spool), "per_minute": 120}, NOW, "test")
    office = models.Office.objects.get()
    models.Number.objects.create(office=office, e164=number, gateway=models.Gateway.objects.get(name=name))
    models.Office.objects.update(version=F("version") + 1)


def test_the_day_is_the_same_whatever_is_killed(
    office_id: int, start: Callable[..., ForkServerProcess], tmp_path: Path, phones: int, whole: bool
) -> None:
    expected = compared(phones)
    with ExitStack() as opened:
        modems = [opened.enter_context(Modem(tmp_path / name)) for name in NAMES]
        fatal: list[Fatal] = []
        daemons: dict[Daemon, Callable[[], None]] = {}
        for place, (name, modem) in enumerate(zip(NAMES, modems, strict=True)):
            smsd = Smsd(tmp_path / f"smsd-{name}", modem.link)
            opened.callback(smsd.kill)
            fatal.append(Fatal(modem, smsd, every=(40 + 5 * place) if whole else (6 + place)))
            daemons[smsd] = fatal[-1].begun_again
            modem.on_air = modems[0].on_air
            numbered(name, smsd.spool, f"+4207395470{place:02}")
        killing = Killing(
            lambda began: start(serve_in_turn, NAMES, began),
            Together(daemons),
            lambda: len(modems[0].on_air),
            every=90 if whole else 25,
            victims=["office"],
        )
        turns = play(through(Phones(*modems), killing.working, settled=killing.settled), phones)

        def reported() -> bool:
            killing.working()
            return not models.Outbound.objects.exclude(state="delivered").exists()

        until(reported, "the network has reported what became of each answer")
    assert (turns, books()) == expected
    assert models.Outbound.objects.count() == models.Inbound.objects.count() == 5 * phones
    assert killing.kills["office"] >= (4 if whole else 2)
    assert sum(one.kills["AT+CMGD"] for one in fatal) >= (10 if whole else 6)
    assert sum(one.kills["AT+CMGS"] for one in fatal) >= (5 if whole else 3)
