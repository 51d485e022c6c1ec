"""`offices`, `example-office` and `remove-office`: what an archive holds, and what stays of the others."""

import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db.models import F

from prepazka import officefile
from prepazka.flows.counters import arrive, call, seat
from prepazka.flows.inbound.receive import receive
from prepazka.flows.outbound.remind import remind
from prepazka.gateways.values import Inbound
from prepazka.store import accounts, memberships, models, offices, removal
from tests.commands.conftest import Prepazka
from tests.offices import demo_office

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
NUMBERS = {"brod": "+420739000031", "hlinsko": "+420739000032"}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def two(transactional_db: None, settings: Any) -> dict[str, int]:
    """Keep two offices in which the same things happened."""
    settings.SIMULATOR = True
    user = accounts.open_account("dvorak", "!", NOW, "test")
    found = {}
    for slug, number in NUMBERS.items():
        office_id = offices.keep(replace(demo_office(), slug=slug, name=f"Obec {slug}", numbers=(number,)), NOW, "test")
        found[slug] = office_id
        accounts.appoint(user, office_id, "administrator", NOW, "test")
        for place, text in enumerate(("OBJ ZOP 4.8. 9:00 POSPISIL", "HLIDEJ ZOP 5.8.", "STOP", "nesmysl")):
            receive([Inbound("modem", f"{slug}{place}", f"+42060200000{place}", number, text)], NOW)
        office = offices.load(office_id)
        arrive.walk_in(office_id, "ZOP", NOW)
        seat.sit_down(office_id, office.counters[0].id, "dvorak", NOW)
        call.call_next(office_id, "dvorak", NOW)
    remind(datetime(2026, 8, 3, 8, tzinfo=UTC))
    return found


def held(slug: str) -> dict[str, int]:
    """How many rows of each table are an office's."""
    office_id = offices.find(slug) or 0
    return {table.name: len(list(removal.rows(table, office_id))) for table in removal.tables()}


def read(archive: Path) -> dict[str, list[dict[str, Any]]]:
    with zipfile.ZipFile(archive) as opened:
        return {
            name.removesuffix(".jsonl"): [json.loads(line) for line in opened.read(name).splitlines()]
            for name in opened.namelist()
            if name.endswith(".jsonl")
        }


def test_an_office_is_archived_whole_and_gone(prepazka: Prepazka, two: dict[str, int], tmp_path: Path) -> None:
    archive, before = tmp_path / "brod.zip", held("brod")
    assert {name for name, count in before.items() if count} >= {"office", "booking", "inbound", "outbound", "ticket"}
    done = prepazka("remove-office", "brod", str(archive))
    assert (done.code, f"{sum(before.values())} rows" in done.out) == (0, True)
    assert {name: len(rows) for name, rows in read(archive).items()} == before
    assert [row["name"] for row in read(archive)["booking"]] == ["POSPISIL"]
    assert archive.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(archive) as opened:
        assert officefile.parse(opened.read("office.toml").decode()).slug == "brod"
    assert offices.find("brod") is None
    assert models.Audit.objects.latest("id").details == {"office": "brod", "rows": sum(before.values())}


def test_the_other_office_keeps_everything(prepazka: Prepazka, two: dict[str, int], tmp_path: Path) -> None:
    before = held("hlinsko")
    assert prepazka("remove-office", "brod", str(tmp_path / "brod.zip")).code == 0
    assert held("hlinsko") == before
    assert prepazka("offices").out == "hlinsko: Obec hlinsko\n"


def test_an_account_outlives_the_office_it_was_opened_for(
    prepazka: Prepazka, two: dict[str, int], tmp_path: Path
) -> None:
    memberships.give_home(models.User.objects.get(username="dvorak"), two["brod"])
    assert prepazka("remove-office", "brod", str(tmp_path / "brod.zip")).code == 0
    user = models.User.objects.get(username="dvorak")
    assert (user.is_active, user.home) == (True, None)
    assert [post.slug for post in accounts.posts(user)] == ["hlinsko"]


@pytest.mark.parametrize("name", ["there.zip", "none/brod.zip"])
def test_without_an_archive_nothing_is_deleted(
    prepazka: Prepazka, two: dict[str, int], tmp_path: Path, name: str
) -> None:
    (tmp_path / "there.zip").write_text("another's", "utf-8")
    before = held("brod")
    assert prepazka("remove-office", "brod", str(tmp_path / name)).code in {1, 2}
    assert held("brod") == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["there.zip"]


def test_an_office_that_is_not_there_is_named(prepazka: Prepazka, two: dict[str, int], tmp_path: Path) -> None:
    done = prepazka("remove-office", "brno", str(tmp_path / "x.zip"))
    assert (done.code, "there is no office brno; they are: brod, hlinsko" in done.err) == (2, True)


def test_an_office_that_cannot_be_read_can_be_removed(prepazka: Prepazka, two: dict[str, int], tmp_path: Path) -> None:
    models.Office.objects.filter(slug="brod").update(version=F("version") + 1, timezone="Europe/Nowhere")
    assert prepazka("remove-office", "brod", str(tmp_path / "brod.zip")).code == 0
    with zipfile.ZipFile(tmp_path / "brod.zip") as opened:
        assert "No time zone found" in opened.read("unreadable.txt").decode()


def test_every_table_that_refers_to_an_office_is_known() -> None:
    known = {table.model for table in removal.tables()}
    for model in known:
        for relation in model._meta.related_objects:
            assert relation.related_model in known, f"{relation.related_model} refers to {model}"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "# na kolik dní dopředu se lze objednat"),
        (("--language", "cs"), "# na kolik dní dopředu se lze objednat"),
        (("--language", "en"), "# how far ahead anybody may book"),
    ],
)
def test_the_example_is_an_office_beside_the_demo(
    prepazka: Prepazka, tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    demo = officefile.load_demo()
    offices.keep(demo, NOW)
    done = prepazka("example-office", *options)
    assert done.code == 0
    (tmp_path / "urad.toml").write_text(done.out, "utf-8")
    assert prepazka("load-office", str(tmp_path / "urad.toml")).code == 0
    assert set(offices.slugs()) == {demo.slug, "muj-urad"}
    assert said in done.out


def test_removed_twice_at_once_its_archive_stays(
    prepazka: Prepazka, two: dict[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second command found the office before the first one held it, and comes to it when it is gone."""
    archive, other = tmp_path / "brod.zip", tmp_path / "brod-2.zip"
    with monkeypatch.context() as before:
        before.setattr("prepazka.commands.removing.find_office", lambda _: two["brod"])
        assert prepazka("remove-office", "brod", str(archive)).code == 0
        whole = archive.read_bytes()
        done = prepazka("remove-office", "brod", str(other))
        assert (done.code, done.err) == (1, "prepazka: the office brod was removed meanwhile by somebody else\n")
        before.setattr("pathlib.Path.exists", lambda _: False)  # the archive, too, was not there when it looked
        done = prepazka("remove-office", "brod", str(archive))
        assert (done.code, done.err) == (1, f"prepazka: {archive}: is there already; choose another name\n")
    assert archive.read_bytes() == whole
    assert list(tmp_path.iterdir()) == [archive]
