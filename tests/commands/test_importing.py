"""`import-bookings` and the same on the page: the mistakes in words, and what was done."""

from pathlib import Path

import pytest

from prepazka.commands import importing
from prepazka.core.booking import import_file
from prepazka.store import models
from prepazka.web.admin import importing as page
from tests.commands.conftest import Prepazka

HEADER = "kód;činnost;datum;čas;jméno;telefon\n"
ROW = "482913;ZOP;11.8.2036;8:15;Kučerová;602 111 333\n"


@pytest.mark.usefixtures("demo")
def test_a_file_is_tried_imported_and_known_the_second_time(prepazka: Prepazka, tmp_path: Path) -> None:
    file = tmp_path / "stare.csv"
    file.write_bytes((HEADER + ROW).encode("cp1250"))
    for options, said in (
        (("--dry-run",), "1 bookings would be imported, 0 known already, 0 confirmations queued\n"),
        ((), "1 bookings imported, 0 known already, 0 confirmations queued\n"),
        ((), "0 bookings imported, 1 known already, 0 confirmations queued\n"),
    ):
        done = prepazka("import-bookings", str(file), *options)
        assert (done.code, done.out, done.err) == (0, said, "")
    assert models.Booking.objects.get().code == "482913"


@pytest.mark.usefixtures("demo")
def test_mistakes_are_told_by_line_and_nothing_is_imported(prepazka: Prepazka, tmp_path: Path) -> None:
    file = tmp_path / "stare.csv"
    file.write_text(f"{HEADER}{ROW}48;ZOP;11.8.2036;8:30;Bureš;\n;ZOP;11.8.2036;8:45;Novák 3;\n", "utf-8")
    done = prepazka("import-bookings", str(file))
    assert (done.code, done.out, done.err.splitlines()) == (
        2,
        "",
        [
            f"prepazka: {file}, line 3, code: '48' is no code of six digits; leave it empty to have one given",
            f"prepazka: {file}, line 4, name: this is no name of letters, at most 60; correct it",
            "prepazka: nothing was imported",
        ],
    )
    assert not models.Booking.objects.exists()
    missing = prepazka("import-bookings", str(tmp_path / "neni.csv"))
    assert (missing.code, "No such file" in missing.err) == (2, True)


def test_every_mistake_has_its_words_in_both_languages() -> None:
    kinds = set(import_file.Kind.__args__)  # type: ignore[attr-defined]
    assert set(importing.WORDS) == set(page.WORDS) == kinds
