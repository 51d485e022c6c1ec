"""`prepazka bench` as a program of its own: every part, one after another, in a small size."""

from pathlib import Path

import pytest

from prepazka.bench.command import PARTS, Wanted
from prepazka.bench.sizes import SMALL
from prepazka.commands.cli import parser
from tests.commands.conftest import Prepazka

# A row of each part, by the beginning of its first column.
ROWS = {
    "messages": "messages in batches",
    "freetimes": "free_times",
    "http": "bookings over HTTP",
    "node": "start of a node",
    "pages": "a week of times",
    "queue": "call next",
    "streams": "calls received",
    "smpp": "SMPP, 100 at a time",
    "kannel": "Kannel: acknowledged",
    "gateways": "3 gateways over 1 processes idle",
    "reports": "statistics of a year",
    "country": "country, 10 % of its peak: SMS",
}


def test_the_small_bench_runs_every_part_in_one_process_and_leaves_nothing(started: Prepazka, tmp_path: Path) -> None:
    done = started("bench", "--small")
    assert done.code == 0, done.err
    table = [line.removeprefix("| ") for line in done.out.splitlines() if line.startswith("| ")]
    assert set(ROWS) == set(PARTS)
    for part, begins in ROWS.items():
        assert any(row.startswith(begins) for row in table), f"{part} has no row in\n{done.out}"
        assert f"bench: {part} …" in done.err
    assert not [*tmp_path.rglob("prepazka_bench_*")]


@pytest.mark.parametrize("part", PARTS)
def test_each_part_can_be_measured_alone(part: str) -> None:
    arguments = parser().parse_args(["bench", "--only", part])
    assert arguments.only == part


def test_the_length_and_the_share_of_the_peak_are_ours_to_choose() -> None:
    sizes = Wanted(small=True, only="country", seconds=600, share=0.5).sizes()
    assert (sizes.peak.seconds, sizes.peak.share, sizes.offices) == (600, 0.5, 1)
    assert Wanted(small=True).sizes() == SMALL


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--share", "0.5"], "--share is of the part country: --only country --share 0.5"),
        (["--only", "queue", "--seconds", "7"], "--seconds is of the part country"),
        (["--only", "country", "--seconds", "-7"], "--seconds must be more than 0"),
        (["--only", "country", "--share", "nan"], "--share must be more than 0"),
    ],
)
def test_a_size_that_would_mean_nothing_is_refused(program: Prepazka, given: list[str], told: str) -> None:
    done = program("bench", *given)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
