"""`export-office` and `import-office`: what a person types to move an office, and is told."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import accounts, models, offices
from tests.commands.conftest import Prepazka
from tests.offices import demo_office

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
NUMBER = "+420739000061"


@pytest.fixture
def sobotka(transactional_db: None) -> int:
    models.Gateway.objects.create(name="sim", kind="gammu", made_at=NOW)
    kept = replace(demo_office(), slug="sobotka", numbers=(NUMBER,), gateways={NUMBER: "sim"})
    office_id = offices.keep(kept, NOW, "test")
    accounts.appoint(accounts.open_account("ruzicka", "!", NOW, "test"), office_id, "clerk", NOW, "test")
    models.Kiosk.objects.create(office_id=office_id, name="vchod", token_sha256="x", made_at=NOW, kind="screen")
    receive([Inbound("sim", "1", "+420602444555", NUMBER, "OBJ ZOP 10.8. 9:00 HAVEL")], NOW)
    return office_id


def test_an_office_goes_and_comes_and_the_rest_is_told(prepazka: Prepazka, sobotka: int, tmp_path: Path) -> None:
    archive = tmp_path / "sobotka.zip"
    done = prepazka("export-office", "sobotka", str(archive))
    assert (done.code, done.err) == (0, "")
    assert f"the gateway sim takes in nothing for {NUMBER} any more" in done.out
    assert archive.stat().st_mode & 0o777 == 0o600
    refused = prepazka("sms", "--from", "+420602444555", "--to", NUMBER, "POMOC")
    assert refused.code == 2
    assert f"{NUMBER} is no office's number" in refused.err
    assert "sobotka: has moved to another installation" in prepazka("dump-office", "--office", "sobotka").err
    assert prepazka("remove-office", "sobotka", str(tmp_path / "rest.zip")).code == 0
    there = prepazka("import-office", str(archive))
    assert (there.code, there.err) == (0, "")
    for line in (
        f"bind the number {NUMBER} to a gateway (there: sim, gammu)",
        "prepazka user add ruzicka --office sobotka --role clerk",
        "pair the screen vchod again: prepazka kiosk vchod --office sobotka",
        "prepazka check --office sobotka",
    ):
        assert line in there.out
    assert models.Booking.objects.get(office__slug="sobotka").name == "HAVEL"
    assert not models.Official.objects.exists()
    assert not models.Kiosk.objects.exists()


def test_what_remove_office_wrote_can_be_imported(prepazka: Prepazka, sobotka: int, tmp_path: Path) -> None:
    archive = tmp_path / "sobotka.zip"
    assert prepazka("remove-office", "sobotka", str(archive)).code == 0
    assert prepazka("import-office", str(archive)).code == 0
    assert models.Booking.objects.get(office__slug="sobotka").name == "HAVEL"


def test_a_copy_closes_nothing_and_a_closed_office_opens_again(
    prepazka: Prepazka, sobotka: int, tmp_path: Path
) -> None:
    assert prepazka("export-office", "sobotka", str(tmp_path / "a.zip"), "--copy").code == 0
    assert offices.load(sobotka).gateways == {NUMBER: "sim"}
    assert prepazka("export-office", "sobotka", str(tmp_path / "b.zip")).code == 0
    assert "warning" in prepazka("check", "--office", "sobotka", "--without-gateways").out
    told = prepazka("sms", "--from", "+420602000123", "TERMIN ZOP")
    assert "no office that is open here has one" in told.err
    assert "is open here again" in prepazka("export-office", "sobotka", "--reopen").out
    assert "was not closed" in prepazka("export-office", "sobotka", "--reopen").out
    assert offices.load(sobotka).slug == "sobotka"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("export-office", "sobotka"), "say which file to write"),
        (("export-office", "sobotka", "there.zip"), "there.zip: is there already; choose another name"),
        (("export-office", "louny", "new.zip"), "there is no office louny; they are: sobotka"),
        (("export-office", "sobotka", "no/such/new.zip"), "No such file or directory"),
        (("import-office", "none.zip"), "none.zip: No such file or directory"),
        (("import-office", "there.zip"), "there.zip: is cut off, or no archive of an office"),
    ],
)
def test_what_is_typed_wrong_is_told_in_one_line(
    prepazka: Prepazka,
    sobotka: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("there.zip").write_text("a letter", "utf-8")
    done = prepazka(*arguments)
    assert done.code in {1, 2}
    assert said in done.err
    assert len(done.err.splitlines()) == 1
    assert offices.load(sobotka).gateways == {NUMBER: "sim"}
