"""Closing an office down in the administration: for the operator alone, archived first, and no other office touched."""

import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from prepazka.flows import closing_down
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import models, offices, removal
from tests.web.conftest import NOW, NUMBER
from tests.web.staff import FOREIGN, OPERATOR, SignedIn

PAGE = "/demo/admin/close-down"
ARCHIVES = "/account/closed-offices"


@pytest.fixture(autouse=True)
def state(settings: Any, tmp_path: Path) -> Path:
    settings.STATE = tmp_path / "state"
    return tmp_path / "state" / "closed-offices"


@pytest.fixture(autouse=True)
def _booked(officials: object) -> None:
    receive([Inbound("modem", "z1", "+420602000077", NUMBER, "OBJ ZOP 10.8. 14:00 KOLAR")], NOW)


def rows(slug: str, but: str = "") -> int:
    office_id = offices.find(slug) or 0
    return sum(len(list(removal.rows(table, office_id))) for table in removal.tables() if table.name != but)


@pytest.mark.parametrize("typed", ["", "Demo", "other", "demo/", "demo demo"])
def test_without_its_address_typed_nothing_is_deleted(signed_in: SignedIn, state: Path, typed: str) -> None:
    before = rows("demo")
    answer = signed_in(OPERATOR).post(PAGE, {"slug": typed})
    assert (answer.status_code, 'class="wrong"' in answer.content.decode()) == (200, True)
    assert (rows("demo"), list(state.glob("*"))) == (before, [])


@pytest.mark.parametrize("who", ["administrator", "manager", "clerk", FOREIGN])
def test_nobody_else_closes_it_down(signed_in: SignedIn, state: Path, who: str) -> None:
    client, before = signed_in(who), rows("demo", but="access")
    answer = client.post(PAGE, {"slug": "demo"})
    assert answer.status_code == (404 if who == FOREIGN else 403)
    if who == "administrator":
        told = answer.content.decode().replace("\xa0", " ")
        assert "Úřad ruší jen provozovatel programu" in told
        assert "<form method" not in told.partition('class="pane"')[2]
    assert (rows("demo", but="access"), list(state.glob("*"))) == (before, [])
    assert (client.get(ARCHIVES).status_code, client.get(f"{ARCHIVES}/demo.zip").status_code) == (403, 403)


def test_the_operator_closes_it_down_and_takes_the_archive(signed_in: SignedIn, state: Path) -> None:
    client, before, other = signed_in(OPERATOR), rows("demo"), rows("other")
    assert "Na úřad je ještě objednaný 1 člověk" in client.get(PAGE).content.decode().replace("\xa0", " ")
    answer = client.post(PAGE, {"slug": "demo"})
    [archive] = state.glob("*")
    assert answer.headers["Location"] == f"{ARCHIVES}?closed={archive.name}"
    assert (offices.find("demo"), rows("other")) == (None, other)
    assert (archive.stat().st_mode & 0o777, state.stat().st_mode & 0o777) == (0o600, 0o700)
    assert archive.name in client.get(answer.headers["Location"]).content.decode()
    downloaded = client.get(f"{ARCHIVES}/{archive.name}")
    with zipfile.ZipFile(BytesIO(b"".join(downloaded.streaming_content))) as opened:  # type: ignore[attr-defined]
        kept = sum(len(opened.read(name).splitlines()) for name in opened.namelist() if name.endswith(".jsonl"))
        assert kept == before
        assert b"KOLAR" in opened.read("booking.jsonl")
    told = list(models.Audit.objects.filter(who=OPERATOR).values_list("what", flat=True))
    assert {"office removed", "archive downloaded"} <= set(told)
    assert client.get("/demo/").status_code == 404
    assert client.post(f"{ARCHIVES}/{archive.name}").headers["Location"] == ARCHIVES
    assert list(state.glob("*")) == []


@pytest.mark.parametrize("name", ["..%2Fsecret.key", "secret.key", ".demo.zip.part", "x.zip"])
def test_no_other_file_is_downloaded(signed_in: SignedIn, state: Path, name: str) -> None:
    state.mkdir(parents=True)
    for place in (state.parent / "secret.key", state / ".demo.zip.part"):
        place.write_text("secret")
    client = signed_in(OPERATOR)
    assert (client.get(f"{ARCHIVES}/{name}").status_code, client.post(f"{ARCHIVES}/{name}").status_code) == (404, 404)
    assert (state.parent / "secret.key").exists()


def test_when_the_archive_cannot_be_written_nothing_is_deleted(
    signed_in: SignedIn, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(closing_down, "_configuration", full)
    before, client = rows("demo"), signed_in(OPERATOR)
    with pytest.raises(OSError, match="No space left"):
        client.post(PAGE, {"slug": "demo"})
    assert (rows("demo"), list(state.glob("*")), list(state.glob(".*"))) == (before, [], [])


def test_an_archive_is_kept_as_long_as_a_backup(state: Path, settings: Any) -> None:
    archive = closing_down.new_archive("vlkov", NOW)
    archive.write_bytes(b"")
    made = closing_down.archives()[0].stat().st_mtime
    after = NOW + timedelta(seconds=made - NOW.timestamp())
    assert closing_down.forget_archives(after + timedelta(days=settings.BACKUP_DAYS, seconds=-1)) == 0
    assert closing_down.forget_archives(after + timedelta(days=settings.BACKUP_DAYS, seconds=1)) == 1
    assert closing_down.archives() == []


def test_a_second_press_of_the_button_takes_no_archive_away(
    signed_in: SignedIn, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both presses come in one second, and the first has erased everything when the second begins."""
    client, close, archived = signed_in(OPERATOR), closing_down.close_down, []

    def press_twice(*given: Any) -> int:
        rows = close(*given)
        archived.append(given[2].read_bytes())
        return close(*given) + rows

    monkeypatch.setattr(closing_down, "close_down", press_twice)
    answer = client.post(PAGE, {"slug": "demo"})
    assert answer.status_code == 302
    assert [path.read_bytes() for path in state.iterdir()] == archived
