"""What the daemons of modems keep of a person is erased with the person, and in time for everybody."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from prepazka.flows import erasing
from prepazka.flows.peers_memory import KEPT, forget_old, forget_person
from prepazka.gateways.smstools import Smstools, SmstoolsSettings
from prepazka.store import gateways, models, offices
from tests.offices import demo_office

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
HER, HIS = "+420603577215", "+420603577216"


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    """A spool in which a message to each of two people was sent, and one failed; another program's is there too."""
    for name in ("incoming", "outgoing", "checked", "sent", "failed", "report", "prepazka"):
        (tmp_path / name).mkdir(mode=0o770)
    for directory, name, number in [
        ("sent", "prepazka.1-1.done", HER),
        ("sent", "prepazka.2-2.told", HIS),
        ("failed", "prepazka.3-3.done", HER),
        ("sent", "other-program", HER),
        ("outgoing", "prepazka.4-4", HER),
    ]:
        (tmp_path / directory / name).write_bytes(f"To: {number[1:]}\nAlphabet: UTF-8\n\nObjednano".encode())
    return tmp_path


def kept(spool: Path) -> list[str]:
    return sorted(path.name for name in ("sent", "failed", "outgoing") for path in (spool / name).iterdir())


def keep_gateway(spool: Path, name: str = "modem") -> None:
    gateways.keep(name, "smstools", {"spool": str(spool)}, NOW, "test")


@pytest.mark.django_db
def test_a_person_is_erased_from_the_spool_and_nobody_else_is(spool: Path) -> None:
    office = offices.keep(demo_office(), NOW)
    keep_gateway(spool)
    models.Number.objects.update(gateway=models.Gateway.objects.get())
    found = erasing.erase_person(HER, office, NOW, "eva", cancel=True)
    assert isinstance(found, erasing.Erased)
    assert found.kept_by == ()
    assert kept(spool) == ["other-program", "prepazka.2-2.told", "prepazka.4-4"]


@pytest.mark.django_db
def test_an_office_erases_nothing_at_gateways_of_another(spool: Path) -> None:
    office = offices.keep(demo_office(), NOW)
    keep_gateway(spool)
    assert forget_person(HER, office, NOW) == ()
    assert len(kept(spool)) == 5
    assert forget_person(HER, None, NOW) == ()
    assert len(kept(spool)) == 3


@pytest.mark.django_db
def test_a_peer_that_cannot_be_reached_is_named(spool: Path, tmp_path: Path) -> None:
    keep_gateway(tmp_path / "nowhere", "away")
    keep_gateway(spool)
    assert forget_person(HER, None, NOW) == ("away",)
    assert len(kept(spool)) == 3


def test_what_is_old_is_erased_on_schedule(spool: Path) -> None:
    gateway = Smstools("modem", SmstoolsSettings.model_validate({"spool": str(spool)}), lambda: NOW)
    for path in spool.rglob("*"):
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    assert forget_old(gateway, NOW + KEPT) == 0
    assert forget_old(gateway, NOW + KEPT + timedelta(seconds=1)) == 3
    assert kept(spool) == ["other-program", "prepazka.4-4"]
