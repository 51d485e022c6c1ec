"""An office moves, and the program is killed at every step of it: it is whole on one side, and closed nowhere else.

Every moment before and after each statement sent to the database is a step. By default each thirtieth step and the
last ones are tried, with `--long` all of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from prepazka.flows import moving
from prepazka.flows.counters import arrive
from prepazka.flows.inbound.receive import receive
from prepazka.flows.office_archive import ArchiveError
from prepazka.gateways.values import Inbound
from prepazka.store import models, offices, removal
from tests.archives import comparable
from tests.journeys import child
from tests.journeys.conftest import NOW
from tests.offices import demo_office

SLUG, NUMBER = "kopidlno", "+420739000091"


@pytest.fixture
def leaving(office_id: int) -> int:
    """An office beside the demo office, with bookings, a ticket and messages."""
    del office_id
    found = offices.keep(replace(demo_office(), slug=SLUG, numbers=(NUMBER,)), NOW, "test")
    for place, text in enumerate(("OBJ ZOP 10.8. 14:00 NOVAK", "nesmysl", "HLIDEJ ZOP 11.8.", "STOP")):
        receive([Inbound("modem", str(place), f"+42060311100{place}", NUMBER, text)], NOW)
    arrive.walk_in(found, "ZOP", NOW)
    return found


def tried(steps: int, *, whole: bool) -> Sequence[int]:
    """The steps at which the program is killed."""
    return range(steps) if whole else sorted({*range(0, steps, 30), *range(steps - 4, steps)})


def is_closed(office_id: int) -> bool:
    return models.Office.objects.filter(id=office_id, moved_at__isnull=False).exists()


def test_killed_while_it_is_written_and_closed(
    leaving: int, run: Callable[..., Any], tmp_path: Path, *, whole: bool
) -> None:
    undisturbed = tmp_path / "undisturbed.zip"
    steps = int(run(child.move_away, leaving, undisturbed, NOW, None)["steps"])
    assert steps > 2 * 10
    open_again(leaving)
    for fatal in tried(steps, whole=whole):
        archive = tmp_path / f"{fatal}.zip"
        assert run(child.move_away, leaving, archive, NOW, fatal) is None, f"step {fatal} was not reached"
        if is_closed(leaving):
            assert archive.exists(), f"closed without an archive at step {fatal} of {steps}"
        if archive.exists():
            assert comparable(archive) == comparable(undisturbed)
        if not is_closed(leaving):
            # Under the same name, unless that is taken: what the killed one left is in nobody's way.
            again = tmp_path / f"{fatal}-again.zip" if archive.exists() else archive
            moving.export_office(leaving, again, NOW, "test", close=True)
            assert comparable(again) == comparable(undisturbed)
        open_again(leaving)


def open_again(office_id: int) -> None:
    """Open the office as it was before, without what the audit trail says of it."""
    assert moving.reopen_office(office_id, NOW, "test")
    models.Audit.objects.filter(what="office opened again").delete()


def test_killed_while_it_is_taken_in(leaving: int, run: Callable[..., Any], tmp_path: Path, *, whole: bool) -> None:
    archive = tmp_path / "office.zip"
    moving.export_office(leaving, archive, NOW, "test", close=True)
    removal.remove(leaving, SLUG, NOW, "test")
    others = list(models.Office.objects.values_list("slug", flat=True))
    steps = int(run(child.take_in, archive, NOW, None)["steps"])
    assert steps > 2 * 10
    leave_again(archive, tmp_path / "undisturbed.zip")
    for fatal in tried(steps, whole=whole):
        assert run(child.take_in, archive, NOW, fatal) is None, f"step {fatal} was not reached"
        if offices.find(SLUG) is None:
            assert list(models.Office.objects.values_list("slug", flat=True)) == others
            assert not models.Booking.objects.exists()
            assert not models.Inbound.objects.exists()
            moving.import_office(archive, NOW, "test")
        else:
            with pytest.raises(ArchiveError, match="already"):
                moving.import_office(archive, NOW, "test")
        leave_again(archive, tmp_path / f"{fatal}.zip")


def leave_again(archive: Path, to: Path) -> None:
    """Compare what was taken in with its archive, and remove it."""
    taken_in = offices.find(SLUG)
    assert taken_in is not None
    moving.export_office(taken_in, to, NOW, "test", close=False)
    assert comparable(to) == comparable(archive)
    removal.remove(taken_in, SLUG, NOW, "test")
