"""`init`, `migrate`, `load-office`, `dump-office`."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from prepazka import officefile
from prepazka.store import models, offices
from tests.commands.conftest import Prepazka

OTHER = officefile.dump(officefile.load_demo()).replace('"demo"', '"jinde"').replace("739547765", "739547766")


@pytest.fixture
def other(tmp_path: Path) -> str:
    """A file with another office than the demo."""
    file = tmp_path / "jinde.toml"
    file.write_text(OTHER, "utf-8")
    return str(file)


def test_init_alone_creates_the_demo_office(prepazka: Prepazka, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL")
    assert prepazka("init").out == "created the demo office demo\n"
    assert offices.slugs() == ["demo"]


def test_init_again_changes_nothing(prepazka: Prepazka) -> None:
    prepazka("init", "--demo")
    before = models.Office.objects.values().get()
    assert prepazka("init").out == "the database is ready; its offices: demo\n"
    assert models.Office.objects.values().get() == before


def test_init_with_a_file_creates_that_office(prepazka: Prepazka, other: str) -> None:
    assert prepazka("init", "--office", other).code == 0
    assert offices.slugs() == ["jinde"]


def test_init_does_not_change_an_office(prepazka: Prepazka, other: str) -> None:
    prepazka("init", "--office", other)
    done = prepazka("init", "--office", other)
    assert (done.code, done.err) == (
        2,
        f"prepazka: there is an office jinde already; to change it: prepazka load-office {other}\n",
    )


def test_migrate_says_that_there_is_nothing_to_do(prepazka: Prepazka) -> None:
    assert prepazka("migrate").out == "the tables are up to date\n"


def test_load_office_creates_and_then_changes(prepazka: Prepazka, other: str) -> None:
    assert prepazka("load-office", other).out == "created the office jinde\n"
    Path(other).write_text(OTHER.replace("Městský úřad", "Úřad městyse"), "utf-8")
    assert prepazka("load-office", other).out == "changed the office jinde\n"
    assert models.Office.objects.get().name == "Úřad městyse"
    assert prepazka("load-office", other).out == "nothing to change in the office jinde\n"
    assert models.Audit.objects.count() == 2


def test_what_dump_prints_load_accepts(prepazka: Prepazka, demo: int, tmp_path: Path) -> None:
    file = tmp_path / "demo.toml"
    printed = prepazka("dump-office").out
    file.write_text(printed, "utf-8")
    prepazka("load-office", str(file))
    assert prepazka("dump-office").out == printed


def test_dump_office_asks_which_when_there_are_several(prepazka: Prepazka, demo: int, other: str) -> None:
    prepazka("load-office", other)
    done = prepazka("dump-office")
    assert (done.code, done.err) == (2, "prepazka: say which office with --office; they are: demo, jinde\n")
    assert 'slug = "jinde"' in prepazka("dump-office", "--office", "jinde").out


@pytest.mark.parametrize(
    ("arguments", "code", "expected"),
    [
        pytest.param(
            ("dump-office",),
            1,
            "there is no office yet; run: prepazka load-office FILE, or found one in the browser",
            id="no office",
        ),
        pytest.param(
            ("load-office", "none.toml"),
            2,
            "none.toml: No such file or directory; correct the name, or make it",
            id="no file",
        ),
    ],
)
def test_what_cannot_be_is_reported_in_one_line(
    prepazka: Prepazka, arguments: tuple[str, ...], code: int, expected: str
) -> None:
    done = prepazka(*arguments)
    assert (done.code, done.out, done.err) == (code, "", f"prepazka: {expected}\n")


def test_every_mistake_of_a_file_is_a_line_with_its_place(prepazka: Prepazka, other: str) -> None:
    Path(other).write_text(OTHER.replace("lanes = 1", "lanes = -1"), "utf-8")
    done = prepazka("load-office", other)
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines() == [
        f"prepazka: {other}: agendas[1].rules[{rule}].lanes: must be at least 0" for rule in range(3)
    ]


def test_a_file_that_is_no_text_is_reported(prepazka: Prepazka, other: str) -> None:
    Path(other).write_bytes(b"\xff")
    assert prepazka("load-office", other).err == (
        f"prepazka: {other}: this is not UTF-8 text: invalid start byte at byte 0; save it as UTF-8\n"
    )


def test_a_number_of_another_office_is_refused(prepazka: Prepazka, demo: int, other: str) -> None:
    Path(other).write_text(OTHER.replace("739547766", "739547765"), "utf-8")
    done = prepazka("load-office", other)
    assert done.code == 2
    assert "+420739547765 already belongs to the office demo" in done.err
    assert offices.slugs() == ["demo"]


def test_a_text_that_cannot_be_sent_is_refused(prepazka: Prepazka, other: str) -> None:
    Path(other).write_text(OTHER + '\n[texts.cs]\nbooked = "{code}"\n[texts.xx]\n', "utf-8")
    done = prepazka("load-office", other)
    assert (done.code, offices.slugs()) == (2, [])
    assert f"prepazka: {other}: texts.cs.booked: {{date}} is missing; the reply must carry it\n" in done.err
    assert f"prepazka: {other}: texts.xx: there is no language 'xx'; use one of cs, en, sk, uk\n" in done.err


def test_a_word_that_means_something_else_is_refused(prepazka: Prepazka, other: str) -> None:
    Path(other).write_text(OTHER.replace('"RTP"', '"FRONTA"').replace('"občanka"', '"pátek"'), "utf-8")
    done = prepazka("load-office", other)
    assert (done.code, offices.slugs()) == (2, [])
    assert done.err.splitlines() == [
        f'prepazka: {other}: services[5].code: "FRONTA" is a command word; choose another',
        f'prepazka: {other}: services[0].synonyms[0]: "pátek" is a word for a day; choose another',
    ]
    assert prepazka("init", "--office", other).code == 2


def test_an_office_that_has_such_a_code_since_long_is_still_loaded(prepazka: Prepazka, other: str) -> None:
    kept = OTHER.replace('"RTP"', '"FRONTA"')
    offices.keep(officefile.parse(kept), datetime(2026, 8, 3, tzinfo=UTC))
    Path(other).write_text(kept.replace("Městský úřad", "Úřad městyse"), "utf-8")
    assert prepazka("load-office", other).out == "changed the office jinde\n"


def test_a_file_written_before_the_conversation_loads_unchanged(prepazka: Prepazka, other: str) -> None:
    new = ("synonyms", "bring", "address", "directions", "proposal", "languages", "accents", "inbox", "cs =", "en =")
    lines = re.sub(r"synonyms = \[.*?\]\n|\[services.bring\]\n", "", OTHER, flags=re.DOTALL).splitlines()
    old = "\n".join(line for line in lines if not line.startswith(new))
    assert "občanka" not in old
    Path(other).write_text(old, "utf-8")
    assert prepazka("load-office", other).code == 0
    assert offices.load(offices.ids()[0]).services[0].title == "žádost o vydání občanského průkazu"


def test_texts_words_and_numbers_that_are_wrong_are_told_in_one_round(
    prepazka: Prepazka, demo: int, other: str
) -> None:
    wrong = OTHER.replace('"RTP"', '"FRONTA"').replace("739547766", "739547765")
    Path(other).write_text(wrong + '\n[texts.cs]\ncancelled = "Zruseno {kdy}"\n', "utf-8")
    done = prepazka("load-office", other)
    assert (done.code, offices.slugs()) == (2, ["demo"])
    for told in ("texts.cs.cancelled:", '"FRONTA" is a command word', "+420739547765 already belongs"):
        assert told in done.err
    assert all(line.startswith(f"prepazka: {other}: ") for line in done.err.splitlines())
