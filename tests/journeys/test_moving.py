"""An office goes from PostgreSQL to SQLite and back, by the program as people run it, and is what it was."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from prepazka.flows import moving
from prepazka.flows.counters import arrive
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import models, offices, removal
from tests.archives import comparable
from tests.journeys.conftest import NOW
from tests.offices import demo_office

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


def test_there_and_back_by_the_other_database(transactional_db: None, tmp_path: Path) -> None:
    number = "+420739000091"
    office_id = offices.keep(replace(demo_office(), slug="kopidlno", numbers=(number,)), NOW, "test")
    texts = ("OBJ ZOP 10.8. 14:00 ŠŤASTNÝ", "nesmysl 😀", "HLIDEJ ZOP 11.8.", "STOP")
    for place, text in enumerate(texts):
        receive([Inbound("modem", str(place), f"+42060311100{place}", number, text)], NOW)
    arrive.walk_in(office_id, "ZOP", NOW)
    models.Slide.objects.create(office_id=office_id, text="ě", picture=bytes(range(256)), made_at=NOW)
    first, second, third = (tmp_path / f"{name}.zip" for name in ("first", "second", "third"))
    moving.export_office(office_id, first, NOW, "test", close=True)

    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'box.sqlite3'}",
        "PREPAZKA_STATE": str(tmp_path / "state"),
    }
    for command in (("migrate",), ("import-office", str(first)), ("export-office", "kopidlno", str(second))):
        done = subprocess.run(
            [sys.executable, "-m", "prepazka", *command], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    removal.remove(office_id, "kopidlno", NOW, "test")
    moving.import_office(second, NOW, "test")
    moving.export_office(offices.find("kopidlno") or 0, third, NOW, "test", close=False)
    assert comparable(first) == comparable(second) == comparable(third)
    assert comparable(first)["booking"]
