"""The day through the real gammu-smsd on Gammu's dummy phone; behind a modem it sends about one SMS a second.

Both the daemon and the office are killed with SIGKILL again and again, whatever they are doing.
"""

from collections.abc import Callable
from contextlib import closing
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from prepazka.gateways.gammu.outbox import Mark
from tests.gateways.day import books, play
from tests.gateways.drill import compared
from tests.gateways.dummy import DRIVER, Dummy
from tests.gateways.gammus import minute_passes
from tests.gateways.modemday import Killing, serve
from tests.gateways.smsd import PHONE, Smsd, database
from tests.gateways.through import bound, through


def test_the_day_is_the_same_whatever_is_killed(
    start: Callable[..., ForkServerProcess], tmp_path: Path, phones: int, whole: bool
) -> None:
    expected = compared(phones)
    with (
        database(tmp_path) as address,
        closing(Dummy(tmp_path / "phone", address)) as phone,
        Smsd(tmp_path, phone.directory, address, **DRIVER) as smsd,
    ):
        bound("modem", "gammu", {"database": address, "phone": PHONE, "per_minute": 120, "settle": 1})
        killing = Killing(
            lambda began: start(serve, "modem", began),
            smsd,
            lambda: phone.passed,
            every=73 if whole else 30,
            after=lambda: minute_passes(address),
        )
        turns = play(through(phone, killing.working, settled=killing.settled), phones)
        assert (turns, books()) == expected
        assert min(killing.kills.values()) >= (6 if whole else 2)

        marks = [Mark.read(mark) for _, mark in smsd.rows('SELECT DISTINCT "ID", "CreatorID" FROM sentitems')]
        assert len(marks) == len({mark.id for mark in marks if mark}) == 5 * phones, "each reply was given once"

        # A message sent but not recorded at a kill is sent again: one for each kill, and no other.
        ((noted,),) = smsd.rows("SELECT COUNT(*) FROM sentitems")
        copies = smsd.log.read_text("utf-8", "replace").count("SMS sent on device") - noted
        deaths = killing.kills["daemon"] + killing.ends
        assert 0 <= copies <= deaths * phone.longest
